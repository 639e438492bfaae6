/* ingest/reader.h: one delivery as a relation: its files read side by side, columns by their keys.
 *
 * Months of one export differ in their columns (a column exists only where it has values): the union is by key, and NULL where a
 * file lacks one. CSV is read as text only, so that no amount passes through a float and no account loses its leading zero. */
#ifndef CURLEW_INGEST_READER_H
#define CURLEW_INGEST_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "ingest/source.h"

typedef struct {
    const char *key;      /* name in the relation */
    const char *name;     /* as the file prints it */
    const char *type;     /* engine type; VARCHAR where files disagree */
    bool is_constant;     /* in every line of the delivery; found out by constants.h */
    const char *constant; /* what it says there, NULL = it is empty */
} ReaderColumn;

typedef struct {
    Arena *arena;
    const Delivery *delivery;
    size_t column_count;
    ReaderColumn *columns; /* each key once, in order of first appearance */
    long long head_rows;   /* reader_sql() gives only the first rows of every shape of file; 0 = all rows */
} Reader;

void reader_make(Arena *arena, const Delivery *delivery, Reader *out);

/* The column of that key, NULL when no file has it. */
const ReaderColumn *reader_column(const Reader *reader, const char *key);

/* A parenthesised query with every column of the delivery. Rows that do not fit a CSV file's columns are left out; with `rejects` they are
 * noted in the temporary tables "<rejects>_rows" and "<rejects>_files". */
const char *reader_sql(const Reader *reader, const char *rejects);

/* The first rows of every shape of file: quick, for guesses. */
const char *reader_head_sql(const Reader *reader, long long rows);

/* As reader_sql() for one CSV file only, with one column read as a type: what cannot be read is noted as a rejected row with its line. */
const char *reader_strict_sql(const Reader *reader, size_t file, const char *typed_key, const char *typed_as,
                              const char *rejects);

#endif
