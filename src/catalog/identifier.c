/* Look-up of resource ids and other identifiers, which are too many for a dictionary. */
#include "base/sql.h"
#include "base/text.h"
#include "catalog/catalog.h"

static bool find(Arena *arena, DuckSession *session, const Catalog *catalog, const CatalogColumn *column, const char *text,
                 bool fold, size_t limit, Table **out, Err *err) {
    const char *value = sql_format(arena, fold ? "lower(CAST(%I AS VARCHAR))" : "CAST(%I AS VARCHAR)", column->name);
    const char *wanted = fold ? text_lower(arena, text) : text;
    const char *relation = column->in_rollup && catalog->rollup ? catalog->rollup : catalog->dataset;
    /* The last part of an ARN begins after "/" or ":". The exact value comes first. */
    const char *sql =
        sql_format(arena,
                   "SELECT id FROM (SELECT DISTINCT %I AS id, %R AS value FROM %I WHERE ends_with(%R, $1)) "
                   "WHERE length(value) = length($1) OR substr(value, length(value) - length($1), 1) IN ('/', ':') "
                   "ORDER BY length(value) = length($1) DESC, id LIMIT %d",
                   column->name, value, relation, value, (long long)limit);
    const char *parameters[] = {wanted};
    return duck_query(arena, session, sql, parameters, 1, NULL, out, err);
}

bool catalog_find_identifier(Arena *arena, DuckSession *session, const Catalog *catalog, const CatalogColumn *column,
                             const char *text, size_t limit, const char ***values, size_t *count, Err *err) {
    *values = NULL;
    *count = 0;
    if (text_is_empty(text) || !limit) return true;
    Table *found = NULL;
    if (!find(arena, session, catalog, column, text, false, limit, &found, err)) return false;
    if (!found->row_count && !find(arena, session, catalog, column, text, true, limit, &found, err)) return false;
    *values = arena_array(arena, found->row_count, sizeof **values);
    for (size_t row = 0; row < found->row_count; row++) (*values)[(*count)++] = table_cell(found, row, 0);
    return true;
}
