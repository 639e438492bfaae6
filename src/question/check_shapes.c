/* Whether the intent has what it needs, and asks for nothing that its measures cannot give. */
#include "base/text.h"
#include "question/check.h"

static bool unsupported(Err *err, const char *sentence) {
    return err_set_code(err, ERR_REFUSED, "UNSUPPORTED_SHAPE", "%s", sentence);
}

static bool has_sides(const Plan *plan) {
    return plan->compare.kind == COMPARE_PERIODS && (plan->intent == INTENT_COMPARE || plan->intent == INTENT_DRIVERS);
}

bool check_rank_target(const Plan *plan, RankOn on, Err *err) {
    if (plan->intent == INTENT_ANOMALY) return true; /* every anomaly is a change against what is usual */
    if ((on == ON_DELTA || on == ON_PERCENT) && !has_sides(plan))
        return unsupported(err, "A change needs two periods to compare; name them");
    const bool shares = plan->intent == INTENT_SHARE || plan->intent == INTENT_BREAKDOWN || plan->intent == INTENT_SERIES;
    if (on == ON_SHARE && !shares) return unsupported(err, "Only a breakdown has shares; ask for the share by a dimension");
    return true;
}

static const Measure *first_measure(const Catalog *catalog, const Plan *plan) {
    return catalog_measure(catalog, plan->measures[0]);
}

/* Sums of parts are the whole: not so of ratios and of counts of distinct values. */
static bool adds_up(const Catalog *catalog, const Plan *plan) {
    const Measure *measure = first_measure(catalog, plan);
    return !plan->per && measure->kind != MEASURE_RATIO && measure->kind != MEASURE_COUNT_DISTINCT;
}

static bool check_compare(Arena *arena, const Catalog *catalog, const Plan *plan, Err *err) {
    const PlanCompare *compare = &plan->compare;
    if (compare->kind == COMPARE_NONE) return unsupported(err, "A comparison needs two periods or several values to compare");
    if (compare->kind == COMPARE_PERIODS || compare->kind == COMPARE_CALENDAR) return true;
    if (compare->dimension) return check_column(arena, catalog, compare->dimension, err);
    size_t things = 0;
    for (size_t i = 0; i < plan->concept_count; i++) things += !plan->concepts[i].negated;
    for (size_t i = 0; i < plan->filter_count; i++)
        if (plan->filters[i].part) things += plan->filters[i].op == FILTER_IN ? plan->filters[i].value_count : 1;
    return things > 0 || unsupported(err, "A comparison needs things to compare; name them");
}

static bool check_parts_add_up(const Catalog *catalog, const Plan *plan, Err *err) {
    if (adds_up(catalog, plan)) return true;
    return err_set_code(err, ERR_REFUSED, "UNSUPPORTED_SHAPE",
                        "The parts of %s do not add up to a whole, so they have no shares; ask for shares of a cost",
                        first_measure(catalog, plan)->label);
}

static bool check_share(const Catalog *catalog, const Plan *plan, Err *err) {
    const Measure *measure = first_measure(catalog, plan);
    if (plan->per || measure->kind == MEASURE_RATIO)
        return err_set_code(err, ERR_REFUSED, "UNSUPPORTED_SHAPE",
                            "%s is a ratio already, so a share of it means nothing; ask for a share of a cost", measure->label);
    bool part = false;
    for (size_t i = 0; i < plan->filter_count; i++) part |= plan->filters[i].part;
    for (size_t i = 0; i < plan->concept_count; i++) part |= plan->concepts[i].part;
    if (part) return true;
    if (!plan->group_count && plan->grain == GRAIN_NONE)
        return unsupported(err, "A share needs a part: name what it is the share of, or a dimension to split by");
    return check_parts_add_up(catalog, plan, err);
}

/* Shares that a breakdown is ranked or limited by. */
static bool check_breakdown_shares(const Catalog *catalog, const Plan *plan, Err *err) {
    bool shares = plan->rank.present && plan->rank.on == ON_SHARE;
    for (size_t i = 0; i < plan->having_count; i++) shares |= plan->having[i].on == ON_SHARE;
    return !shares || check_parts_add_up(catalog, plan, err);
}

static bool check_stat(Arena *arena, const Catalog *catalog, const Plan *plan, Err *err) {
    const bool of_rows = plan->agg_grain == GRAIN_NONE && !plan->agg_dimension;
    if (plan->agg == AGG_NONE || plan->agg == AGG_FIRST || plan->agg == AGG_LAST)
        return unsupported(err, "A statistic needs to be named: average, median, maximum, minimum or cumulative");
    if (plan->agg_dimension && !check_column(arena, catalog, plan->agg_dimension, err)) return false;
    if (plan->compare.kind == COMPARE_CALENDAR &&
        (plan->agg != AGG_AVERAGE || plan->agg_grain != GRAIN_DAY || plan->grain != GRAIN_NONE))
        return unsupported(err, "Of weekdays and weekends only averages per day are set side by side");
    if (plan->agg == AGG_AVERAGE || plan->agg == AGG_CUMULATIVE) {
        for (size_t i = 0; i < plan->measure_count; i++) {
            const Measure *measure = catalog_measure(catalog, plan->measures[i]);
            if (measure->kind != MEASURE_RATIO && measure->kind != MEASURE_COUNT_DISTINCT && !(plan->per && i == 0)) continue;
            return err_set_code(err, ERR_REFUSED, "UNSUPPORTED_SHAPE",
                                "%s does not add up over time or members, so it has no %s; ask for it by period instead",
                                measure->label, plan->agg == AGG_AVERAGE ? "average" : "running total");
        }
    }
    if (plan->agg == AGG_CUMULATIVE || !of_rows) return true;
    for (size_t i = 0; i < plan->measure_count; i++)
        if (catalog_measure(catalog, plan->measures[i])->kind != MEASURE_SUM)
            return unsupported(err, "Single lines have no such amount; ask for it per day, per month or per resource");
    return true;
}

