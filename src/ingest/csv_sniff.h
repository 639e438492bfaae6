/* ingest/csv_sniff.h: how a text file is written: delimiter, header, byte order mark; from its first bytes alone. */
#ifndef CURLEW_INGEST_CSV_SNIFF_H
#define CURLEW_INGEST_CSV_SNIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

typedef struct {
    char delimiter; /* , ; tab | or 0x01 */
    bool has_bom;   /* begins with the UTF-8 byte order mark */
    size_t column_count;
    const char **names; /* as the header prints them, without quotes */
} CsvShape;

/* `bytes` are the first `size` bytes of the (unpacked) file; `whole` says that there are no more. `shown` names the file in errors.
 * ERR_INPUT, in a sentence that says what to do, for text that is not UTF-8, for what is no table, a header without rows, a first line
 * that holds values, a name that occurs twice; ERR_LIMIT for more than SOURCE_COLUMNS columns. */
bool csv_sniff(Arena *arena, const char *bytes, size_t size, bool whole, const char *shown, CsvShape *out, Err *err);

#endif
