/* What the guard lets through and refuses: the lists of test/fixtures/guard, statements that are generated, and trees that were tampered
 * with. What it lets through must mean the same as what was written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "guard/guard.h"
#include "guard/walk.h"
#include "io/duck.h"
#include "io/file.h"

static const char *const tables[] = {"cur", "cost_v"};

typedef struct {
    Arena *arena;
    Guard *guard;
    DuckSession *data; /* an instance that has the tables of the lists, the forbidden ones too */
} Fixture;

static const char setup[] =
    "CREATE TABLE cur AS SELECT DATE '2025-01-01' + (i % 70)::INT AS usage_date, "
    "  ['AmazonEC2', 'AmazonS3', 'AWSLambda'][1 + i % 3] AS service, ['us-east-1', 'eu-west-1', NULL][1 + i % 3] AS region, "
    "  (100000000000 + i % 5)::VARCHAR AS account_id, 'BoxUsage:m5-' || i % 7 AS usage_type, (i * 7 % 101)::DECIMAL(18, 6) / "
    "10 AS cost, "
    "  ['Usage', 'Tax'][1 + i % 2] AS charge_type, CASE WHEN i % 4 > 0 THEN 'team' || i % 4 END AS tag_team, 'i-' || i % 9 AS "
    "resource_id "
    "FROM range(200) t(i); "
    "CREATE VIEW cost_v AS SELECT * FROM cur WHERE cost > 5; "
    "CREATE SCHEMA internal; CREATE TABLE internal.app_users AS SELECT 'a@b' AS email, 'h' AS pwhash; "
    "CREATE TABLE query_log AS SELECT 'secret' AS q, '100000000000' AS account_id;";

static int set_up(void **state) {
    static Fixture fixture;
    Err err = {0};
    Duck *duck = NULL;
    fixture.arena = arena_make();
    const DuckOptions options = {.threads = 1, .memory_limit_bytes = (size_t)1 << 30};
    bool ok = guard_open(fixture.arena, tables, 2, &fixture.guard, &err) &&
              duck_open(fixture.arena, NULL, &options, &duck, &err) && duck_connect(fixture.arena, duck, &fixture.data, &err) &&
              duck_run(fixture.data, setup, &err);
    if (!ok) fprintf(stderr, "%s\n", err.message);
    *state = &fixture;
    return ok ? 0 : -1;
}

static int tear_down(void **state) {
    arena_free(((Fixture *)*state)->arena);
    return 0;
}

/* The statements of a list, without comments. */
static const char **read_list(Arena *arena, const char *path, size_t *count) {
    char *text = NULL;
    size_t size = 0, lines = 0;
    Err err = {0};
    *count = 0;
    if (!file_read(arena, path, (size_t)1 << 20, &text, &size, &err)) return NULL;
    const char **list = text_split(arena, text, '\n', &lines);
    for (size_t i = 0; i < lines; i++)
        if (*list[i] && *list[i] != '#') list[(*count)++] = list[i];
    return list;
}

static bool clears(Arena *arena, Guard *guard, const char *sql, GuardOrigin origin, const Cleared **cleared, Err *err) {
    return guard_clear(arena, guard, sql, strlen(sql), origin, cleared, err);
}

