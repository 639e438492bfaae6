/* answer/facts.h: numbers of a result as facts: read from cells, never computed twice (inside the room only).
 *
 * The collector also reads the raw result by role, so that the writers of summaries need not know positions of columns. */
#ifndef CURLEW_ANSWER_FACTS_H
#define CURLEW_ANSWER_FACTS_H

#include "answer/answer.h"

typedef struct {
    Arena *arena;
    const Catalog *catalog;
    const Plan *plan;
    const Table *table;            /* the raw result, hidden columns included; NULL when there is none */
    const CompiledColumn *columns; /* one per column of `table` */
    const char *scope;             /* subject of totals: describe_scope() */
    const char *part;              /* subject of rows without a key: describe_part(), NULL = the scope */
    const char *period;            /* "2026-09-01..2026-10-01", NULL when the data has no time */
    Answer *answer;                /* facts are appended to answer->facts */
    size_t room;
} Facts;

/* First column of a role (and of a measure, when it is not NULL), -1 when there is none. */
int facts_role(const Facts *facts, ColumnRole role, const char *measure);
/* The column by which rows are ranked and summed: the first measure or count. -1 when there is none. */
int facts_value_column(const Facts *facts);

/* What row `row` is about, as shown: keys with their companions, bucket, currency; the scope when it has none of these. */
const char *facts_subject(Facts *facts, size_t row);
/* The unit of a value cell: its column's, else the row's currency or unit. */
const char *facts_unit(const Facts *facts, size_t row, int column);
/* The value of a cell; false for NULL, for no such column, and for what is no number. */
bool facts_decimal(const Facts *facts, size_t row, int column, Decimal *out);

/* Appends a fact: id and display are made here, and the period where the fact names none. An equal fact is given back instead
 * of a second one. */
const Fact *facts_add(Facts *facts, Fact fact);
/* The fact of a cell; NULL when the cell is NULL or there is no such column. The kind follows from the column's role. */
const Fact *facts_cell(Facts *facts, size_t row, int column);
/* The grand total of a measure's scope, from the hidden total beside the rows; NULL when there is none, or several: one per
 * bucket or currency. */
const Fact *facts_total(Facts *facts, size_t row, int value_column);
/* Percent of the total of a row: its share column, else value / total. NULL where there is no positive total. */
const Fact *facts_share(Facts *facts, size_t row, int value_column);
/* A number of things: "16" services. */
const Fact *facts_count(Facts *facts, long long count, const char *column, const char *formula);
/* A day or period as text; `display` is what is said ("September 2026"), `value` its ISO form. */
const Fact *facts_date(Facts *facts, const char *subject, const char *value, const char *display);
/* That a row is the "highest", "lowest", … : `word` is what the summary may say before the row's name. */
void facts_rank(Facts *facts, size_t row, const char *word);

#endif
