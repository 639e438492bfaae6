/* What the engine promises of cleared SQL, and what the query process stops of SQL that nobody cleared. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"
#include "engine/engine.h"
#include "engine/frame.h"
#include "engine/sandbox.h"
#include "engine/worker.h"
#include "io/clock.h"
#include "io/file.h"

typedef struct {
    Arena *arena;
    char *folder;
    const char *setup[3]; /* attach a data file read-only, make the views */
    Guard *guard;
} Fixture;

static int set_up(void **state) {
    static Fixture fixture;
    Err err = {0};
    Arena *arena = fixture.arena = arena_make();
    fixture.folder = arena_text(arena, "/tmp/curlew-engine-XXXXXX");
    if (!mkdtemp(fixture.folder)) return -1;
    Arena *writer = arena_make();
    Duck *duck = NULL;
    DuckSession *session = NULL;
    bool ok =
        duck_open(writer, file_join(arena, fixture.folder, "data.duckdb"), NULL, &duck, &err) &&
        duck_connect(writer, duck, &session, &err) &&
        duck_run(
            session,
            "CREATE TABLE lines AS SELECT i AS id, 'service ' || i % 10 AS service, (i % 1000)::DECIMAL(18, 2) / 100 AS cost "
            "FROM range(20000) t(i)",
            &err);
    arena_free(writer);
    fixture.setup[0] = arena_printf(arena, "ATTACH '%s/data.duckdb' AS s1 (READ_ONLY)", fixture.folder);
    fixture.setup[1] = "CREATE VIEW cur AS SELECT * FROM s1.main.lines";
    fixture.setup[2] = "CREATE VIEW cost_v AS SELECT * FROM cur WHERE cost > 5";
    const char *const tables[] = {"cur", "cost_v"};
    ok = ok && guard_open(arena, tables, 2, &fixture.guard, &err);
    if (!ok) fprintf(stderr, "%s\n", err.message);
    *state = &fixture;
    return ok ? 0 : -1;
}

static int tear_down(void **state) {
    Fixture *fixture = *state;
    Err err = {0};
    bool ok = file_remove_tree(fixture->folder, &err);
    arena_free(fixture->arena);
    return ok ? 0 : -1;
}

static const Cleared *cleared(Fixture *fixture, const char *sql, GuardOrigin origin) {
    const Cleared *out = NULL;
    Err err = {0};
    if (!guard_clear(fixture->arena, fixture->guard, sql, strlen(sql), origin, &out, &err))
        fail_msg("%s: %s", sql, err.message);
    return out;
}

static Engine *open_engine(Fixture *fixture) {
    Duck *duck = NULL;
    DuckSession *session = NULL;
    Engine *engine = NULL;
    Err err = {0};
    bool ok = duck_open(fixture->arena, NULL, &(DuckOptions){.threads = 2}, &duck, &err) &&
              duck_connect(fixture->arena, duck, &session, &err);
    for (size_t i = 0; i < 3 && ok; i++) ok = duck_run(session, fixture->setup[i], &err);
    ok = ok && engine_open(fixture->arena, duck, &engine, &err);
    if (!ok) fail_msg("%s", err.message);
    return engine;
}

/* Sends SQL past the guard into a query process. */
static bool run_uncleared(Fixture *fixture, Arena *arena, const char *sql, int timeout_ms, Table **table, Err *err) {
    const WorkerRequest request = {fixture->setup, 3, sql, RESULT_ROWS, RESULT_TYPED_BYTES, timeout_ms, 0, NULL};
    return worker_run(arena, &request, table, err);
}

/* --- Results --------------------------------------------------------------------------------------------------------- */

