/* ingest/group.h: recognised files become deliveries: the parts of one billing period of an export, or loose files of one shape. */
#ifndef CURLEW_INGEST_GROUP_H
#define CURLEW_INGEST_GROUP_H

#include <stddef.h>

#include "base/arena.h"
#include "ingest/content.h"
#include "ingest/found.h"
#include "ingest/source.h"

typedef struct {
    const FoundFile *found;
    Content content;
} GroupItem;

/* Sets deliveries of `out` from `items`, which are sorted by logical path. A loose file that is a copy, byte for byte, of another one of its
 * delivery is left out with a note in `found`. */
void group_items(Arena *arena, const GroupItem *items, size_t count, Found *found, SourceSet *out);

/* "Cost by team (2026).csv.gz" -> "cost_by_team_2026": a name that SQL takes without quotes, at most 60 bytes. */
const char *group_table_name(Arena *arena, const char *file_name);

#endif
