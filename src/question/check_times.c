/* Periods against what is loaded, grains against how fine the lines are. */
#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "question/check.h"

bool check_is_moment(const char *value, CellType type) {
    const char *rest = value + strlen("2026-09-30");
    if (!*rest) return true;
    static const char shape[] = " dd:dd:dd";
    if (type != CELL_TIMESTAMP || strlen(rest) != strlen(shape)) return false;
    for (size_t i = 0; shape[i]; i++)
        if (shape[i] == 'd' ? !isdigit((unsigned char)rest[i]) : rest[i] != shape[i]) return false;
    return (rest[1] - '0') * 10 + rest[2] - '0' < 24 && rest[4] < '6' && rest[7] < '6';
}

static const char *loaded(Arena *arena, const Catalog *catalog) {
    return arena_printf(arena, "%s to %s", date_text(arena, catalog->first_day), date_text(arena, catalog->last_day));
}

static bool is_open(const PlanTime *time) {
    return time->start == DAY_NONE && time->end == DAY_NONE;
}

static bool check_period(Arena *arena, const Catalog *catalog, const PlanTime *time, const char *what, Err *err) {
    if (time->by_billing_period && !catalog_column(catalog, "BillingPeriodStart"))
        return err_set_code(err, ERR_REFUSED, "NO_SUCH_DATA", "This data has no billing periods; ask by the time of use");
    if (is_open(time)) return true;
    if (time->start != DAY_NONE && time->end != DAY_NONE && time->start >= time->end)
        return err_set_code(err, ERR_REFUSED, "OUT_OF_RANGE", "The period from %s on ends before it starts",
                            date_text(arena, time->start));
    /* A billing period starts before its first line. */
    const Day first = time->by_billing_period ? date_month(catalog->first_day, 0) : catalog->first_day;
    const bool before = time->end != DAY_NONE && time->end <= first;
    const bool after = time->start != DAY_NONE && time->start > catalog->last_day;
    if (!before && !after) return true;
    return err_set_code(err, ERR_REFUSED, "OUT_OF_RANGE", "%s is not loaded: the data covers %s. Ask for a period within it",
                        what, loaded(arena, catalog));
}

static const char *period_words(Arena *arena, const PlanTime *time) {
    if (time->start == DAY_NONE) return arena_printf(arena, "Everything before %s", date_text(arena, time->end));
    if (time->end == DAY_NONE) return arena_printf(arena, "Everything from %s on", date_text(arena, time->start));
    return arena_printf(arena, "The period %s to %s", date_text(arena, time->start), date_text(arena, time->end - 1));
}

static bool check_grain(const Catalog *catalog, Grain grain, Err *err) {
    if (grain == GRAIN_NONE) return true;
    if (grain == GRAIN_BILLING_PERIOD && !catalog_column(catalog, "BillingPeriodStart"))
        return err_set_code(err, ERR_REFUSED, "NO_SUCH_DATA", "This data has no billing periods; ask by month");
    const bool daily = text_equal(catalog->granularity, "daily"), monthly = text_equal(catalog->granularity, "monthly");
    const bool has_hours = catalog->is_bill ? catalog_column(catalog, "ChargePeriodStart") && !daily && !monthly
                                            : catalog->time_column && catalog->time_column->type == CELL_TIMESTAMP;
    if (grain == GRAIN_HOUR && !has_hours)
        return err_set_code(err, ERR_REFUSED, "NO_SUCH_DATA", "The lines of this data have no hours; ask by %s",
                            monthly ? "month" : "day");
    if (monthly && (grain == GRAIN_DAY || grain == GRAIN_WEEK))
        return err_set_code(err, ERR_REFUSED, "NO_SUCH_DATA", "The lines of this data are monthly; ask by month");
    return true;
}

static bool check_sides(Arena *arena, const Catalog *catalog, const Plan *plan, Err *err) {
    const PlanTime *sides[] = {&plan->compare.a, &plan->compare.b};
    for (size_t i = 0; i < 2; i++) {
        if (is_open(sides[i]))
            return err_set_code(err, ERR_REFUSED, "UNSUPPORTED_SHAPE", "A comparison of periods needs two periods");
        if (!check_period(arena, catalog, sides[i], period_words(arena, sides[i]), err)) return false;
    }
    if (plan->grain != GRAIN_NONE && (plan->compare.a.start == DAY_NONE || plan->compare.b.start == DAY_NONE))
        return err_set_code(err, ERR_REFUSED, "UNSUPPORTED_SHAPE",
                            "Buckets of two periods can only be set side by side when both periods have a start");
    return true;
}

bool check_times(Arena *arena, const Catalog *catalog, const Plan *plan, Err *err) {
    const bool periods = plan->compare.kind == COMPARE_PERIODS;
    const bool days = plan->calendar != CALENDAR_ALL || plan->compare.kind == COMPARE_CALENDAR;
    const bool asks = !is_open(&plan->time) || periods || days || plan->grain != GRAIN_NONE || plan->agg_grain != GRAIN_NONE ||
                      plan->intent == INTENT_FIRST_LAST || plan->agg == AGG_CUMULATIVE;
    if (!asks) return true;
    if (!catalog->time_column || catalog->first_day == DAY_NONE)
        return err_set_code(err, ERR_REFUSED, "NO_SUCH_DATA", "This data has no dates, so it cannot be asked by time");
    /* A forecast is of days that are not loaded, learned from days that are. */
    const PlanTime *time = plan->intent == INTENT_FORECAST ? &plan->learned : &plan->time;
    if (periods ? !check_sides(arena, catalog, plan, err) : !check_period(arena, catalog, time, period_words(arena, time), err))
        return false;
    if (days && text_equal(catalog->granularity, "monthly"))
        return err_set_code(err, ERR_REFUSED, "NO_SUCH_DATA", "The lines of this data are monthly, so they have no weekdays");
    if (plan->calendar == CALENDAR_DAYS_OF_WEEK && !(plan->days_of_week & 0x7f))
        return err_set_code(err, ERR_REFUSED, "UNSUPPORTED_SHAPE", "The plan names no day of the week");
    return check_grain(catalog, plan->grain, err) && check_grain(catalog, plan->agg_grain, err);
}
