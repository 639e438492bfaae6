#include "investigate/anomalies.h"

#include <math.h>
#include <stdlib.h>

#include "base/sql.h"
#include "base/text.h"
#include "investigate/days.h"
#include "investigate/events.h"
#include "investigate/tell.h"

static const double LEAST_OF_DAY = 0.02; /* of the median day: what is off by less is not worth a look */

/* The dimensions in which days are judged, and in which combinations. */
static bool use_column(Search *search, const char *name) {
    const CatalogColumn *column = name ? catalog_column(search->desk->catalog, name) : NULL;
    if (!column || column->distinct < 2) return false;
    search->dimensions[search->dimension_count++] = column;
    return true;
}

static void choose_levels(Search *search) {
    enum { SERVICE = 1, ACCOUNT = 2 };
    static const char *const meters[] = {"x_UsageType", "x_CostDriver", "SkuMeter"};
    const Plan *plan = search->plan;
    for (size_t i = 0; i < plan->group_count && i < DAYS_KEYS; i++)
        search->dimensions[search->dimension_count++] = catalog_column(search->desk->catalog, plan->group_by[i]);
    if (search->dimension_count) {
        search->levels[search->level_count++] = (1U << search->dimension_count) - 1;
        return;
    }
    search->levels[search->level_count++] = 0;
    const bool service = use_column(search, "ServiceName"), account = use_column(search, "SubAccountId");
    if (service) search->levels[search->level_count++] = 1;
    if (account) search->levels[search->level_count++] = service ? ACCOUNT : SERVICE;
    if (service && account) search->levels[search->level_count++] = SERVICE | ACCOUNT;
    const size_t before = search->dimension_count;
    for (size_t i = 0; i < sizeof meters / sizeof *meters && search->dimension_count == before; i++)
        use_column(search, meters[i]);
    if (search->dimension_count > before) search->levels[search->level_count++] = (1U << search->dimension_count) - 1;
}

static Decimal sum_days(const DaySeries *series, size_t first, size_t last) {
    Decimal sum = {0};
    for (size_t day = first; day <= last; day++) (void)decimal_add(sum, series->costs[day], &sum);
    return sum;
}

static void judge_series(Search *search, unsigned mask, const DaySeries *series) {
    enum { RUNS = 64 };
    UnusualRun runs[RUNS];
    DailySeries daily = {
        .first_day = search->frame.first, .count = search->frame.count, .values = series->values, .least = search->least};
    const size_t count = unusual_find(search->arena, &daily, runs, RUNS);
    for (size_t i = 0; i < count; i++) {
        Event event = {.mask = mask, .run = runs[i], .actual = sum_days(series, runs[i].first, runs[i].last)};
        for (size_t slot = 0, key = 0; slot < DAYS_KEYS; slot++)
            if (mask >> slot & 1) event.keys[slot] = series->keys[key++];
        events_add(&search->events, event);
    }
}

static bool judge_level(Search *search, unsigned mask, Err *err) {
    const char *dimensions[DAYS_KEYS] = {0};
    size_t count = 0, series_count = 0;
    DaySeries *series = NULL;
    for (size_t slot = 0; slot < search->dimension_count; slot++)
        if (mask >> slot & 1) dimensions[count++] = search->dimensions[slot]->name;
    const char *least = arena_printf(search->arena, "%.6f", search->least / 2);
    if (!days_read(search->arena, search->desk, search->plan, search->usage, dimensions, count, count ? least : "0",
                   &search->frame, &series, &series_count, err))
        return false;
    for (size_t i = 0; i < series_count; i++) judge_series(search, mask, &series[i]);
    return true;
}

/* The frame of days and the least that is worth a look, from the whole scope. */
static bool measure_scope(Search *search, Err *err) {
    DaySeries *whole = NULL;
    size_t count = 0, days = 0;
    if (!days_usage(search->arena, search->desk->catalog, &search->usage, err)) return false;
    if (!days_read(search->arena, search->desk, search->plan, search->usage, NULL, 0, "0", &search->frame, &whole, &count, err))
        return false;
    double *values = arena_array(search->arena, search->frame.count + 1, sizeof *values);
    for (size_t i = 0; count && i < search->frame.count; i++)
        if (!isnan(whole->values[i])) values[days++] = whole->values[i];
    if (days < UNUSUAL_DAYS_LEAST)
        return err_set_code(
            err, ERR_REFUSED, "NO_SUCH_DATA",
            "What is unusual shows only against what is usual: that takes at least %d complete days with usage, and "
            "there are %zu here. Ask for the daily cost instead",
            (int)UNUSUAL_DAYS_LEAST, days);
    search->days = days;
    search->least = unusual_median(values, days) * LEAST_OF_DAY;
    if (search->least < 1) search->least = 1;
    for (size_t i = 0; i < search->plan->having_count; i++) { /* who asks for less wants to see less */
        Decimal asked = {0};
        if (!decimal_parse(search->plan->having[i].value, &asked)) continue;
        if (decimal_double(asked) > 0 && decimal_double(asked) < search->least) search->least = decimal_double(asked);
    }
    return true;
}

/* Events outside the period asked about, and below the threshold asked for. */
static bool is_wanted(const Search *search, const Event *event) {
    const Plan *plan = search->plan;
    const Day first = search->frame.first + (Day)event->run.first, last = search->frame.first + (Day)event->run.last;
    if (event->dropped) return false;
    if (plan->time.start != DAY_NONE && last < plan->time.start) return false;
    if (plan->time.end != DAY_NONE && first >= plan->time.end) return false;
    for (size_t i = 0; i < plan->having_count; i++) {
        Decimal least = {0};
        const bool above = plan->having[i].op == HAVING_ABOVE || plan->having[i].op == HAVING_AT_LEAST ||
                           plan->having[i].op == HAVING_ABS_ABOVE;
        if (above && decimal_parse(plan->having[i].value, &least) && fabs(event->run.excess) < decimal_double(least))
            return false;
    }
    return true;
}

static void keep_wanted(Search *search) {
    size_t kept = 0;
    for (size_t i = 0; i < search->events.count; i++)
        if (is_wanted(search, &search->events.items[i])) search->events.items[kept++] = search->events.items[i];
    search->events.count = kept;
    if (kept) qsort(search->events.items, kept, sizeof *search->events.items, events_by_size);
}

bool anomalies_find(Arena *arena, const Desk *desk, const Plan *plan, Answer *out, Err *err) {
    if (!desk_cost_column(desk->catalog, plan) || !desk->catalog->time_column)
        return err_set_code(err, ERR_REFUSED, "UNSUPPORTED_SHAPE",
                            "Unusual days can be found in one cost in one currency; name a cost, such as billed cost");
    Search *search = arena_alloc(arena, sizeof *search);
    *search = (Search){.arena = arena, .desk = desk, .plan = plan, .events = {.arena = arena}};
    choose_levels(search);
    if (!measure_scope(search, err)) return false;
    for (size_t i = 0; i < search->level_count; i++)
        if (!judge_level(search, search->levels[i], err)) return false;
    events_settle(&search->events);
    keep_wanted(search);
    return tell_anomalies(search, out, err);
}
