/* Texts of a finding: templates of the rule with the numbers of its rows. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "answer/answer.h"
#include "base/text.h"
#include "investigate/findings.h"

enum { LISTED_VALUES = 5 };

typedef struct {
    Arena *arena;
    const Finding *finding;
    const FindingItem *item; /* the one that a command is about; NULL = the whole finding */
    const char *currency;
    bool names_one; /* a single resource goes by its name: "volume vol-0abc", not "1 volume" */
    bool shell;     /* values must be safe as words of a shell */
} Teller;

/* --- Values --------------------------------------------------------------------------------------------------------------- */

static const char *cell(const FindingItem *item, const char *column) {
    int at = table_find(item->table, column);
    return at < 0 ? NULL : table_cell(item->table, item->row, (size_t)at);
}

static double number_of(const FindingItem *item, const char *column) {
    const char *text = cell(item, column);
    return text ? strtod(text, NULL) : 0;
}

/* "0.045", "0.0000166667": as many digits as a price has. */
static const char *rate_text(const Teller *teller, double value) {
    enum { SIGNIFICANT = 6, LEAST_PLACES = 2, MOST_PLACES = 12 };
    int places = value > 0 ? SIGNIFICANT - 1 - (int)floor(log10(value)) : LEAST_PLACES;
    places = places < LEAST_PLACES ? LEAST_PLACES : places > MOST_PLACES ? MOST_PLACES : places;
    char *text = arena_printf(teller->arena, "%.*f", places, value);
    size_t size = strlen(text);
    const size_t least = strcspn(text, ".") + 1 + LEAST_PLACES;
    while (size > least && text[size - 1] == '0') text[--size] = '\0';
    return text_equal(teller->currency, "USD") ? arena_printf(teller->arena, "$%s", text)
                                               : arena_printf(teller->arena, "%s %s", teller->currency, text);
}

static const char *plain_number(Arena *arena, double value) {
    int places = fabs(value) >= 1000 || fabs(value - round(value)) < 1e-9 ? 0 : fabs(value) >= 10 ? 1 : 2;
    return answer_display(arena, arena_printf(arena, "%.*f", places, value), places ? NULL : "count");
}

static const char *amount_text(const Teller *teller, double exact, const char *unit) {
    Arena *arena = teller->arena;
    /* As for cents: what is a tie of rounding but for the last digits of a sum goes up. */
    const double value = exact + fabs(exact) * 1e-11;
    if (text_equal(unit, "USD")) return answer_display(arena, arena_printf(arena, "%.2f", value), teller->currency);
    if (text_equal(unit, "rate")) return rate_text(teller, value);
    if (text_equal(unit, "percent")) return arena_printf(arena, "%.1f%%", value * 100);
    return plain_number(arena, value);
}

static const char *money(const Teller *teller, long long amount_cents) {
    return amount_text(teller, (double)amount_cents / 100, "USD");
}

static bool is_words(const RuleFigure *figure) {
    return text_equal(figure->unit, "text") || text_equal(figure->unit, "date");
}

static const char *words_of(const Teller *teller, const RuleFigure *figure, const FindingItem *item) {
    const char *text = cell(item, figure->name);
    if (!text) return "unknown";
    return text_equal(figure->unit, "date") ? arena_text_n(teller->arena, text, strnlen(text, 10))
                                            : text_printable(teller->arena, text);
}

static const char *list_words(const Teller *teller, const RuleFigure *figure) {
    const char *seen[LISTED_VALUES];
    size_t count = 0, more = 0;
    Buffer out = {.arena = teller->arena};
    for (size_t i = 0; i < teller->finding->item_count; i++) {
        const char *text = is_words(figure)
                               ? words_of(teller, figure, teller->finding->items[i])
                               : amount_text(teller, number_of(teller->finding->items[i], figure->name), figure->unit);
        bool known = false;
        for (size_t j = 0; j < count; j++) known |= text_equal(seen[j], text);
        if (known) continue;
        if (count == LISTED_VALUES) {
            more++;
            continue;
        }
        buffer_printf(&out, "%s%s", count ? ", " : "", text);
        seen[count++] = text;
    }
    if (more) buffer_printf(&out, " and %zu more", more);
    return buffer_text(&out);
}

