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
    const char *column;
    CatalogValue value;
} StoredValue;

typedef struct {
    size_t value_count;
    StoredValue *values; /* one per column and value; by column, then highest cost first */
    const Table *stats;  /* column_name, missing rows of the snapshots that have it, distinct_approx, rows of those snapshots */
} Stored;

/* Gives the summaries. `catalog` has its columns with names, types and classes already; dictionaries are computed for its
 * dimensions and tags only. */
bool stored_read(Arena *arena, DuckSession *session, const Dataset *dataset, const Catalog *catalog, Stored *out, Err *err);

#endif
