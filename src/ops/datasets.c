/* What is loaded, at a glance: the data sets of the workspace, and the first rows of one. */
#include <string.h>

#include "base/sql.h"
#include "base/text.h"
#include "ops/operations.h"

static void put_day(Arena *arena, Json *object, const char *name, Day day) {
    json_put_text(object, name, day == DAY_NONE ? NULL : date_text(arena, day));
}

static void put_dataset(Arena *arena, const Session *session, const Catalog *catalog, Json *list) {
    Json *object = json_add_object(list);
    json_put_text(object, "name", catalog->dataset);
    json_put_text(object, "kind", catalog->is_bill ? "bill" : "table");
    json_put_text(object, "label", catalog->detected_service);
    json_put_integer(object, "row_count", catalog->row_count);
    json_put_text(object, "row_label", text_is_empty(catalog->row_plural) ? "rows" : catalog->row_plural);
    json_put_integer(object, "columns", (long long)catalog->column_count);
    put_day(arena, object, "first_day", catalog->first_day);
    put_day(arena, object, "last_day", catalog->last_day);
    json_put_text(object, "data_through", catalog->data_through);
    put_day(arena, object, "as_of", catalog->as_of);
    json_put_text(object, "provider", catalog->provider);
    Json *currencies = json_put_array(object, "currencies");
    for (size_t i = 0; i < catalog->currency_count; i++) json_add_text(currencies, catalog->currencies[i]);
    Json *snapshots = json_put_array(object, "snapshots");
    for (size_t i = 0; i < workspace_snapshot_count(session->workspace); i++) {
        const Snapshot *snapshot = workspace_snapshot(session->workspace, i);
        if (!text_equal(snapshot->dataset, catalog->dataset)) continue;
        Json *part = json_add_object(snapshots);
        json_put_text(part, "period", snapshot->period);
        json_put_text(part, "format", snapshot->format);
        json_put_text(part, "source", snapshot->source);
        json_put_integer(part, "row_count", snapshot->row_count);
    }
    json_put_text(object, "source_label", catalog->source_label);
}

static void put_line(Arena *arena, Grid *grid, size_t row, const Catalog *catalog) {
    const bool dated = catalog->first_day != DAY_NONE;
    grid_set(grid, row, 0, text_printable(arena, catalog->dataset));
    grid_set(grid, row, 1, text_count(arena, catalog->row_count));
    grid_set(grid, row, 2,
             dated ? arena_printf(arena, "%s to %s", date_text(arena, catalog->first_day), date_text(arena, catalog->last_day))
                   : "");
    grid_set(grid, row, 3, catalog->source_label ? text_printable(arena, catalog->source_label) : "");
}

bool op_datasets(Arena *arena, const OpContext *context, const OpCall *call, OpResult *out, Err *err) {
    static const char *const titles[] = {"data set", "lines", "period", "source"};
    enum { TITLES = sizeof titles / sizeof *titles };
    Session session = {0};
    if (!session_open(arena, context, call, &session, err)) return false;
    const size_t count = workspace_dataset_count(session.workspace);
    out->json = json_make_object(arena);
    json_put_integer(out->json, "revision", workspace_revision(session.workspace));
    Json *list = json_put_array(out->json, "datasets");
    Grid *grid = grid_make(arena, TITLES, count);
    for (size_t i = 0; i < TITLES; i++) grid->columns[i].title = titles[i];
    grid->columns[1].right = true;
    for (size_t i = 0; i < count; i++) {
        Catalog *catalog = NULL;
        if (!session_catalog(arena, &session, workspace_dataset(session.workspace, i), &catalog, err)) return false;
        put_dataset(arena, &session, catalog, list);
        put_line(arena, grid, i, catalog);
    }
    out->report = report_make(arena);
    report_grid(out->report, grid);
    return true;
}

bool op_preview(Arena *arena, const OpContext *context, const OpCall *call, OpResult *out, Err *err) {
    enum { ROWS_USUAL = 50 };
    Session session = {0};
    const char *dataset = NULL;
    Catalog *catalog = NULL;
    Guard *guard = NULL;
    Engine *engine = NULL;
    const Cleared *cleared = NULL;
    Table *table = NULL;
    long long rows = call_count(call, "limit", ROWS_USUAL);
    const EngineLimits limits = {.stop = context->stop, .rows = (size_t)rows};
    if (!session_open(arena, context, call, &session, err) || !session_dataset(arena, &session, call, &dataset, err) ||
        !session_catalog(arena, &session, dataset, &catalog, err) || !session_guard(arena, &session, &guard, err))
        return false;
    if (rows > (long long)RESULT_ROWS)
        return err_set(err, ERR_USAGE, "--limit takes at most %d rows; curlew export writes them all", RESULT_ROWS);
    const char *sql = sql_format(arena, "SELECT * FROM %I LIMIT %d", dataset, rows);
    if (!guard_clear(arena, guard, sql, strlen(sql), GUARD_COMPILED, &cleared, err)) return false;
    if (!session_engine(arena, &session, &engine, err)) return false;
    if (!engine_run(arena, engine, cleared, &limits, &table, err)) return false;
    out->answer = arena_alloc(arena, sizeof *out->answer);
    answer_typed(arena, catalog, cleared_sql(cleared), table, out->answer);
    session_tell_times(arena, &session, out->answer);
    return true;
}
