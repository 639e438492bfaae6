/* ingest/recognise.c: matching of column names against the lists of known columns, by text_name_key(). */
#include "ingest/recognise.h"

#include <stdlib.h>
#include <string.h>

#include "base/knowledge.h"
#include "base/text.h"

/* PostgreSQL cuts names to this many bytes, and dumps of it carry the stumps. */
#define POSTGRES_NAME_BYTES 63

typedef struct {
    const char *name_key;
    const char *column; /* canonical spelling */
    const char *detail; /* CUR: "cur2" or "any"; FOCUS: the version that introduced it, "" for AWS's own */
} KnownColumn;

typedef struct {
    KnownColumn *columns; /* sorted by name_key */
    size_t count;
} KnownList;

struct Recogniser {
    KnownList cur;
    KnownList focus;
};

static int compare_known(const void *a, const void *b) {
    const KnownColumn *left = a;
    const KnownColumn *right = b;
    return strcmp(left->name_key, right->name_key);
}

static KnownList read_list(Arena *arena, const char *file, const char *detail) {
    const Knowledge *table = knowledge_table(arena, file);
    KnownList list = {arena_array(arena, table->row_count + 1, sizeof(KnownColumn)), table->row_count};
    for (size_t row = 0; row < table->row_count; row++) {
        const char *column = knowledge_field(table, row, "column");
        list.columns[row] = (KnownColumn){text_name_key(arena, column), column, knowledge_field(table, row, detail)};
    }
    qsort(list.columns, list.count, sizeof *list.columns, compare_known);
    return list;
}

Recogniser *recogniser_make(Arena *arena) {
    Recogniser *recogniser = arena_alloc(arena, sizeof *recogniser);
    recogniser->cur = read_list(arena, "cur_columns.tsv", "in");
    recogniser->focus = read_list(arena, "focus_columns.tsv", "introduced");
    return recogniser;
}

static const KnownColumn *find_known(const KnownList *list, const char *name_key) {
    if (list->count == 0) return NULL;
    KnownColumn wanted = {name_key, NULL, NULL};
    return bsearch(&wanted, list->columns, list->count, sizeof *list->columns, compare_known);
}

/* The known column that `name` is the beginning of, when the name was cut and only one fits. */
static const KnownColumn *find_cut(const KnownList *list, const char *name) {
    if (strlen(name) != POSTGRES_NAME_BYTES) return NULL;
    const KnownColumn *found = NULL;
    for (size_t i = 0; i < list->count; i++) {
        if (!text_starts_fold(list->columns[i].column, name)) continue;
        if (found) return NULL;
        found = &list->columns[i];
    }
    return found;
}

/* Columns of single tags and cost categories: their keys are the user's own and are never taken for a known column. */
static bool is_users_own(const char *name) {
    return text_starts_fold(name, "resourceTags/") || text_starts_fold(name, "costCategory/") ||
           text_starts_fold(name, "resource_tags_") || text_starts_fold(name, "cost_category_");
}

static const KnownColumn *find_cur(Arena *arena, const KnownList *list, const char *name) {
    if (is_users_own(name)) return NULL;
    const KnownColumn *known = find_known(list, text_name_key(arena, name));
    return known ? known : find_cut(list, name);
}

/* ASCII letter or digit, or a byte of a longer character's text. */
static bool is_alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

char *source_athena_name(Arena *arena, const char *name) {
    Buffer out = {.arena = arena};
    bool underscore = false; /* one is due before the next letter, unless the name starts there */
    for (const char *c = name; *c; c++) {
        if (!is_alphanumeric(*c)) {
            underscore = true;
            continue;
        }
        bool upper = *c >= 'A' && *c <= 'Z';
        if ((underscore || upper) && out.size > 0) buffer_add_char(&out, '_');
        buffer_add_char(&out, upper ? (char)(*c - 'A' + 'a') : *c);
        underscore = false;
    }
    return arena_text(arena, buffer_text(&out));
}

const char *source_format_name(SourceFormat format) {
    switch (format) {
    case FORMAT_CUR_LEGACY: return "legacy CUR";
    case FORMAT_CUR2: return "CUR 2.0";
    case FORMAT_FOCUS: return "FOCUS";
    case FORMAT_TABLE: return "table";
    }
    return "table";
}

static bool has_any(const KnownColumn *const *found, size_t count, const char *const *wanted) {
    for (size_t i = 0; i < count; i++) {
        if (!found[i]) continue;
        for (const char *const *name = wanted; *name; name++) {
            if (text_equal(found[i]->column, *name)) return true;
        }
    }
    return false;
}

static const char *const CUR_COSTS[] = {"line_item_unblended_cost", "line_item_net_unblended_cost", "line_item_blended_cost",
                                        NULL};
