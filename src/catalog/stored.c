#include "catalog/stored.h"

#include "base/limits.h"
#include "base/sql.h"
#include "base/text.h"

/* Names under which the snapshots are attached, in the order of dataset->snapshots; NULL when one of them has no stored
 * summaries (then none is used: half a dictionary would make values vanish). */
static bool find_schemas(Arena *arena, DuckSession *session, const Dataset *dataset, const char ***out, Err *err) {
    *out = NULL;
    if (!dataset->snapshot_count) return true;
    Table *attached = NULL;
    if (!duck_rows(arena, session,
                   "SELECT d.database_name, d.path FROM duckdb_databases() d JOIN duckdb_tables() t ON t.database_name = "
                   "d.database_name "
                   "WHERE t.table_name IN ('dictionary', 'column_stats') GROUP BY ALL HAVING count(*) = 2",
                   &attached, err))
        return false;
    const char **schemas = arena_array(arena, dataset->snapshot_count, sizeof *schemas);
    for (size_t i = 0; i < dataset->snapshot_count; i++) {
        for (size_t row = 0; row < attached->row_count && !schemas[i]; row++)
            if (text_equal(table_cell(attached, row, 1), dataset->snapshots[i]->path))
                schemas[i] = table_cell(attached, row, 0);
        if (!schemas[i]) return true;
    }
    *out = schemas;
    return true;
}

/* One relation of a stored table over all snapshots, with the rows of each snapshot beside. */
static const char *union_of(Arena *arena, const Dataset *dataset, const char *const *schemas, const char *table) {
    Sql *sql = sql_make(arena);
    sql_list_start(sql);
    for (size_t i = 0; i < dataset->snapshot_count; i++) {
        sql_list_next(sql, " UNION ALL ");
        sql_add(sql, "SELECT *, %d AS snapshot_rows FROM %I.%I", dataset->snapshots[i]->row_count, schemas[i], table);
    }
    return sql_text(sql);
}

static bool read_stored(Arena *arena, DuckSession *session, const Dataset *dataset, const Catalog *catalog,
                        const char *const *schemas, Stored *out, Err *err) {
    Table *dictionary = NULL, *stats = NULL;
    /* A value's cost adds up over the snapshots; distinct values of identifiers do not, so the largest snapshot speaks. In a
     * snapshot without the column all rows are missing. */
    const char *dictionary_sql =
        sql_format(arena,
                   "SELECT column_name, value, sum(row_count), sum(cost) AS cost, min(first_day), max(last_day) FROM (%R) "
                   "GROUP BY 1, 2 ORDER BY column_name, cost DESC NULLS LAST, sum(row_count) DESC, value",
                   union_of(arena, dataset, schemas, "dictionary"));
    const char *stats_sql = sql_format(
        arena,
        "SELECT column_name, sum(missing) + %d - sum(snapshot_rows), max(distinct_approx) FROM (%R) GROUP BY 1 ORDER BY 1",
        catalog->row_count, union_of(arena, dataset, schemas, "column_stats"));
    if (!duck_rows(arena, session, dictionary_sql, &dictionary, err)) return false;
    if (!duck_rows(arena, session, stats_sql, &stats, err)) return false;
    out->dictionary = dictionary;
    out->stats = stats;
    return true;
}

/* --- Computed from the view ------------------------------------------------------------------------------------------- */

static const CatalogColumn *first_of_class(const Catalog *catalog, ColumnClass class) {
    for (size_t i = 0; i < catalog->column_count; i++)
        if (catalog->columns[i].class == class) return &catalog->columns[i];
    return NULL;
}

static bool compute_stats(Arena *arena, DuckSession *session, const Catalog *catalog, Stored *out, Err *err) {
    Sql *sql = sql_make(arena);
    sql_list_start(sql);
    for (size_t i = 0; i < catalog->column_count; i++) {
        const char *name = catalog->columns[i].name;
        sql_list_next(sql, " UNION ALL ");
        sql_add(
            sql,
            "SELECT %S AS column_name, count(*) - count(nullif(CAST(%I AS VARCHAR), '')), approx_count_distinct(%I) FROM %I",
            name, name, name, catalog->dataset);
    }
    Table *stats = NULL;
    if (!duck_rows(arena, session, sql_text(sql), &stats, err)) return false;
    out->stats = stats;
    return true;
}

static bool compute_dictionary(Arena *arena, DuckSession *session, const Catalog *catalog, Stored *out, Err *err) {
    const CatalogColumn *cost = catalog->is_bill ? catalog_column(catalog, "BilledCost") : first_of_class(catalog, CLASS_COST);
    const CatalogColumn *time =
        catalog->is_bill ? catalog_column(catalog, "x_ChargeDate") : first_of_class(catalog, CLASS_TIMESTAMP);
    const char *cost_sql =
        cost ? sql_format(arena, "sum(CAST(%I AS DECIMAL(38,12)))", cost->name) : "CAST(NULL AS DECIMAL(38,12))";
    const char *day_sql = time ? sql_format(arena, "CAST(%I AS DATE)", time->name) : "CAST(NULL AS DATE)";
    Sql *sql = sql_make(arena);
    sql_add(sql, "SELECT * FROM (");
    sql_list_start(sql);
    for (size_t i = 0; i < catalog->column_count; i++) {
        const CatalogColumn *column = &catalog->columns[i];
        bool wanted = column->class == CLASS_DIMENSION || column->class == CLASS_TAG ||
                      (column->class == CLASS_IDENTIFIER && !catalog->is_bill);
        if (!wanted) continue;
        sql_list_next(sql, " UNION ALL ");
        sql_add(
            sql,
            "(SELECT %S AS column_name, CAST(%I AS VARCHAR) AS value, count(*) AS row_count, %R AS cost, min(%R) AS first_day, "
            "max(%R) AS last_day FROM %I WHERE CAST(%I AS VARCHAR) <> '' GROUP BY 2 ORDER BY cost DESC NULLS LAST, value LIMIT "
            "%d)",
            column->name, column->name, cost_sql, day_sql, day_sql, catalog->dataset, column->name,
            (long long)DICTIONARY_VALUES);
    }
    sql_list_next(sql, " UNION ALL "); /* so that a table without dimensions is a valid query too */
    sql_add(sql, "(SELECT '' AS column_name, '' AS value, 0 AS row_count, CAST(0 AS DECIMAL(38,12)) AS cost, CAST(NULL AS "
                 "DATE) AS first_day, "
                 "CAST(NULL AS DATE) AS last_day)");
    sql_add(sql, ") ORDER BY column_name, cost DESC NULLS LAST, row_count DESC, value");
    Table *dictionary = NULL;
    if (!duck_rows(arena, session, sql_text(sql), &dictionary, err)) return false;
    out->dictionary = dictionary;
    return true;
}

bool stored_read(Arena *arena, DuckSession *session, const Dataset *dataset, const Catalog *catalog, Stored *out, Err *err) {
    const char **schemas = NULL;
    if (!find_schemas(arena, session, dataset, &schemas, err)) return false;
    if (schemas) return read_stored(arena, session, dataset, catalog, schemas, out, err);
    return compute_stats(arena, session, catalog, out, err) && compute_dictionary(arena, session, catalog, out, err);
}
