/* Runs one statement on a DuckDB database file with nothing of curlew around it, and prints milliseconds and peak memory as JSON.
 *
 *   plain_duckdb DATABASE STATEMENT */
#include <stdio.h>
#include <sys/resource.h>

#include "base/json.h"
#include "io/clock.h"
#include "io/duck.h"

int main(int count, char **arguments) {
    if (count != 3) {
        fprintf(stderr, "usage: plain_duckdb DATABASE STATEMENT\n");
        return 2;
    }
    Arena *arena = arena_make();
    Err err = {0};
    Duck *duck = NULL;
    DuckSession *session = NULL;
    long long start = clock_monotonic_us();
    bool done = duck_open(arena, arguments[1], &(DuckOptions){.temp_directory = "/tmp"}, &duck, &err) &&
                duck_connect(arena, duck, &session, &err) && duck_run(session, arguments[2], &err) &&
                duck_run(session, "CHECKPOINT", &err);
    double elapsed_ms = (double)(clock_monotonic_us() - start) / 1000.0;
    struct rusage usage = {0};
    getrusage(RUSAGE_SELF, &usage);
    if (!done) fprintf(stderr, "plain_duckdb: %s\n", err.message);
    Json *report = json_make_object(arena);
    json_put_double(report, "elapsed_ms", elapsed_ms, 1);
    json_put_double(report, "peak_memory_mb", (double)usage.ru_maxrss / 1024.0, 0);
    if (done) puts(json_write(arena, report, false));
    arena_free(arena);
    return done ? 0 : 1;
}
