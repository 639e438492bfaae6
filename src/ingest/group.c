/* ingest/group.c: what belongs together.
 *
 * Files below a period's folder, or named by a manifest, go together by export and period. Loose bills of one folder go together when
 * they are written alike (format, container, compression, delimiter) and most of their columns are the same: the months of a legacy CUR
 * differ in a few. The same bill written twice in different ways so stays two deliveries, and the import can see that it is one. Loose
 * tables go together only when all columns are the same. */
#include "ingest/group.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "io/file.h"

/* Of all columns of two loose bills this share must be in both, in percent. */
#define SHAPE_SHARE_PERCENT 70
#define TABLE_NAME_BYTES 60

typedef struct {
    const GroupItem **items;
    size_t count, room;
    bool loose;
} Group;

static bool is_loose(const GroupItem *item) {
    return item->found->layout.kind == LAYOUT_LOOSE && !item->found->claimed;
}

static bool names_equal(const SourceFile *a, const SourceFile *b) {
    if (a->columns == b->columns) return true;
    if (a->column_count != b->column_count) return false;
    for (size_t i = 0; i < a->column_count; i++) {
        if (!text_equal(a->columns[i].name, b->columns[i].name)) return false;
    }
    return true;
}

static int compare_text_cells(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char **sorted_names(Arena *arena, const SourceFile *file) {
    const char **names = arena_array(arena, file->column_count + 1, sizeof *names);
    for (size_t i = 0; i < file->column_count; i++) names[i] = file->columns[i].name;
    qsort(names, file->column_count, sizeof *names, compare_text_cells);
    return names;
}

static bool mostly_same_columns(const SourceFile *a, const SourceFile *b) {
    if (names_equal(a, b)) return true;
    Arena *scratch = arena_make();
    const char **left = sorted_names(scratch, a);
    const char **right = sorted_names(scratch, b);
    size_t shared = 0;
    for (size_t i = 0, k = 0; i < a->column_count && k < b->column_count;) {
        int order = strcmp(left[i], right[k]);
        shared += order == 0;
        i += order <= 0;
        k += order >= 0;
    }
    size_t all = a->column_count + b->column_count - shared;
    arena_free(scratch);
    return shared * 100 >= all * SHAPE_SHARE_PERCENT;
}

static bool written_alike(const SourceFile *a, const SourceFile *b) {
    return a->container == b->container && text_equal(a->compression, b->compression) && a->delimiter == b->delimiter;
}

static bool belongs(const Group *group, const GroupItem *item) {
    const GroupItem *first = group->items[0];
    const Layout *place = &first->found->layout;
    const Layout *own = &item->found->layout;
    if (first->content.format != item->content.format || group->loose != is_loose(item)) return false;
    if (!text_equal(place->root, own->root)) return false;
    if (item->content.format == FORMAT_TABLE) return names_equal(&first->content.file, &item->content.file);
    if (!group->loose) return text_equal(place->period, own->period) && text_equal(first->found->report, item->found->report);
    return text_equal(first->content.version, item->content.version) &&
           written_alike(&first->content.file, &item->content.file) &&
           mostly_same_columns(&first->content.file, &item->content.file);
}

/* Bytes of two files of the same size; a file that cannot be read is the same as none. */
static bool same_bytes(const char *a, const char *b) {
    enum { BLOCK_BYTES = 64 * 1024 };
    FILE *left = fopen(a, "rbe");
    FILE *right = fopen(b, "rbe");
    bool same = left && right;
    char *blocks = malloc((size_t)BLOCK_BYTES * 2);
    while (same && blocks) {
        size_t size = fread(blocks, 1, BLOCK_BYTES, left);
        if (fread(blocks + BLOCK_BYTES, 1, BLOCK_BYTES, right) != size) same = false;
        if (same && memcmp(blocks, blocks + BLOCK_BYTES, size) != 0) same = false;
        if (ferror(left) || ferror(right)) same = false;
        if (size < BLOCK_BYTES) break;
    }
    if (!blocks) same = false;
    free(blocks);
    if (left) fclose(left);
    if (right) fclose(right);
    return same;
}

static bool is_copy(const Group *group, const GroupItem *item, Found *found) {
    for (size_t i = 0; i < group->count; i++) {
        const SourceFile *other = &group->items[i]->content.file;
        if (other->size_bytes != item->content.file.size_bytes || !same_bytes(other->path, item->content.file.path)) continue;
        found_note(found, "%s was passed over: it is a copy of %s.", item->found->shown, group->items[i]->found->shown);
        return true;
    }
    return false;
}

static void add_item(Arena *arena, Group *group, const GroupItem *item) {
    if (group->count == group->room) {
        size_t room = group->room ? group->room * 2 : 4;
        group->items = arena_grow(arena, group->items, group->room * sizeof(GroupItem *), room * sizeof(GroupItem *));
        group->room = room;
    }
    group->items[group->count++] = item;
}

static size_t make_groups(Arena *arena, const GroupItem *items, size_t count, Found *found, Group *groups) {
    size_t group_count = 0;
    for (size_t i = 0; i < count; i++) {
        Group *group = NULL;
        for (size_t k = 0; k < group_count && !group; k++) {
            if (belongs(&groups[k], &items[i])) group = &groups[k];
        }
        if (!group) {
            group = &groups[group_count++];
            *group = (Group){.loose = is_loose(&items[i])};
        }
        if (group->loose && is_copy(group, &items[i], found)) continue;
        add_item(arena, group, &items[i]);
    }
    return group_count;
}

/* A file's name without the endings that say how it is written. */
static char *file_stem(Arena *arena, const char *name) {
    static const char *const endings[] = {".gz", ".zst", ".zip", ".csv", ".tsv", ".txt", ".parquet", ".pq", ".snappy"};
    char *stem = arena_text(arena, name);
    for (bool found = true; found;) {
        found = false;
        for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
            size_t size = strlen(stem);
            size_t cut = strlen(endings[i]);
            if (size <= cut || !text_ends_fold(stem, endings[i])) continue;
            stem[size - cut] = 0;
            found = true;
        }
    }
    return stem;
}

