#include "investigate/unusual.h"

#include <math.h>
#include <stdlib.h>

enum {
    SAME_WEEKDAYS = 4, /* weeks that say what a weekday is like */
    WEEKS_BACK = 6,    /* how far back these may lie: unusual days are passed over */
    LEVEL_RATIOS = 7,  /* days that say what the level is now */
    RATIOS_LEAST = 4,  /* fewer say nothing about a level */
    SPREAD_DAYS = 28,  /* days that say how much a day varies */
    SPREAD_LEAST = 5,  /* fewer say nothing */
    RHYTHM_DAYS = 60,  /* what comes three times within these days is a rhythm */
    RHYTHM_TIMES = 3,
    LATE_DAYS = 2 /* bills of the last days still grow: what is missing there is no drop */
};

static const double SPREADS = 5;            /* of a day that starts a run */
static const double SPREADS_INSIDE = 2.5;   /* of a day next to it */
static const double PART_OF_USUAL = 0.25;   /* so much of the usual a day must be off by */
static const double FROM_NOTHING = 3;       /* what comes now and then must be so many times `least` to count */
static const double LEVEL_MOST = 2;         /* a level moves at most so far from one week to the next */
static const double SPREAD_OF_USUAL = 0.03; /* no cost is steadier than that */
static const double MAD_TO_SIGMA = 1.4826;
static const double SIMILAR = 0.6; /* of the size of a run: as large as that counts as the same thing */

/* One pass over the series in one direction. Day `at` stands for day count - 1 - at when it goes backwards. */
typedef struct {
    const DailySeries *series;
    bool backwards;
    size_t start;    /* learning starts here: the first day of the last new level */
    bool *learned;   /* days that say what is usual */
    double *weekday; /* of each day the median of its weekday, NAN when unknown */
    double *least;   /* what is usual on it, from … to …: two days alone do not say which of them was usual */
    double *most;
    double *scratch;
} Pass;

