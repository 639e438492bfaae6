#include "investigate/architecture.h"

#include "base/text.h"

/* A rule that is spelled this differently is another one. */
enum { RULE_NAME_DISTANCE = 12 };

/* A book of one rule. */
static bool only(Arena *arena, const RuleBook *all, const char *id, const RuleBook **out, Err *err) {
    const char *nearest = NULL;
    unsigned least = RULE_NAME_DISTANCE + 1;
    for (size_t i = 0; i < all->rule_count; i++) {
        const unsigned distance = text_distance(all->rules[i].id, id, RULE_NAME_DISTANCE);
        if (distance < least) nearest = all->rules[i].id, least = distance;
        if (distance) continue;
        RuleBook *book = arena_alloc(arena, sizeof *book);
        *book = *all;
        book->rules = &all->rules[i];
        book->rule_count = 1;
        *out = book;
        return true;
    }
    return err_set_code(err, ERR_INPUT, "UNKNOWN_RULE",
                        "There is no rule “%.60s”%s%s; the folder rules/ of the program has them all",
                        text_printable(arena, id), nearest ? "; the nearest is " : "", nearest ? nearest : "");
}

static bool judge(Arena *arena, const Desk *desk, const char *month, const char *rule, Architecture *out, Features **features,
                  Err *err) {
    const Catalog *catalog = desk->catalog;
    const RuleBook *book = NULL;
    if (!catalog->is_bill)
        return err_set_code(err, ERR_REFUSED, "NO_BILL", "“%s” is no bill: an architecture is read from the lines of a bill",
                            text_printable(arena, catalog->dataset));
    *out = (Architecture){.source = catalog->source, .source_label = catalog->source_label};
    out->as_of = date_text(arena, catalog->as_of);
    if (!rule_book(arena, &book, err) || (rule && !only(arena, book, rule, &book, err)) ||
        !features_period(arena, catalog, month, &out->findings.period, err) ||
        !features_open(arena, desk, book, &out->findings.period, features, err) ||
        !findings_make(arena, catalog, *features, book, &out->findings, err))
        return false;
    out->book = book;
    out->currency = out->findings.currency;
    return true;
}

bool findings_find(Arena *arena, const Desk *desk, const char *month, Architecture *out, Err *err) {
    Features *features = NULL;
    return judge(arena, desk, month, NULL, out, &features, err);
}

bool architecture_find(Arena *arena, const Desk *desk, const char *month, const char *rule, Architecture *out, Err *err) {
    Features *features = NULL;
    return judge(arena, desk, month, rule, out, &features, err) && graph_make(arena, features, out->currency, &out->graph, err);
}
