/* ingest/probe.h: the first, cheap pass over a delivery: which billing periods, payers and kinds of line it holds.
 *
 * Groups the delivery by the few columns that decide how it is mapped into the temporary table "probe":
 *   period (text as in the file), month (TIMESTAMP), payer, currency, code, name, usage_type, type, row_count,
 *   map_<i> (JSON text of map columns in CSV files), first_<i> and last_<i> (of time columns in CSV, in text order), has_<i> (a number
 *   column has a value other than zero), most_<i> and digits_<i> (largest magnitude, and most digits behind the point, of measured number
 *   columns), varies_<i> (a column that was guessed to be constant is not). */
#ifndef CURLEW_INGEST_PROBE_H
#define CURLEW_INGEST_PROBE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "ingest/constants.h"
#include "ingest/model.h"
#include "ingest/reader.h"
#include "ingest/watch.h"

/* What to group by, as SQL over "s"; NULL where the source has none. */
typedef struct {
    const char *period, *period_fallback;                                      /* billing period; start of the charge */
    const char *payer, *currency, *code, *name, *usage_type, *type, *provider; /* provider: of FOCUS */
    size_t map_count;
    const char **maps; /* keys of columns with JSON text */
    size_t time_count;
    const char *times[4]; /* keys of time columns */
    size_t present_count;
    const char **present; /* keys of number columns whose presence matters */
    size_t measured_count;
    const char **measured; /* keys of number columns that are often too large for their default type */
    size_t guess_count;
    ConstantGuess *guesses; /* columns that may have one value */
} ProbeRequest;

typedef struct {
    const char *month; /* "2026-09" */
    long long row_count;
    bool has_net; /* costs of net columns count; set by normalise_model() */
} ProbePeriod;

typedef struct {
    size_t period_count;
    ProbePeriod *periods;
    bool spreadsheet_dates; /* a spreadsheet rewrote the dates */
    size_t override_count;
    NumberOverride *overrides; /* measured columns that need another type than their default */
} Probe;

/* Notes constant columns with the reader. ERR_INPUT when a billing period cannot be read (names the file's text), ERR_CANCELLED. */
bool probe_run(Arena *arena, Watch *watch, Reader *reader, const ProbeRequest *request, Probe *out, Err *err);

#endif
