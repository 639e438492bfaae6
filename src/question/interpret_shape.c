/* question/interpret_shape.c: which shape the answer has; see question/interpret.h. */
#include <string.h>

#include "base/text.h"
#include "question/interpret_parts.h"

static bool grouped_by(const Plan *plan, const char *dimension) {
    for (size_t i = 0; i < plan->group_count; i++)
        if (text_equal(plan->group_by[i], dimension)) return true;
    return false;
}

void interpret_add_groups(Interpretation *in) {
    for (size_t i = 0; i < in->frame.group_count; i++)
        if (!grouped_by(in->plan, in->frame.groups[i])) plan_add_group(in->arena, in->plan, in->frame.groups[i]);
}

void interpret_add_subject(Interpretation *in) {
    if (in->frame.subject && !grouped_by(in->plan, in->frame.subject)) plan_add_group(in->arena, in->plan, in->frame.subject);
}

static bool names_rows(const Interpretation *in, const char *dimension) {
    const CatalogColumn *row = in->catalog->row_identifier;
    return text_equal(dimension, "ResourceId") || (row && text_equal(row->name, dimension));
}

/* How many rows a ranking without a number has: one for "which service", ten for "top services". */
void interpret_rank(Interpretation *in) {
    PlanRank *rank = &in->plan->rank;
    *rank = in->frame.rank;
    if (!rank->present || rank->n > 0 || rank->until) return;
    bool plural = interpret_has(in, FLAG_PLURAL);
    rank->n = plural ? INTERPRET_TOP : 1;
    if (plural) plan_assume(in->arena, in->plan, "limit", "no number was named: the first 10");
}

static Grain fitting_grain(const Interpretation *in) {
    const PlanTime *time = &in->plan->time;
    Day start = time->start == DAY_NONE || time->start < in->catalog->first_day ? in->catalog->first_day : time->start;
    Day end = time->start == DAY_NONE || time->end > in->catalog->last_day + 1 ? in->catalog->last_day + 1 : time->end;
    return end - start <= 92 ? GRAIN_DAY : GRAIN_MONTH;
}

bool interpret_finish(Interpretation *in, Intent intent) {
    in->plan->intent = intent;
    interpret_time(in);
    if (interpret_has(in, FLAG_CLOSED) && !interpret_closed(in)) return false;
    if (interpret_has(in, FLAG_TREND) && in->frame.grain == GRAIN_NONE) {
        in->plan->grain = fitting_grain(in);
        if (intent == INTENT_TOTAL || intent == INTENT_BREAKDOWN) in->plan->intent = INTENT_SERIES;
    }
    return in->frame.relative != RELATIVE_YEAR_AGO;
}

/* By service; of one service or concept by usage type. */
void interpret_default_group(Interpretation *in) {
    Plan *plan = in->plan;
    bool service = plan->concept_count > 0;
    for (size_t i = 0; i < plan->filter_count; i++)
        service = service || (plan->filters[i].op == FILTER_IN &&
                              frame_same_dimension(in->catalog, plan->filters[i].dimension, "ServiceName"));
    const char *by = service && interpret_column(in, "x_UsageType") ? "x_UsageType" : "ServiceName";
    if (interpret_has(in, FLAG_SPENDER)) by = "SubAccountId";
    const CatalogColumn *column = interpret_column(in, by);
    for (size_t i = 0; !column && i < in->catalog->column_count; i++)
        if (in->catalog->columns[i].class == CLASS_DIMENSION) column = &in->catalog->columns[i];
    if (!column) return;
    plan_add_group(in->arena, plan, column->name);
    plan_assume(in->arena, plan, "group", arena_printf(in->arena, "no dimension was named: by %s", column->label));
}

/* --- shares --- */

