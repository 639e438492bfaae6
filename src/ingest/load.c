/* The order of a load: lock, look, import what changed, check for doubles, swap the manifest. Nothing that is there is touched before the
 * last step, so that a load that fails or dies leaves the workspace as it was. */
#include "ingest/load.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ingest/bookkeeping.h"
#include "ingest/import.h"
#include "ingest/importers.h"
#include "ingest/overlap.h"
#include "ingest/report.h"
#include "ingest/rollups.h"
#include "ingest/source.h"
#include "ingest/tags.h"
#include "ingest/watch.h"
#include "io/clock.h"

typedef struct {
    Arena *arena;
    const LoadRequest *request;
    Ledger before;
    SourceSet sources;
    WatchTotals *totals;
    Watch watch;
    TagNames *names;
    Oddities notes;
    size_t entry_count;
    Entry *entries; /* of the deliveries of this load, imported or kept */
    size_t imported;
} Load;

static bool read_sources(Load *load, Err *err) {
    if (!source_discover(load->arena, load->watch.session, load->request->paths, load->request->path_count,
                         ledger_spool(load->arena, load->before.folder), &load->sources, err))
        return false;
    for (size_t i = 0; i < load->sources.note_count; i++) odd_add(&load->notes, "%s", load->sources.notes[i]);
    for (size_t i = 0; i < load->sources.delivery_count; i++)
        load->totals->bytes_total += import_bytes(&load->sources.deliveries[i]);
    return true;
}

/* Two tables of one name: the later one gets a number, unless it is the same file again. */
static void rename_tables(Load *load) {
    for (size_t i = 0; i < load->sources.delivery_count; i++) {
        Delivery *delivery = &load->sources.deliveries[i];
        if (delivery->format != FORMAT_TABLE) continue;
        const char *base = delivery->report;
        bool reserved = text_equal(base, "bill") || text_equal(base, "bill_day") || text_equal(base, "bill_month");
        int number = reserved ? 1 : 0;
        for (size_t j = 0; !load->request->replace && j < load->before.entry_count; j++) {
            const Entry *entry = &load->before.entries[j];
            if (!text_equal(entry->snapshot.dataset, delivery->report) || text_equal(entry->root, delivery->root)) continue;
            delivery->report = arena_printf(load->arena, "%s_%d", base, ++number + 1);
            j = (size_t)-1;
        }
        if (reserved && number == 1) delivery->report = arena_printf(load->arena, "%s_table", base);
    }
}

/* Also of a load that failed: they name the files that it wrote. */
static void take_entries(Load *load, const Import *imports, size_t count) {
    size_t room = 1;
    for (size_t i = 0; i < count; i++) room += imports[i].entry_count;
    load->entries = arena_array(load->arena, room, sizeof *load->entries);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < imports[i].entry_count; j++) load->entries[load->entry_count++] = imports[i].entries[j];
        load->imported += imports[i].is_new;
    }
}

static bool import_all(Load *load, Err *err) {
    size_t count = load->sources.delivery_count;
    Import *imports = arena_array(load->arena, count + 1, sizeof *imports);
    rename_tables(load);
    for (size_t i = 0; i < load->before.entry_count && !load->request->replace; i++)
        tag_names_keep(load->names, load->before.entries[i].snapshot.facts);
    for (size_t i = 0; i < count; i++)
        imports[i] = (Import){.request = load->request,
                              .before = &load->before,
                              .names = load->names,
                              .delivery = &load->sources.deliveries[i],
                              .number = i,
                              .count = count};
    bool done = importers_run(load->arena, &load->watch, imports, count, err);
    take_entries(load, imports, count);
    return done;
}

static bool swap_manifest(Load *load, LoadReport *out, Err *err) {
    Ledger after;
    bool replace = load->request->replace;
    bool nothing_new = load->imported == 0 && (!replace || load->entry_count == load->before.entry_count);
    if (!nothing_new) {
        if (!overlap_join(load->arena, &load->before, load->entries, load->entry_count, replace, &load->notes, &after, err))
            return false;
        load->watch.what = "joining the rollups of all periods";
        if (!rollups_make(load->arena, &load->watch, &after, err)) return false;
        if (!ledger_write(load->arena, &after, err)) return false;
    }
    out->unchanged = nothing_new;
    return true;
}

static void remove_imported(Load *load) {
    Err ignored = {0};
    for (size_t i = 0; i < load->entry_count; i++) {
        bool kept = false;
        for (size_t j = 0; j < load->before.entry_count; j++)
            kept |= text_equal(load->before.entries[j].file, load->entries[i].file);
        if (!kept) file_remove(load->entries[i].snapshot.path, &ignored);
        err_clear(&ignored);
    }
}

/* Everything between taking the lock and giving it back. */
static bool run_locked(Load *load, LoadReport *out, Err *err) {
    if (!ledger_read(load->arena, load->request->workspace_folder, &load->before, err)) {
        /* A manifest that cannot be read is replaced when everything is given anew. */
        if (!load->request->replace || err->kind != ERR_INPUT) return false;
        err_clear(err);
        load->before = (Ledger){.folder = load->before.folder};
    }
    if (!ledger_clean(load->arena, &load->before, err) ||
        !importers_open(load->arena, ledger_spool(load->arena, load->before.folder), &load->watch, err) ||
        !read_sources(load, err))
        return false;
    if (!import_all(load, err) || !swap_manifest(load, out, err)) {
        remove_imported(load);
        return false;
    }
    out->facts =
        report_write(load->arena, load->entries, load->entry_count, &load->notes, out->unchanged, load->totals->started_us);
    return true;
}

bool load_run(Arena *arena, const LoadRequest *request, LoadReport *out, Err *err) {
    *out = (LoadReport){0};
    /* The engine and the lock end with the load, not with the caller's arena; only the report outlives them. */
    Arena *own = arena_make();
    Load load = {.arena = own,
                 .request = request,
                 .totals = watch_totals_make(own, request->threads, clock_monotonic_us()),
                 .names = tag_names_make(own),
                 .notes = {.arena = own}};
    load.watch = (Watch){.request = request, .totals = load.totals, .what = "looking at the files"};
    FileLock *lock = NULL;
    bool done = ledger_lock(own, request->workspace_folder, &lock, err) && run_locked(&load, out, err);
    if (done) {
        const char *text = json_write(own, out->facts, false);
        done = json_parse(arena, text, strlen(text), &out->facts, err);
    }
    arena_free(own);
    return done;
}
