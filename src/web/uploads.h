/* web/uploads.h: files that a client sends, in pieces and over as many connections as it takes (inside the room only).
 *
 * Each upload is a folder of its own in the workspace: `<id>/upload.json` says what is expected, `<id>/<name>` holds the bytes that have
 * arrived. So an upload outlives a broken connection and the server. Bytes go from the connection to the disk, nothing is kept in
 * memory. Safe from any thread; one request at a time writes to an upload. */
#ifndef CURLEW_WEB_UPLOADS_H
#define CURLEW_WEB_UPLOADS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

typedef struct Uploads Uploads;
typedef struct UploadWriter UploadWriter;

typedef struct {
    const char *id, *name;
    const char *path;       /* of the bytes */
    long long size, offset; /* bytes expected, bytes that are there */
} Upload;

/* Uploads in `folder`, which is made when the first one begins. Forgets those begun longer than UPLOAD_KEEP_S ago. */
Uploads *uploads_open(Arena *arena, const char *folder);

/* A client's file name as one that is safe to write: without its path, invisible characters, leading dots, and what stands for other names
 * in patterns. Never empty, at most UPLOAD_NAME_BYTES. */
const char *upload_safe_name(Arena *arena, const char *name);

/* ERR_LIMIT when the disk has no room (code NO_ROOM) or there are too many. */
bool uploads_begin(Arena *arena, Uploads *uploads, const char *name, long long size, Upload *out, Err *err);
/* ERR_NOT_FOUND. */
bool uploads_find(Arena *arena, Uploads *uploads, const char *id, Upload *out, Err *err);
bool uploads_list(Arena *arena, Uploads *uploads, Upload **out, size_t *count, Err *err);
/* Forgets the upload and its bytes; ERR_REFUSED, code BUSY, while somebody writes or imports it. */
bool uploads_drop(Arena *arena, Uploads *uploads, const char *id, Upload *out, Err *err);

/* Marks an upload as used, so that nobody else writes or drops it; ERR_REFUSED, code BUSY, when it is already. */
bool uploads_hold(Uploads *uploads, const char *id, Err *err);
void uploads_release(Uploads *uploads, const char *id);

/* Appends at `offset`, which must be where the upload stands: ERR_REFUSED, code WRONG_OFFSET. Ended by upload_close(). */
bool upload_open(Arena *arena, Uploads *uploads, const char *id, long long offset, UploadWriter **out, Err *err);
/* ERR_LIMIT when more comes than the upload is to have, or the disk is full. */
bool upload_write(UploadWriter *writer, const char *data, size_t size, Err *err);
/* Ends writing and lets others at it; `out` may be NULL. */
void upload_close(UploadWriter *writer, Upload *out);

#endif
