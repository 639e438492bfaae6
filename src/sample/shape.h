/* sample/shape.h: the time that a sample bill covers, and how busy its hours are. Hours count from the first of the first month. Private to the room. */
#ifndef CURLEW_SAMPLE_SHAPE_H
#define CURLEW_SAMPLE_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/date.h"

/* Small samples are exported daily with fewer months; larger ones hourly. */
typedef struct {
    bool daily;
    size_t month_count;
    Day first_day; /* first of the first month */
    Day last_day;  /* the last day of usage, in the open month; usage ends on it at SAMPLE_LAST_HOUR */
    long hours;    /* of usage: [0, hours) */
    long long rows;
    long long seed;
} SampleShape;

SampleShape sample_shape(long long rows, long long seed);

/* The hour at which a day of 2026, "MM-DD", begins; before the window it is 0, after it the end. `fallback` for "". */
long shape_hour(const SampleShape *shape, const char *month_day, long fallback);
/* The first hour of a month of the window; month_count gives the end of the open month, after the last usage. */
long shape_month(const SampleShape *shape, size_t month);
/* The last closed month: what findings are judged by. */
size_t shape_basis(const SampleShape *shape);
/* "2026-09" of a month of the window, "2026-09-08T00:00:00Z" of an hour. */
char *shape_month_text(Arena *arena, const SampleShape *shape, size_t month);
char *shape_hour_text(Arena *arena, const SampleShape *shape, long hour);

/* How usage goes with the hours: `clock` moves the working day from UTC. */
typedef enum {
    RHYTHM_FLAT,     /* every hour alike */
    RHYTHM_DAY,      /* traffic: less at night and at weekends */
    RHYTHM_DAYTIME,  /* traffic in twelve hours of every day */
    RHYTHM_OFFICE,   /* twelve hours of working days */
    RHYTHM_BATCH,    /* three hours of every night */
    RHYTHM_DAILY,    /* metered once a day, at 00:00 */
    RHYTHM_WEEKLY,   /* six hours of Tuesdays */
    RHYTHM_QUARTER,  /* four days in late September */
    RHYTHM_MONTHLY,  /* once a month, on the first */
    RHYTHM_INCIDENT, /* traffic with the incident of August in it */
    RHYTHM_COUNT
} Rhythm;

/* The rhythm of a name in tables/sample_meters.tsv ("day"); ends the process for any other name. */
Rhythm rhythm_named(const char *name);

/* The incident: usage of RHYTHM_INCIDENT is multiplied in these hours. */
#define INCIDENT_FACTOR 60
void shape_incident(const SampleShape *shape, long *first, long *last);

typedef struct {
    int *factors;      /* of each hour, in ten-thousandths of the meter's quantity; 0 = no line */
    long *lines_until; /* lines before each hour (of an hourly or daily export), hours + 1 of them */
} RhythmHours;

/* What every rhythm does in every hour of the window; RHYTHM_COUNT of them. */
const RhythmHours *rhythm_hours(Arena *arena, const SampleShape *shape, int clock);

#endif
