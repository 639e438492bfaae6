#include "guard/walk.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"

static bool walk_node(Walk *walk, const char *kind, const Json *node);

bool walk_refuse(Walk *walk, const char *format, ...) {
    va_list args;
    va_start(args, format);
    char *message = arena_vprintf(walk->arena, format, args);
    va_end(args);
    /* Names in compiled SQL may hold what no terminal should see. */
    return err_set_code(walk->err, ERR_REFUSED, "UNSAFE", "%s", text_printable(walk->arena, message));
}

/* The tree has something in it that this version does not know: never the user's fault alone, so it says what can be done. */
static bool unknown(Walk *walk, const char *kind, const char *what) {
    return walk_refuse(walk,
                       "This SQL uses %s of %s, which is not allowed here; write it with plain SELECT, JOIN, WHERE, GROUP BY, "
                       "windows and WITH",
                       what, kind);
}

/* --- Names ------------------------------------------------------------------------------------------------------------ */

static bool is_allowed_table(const Walk *walk, const char *name) {
    for (size_t i = 0; i < walk->table_count; i++)
        if (text_equal_fold(walk->tables[i], name)) return true;
    return false;
}

static const WalkCte *find_cte(const Walk *walk, const char *name) {
    for (size_t i = walk->cte_count; i > 0; i--)
        if (text_equal_fold(walk->ctes[i - 1].name, name)) return &walk->ctes[i - 1];
    return NULL;
}

static const char *table_list(const Walk *walk) {
    Buffer out = {.arena = walk->arena};
    for (size_t i = 0; i < walk->table_count && i < GUARD_TABLES_NAMED; i++)
        buffer_printf(&out, "%s%s", i ? ", " : "", walk->tables[i]);
    if (walk->table_count > GUARD_TABLES_NAMED) buffer_add(&out, ", …");
    return buffer_text(&out);
}

/* A name without schema is a CTE where one is visible, as the engine resolves it; with the schema main it never is. */
static bool check_table(Walk *walk, const Json *table) {
    const char *name = json_get_text(table, "table_name"), *schema = json_get_text(table, "schema_name");
    const char *catalog = json_get_text(table, "catalog_name");
    if (text_is_empty(name)) return unknown(walk, "a table", "an unnamed form");
    bool qualified = !text_is_empty(catalog) || (!text_is_empty(schema) && !text_equal_fold(schema, "main"));
    if (!qualified && is_allowed_table(walk, name)) return true;
    if (text_is_empty(schema) && !qualified && find_cte(walk, name)) return true;
    const char *parts[] = {catalog, schema, name};
    Buffer written = {.arena = walk->arena};
    for (size_t i = 0; i < 3; i++)
        if (!text_is_empty(parts[i])) buffer_printf(&written, "%s%s", written.size ? "." : "", parts[i]);
    return walk_refuse(walk, "%s cannot be read here; what can be read: %s", buffer_text(&written), table_list(walk));
}

/* The values that SQL gives for these words when no column has such a name tell about the engine, not about the bill. */
static bool is_session_word(const char *name) {
    static const char *const words[] = {"current_catalog", "current_database", "current_role", "current_schema",
                                        "current_user",    "session_user",     "user"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_equal_fold(words[i], name)) return true;
    return false;
}

static bool check_column(Walk *walk, const Json *names) {
    size_t count = json_count(names);
    const char *first = json_text(json_at(names, 0));
    if (count < 1 || count > GUARD_NAME_PARTS) return unknown(walk, "a column", "too many parts of the name");
    for (size_t i = 0; i < count; i++)
        if (json_kind(json_at(names, i)) != JSON_TEXT) return unknown(walk, "a column", "an odd name");
    if (*first == '$' || (count == 1 && is_session_word(first)))
        return walk_refuse(walk, "The column %s cannot be read here; columns of %s can", first, table_list(walk));
    return true;
}

/* Adds a CTE once its body was walked: within it, the name still means what it meant outside. */
static bool walk_ctes(Walk *walk, const Json *map) {
    if (json_kind(map) != JSON_ARRAY) return unknown(walk, "WITH", "an odd form");
    for (size_t i = 0; i < json_count(map); i++) {
        const Json *entry = json_at(map, i);
        if (!walk_node(walk, "cte_entry", entry)) return false;
        const char *name = json_get_text(entry, "key");
        if (is_allowed_table(walk, name))
            return walk_refuse(walk, "WITH must not give the name of a table (%s) to something else; choose another name",
                               name);
        if (walk->cte_count == GUARD_CTES) return walk_refuse(walk, "At most %d queries may stand in WITH", GUARD_CTES);
        const Json *query = json_get(json_get(json_get(entry, "value"), "query"), "node");
        walk->ctes[walk->cte_count] = (WalkCte){name, join_is_single_row(walk, query)};
        walk->cte_count++;
    }
    return true;
}