static const char *const CUR_TIMES[] = {"line_item_usage_start_date", "line_item_usage_end_date", "identity_time_interval",
                                        "bill_billing_period_start_date", NULL};
static const char *const CUR_SUBJECTS[] = {"line_item_product_code", "line_item_usage_type", "line_item_line_item_type",
                                           "product_product_name", NULL};
static const char *const FOCUS_COSTS[] = {"BilledCost", "EffectiveCost", NULL};
static const char *const FOCUS_TIMES[] = {"ChargePeriodStart", "BillingPeriodStart", NULL};

static bool is_cur(const KnownColumn *const *found, size_t count) {
    return has_any(found, count, CUR_COSTS) && has_any(found, count, CUR_TIMES) && has_any(found, count, CUR_SUBJECTS);
}

/* A cost and a time alone also make many a query's result; a third column of FOCUS makes it a bill. */
static bool is_focus(const KnownColumn *const *found, size_t count) {
    size_t known = 0;
    for (size_t i = 0; i < count; i++) {
        if (found[i] && found[i]->detail[0]) known++;
    }
    return known >= 3 && has_any(found, count, FOCUS_COSTS) && has_any(found, count, FOCUS_TIMES);
}

static SourceFormat cur_format(const SourceColumn *columns, const KnownColumn *const *found, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (strchr(columns[i].name, '/')) return FORMAT_CUR_LEGACY;
    }
    for (size_t i = 0; i < count; i++) {
        if (found[i] && text_equal(found[i]->detail, "cur2")) return FORMAT_CUR2;
    }
    return FORMAT_CUR_LEGACY;
}

/* Versions are "1.0" to "1.9": the order of their texts. */
static const char *focus_version(const KnownColumn *const *found, size_t count) {
    const char *newest = "1.0";
    for (size_t i = 0; i < count; i++) {
        if (found[i] && strcmp(found[i]->detail, newest) > 0) newest = found[i]->detail;
    }
    return newest;
}

typedef struct {
    const char *folded; /* the key in lower case: engines compare names without regard to case */
    size_t index;
} KeyEntry;

static int compare_entries(const void *a, const void *b) {
    const KeyEntry *left = a;
    const KeyEntry *right = b;
    int order = strcmp(left->folded, right->folded);
    if (order != 0) return order;
    return left->index < right->index ? -1 : left->index > right->index;
}

static bool key_is_taken(const SourceColumn *columns, size_t count, const char *key) {
    for (size_t i = 0; i < count; i++) {
        if (text_equal_fold(columns[i].key, key)) return true;
    }
    return false;
}

static void make_keys_unique(Arena *arena, SourceColumn *columns, size_t count) {
    KeyEntry *entries = arena_array(arena, count + 1, sizeof *entries);
    for (size_t i = 0; i < count; i++) entries[i] = (KeyEntry){text_lower(arena, columns[i].key), i};
    qsort(entries, count, sizeof *entries, compare_entries);
    for (size_t i = 1, first = 0; i < count; i++) {
        if (!text_equal(entries[i].folded, entries[first].folded)) {
            first = i;
            continue;
        }
        const char *base = columns[entries[i].index].key;
        const char *key = base;
        for (size_t number = i - first + 1; key_is_taken(columns, count, key); number++) {
            key = arena_printf(arena, "%s_%zu", base, number);
        }
        columns[entries[i].index].key = key;
    }
}

static const char *column_key(Arena *arena, SourceFormat format, const SourceColumn *column, const KnownColumn *known) {
    if (format == FORMAT_TABLE) return column->name;
    if (known) return known->column;
    if (format == FORMAT_FOCUS) return column->name;
    return source_athena_name(arena, column->name);
}

void recognise_columns(Arena *arena, const Recogniser *recogniser, SourceColumn *columns, size_t count, SourceFormat *format,
                       const char **version) {
    const KnownColumn **cur = arena_array(arena, count + 1, sizeof(KnownColumn *));
    const KnownColumn **focus = arena_array(arena, count + 1, sizeof(KnownColumn *));
    for (size_t i = 0; i < count; i++) {
        cur[i] = find_cur(arena, &recogniser->cur, columns[i].name);
        focus[i] = find_known(&recogniser->focus, text_name_key(arena, columns[i].name));
    }
    *version = "";
    *format = FORMAT_TABLE;
    if (is_focus(focus, count)) {
        *format = FORMAT_FOCUS;
        *version = focus_version(focus, count);
    } else if (is_cur(cur, count)) {
        *format = cur_format(columns, cur, count);
    }
    const KnownColumn **known = *format == FORMAT_FOCUS ? focus : cur;
    for (size_t i = 0; i < count; i++) {
        const char *key = column_key(arena, *format, &columns[i], known[i]);
        columns[i].key = key[0] ? key : arena_printf(arena, "column%zu", i + 1);
    }
    make_keys_unique(arena, columns, count);
}
