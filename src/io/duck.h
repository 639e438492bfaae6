/* io/duck.h: DuckDB behind a small door. The only file of the program that includes duckdb.h is io/duck.c.
 *
 * A Duck is one database instance, a DuckSession one connection to it. ingest, sample and catalog write and read here with
 * SQL of their own (made by base/sql.h); a user's SQL gets here only through guard and engine. A session is used by one
 * thread at a time; duck_interrupt() may come from any thread or a signal handler's thread. */
#ifndef CURLEW_IO_DUCK_H
#define CURLEW_IO_DUCK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/table.h"

typedef struct Duck Duck;
typedef struct DuckSession DuckSession;

typedef struct {
    int threads;                /* 0 = one per core */
    size_t memory_limit_bytes;  /* 0 = 80 % of the machine, DuckDB's default */
    const char *temp_directory; /* NULL = "" : a query that does not fit in memory fails at once instead of spilling */
    bool read_only;
} DuckOptions;

/* Opens a database file, or an in-memory one when `path` is NULL. Extensions are never installed or loaded automatically.
 * Closed with the arena. */
bool duck_open(Arena *arena, const char *path, const DuckOptions *options, Duck **out, Err *err);

/* A fresh connection (about 20 µs). Closed with the arena. */
bool duck_connect(Arena *arena, Duck *duck, DuckSession **out, Err *err);

/* Forbids file and network access, loading of extensions and any later change of settings, for the whole instance and for
 * good. What is attached already stays readable. */
bool duck_lock(DuckSession *session, Err *err);

/* Runs one or more statements and drops their results. */
bool duck_run(DuckSession *session, const char *sql, Err *err);

/* Ceilings of one query; a zero field takes the default of base/limits.h. */
typedef struct {
    size_t rows;
    size_t bytes;
    size_t cell_bytes;         /* longer text cells are cut with "…" ; SIZE_MAX = never */
    int timeout_ms;            /* -1 = none */
    const volatile bool *stop; /* the query ends with ERR_CANCELLED soon after this becomes true; may be NULL */
} DuckLimits;

/* Runs one statement with `parameter_count` text parameters bound to $1… (NULL = SQL NULL) and gives its rows as exact text
 * in `arena`. Lists, maps, structs, intervals and other rare types come as the engine's own text for them. The engine keeps the
 * whole result until it is read: put a LIMIT into statements over many rows. Reaching the row or byte limit is not an error: out->truncated says so. ERR_TIMEOUT, ERR_CANCELLED (see
 * duck_interrupt), ERR_LIMIT (memory), ERR_ENGINE otherwise. `limits` may be NULL. */
bool duck_query(Arena *arena, DuckSession *session, const char *sql, const char *const *parameters, size_t parameter_count,
                const DuckLimits *limits, Table **out, Err *err);

/* The same without parameters and with no limits: for our own metadata queries. */
bool duck_rows(Arena *arena, DuckSession *session, const char *sql, Table **out, Err *err);

/* The first cell of the first row as text; NULL in *out for NULL or no row. */
bool duck_value(Arena *arena, DuckSession *session, const char *sql, const char **out, Err *err);

/* Stops the query that runs in this session; it then fails with ERR_CANCELLED. Safe from any thread. */
void duck_interrupt(DuckSession *session);

/* Makes duck_progress() know something about the statements that this session runs from now on. Before duck_lock(). */
bool duck_report_progress(DuckSession *session, Err *err);

/* Share of the running statement done so far, 0 to 100, or -1 when unknown; and rows processed, 0 when unknown. For
 * progress bars; safe from any thread. */
double duck_progress(DuckSession *session, unsigned long long *rows_processed);

/* "v1.5.6". */
const char *duck_version(void);

#endif
