#include "question/query.h"

#include <string.h>
#include <strings.h>

#include "base/sql.h"
#include "base/text.h"

void texts_add(Arena *arena, Texts *texts, const char *text) {
    const size_t size = sizeof *texts->items;
    texts->items = arena_grow(arena, texts->items, texts->count * size, (texts->count + 1) * size);
    texts->items[texts->count++] = text;
}

bool texts_has(const Texts *texts, const char *text) {
    for (size_t i = 0; i < texts->count; i++)
        if (text_equal(texts->items[i], text)) return true;
    return false;
}

const char *texts_join(Arena *arena, const Texts *texts, const char *separator) {
    Buffer out = {.arena = arena};
    for (size_t i = 0; i < texts->count; i++) {
        if (i) buffer_add(&out, separator);
        buffer_add(&out, texts->items[i]);
    }
    return buffer_text(&out);
}

void select_add(Arena *arena, SelectList *list, const char *name, const char *expression) {
    const size_t size = sizeof *list->items;
    list->items = arena_grow(arena, list->items, list->count * size, (list->count + 1) * size);
    list->items[list->count++] = (SelectItem){name, expression};
}

const SelectItem *select_find(const SelectList *list, const char *name) {
    for (size_t i = 0; i < list->count; i++)
        if (text_equal_fold(list->items[i].name, name)) return &list->items[i];
    return NULL;
}

/* Engines compare names without regard to case. */
static bool is_taken(const Query *query, const char *name) {
    for (size_t i = 0; i < query->catalog->column_count; i++)
        if (text_equal_fold(query->catalog->columns[i].name, name)) return true;
    for (size_t i = 0; i < query->column_count; i++)
        if (text_equal_fold(query->columns[i].name, name)) return true;
    return select_find(&query->filtered, name) || select_find(&query->grouped, name) || select_find(&query->summary, name) ||
           select_find(&query->valued, name);
}

const char *query_name(const Query *query, const char *wish) {
    const char *name = wish;
    for (int i = 2; is_taken(query, name); i++) name = arena_printf(query->arena, "%s_%d", wish, i);
    return name;
}

void query_touch(Query *query, const char *column) {
    const CatalogColumn *known = catalog_column(query->catalog, column);
    if (!known || !known->in_rollup) query->lines_only = true;
    if (known && known == query->catalog->time_column) query->days_used = true;
}

const char *query_relation(const Query *query) {
    const Catalog *catalog = query->catalog;
    if (!query->rollups || query->lines_only) return catalog->dataset;
    return catalog->month_rollup && !query->days_used ? catalog->month_rollup : catalog->rollup;
}

const char *query_value(Query *query, const CatalogColumn *column) {
    query_touch(query, column->name);
    const bool may_be_empty = column->type == CELL_TEXT && (column->class == CLASS_TAG || column->missing > 0);
    return sql_format(query->arena, may_be_empty ? "NULLIF(%I, '')" : "%I", column->name);
}

void query_use(Query *query, const char *column) {
    if (select_find(&query->filtered, column)) return;
    const CatalogColumn *known = catalog_column(query->catalog, column);
    query_touch(query, column);
    if (!known) {
        select_add(query->arena, &query->filtered, column, NULL);
        return;
    }
    const char *value = query_value(query, known);
    const bool plain = text_starts(value, "\"");
    select_add(query->arena, &query->filtered, column, plain ? NULL : value);
}

CompiledColumn *query_column(Query *query, CompiledColumn column) {
    const size_t size = sizeof column;
    query->columns = arena_grow(query->arena, query->columns, query->column_count * size, (query->column_count + 1) * size);
    query->columns[query->column_count] = column;
    return &query->columns[query->column_count++];
}

static void add_item(Sql *sql, const SelectItem *item) {
    sql_list_next(sql, ",");
    if (item->expression)
        sql_add(sql, "\n  %R AS %I", item->expression, item->name);
    else
        sql_add(sql, "\n  %I", item->name);
}

static void add_items(Sql *sql, const SelectList *list) {
    for (size_t i = 0; i < list->count; i++) add_item(sql, &list->items[i]);
}

static void add_where(Sql *sql, const Texts *conditions) {
    for (size_t i = 0; i < conditions->count; i++) sql_add(sql, i ? "\n  AND %R" : "\nWHERE %R", conditions->items[i]);
}

