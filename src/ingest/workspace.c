#include "ingest/workspace.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ingest/bookkeeping.h"

struct Workspace {
    Ledger ledger;
    size_t dataset_count;
    const char **datasets;
};

static int by_dataset_and_period(const void *a, const void *b) {
    const Snapshot *left = &((const Entry *)a)->snapshot, *right = &((const Entry *)b)->snapshot;
    bool left_bill = text_equal(left->dataset, "bill"), right_bill = text_equal(right->dataset, "bill");
    if (left_bill != right_bill) return left_bill ? -1 : 1;
    int order = strcmp(left->dataset, right->dataset);
    if (order == 0) order = strcmp(left->period, right->period);
    if (order == 0) order = strcmp(left->source, right->source);
    return order ? order : strcmp(left->path, right->path);
}

/* Sorts the entries of the workspace's own ledger and lists the data sets. */
static void arrange(Arena *arena, Workspace *workspace) {
    Ledger *ledger = &workspace->ledger;
    if (ledger->entry_count) qsort(ledger->entries, ledger->entry_count, sizeof *ledger->entries, by_dataset_and_period);
    workspace->datasets = arena_array(arena, ledger->entry_count + 1, sizeof *workspace->datasets);
    for (size_t i = 0; i < ledger->entry_count; i++) {
        const char *dataset = ledger->entries[i].snapshot.dataset;
        if (i == 0 || !text_equal(dataset, ledger->entries[i - 1].snapshot.dataset))
            workspace->datasets[workspace->dataset_count++] = dataset;
    }
}

bool workspace_open(Arena *arena, const char *folder, Workspace **out, Err *err) {
    Workspace *workspace = arena_alloc(arena, sizeof *workspace);
    *out = NULL;
    if (!ledger_read(arena, folder, &workspace->ledger, err)) return false;
    arrange(arena, workspace);
    *out = workspace;
    return true;
}

Workspace *ledger_workspace(Arena *arena, const Ledger *ledger) {
    Workspace *workspace = arena_alloc(arena, sizeof *workspace);
    workspace->ledger = *ledger;
    workspace->ledger.entries = arena_array(arena, ledger->entry_count + 1, sizeof *ledger->entries);
    for (size_t i = 0; i < ledger->entry_count; i++) workspace->ledger.entries[i] = ledger->entries[i];
    arrange(arena, workspace);
    return workspace;
}

const Rollups *workspace_rollups(const Workspace *workspace) {
    return &workspace->ledger.rollups;
}

const char *workspace_folder(const Workspace *workspace) {
    return workspace->ledger.folder;
}

long long workspace_revision(const Workspace *workspace) {
    return workspace->ledger.revision;
}

const char *workspace_fingerprint(const Workspace *workspace) {
    return workspace->ledger.fingerprint;
}

size_t workspace_snapshot_count(const Workspace *workspace) {
    return workspace->ledger.entry_count;
}

const Snapshot *workspace_snapshot(const Workspace *workspace, size_t index) {
    return &workspace->ledger.entries[index].snapshot;
}

size_t workspace_dataset_count(const Workspace *workspace) {
    return workspace->dataset_count;
}

const char *workspace_dataset(const Workspace *workspace, size_t index) {
    return workspace->datasets[index];
}
