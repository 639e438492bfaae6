/* question/lexicon_build.c: fills a lexicon from the tables and the data, see question/lexicon.h. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/knowledge.h"
#include "base/text.h"
#include "question/lexicon_build.h"

#define LEXICON_BUCKETS 16384
#define VALUE_BYTES_LINKED 120 /* longer values are descriptions: found by their column only */

void build_words(Builder *build, const char *words, LexiconEntry entry) {
    size_t count = 0;
    const char **list = text_split(build->arena, words, '|', &count);
    for (size_t i = 0; i < count; i++) lexicon_add(build->arena, build->lexicon, list[i], entry);
}

const FrameAction *build_action(Builder *build, const char *format, const char *argument) {
    return frame_action(build->arena, arena_printf(build->arena, "%s%s", format, argument));
}

const char *build_without_ending(Builder *build, const char *label, const char *const *endings, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (text_ends_fold(label, endings[i]) && strlen(label) > strlen(endings[i]))
            return arena_text_n(build->arena, label, strlen(label) - strlen(endings[i]));
    return NULL;
}

const char *build_spaced(Builder *build, const char *name) {
    char *out = text_lower(build->arena, name);
    for (char *c = out; *c; c++)
        if (*c == '_' || *c == '-' || *c == '.') *c = ' ';
    return out;
}

/* --- values --- */

/* Dictionaries whose values are not names that people say. */
static bool linked(const CatalogColumn *column) {
    static const char *const SKIPPED[] = {"ChargeDescription", "SkuPriceDetails", "PricingUnit",
                                          "ChargeFrequency",   "SubAccountType",  "BillingAccountType",
                                          "BillingCurrency",   "PricingCurrency", "CommitmentDiscountUnit"};
    if (column->class != CLASS_DIMENSION && column->class != CLASS_TAG) return false;
    static const char *const LONE[] = {"ProviderName", "PublisherName", "InvoiceIssuerName"};
    for (size_t i = 0; i < sizeof LONE / sizeof *LONE; i++)
        if (text_equal(column->name, LONE[i]) && column->value_count == 1) return false; /* says nothing about a line */
    for (size_t i = 0; i < sizeof SKIPPED / sizeof *SKIPPED; i++)
        if (text_equal(column->name, SKIPPED[i])) return false;
    return column->value_count > 0;
}

/* Which column is meant when the same word is a value of several: what people name first. */
static float column_preference(const Builder *build, const CatalogColumn *column) {
    static const char *const ORDER[] = {
        "ServiceName",        "RegionId",        "SubAccountName",   "SubAccountId",   "ProviderName",
        "x_InstanceType",     "ServiceCategory", "x_PurchaseOption", "ChargeCategory", "x_VolumeType",
        "ServiceSubcategory", "RegionName",      "x_ServiceCode",    "x_UsageType",    "x_Meter"};
    if (column->class == CLASS_TAG) return -0.1f;
    for (size_t i = 0; i < sizeof ORDER / sizeof *ORDER; i++)
        if (text_equal(column->name, ORDER[i])) return -0.02f * (float)i;
    return build->catalog->is_bill ? -0.5f : -0.1f;
}

static bool all_digits(const char *text) {
    size_t digits = 0;
    if (*text == '-') text++;
    for (; *text; text++) {
        if (!isdigit((unsigned char)*text) && *text != '.') return false;
        digits += isdigit((unsigned char)*text) != 0;
    }
    return digits > 0 && digits < 10;
}

static void add_value(Builder *build, const char *phrase, const CatalogColumn *column, const char *const *values, size_t count,
                      float weight) {
    LexiconEntry entry = {.symbol = all_digits(phrase) ? build->lexicon->numvalue : build->lexicon->value,
                          .weight = weight + column_preference(build, column),
                          .column = column,
                          .values = values,
                          .value_count = count};
    lexicon_add(build->arena, build->lexicon, phrase, entry);
}

