#include "sample/shape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"

/* Below this many lines hourly data would leave a handful of resources: the export is daily then. */
#define DAILY_BELOW_ROWS 300000
/* Below this many lines even daily data is cut to its last two months. */
#define SHORT_BELOW_ROWS 6000
#define MONTHS 4
#define SHORT_MONTHS 2
#define HOURS_OF_DAY 24

/* The open month ends here: a fixed day, so that the same request gives the same bytes on any day. */
static const CalendarDate LAST_DAY = {2026, 10, 12};

SampleShape sample_shape(long long rows, long long seed) {
    SampleShape shape = {.daily = rows < DAILY_BELOW_ROWS,
                         .month_count = rows < SHORT_BELOW_ROWS ? SHORT_MONTHS : MONTHS,
                         .rows = rows,
                         .seed = seed};
    if (!date_from(LAST_DAY, &shape.last_day)) abort();
    shape.first_day = date_month(shape.last_day, 1 - (int)shape.month_count);
    shape.hours = (shape.last_day - shape.first_day) * HOURS_OF_DAY + SAMPLE_LAST_HOUR;
    return shape;
}

long shape_hour(const SampleShape *shape, const char *month_day, long fallback) {
    if (!*month_day) return fallback;
    CalendarDate date = {.year = LAST_DAY.year};
    Day day = 0;
    if (sscanf(month_day, "%d-%d", &date.month, &date.day) != 2 || !date_from(date, &day)) abort();
    long hour = (day - shape->first_day) * HOURS_OF_DAY;
    return hour < 0 ? 0 : hour > shape->hours ? shape->hours : hour;
}

long shape_month(const SampleShape *shape, size_t month) {
    return (date_month(shape->first_day, (int)month) - shape->first_day) * HOURS_OF_DAY;
}

size_t shape_basis(const SampleShape *shape) {
    return shape->month_count - 2;
}

char *shape_month_text(Arena *arena, const SampleShape *shape, size_t month) {
    return arena_text_n(arena, date_text(arena, date_month(shape->first_day, (int)month)), strlen("YYYY-MM"));
}

char *shape_hour_text(Arena *arena, const SampleShape *shape, long hour) {
    return arena_printf(arena, "%sT%02ld:00:00Z", date_text(arena, shape->first_day + hour / HOURS_OF_DAY),
                        hour % HOURS_OF_DAY);
}

Rhythm rhythm_named(const char *name) {
    static const char *const names[RHYTHM_COUNT] = {"flat",  "day",    "daytime", "office",  "batch",
                                                    "daily", "weekly", "quarter", "monthly", "incident"};
    for (int i = 0; i < RHYTHM_COUNT; i++)
        if (text_equal(name, names[i])) return (Rhythm)i;
    fprintf(stderr, "sample: no rhythm is called %s\n", name);
    abort();
}

void shape_incident(const SampleShape *shape, long *first, long *last) {
    *first = shape_hour(shape, "08-19", 0) + 14;
    *last = shape_hour(shape, "08-21", 0) + 10;
    if (*first >= *last || shape->month_count < MONTHS) *first = *last = 0;
}

/* Traffic of a working day by the hour of its own clock, in ten-thousandths. */
static const int DAY_CURVE[HOURS_OF_DAY] = {3800, 3300, 3000,  2900, 3000, 3500, 4500, 6000, 7800, 9000, 9600, 9900,
                                            9700, 9800, 10000, 9900, 9700, 9500, 9200, 8800, 8100, 7000, 5700, 4600};
#define WEEKEND_SHARE 62 /* percent of a working day's traffic */

typedef struct {
    int weekday, hour, month, day; /* of UTC but `hour` and `weekday`, which are of the organisation's clock */
    int hour_utc;
} Moment;

static bool in_office(const Moment *m) {
    return m->weekday < 5 && m->hour >= 8 && m->hour < 20;
}

static int traffic(const Moment *m) {
    return m->weekday < 5 ? DAY_CURVE[m->hour] : DAY_CURVE[m->hour] * WEEKEND_SHARE / 100;
}

static int factor_of(Rhythm rhythm, const Moment *m, bool incident) {
    switch (rhythm) {
    case RHYTHM_FLAT: return 10000;
    case RHYTHM_DAY: return traffic(m);
    case RHYTHM_DAYTIME: return m->hour >= 8 && m->hour < 20 ? traffic(m) * 2 : 0;
    case RHYTHM_OFFICE: return in_office(m) ? 10000 : 0;
    case RHYTHM_BATCH: return m->hour >= 1 && m->hour < 4 ? 10000 : 0;
    case RHYTHM_DAILY: return m->hour_utc == 0 ? 10000 : 0;
    case RHYTHM_WEEKLY: return m->weekday == 1 && m->hour >= 9 && m->hour < 15 ? 10000 : 0;
    case RHYTHM_QUARTER: return m->month == 9 && m->day >= 21 && m->day <= 24 && m->hour >= 8 && m->hour < 18 ? 10000 : 0;
    case RHYTHM_MONTHLY: return m->day == 1 && m->hour_utc == 0 ? 10000 : 0;
    case RHYTHM_INCIDENT: return traffic(m) * (incident ? INCIDENT_FACTOR : 1);
    case RHYTHM_COUNT: break;
    }
    return 0;
}

static Moment moment_at(const SampleShape *shape, long hour, int clock) {
    CalendarDate date = date_calendar(shape->first_day + hour / HOURS_OF_DAY);
    long local = hour + clock + HOURS_OF_DAY; /* a day later, so that it is never negative */
    return (Moment){.weekday = date_weekday(shape->first_day + local / HOURS_OF_DAY - 1),
                    .hour = (int)(local % HOURS_OF_DAY),
                    .month = date.month,
                    .day = date.day,
                    .hour_utc = (int)(hour % HOURS_OF_DAY)};
}

/* In a daily export the hours of a day are one line. */
static void count_lines(const SampleShape *shape, RhythmHours *out) {
    long lines = 0, counted_day = -1;
    for (long hour = 0; hour < shape->hours; hour++) {
        out->lines_until[hour] = lines;
        if (!out->factors[hour] || (shape->daily && counted_day == hour / HOURS_OF_DAY)) continue;
        counted_day = hour / HOURS_OF_DAY;
        lines++;
    }
    out->lines_until[shape->hours] = lines;
}

const RhythmHours *rhythm_hours(Arena *arena, const SampleShape *shape, int clock) {
    RhythmHours *all = arena_array(arena, RHYTHM_COUNT, sizeof *all);
    long first = 0, last = 0;
    shape_incident(shape, &first, &last);
    for (int rhythm = 0; rhythm < RHYTHM_COUNT; rhythm++) {
        all[rhythm].factors = arena_array(arena, (size_t)shape->hours, sizeof(int));
        all[rhythm].lines_until = arena_array(arena, (size_t)shape->hours + 1, sizeof(long));
        for (long hour = 0; hour < shape->hours; hour++) {
            Moment moment = moment_at(shape, hour, clock);
            all[rhythm].factors[hour] = factor_of((Rhythm)rhythm, &moment, hour >= first && hour < last);
        }
        count_lines(shape, &all[rhythm]);
    }
    return all;
}
