/* investigate/days.h: daily costs as series, for methods that judge days (inside the room only). */
#ifndef CURLEW_INVESTIGATE_DAYS_H
#define CURLEW_INVESTIGATE_DAYS_H

#include "investigate/desk.h"

enum { DAYS_KEYS = 4 };

/* One series: the exact cost of each day (zero where there is none) and the same as double. */
typedef struct {
    const char *keys[DAYS_KEYS]; /* values of the dimensions; NULL = no value */
    const Decimal *costs;        /* one per day of the frame */
    const double *values;        /* NAN on days on which the whole scope has no line */
} DaySeries;

/* The days that all series have in common: from the first of the data to the last that is over. */
typedef struct {
    Day first;
    size_t count;
    const bool *has_lines; /* of the scope, per day */
    bool truncated;        /* the last question had more rows than DAY_ROWS: series are missing */
    const char *sql;       /* of the last question for daily costs, to be shown */
} DayFrame;

/* The last day that is over: the day before `today` unless the data reaches to its end. */
Day days_last_complete(const Catalog *catalog);

/* The condition that keeps what is used day by day: charge category usage, no support. "TRUE" where the data has no categories. */
bool days_usage(Arena *arena, const Catalog *catalog, const char **out, Err *err);

/* Reads the daily cost of the plan's scope, limited by `condition`, per combination of `dimensions`; series that have no day of at least
 * `least` (an exact decimal text, "0" = all) are left out. `frame` is filled when its count is 0, else used as it is. */
bool days_read(Arena *arena, const Desk *desk, const Plan *plan, const char *condition, const char *const *dimensions,
               size_t dimension_count, const char *least, DayFrame *frame, DaySeries **out, size_t *count, Err *err);

#endif
