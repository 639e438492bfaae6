/* question/lexicon_table.c: names that only tables have, see question/lexicon_build.h. */
#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "question/lexicon_build.h"

/* A little less likely than the column's own name. */
static LexiconEntry single_of(LexiconEntry entry) {
    entry.weight -= 0.1f;
    return entry;
}

/* A measure of a table under the short forms of its header: "size_gb" is also "size", and "GB" when nothing else has that unit. */
void build_short_measure_names(Builder *build, const Measure *measure, LexiconEntry entry) {
    static const char *const ENDINGS[] = {" gb",    " gib",      " usd",       " count",   " hours",      " bytes", " amount",
                                          " total", " gb month", " per month", " percent", " percentage", " pct",   " mb"};
    static const char *const STARTS[] = {"avg ", "average ", "mean ", "max ", "maximum "};
    const char *label = build_spaced(build, measure->label);
    for (size_t i = 0; i < sizeof STARTS / sizeof *STARTS; i++) {
        if (!text_starts(label, STARTS[i])) continue;
        LexiconEntry part = entry;
        part.weight -= 0.1f;
        const char *rest = label + strlen(STARTS[i]);
        const char *name = build_without_ending(build, rest, ENDINGS, sizeof ENDINGS / sizeof *ENDINGS);
        lexicon_add(build->arena, build->lexicon, rest, part);
        if (name) lexicon_add(build->arena, build->lexicon, name, part);
        if (name) lexicon_add(build->arena, build->lexicon, arena_printf(build->arena, "%s usage", name), part);
        if (name) lexicon_add(build->arena, build->lexicon, arena_printf(build->arena, "%s utilization", name), part);
    }
    const char *base = build_without_ending(build, label, ENDINGS, sizeof ENDINGS / sizeof *ENDINGS);
    size_t same_unit = 0;
    for (size_t i = 0; i < build->catalog->measure_count; i++)
        same_unit += measure->unit && text_equal_fold(build->catalog->measures[i].unit, measure->unit);
    static const char *const COST[] = {" cost", " costs", " spend"};
    const char *kind = build_without_ending(build, label, COST, 3);
    char small[64];
    Buffer key = {.arena = build->arena, .data = small, .room = sizeof small};
    small[0] = '\0';
    if (kind) lexicon_key(&key, kind);
    if (kind && !lexicon_find(build->lexicon, buffer_text(&key))) lexicon_add(build->arena, build->lexicon, kind, entry);
    LexiconEntry whole = entry;
    if (base && strchr(base, ' ')) whole.weight += 0.5f; /* "monthly cost" of "monthly cost usd", before its words apart */
    if (base) lexicon_add(build->arena, build->lexicon, base, whole);
    if (base && (text_ends(label, " gb") || text_ends(label, " gb month") || text_ends(label, " gib"))) {
        static const char *const FORMS[] = {"%s storage", "%s gb", "gb of %s", "gb of %s storage", "gb %s"};
        for (size_t i = 0; i < sizeof FORMS / sizeof *FORMS; i++) {
            const char *place = strstr(FORMS[i], "%s");
            lexicon_add(build->arena, build->lexicon,
                        arena_printf(build->arena, "%s%s%s", arena_text_n(build->arena, FORMS[i], (size_t)(place - FORMS[i])),
                                     base, place + 2),
                        whole);
        }
    }
    if (base && text_equal(base, "size")) build_words(build, "storage|capacity|disk space|gb of storage", single_of(entry));
    LexiconEntry single = entry;
    single.weight -= 0.1f;
    size_t size = strlen(label);
    if (measure->kind == MEASURE_SUM && size > 4 && label[size - 1] == 's' &&
        label[size - 2] != 's') /* "error rate" may be said of errors: a little less */
        lexicon_add(build->arena, build->lexicon, arena_text_n(build->arena, label, size - 1), single);
    if (text_starts(label, "total ")) lexicon_add(build->arena, build->lexicon, label + 6, entry);
    if (same_unit == 1 && measure->kind == MEASURE_SUM && !text_equal(measure->unit, "currency"))
        lexicon_add(build->arena, build->lexicon, measure->unit, entry);
}

