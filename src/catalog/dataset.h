/* catalog/dataset.h: the steps of catalog_load(), each filling one part of the catalog. Private to the room.
 *
 * A Dataset is what a workspace knows about one data set; the steps read the engine through its views and through the tables that the
 * import stored in each snapshot (see stored.h). Order matters: columns, then time, then concepts, then measures. */
#ifndef CURLEW_CATALOG_DATASET_H
#define CURLEW_CATALOG_DATASET_H

#include "catalog/catalog.h"

typedef struct {
    const char *name; /* "bill" or the table's SQL name: the view to read */
    bool is_bill;
    long long revision;
    bool has_months; /* there is a monthly rollup */
    size_t snapshot_count;
    const Snapshot *const *snapshots;
} Dataset;

/* All steps. What the import did not store is computed from the views. */
bool dataset_catalog(Arena *arena, DuckSession *session, const Dataset *dataset, Catalog **out, Err *err);

/* Columns with types, classes, dictionaries, missing values; rows and rollup. */
bool dataset_columns(Arena *arena, DuckSession *session, const Dataset *dataset, Catalog *catalog, Err *err);
/* First and last day, as-of, months, currencies, granularity, resources, oddities: of a bill. */
bool dataset_bill_facts(Arena *arena, DuckSession *session, const Dataset *dataset, Catalog *catalog, Err *err);
/* The same for a table, as far as it has a time column; and what its rows are. */
bool dataset_table_facts(Arena *arena, DuckSession *session, const Dataset *dataset, Catalog *catalog, Err *err);
void dataset_concepts(Arena *arena, Catalog *catalog);
void dataset_measures(Arena *arena, Catalog *catalog);

/* Whether any row has a value in that column. */
bool dataset_has_data(const Catalog *catalog, const CatalogColumn *column);

/* The engine's name of a type as a cell type; `known` (may be NULL) says whether a cell can hold it. */
CellType dataset_cell_type(const char *engine_type, bool *known);

#endif
