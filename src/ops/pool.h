/* ops/pool.h: open sessions that wait for the next call, for doors that stay open and are asked by many at a time.
 *
 * The snapshots of a workspace are attached once, to one engine that all share; each session has a connection, a guard, catalogs
 * and lexicons of its own and serves one call at a time, so that nothing but the engine is used by two threads. A session that
 * finds a newer manifest than its own makes way for one on the new state; calls that run go on with the state they began with. */
#ifndef CURLEW_OPS_POOL_H
#define CURLEW_OPS_POOL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "ops.h"
#include "ops/session.h"

/* An empty pool for at most `sessions` calls at a time. Closed with the arena, when no call runs any more. */
SessionPool *pool_make(Arena *arena, size_t sessions);

/* A session on the workspace in `folder`, given back when `arena` is freed; waits while all are in use. ERR_CANCELLED when the
 * context says stop before one is free; ERR_NOT_FOUND when nothing is loaded. Safe from any thread. */
bool pool_borrow(Arena *arena, const OpContext *context, const char *folder, Session *out, Err *err);

/* Opens every session that is free, with what questions on the first data set need: so that the first question after a start or an
 * import is as quick as the others. What goes wrong will go wrong again when it is asked for, and be told then. */
void pool_warm(SessionPool *pool, const char *folder);

#endif
