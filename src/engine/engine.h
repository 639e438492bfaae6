/* engine/engine.h: runs what the guard cleared, with ceilings on time, rows, bytes and memory. */
#ifndef CURLEW_ENGINE_ENGINE_H
#define CURLEW_ENGINE_ENGINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/table.h"
#include "guard/guard.h"
#include "io/duck.h"

typedef struct Engine Engine;

typedef struct {
    size_t rows;               /* 0 = RESULT_ROWS */
    size_t bytes;              /* 0 = RESULT_BYTES, RESULT_TYPED_BYTES for typed SQL */
    int timeout_ms;            /* 0 = QUERY_TIMEOUT_MS, SQL_TYPED_TIMEOUT_MS for typed SQL */
    const volatile bool *stop; /* set by Ctrl-C: the query is interrupted; may be NULL */
} EngineLimits;

/* An engine over an instance in which the workspace was set up. Locks the instance: no file, network, extension or settings
 * afterwards. Every query runs on a fresh connection. */
bool engine_open(Arena *arena, Duck *duck, Engine **out, Err *err);

/* Runs a cleared query in this process. */
bool engine_run(Arena *arena, Engine *engine, const Cleared *cleared, const EngineLimits *limits, Table **out, Err *err);

/* The same for small queries that many questions have in common: a result that this engine gave for the same text is given again, as what it
 * reads cannot change (not for an engine that reads files in place). */
bool engine_run_once(Arena *arena, Engine *engine, const Cleared *cleared, const EngineLimits *limits, Table **out, Err *err);

/* Runs a cleared query in this process and keeps its rows, in order of all columns so that they are the same each time, as the table `name` of the instance, in place of one of that name: for the next
 * queries of an investigation, which would compute the same again. `name` is ours, and no other's at the same time (engine_number());
 * the limits on rows and bytes do not apply. The table stays until engine_drop(), or the end of the instance. */
bool engine_keep(Arena *arena, Engine *engine, const char *name, const Cleared *cleared, const EngineLimits *limits, Err *err);
void engine_drop(Engine *engine, const char *name);
/* A number that this engine gives once: for names of tables that are kept. From any thread. */
unsigned long long engine_number(Engine *engine);

/* Runs a cleared query in a process of its own: fresh instance made by `setup` statements, then locked, with resource limits,
 * no new privileges, a system call filter and (where the kernel has it) a read-only view of the files; killed two seconds
 * after its time is up. For typed SQL. */
bool engine_run_isolated(Arena *arena, const char *const *setup, size_t setup_count, const Cleared *cleared,
                         const EngineLimits *limits, Table **out, Err *err);

/* The body of the worker process (argv[1] = "--query-worker"): reads a request on standard input, writes the result to
 * standard output, returns the exit code. Only main calls it. */
int engine_worker_main(void);

#endif
