#include "ingest/watch.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "base/limits.h"
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

static bool stop_wanted(const Watch *watch) {
    return watch->request->stop && *watch->request->stop;
}

void watch_tell(const Watch *watch, double fraction_of_step) {
    if (!watch->request->progress) return;
    double part = watch->step_from + (watch->step_to - watch->step_from) * fraction_of_step;
    double bytes = (double)watch->bytes_done + part * (double)watch->bytes_step;
    LoadProgress progress = {.what = watch->what,
                             .fraction = watch->bytes_total ? bytes / (double)watch->bytes_total : -1,
                             .rows = watch->rows,
                             .bytes = (unsigned long long)bytes,
                             .bytes_total = watch->bytes_total,
                             .elapsed_s = (double)(clock_monotonic_us() - watch->started_us) / 1e6};
    watch->request->progress(watch->request->context, &progress);
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
