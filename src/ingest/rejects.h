/* ingest/rejects.h: rows of CSV files that were left out because they do not fit their columns. */
#ifndef CURLEW_INGEST_REJECTS_H
#define CURLEW_INGEST_REJECTS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "ingest/oddities.h"
#include "ingest/reader.h"
#include "ingest/watch.h"

/* Prefix of the tables of rejected rows, for reader_sql(). */
#define REJECTS "rejected"

/* Forgets the rows of the reading before. */
bool rejects_clear(Watch *watch, Err *err);

/* Says per file how many rows were left out, and of the first ones line and reason. */
bool rejects_tell(Arena *arena, Watch *watch, const Reader *reader, Oddities *odd, Err *err);

/* The physical line of a byte in a file that is not packed: a record may span lines. `record` (1-based, with the header) for packed ones. */
const char *rejects_place(Arena *arena, const SourceFile *file, unsigned long long byte, long long record);

#endif
