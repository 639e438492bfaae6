#include "investigate/project.h"

#include <math.h>
#include <stdlib.h>

enum { WEEK = 7, WEEKS = 4, DRIFT_WEEKS = 13, DRIFT_WEEKS_LEAST = 6 };
static const double WEIGHTS[WEEKS] = {8, 4, 2, 1};
static const double DAMPING = 0.98;
static const double DRIFT_MOST = 0.25;   /* of the level: further no trend is believed */
static const double COVERED = 0.8;       /* of the trials lie within the margin */
static const double LEAST_MARGIN = 0.02; /* of the sum: no method is surer than that about days to come, */
static const double UNMEASURED = 0.1;    /* nor surer than that where it could not be tried */
static const double NORMAL_80 = 1.2816;  /* standard deviations of the same for a normal spread */

/* Unusual days are put back to what is usual, and days without lines take the value of a week before: neither teaches anything. */
static void clean(Arena *arena, Projection *projection) {
    enum { RUNS = 64 };
    const DailySeries *series = projection->series;
    UnusualRun *runs = arena_array(arena, RUNS, sizeof *runs);
    double *values = arena_array(arena, series->count + 1, sizeof *values);
    for (size_t i = 0; i < series->count; i++) values[i] = series->values[i];
    const size_t count = unusual_find(arena, series, runs, RUNS);
    for (size_t i = 0; i < count; i++) {
        const double days = (double)(runs[i].last - runs[i].first + 1);
        for (size_t day = runs[i].first; !runs[i].lasting && day <= runs[i].last; day++) values[day] -= runs[i].excess / days;
        if (runs[i].lasting) runs[projection->level_count++] = runs[i];
    }
    for (size_t i = 0; i < series->count; i++)
        if (isnan(values[i])) values[i] = i >= WEEK ? values[i - WEEK] : i ? values[i - 1] : 0;
    projection->clean = values;
    projection->levels = runs;
}

/* Weekdays as they were in the `count` first days. */
static void learn_weekdays(Projection *projection, size_t count) {
    for (size_t back = 0; back < WEEK; back++) {
        double sum = 0, weight = 0;
        for (size_t week = 0; week < WEEKS && back + week * WEEK < count - projection->since; week++) {
            sum += WEIGHTS[week] * projection->clean[count - 1 - back - week * WEEK];
            weight += WEIGHTS[week];
        }
        const Day day = projection->series->first_day + (Day)(count - 1 - back);
        projection->weekday[date_weekday(day)] = weight > 0 ? sum / weight : 0;
    }
}

static void learn_slope(Projection *projection, size_t count) {
    double weeks[DRIFT_WEEKS], slopes[DRIFT_WEEKS * DRIFT_WEEKS];
    size_t week_count = 0, slope_count = 0;
    for (; week_count < DRIFT_WEEKS && (week_count + 1) * WEEK <= count - projection->since; week_count++) {
        weeks[week_count] = 0;
        for (size_t day = 0; day < WEEK; day++)
            weeks[week_count] += projection->clean[count - 1 - week_count * WEEK - day] / WEEK;
    }
    for (size_t i = 0; i < week_count; i++)
        for (size_t j = i + 1; j < week_count; j++) slopes[slope_count++] = (weeks[i] - weeks[j]) / (double)((j - i) * WEEK);
    projection->slope = week_count >= DRIFT_WEEKS_LEAST ? unusual_median(slopes, slope_count) : 0;
}

static void learn_spread(Projection *projection, size_t count) {
    double sum = 0;
    size_t days = 0;
    for (; days < (size_t)WEEK * WEEKS && days < count - projection->since; days++) {
        const size_t at = count - 1 - days;
        const double off = projection->clean[at] - projection->weekday[date_weekday(projection->series->first_day + (Day)at)];
        sum += off * off;
    }
    projection->spread = days > 1 ? sqrt(sum / (double)(days - 1)) : 0;
}

static void learn_until(Projection *projection, size_t count) {
    projection->since = 0;
    for (size_t i = 0; i < projection->level_count; i++)
        if (projection->levels[i].last < count) projection->since = projection->levels[i].first;
    learn_weekdays(projection, count);
    learn_slope(projection, count);
    learn_spread(projection, count);
}

/* The sum of `days` days that begin `ahead` days after the first `count` of the series. */
static double sum_after(const Projection *projection, size_t count, size_t ahead, size_t days) {
    double sum = 0, drift = 0, step = projection->slope, level = 0;
    for (size_t i = 0; i < WEEK; i++) level += fabs(projection->weekday[i]) / WEEK;
    for (size_t day = 0; day < ahead + days; day++) {
        step *= DAMPING;
        if (fabs(drift + step) <= DRIFT_MOST * level) drift += step;
        const Day date = projection->series->first_day + (Day)(count + day);
        const double value = projection->weekday[date_weekday(date)] + drift;
        if (day >= ahead) sum += value;
    }
    return sum;
}

bool project_learn(Arena *arena, const DailySeries *series, Projection *out) {
    *out = (Projection){.series = series};
    if (series->count < PROJECT_DAYS_LEAST) return false;
    clean(arena, out);
    learn_until(out, series->count);
    return true;
}

double project_sum(const Projection *projection, size_t ahead, size_t count) {
    return sum_after(projection, projection->series->count, ahead, count);
}

static int ascending(const void *a, const void *b) {
    const double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* What really came, where every day of it has lines. */
static double real_sum(const DailySeries *series, size_t from, size_t count) {
    double sum = 0;
    for (size_t day = from; day < from + count; day++) sum += series->values[day];
    return sum;
}

double project_margin(Arena *arena, const Projection *projection, size_t ahead, size_t count, size_t *trials) {
    const size_t days = projection->series->count, needed = ahead + count;
    const double sum = fabs(project_sum(projection, ahead, count));
    double *errors = arena_array(arena, days + 1, sizeof *errors);
    Projection trial = *projection;
    *trials = 0;
    /* Trials from before the last new level would measure that level's coming, not how well it is carried on. */
    size_t known = projection->since + (size_t)WEEK * 2;
    if (known < (size_t)WEEK * WEEKS) known = (size_t)WEEK * WEEKS;
    for (; needed && known + needed <= days; known++) {
        const double real = real_sum(projection->series, known + ahead, count);
        if (isnan(real) || real == 0) continue;
        learn_until(&trial, known);
        errors[(*trials)++] = fabs((sum_after(&trial, known, ahead, count) - real) / real);
    }
    const double steps = (double)count;
    /* The level itself is known from four weeks only, which tells the more the further the days reach. */
    double by_spread = NORMAL_80 * projection->spread * sqrt(steps) * sqrt(1 + (double)needed / (double)(WEEK * WEEKS));
    if (by_spread < LEAST_MARGIN * sum) by_spread = LEAST_MARGIN * sum;
    if (*trials < PROJECT_TRIALS) {
        *trials = 0;
        if (by_spread < UNMEASURED * sum) by_spread = UNMEASURED * sum;
        return by_spread;
    }
    qsort(errors, *trials, sizeof *errors, ascending);
    const double measured = errors[(size_t)(COVERED * (double)(*trials - 1) + 0.5)] * sum;
    return measured > by_spread ? measured : by_spread;
}
