/* question/patch.c: words that modify the plan before: another value, breakdown, period, order. See question/patch.h. */
#include <string.h>

#include "base/text.h"
#include "question/patch.h"
#include "question/period.h"

#define DEFAULT_TOP 10

bool change_refuse(Change *change, const char *message) {
    return interpret_refuse(change->in, "UNSUPPORTED_SHAPE", message);
}

static void assume(Change *change, const char *field, const char *why) {
    plan_drop_assumptions(change->plan, field);
    plan_assume(change->in->arena, change->plan, field, why);
}

/* --- what is measured --- */

static bool is_money(const Change *change, const char *name) {
    const Measure *measure = catalog_measure(change->in->catalog, name);
    const CatalogColumn *column = measure ? interpret_column(change->in, measure->column) : NULL;
    return measure && (text_equal(measure->unit, "currency") || (column && column->class == CLASS_COST));
}

static void only_measure(Change *change, const char *name) {
    change->plan->measure_count = 0;
    change->plan->measures = NULL;
    plan_add_measure(change->in->arena, change->plan, name);
}

static bool change_measures(Change *change) {
    Plan *plan = change->plan;
    const Frame *frame = change->frame;
    if (frame->measure_count > 0) {
        if (!change->patch->cues->add) plan->measure_count = 0;
        for (size_t i = 0; i < frame->measure_count; i++) {
            bool known = false;
            for (size_t k = 0; k < plan->measure_count; k++) known = known || text_equal(plan->measures[k], frame->measures[i]);
            if (!known) plan_add_measure(change->in->arena, plan, frame->measures[i]);
        }
        plan->per = NULL;
        plan_drop_assumptions(plan, "measure");
    } else if (frame_has(frame, FLAG_COST) && !is_money(change, plan->measures[0])) {
        only_measure(change, change->in->catalog->measures[0].name);
        if (!is_money(change, plan->measures[0]))
            return change_refuse(change, "This table has no cost column. Ask about the columns that it has.");
        plan->per = NULL;
    } else if (frame_has(frame, FLAG_USAGE) && !frame_has(frame, FLAG_COST)) {
        if (!catalog_measure(change->in->catalog, "ConsumedQuantity"))
            return change_refuse(change, "This data has no quantities of usage.");
        only_measure(change, "ConsumedQuantity");
        plan_drop_assumptions(plan, "measure");
    }
    if (!frame->per) return true;
    if (text_equal(frame->per, plan->measures[0]))
        return change_refuse(change, "That is what the answer before measures already; ask for the cost per unit.");
    plan->per = frame->per;
    return true;
}

/* --- when --- */

static bool same_period(PlanTime a, PlanTime b) {
    return a.start == b.start && a.end == b.end;
}

/* "the month before", "a year ago": relative to the period that is spoken of. */
static bool relative_time(Change *change, PlanTime *time) {
    PlanTime spoken = plan_period(change->plan);
    Relative relative = change->frame->relative;
    if (relative == RELATIVE_NONE) return true;
    if (spoken.start == DAY_NONE) return change_refuse(change, "No period was spoken of before; name the one that is meant.");
    const char *words = time->words;
    PlanTime before = period_previous(spoken);
    switch (change->frame->relative_unit) {
    case GRAIN_DAY: before.start = (before.end = spoken.start) - 1; break;
    case GRAIN_WEEK: before.start = date_week(before.end = date_week(spoken.start, 0), -1); break;
    case GRAIN_MONTH: before.start = date_month(before.end = date_month(spoken.start, 0), -1); break;
    case GRAIN_QUARTER: before.start = date_quarter(before.end = date_quarter(spoken.start, 0), -1); break;
    case GRAIN_YEAR: before.start = date_year(before.end = date_year(spoken.start, 0), -1); break;
    default: break;
    }
    *time = relative == RELATIVE_BEFORE ? before : period_year_ago(spoken);
    time->words = words;
    return true;
}

static bool change_time(Change *change) {
    Plan *plan = change->plan;
    const Frame *frame = change->frame;
    if (frame->calendar != CALENDAR_ALL) {
        plan->calendar = frame->calendar;
        plan->days_of_week = frame->days_of_week;
    }
    PlanTime time = frame->time;
    if (!frame->has_time) {
        if (!frame_has(frame, FLAG_BILLING)) return true;
        return frame->grain == GRAIN_BILLING_PERIOD || frame->subject_grain == GRAIN_BILLING_PERIOD ||
               (plan->time.by_billing_period = true);
    }
    if (!relative_time(change, &time)) return false;
    time.by_billing_period = frame_has(frame, FLAG_BILLING) || plan_period(plan).by_billing_period;
    plan_drop_assumptions(plan, "time");
    if (plan->compare.kind != COMPARE_PERIODS) {
        plan->time = time;
        return true;
    }
    PlanCompare *compare = &plan->compare;
    bool yearly = same_period(compare->b, period_year_ago(compare->a));
    bool open = compare->b.start == DAY_NONE;
    compare->a = time;
    compare->b = open     ? (PlanTime){.start = DAY_NONE, .end = time.start}
                 : yearly ? period_year_ago(time)
                          : period_previous(time);
    compare->b.by_billing_period = time.by_billing_period;
    compare->elapsed = false;
    if (time.partial) period_align(change->in->context, &compare->a, &compare->b, &compare->elapsed);
    return true;
}