/* What the rows of a table are, in the short forms people use: "database instances" are also instances and databases. */
static void add_row_names(Builder *build) {
    const CatalogColumn *row = build->catalog->row_identifier;
    const char *noun = build->catalog->row_label;
    if (build->catalog->is_bill || !row || text_is_empty(noun)) return;
    LexiconEntry entry = {.symbol = build->lexicon->dim, .action = build_action(build, "dim=", row->name), .weight = -0.05f};
    LexiconEntry loose = {.symbol = build->lexicon->dim, .action = entry.action, .weight = -0.3f};
    lexicon_add(build->arena, build->lexicon, "resource", loose);
    lexicon_add(build->arena, build->lexicon, "resources", loose);
    if (text_equal(noun, "row")) return;
    lexicon_add(build->arena, build->lexicon, noun, entry);
    lexicon_add(build->arena, build->lexicon, build->catalog->row_plural, entry);
    /* "load balancer type": the type of a load balancer. */
    for (size_t i = 0; i < build->catalog->column_count; i++) {
        const CatalogColumn *column = &build->catalog->columns[i];
        if (column->class != CLASS_DIMENSION || text_is_empty(column->label)) continue;
        LexiconEntry of_row = {.symbol = build->lexicon->dim, .action = build_action(build, "dim=", column->name)};
        lexicon_add(build->arena, build->lexicon, arena_printf(build->arena, "%s %s", noun, build_spaced(build, column->label)),
                    of_row);
    }
    const char *last = strrchr(noun, ' ');
    if (!last) return;
    lexicon_add(build->arena, build->lexicon, last + 1, loose);
    lexicon_add(build->arena, build->lexicon, arena_printf(build->arena, "%ss", last + 1), loose);
    if (!text_starts(noun, "database ")) return;
    static const char *const DATABASES[] = {"database", "databases", "db", "dbs"};
    for (size_t i = 0; i < sizeof DATABASES / sizeof *DATABASES; i++)
        lexicon_add(build->arena, build->lexicon, DATABASES[i], loose);
}

/* "has lifecycle" is also "lifecycle"; where "encrypted" is false, a volume is unencrypted. */
static void add_truth(Builder *build, const char *label, bool truth, LexiconEntry entry) {
    static const char *const STARTS[] = {"has ", "is ", "have ", "with "}, *const ENDS[] = {" enabled", " active", " flag"};
    const char *bare = label;
    for (size_t i = 0; i < sizeof STARTS / sizeof *STARTS; i++)
        if (text_starts(label, STARTS[i])) bare = label + strlen(STARTS[i]);
    const char *shorter = build_without_ending(build, bare, ENDS, sizeof ENDS / sizeof *ENDS);
    if (shorter) bare = shorter;
    if (truth) {
        lexicon_add(build->arena, build->lexicon, label, entry);
        lexicon_add(build->arena, build->lexicon, bare, entry);
        return;
    }
    static const char *const NOT[] = {"un%s", "non-%s", "not %s", "non %s", "%s disabled"};
    for (size_t i = 0; i < sizeof NOT / sizeof *NOT; i++) {
        const char *place = strstr(NOT[i], "%s");
        lexicon_add(
            build->arena, build->lexicon,
            arena_printf(build->arena, "%s%s%s", arena_text_n(build->arena, NOT[i], (size_t)(place - NOT[i])), bare, place + 2),
            entry);
    }
}

/* A column of texts that are yes or no in two spellings, which go to `raw`. */
static bool says_truths(const CatalogColumn *column, const char *raw[2]) {
    static const char *const PAIRS[][2] = {
        {"yes", "no"}, {"y", "n"}, {"true", "false"}, {"enabled", "disabled"}, {"on", "off"}};
    if (column->class != CLASS_DIMENSION || column->value_count != 2) return false;
    for (size_t i = 0; i < sizeof PAIRS / sizeof *PAIRS; i++)
        for (size_t first = 0; first < 2; first++)
            if (text_equal_fold(column->values[first].text, PAIRS[i][0]) &&
                text_equal_fold(column->values[1 - first].text, PAIRS[i][1])) {
                raw[0] = column->values[first].text;
                raw[1] = column->values[1 - first].text;
                return true;
            }
    return false;
}

