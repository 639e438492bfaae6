/* ingest/walk.c: from the user's paths to the list of files and manifests below them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"
#include "ingest/found.h"
#include "io/file.h"

/* Room for one more element in a growing array of the arena. */
static void *grow(Arena *arena, void *old, size_t count, size_t *room, size_t size_bytes) {
    if (count < *room) return old;
    size_t wanted = *room ? *room * 2 : 16;
    void *grown = arena_grow(arena, old, *room * size_bytes, wanted * size_bytes);
    *room = wanted;
    return grown;
}

void found_note(Found *found, const char *format, ...) {
    if (found->note_count >= SOURCE_NOTES) {
        found->notes_left_out++;
        return;
    }
    va_list args;
    va_start(args, format);
    const char *note = arena_vprintf(found->arena, format, args);
    va_end(args);
    found->notes = grow(found->arena, found->notes, found->note_count, &found->note_room, sizeof *found->notes);
    found->notes[found->note_count++] = note;
}

/* What one walk carries along. */
typedef struct {
    Found *found;
    Arena *scratch;
    const char **visited; /* real paths of folders: a link back to a folder above must not read it again */
    size_t visited_count, visited_room;
    size_t entries;
    bool given;
    bool beside;
    Err *err;
} Walk;

/* A place in the tree under its three names. */
typedef struct {
    const char *path;
    const char *logical;
    const char *shown;
} Place;

static Place place_below(Arena *arena, const Place *folder, const char *name) {
    const char *gap = text_ends(folder->shown, "/") ? "" : "/";
    return (Place){file_join(arena, folder->path, name), file_join(arena, folder->logical, name),
                   arena_printf(arena, "%s%s%s", folder->shown, gap, text_printable(arena, name))};
}

static const char *real_path(Arena *arena, const char *path) {
    char *real = realpath(path, NULL);
    const char *copy = arena_text(arena, real ? real : path);
    free(real);
    return copy;
}

static void add_file(Walk *walk, const Place *place, const FileInfo *info) {
    Found *found = walk->found;
    found->files = grow(found->arena, found->files, found->file_count, &found->file_room, sizeof *found->files);
    FoundFile *file = &found->files[found->file_count++];
    *file = (FoundFile){.path = place->path,
                        .logical = place->logical,
                        .real = real_path(found->arena, place->path),
                        .shown = place->shown,
                        .given = walk->given,
                        .size_bytes = info->size_bytes,
                        .modified_ns = info->modified_ns};
    layout_of(found->arena, place->logical, &file->layout);
    file->report = file->layout.report;
    file->version = file->layout.version;
}

/* Reads a JSON file and keeps it when it is a manifest. */
static ManifestKind add_manifest(Walk *walk, const Place *place, const FileInfo *info) {
    Found *found = walk->found;
    Err ignored = {0};
    char *text = NULL;
    size_t size = 0;
    Arena *scratch = arena_make();
    FoundManifest manifest = {.logical = place->logical,
                              .shown = place->shown,
                              .size_bytes = info->size_bytes,
                              .modified_ns = info->modified_ns,
                              .beside = walk->beside};
    if (!file_read(scratch, place->path, MANIFEST_BYTES, &text, &size, &ignored)) {
        manifest.kind = MANIFEST_DAMAGED;
    } else {
        manifest.kind = manifest_parse(found->arena, text, size, &manifest.content);
    }
    if (manifest.kind == MANIFEST_LEGACY || manifest.kind == MANIFEST_EXPORT) {
        manifest.sha256 = file_sha256(found->arena, text, size);
        layout_of(found->arena, place->logical, &manifest.layout);
        found->manifests =
            grow(found->arena, found->manifests, found->manifest_count, &found->manifest_room, sizeof *found->manifests);
        found->manifests[found->manifest_count++] = manifest;
    }
    arena_free(scratch);
    return manifest.kind;
}

