#include "ingest/tags.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/sql.h"
#include "base/text.h"

const char *output_kind_name(OutputKind kind) {
    switch (kind) {
    case OUTPUT_TAG: return "tag";
    case OUTPUT_COST_CATEGORY: return "costcategory";
    case OUTPUT_ACCOUNT_TAG: return "accounttag";
    case OUTPUT_EXTRA: return "extra";
    case OUTPUT_BILL: break;
    }
    return "bill";
}

/* What stands before a key says what it is. Legacy headers, Athena names of them, keys of map columns. */
typedef struct {
    const char *prefix;
    OutputKind kind;
} TagPrefix;

static const TagPrefix header_prefixes[] = {
    {"resourceTags/", OUTPUT_TAG},           {"resource_tags_", OUTPUT_TAG},
    {"costCategory/", OUTPUT_COST_CATEGORY}, {"cost_category_", OUTPUT_COST_CATEGORY},
    {"accountTag/", OUTPUT_ACCOUNT_TAG},     {"accountTags/", OUTPUT_ACCOUNT_TAG},
    {"account_tag_", OUTPUT_ACCOUNT_TAG},    {"account_tags_", OUTPUT_ACCOUNT_TAG},
};
static const TagPrefix entry_prefixes[] = {
    {"resourceTags/", OUTPUT_TAG},
    {"costCategory/", OUTPUT_COST_CATEGORY},
    {"accountTag/", OUTPUT_ACCOUNT_TAG},
    {"accountTags/", OUTPUT_ACCOUNT_TAG},
};

static const char *without(const char *key, const char *prefix) {
    size_t size = strlen(prefix);
    return text_starts(key, prefix) && key[size] ? key + size : key;
}

static const char *user_key(const char *key) {
    return without(without(key, "user:"), "user_");
}

bool tag_header(Arena *arena, const ReaderColumn *column, OutputKind *kind, const char **key) {
    const char *names[] = {column->name, column->key};
    if (!text_equal(column->type, "VARCHAR")) return false;
    for (size_t n = 0; n < 2; n++)
        for (size_t i = 0; i < sizeof header_prefixes / sizeof *header_prefixes; i++) {
            size_t size = strlen(header_prefixes[i].prefix);
            if (!text_starts_fold(names[n], header_prefixes[i].prefix) || !names[n][size]) continue;
            *kind = header_prefixes[i].kind;
            *key = arena_text(arena, *kind == OUTPUT_TAG ? user_key(names[n] + size) : names[n] + size);
            return true;
        }
    return false;
}

static void entry_kind(const char *map_key, const char *entry, OutputKind *kind, const char **key) {
    *kind = text_equal(map_key, "cost_category") || text_equal_fold(map_key, "x_CostCategories") ? OUTPUT_COST_CATEGORY
                                                                                                 : OUTPUT_TAG;
    *key = entry;
    for (size_t i = 0; i < sizeof entry_prefixes / sizeof *entry_prefixes; i++) {
        if (!text_starts_fold(entry, entry_prefixes[i].prefix)) continue;
        *kind = entry_prefixes[i].kind;
        *key = entry + strlen(entry_prefixes[i].prefix);
        break;
    }
    if (*kind == OUTPUT_TAG) *key = user_key(*key);
}

/* --- Names ------------------------------------------------------------------------------------------------------------- */

/* Lower case; every run of punctuation becomes one "_"; bytes of other scripts stay. */
static char *normal_form(Arena *arena, const char *key) {
    Buffer out = {.arena = arena};
    for (const char *c = key; *c; c++) {
        bool plain = isalnum((unsigned char)*c) || (unsigned char)*c >= 0x80;
        if (plain)
            buffer_add_char(&out, (char)tolower((unsigned char)*c));
        else if (out.size > 0 && out.data[out.size - 1] != '_')
            buffer_add_char(&out, '_');
    }
    while (out.size > 0 && out.data[out.size - 1] == '_') out.data[--out.size] = 0;
    return arena_text(arena, out.size ? buffer_text(&out) : "key");
}

