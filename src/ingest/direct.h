/* ingest/direct.h: a bill that is asked in place. Its lines stay in their files; kept are the daily rollup, the dictionaries and the facts that
 * every question needs, and the SQL that reads a line.
 *
 * One pass over the files groups them by the dimensions of the rollup as the source spells them; what is looked up per product code and
 * usage type (service, meter) is added to the groups. Where formats leave open how amounts are to be read (net columns, maps as text,
 * spreadsheets), a probe of the files comes before that, as in an import. */
#ifndef CURLEW_INGEST_DIRECT_H
#define CURLEW_INGEST_DIRECT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "ingest/snapshot.h"
#include "ingest/source.h"
#include "ingest/tags.h"
#include "ingest/watch.h"

/* Makes the snapshot of a delivery of a bill: no table "bill", but "lines" and the other tables that its SQL joins. `out` gets the facts,
 * with the key "direct" (setup.c): {"sql": a SELECT of the lines, "tables": [what it joins], "files": [what it reads]}. */
bool direct_import(Arena *arena, Watch *watch, const Delivery *delivery, TagNames *names, SnapshotWriter *writer, Json **out,
                   Err *err);

#endif