static void test_both_ways_give_the_same(void **state) {
    Fixture *fixture = *state;
    Engine *engine = open_engine(fixture);
    static const char *const statements[] = {
        "SELECT service, sum(cost) AS cost FROM cur GROUP BY service ORDER BY cost DESC, service LIMIT 3",
        "SELECT id, cost FROM cur ORDER BY id DESC",
        ("SELECT NULL AS a, '' AS b, 'x' AS c, DATE '2026-01-01' AS d, true AS e, 1.50 AS f, "
         "TIMESTAMP '2026-01-01 00:00:00' AS g, [1, 2] AS h"),
        "SELECT * FROM cur WHERE false",
    };
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        Table *here = NULL, *there = NULL;
        Err err = {0};
        const Cleared *query = cleared(fixture, statements[i], GUARD_TYPED);
        assert_true(engine_run(fixture->arena, engine, query, NULL, &here, &err));
        if (!engine_run_isolated(fixture->arena, fixture->setup, 3, query, NULL, &there, &err)) fail_msg("%s", err.message);
        assert_int_equal(here->row_count, there->row_count);
        assert_int_equal(here->column_count, there->column_count);
        assert_int_equal(here->truncated, there->truncated);
        for (size_t c = 0; c < here->column_count; c++) {
            assert_string_equal(here->columns[c].name, there->columns[c].name);
            assert_int_equal(here->columns[c].type, there->columns[c].type);
        }
        for (size_t cell = 0; cell < here->row_count * here->column_count; cell++)
            if (!text_equal(here->cells[cell], there->cells[cell]))
                fail_msg("cell %zu: %s, %s", cell, here->cells[cell], there->cells[cell]);
    }
}

static void test_order_and_limits_hold(void **state) {
    Fixture *fixture = *state;
    Engine *engine = open_engine(fixture);
    Table *table = NULL;
    Err err = {0};
    EngineLimits limits = {.rows = 5};
    const Cleared *all = cleared(fixture, "SELECT id FROM cur ORDER BY id DESC", GUARD_COMPILED);
    assert_true(engine_run(fixture->arena, engine, all, &limits, &table, &err));
    assert_int_equal(table->row_count, 5);
    assert_true(table->truncated);
    assert_string_equal(table_cell(table, 0, 0), "19999");
    assert_string_equal(table_cell(table, 4, 0), "19995");
    const Cleared *five = cleared(fixture, "SELECT id FROM cur ORDER BY id DESC LIMIT 5", GUARD_COMPILED);
    assert_true(engine_run(fixture->arena, engine, five, &limits, &table, &err));
    assert_int_equal(table->row_count, 5);
    assert_false(table->truncated);
    limits = (EngineLimits){.bytes = 1000};
    assert_true(engine_run(fixture->arena, engine, all, &limits, &table, &err));
    assert_true(table->truncated && table->row_count < 400);
    assert_true(engine_run_isolated(fixture->arena, fixture->setup, 3, all, &limits, &table, &err));
    assert_true(table->truncated && table->row_count < 400);
    assert_true(engine_run(fixture->arena, engine, all, NULL, &table, &err));
    assert_int_equal(table->row_count, RESULT_ROWS);
}

/* A small result is given again without asking the engine: a table that was dropped meanwhile still answers the text that it answered before,
 * and no other. What is long is computed each time. */
static void test_small_results_are_given_again(void **state) {
    static const char small[] = "SELECT count(*) AS lines, NULL AS nothing, sum(id) AS sum FROM kept";
    static const char longer[] = "SELECT id FROM kept ORDER BY id";
    Fixture *fixture = *state;
    Engine *engine = open_engine(fixture);
    Arena *arena = arena_make(), *later = arena_make();
    Guard *guard = NULL;
    const Cleared *query = NULL;
    Table *table = NULL;
    Err err = {0};
    assert_true(guard_open(arena, (const char *const[]){"kept"}, 1, &guard, &err));
    assert_true(engine_keep(arena, engine, "kept", cleared(fixture, "SELECT id FROM cur", GUARD_COMPILED), NULL, &err));
    assert_true(guard_clear(arena, guard, small, strlen(small), GUARD_COMPILED, &query, &err));
    assert_true(engine_run_once(arena, engine, query, NULL, &table, &err));
    assert_true(guard_clear(later, guard, longer, strlen(longer), GUARD_COMPILED, &query, &err));
    assert_true(engine_run_once(later, engine, query, NULL, &table, &err));
    engine_drop(engine, "kept");
    assert_false(engine_run_once(later, engine, query, NULL, &table, &err));
    arena_free(arena); /* what was given lives in the caller's arena, what is kept does not */
    assert_true(guard_open(later, (const char *const[]){"kept"}, 1, &guard, &err));
    assert_true(guard_clear(later, guard, small, strlen(small), GUARD_COMPILED, &query, &err));
    assert_true(engine_run_once(later, engine, query, NULL, &table, &err));
    assert_int_equal(table->row_count, 1);
    assert_string_equal(table->columns[2].name, "sum");
    assert_string_equal(table_cell(table, 0, 0), "20000");
    assert_null(table_cell(table, 0, 1));
    assert_string_equal(table_cell(table, 0, 2), "199990000"); /* 0 + 1 + … + 19999 */
    arena_free(later);
}