/* --- Values ----------------------------------------------------------------------------------------------------------- */

static size_t count_members(const Json *object);

static bool count_one(void *context, const char *key, const Json *value) {
    (void)key;
    (void)value;
    ++*(size_t *)context;
    return true;
}

static size_t count_members(const Json *object) {
    size_t count = 0;
    json_each(object, count_one, &count);
    return count;
}

static bool is_empty(const Json *value) {
    switch (json_kind(value)) {
    case JSON_TEXT: return !*json_text(value);
    case JSON_ARRAY: return json_count(value) == 0;
    case JSON_OBJECT: return count_members(value) == 0;
    default: return false;
    }
}

/* "INNER" is in "INNER|LEFT". */
static bool is_listed(const Json *value, const char *list) {
    const char *text = json_kind(value) == JSON_TEXT ? json_text(value) : NULL;
    if (!text) return false;
    size_t size = strlen(text);
    for (const char *word = list;; word++) {
        size_t length = strcspn(word, "|");
        if (length == size && memcmp(word, text, size) == 0) return true;
        word += length;
        if (!*word) return false;
    }
}

static bool check_names(const Json *list) {
    if (json_kind(list) != JSON_ARRAY) return false;
    for (size_t i = 0; i < json_count(list); i++)
        if (json_kind(json_at(list, i)) != JSON_TEXT) return false;
    return true;
}

/* [[0, 1], []]: positions in the list of groups. */
static bool check_group_sets(const Json *sets) {
    if (json_kind(sets) != JSON_ARRAY || json_count(sets) > GUARD_GROUP_SETS) return false;
    for (size_t i = 0; i < json_count(sets); i++) {
        const Json *set = json_at(sets, i);
        if (json_kind(set) != JSON_ARRAY) return false;
        for (size_t k = 0; k < json_count(set); k++)
            if (json_kind(json_at(set, k)) != JSON_NUMBER) return false;
    }
    return true;
}

/* {type, is_null[, value]}: a number, a text of bounded length, a boolean, the two halves of a HUGEINT. */
static bool walk_constant(Walk *walk, const Json *constant) {
    bool is_null = json_get_bool(constant, "is_null", false);
    const Json *value = json_get(constant, "value");
    if (count_members(constant) != (is_null ? 2 : 3) || !json_has(constant, "is_null"))
        return unknown(walk, "a constant", "an odd form");
    if (!walk_node(walk, "type", json_get(constant, "type"))) return false;
    if (is_null) return true;
    switch (json_kind(value)) {
    case JSON_NUMBER:
    case JSON_BOOL: return true;
    case JSON_TEXT:
        return strlen(json_text(value)) <= GUARD_CONSTANT_BYTES ||
               walk_refuse(walk, "A text in SQL may have at most %d bytes", GUARD_CONSTANT_BYTES);
    case JSON_OBJECT:
        if (count_members(value) == 2 && json_kind(json_get(value, "upper")) == JSON_NUMBER &&
            json_kind(json_get(value, "lower")) == JSON_NUMBER)
            return true;
        break;
    default: break;
    }
    return unknown(walk, "a constant", "an odd value");
}

/* LIMIT and OFFSET: nothing, or a number. */
static bool check_row_count(Walk *walk, const Json *value) {
    if (json_kind(value) == JSON_NULL) return true;
    const Json *constant = json_get(value, "value");
    bool number =
        text_equal(json_get_text(value, "class"), "CONSTANT") && json_kind(json_get(constant, "value")) == JSON_NUMBER;
    if (!number) return walk_refuse(walk, "LIMIT and OFFSET must be plain numbers");
    return walk_node(walk, "CONSTANT", value);
}

static bool check_type_id(Walk *walk, const Json *id) {
    if (json_kind(id) == JSON_TEXT && allow_type(walk->allow, json_text(id))) return true;
    return walk_refuse(walk, "The type %s is not allowed here; numbers, text, dates, times and intervals are",
                       json_text(id) ? json_text(id) : "?");
}

