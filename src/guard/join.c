/* Joins: a join without an equality between columns of its two sides multiplies them, 10 million rows by 10 million. */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "guard/walk.h"

/* --- Queries of one row ----------------------------------------------------------------------------------------------- */

/* Any calls context->found on a node that is an aggregate. Subqueries and windows keep theirs to themselves. */
static bool has_aggregate(const Walk *walk, const Json *expression);

typedef struct {
    const Walk *walk;
    bool found;
} Search;

static bool search_member(void *context, const char *key, const Json *value) {
    (void)key;
    Search *search = context;
    search->found |= has_aggregate(search->walk, value);
    return true;
}

static bool has_aggregate(const Walk *walk, const Json *expression) {
    const char *class = json_get_text(expression, "class"), *name = json_get_text(expression, "function_name");
    if (text_equal(class, "SUBQUERY") || text_equal(class, "WINDOW")) return false;
    if (text_equal(class, "FUNCTION") && name && allow_function(walk->allow, name, CALL_AGGREGATE)) return true;
    Search search = {walk, false};
    if (json_kind(expression) == JSON_OBJECT) json_each(expression, search_member, &search);
    for (size_t i = 0; i < json_count(expression); i++) search.found |= has_aggregate(walk, json_at(expression, i));
    return search.found;
}

bool join_is_single_row(const Walk *walk, const Json *query) {
    if (!text_equal(json_get_text(query, "type"), "SELECT_NODE")) return false;
    bool grouped = json_count(json_get(query, "group_expressions")) || json_count(json_get(query, "group_sets"));
    if (grouped || !text_equal(json_get_text(query, "aggregate_handling"), "STANDARD_HANDLING")) return false;
    if (text_equal(json_get_text(json_get(query, "from_table"), "type"), "EMPTY")) return true;
    return has_aggregate(walk, json_get(query, "select_list"));
}

static bool relation_is_single_row(const Walk *walk, const Json *relation) {
    const char *type = json_get_text(relation, "type");
    if (text_equal(type, "SUBQUERY")) return join_is_single_row(walk, json_get(json_get(relation, "subquery"), "node"));
    if (text_equal(type, "EXPRESSION_LIST")) return json_count(json_get(relation, "values")) <= 1;
    if (!text_equal(type, "BASE_TABLE") || !text_is_empty(json_get_text(relation, "schema_name"))) return false;
    for (size_t i = walk->cte_count; i > 0; i--)
        if (text_equal_fold(walk->ctes[i - 1].name, json_get_text(relation, "table_name"))) return walk->ctes[i - 1].single_row;
    return false;
}

/* --- Sides ------------------------------------------------------------------------------------------------------------ */

static const char *relation_name(const Json *relation) {
    const char *alias = json_get_text(relation, "alias");
    return text_is_empty(alias) ? json_get_text(relation, "table_name") : alias;
}

/* Whether a relation, or one within a join, goes by that name. */
static bool has_relation(const Json *relation, const char *name) {
    if (text_equal(json_get_text(relation, "type"), "JOIN"))
        return has_relation(json_get(relation, "left"), name) || has_relation(json_get(relation, "right"), name);
    return text_equal_fold(relation_name(relation), name);
}

typedef struct {
    const Json *left, *right;
    bool of_left, of_right, of_none; /* columns that were seen */
} Sides;

static void look_for_columns(Sides *sides, const Json *expression);

static bool look_in_member(void *context, const char *key, const Json *value) {
    (void)key;
    look_for_columns(context, value);
    return true;
}

/* A column counts for a side only when its name says so: "a.service", "main.a.service". */
static void look_at_column(Sides *sides, const Json *names) {
    size_t count = json_count(names);
    bool left = false, right = false;
    for (size_t i = 0; i + 1 < count && i < 2 && !left && !right; i++) {
        left = has_relation(sides->left, json_text(json_at(names, i)));
        right = has_relation(sides->right, json_text(json_at(names, i)));
    }
    sides->of_left |= left && !right;
    sides->of_right |= right && !left;
    sides->of_none |= left == right;
}

static void look_for_columns(Sides *sides, const Json *expression) {
    if (json_kind(expression) == JSON_OBJECT) {
        const char *class = json_get_text(expression, "class");
        if (text_equal(class, "COLUMN_REF")) {
            look_at_column(sides, json_get(expression, "column_names"));
            return;
        }
        /* What is within a subquery may be a column of anything. */
        sides->of_none |= text_equal(class, "SUBQUERY") || text_equal(class, "STAR");
        json_each(expression, look_in_member, sides);
    }
    for (size_t i = 0; i < json_count(expression); i++) look_for_columns(sides, json_at(expression, i));
}

static bool ties_sides(const Json *join, const Json *condition) {
    const char *type = json_get_text(condition, "type");
    if (text_equal(type, "CONJUNCTION_AND")) {
        const Json *parts = json_get(condition, "children");
        for (size_t i = 0; i < json_count(parts); i++)
            if (ties_sides(join, json_at(parts, i))) return true;
        return false;
    }
    if (!text_equal(type, "COMPARE_EQUAL") && !text_equal(type, "COMPARE_NOT_DISTINCT_FROM")) return false;
    Sides first = {.left = json_get(join, "left"), .right = json_get(join, "right")}, second = first;
    look_for_columns(&first, json_get(condition, "left"));
    look_for_columns(&second, json_get(condition, "right"));
    if (first.of_none || second.of_none) return false;
    bool straight = first.of_left && !first.of_right && second.of_right && !second.of_left;
    bool crossed = first.of_right && !first.of_left && second.of_left && !second.of_right;
    return straight || crossed;
}

bool join_check(Walk *walk, const Json *join) {
    if (++walk->join_count > walk->join_limit) return walk_refuse(walk, "At most %zu joins are allowed", walk->join_limit);
    if (json_count(json_get(join, "using_columns")) || ties_sides(join, json_get(join, "condition"))) return true;
    bool cross = text_equal(json_get_text(join, "ref_type"), "CROSS");
    if (cross && ties_sides(join, walk->where)) return true;
    if (relation_is_single_row(walk, json_get(join, "left")) || relation_is_single_row(walk, json_get(join, "right")))
        return true;
    return walk_refuse(walk, "A join needs an equality between columns of its two sides, each with its table's name: ON "
                             "a.ServiceName = b.ServiceName, or USING (ServiceName)");
}
