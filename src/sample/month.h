/* sample/month.h: the lines of one billing period in the table `line` of the engine. Private to the room. */
#ifndef CURLEW_SAMPLE_MONTH_H
#define CURLEW_SAMPLE_MONTH_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "io/duck.h"
#include "sample/world.h"

/* Replaces `line` by the lines of month `month_index`: usage, covered usage and its negation, commitments, discounts,
 * marketplace, support, credits, refund, tax. sample_build_world() came before. */
bool sample_build_month(Arena *arena, DuckSession *session, const SampleShape *shape, size_t month_index, Err *err);

#endif