/* "prod" is also "production", and the other way round, unless the data has both. */
static void add_stage_names(Builder *build, const CatalogColumn *column, const char *const *value, const char *text) {
    static const char *const NAMES[][2] = {{"prod", "production"},       {"prd", "production"}, {"dev", "development"},
                                           {"stg", "staging"},           {"stage", "staging"},  {"test", "testing"},
                                           {"nonprod", "non-production"}};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        for (size_t side = 0; side < 2; side++) {
            if (!text_equal_fold(text, NAMES[i][side])) continue;
            bool other = false;
            for (size_t v = 0; v < column->value_count; v++)
                other = other || text_equal_fold(column->values[v].text, NAMES[i][1 - side]);
            if (!other) add_value(build, NAMES[i][1 - side], column, value, 1, -0.02f);
        }
}

/* "2026-08" in a table is also "August 2026", and "August" when the column has no other. */
static void add_month_names(Builder *build, const CatalogColumn *column, const char *const *value, const char *text) {
    char padded[16];
    Day day = DAY_NONE;
    if (strlen(text) != 7 || build->catalog->time_column) return;
    snprintf(padded, sizeof padded, "%s-01", text);
    if (!date_parse(padded, &day)) return;
    CalendarDate date = date_calendar(day);
    const char *month = date_month_name(date.month), *brief = arena_text_n(build->arena, month, 3);
    size_t same = 0;
    for (size_t i = 0; i < column->value_count; i++) same += text_ends(column->values[i].text, text + 4);
    add_value(build, arena_printf(build->arena, "%s %d", month, date.year), column, value, 1, 0.3f);
    add_value(build, arena_printf(build->arena, "%s %d", brief, date.year), column, value, 1, 0.3f);
    if (same != 1) return;
    add_value(build, month, column, value, 1, 0.3f);
    add_value(build, brief, column, value, 1, 0.3f);
}

/* "COMPUTE" of one provider beside the category Compute of all: the category is meant. */
static bool is_called_like_category(const Builder *build, const CatalogColumn *column, const char *text) {
    const CatalogColumn *category = catalog_column(build->catalog, "ServiceCategory");
    if (!category || !text_equal(column->name, "ServiceName")) return false;
    for (size_t i = 0; i < category->value_count; i++)
        if (text_equal_fold(category->values[i].text, text)) return true;
    return false;
}

static void add_column_values(Builder *build, const CatalogColumn *column) {
    for (size_t i = 0; i < column->value_count; i++) {
        const char *text = column->values[i].text;
        size_t size = text ? strlen(text) : 0;
        if (size == 0 || size > VALUE_BYTES_LINKED) continue;
        const char **value = arena_array(build->arena, 1, sizeof *value);
        value[0] = text;
        add_value(build, text, column, value, 1, is_called_like_category(build, column, text) ? -0.2f : 0);
        if (column->class == CLASS_TAG || text_equal(column->name, "SubAccountName"))
            add_stage_names(build, column, value, text);
        if (!build->catalog->is_bill) add_month_names(build, column, value, text);
        if (text_equal(column->name, "ServiceName")) {
            if (text_starts(text, "Amazon ")) add_value(build, text + 7, column, value, 1, -0.02f);
            if (text_starts(text, "AWS ")) add_value(build, text + 4, column, value, 1, -0.02f);
        }
    }
}

/* --- names of columns and measures --- */

static bool is_measure_class(const CatalogColumn *column) {
    return column->class == CLASS_COST || column->class == CLASS_METRIC;
}

