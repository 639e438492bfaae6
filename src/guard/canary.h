/* guard/canary.h: statements whose fate is known, tried before the first SQL of a user is: an engine that was upgraded and makes other
 * trees, or a table that was edited wrongly, is noticed there. The statements are in tables/guard_canaries.tsv. */
#ifndef CURLEW_GUARD_CANARY_H
#define CURLEW_GUARD_CANARY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* The relations that the statements may read. */
const char *const *canary_tables(size_t *count);

/* Runs `clears` on every statement. ERR_INTERNAL naming the first one that comes out differently. */
bool canary_run(bool (*clears)(void *context, const char *sql, Err *err), void *context, Err *err);

#endif
