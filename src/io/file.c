#include "io/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"
#include "io/clock.h"
#include "io/digest.h"

/* What a user can do about the usual reasons. */
static const char *advice(int reason) {
    switch (reason) {
    case ENOENT: return "check the path";
    case EACCES:
    case EPERM: return "check the permissions of the file and its folder";
    case ENOSPC:
    case EDQUOT: return "free some space on the disk";
    case EROFS: return "choose a folder that can be written";
    case EMFILE:
    case ENFILE: return "raise the limit of open files (ulimit -n)";
    case EISDIR: return "give a file, not a folder";
    case ENOTDIR: return "one part of the path is a file, not a folder";
    default: return "check the disk";
    }
}

/* "The file /x cannot be read (No such file or directory): check the path". */
static bool failed(Err *err, const char *path, const char *what) {
    int reason = errno;
    Arena *arena = arena_make();
    char room[128];
    const char *why = strerror_r(reason, room, sizeof room);
    err_set(err, reason == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s %s (%s): %s", text_printable(arena, path), what, why,
            advice(reason));
    arena_free(arena);
    return false;
}

FileInfo file_info(const char *path) {
    struct stat st;
    if (stat(path, &st) != 0) return (FileInfo){.kind = FILE_MISSING};
    FileKind kind = S_ISREG(st.st_mode) ? FILE_REGULAR : S_ISDIR(st.st_mode) ? FILE_FOLDER : FILE_OTHER;
    return (FileInfo){kind, (unsigned long long)st.st_size, (long long)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec};
}

/* --- Reading ---------------------------------------------------------------------------------------------------------- */

static bool read_some(Arena *arena, const char *path, size_t limit_bytes, char **out, size_t *size, Err *err) {
    *out = NULL;
    *size = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return failed(err, path, "cannot be opened");
    unsigned long long expected = file_info(path).size_bytes;
    Buffer buffer = {.arena = arena};
    char chunk[16 * 1024];
    size_t used = 0;
    size_t room = expected < limit_bytes ? (size_t)expected : limit_bytes;
    buffer.data = arena_alloc(arena, room + 2);
    buffer.room = room + 2;
    while (used < limit_bytes) {
        size_t wanted = limit_bytes - used < sizeof chunk ? limit_bytes - used : sizeof chunk;
        ssize_t got = read(fd, chunk, wanted);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            failed(err, path, "cannot be read");
            close(fd);
            return false;
        }
        if (got == 0) break;
        buffer_add_n(&buffer, chunk, (size_t)got);
        used += (size_t)got;
    }
    close(fd);
    *out = buffer.data;
    *size = used;
    return true;
}

bool file_read_head(Arena *arena, const char *path, size_t limit_bytes, char **out, size_t *size, Err *err) {
    return read_some(arena, path, limit_bytes, out, size, err);
}

bool file_read(Arena *arena, const char *path, size_t limit_bytes, char **out, size_t *size, Err *err) {
    size_t ceiling = limit_bytes == SIZE_MAX ? SIZE_MAX : limit_bytes + 1;
    if (!read_some(arena, path, ceiling, out, size, err)) return false;
    if (*size <= limit_bytes) return true;
    *out = NULL;
    Arena *own = arena_make();
    err_set(err, ERR_LIMIT, "%s has more than the %s bytes that such a file may have: check that it is the right one",
            text_printable(own, path), text_count(own, (long long)limit_bytes));
    arena_free(own);
    return false;
}

/* --- Writing ---------------------------------------------------------------------------------------------------------- */

static bool sync_folder_of(const char *path, Err *err) {
    Arena *arena = arena_make();
    bool ok = file_sync(file_folder(arena, path), err);
    arena_free(arena);
    return ok;
}

bool file_sync(const char *path, Err *err) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return failed(err, path, "cannot be opened");
    bool ok = fsync(fd) == 0 || failed(err, path, "cannot be written to the disk");
    close(fd);
    return ok;
}