static const char *figure_text(const Teller *teller, const RuleFigure *figure) {
    const Finding *finding = teller->finding;
    if (figure->how == FIGURE_LIST) return list_words(teller, figure);
    if (is_words(figure)) {
        bool same = true;
        const char *first = words_of(teller, figure, finding->items[0]);
        for (size_t i = 1; i < finding->item_count; i++) same &= text_equal(first, words_of(teller, figure, finding->items[i]));
        return same || figure->how == FIGURE_FIRST ? first : list_words(teller, figure);
    }
    double sum = 0, least = INFINITY, most = -INFINITY;
    for (size_t i = 0; i < finding->item_count; i++) {
        const double value = number_of(finding->items[i], figure->name);
        sum += value;
        least = fmin(least, value);
        most = fmax(most, value);
    }
    if (figure->how == FIGURE_SUM) return amount_text(teller, sum, figure->unit);
    if (figure->how == FIGURE_MAX) return amount_text(teller, most, figure->unit);
    if (figure->how == FIGURE_MIN) return amount_text(teller, least, figure->unit);
    if (figure->how == FIGURE_FIRST) return amount_text(teller, number_of(finding->items[0], figure->name), figure->unit);
    const char *low = amount_text(teller, least, figure->unit), *high = amount_text(teller, most, figure->unit);
    return text_equal(low, high) ? low : arena_printf(teller->arena, "%s to %s", low, high);
}

/* The last part of an identifier: what commands want. */
static const char *short_id(const char *resource) {
    const char *last = resource;
    for (const char *c = resource; *c; c++)
        if ((*c == '/' || *c == ':') && c[1]) last = c + 1;
    return last;
}

static const char *identifier_of(const char *resource) {
    /* Log groups and functions have slashes in their names: /aws/lambda/x is one. */
    const char *group = strstr(resource, ":log-group:");
    return group ? group + strlen(":log-group:") : short_id(resource);
}

/* --- Placeholders ----------------------------------------------------------------------------------------------------------- */

/* Items that cost something of their own. */
static size_t own_items(const Finding *finding) {
    size_t count = 0;
    for (size_t i = 0; i < finding->item_count; i++) count += !finding->items[i]->related;
    return count;
}

static const char *count_text(const Teller *teller, const char *words) {
    const size_t count = own_items(teller->finding), size = strlen(words);
    const char *only = count == 1 ? teller->finding->items[0]->resource : NULL;
    if (only && teller->names_one)
        return arena_printf(teller->arena, "%s %s", words, text_printable(teller->arena, identifier_of(only)));
    const char *plural = count == 1                                                                ? ""
                         : size > 1 && words[size - 1] == 'y' && !strchr("aeiou", words[size - 2]) ? "ies"
                         : size && strchr("sx", words[size - 1])                                   ? "es"
                                                                                                   : "s";
    int kept = (int)(text_equal(plural, "ies") ? size - 1 : size);
    return arena_printf(teller->arena, "%zu %.*s%s", count, kept, words, plural);
}

static const char *known_value(const Teller *teller, const char *name) {
    const Finding *finding = teller->finding;
    const FindingItem *item = teller->item ? teller->item : finding->items[0];
    const char *account = teller->item ? item->account : finding->account,
               *region = teller->item ? item->region : finding->region;
    if (text_equal(name, "account")) return account ? account : "all accounts";
    if (text_equal(name, "account_name"))
        return finding->account_name ? finding->account_name : account ? account : "all accounts";
    if (text_equal(name, "region")) return region ? region : "global";
    if (text_equal(name, "resource")) return item->resource ? item->resource : "the account";
    if (text_equal(name, "id")) return item->resource ? identifier_of(item->resource) : "the account";
    if (text_equal(name, "cost")) return money(teller, teller->item ? item->cost_cents : finding->cost_cents);
    if (text_equal(name, "saving")) return money(teller, teller->item ? item->best_cents : finding->best_cents);
    if (text_equal(name, "low")) return money(teller, teller->item ? item->low_cents : finding->low_cents);
    if (text_equal(name, "high")) return money(teller, teller->item ? item->high_cents : finding->high_cents);
    return NULL;
}

static const char *value_of(const Teller *teller, const char *name) {
    const char *known = known_value(teller, name);
    const RuleParameter *parameter = rule_parameter(teller->finding->rule, name);
    const RuleFigure *figure = rule_figure(teller->finding->rule, name);
    if (known) return text_printable(teller->arena, known);
    if (text_starts(name, "count ")) return count_text(teller, name + strlen("count "));
    if (figure && teller->item && is_words(figure)) return words_of(teller, figure, teller->item);
    if (figure && teller->item) return amount_text(teller, number_of(teller->item, name), figure->unit);
    if (figure) return figure_text(teller, figure);
    return parameter ? plain_number(teller->arena, strtod(parameter->number, NULL)) : name;
}

