/* The manifest:
 *   {"format":1,"revision":7,"dropped":["r6-0.duckdb"],
 *    "snapshots":[{"dataset":"bill","file":"r7-0.duckdb","source":"…","format":"CUR 2.0","period":"2026-09","row_count":…,
 *                  "rollup_row_count":…,"report":"…","root":"…","version":"…","delivery":"<sha256>","delivery_periods":1,"facts":{…}}],
 *    "rollups":{"file":"r7-rollups.duckdb","day_row_count":…,"month_row_count":…}}
 * It is written after the files that it names, and it alone says what the workspace holds: a load that dies before has changed nothing. */
#include "ingest/bookkeeping.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"

#define LEDGER_FORMAT 1

static const char *manifest_path(Arena *arena, const char *folder) {
    return file_join(arena, folder, "manifest.json");
}

const char *ledger_path(Arena *arena, const char *folder, const char *file) {
    return file_join(arena, file_join(arena, folder, "snapshots"), file);
}

const char *ledger_spool(Arena *arena, const char *folder) {
    return file_join(arena, folder, "spool");
}

static const char *text_or_empty(const Json *object, const char *key) {
    const char *text = json_get_text(object, key);
    return text ? text : "";
}

static bool read_entry(Arena *arena, const char *folder, const Json *object, Entry *out) {
    const char *file = json_get_text(object, "file");
    if (!file || strchr(file, '/') || !json_get_text(object, "dataset")) return false;
    *out = (Entry){.snapshot = {.dataset = json_get_text(object, "dataset"),
                                .path = ledger_path(arena, folder, file),
                                .source = text_or_empty(object, "source"),
                                .format = text_or_empty(object, "format"),
                                .period = text_or_empty(object, "period"),
                                .row_count = json_get_integer(object, "row_count", 0),
                                .rollup_row_count = json_get_integer(object, "rollup_row_count", 0),
                                .facts = json_get(object, "facts")},
                   .file = file,
                   .report = text_or_empty(object, "report"),
                   .root = text_or_empty(object, "root"),
                   .version = text_or_empty(object, "version"),
                   .delivery = text_or_empty(object, "delivery"),
                   .delivery_periods = json_get_integer(object, "delivery_periods", 0)};
    return true;
}

static bool read_rollups(Arena *arena, const char *folder, const Json *object, Ledger *out) {
    const char *file = json_get_text(object, "file");
    if (!file) return true;
    out->rollup_file = file;
    out->rollups = (Rollups){.path = ledger_path(arena, folder, file),
                             .day_row_count = json_get_integer(object, "day_row_count", 0),
                             .month_row_count = json_get_integer(object, "month_row_count", 0)};
    return !strchr(file, '/');
}

static bool damaged(const char *path, Err *err) {
    return err_set(err, ERR_INPUT,
                   "The workspace's manifest %s is damaged; load the bill again with --replace, or remove the folder", path);
}

bool ledger_read(Arena *arena, const char *folder, Ledger *out, Err *err) {
    char *absolute = NULL;
    *out = (Ledger){0};
    if (!file_absolute(arena, folder, &absolute, err)) return false;
    out->folder = absolute;
    const char *path = manifest_path(arena, absolute);
    if (file_info(path).kind == FILE_MISSING) return true;
    char *data = NULL;
    size_t size = 0;
    if (!file_read(arena, path, WORKSPACE_MANIFEST_BYTES, &data, &size, err)) return false;
    Json *root = NULL;
    Err unread = {0};
    if (!json_parse(arena, data, size, &root, &unread)) return damaged(path, err);
    if (json_get_integer(root, "format", 0) != LEDGER_FORMAT)
        return err_set(err, ERR_INPUT,
                       "The workspace %s was written by another version of curlew; load the bill again with --replace",
                       absolute);
    out->revision = json_get_integer(root, "revision", 0);
    out->fingerprint = file_sha256(arena, data, size);
    const Json *snapshots = json_get(root, "snapshots"), *dropped = json_get(root, "dropped");
    out->entries = arena_array(arena, json_count(snapshots) + 1, sizeof *out->entries);
    for (size_t i = 0; i < json_count(snapshots); i++)
        if (!read_entry(arena, absolute, json_at(snapshots, i), &out->entries[out->entry_count++])) return damaged(path, err);
    if (!read_rollups(arena, absolute, json_get(root, "rollups"), out)) return damaged(path, err);
    out->dropped = arena_array(arena, json_count(dropped) + 1, sizeof *out->dropped);
    for (size_t i = 0; i < json_count(dropped); i++)
        if (json_text(json_at(dropped, i))) out->dropped[out->dropped_count++] = json_text(json_at(dropped, i));
    return true;
}

