/* investigate/owners_athena.h: the extraction of resources as a query for Athena.
 *
 * Where the bill itself is too big to download, Athena reads it, and gives one row per resource: what owners_bill.h reads of a bill, with
 * the edges of the data marked. Its result, saved as CSV, is a data set that `curlew owners` takes in place of a bill. */
#ifndef CURLEW_INVESTIGATE_OWNERS_ATHENA_H
#define CURLEW_INVESTIGATE_OWNERS_ATHENA_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"

typedef struct {
    const char *table;     /* "cur2", "billing.cur_table": parts separated by dots */
    const char *tag;       /* key of the owner tag: "team" */
    bool legacy;           /* a table of a legacy CUR: tags are columns; else CUR 2.0: tags are a map */
    const char *from, *to; /* billing months "2026-07", both included; NULL = all */
} OwnersQuery;

/* The query in Athena's SQL (Trino). ERR_USAGE for a table or tag that cannot be named. */
bool owners_athena_sql(Arena *arena, const OwnersQuery *query, const char **out, Err *err);

#endif