/* Endings of files that lie beside bills and are never one; what they hold is not looked at. */
static bool is_never_data(const char *name) {
    static const char *const endings[] = {".md", ".sql",  ".yml", ".yaml", ".crc", ".log", ".py",
                                          ".sh", ".html", ".htm", ".png",  ".jpg", ".svg", ".js",
                                          ".ts", ".lock", ".tmp", ".bak",  ".ini", ".db",  ".csv.metadata"};
    if (name[0] == '.' || name[0] == '_') return true;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        if (text_ends_fold(name, endings[i])) return true;
    }
    static const char *const names[] = {"README", "README.txt", "LICENSE", "LICENSE.txt", "NOTICE", "Makefile"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (text_equal_fold(name, names[i])) return true;
    }
    return false;
}

/* Folders that hold no bills: hidden ones, and the state that AWS keeps for its Athena integration. */
static bool is_never_folder(Walk *walk, const Place *place, const char *name) {
    if (name[0] == '.' || text_equal(name, "__MACOSX") || text_equal(name, "cost_and_usage_data_status")) return true;
    if (name[0] != '_') return false;
    found_note(walk->found, "%s was passed over: folders whose names begin with _ hold unfinished work.", place->shown);
    return true;
}

static bool first_visit(Walk *walk, const char *path) {
    const char *real = real_path(walk->scratch, path);
    for (size_t i = 0; i < walk->visited_count; i++) {
        if (text_equal(walk->visited[i], real)) return false;
    }
    walk->visited = grow(walk->scratch, walk->visited, walk->visited_count, &walk->visited_room, sizeof *walk->visited);
    walk->visited[walk->visited_count++] = real;
    return true;
}

static void walk_file(Walk *walk, const Place *place, const char *name, const FileInfo *info) {
    if (text_ends_fold(name, ".json")) {
        ManifestKind kind = add_manifest(walk, place, info);
        if (kind == MANIFEST_DAMAGED && text_ends_fold(name, "manifest.json")) {
            found_note(walk->found, "%s cannot be read as JSON and was ignored.", place->shown);
        }
    } else if (!walk->beside && !is_never_data(name)) {
        add_file(walk, place, info);
    }
}

static bool walk_folder(Walk *walk, const Place *folder, int depth) {
    Arena *arena = walk->found->arena;
    const char **names = NULL;
    size_t count = 0;
    Err failure = {0};
    if (depth > FOLDER_DEPTH) {
        found_note(walk->found, "%s was passed over: it lies more than %d folders deep.", folder->shown, FOLDER_DEPTH);
        return true;
    }
    if (!first_visit(walk, folder->path)) return true;
    if (!file_list(arena, folder->path, &names, &count, &failure)) {
        if (depth == 0) return err_set(walk->err, failure.kind, "%s", failure.message);
        found_note(walk->found, "%s was passed over: it may not be read.", folder->shown);
        return true;
    }
    for (size_t i = 0; i < count; i++) {
        if (++walk->entries > SOURCE_FILES) {
            return err_set(walk->err, ERR_LIMIT, "%s holds more than %d files: give a folder further down", folder->shown,
                           SOURCE_FILES);
        }
        Place place = place_below(arena, folder, names[i]);
        FileInfo info = file_info(place.path);
        if (info.kind == FILE_FOLDER && !is_never_folder(walk, &place, names[i])) {
            if (!walk_folder(walk, &place, depth + 1)) return false;
        } else if (info.kind == FILE_REGULAR) {
            walk_file(walk, &place, names[i], &info);
        }
    }
    return true;
}

/* Whether the absolute path `path` is `folder` or lies below it. */
static bool is_below(const char *path, const char *folder) {
    size_t size = strlen(folder);
    while (size > 1 && folder[size - 1] == '/') size--;
    if (strncmp(path, folder, size) != 0) return false;
    return path[size] == 0 || path[size] == '/' || folder[size - 1] == '/';
}

/* Files of a period and no others stay: what the user means who gives a manifest alone. */
static void keep_period(Found *found, const char *period, size_t first_file) {
    size_t kept = first_file;
    for (size_t i = first_file; i < found->file_count; i++) {
        const char *own = found->files[i].layout.period;
        if (own && period && !text_equal(own, period)) continue;
        found->files[kept++] = found->files[i];
    }
    found->file_count = kept;
}

