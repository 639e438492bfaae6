#include "catalog/stored.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/sql.h"
#include "base/text.h"

/* Names under which the snapshots are attached, in the order of dataset->snapshots; NULL when one of them is not: then nothing
 * stored is used, for half a dictionary would make values vanish. */
static bool find_schemas(Arena *arena, DuckSession *session, const Dataset *dataset, const char ***out, Err *err) {
    *out = NULL;
    if (!dataset->snapshot_count) return true;
    Table *attached = NULL;
    if (!duck_rows(arena, session, "SELECT database_name, path FROM duckdb_databases()", &attached, err)) return false;
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

/* Few rows are merged here, which spares the engine the start of a parallel aggregation (half of the time that loading a catalog may
 * take); many are merged by the engine. */
static bool is_small(const Table *stats) {
    long long rows = 0;
    for (size_t row = 0; row < stats->row_count; row++) {
        const char *distinct = table_cell(stats, row, 2);
        long long count = distinct ? atoll(distinct) : 0;
        rows += count < DICTIONARY_VALUES ? count : 0; /* longer ones are identifiers without a dictionary */
    }
    return rows <= DICTIONARY_MERGE_ROWS;
}

static StoredValue read_value(const Table *dictionary, size_t row) {
    CatalogValue value = {.text = table_cell(dictionary, row, 1), .first_day = DAY_NONE, .last_day = DAY_NONE};
    const char *rows = table_cell(dictionary, row, 2), *cost = table_cell(dictionary, row, 3);
    const char *first = table_cell(dictionary, row, 4), *last = table_cell(dictionary, row, 5);
    value.row_count = rows ? atoll(rows) : 0;
    if (cost && !decimal_parse(cost, &value.cost)) value.cost = (Decimal){0};
    if (first && !date_parse(first, &value.first_day)) value.first_day = DAY_NONE;
    if (last && !date_parse(last, &value.last_day)) value.last_day = DAY_NONE;
    return (StoredValue){.column = table_cell(dictionary, row, 0), .value = value};
}

static void read_values(Arena *arena, const Table *dictionary, Stored *out) {
    out->values = arena_array(arena, dictionary->row_count, sizeof *out->values);
    for (size_t row = 0; row < dictionary->row_count; row++)
        if (!text_is_empty(table_cell(dictionary, row, 1))) out->values[out->value_count++] = read_value(dictionary, row);
}

static int by_value(const void *a, const void *b) {
    const StoredValue *left = a, *right = b;
    int order = strcmp(left->column, right->column);
    return order ? order : strcmp(left->value.text, right->value.text);
}

static int by_cost(const void *a, const void *b) {
    const StoredValue *left = a, *right = b;
    int order = strcmp(left->column, right->column);
    if (!order) order = decimal_compare(right->value.cost, left->value.cost);
    if (!order) order = (left->value.row_count < right->value.row_count) - (left->value.row_count > right->value.row_count);
    return order ? order : strcmp(left->value.text, right->value.text);
}

static void merge_value(CatalogValue *into, const CatalogValue *from) {
    into->row_count += from->row_count;
    Decimal sum;
    if (decimal_add(into->cost, from->cost, &sum)) into->cost = sum;
    if (from->first_day != DAY_NONE && (into->first_day == DAY_NONE || from->first_day < into->first_day))
        into->first_day = from->first_day;
    if (from->last_day != DAY_NONE && from->last_day > into->last_day) into->last_day = from->last_day;
}

/* Makes one of the rows that several snapshots have for a value. */
static void merge_values(Stored *stored) {
    if (!stored->value_count) return;
    qsort(stored->values, stored->value_count, sizeof *stored->values, by_value);
    size_t kept = 0;
    for (size_t i = 1; i < stored->value_count; i++) {
        if (by_value(&stored->values[kept], &stored->values[i]) == 0)
            merge_value(&stored->values[kept].value, &stored->values[i].value);
        else
            stored->values[++kept] = stored->values[i];
    }
    stored->value_count = kept + 1;
    qsort(stored->values, stored->value_count, sizeof *stored->values, by_cost);
}

static bool read_stored(Arena *arena, DuckSession *session, const Dataset *dataset, const char *const *schemas, Stored *out,
                        Err *err) {
    Table *dictionary = NULL, *stats = NULL;
    const char *stats_sql = sql_format(arena, "SELECT column_name, missing, distinct_approx, snapshot_rows FROM (%R)",
                                       union_of(arena, dataset, schemas, "column_stats"));
    if (!duck_rows(arena, session, stats_sql, &stats, err)) return false;
    bool small = is_small(stats);
    const char *rows = union_of(arena, dataset, schemas, "dictionary");
    const char *dictionary_sql =
        small ? sql_format(arena, "SELECT column_name, value, row_count, cost, first_day, last_day FROM (%R)", rows)
              : sql_format(
                    arena,
                    "SELECT column_name, value, sum(row_count), sum(cost) AS cost, min(first_day), max(last_day) FROM (%R) "
                    "GROUP BY 1, 2 ORDER BY column_name, cost DESC NULLS LAST, sum(row_count) DESC, value",
                    rows);
    if (!duck_rows(arena, session, dictionary_sql, &dictionary, err)) return false;
    read_values(arena, dictionary, out);
    if (small) merge_values(out);
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
        sql_add(sql,
                "SELECT %S AS column_name, count(*) - count(nullif(CAST(%I AS VARCHAR), '')), approx_count_distinct(%I), "
                "count(*) FROM %I",
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
    read_values(arena, dictionary, out);
    return true;
}

bool stored_read(Arena *arena, DuckSession *session, const Dataset *dataset, const Catalog *catalog, Stored *out, Err *err) {
    const char **schemas = NULL;
    if (!find_schemas(arena, session, dataset, &schemas, err)) return false;
    if (schemas) return read_stored(arena, session, dataset, schemas, out, err);
    return compute_stats(arena, session, catalog, out, err) && compute_dictionary(arena, session, catalog, out, err);
}
