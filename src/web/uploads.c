#include "web/uploads.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"
#include "io/clock.h"
#include "io/file.h"
#include "web/access.h"

static const char record_name[] = "upload.json";

enum { RECORD_BYTES = 64 * 1024, HELD_MOST = SERVER_CONNECTIONS_MOST + 100, ID_BYTES = 40 };

struct Uploads {
    const char *folder;
    pthread_mutex_t mutex;
    size_t held_count;
    char held[HELD_MOST][ID_BYTES]; /* ids that somebody uses */
};

struct UploadWriter {
    Uploads *uploads;
    Upload upload;
    int file;
};

/* --- names --- */

const char *upload_safe_name(Arena *arena, const char *name) {
    static const char special[] = "*?[]{}<>|\"'`$&;:!~#%^=,\\";
    for (const char *at = name; *at; at++)
        if (*at == '/' || *at == '\\') name = at + 1;
    while (*name == '.' || *name == ' ' || *name == '-') name++;
    const char *printable = text_printable(arena, name);
    Buffer out = {.arena = arena};
    size_t size = 0;
    for (const char *at = printable; *at; at += size) {
        unsigned c = text_code_point(at, &size);
        if (c == 0xFFFD || (c < 0x80 && strchr(special, (int)c)))
            buffer_add_char(&out, '_');
        else
            buffer_add_n(&out, at, size);
    }
    const char *safe = text_trim(arena, buffer_text(&out));
    /* The end stays: it is what people know a file's kind by. */
    size_t length = strlen(safe);
    if (length > UPLOAD_NAME_BYTES) safe += length - UPLOAD_NAME_BYTES;
    while ((*safe & 0xC0) == 0x80) safe++;
    /* An import passes over files that begin with a dot or an underscore: they are no deliveries. */
    safe += strspn(safe, "._- ");
    if (!*safe || text_equal(safe, record_name)) return "upload";
    return safe;
}

static char *folder_of(Arena *arena, const Uploads *uploads, const char *id) {
    return file_join(arena, uploads->folder, id);
}

/* --- records --- */

static bool read_record(Arena *arena, Uploads *uploads, const char *id, Upload *out, Err *err) {
    char *text = NULL;
    size_t size = 0;
    Json *json = NULL;
    Err ignored = {0};
    *out = (Upload){0};
    const char *folder = access_is_id(id) ? folder_of(arena, uploads, id) : NULL;
    bool found = folder && file_read(arena, file_join(arena, folder, record_name), RECORD_BYTES, &text, &size, &ignored) &&
                 json_parse(arena, text, size, &json, &ignored);
    const char *name = found ? json_get_text(json, "name") : NULL;
    if (!name || !text_equal(name, upload_safe_name(arena, name)))
        return err_set_code(err, ERR_NOT_FOUND, "NO_SUCH_UPLOAD", "There is no such upload; begin it again");
    *out = (Upload){.id = arena_text(arena, id),
                    .name = name,
                    .path = file_join(arena, folder, name),
                    .size = json_get_integer(json, "size", 0)};
    FileInfo info = file_info(out->path);
    out->offset = info.kind == FILE_REGULAR ? (long long)info.size_bytes : 0;
    return true;
}

static void forget_old(Uploads *uploads) {
    Arena *arena = arena_make();
    const char **names = NULL;
    size_t count = 0;
    Err ignored = {0};
    const long long oldest = (clock_now() - UPLOAD_KEEP_S) * 1000000000LL;
    if (file_list(arena, uploads->folder, &names, &count, &ignored))
        for (size_t i = 0; i < count; i++) {
            const char *folder = folder_of(arena, uploads, names[i]);
            if (access_is_id(names[i]) && file_info(folder).modified_ns < oldest) file_remove_tree(folder, &ignored);
        }
    arena_free(arena);
}

static void close_uploads(void *handle) {
    Uploads *uploads = handle;
    pthread_mutex_destroy(&uploads->mutex);
}

Uploads *uploads_open(Arena *arena, const char *folder) {
    Uploads *uploads = arena_alloc(arena, sizeof *uploads);
    uploads->folder = arena_text(arena, folder);
    pthread_mutex_init(&uploads->mutex, NULL);
    arena_on_free(arena, close_uploads, uploads);
    forget_old(uploads);
    return uploads;
}

bool uploads_list(Arena *arena, Uploads *uploads, Upload **out, size_t *count, Err *err) {
    const char **names = NULL;
    size_t found = 0;
    *out = NULL;
    *count = 0;
    if (file_info(uploads->folder).kind == FILE_MISSING) return true;
    if (!file_list(arena, uploads->folder, &names, &found, err)) return false;
    *out = arena_array(arena, found + 1, sizeof **out);
    for (size_t i = 0; i < found; i++) {
        Err ignored = {0};
        if (access_is_id(names[i]) && read_record(arena, uploads, names[i], &(*out)[*count], &ignored)) ++*count;
    }
    return true;
}