static void test_failures_are_told(void **state) {
    Fixture *fixture = *state;
    Table *table = NULL;
    Err err = {0};
    const Cleared *query = cleared(fixture, "SELECT costs FROM cur", GUARD_TYPED);
    assert_false(engine_run_isolated(fixture->arena, fixture->setup, 3, query, NULL, &table, &err));
    assert_int_equal(err.kind, ERR_ENGINE);
    assert_non_null(strstr(err.message, "costs"));
    err_clear(&err);
    const char *const bad[] = {"ATTACH '/nowhere/x.duckdb' AS x (READ_ONLY)"};
    assert_false(engine_run_isolated(fixture->arena, bad, 1, query, NULL, &table, &err));
    assert_int_equal(err.kind, ERR_IO);
}

/* --- Time ------------------------------------------------------------------------------------------------------------ */

static const char endless[] = "SELECT count(*) FROM range(3000000) a(i), range(3000000) b(j) WHERE hash(i * 7 + j) = 42";

static void test_time_is_limited(void **state) {
    Fixture *fixture = *state;
    Table *table = NULL;
    Err err = {0};
    long long start = clock_monotonic_us();
    assert_false(run_uncleared(fixture, fixture->arena, endless, 300, &table, &err));
    assert_int_equal(err.kind, ERR_TIMEOUT);
    assert_true(clock_monotonic_us() - start < 2500000);
}

static void *stop_soon(void *flag) {
    nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
    *(volatile bool *)flag = true;
    return NULL;
}

static void test_a_query_can_be_cancelled(void **state) {
    Fixture *fixture = *state;
    volatile bool stop = false;
    const WorkerRequest request = {fixture->setup, 3, endless, RESULT_ROWS, RESULT_TYPED_BYTES, 60000, 0, &stop};
    pthread_t thread;
    Table *table = NULL;
    Err err = {0};
    pthread_create(&thread, NULL, stop_soon, (void *)(uintptr_t)&stop);
    long long start = clock_monotonic_us();
    assert_false(worker_run(fixture->arena, &request, &table, &err));
    pthread_join(thread, NULL);
    assert_int_equal(err.kind, ERR_CANCELLED);
    assert_true(clock_monotonic_us() - start < 1000000);
}

/* --- What the process stops ------------------------------------------------------------------------------------------ */

static void test_memory_is_limited(void **state) {
    static const char *const statements[] = {
        "SELECT repeat('A', 2000000000)",
        "SELECT repeat('A', 2000000000) || repeat('B', 2000000000)",
        "SELECT lpad('x', 2000000000, 'y')",
        "SELECT list_sort(range(500000000))[1]",
        "SELECT regexp_replace(repeat('a', 100000000), '(a+)+$', 'b')",
        "WITH a AS (SELECT 'xxxxxxxxxxxxxxxx' || id AS s FROM cur LIMIT 1), b AS (SELECT s||s||s||s||s||s||s||s AS s FROM a), "
        "c AS (SELECT s||s||s||s||s||s||s||s AS s FROM b), d AS (SELECT s||s||s||s||s||s||s||s AS s FROM c), "
        "e AS (SELECT s||s||s||s||s||s||s||s AS s FROM d), f AS (SELECT s||s||s||s||s||s||s||s AS s FROM e), "
        "g AS (SELECT s||s||s||s||s||s||s||s AS s FROM f), h AS (SELECT s||s||s||s||s||s||s||s AS s FROM g), "
        "i AS (SELECT s||s||s||s||s||s||s||s AS s FROM h), j AS (SELECT s||s||s||s||s||s||s||s AS s FROM i) SELECT length(s) "
        "FROM j",
    };
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        Arena *arena = arena_make();
        Table *table = NULL;
        Err err = {0};
        long long start = clock_monotonic_us();
        bool ok = run_uncleared(*state, arena, statements[i], 3000, &table, &err);
        double seconds = (double)(clock_monotonic_us() - start) / 1e6;
        print_message("%.2f s, %s: %.60s\n", seconds, ok ? "answered" : err.message, statements[i]);
        /* Answered, refused or killed: but in time, and this process lives. */
        assert_true(seconds < 6.5);
        if (!ok) assert_true(err.kind == ERR_LIMIT || err.kind == ERR_TIMEOUT || err.kind == ERR_ENGINE);
        arena_free(arena);
    }
}