/* "multi az", "encrypted" of a table with such a column of truths: the rows where it is true. */
static void add_truths(Builder *build) {
    for (size_t i = 0; !build->catalog->is_bill && i < build->catalog->column_count; i++) {
        const CatalogColumn *column = &build->catalog->columns[i];
        const char *raw[2] = {"true", "false"};
        if (text_is_empty(column->label) || (column->type != CELL_BOOLEAN && !says_truths(column, raw))) continue;
        for (size_t v = 0; v < 2; v++) {
            const char **value = arena_array(build->arena, 1, sizeof *value);
            value[0] = raw[v];
            LexiconEntry entry = {
                .symbol = build->lexicon->value, .weight = -0.1f, .column = column, .values = value, .value_count = 1};
            static const char *const WORDS[] = {"true|yes", "false"};
            if (column->type == CELL_BOOLEAN) build_words(build, WORDS[v], entry);
            add_truth(build, build_spaced(build, column->label), v == 0, entry);
        }
    }
}

/* "in euros" is how a bill in euros is told anyway; "created in 2023" is by the only time there is. */
static void add_said_anyway(Builder *build) {
    LexiconEntry filler = {.symbol = build->lexicon->filler, .weight = 1};
    static const char *const MONEY[][2] = {
        {"USD", "in dollars|in us dollars"}, {"EUR", "in euros|in euro|euros"}, {"GBP", "in pounds"}};
    if (build->catalog->currency_count == 1) {
        const char *code = build->catalog->currencies[0];
        lexicon_add(build->arena, build->lexicon, arena_printf(build->arena, "in %s", code), filler);
        for (size_t i = 0; i < sizeof MONEY / sizeof *MONEY; i++)
            if (text_equal_fold(code, MONEY[i][0])) build_words(build, MONEY[i][1], filler);
    }
    const CatalogColumn *time = build->catalog->time_column;
    if (build->catalog->is_bill || !time || text_is_empty(time->label)) return;
    lexicon_add(build->arena, build->lexicon, build_spaced(build, time->label), filler);
    lexicon_add(build->arena, build->lexicon, arena_printf(build->arena, "%s in", build_spaced(build, time->label)), filler);
    static const char *const ENDS[] = {" date", " time", " at", " on", " day"};
    const char *verb = build_without_ending(build, build_spaced(build, time->label), ENDS, sizeof ENDS / sizeof *ENDS);
    if (!verb) return;
    const bool voiced = text_ends(verb, "e");
    lexicon_add(build->arena, build->lexicon, verb, filler);
    lexicon_add(build->arena, build->lexicon, arena_printf(build->arena, "%s%s", verb, voiced ? "d" : "ed"), filler);
}

/* Months as text ("2025-03"): the words for months mean the values of that column. */
static bool holds_months(const CatalogColumn *column) {
    if (column->type != CELL_TEXT || column->class != CLASS_DIMENSION || column->value_count == 0) return false;
    for (size_t i = 0; i < column->value_count; i++) {
        const char *text = column->values[i].text;
        if (!text || strlen(text) != 7 || text[4] != '-') return false;
        for (size_t c = 0; c < 7; c++)
            if (c != 4 && !isdigit((unsigned char)text[c])) return false;
    }
    return true;
}

const CatalogColumn *lexicon_month_column(const Catalog *catalog) {
    const CatalogColumn *months = NULL;
    if (catalog->is_bill || catalog->time_column) return NULL;
    for (size_t i = 0; i < catalog->column_count; i++) {
        if (!holds_months(&catalog->columns[i])) continue;
        if (months) return NULL;
        months = &catalog->columns[i];
    }
    return months;
}

static void add_text_months(Builder *build) {
    const CatalogColumn *months = lexicon_month_column(build->catalog);
    if (!months) return;
    LexiconEntry entry = {.symbol = build->lexicon->dim, .action = build_action(build, "dim=", months->name), .weight = 0.5f};
    build_words(build, "month|months|billing period|billing periods|billing month", entry);
}

/* "by type" of a table with one column of types: "volume type". */
static void add_only_type(Builder *build) {
    const CatalogColumn *only = NULL;
    if (build->catalog->is_bill) return;
    for (size_t i = 0; i < build->catalog->column_count; i++) {
        const CatalogColumn *column = &build->catalog->columns[i];
        if (column->class != CLASS_DIMENSION || !text_ends_fold(column->label, " type")) continue;
        if (only) return;
        only = column;
    }
    LexiconEntry entry = {.symbol = build->lexicon->dim, .weight = -0.2f};
    if (!only) return;
    entry.action = build_action(build, "dim=", only->name);
    build_words(build, "type|types|kind|kinds", entry);
}

void build_table_names(Builder *build) {
    add_only_type(build);
    add_text_months(build);
    add_row_names(build);
    add_truths(build);
    add_said_anyway(build);
}
