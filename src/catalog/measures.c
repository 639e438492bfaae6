/* Measures: of bills from tables/measures.tsv, of tables from their cost and metric columns. */
#include "base/knowledge.h"
#include "base/text.h"
#include "catalog/classify.h"
#include "catalog/dataset.h"

/* NULL for an empty field. */
static const char *field(const Knowledge *table, size_t row, const char *column) {
    const char *text = knowledge_field(table, row, column);
    return *text ? text : NULL;
}

static MeasureKind read_kind(const char *name) {
    static const char *const names[] = {"sum", "count_rows", "count_distinct", "ratio", "difference"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_equal(names[i], name)) return (MeasureKind)i;
    return MEASURE_SUM;
}

/* --- Bills ------------------------------------------------------------------------------------------------------------ */

/* The first available row of that name, else its first row. */
static const Measure *find_measure(const Measure *measures, size_t count, const char *name) {
    const Measure *first = NULL;
    for (size_t i = 0; i < count; i++) {
        if (!text_equal(measures[i].name, name)) continue;
        if (measures[i].available) return &measures[i];
        if (!first) first = &measures[i];
    }
    return first;
}

/* Concepts that a measure is cut to must be on the bill at all: a utilization of nothing is no 0 percent. */
static bool concept_has_rows(const Catalog *catalog, const char *id) {
    const Concept *concept = catalog_concept(catalog, id);
    return concept && concept->available && concept->row_count > 0;
}

static bool is_available(const Catalog *catalog, const Measure *measures, size_t count, const Measure *measure) {
    if (measure->concept && !concept_has_rows(catalog, measure->concept)) return false;
    switch (measure->kind) {
    case MEASURE_COUNT_ROWS: return true;
    case MEASURE_SUM:
    case MEASURE_COUNT_DISTINCT: return dataset_has_data(catalog, catalog_column(catalog, measure->column));
    case MEASURE_RATIO:
    case MEASURE_DIFFERENCE: {
        const Measure *numerator = find_measure(measures, count, measure->numerator);
        const Measure *denominator = find_measure(measures, count, measure->denominator);
        return numerator && denominator && numerator->available && denominator->available;
    }
    }
    return false;
}

static Measure read_measure(Arena *arena, const Knowledge *table, size_t row) {
    Measure measure = {.name = knowledge_field(table, row, "name"),
                       .label = knowledge_field(table, row, "label"),
                       .kind = read_kind(knowledge_field(table, row, "kind")),
                       .column = field(table, row, "column"),
                       .concept = field(table, row, "concept"),
                       .numerator = field(table, row, "numerator"),
                       .denominator = field(table, row, "denominator"),
                       .unit = field(table, row, "unit"),
                       .unit_column = field(table, row, "unit_column"),
                       .internal = text_equal(knowledge_field(table, row, "internal"), "y")};
    const char *words = field(table, row, "words");
    if (words) measure.words = text_split(arena, words, '|', &measure.word_count);
    return measure;
}

static void bill_measures(Arena *arena, Catalog *catalog) {
    const Knowledge *table = knowledge_table(arena, "measures.tsv");
    Measure *all = arena_array(arena, table->row_count, sizeof *all);
    for (size_t row = 0; row < table->row_count; row++) all[row] = read_measure(arena, table, row);
    /* Parts stand after what is made of them, and differences of differences exist: three passes reach everything. */
    for (int pass = 0; pass < 3; pass++)
        for (size_t row = 0; row < table->row_count; row++)
            all[row].available = is_available(catalog, all, table->row_count, &all[row]);
    catalog->measures = arena_array(arena, table->row_count, sizeof *catalog->measures);
    for (size_t row = 0; row < table->row_count; row++) {
        const Measure *chosen = find_measure(all, table->row_count, all[row].name);
        if (catalog_measure(catalog, all[row].name)) continue; /* another row of the same name was chosen */
        Measure *measure = &catalog->measures[catalog->measure_count++];
        *measure = *chosen;
        measure->words = all[row].words; /* the first row of a name carries its words */
        measure->word_count = all[row].word_count;
        if (!measure->available) measure->needs = field(table, row, "needs");
    }
}

