/* io/sqlite.h: small durable writes of many processes at a time. The only file that includes sqlite3.h is io/sqlite.c.
 *
 * Write-ahead log: readers never wait, one writer at a time, others wait up to SQLITE_WAIT_MS. What was committed outlives the process
 * that wrote it. A handle is used by one thread at a time. */
#ifndef CURLEW_IO_SQLITE_H
#define CURLEW_IO_SQLITE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/table.h"

typedef struct Sqlite Sqlite;

/* Opens (makes) the database at `path`, readable by its user only; closed with the arena. ERR_IO when it cannot be opened, ERR_INPUT, code
 * DAMAGED, when the file is no database. */
bool sqlite_open(Arena *arena, const char *path, Sqlite **out, Err *err);

/* A value bound to a "?" of a statement. */
typedef struct {
    enum { SQLITE_VALUE_NULL, SQLITE_VALUE_TEXT, SQLITE_VALUE_INTEGER, SQLITE_VALUE_REAL } kind;
    const char *text;
    long long integer;
    double real;
} SqliteValue;
SqliteValue sqlite_text(const char *text); /* NULL is SQL's NULL */
SqliteValue sqlite_integer(long long value);
SqliteValue sqlite_real(double value);

/* Runs one statement, or several without values, for what they change. */
bool sqlite_run(Sqlite *database, const char *sql, const SqliteValue *values, size_t count, Err *err);
/* Rows that the last statement changed. */
long long sqlite_changed(const Sqlite *database);

/* Runs a query; at most `limit` rows are kept (Table.truncated says there were more). Types of columns are those of the first
 * row's values. */
bool sqlite_query(Arena *arena, Sqlite *database, const char *sql, const SqliteValue *values, size_t count, size_t limit,
                  Table **out, Err *err);

#endif
