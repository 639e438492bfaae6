/* Puts an answer together from a plan and its result, and refuses to give one that contradicts itself. */
#include <string.h>

#include "answer/answer.h"
#include "answer/cells.h"
#include "answer/chart.h"
#include "answer/describe.h"
#include "answer/facts.h"
#include "answer/suggest.h"
#include "answer/summary.h"
#include "base/limits.h"
#include "base/text.h"

/* The rows without hidden columns. */
static void show_columns(Arena *arena, const Compiled *compiled, const Table *raw, Answer *out) {
    Table *table = arena_alloc(arena, sizeof *table);
    size_t shown = 0;
    size_t *from = arena_array(arena, raw->column_count + 1, sizeof *from);
    for (size_t i = 0; i < raw->column_count; i++)
        if (!compiled->columns[i].hidden) from[shown++] = i;
    CompiledColumn *columns = arena_array(arena, shown + 1, sizeof *columns);
    *table = (Table){.column_count = shown, .row_count = raw->row_count, .truncated = raw->truncated};
    table->columns = arena_array(arena, shown + 1, sizeof *table->columns);
    table->cells = arena_array(arena, shown * raw->row_count + 1, sizeof *table->cells);
    for (size_t i = 0; i < shown; i++) {
        columns[i] = compiled->columns[from[i]];
        table->columns[i] = raw->columns[from[i]];
        table->columns[i].name = columns[i].name;
    }
    for (size_t row = 0; row < raw->row_count; row++)
        for (size_t i = 0; i < shown; i++)
            table->cells[row * shown + i] = cells_exact(arena, table_cell(raw, row, from[i]), raw->columns[from[i]].type);
    out->table = table;
    out->columns = columns;
}

/* Whether rows of a measure add up to its total: a plain sum over all groups, none of them cut off. */
static bool is_additive(const Facts *facts, const CompiledColumn *column) {
    const Plan *plan = facts->plan;
    const Measure *measure = column->measure ? catalog_measure(facts->catalog, column->measure) : NULL;
    bool plain = plan->intent == INTENT_BREAKDOWN || plan->intent == INTENT_SERIES;
    bool whole =
        plan->rank.n == 0 && !plan->rank.until && !plan->rank.positive_only && plan->having_count == 0 && plan->limit == 0;
    return plain && whole && !plan->charged_only && plan->agg == AGG_NONE && !plan->per && !facts->table->truncated &&
           measure && measure->kind == MEASURE_SUM && facts->catalog->currency_count <= 1 && !measure->unit_column;
}

static bool check_sum(const Facts *facts, int value, int total, Err *err) {
    Decimal sum = {0}, cell = {0}, expected = {0};
    for (size_t row = 0; row < facts->table->row_count; row++) {
        const char *text = table_cell(facts->table, row, (size_t)value);
        if (text && (!decimal_parse(text, &cell) || !decimal_add(sum, cell, &sum)))
            return true; /* not exact: nothing to compare */
    }
    if (!facts_decimal(facts, 0, total, &expected) || decimal_compare(sum, expected) == 0) return true;
    return err_set_code(err, ERR_INTERNAL, "PARTS_DIFFER",
                        "The rows of this answer do not add up to its total, so it is not shown; please report the question");
}

/* Shares of a whole lie between what rounding allows; exact sums are checked where rows are all there is. */
static bool check_result(const Facts *facts, Err *err) {
    for (size_t i = 0; facts->table->row_count && i < facts->table->column_count; i++) {
        const CompiledColumn *column = &facts->columns[i];
        int total = column->role == ROLE_MEASURE ? facts_role(facts, ROLE_TOTAL, column->measure) : -1;
        if (total >= 0 && is_additive(facts, column) && !check_sum(facts, (int)i, total, err)) return false;
    }
    return true;
}

/* A summary that does not verify is never shown: the table speaks for itself. */
static void write_summary(Facts *facts, Answer *out) {
    out->summary = summary_write(facts);
    answer_verify(facts->arena, out, &out->numbers, &out->numbers_verified);
    if (out->numbers == out->numbers_verified) return;
    out->summary = "The table holds the answer.";
    answer_verify(facts->arena, out, &out->numbers, &out->numbers_verified);
}

bool answer_make(Arena *arena, const Catalog *catalog, const Plan *plan, const Compiled *compiled, const Table *table,
                 Answer *out, Err *err) {
    if (compiled->column_count != table->column_count)
        return err_set(err, ERR_INTERNAL, "The engine gave %zu columns where %zu were planned; please report the question",
                       table->column_count, compiled->column_count);
    Table result = *table;
    const size_t most = compiled->rows > 0 ? (size_t)compiled->rows : RESULT_ROWS;
    if (table->row_count > most) {
        result.row_count = most;
        result.truncated = true;
    }
    out->status = ANSWER_ANSWERED;
    out->plan = plan;
    out->sql = compiled->sql;
    out->dialect = compiled->dialect;
    if (!out->paraphrase) out->paraphrase = plan_paraphrase(arena, catalog, plan);
    show_columns(arena, compiled, &result, out);
    describe_basis(arena, catalog, plan, out);
    out->scope = describe_scope(arena, catalog, plan);
    Facts facts = {.arena = arena,
                   .catalog = catalog,
                   .plan = plan,
                   .table = &result,
                   .columns = compiled->columns,
                   .scope = out->scope,
                   .part = describe_part(arena, catalog, plan),
                   .answer = out};
    if (out->period_start) facts.period = arena_printf(arena, "%s..%s", out->period_start, out->period_end);
    if (!check_result(&facts, err)) return false;
    write_summary(&facts, out);
    chart_choose(arena, out);
    suggest_next(arena, catalog, out);
    return true;
}
