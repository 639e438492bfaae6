/* catalog/catalog.h: what one data set contains, in the words that questions use.
 *
 * Columns with their classes and value dictionaries, measures, named concepts, and the facts about time, currency and
 * granularity that every answer must state. Made once per data set and data version; read-only afterwards, so any number of
 * questions may share it. */
#ifndef CURLEW_CATALOG_CATALOG_H
#define CURLEW_CATALOG_CATALOG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/date.h"
#include "base/decimal.h"
#include "base/err.h"
#include "base/json.h"
#include "base/table.h"
#include "ingest/workspace.h"
#include "io/duck.h"

typedef enum { CLASS_IDENTIFIER, CLASS_DIMENSION, CLASS_TAG, CLASS_COST, CLASS_METRIC, CLASS_TIMESTAMP } ColumnClass;

typedef struct {
    const char *text; /* the raw value as stored */
    long long row_count;
    Decimal cost;            /* BilledCost, or the data set's first cost column; 0 when there is none */
    Day first_day, last_day; /* DAY_NONE when the data set has no time */
} CatalogValue;

typedef struct {
    const char *name;  /* SQL column, e.g. "ServiceName", "tag_team", or the header of a table */
    const char *label; /* singular as a user reads it: "service", "team" (tag keys as written), "volume type" */
    const char *plural;
    const char *tag_key;   /* raw key of a tag, cost category or account tag column, else NULL */
    const char *companion; /* column shown beside it (SubAccountName for SubAccountId), else NULL */
    ColumnClass class;
    CellType type;
    const char *unit;   /* of costs and metrics of tables, as far as the header says: "USD", "GB", "hours"; else NULL */
    long long distinct; /* distinct values; of identifiers approximate */
    long long missing;  /* rows without a value (NULL or empty) */
    bool in_rollup;     /* the column is also in the daily rollup */
    size_t value_count; /* dictionary, highest cost first; identifiers of bills have none: catalog_find_identifier() */
    const CatalogValue *values;
    bool values_complete; /* false when values are missing from it: cut at DICTIONARY_VALUES, or none are kept */
} CatalogColumn;

typedef enum {
    MEASURE_SUM,            /* sum(column) over rows that satisfy `concept`, if any */
    MEASURE_COUNT_ROWS,     /* line items */
    MEASURE_COUNT_DISTINCT, /* count(DISTINCT column), empty values left out */
    MEASURE_RATIO,          /* numerator / denominator, both measures: a ratio of sums, never of rows */
    MEASURE_DIFFERENCE      /* numerator - denominator, both measures, each over its own rows: savings = list - effective */
} MeasureKind;

typedef struct {
    const char *name;  /* "BilledCost", "EffectiveCost", "ConsumedQuantity", "resources", "tag_coverage", … */
    const char *label; /* "billed cost" */
    MeasureKind kind;
    const char *column;
    const char *concept;   /* concept id that limits the rows (list cost: usage), or NULL */
    const char *numerator; /* measure names, for MEASURE_RATIO and MEASURE_DIFFERENCE; themselves sums or differences */
    const char *denominator;
    const char *unit;        /* "currency", "count", "percent" (a ratio is shown times 100), a fixed unit, or NULL */
    const char *unit_column; /* column that holds each row's unit (ConsumedUnit): units are never added together; else NULL */
    bool available;          /* the data set has what it needs */
    const char *needs;       /* what is missing when it is not available, for the user */
    bool internal;           /* only a part of other measures: not offered to users */
    size_t word_count;       /* how people call it, lower case: "amortized cost" */
    const char **words;
} Measure;

/* One condition on one column. */
typedef enum { CLAUSE_IN, CLAUSE_NOT_IN, CLAUSE_CONTAINS, CLAUSE_STARTS, CLAUSE_ENDS, CLAUSE_EMPTY, CLAUSE_NOT_EMPTY } ClauseOp;
typedef struct {
    const char *column;
    ClauseOp op;
    size_t value_count;
    const char **values;
} Clause;

/* A named filter that users treat like a service: NAT gateway, data transfer, EBS, spot, tax. Rows match when every clause
 * of at least one group holds; a clause holds when any of its values fits (NOT_IN: none, and NULL is kept). Comparison ignores
 * case. From tables/concepts.tsv; groups whose columns the data set lacks are left out, and the groups for bills without
 * meters are there only when no line can match the others. */
