/* investigate/project.h: a daily series carried on (inside the room only). Numbers in, numbers out.
 *
 * A day to come costs what its weekday cost in the last four weeks, the latest counting most (8 : 4 : 2 : 1), plus a drift: the median of
 * the slopes between all pairs of the last thirteen weeks (Theil and Sen), from six weeks on, which fades by 2 % a day and moves a day
 * by a quarter at most. What was before a new level (unusual.h) says nothing. Unusual
 * days (unusual.h) are put back to what is usual before anything is learned. How sure that is, is measured, not assumed: the same method
 * is tried from every earlier day of the series (since its last new level), and the interval reaches as far as four fifths of these trials were off; with
 * fewer than PROJECT_TRIALS of them it comes from the spread of the days alone, and is a tenth of the sum at least (else a fiftieth). */
#ifndef CURLEW_INVESTIGATE_PROJECT_H
#define CURLEW_INVESTIGATE_PROJECT_H

#include "investigate/unusual.h"

enum { PROJECT_DAYS_LEAST = 14, PROJECT_TRIALS = 8 };

typedef struct {
    const DailySeries *series;
    const double *clean;      /* per day, unusual days put back */
    const UnusualRun *levels; /* new levels, in time order */
    size_t level_count;
    size_t since;      /* the day from which on days are learned from */
    double weekday[7]; /* Monday first */
    double slope;      /* money per day and day */
    double spread;     /* standard deviation of a day around its weekday */
} Projection;

/* Learns from the whole series. False when it has fewer than PROJECT_DAYS_LEAST days. */
bool project_learn(Arena *arena, const DailySeries *series, Projection *out);

/* The sum of the days [first, first + count) after the series; `ahead` says how many days lie between its end and `first`. */
double project_sum(const Projection *projection, size_t ahead, size_t count);

/* Half the width of an interval that holds the sum of these days four times in five; `trials` gets the number of earlier days from
 * which that was measured, 0 when it was worked out of the spread. */
double project_margin(Arena *arena, const Projection *projection, size_t ahead, size_t count, size_t *trials);

#endif