/* --- by what --- */

/* A list of things becomes their breakdown once it is changed like one. */
static void leave_list(Change *change) {
    Plan *plan = change->plan;
    if (plan->intent != INTENT_LIST) return;
    plan->intent = INTENT_BREAKDOWN;
    if (plan->subject && !plan_groups_by(plan, plan->subject)) plan_add_group(change->in->arena, plan, plan->subject);
    plan->subject = NULL;
}

static bool add_group(Change *change, const char *dimension) {
    Plan *plan = change->plan;
    switch (plan->intent) {
    case INTENT_DETAIL:
        return change_refuse(change, "Single rows have no breakdown; ask for the cost by that dimension instead.");
    case INTENT_NEW_GONE: plan->subject = dimension; return true;
    case INTENT_DRIVERS: plan->group_count = 0; break;
    default: break;
    }
    for (size_t i = 0; i < plan->group_count; i++)
        if (frame_same_dimension(change->in->catalog, plan->group_by[i], dimension)) return true;
    plan_add_group(change->in->arena, plan, dimension);
    return true;
}

/* "all regions": the conditions on them go. False when there are none: then all of them are listed. */
static bool drop_limits(Change *change, const char *const *dimensions, size_t count) {
    Plan *plan = change->plan;
    bool dropped = false;
    for (size_t d = 0; d < count; d++) {
        for (size_t i = plan->filter_count; i-- > 0;) {
            const char *dimension = plan->filters[i].dimension;
            if (!dimension || !frame_same_dimension(change->in->catalog, dimension, dimensions[d])) continue;
            plan_drop_filter(plan, i);
            dropped = true;
        }
    }
    return dropped;
}

static bool change_groups(Change *change) {
    Plan *plan = change->plan;
    const Frame *frame = change->frame;
    const char *groups[FRAME_GROUPS + 1];
    size_t count = 0;
    if (frame->subject) groups[count++] = frame->subject;
    for (size_t i = 0; i < frame->group_count; i++) groups[count++] = frame->groups[i];
    if (count == 0 || (change->patch->cues->all && drop_limits(change, groups, count))) return true;
    leave_list(change);
    plan_drop_assumptions(plan, "group");
    bool ranked = plan->rank.present && plan->rank.n > 0 && !plan->rank.each;
    if (change->patch->cues->replace || (frame->rank.present && frame->subject)) {
        plan->group_count = 0;
        plan->rank.each = NULL;
    } else if (frame_has(frame, FLAG_EACH) && ranked && frame->group_count == 1) {
        plan->rank.each = frame->groups[0];
    } else if (ranked && plan->intent == INTENT_BREAKDOWN) {
        /* The top five by region are the same five, each by region. */
        refer_keep_rows(change->in->arena, change->in->catalog, change->patch->keys, plan);
    }
    for (size_t i = 0; i < count; i++)
        if (!add_group(change, groups[i])) return false;
    return true;
}

static bool change_grain(Change *change) {
    Plan *plan = change->plan;
    const Frame *frame = change->frame;
    Grain grain = frame->grain != GRAIN_NONE ? frame->grain : frame->subject_grain;
    if (frame_has(frame, FLAG_TREND) && grain == GRAIN_NONE) {
        PlanTime time = plan_period(plan);
        Day start = time.start == DAY_NONE ? change->in->catalog->first_day : time.start;
        Day end = time.end == DAY_NONE ? change->in->catalog->last_day + 1 : time.end;
        grain = end - start <= 92 ? GRAIN_DAY : GRAIN_MONTH;
    }
    if (grain == GRAIN_NONE) return true;
    leave_list(change);
    if (plan->intent == INTENT_DETAIL || plan->intent == INTENT_DRIVERS || plan->intent == INTENT_NEW_GONE ||
        plan->intent == INTENT_FIRST_LAST)
        return change_refuse(change, "The answer before has no course over time; ask for the cost per month or per day.");
    if (plan->intent == INTENT_STAT && plan->agg != AGG_CUMULATIVE) {
        plan->agg_grain = grain;
        plan->agg_dimension = NULL;
    } else {
        plan->grain = grain;
    }
    if (change->patch->cues->replace && frame->group_count == 0 && !frame->subject) plan->group_count = 0;
    return true;
}

