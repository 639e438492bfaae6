#include "investigate/architecture.h"

#include "base/text.h"

bool architecture_find(Arena *arena, const Desk *desk, const char *month, Architecture *out, Err *err) {
    const Catalog *catalog = desk->catalog;
    const RuleBook *book = NULL;
    Features *features = NULL;
    if (!catalog->is_bill)
        return err_set_code(err, ERR_REFUSED, "NO_BILL", "“%s” is no bill: an architecture is read from the lines of a bill",
                            text_printable(arena, catalog->dataset));
    *out = (Architecture){.source = catalog->source, .source_label = catalog->source_label};
    out->as_of = date_text(arena, catalog->as_of);
    if (!rule_book(arena, &book, err) || !features_period(arena, catalog, month, &out->findings.period, err) ||
        !features_open(arena, desk, book, &out->findings.period, &features, err) ||
        !findings_make(arena, catalog, features, book, &out->findings, err))
        return false;
    out->currency = out->findings.currency;
    return true;
}
