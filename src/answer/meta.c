/* Questions about the data rather than in it: answered from the catalog. */
#include <string.h>

#include "answer/answer.h"
#include "answer/describe.h"
#include "answer/display.h"
#include "answer/facts.h"
#include "answer/suggest.h"
#include "answer/summary.h"
#include "base/knowledge.h"
#include "base/text.h"

typedef struct {
    const char *name, *label, *unit;
    CellType type;
    ColumnRole role;
} Head;

typedef struct {
    Arena *arena;
    const Catalog *catalog;
    Answer *answer;
    Table *table;
    CompiledColumn *columns;
    size_t room; /* rows */
} Sheet;

static Sheet sheet_make(Arena *arena, const Catalog *catalog, Answer *answer, const Head *heads, size_t count, size_t room) {
    Sheet sheet = {.arena = arena, .catalog = catalog, .answer = answer, .room = room};
    sheet.table = arena_alloc(arena, sizeof *sheet.table);
    sheet.table->column_count = count;
    sheet.table->columns = arena_array(arena, count, sizeof *sheet.table->columns);
    sheet.table->cells = arena_array(arena, count * room + 1, sizeof *sheet.table->cells);
    sheet.columns = arena_array(arena, count, sizeof *sheet.columns);
    for (size_t i = 0; i < count; i++) {
        sheet.table->columns[i] = (TableColumn){.name = heads[i].name, .type = heads[i].type};
        sheet.columns[i] =
            (CompiledColumn){.name = heads[i].name, .label = heads[i].label, .role = heads[i].role, .unit = heads[i].unit};
    }
    answer->table = sheet.table;
    answer->columns = sheet.columns;
    return sheet;
}

static void sheet_add(Sheet *sheet, const char *const *cells) {
    size_t columns = sheet->table->column_count;
    if (sheet->table->row_count == sheet->room) return;
    memcpy(sheet->table->cells + sheet->table->row_count * columns, cells, columns * sizeof *cells);
    sheet->table->row_count++;
}

static const char *number(Arena *arena, long long value) {
    return arena_printf(arena, "%lld", value);
}

/* Percent of rows that have a value. */
static const char *filled_percent(Arena *arena, const Catalog *catalog, const CatalogColumn *column) {
    Decimal ratio = {0};
    if (!decimal_divide((Decimal){catalog->row_count - column->missing, 0}, (Decimal){catalog->row_count, 0}, 6, &ratio))
        return NULL;
    return decimal_text(arena, decimal_shift(ratio, 2));
}

static const char *top_value(const CatalogColumn *column) {
    return column->value_count ? column->values[0].text : NULL;
}

static const char *count_sentence(Arena *arena, const Catalog *catalog, Answer *out, const char *what) {
    Facts facts = {.arena = arena, .catalog = catalog, .scope = "total", .answer = out};
    const Fact *count = facts_count(&facts, (long long)out->table->row_count, NULL, "rows of the answer");
    return arena_printf(arena, "The data has %s %s.", count->display, what);
}

static void answer_tags(Arena *arena, const Catalog *catalog, Answer *out) {
    static const Head heads[] = {{"tag", "tag", NULL, CELL_TEXT, ROLE_KEY},
                                 {"column", "column", NULL, CELL_TEXT, ROLE_OTHER},
                                 {"values", "values", "count", CELL_INTEGER, ROLE_COUNT},
                                 {"filled", "lines with a value", "percent", CELL_DECIMAL, ROLE_SHARE},
                                 {"top_value", "biggest by cost", NULL, CELL_TEXT, ROLE_OTHER}};
    Sheet sheet = sheet_make(arena, catalog, out, heads, sizeof heads / sizeof *heads, catalog->column_count);
    for (size_t i = 0; i < catalog->column_count; i++) {
        const CatalogColumn *column = &catalog->columns[i];
        if (column->class != CLASS_TAG) continue;
        const char *const cells[] = {column->tag_key ? column->tag_key : column->label, column->name,
                                     number(arena, column->distinct), filled_percent(arena, catalog, column),
                                     top_value(column)};
        sheet_add(&sheet, cells);
    }
    out->summary = count_sentence(arena, catalog, out, "tag keys, cost categories and account tags");
}