/* --- in which order, how many --- */

static bool change_rank(Change *change) {
    Plan *plan = change->plan;
    const Frame *frame = change->frame;
    if (!frame->rank.present) return true;
    leave_list(change);
    long long n = frame->rank.n ? frame->rank.n : frame_has(frame, FLAG_PLURAL) ? DEFAULT_TOP : 1;
    plan_drop_assumptions(plan, "limit");
    if (!frame->rank.n && n > 1) assume(change, "limit", "no number was named: the first 10");
    if (frame->rank_measure && !text_equal(plan->measures[0], frame->rank_measure)) only_measure(change, frame->rank_measure);
    if (plan->intent == INTENT_DRIVERS) {
        plan->limit = n;
        return true;
    }
    bool buckets = plan->group_count == 0 && plan->grain != GRAIN_NONE && plan->intent == INTENT_SERIES;
    if (buckets) {
        plan->intent = INTENT_STAT;
        plan->agg_grain = plan->grain;
        plan->grain = GRAIN_NONE;
        plan->agg = AGG_MAXIMUM;
    }
    if (plan->intent == INTENT_STAT && plan->agg != AGG_MAXIMUM && plan->agg != AGG_MINIMUM && plan->group_count == 0)
        return change_refuse(change, "The answer before has nothing to rank; ask for the top services, accounts or days.");
    if (plan->intent == INTENT_STAT && (plan->agg == AGG_MAXIMUM || plan->agg == AGG_MINIMUM))
        plan->agg = frame->rank.ascending ? AGG_MINIMUM : AGG_MAXIMUM;
    if ((plan->intent == INTENT_TOTAL || plan->intent == INTENT_COMPARE) && plan->group_count == 0) {
        if (!interpret_column(change->in, "ServiceName"))
            return change_refuse(change, "Say what is to be ranked, as in “top 5 by type”.");
        plan_add_group(change->in->arena, plan, "ServiceName");
        assume(change, "group", "no dimension was named: by service");
    }
    const char *each = plan->rank.each;
    RankOn on = plan->rank.present ? plan->rank.on : ON_VALUE;
    plan->rank = frame->rank;
    plan->rank.n = n;
    if (frame->rank.on == ON_VALUE) plan->rank.on = on;
    if (!plan->rank.each && each && plan_groups_by(plan, each)) plan->rank.each = each;
    plan->limit = 0;
    return true;
}

static bool change_thresholds(Change *change) {
    Plan *plan = change->plan;
    const Frame *frame = change->frame;
    for (size_t i = 0; i < frame->having_count; i++) {
        PlanHaving having = frame->havings[i];
        const char *on = frame->having_measures[i];
        if (frame->having_count_of[i])
            return change_refuse(
                change, "A threshold on a number of things is not put on an answer that is there; ask it in one question.");
        if (on && !text_equal(on, plan->measures[0]))
            return change_refuse(change, "The threshold is on another amount than the answer before; ask it in one question.");
        if (having.on == ON_PERCENT && plan->compare.kind != COMPARE_PERIODS) having.on = ON_SHARE;
        if (plan->group_count == 0 && plan->grain == GRAIN_NONE && plan->intent != INTENT_DETAIL)
            return change_refuse(
                change,
                "A threshold chooses among rows, and the answer before has only one; ask for it by service, account or day.");
        if (i == 0) plan->having_count = 0;
        plan_add_having(change->in->arena, plan, having);
    }
    return true;
}

/* "in percent": shares of what was broken down; of a comparison the change in percent, which stands beside it. */
static bool change_percent(Change *change) {
    Plan *plan = change->plan;
    if (!frame_has(change->frame, FLAG_PERCENT | FLAG_SHARE)) return true;
    if (plan->intent == INTENT_SHARE) return true;
    if (plan->compare.kind == COMPARE_PERIODS) {
        if (plan->rank.present) plan->rank.on = ON_PERCENT;
        return true;
    }
    bool conditions = plan->filter_count + plan->concept_count > 0;
    bool plain = plan->intent == INTENT_TOTAL || plan->intent == INTENT_BREAKDOWN || plan->intent == INTENT_SERIES ||
                 plan->compare.kind == COMPARE_VALUES;
    if (!plain || (plan->group_count == 0 && plan->compare.kind != COMPARE_VALUES && !conditions))
        return change_refuse(
            change, "The answer before has no parts that could be shares; ask for the share by service or by account.");
    if (plan->compare.kind == COMPARE_VALUES && plan->compare.dimension) add_group(change, plan->compare.dimension);
    plan->compare.kind = COMPARE_NONE;
    plan->compare.dimension = NULL;
    plan->intent = INTENT_SHARE;
    for (size_t i = 0; plan->group_count == 0 && i < plan->filter_count; i++)
        plan->filters[i].part = plan->filters[i].op != FILTER_NOT_IN;
    for (size_t i = 0; plan->group_count == 0 && i < plan->concept_count; i++)
        plan->concepts[i].part = !plan->concepts[i].negated;
    return true;
}

