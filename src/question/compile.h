/* question/compile.h: a checked plan becomes the SQL of a dialect.
 *
 * Dialects are tables of text forms (tables/dialects.tsv): DuckDB now, Trino beside it. The compiler chooses the cheapest relation
 * that covers the plan (the monthly rollup, the daily one, else the lines): every column the plan touches is in it. */
#ifndef CURLEW_QUESTION_COMPILE_H
#define CURLEW_QUESTION_COMPILE_H

#include "base/arena.h"
#include "base/err.h"
#include "catalog/catalog.h"
#include "question/plan.h"

typedef enum {
    ROLE_KEY,       /* a group_by dimension */
    ROLE_COMPANION, /* shown beside a key: account name */
    ROLE_BUCKET,    /* time bucket */
    ROLE_MEASURE,   /* value of a measure (of side a in comparisons) */
    ROLE_BEFORE,    /* value on side b */
    ROLE_DELTA,     /* a − b */
    ROLE_PERCENT,   /* change in percent of b; NULL when b is zero */
    ROLE_SHARE,     /* percent of the total */
    ROLE_COUNT,
    ROLE_TOTAL, /* grand total of the same scope beside each row, hidden from tables: reconciles shares and truncation */
    ROLE_UNIT,  /* unit of the quantity in this row */
    ROLE_CURRENCY,
    ROLE_OTHER
} ColumnRole;

typedef struct {
    const char *name;  /* of the SQL column and of the answer's column: "ServiceName", "BilledCost", "month", "change" */
    const char *label; /* for people: "service", "billed cost" */
    ColumnRole role;
    const char *measure; /* measure name, for value roles */
    const char *unit;    /* "USD", "percent", "count", …; NULL */
    bool hidden;         /* not part of the answer's rows (ROLE_TOTAL) */
} CompiledColumn;

typedef struct {
    const char *sql;
    const char *dialect;  /* "duckdb", "trino" */
    const char *relation; /* the relation chosen: "bill", "bill_day" or "bill_month" */
    long long rows;       /* of the answer at most; a result with more has been cut (0 = RESULT_ROWS) */
    size_t column_count;
    CompiledColumn *columns; /* in the order of the SELECT list */
} Compiled;

/* Compiles `plan` (which plan_check() accepted; META plans have no SQL and are ERR_INTERNAL here). Money stays DECIMAL; division
 * happens outside the aggregates; order is total (ties by key); a LIMIT is always there, one
 * row above what the answer may show where rows may be left out. `rollups` false compiles on the
 * lines only (for the property test that compares both). */
bool plan_compile(Arena *arena, const Catalog *catalog, const Plan *plan, const char *dialect, bool rollups, Compiled *out,
                  Err *err);

/* The rows that a plan is about, for SQL that a plan cannot say (src/investigate writes it): a relation that has the time column,
 * all columns of the plan's conditions and the `columns` named (names that the data set lacks make no difference), and the
 * conditions of filters, concepts and calendar as SQL text, "TRUE" when there are none. Periods are not among them. */
typedef struct {
    const char *relation;
    const char *condition;
} PlanScope;
bool plan_scope(Arena *arena, const Catalog *catalog, const Plan *plan, const char *const *columns, size_t count,
                PlanScope *out, Err *err);

#endif
