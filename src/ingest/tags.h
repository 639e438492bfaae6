/* ingest/tags.h: tag keys of every spelling become columns: tag_<key>, costcategory_<key>, accounttag_<key>.
 *
 * Keys stand in headers ("resourceTags/user:Team", "resource_tags_user_team") or are entries of map columns ("user_team", "user:team",
 * "resourceTags/user:team"). Two keys of one delivery that differ only in case or punctuation are two columns; the second one gets "_2". Keys of
 * different deliveries that are the same name share a column: formats spell one key differently. */
#ifndef CURLEW_INGEST_TAGS_H
#define CURLEW_INGEST_TAGS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/json.h"
#include "ingest/maps.h"
#include "ingest/model.h"

typedef struct {
    OutputKind kind;
    const char *key;    /* raw key without the prefixes that say what it is: "Team", "aws:createdBy" */
    const char *column; /* "tag_team" */
} TagName;

/* The columns that keys were given; kept for all periods of a load and, through the facts, for later loads, so that a key has one
 * column throughout a workspace. */
typedef struct {
    Arena *arena;
    size_t count, room;
    TagName *names;
    pthread_mutex_t mutex; /* guards all of it */
    pthread_cond_t passed;
    size_t turn; /* the delivery whose turn it is */
} TagNames;

TagNames *tag_names_make(Arena *arena);

/* Deliveries that are imported at the same time still get their columns one after the other, so that the names do not depend on which of them
 * is read faster: waits until all before delivery `number` have theirs, and keeps others away until tag_names_leave(). A delivery may come
 * again. */
void tag_names_enter(TagNames *names, size_t number);
void tag_names_leave(TagNames *names, size_t number);

/* Takes over the decisions in the facts of a snapshot. */
void tag_names_keep(TagNames *names, const Json *facts);

/* "tag", "costcategory", "accounttag", "bill", "extra": kinds of columns in the facts. */
const char *output_kind_name(OutputKind kind);

/* The kind and key of a source column that holds one tag, cost category or account tag; false for other columns. */
bool tag_header(Arena *arena, const ReaderColumn *column, OutputKind *kind, const char **key);

/* Adds the tag columns of a delivery to the model, sorted by name: header columns, and entries of the map columns that hold tags. */
void tags_add(TagNames *names, Model *model, const MapColumn *maps, size_t map_count);

#endif
