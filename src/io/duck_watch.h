/* io/duck_watch.h: stops statements whose time is up or that Ctrl-C ended. Used by io/duck.c only.
 *
 * One thread per instance looks at all running statements. Looking between the engine's tasks instead would not do: one task can keep
 * a thread busy for minutes (joins), while the engine itself sees an interrupt often. A thread per statement would cost 0.2 ms. */
#ifndef CURLEW_IO_DUCK_WATCH_H
#define CURLEW_IO_DUCK_WATCH_H

#include <pthread.h>
#include <stdbool.h>

#include "base/err.h"
#include "io/duck.h"

typedef struct DuckWatched DuckWatched;

typedef struct {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    pthread_t thread;
    bool has_thread; /* it is started by the first statement that needs it */
    bool idle;       /* it waits for a statement */
    bool closing;
    DuckWatched *running;
} DuckWatch;

/* A running statement; lives on the stack of the thread that runs it. */
struct DuckWatched {
    DuckWatch *watch; /* NULL: nothing to look at */
    DuckWatched *next;
    DuckSession *session;
    long long deadline_us; /* 0 = none */
    const volatile bool *stop;
    ErrKind stopped;
};

void duck_watch_open(DuckWatch *watch);
void duck_watch_close(DuckWatch *watch);

/* Begins to look after the statement that `session` is about to run. ERR_LIMIT when the system allows no thread. */
bool duck_watch_start(DuckWatch *watch, DuckWatched *watched, DuckSession *session, int timeout_ms, const volatile bool *stop,
                      Err *err);

/* Ends it. Gives why the statement was interrupted: ERR_TIMEOUT, ERR_CANCELLED, or ERR_NONE. */
ErrKind duck_watch_end(DuckWatched *watched);

#endif
