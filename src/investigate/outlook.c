#include "investigate/outlook.h"

#include <math.h>

#include "base/text.h"

enum {
    MONTHLY_DAYS = 3, /* of every month: what comes on more days comes day by day */
    LATE_DAYS = 3,    /* a monthly charge may come so much later than last month */
    MONTHS_ALIKE = 2  /* months in a row in which a charge must have come to be expected again */
};

static size_t index_of(const Forecaster *forecaster, Day day) {
    return (size_t)(day - forecaster->frame.first);
}

/* The first day of the last month that is over and lies wholly in the data, moved by `back` months; DAY_NONE when there is none. */
static Day complete_month(const Forecaster *forecaster, int back) {
    const Day after = date_month(forecaster->last + 1, 0), start = date_month(after, -1 - back);
    return start >= forecaster->frame.first ? start : DAY_NONE;
}

/* Exact cost of the days of [start, end) that are over. */
static Decimal cost_between(const Forecaster *forecaster, const DaySeries *series, Day start, Day end, size_t *days) {
    Decimal sum = {0};
    *days = 0;
    if (start < forecaster->frame.first) start = forecaster->frame.first;
    if (end > forecaster->last + 1) end = forecaster->last + 1;
    for (Day day = start; day < end; day++) {
        const Decimal cost = series->costs[index_of(forecaster, day)];
        *days += !decimal_is_zero(cost);
        (void)decimal_add(sum, cost, &sum);
    }
    return sum;
}

Coming outlook_coming(const Forecaster *forecaster, const DaySeries *series, bool tax, bool support) {
    if (tax || support) return COMES_IN_PROPORTION;
    int months = 0;
    for (int back = 0; complete_month(forecaster, back) != DAY_NONE; back++, months++) {
        size_t days = 0;
        const Day start = complete_month(forecaster, back);
        cost_between(forecaster, series, start, date_month(start, 1), &days);
        if (days > MONTHLY_DAYS) return COMES_DAILY;
    }
    size_t days = 0;
    if (!months) cost_between(forecaster, series, forecaster->frame.first, forecaster->last + 1, &days);
    return days > MONTHLY_DAYS ? COMES_DAILY : COMES_MONTHLY;
}

bool outlook_learn(Forecaster *forecaster, const Group *group) {
    const DayFrame *frame = &forecaster->frame;
    double *values = arena_array(forecaster->arena, frame->count + 1, sizeof *values);
    double *levels = arena_array(forecaster->arena, frame->count + 1, sizeof *levels);
    size_t known = 0;
    for (size_t day = 0; day < frame->count; day++) {
        values[day] = frame->has_lines[day] ? 0 : NAN;
        for (size_t i = 0; i < group->count && frame->has_lines[day]; i++)
            if (group->coming[i] == COMES_DAILY) values[day] += group->series[i]->values[day];
        if (frame->has_lines[day] && day >= forecaster->skipped) levels[known++] = values[day];
    }
    DailySeries *daily = arena_alloc(forecaster->arena, sizeof *daily);
    *daily = (DailySeries){.first_day = frame->first + (Day)forecaster->skipped,
                           .count = frame->count - forecaster->skipped,
                           .values = values + forecaster->skipped,
                           .least = fabs(unusual_median(levels, known)) / 50};
    forecaster->days = known;
    return known >= PROJECT_DAYS_LEAST && project_learn(forecaster->arena, daily, &forecaster->project);
}

/* The day of the month on which a charge came last in [start, end); 0 when it did not come. */
static int last_day_of(const Forecaster *forecaster, const DaySeries *series, Day start, Day end) {
    for (Day day = end; day-- > start;)
        if (!decimal_is_zero(series->costs[index_of(forecaster, day)])) return date_calendar(day).day;
    return 0;
}

/* A charge that came in the last months and has not come in this one is still to come, unless its day is long over. */
static double still_to_come(const Forecaster *forecaster, const DaySeries *series, Day month) {
    size_t days = 0, now = 0;
    Decimal last = {0};
    int day_of_month = 0;
    for (int back = 0; back < MONTHS_ALIKE; back++) {
        const Day start = complete_month(forecaster, back);
        if (start == DAY_NONE && back > 0) break; /* one month alone is all there is */
        if (start == DAY_NONE) return 0;
        const Decimal cost = cost_between(forecaster, series, start, date_month(start, 1), &days);
        if (!days) return 0;
        if (back > 0) continue;
        last = cost;
        day_of_month = last_day_of(forecaster, series, start, date_month(start, 1));
    }
    cost_between(forecaster, series, month, date_month(month, 1), &now);
    const bool over =
        date_month(forecaster->last, 0) == month && date_calendar(forecaster->last).day > day_of_month + LATE_DAYS;
    return now || over ? 0 : decimal_double(last);
}

double outlook_last_month(const Forecaster *forecaster, const Group *group, bool in_proportion) {
    const Day start = complete_month(forecaster, 0);
    double sum = 0;
    size_t days = 0;
    for (size_t i = 0; start != DAY_NONE && i < group->count; i++)
        if ((group->coming[i] == COMES_IN_PROPORTION) == in_proportion)
            sum += decimal_double(cost_between(forecaster, group->series[i], start, date_month(start, 1), &days));
    return sum;
}

Outlook outlook_of(Forecaster *forecaster, const Group *group, Day start, Day end) {
    Outlook out = {0};
    size_t days = 0;
    const Day next = forecaster->last + 1, from = start > next ? start : next;
    const bool over = end <= next; /* what it cost is known, all of it */
    for (size_t i = 0; i < group->count; i++) {
        const Decimal cost = cost_between(forecaster, group->series[i], start, end, &days);
        (void)decimal_add(out.known, cost, &out.known);
        if (group->coming[i] == COMES_IN_PROPORTION) (void)decimal_add(out.charged, cost, &out.charged);
        if (group->coming[i] == COMES_MONTHLY && !over && start == date_month(start, 0))
            out.monthly += still_to_come(forecaster, group->series[i], start);
    }
    if (over) return out;
    if (end > from) {
        out.days_ahead = (size_t)(end - from);
        out.days = project_sum(&forecaster->project, (size_t)(from - next), out.days_ahead);
        out.margin =
            project_margin(forecaster->arena, &forecaster->project, (size_t)(from - next), out.days_ahead, &out.trials);
    }
    return out;
}
