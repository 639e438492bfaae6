/* ingest/import.h: one delivery becomes snapshots, one per billing period. Several imports may run at once, each with an engine and an arena of its
 * own (importers.h); what they share is named here: the ledger, which nobody changes meanwhile, and the names of tag columns. */
#ifndef CURLEW_INGEST_IMPORT_H
#define CURLEW_INGEST_IMPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "ingest/bookkeeping.h"
#include "ingest/load.h"
#include "ingest/source.h"
#include "ingest/tags.h"
#include "ingest/watch.h"

typedef struct {
    Arena *arena; /* of the engine that imports; entries live in it */
    Watch *watch;
    const LoadRequest *request;
    const Ledger *before; /* the workspace as it is */
    TagNames *names;
    const Delivery *delivery;
    size_t number, count; /* which of the deliveries of the load it is, from 0 */
    size_t entry_count, entry_room;
    Entry *entries; /* what came of it */
    bool is_new;    /* false: its snapshots are there already */
} Import;

/* Imports the delivery, or takes over the snapshots that an earlier load made of the same files. On failure `entries` name the files that were
 * written and that nobody needs. */
bool import_run(Import *import, Err *err);

/* Size of the delivery's files. */
unsigned long long import_bytes(const Delivery *delivery);

#endif