/* --- Tables ----------------------------------------------------------------------------------------------------------- */

/* The likelier a header is to be the total that people mean by "cost", the lower. */
static int cost_rank(Arena *arena, const CatalogColumn *column) {
    static const char *const order[] = {"total_cost",  "cost_total",     "cost",     "monthly_cost", "total_spend", "spend",
                                        "billed_cost", "unblended_cost", "cost_usd", "amount",       "total"};
    const char *key = text_name_key(arena, column->name);
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (text_equal(key, text_name_key(arena, order[i]))) return (int)i;
    static const char *const later[] = {"saving", "price",     "rate",      "tax",    "list",
                                        "public", "amortized", "amortised", "budget", "forecast"};
    for (size_t i = 0; i < sizeof later / sizeof *later; i++)
        if (text_contains_fold(key, later[i])) return 200;
    return text_contains_fold(key, "total") || text_contains_fold(key, "unblended") || text_contains_fold(key, "billed") ? 50
                                                                                                                         : 100;
}

static void add_word(Measure *measure, const char *word) {
    for (size_t i = 0; i < measure->word_count; i++)
        if (text_equal(measure->words[i], word)) return;
    measure->words[measure->word_count++] = word;
}

/* The label, and without its last word where that is the unit: "size gb" is called "size" too. */
static Measure sum_of_column(Arena *arena, const CatalogColumn *column) {
    Measure measure = {
        .name = column->name, .label = column->label, .kind = MEASURE_SUM, .column = column->name, .available = true};
    measure.unit = column->class == CLASS_COST && !column->unit ? "currency" : column->unit;
    measure.words = arena_array(arena, 3, sizeof *measure.words);
    add_word(&measure, column->label);
    add_word(&measure, text_lower(arena, column->name));
    size_t count = 0;
    const char **parts = text_split(arena, column->label, ' ', &count);
    if (count > 1 && column->unit && text_equal_fold(parts[count - 1], column->unit)) {
        Buffer out = {.arena = arena};
        for (size_t i = 0; i + 1 < count; i++) {
            if (i) buffer_add_char(&out, ' ');
            buffer_add(&out, parts[i]);
        }
        add_word(&measure, buffer_text(&out));
    }
    return measure;
}

static void table_measures(Arena *arena, Catalog *catalog) {
    catalog->measures = arena_array(arena, catalog->column_count + 1, sizeof *catalog->measures);
    const CatalogColumn *main_cost = NULL;
    for (size_t i = 0; i < catalog->column_count; i++) {
        const CatalogColumn *column = &catalog->columns[i];
        if (column->class == CLASS_COST && (!main_cost || cost_rank(arena, column) < cost_rank(arena, main_cost)))
            main_cost = column;
    }
    Measure rows = {
        .name = "line_items", .label = catalog->row_plural, .kind = MEASURE_COUNT_ROWS, .unit = "count", .available = true};
    rows.words = arena_array(arena, 4, sizeof *rows.words);
    add_word(&rows, catalog->row_plural);
    add_word(&rows, arena_printf(arena, "number of %s", catalog->row_plural));
    add_word(&rows, "rows");
    add_word(&rows, "number of rows");
    if (main_cost)
        catalog->measures[catalog->measure_count++] = sum_of_column(arena, main_cost);
    else
        catalog->measures[catalog->measure_count++] = rows;
    for (size_t i = 0; i < catalog->column_count; i++) {
        const CatalogColumn *column = &catalog->columns[i];
        if (column == main_cost || (column->class != CLASS_COST && column->class != CLASS_METRIC)) continue;
        catalog->measures[catalog->measure_count++] = sum_of_column(arena, column);
    }
    if (main_cost) catalog->measures[catalog->measure_count++] = rows;
}

void dataset_measures(Arena *arena, Catalog *catalog) {
    if (catalog->is_bill)
        bill_measures(arena, catalog);
    else
        table_measures(arena, catalog);
}
