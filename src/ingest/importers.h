/* ingest/importers.h: imports the deliveries of a load, up to LOAD_IMPORTERS at a time.
 *
 * Much of an import runs on one thread or waits for the disk: compressing the last rows, small tables, writing through. Another delivery fills
 * that time. Each importer has an engine of its own, since names of attached files belong to a whole engine; they share the memory and
 * the threads that one would have. */
#ifndef CURLEW_INGEST_IMPORTERS_H
#define CURLEW_INGEST_IMPORTERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "ingest/import.h"
#include "ingest/watch.h"

/* Opens the engine of an importer: sets watch->session. What does not fit into memory goes below the folder `spool`. */
bool importers_open(Arena *arena, const char *spool, Watch *watch, Err *err);

/* Runs the imports. `watch` is the load's own, with an open engine, which takes part. `arena` keeps what the importers made. The failure that
 * is told is that of the first delivery that fails, whichever was found first. */
bool importers_run(Arena *arena, Watch *watch, Import *imports, size_t count, Err *err);

#endif