static bool shape_share(Interpretation *in) {
    Plan *plan = in->plan;
    bool part = false;
    const Frame *frame = &in->frame;
    interpret_add_groups(in);
    if (frame->subject && frame->measure_count == 0 && !interpret_has(in, FLAG_COST) &&
        (frame->condition_count > 0 || interpret_has(in, FLAG_UNTAGGED))) {
        /* "what percentage of volumes is gp2": of their number. */
        const char *count = frame_counting_measure(in->catalog, frame->subject);
        if (!count) return false;
        plan->measure_count = 0;
        plan->measures = NULL;
        plan_add_measure(in->arena, plan, count);
    } else if (interpret_has(in, FLAG_WHICH | FLAG_EACH)) {
        interpret_add_subject(in);
    }
    if (interpret_covered_share(in)) {
        plan->grain = frame->grain;
        if (frame->rank.present) interpret_rank(in);
        return interpret_finish(in, plan->grain != GRAIN_NONE ? INTENT_SERIES
                                    : plan->group_count       ? INTENT_BREAKDOWN
                                                              : INTENT_TOTAL);
    }
    for (size_t i = 0; i < plan->filter_count; i++) part = part || plan->filters[i].part;
    for (size_t i = 0; i < plan->concept_count; i++) part = part || plan->concepts[i].part;
    for (size_t i = 0; !part && plan->group_count == 0 && i < plan->filter_count; i++)
        plan->filters[i].part = plan->filters[i].op != FILTER_NOT_IN;
    for (size_t i = 0; !part && plan->group_count == 0 && i < plan->concept_count; i++)
        plan->concepts[i].part = !plan->concepts[i].negated;
    for (size_t i = 0; i < plan->having_count; i++)
        if (plan->having[i].on == ON_PERCENT) plan->having[i].on = ON_SHARE;
    plan->grain = in->frame.grain;
    interpret_rank(in);
    if (!in->frame.rank.present) plan->rank.present = false;
    return interpret_finish(in, INTENT_SHARE);
}

/* --- counts and lists --- */

/* The values left out are of the thing that is listed: "all accounts except lumenpay-prod". */
static bool names_alike(const Interpretation *in, const Plan *plan) {
    for (size_t i = 0; i < plan->filter_count; i++)
        if (plan->filters[i].op == FILTER_NOT_IN &&
            !frame_same_dimension(in->catalog, plan->filters[i].dimension, plan->subject))
            return false;
    return plan->concept_count == 0;
}

/* "accounts without Lambda" are those with no such line at all, which a filter on lines cannot say. */
static bool excludes_by_lines(const Plan *plan, const char *subject) {
    for (size_t i = 0; i < plan->filter_count; i++)
        if (plan->filters[i].op == FILTER_NOT_IN && !text_equal(plan->filters[i].dimension, subject)) return true;
    for (size_t i = 0; i < plan->concept_count; i++)
        if (plan->concepts[i].negated) return true;
    return false;
}

/* What the members of the subject must have no line of. */
static bool read_lacks(Interpretation *in) {
    Plan *plan = in->plan;
    bool lacks = false;
    for (size_t i = 0; i < plan->filter_count; i++) {
        PlanFilter *filter = &plan->filters[i];
        if (filter->op != FILTER_NOT_IN || frame_same_dimension(in->catalog, filter->dimension, plan->subject)) continue;
        filter->op = FILTER_IN;
        filter->part = lacks = true;
    }
    for (size_t i = 0; i < plan->concept_count; i++) {
        PlanConcept *concept = &plan->concepts[i];
        if (!concept->negated) continue;
        concept->negated = false;
        concept->part = lacks = true;
    }
    plan->charged_only = lacks && interpret_has(in, FLAG_COST);
    return lacks;
}

static bool shape_count(Interpretation *in) {
    Plan *plan = in->plan;
    interpret_add_groups(in);
    plan->grain = in->frame.grain;
    plan->subject = in->frame.subject;
    if (!plan->subject && in->frame.subject_grain != GRAIN_NONE)
        plan->agg_grain = in->frame.subject_grain;
    else if (!plan->subject) {
        const Measure *measure = plan->measure_count ? catalog_measure(in->catalog, plan->measures[0]) : NULL;
        bool counts = measure && (measure->kind == MEASURE_COUNT_ROWS || measure->kind == MEASURE_COUNT_DISTINCT);
        if (!counts) return false;
        return interpret_finish(in, plan->grain != GRAIN_NONE ? INTENT_SERIES
                                    : plan->group_count       ? INTENT_BREAKDOWN
                                                              : INTENT_TOTAL);
    }
    if (plan->subject && excludes_by_lines(plan, plan->subject) && !names_alike(in, plan) && !read_lacks(in)) return false;
    if (in->frame.rank.present) interpret_rank(in);
    return interpret_finish(in, INTENT_COUNT);
}