static int compare_rows(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The result as one text, rows in order of their text: two forms of one statement need not give the same order. */
static const char *result_of(Fixture *fixture, Arena *arena, const char *sql) {
    Table *table = NULL;
    Err err = {0};
    if (!duck_query(arena, fixture->data, sql, NULL, 0, NULL, &table, &err))
        return arena_printf(arena, "error: %.60s", err.message);
    const char **rows = arena_array(arena, table->row_count + 1, sizeof *rows);
    for (size_t row = 0; row < table->row_count; row++) {
        Buffer text = {.arena = arena};
        for (size_t i = 0; i < table->column_count; i++)
            buffer_printf(&text, "%s|", table_cell(table, row, i) ? table_cell(table, row, i) : "NULL");
        rows[row] = buffer_text(&text);
    }
    qsort(rows, table->row_count, sizeof *rows, compare_rows);
    Buffer all = {.arena = arena};
    for (size_t i = 0; i < table->column_count; i++) buffer_printf(&all, "%s,", table_type_name(table->columns[i].type));
    for (size_t row = 0; row < table->row_count; row++) buffer_printf(&all, "\n%s", rows[row]);
    return buffer_text(&all);
}

static void expect_allowed(Fixture *fixture, const char *sql) {
    Arena *arena = arena_make();
    const Cleared *cleared = NULL, *compiled = NULL;
    Err err = {0};
    if (!clears(arena, fixture->guard, sql, GUARD_TYPED, &cleared, &err)) fail_msg("refused: %s\n%s", sql, err.message);
    if (!clears(arena, fixture->guard, sql, GUARD_COMPILED, &compiled, &err)) fail_msg("refused: %s\n%s", sql, err.message);
    assert_string_equal(cleared_sql(cleared), cleared_sql(compiled));
    assert_int_equal(cleared_origin(cleared), GUARD_TYPED);
    assert_int_equal(cleared_origin(compiled), GUARD_COMPILED);
    const char *written = result_of(fixture, arena, sql), *canonical = result_of(fixture, arena, cleared_sql(cleared));
    if (text_starts(written, "error: ")) fail_msg("does not run: %s\n%s", sql, written);
    if (!text_equal(written, canonical))
        fail_msg("means something else: %s\n%s\n%s\n%s", sql, cleared_sql(cleared), written, canonical);
    arena_free(arena);
}

static void expect_refused(Fixture *fixture, const char *sql, GuardOrigin origin) {
    Arena *arena = arena_make();
    const Cleared *cleared = NULL;
    Err err = {0};
    if (clears(arena, fixture->guard, sql, origin, &cleared, &err))
        fail_msg("let through: %.300s\n%s", sql, cleared_sql(cleared));
    assert_null(cleared);
    bool coded = text_equal(err.code, "UNSAFE") || text_equal(err.code, "INVALID_SQL");
    if (err.kind != ERR_REFUSED || !coded || !*err.message)
        fail_msg("%.300s: %s %s", sql, err_kind_name(err.kind), err.message);
    arena_free(arena);
}

static void test_what_is_allowed_clears_and_keeps_its_meaning(void **state) {
    Fixture *fixture = *state;
    size_t count = 0;
    const char **list = read_list(fixture->arena, TEST_FIXTURES "/guard/allow.txt", &count);
    assert_true(count >= 60);
    for (size_t i = 0; i < count; i++) expect_allowed(fixture, list[i]);
}

static void test_what_is_refused_is_refused(void **state) {
    Fixture *fixture = *state;
    size_t count = 0;
    const char **list = read_list(fixture->arena, TEST_FIXTURES "/guard/refuse.txt", &count);
    assert_true(count >= 350);
    for (size_t i = 0; i < count; i++) {
        expect_refused(fixture, list[i], GUARD_TYPED);
        /* The bytes are the only thing in which compiled SQL is freer; the number of joins the only one in its shape. */
        if (text_is_utf8(list[i], strlen(list[i])) && !strstr(list[i], " JOIN cur h ") &&
            !strstr(list[i], "query\xE2\x80\x8B_log"))
            expect_refused(fixture, list[i], GUARD_COMPILED);
    }
}

/* --- Generated ------------------------------------------------------------------------------------------------------- */

static char *repeated(Arena *arena, const char *start, const char *part, size_t times, const char *end) {
    Buffer out = {.arena = arena};
    buffer_add(&out, start);
    for (size_t i = 0; i < times; i++) buffer_add(&out, part);
    buffer_add(&out, end);
    return arena_text(arena, buffer_text(&out));
}

static void test_size_and_depth_are_bounded(void **state) {
    Fixture *fixture = *state;
    Arena *arena = arena_make();
    expect_refused(fixture, repeated(arena, "SELECT 1 --", "x", 9 * 1024, ""), GUARD_TYPED);
    expect_refused(fixture, repeated(arena, "SELECT 1 --", "x", SQL_COMPILED_BYTES, ""), GUARD_COMPILED);
    expect_refused(fixture, repeated(arena, "SELECT 1", " AND 1", 5000, ""), GUARD_TYPED);
    expect_refused(fixture, repeated(arena, "SELECT 1", "+1", 3000, ""), GUARD_TYPED);
    expect_refused(fixture, repeated(arena, "SELECT 1", "+1", 3000, ""), GUARD_COMPILED);
    expect_refused(fixture, repeated(arena, "SELECT ", "abs(", 900, repeated(arena, "1", ")", 900, "")), GUARD_TYPED);
    expect_refused(fixture, repeated(arena, "SELECT ", "(SELECT ", 900, repeated(arena, "1", ")", 900, "")), GUARD_TYPED);
    expect_refused(fixture, repeated(arena, "SELECT * FROM ", "(SELECT * FROM ", 300, repeated(arena, "cur", ")", 300, "")),
                   GUARD_TYPED);
    expect_refused(fixture, repeated(arena, "SELECT cost IN (1", ",1", 5000, ") FROM cur"), GUARD_TYPED);
    expect_refused(fixture, repeated(arena, "SELECT 1", ",1", 3500, ""), GUARD_TYPED);
    expect_refused(fixture, repeated(arena, "SELECT '", "x", GUARD_CONSTANT_BYTES + 1, "'"), GUARD_TYPED);
    Buffer ctes = {.arena = arena};
    for (int i = 0; i <= GUARD_CTES; i++) buffer_printf(&ctes, "%s a%d AS (SELECT 1 AS x)", i ? "," : "WITH", i);
    buffer_add(&ctes, " SELECT * FROM a1");
    expect_refused(fixture, buffer_text(&ctes), GUARD_TYPED);
    /* What is long and good passes where it is ours. */
    const Cleared *cleared = NULL;
    Err err = {0};
    if (!clears(arena, fixture->guard, repeated(arena, "SELECT cost IN (1", ",1", 5000, ") FROM cur"), GUARD_COMPILED, &cleared,
                &err))
        fail_msg("%s", err.message);
    arena_free(arena);
}

static void test_bytes_are_text(void **state) {
    Fixture *fixture = *state;
    static const struct {
        const char *sql;
        size_t size;
    } cases[] = {
        {"SELECT 1\0; DROP TABLE cur", 26}, {"SELECT '\xC3\x28'", 11},     {"SELECT \xFF", 8},
        {"SELECT '\xED\xA0\x80'", 12},      {"SELECT 1 \xE2\x80\x8B", 12}, {"SELECT '\xE2\x80\xAE'", 12},
        {"\xEF\xBB\xBFSELECT 1", 11},       {"SELECT '\x1B[2J'", 13},      {"SELECT '\x7F'", 10},
        {"SELECT '\xC2\x85'", 11},          {"SELECT '\xE2\x81\xA6'", 12}, {"SELECT '\xF3\xA0\x80\x81'", 13},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const Cleared *cleared = NULL;
        Err err = {0};
        assert_false(guard_clear(fixture->arena, fixture->guard, cases[i].sql, cases[i].size, GUARD_TYPED, &cleared, &err));
        assert_int_equal(err.kind, ERR_REFUSED);
        assert_string_equal(err.code, "UNSAFE");
    }
    /* The value of a tag may hold anything; our own SQL filters by it. */
    const Cleared *cleared = NULL;
    Err err = {0};
    assert_true(clears(fixture->arena, fixture->guard, "SELECT * FROM cur WHERE tag_team = 'a\xE2\x80\x8B''b\x1B'",
                       GUARD_COMPILED, &cleared, &err));
    assert_string_equal(cleared_sql(cleared), "SELECT * FROM cur WHERE (tag_team = 'a\xE2\x80\x8B''b\x1B')");
}

/* --- Trees that were tampered with ----------------------------------------------------------------------------------- */

static bool walks(Arena *arena, const char *json) {
    Json *root = NULL;
    Err err = {0};
    if (!json_parse(arena, json, strlen(json), &root, &err)) return false;
    Walk walk = {.arena = arena,
                 .allow = allow_load(arena),
                 .tables = tables,
                 .table_count = 2,
                 .node_limit = GUARD_TYPED_NODES,
                 .join_limit = GUARD_JOINS,
                 .err = &err};
    return walk_tree(&walk, root);
}

static void test_unknown_keys_and_kinds_are_refused(void **state) {
    Fixture *fixture = *state;
    static const char sql[] =
        "WITH a AS (SELECT service AS s, sum(cost)::DECIMAL(18,2) AS c FROM cur WHERE cost BETWEEN 1 AND 2 AND region IS NULL "
        "GROUP BY 1) "
        "SELECT DISTINCT CASE WHEN a.c > 1 THEN 2 ELSE (SELECT max(cost) FROM cost_v) END, row_number() OVER (ORDER BY c), b.* "
        "FROM a JOIN (VALUES ('x')) b(s) ON a.s = b.s LEFT JOIN range(3) r ON r.range = a.c ORDER BY 1 LIMIT 3";
    const char *parameters[] = {sql};
    Table *table = NULL;
    Err err = {0};
    const DuckLimits limits = {.cell_bytes = SIZE_MAX};
    assert_true(duck_query(fixture->arena, fixture->data, "SELECT json_serialize_sql($1::VARCHAR)", parameters, 1, &limits,
                           &table, &err));
    const char *tree = table_cell(table, 0, 0);
    Arena *first = arena_make();
    assert_true(walks(first, tree));
    arena_free(first);
    size_t tampered = 0;
    for (const char *c = tree; *c; c++) {
        bool key = *c == '"' && c > tree && strchr("{,", c[-1]) && text_starts(c + 1 + strcspn(c + 1, "\""), "\":");
        if (*c != '{' && !key) continue;
        Arena *arena = arena_make();
        /* A key more, or another name for a key that was there. */
        const char *changed =
            arena_printf(arena, "%.*s%s%s", (int)(c - tree + 1), tree, *c == '{' ? "\"new_option\":null," : "z", c + 1);
        if (walks(arena, changed)) fail_msg("let through: %s", changed);
        arena_free(arena);
        tampered++;
    }
    assert_true(tampered > 300);
    static const char *const kinds[] = {"SELECT_NODE",  "BASE_TABLE",     "\"JOIN\"", "COLUMN_REF",
                                        "\"SUBQUERY\"", "ORDER_MODIFIER", "CONSTANT"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        for (const char *at = strstr(tree, kinds[i]); at; at = strstr(at + 1, kinds[i])) {
            Arena *arena = arena_make();
            const char *changed =
                arena_printf(arena, "%.*sNEW_%s", (int)(at - tree + (kinds[i][0] == '"')), tree, at + (kinds[i][0] == '"'));
            if (walks(arena, changed)) fail_msg("let through: %s", changed);
            arena_free(arena);
        }
    }
    static const char *const junk[] = {"",
                                       "{}",
                                       "[]",
                                       "null",
                                       "0",
                                       "{\"error\":false}",
                                       "{\"error\":false,\"statements\":{}}",
                                       "{\"error\":false,\"statements\":[null]}",
                                       "{\"error\":false,\"statements\":[{\"node\":null,\"named_param_map\":[]}]}"};
    for (size_t i = 0; i < sizeof junk / sizeof *junk; i++) assert_false(walks(fixture->arena, junk[i]));
}

static void test_every_relation_must_be_named(void **state) {
    Fixture *fixture = *state;
    Guard *none = NULL, *other = NULL;
    const Cleared *cleared = NULL;
    Err err = {0};
    const char *const names[] = {"bill", "bill_day"};
    assert_true(guard_open(fixture->arena, NULL, 0, &none, &err));
    assert_true(guard_open(fixture->arena, names, 2, &other, &err));
    assert_true(clears(fixture->arena, none, "SELECT 1", GUARD_TYPED, &cleared, &err));
    assert_false(clears(fixture->arena, none, "SELECT * FROM cur", GUARD_TYPED, &cleared, &err));
    err_clear(&err);
    assert_false(clears(fixture->arena, other, "SELECT * FROM cur", GUARD_TYPED, &cleared, &err));
    assert_string_equal(err.message, "cur cannot be read here; what can be read: bill, bill_day");
    err_clear(&err);
    assert_true(clears(fixture->arena, other, "SELECT * FROM BILL JOIN bill_day USING (x)", GUARD_TYPED, &cleared, &err));
}

/* The lists that this repository's were taken from, where they lie beside it. */
static void test_lists_given_from_outside(void **state) {
    Fixture *fixture = *state;
    const char *shared = getenv("CURLEW_SHARED");
    const char *root = getenv("CURLEW_SOURCE");
    const char *folder = shared ? shared : file_join(fixture->arena, root ? root : ".", "../shared");
    size_t allowed = 0, refused = 0;
    const char **allow = read_list(fixture->arena, file_join(fixture->arena, folder, "attacks/sql-allow.txt"), &allowed);
    const char **refuse = read_list(fixture->arena, file_join(fixture->arena, folder, "attacks/sql-refuse.txt"), &refused);
    if (!allow || !refuse) {
        print_message("no lists in %s: skipped\n", folder);
        skip();
    }
    for (size_t i = 0; i < allowed; i++) expect_allowed(fixture, allow[i]);
    for (size_t i = 0; i < refused; i++) expect_refused(fixture, refuse[i], GUARD_TYPED);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_allowed_clears_and_keeps_its_meaning),
        cmocka_unit_test(test_what_is_refused_is_refused),
        cmocka_unit_test(test_size_and_depth_are_bounded),
        cmocka_unit_test(test_bytes_are_text),
        cmocka_unit_test(test_unknown_keys_and_kinds_are_refused),
        cmocka_unit_test(test_every_relation_must_be_named),
        cmocka_unit_test(test_lists_given_from_outside),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
