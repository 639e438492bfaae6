#include "question/compile.h"

#include <string.h>

#include "base/text.h"
#include "question/query.h"

/* One intent, one shape. DRIVERS is a comparison with its own order. */
static bool compile_shape(Query *query, Err *err) {
    switch (query->plan->intent) {
    case INTENT_TOTAL: return compile_total(query, err);
    case INTENT_BREAKDOWN: return compile_breakdown(query, err);
    case INTENT_SERIES: return compile_series(query, err);
    case INTENT_COMPARE:
    case INTENT_DRIVERS: return compile_compare(query, err);
    case INTENT_SHARE: return compile_share(query, err);
    case INTENT_COUNT: return compile_count(query, err);
    case INTENT_STAT: return compile_stat(query, err);
    case INTENT_LIST: return compile_list(query, err);
    case INTENT_DETAIL: return compile_detail(query, err);
    case INTENT_FIRST_LAST: return compile_first_last(query, err);
    case INTENT_NEW_GONE: return compile_new_gone(query, err);
    case INTENT_ANOMALY:
    case INTENT_FORECAST: return compile_days(query, err);
    case INTENT_META: break;
    }
    return err_set(err, ERR_INTERNAL, "A question about the data set itself has no SQL");
}

/* A rank asks for fewer rows than the plan allows, and these are all. What the plan or a result limits is asked for with one row more: it
 * shows that rows were left out. */
static long long limit_rows(Query *query) {
    const long long limit = query->plan->limit;
    const long long most = limit > 0 && limit < RESULT_ROWS ? limit : RESULT_ROWS;
    if (query->limit > 0 && query->limit <= most) return query->limit;
    query->limit = most + 1;
    return most;
}

bool plan_scope(Arena *arena, const Catalog *catalog, const Plan *plan, const char *const *columns, size_t count,
                PlanScope *out, Err *err) {
    Plan timeless = *plan;
    timeless.time = (PlanTime){.start = DAY_NONE, .end = DAY_NONE};
    if (plan->compare.kind == COMPARE_PERIODS) timeless.compare.kind = COMPARE_NONE;
    Query query = {.arena = arena, .catalog = catalog, .plan = &timeless, .rollups = catalog->rollup != NULL};
    if (!dialect_find(arena, "duckdb", &query.dialect, err)) return false;
    Texts conditions = filter_conditions(&query, false);
    filter_times(&query);
    for (size_t i = 0; i < query.where.count; i++) texts_add(arena, &conditions, query.where.items[i]);
    for (size_t i = 0; i < count; i++)
        if (catalog_column(catalog, columns[i])) query_touch(&query, columns[i]);
    out->relation = query.rollups && !query.lines_only ? catalog->rollup : catalog->dataset;
    out->condition = conditions.count ? texts_join(arena, &conditions, "\n  AND ") : "TRUE";
    return true;
}

bool plan_compile(Arena *arena, const Catalog *catalog, const Plan *plan, const char *dialect, bool rollups, Compiled *out,
                  Err *err) {
    *out = (Compiled){0};
    Query query = {.arena = arena, .catalog = catalog, .plan = plan, .rollups = rollups && catalog->rollup};
    if (!dialect_find(arena, dialect, &query.dialect, err)) return false;
    if (!compile_shape(&query, err)) return false;
    out->rows = limit_rows(&query);
    out->relation = query_relation(&query);
    out->sql = query_text(&query, out->relation);
    if (!out->sql) return err_set(err, ERR_INTERNAL, "The plan holds a number that is not one");
    if (strlen(out->sql) > SQL_COMPILED_BYTES)
        return err_set_code(err, ERR_LIMIT, "TOO_BROAD",
                            "This question names so many values that its SQL would be longer than %d KB; name fewer of them",
                            SQL_COMPILED_BYTES / 1024);
    out->dialect = dialect;
    out->column_count = query.column_count;
    out->columns = query.columns;
    return true;
}
