/* ingest/watch.h: runs long statements of an import while telling how far it is and heeding Ctrl-C. */
#ifndef CURLEW_INGEST_WATCH_H
#define CURLEW_INGEST_WATCH_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "ingest/load.h"
#include "io/duck.h"

typedef struct {
    DuckSession *session;
    const LoadRequest *request;
    long long started_us;
    /* Share of the bytes that the running step stands for, and what was done before it. */
    unsigned long long bytes_total, bytes_done, bytes_step;
    double step_from, step_to; /* part of bytes_step that the running statement covers */
    unsigned long long rows;
    const char *what;
} Watch;

/* Runs a statement (or several) in a thread of its own; calls request->progress meanwhile. ERR_CANCELLED after request->stop. */
bool watch_run(Watch *watch, const char *sql, Err *err);

/* Tells the progress once, e.g. at the start of a step. */
void watch_tell(const Watch *watch, double fraction_of_step);

#endif
