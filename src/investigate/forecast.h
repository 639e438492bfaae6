/* investigate/forecast.h: what a period that has not ended will cost. */
#ifndef CURLEW_INVESTIGATE_FORECAST_H
#define CURLEW_INVESTIGATE_FORECAST_H

#include "answer/answer.h"
#include "investigate/desk.h"

/* Answers a plan of INTENT_FORECAST.
 *
 * agg AVERAGE (run rate): the average per day of the days learned from (else of the complete days of the current month), all charges
 * included, times the days of the period. One row: projected, average_per_day, days, learned cost and days. Exact but for one
 * division.
 *
 * Otherwise: the days that are over at what they cost; the days to come by project.h; charges that come once a month (on at most
 * three days of every complete month) at what they came to last, unless they are in already; tax and support in proportion to the
 * rest, as in the last complete month. One row per month (and member of group_by): forecast, low and high (which hold four
 * times in five), what of it is known already. ERR_REFUSED with NO_SUCH_DATA where there are fewer than PROJECT_DAYS_LEAST
 * complete days. */
bool forecast_make(Arena *arena, const Desk *desk, const Plan *plan, Answer *out, Err *err);

#endif