static int ascending(const void *a, const void *b) {
    const double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

double unusual_median(double *numbers, size_t count) {
    if (!count) return 0;
    qsort(numbers, count, sizeof *numbers, ascending);
    return count % 2 ? numbers[count / 2] : (numbers[count / 2 - 1] + numbers[count / 2]) / 2;
}

static double value_at(const Pass *pass, size_t at) {
    return pass->series->values[pass->backwards ? pass->series->count - 1 - at : at];
}

/* What the same weekday before `at` was like; nothing is known from fewer than two of them. */
static void weekday_before(Pass *pass, size_t at) {
    size_t count = 0;
    for (size_t back = 7; back <= 7 * WEEKS_BACK && back <= at - pass->start && count < SAME_WEEKDAYS; back += 7)
        if (pass->learned[at - back]) pass->scratch[count++] = value_at(pass, at - back);
    if (count < 2) return;
    pass->weekday[at] = unusual_median(pass->scratch, count);
    pass->least[at] = count == 2 ? pass->scratch[0] : pass->weekday[at];
    pass->most[at] = count == 2 ? pass->scratch[1] : pass->weekday[at];
}

/* How the last days stand to the medians of their weekdays. */
static double level_before(Pass *pass, size_t at) {
    size_t count = 0;
    for (size_t day = at; day-- > pass->start && count < LEVEL_RATIOS && at - day <= 3 * LEVEL_RATIOS;)
        if (pass->learned[day] && pass->weekday[day] > 0) pass->scratch[count++] = value_at(pass, day) / pass->weekday[day];
    if (count < RATIOS_LEAST) return 1;
    const double level = unusual_median(pass->scratch, count);
    return level < 1 / LEVEL_MOST ? 1 / LEVEL_MOST : level > LEVEL_MOST ? LEVEL_MOST : level;
}

/* What is usual on a day, as near to its value as can be. */
static double usual_of(const Pass *pass, size_t at) {
    const double value = value_at(pass, at);
    return value < pass->least[at] ? pass->least[at] : value > pass->most[at] ? pass->most[at] : value;
}

static double spread_before(Pass *pass, size_t at, double usual) {
    size_t count = 0;
    double least = usual * SPREAD_OF_USUAL;
    if (least < pass->series->least / 10) least = pass->series->least / 10;
    for (size_t day = at; day-- > pass->start && count < SPREAD_DAYS;)
        if (pass->learned[day] && !isnan(pass->weekday[day]))
            pass->scratch[count++] = fabs(value_at(pass, day) - usual_of(pass, day));
    const double spread = MAD_TO_SIGMA * unusual_median(pass->scratch, count);
    if (count < SPREAD_LEAST && least < usual / 10) least = usual / 10;
    return spread > least ? spread : least;
}

/* The score of a day: spreads by which it is off, 0 when it is usual, with the sign of its excess. */
static double judge(Pass *pass, size_t at, bool inside, double *usual) {
    const double value = value_at(pass, at), least = pass->series->least;
    *usual = NAN;
    if (isnan(pass->weekday[at])) return 0;
    *usual = usual_of(pass, at);
    const double excess = value - *usual, size = fabs(excess);
    const double score = excess / spread_before(pass, at, *usual);
    const double strict = (inside ? 0.5 : 1) * (*usual == 0 ? FROM_NOTHING : 1);
    if (size < least * strict || size < *usual * PART_OF_USUAL * strict) return 0;
    return fabs(score) >= (inside ? SPREADS_INSIDE : SPREADS) ? score : 0;
}

static void learn(Pass *pass, size_t at) {
    pass->learned[at] = true;
}

/* After a new level: what was before it says nothing any more. */
static void start_afresh(Pass *pass, size_t first, size_t last) {
    pass->start = first;
    for (size_t day = first; day <= last; day++) {
        pass->weekday[day] = NAN;
        if (!isnan(value_at(pass, day))) learn(pass, day);
    }
}

static void extend(UnusualRun *run, size_t at, double value, double usual, double score) {
    run->last = at;
    run->usual += usual;
    run->excess += value - usual;
    if (fabs(score) > run->score) run->score = fabs(score);
}

/* All runs in the order of the pass; indices are of the pass. */
static size_t scan(Pass *pass, UnusualRun *runs, size_t room) {
    size_t count = 0, length = 0;
    UnusualRun run = {0};
    for (size_t at = 0; at < pass->series->count; at++) {
        const double value = value_at(pass, at);
        pass->weekday[at] = NAN;
        if (isnan(value)) continue;
        weekday_before(pass, at);
        const double level = level_before(pass, at);
        pass->least[at] *= level;
        pass->most[at] *= level;
        double usual = 0;
        double score = judge(pass, at, length > 0, &usual);
        if (length && score * run.excess <= 0) { /* the run is over; the day may start another one */
            if (count < room) runs[count++] = run;
            length = 0;
            score = judge(pass, at, false, &usual);
        }
        if (score == 0) {
            learn(pass, at);
            continue;
        }
        if (!length) run = (UnusualRun){.first = at};
        extend(&run, at, value, usual, score);
        if (++length < UNUSUAL_LEVEL_DAYS) continue;
        run.lasting = true;
        if (count < room) runs[count++] = run;
        start_afresh(pass, run.first, at);
        length = 0;
    }
    run.ongoing = true;
    if (length && count < room) runs[count++] = run;
    return count;
}

static Pass pass_make(Arena *arena, const DailySeries *series, bool backwards) {
    Pass pass = {.series = series, .backwards = backwards};
    pass.learned = arena_array(arena, series->count, sizeof *pass.learned);
    pass.weekday = arena_array(arena, series->count, sizeof *pass.weekday);
    pass.least = arena_array(arena, series->count, sizeof *pass.least);
    pass.most = arena_array(arena, series->count, sizeof *pass.most);
    pass.scratch = arena_array(arena, series->count + SPREAD_DAYS, sizeof *pass.scratch);
    return pass;
}

/* --- what is a rhythm of the series --- */

/* What is above the same weekday in the weeks around it. */
static double height(const DailySeries *series, size_t at) {
    enum { WEEKS = 2 };
    double around[2 * WEEKS];
    size_t count = 0;
    for (size_t off = 7; off <= 7 * WEEKS; off += 7) {
        if (at >= off && !isnan(series->values[at - off])) around[count++] = series->values[at - off];
        if (at + off < series->count && !isnan(series->values[at + off])) around[count++] = series->values[at + off];
    }
    return isnan(series->values[at]) || !count ? 0 : series->values[at] - unusual_median(around, count);
}

static bool is_similar(const DailySeries *series, long at, double daily) {
    if (at < 0 || (size_t)at >= series->count) return false;
    return daily > 0 ? height(series, (size_t)at) >= daily * SIMILAR : height(series, (size_t)at) <= daily * SIMILAR;
}

/* Something like it on the same day of the month before or after, give or take one. */
static bool is_monthly(const DailySeries *series, const UnusualRun *run, double daily) {
    const Day day = series->first_day + (Day)run->first;
    const int of_month = date_calendar(day).day;
    for (int months = -1; months <= 1; months += 2) {
        const Day first = date_month(day, months), after = date_month(day, months + 1);
        const Day same = first + of_month - 1 < after ? first + of_month - 1 : after - 1;
        for (long off = -1; off <= 1; off++)
            if (is_similar(series, (long)(same - series->first_day) + off, daily)) return true;
    }
    return false;
}

/* What is charged more on the first of a month is most often monthly; without another month nobody can tell. */
static bool may_be_monthly(const DailySeries *series, const UnusualRun *run) {
    const Day day = series->first_day + (Day)run->first, after = series->first_day + (Day)series->count;
    const bool other = date_month(day, -1) >= series->first_day || date_month(day, 1) < after;
    return run->first == run->last && run->excess > 0 && date_calendar(day).day == 1 && !other;
}

static bool is_rhythm(const DailySeries *series, const UnusualRun *run) {
    const double daily = run->excess / (double)(run->last - run->first + 1);
    if (run->lasting) return false;
    if (may_be_monthly(series, run)) return true;
    if (run->last == run->first && is_monthly(series, run, daily)) return true;
    int times = 0;
    bool before = false;
    for (long at = (long)run->first - RHYTHM_DAYS; at <= (long)run->last + RHYTHM_DAYS; at++) {
        const bool own = at >= (long)run->first - 1 && at <= (long)run->last + 1;
        const bool here = !own && is_similar(series, at, daily);
        times += here && !before;
        before = here;
    }
    return times >= RHYTHM_TIMES;
}

/* --- both directions together --- */

static bool counts(const DailySeries *series, const UnusualRun *run) {
    if (run->excess < 0 && !run->lasting && run->last + LATE_DAYS >= series->count) return false;
    return !is_rhythm(series, run);
}

size_t unusual_find(Arena *arena, const DailySeries *series, UnusualRun *runs, size_t room) {
    enum { JUDGED_BACKWARDS = 14 };
    if (series->count < UNUSUAL_DAYS_LEAST) return 0;
    UnusualRun *found = arena_array(arena, series->count, sizeof *found);
    size_t count = 0;
    Pass pass = pass_make(arena, series, true);
    const size_t early = scan(&pass, found, series->count);
    for (size_t i = early; i-- > 0;) { /* the last found backwards is the first in time */
        UnusualRun run = found[i];
        run.first = series->count - 1 - found[i].last;
        run.last = series->count - 1 - found[i].first;
        run.ongoing = false;
        /* What is missing there had not begun yet. */
        if (run.excess < 0 || run.lasting || run.last >= JUDGED_BACKWARDS) continue;
        if (count < room && counts(series, &run)) runs[count++] = run;
    }
    pass = pass_make(arena, series, false);
    const size_t late = scan(&pass, found, series->count);
    for (size_t i = 0; i < late && count < room; i++)
        if (counts(series, &found[i])) runs[count++] = found[i];
    return count;
}
