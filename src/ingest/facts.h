/* ingest/facts.h: what the import of one period found out, as JSON (keys in load.h). */
#ifndef CURLEW_INGEST_FACTS_H
#define CURLEW_INGEST_FACTS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "ingest/oddities.h"
#include "ingest/snapshot.h"

/* Facts of a bill's period. `month` is "2026-09". Remarks that follow from the data (a residual of the identity) are added to `odd`, which
 * goes into the facts. */
bool facts_of_bill(SnapshotWriter *writer, const char *month, bool has_net, Oddities *odd, Json **out, Err *err);
/* Facts of a table. */
bool facts_of_table(SnapshotWriter *writer, Oddities *odd, Json **out, Err *err);

#endif
