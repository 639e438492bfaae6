/* ingest/rollups.h: the rollups of all billing periods in one file of the workspace, so that a question over them reads one table, however
 * many periods and sources there are: binding a view over forty snapshots takes longer than the answer.
 *
 *   bill_day     the daily rollups of the snapshots
 *   bill_month   the same by month: x_ChargeDate is the first of the month; only where it is much shorter than bill_day
 *
 * Made anew by every load, before the manifest is swapped; readers whose manifest names none unite the snapshots' own rollups. */
#ifndef CURLEW_INGEST_ROLLUPS_H
#define CURLEW_INGEST_ROLLUPS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "ingest/bookkeeping.h"
#include "ingest/watch.h"

/* Makes the file of the ledger's revision and names it in the ledger; leaves it unnamed where one file would gain nothing (one short
 * period), or where a period has no rollup. On failure the file is removed. */
bool rollups_make(Arena *arena, Watch *watch, Ledger *ledger, Err *err);

#endif
