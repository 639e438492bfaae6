/* ingest/archive.h: zip archives, unpacked into the spool folder. */
#ifndef CURLEW_INGEST_ARCHIVE_H
#define CURLEW_INGEST_ARCHIVE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"

/* Unpacks the archive at `path` into `folder`, which is made anew. ERR_INPUT for one that is damaged, encrypted or holds paths
 * that lead out of the folder, ERR_LIMIT for one that would unpack to more than it may; errors call it `shown`. */
bool archive_unpack(Arena *arena, const char *path, const char *shown, const char *folder, Err *err);

#endif