static bool check_count(Arena *arena, const Catalog *catalog, const Plan *plan, Err *err) {
    if (plan->subject) return check_column(arena, catalog, plan->subject, err);
    if (plan->agg_grain != GRAIN_NONE) return true;
    return unsupported(err, "The plan does not say what to count");
}

static bool check_members(Arena *arena, const Catalog *catalog, const Plan *plan, Err *err) {
    if (plan->compare.kind != COMPARE_PERIODS) return unsupported(err, "What is new or gone needs two periods to compare");
    if (plan->subject) return check_column(arena, catalog, plan->subject, err);
    return plan->group_count || unsupported(err, "The plan does not say of what new or gone members are asked");
}

static bool check_series(const Catalog *catalog, const Plan *plan, Err *err) {
    if (plan->grain == GRAIN_NONE) return unsupported(err, "A series needs a grain: day, week, month, quarter or year");
    const bool top = plan->rank.present && plan->rank.n > 0 && plan->group_count &&
                     !text_equal(plan->rank.each, plan_grain_name(plan->grain));
    if (!top || adds_up(catalog, plan)) return true;
    return err_set_code(err, ERR_REFUSED, "UNSUPPORTED_SHAPE",
                        "A ranking by %s over several periods is not possible, since it does not add up over time; ask for one "
                        "period",
                        first_measure(catalog, plan)->label);
}

static bool check_detail(Arena *arena, const Catalog *catalog, const Plan *plan, Err *err) {
    for (size_t i = 0; i < plan->column_count; i++)
        if (!check_column(arena, catalog, plan->columns[i], err)) return false;
    return true;
}

/* Sums of lines, of which every day has its own: only these have an expected value. */
static bool check_daily(const Catalog *catalog, const Plan *plan, Err *err) {
    const Measure *measure = first_measure(catalog, plan);
    const bool sum = measure->kind == MEASURE_SUM && text_equal(measure->unit, "currency");
    if (!catalog->is_bill || plan->per || plan->measure_count != 1 || !sum)
        return unsupported(err,
                           "What is usual, and what will come, can be said of one cost of a bill; ask for its trend instead");
    if (text_equal(catalog->granularity, "monthly"))
        return err_set_code(err, ERR_REFUSED, "NO_SUCH_DATA",
                            "The lines of this data are monthly, so no day can be told from another; compare months instead");
    return true;
}

static bool check_forecast(const Catalog *catalog, const Plan *plan, Err *err) {
    const PlanTime *time = &plan->time;
    if (!check_daily(catalog, plan, err)) return false;
    if (time->start == DAY_NONE || time->end == DAY_NONE || time->start >= time->end)
        return unsupported(err, "A forecast needs a period, such as this month or the next 3 months");
    if (time->end - time->start > FORECAST_DAYS || time->end - catalog->as_of > FORECAST_DAYS)
        return err_set_code(err, ERR_REFUSED, "OUT_OF_RANGE", "A forecast reaches at most %d days ahead; ask for less",
                            FORECAST_DAYS);
    if (plan->group_count > 1) return unsupported(err, "A forecast has at most one dimension; ask for one at a time");
    if (time->end - 1 > catalog->as_of) return true;
    return err_set_code(err, ERR_REFUSED, "UNSUPPORTED_SHAPE",
                        "That period is over: what it cost is known. Ask for its cost, or for a forecast of a month to come");
}

bool check_intent(Arena *arena, const Catalog *catalog, const Plan *plan, Err *err) {
    switch (plan->intent) {
    case INTENT_BREAKDOWN:
        if (!plan->group_count && plan->grain == GRAIN_NONE)
            return unsupported(err, "A breakdown needs a dimension to break down by, such as ServiceName");
        if (plan->grain != GRAIN_NONE && !check_series(catalog, plan, err)) return false;
        return check_breakdown_shares(catalog, plan, err);
    case INTENT_SERIES: return check_series(catalog, plan, err) && check_breakdown_shares(catalog, plan, err);
    case INTENT_COMPARE: return check_compare(arena, catalog, plan, err);
    case INTENT_DRIVERS:
        return plan->compare.kind == COMPARE_PERIODS || unsupported(err, "What drove a change needs two periods to compare");
    case INTENT_SHARE: return check_share(catalog, plan, err);
    case INTENT_COUNT: return check_count(arena, catalog, plan, err);
    case INTENT_STAT: return check_stat(arena, catalog, plan, err);
    case INTENT_LIST:
        return plan->subject ? check_column(arena, catalog, plan->subject, err)
                             : plan->group_count || unsupported(err, "The plan does not say what to list");
    case INTENT_DETAIL: return check_detail(arena, catalog, plan, err);
    case INTENT_FIRST_LAST: return !plan->subject || check_column(arena, catalog, plan->subject, err);
    case INTENT_NEW_GONE: return check_members(arena, catalog, plan, err);
    case INTENT_ANOMALY: return check_daily(catalog, plan, err);
    case INTENT_FORECAST: return check_forecast(catalog, plan, err);
    case INTENT_TOTAL:
    case INTENT_META: return true;
    }
    return false;
}