static void write_entry(const Entry *entry, Json *array) {
    Json *object = json_add_object(array);
    const Snapshot *snapshot = &entry->snapshot;
    json_put_text(object, "dataset", snapshot->dataset);
    json_put_text(object, "file", entry->file);
    json_put_text(object, "source", snapshot->source);
    json_put_text(object, "format", snapshot->format);
    json_put_text(object, "period", snapshot->period);
    json_put_integer(object, "row_count", snapshot->row_count);
    json_put_integer(object, "rollup_row_count", snapshot->rollup_row_count);
    json_put_text(object, "report", entry->report);
    json_put_text(object, "root", entry->root);
    json_put_text(object, "version", entry->version);
    json_put_text(object, "delivery", entry->delivery);
    json_put_integer(object, "delivery_periods", entry->delivery_periods);
    json_put_shared(object, "facts", snapshot->facts);
}

bool ledger_write(Arena *arena, const Ledger *ledger, Err *err) {
    Json *root = json_make_object(arena);
    json_put_integer(root, "format", LEDGER_FORMAT);
    json_put_integer(root, "revision", ledger->revision);
    Json *dropped = json_put_array(root, "dropped");
    for (size_t i = 0; i < ledger->dropped_count; i++) json_add_text(dropped, ledger->dropped[i]);
    Json *snapshots = json_put_array(root, "snapshots");
    for (size_t i = 0; i < ledger->entry_count; i++) write_entry(&ledger->entries[i], snapshots);
    if (ledger->rollup_file) {
        Json *rollups = json_put_object(root, "rollups");
        json_put_text(rollups, "file", ledger->rollup_file);
        json_put_integer(rollups, "day_row_count", ledger->rollups.day_row_count);
        json_put_integer(rollups, "month_row_count", ledger->rollups.month_row_count);
    }
    const char *text = json_write(arena, root, false);
    return file_write_atomic(manifest_path(arena, ledger->folder), text, strlen(text), err);
}

bool ledger_lock(Arena *arena, const char *folder, FileLock **out, Err *err) {
    return file_make_folder(file_join(arena, folder, "snapshots"), err) &&
           file_lock(arena, file_join(arena, folder, "lock"), true, WORKSPACE_LOCK_MS, out, err);
}

static bool is_named(const Ledger *ledger, const char *name) {
    for (size_t i = 0; i < ledger->entry_count; i++)
        if (text_equal(ledger->entries[i].file, name)) return true;
    return text_equal(ledger->rollup_file, name);
}

bool ledger_clean(Arena *arena, const Ledger *ledger, Err *err) {
    const char *folder = file_join(arena, ledger->folder, "snapshots");
    const char **names = NULL;
    size_t count = 0;
    if (!file_list(arena, folder, &names, &count, err)) return false;
    for (size_t i = 0; i < count; i++)
        if (!is_named(ledger, names[i]) && !file_remove(file_join(arena, folder, names[i]), err)) return false;
    const char *spool = ledger_spool(arena, ledger->folder);
    return file_info(spool).kind == FILE_MISSING || file_remove_tree(spool, err);
}