static void add_names(Sql *sql, const char *before, const Texts *names, const Texts *more) {
    if (!names->count && !(more && more->count)) return;
    sql_add(sql, "%R", before);
    sql_list_start(sql);
    for (size_t i = 0; i < names->count; i++) {
        sql_list_next(sql, ", ");
        sql_add(sql, "%I", names->items[i]);
    }
    for (size_t i = 0; more && i < more->count; i++) {
        sql_list_next(sql, ", ");
        sql_add(sql, "%I", more->items[i]);
    }
}

/* One stage: its name, what it selects, where from, under which conditions, grouped by what. */
typedef struct {
    const char *name;
    SelectList select;
    const char *from;
    const Texts *where;
    Texts group_by;
} Stage;

enum { STAGES = 5 };
typedef struct {
    size_t count;
    Stage stages[STAGES];
} Stages;

static void carry(Arena *arena, SelectList *to, const SelectList *from) {
    for (size_t i = 0; i < from->count; i++) select_add(arena, to, from->items[i].name, NULL);
}

static void append(Arena *arena, SelectList *to, const SelectList *from) {
    for (size_t i = 0; i < from->count; i++) select_add(arena, to, from->items[i].name, from->items[i].expression);
}

static void append_names(Arena *arena, SelectList *to, const Texts *names) {
    for (size_t i = 0; i < names->count; i++) select_add(arena, to, names->items[i], NULL);
}

const char *query_stage(const Query *query, const char *name) {
    return text_equal_fold(query->catalog->dataset, name) ? arena_printf(query->arena, "%s_rows", name) : name;
}

static Stage *add_stage(const Query *query, Stages *stages, const char *name) {
    Stage *stage = &stages->stages[stages->count];
    const char *from = stages->count ? stages->stages[stages->count - 1].name : NULL;
    *stage = (Stage){.name = query_stage(query, name), .from = from};
    stages->count++;
    return stage;
}

static const char *place_expression(const Query *query) {
    Sql *sql = sql_make(query->arena);
    sql_add(sql, query->dense ? "dense_rank() OVER (" : "row_number() OVER (");
    add_names(sql, "PARTITION BY ", &query->partition, NULL);
    sql_add(sql, "%RORDER BY %R)", query->partition.count ? " " : "", texts_join(query->arena, &query->place_order, ", "));
    return sql_text(sql);
}

static void make_aggregates(const Query *query, Stages *stages) {
    Arena *arena = query->arena;
    Stage *grouped = add_stage(query, stages, "grouped");
    append_names(arena, &grouped->select, &query->keys);
    append_names(arena, &grouped->select, &query->inner_keys);
    for (size_t i = 0; i < grouped->select.count; i++) texts_add(arena, &grouped->group_by, grouped->select.items[i].name);
    append(arena, &grouped->select, &query->grouped);
    if (!query->summary.count) return;
    Stage *summary = add_stage(query, stages, "summary");
    append_names(arena, &summary->select, &query->keys);
    summary->group_by = query->keys;
    summary->where = &query->inner_where;
    for (size_t i = 0; i < query->companions.count; i++) {
        const char *name = query->companions.items[i];
        select_add(arena, &summary->select, name, sql_format(arena, "max(%I)", name));
    }
    append(arena, &summary->select, &query->summary);
}

static void make_stages(const Query *query, const char *relation, Stages *stages) {
    Arena *arena = query->arena;
    Stage *filtered = add_stage(query, stages, "filtered");
    filtered->from = relation;
    filtered->where = &query->where;
    append(arena, &filtered->select, &query->filtered);
    if (query->grouped.count || query->keys.count) make_aggregates(query, stages);
    if (query->valued.count) {
        const SelectList *before = &stages->stages[stages->count - 1].select;
        Stage *valued = add_stage(query, stages, "valued");
        carry(arena, &valued->select, before);
        append(arena, &valued->select, &query->valued);
        if (query->calendar) valued->from = sql_format(arena, "%R JOIN %R", valued->from, query->calendar_join);
    }
    if (query->place_order.count) {
        const SelectList *before = &stages->stages[stages->count - 1].select;
        Stage *ranked = add_stage(query, stages, "ranked");
        carry(arena, &ranked->select, before);
        select_add(arena, &ranked->select, query_name(query, "place"), place_expression(query));
        ranked->where = &query->conditions;
    }
}

/* The last stage can be the last SELECT itself when nothing has to be asked of its result. */
static bool last_stage_is_answer(const Query *query, const Stages *stages) {
    const Stage *last = &stages->stages[stages->count - 1];
    if (query->conditions.count || query->place_order.count) return false;
    for (size_t i = 0; i < query->column_count; i++)
        if (!select_find(&last->select, query->columns[i].name)) return false;
    for (size_t i = 0; i < last->select.count; i++) {
        bool shown = false;
        for (size_t c = 0; c < query->column_count; c++)
            shown |= text_equal(query->columns[c].name, last->select.items[i].name);
        if (!shown) return false;
    }
    return true;
}

