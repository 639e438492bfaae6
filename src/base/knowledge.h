/* base/knowledge.h: the tables of tables/, embedded in the binary.
 *
 * A table is a text file of tab-separated rows. Lines that start with # are comments, empty lines are skipped, the first
 * other line names the columns. A field "-" stands for empty. */
#ifndef CURLEW_BASE_KNOWLEDGE_H
#define CURLEW_BASE_KNOWLEDGE_H

#include <stddef.h>

#include "base/arena.h"

typedef struct {
    size_t column_count;
    size_t row_count;
    const char **names;  /* column names */
    const char **fields; /* row by row, never NULL */
} Knowledge;

/* The raw bytes of an embedded file, e.g. "services.tsv"; NULL when there is none. Not NUL-terminated. */
const char *knowledge_file(const char *name, size_t *size);
/* The name of an embedded file, NULL when there are fewer: tables by file name, rules by path ("rules/nat-idle.rule"), each sorted. */
const char *knowledge_file_name(size_t index);

/* A table of tables/ by its file name. A table that does not exist, or a row with another number of fields than the head,
 * is our own mistake and ends the process: test/unit reads every table. */
const Knowledge *knowledge_table(Arena *arena, const char *name);

/* The field of a row by column name; "" for "-". A column that does not exist ends the process. */
const char *knowledge_field(const Knowledge *table, size_t row, const char *column);

#endif