static const TagName *find_name(const TagNames *names, const char *column) {
    for (size_t i = 0; i < names->count; i++)
        if (text_equal(names->names[i].column, column)) return &names->names[i];
    return NULL;
}

static void add_name(TagNames *names, OutputKind kind, const char *key, const char *column) {
    for (size_t i = 0; i < names->count; i++)
        if (names->names[i].kind == kind && text_equal(names->names[i].key, key)) return;
    if (names->count == names->room) {
        size_t room = names->room ? names->room * 2 : 32;
        names->names = arena_grow(names->arena, names->names, names->room * sizeof *names->names, room * sizeof *names->names);
        names->room = room;
    }
    names->names[names->count++] = (TagName){kind, arena_text(names->arena, key), arena_text(names->arena, column)};
}

static void close_names(void *handle) {
    TagNames *names = handle;
    pthread_cond_destroy(&names->passed);
    pthread_mutex_destroy(&names->mutex);
}

TagNames *tag_names_make(Arena *arena) {
    TagNames *names = arena_alloc(arena, sizeof *names);
    names->arena = arena;
    pthread_mutex_init(&names->mutex, NULL);
    pthread_cond_init(&names->passed, NULL);
    arena_on_free(arena, close_names, names);
    return names;
}

void tag_names_enter(TagNames *names, size_t number) {
    pthread_mutex_lock(&names->mutex);
    while (names->turn < number) pthread_cond_wait(&names->passed, &names->mutex);
}

void tag_names_leave(TagNames *names, size_t number) {
    if (names->turn == number) names->turn++;
    pthread_cond_broadcast(&names->passed);
    pthread_mutex_unlock(&names->mutex);
}

void tag_names_keep(TagNames *names, const Json *facts) {
    const Json *columns = json_get(facts, "columns");
    for (size_t i = 0; i < json_count(columns); i++) {
        const Json *column = json_at(columns, i);
        const char *name = json_get_text(column, "name"), *key = json_get_text(column, "key");
        if (!name || !key) continue;
        for (OutputKind kind = OUTPUT_TAG; kind <= OUTPUT_ACCOUNT_TAG; kind++)
            if (text_equal(json_get_text(column, "kind"), output_kind_name(kind))) add_name(names, kind, key, name);
    }
}

/* --- Columns ----------------------------------------------------------------------------------------------------------- */

/* One key may come from several columns (resource_tags and tags of CUR 2.0): the first that has a value counts. */
typedef struct {
    OutputKind kind;
    const char *key, *column, *source;
    const char *expressions; /* separated by ", " */
    size_t expression_count;
} TagColumn;

typedef struct {
    TagNames *names;
    Model *model;
    size_t count, room;
    TagColumn *columns;
} TagColumns;

static void add_column(TagColumns *tags, OutputKind kind, const char *key, const char *expression, const char *source) {
    Arena *arena = tags->model->arena;
    for (size_t i = 0; i < tags->count; i++) {
        TagColumn *column = &tags->columns[i];
        if (column->kind != kind || !text_equal(column->key, key)) continue;
        column->expressions = arena_printf(arena, "%s, %s", column->expressions, expression);
        column->source = arena_printf(arena, "%s, %s", column->source, source);
        column->expression_count++;
        return;
    }
    if (tags->count == tags->room) {
        size_t room = tags->room ? tags->room * 2 : 32;
        tags->columns = arena_grow(arena, tags->columns, tags->room * sizeof *tags->columns, room * sizeof *tags->columns);
        tags->room = room;
    }
    tags->columns[tags->count++] =
        (TagColumn){.kind = kind, .key = key, .source = source, .expressions = expression, .expression_count = 1};
}

static int by_key(const void *a, const void *b) {
    const TagColumn *left = a, *right = b;
    if (left->kind != right->kind) return left->kind < right->kind ? -1 : 1;
    return strcmp(left->key, right->key);
}

static int by_column(const void *a, const void *b) {
    const TagColumn *left = a, *right = b;
    if (left->kind != right->kind) return left->kind < right->kind ? -1 : 1;
    return strcmp(left->column, right->column);
}