typedef struct {
    size_t clause_count;
    Clause *clauses;
} ClauseGroup;
typedef struct {
    const char *id;    /* "nat-gateway" */
    const char *label; /* "NAT gateway" */
    size_t group_count;
    ClauseGroup *groups;
    bool available; /* the data set has the columns */
    /* From the dictionaries, without a query: at most so many rows match, and the BilledCost of the dearest group by its rarest
     * clause, an estimate to rank by. 0 rows is certain: "none on this bill". */
    long long row_count;
    Decimal cost;
    size_t word_count; /* how people call it, lower case: "nat gateways"; none = only measures use it */
    const char **words;
    const char *measure; /* the measure that the words ask for ("unused commitment"), NULL = cost */
} Concept;

typedef struct {
    const char *name; /* billing month "2026-09" */
    Day start, end;   /* of usage: days that exist in the data, half-open month */
    bool complete;    /* the month has fully elapsed in the data */
} CatalogMonth;

typedef struct {
    const char *dataset; /* "bill" or the table's name: the relation to select from */
    const char *rollup;  /* "bill_day", NULL when there is none */
    /* "bill_month": the rollup by month, with its columns; the time column says the first of the month. NULL when there is none. */
    const char *month_rollup;
    bool is_bill;
    bool in_place; /* the lines are in their files: looking at them takes as long as reading the files */
    long long row_count, rollup_row_count;
    long long revision;       /* of the workspace: part of cache keys */
    const char *source;       /* what it was loaded from, for the answer's basis */
    const char *source_label; /* the same as a person says it: "lumenpay-cur2 (CUR 2.0), 4 billing periods" */
    const char *provider;     /* "AWS", "Microsoft", …; NULL when mixed or unknown */
    size_t column_count;
    CatalogColumn *columns;
    size_t measure_count;
    Measure *measures; /* the first is the default: BilledCost, or the first cost column of a table, or row count */
    size_t concept_count;
    Concept *concepts;
    const CatalogColumn *time_column; /* x_ChargeDate of a bill; a table's first timestamp column; NULL when there is none */
    Day first_day, last_day;          /* of the time column, inclusive; DAY_NONE when there is no time */
    Day as_of;                        /* "today" of the data, CONVENTIONS: latest usage day of lines of at most a day */
    const char *data_through;         /* end of the last usage hour, "2026-10-12 09:00:00" */
    size_t month_count;
    CatalogMonth *months;
    size_t currency_count;
    const char **currencies;
    const char *granularity; /* "hourly", "daily", "monthly", "mixed" */
    bool has_resources;
    const char *detected_service;        /* of a table: "Amazon EBS" by its columns and values; NULL */
    const char *row_label, *row_plural;  /* what one row is: "line item", or of a table "volume"; "row" when unknown */
    const CatalogColumn *row_identifier; /* of a table: the identifier column that names its rows; NULL */
    size_t odd_count;
    const char **odd; /* sentences about the data that answers should respect */
} Catalog;

/* Reads the model of one data set through a session in which workspace_setup() was run. Everything expensive was computed
 * at import: this takes a few milliseconds. */
bool catalog_load(Arena *arena, DuckSession *session, const Workspace *workspace, const char *dataset, Catalog **out, Err *err);

const CatalogColumn *catalog_column(const Catalog *catalog, const char *name); /* by exact name; NULL */
/* A tag column by its key, without regard to case and punctuation; the one with more rows when several match. */
const CatalogColumn *catalog_tag(const Catalog *catalog, const char *key);
const Measure *catalog_measure(const Catalog *catalog, const char *name);
const Concept *catalog_concept(const Catalog *catalog, const char *id);

/* Whether an identifier column (ResourceId, CommitmentDiscountId, InvoiceId, …) holds a value, exactly or by its last part
 * ("i-0abc", "my-bucket" in an ARN). Gives the raw values found, at most `limit`. */
bool catalog_find_identifier(Arena *arena, DuckSession *session, const Catalog *catalog, const CatalogColumn *column,
                             const char *text, size_t limit, const char ***values, size_t *count, Err *err);

/* The profile as JSON: rows, period, completeness, totals, columns by class with missing values and top values, services. */
bool catalog_profile(Arena *arena, DuckSession *session, const Catalog *catalog, Json **out, Err *err);

/* Ten questions that this data set can answer, best first. */
void catalog_questions(Arena *arena, const Catalog *catalog, const char ***questions, size_t *count);

const char *catalog_class_name(ColumnClass class);

#endif
