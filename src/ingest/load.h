/* ingest/load.h: billing files become normalised, immutable snapshots.
 *
 * The unit of import is one billing period of one source; it replaces what the workspace held for it, as a whole. */
#ifndef CURLEW_INGEST_LOAD_H
#define CURLEW_INGEST_LOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"

/* How far a load has come; called from the loading thread a few times a second. */
typedef struct {
    const char *what; /* "reading lumenpay-cur2 2026-09 (3 of 4)" */
    double fraction;  /* of the bytes of all files, 0 to 1; -1 when unknown */
    unsigned long long rows, bytes, bytes_total;
    double elapsed_s;
} LoadProgress;

typedef struct {
    const char *const *paths;
    size_t path_count;
    const char *workspace_folder;
    bool direct;  /* leave the lines of bills in their files: see direct.h */
    bool replace; /* drop everything that the workspace holds and take these paths only */
    int threads;  /* 0 = one per core */
    void (*progress)(void *context, const LoadProgress *progress); /* may be NULL */
    void *context;
    const volatile bool *stop; /* set by Ctrl-C: the load ends with ERR_CANCELLED and changes nothing; may be NULL */
} LoadRequest;

/* What was loaded. `facts` is the summary as JSON, the same that `load --json` prints:
 * {"unchanged":false,"row_count":…,"size_bytes":…,"elapsed_ms":…,
 *  "datasets":[{"name":"bill","format":"CUR 2.0","source":"…","periods":["2026-09"],"row_count":…,
 *    "accounts":7,"services":31,"totals":[{"currency":"USD","billed":"…","effective":"…"}],
 *    "identity":{"billed":…,"amortized":…,"upfront":…,"amortized_upfront":…,"residual":…}, …}],
 *  "notes":["…"],          versions chosen, deliveries replaced
 *  "odd":["…"]}            what a careful reader should know: ragged rows with line numbers, residuals, rounded sources, …
 * The facts of one snapshot (Snapshot.facts) hold, per period:
 * {"first_day","last_day","as_of","data_through","complete","currencies":[…],"granularity":"hourly|daily|monthly|mixed",
 *  "has_resources","has_net","totals":[…],"identity":{…},"odd":[…],
 *  "columns":[{"name","type","source","missing","kind":"bill|tag|costcategory|accounttag|extra","key":"raw tag key"}]}. */
typedef struct {
    Json *facts;
    bool unchanged; /* the same files as before: nothing was done */
} LoadReport;

/* Imports. Refuses (ERR_REFUSED, code DUPLICATE_BILL) two different reports of the same payer and billing period, given together or
 * against what the workspace holds, and says which to choose; a newer delivery of the same report replaces its period. */
bool load_run(Arena *arena, const LoadRequest *request, LoadReport *out, Err *err);

/* The workspace of exactly these paths, in the cache folder: imported on first use, concurrent callers wait for one
 * importer. Gives its folder. */
bool load_cached(Arena *arena, const LoadRequest *request, const char **workspace_folder, LoadReport *out, Err *err);

#endif
