/* guard/guard.h: decides which SQL may run. Fail closed: what is not on the allow-list is refused.
 *
 * The text is parsed by a locked engine of its own into a syntax tree; the tree is walked against an allow-list of node types, functions,
 * types and tables; what passed is turned back into text, and only that text runs. guard_clear() alone makes a Cleared. */
#ifndef CURLEW_GUARD_GUARD_H
#define CURLEW_GUARD_GUARD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

typedef struct Guard Guard;
typedef struct Cleared Cleared; /* SQL that passed; engine_run() accepts nothing else */

typedef enum {
    GUARD_TYPED,   /* written by a user or an LLM: tight ceilings */
    GUARD_COMPILED /* written by our compiler and rules: the same walk, with ceilings of its own */
} GuardOrigin;

/* Opens the parser's engine (some 10 ms, best beside other work). `tables` are the relations that may be read. Closed with the arena. A
 * Guard is used by one thread at a time. */
bool guard_open(Arena *arena, const char *const *tables, size_t table_count, Guard **out, Err *err);

/* The first typed SQL waits for a self-test (some 10 ms): statements that must be refused or allowed; ERR_INTERNAL when one comes out
 * differently, so that an engine upgrade that changes the trees is noticed.
 *
 * Clears `sql` of `size` bytes, or ERR_REFUSED with code UNSAFE and a sentence that names what is not allowed and what
 * is; code INVALID_SQL for text that cannot be parsed. */
bool guard_clear(Arena *arena, Guard *guard, const char *sql, size_t size, GuardOrigin origin, const Cleared **out, Err *err);

/* The canonical text that will run. */
const char *cleared_sql(const Cleared *cleared);
GuardOrigin cleared_origin(const Cleared *cleared);

#endif
