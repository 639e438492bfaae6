#include "answer/freeze.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/text.h"
#include "question/plan.h"

/* Members that are one text each, and lists of texts, by where they are. */
typedef struct {
    const char *name;
    size_t offset;
} TextMember;
typedef struct {
    const char *name;
    size_t count, list;
} ListMember;

static const TextMember answer_texts[] = {
    {"paraphrase", offsetof(Answer, paraphrase)},
    {"sql", offsetof(Answer, sql)},
    {"dialect", offsetof(Answer, dialect)},
    {"planner", offsetof(Answer, planner)},
    {"measure", offsetof(Answer, measure)},
    {"measure_label", offsetof(Answer, measure_label)},
    {"currency", offsetof(Answer, currency)},
    {"source", offsetof(Answer, source)},
    {"source_label", offsetof(Answer, source_label)},
    {"data_through", offsetof(Answer, data_through)},
    {"as_of", offsetof(Answer, as_of)},
    {"period_start", offsetof(Answer, period_start)},
    {"period_end", offsetof(Answer, period_end)},
    {"compared_start", offsetof(Answer, compared_start)},
    {"compared_end", offsetof(Answer, compared_end)},
    {"scope", offsetof(Answer, scope)},
    {"summary", offsetof(Answer, summary)},
    {"chart_kind", offsetof(Answer, chart.kind)},
    {"chart_x", offsetof(Answer, chart.x)},
    {"chart_series", offsetof(Answer, chart.series)},
    {NULL, 0},
};

static const ListMember answer_lists[] = {
    {"filters", offsetof(Answer, filter_count), offsetof(Answer, filters)},
    {"assumed", offsetof(Answer, assumed_count), offsetof(Answer, assumed)},
    {"warnings", offsetof(Answer, warning_count), offsetof(Answer, warnings)},
    {"suggestions", offsetof(Answer, suggestion_count), offsetof(Answer, suggestions)},
    {"recommendations", offsetof(Answer, recommendation_count), offsetof(Answer, recommendations)},
    {"chart_y", offsetof(Answer, chart.y_count), offsetof(Answer, chart.y)},
    {NULL, 0, 0},
};

static const TextMember fact_texts[] = {
    {"id", offsetof(Fact, id)},           {"kind", offsetof(Fact, kind)},
    {"subject", offsetof(Fact, subject)}, {"period", offsetof(Fact, period)},
    {"value", offsetof(Fact, value)},     {"unit", offsetof(Fact, unit)},
    {"display", offsetof(Fact, display)}, {"column", offsetof(Fact, column)},
    {"formula", offsetof(Fact, formula)}, {NULL, 0},
};

static const TextMember column_texts[] = {
    {"name", offsetof(CompiledColumn, name)},
    {"label", offsetof(CompiledColumn, label)},
    {"measure", offsetof(CompiledColumn, measure)},
    {"unit", offsetof(CompiledColumn, unit)},
    {NULL, 0},
};

/* --- out --- */

static void put_texts(Json *object, const void *base, const TextMember *members) {
    for (; members->name; members++) {
        const char *const *text = (const void *)((const char *)base + members->offset);
        if (*text) json_put_text(object, members->name, *text);
    }
}

static void put_lists(Json *object, const void *base, const ListMember *members) {
    for (; members->name; members++) {
        const size_t *count = (const void *)((const char *)base + members->count);
        const char *const *const *list = (const void *)((const char *)base + members->list);
        Json *array = *count ? json_put_array(object, members->name) : NULL;
        for (size_t i = 0; i < *count; i++) json_add_text(array, (*list)[i]);
    }
}

static void put_table(Json *object, const Table *table, const CompiledColumn *columns) {
    Json *heads = json_put_array(object, "columns");
    for (size_t i = 0; i < table->column_count; i++) {
        Json *head = json_add_object(heads);
        put_texts(head, &columns[i], column_texts);
        json_put_text(head, "cell_name", table->columns[i].name);
        json_put_integer(head, "type", (long long)table->columns[i].type);
        json_put_integer(head, "role", (long long)columns[i].role);
        json_put_bool(head, "hidden", columns[i].hidden);
    }
    json_put_integer(object, "row_count", (long long)table->row_count);
    json_put_bool(object, "truncated", table->truncated);
    Json *cells = json_put_array(object, "cells");
    for (size_t i = 0; i < table->row_count * table->column_count; i++)
        table->cells[i] ? json_add_text(cells, table->cells[i]) : json_add_null(cells);
}

Json *answer_freeze(Arena *arena, const Answer *answer) {
    Json *root = json_make_object(arena);
    put_texts(root, answer, answer_texts);
    put_lists(root, answer, answer_lists);
    json_put_bool(root, "period_complete", answer->period_complete);
    json_put_integer(root, "numbers", answer->numbers);
    json_put_integer(root, "verified", answer->numbers_verified);
    if (answer->plan) json_put(root, "plan", plan_json(arena, answer->plan));
    if (answer->table) put_table(json_put_object(root, "table"), answer->table, answer->columns);
    Json *sections = json_put_array(root, "sections");
    for (size_t i = 0; i < answer->section_count; i++) {
        Json *section = json_add_object(sections);
        json_put_text(section, "name", answer->sections[i].name);
        json_put_text(section, "title", answer->sections[i].title);
        put_table(json_put_object(section, "table"), answer->sections[i].table, answer->sections[i].columns);
    }
    Json *facts = json_put_array(root, "facts");
    for (size_t i = 0; i < answer->fact_count; i++) {
        Json *fact = json_add_object(facts);
        put_texts(fact, &answer->facts[i], fact_texts);
        json_put_integer(fact, "row", answer->facts[i].row);
    }
    return root;
}

