#include "ingest/import.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "ingest/amounts.h"
#include "ingest/direct.h"
#include "ingest/facts.h"
#include "ingest/normalise.h"
#include "ingest/rejects.h"
#include "ingest/snapshot.h"
#include "ingest/table_load.h"
#include "io/file.h"

unsigned long long import_bytes(const Delivery *delivery) {
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

static void add_entry(Import *import, const Entry *entry) {
    if (import->entry_count == import->entry_room) {
        size_t room = import->entry_room ? import->entry_room * 2 : 16;
        import->entries = arena_grow(import->arena, import->entries, import->entry_room * sizeof *import->entries,
                                     room * sizeof *import->entries);
        import->entry_room = room;
    }
    import->entries[import->entry_count++] = *entry;
}

/* Takes over the snapshots of a delivery that has not changed. */
static bool keep_unchanged(Import *import, const char *fingerprint) {
    long long found = 0, wanted = 0;
    for (size_t i = 0; i < import->before->entry_count; i++) {
        const Entry *entry = &import->before->entries[i];
        if (!text_equal(entry->delivery, fingerprint) || file_info(entry->snapshot.path).kind != FILE_REGULAR) continue;
        found++;
        wanted = entry->delivery_periods;
    }
    if (found == 0 || found != wanted) return false;
    for (size_t i = 0; i < import->before->entry_count; i++)
        if (text_equal(import->before->entries[i].delivery, fingerprint)) add_entry(import, &import->before->entries[i]);
    return true;
}

/* --- One snapshot --------------------------------------------------------------------------------------------------------- */

static SnapshotWriter make_writer(Import *import, const char *table, const char **file) {
    const char *name = arena_printf(import->arena, "r%lld-%zu", import->before->revision + 1, import->number);
    if (import->entry_count) name = arena_printf(import->arena, "%s-%zu", name, import->entry_count + 1);
    *file = arena_printf(import->arena, "%s.duckdb", name);
    return (SnapshotWriter){.arena = import->arena,
                            .watch = import->watch,
                            .table = table,
                            .path = ledger_path(import->arena, import->before->folder, *file)};
}

static void describe_step(Import *import, const char *period) {
    import->watch->what = arena_printf(import->arena, "reading %s%s%s (%zu of %zu)", import->delivery->report,
                                       *period ? " " : "", period, import->number + 1, import->count);
    watch_tell(import->watch, 0);
}

static const char *shown_source(Arena *arena, const Delivery *delivery) {
    const char *shown = delivery->file_count ? delivery->files[0].shown_path : "";
    if (delivery->file_count == 1) return shown;
    return arena_printf(arena, "%s and %zu more files", shown, delivery->file_count - 1);
}

static void finish_entry(Import *import, const SnapshotWriter *writer, const Delivery *delivery, const char *file,
                         const char *dataset, const char *period, Json *facts) {
    Entry entry = {.snapshot = {.dataset = dataset,
                                .path = writer->path,
                                .source = shown_source(import->arena, delivery),
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
        entry.snapshot.format = arena_printf(import->arena, "FOCUS %s", delivery->format_version);
    add_entry(import, &entry);
    watch_count_rows(import->watch, (unsigned long long)writer->row_count);
}

/* Tag columns are named in the order of the deliveries. */
static bool make_model(Import *import, Normaliser *normaliser, Model *out, Err *err) {
    tag_names_enter(import->names, import->number);
    bool made = normalise_model(normaliser, out, err);
    tag_names_leave(import->names, import->number);
    return made;
}

/* Runs the delivery's query with `write`; when an amount or a time fails it, finds out why and tries once more if that can be helped. */
static bool write_lines(Import *import, Normaliser *normaliser, SnapshotWriter *writer, Err *err) {
    for (int attempt = 0;; attempt++) {
        Model model;
        Err failure = {0};
        if (!make_model(import, normaliser, &model, err) || !rejects_clear(import->watch, err)) return false;
        if (snapshot_write(writer, model_sql(&model, REJECTS), model.outputs, model.output_count, &failure)) break;
        if (attempt > 0 || failure.kind != ERR_ENGINE)
            return err_set_code(err, failure.kind, failure.code, "%s", failure.message);
        if (!amounts_diagnose(normaliser, &failure, err)) return false;
    }
    if (rejects_tell(import->arena, import->watch, &normaliser->reader, &normaliser->odd, err)) return true;
    snapshot_abandon(writer);
    return false;
}

static bool finish_period(Import *import, Normaliser *normaliser, const ProbePeriod *period, SnapshotWriter *writer,
                          const char *file, Err *err) {
    Json *facts = NULL;
    bool written = snapshot_summarise(writer, err) &&
                   facts_of_bill(writer, period->month, period->has_net, &normaliser->odd, &facts, err) &&
                   snapshot_finish(writer, err);
    if (!written) {
        snapshot_abandon(writer);
        return false;
    }
    finish_entry(import, writer, normaliser->reader.delivery, file, "bill", period->month, facts);
    return true;
}

/* A delivery with several periods is read once, into a file of its own, from which each period gets its snapshot. */
static bool split_periods(Import *import, Normaliser *normaliser, Err *err) {
    const Probe *probe = &normaliser->probe;
    SnapshotWriter all = {.arena = import->arena, .watch = import->watch, .table = "bill"};
    all.path = file_join(import->arena, ledger_spool(import->arena, import->before->folder),
                         arena_printf(import->arena, "periods-%zu.duckdb", import->number));
    import->watch->step_to = 0.6; /* of the delivery's bytes */
    if (!write_lines(import, normaliser, &all, err)) return false;
    if (!snapshot_rename(&all, "periods", err)) return false;
    bool done = true;
    for (size_t i = 0; done && i < probe->period_count; i++) {
        const char *file = NULL;
        SnapshotWriter writer = make_writer(import, "bill", &file);
        import->watch->step_from = 0.6 + 0.4 * (double)i / (double)probe->period_count;
        import->watch->step_to = 0.6 + 0.4 * (double)(i + 1) / (double)probe->period_count;
        describe_step(import, probe->periods[i].month);
        done = snapshot_copy(&writer, &all, probe->periods[i].month, err) &&
               finish_period(import, normaliser, &probe->periods[i], &writer, file, err);
    }
    snapshot_abandon(&all);
    return done;
}

static bool import_bill(Import *import, Err *err) {
    const Delivery *delivery = import->delivery;
    Normaliser *normaliser = arena_alloc(import->arena, sizeof *normaliser);
    describe_step(import, delivery->period ? delivery->period : "");
    import->watch->step_from = 0;
    import->watch->step_to = 0.2;
    if (!normalise_prepare(import->arena, import->watch, delivery, import->names, normaliser, err)) return false;
    const Probe *probe = &normaliser->probe;
    if (probe->period_count == 0) return err_set(err, ERR_INPUT, "%s has no lines to load", delivery->files[0].shown_path);
    import->watch->step_from = 0.2;
    import->watch->step_to = 1;
    describe_step(import, probe->periods[0].month);
    if (probe->period_count > 1) return split_periods(import, normaliser, err);
    const char *file = NULL;
    SnapshotWriter writer = make_writer(import, "bill", &file);
    return write_lines(import, normaliser, &writer, err) &&
           finish_period(import, normaliser, &probe->periods[0], &writer, file, err);
}

static bool keep_in_place(Import *import, Err *err) {
    const Delivery *delivery = import->delivery;
    const char *file = NULL, *first_day = NULL;
    Json *facts = NULL;
    SnapshotWriter writer = make_writer(import, "bill", &file);
    describe_step(import, delivery->period ? delivery->period : "");
    import->watch->step_from = 0;
    import->watch->step_to = 1;
    tag_names_enter(import->names, import->number);
    bool made = direct_import(import->arena, import->watch, delivery, import->names, &writer, &facts, err);
    tag_names_leave(import->names, import->number);
    if (!made) return false;
    first_day = json_get_text(facts, "first_day");
    finish_entry(import, &writer, delivery, file, "bill",
                 first_day ? arena_text_n(import->arena, first_day, strlen("2026-09")) : "", facts);
    return true;
}

static bool import_table(Import *import, Err *err) {
    const Delivery *delivery = import->delivery;
    const char *file = NULL;
    Reader *reader = arena_alloc(import->arena, sizeof *reader);
    Model model;
    Oddities odd = {.arena = import->arena};
    Json *facts = NULL;
    SnapshotWriter writer = make_writer(import, "data", &file);
    describe_step(import, "");
    reader_make(import->arena, delivery, reader);
    if (!rejects_clear(import->watch, err) || !table_model(import->arena, import->watch, reader, &model, err)) return false;
    if (!rejects_tell(import->arena, import->watch, reader, &odd, err)) return false;
    if (!snapshot_write(&writer, model_sql(&model, NULL), model.outputs, model.output_count, err)) return false;
    bool written =
        snapshot_summarise(&writer, err) && facts_of_table(&writer, &odd, &facts, err) && snapshot_finish(&writer, err);
    if (!written) {
        snapshot_abandon(&writer);
        return false;
    }
    finish_entry(import, &writer, delivery, file, delivery->report, "", facts);
    return duck_run(import->watch->session, "DROP TABLE IF EXISTS raw", err);
}

bool import_run(Import *import, Err *err) {
    const Delivery *delivery = import->delivery;
    const char *fingerprint = delivery_fingerprint(import->arena, delivery);
    import->watch->bytes_step = import_bytes(delivery);
    if (keep_unchanged(import, fingerprint)) return true;
    bool is_table = delivery->format == FORMAT_TABLE;
    bool in_place = import->request->direct && !is_table;
    if (!(is_table ? import_table(import, err) : in_place ? keep_in_place(import, err) : import_bill(import, err)))
        return false;
    for (size_t i = 0; i < import->entry_count; i++) {
        import->entries[i].delivery = fingerprint;
        import->entries[i].delivery_periods = (long long)import->entry_count;
    }
    import->is_new = true;
    return true;
}
