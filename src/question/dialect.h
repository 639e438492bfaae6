/* question/dialect.h: what differs between the SQL of DuckDB and of Trino, as a table of text forms (tables/dialects.tsv). */
#ifndef CURLEW_QUESTION_DIALECT_H
#define CURLEW_QUESTION_DIALECT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"

typedef struct Dialect Dialect;

/* The dialect of that name ("duckdb", "trino"); ERR_INPUT naming those that exist otherwise. */
bool dialect_find(Arena *arena, const char *name, const Dialect **out, Err *err);

/* Whether the dialect has a form of that name. */
bool dialect_has(const Dialect *dialect, const char *key);

/* The form `key` with {1} and {2} replaced by SQL text that base/sql.h made. A key that does not exist ends the process:
 * it is our own mistake. */
const char *dialect_form(Arena *arena, const Dialect *dialect, const char *key, const char *first, const char *second);

#endif
