/* ingest/snapshot.h: one file per source and billing period, never changed once it is finished.
 *
 *   bill (or data, of a table)   the lines, without the columns whose value the facts have (OutputColumn)
 *   bill_day                     daily rollup; only where it is much shorter than the lines
 *   dictionary                   column_name, value, row_count, cost DECIMAL(38,12), first_day, last_day: values of dimensions and tags
 *   column_stats                 column_name, missing, distinct_approx */
#ifndef CURLEW_INGEST_SNAPSHOT_H
#define CURLEW_INGEST_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "ingest/model.h"
#include "ingest/oddities.h"
#include "ingest/watch.h"

typedef struct {
    Arena *arena;
    Watch *watch;
    const char *path;   /* of the file */
    const char *schema; /* under which it is attached while it is written; NULL = "snap" */
    const char *table;  /* "bill" or "data" */
    long long row_count, rollup_row_count;
    const char *times_sql; /* gives what facts_of_bill() asks of times, of a snapshot without lines; NULL = the lines do */
    size_t column_count;
    struct SnapshotColumn *columns;
} SnapshotWriter;

typedef struct SnapshotColumn {
    OutputColumn output;
    const char *type;        /* the engine's */
    const char *rollup_type; /* NULL = not in the rollup */
    bool is_stored;          /* false: constant, or the same as another column */
    bool is_number;
    long long missing, distinct;
    int whole_digits; /* of the largest magnitude of a number */
} SnapshotColumn;

/* Makes the file and its lines from a query. On failure the file is removed. */
bool snapshot_write(SnapshotWriter *writer, const char *select_sql, const OutputColumn *outputs, size_t output_count, Err *err);
/* Makes the file without lines, whose columns are those of the query all the same: for direct.h. On failure the file is removed. */
bool snapshot_begin(SnapshotWriter *writer, const char *select_sql, const OutputColumn *outputs, size_t output_count, Err *err);
/* Closes a file whose lines are written and attaches it under another name, so that others can be made from it. */
bool snapshot_rename(SnapshotWriter *writer, const char *schema, Err *err);
/* Makes the file and the lines of one billing month ("2026-09") out of another snapshot's. */
bool snapshot_copy(SnapshotWriter *writer, const SnapshotWriter *from, const char *month, Err *err);
/* Counts, rollup and dictionary. */
bool snapshot_summarise(SnapshotWriter *writer, Err *err);
/* Counts and dictionary of a snapshot without lines, from its rollup. Columns that it does not have count as filled. */
bool snapshot_summarise_rollup(SnapshotWriter *writer, Err *err);
/* Writes everything to disk and lets go of the file. */
bool snapshot_finish(SnapshotWriter *writer, Err *err);
/* Lets go of the file and removes it. */
void snapshot_abandon(SnapshotWriter *writer);

/* The column of that name, NULL when there is none. */
const SnapshotColumn *snapshot_column(const SnapshotWriter *writer, const char *name);

/* SQL for a column over the snapshot's relations: its name, its constant, or the name of the column that it repeats. NULL when there is none. */
const char *snapshot_value(const SnapshotWriter *writer, const char *name);

/* The daily rollup, see snapshot.h; sets rollup_row_count and the rollup types. (rollup.c) */
bool snapshot_roll_up(SnapshotWriter *writer, Err *err);
/* Sets rollup_row_count and rollup types from the bill_day that is there. */
bool snapshot_note_rollup(SnapshotWriter *writer, Err *err);

#endif
