/* The attacks that the guard refuses, run past the guard in a query process: what is left when the guard fails. Whatever they do there, files,
 * data and the next query are as before. The counts that docs/guard.md states are printed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"
#include "engine/engine.h"
#include "engine/worker.h"
#include "io/file.h"

typedef struct {
    Arena *arena;
    char *folder;
    const char *setup[6];
} Fixture;

enum { SETUP_COUNT = 6, TIMEOUT_MS = 250 };

static int set_up(void **state) {
    static Fixture fixture;
    Err err = {0};
    Arena *arena = fixture.arena = arena_make(), *writer = arena_make();
    fixture.folder = arena_text(arena, "/tmp/curlew-residue-XXXXXX");
    if (!mkdtemp(fixture.folder)) return -1;
    Duck *duck = NULL;
    DuckSession *session = NULL;
    bool ok =
        duck_open(writer, file_join(arena, fixture.folder, "data.duckdb"), NULL, &duck, &err) &&
        duck_connect(writer, duck, &session, &err) &&
        duck_run(
            session,
            "CREATE TABLE lines AS SELECT DATE '2025-01-01' + (i % 70)::INT AS usage_date, 'service ' || i % 10 AS service, "
            "'region ' || i % 3 AS region, (i % 5)::VARCHAR AS account_id, 'type ' || i % 7 AS usage_type, "
            "(i % 1000)::DECIMAL(18, 2) / 100 AS cost, 'i-' || i AS resource_id FROM range(20000) t(i)",
            &err);
    arena_free(writer);
    fixture.setup[0] = arena_printf(arena, "ATTACH '%s/data.duckdb' AS data (READ_ONLY)", fixture.folder);
    fixture.setup[1] = "CREATE VIEW cur AS SELECT * FROM data.main.lines";
    fixture.setup[2] = "CREATE VIEW cost_v AS SELECT * FROM cur WHERE cost > 5";
    fixture.setup[3] = "CREATE SCHEMA internal";
    fixture.setup[4] = "CREATE TABLE internal.app_users AS SELECT 'a@b' AS email, 'h' AS pwhash";
    fixture.setup[5] = "CREATE TABLE query_log AS SELECT 'secret' AS q";
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

static bool run(const Fixture *fixture, Arena *arena, const char *sql, int timeout_ms, Table **table, Err *err) {
    const WorkerRequest request = {fixture->setup, SETUP_COUNT, sql, RESULT_ROWS, RESULT_TYPED_BYTES, timeout_ms, 400, NULL};
    return worker_run(arena, &request, table, err);
}

static const char *total_cost(Fixture *fixture) {
    Table *table = NULL;
    Err err = {0};
    if (!run(fixture, fixture->arena, "SELECT sum(cost), count(*) FROM cur", 10000, &table, &err)) fail_msg("%s", err.message);
    return arena_printf(fixture->arena, "%s %s", table_cell(table, 0, 0), table_cell(table, 0, 1));
}

/* Names, sizes and times of everything in the folders that attacks write to. */
static const char *files_text(Fixture *fixture) {
    const char *const folders[] = {fixture->folder, "/tmp/evil", "/tmp/exp", "/tmp/log"};
    Buffer out = {.arena = fixture->arena};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        const char **names = NULL;
        size_t count = 0;
        Err err = {0};
        if (file_info(folders[i]).kind == FILE_FOLDER) file_list(fixture->arena, folders[i], &names, &count, &err);
        for (size_t k = 0; k < count; k++) {
            FileInfo info = file_info(file_join(fixture->arena, folders[i], names[k]));
            buffer_printf(&out, "%s %llu %lld\n", names[k], info.size_bytes, info.modified_ns);
        }
        buffer_printf(&out, "%s %d\n", folders[i], (int)file_info(folders[i]).kind);
    }
    const char *const single[] = {"/tmp/out.csv", "/tmp/other.db", "x.db", "/root/.duckdb/stored_secrets"};
    for (size_t i = 0; i < sizeof single / sizeof *single; i++)
        buffer_printf(&out, "%s %d\n", single[i], (int)file_info(single[i]).kind);
    return buffer_text(&out);
}

static void test_attacks_change_nothing(void **state) {
    Fixture *fixture = *state;
    const char *before = total_cost(fixture), *files = files_text(fixture);
    char *text = NULL;
    size_t size = 0, lines = 0;
    int answered = 0, failed = 0, stopped = 0;
    Err err = {0};
    assert_true(file_read(fixture->arena, TEST_FIXTURES "/guard/refuse.txt", (size_t)1 << 20, &text, &size, &err));
    const char **list = text_split(fixture->arena, text, '\n', &lines);
    for (size_t i = 0; i < lines; i++) {
        if (!*list[i] || *list[i] == '#') continue;
        Arena *arena = arena_make();
        Table *table = NULL;
        err_clear(&err);
        bool ok = run(fixture, arena, list[i], TIMEOUT_MS, &table, &err);
        bool end = !ok && (err.kind == ERR_TIMEOUT || err.kind == ERR_LIMIT);
        answered += ok;
        stopped += end;
        failed += !ok && !end;
        if (!ok) assert_true(*err.message && err.kind != ERR_INTERNAL);
        if (getenv("CURLEW_SHOW_RESIDUE") && (ok || end))
            print_message("%s: %s\n", ok ? "ran" : err_kind_name(err.kind), list[i]);
        arena_free(arena);
    }
    print_message("without the guard: %d answered, %d stopped by time or memory, %d failed\n", answered, stopped, failed);
    assert_string_equal(total_cost(fixture), before);
    assert_string_equal(files_text(fixture), files);
}

int main(int argc, char **argv) {
    if (argc == 2 && text_equal(argv[1], "--query-worker")) return engine_worker_main();
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_attacks_change_nothing)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
