/* io/file.h: files, folders, locks and fingerprints.
 *
 * Paths are bytes as the system gives them; what is shown to a user goes through text_printable(). */
#ifndef CURLEW_IO_FILE_H
#define CURLEW_IO_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

typedef enum { FILE_MISSING, FILE_REGULAR, FILE_FOLDER, FILE_OTHER } FileKind;

typedef struct {
    FileKind kind;
    unsigned long long size_bytes;
    long long modified_ns; /* since the epoch */
} FileInfo;

/* Never fails: what cannot be seen is FILE_MISSING. Follows symbolic links. */
FileInfo file_info(const char *path);

/* The whole file (NUL added after it); more than `limit_bytes` is ERR_LIMIT. */
bool file_read(Arena *arena, const char *path, size_t limit_bytes, char **out, size_t *size, Err *err);
/* The first `limit_bytes` at most, no error when there is more. */
bool file_read_head(Arena *arena, const char *path, size_t limit_bytes, char **out, size_t *size, Err *err);

/* Writes to a temporary file beside `path`, syncs it, renames it over `path` and syncs the folder: a reader or a crash sees
 * either the old or the new content. */
bool file_write_atomic(const char *path, const char *data, size_t size, Err *err);
/* The same without waiting for the disk: a reader sees the old or the new content, a crash may lose the new. For what is missed by
 * nobody. */
bool file_write_quick(const char *path, const char *data, size_t size, Err *err);
bool file_rename(const char *from, const char *to, Err *err); /* atomic, both on one file system */
bool file_sync(const char *path, Err *err);
bool file_remove(const char *path, Err *err);      /* no error when it is missing */
bool file_remove_tree(const char *path, Err *err); /* refuses "/" and "" */
bool file_make_folder(const char *path, Err *err); /* with parents, mode 0700 for new ones */

/* Names in a folder, sorted bytewise, without "." and "..". */
bool file_list(Arena *arena, const char *folder, const char ***names, size_t *count, Err *err);
/* Paths that match a shell pattern (glob(7), and "**" for any depth), sorted. */
bool file_glob(Arena *arena, const char *pattern, const char ***paths, size_t *count, Err *err);

char *file_join(Arena *arena, const char *folder, const char *name);
const char *file_name(const char *path);           /* after the last slash */
char *file_folder(Arena *arena, const char *path); /* before the last slash, "." when there is none */
bool file_absolute(Arena *arena, const char *path, char **out, Err *err);

/* An exclusive (or shared) lock on `path`, which is made when missing; waits up to `wait_ms` (-1 = for ever), ERR_TIMEOUT then.
 * Held until the arena is freed or file_unlock(); the system drops it when the process dies. */
typedef struct FileLock FileLock;
bool file_lock(Arena *arena, const char *path, bool exclusive, int wait_ms, FileLock **out, Err *err);
void file_unlock(FileLock *lock);

/* Lower-case hexadecimal SHA-256 of bytes. */
char *file_sha256(Arena *arena, const void *data, size_t size);

/* $XDG_DATA_HOME/curlew and $XDG_CACHE_HOME/curlew with the usual defaults. */
char *file_data_home(Arena *arena);
char *file_cache_home(Arena *arena);

#endif
