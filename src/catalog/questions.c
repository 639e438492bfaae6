/* Suggested questions: simple sentences about things that this data set has. The order is that of interest; the last ones are there so
 * that small data sets get ten too. */
#include "base/limits.h"
#include "base/text.h"
#include "catalog/dataset.h"

typedef struct {
    Arena *arena;
    const Catalog *catalog;
    const char **texts;
    size_t count;
} Suggestions;

static void suggest(Suggestions *list, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds a question unless it is there or the list is full. */
static void suggest(Suggestions *list, const char *format, ...) {
    va_list args;
    va_start(args, format);
    const char *text = arena_vprintf(list->arena, format, args);
    va_end(args);
    if (list->count == SUGGESTED_QUESTIONS) return;
    for (size_t i = 0; i < list->count; i++)
        if (text_equal(list->texts[i], text)) return;
    list->texts[list->count++] = text;
}

/* How many different values the column has; 0 when it does not exist. */
static long long distinct(const Catalog *catalog, const char *column_name) {
    const CatalogColumn *column = catalog_column(catalog, column_name);
    return column && column->missing < catalog->row_count ? column->distinct : 0;
}

/* --- Bills ------------------------------------------------------------------------------------------------------------ */

static const char *month_words(Arena *arena, const CatalogMonth *month) {
    CalendarDate date = date_calendar(month->start);
    return arena_printf(arena, "%s %d", date_month_name(date.month), date.year);
}

/* The latest complete month that holds lines, from index `before` downwards; NULL when there is none. */
static const CatalogMonth *complete_month(const Catalog *catalog, size_t before) {
    for (size_t i = before; i-- > 0;)
        if (catalog->months[i].complete) return &catalog->months[i];
    return NULL;
}

/* The tag key that says most: many lines have it, and it tells a few things apart (a Name differs on every resource). Keys that AWS sets
 * itself come after those that people chose. */
static const CatalogColumn *best_tag(const Catalog *catalog) {
    const CatalogColumn *best = NULL;
    for (size_t i = 0; i < catalog->column_count; i++) {
        const CatalogColumn *column = &catalog->columns[i];
        if (column->class != CLASS_TAG || column->value_count < 2 || column->value_count > 50) continue;
        bool own = !text_starts_fold(column->tag_key, "aws"), best_own = best && !text_starts_fold(best->tag_key, "aws");
        if (!best || (own && !best_own) || (own == best_own && column->missing < best->missing)) best = column;
    }
    return best;
}

static const CatalogValue *top_service(const Catalog *catalog, size_t rank) {
    const CatalogColumn *column = catalog_column(catalog, "ServiceName");
    if (!column || column->value_count <= rank || decimal_compare(column->values[rank].cost, (Decimal){0}) <= 0) return NULL;
    return &column->values[rank];
}

static bool has_service(const Catalog *catalog, const char *name) {
    const CatalogColumn *column = catalog_column(catalog, "ServiceName");
    for (size_t i = 0; column && i < column->value_count; i++)
        if (text_equal(column->values[i].text, name)) return true;
    return false;
}

/* Concepts worth asking about, dearest first. */
static const Concept *dearest_concept(const Catalog *catalog) {
    static const char *const ids[] = {"nat-gateway", "data-transfer", "ebs-volumes", "cloudwatch-logs", "public-ipv4",
                                      "fargate",     "spot",          "tax",         "credits"};
    const Concept *best = NULL;
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        const Concept *concept = catalog_concept(catalog, ids[i]);
        if (!concept || !concept->available || !concept->row_count || decimal_compare(concept->cost, (Decimal){0}) <= 0)
            continue;
        if (!best || decimal_compare(concept->cost, best->cost) > 0) best = concept;
    }
    return best;
}