/* "which accounts have no Lambda spend": said of the accounts, whatever is told of their cost. */
static bool lacks_lines(const Interpretation *in) {
    const Frame *frame = &in->frame;
    return in->catalog->is_bill && interpret_has(in, FLAG_LACKS) && frame->subject && frame->group_count == 0 &&
           frame->measure_count == 0 && !frame->rank.present && frame->having_count == 0 && frame->grain == GRAIN_NONE &&
           excludes_by_lines(in->plan, frame->subject) && !names_alike(in, in->plan);
}

static bool shape_list(Interpretation *in) {
    Plan *plan = in->plan;
    plan->subject = in->frame.subject;
    if (excludes_by_lines(plan, plan->subject) && !names_alike(in, plan) && (in->frame.group_count > 0 || !read_lacks(in)))
        return false;
    interpret_add_groups(in);
    return interpret_finish(in, INTENT_LIST);
}

/* --- statistics --- */

/* "which service had the highest amortized cost" of a table with several rows for each: the highest of their sums. */
static bool ranks_sums(const Interpretation *in) {
    const Frame *frame = &in->frame;
    const Measure *measure = in->plan->measure_count == 1 ? catalog_measure(in->catalog, in->plan->measures[0]) : NULL;
    return !in->catalog->is_bill && (frame->agg == AGG_MAXIMUM || frame->agg == AGG_MINIMUM) && frame->subject &&
           !names_rows(in, frame->subject) && interpret_has(in, FLAG_WHICH) && measure && measure->kind == MEASURE_SUM &&
           text_equal(measure->unit, "currency") && frame->agg_grain == GRAIN_NONE && frame->grain == GRAIN_NONE;
}

static bool shape_average(Interpretation *in) {
    Plan *plan = in->plan;
    const Frame *frame = &in->frame;
    plan->agg = frame->agg;
    interpret_add_groups(in);
    plan->agg_grain = frame->agg_grain != GRAIN_NONE ? frame->agg_grain : frame->grain;
    if (frame->agg_grain != GRAIN_NONE) plan->grain = frame->grain;
    if (plan->agg_grain == GRAIN_NONE) plan->agg_grain = frame->subject_grain;
    if (plan->agg_grain == GRAIN_NONE && (frame->calendar != CALENDAR_ALL || plan->compare.kind == COMPARE_CALENDAR))
        plan->agg_grain = GRAIN_DAY;
    if (plan->agg_grain != GRAIN_NONE) {
        if (frame->subject && !names_rows(in, frame->subject)) interpret_add_subject(in);
    } else if (frame->subject && !in->catalog->is_bill && !names_rows(in, frame->subject) &&
               (frame->rank.present || interpret_has(in, FLAG_WHICH))) {
        interpret_add_subject(in); /* "which engine has the highest average": over the rows of each */
    } else if (frame->subject) {
        plan->agg_dimension = frame->subject;
    } else if (!in->catalog->is_bill && plan->group_count == 1 && names_rows(in, plan->group_by[0])) {
        plan->agg_dimension = plan->group_by[0];
        plan->group_count = 0;
    } else if (in->catalog->is_bill) {
        if (plan->group_count != 1) {
            in->question_back[0] = "day";
            in->question_back[1] = "month";
            return false;
        }
        plan->agg_dimension = plan->group_by[0];
        plan->group_count = 0;
        plan_assume(in->arena, plan, "group", "the average over all of them, not of each");
    }
    if (frame->rank.present) interpret_rank(in);
    return interpret_finish(in, INTENT_STAT);
}

static bool shape_cumulative(Interpretation *in) {
    Plan *plan = in->plan;
    plan->agg = AGG_CUMULATIVE;
    interpret_add_groups(in);
    bool valid = interpret_finish(in, INTENT_STAT);
    plan->grain = in->frame.grain != GRAIN_NONE ? in->frame.grain : fitting_grain(in);
    return valid;
}

/* "which day cost most", "the highest daily cost", "top 5 days". */
static bool shape_extreme(Interpretation *in) {
    Plan *plan = in->plan;
    Grain grain = in->frame.subject_grain != GRAIN_NONE ? in->frame.subject_grain : in->frame.grain;
    interpret_rank(in);
    interpret_add_groups(in);
    plan->agg = plan->rank.ascending ? AGG_MINIMUM : AGG_MAXIMUM;
    plan->agg_grain = grain;
    return interpret_finish(in, INTENT_STAT);
}

/* --- totals, breakdowns, series --- */

