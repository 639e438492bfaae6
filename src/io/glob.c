/* file_glob() of io/file.h: shell patterns, and "**" for any number of folders.
 *
 * The pattern is split at its slashes and walked part by part. Parts without wildcards are only joined, so that "/data/x*.csv" lists one folder.
 * As in shells, a name that begins with a dot matches only a pattern that does. "**" does not follow symbolic links, which
 * could lead round in circles. */
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "base/text.h"
#include "io/file.h"

typedef struct {
    Arena *arena;
    const char **parts;
    size_t part_count;
    const char **paths;
    size_t count, room;
    Err *err;
} Walk;

static bool walk(Walk *self, const char *folder, size_t part, int depth);

static bool add_path(Walk *self, const char *path) {
    if (self->count == SOURCE_FILES)
        return err_set(self->err, ERR_LIMIT, "The pattern matches more than %d files: give a narrower one", SOURCE_FILES);
    if (self->count == self->room) {
        size_t room = self->room ? self->room * 2 : 32;
        self->paths = arena_grow(self->arena, self->paths, self->count * sizeof *self->paths, room * sizeof *self->paths);
        self->room = room;
    }
    self->paths[self->count++] = path;
    return true;
}

static bool is_folder(const char *path, bool follow) {
    struct stat st;
    int failed = follow ? stat(path, &st) : lstat(path, &st);
    return failed == 0 && S_ISDIR(st.st_mode);
}

/* One more name of the path: the end, or a folder to go into. */
static bool step(Walk *self, const char *path, size_t part, int depth) {
    if (part + 1 == self->part_count) return file_info(path).kind == FILE_MISSING || add_path(self, path);
    return !is_folder(path, true) || walk(self, path, part + 1, depth + 1);
}

/* Names in a folder; one that cannot be read has none: a pattern matches what can be seen. */
static const char **names_in(Walk *self, const char *folder, size_t *count) {
    const char **names = NULL;
    Err ignored = {0};
    *count = 0;
    if (!file_list(self->arena, *folder ? folder : ".", &names, count, &ignored)) return NULL;
    return names;
}

static bool walk_deep(Walk *self, const char *folder, size_t part, int depth) {
    bool last = part + 1 == self->part_count;
    if (!last && !walk(self, folder, part + 1, depth)) return false;
    size_t count = 0;
    const char **names = names_in(self, folder, &count);
    for (size_t i = 0; i < count; i++) {
        if (names[i][0] == '.') continue;
        const char *path = file_join(self->arena, folder, names[i]);
        bool folder_below = is_folder(path, false);
        if (last && !folder_below && !add_path(self, path)) return false;
        if (folder_below && depth < FOLDER_DEPTH && !walk_deep(self, path, part, depth + 1)) return false;
    }
    return true;
}

static bool walk(Walk *self, const char *folder, size_t part, int depth) {
    const char *pattern = self->parts[part];
    if (text_equal(pattern, "**")) return walk_deep(self, folder, part, depth);
    if (!strpbrk(pattern, "*?[\\")) return step(self, file_join(self->arena, folder, pattern), part, depth);
    size_t count = 0;
    const char **names = names_in(self, folder, &count);
    for (size_t i = 0; i < count; i++) {
        if (fnmatch(pattern, names[i], FNM_PERIOD) != 0) continue;
        if (!step(self, file_join(self->arena, folder, names[i]), part, depth)) return false;
    }
    return true;
}

static int compare_paths(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool file_glob(Arena *arena, const char *pattern, const char ***paths, size_t *count, Err *err) {
    *paths = NULL;
    *count = 0;
    size_t raw_count = 0;
    const char **raw = text_split(arena, pattern, '/', &raw_count);
    Walk self = {.arena = arena, .err = err, .parts = arena_array(arena, raw_count, sizeof *raw)};
    for (size_t i = 0; i < raw_count; i++) {
        bool repeated = self.part_count && text_equal(raw[i], "**") && text_equal(self.parts[self.part_count - 1], "**");
        if (*raw[i] && !repeated) self.parts[self.part_count++] = raw[i];
    }
    if (self.part_count && !walk(&self, *pattern == '/' ? "/" : "", 0, 0)) return false;
    if (self.count) qsort(self.paths, self.count, sizeof *self.paths, compare_paths);
    /* Two "**" reach the same file by several ways. */
    for (size_t i = 0; i < self.count; i++)
        if (!*count || !text_equal(self.paths[*count - 1], self.paths[i])) self.paths[(*count)++] = self.paths[i];
    *paths = self.paths;
    return true;
}
