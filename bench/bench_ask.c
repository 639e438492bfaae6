/* Times questions in one process, warm, against plain DuckDB running the same SQL over the same lines.
 *
 *   bench_ask WORKSPACE QUESTIONS-FILE REPEATS FOLDER
 *
 * FOLDER has the lines of the workspace as bench/run.mjs wrote them: table.duckdb (one table "bill"), lines.parquet, lines.csv; those that
 * are missing are left out. Per question: median milliseconds of planning (words to SQL), of the whole answer (words to complete JSON), and
 * of the SQL that the compiler would write without rollups, run by an engine that holds nothing but the lines. The ratio of answer and table
 * is what curlew is about. Prints JSON. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer/answer.h"
#include "base/sql.h"
#include "base/text.h"
#include "catalog/catalog.h"
#include "engine/engine.h"
#include "guard/guard.h"
#include "ingest/workspace.h"
#include "io/clock.h"
#include "io/duck.h"
#include "io/file.h"
#include "question/compile.h"
#include "question/understand.h"

enum { REPEATS_DEFAULT = 15, REPEATS_MOST = 1000, QUESTIONS_FILE_BYTES = 1 << 20 };

/* Where plain DuckDB finds the lines. Files are read anew by every query, so they are asked fewer times; one that takes seconds, once. */
enum { PLAIN_TABLE, PLAIN_PARQUET, PLAIN_CSV, PLAINS };
static const struct {
    const char *name, *file, *setup;
    bool is_table;
} plains[PLAINS] = {{"table", "table.duckdb", "ATTACH %S AS lines (READ_ONLY); CREATE VIEW bill AS FROM lines.bill", true},
                    {"parquet", "lines.parquet", "CREATE VIEW bill AS FROM read_parquet(%S)", false},
                    {"csv", "lines.csv", "CREATE VIEW bill AS FROM read_csv(%S)", false}};
enum { FILE_REPEATS = 3, FILE_SLOW_MS = 2000 };

typedef struct {
    DuckSession *plain[PLAINS]; /* NULL = not there */
    Catalog *catalog;
    Lexicon *lexicon;
    DuckSession *session;
    Guard *guard;
    Engine *engine;
} Bench;

static bool open_bench(Arena *arena, const char *folder, Bench *out, Err *err) {
    Workspace *workspace = NULL;
    Duck *duck = NULL;
    const char **setup = NULL;
    size_t setup_count = 0;
    if (!workspace_open(arena, folder, &workspace, err) || !duck_open(arena, NULL, &(DuckOptions){0}, &duck, err) ||
        !duck_connect(arena, duck, &out->session, err) || !workspace_setup(arena, workspace, &setup, &setup_count, err))
        return false;
    for (size_t i = 0; i < setup_count; i++)
        if (!duck_run(out->session, setup[i], err)) return false;
    static const char *const tables[] = {"bill", "bill_day", "bill_month"};
    return catalog_load(arena, out->session, workspace, "bill", &out->catalog, err) &&
           lexicon_build(arena, out->catalog, &out->lexicon, err) && guard_open(arena, tables, 3, &out->guard, err) &&
           engine_open(arena, duck, &out->engine, err);
}

static bool open_plain(Arena *arena, const char *folder, Bench *out, Err *err) {
    for (int i = 0; i < PLAINS; i++) {
        const char *path = file_join(arena, folder, plains[i].file);
        Duck *duck = NULL;
        if (file_info(path).kind != FILE_REGULAR) continue;
        if (!duck_open(arena, NULL, &(DuckOptions){0}, &duck, err) || !duck_connect(arena, duck, &out->plain[i], err) ||
            !duck_run(out->plain[i], sql_format(arena, plains[i].setup, path), err))
            return false;
    }
    return true;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t count) {
    qsort(values, count, sizeof *values, by_value);
    return values[count / 2];
}

static double since_ms(long long start_us) {
    return (double)(clock_monotonic_us() - start_us) / 1000.0;
}

/* One answer from words to JSON. Gives the time of planning and of everything. */
static bool answer_once(const Bench *bench, const char *question, double *plan_ms, double *total_ms, const char **relation,
                        Arena *keep, Err *err) {
    Arena *arena = arena_make();
    Reading reading = {0};
    Compiled compiled = {0};
    const Cleared *cleared = NULL;
    Table *table = NULL;
    Answer answer = {0};
    long long start = clock_monotonic_us();
    bool done =
        question_understand(arena, bench->session, bench->lexicon, question, bench->catalog->as_of, NULL, &reading, err);
    if (done && reading.status != READING_PLAN) done = err_set(err, ERR_REFUSED, "%s", reading.message);
    done = done && plan_check(arena, bench->catalog, reading.plan, err) &&
           plan_compile(arena, bench->catalog, reading.plan, "duckdb", true, &compiled, err);
    *plan_ms = since_ms(start);
    done = done && guard_clear(arena, bench->guard, compiled.sql, strlen(compiled.sql), GUARD_COMPILED, &cleared, err) &&
           engine_run(arena, bench->engine, cleared, &(EngineLimits){0}, &table, err) &&
           answer_make(arena, bench->catalog, reading.plan, &compiled, table, &answer, err);
    if (done) json_write(arena, answer_json(arena, &answer), false);
    *total_ms = since_ms(start);
    if (done) *relation = arena_text(keep, compiled.relation);
    arena_free(arena);
    return done;
}

