/* ingest/content.h: what one file holds, told by its bytes. */
#ifndef CURLEW_INGEST_CONTENT_H
#define CURLEW_INGEST_CONTENT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "ingest/found.h"
#include "ingest/recognise.h"
#include "ingest/source.h"
#include "io/duck.h"

typedef enum { CONTENT_TEXT, CONTENT_PARQUET, CONTENT_ARCHIVE } ContentKind;

/* By the first bytes. ERR_INPUT for an empty file and for kinds that cannot be read (PDF, Excel, ORC, …): the sentence says what to do. */
bool content_peek(const FoundFile *file, ContentKind *out, Err *err);

/* A file as it was recognised. */
typedef struct {
    SourceFile file;
    SourceFormat format;
    const char *version; /* of FOCUS, else "" */
    bool whole;          /* it was read to its end already */
} Content;

typedef struct ContentReader ContentReader;

/* Remembers the column lists that it has seen: the parts of an export share one in memory. */
ContentReader *content_reader_make(Arena *arena, DuckSession *session);

/* Reads header or footer of a file that content_peek() called text or Parquet. ERR_INPUT when it holds no rows or cannot be read. */
bool content_read(ContentReader *reader, const FoundFile *file, ContentKind kind, Content *out, Err *err);

/* Reads the packed ones among `count` contents to their ends, several at a time, since the engine does not notice when such a file was cut
 * short. `failures[i]` is set (ERR_INPUT, ERR_IO) for each that is not whole. */
void content_verify(const Content *const *contents, size_t count, Err *failures);

/* The same failure with the name that the user knows in place of the path at its beginning. Always false. */
bool content_rename_failure(const FoundFile *file, const Err *failure, Err *err);

#endif