static void collect(TagColumns *tags, const MapColumn *maps, size_t map_count) {
    Arena *arena = tags->model->arena;
    const Reader *reader = tags->model->reader;
    OutputKind kind = OUTPUT_TAG;
    const char *key = NULL;
    for (size_t i = 0; i < reader->column_count; i++) {
        const ReaderColumn *column = &reader->columns[i];
        if (tag_header(arena, column, &kind, &key))
            add_column(tags, kind, key, model_text(tags->model, column->key), column->name);
    }
    for (size_t i = 0; i < map_count; i++)
        for (size_t j = 0; j < maps[i].entry_count && !text_equal(maps[i].key, "product"); j++) {
            entry_kind(maps[i].key, maps[i].entries[j], &kind, &key);
            add_column(tags, kind, key, map_entry(arena, &maps[i], maps[i].entries[j]),
                       arena_printf(arena, "%s[%s]", maps[i].key, maps[i].entries[j]));
        }
}

static bool is_used(const TagColumns *tags, const char *column) {
    for (size_t i = 0; i < tags->count; i++)
        if (text_equal(tags->columns[i].column, column)) return true;
    return false;
}

/* The column that an earlier delivery gave to this key: as written, or (`loosely`) to one that is the same name in another spelling. Formats
 * spell one key differently: "user:CostCenter" of a legacy report is "user_cost_center" in CUR 2.0. */
static const char *known_column(const TagColumns *tags, const TagColumn *tag, bool loosely) {
    Arena *arena = tags->model->arena;
    for (size_t i = 0; i < tags->names->count; i++) {
        const TagName *name = &tags->names->names[i];
        bool same = loosely ? text_equal(text_name_key(arena, name->key), text_name_key(arena, tag->key))
                            : text_equal(name->key, tag->key);
        if (same && name->kind == tag->kind && !is_used(tags, name->column)) return name->column;
    }
    return NULL;
}

static const char *new_column(const TagColumns *tags, const TagColumn *tag) {
    Arena *arena = tags->names->arena;
    const char *plain = arena_printf(arena, "%s_%s", output_kind_name(tag->kind), normal_form(arena, tag->key));
    const char *column = plain;
    for (int number = 2; find_name(tags->names, column); number++) column = arena_printf(arena, "%s_%d", plain, number);
    return column;
}

/* Keys that are known as written go first, so that no other spelling takes their column. The order of the raw keys decides the rest, so that "_2"
 * does not depend on the order of columns. */
static void give_columns(TagColumns *tags) {
    if (tags->count) qsort(tags->columns, tags->count, sizeof *tags->columns, by_key);
    for (int loosely = 0; loosely <= 1; loosely++)
        for (size_t i = 0; i < tags->count; i++)
            if (!tags->columns[i].column) tags->columns[i].column = known_column(tags, &tags->columns[i], loosely);
    for (size_t i = 0; i < tags->count; i++) {
        TagColumn *tag = &tags->columns[i];
        if (!tag->column) tag->column = new_column(tags, tag);
        add_name(tags->names, tag->kind, tag->key, tag->column);
    }
    if (tags->count) qsort(tags->columns, tags->count, sizeof *tags->columns, by_column);
}

void tags_add(TagNames *names, Model *model, const MapColumn *maps, size_t map_count) {
    TagColumns tags = {.names = names, .model = model};
    collect(&tags, maps, map_count);
    give_columns(&tags);
    for (size_t i = 0; i < tags.count; i++) {
        const TagColumn *tag = &tags.columns[i];
        const char *expression =
            tag->expression_count == 1 ? tag->expressions : sql_format(model->arena, "coalesce(%R)", tag->expressions);
        model_add_input(model, tag->column, expression);
        OutputColumn *output = model_add_output(model, tag->column, sql_format(model->arena, "t.%I", tag->column), tag->source);
        output->kind = tag->kind;
        output->key = tag->key;
        output->is_dimension = true;
    }
}
