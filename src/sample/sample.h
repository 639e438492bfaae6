/* sample/sample.h: makes the bill of an invented organisation: realistic, deterministic, of any size, with everything that is true of it.
 *
 * The bill is written as AWS delivers bills (CUR 2.0, legacy CUR, FOCUS; a folder and a manifest for each billing period), and truth.json (docs/sample.md) with its
 * exact totals, the owner of every resource, planted waste and what only looks like it. The organisation is drawn by the seed from tables/sample_*.tsv: a world
 * (world.h) of resources and their meters, which the engine multiplies with the hours, some at a time: a billion lines take no more memory than their
 * resources. Same request, same bytes. */
#ifndef CURLEW_SAMPLE_SAMPLE_H
#define CURLEW_SAMPLE_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"

#define SAMPLE_FORMATS 8

typedef struct {
    const char *what; /* "writing 2026-08 (2 of 4)" */
    double fraction;  /* 0 to 1 */
    unsigned long long rows;
} SampleProgress;

typedef struct {
    const char *folder; /* made when missing; must be empty or hold a sample already */
    long long rows;     /* about so many line items: SAMPLE_ROWS_LEAST to SAMPLE_ROWS_MOST */
    long long seed;
    const char *const *formats; /* cur2, cur2-csv, legacy, focus, athena: the same bill in each; none = cur2 */
    size_t format_count;
    void (*progress)(void *context, const SampleProgress *progress); /* may be NULL */
    void *context;
    const volatile bool *stop; /* ends with ERR_CANCELLED; may be NULL */
} SampleRequest;

typedef struct {
    long long row_count;
    size_t month_count;
    const char *export_root; /* the first format's folder: what to give to `load` */
    Json *truth;             /* as written to truth.json */
} SampleReport;

/* Writes the sample. ERR_USAGE for a row count out of range, ERR_INPUT for a folder that holds something else, ERR_IO when
 * writing fails (a partial export is removed). */
bool sample_make(Arena *arena, const SampleRequest *request, SampleReport *out, Err *err);

#endif
