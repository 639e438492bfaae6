/* ingest/report.h: the summary of a load, as `load --json` prints it (keys in load.h). */
#ifndef CURLEW_INGEST_REPORT_H
#define CURLEW_INGEST_REPORT_H

#include <stddef.h>

#include "base/arena.h"
#include "base/json.h"
#include "ingest/bookkeeping.h"
#include "ingest/oddities.h"

Json *report_write(Arena *arena, const Entry *entries, size_t count, const Oddities *notes, bool unchanged,
                   long long started_us);

#endif
