#include "investigate/desk.h"

#include <string.h>

#include "base/sql.h"
#include "base/text.h"

bool desk_run(Arena *arena, const Desk *desk, const char *sql, size_t rows, Table **out, Err *err) {
    return desk_run_wide(arena, desk, sql, rows, 0, out, err);
}

bool desk_run_wide(Arena *arena, const Desk *desk, const char *sql, size_t rows, size_t bytes, Table **out, Err *err) {
    const Cleared *cleared = NULL;
    EngineLimits limits = {.rows = rows, .bytes = bytes, .stop = desk->stop};
    if (!sql) return err_set(err, ERR_INTERNAL, "The question holds a number that is not one");
    if (!guard_clear(arena, desk->guard, sql, strlen(sql), GUARD_COMPILED, &cleared, err)) return false;
    return engine_run(arena, desk->engine, cleared, &limits, out, err);
}

bool desk_run_once(Arena *arena, const Desk *desk, const char *sql, Table **out, Err *err) {
    const Cleared *cleared = NULL;
    const EngineLimits limits = {.stop = desk->stop};
    if (!sql || desk->catalog->in_place) return desk_run(arena, desk, sql, 0, out, err);
    if (!guard_clear(arena, desk->guard, sql, strlen(sql), GUARD_COMPILED, &cleared, err)) return false;
    return engine_run_once(arena, desk->engine, cleared, &limits, out, err);
}

Decimal desk_decimal(const Table *table, size_t row, size_t column) {
    Decimal value = {0};
    const char *cell = table_cell(table, row, column);
    if (!cell || !decimal_parse(cell, &value)) return (Decimal){0};
    return value;
}

double desk_double(const Table *table, size_t row, size_t column) {
    return decimal_double(desk_decimal(table, row, column));
}

Rows desk_rows(Arena *arena, const CompiledColumn *columns, const CellType *types, size_t count) {
    Rows rows = {.arena = arena, .table = arena_alloc(arena, sizeof *rows.table)};
    rows.columns = arena_array(arena, count, sizeof *rows.columns);
    memcpy(rows.columns, columns, count * sizeof *columns);
    rows.table->column_count = count;
    rows.table->columns = arena_array(arena, count, sizeof *rows.table->columns);
    for (size_t i = 0; i < count; i++) rows.table->columns[i] = (TableColumn){.name = columns[i].name, .type = types[i]};
    return rows;
}

void desk_row(Rows *rows, const char *const *cells) {
    Table *table = rows->table;
    const size_t size = table->column_count * sizeof *table->cells;
    if (table->row_count == rows->room) {
        const size_t room = rows->room ? rows->room * 2 : 8;
        table->cells = arena_grow(rows->arena, table->cells, rows->room * size, room * size);
        rows->room = room;
    }
    memcpy(table->cells + table->row_count * table->column_count, cells, size);
    table->row_count++;
}

const char *desk_period(Arena *arena, const Catalog *catalog, const PlanTime *time) {
    if (!catalog->time_column) return NULL;
    const char *column = time->by_billing_period ? "BillingPeriodStart" : catalog->time_column->name;
    Sql *sql = sql_make(arena);
    sql_add(sql, "TRUE");
    if (time->start != DAY_NONE) sql_add(sql, " AND %I >= DATE %S", column, date_text(arena, time->start));
    if (time->end != DAY_NONE) sql_add(sql, " AND %I < DATE %S", column, date_text(arena, time->end));
    return sql_text(sql);
}

const char *desk_cost_column(const Catalog *catalog, const Plan *plan) {
    const Measure *measure = plan->measure_count == 1 ? catalog_measure(catalog, plan->measures[0]) : NULL;
    if (!catalog->is_bill || !measure || plan->per || catalog->currency_count > 1) return NULL;
    if (measure->kind != MEASURE_SUM || measure->concept || !text_equal(measure->unit, "currency")) return NULL;
    return measure->column;
}

bool desk_concept(Arena *arena, const Catalog *catalog, const char *id, const char **out, Err *err) {
    const Concept *concept = catalog_concept(catalog, id);
    PlanScope scope = {0};
    *out = "FALSE";
    if (!concept || !concept->available) return true;
    Plan *plan = plan_make(arena, catalog);
    plan_add_concept(arena, plan, id, false);
    if (!plan_scope(arena, catalog, plan, NULL, 0, &scope, err)) return false;
    *out = arena_printf(arena, "(%s)", scope.condition);
    return true;
}
