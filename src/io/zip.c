#include "io/zip.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

#include "base/limits.h"
#include "base/text.h"
#include "io/file.h"

typedef struct {
    Arena *arena;
    const char *path;   /* of the archive */
    const char *shown;  /* its printable form */
    const char *folder; /* to unpack into */
    zip_t *archive;
    unsigned long long archive_bytes;
    unsigned long long total_bytes;
} Unpacking;

bool zip_is_archive(const char *path) {
    Arena *arena = arena_make();
    char *head = NULL;
    size_t size = 0;
    Err err = {0};
    bool ok = file_read_head(arena, path, 4, &head, &size, &err) && size == 4 && memcmp(head, "PK\3\4", 4) == 0;
    arena_free(arena);
    return ok;
}

/* The last part of the member's name with everything but letters, digits, '.', '-', '_' replaced; the number in front keeps
 * two members apart and the name harmless ("..", ".hidden"). */
static char *safe_name(Arena *arena, const char *name, size_t number) {
    char *safe = arena_printf(arena, "%05zu-%.*s", number, ZIP_NAME_BYTES, file_name(name));
    for (char *c = safe; *c; c++)
        if (!isalnum((unsigned char)*c) && *c != '.' && *c != '-' && *c != '_') *c = '_';
    return safe;
}

/* A real bill packs to a tenth or a fiftieth; what packs to a thousandth of its size was made to fill the disk. */
static bool check_size(const Unpacking *self, unsigned long long member_bytes, Err *err) {
    if (member_bytes > ZIP_MEMBER_BYTES || self->total_bytes > ZIP_TOTAL_BYTES)
        return err_set(err, ERR_LIMIT, "%s unpacks to more than %llu GB: unpack it yourself and give the files", self->shown,
                       (member_bytes > ZIP_MEMBER_BYTES ? ZIP_MEMBER_BYTES : ZIP_TOTAL_BYTES) >> 30);
    if (self->total_bytes > ZIP_RATIO_FLOOR_BYTES && self->total_bytes / ZIP_RATIO > self->archive_bytes)
        return err_set(err, ERR_LIMIT, "%s unpacks to more than %d times its size, which no bill does: it was not unpacked",
                       self->shown, ZIP_RATIO);
    return true;
}

static bool copy_member(Unpacking *self, zip_file_t *member, FILE *out, ZipMember *made, Err *err) {
    char chunk[64 * 1024];
    for (;;) {
        zip_int64_t got = zip_fread(member, chunk, sizeof chunk);
        if (got < 0)
            return err_set(err, ERR_INPUT, "%s is damaged at %s (%s): download it again", self->shown, made->name,
                           zip_file_strerror(member));
        if (got == 0) return true;
        made->size_bytes += (unsigned long long)got;
        self->total_bytes += (unsigned long long)got;
        if (!check_size(self, made->size_bytes, err)) return false;
        if (fwrite(chunk, 1, (size_t)got, out) != (size_t)got)
            return err_set(err, ERR_IO, "%s cannot be unpacked into %s (%s): free some space on the disk", self->shown,
                           self->folder, strerror(errno));
    }
}

static bool unpack_member(Unpacking *self, zip_uint64_t index, ZipMember *made, Err *err) {
    zip_file_t *member = zip_fopen_index(self->archive, index, 0);
    if (!member)
        return err_set(err, ERR_INPUT, "%s in %s cannot be read (%s): unpack the archive yourself and give the files",
                       made->name, self->shown, zip_strerror(self->archive));
    /* O_EXCL: a link that waits under this name is not followed. */
    int fd = open(made->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    FILE *out = fd < 0 ? NULL : fdopen(fd, "w");
    bool ok = out || err_set(err, ERR_IO, "%s cannot be written (%s): check the folder", made->path, strerror(errno));
    ok = ok && copy_member(self, member, out, made, err);
    if (out && fclose(out) != 0)
        ok = err_set(err, ERR_IO, "%s cannot be written (%s): free some space on the disk", made->path, strerror(errno));
    zip_fclose(member);
    return ok;
}

static bool unpack_all(Unpacking *self, ZipMember **members, size_t *count, Err *err) {
    zip_int64_t entries = zip_get_num_entries(self->archive, 0);
    if (entries > ZIP_MEMBERS)
        return err_set(err, ERR_LIMIT, "%s has more than %d members: unpack it yourself and give the files", self->shown,
                       ZIP_MEMBERS);
    *members = arena_array(self->arena, (size_t)entries + 1, sizeof **members);
    for (zip_int64_t i = 0; i < entries; i++) {
        const char *name = zip_get_name(self->archive, (zip_uint64_t)i, ZIP_FL_ENC_GUESS);
        if (!name)
            return err_set(err, ERR_INPUT, "%s is damaged (%s): download it again", self->shown, zip_strerror(self->archive));
        if (text_ends(name, "/")) continue;
        ZipMember *made = *members + *count;
        made->name = text_printable(self->arena, name);
        made->path = file_join(self->arena, self->folder, safe_name(self->arena, name, *count));
        bool ok = unpack_member(self, (zip_uint64_t)i, made, err);
        ++*count;
        if (!ok) return false;
    }
    return *count > 0 || err_set(err, ERR_INPUT, "%s is an archive without files: check the path", self->shown);
}

bool zip_unpack(Arena *arena, const char *path, const char *into_folder, ZipMember **members, size_t *count, Err *err) {
    *members = NULL;
    *count = 0;
    if (!file_make_folder(into_folder, err)) return false;
    int code = 0;
    Unpacking self = {.arena = arena, .path = path, .folder = into_folder, .shown = text_printable(arena, path)};
    self.archive_bytes = file_info(path).size_bytes;
    self.archive = zip_open(path, ZIP_RDONLY, &code);
    if (!self.archive) {
        zip_error_t reason;
        zip_error_init_with_code(&reason, code);
        err_set(err, code == ZIP_ER_NOENT ? ERR_NOT_FOUND : ERR_INPUT,
                "%s cannot be opened as a zip archive (%s): check the file", self.shown, zip_error_strerror(&reason));
        zip_error_fini(&reason);
        return false;
    }
    bool ok = unpack_all(&self, members, count, err);
    zip_discard(self.archive);
    if (ok) return true;
    for (size_t i = 0; i < *count; i++) unlink((*members)[i].path);
    *count = 0;
    return false;
}