static void test_nothing_outside_is_read_or_written(void **state) {
    Fixture *fixture = *state;
    const char *marker = file_join(fixture->arena, fixture->folder, "out.csv");
    const char *const statements[] = {
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT content FROM read_blob('/proc/self/environ')",
        arena_printf(fixture->arena, "SELECT * FROM read_duckdb('%s/data.duckdb', table_name = 'lines')", fixture->folder),
        "SELECT 1) ; COPY cur TO '/tmp/curlew-engine-out.csv'; SELECT * FROM (SELECT 1",
        "SELECT 1); ATTACH '/tmp/curlew-engine-new.duckdb' AS n; SELECT (1",
    };
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        Table *table = NULL;
        Err err = {0};
        if (run_uncleared(fixture, fixture->arena, statements[i], 3000, &table, &err)) fail_msg("ran: %s", statements[i]);
    }
    assert_int_equal(file_info(marker).kind, FILE_MISSING);
    assert_int_equal(file_info("/tmp/curlew-engine-out.csv").kind, FILE_MISSING);
    assert_int_equal(file_info("/tmp/curlew-engine-new.duckdb").kind, FILE_MISSING);
    assert_int_equal(file_info("/tmp/curlew-engine-log").kind, FILE_MISSING);
}

/* The lock of the engine lets these run; the process leaves them nothing to do. */
static void test_what_runs_leaves_nothing_behind(void **state) {
    Fixture *fixture = *state;
    static const char *const statements[] = {
        "SELECT * FROM enable_logging('QueryLog', storage='file', storage_path='/tmp/curlew-engine-log')",
        "SELECT * FROM enable_profiling()",
        "SELECT * FROM force_checkpoint()",
        "SELECT write_log('x')",
    };
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        Table *table = NULL;
        Err err = {0};
        bool ran = run_uncleared(fixture, fixture->arena, statements[i], 3000, &table, &err);
        print_message("%s: %s\n", ran ? "ran" : "failed", statements[i]);
    }
    assert_int_equal(file_info("/tmp/curlew-engine-log").kind, FILE_MISSING);
    const char **names = NULL;
    size_t count = 0;
    Err err = {0};
    assert_true(file_list(fixture->arena, fixture->folder, &names, &count, &err));
    assert_int_equal(count, 1);
}

/* Bit i of the exit code says that way i out of the closed process was open. */
static void try_ways_out(void) {
    Err err = {0};
    if (!sandbox_begin((size_t)1 << 30, 1000, 1, &err)) _exit(100);
    int early = open("/tmp/curlew-engine-early", O_WRONLY | O_CREAT, 0600);
    int readable = open("/etc/hostname", O_RDONLY);
    if (readable < 0) _exit(101);
    if (!sandbox_seal(&err)) _exit(102);
    char *const arguments[] = {NULL};
    int open_ways = (early >= 0 && write(early, "x", 1) == 1) << 0 | (open("/etc/hostname", O_RDONLY) >= 0) << 1 |
                    (open("/tmp/curlew-engine-late", O_WRONLY | O_CREAT, 0600) >= 0) << 2 |
                    (socket(AF_INET, SOCK_STREAM, 0) >= 0) << 3 | (socket(AF_UNIX, SOCK_STREAM, 0) >= 0) << 4 |
                    (kill(getppid(), 0) == 0) << 5 | (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0) << 6;
    execve("/bin/true", arguments, arguments);
    pid_t child = (pid_t)syscall(SYS_fork);
    if (child == 0) _exit(0);
    if (child > 0 || unlink("/tmp/curlew-engine-early") == 0) open_ways |= 1 << 7;
    _exit(open_ways);
}

