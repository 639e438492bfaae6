#include "investigate/days.h"

#include <math.h>
#include <string.h>

#include "base/sql.h"
#include "base/text.h"

/* Rows of one question for daily costs: 2,000 series of a year, far more than anybody can be told of. */
#define DAY_ROWS 700000

Day days_last_complete(const Catalog *catalog) {
    Day through = DAY_NONE;
    if (catalog->as_of == DAY_NONE) return catalog->last_day;
    /* The end of the last hour of usage: midnight is the end of the day before. */
    if (!catalog->data_through || !date_parse(catalog->data_through, &through)) return catalog->as_of;
    return through - 1 < catalog->as_of ? through - 1 : catalog->as_of;
}

bool days_usage(Arena *arena, const Catalog *catalog, const char **out, Err *err) {
    const char *support = NULL;
    *out = "TRUE";
    if (!catalog_column(catalog, "ChargeCategory")) return true;
    if (!desk_concept(arena, catalog, "support", &support, err)) return false;
    *out = sql_format(arena, "%I = 'Usage' AND NOT coalesce(%R, FALSE)", "ChargeCategory", support);
    return true;
}

static bool write_sql(Arena *arena, const Desk *desk, const Plan *plan, const char *condition, const char *const *dimensions,
                      size_t count, const char *least, const char **out, Err *err) {
    const Catalog *catalog = desk->catalog;
    const char *columns[DAYS_KEYS + 2] = {desk_cost_column(catalog, plan), "ChargeCategory"};
    PlanScope scope = {0};
    for (size_t i = 0; i < count; i++) columns[2 + i] = dimensions[i];
    if (!plan_scope(arena, catalog, plan, columns, count + 2, &scope, err)) return false;
    Sql *sql = sql_make(arena);
    sql_add(sql, "WITH days AS (\n  SELECT CAST(%I AS DATE) AS day", catalog->time_column->name);
    for (size_t i = 0; i < count; i++) sql_add(sql, ", NULLIF(CAST(%I AS VARCHAR), '') AS k%d", dimensions[i], (long long)i);
    sql_add(sql, ", sum(%I) AS cost\n  FROM %I\n  WHERE %R AND %R AND %I <= DATE %S\n  GROUP BY 1", columns[0], scope.relation,
            scope.condition, condition, catalog->time_column->name, date_text(arena, days_last_complete(catalog)));
    for (size_t i = 0; i < count; i++) sql_add(sql, ", %d", (long long)i + 2);
    sql_add(sql, "\n),\npeaks AS (\n  SELECT *, max(abs(cost)) OVER (PARTITION BY 1");
    for (size_t i = 0; i < count; i++) sql_add(sql, ", k%d", (long long)i);
    sql_add(sql, ") AS peak\n  FROM days\n)\nSELECT day, cost");
    for (size_t i = 0; i < count; i++) sql_add(sql, ", k%d", (long long)i);
    sql_add(sql, "\nFROM peaks\nWHERE peak >= %N\nORDER BY peak DESC", least);
    for (size_t i = 0; i < count; i++) sql_add(sql, ", k%d NULLS LAST", (long long)i);
    sql_add(sql, ", day\nLIMIT %d", (long long)DAY_ROWS);
    *out = sql_text(sql);
    return true;
}

static Day day_of(const Table *table, size_t row) {
    Day day = DAY_NONE;
    const char *cell = table_cell(table, row, 0);
    if (!cell || !date_parse(cell, &day)) return DAY_NONE;
    return day;
}

/* From the first day with lines to the last that is over; days between without any line are gaps of the data. */
static void make_frame(Arena *arena, const Table *table, Day last, DayFrame *frame) {
    Day first = DAY_NONE;
    for (size_t row = 0; row < table->row_count; row++) {
        const Day day = day_of(table, row);
        if (day != DAY_NONE && (first == DAY_NONE || day < first)) first = day;
    }
    *frame = (DayFrame){.first = first};
    if (first == DAY_NONE || first > last) return;
    frame->count = (size_t)(last - first) + 1;
    bool *has_lines = arena_array(arena, frame->count, sizeof *has_lines);
    for (size_t row = 0; row < table->row_count; row++) {
        const Day day = day_of(table, row);
        if (day >= first && day <= last) has_lines[day - first] = true;
    }
    frame->has_lines = has_lines;
}

static bool same_keys(const Table *table, size_t a, size_t b) {
    for (size_t i = 2; i < table->column_count; i++)
        if (!text_equal(table_cell(table, a, i), table_cell(table, b, i))) return false;
    return true;
}

static DaySeries make_series(Arena *arena, const Table *table, size_t from, size_t to, const DayFrame *frame) {
    DaySeries series = {0};
    Decimal *costs = arena_array(arena, frame->count + 1, sizeof *costs);
    double *values = arena_array(arena, frame->count + 1, sizeof *values);
    for (size_t i = 2; i < table->column_count; i++) series.keys[i - 2] = table_cell(table, from, i);
    for (size_t row = from; row < to; row++) {
        const Day day = day_of(table, row);
        if (day < frame->first || day >= frame->first + (Day)frame->count) continue;
        costs[day - frame->first] = desk_decimal(table, row, 1);
    }
    for (size_t i = 0; i < frame->count; i++) values[i] = frame->has_lines[i] ? decimal_double(costs[i]) : NAN;
    series.costs = costs;
    series.values = values;
    return series;
}

bool days_read(Arena *arena, const Desk *desk, const Plan *plan, const char *condition, const char *const *dimensions,
               size_t dimension_count, const char *least, DayFrame *frame, DaySeries **out, size_t *count, Err *err) {
    const char *sql = NULL;
    Table *table = NULL;
    *count = 0;
    *out = NULL;
    if (!write_sql(arena, desk, plan, condition, dimensions, dimension_count, least, &sql, err)) return false;
    if (!desk_run(arena, desk, sql, DAY_ROWS, &table, err)) return false;
    if (!frame->count) make_frame(arena, table, days_last_complete(desk->catalog), frame);
    frame->sql = sql;
    frame->truncated = table->truncated;
    if (!frame->count) return true;
    size_t series = 0;
    for (size_t row = 0; row < table->row_count; row++) series += row == 0 || !same_keys(table, row, row - 1);
    *out = arena_array(arena, series + 1, sizeof **out);
    for (size_t from = 0, to = 0; from < table->row_count; from = to) {
        for (to = from + 1; to < table->row_count && same_keys(table, from, to);) to++;
        if (table->truncated && to == table->row_count) break; /* cut off in the middle */
        (*out)[(*count)++] = make_series(arena, table, from, to, frame);
    }
    return true;
}
