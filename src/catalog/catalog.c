#include "catalog/catalog.h"

#include "base/text.h"
#include "catalog/dataset.h"

const char *catalog_class_name(ColumnClass class) {
    static const char *const names[] = {"identifier", "dimension", "tag", "cost", "metric", "timestamp"};
    return names[class];
}

const CatalogColumn *catalog_column(const Catalog *catalog, const char *name) {
    for (size_t i = 0; i < catalog->column_count; i++)
        if (text_equal(catalog->columns[i].name, name)) return &catalog->columns[i];
    return NULL;
}

/* Keys are compared as name keys; the arena of a lookup lives only as long as the lookup. */
const CatalogColumn *catalog_tag(const Catalog *catalog, const char *key) {
    Arena *arena = arena_make();
    const char *wanted = text_name_key(arena, key);
    const CatalogColumn *best = NULL;
    for (size_t i = 0; i < catalog->column_count; i++) {
        const CatalogColumn *column = &catalog->columns[i];
        if (column->class != CLASS_TAG) continue;
        if (!text_equal(wanted, text_name_key(arena, column->tag_key)) &&
            !text_equal(wanted, text_name_key(arena, column->name)))
            continue;
        if (!best || column->missing < best->missing) best = column;
    }
    arena_free(arena);
    return best;
}

const Measure *catalog_measure(const Catalog *catalog, const char *name) {
    for (size_t i = 0; i < catalog->measure_count; i++)
        if (text_equal(catalog->measures[i].name, name)) return &catalog->measures[i];
    return NULL;
}

const Concept *catalog_concept(const Catalog *catalog, const char *id) {
    for (size_t i = 0; i < catalog->concept_count; i++)
        if (text_equal(catalog->concepts[i].id, id)) return &catalog->concepts[i];
    return NULL;
}

bool dataset_catalog(Arena *arena, DuckSession *session, const Dataset *dataset, Catalog **out, Err *err) {
    Catalog *catalog = arena_alloc(arena, sizeof *catalog);
    catalog->dataset = arena_text(arena, dataset->name);
    catalog->is_bill = dataset->is_bill;
    catalog->revision = dataset->revision;
    catalog->first_day = catalog->last_day = catalog->as_of = DAY_NONE;
    if (!dataset_columns(arena, session, dataset, catalog, err)) return false;
    bool facts = dataset->is_bill ? dataset_bill_facts(arena, session, dataset, catalog, err)
                                  : dataset_table_facts(arena, session, dataset, catalog, err);
    if (!facts) return false;
    dataset_concepts(arena, catalog);
    dataset_measures(arena, catalog);
    *out = catalog;
    return true;
}

bool catalog_load(Arena *arena, DuckSession *session, const Workspace *workspace, const char *dataset, Catalog **out,
                  Err *err) {
    size_t total = workspace_snapshot_count(workspace);
    const Snapshot **snapshots = arena_array(arena, total, sizeof *snapshots);
    Dataset found = {.name = dataset,
                     .is_bill = text_equal(dataset, "bill"),
                     .revision = workspace_revision(workspace),
                     .has_months = text_equal(dataset, "bill") && workspace_rollups(workspace)->month_row_count > 0,
                     .snapshots = snapshots};
    for (size_t i = 0; i < total; i++) {
        const Snapshot *snapshot = workspace_snapshot(workspace, i);
        if (text_equal(snapshot->dataset, dataset)) snapshots[found.snapshot_count++] = snapshot;
    }
    if (!found.snapshot_count)
        return err_set_code(err, ERR_NOT_FOUND, "NO_SUCH_DATA",
                            "There is no data set %s here; load files with: curlew load PATH", dataset);
    return dataset_catalog(arena, session, &found, out, err);
}
