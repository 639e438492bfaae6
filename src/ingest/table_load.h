/* ingest/table_load.h: any other file with columns becomes a data set of its own: its columns get the narrowest type that keeps every value as
 * printed. Identifiers (leading zeros, account numbers) stay text. */
#ifndef CURLEW_INGEST_TABLE_LOAD_H
#define CURLEW_INGEST_TABLE_LOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "ingest/model.h"
#include "ingest/watch.h"

/* The model of a table: one output per column, under its name in the file. Reads the delivery once. */
bool table_model(Arena *arena, Watch *watch, const Reader *reader, Model *out, Err *err);

#endif
