#include "ingest/maps.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/sql.h"
#include "base/table.h"
#include "base/text.h"

size_t maps_find(const Reader *reader, const char *const *keys, size_t count, MapColumn *out, const char **text_keys,
                 size_t *text_count) {
    size_t found = 0;
    *text_count = 0;
    for (size_t i = 0; i < count; i++) {
        const ReaderColumn *column = reader_column(reader, keys[i]);
        if (!column) continue;
        bool is_map = text_starts(column->type, "MAP(");
        if (!is_map && !text_equal(column->type, "VARCHAR")) continue;
        out[found] = (MapColumn){.key = keys[i], .is_text = !is_map, .index = *text_count};
        if (!is_map) text_keys[(*text_count)++] = keys[i];
        found++;
    }
    return found;
}

/* The four spellings of a map as text. TRY_CAST and TRY give NULL for what is none of them. */
static const char *const map_from_text =
    "CASE WHEN json_valid(raw) AND json_type(raw) = 'OBJECT' THEN TRY_CAST(CAST(raw AS JSON) AS MAP(VARCHAR, VARCHAR)) "
    "WHEN json_valid(raw) AND json_type(raw) = 'ARRAY' THEN TRY(map_from_entries(list_transform("
    "CAST(CAST(raw AS JSON) AS STRUCT(\"key\" VARCHAR, \"value\" VARCHAR)[]), lambda x: {'k': x.\"key\", 'v': x.\"value\"}))) "
    "WHEN json_valid('{' || raw || '}') THEN TRY_CAST(CAST('{' || raw || '}' AS JSON) AS MAP(VARCHAR, VARCHAR)) "
    "WHEN starts_with(raw, '{') AND ends_with(raw, '}') AND contains(raw, '=') THEN TRY(map_from_entries(list_transform("
    "string_split(raw[2:-2], ', '), lambda x: {'k': split_part(x, '=', 1), 'v': substr(x, strpos(x, '=') + 1)}))) END";

static bool discover_text(Arena *arena, Watch *watch, MapColumn *map, Err *err) {
    long long i = (long long)map->index;
    const char *sql =
        sql_format(arena,
                   "CREATE OR REPLACE TEMP TABLE map_%d AS SELECT raw, %R AS m, row_count FROM (SELECT map_%d AS raw, "
                   "sum(row_count) AS row_count FROM probe WHERE map_%d IS NOT NULL AND map_%d NOT IN ('', '{}') GROUP BY ALL)",
                   i, map_from_text, i, i, i);
    if (!watch_run(watch, sql, err)) return false;
    const char *unread = NULL;
    if (!duck_value(arena, watch->session, sql_format(arena, "SELECT sum(row_count) FROM map_%d WHERE m IS NULL", i), &unread,
                    err))
        return false;
    map->unread = unread ? atoll(unread) : 0;
    return true;
}

static bool make_entries(Arena *arena, Watch *watch, const MapColumn *map, Err *err) {
    Sql *sql = sql_make(arena);
    long long i = (long long)map->index;
    sql_add(sql, "CREATE OR REPLACE TEMP TABLE entries_%d AS SELECT raw", i);
    for (size_t k = 0; k < map->entry_count; k++)
        sql_add(sql, ", nullif(m[%S], '') AS %I", map->entries[k], arena_printf(arena, "k%zu", k));
    sql_add(sql, " FROM map_%d", i);
    return watch_run(watch, sql_text(sql), err);
}

bool maps_discover(Arena *arena, Watch *watch, const Reader *reader, MapColumn *maps, size_t count, Err *err) {
    for (size_t i = 0; i < count; i++) {
        MapColumn *map = &maps[i];
        if (map->is_text && !discover_text(arena, watch, map, err)) return false;
        const char *from = map->is_text
                               ? sql_format(arena, "(SELECT m FROM map_%d)", (long long)map->index)
                               : sql_format(arena, "(SELECT s.%I AS m FROM %R AS s)", map->key, reader_sql(reader, NULL));
        const char *sql = sql_format(
            arena, "CREATE OR REPLACE TEMP TABLE map_keys AS SELECT DISTINCT unnest(map_keys(m)) AS k FROM %R AS x", from);
        Table *table = NULL;
        if (!watch_run(watch, sql, err) ||
            !duck_rows(arena, watch->session, "SELECT k FROM map_keys WHERE k <> '' ORDER BY k", &table, err))
            return false;
        if (table->row_count > TAG_KEYS)
            return err_set(err, ERR_LIMIT, "The column %s has %zu different keys; at most %d can become columns", map->key,
                           table->row_count, TAG_KEYS);
        map->entry_count = table->row_count;
        map->entries = table->cells;
        if (map->is_text && !make_entries(arena, watch, map, err)) return false;
    }
    return true;
}

const char *maps_joins(Arena *arena, const MapColumn *maps, size_t count) {
    Sql *sql = sql_make(arena);
    for (size_t i = 0; i < count; i++) {
        if (!maps[i].is_text) continue;
        const char *table = arena_printf(arena, "entries_%zu", maps[i].index);
        sql_add(sql, " LEFT JOIN %I ON s.%I = %I.raw", table, maps[i].key, table);
    }
    return sql_text(sql);
}

const char *map_entry(Arena *arena, const MapColumn *map, const char *entry) {
    for (size_t k = 0; k < map->entry_count; k++) {
        if (!text_equal(map->entries[k], entry)) continue;
        if (!map->is_text) return sql_format(arena, "nullif(CAST(s.%I[%S] AS VARCHAR), '')", map->key, entry);
        return sql_format(arena, "%I.%I", arena_printf(arena, "entries_%zu", map->index), arena_printf(arena, "k%zu", k));
    }
    return NULL;
}
