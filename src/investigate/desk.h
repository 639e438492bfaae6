/* investigate/desk.h: how an investigation asks: SQL of our own through the guard to the engine, tables made of what came back
 * (inside the room, and for whoever opens a desk). */
#ifndef CURLEW_INVESTIGATE_DESK_H
#define CURLEW_INVESTIGATE_DESK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/table.h"
#include "catalog/catalog.h"
#include "engine/engine.h"
#include "guard/guard.h"
#include "question/compile.h"

/* What an investigation may reach: the model of one data set, and the engine behind the guard. */
typedef struct {
    const Catalog *catalog;
    Guard *guard;
    Engine *engine;
    const volatile bool *stop; /* set by Ctrl-C; may be NULL */
} Desk;

/* Clears `sql` as compiled SQL and runs it; at most `rows` rows (0 = RESULT_ROWS). NULL `sql` (a mistake in a literal) is
 * ERR_INTERNAL. */
bool desk_run(Arena *arena, const Desk *desk, const char *sql, size_t rows, Table **out, Err *err);

/* The same with a ceiling of its own on the bytes of the result: one row per resource of a big bill. */
bool desk_run_wide(Arena *arena, const Desk *desk, const char *sql, size_t rows, size_t bytes, Table **out, Err *err);

/* desk_run() for a small query that the answers of many questions need alike: computed once for an engine, whose data does not change. */
bool desk_run_once(Arena *arena, const Desk *desk, const char *sql, Table **out, Err *err);

/* A number cell as exact decimal, zero for NULL and for what is no number; as double, for scores only. */
Decimal desk_decimal(const Table *table, size_t row, size_t column);
double desk_double(const Table *table, size_t row, size_t column);

/* A table that grows row by row, for results worked out here. `columns` say names and roles; each row has as many cells. */
typedef struct {
    Arena *arena;
    Table *table;
    CompiledColumn *columns; /* a copy in the arena */
    size_t room;
} Rows;
Rows desk_rows(Arena *arena, const CompiledColumn *columns, const CellType *types, size_t count);
/* Cells belong to the arena; NULL is SQL's NULL. */
void desk_row(Rows *rows, const char *const *cells);

/* "a" of a plan's comparison as SQL condition on the time column: [start, end), open ends left out. NULL without a time column. */
const char *desk_period(Arena *arena, const Catalog *catalog, const PlanTime *time);

/* The column of a plan's first measure when days and members add up to it: a plain sum of money in one currency. NULL otherwise. */
const char *desk_cost_column(const Catalog *catalog, const Plan *plan);

/* The condition of a concept alone as SQL text, "FALSE" where the data has no such lines. */
bool desk_concept(Arena *arena, const Catalog *catalog, const char *id, const char **out, Err *err);

#endif