static bool write_all(int fd, const char *data, size_t size) {
    while (size) {
        ssize_t written = write(fd, data, size);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        data += written;
        size -= (size_t)written;
    }
    return true;
}

static bool write_whole(const char *path, const char *data, size_t size, bool durable, Err *err) {
    Arena *arena = arena_make();
    char *temporary = arena_printf(arena, "%s.XXXXXX", path);
    int fd = mkostemp(temporary, O_CLOEXEC);
    bool ok = fd >= 0 || failed(err, path, "cannot be written");
    if (fd >= 0) {
        ok = (write_all(fd, data, size) && (!durable || fsync(fd) == 0)) || failed(err, path, "cannot be written");
        if (close(fd) != 0 && ok) ok = failed(err, path, "cannot be written");
        ok = ok && file_rename(temporary, path, err);
        if (!ok) unlink(temporary);
    }
    ok = ok && (!durable || sync_folder_of(path, err));
    arena_free(arena);
    return ok;
}

bool file_write_atomic(const char *path, const char *data, size_t size, Err *err) {
    return write_whole(path, data, size, true, err);
}

bool file_write_quick(const char *path, const char *data, size_t size, Err *err) {
    return write_whole(path, data, size, false, err);
}

bool file_rename(const char *from, const char *to, Err *err) {
    return rename(from, to) == 0 || failed(err, to, "cannot be put in place");
}

bool file_remove(const char *path, Err *err) {
    return unlink(path) == 0 || errno == ENOENT || failed(err, path, "cannot be removed");
}

static bool remove_within(Arena *arena, const char *path, int depth, Err *err) {
    struct stat st;
    if (lstat(path, &st) != 0) return errno == ENOENT || failed(err, path, "cannot be removed");
    if (!S_ISDIR(st.st_mode)) return file_remove(path, err);
    if (depth > FOLDER_DEPTH) return err_set(err, ERR_LIMIT, "%s is nested too deep to be removed: remove it by hand", path);
    const char **names = NULL;
    size_t count = 0;
    if (!file_list(arena, path, &names, &count, err)) return false;
    for (size_t i = 0; i < count; i++)
        if (!remove_within(arena, file_join(arena, path, names[i]), depth + 1, err)) return false;
    return rmdir(path) == 0 || errno == ENOENT || failed(err, path, "cannot be removed");
}

bool file_remove_tree(const char *path, Err *err) {
    if (text_is_empty(path) || strspn(path, "/") == strlen(path))
        return err_set(err, ERR_INTERNAL, "The whole file system was to be removed: nothing was done");
    Arena *arena = arena_make();
    bool ok = remove_within(arena, path, 0, err);
    arena_free(arena);
    return ok;
}

bool file_make_folder(const char *path, Err *err) {
    Arena *arena = arena_make();
    char *part = arena_text(arena, path);
    bool ok = true;
    for (char *c = part + (*part == '/'); ok; c++) {
        if (*c && *c != '/') continue;
        char kept = *c;
        *c = '\0';
        if (*part && mkdir(part, 0700) != 0 && errno != EEXIST) ok = failed(err, part, "cannot be made");
        *c = kept;
        if (!kept) break;
    }
    errno = ENOTDIR;
    if (ok && file_info(path).kind != FILE_FOLDER) ok = failed(err, path, "is not a folder");
    arena_free(arena);
    return ok;
}

/* --- Folders and names ------------------------------------------------------------------------------------------------ */