static void answer_columns(Arena *arena, const Catalog *catalog, Answer *out) {
    static const Head heads[] = {{"column", "column", NULL, CELL_TEXT, ROLE_KEY},
                                 {"label", "in words", NULL, CELL_TEXT, ROLE_OTHER},
                                 {"class", "class", NULL, CELL_TEXT, ROLE_OTHER},
                                 {"type", "type", NULL, CELL_TEXT, ROLE_OTHER},
                                 {"values", "distinct values", "count", CELL_INTEGER, ROLE_COUNT},
                                 {"filled", "lines with a value", "percent", CELL_DECIMAL, ROLE_SHARE}};
    Sheet sheet = sheet_make(arena, catalog, out, heads, sizeof heads / sizeof *heads, catalog->column_count);
    for (size_t i = 0; i < catalog->column_count; i++) {
        const CatalogColumn *column = &catalog->columns[i];
        const char *const cells[] = {column->name,
                                     column->label,
                                     catalog_class_name(column->class),
                                     table_type_name(column->type),
                                     number(arena, column->distinct),
                                     filled_percent(arena, catalog, column)};
        sheet_add(&sheet, cells);
    }
    out->summary = count_sentence(arena, catalog, out, "columns");
}

static void answer_period(Arena *arena, const Catalog *catalog, Answer *out) {
    static const Head heads[] = {{"month", "month", NULL, CELL_TEXT, ROLE_KEY},
                                 {"start", "first day", NULL, CELL_DATE, ROLE_OTHER},
                                 {"end", "last day", NULL, CELL_DATE, ROLE_OTHER},
                                 {"complete", "complete", NULL, CELL_BOOLEAN, ROLE_OTHER}};
    Sheet sheet = sheet_make(arena, catalog, out, heads, sizeof heads / sizeof *heads, catalog->month_count);
    for (size_t i = 0; i < catalog->month_count; i++) {
        const CatalogMonth *month = &catalog->months[i];
        const char *const cells[] = {month->name, date_text(arena, month->start), date_text(arena, month->end - 1),
                                     month->complete ? "true" : "false"};
        sheet_add(&sheet, cells);
    }
    if (catalog->first_day == DAY_NONE) {
        out->summary = "The data has no time in it.";
        return;
    }
    Facts facts = {.arena = arena, .catalog = catalog, .scope = "total", .answer = out};
    const char *shown = display_period(arena, catalog->first_day, catalog->last_day + 1);
    const Fact *period = facts_date(&facts, "period", date_text(arena, catalog->first_day), shown);
    out->summary = arena_printf(arena, "What is loaded covers %s.", period->display);
}

static void answer_data(Arena *arena, const Catalog *catalog, Answer *out) {
    static const Head heads[] = {{"what", "what", NULL, CELL_TEXT, ROLE_KEY}, {"value", "value", NULL, CELL_TEXT, ROLE_OTHER}};
    Sheet sheet = sheet_make(arena, catalog, out, heads, sizeof heads / sizeof *heads, 12);
    const char *const rows[][2] = {
        {"data set", catalog->dataset},
        {"source", catalog->source},
        {"provider", catalog->provider},
        {"lines", text_count(arena, catalog->row_count)},
        {"first day", catalog->first_day == DAY_NONE ? NULL : date_text(arena, catalog->first_day)},
        {"last day", catalog->last_day == DAY_NONE ? NULL : date_text(arena, catalog->last_day)},
        {"data through", catalog->data_through},
        {"granularity", catalog->granularity},
        {"currency", describe_list(arena, catalog->currencies, catalog->currency_count)},
        {"columns", text_count(arena, (long long)catalog->column_count)},
        {"recognised as", catalog->detected_service},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!text_is_empty(rows[i][1])) sheet_add(&sheet, rows[i]);
    Facts facts = {.arena = arena, .catalog = catalog, .scope = "total", .answer = out};
    const Fact *lines = facts_count(&facts, catalog->row_count, "x_RowCount", "lines of the data set");
    out->summary = arena_printf(arena, "The data set has %s lines.", lines->display);
}

