/* Times planning alone, warm: words to checked SQL, once per question of a list, in one process.
 *
 *   bench_plan WORKSPACE QUESTIONS-FILE [REPEATS]
 *
 * The file holds one question a line; what follows " # " is left out, and so are the marks of test/paraphrases.txt. Per question the median of its repeats counts, declined questions
 * too: to find out that nothing fits takes as long. Prints JSON: how many questions, how many got a plan, the time of the lexicon (made once
 * per bill), and median, 99th percentile and worst of the questions, in milliseconds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "catalog/catalog.h"
#include "ingest/workspace.h"
#include "io/clock.h"
#include "io/duck.h"
#include "io/file.h"
#include "question/compile.h"
#include "question/understand.h"

enum { REPEATS_DEFAULT = 9, REPEATS_MOST = 1000, QUESTIONS_FILE_BYTES = 1 << 20 };

typedef struct {
    Catalog *catalog;
    DuckSession *session;
    Lexicon *lexicon;
    double lexicon_ms;
} Bench;

static double since_ms(long long start_us) {
    return (double)(clock_monotonic_us() - start_us) / 1000.0;
}

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
    if (!catalog_load(arena, out->session, workspace, "bill", &out->catalog, err)) return false;
    long long start = clock_monotonic_us();
    if (!lexicon_build(arena, out->catalog, &out->lexicon, err)) return false;
    out->lexicon_ms = since_ms(start);
    return true;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The value below which `part` of the sorted values lie. */
static double quantile(const double *sorted, size_t count, double part) {
    size_t at = (size_t)(part * (double)count);
    return sorted[at < count ? at : count - 1];
}

/* False only for failures of the engine; *planned tells whether there is SQL at the end. */
static bool plan_once(const Bench *bench, const char *question, double *ms, bool *planned, Err *err) {
    Arena *arena = arena_make();
    Reading reading = {0};
    Compiled compiled = {0};
    Err refused = {0};
    long long start = clock_monotonic_us();
    bool done =
        question_understand(arena, bench->session, bench->lexicon, question, bench->catalog->as_of, NULL, &reading, err);
    *planned = done && reading.status == READING_PLAN && plan_check(arena, bench->catalog, reading.plan, &refused) &&
               plan_compile(arena, bench->catalog, reading.plan, "duckdb", true, &compiled, &refused);
    *ms = since_ms(start);
    arena_free(arena);
    return done;
}

static bool time_question(Arena *arena, const Bench *bench, const char *question, size_t repeats, double *median_ms,
                          bool *planned, Err *err) {
    double *times = arena_array(arena, repeats, sizeof *times);
    if (!plan_once(bench, question, median_ms, planned, err)) return false; /* warm */
    for (size_t i = 0; i < repeats; i++)
        if (!plan_once(bench, question, &times[i], planned, err)) return false;
    qsort(times, repeats, sizeof *times, by_value);
    *median_ms = times[repeats / 2];
    return true;
}

static void report(Arena *arena, const Bench *bench, double *times, size_t count, size_t planned, const char *slowest) {
    qsort(times, count, sizeof *times, by_value);
    Json *out = json_make_object(arena);
    json_put_integer(out, "questions", (long long)count);
    json_put_integer(out, "planned", (long long)planned);
    json_put_double(out, "lexicon_ms", bench->lexicon_ms, 2);
    json_put_double(out, "median_ms", quantile(times, count, 0.5), 3);
    json_put_double(out, "p99_ms", quantile(times, count, 0.99), 3);
    json_put_double(out, "worst_ms", times[count - 1], 3);
    json_put_text(out, "slowest", slowest);
    puts(json_write(arena, out, true));
}

int main(int count, char **arguments) {
    if (count < 3) {
        fprintf(stderr, "usage: bench_plan WORKSPACE QUESTIONS-FILE [REPEATS]\n");
        return 2;
    }
    Arena *arena = arena_make();
    Err err = {0};
    Bench bench = {0};
    char *text = NULL;
    size_t size = 0, line_count = 0, timed = 0, planned_count = 0;
    long repeats = count > 3 ? strtol(arguments[3], NULL, 10) : REPEATS_DEFAULT;
    if (repeats < 1 || repeats > REPEATS_MOST) repeats = REPEATS_DEFAULT;
    bool done = open_bench(arena, arguments[1], &bench, &err) &&
                file_read(arena, arguments[2], QUESTIONS_FILE_BYTES, &text, &size, &err);
    const char **lines = done ? text_split(arena, text, '\n', &line_count) : NULL;
    double *times = arena_array(arena, line_count + 1, sizeof *times), worst = 0;
    const char *slowest = "";
    for (size_t i = 0; done && i < line_count; i++) {
        const char *source = strstr(lines[i], " # ");
        const char *question = source ? arena_text_n(arena, lines[i], (size_t)(source - lines[i])) : lines[i];
        bool planned = false;
        if (!*question || *question == '#') continue;
        if (question[0] && strchr("=~", question[0]) && question[1] == ' ')
            question += 2; /* as test/paraphrases.txt marks them */
        done = time_question(arena, &bench, question, (size_t)repeats, &times[timed], &planned, &err);
        if (done && times[timed] > worst) {
            worst = times[timed];
            slowest = question;
        }
        timed += done;
        planned_count += planned;
    }
    if (!done) fprintf(stderr, "bench_plan: %s\n", err.message);
    if (done && timed) report(arena, &bench, times, timed, planned_count, slowest);
    arena_free(arena);
    return done && timed ? 0 : 1;
}