/* A value as one word of a POSIX shell; within quotes of the template only what needs none, else a word to be replaced. */
static const char *shell_word(Arena *arena, const char *value, bool quoted) {
    bool plain = *value != '\0' && *value != '-';
    for (const char *c = value; *c; c++) plain &= isalnum((unsigned char)*c) || strchr("-_./:=+@", *c) != NULL;
    if (plain) return value;
    if (quoted) return "RESOURCE";
    Buffer out = {.arena = arena};
    buffer_add_char(&out, '\'');
    for (const char *c = value; *c; c++) {
        if (*c == '\'')
            buffer_add(&out, "'\\''");
        else
            buffer_add_char(&out, *c);
    }
    buffer_add_char(&out, '\'');
    return buffer_text(&out);
}

/* The name between braces at `at`, and where the text goes on; NULL for "{{", a brace of its own. */
static const char *take_name(Arena *arena, const char **at) {
    const char *name = *at + 1;
    if (*name == '{') {
        *at += 2;
        return NULL;
    }
    size_t size = strcspn(name, "}");
    *at = name + size + (name[size] == '}');
    return arena_text_n(arena, name, size);
}

static const char *fill(const Teller *teller, const char *template) {
    Buffer out = {.arena = teller->arena};
    char quote = 0;
    for (const char *c = template; *c;) {
        if (*c == '\'' || *c == '"') quote = quote == *c ? 0 : quote ? quote : *c;
        if (*c == '}' && c[1] == '}') {
            buffer_add_char(&out, '}');
            c += 2;
        } else if (*c != '{') {
            buffer_add_char(&out, *c++);
        } else {
            const char *name = take_name(teller->arena, &c);
            const char *value = name ? value_of(teller, name) : "{";
            buffer_add(&out, name && teller->shell ? shell_word(teller->arena, value, quote != 0) : value);
        }
    }
    return buffer_text(&out);
}

const char *findings_unknown_placeholder(Arena *arena, const Rule *rule, const char *template) {
    static const char *const known[] = {"account", "account_name", "region", "resource", "id", "cost", "saving", "low", "high"};
    for (const char *c = template; *c;) {
        if (*c != '{') {
            c++;
            continue;
        }
        const char *name = take_name(arena, &c);
        bool fine = !name || text_starts(name, "count ") || rule_parameter(rule, name) || rule_figure(rule, name);
        for (size_t i = 0; name && i < sizeof known / sizeof *known; i++) fine |= text_equal(known[i], name);
        if (!fine) return name;
    }
    return NULL;
}

/* --- A finding ---------------------------------------------------------------------------------------------------------------- */

static void add(Arena *arena, RuleTexts *texts, const char *text) {
    texts->items =
        arena_grow(arena, texts->items, texts->count * sizeof *texts->items, (texts->count + 1) * sizeof *texts->items);
    texts->items[texts->count++] = text;
}

static bool is_about_one(const char *template) {
    return strstr(template, "{resource}") || strstr(template, "{id}");
}

static bool applies(const RuleCommand *command, const FindingItem *item) {
    const char *value = command->figure ? cell(item, command->figure) : NULL;
    return !command->figure || (value && text_equal(value, command->value));
}

/* Commands, once per resource where they name it or hang on it: a person looks at each. */
static RuleTexts commands(Teller teller, const RuleCommands *templates) {
    RuleTexts out = {0};
    teller.shell = true;
    for (size_t i = 0; i < templates->count; i++) {
        const RuleCommand *command = &templates->items[i];
        bool each = is_about_one(command->template);
        for (size_t j = 0; j < teller.finding->item_count; j++) {
            const FindingItem *item = teller.finding->items[j];
            teller.item = each ? item : NULL;
            if (item->related || (each && !item->resource) || !applies(command, item)) continue;
            add(teller.arena, &out, fill(&teller, command->template));
            if (!each) break;
        }
    }
    return out;
}

void findings_tell(Arena *arena, Finding *finding, const char *currency) {
    Teller teller = {.arena = arena, .finding = finding, .currency = currency};
    teller.names_one = true;
    finding->title = fill(&teller, finding->rule->title);
    teller.names_one = false;
    finding->formula = fill(&teller, finding->rule->formula);
    for (size_t i = 0; i < finding->rule->evidence.count; i++)
        add(arena, &finding->evidence, fill(&teller, finding->rule->evidence.items[i]));
    /* Less than a hundredth is what rounding of many resources leaves. */
    if (finding->alone_cents - finding->best_cents - finding->freed_cents > finding->alone_cents / 100)
        add(arena, &finding->evidence,
            arena_printf(arena, "taken alone it would save %s: the rest is counted in other findings on the same resources",
                         money(&teller, finding->alone_cents)));
    finding->verify = commands(teller, &finding->rule->verify);
    finding->remediate = commands(teller, &finding->rule->remediate);
}