/* Names that would not do as the name of a table: our own views, and words of SQL that a user would have to quote. */
static bool is_reserved(const char *name) {
    static const char *const words[] = {
        "bill",   "bill_day", "bill_month", "all",    "and",    "as",    "by",     "case",  "cross", "desc",  "distinct",
        "else",   "end",      "from",       "group",  "having", "in",    "inner",  "join",  "left",  "limit", "not",
        "null",   "offset",   "on",         "or",     "order",  "outer", "select", "table", "then",  "to",    "union",
        "unique", "user",     "using",      "values", "when",   "where", "window", "with"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (text_equal(name, words[i])) return true;
    }
    return false;
}

static const char *sql_name(Arena *arena, const char *text) {
    Buffer out = {.arena = arena};
    bool gap = false;
    for (const char *c = text; *c && out.size < TABLE_NAME_BYTES - 2; c++) {
        bool digit = *c >= '0' && *c <= '9';
        bool letter = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z');
        if (!digit && !letter) {
            gap = out.size > 0;
            continue;
        }
        if (out.size == 0 && digit) buffer_add(&out, "t_");
        if (gap) buffer_add_char(&out, '_');
        gap = false;
        buffer_add_char(&out, *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c);
    }
    const char *name = out.size > 0 ? arena_text(arena, buffer_text(&out)) : "data";
    return is_reserved(name) ? arena_printf(arena, "%s_table", name) : name;
}

const char *group_table_name(Arena *arena, const char *file_name_text) {
    return sql_name(arena, file_stem(arena, file_name_text));
}

/* What the stems of several files begin with, without the number that tells them apart; "" when that is too little. */
static const char *common_stem(Arena *arena, const Group *group) {
    char *stem = file_stem(arena, file_name(group->items[0]->found->logical));
    for (size_t i = 1; i < group->count; i++) {
        const char *other = file_stem(arena, file_name(group->items[i]->found->logical));
        size_t same = 0;
        while (stem[same] && stem[same] == other[same]) same++;
        stem[same] = 0;
    }
    size_t size = strlen(stem);
    while (size > 0 && strchr("0123456789-_. ", stem[size - 1])) stem[--size] = 0;
    return size >= 3 ? stem : "";
}