/* A manifest named by the user: alone it stands for the files of its period, beside data it only says which of them count. */
static bool walk_given_manifest(Walk *walk, const FoundManifest *manifest) {
    Found *found = walk->found;
    const char *root = manifest->layout.root;
    const char *period = manifest->content.period ? manifest->content.period : manifest->layout.period;
    for (size_t i = 0; i < found->argument_count; i++) {
        if (!text_equal(found->arguments[i], manifest->logical) && is_below(found->arguments[i], root)) return true;
    }
    FoundManifest only = *manifest;
    size_t manifests = found->manifest_count;
    size_t first_file = found->file_count;
    Place place = {root, root, text_printable(found->arena, root)};
    walk->given = false;
    if (!walk_folder(walk, &place, 0)) return false;
    found->manifest_count = manifests;
    found->manifests[manifests - 1] = only;
    keep_period(found, period, first_file);
    return true;
}

static bool walk_given_file(Walk *walk, const Place *place, const FileInfo *info) {
    if (!text_ends_fold(place->path, ".json")) {
        add_file(walk, place, info);
        return true;
    }
    ManifestKind kind = add_manifest(walk, place, info);
    if (kind == MANIFEST_DAMAGED) {
        return err_set(walk->err, ERR_INPUT, "%s cannot be read as JSON: give the CSV or Parquet files", place->shown);
    }
    if (kind == MANIFEST_NONE) {
        return err_set(walk->err, ERR_INPUT,
                       "%s is JSON, not a table: give the CSV or Parquet files, or the folder of the export", place->shown);
    }
    return walk_given_manifest(walk, &walk->found->manifests[walk->found->manifest_count - 1]);
}

static bool place_of(Walk *walk, const char *path, Place *out) {
    char *absolute = NULL;
    if (!file_absolute(walk->found->arena, path, &absolute, walk->err)) return false;
    *out = (Place){absolute, absolute, text_printable(walk->found->arena, path)};
    return true;
}

static bool walk_existing(Walk *walk, const char *path, bool given) {
    Place place;
    FileInfo info = file_info(path);
    if (!place_of(walk, path, &place)) return false;
    walk->given = given;
    if (info.kind == FILE_FOLDER) {
        walk->given = false;
        return walk_folder(walk, &place, 0);
    }
    if (info.kind == FILE_REGULAR && given) return walk_given_file(walk, &place, &info);
    if (info.kind == FILE_REGULAR) {
        walk_file(walk, &place, file_name(path), &info);
        return true;
    }
    return err_set(walk->err, ERR_INPUT, "%s is neither a file nor a folder: save its content as a file and give that",
                   place.shown);
}

static bool walk_pattern(Walk *walk, const char *pattern) {
    const char **matches = NULL;
    size_t count = 0;
    if (!file_glob(walk->found->arena, pattern, &matches, &count, walk->err)) return false;
    if (count == 0) {
        return err_set(walk->err, ERR_INPUT, "No file matches %s: check the path", text_printable(walk->scratch, pattern));
    }
    for (size_t i = 0; i < count; i++) {
        if (!walk_existing(walk, matches[i], false)) return false;
    }
    return true;
}

static bool walk_argument(Walk *walk, const char *path) {
    const char *shown = text_printable(walk->scratch, path);
    if (!*path) return err_set(walk->err, ERR_INPUT, "An empty path names no file: give a file, a folder or a pattern");
    if (file_info(path).kind != FILE_MISSING) return walk_existing(walk, path, true);
    errno = 0;
    bool denied = access(path, F_OK) != 0 && errno == EACCES;
    if (denied) return err_set(walk->err, ERR_IO, "%s may not be read: ask for permission to its folder", shown);
    if (strpbrk(path, "*?[")) return walk_pattern(walk, path);
    return err_set(walk->err, ERR_INPUT, "There is no file or folder %s: check the path", shown);
}

/* The manifests of a Data Exports root that lies above the user's folder: data/ or one billing period of it was given. */
static bool walk_beside(Walk *walk) {
    Found *found = walk->found;
    size_t count = found->file_count;
    const char *last = "";
    walk->beside = true;
    for (size_t i = 0; i < count; i++) {
        const FoundFile *file = &found->files[i];
        const char *metadata = arena_printf(found->arena, "%s/metadata", file->layout.root);
        if (file->given || file->layout.kind != LAYOUT_EXPORT || text_equal(metadata, last)) continue;
        last = metadata;
        Place place = {metadata, metadata, text_printable(found->arena, metadata)};
        if (file_info(metadata).kind == FILE_FOLDER && !walk_folder(walk, &place, 1)) return false;
    }
    return true;
}

