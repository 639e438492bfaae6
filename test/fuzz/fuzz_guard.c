/* Any bytes given to the guard are refused with a reason, or become SQL that reads nothing but the allowed relations. That is asked
 * of the parser again, by other means than the guard's own: every relation of the tree, whatever else is around it. The first byte
 * says whether the text is typed or compiled. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "guard/guard.h"
#include "io/duck.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const tables[] = {"cur", "cost_v"};

typedef struct {
    Arena *arena;
    Guard *guard;
    DuckSession *parser;
} Fixture;

static const Fixture *fixture(void) {
    static Fixture made;
    if (made.arena) return &made;
    Err err = {0};
    Duck *duck = NULL;
    made.arena = arena_make();
    const DuckOptions options = {.threads = 1};
    bool ok = guard_open(made.arena, tables, 2, &made.guard, &err) && duck_open(made.arena, NULL, &options, &duck, &err) &&
              duck_connect(made.arena, duck, &made.parser, &err);
    assert(ok);
    return &made;
}

/* The names that WITH gives anywhere in the tree. */
typedef struct {
    const char *names[256];
    size_t count;
} Names;

static void collect_ctes(const Json *value, Names *names);

static bool collect_member(void *context, const char *key, const Json *value) {
    Names *names = context;
    if (text_equal(key, "cte_map"))
        for (size_t i = 0; i < json_count(json_get(value, "map")) && names->count < 256; i++)
            names->names[names->count++] = json_get_text(json_at(json_get(value, "map"), i), "key");
    collect_ctes(value, names);
    return true;
}

static void collect_ctes(const Json *value, Names *names) {
    if (json_kind(value) == JSON_OBJECT) json_each(value, collect_member, names);
    for (size_t i = 0; i < json_count(value); i++) collect_ctes(json_at(value, i), names);
}

static bool is_known(const char *name, const Names *names) {
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        if (text_equal_fold(name, tables[i])) return true;
    for (size_t i = 0; i < names->count; i++)
        if (text_equal_fold(name, names->names[i])) return true;
    return false;
}

static void check(const Json *value, const Names *names);

static bool check_member(void *context, const char *key, const Json *value) {
    static const char *const never[] = {"RECURSIVE_CTE_NODE", "SHOW_REF",    "PIVOT",    "LAMBDA",
                                        "PARAMETER",          "COLUMN_DATA", "DELIM_GET"};
    const char *text = json_kind(value) == JSON_TEXT ? json_text(value) : "";
    bool names_kind = text_equal(key, "type") || text_equal(key, "class");
    for (size_t i = 0; i < sizeof never / sizeof *never; i++) assert(!names_kind || !text_equal(text, never[i]));
    if (text_equal(key, "catalog_name") || text_equal(key, "catalog")) assert(!*text);
    if (text_equal(key, "schema_name") || text_equal(key, "schema")) assert(!*text || text_equal(text, "main"));
    if (text_equal(key, "function_name"))
        assert(!text_starts(text, "read_") && !text_starts(text, "duckdb_") && !text_starts(text, "query") &&
               !text_starts(text, "pragma_") && !text_equal(text, "glob") && !text_equal(text, "repeat"));
    check(value, context);
    return true;
}

static void check(const Json *value, const Names *names) {
    if (json_kind(value) == JSON_OBJECT) {
        const char *table = json_get_text(value, "table_name");
        if (table) assert(is_known(table, names));
        json_each(value, check_member, (void *)(uintptr_t)names);
    }
    for (size_t i = 0; i < json_count(value); i++) check(json_at(value, i), names);
}

static void check_cleared(Arena *arena, const char *sql) {
    Table *table = NULL;
    Json *tree = NULL;
    Err err = {0};
    const DuckLimits limits = {.cell_bytes = SIZE_MAX, .bytes = SIZE_MAX};
    bool ok = duck_query(arena, fixture()->parser, "SELECT json_serialize_sql($1::VARCHAR)", &sql, 1, &limits, &table, &err);
    assert(ok && table->row_count == 1);
    ok = json_parse(arena, table_cell(table, 0, 0), strlen(table_cell(table, 0, 0)), &tree, &err);
    assert(ok && !json_get_bool(tree, "error", true) && json_count(json_get(tree, "statements")) == 1);
    Names names = {.count = 0};
    collect_ctes(tree, &names);
    check(tree, &names);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) return 0;
    Arena *arena = arena_make();
    const Cleared *cleared = NULL;
    Err err = {0};
    GuardOrigin origin = data[0] & 1 ? GUARD_TYPED : GUARD_COMPILED;
    if (guard_clear(arena, fixture()->guard, (const char *)data + 1, size - 1, origin, &cleared, &err)) {
        assert(err.kind == ERR_NONE && cleared_origin(cleared) == origin);
        check_cleared(arena, cleared_sql(cleared));
    } else {
        assert(!cleared && *err.message && err.kind != ERR_INTERNAL);
    }
    arena_free(arena);
    return 0;
}
