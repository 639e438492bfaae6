/* sample/export.h: writes `line` as one billing period of a CUR 2.0 export, with its manifest. Private to the room. */
#ifndef CURLEW_SAMPLE_EXPORT_H
#define CURLEW_SAMPLE_EXPORT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "io/duck.h"

#define SAMPLE_EXPORT_NAME "petrel-cur2"

/* Writes <root>/data/BILLING_PERIOD=<month>/… and <root>/metadata/BILLING_PERIOD=<month>/…-Manifest.json. The open month's lines have
 * no invoice id. */
bool sample_export_month(Arena *arena, DuckSession *session, const char *root, const char *month, bool open, Err *err);

/* Adds the exact totals of the month to the array `months`. Amounts are decimal texts in USD. */
bool sample_add_truth(Arena *arena, DuckSession *session, const char *month, Json *months, long long *row_count, Err *err);

#endif