static void add_dimension_names(Builder *build, const CatalogColumn *column) {
    static const char *const ENDINGS[] = {" id", " name", " arn", " code", " key"};
    LexiconEntry entry = {.symbol = build->lexicon->dim, .action = build_action(build, "dim=", column->name), .weight = 0};
    lexicon_add(build->arena, build->lexicon, column->name, entry);
    if (column->tag_key) {
        const char *colon = strrchr(column->tag_key, ':');
        lexicon_add(build->arena, build->lexicon, column->tag_key, entry);
        if (colon) lexicon_add(build->arena, build->lexicon, colon + 1, entry);
    }
    if (text_is_empty(column->label)) return;
    lexicon_add(build->arena, build->lexicon, column->label, entry);
    const char *label = build_spaced(build, column->label);
    const char *base = build_without_ending(build, label, ENDINGS, sizeof ENDINGS / sizeof *ENDINGS);
    if (base && !build->catalog->is_bill) {
        lexicon_add(build->arena, build->lexicon, base, entry);
        lexicon_add(build->arena, build->lexicon, arena_printf(build->arena, "%ss", base), entry);
    }
    if (!text_is_empty(column->plural)) lexicon_add(build->arena, build->lexicon, column->plural, entry);
    lexicon_add(build->arena, build->lexicon, arena_printf(build->arena, "%ss", column->label), entry);
}

/* The weight of a word for a measure: "list" is first of all a verb. */
static float measure_weight(const Builder *build, const char *word) {
    char small[64];
    Buffer key = {.arena = build->arena, .data = small, .room = sizeof small};
    small[0] = '\0';
    lexicon_key(&key, word);
    for (const LexiconEntry *have = lexicon_find(build->lexicon, buffer_text(&key)); have; have = have->next) {
        if (have->symbol == grammar_symbol(build->lexicon->grammar, "COST")) return -10;
        if (have->symbol == grammar_symbol(build->lexicon->grammar, "LISTW")) return -0.9f;
    }
    return 0;
}

/* "number of accounts" is a measure; "accounts" alone names the things. */
static bool names_a_count(const char *word) {
    return text_starts(word, "number of ") || text_starts(word, "count of ") || text_ends(word, " count");
}

static void add_measure_word(Builder *build, const Measure *measure, const char *word, LexiconEntry entry) {
    bool counts = measure->kind == MEASURE_COUNT_DISTINCT || (measure->kind == MEASURE_COUNT_ROWS && !build->catalog->is_bill);
    if (counts && !names_a_count(word) && !text_equal(word, "rows") && !text_equal(word, "records")) return;
    float weight = measure_weight(build, word);
    if (weight < -1 && text_equal(measure->name, "BilledCost")) return;
    entry.weight += weight < -1 ? 0 : weight;
    lexicon_add(build->arena, build->lexicon, word, entry);
}

static void add_measure_names(Builder *build, const Measure *measure) {
    if (measure->internal) return;
    LexiconEntry entry = {.symbol = build->lexicon->measure, .action = build_action(build, "measure=", measure->name)};
    if (!measure->available)
        entry =
            (LexiconEntry){.symbol = build->lexicon->measure, .absent = measure->label, .refused = "measure", .weight = -0.2f};
    LexiconEntry exact = entry;
    if (!build->catalog->is_bill) exact.weight += 0.5f; /* a column's own name before what its words could mean apart */
    add_measure_word(build, measure, measure->name, exact);
    add_measure_word(build, measure, measure->label, exact);
    for (size_t i = 0; i < measure->word_count; i++) add_measure_word(build, measure, measure->words[i], entry);
    if (!build->catalog->is_bill) build_short_measure_names(build, measure, entry);
}

static void add_names(Builder *build) {
    for (size_t i = 0; i < build->catalog->column_count; i++)
        if (!is_measure_class(&build->catalog->columns[i])) add_dimension_names(build, &build->catalog->columns[i]);
    for (size_t i = 0; i < build->catalog->measure_count; i++) add_measure_names(build, &build->catalog->measures[i]);
}

