/* catalog/stored.h: the summaries that an import keeps in every snapshot, merged over the snapshots of a data set.
 *
 *   dictionary(column_name, value, row_count, cost DECIMAL(38,12), first_day, last_day)
 *   column_stats(column_name, missing, distinct_approx)
 *
 * Reading them costs milliseconds where reading the lines costs seconds. Where a snapshot has none (an older one, or a test in
 * memory) the same rows are computed from the view. */
#ifndef CURLEW_CATALOG_STORED_H
#define CURLEW_CATALOG_STORED_H

#include "catalog/dataset.h"

typedef struct {
    /* column_name, value, row_count, cost, first_day, last_day; by column, then highest cost first */
    const Table *dictionary;
    /* column_name, missing, distinct_approx: one row per column */
    const Table *stats;
} Stored;

/* Gives the summaries. `catalog` has its columns with names, types and classes already; dictionaries are computed for its
 * dimensions and tags only. */
bool stored_read(Arena *arena, DuckSession *session, const Dataset *dataset, const Catalog *catalog, Stored *out, Err *err);

#endif
