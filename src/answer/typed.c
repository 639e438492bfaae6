/* Answers without a plan: SQL that a user typed, what an inquiry found, and questions that are declined. */
#include "answer/answer.h"
#include "answer/cells.h"
#include "answer/facts.h"
#include "answer/suggest.h"
#include "base/text.h"

static void set_data(Arena *arena, const Catalog *catalog, Answer *out) {
    out->source = catalog->source;
    out->source_label = catalog->source_label;
    out->data_through = catalog->data_through;
    if (catalog->as_of != DAY_NONE) out->as_of = date_text(arena, catalog->as_of);
    if (catalog->currency_count == 1) out->currency = catalog->currencies[0];
}

/* Everything that is loaded. */
static void set_period(Arena *arena, const Catalog *catalog, Answer *out) {
    if (catalog->first_day == DAY_NONE) return;
    out->period_start = date_text(arena, catalog->first_day);
    out->period_end = date_text(arena, catalog->last_day + 1);
    out->period_complete = catalog->month_count == 0 || catalog->months[catalog->month_count - 1].complete;
}

/* A column of the result named like one of the data set keeps its label; nobody knows the unit of an expression. */
static CompiledColumn typed_column(const Catalog *catalog, const char *name) {
    const CatalogColumn *known = catalog_column(catalog, name);
    return (CompiledColumn){.name = name, .label = known ? known->label : name, .role = ROLE_OTHER};
}

void answer_typed(Arena *arena, const Catalog *catalog, const char *sql, const Table *table, Answer *out) {
    CompiledColumn *columns = arena_array(arena, table->column_count + 1, sizeof *columns);
    for (size_t i = 0; i < table->column_count; i++) columns[i] = typed_column(catalog, table->columns[i].name);
    out->status = ANSWER_ANSWERED;
    out->sql = sql;
    out->dialect = "duckdb";
    out->planner = "sql";
    Table *shown = arena_alloc(arena, sizeof *shown);
    *shown = *table;
    shown->cells = arena_array(arena, table->row_count * table->column_count + 1, sizeof *shown->cells);
    for (size_t i = 0; i < table->row_count * table->column_count; i++)
        shown->cells[i] = cells_exact(arena, table->cells[i], table->columns[i % table->column_count].type);
    out->table = shown;
    out->columns = columns;
    out->scope = "total";
    out->chart = (ChartSpec){.kind = "table"};
    set_data(arena, catalog, out);
    out->currency = NULL;
    Facts facts = {.arena = arena, .catalog = catalog, .scope = out->scope, .answer = out};
    const Fact *count = facts_count(&facts, (long long)table->row_count, NULL, "rows of the result");
    const char *more = table->truncated ? " More rows exist than are shown." : "";
    out->summary =
        arena_printf(arena, "The query gives %s %s.%s", count->display, table->row_count == 1 ? "row" : "rows", more);
    answer_verify(arena, out, &out->numbers, &out->numbers_verified);
}

void answer_found(Arena *arena, const Catalog *catalog, const AnswerFound *found, Answer *out) {
    out->status = ANSWER_ANSWERED;
    out->paraphrase = found->paraphrase;
    out->sql = found->sql;
    out->dialect = "duckdb";
    out->table = found->table;
    out->columns = found->columns;
    out->scope = found->scope;
    out->chart = (ChartSpec){.kind = "table"};
    set_data(arena, catalog, out);
    set_period(arena, catalog, out);
    if (!answer_add(arena, out, found->facts, found->fact_count, found->summary)) out->summary = "The table holds the answer.";
    suggest_next(arena, catalog, out);
}

void answer_declined(Arena *arena, const Catalog *catalog, Answer *out) {
    set_data(arena, catalog, out);
    set_period(arena, catalog, out);
    suggest_next(arena, catalog, out);
}
