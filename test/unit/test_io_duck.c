/* What io/duck.h promises: exact text of every type, ceilings, errors in one sentence, the lock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "io/clock.h"
#include "io/duck.h"

typedef struct {
    Arena *arena;
    DuckSession *session;
} Fixture;

static int set_up(void **state) {
    static Fixture fixture;
    fixture.arena = arena_make();
    Duck *duck = NULL;
    Err err = {0};
    DuckOptions options = {.threads = 2, .memory_limit_bytes = (size_t)1 << 30};
    if (!duck_open(fixture.arena, NULL, &options, &duck, &err)) return -1;
    if (!duck_connect(fixture.arena, duck, &fixture.session, &err)) return -1;
    *state = &fixture;
    return 0;
}

static int tear_down(void **state) {
    arena_free(((Fixture *)*state)->arena);
    return 0;
}

static const char *value_of(Fixture *fixture, const char *sql) {
    const char *value = NULL;
    Err err = {0};
    if (!duck_value(fixture->arena, fixture->session, sql, &value, &err)) fail_msg("%s: %s", sql, err.message);
    return value;
}

static void test_values_are_exact_text(void **state) {
    static const struct {
        const char *sql, *text;
    } cases[] = {
        {"SELECT 1.50::DECIMAL(4,2)", "1.50"},
        {"SELECT (-0.05)::DECIMAL(9,2)", "-0.05"},
        {"SELECT 123456789012.345678::DECIMAL(18,6)", "123456789012.345678"},
        {"SELECT 7::DECIMAL(38,12)", "7.000000000000"},
        {"SELECT (-99999999999999999999999999.999999999999)::DECIMAL(38,12)", "-99999999999999999999999999.999999999999"},
        {"SELECT 0::DECIMAL(18,0)", "0"},
        {"SELECT sum(x) FROM (VALUES (0.1::DECIMAL(18,12)), (0.2::DECIMAL(18,12))) t(x)", "0.300000000000"},
        {"SELECT 170141183460469231731687303715884105727::HUGEINT", "170141183460469231731687303715884105727"},
        {"SELECT (-170141183460469231731687303715884105727)::HUGEINT", "-170141183460469231731687303715884105727"},
        {"SELECT 340282366920938463463374607431768211455::UHUGEINT", "340282366920938463463374607431768211455"},
        {"SELECT 18446744073709551615::UBIGINT", "18446744073709551615"},
        {"SELECT (-9223372036854775808)::BIGINT", "-9223372036854775808"},
        {"SELECT (-128)::TINYINT", "-128"},
        {"SELECT 255::UTINYINT", "255"},
        {"SELECT (-32768)::SMALLINT", "-32768"},
        {"SELECT 65535::USMALLINT", "65535"},
        {"SELECT 4294967295::UINTEGER", "4294967295"},
        {"SELECT 0.1::DOUBLE", "0.1"},
        {"SELECT 0.1::DOUBLE + 0.2::DOUBLE", "0.30000000000000004"},
        {"SELECT 1e300::DOUBLE", "1e+300"},
        {"SELECT 0.1::FLOAT", "0.1"},
        {"SELECT 'nan'::DOUBLE", "nan"},
        {"SELECT '-inf'::DOUBLE", "-inf"},
        {"SELECT DATE '2026-09-30'", "2026-09-30"},
        {"SELECT DATE '0044-03-15 (BC)'", "0044-03-15 (BC)"},
        {"SELECT DATE '12026-01-02'", "12026-01-02"},
        {"SELECT 'infinity'::DATE", "infinity"},
        {"SELECT TIMESTAMP '2026-09-30 12:34:56'", "2026-09-30 12:34:56"},
        {"SELECT TIMESTAMP '2026-09-30 12:34:56.789'", "2026-09-30 12:34:56.789"},
        {"SELECT TIMESTAMP '1969-12-31 23:59:59.5'", "1969-12-31 23:59:59.5"},
        {"SELECT TIMESTAMPTZ '2026-09-30 12:00:00+02'", "2026-09-30 10:00:00"},
        {"SELECT TIMESTAMP_S '2026-09-30 12:00:00'", "2026-09-30 12:00:00"},
        {"SELECT TIMESTAMP_MS '2026-09-30 12:00:00.25'", "2026-09-30 12:00:00.25"},
        {"SELECT TIMESTAMP_NS '2026-09-30 12:00:00.000000001'", "2026-09-30 12:00:00.000000001"},
        {"SELECT true", "true"},
        {"SELECT 'Zürich'", "Zürich"},
        {"SELECT 'a long text that does not fit into the twelve bytes'", "a long text that does not fit into the twelve bytes"},
        {"SELECT ''", ""},
        {"SELECT NULL", NULL},
        {"SELECT NULL::DECIMAL(18,2)", NULL},
        {"SELECT MAP {'team': 'core', 'env': 'prod'}", "{team=core, env=prod}"},
        {"SELECT [1, 2, NULL]", "[1, 2, NULL]"},
        {"SELECT {'a': 1.5}", "{'a': 1.5}"},
        {"SELECT INTERVAL 30 DAY -- comment", "30 days"},
        {"SELECT '6ba7b810-9dad-11d1-80b4-00c04fd430c8'::UUID;", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"},
        {"SELECT 'x'::ENUM('x', 'y')", "x"},
        {"SELECT TIME '12:00:00'", "12:00:00"},
        {"SELECT '\\xAA'::BLOB", "\\xAA"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *text = value_of(*state, cases[i].sql);
        if (!text_equal(text, cases[i].text)) fail_msg("%s gave %s", cases[i].sql, text ? text : "NULL");
    }
}

static void test_doubles_read_back_the_same(void **state) {
    Fixture *fixture = *state;
    Table *table = NULL;
    Err err = {0};
    assert_true(duck_rows(fixture->arena, fixture->session,
                          "SELECT x, x::VARCHAR::DOUBLE = x FROM (SELECT (hash(i) / 1e7)::DOUBLE AS x FROM range(500) t(i))",
                          &table, &err));
    for (size_t row = 0; row < table->row_count; row++) {
        const char *text = table_cell(table, row, 0), *back = NULL;
        const char *parameters[] = {text};
        Table *same = NULL;
        assert_true(duck_query(fixture->arena, fixture->session, "SELECT $1::DOUBLE", parameters, 1, NULL, &same, &err));
        back = table_cell(same, 0, 0);
        assert_string_equal(text, back);
    }
}

static void test_columns_are_named_and_typed(void **state) {
    Fixture *fixture = *state;
    Table *table = NULL;
    Err err = {0};
    const char *sql =
        "SELECT 1 AS n, 1.5 AS d, 'x' AS t, DATE '2026-01-01' AS day, now() AS at, true AS b, [1] AS l, 1.0::DOUBLE AS f, "
        "1 AS n";
    assert_true(duck_rows(fixture->arena, fixture->session, sql, &table, &err));
    static const CellType types[] = {CELL_INTEGER, CELL_DECIMAL, CELL_TEXT,    CELL_DATE,   CELL_TIMESTAMP,
                                     CELL_BOOLEAN, CELL_TEXT,    CELL_DECIMAL, CELL_INTEGER};
    assert_int_equal(table->column_count, 9);
    for (size_t i = 0; i < 9; i++) assert_int_equal(table->columns[i].type, types[i]);
    assert_string_equal(table->columns[3].name, "day");
    assert_string_equal(table->columns[8].name, "n");
}

static void test_parameters_are_values(void **state) {
    Fixture *fixture = *state;
    Table *table = NULL;
    Err err = {0};
    const char *parameters[] = {"x'; DROP TABLE t; --", NULL, "2.5"};
    assert_true(duck_query(fixture->arena, fixture->session, "SELECT $1::VARCHAR, $2::VARCHAR, 1.25 * $3::DECIMAL(9,2)",
                           parameters, 3, NULL, &table, &err));
    assert_string_equal(table_cell(table, 0, 0), parameters[0]);
    assert_null(table_cell(table, 0, 1));
    assert_string_equal(table_cell(table, 0, 2), "3.1250");
}

static void test_ceilings_cut_and_say_so(void **state) {
    Fixture *fixture = *state;
    Table *table = NULL;
    Err err = {0};
    DuckLimits limits = {.rows = 5000};
    assert_true(duck_query(fixture->arena, fixture->session, "FROM range(5001)", NULL, 0, &limits, &table, &err));
    assert_int_equal(table->row_count, 5000);
    assert_true(table->truncated);
    assert_string_equal(table_cell(table, 4999, 0), "4999");
    assert_true(duck_query(fixture->arena, fixture->session, "FROM range(5000)", NULL, 0, &limits, &table, &err));
    assert_false(table->truncated);
    limits = (DuckLimits){.bytes = 1000};
    assert_true(duck_query(fixture->arena, fixture->session, "SELECT repeat('x', 99) FROM range(5000)", NULL, 0, &limits,
                           &table, &err));
    assert_int_equal(table->row_count, 10);
    assert_true(table->truncated);
    limits = (DuckLimits){.cell_bytes = 6};
    assert_true(duck_query(fixture->arena, fixture->session, "SELECT 'abcde', 'abcdeü', 'ab' || chr(0) || 'c'", NULL, 0,
                           &limits, &table, &err));
    assert_string_equal(table_cell(table, 0, 0), "abcde");
    assert_string_equal(table_cell(table, 0, 1), "abcde…");
    assert_string_equal(table_cell(table, 0, 2), "ab\xEF\xBF\xBD"
                                                 "c");
}

static void test_order_and_many_rows_survive(void **state) {
    Fixture *fixture = *state;
    Table *table = NULL;
    Err err = {0};
    assert_true(
        duck_rows(fixture->arena, fixture->session, "SELECT i, [i] AS l FROM range(20000) t(i) ORDER BY i DESC", &table, &err));
    assert_int_equal(table->row_count, 20000);
    for (size_t row = 0; row < 20000; row++) {
        char want[32];
        snprintf(want, sizeof want, "[%zu]", 19999 - row);
        assert_string_equal(table_cell(table, row, 1), want);
    }
}

static void expect_failure(Fixture *fixture, const char *sql, const DuckLimits *limits, ErrKind kind, const char *part) {
    Table *table = NULL;
    Err err = {0};
    assert_false(duck_query(fixture->arena, fixture->session, sql, NULL, 0, limits, &table, &err));
    if (err.kind != kind || !strstr(err.message, part) || strchr(err.message, '\n'))
        fail_msg("%s: %s: %s", sql, err_kind_name(err.kind), err.message);
    assert_null(table);
}

static void test_errors_are_one_sentence(void **state) {
    Fixture *fixture = *state;
    Err err = {0};
    assert_true(duck_run(fixture->session, "CREATE TABLE t AS SELECT 1 AS cost", &err));
    expect_failure(fixture, "SELECT costs FROM t", NULL, ERR_ENGINE, "Candidate bindings: \"cost\"");
    expect_failure(fixture, "SELEC 1", NULL, ERR_ENGINE, "syntax error");
    expect_failure(fixture, "SELECT 1; SELECT 2", NULL, ERR_ENGINE, "multiple");
    expect_failure(fixture, "", NULL, ERR_ENGINE, "");
    expect_failure(fixture, "SELECT 'x'::INTEGER", NULL, ERR_ENGINE, "Could not convert");
    expect_failure(fixture, "FROM read_csv('/nowhere/x.csv')", NULL, ERR_IO, "/nowhere/x.csv");
    expect_failure(fixture, "SELECT list(i) FROM range(2000000000) t(i)", NULL, ERR_LIMIT, "memory");
    assert_false(duck_run(fixture->session, "SELECT 1; SELECT nonsense", &err));
    assert_int_equal(err.kind, ERR_ENGINE);
    Duck *duck = NULL;
    err_clear(&err);
    assert_false(duck_open(fixture->arena, "/nowhere/x.duckdb", NULL, &duck, &err));
    assert_int_equal(err.kind, ERR_IO);
}

static const char endless[] = "SELECT count(*) FROM range(3000000) a(i), range(3000000) b(j) WHERE hash(i * 7 + j) = 42";

static void test_time_is_limited(void **state) {
    DuckLimits limits = {.timeout_ms = 200};
    long long start = clock_monotonic_us();
    expect_failure(*state, endless, &limits, ERR_TIMEOUT, "0.2 seconds");
    assert_true(clock_monotonic_us() - start < 1500000);
    assert_string_equal(value_of(*state, "SELECT 42"), "42");
}

static void *stop_soon(void *flag) {
    nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    *(volatile bool *)flag = true;
    return NULL;
}

static void *interrupt_soon(void *session) {
    nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    duck_interrupt(session);
    return NULL;
}

static void test_a_query_can_be_cancelled(void **state) {
    Fixture *fixture = *state;
    volatile bool stop = false;
    DuckLimits limits = {.stop = &stop};
    pthread_t thread;
    long long start = clock_monotonic_us();
    pthread_create(&thread, NULL, stop_soon, (void *)(uintptr_t)&stop);
    expect_failure(fixture, endless, &limits, ERR_CANCELLED, "cancelled");
    pthread_join(thread, NULL);
    pthread_create(&thread, NULL, interrupt_soon, fixture->session);
    expect_failure(fixture, endless, NULL, ERR_CANCELLED, "cancelled");
    pthread_join(thread, NULL);
    pthread_create(&thread, NULL, interrupt_soon, fixture->session);
    Err err = {0};
    assert_false(duck_run(fixture->session, endless, &err));
    assert_int_equal(err.kind, ERR_CANCELLED);
    pthread_join(thread, NULL);
    assert_true(clock_monotonic_us() - start < 3000000);
    assert_string_equal(value_of(fixture, "SELECT 42"), "42");
}

static void test_the_lock_holds(void **state) {
    Fixture *fixture = *state;
    Err err = {0};
    char path[64];
    snprintf(path, sizeof path, "/tmp/curlew-duck-%ld.duckdb", (long)getpid());
    {
        Arena *arena = arena_make();
        Duck *duck = NULL;
        DuckSession *session = NULL;
        assert_true(duck_open(arena, path, NULL, &duck, &err));
        assert_true(duck_connect(arena, duck, &session, &err));
        assert_true(duck_run(session, "CREATE TABLE t AS SELECT 7 AS x", &err));
        arena_free(arena);
    }
    char attach[256];
    snprintf(attach, sizeof attach, "ATTACH '%s' AS s (READ_ONLY); CREATE VIEW v AS SELECT * FROM s.main.t", path);
    assert_true(duck_run(fixture->session, attach, &err));
    assert_true(duck_lock(fixture->session, &err));
    assert_string_equal(value_of(fixture, "SELECT x FROM v"), "7");
    static const char *const forbidden[] = {"SELECT * FROM read_text('/etc/hostname')", "COPY v TO '/tmp/curlew-duck-out.csv'",
                                            "SET enable_external_access = true",        "SET memory_limit = '1TB'",
                                            "ATTACH '/tmp/curlew-duck-new.duckdb'",     "INSTALL httpfs",
                                            "INSERT INTO s.main.t VALUES (1)",          "SELECT * FROM '/etc/passwd'"};
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++) {
        err_clear(&err);
        if (duck_run(fixture->session, forbidden[i], &err)) fail_msg("ran: %s", forbidden[i]);
    }
    assert_string_equal(value_of(fixture, "SELECT x FROM v"), "7");
    unlink(path);
}

typedef struct {
    DuckSession *session;
    volatile bool done;
    double seen;
    unsigned long long rows;
} Watcher;

static void *watch_progress(void *context) {
    Watcher *watcher = context;
    while (!watcher->done) {
        unsigned long long rows = 0;
        double share = duck_progress(watcher->session, &rows);
        if (share > watcher->seen) watcher->seen = share;
        if (rows > watcher->rows) watcher->rows = rows;
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    }
    return NULL;
}

static void test_progress_is_reported(void **state) {
    Fixture *fixture = *state;
    Err err = {0};
    Watcher watcher = {.session = fixture->session, .seen = -2};
    pthread_t thread;
    assert_true(duck_report_progress(fixture->session, &err));
    assert_true(duck_run(fixture->session, "CREATE TABLE source AS SELECT i FROM range(20000000) t(i)", &err));
    pthread_create(&thread, NULL, watch_progress, &watcher);
    assert_true(
        duck_run(fixture->session, "CREATE TABLE target AS SELECT i::VARCHAR AS t FROM source WHERE hash(i) % 7 > 2", &err));
    watcher.done = true;
    pthread_join(thread, NULL);
    assert_true(watcher.seen > 0 && watcher.seen <= 100);
    assert_true(text_starts(duck_version(), "v1."));
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_values_are_exact_text),       TEST(test_doubles_read_back_the_same),
        TEST(test_columns_are_named_and_typed), TEST(test_parameters_are_values),
        TEST(test_ceilings_cut_and_say_so),     TEST(test_order_and_many_rows_survive),
        TEST(test_errors_are_one_sentence),     TEST(test_time_is_limited),
        TEST(test_a_query_can_be_cancelled),    TEST(test_the_lock_holds),
        TEST(test_progress_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
