/* ingest/watch.h: runs long statements of an import while telling how far it is and heeding Ctrl-C. */
#ifndef CURLEW_INGEST_WATCH_H
#define CURLEW_INGEST_WATCH_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "ingest/load.h"
#include "io/duck.h"

/* What the importers of a load have done together. */
typedef struct {
    long long started_us;
    unsigned long long bytes_total; /* of all deliveries */
    pthread_mutex_t mutex;          /* guards what follows, and the callback of the progress */
    unsigned long long bytes_done, rows;
    unsigned long long running_bytes[LOAD_IMPORTERS]; /* done of the delivery that each works on */
    size_t busy;                                      /* importers that work; they share the threads */
    int threads;                                      /* of all engines together */
    size_t failed; /* the first delivery that failed, counted from 0: those after it are of no use any more; SIZE_MAX = none */
} WatchTotals;

typedef struct {
    DuckSession *session;
    const LoadRequest *request;
    WatchTotals *totals;
    size_t importer;  /* of the LOAD_IMPORTERS */
    size_t delivery;  /* that it works on, counted from 0 */
    int threads;      /* of its engine, as they were last set; 0 = not yet */
    int most_threads; /* that the next statements are worth; 0 = any number */
    /* Size of the delivery, and the part of it that the running statement stands for. */
    unsigned long long bytes_step;
    double step_from, step_to;
    const char *what;
} Watch;

/* `threads`: 0 = one per core. */
WatchTotals *watch_totals_make(Arena *arena, int threads, long long started_us);

/* Runs a statement (or several) in a thread of its own; calls request->progress meanwhile. ERR_CANCELLED after request->stop, or when a
 * delivery before this one has failed. */
bool watch_run(Watch *watch, const char *sql, Err *err);

/* Tells the progress once, e.g. at the start of a step. */
void watch_tell(const Watch *watch, double fraction_of_step);

/* Adds what an import wrote to the totals; a whole delivery that is done. */
void watch_count_rows(const Watch *watch, unsigned long long rows);
void watch_count_delivery(Watch *watch);

/* An importer begins (1) or ends (-1). */
void watch_count_importer(WatchTotals *totals, int change);

#endif
