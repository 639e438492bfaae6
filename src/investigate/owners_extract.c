#include "investigate/owners_extract.h"

#include <string.h>

#include "base/json.h"
#include "base/sql.h"
#include "base/text.h"

/* Behind `first_column`. */
enum { AT_TAGS, AT_KEY, AT_START_KNOWN, AT_STOP_KNOWN };

static const char *const wanted[] = {"resource_id",
                                     "account_id",
                                     "account_name",
                                     "region",
                                     "availability_zone",
                                     "service_code",
                                     "instance_type",
                                     "name",
                                     "parent_resource_id",
                                     "usage_type",
                                     "first_hour",
                                     "last_hour",
                                     "least_hour_of_day",
                                     "most_hour_of_day",
                                     "effective_cost",
                                     "owner_value",
                                     "owner_value",
                                     "tagged_cost",
                                     "night_lines",
                                     "morning_lines",
                                     "afternoon_lines",
                                     "evening_lines",
                                     "weekend_lines",
                                     "metered_lines",
                                     "tags",
                                     "owner_key",
                                     "start_known",
                                     "stop_known"};

bool owners_extract_is(const Catalog *catalog) {
    if (catalog->is_bill) return false;
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (!catalog_column(catalog, wanted[i])) return false;
    return true;
}

const char *owners_extract_statement(Arena *arena, const Catalog *catalog) {
    Sql *sql = sql_make(arena);
    sql_add(sql, "SELECT ");
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        sql_add(sql, i ? ", CAST(%I AS VARCHAR)" : "CAST(%I AS VARCHAR)", wanted[i]);
    sql_add(sql, "\nFROM %I\nWHERE resource_id <> ''\nORDER BY 1", catalog->dataset);
    return sql_text(sql);
}

/* --- tags as JSON --- */

typedef struct {
    Arena *arena;
    OwnersBill *bill;
    OwnersResource *resource;
    const char *owner_key;
    bool from_tags; /* the owner is read from the tags */
    size_t owners;
} TagReader;

static const char *plain_key(const char *key) {
    return text_starts(key, "user_") ? key + strlen("user_") : key;
}

static size_t label_of(TagReader *reader, const char *key) {
    OwnersBill *bill = reader->bill;
    for (size_t i = 0; i < bill->label_count; i++)
        if (text_equal(bill->labels[i].key, key)) return i;
    if (bill->label_count == OWNERS_LABELS) return OWNERS_LABELS;
    const LabelClass class = text_starts(key, "aws_created") ? LABEL_CREATOR
                             : text_starts(key, "aws_")      ? LABEL_SYSTEM
                                                             : LABEL_TAG;
    const char *copy = arena_text(reader->arena, key);
    bill->labels[bill->label_count] = (OwnersLabel){copy, copy, class};
    return bill->label_count++;
}

static bool read_tag(void *context, const char *key, const Json *value) {
    TagReader *reader = context;
    const char *text = json_text(value), *plain = plain_key(key);
    if (text_is_empty(text) || text_equal(plain, "name")) return true;
    if (text_equal(text_name_key(reader->arena, plain), reader->owner_key)) {
        if (reader->from_tags) reader->resource->owner_text = arena_text(reader->arena, text);
        return true;
    }
    const size_t label = label_of(reader, plain);
    if (label < OWNERS_LABELS) reader->resource->labels[label] = arena_text(reader->arena, text);
    return true;
}

static bool read_resource_tags(TagReader *reader, const char *json) {
    Json *tags = NULL;
    Err ignored = {0};
    Arena *scratch = arena_make();
    const bool read = json_parse(scratch, json, strlen(json), &tags, &ignored) && json_each(tags, read_tag, reader);
    arena_free(scratch);
    return read;
}

bool owners_extract_tags(Arena *arena, const Table *table, size_t first_column, const char *tag, OwnersBill *bill, Err *err) {
    TagReader reader = {.arena = arena, .bill = bill};
    bill->labels = arena_array(arena, OWNERS_LABELS + 1, sizeof *bill->labels);
    for (size_t r = 0; r < bill->resource_count; r++) {
        OwnersResource *resource = &bill->resources[r];
        const char *own = table_cell(table, r, first_column + AT_KEY), *tags = table_cell(table, r, first_column + AT_TAGS);
        if (!bill->tag) bill->tag = tag ? tag : own ? own : "owner";
        reader.from_tags = tag && !text_equal(text_name_key(arena, tag), text_name_key(arena, own ? own : ""));
        reader.owner_key = text_name_key(arena, bill->tag);
        reader.resource = resource;
        resource->labels = arena_array(arena, OWNERS_LABELS + 1, sizeof *resource->labels);
        if (reader.from_tags) resource->owner_text = NULL;
        if (tags) read_resource_tags(&reader, tags);
        if (reader.from_tags) resource->tagged_cost = resource->owner_text ? resource->cost : (Decimal){0};
        resource->start_unknown = text_equal_fold(table_cell(table, r, first_column + AT_START_KNOWN), "false");
        resource->stop_unknown = text_equal_fold(table_cell(table, r, first_column + AT_STOP_KNOWN), "false");
        reader.owners += resource->owner_text != NULL;
    }
    bill->column_count = 1;
    return reader.owners || err_set_code(err, ERR_REFUSED, "UNKNOWN_TAG", "No resource of this result carries the tag “%.80s”",
                                         text_printable(arena, bill->tag));
}
