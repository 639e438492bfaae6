/* ingest/bookkeeping.h: the writing side of a workspace: its manifest, its lock, its files. Readers use workspace.h. */
#ifndef CURLEW_INGEST_BOOKKEEPING_H
#define CURLEW_INGEST_BOOKKEEPING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "ingest/workspace.h"
#include "io/file.h"

/* One snapshot as the manifest has it. */
typedef struct {
    Snapshot snapshot;
    const char *file;           /* name under snapshots/ */
    const char *report;         /* Delivery.report */
    const char *root;           /* Delivery.root */
    const char *version;        /* Delivery.version */
    const char *delivery;       /* fingerprint of the delivery's files */
    long long delivery_periods; /* snapshots that the delivery gave */
} Entry;

typedef struct {
    const char *folder;
    long long revision;
    const char *fingerprint; /* SHA-256 of the manifest that was read; NULL when none was */
    size_t entry_count;
    Entry *entries;
    const char *rollup_file; /* name under snapshots/ of the rollups of all entries, NULL = none */
    Rollups rollups;
    size_t dropped_count;
    const char **dropped; /* files that the manifest before named: kept for readers that read it, removed by the next load */
} Ledger;

/* Reads the manifest; an absent one is an empty ledger. */
bool ledger_read(Arena *arena, const char *folder, Ledger *out, Err *err);
/* The workspace as readers of this ledger see it. */
Workspace *ledger_workspace(Arena *arena, const Ledger *ledger);
/* Swaps the manifest by atomic rename; the revision is the ledger's. */
bool ledger_write(Arena *arena, const Ledger *ledger, Err *err);
/* Makes the folders and takes the lock of the one importer. */
bool ledger_lock(Arena *arena, const char *folder, FileLock **out, Err *err);
/* Removes snapshot files that `ledger` does not name (a killed import's, and those dropped a load ago) and the spool folder. */
bool ledger_clean(Arena *arena, const Ledger *ledger, Err *err);
/* Absolute path of a snapshot file. */
const char *ledger_path(Arena *arena, const char *folder, const char *file);
const char *ledger_spool(Arena *arena, const char *folder);

#endif
