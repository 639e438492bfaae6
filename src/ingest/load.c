/* The order of a load: lock, look, import what changed, check for doubles, swap the manifest. Nothing that is there is touched before the
 * last step, so that a load that fails or dies leaves the workspace as it was. */
#include "ingest/load.h"

#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/limits.h"
#include "base/sql.h"
#include "base/text.h"
#include "ingest/amounts.h"
#include "ingest/bookkeeping.h"
#include "ingest/direct.h"
#include "ingest/facts.h"
#include "ingest/normalise.h"
#include "ingest/overlap.h"
#include "ingest/rejects.h"
#include "ingest/report.h"
#include "ingest/rollups.h"
#include "ingest/snapshot.h"
#include "ingest/source.h"
#include "ingest/table_load.h"
#include "ingest/tags.h"
#include "ingest/watch.h"
#include "io/clock.h"

typedef struct {
    Arena *arena;
    const LoadRequest *request;
    Ledger before;
    SourceSet sources;
    Watch watch;
    TagNames names;
    Oddities notes;
    size_t entry_count, entry_room;
    Entry *entries; /* of the deliveries of this load, imported or kept */
    size_t imported;
} Load;

static unsigned long long delivery_bytes(const Delivery *delivery) {
    unsigned long long bytes = 0;
    for (size_t i = 0; i < delivery->file_count; i++) bytes += delivery->files[i].size_bytes;
    return bytes;
}

/* Says whether a delivery was imported before: what its snapshots look like depends on these facts and on our own version. */
static const char *delivery_fingerprint(Arena *arena, const Delivery *delivery) {
    Buffer text = {.arena = arena};
    buffer_printf(&text, "%d\n%s\n%s\n%s\n", LOAD_FORMAT, source_format_name(delivery->format), delivery->report,
                  delivery->root);
    for (size_t i = 0; i < delivery->file_count; i++)
        buffer_printf(&text, "%s\n%llu\n%lld\n", delivery->files[i].shown_path, delivery->files[i].size_bytes,
                      delivery->files[i].modified_ns);
    return file_sha256(arena, buffer_text(&text), text.size);
}

static void add_entry(Load *load, const Entry *entry) {
    if (load->entry_count == load->entry_room) {
        size_t room = load->entry_room ? load->entry_room * 2 : 16;
        load->entries =
            arena_grow(load->arena, load->entries, load->entry_room * sizeof *load->entries, room * sizeof *load->entries);
        load->entry_room = room;
    }
    load->entries[load->entry_count++] = *entry;
}

/* Takes over the snapshots of a delivery that has not changed. */
static bool keep_unchanged(Load *load, const char *fingerprint) {
    long long found = 0, wanted = 0;
    for (size_t i = 0; i < load->before.entry_count; i++) {
        const Entry *entry = &load->before.entries[i];
        if (!text_equal(entry->delivery, fingerprint) || file_info(entry->snapshot.path).kind != FILE_REGULAR) continue;
        found++;
        wanted = entry->delivery_periods;
    }
    if (found == 0 || found != wanted) return false;
    for (size_t i = 0; i < load->before.entry_count; i++)
        if (text_equal(load->before.entries[i].delivery, fingerprint)) add_entry(load, &load->before.entries[i]);
    return true;
}

/* --- One snapshot --------------------------------------------------------------------------------------------------------- */

static SnapshotWriter make_writer(Load *load, const char *table, const char **file) {
    *file = arena_printf(load->arena, "r%lld-%zu.duckdb", load->before.revision + 1, load->entry_count);
    return (SnapshotWriter){.arena = load->arena,
                            .watch = &load->watch,
                            .table = table,
                            .path = ledger_path(load->arena, load->before.folder, *file)};
}

static void describe_step(Load *load, const Delivery *delivery, const char *period, size_t number) {
    load->watch.what = arena_printf(load->arena, "reading %s%s%s (%zu of %zu)", delivery->report, *period ? " " : "", period,
                                    number + 1, load->sources.delivery_count);
    watch_tell(&load->watch, 0);
}

static const char *shown_source(Arena *arena, const Delivery *delivery) {
    const char *shown = delivery->file_count ? delivery->files[0].shown_path : "";
    if (delivery->file_count == 1) return shown;
    return arena_printf(arena, "%s and %zu more files", shown, delivery->file_count - 1);
}

static void finish_entry(Load *load, const SnapshotWriter *writer, const Delivery *delivery, const char *file,
                         const char *dataset, const char *period, Json *facts) {
    Entry entry = {.snapshot = {.dataset = dataset,
                                .path = writer->path,
                                .source = shown_source(load->arena, delivery),
                                .format = source_format_name(delivery->format),
                                .period = period,
                                .row_count = writer->row_count,
                                .rollup_row_count = writer->rollup_row_count,
                                .facts = facts},
                   .file = file,
                   .report = delivery->report,
                   .root = delivery->root,
                   .version = delivery->version ? delivery->version : ""};
    if (delivery->format == FORMAT_FOCUS && !text_is_empty(delivery->format_version))
        entry.snapshot.format = arena_printf(load->arena, "FOCUS %s", delivery->format_version);
    add_entry(load, &entry);
    load->watch.rows += (unsigned long long)writer->row_count;
}

