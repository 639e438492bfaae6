/* SQL that a user types: the guard's tight ceilings, an engine in a process of its own. */
#include <string.h>

#include "answer/events.h"
#include "base/text.h"
#include "ops/operations.h"
#include "ops/session.h"

/* What typed SQL can read: every column of every data set with its class. */
static bool show_schema(Arena *arena, Session *session, OpResult *out, Err *err) {
    out->report = report_make(arena);
    out->json = json_make_object(arena);
    Json *tables = json_put_array(out->json, "tables");
    for (size_t i = 0; i < workspace_dataset_count(session->workspace); i++) {
        Catalog *catalog = NULL;
        if (!session_catalog(arena, session, workspace_dataset(session->workspace, i), &catalog, err)) return false;
        const char *rollup = catalog->rollup ? arena_printf(arena, "; %s has the columns marked daily", catalog->rollup) : "";
        report_heading(out->report,
                       arena_printf(arena, "%s: %s lines%s", catalog->dataset, text_count(arena, catalog->row_count), rollup));
        Grid *grid = grid_make(arena, 4, catalog->column_count);
        static const char *const titles[] = {"column", "type", "class", "daily"};
        for (size_t j = 0; j < 4; j++) grid->columns[j].title = titles[j];
        Json *table = json_add_object(tables);
        json_put_text(table, "name", catalog->dataset);
        json_put_text(table, "rollup", catalog->rollup);
        Json *columns = json_put_array(table, "columns");
        for (size_t j = 0; j < catalog->column_count; j++) {
            const CatalogColumn *column = &catalog->columns[j];
            grid_set(grid, j, 0, text_printable(arena, column->name));
            grid_set(grid, j, 1, table_type_name(column->type));
            grid_set(grid, j, 2, catalog_class_name(column->class));
            grid_set(grid, j, 3, column->in_rollup ? "daily" : "");
            Json *object = json_add_object(columns);
            json_put_text(object, "name", column->name);
            json_put_text(object, "type", table_type_name(column->type));
            json_put_text(object, "class", catalog_class_name(column->class));
            json_put_text(object, "label", column->label);
            json_put_bool(object, "in_rollup", column->in_rollup);
        }
        report_grid(out->report, grid);
    }
    return true;
}

static bool run_typed(Arena *arena, Session *session, const Catalog *catalog, const OpCall *call, Answer *answer, Err *err) {
    const char *sql = call_text(call, "query");
    Guard *guard = NULL;
    const Cleared *cleared = NULL;
    Table *table = NULL;
    EngineLimits limits = {.stop = session->context->stop};
    answer->question = sql;
    if (!session_guard(arena, session, &guard, err)) return false;
    if (!guard_clear(arena, guard, sql, strlen(sql), GUARD_TYPED, &cleared, err)) return false;
    const OpContext *context = session->context;
    if (context->tell) answer_tell_sql(arena, cleared_sql(cleared), "duckdb", context->tell, context->door);
    answer->plan_ms = session_step(session, "clear");
    if (!engine_run_isolated(arena, session->setup, session->setup_count, cleared, &limits, &table, err)) return false;
    answer->execute_ms = session_step(session, "run");
    answer_typed(arena, catalog, cleared_sql(cleared), table, answer);
    answer->row_limit = (size_t)call_count(call, "limit", 0);
    session_tell_times(arena, session, answer);
    return true;
}

bool op_sql(Arena *arena, const OpContext *context, const OpCall *call, OpResult *out, Err *err) {
    Session session = {0};
    const char *dataset = NULL;
    Catalog *catalog = NULL;
    bool schema = call_flag(call, "schema");
    if (!schema && !call_text(call, "query"))
        return err_set(err, ERR_USAGE,
                       "Give a query, as in: curlew sql \"SELECT sum(BilledCost) FROM bill\"; --schema lists the columns");
    if (call_flag(call, "direct"))
        return err_set_code(
            err, ERR_REFUSED, "UNSAFE",
            "SQL is not run on files in place: typed SQL must not be able to open files; leave out --direct to import "
            "them, or ask in words");
    if (!session_open(arena, context, call, &session, err)) return false;
    if (schema) return show_schema(arena, &session, out, err);
    if (!session_dataset(arena, &session, call, &dataset, err)) return false;
    if (!session_catalog(arena, &session, dataset, &catalog, err)) return false;
    out->answer = arena_alloc(arena, sizeof *out->answer);
    return run_typed(arena, &session, catalog, call, out->answer, err);
}
