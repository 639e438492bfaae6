/* ingest/overlap.h: one bill is counted once. */
#ifndef CURLEW_INGEST_OVERLAP_H
#define CURLEW_INGEST_OVERLAP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "ingest/bookkeeping.h"
#include "ingest/oddities.h"

/* Joins what the workspace holds with what was imported: a period of the same export (its folder, or a report of the same name, format and
 * payer) is replaced as a whole, with a note; two different reports of one payer and billing period are refused (ERR_REFUSED,
 * DUPLICATE_BILL). `out` gets the entries of the new ledger, its `dropped` the files of those that were replaced. */
bool overlap_join(Arena *arena, const Ledger *before, const Entry *added, size_t added_count, bool replace, Oddities *notes,
                  Ledger *out, Err *err);

#endif