static bool walk_type_info(Walk *walk, const Json *info) {
    if (json_kind(info) == JSON_NULL) return true;
    const char *kind = json_get_text(info, "type");
    if (!text_equal(kind, "DECIMAL_TYPE_INFO")) return unknown(walk, "a type", "details");
    return walk_node(walk, kind, info);
}

/* --- Families --------------------------------------------------------------------------------------------------------- */

/* What a user calls a kind of node that is refused. */
static const char *spoken_kind(const char *kind) {
    static const struct {
        const char *kind, *spoken;
    } names[] = {
        {"RECURSIVE_CTE_NODE", "WITH RECURSIVE"}, {"SHOW_REF", "SHOW, DESCRIBE or SUMMARIZE"},    {"LAMBDA", "a lambda"},
        {"PARAMETER", "a parameter ($1, ?)"},     {"LIMIT_PERCENT_MODIFIER", "LIMIT in percent"}, {"COLLATE", "COLLATE"},
        {"POSITIONAL_REFERENCE", "#1"},           {"STATEMENT_NODE", "a statement that writes"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_equal(names[i].kind, kind)) return names[i].spoken;
    return kind;
}

/* A node of a family names its kind itself. Relations and expressions both have a SUBQUERY. */
static bool walk_family(Walk *walk, const char *family, const Json *node) {
    bool expression = text_equal(family, "expression");
    const Json *name = json_get(node, expression ? "class" : "type");
    if (json_kind(name) != JSON_TEXT) return unknown(walk, family, "an odd form");
    const char *kind = json_text(name);
    static const struct {
        const char *family, *kinds;
    } families[] = {
        {"query", "SELECT_NODE|SET_OPERATION_NODE"},
        {"relation", "BASE_TABLE|SUBQUERY|JOIN|EXPRESSION_LIST|EMPTY|TABLE_FUNCTION"},
        {"modifier", "ORDER_MODIFIER|DISTINCT_MODIFIER|LIMIT_MODIFIER"},
        {"expression", "BETWEEN|CASE|CAST|COLUMN_REF|COMPARISON|CONJUNCTION|CONSTANT|FUNCTION|OPERATOR|STAR|SUBQUERY|WINDOW"},
    };
    bool member = false;
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        member |= text_equal(families[i].family, family) && is_listed(name, families[i].kinds);
    if (!member)
        return walk_refuse(walk, "%s is not allowed here; SELECT with joins, WHERE, GROUP BY, windows, WITH and subqueries is",
                           spoken_kind(kind));
    if (!expression && text_equal(kind, "SUBQUERY")) kind = "SUBQUERY_RELATION";
    return walk_node(walk, kind, node);
}

/* CTEs of a query end with it. */
static bool walk_query(Walk *walk, const Json *query) {
    size_t ctes = walk->cte_count;
    const Json *where = walk->where;
    walk->where = json_get(query, "where_clause");
    bool ok = walk_family(walk, "query", query);
    walk->where = where;
    walk->cte_count = ctes;
    return ok;
}

static bool walk_one(Walk *walk, const char *family, const Json *node) {
    return text_equal(family, "query") ? walk_query(walk, node) : walk_family(walk, family, node);
}

static bool walk_list(Walk *walk, const char *family, const Json *list) {
    if (json_kind(list) != JSON_ARRAY) return unknown(walk, family, "an odd list");
    for (size_t i = 0; i < json_count(list); i++)
        if (!walk_one(walk, family, json_at(list, i))) return false;
    return true;
}

static bool walk_objects(Walk *walk, const char *kind, const Json *list) {
    if (json_kind(list) != JSON_ARRAY) return unknown(walk, kind, "an odd list");
    for (size_t i = 0; i < json_count(list); i++)
        if (!walk_node(walk, kind, json_at(list, i))) return false;
    return true;
}

static bool walk_rows(Walk *walk, const Json *rows) {
    if (json_kind(rows) != JSON_ARRAY) return unknown(walk, "VALUES", "an odd form");
    for (size_t i = 0; i < json_count(rows); i++)
        if (!walk_list(walk, "expression", json_at(rows, i))) return false;
    return true;
}

static bool walk_statements(Walk *walk, const Json *list) {
    if (json_count(list) != 1)
        return walk_refuse(walk,
                           json_count(list) ? "Only one statement can run at a time" : "There is no statement in this SQL");
    return walk_node(walk, "statement", json_at(list, 0));
}

static bool walk_table_function(Walk *walk, const Json *call) {
    if (!text_equal(json_get_text(call, "class"), "FUNCTION")) return unknown(walk, "FROM", "an odd call");
    walk->expects_table_function = true;
    return walk_family(walk, "expression", call);
}

/* --- The rules -------------------------------------------------------------------------------------------------------- */

static bool is_simple(const char *rule, const Json *value, const char *argument, bool *holds) {
    JsonKind kind = json_kind(value);
    if (text_equal(rule, "kind") || text_equal(rule, "text"))
        *holds = kind == JSON_TEXT;
    else if (text_equal(rule, "number"))
        *holds = kind == JSON_NUMBER;
    else if (text_equal(rule, "bool"))
        *holds = kind == JSON_BOOL;
    else if (text_equal(rule, "empty"))
        *holds = is_empty(value);
    else if (text_equal(rule, "null"))
        *holds = kind == JSON_NULL;
    else if (text_equal(rule, "false"))
        *holds = kind == JSON_BOOL && !json_is_true(value);
    else if (text_equal(rule, "="))
        *holds = is_listed(value, argument);
    else if (text_equal(rule, "names"))
        *holds = check_names(value);
    else if (text_equal(rule, "group_sets"))
        *holds = check_group_sets(value);
    else
        return false;
    return true;
}

typedef struct {
    const char *rule;
    bool (*check)(Walk *walk, const Json *value);
} Check;

static const Check value_checks[] = {
    {"statements", walk_statements}, {"ctes", walk_ctes},           {"rows", walk_rows},
    {"column", check_column},        {"constant", walk_constant},   {"row_count", check_row_count},
    {"type_id", check_type_id},      {"type_info", walk_type_info}, {"table_function", walk_table_function},
};

static const Check node_checks[] = {{"table", check_table}, {"function", call_check}, {"join", join_check}};

static bool (*find_check(const Check *checks, size_t count, const char *rule))(Walk *, const Json *) {
    for (size_t i = 0; i < count; i++)
        if (text_equal(checks[i].rule, rule)) return checks[i].check;
    return NULL;
}

static bool apply(Walk *walk, const char *kind, const AllowRule *rule, const Json *value) {
    bool holds = false;
    if (is_simple(rule->rule, value, rule->argument, &holds))
        return holds || unknown(walk, spoken_kind(kind), arena_printf(walk->arena, "an option (%s)", rule->key));
    if (text_equal(rule->rule, "is")) return walk_node(walk, rule->argument, value);
    if (text_equal(rule->rule, "list")) return walk_objects(walk, rule->argument, value);
    bool (*check)(Walk *, const Json *) = find_check(value_checks, sizeof value_checks / sizeof *value_checks, rule->rule);
    if (check) return check(walk, value);
    size_t size = strlen(rule->rule);
    char last = rule->rule[size - 1];
    const char *family = rule->rule;
    if (last == '?' || last == 's') family = arena_text_n(walk->arena, rule->rule, size - 1);
    if (last == '?' && json_kind(value) == JSON_NULL) return true;
    return last == 's' ? walk_list(walk, family, value) : walk_one(walk, family, value);
}

/* Every key that the kind has, and no other. */
static bool walk_node(Walk *walk, const char *kind, const Json *node) {
    const AllowNode *allowed = allow_node(walk->allow, kind);
    if (json_kind(node) != JSON_OBJECT || !allowed) return unknown(walk, spoken_kind(kind), "a form");
    if (++walk->node_count > walk->node_limit)
        return walk_refuse(walk, "This SQL is too long: its syntax tree has more than %zu parts", walk->node_limit);
    if (count_members(node) != allowed->rule_count) return unknown(walk, spoken_kind(kind), "an option");
    for (size_t i = 0; i < allowed->rule_count; i++)
        if (!json_has(node, allowed->rules[i].key)) return unknown(walk, spoken_kind(kind), "an option");
    if (allowed->check) {
        bool (*check)(Walk *, const Json *) = find_check(node_checks, sizeof node_checks / sizeof *node_checks, allowed->check);
        assert(check && "guard_nodes.tsv names an unknown check");
        if (!check(walk, node)) return false;
    }
    for (size_t i = 0; i < allowed->rule_count; i++)
        if (!apply(walk, kind, &allowed->rules[i], json_get(node, allowed->rules[i].key))) return false;
    return true;
}

bool walk_tree(Walk *walk, const Json *root) {
    walk->ctes = arena_array(walk->arena, GUARD_CTES, sizeof *walk->ctes);
    walk->node_count = walk->join_count = walk->cte_count = 0;
    walk->where = NULL;
    walk->expects_table_function = false;
    return walk_node(walk, "root", root);
}