/* A comparison of things that may overlap reads the rows of each of them apart. */
static void add_members(Sql *sql, const Query *query, const Stage *filtered) {
    for (size_t i = 0; i < query->member_names.count; i++) {
        sql_add(sql, i ? "\nUNION ALL\nSELECT" : "SELECT");
        sql_list_start(sql);
        sql_list_next(sql, ",");
        sql_add(sql, "\n  %S AS %I", query->member_names.items[i], query->member);
        add_items(sql, &filtered->select);
        sql_add(sql, "\nFROM %R", filtered->from);
        add_where(sql, filtered->where);
        sql_add(sql, "%R%R", filtered->where->count ? "\n  AND " : "\nWHERE ", query->member_conditions.items[i]);
    }
}

static void add_stage_text(Sql *sql, const Stage *stage) {
    sql_add(sql, "SELECT");
    sql_list_start(sql);
    add_items(sql, &stage->select);
    if (!stage->select.count) sql_add(sql, "\n  1 AS \"row\"");
    sql_add(sql, "\nFROM %R", stage->from);
    if (stage->where) add_where(sql, stage->where);
    add_names(sql, "\nGROUP BY ", &stage->group_by, NULL);
}

/* Indents the lines of a CTE's body, but nothing inside quotes: a line break there belongs to a value. */
static const char *indented(Arena *arena, const char *text) {
    Buffer out = {.arena = arena};
    buffer_add(&out, "  ");
    char quote = 0;
    for (const char *c = text; *c; c++) {
        if (*c == '\'' || *c == '"') quote = !quote ? *c : quote == *c ? 0 : quote;
        buffer_add_char(&out, *c);
        if (*c == '\n' && !quote) buffer_add(&out, "  ");
    }
    return buffer_text(&out);
}

static void add_answer(Sql *sql, const Query *query, const Stage *last, bool merged) {
    Stage answer = {.from = last->name, .where = &query->conditions};
    for (size_t i = 0; i < query->column_count; i++) {
        const SelectItem *item = merged ? select_find(&last->select, query->columns[i].name) : NULL;
        select_add(query->arena, &answer.select, query->columns[i].name, item ? item->expression : NULL);
    }
    if (merged) {
        answer.from = last->from;
        answer.where = last->where;
        answer.group_by = last->group_by;
    }
    Texts place = {0};
    if (query->place_order.count) {
        const char *name = query_name(query, "place");
        /* Not "<=": DuckDB 1.5 rewrites row_number() <= n, and fails on that when the rows below are limited by BETWEEN. */
        if (query->places > 0)
            texts_add(query->arena, &place, sql_format(query->arena, "%I BETWEEN 1 AND %d", name, query->places));
        answer.where = &place;
    }
    add_stage_text(sql, &answer);
    if (query->order.count) sql_add(sql, "\nORDER BY %R", texts_join(query->arena, &query->order, ", "));
    sql_add(sql, "\nLIMIT %d", query->limit);
}

const char *query_text(const Query *query, const char *relation) {
    Stages stages = {0};
    make_stages(query, sql_format(query->arena, "%I", relation), &stages);
    const bool merged = last_stage_is_answer(query, &stages);
    const size_t ctes = stages.count - (merged && stages.count > 1);
    Sql *sql = sql_make(query->arena);
    sql_add(sql, "WITH ");
    sql_list_start(sql);
    if (query->calendar) {
        sql_list_next(sql, ",\n");
        sql_add(sql, "%R AS (\n%R\n)", query_stage(query, "calendar"), indented(query->arena, query->calendar));
    }
    for (size_t i = 0; i < ctes; i++) {
        Sql *body = sql_make(query->arena);
        if (i == 0 && query->member)
            add_members(body, query, &stages.stages[i]);
        else
            add_stage_text(body, &stages.stages[i]);
        const char *text = sql_text(body);
        if (!text) return NULL;
        sql_list_next(sql, ",\n");
        sql_add(sql, "%R AS (\n%R\n)", stages.stages[i].name, indented(query->arena, text));
    }
    sql_add(sql, "\n");
    add_answer(sql, query, &stages.stages[stages.count - 1], ctes < stages.count);
    return sql_text(sql);
}