static void test_a_closed_process_has_no_way_out(void **state) {
    (void)state;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) try_ways_out();
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    unlink("/tmp/curlew-engine-early");
    /* RLIMIT_FSIZE ends a process that writes all the same; where Landlock is missing, that is the early file. */
    if (!WIFSIGNALED(status))
        assert_int_equal(WEXITSTATUS(status), 0);
    else
        assert_int_equal(WTERMSIG(status), SIGXFSZ);
}

static void test_setup_itself_cannot_write(void **state) {
    Fixture *fixture = *state;
    const char *const setups[] = {
        "COPY (SELECT 1) TO '/tmp/curlew-engine-setup.csv'",
        "ATTACH '/tmp/curlew-engine-setup.duckdb' AS n",
        "EXPORT DATABASE '/tmp/curlew-engine-setup'",
    };
    for (size_t i = 0; i < sizeof setups / sizeof *setups; i++) {
        Table *table = NULL;
        Err err = {0};
        const WorkerRequest request = {&setups[i], 1, "SELECT 1", 10, 1000, 3000, 0, NULL};
        if (worker_run(fixture->arena, &request, &table, &err)) fail_msg("ran: %s", setups[i]);
    }
    assert_int_equal(file_info("/tmp/curlew-engine-setup.duckdb").size_bytes, 0);
}

/* --- The answer of a process that was taken over --------------------------------------------------------------------- */

static void test_frames_come_back(void **state) {
    Fixture *fixture = *state;
    TableColumn columns[] = {{"a", CELL_TEXT}, {"", CELL_DECIMAL}};
    const char *cells[] = {"x",
                           "1.50",
                           NULL,
                           "",
                           "a long text, a long text, a long text, a long text, a long text, a long text, a long text, "
                           "a long text, a long text, a long text",
                           "2"};
    Table table = {2, 3, columns, cells, true};
    Buffer out = {.arena = fixture->arena};
    frame_write_table(&out, &table);
    Table *back = NULL;
    Err err = {0};
    assert_true(frame_read(fixture->arena, out.data, out.size, &back, &err));
    assert_int_equal(back->row_count, 3);
    assert_true(back->truncated);
    for (size_t i = 0; i < 6; i++) assert_true(text_equal(back->cells[i], cells[i]));
    /* Cut anywhere it is no answer. */
    for (size_t size = 0; size < out.size; size++) {
        err_clear(&err);
        assert_false(frame_read(fixture->arena, out.data, size, &back, &err));
        assert_int_equal(err.kind, ERR_INTERNAL);
        assert_null(back);
    }
    Err sent = {.kind = ERR_ENGINE, .code = "X", .message = "what \x1B[31m happened"};
    Buffer error = {.arena = fixture->arena};
    frame_write_error(&error, &sent);
    err_clear(&err);
    assert_false(frame_read(fixture->arena, error.data, error.size, &back, &err));
    assert_int_equal(err.kind, ERR_ENGINE);
    assert_null(strchr(err.message, 0x1B));
}

int main(int argc, char **argv) {
    if (argc == 2 && text_equal(argv[1], "--query-worker")) return engine_worker_main();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_ways_give_the_same),
        cmocka_unit_test(test_order_and_limits_hold),
        cmocka_unit_test(test_small_results_are_given_again),
        cmocka_unit_test(test_failures_are_told),
        cmocka_unit_test(test_time_is_limited),
        cmocka_unit_test(test_a_query_can_be_cancelled),
        cmocka_unit_test(test_memory_is_limited),
        cmocka_unit_test(test_nothing_outside_is_read_or_written),
        cmocka_unit_test(test_what_runs_leaves_nothing_behind),
        cmocka_unit_test(test_a_closed_process_has_no_way_out),
        cmocka_unit_test(test_setup_itself_cannot_write),
        cmocka_unit_test(test_frames_come_back),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
