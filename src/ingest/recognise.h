/* ingest/recognise.h: which format a list of column names is of, and by which key each column is known from there on.
 *
 * Names decide, not their order, their case or how words are joined: "lineItem/UnblendedCost", "line_item_unblended_cost" and
 * "lineitem_unblendedcost" are one column, "BilledCost" and "billed_cost" another. */
#ifndef CURLEW_INGEST_RECOGNISE_H
#define CURLEW_INGEST_RECOGNISE_H

#include <stddef.h>

#include "base/arena.h"
#include "ingest/source.h"

typedef struct Recogniser Recogniser;

/* Reads the lists of known columns (tables/cur_columns.tsv, tables/focus_columns.tsv) once for many files. */
Recogniser *recogniser_make(Arena *arena);

/* Says what `columns` (name and type are set) are and sets every `key`, unique without regard to case: a second column of the same
 * key gets "_2", a third "_3". `version` is FOCUS's, "" otherwise. Never fails: what is no bill is FORMAT_TABLE.
 *
 * A CUR has an unblended, net unblended or blended cost, a time and what was used; it is CUR 2.0 when a column occurs that only
 * Data Exports has. FOCUS has BilledCost or EffectiveCost, the start of the charge or billing period and one more of its columns; its
 * version is the newest that any column needs. */
void recognise_columns(Arena *arena, const Recogniser *recogniser, SourceColumn *columns, size_t count, SourceFormat *format,
                       const char **version);

#endif