/* Runs the delivery's query with `write`; when an amount or a time fails it, finds out why and tries once more if that can be helped. */
static bool write_lines(Load *load, Normaliser *normaliser, SnapshotWriter *writer, Err *err) {
    for (int attempt = 0;; attempt++) {
        Model model;
        Err failure = {0};
        if (!normalise_model(normaliser, &model, err) || !rejects_clear(&load->watch, err)) return false;
        if (snapshot_write(writer, model_sql(&model, REJECTS), model.outputs, model.output_count, &failure)) break;
        if (attempt > 0 || failure.kind != ERR_ENGINE)
            return err_set_code(err, failure.kind, failure.code, "%s", failure.message);
        if (!amounts_diagnose(normaliser, &failure, err)) return false;
    }
    if (rejects_tell(load->arena, &load->watch, &normaliser->reader, &normaliser->odd, err)) return true;
    snapshot_abandon(writer);
    return false;
}

static bool finish_period(Load *load, Normaliser *normaliser, const ProbePeriod *period, SnapshotWriter *writer,
                          const char *file, Err *err) {
    Json *facts = NULL;
    bool written = snapshot_summarise(writer, err) &&
                   facts_of_bill(writer, period->month, period->has_net, &normaliser->odd, &facts, err) &&
                   snapshot_finish(writer, err);
    if (!written) {
        snapshot_abandon(writer);
        return false;
    }
    finish_entry(load, writer, normaliser->reader.delivery, file, "bill", period->month, facts);
    return true;
}

/* A delivery with several periods is read once, into a file of its own, from which each period gets its snapshot. */
static bool split_periods(Load *load, Normaliser *normaliser, size_t number, Err *err) {
    const Probe *probe = &normaliser->probe;
    SnapshotWriter all = {.arena = load->arena, .watch = &load->watch, .table = "bill"};
    all.path = file_join(load->arena, ledger_spool(load->arena, load->before.folder), "periods.duckdb");
    load->watch.step_to = 0.6; /* of the delivery's bytes */
    if (!write_lines(load, normaliser, &all, err)) return false;
    if (!snapshot_rename(&all, "periods", err)) return false;
    bool done = true;
    for (size_t i = 0; done && i < probe->period_count; i++) {
        const char *file = NULL;
        SnapshotWriter writer = make_writer(load, "bill", &file);
        load->watch.step_from = 0.6 + 0.4 * (double)i / (double)probe->period_count;
        load->watch.step_to = 0.6 + 0.4 * (double)(i + 1) / (double)probe->period_count;
        describe_step(load, normaliser->reader.delivery, probe->periods[i].month, number);
        done = snapshot_copy(&writer, &all, probe->periods[i].month, err) &&
               finish_period(load, normaliser, &probe->periods[i], &writer, file, err);
    }
    snapshot_abandon(&all);
    return done;
}

static bool import_bill(Load *load, const Delivery *delivery, size_t number, Err *err) {
    Normaliser *normaliser = arena_alloc(load->arena, sizeof *normaliser);
    describe_step(load, delivery, delivery->period ? delivery->period : "", number);
    load->watch.step_from = 0;
    load->watch.step_to = 0.2;
    if (!normalise_prepare(load->arena, &load->watch, delivery, &load->names, normaliser, err)) return false;
    const Probe *probe = &normaliser->probe;
    if (probe->period_count == 0) return err_set(err, ERR_INPUT, "%s has no lines to load", delivery->files[0].shown_path);
    load->watch.step_from = 0.2;
    load->watch.step_to = 1;
    describe_step(load, delivery, probe->periods[0].month, number);
    if (probe->period_count > 1) return split_periods(load, normaliser, number, err);
    const char *file = NULL;
    SnapshotWriter writer = make_writer(load, "bill", &file);
    return write_lines(load, normaliser, &writer, err) &&
           finish_period(load, normaliser, &probe->periods[0], &writer, file, err);
}

static bool keep_in_place(Load *load, const Delivery *delivery, size_t number, Err *err) {
    const char *file = NULL, *first_day = NULL;
    Json *facts = NULL;
    SnapshotWriter writer = make_writer(load, "bill", &file);
    describe_step(load, delivery, delivery->period ? delivery->period : "", number);
    load->watch.step_from = 0;
    load->watch.step_to = 1;
    if (!direct_import(load->arena, &load->watch, delivery, &load->names, &writer, &facts, err)) return false;
    first_day = json_get_text(facts, "first_day");
    finish_entry(load, &writer, delivery, file, "bill",
                 first_day ? arena_text_n(load->arena, first_day, strlen("2026-09")) : "", facts);
    return true;
}

