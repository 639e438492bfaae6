/* ingest/maps.h: map columns (tags, cost categories, product attributes): their keys, and an SQL expression for each entry.
 *
 * Parquet has them as MAP. In CSV they are text: a JSON object (AWS), one without its braces (Azure), a list of key and value (Google),
 * or {a=b, c=d} (Athena's results). Text is taken apart once per distinct text, not once per line: the temporary tables
 * "map_<i>" (raw, m) and "entries_<i>" (raw, k0, k1, …) hold the outcome and are joined to the lines. */
#ifndef CURLEW_INGEST_MAPS_H
#define CURLEW_INGEST_MAPS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "ingest/model.h"
#include "ingest/probe.h"

typedef struct {
    const char *key; /* of the column */
    bool is_text;
    size_t index; /* among the text maps */
    size_t entry_count;
    const char **entries; /* keys as in the file, sorted */
    long long unread;     /* lines whose text could not be taken apart */
} MapColumn;

/* The map columns among `keys` that the source has. `text_keys` (same order, room for `count`) gets those with text, for ProbeRequest.maps. */
size_t maps_find(const Reader *reader, const char *const *keys, size_t count, MapColumn *out, const char **text_keys,
                 size_t *text_count);

/* Finds the keys of every entry; after the probe. */
bool maps_discover(Arena *arena, Watch *watch, const Reader *reader, MapColumn *maps, size_t count, Err *err);

/* The joins for text maps, for Model.input_joins. */
const char *maps_joins(Arena *arena, const MapColumn *maps, size_t count);

/* SQL over s for one entry, empty text as NULL; NULL when the map has no such entry. */
const char *map_entry(Arena *arena, const MapColumn *map, const char *entry);

#endif
