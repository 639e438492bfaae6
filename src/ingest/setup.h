/* ingest/setup.h: the SQL of the rollups that the snapshots of a workspace have together; the views are workspace_setup()'s. */
#ifndef CURLEW_INGEST_SETUP_H
#define CURLEW_INGEST_SETUP_H

#include <stddef.h>

#include "base/arena.h"
#include "ingest/workspace.h"

typedef struct {
    size_t attach_count;
    const char **attach;     /* statements that attach the snapshots of the bill read-only */
    const char **schemas;    /* the names under which they do */
    const char *days;        /* SELECT of all daily rollups */
    const char *months;      /* SELECT of their sums by month from rollups.bill_day, amounts in the types of days */
    const char *wide_months; /* the same with amounts of 38 digits */
} RollupSql;

void setup_rollups(Arena *arena, const Workspace *workspace, RollupSql *out);

#endif