static bool plain_once(DuckSession *session, const char *sql, double *total_ms, Err *err) {
    Arena *arena = arena_make();
    Table *table = NULL;
    long long start = clock_monotonic_us();
    bool done = duck_rows(arena, session, sql, &table, err);
    *total_ms = since_ms(start);
    arena_free(arena);
    return done;
}

/* The SQL of a question over the lines. */
static bool plain_sql(Arena *arena, const Bench *bench, const char *question, const char **sql, Err *err) {
    Reading reading = {0};
    Compiled compiled = {0};
    bool done =
        question_understand(arena, bench->session, bench->lexicon, question, bench->catalog->as_of, NULL, &reading, err) &&
        plan_compile(arena, bench->catalog, reading.plan, "duckdb", false, &compiled, err);
    *sql = compiled.sql;
    return done;
}

static bool time_plain(Arena *arena, const Bench *bench, const char *sql, size_t repeats, double *medians, Err *err) {
    double *times = arena_array(arena, repeats, sizeof *times);
    for (int p = 0; p < PLAINS; p++) {
        size_t count = plains[p].is_table || repeats < FILE_REPEATS ? repeats : FILE_REPEATS;
        if (!bench->plain[p]) continue;
        if (plains[p].is_table && !plain_once(bench->plain[p], sql, &times[0], err)) return false;
        for (size_t i = 0; i < count; i++) {
            if (!plain_once(bench->plain[p], sql, &times[i], err)) return false;
            if (!plains[p].is_table && times[i] > FILE_SLOW_MS) count = i + 1;
        }
        medians[p] = median(times, count);
    }
    return true;
}

static bool time_question(Arena *arena, const Bench *bench, const char *question, size_t repeats, Json *list, Err *err) {
    double *plan = arena_array(arena, repeats, sizeof *plan), *total = arena_array(arena, repeats, sizeof *total);
    double medians[PLAINS] = {0}, ignored = 0;
    const char *relation = "", *sql = NULL;
    if (!answer_once(bench, question, &ignored, &ignored, &relation, arena, err)) return false;
    for (size_t i = 0; i < repeats; i++)
        if (!answer_once(bench, question, &plan[i], &total[i], &relation, arena, err)) return false;
    if (!plain_sql(arena, bench, question, &sql, err) || !time_plain(arena, bench, sql, repeats, medians, err)) return false;
    Json *entry = json_add_object(list);
    double total_ms = median(total, repeats);
    json_put_text(entry, "question", question);
    json_put_text(entry, "relation", relation);
    json_put_double(entry, "plan_ms", median(plan, repeats), 3);
    json_put_double(entry, "answer_ms", total_ms, 2);
    for (int p = 0; p < PLAINS; p++)
        if (bench->plain[p]) json_put_double(entry, arena_printf(arena, "plain_%s_ms", plains[p].name), medians[p], 2);
    if (bench->plain[PLAIN_TABLE]) json_put_double(entry, "ratio", total_ms / medians[PLAIN_TABLE], 3);
    return true;
}

int main(int count, char **arguments) {
    if (count != 5) {
        fprintf(stderr, "usage: bench_ask WORKSPACE QUESTIONS-FILE REPEATS FOLDER\n");
        return 2;
    }
    Arena *arena = arena_make();
    Err err = {0};
    Bench bench = {0};
    char *text = NULL;
    size_t size = 0, line_count = 0;
    long repeats = strtol(arguments[3], NULL, 10);
    if (repeats < 1 || repeats > REPEATS_MOST) repeats = REPEATS_DEFAULT;
    bool done = open_bench(arena, arguments[1], &bench, &err) && open_plain(arena, arguments[4], &bench, &err) &&
                file_read(arena, arguments[2], QUESTIONS_FILE_BYTES, &text, &size, &err);
    const char **lines = done ? text_split(arena, text, '\n', &line_count) : NULL;
    Json *report = json_make_object(arena);
    if (done) json_put_integer(report, "row_count", bench.catalog->row_count);
    if (done) json_put_integer(report, "rollup_row_count", bench.catalog->rollup_row_count);
    Json *list = json_put_array(report, "questions");
    for (size_t i = 0; done && i < line_count; i++) {
        if (!*lines[i] || *lines[i] == '#') continue;
        done = time_question(arena, &bench, lines[i], (size_t)repeats, list, &err);
        if (!done) fprintf(stderr, "bench_ask: %s: %s\n", lines[i], err.message);
    }
    if (done)
        puts(json_write(arena, report, true));
    else if (!line_count)
        fprintf(stderr, "bench_ask: %s\n", err.message);
    arena_free(arena);
    return done ? 0 : 1;
}
