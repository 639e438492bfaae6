/* The run rate: what a period costs when every day costs what an average day of those learned from did. */
#include "base/sql.h"
#include "base/text.h"
#include "investigate/days.h"
#include "investigate/outlook.h"

/* The days learned from: those asked for, as far as they are over; else the complete days of the current month, and of the last
 * month while the current one has none. */
static bool learned_days(const Catalog *catalog, const Plan *plan, Day *first, Day *last, Err *err) {
    const Day over = days_last_complete(catalog);
    *first = date_month(over, 0);
    *last = over;
    if (plan->learned.start != DAY_NONE) *first = plan->learned.start;
    if (plan->learned.end != DAY_NONE && plan->learned.end - 1 < over) *last = plan->learned.end - 1;
    if (*first < catalog->first_day) *first = catalog->first_day;
    if (*first <= *last) return true;
    return err_set_code(err, ERR_REFUSED, "NO_SUCH_DATA",
                        "None of the days to learn from is over, so there is no average day; name days that are loaded");
}

enum { RATE_COLUMNS = 5 };
static const CompiledColumn rate_columns[RATE_COLUMNS] = {
    {.name = "projected", .label = "projected", .role = ROLE_MEASURE, .unit = "currency"},
    {.name = "average_per_day", .label = "average per day", .role = ROLE_MEASURE, .unit = "currency"},
    {.name = "days", .label = "days of the period", .role = ROLE_COUNT},
    {.name = "learned_cost", .label = "cost learned from", .role = ROLE_MEASURE, .unit = "currency"},
    {.name = "learned_days", .label = "days learned from", .role = ROLE_COUNT}};

static bool ask(Arena *arena, const Desk *desk, const Plan *plan, Day first, Day last, const char **sql, Table **out,
                Err *err) {
    const Catalog *catalog = desk->catalog;
    const char *key = plan->group_count ? plan->group_by[0] : NULL;
    const char *columns[] = {desk_cost_column(catalog, plan), key ? key : "ServiceName"};
    const char *day = catalog->time_column->name;
    PlanScope scope = {0};
    if (!plan_scope(arena, catalog, plan, columns, key ? 2 : 1, &scope, err)) return false;
    Sql *text = sql_make(arena);
    sql_add(text, "WITH lines AS (\n  SELECT CAST(%I AS DATE) AS day, %I AS cost", day, columns[0]);
    if (key) sql_add(text, ", NULLIF(CAST(%I AS VARCHAR), '') AS %I", key, key);
    sql_add(text,
            "\n  FROM %I\n  WHERE %R AND %I >= DATE %S AND %I <= DATE %S\n),\nknown AS (\n  SELECT count(DISTINCT day) AS days "
            "FROM lines\n)\nSELECT ",
            scope.relation, scope.condition, day, date_text(arena, first), day, date_text(arena, last));
    if (key) sql_add(text, "%I, ", key);
    sql_add(text,
            "round(CAST(sum(cost) AS DOUBLE) / NULLIF(max(days), 0) * %d, 10) AS projected, round(CAST(sum(cost) AS DOUBLE) / "
            "NULLIF(max(days), 0), 10) AS average_per_day, %d AS days, sum(cost) AS learned_cost, max(days) AS learned_days\n"
            "FROM lines, known",
            (long long)(plan->time.end - plan->time.start), (long long)(plan->time.end - plan->time.start));
    if (key) sql_add(text, "\nGROUP BY 1\nORDER BY 2 DESC NULLS LAST, 1 NULLS LAST");
    *sql = sql_text(text);
    return desk_run(arena, desk, *sql, 0, out, err);
}

bool runrate_make(Arena *arena, const Desk *desk, const Plan *plan, Answer *out, Err *err) {
    const Catalog *catalog = desk->catalog;
    Day first = 0, last = 0;
    const char *sql = NULL;
    Table *table = NULL;
    if (!learned_days(catalog, plan, &first, &last, err)) return false;
    if (!ask(arena, desk, plan, first, last, &sql, &table, err)) return false;
    const size_t shift = plan->group_count ? 1 : 0;
    if (!table->row_count || !table_cell(table, 0, shift))
        return err_set_code(err, ERR_REFUSED, "NO_SUCH_DATA", "There is no cost from %s to %s to learn from",
                            date_text(arena, first), date_text(arena, last));
    Plan *told = plan_copy(arena, plan);
    told->time.partial = true;
    told->learned = (PlanTime){.start = first, .end = last + 1};
    plan_assume(arena, told, "method",
                arena_printf(arena, "run rate: average per day of %s to %s, times the days of the period; an estimate",
                             date_text(arena, first), date_text(arena, last)));
    CompiledColumn *columns = arena_array(arena, RATE_COLUMNS + 1, sizeof *columns);
    if (shift) {
        const CatalogColumn *key = catalog_column(catalog, plan->group_by[0]);
        columns[0] = (CompiledColumn){.name = key->name, .label = key->label, .role = ROLE_KEY};
    }
    for (size_t i = 0; i < RATE_COLUMNS; i++) columns[shift + i] = rate_columns[i];
    const char *currency = catalog->currency_count ? catalog->currencies[0] : NULL, *scope = answer_scope(arena, catalog, plan);
    const char *projected = table_cell(table, 0, shift), *average = table_cell(table, 0, shift + 1);
    Fact facts[] = {
        {.kind = "value", .subject = scope, .value = projected, .unit = currency, .row = -1, .column = "projected"},
        {.kind = "average", .subject = scope, .value = average, .unit = currency, .row = -1, .column = "average_per_day"},
        {.kind = "date",
         .subject = "period",
         .value = date_text(arena, plan->time.start),
         .unit = "date",
         .display = answer_period_text(arena, plan->time.start, plan->time.end),
         .row = -1},
        {.kind = "date",
         .subject = "learned",
         .value = date_text(arena, first),
         .unit = "date",
         .display = answer_period_text(arena, first, last + 1),
         .row = -1}};
    const char *summary =
        shift ? arena_printf(arena, "At the run rate of %s, this is what %s comes to.", facts[3].display, facts[2].display)
              : arena_printf(arena, "At the average of %s a day of %s, %s comes to %s. That is an estimate.",
                             answer_display(arena, average, currency), facts[3].display, facts[2].display,
                             answer_display(arena, projected, currency));
    const Compiled compiled = {.sql = sql, .dialect = "duckdb", .column_count = table->column_count, .columns = columns};
    answer_compose(arena, catalog, told, &compiled, table, shift ? facts + 2 : facts, shift ? 2 : 4, summary, out);
    return true;
}