static void suggest_times(Suggestions *list, const CatalogMonth *last, const CatalogMonth *before) {
    if (last) suggest(list, "How much did we spend in %s?", month_words(list->arena, last));
    if (list->catalog->month_count > 1)
        suggest(list, "What is the monthly cost?");
    else if (list->catalog->last_day > list->catalog->first_day)
        suggest(list, "What is the daily cost?");
    if (last && before) suggest(list, "Compare %s with %s", month_words(list->arena, last), month_words(list->arena, before));
}

static void suggest_tags(Suggestions *list) {
    const CatalogColumn *tag = best_tag(list->catalog);
    if (!tag) return;
    suggest(list, "What is the cost by %s tag?", tag->tag_key);
    if (tag->missing) suggest(list, "How much spend has no %s tag?", tag->tag_key);
}

/* What every bill can answer, for those that cannot answer much else. */
static void suggest_fillers(Suggestions *list) {
    const Catalog *catalog = list->catalog;
    suggest(list, "What is our total cost?");
    if (distinct(catalog, "ChargeCategory")) suggest(list, "What is the cost by charge category?");
    for (size_t i = 0; i < 3 && top_service(catalog, i); i++)
        suggest(list, "How much did we spend on %s?", top_service(catalog, i)->text);
    if (distinct(catalog, "ServiceCategory")) suggest(list, "What is the cost by service category?");
    if (distinct(catalog, "ServiceName")) suggest(list, "What is the cost by service?");
    if (distinct(catalog, "SubAccountId")) suggest(list, "What is the cost by account?");
    if (distinct(catalog, "RegionId")) suggest(list, "What is the cost by region?");
    if (distinct(catalog, "x_UsageType")) suggest(list, "What are the top 5 usage types by cost?");
    if (distinct(catalog, "ServiceName")) suggest(list, "How many services do we use?");
    if (distinct(catalog, "SubAccountId")) suggest(list, "How many accounts do we have?");
    suggest(list, "What is the daily cost?");
    suggest(list, "What is the monthly cost?");
}

static void suggest_for_bill(Suggestions *list) {
    const Catalog *catalog = list->catalog;
    const CatalogMonth *last = complete_month(catalog, catalog->month_count);
    const CatalogMonth *before = last ? complete_month(catalog, (size_t)(last - catalog->months)) : NULL;
    const Concept *concept = dearest_concept(catalog);
    if (distinct(catalog, "ServiceName") > 2) suggest(list, "What are my top 5 services by cost?");
    if (has_service(catalog, "Amazon Elastic Compute Cloud") && distinct(catalog, "x_CostDriver") > 1)
        suggest(list, "What are my top 5 EC2 cost drivers?");
    if (distinct(catalog, "ProviderName") > 1) suggest(list, "What is the cost by provider?");
    suggest_times(list, last, before);
    if (distinct(catalog, "SubAccountId") > 1) suggest(list, "What is the cost by account?");
    suggest_tags(list);
    if (concept) suggest(list, "How much do we spend on %s?", concept->label);
    if (distinct(catalog, "RegionId") > 1) suggest(list, "What is the cost by region?");
    if (catalog->has_resources) suggest(list, "What are the top 10 resources by cost?");
    suggest_fillers(list);
}

/* --- Tables ----------------------------------------------------------------------------------------------------------- */

/* A text column of months reads as time in a question, and such a table has no dates to go by. */
static bool reads_as_time(const CatalogColumn *column) {
    static const char *const words[] = {"period", "month", "day", "date", "week", "quarter", "year", "hour"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_ends(column->label, words[i])) return true;
    return false;
}

/* Dimensions and tags that group well, in the order of the table: two values at least, and fewer than rows. */
static bool groups_well(const Catalog *catalog, const CatalogColumn *column) {
    if ((column->class != CLASS_DIMENSION && column->class != CLASS_TAG) || reads_as_time(column)) return false;
    return column->value_count > 1 && (column->value_count <= 12 || (long long)column->value_count * 2 <= catalog->row_count);
}

static const CatalogColumn *grouping(const Catalog *catalog, size_t rank) {
    for (size_t i = 0; i < catalog->column_count; i++)
        if (groups_well(catalog, &catalog->columns[i]) && rank-- == 0) return &catalog->columns[i];
    return NULL;
}