static bool names_value(const Builder *build, const char *phrase) {
    char small[128];
    Buffer key = {.arena = build->arena, .data = small, .room = sizeof small};
    small[0] = '\0';
    lexicon_key(&key, phrase);
    for (const LexiconEntry *have = lexicon_find(build->lexicon, buffer_text(&key)); have; have = have->next)
        if (have->values) return true;
    return false;
}

static void add_concepts(Builder *build) {
    for (size_t i = 0; i < build->catalog->concept_count; i++) {
        const Concept *concept = &build->catalog->concepts[i];
        LexiconEntry entry = {.symbol = build->lexicon->concept, .weight = -0.05f};
        const char *measure = concept->measure && catalog_measure(build->catalog, concept->measure)
                                  ? arena_printf(build->arena, ";measure=%s", concept->measure)
                                  : "";
        entry.action = build_action(build, "concept=", arena_printf(build->arena, "%s%s", concept->id, measure));
        if (!concept->available || concept->row_count == 0)
            entry = (LexiconEntry){
                .symbol = build->lexicon->concept, .absent = concept->label, .refused = "concept", .weight = -0.2f};
        for (size_t w = 0; w < concept->word_count; w++) {
            LexiconEntry named = entry; /* "Aurora Serverless", where there is none, is not what is Aurora and serverless */
            if (entry.absent && strchr(concept->words[w], ' ') && !names_value(build, concept->words[w])) named.weight = 1.1f;
            lexicon_add(build->arena, build->lexicon, concept->words[w], named);
        }
    }
}

/* --- services, regions, providers under the names people use --- */

/* Adds to `values` the raw values of `column` that `phrase` names; at most `room`. */
static size_t named_values(const Builder *build, const char *phrase, const CatalogColumn *column, const char **values,
                           size_t count, size_t room) {
    char small[128];
    Buffer key = {.arena = build->arena, .data = small, .room = sizeof small};
    small[0] = '\0';
    lexicon_key(&key, phrase);
    for (const LexiconEntry *entry = lexicon_find(build->lexicon, buffer_text(&key)); entry; entry = entry->next) {
        if (entry->column != column || !entry->values) continue;
        bool have = false;
        for (size_t i = 0; i < count; i++) have = have || text_equal(values[i], entry->values[0]);
        if (!have && count < room) values[count++] = entry->values[0];
    }
    return count;
}

/* Gives all `names` of one thing the meaning of those of them that the data uses. */
static void add_aliases(Builder *build, const char *shown, const char *const *names, size_t name_count,
                        const char *const *columns, size_t column_count) {
    enum { ROOM = 8 };
    const char **values = arena_array(build->arena, ROOM, sizeof *values);
    const CatalogColumn *column = NULL;
    size_t count = 0;
    for (size_t c = 0; c < column_count && count == 0; c++) {
        column = frame_column_of(build->catalog, columns[c]);
        for (size_t i = 0; column && i < name_count; i++) count = named_values(build, names[i], column, values, count, ROOM);
    }
    for (size_t i = 0; i < name_count; i++) {
        if (count > 0) {
            add_value(build, names[i], column, values, count,
                      is_called_like_category(build, column, names[i]) ? -0.21f : -0.01f);
        } else if (frame_column_of(build->catalog, columns[0])) {
            LexiconEntry absent = {.symbol = build->lexicon->value,
                                   .absent = shown,
                                   .refused = "value",
                                   .column = frame_column_of(build->catalog, columns[0]),
                                   .weight = -0.4f};
            lexicon_add(build->arena, build->lexicon, names[i], absent);
        }
    }
}

static void add_alias_table(Builder *build, const char *file, const char *shown, const char *const *fields, size_t field_count,
                            const char *const *columns, size_t column_count) {
    const Knowledge *table = knowledge_table(build->arena, file);
    for (size_t row = 0; row < table->row_count; row++) {
        size_t count = 0, aliases = 0;
        const char **list = text_split(build->arena, knowledge_field(table, row, "aliases"), '|', &aliases);
        const char **names = arena_array(build->arena, aliases + field_count, sizeof *names);
        for (size_t f = 0; f < field_count; f++)
            if (*knowledge_field(table, row, fields[f])) names[count++] = knowledge_field(table, row, fields[f]);
        for (size_t i = 0; i < aliases; i++)
            if (*list[i]) names[count++] = list[i];
        add_aliases(build, knowledge_field(table, row, shown), names, count, columns, column_count);
    }
}

