/* What drove an unusual stretch of days: the usage type and the resource that grew (or fell) most against the same days of the
 * week before. */
#include "base/sql.h"
#include "base/text.h"
#include "investigate/tell.h"

static const char *equals(Arena *arena, const char *column, const char *value) {
    if (text_is_empty(value)) return sql_format(arena, "NULLIF(CAST(%I AS VARCHAR), '') IS NULL", column);
    return sql_format(arena, "CAST(%I AS VARCHAR) = %S", column, value);
}

/* Days of the event and of a week earlier (later where the data begins with the event); `is_on` tells them apart. */
static const char *days_condition(const Search *search, const UnusualRun *run, const char **is_on) {
    Arena *arena = search->arena;
    const char *column = search->desk->catalog->time_column->name;
    enum { WEEK = 7 };
    const Day weeks = ((Day)(run->last - run->first) / WEEK + 1) * WEEK;
    const Day first = search->frame.first + (Day)run->first, last = search->frame.first + (Day)run->last;
    const Day moved = first - weeks >= search->frame.first ? -weeks : weeks;
    *is_on = sql_format(arena, "%I BETWEEN DATE %S AND DATE %S", column, date_text(arena, first), date_text(arena, last));
    return sql_format(arena, "(%R OR %I BETWEEN DATE %S AND DATE %S)", *is_on, column, date_text(arena, first + moved),
                      date_text(arena, last + moved));
}

static const char *const blamed[] = {"ServiceName", "x_UsageType", "ResourceId"};
enum { BLAMED = sizeof blamed / sizeof *blamed };

/* Columns that the event does not name already. */
static size_t choose(const Search *search, const Event *event, const char **columns) {
    size_t count = 0;
    for (size_t i = 0; i < BLAMED; i++) {
        bool named = !catalog_column(search->desk->catalog, blamed[i]);
        for (size_t slot = 0; slot < search->dimension_count; slot++)
            named |= (event->mask >> slot & 1) && text_equal(search->dimensions[slot]->name, blamed[i]);
        if (!named) columns[count++] = blamed[i];
    }
    return count;
}

bool blame_event(const Search *search, const Event *event, const char **out, Err *err) {
    Arena *arena = search->arena;
    const Catalog *catalog = search->desk->catalog;
    const char *columns[BLAMED + DAYS_KEYS + 2], *is_on = NULL, *cost = desk_cost_column(catalog, search->plan);
    const size_t count = choose(search, event, columns);
    size_t all = count;
    PlanScope scope = {0};
    Table *table = NULL;
    *out = NULL;
    if (!count) return true;
    for (size_t slot = 0; slot < search->dimension_count; slot++) columns[all++] = search->dimensions[slot]->name;
    columns[all++] = cost;
    columns[all++] = "ChargeCategory";
    if (!plan_scope(arena, catalog, search->plan, columns, all, &scope, err)) return false;
    const char *days = days_condition(search, &event->run, &is_on);
    Sql *sql = sql_make(arena);
    sql_add(sql, "SELECT sum(CASE WHEN %R THEN %I ELSE -%I END) AS excess", is_on, cost, cost);
    for (size_t i = 0; i < count; i++) sql_add(sql, ", NULLIF(CAST(%I AS VARCHAR), '') AS b%d", columns[i], (long long)i);
    sql_add(sql, "\nFROM %I\nWHERE %R AND %R AND %R", scope.relation, scope.condition, search->usage, days);
    for (size_t slot = 0; slot < search->dimension_count; slot++)
        if (event->mask >> slot & 1) sql_add(sql, " AND %R", equals(arena, search->dimensions[slot]->name, event->keys[slot]));
    sql_add(sql, "\nGROUP BY ");
    for (size_t i = 0; i < count; i++) sql_add(sql, i ? ", %d" : "%d", (long long)i + 2);
    sql_add(sql, event->run.excess > 0 ? "\nORDER BY 1 DESC" : "\nORDER BY 1");
    for (size_t i = 0; i < count; i++) sql_add(sql, ", %d NULLS LAST", (long long)i + 2);
    sql_add(sql, "\nLIMIT 1");
    if (!desk_run(arena, search->desk, sql_text(sql), 1, &table, err)) return false;
    if (!table->row_count || desk_double(table, 0, 0) * event->run.excess <= 0) return true;
    Buffer text = {.arena = arena};
    for (size_t i = 0; i < count; i++) {
        const char *cell = table_cell(table, 0, i + 1);
        if (!text_is_empty(cell)) buffer_printf(&text, "%s%s", text.size ? ", " : "", cell);
    }
    *out = text.size ? buffer_text(&text) : NULL;
    return true;
}
