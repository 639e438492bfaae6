/* ingest/workspace.h: a folder of immutable snapshots and the manifest that says which of them count.
 *
 *   manifest.json            swapped by atomic rename; names every live snapshot (schema in workspace.c)
 *   snapshots/<id>.duckdb    one source and billing period each; never changed once named by the manifest
 *   snapshots/<id>-rollups.duckdb   the rollups of all of them; as lasting
 *   lock                     held by the one importer; readers take no lock
 *
 * A killed importer leaves files that no manifest names; the next import removes them. A reader keeps the manifest that it read
 * at its start; snapshots that a later manifest dropped are deleted only after readers that may hold them are gone (they are opened
 * read-only, and an unlinked open file stays readable). */
#ifndef CURLEW_INGEST_WORKSPACE_H
#define CURLEW_INGEST_WORKSPACE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"

typedef struct {
    const char *dataset; /* "bill", or the table's SQL name */
    const char *path;    /* absolute path of the snapshot file */
    const char *source;  /* what it was read from, for "source" in an answer's basis */
    const char *format;  /* source_format_name() */
    const char *period;  /* "2026-09"; "" for tables */
    long long row_count;
    long long rollup_row_count; /* 0 = has no rollup */
    const Json *facts;          /* what the import found out; keys in load.h */
} Snapshot;

/* The rollups of all snapshots of the bill in one file; made by rollups.h. */
typedef struct {
    const char *path; /* absolute; NULL = there is none: the snapshots have them one by one */
    long long day_row_count;
    long long month_row_count; /* 0 = no monthly rollup */
} Rollups;

typedef struct Workspace Workspace;

/* Reads the workspace in `folder`; one that does not exist yet is empty. ERR_IO or ERR_INPUT when its manifest cannot be
 * read (says how to recover). */
bool workspace_open(Arena *arena, const char *folder, Workspace **out, Err *err);

const char *workspace_folder(const Workspace *workspace);
/* Changes with every import: part of cache keys. */
long long workspace_revision(const Workspace *workspace);
/* SHA-256 of the manifest: no other state of this or another folder has it, as it names what was loaded by fingerprint. NULL for data that
 * is read in place. What was computed from a workspace is kept under it. */
const char *workspace_fingerprint(const Workspace *workspace);
size_t workspace_snapshot_count(const Workspace *workspace);
const Snapshot *workspace_snapshot(const Workspace *workspace, size_t index);
const Rollups *workspace_rollups(const Workspace *workspace);
/* Names of the data sets, "bill" first. */
size_t workspace_dataset_count(const Workspace *workspace);
const char *workspace_dataset(const Workspace *workspace, size_t index);

/* The statements that make the workspace readable in a fresh, unlocked in-memory engine: they attach every snapshot read-only
 * and create, per data set, the view of its name and, where there are rollups, `<name>_day` and `<name>_month`. Views of a bill have the
 * columns of tables/bill_columns.tsv that any snapshot has values for (all of the FOCUS ones always), then one column per
 * tag key, then columns of the source that the model does not know (x_…), in the same order on every run; NULL where a snapshot lacks one;
 * and `Tags`, a MAP made of the tag columns. */
bool workspace_setup(Arena *arena, const Workspace *workspace, const char ***statements, size_t *count, Err *err);

#endif
