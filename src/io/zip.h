/* io/zip.h: unpacking zip archives, in which AWS delivers some reports.
 *
 * An archive is foreign: its sizes lie, its names point elsewhere, it unpacks to a thousand times its size. So members are
 * counted and measured while they are unpacked, and are written under names of our own making. */
#ifndef CURLEW_IO_ZIP_H
#define CURLEW_IO_ZIP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

typedef struct {
    const char *name; /* as the archive has it, printable; for people only */
    const char *path; /* the unpacked file: <into_folder>/<number>-<sanitised name> */
    unsigned long long size_bytes;
} ZipMember;

/* Whether the file begins like a zip archive. */
bool zip_is_archive(const char *path);

/* Unpacks every member that is a regular file into `into_folder` (made when missing), in the archive's order; folders are passed
 * over. ERR_INPUT for damaged, encrypted and empty archives, ERR_LIMIT beyond ZIP_MEMBERS, ZIP_MEMBER_BYTES, ZIP_TOTAL_BYTES or ZIP_RATIO;
 * what was unpacked until then is removed. */
bool zip_unpack(Arena *arena, const char *path, const char *into_folder, ZipMember **members, size_t *count, Err *err);

#endif
