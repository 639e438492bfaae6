/* ingest/found.h: the files that lie under the user's paths, and which of them count; without opening a data file.
 *
 * found_walk() lists them, found_select() lets the manifests (or, without them, the newest version of each billing period) decide. What
 * is left is the input of both the fingerprint and the import. */
#ifndef CURLEW_INGEST_FOUND_H
#define CURLEW_INGEST_FOUND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "ingest/layout.h"
#include "ingest/manifest.h"
#include "io/zip.h"

typedef struct {
    const char *path;    /* what can be opened */
    const char *logical; /* absolute path; members of an archive: "/folder/export.zip/member" */
    const char *real;    /* the same without symbolic links: a file that is reached twice counts once */
    const char *shown;   /* what the user knows it as, printable */
    bool given;          /* named by the user: a fault in it is an error, in others a note */
    unsigned long long size_bytes;
    long long modified_ns;
    Layout layout;
    bool passed_over; /* by found_select() */
    bool claimed;     /* named by a manifest */
    bool superseded;  /* lies where a manifest does that names others */
    const char *report;
    const char *version; /* the manifest's, or the folder's */
} FoundFile;

typedef struct {
    ManifestKind kind;
    const char *logical;
    const char *shown;
    unsigned long long size_bytes;
    long long modified_ns;
    const char *sha256; /* of its content */
    Layout layout;
    Manifest content;
    bool beside; /* looked up beside the user's folder: no word about it unless it fits */
} FoundManifest;

typedef struct {
    Arena *arena;
    size_t file_count, file_room;
    FoundFile *files; /* sorted by logical path, each file once */
    size_t manifest_count, manifest_room;
    FoundManifest *manifests;
    size_t note_count, note_room;
    const char **notes;
    size_t notes_left_out;
    size_t argument_count;
    const char **arguments; /* the user's paths, absolute, for the fingerprint */
} Found;

/* Lists what lies under `paths` (files, folders, patterns). ERR_INPUT for a path or pattern that names nothing, ERR_IO for one that may not
 * be read, ERR_LIMIT for more than SOURCE_FILES files. */
bool found_walk(Arena *arena, const char *const *paths, size_t path_count, Found *out, Err *err);

/* The same for the unpacked members of an archive. */
void found_members(Arena *arena, const FoundFile *archive, const ZipMember *members, size_t count, Found *out);

/* Marks what is superseded or not of the newest version as passed over and says so in notes. */
void found_select(Found *found);

/* A sentence for the user; the first SOURCE_NOTES are kept. */
void found_note(Found *found, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