/* With one provider only, its name says nothing: "our AWS bill". */
static void add_lone_provider(Builder *build) {
    const CatalogColumn *column = catalog_column(build->catalog, "ProviderName");
    const Knowledge *table = knowledge_table(build->arena, "providers.tsv");
    const char *only = build->catalog->provider;
    if (column && column->value_count > 1) only = NULL;
    if (column && column->value_count == 1) only = column->values[0].text;
    LexiconEntry filler = {.symbol = grammar_symbol(build->lexicon->grammar, "FILLER"), .weight = 0.1f};
    for (size_t row = 0; row < table->row_count && filler.symbol >= 0; row++) {
        const char *name = knowledge_field(table, row, "name"), *aliases = knowledge_field(table, row, "aliases");
        bool same = text_equal_fold(name, only);
        size_t count = 0;
        const char **list = text_split(build->arena, aliases, '|', &count);
        for (size_t i = 0; i < count; i++) same = same || text_equal_fold(list[i], only);
        bool table_of_aws = !build->catalog->is_bill && text_equal(name, "AWS");
        if (!same && !table_of_aws) continue;
        build_words(build, aliases, filler);
        for (size_t i = 0; i < count; i++) /* "top 3 Azure services" */
            if (!strchr(list[i], ' '))
                lexicon_add(build->arena, build->lexicon, list[i], (LexiconEntry){.symbol = build->lexicon->stop});
    }
}

static void add_names_of_things(Builder *build) {
    static const char *const SERVICE_FIELDS[] = {"code", "name"}, *const SERVICE_COLUMNS[] = {"ServiceName", "x_ServiceCode"};
    static const char *const REGION_FIELDS[] = {"id", "name"}, *const REGION_COLUMNS[] = {"RegionId", "RegionName"};
    static const char *const PROVIDER_FIELDS[] = {"name"}, *const PROVIDER_COLUMNS[] = {"ProviderName", "PublisherName"};
    add_alias_table(build, "services.tsv", "name", SERVICE_FIELDS, 2, SERVICE_COLUMNS, 2);
    add_alias_table(build, "regions.tsv", "name", REGION_FIELDS, 2, REGION_COLUMNS, 2);
    add_alias_table(build, "providers.tsv", "name", PROVIDER_FIELDS, 1, PROVIDER_COLUMNS, 2);
}

/* --- the table of words --- */

/* The tag (or column of a table) whose key is one of `words`. */
static const CatalogColumn *keyed_column(const Builder *build, const char *const *words, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const CatalogColumn *tag = catalog_tag(build->catalog, words[i]);
        if (tag) return tag;
        if (build->catalog->is_bill) continue;
        char *key = text_name_key(build->arena, words[i]);
        for (size_t c = 0; c < build->catalog->column_count; c++)
            if (text_equal(text_name_key(build->arena, build->catalog->columns[c].name), key))
                return &build->catalog->columns[c];
    }
    return NULL;
}

static void add_tag_words(Builder *build, const char *words) {
    size_t count = 0;
    const char **list = text_split(build->arena, words, '|', &count);
    const CatalogColumn *column = keyed_column(build, list, count);
    LexiconEntry entry = {.symbol = build->lexicon->dim, .weight = -0.05f};
    if (column)
        entry.action = build_action(build, "dim=", column->name);
    else
        entry = (LexiconEntry){.symbol = build->lexicon->dim, .absent = list[0], .refused = "tag", .weight = -0.3f};
    build_words(build, words, entry);
}