static bool import_table(Load *load, const Delivery *delivery, size_t number, Err *err) {
    const char *file = NULL;
    Reader *reader = arena_alloc(load->arena, sizeof *reader);
    Model model;
    Oddities odd = {.arena = load->arena};
    Json *facts = NULL;
    SnapshotWriter writer = make_writer(load, "data", &file);
    describe_step(load, delivery, "", number);
    reader_make(load->arena, delivery, reader);
    if (!rejects_clear(&load->watch, err) || !table_model(load->arena, &load->watch, reader, &model, err)) return false;
    if (!rejects_tell(load->arena, &load->watch, reader, &odd, err)) return false;
    if (!snapshot_write(&writer, model_sql(&model, NULL), model.outputs, model.output_count, err)) return false;
    bool written =
        snapshot_summarise(&writer, err) && facts_of_table(&writer, &odd, &facts, err) && snapshot_finish(&writer, err);
    if (!written) {
        snapshot_abandon(&writer);
        return false;
    }
    finish_entry(load, &writer, delivery, file, delivery->report, "", facts);
    return duck_run(load->watch.session, "DROP TABLE IF EXISTS raw", err);
}

static bool import_delivery(Load *load, const Delivery *delivery, size_t number, Err *err) {
    const char *fingerprint = delivery_fingerprint(load->arena, delivery);
    load->watch.bytes_step = delivery_bytes(delivery);
    if (!keep_unchanged(load, fingerprint)) {
        size_t first = load->entry_count;
        bool is_table = delivery->format == FORMAT_TABLE;
        bool in_place = load->request->direct && !is_table;
        if (!(is_table   ? import_table(load, delivery, number, err)
              : in_place ? keep_in_place(load, delivery, number, err)
                         : import_bill(load, delivery, number, err)))
            return false;
        for (size_t i = first; i < load->entry_count; i++) {
            load->entries[i].delivery = fingerprint;
            load->entries[i].delivery_periods = (long long)(load->entry_count - first);
        }
        load->imported++;
    }
    load->watch.bytes_done += load->watch.bytes_step;
    load->watch.bytes_step = 0;
    return true;
}

/* --- The whole load ----------------------------------------------------------------------------------------------------------- */

static bool open_engine(Load *load, Err *err) {
    const char *spool = ledger_spool(load->arena, load->before.folder);
    DuckOptions options = {.threads = load->request->threads,
                           .memory_limit_bytes = LOAD_MEMORY_BYTES,
                           .temp_directory = file_join(load->arena, spool, "engine")};
    Duck *duck = NULL;
    if (!file_make_folder(spool, err) || !duck_open(load->arena, NULL, &options, &duck, err) ||
        !duck_connect(load->arena, duck, &load->watch.session, err))
        return false;
    if (load->request->progress && !duck_report_progress(load->watch.session, err)) return false;
    /* Files are checkpointed once, when they are done: the engine would do so in between as well, on one thread. */
    return duck_run(load->watch.session, "SET preserve_insertion_order = false; SET checkpoint_threshold = '1TB'", err);
}

static bool read_sources(Load *load, Err *err) {
    if (!source_discover(load->arena, load->watch.session, load->request->paths, load->request->path_count,
                         ledger_spool(load->arena, load->before.folder), &load->sources, err))
        return false;
    for (size_t i = 0; i < load->sources.note_count; i++) odd_add(&load->notes, "%s", load->sources.notes[i]);
    for (size_t i = 0; i < load->sources.delivery_count; i++)
        load->watch.bytes_total += delivery_bytes(&load->sources.deliveries[i]);
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

static bool import_all(Load *load, Err *err) {
    rename_tables(load);
    for (size_t i = 0; i < load->before.entry_count && !load->request->replace; i++)
        tag_names_keep(&load->names, load->before.entries[i].snapshot.facts);
    for (size_t i = 0; i < load->sources.delivery_count; i++)
        if (!import_delivery(load, &load->sources.deliveries[i], i, err)) return false;
    return true;
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
    if (!ledger_clean(load->arena, &load->before, err) || !open_engine(load, err) || !read_sources(load, err)) return false;
    if (!import_all(load, err) || !swap_manifest(load, out, err)) {
        remove_imported(load);
        return false;
    }
    out->facts = report_write(load->arena, load->entries, load->entry_count, &load->notes, out->unchanged, &load->watch);
    return true;
}

bool load_run(Arena *arena, const LoadRequest *request, LoadReport *out, Err *err) {
    *out = (LoadReport){0};
    /* The engine and the lock end with the load, not with the caller's arena; only the report outlives them. */
    Arena *own = arena_make();
    Load load = {.arena = own,
                 .request = request,
                 .names = {.arena = own},
                 .notes = {.arena = own},
                 .watch = {.request = request, .started_us = clock_monotonic_us(), .what = "looking at the files"}};
    FileLock *lock = NULL;
    bool done = ledger_lock(own, request->workspace_folder, &lock, err) && run_locked(&load, out, err);
    if (done) {
        const char *text = json_write(own, out->facts, false);
        done = json_parse(arena, text, strlen(text), &out->facts, err);
    }
    arena_free(own);
    return done;
}
