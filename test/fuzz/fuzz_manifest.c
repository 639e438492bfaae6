/* Any manifest either is refused or chooses among files: here those that it names, under several roots and in another version's folder.
 * A file that it claims is never passed over. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "ingest/found.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FILES_MAX 24

static void add_file(Found *found, const char *path) {
    if (found->file_count == FILES_MAX) return;
    FoundFile *file = &found->files[found->file_count++];
    *file =
        (FoundFile){.path = path, .logical = path, .real = path, .shown = "file", .modified_ns = (long long)found->file_count};
    layout_of(found->arena, path, &file->layout);
    file->report = file->layout.report;
    file->version = file->layout.version;
}

static void add_files(Found *found, const Manifest *manifest) {
    for (size_t i = 0; i < manifest->key_count && i < 6; i++) {
        const char *key = manifest->keys[i];
        const char *name = strrchr(key, '/') ? strrchr(key, '/') + 1 : key;
        add_file(found, arena_printf(found->arena, "/data/%s", key));
        add_file(found, arena_printf(found->arena, "/data/root/20260901-20261001/other/%s", name));
        add_file(found, arena_printf(found->arena, "/data/root/data/BILLING_PERIOD=2026-09/%s", name));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const places[] = {"/data/x-Manifest.json", "/data/root/20260901-20261001/x-Manifest.json",
                                         "/data/root/metadata/BILLING_PERIOD=2026-09/x-Manifest.json"};
    Arena *arena = arena_make();
    Found found = {.arena = arena};
    FoundManifest manifest = {.shown = "manifest", .sha256 = ""};
    manifest.kind = manifest_parse(arena, (const char *)data, size, &manifest.content);
    if (manifest.kind == MANIFEST_LEGACY || manifest.kind == MANIFEST_EXPORT) {
        manifest.logical = places[size % 3];
        layout_of(arena, manifest.logical, &manifest.layout);
        found.manifests = &manifest;
        found.manifest_count = 1;
        found.files = arena_array(arena, FILES_MAX, sizeof *found.files);
        add_files(&found, &manifest.content);
        found_select(&found);
        for (size_t i = 0; i < found.file_count; i++) assert(!found.files[i].claimed || !found.files[i].passed_over);
        for (size_t i = 0; i < found.note_count; i++) assert(text_is_utf8(found.notes[i], strlen(found.notes[i])));
    }
    arena_free(arena);
    return 0;
}
