/* A whole data set as a file, normalised, for other tools. */
#include <string.h>

#include "base/sql.h"
#include "base/text.h"
#include "io/clock.h"
#include "io/file.h"
#include "ops/operations.h"

/* Looks while the engine writes whether the user wants to stop, and says that it goes on. */
static bool copy(Arena *arena, Session *session, const char *dataset, const char *out, const char *format, Err *err) {
    const char *options = text_equal(format, "parquet") ? "FORMAT parquet, COMPRESSION zstd" : "FORMAT csv, HEADER true";
    const char *sql = sql_format(arena, "COPY (SELECT * FROM %I) TO %S (%R)", dataset, out, options);
    const DuckLimits limits = {.timeout_ms = -1, .stop = session->context->stop};
    Table *table = NULL;
    /* The order of lines means nothing, and keeping it holds every thread's row groups until their turn: gigabytes on a long bill. */
    if (!duck_run(session->connection, "SET preserve_insertion_order = false", err)) return false;
    return duck_query(arena, session->connection, sql, NULL, 0, &limits, &table, err);
}

bool op_export(Arena *arena, const OpContext *context, const OpCall *call, OpResult *out, Err *err) {
    const char *path = call_text(call, "out"), *format = call_text(call, "format"), *dataset = NULL;
    OpContext own = *context;
    Session session = {0};
    Catalog *catalog = NULL;
    /* Not a session of a pool: its engine may not write files. */
    own.pool = NULL;
    if (file_info(path).kind != FILE_MISSING)
        return err_set_code(err, ERR_USAGE, "FILE_EXISTS", "%s exists already; name another file", text_printable(arena, path));
    if (!format) format = text_ends_fold(path, ".parquet") ? "parquet" : "csv";
    if (!session_open(arena, &own, call, &session, err)) return false;
    if (!session_dataset(arena, &session, call, &dataset, err)) return false;
    if (!session_catalog(arena, &session, dataset, &catalog, err)) return false;
    /* Written beside its place and renamed: who finds the file finds it whole. */
    const char *part = arena_printf(arena, "%s.part", path);
    Err ignored = {0};
    if (!copy(arena, &session, dataset, part, format, err) || !file_rename(part, path, err)) {
        file_remove(part, &ignored);
        return false;
    }
    out->json = json_make_object(arena);
    json_put_text(out->json, "dataset", dataset);
    json_put_text(out->json, "format", format);
    json_put_text(out->json, "out", path);
    json_put_integer(out->json, "row_count", catalog->row_count);
    json_put_integer(out->json, "size_bytes", (long long)file_info(path).size_bytes);
    out->report = report_make(arena);
    report_line(out->report, arena_printf(arena, "%s rows of %s are in %s", text_count(arena, catalog->row_count),
                                          text_printable(arena, dataset), text_printable(arena, path)));
    return true;
}