static int compare_files(const void *a, const void *b) {
    const FoundFile *left = a;
    const FoundFile *right = b;
    int order = strcmp(left->real, right->real);
    if (order != 0) return order;
    /* Of two names of one file the true one comes first, so that links are what is dropped. */
    int left_is_link = strcmp(left->real, left->logical) != 0;
    int right_is_link = strcmp(right->real, right->logical) != 0;
    if (left_is_link != right_is_link) return left_is_link - right_is_link;
    return strcmp(left->logical, right->logical);
}

static int compare_logical(const void *a, const void *b) {
    return strcmp(((const FoundFile *)a)->logical, ((const FoundFile *)b)->logical);
}

static void keep_each_once(Found *found) {
    if (found->file_count == 0) return;
    qsort(found->files, found->file_count, sizeof *found->files, compare_files);
    size_t kept = 0;
    for (size_t i = 1; i < found->file_count; i++) {
        if (text_equal(found->files[i].real, found->files[kept].real)) {
            found->files[kept].given |= found->files[i].given;
        } else {
            found->files[++kept] = found->files[i];
        }
    }
    found->file_count = kept + 1;
    qsort(found->files, found->file_count, sizeof *found->files, compare_logical);
}

/* A pattern names no file itself, so it is only put below the working folder. */
static bool add_argument(Found *found, const char *path, Err *err) {
    char *absolute = NULL;
    if (file_info(path).kind != FILE_MISSING) {
        if (!file_absolute(found->arena, path, &absolute, err)) return false;
    } else if (path[0] == '/') {
        absolute = arena_text(found->arena, path);
    } else {
        if (!file_absolute(found->arena, ".", &absolute, err)) return false;
        absolute = file_join(found->arena, absolute, path);
    }
    found->arguments[found->argument_count++] = absolute;
    return true;
}

bool found_walk(Arena *arena, const char *const *paths, size_t path_count, Found *out, Err *err) {
    *out = (Found){.arena = arena};
    Walk walk = {.found = out, .scratch = arena_make(), .err = err};
    bool done = true;
    out->arguments = arena_array(arena, path_count + 1, sizeof *out->arguments);
    for (size_t i = 0; i < path_count && done; i++) done = add_argument(out, paths[i], err);
    for (size_t i = 0; i < path_count && done; i++) done = walk_argument(&walk, paths[i]);
    if (done) done = walk_beside(&walk);
    if (done) keep_each_once(out);
    arena_free(walk.scratch);
    return done;
}

/* Whether a part of the name is hidden or a Mac's own (its archives hold a "__MACOSX/._x" beside every file). */
static bool is_hidden_member(Arena *scratch, const char *name) {
    size_t count = 0;
    const char **parts = text_split(scratch, name, '/', &count);
    for (size_t i = 0; i < count; i++) {
        bool step = text_equal(parts[i], ".") || text_equal(parts[i], "..");
        if ((parts[i][0] == '.' && !step) || text_equal(parts[i], "__MACOSX")) return true;
    }
    return false;
}

void found_members(Arena *arena, const FoundFile *archive, const ZipMember *members, size_t count, Found *out) {
    *out = (Found){.arena = arena};
    Walk walk = {.found = out, .scratch = arena_make()};
    for (size_t i = 0; i < count; i++) {
        char *name = arena_text(arena, members[i].name);
        for (char *c = name; *c; c++) {
            if (*c == '\\') *c = '/'; /* archives made on Windows */
        }
        Place place = {members[i].path, file_join(arena, archive->logical, name),
                       arena_printf(arena, "%s: %s", archive->shown, name)};
        FileInfo info = {FILE_REGULAR, members[i].size_bytes, archive->modified_ns};
        if (!is_hidden_member(walk.scratch, name)) walk_file(&walk, &place, file_name(name), &info);
    }
    keep_each_once(out);
    arena_free(walk.scratch);
}