/* Things joined by "and": a row each, unless they are wanted together. */
static void split_list(Interpretation *in) {
    Plan *plan = in->plan;
    if (!interpret_has(in, FLAG_LISTED) || interpret_has(in, FLAG_TOGETHER) || plan->group_count > 0) return;
    const char *dimension = NULL;
    for (size_t i = 0; i < plan->filter_count; i++) {
        if (plan->filters[i].op != FILTER_IN || plan->filters[i].value_count < 2) continue;
        if (dimension) return;
        dimension = plan->filters[i].dimension;
    }
    if (dimension) plan_add_group(in->arena, plan, dimension);
}

/* "top 3 services per account": three in each. */
static void read_each(Interpretation *in) {
    Plan *plan = in->plan;
    const Frame *frame = &in->frame;
    if (!plan->rank.present) return;
    if (frame->subject && frame->group_count == 1 && !text_equal(frame->subject, frame->groups[0]))
        plan->rank.each = frame->groups[0];
    else if (frame->subject && frame->grain != GRAIN_NONE && interpret_has(in, FLAG_EACH))
        plan->rank.each = plan_grain_name(frame->grain);
}

static bool subject_is_asked(const Interpretation *in) {
    const Frame *frame = &in->frame;
    if (!frame->subject) return false;
    if (interpret_has(in, FLAG_WHICH | FLAG_EACH | FLAG_LIST | FLAG_CHARGED) || frame->rank.present || frame->having_count > 0)
        return true;
    if (names_rows(in, frame->subject)) return false;
    return interpret_has(in, FLAG_PLURAL) && !interpret_has(in, FLAG_TOGETHER);
}

static bool shape_plain(Interpretation *in) {
    Plan *plan = in->plan;
    const Frame *frame = &in->frame;
    bool asked = subject_is_asked(in);
    if (frame->subject && !asked && !names_rows(in, frame->subject)) return false;
    interpret_add_groups(in);
    if (asked) interpret_add_subject(in);
    plan->grain = frame->grain;
    bool of_period =
        frame->subject_grain == GRAIN_BILLING_PERIOD && frame->has_time && !frame->rank.present; /* "billing period August" */
    if (plan->grain == GRAIN_NONE && frame->subject_grain != GRAIN_NONE && !of_period) plan->grain = frame->subject_grain;
    split_list(in);
    if (frame->rank.present) interpret_rank(in);
    read_each(in);
    for (size_t i = 0; i < plan->having_count; i++)
        if (plan->having[i].on == ON_PERCENT) plan->having[i].on = ON_SHARE;
    if (plan->rank.present && plan->group_count == 0 && plan->grain == GRAIN_NONE) {
        if (!interpret_has(in, FLAG_WHICH | FLAG_WHERE | FLAG_COST)) return false;
        interpret_default_group(in);
        if (plan->group_count == 0) return false;
    }
    plan->yes_no = in->asks && plan->group_count == 0 && plan->having_count > 0;
    if (plan->having_count > 0 && plan->group_count == 0 && plan->grain == GRAIN_NONE && !plan->yes_no) return false;
    return interpret_finish(in, plan->grain != GRAIN_NONE ? INTENT_SERIES
                                : plan->group_count       ? INTENT_BREAKDOWN
                                                          : INTENT_TOTAL);
}

static bool shape_where(Interpretation *in) {
    Plan *plan = in->plan;
    interpret_add_groups(in);
    interpret_add_subject(in);
    if (plan->group_count == 0)
        plan_add_group(in->arena, plan, interpret_column(in, "ServiceName") ? "ServiceName" : in->catalog->columns[0].name);
    plan->rank = (PlanRank){.present = true, .n = in->frame.rank.n ? in->frame.rank.n : INTERPRET_TOP};
    plan_assume(in->arena, plan, "limit", "the ten services with the highest cost");
    return interpret_finish(in, INTENT_BREAKDOWN);
}

static bool nothing_said(const Interpretation *in) {
    const Frame *frame = &in->frame;
    const uint64_t empty = FLAG_WHICH | FLAG_PLURAL | FLAG_COMMA | FLAG_EACH | FLAG_LIST | FLAG_MORE | FLAG_LESS;
    return frame->measure_count == 0 && !(frame->flags & ~empty) && frame->group_count == 0 && frame->condition_count == 0 &&
           !frame->has_time && !frame->subject && !frame->rank.present && frame->grain == GRAIN_NONE && !frame->compare &&
           frame->having_count == 0;
}