static const char *definition_of(Arena *arena, const char *term) {
    const Knowledge *table = knowledge_table(arena, "definitions.tsv");
    const char *key = text_name_key(arena, term);
    for (size_t row = 0; row < table->row_count; row++)
        if (text_equal(key, text_name_key(arena, knowledge_field(table, row, "term"))))
            return knowledge_field(table, row, "text");
    return NULL;
}

/* "lines whose usage type contains NatGateway": the first group of a concept in words. */
static const char *concept_in_words(Arena *arena, const Concept *concept) {
    static const char *const verbs[] = {"is", "is not", "contains", "starts with", "ends with", "is empty", "is not empty"};
    Buffer out = {.arena = arena};
    buffer_add(&out, "Lines of the bill where ");
    for (size_t g = 0; g < concept->group_count; g++) {
        if (g) buffer_add(&out, ", or ");
        for (size_t c = 0; c < concept->groups[g].clause_count; c++) {
            const Clause *clause = &concept->groups[g].clauses[c];
            buffer_printf(&out, "%s%s %s %s", c ? " and " : "", clause->column, verbs[clause->op],
                          describe_list(arena, clause->values, clause->value_count));
        }
    }
    buffer_add_char(&out, '.');
    return arena_text(arena, buffer_text(&out));
}

static bool answer_definition(Arena *arena, const Catalog *catalog, const char *term, Answer *out, Err *err) {
    static const Head heads[] = {{"term", "term", NULL, CELL_TEXT, ROLE_KEY},
                                 {"meaning", "meaning", NULL, CELL_TEXT, ROLE_OTHER}};
    const Measure *measure = catalog_measure(catalog, term);
    const Concept *concept = catalog_concept(catalog, term);
    const char *label = measure ? measure->label : concept ? concept->label : term;
    const char *text = definition_of(arena, term);
    if (!text) text = definition_of(arena, label);
    if (!text && concept) text = concept_in_words(arena, concept);
    if (!text && measure && measure->numerator)
        text = arena_printf(arena, "%s divided by %s.", measure->numerator, measure->denominator ? measure->denominator : "1");
    if (!text)
        return err_set_code(err, ERR_REFUSED, "UNKNOWN_TERM", "I have no definition of “%s”", text_printable(arena, label));
    Sheet sheet = sheet_make(arena, catalog, out, heads, sizeof heads / sizeof *heads, 1);
    sheet_add(&sheet, (const char *const[]){label, text});
    out->summary = summary_escape(arena, text);
    return true;
}

bool answer_meta(Arena *arena, const Catalog *catalog, const Plan *plan, Answer *out, Err *err) {
    const char *meta = plan->meta ? plan->meta : "data";
    out->status = ANSWER_ANSWERED;
    out->plan = plan;
    out->scope = "total";
    if (!out->paraphrase) out->paraphrase = plan_paraphrase(arena, catalog, plan);
    describe_basis(arena, catalog, plan, out);
    out->measure = out->measure_label = NULL;
    if (text_equal(meta, "tags"))
        answer_tags(arena, catalog, out);
    else if (text_equal(meta, "columns"))
        answer_columns(arena, catalog, out);
    else if (text_equal(meta, "period"))
        answer_period(arena, catalog, out);
    else if (text_starts(meta, "definition:")) {
        if (!answer_definition(arena, catalog, meta + strlen("definition:"), out, err)) return false;
    } else
        answer_data(arena, catalog, out);
    /* A definition is knowledge of ours, not a claim about the data. */
    if (!text_starts(meta, "definition:")) answer_verify(arena, out, &out->numbers, &out->numbers_verified);
    out->chart = (ChartSpec){.kind = "table"};
    suggest_next(arena, catalog, out);
    return true;
}