/* --- all of it --- */

void patch_settle(Plan *plan) {
    if (plan->intent == INTENT_TOTAL || plan->intent == INTENT_BREAKDOWN || plan->intent == INTENT_SERIES)
        plan->intent = plan->grain != GRAIN_NONE ? INTENT_SERIES : plan->group_count ? INTENT_BREAKDOWN : INTENT_TOTAL;
    if (plan->intent == INTENT_TOTAL) plan->rank = (PlanRank){0};
    if (plan->group_count > 0 || plan->grain != GRAIN_NONE) plan->yes_no = false;
    if (plan->rank.each && !plan_groups_by(plan, plan->rank.each) && !text_equal(plan->rank.each, plan_grain_name(plan->grain)))
        plan->rank.each = NULL;
}

/* One number for all. */
static bool drop_breakdown(Change *change) {
    Plan *plan = change->plan;
    bool part = false;
    for (size_t i = 0; i < plan->filter_count; i++) part = part || plan->filters[i].part;
    for (size_t i = 0; i < plan->concept_count; i++) part = part || plan->concepts[i].part;
    bool stays = plan->intent == INTENT_COMPARE || plan->intent == INTENT_COUNT || plan->intent == INTENT_FIRST_LAST ||
                 (plan->intent == INTENT_SHARE && part);
    bool sums = plan->intent == INTENT_BREAKDOWN || plan->intent == INTENT_SERIES || plan->intent == INTENT_TOTAL ||
                plan->intent == INTENT_STAT || plan->intent == INTENT_SHARE || plan->intent == INTENT_LIST;
    if (!stays && !sums) return change_refuse(change, "The answer before has no breakdown to sum up.");
    plan->group_count = 0;
    plan->grain = GRAIN_NONE;
    plan->rank = (PlanRank){0};
    plan_drop_assumptions(plan, "limit");
    plan_drop_assumptions(plan, "group");
    if (stays) return true;
    plan->having_count = 0;
    plan->intent = INTENT_TOTAL;
    plan->agg = AGG_NONE;
    plan->agg_grain = GRAIN_NONE;
    plan->agg_dimension = plan->subject = NULL;
    return true;
}

static bool change_whole(Change *change) {
    const Cues *cues = change->patch->cues;
    Plan *plan = change->plan;
    if (cues->unrank) {
        plan->rank = (PlanRank){0};
        plan->having_count = 0;
        plan->limit = 0;
        plan_drop_assumptions(plan, "limit");
    }
    if (cues->unfilter) {
        plan->filter_count = plan->concept_count = 0;
        plan->calendar = CALENDAR_ALL;
        if (plan->intent == INTENT_SHARE && plan->group_count == 0) plan->intent = INTENT_TOTAL;
    }
    if (cues->unshare) {
        if (plan->intent == INTENT_SHARE) plan->intent = INTENT_TOTAL;
        if (plan->rank.on == ON_PERCENT) plan->rank.on = ON_DELTA;
        if (plan->rank.on == ON_SHARE) plan->rank.on = ON_VALUE;
        for (size_t i = 0; i < plan->filter_count; i++) plan->filters[i].part = false;
        for (size_t i = 0; i < plan->concept_count; i++) plan->concepts[i].part = false;
    }
    return !(cues->ungroup || frame_has(change->frame, FLAG_TOGETHER)) || drop_breakdown(change);
}

bool patch_modify(Interpretation *in, const Patch *patch) {
    Change change = {.in = in, .patch = patch, .frame = &in->frame, .plan = plan_copy(in->arena, patch->base)};
    in->plan = change.plan;
    if (change.plan->measure_count == 0) return false;
    plan_drop_assumptions(change.plan, "words");
    if (in->frame.chart) change.plan->chart = in->frame.chart;
    if (!change_whole(&change) || !change_measures(&change) || !change_conditions(&change) || !change_time(&change) ||
        !change_groups(&change) || !change_grain(&change) || !change_rank(&change) || !change_thresholds(&change) ||
        !change_percent(&change))
        return false;
    patch_settle(change.plan);
    return true;
}