/* "ec2 instances without a cost center" of a table: its rows, since nothing says what of them is to be told. */
static bool names_only_rows(const Interpretation *in) {
    const Frame *frame = &in->frame;
    const uint64_t quiet = FLAG_WHICH | FLAG_PLURAL | FLAG_LIST | FLAG_COMMA | FLAG_LACKS;
    const Measure *measure = frame->measure_count == 1 ? catalog_measure(in->catalog, frame->measures[0]) : NULL;
    const bool rows = measure && measure->kind == MEASURE_COUNT_ROWS && interpret_has(in, FLAG_WHICH | FLAG_LIST);
    return !in->catalog->is_bill && (rows || (in->catalog->row_identifier && frame->measure_count == 0)) &&
           !frame->rank_measure && !(frame->flags & ~quiet) && frame->condition_count > 0 && frame->group_count == 0 &&
           frame->having_count == 0 && !frame->subject && !frame->rank.present && frame->grain == GRAIN_NONE &&
           frame->subject_grain == GRAIN_NONE && !frame->compare && !in->asks;
}

/* What no shape of an answer can tell. */
static bool has_no_shape(const Interpretation *in) {
    const Frame *frame = &in->frame;
    if (nothing_said(in)) return true;
    if (interpret_has(in, FLAG_APART) &&
        (interpret_has(in, FLAG_TOGETHER | FLAG_COUNT | FLAG_SHARE | FLAG_LIST | FLAG_NEW | FLAG_GONE | FLAG_WHY | FLAG_MORE |
                               FLAG_LESS) ||
         frame->agg != AGG_NONE || frame->rank.present || frame->grain != GRAIN_NONE || frame->subject_grain != GRAIN_NONE ||
         frame->having_count > 0 || frame->calendar != CALENDAR_ALL || frame->compare_items || frame->compare_dimension ||
         interpret_has(in, FLAG_LISTED)))
        return true; /* two separate periods are one total or one ranking for nobody */
    if (interpret_has(in, FLAG_BETWEEN) && !interpret_has(in, FLAG_CHANGE)) return true;
    bool judged = in->asks && frame->rank.present && frame->having_count == 0 &&
                  !interpret_has(in, FLAG_WHICH | FLAG_CHANGE | FLAG_GROW | FLAG_SHRINK);
    return judged; /* "is S3 the most expensive service": a yes or no that no shape gives */
}

/* Lists, rows, and what is left: totals, breakdowns, series. */
static bool shape_plainest(Interpretation *in) {
    const Frame *frame = &in->frame;
    bool listing = frame->subject && frame->measure_count == 0 && !interpret_has(in, FLAG_COST) && !frame->rank.present &&
                   frame->having_count == 0 && frame->grain == GRAIN_NONE &&
                   (interpret_has(in, FLAG_LIST | FLAG_WHICH) ||
                    (interpret_has(in, FLAG_PLURAL) && !frame->has_before && !interpret_has(in, FLAG_TOGETHER)));
    /* "functions by runtime", "untagged resources by service": how many of each. */
    const char *count =
        in->catalog->is_bill && !names_rows(in, frame->subject) ? NULL : frame_counting_measure(in->catalog, frame->subject);
    if (listing && count && frame->group_count > 0 && !interpret_has(in, FLAG_LIST | FLAG_WHICH)) return shape_count(in);
    if (listing) return shape_list(in);
    if (interpret_has(in, FLAG_WHEN)) return false;
    if (names_only_rows(in)) return interpret_finish(in, INTENT_DETAIL);
    return shape_plain(in);
}