static const char *group_report(Arena *arena, const Group *group) {
    const FoundFile *first = group->items[0]->found;
    if (!group->loose) return first->report;
    if (group->count == 1) return file_stem(arena, file_name(first->logical));
    const char *stem = common_stem(arena, group);
    return stem[0] ? stem : first->layout.report;
}

/* Several groups of one format in one folder are different exports: their roots must not be the same. */
static const char *group_root(const Group *groups, size_t count, const Group *group) {
    const GroupItem *first = group->items[0];
    if (!group->loose) return first->found->layout.root;
    if (group->count == 1) return first->found->logical;
    for (size_t i = 0; i < count; i++) {
        const GroupItem *other = groups[i].items[0];
        if (&groups[i] == group || !groups[i].loose || other->content.format != first->content.format) continue;
        if (text_equal(other->found->layout.root, first->found->layout.root)) return first->found->logical;
    }
    return first->found->layout.root;
}

static Delivery make_delivery(Arena *arena, const Group *groups, size_t count, const Group *group) {
    const GroupItem *first = group->items[0];
    bool table = first->content.format == FORMAT_TABLE;
    Delivery delivery = {.format = first->content.format,
                         .format_version = "",
                         .report = group_report(arena, group),
                         .root = group_root(groups, count, group),
                         .period = table ? NULL : first->found->layout.period,
                         .version = table ? "" : first->found->version,
                         .file_count = group->count,
                         .files = arena_array(arena, group->count, sizeof(SourceFile))};
    for (size_t i = 0; i < group->count; i++) {
        delivery.files[i] = group->items[i]->content.file;
        if (strcmp(group->items[i]->content.version, delivery.format_version) > 0) {
            delivery.format_version = group->items[i]->content.version;
        }
    }
    delivery.report = table ? sql_name(arena, delivery.report) : text_printable(arena, delivery.report);
    delivery.version = text_printable(arena, delivery.version);
    return delivery;
}

static int compare_deliveries(const void *a, const void *b) {
    const Delivery *left = a;
    const Delivery *right = b;
    if (left->format != right->format) return left->format < right->format ? -1 : 1;
    int order = strcmp(left->root, right->root);
    if (order == 0) order = strcmp(left->period ? left->period : "", right->period ? right->period : "");
    return order != 0 ? order : strcmp(left->files[0].shown_path, right->files[0].shown_path);
}

static bool name_is_taken(const Delivery *deliveries, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++) {
        if (deliveries[i].format == FORMAT_TABLE && text_equal(deliveries[i].report, name)) return true;
    }
    return false;
}

/* The tables' names become names in SQL: "volumes", "volumes_2", … */
static void make_names_unique(Arena *arena, Delivery *deliveries, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (deliveries[i].format != FORMAT_TABLE) continue;
        const char *base = deliveries[i].report;
        for (int number = 2; name_is_taken(deliveries, i, deliveries[i].report); number++) {
            deliveries[i].report = arena_printf(arena, "%s_%d", base, number);
        }
    }
}

void group_items(Arena *arena, const GroupItem *items, size_t count, Found *found, SourceSet *out) {
    Group *groups = arena_array(arena, count + 1, sizeof *groups);
    size_t group_count = make_groups(arena, items, count, found, groups);
    out->delivery_count = group_count;
    out->deliveries = arena_array(arena, group_count + 1, sizeof *out->deliveries);
    for (size_t i = 0; i < group_count; i++) {
        out->deliveries[i] = make_delivery(arena, groups, group_count, &groups[i]);
        if (groups[i].loose && groups[i].count > 1 && out->deliveries[i].format == FORMAT_TABLE) {
            found_note(found, "%zu files with the same columns were read as one table, %s (%s and others).", groups[i].count,
                       out->deliveries[i].report, groups[i].items[0]->found->shown);
        }
    }
    qsort(out->deliveries, group_count, sizeof *out->deliveries, compare_deliveries);
    make_names_unique(arena, out->deliveries, group_count);
}