static const Measure *sum_measure(const Catalog *catalog, size_t rank) {
    for (size_t i = 0; i < catalog->measure_count; i++)
        if (catalog->measures[i].kind == MEASURE_SUM && rank-- == 0) return &catalog->measures[i];
    return NULL;
}

static bool is_cost(const Catalog *catalog, const Measure *measure) {
    const CatalogColumn *column = catalog_column(catalog, measure->column);
    return column && column->class == CLASS_COST;
}

static void suggest_sums(Suggestions *list, const Measure *measure) {
    const Catalog *catalog = list->catalog;
    if (!measure) return;
    bool total = text_starts(measure->label, "total ");
    suggest(list, "What is the %s%s?", total ? "" : "total ", measure->label);
    if (catalog->row_identifier && catalog->row_count > 5)
        suggest(list, "What are the top 5 %s by %s?", catalog->row_plural, measure->label);
    for (size_t g = 0; g < 2 && grouping(catalog, g); g++)
        suggest(list, "What is the %s%s by %s?", total || is_cost(catalog, measure) ? "" : "total ", measure->label,
                grouping(catalog, g)->label);
}

/* Rows can be counted in words where something names them: "How many volumes". */
static void suggest_counts(Suggestions *list, size_t first, size_t last) {
    const Catalog *catalog = list->catalog;
    for (size_t g = first; catalog->row_identifier && g < last && grouping(catalog, g); g++)
        suggest(list, "How many %s are there in each %s?", catalog->row_plural, grouping(catalog, g)->label);
}

static void suggest_averages(Suggestions *list, const Measure *measure) {
    for (size_t g = 0; measure && g < 2 && grouping(list->catalog, g); g++)
        suggest(list, "What is the average %s by %s?", measure->label, grouping(list->catalog, g)->label);
}

/* For tables that offer little else. */
static void suggest_rankings(Suggestions *list, const Measure *measure) {
    const Catalog *catalog = list->catalog;
    for (size_t g = 0; g < 3 && grouping(catalog, g); g++) {
        suggest(list, "Which %s has the highest %s?", grouping(catalog, g)->label, measure->label);
        if (grouping(catalog, g)->value_count > 3)
            suggest(list, "What are the top 3 %s by %s?", grouping(catalog, g)->plural, measure->label);
    }
    suggest(list, "What is the average %s?", measure->label);
}

static void suggest_for_table(Suggestions *list) {
    const Catalog *catalog = list->catalog;
    const Measure *first = sum_measure(catalog, 0), *second = sum_measure(catalog, 1);
    if (catalog->row_identifier) suggest(list, "How many %s are there?", catalog->row_plural);
    suggest_sums(list, first);
    suggest_counts(list, 0, 2);
    suggest_averages(list, second ? second : first);
    for (size_t i = 0; catalog->row_identifier && i < catalog->column_count; i++)
        if (catalog->columns[i].class == CLASS_TAG && catalog->columns[i].missing)
            suggest(list, "How many %s have no %s?", catalog->row_plural, catalog->columns[i].label);
    for (size_t m = 1; sum_measure(catalog, m); m++) suggest_sums(list, sum_measure(catalog, m));
    for (size_t m = 0; sum_measure(catalog, m); m++) suggest_rankings(list, sum_measure(catalog, m));
    suggest_counts(list, 2, catalog->column_count);
}

void catalog_questions(Arena *arena, const Catalog *catalog, const char ***questions, size_t *count) {
    Suggestions list = {.arena = arena, .catalog = catalog};
    list.texts = arena_array(arena, SUGGESTED_QUESTIONS, sizeof *list.texts);
    if (catalog->row_count && catalog->is_bill) suggest_for_bill(&list);
    if (catalog->row_count && !catalog->is_bill) suggest_for_table(&list);
    *questions = list.texts;
    *count = list.count;
}
