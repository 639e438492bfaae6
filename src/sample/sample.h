/* sample/sample.h: makes the bill of an invented organisation: realistic, deterministic, of any size.
 *
 * A CUR 2.0 export laid out as AWS delivers it (Parquet, one folder and manifest per billing period) and truth.json with the exact totals. The
 * organisation is data: tables/sample_accounts.tsv, sample_groups.tsv, sample_meters.tsv. The engine multiplies groups of
 * resources with their meters and hours, so a billion rows take no more memory than a thousand. Same request, same bytes. */
#ifndef CURLEW_SAMPLE_SAMPLE_H
#define CURLEW_SAMPLE_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"

typedef struct {
    const char *what; /* "writing 2026-08 (2 of 4)" */
    double fraction;  /* 0 to 1 */
    unsigned long long rows;
} SampleProgress;

typedef struct {
    const char *folder; /* made when missing; must be empty or hold a sample already */
    long long rows;     /* about so many line items: SAMPLE_ROWS_LEAST to SAMPLE_ROWS_MOST */
    long long seed;
    void (*progress)(void *context, const SampleProgress *progress); /* may be NULL */
    void *context;
    const volatile bool *stop; /* ends with ERR_CANCELLED; may be NULL */
} SampleRequest;

typedef struct {
    long long row_count;
    size_t month_count;
    const char *export_root; /* what to give to `load` */
    Json *truth;             /* as written to truth.json */
} SampleReport;

/* Writes the sample. ERR_USAGE for a row count out of range, ERR_INPUT for a folder that holds something else, ERR_IO when
 * writing fails (a partial export is removed). */
bool sample_make(Arena *arena, const SampleRequest *request, SampleReport *out, Err *err);

#endif
