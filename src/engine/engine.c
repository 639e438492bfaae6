#include "engine/engine.h"

#include <stdatomic.h>

#include "base/limits.h"
#include "base/sql.h"
#include "engine/limited.h"
#include "engine/recall.h"
#include "engine/worker.h"

struct Engine {
    Duck *duck;
    Recall *recall;
    atomic_ullong numbers; /* given by engine_number() */
};

bool engine_open(Arena *arena, Duck *duck, Engine **out, Err *err) {
    DuckSession *session = NULL;
    *out = NULL;
    Arena *work = arena_make();
    bool ok = duck_connect(work, duck, &session, err) && duck_lock(session, err);
    arena_free(work);
    if (!ok) return false;
    Engine *engine = arena_alloc(arena, sizeof *engine);
    engine->duck = duck;
    engine->recall = recall_open(arena);
    *out = engine;
    return true;
}

bool limited_run(Arena *arena, Duck *duck, const LimitedQuery *query, Table **out, Err *err) {
    *out = NULL;
    Arena *work = arena_make();
    DuckSession *session = NULL;
    /* One row more than wanted: its presence says that the result was cut. */
    const char *sql = sql_format(work, "SELECT * FROM (%R\n) LIMIT %d", query->sql, (long long)query->rows + 1);
    const DuckLimits limits = {
        .rows = query->rows, .bytes = query->bytes, .timeout_ms = query->timeout_ms, .stop = query->stop};
    bool ok = duck_connect(work, duck, &session, err) && duck_query(arena, session, sql, NULL, 0, &limits, out, err);
    arena_free(work);
    return ok;
}

static LimitedQuery with_defaults(const Cleared *cleared, const EngineLimits *limits) {
    bool typed = cleared_origin(cleared) == GUARD_TYPED;
    LimitedQuery query = {.sql = cleared_sql(cleared)};
    if (limits) query = (LimitedQuery){cleared_sql(cleared), limits->rows, limits->bytes, limits->timeout_ms, limits->stop};
    if (!query.rows) query.rows = RESULT_ROWS;
    if (!query.bytes) query.bytes = typed ? RESULT_TYPED_BYTES : RESULT_BYTES;
    if (!query.timeout_ms) query.timeout_ms = typed ? SQL_TYPED_TIMEOUT_MS : QUERY_TIMEOUT_MS;
    return query;
}

bool engine_run(Arena *arena, Engine *engine, const Cleared *cleared, const EngineLimits *limits, Table **out, Err *err) {
    const LimitedQuery query = with_defaults(cleared, limits);
    return limited_run(arena, engine->duck, &query, out, err);
}

bool engine_run_once(Arena *arena, Engine *engine, const Cleared *cleared, const EngineLimits *limits, Table **out, Err *err) {
    const char *sql = cleared_sql(cleared);
    if (recall_find(arena, engine->recall, sql, out)) return true;
    if (!engine_run(arena, engine, cleared, limits, out, err)) return false;
    recall_keep(engine->recall, sql, *out);
    return true;
}

bool engine_keep(Arena *arena, Engine *engine, const char *name, const Cleared *cleared, const EngineLimits *limits, Err *err) {
    const LimitedQuery query = with_defaults(cleared, limits);
    const DuckLimits ceilings = {.timeout_ms = query.timeout_ms, .stop = query.stop};
    Arena *work = arena_make();
    DuckSession *session = NULL;
    Table *ignored = NULL;
    const char *sql = sql_format(work, "CREATE OR REPLACE TABLE %I AS SELECT * FROM (\n%R\n) ORDER BY ALL", name, query.sql);
    bool ok =
        duck_connect(work, engine->duck, &session, err) && duck_query(arena, session, sql, NULL, 0, &ceilings, &ignored, err);
    arena_free(work);
    return ok;
}

void engine_drop(Engine *engine, const char *name) {
    Arena *work = arena_make();
    DuckSession *session = NULL;
    Err ignored = {0};
    if (duck_connect(work, engine->duck, &session, &ignored))
        duck_run(session, sql_format(work, "DROP TABLE IF EXISTS %I", name), &ignored);
    arena_free(work);
}

unsigned long long engine_number(Engine *engine) {
    return atomic_fetch_add(&engine->numbers, 1);
}

bool engine_run_isolated(Arena *arena, const char *const *setup, size_t setup_count, const Cleared *cleared,
                         const EngineLimits *limits, Table **out, Err *err) {
    const LimitedQuery query = with_defaults(cleared, limits);
    const WorkerRequest request = {
        .setup = setup,
        .setup_count = setup_count,
        .sql = query.sql,
        .rows = query.rows,
        .bytes = query.bytes,
        .timeout_ms = query.timeout_ms,
        .stop = query.stop,
    };
    return worker_run(arena, &request, out, err);
}