static bool has_room(const char *folder, long long size, Err *err) {
    struct statvfs disk;
    if (statvfs(folder, &disk) != 0) return true;
    const unsigned long long room = (unsigned long long)disk.f_bavail * disk.f_frsize;
    if (room >= (unsigned long long)size + (unsigned long long)UPLOAD_SPARE_BYTES) return true;
    return err_set_code(err, ERR_LIMIT, "NO_ROOM", "The disk of the workspace has %llu MB left, too few for this file",
                        room / 1000000);
}

bool uploads_begin(Arena *arena, Uploads *uploads, const char *name, long long size, Upload *out, Err *err) {
    const char **names = NULL;
    size_t count = 0;
    if (size < 0 || size > UPLOAD_BYTES)
        return err_set_code(err, ERR_LIMIT, "TOO_LARGE", "A file of up to %lld GB can be uploaded", UPLOAD_BYTES / 1000000000);
    if (!file_make_folder(uploads->folder, err) || !file_list(arena, uploads->folder, &names, &count, err)) return false;
    if (count >= UPLOADS)
        return err_set_code(err, ERR_LIMIT, "TOO_MANY", "There are %zu uploads already; import or delete some", count);
    if (!has_room(uploads->folder, size, err)) return false;
    const char *id = access_make_id(arena);
    if (!id) return err_set(err, ERR_IO, "The system gives no random numbers");
    const char *folder = folder_of(arena, uploads, id);
    Json *record = json_make_object(arena);
    json_put_text(record, "name", upload_safe_name(arena, name));
    json_put_integer(record, "size", size);
    const char *text = json_write(arena, record, false);
    return file_make_folder(folder, err) && file_write_quick(file_join(arena, folder, record_name), text, strlen(text), err) &&
           read_record(arena, uploads, id, out, err);
}

bool uploads_find(Arena *arena, Uploads *uploads, const char *id, Upload *out, Err *err) {
    return read_record(arena, uploads, id, out, err);
}

/* --- one user at a time --- */

bool uploads_hold(Uploads *uploads, const char *id, Err *err) {
    bool free = true;
    pthread_mutex_lock(&uploads->mutex);
    for (size_t i = 0; i < uploads->held_count; i++) free &= !text_equal(uploads->held[i], id);
    free &= uploads->held_count < HELD_MOST && strlen(id) < ID_BYTES;
    if (free) memcpy(uploads->held[uploads->held_count++], id, strlen(id) + 1);
    pthread_mutex_unlock(&uploads->mutex);
    if (free) return true;
    return err_set_code(err, ERR_REFUSED, "BUSY", "Another request uses this upload just now; wait until it has ended");
}

void uploads_release(Uploads *uploads, const char *id) {
    pthread_mutex_lock(&uploads->mutex);
    for (size_t i = 0; i < uploads->held_count; i++)
        if (text_equal(uploads->held[i], id)) {
            memcpy(uploads->held[i], uploads->held[--uploads->held_count], ID_BYTES);
            break;
        }
    pthread_mutex_unlock(&uploads->mutex);
}

bool uploads_drop(Arena *arena, Uploads *uploads, const char *id, Upload *out, Err *err) {
    if (!read_record(arena, uploads, id, out, err) || !uploads_hold(uploads, id, err)) return false;
    bool dropped = file_remove_tree(folder_of(arena, uploads, id), err);
    uploads_release(uploads, id);
    return dropped;
}

/* --- bytes --- */

bool upload_open(Arena *arena, Uploads *uploads, const char *id, long long offset, UploadWriter **out, Err *err) {
    Upload upload = {0};
    if (!read_record(arena, uploads, id, &upload, err) || !uploads_hold(uploads, id, err)) return false;
    bool ok = read_record(arena, uploads, id, &upload, err);
    if (ok && offset != upload.offset)
        ok = err_set_code(err, ERR_REFUSED, "WRONG_OFFSET", "The upload stands at byte %lld, not at %lld; go on from there",
                          upload.offset, offset);
    int file = ok ? open(upload.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600) : -1;
    if (ok && file < 0) ok = err_set(err, ERR_IO, "%s cannot be written: %s", upload.name, strerror(errno));
    if (!ok) {
        uploads_release(uploads, id);
        return false;
    }
    *out = arena_alloc(arena, sizeof **out);
    **out = (UploadWriter){uploads, upload, file};
    return true;
}

bool upload_write(UploadWriter *writer, const char *data, size_t size, Err *err) {
    Upload *upload = &writer->upload;
    if ((long long)size > upload->size - upload->offset)
        return err_set_code(err, ERR_LIMIT, "TOO_LONG", "More bytes come than the %lld that the upload was begun with",
                            upload->size);
    while (size) {
        ssize_t written = write(writer->file, data, size);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0 && errno == ENOSPC) return err_set_code(err, ERR_LIMIT, "NO_ROOM", "The disk of the workspace is full");
        if (written < 0) return err_set(err, ERR_IO, "%s cannot be written: %s", upload->name, strerror(errno));
        data += written;
        size -= (size_t)written;
        upload->offset += written;
    }
    return true;
}

void upload_close(UploadWriter *writer, Upload *out) {
    close(writer->file);
    uploads_release(writer->uploads, writer->upload.id);
    if (out) *out = writer->upload;
}