/* A mistake in our own table. */
static _Noreturn void broken_table(const char *symbol, const char *words) {
    fprintf(stderr, "curlew: lexicon.tsv: the grammar knows no %s, or its action is unknown (%.40s)\n", symbol, words);
    abort();
}

/* Sub accounts go by the name that their provider has for them: subscriptions, projects. */
static void add_account_kinds(Builder *build) {
    const CatalogColumn *kinds = catalog_column(build->catalog, "SubAccountType");
    if (!kinds || !catalog_column(build->catalog, "SubAccountId")) return;
    for (size_t i = 0; i < kinds->value_count; i++) {
        const char *kind = kinds->values[i].text;
        if (text_is_empty(kind) || catalog_tag(build->catalog, kind)) continue;
        LexiconEntry entry = {.symbol = build->lexicon->dim, .action = build_action(build, "dim=", "SubAccountId")};
        lexicon_add(build->arena, build->lexicon, kind, entry);
        lexicon_add(build->arena, build->lexicon, arena_printf(build->arena, "%ss", kind), entry);
    }
}

static void add_table_words(Builder *build) {
    const Knowledge *table = knowledge_table(build->arena, "lexicon.tsv");
    for (size_t row = 0; row < table->row_count; row++) {
        const char *symbol = knowledge_field(table, row, "symbol"), *words = knowledge_field(table, row, "words");
        if (text_equal(symbol, "TAGKEY")) {
            add_tag_words(build, words);
            continue;
        }
        LexiconEntry entry = {.symbol = grammar_symbol(build->lexicon->grammar, symbol),
                              .weight = strtof(knowledge_field(table, row, "weight"), NULL),
                              .action = frame_action(build->arena, knowledge_field(table, row, "action"))};
        Frame frame;
        if (entry.symbol < 0 || !entry.action) broken_table(symbol, words);
        if (frame_act(&build->lexicon->context, entry.action, NULL, 0, &frame)) build_words(build, words, entry);
    }
}

bool lexicon_build(Arena *arena, const Catalog *catalog, Lexicon **out, Err *err) {
    (void)err;
    Lexicon *lexicon = arena_alloc(arena, sizeof *lexicon);
    *lexicon = (Lexicon){.catalog = catalog, .grammar = grammar_load(arena), .bucket_count = LEXICON_BUCKETS};
    lexicon->buckets = arena_array(arena, LEXICON_BUCKETS, sizeof *lexicon->buckets);
    lexicon->context = (FrameContext){.arena = arena, .catalog = catalog, .as_of = catalog->as_of};
    lexicon->stop = grammar_symbol(lexicon->grammar, "STOP");
    lexicon->filler = grammar_symbol(lexicon->grammar, "FILLER");
    lexicon->value = grammar_symbol(lexicon->grammar, "VALUE");
    lexicon->numvalue = grammar_symbol(lexicon->grammar, "NUMVALUE");
    lexicon->novalue = grammar_symbol(lexicon->grammar, "NOVALUE");
    lexicon->measure = grammar_symbol(lexicon->grammar, "MEASURE");
    lexicon->concept = grammar_symbol(lexicon->grammar, "CONCEPT");
    lexicon->dim = grammar_symbol(lexicon->grammar, "DIM");
    lexicon->refuse = grammar_symbol(lexicon->grammar, "REFUSE");
    Builder build = {.arena = arena, .lexicon = lexicon, .catalog = catalog};
    for (size_t i = 0; i < catalog->column_count; i++)
        if (linked(&catalog->columns[i])) add_column_values(&build, &catalog->columns[i]);
    add_names_of_things(&build);
    add_lone_provider(&build);
    add_table_words(&build);
    add_account_kinds(&build);
    add_names(&build);
    build_table_names(&build);
    add_concepts(&build);
    lexicon_learn_spelling(arena, lexicon);
    *out = lexicon;
    return true;
}
