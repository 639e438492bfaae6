/* load_cached(): paths that are asked about without being loaded (`ask --data`) get a workspace of their own, named after what the paths
 * hold. It is imported once; later questions find it by the fingerprint alone, without opening a data file. */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "ingest/bookkeeping.h"
#include "ingest/load.h"
#include "ingest/report.h"
#include "ingest/source.h"
#include "io/clock.h"

static const char *imports_folder(Arena *arena) {
    return file_join(arena, file_cache_home(arena), "imports");
}

/* A workspace whose manifest names files that are all there needs nothing more. */
static bool is_complete(const Ledger *ledger) {
    for (size_t i = 0; i < ledger->entry_count; i++)
        if (file_info(ledger->entries[i].snapshot.path).kind != FILE_REGULAR) return false;
    return ledger->entry_count > 0;
}

typedef struct {
    const char *folder;
    long long used_ns;
} CachedImport;

static int newest_first(const void *a, const void *b) {
    const CachedImport *left = a, *right = b;
    return left->used_ns > right->used_ns ? -1 : left->used_ns < right->used_ns;
}

/* Keeps the cache from growing for ever. One that was made within the last hours may be in use by a server that opened it. */
static void remove_old_imports(Arena *arena, const char *kept) {
    const char **names = NULL;
    size_t count = 0;
    Err ignored = {0};
    const char *parent = imports_folder(arena);
    if (!file_list(arena, parent, &names, &count, &ignored) || count <= CACHE_IMPORTS) return;
    CachedImport *imports = arena_array(arena, count, sizeof *imports);
    for (size_t i = 0; i < count; i++) {
        imports[i].folder = file_join(arena, parent, names[i]);
        imports[i].used_ns = file_info(file_join(arena, imports[i].folder, "manifest.json")).modified_ns;
    }
    qsort(imports, count, sizeof *imports, newest_first);
    for (size_t i = CACHE_IMPORTS; i < count; i++) {
        FileLock *lock = NULL;
        bool recent = imports[i].used_ns / 1000000000LL > clock_now() - CACHE_KEEP_S;
        if (recent || text_equal(imports[i].folder, kept)) continue;
        if (file_lock(arena, file_join(arena, imports[i].folder, "lock"), true, 0, &lock, &ignored))
            file_remove_tree(imports[i].folder, &ignored);
        err_clear(&ignored);
    }
}

static bool report_cached(Arena *arena, const Ledger *ledger, long long started_us, LoadReport *out) {
    Oddities notes = {.arena = arena};
    out->unchanged = true;
    out->facts = report_write(arena, ledger->entries, ledger->entry_count, &notes, true, started_us);
    return true;
}

bool load_cached(Arena *arena, const LoadRequest *request, const char **workspace_folder, LoadReport *out, Err *err) {
    long long started_us = clock_monotonic_us();
    const char *fingerprint = NULL;
    *out = (LoadReport){0};
    *workspace_folder = NULL;
    if (!source_fingerprint(arena, request->paths, request->path_count, &fingerprint, err)) return false;
    const char *key = arena_printf(arena, "%d%s %s", LOAD_FORMAT, request->direct ? " direct" : "", fingerprint);
    const char *folder = file_join(arena, imports_folder(arena), file_sha256(arena, key, strlen(key)));
    *workspace_folder = folder;
    Ledger ledger;
    Err unread = {0};
    if (ledger_read(arena, folder, &ledger, &unread) && is_complete(&ledger))
        return report_cached(arena, &ledger, started_us, out);
    LoadRequest own = *request;
    own.workspace_folder = folder;
    own.replace = true;
    if (!load_run(arena, &own, out, err)) return false;
    Arena *scratch = arena_make();
    remove_old_imports(scratch, folder);
    arena_free(scratch);
    return true;
}
