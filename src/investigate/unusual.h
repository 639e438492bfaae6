/* investigate/unusual.h: days of a daily series that are not like the others (inside the room only). Numbers in, numbers out.
 *
 * What is usual on a day is the median of the same weekday in the weeks before, moved to the level of the last seven days (the
 * median of their ratios to their own medians), so that weekends, growth and seasons are no surprise; of two weeks alone, what lies
 * between them. The spread is the median
 * absolute deviation of the days before from what was usual on them, x 1.4826, at least 3 % of the usual and a tenth of `least`. A day is
 * unusual when it is off by at least `least`, a quarter of what is usual, and five spreads; days next to it when off by half of
 * that; where nothing is usual, three times as much. Unusual days teach nothing: what is usual stays frozen while a run of them lasts. A run of seven days is a new level,
 * from which learning starts afresh; so is one that goes on to the end of the data for as long. The first two weeks of a series are
 * judged backwards, by the weeks after them. What comes at about the same day of the month before or after, or three times within
 * two months, is the rhythm of the series and nothing unusual; so is what is
 * above usual on the first of a month when no other month is there. */
#ifndef CURLEW_INVESTIGATE_UNUSUAL_H
#define CURLEW_INVESTIGATE_UNUSUAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/date.h"

enum {
    UNUSUAL_DAYS_LEAST = 21, /* three weeks: two to learn weekdays from, one to judge */
    UNUSUAL_LEVEL_DAYS = 7   /* so many unusual days in a row are a new level */
};

typedef struct {
    Day first_day;        /* of values[0] */
    size_t count;         /* days */
    const double *values; /* NAN where the data has no lines at all on that day */
    double least;         /* money that a day must be off by */
} DailySeries;

typedef struct {
    size_t first, last; /* index of the first and last unusual day */
    bool lasting;       /* a new level: `last` is the last day looked at to tell */
    bool ongoing;       /* goes on to the end of the series */
    double usual;       /* sum over the days of what is usual on them */
    double excess;      /* sum over the days of what is above that, negative below */
    double score;       /* spreads by which the worst day is off */
} UnusualRun;

/* The runs of a series in time order, at most `room` of them; gives how many. Series shorter than UNUSUAL_DAYS_LEAST have none. */
size_t unusual_find(Arena *arena, const DailySeries *series, UnusualRun *runs, size_t room);

/* The median of `count` numbers, which are put in order; 0 of none. */
double unusual_median(double *numbers, size_t count);

#endif
