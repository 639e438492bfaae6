#include "ingest/watch.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/sql.h"
#include "io/clock.h"

typedef struct {
    DuckSession *session;
    const char *sql;
    Err *err;
    bool succeeded;
    bool finished; /* guarded by mutex */
    pthread_mutex_t mutex;
    pthread_cond_t done;
} Statement;

static void *run_statement(void *context) {
    Statement *statement = context;
    statement->succeeded = duck_run(statement->session, statement->sql, statement->err);
    pthread_mutex_lock(&statement->mutex);
    statement->finished = true;
    pthread_cond_signal(&statement->done);
    pthread_mutex_unlock(&statement->mutex);
    return NULL;
}

static void close_totals(void *handle) {
    WatchTotals *totals = handle;
    pthread_mutex_destroy(&totals->mutex);
}

WatchTotals *watch_totals_make(Arena *arena, int threads, long long started_us) {
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    WatchTotals *totals = arena_alloc(arena, sizeof *totals);
    *totals = (WatchTotals){.started_us = started_us, .failed = SIZE_MAX};
    totals->threads = threads > 0 ? threads : cores > 0 ? (int)cores : 1;
    pthread_mutex_init(&totals->mutex, NULL);
    arena_on_free(arena, close_totals, totals);
    return totals;
}

static bool stop_wanted(const Watch *watch) {
    if (watch->request->stop && *watch->request->stop) return true;
    pthread_mutex_lock(&watch->totals->mutex);
    bool useless = watch->totals->failed < watch->delivery;
    pthread_mutex_unlock(&watch->totals->mutex);
    return useless;
}

void watch_tell(const Watch *watch, double fraction_of_step) {
    WatchTotals *totals = watch->totals;
    if (!watch->request->progress) return;
    double part = watch->step_from + (watch->step_to - watch->step_from) * fraction_of_step;
    pthread_mutex_lock(&totals->mutex);
    totals->running_bytes[watch->importer] = (unsigned long long)(part * (double)watch->bytes_step);
    unsigned long long bytes = totals->bytes_done;
    for (size_t i = 0; i < LOAD_IMPORTERS; i++) bytes += totals->running_bytes[i];
    LoadProgress progress = {.what = watch->what,
                             .fraction = totals->bytes_total ? (double)bytes / (double)totals->bytes_total : -1,
                             .rows = totals->rows,
                             .bytes = bytes,
                             .bytes_total = totals->bytes_total,
                             .elapsed_s = (double)(clock_monotonic_us() - totals->started_us) / 1e6};
    watch->request->progress(watch->request->context, &progress);
    pthread_mutex_unlock(&totals->mutex);
}

void watch_count_rows(const Watch *watch, unsigned long long rows) {
    pthread_mutex_lock(&watch->totals->mutex);
    watch->totals->rows += rows;
    pthread_mutex_unlock(&watch->totals->mutex);
}

void watch_count_delivery(Watch *watch) {
    pthread_mutex_lock(&watch->totals->mutex);
    watch->totals->bytes_done += watch->bytes_step;
    watch->totals->running_bytes[watch->importer] = 0;
    pthread_mutex_unlock(&watch->totals->mutex);
    watch->bytes_step = 0;
}

void watch_count_importer(WatchTotals *totals, int change) {
    pthread_mutex_lock(&totals->mutex);
    totals->busy = (size_t)((long long)totals->busy + change);
    pthread_mutex_unlock(&totals->mutex);
}

/* Gives the engine its part of the threads. A thread that finds nothing to do goes round and round until the statement ends, and would take the
 * time of the other importer. */
static bool share_threads(Watch *watch, Err *err) {
    WatchTotals *totals = watch->totals;
    pthread_mutex_lock(&totals->mutex);
    int threads = totals->busy > 1 ? totals->threads / (int)totals->busy : totals->threads;
    pthread_mutex_unlock(&totals->mutex);
    if (watch->most_threads && threads > watch->most_threads) threads = watch->most_threads;
    if (threads < 1) threads = 1;
    if (threads == watch->threads) return true;
    Arena *arena = arena_make();
    bool set = duck_run(watch->session, sql_format(arena, "SET threads = %d", (long long)threads), err);
    arena_free(arena);
    watch->threads = threads;
    return set;
}

/* Waits for the statement, waking up a few times a second. */
static void wait_for(Watch *watch, Statement *statement) {
    pthread_mutex_lock(&statement->mutex);
    while (!statement->finished) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += LOAD_PROGRESS_MS * 1000000L;
        if (until.tv_nsec >= 1000000000L) {
            until.tv_sec += 1;
            until.tv_nsec -= 1000000000L;
        }
        if (pthread_cond_timedwait(&statement->done, &statement->mutex, &until) != ETIMEDOUT) continue;
        pthread_mutex_unlock(&statement->mutex);
        if (stop_wanted(watch)) duck_interrupt(watch->session);
        double percent = duck_progress(watch->session, NULL);
        watch_tell(watch, percent < 0 ? 0 : percent / 100);
        pthread_mutex_lock(&statement->mutex);
    }
    pthread_mutex_unlock(&statement->mutex);
}

bool watch_run(Watch *watch, const char *sql, Err *err) {
    if (stop_wanted(watch)) return err_set(err, ERR_CANCELLED, "The load was stopped; nothing was changed");
    if (!sql) return err_set(err, ERR_INTERNAL, "A statement of the import could not be written");
    if (!share_threads(watch, err)) return false;
    Err own = {0};
    Statement statement = {.session = watch->session, .sql = sql, .err = &own};
    pthread_mutex_init(&statement.mutex, NULL);
    pthread_cond_init(&statement.done, NULL);
    pthread_t thread;
    if (pthread_create(&thread, NULL, run_statement, &statement) != 0) {
        run_statement(&statement);
    } else {
        wait_for(watch, &statement);
        pthread_join(thread, NULL);
    }
    pthread_cond_destroy(&statement.done);
    pthread_mutex_destroy(&statement.mutex);
    if (statement.succeeded) return true;
    if (stop_wanted(watch)) return err_set(err, ERR_CANCELLED, "The load was stopped; nothing was changed");
    if (strstr(own.message, "No space left on device") || strstr(own.message, "File too large") ||
        strstr(own.message, "quota exceeded"))
        return err_set(err, ERR_IO,
                       "The disk is full: the load could not be finished and nothing was changed; free some space, or choose a "
                       "folder on another disk with --workspace");
    return err_set_code(err, own.kind, own.code, "%s", own.message);
}
