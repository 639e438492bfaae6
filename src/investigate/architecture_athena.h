/* investigate/architecture_athena.h: the bill put together by day as a query for Athena.
 *
 * Where the bill itself is too big to download, Athena sums it up: one line per resource, usage type, operation and day, in the columns of the
 * bill itself; instance hours, tasks and requests to tables and streams stay hour by hour, because rules read their rhythm. Its result, saved as
 * CSV, is a bill that `curlew load` and `curlew architecture --data` take. */
#ifndef CURLEW_INVESTIGATE_ARCHITECTURE_ATHENA_H
#define CURLEW_INVESTIGATE_ARCHITECTURE_ATHENA_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"

typedef struct {
    const char *table;     /* "cur2", "billing.cur_table": parts separated by dots */
    const char *tag;       /* of a legacy table: one tag to take along; NULL = none. CUR 2.0 has all of them in one column */
    bool legacy;           /* a table of a legacy CUR; else CUR 2.0 */
    const char *from, *to; /* billing months "2026-07", both included; NULL = all */
} ArchitectureQuery;

/* The query in Athena's SQL (Trino). ERR_USAGE for a table, tag or month that cannot be named. */
bool architecture_athena_sql(Arena *arena, const ArchitectureQuery *query, const char **out, Err *err);

#endif