static int compare_names(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool file_list(Arena *arena, const char *folder, const char ***names, size_t *count, Err *err) {
    *names = NULL;
    *count = 0;
    DIR *dir = opendir(folder);
    if (!dir) return failed(err, folder, "cannot be listed");
    size_t room = 0;
    struct dirent *entry = NULL;
    while ((errno = 0, entry = readdir(dir)) && *count < SOURCE_FILES) {
        if (text_equal(entry->d_name, ".") || text_equal(entry->d_name, "..")) continue;
        if (*count == room) {
            room = room ? room * 2 : 32;
            *names = arena_grow(arena, *names, *count * sizeof **names, room * sizeof **names);
        }
        (*names)[(*count)++] = arena_text(arena, entry->d_name);
    }
    bool ok = errno == 0 || failed(err, folder, "cannot be listed");
    if (ok && entry)
        ok = err_set(err, ERR_LIMIT, "%s holds more than %d files: give the files that are meant", folder, SOURCE_FILES);
    closedir(dir);
    if (*count) qsort(*names, *count, sizeof **names, compare_names);
    return ok;
}

char *file_join(Arena *arena, const char *folder, const char *name) {
    if (text_is_empty(folder) || *name == '/') return arena_text(arena, name);
    return arena_printf(arena, "%s%s%s", folder, text_ends(folder, "/") ? "" : "/", name);
}

const char *file_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

char *file_folder(Arena *arena, const char *path) {
    const char *slash = strrchr(path, '/');
    if (!slash) return arena_text(arena, ".");
    return arena_text_n(arena, path, slash == path ? 1 : (size_t)(slash - path));
}

bool file_absolute(Arena *arena, const char *path, char **out, Err *err) {
    *out = NULL;
    char *real = realpath(path, NULL);
    if (!real) return failed(err, path, "cannot be found");
    *out = arena_text(arena, real);
    free(real);
    return true;
}

/* --- Locks ------------------------------------------------------------------------------------------------------------ */

struct FileLock {
    int fd;
};

void file_unlock(FileLock *lock) {
    if (lock->fd >= 0) close(lock->fd);
    lock->fd = -1;
}

static void unlock_at_end(void *lock) {
    file_unlock(lock);
}

bool file_lock(Arena *arena, const char *path, bool exclusive, int wait_ms, FileLock **out, Err *err) {
    *out = NULL;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) return failed(err, path, "cannot be locked");
    long long deadline_us = clock_monotonic_us() + wait_ms * 1000LL;
    int operation = exclusive ? LOCK_EX : LOCK_SH;
    while (flock(fd, wait_ms < 0 ? operation : operation | LOCK_NB) != 0) {
        bool busy = errno == EWOULDBLOCK;
        if (errno == EINTR) continue;
        if (!busy) failed(err, path, "cannot be locked");
        if (busy && clock_monotonic_us() < deadline_us) {
            nanosleep(&(struct timespec){.tv_nsec = FILE_LOCK_POLL_MS * 1000000L}, NULL);
            continue;
        }
        if (busy)
            err_set(err, ERR_TIMEOUT, "%s is locked by another curlew: wait until that one has finished, then try again", path);
        close(fd);
        return false;
    }
    FileLock *lock = arena_alloc(arena, sizeof *lock);
    lock->fd = fd;
    arena_on_free(arena, unlock_at_end, lock);
    *out = lock;
    return true;
}

/* --- Fingerprints and homes ------------------------------------------------------------------------------------------- */

char *file_sha256(Arena *arena, const void *data, size_t size) {
    const Sha256 digest = digest_sha256(data, size);
    return digest_hex(arena, &digest);
}

/* XDG Base Directory Specification: a relative path in the variable is to be ignored. */
static char *home_of(Arena *arena, const char *variable, const char *fallback) {
    const char *base = getenv(variable);
    if (base && *base == '/') return file_join(arena, base, "curlew");
    const char *home = getenv("HOME");
    if (!home || *home != '/') home = "/tmp";
    return file_join(arena, file_join(arena, home, fallback), "curlew");
}

char *file_data_home(Arena *arena) {
    return home_of(arena, "XDG_DATA_HOME", ".local/share");
}

char *file_cache_home(Arena *arena) {
    return home_of(arena, "XDG_CACHE_HOME", ".cache");
}
