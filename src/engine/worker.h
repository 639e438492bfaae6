/* engine/worker.h: runs SQL in a process of its own. Within the room only: what runs here was cleared by the guard; the tests also run what
 * was not, to measure what the process itself stops. */
#ifndef CURLEW_ENGINE_WORKER_H
#define CURLEW_ENGINE_WORKER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/table.h"

typedef struct {
    const char *const *setup; /* statements that make the data readable, run before the process is closed off */
    size_t setup_count;
    const char *sql;
    size_t rows, bytes; /* no zeros here */
    int timeout_ms;
    int grace_ms;              /* between the interrupt and the end by force; 0 = WORKER_GRACE_MS */
    const volatile bool *stop; /* may be NULL */
} WorkerRequest;

/* Starts the program again as a query process and waits for its result. ERR_TIMEOUT when its time was up (interrupted, or killed two
 * seconds later), ERR_CANCELLED, ERR_LIMIT when it ended over its memory or gave more than its bytes. */
bool worker_run(Arena *arena, const WorkerRequest *request, Table **out, Err *err);

#endif