bool interpret_shape(Interpretation *in) {
    const Frame *frame = &in->frame;
    if (has_no_shape(in)) return false;
    if (interpret_has(in, FLAG_FORECAST | FLAG_RUNRATE | FLAG_AHEAD)) return interpret_forecast(in);
    if (interpret_has(in, FLAG_ANOMALY) && !interpret_has(in, FLAG_WHY)) return interpret_anomaly(in);
    bool first_day = frame->subject_grain == GRAIN_DAY && !frame->has_time;
    if (interpret_has(in, FLAG_BARE) && !interpret_has(in, FLAG_WHEN) && !first_day) return false;
    if (interpret_has(in, FLAG_MORE | FLAG_LESS) && !interpret_has(in, FLAG_LISTED | FLAG_WHY) && !frame->compare &&
        !frame->compare_dimension && !frame->compare_days && !frame->compare_items)
        return false;
    if (interpret_has(in, FLAG_WHEN) && !interpret_has(in, FLAG_FIRST | FLAG_LAST) && !frame->rank.present) return false;
    if (interpret_has(in, FLAG_SIDES)) return interpret_sides_of_tag(in);
    if (frame->compare_days) return interpret_days(in);
    if (frame->compare_items) return interpret_items(in);
    if (frame->compare_dimension) return interpret_values(in);
    if (interpret_has(in, FLAG_CLAIM) && !interpret_has(in, FLAG_WHY)) return false;
    if (interpret_has(in, FLAG_NEW | FLAG_GONE)) return interpret_new_gone(in);
    /* "resources first seen in September" are the new ones. */
    if (interpret_has(in, FLAG_FIRST) && frame->subject && frame->has_time && !interpret_has(in, FLAG_WHEN | FLAG_LAST))
        return interpret_new_gone(in);
    if (interpret_has(in, FLAG_FIRST | FLAG_LAST)) return interpret_first_last(in);
    if (interpret_has(in, FLAG_WHY)) return interpret_why(in);
    bool what_moved = interpret_has(in, FLAG_WHICH) && interpret_has(in, FLAG_GROW | FLAG_SHRINK | FLAG_CHANGE) &&
                      !interpret_has(in, FLAG_COST | FLAG_PERCENT | FLAG_WHY) && !frame->subject && frame->group_count == 0 &&
                      frame->measure_count == 0 && frame->having_count == 0 && !frame->rank.present;
    if (what_moved && !interpret_has(in, FLAG_GROW | FLAG_SHRINK)) return interpret_why(in);
    if (what_moved) interpret_default_group(in);
    /* "compare July, August and September": a row each. */
    bool months = interpret_has(in, FLAG_LISTED) && frame->has_time && !frame->ranged && !frame->compare &&
                  frame->over == GRAIN_NONE && interpret_has(in, FLAG_CHANGE) && !interpret_has(in, FLAG_GROW | FLAG_SHRINK);
    if (months && frame->grain == GRAIN_NONE) {
        in->frame.grain = GRAIN_MONTH;
        return shape_plain(in);
    }
    if (interpret_is_change(in)) return interpret_change(in);
    if (interpret_has(in, FLAG_SHARE)) return shape_share(in);
    if (frame->agg == AGG_CUMULATIVE) return shape_cumulative(in);
    bool unit_average =
        in->plan->per && frame->agg == AGG_AVERAGE && frame->agg_grain == GRAIN_NONE; /* a ratio is one already */
    if (ranks_sums(in)) {
        in->frame.rank = (PlanRank){.present = true, .ascending = frame->agg == AGG_MINIMUM, .n = frame->rank.n};
        in->frame.agg = AGG_NONE;
        return shape_plain(in);
    }
    if (frame->agg != AGG_NONE && !unit_average) return shape_average(in);
    if (frame->rank.until) {
        if (interpret_has(in, FLAG_COUNT | FLAG_SHARE) || frame->compare || frame->grain != GRAIN_NONE) return false;
        in->frame.flags &= ~(FLAG_TOGETHER | FLAG_WHERE);
        return shape_plain(in);
    }
    bool on_something =
        interpret_has(in, FLAG_ON) &&
        (frame->condition_count > 0 || (frame->has_time && frame->time.end - frame->time.start == 1) ||
         frame->calendar != CALENDAR_ALL || frame->group_count > 0 || frame->subject || frame->grain != GRAIN_NONE);
    if (interpret_has(in, FLAG_WHERE) && !on_something) return shape_where(in);
    if (interpret_has(in, FLAG_COUNT) && (frame->subject || frame->subject_grain != GRAIN_NONE || frame->measure_count))
        return shape_count(in);
    if (interpret_has(in, FLAG_COUNT)) return false;
    bool buckets = frame->subject_grain != GRAIN_NONE || (frame->grain != GRAIN_NONE && !frame->subject);
    if (frame->rank.present && buckets && frame->group_count == 0) return shape_extreme(in);
    if (lacks_lines(in)) return shape_list(in);
    return shape_plainest(in);
}