/* --- back --- */

static void get_texts(Arena *arena, const Json *object, void *base, const TextMember *members) {
    for (; members->name; members++) {
        const char **text = (void *)((char *)base + members->offset);
        const char *kept = json_get_text(object, members->name);
        *text = kept ? arena_text(arena, kept) : NULL;
    }
}

static void get_lists(Arena *arena, const Json *object, void *base, const ListMember *members) {
    for (; members->name; members++) {
        size_t *count = (void *)((char *)base + members->count);
        const char ***list = (void *)((char *)base + members->list);
        const Json *array = json_get(object, members->name);
        *count = json_count(array);
        *list = arena_array(arena, *count + 1, sizeof **list);
        for (size_t i = 0; i < *count; i++) {
            const char *text = json_text(json_at(array, i));
            (*list)[i] = text ? arena_text(arena, text) : NULL;
        }
    }
}

static bool get_table(Arena *arena, const Json *object, const Table **out_table, const CompiledColumn **out_columns) {
    const Json *heads = json_get(object, "columns"), *cells = json_get(object, "cells");
    Table *table = arena_alloc(arena, sizeof *table);
    const size_t count = json_count(heads), rows = (size_t)json_get_integer(object, "row_count", 0);
    if (rows > RESULT_ROWS || json_count(cells) != rows * count) return false;
    CompiledColumn *columns = arena_array(arena, count + 1, sizeof *columns);
    table->column_count = count;
    table->row_count = rows;
    table->truncated = json_get_bool(object, "truncated", false);
    table->columns = arena_array(arena, count + 1, sizeof *table->columns);
    table->cells = arena_array(arena, rows * count + 1, sizeof *table->cells);
    for (size_t i = 0; i < count; i++) {
        const Json *head = json_at(heads, i);
        get_texts(arena, head, &columns[i], column_texts);
        columns[i].role = (ColumnRole)json_get_integer(head, "role", 0);
        columns[i].hidden = json_get_bool(head, "hidden", false);
        table->columns[i].name = arena_text(arena, json_get_text(head, "cell_name"));
        table->columns[i].type = (CellType)json_get_integer(head, "type", 0);
    }
    for (size_t i = 0; i < rows * count; i++) {
        const char *text = json_text(json_at(cells, i));
        table->cells[i] = text ? arena_text(arena, text) : NULL;
    }
    *out_table = table;
    *out_columns = columns;
    return true;
}

static bool get_sections(Arena *arena, const Json *array, Answer *out) {
    AnswerSection *sections = arena_array(arena, json_count(array) + 1, sizeof *sections);
    out->section_count = json_count(array);
    out->sections = sections;
    for (size_t i = 0; i < out->section_count; i++) {
        const Json *section = json_at(array, i);
        sections[i].name = arena_text(arena, json_get_text(section, "name"));
        sections[i].title = arena_text(arena, json_get_text(section, "title"));
        if (!get_table(arena, json_get(section, "table"), &sections[i].table, &sections[i].columns)) return false;
    }
    return true;
}

/* The plan is kept in the form of the catalog's own: nothing of the catalog is needed to read it again. */
static bool get_plan(Arena *arena, const Json *json, Answer *out, Err *err) {
    const Catalog blank = {.dataset = json_get_text(json, "dataset")};
    Plan *plan = NULL;
    if (!json) return true;
    if (!plan_read(arena, &blank, json, &plan, err)) return false;
    /* What was read points into the JSON, which may end before the answer does. */
    out->plan = plan_copy(arena, plan);
    return true;
}

bool answer_thaw(Arena *arena, const Json *json, Answer *out, Err *err) {
    if (json_kind(json) != JSON_OBJECT || !json_has(json, "facts"))
        return err_set(err, ERR_INPUT, "this is no answer that was kept");
    get_texts(arena, json, out, answer_texts);
    get_lists(arena, json, out, answer_lists);
    out->status = ANSWER_ANSWERED;
    out->period_complete = json_get_bool(json, "period_complete", false);
    out->numbers = (int)json_get_integer(json, "numbers", 0);
    out->numbers_verified = (int)json_get_integer(json, "verified", 0);
    const Json *facts = json_get(json, "facts"), *table = json_get(json, "table");
    out->fact_count = json_count(facts);
    out->facts = arena_array(arena, out->fact_count + 1, sizeof *out->facts);
    for (size_t i = 0; i < out->fact_count; i++) {
        get_texts(arena, json_at(facts, i), &out->facts[i], fact_texts);
        out->facts[i].row = (long)json_get_integer(json_at(facts, i), "row", -1);
    }
    if (table && !get_table(arena, table, &out->table, &out->columns))
        return err_set(err, ERR_INPUT, "the answer that was kept is damaged");
    if (!get_sections(arena, json_get(json, "sections"), out))
        return err_set(err, ERR_INPUT, "the answer that was kept is damaged");
    return get_plan(arena, json_get(json, "plan"), out, err);
}
