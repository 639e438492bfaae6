/* engine/limited.h: one cleared text on a fresh connection, with its ceilings. The same in this process and in a process of its own. */
#ifndef CURLEW_ENGINE_LIMITED_H
#define CURLEW_ENGINE_LIMITED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/table.h"
#include "io/duck.h"

typedef struct {
    const char *sql;
    size_t rows, bytes;
    int timeout_ms;
    const volatile bool *stop;
} LimitedQuery;

/* A fresh connection, since what a statement leaves behind in one (temporary views, variables) would be seen by the next. */
bool limited_run(Arena *arena, Duck *duck, const LimitedQuery *query, Table **out, Err *err);

#endif
