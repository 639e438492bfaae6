/* question/patch.c: words that modify the plan before: another value, breakdown, period, order. See question/patch.h. */
#include <string.h>

#include "base/text.h"
#include "question/patch.h"
#include "question/period.h"

#define DEFAULT_TOP 10

typedef struct {
    Interpretation *in;
    const Patch *patch;
    const Frame *frame;
    Plan *plan;
} Change;

static bool cannot(Change *change, const char *message) {
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
            return cannot(change, "This table has no cost column. Ask about the columns that it has.");
        plan->per = NULL;
    } else if (frame_has(frame, FLAG_USAGE) && !frame_has(frame, FLAG_COST)) {
        if (!catalog_measure(change->in->catalog, "ConsumedQuantity"))
            return cannot(change, "This data has no quantities of usage.");
        only_measure(change, "ConsumedQuantity");
        plan_drop_assumptions(plan, "measure");
    }
    if (frame->per) plan->per = frame->per;
    return true;
}

/* --- of which rows --- */

/* How rows are paid for, not what they are: narrows whatever is spoken of. */
static bool is_attribute(const Change *change, const char *id) {
    static const char *const COLUMNS[] = {"x_PurchaseOption", "PricingCategory", "CommitmentDiscountStatus"};
    const Concept *concept = catalog_concept(change->in->catalog, id);
    for (size_t g = 0; concept && g < concept->group_count; g++)
        for (size_t c = 0; c < concept->groups[g].clause_count; c++)
            for (size_t i = 0; i < sizeof COLUMNS / sizeof *COLUMNS; i++)
                if (text_equal(concept->groups[g].clauses[c].column, COLUMNS[i])) return true;
    return false;
}

static bool is_service(const Change *change, const char *dimension) {
    return dimension && frame_same_dimension(change->in->catalog, dimension, "ServiceName");
}

/* What is spoken of makes way for another thing: services, and concepts that people treat like services. */
static void drop_thing(Change *change, bool part) {
    Plan *plan = change->plan;
    for (size_t i = plan->concept_count; i-- > 0;)
        if (!plan->concepts[i].negated && plan->concepts[i].part == part && !is_attribute(change, plan->concepts[i].id))
            plan_drop_concept(plan, i);
    for (size_t i = plan->filter_count; i-- > 0;)
        if (is_service(change, plan->filters[i].dimension) && plan->filters[i].op == FILTER_IN && plan->filters[i].part == part)
            plan_drop_filter(plan, i);
}

static bool has_thing(const Change *change, bool part) {
    const Plan *plan = change->plan;
    for (size_t i = 0; i < plan->concept_count; i++)
        if (!plan->concepts[i].negated && plan->concepts[i].part == part && !is_attribute(change, plan->concepts[i].id))
            return true;
    for (size_t i = 0; i < plan->filter_count; i++)
        if (is_service(change, plan->filters[i].dimension) && plan->filters[i].op == FILTER_IN && plan->filters[i].part == part)
            return true;
    return false;
}

static bool change_concept(Change *change, const Condition *condition) {
    Plan *plan = change->plan;
    const Cues *cues = change->patch->cues;
    bool part = false;
    for (size_t i = plan->concept_count; i-- > 0;) {
        if (!text_equal(plan->concepts[i].id, condition->concept)) continue;
        bool undone = plan->concepts[i].negated && !condition->negated && cues->add;
        part = plan->concepts[i].part;
        plan_drop_concept(plan, i);
        if (undone) return true; /* "include tax" after "without tax" */
    }
    if (!condition->negated && cues->add && plan->intent != INTENT_SHARE && has_thing(change, false))
        return cannot(change, "Things of different kinds are not added together in a follow-up; ask for both in one question.");
    if (!condition->negated && !cues->narrow && !is_attribute(change, condition->concept)) {
        part = part || (plan->intent == INTENT_SHARE && has_thing(change, true));
        drop_thing(change, part);
    } else if (!condition->negated && is_attribute(change, condition->concept)) {
        for (size_t i = plan->concept_count; i-- > 0;)
            if (!plan->concepts[i].negated && is_attribute(change, plan->concepts[i].id)) plan_drop_concept(plan, i);
    }
    plan_add_concept(change->in->arena, plan, condition->concept, condition->negated);
    plan->concepts[plan->concept_count - 1].part = condition->part || part;
    return true;
}

static bool has_value(const PlanFilter *filter, const char *value) {
    for (size_t i = 0; i < filter->value_count; i++)
        if (text_equal(filter->values[i], value)) return true;
    return false;
}

static void add_values(Change *change, PlanFilter *filter, const Condition *condition) {
    const char **values = arena_array(change->in->arena, filter->value_count + condition->value_count, sizeof *values);
    memcpy(values, filter->values, filter->value_count * sizeof *values);
    size_t count = filter->value_count;
    for (size_t i = 0; i < condition->value_count; i++)
        if (!has_value(filter, condition->values[i])) values[count++] = condition->values[i];
    filter->values = values;
    filter->value_count = count;
}

static void remove_values(PlanFilter *filter, const Condition *condition) {
    size_t kept = 0;
    for (size_t i = 0; i < filter->value_count; i++) {
        bool named = false;
        for (size_t k = 0; k < condition->value_count; k++)
            named = named || text_equal(filter->values[i], condition->values[k]);
        if (!named) filter->values[kept++] = filter->values[i];
    }
    filter->value_count = kept;
}

/* A condition beside one on the same column. True when it was merged into it, false when it takes its place or stands beside. */
static bool merge_values(Change *change, size_t at, const Condition *condition, bool *replaces) {
    PlanFilter *filter = &change->plan->filters[at];
    bool in = condition->op == FILTER_IN, out = condition->op == FILTER_NOT_IN,
         same = text_equal(filter->dimension, condition->dimension);
    *replaces = false;
    if (same && change->patch->cues->add && in && filter->op == FILTER_IN) {
        add_values(change, filter, condition);
        return true;
    }
    if (same && out && filter->op == FILTER_NOT_IN) {
        add_values(change, filter, condition);
        return true;
    }
    if (same && ((out && filter->op == FILTER_IN) || (in && change->patch->cues->add && filter->op == FILTER_NOT_IN))) {
        size_t before = filter->value_count;
        remove_values(filter, condition);
        if (filter->value_count > 0) return filter->value_count < before;
        *replaces = true;
        return in;
    }
    *replaces = !out || filter->op == FILTER_NOT_EMPTY;
    return false;
}

static bool change_filter(Change *change, const Condition *condition) {
    Plan *plan = change->plan;
    bool part = false, merged = false;
    if (condition->op == FILTER_IN && is_service(change, condition->dimension) && !change->patch->cues->narrow &&
        !change->patch->cues->add)
        for (size_t i = plan->concept_count; i-- > 0;)
            if (!plan->concepts[i].negated && !is_attribute(change, plan->concepts[i].id)) {
                part = part || plan->concepts[i].part;
                plan_drop_concept(plan, i);
            }
    for (size_t i = plan->filter_count; i-- > 0;) {
        bool same = plan->filters[i].dimension && condition->dimension
                        ? frame_same_dimension(change->in->catalog, plan->filters[i].dimension, condition->dimension)
                        : plan->filters[i].op == condition->op;
        if (!same) continue;
        bool replaces = false;
        bool taken = merge_values(change, i, condition, &replaces);
        merged = merged || taken;
        if (!replaces) continue;
        part = part || plan->filters[i].part;
        plan_drop_filter(plan, i);
    }
    if (merged) return true;
    plan_add_filter(change->in->arena, plan, condition->dimension, condition->op, condition->values, condition->value_count);
    plan->filters[plan->filter_count - 1].part = condition->part || part;
    return true;
}

/* "EC2 against S3", and then "RDS": the one thing alone. */
static void leave_sides(Change *change) {
    Plan *plan = change->plan;
    if (plan->compare.kind != COMPARE_VALUES || change->patch->cues->add) return;
    for (size_t i = 0; i < change->frame->condition_count; i++) {
        const Condition *condition = &change->frame->conditions[i];
        bool sides = plan->compare.dimension
                         ? condition->dimension && condition->op == FILTER_IN &&
                               frame_same_dimension(change->in->catalog, plan->compare.dimension, condition->dimension)
                         : condition->concept || is_service(change, condition->dimension);
        if (!sides || condition->value_count > 1 || condition->negated) continue;
        plan->compare.kind = COMPARE_NONE;
        plan->compare.dimension = NULL;
        plan->intent = INTENT_TOTAL;
        plan->yes_no = false;
        for (size_t k = 0; k < plan->filter_count; k++) plan->filters[k].part = false;
        for (size_t k = 0; k < plan->concept_count; k++) plan->concepts[k].part = false;
        return;
    }
}

static bool change_untagged(Change *change) {
    const Frame *frame = change->frame;
    Plan *plan = change->plan;
    if (!frame_has(frame, FLAG_UNTAGGED | FLAG_TAGGED)) return true;
    const char *tag = NULL;
    for (size_t i = 0; i < plan->group_count; i++) {
        const CatalogColumn *column = interpret_column(change->in, plan->group_by[i]);
        if (column && column->class == CLASS_TAG) tag = column->name;
    }
    if (frame_has(frame, FLAG_TAGGED) && !tag) return cannot(change, "Say which tag is meant, as in “only with a team tag”.");
    Condition condition = {.dimension = tag,
                           .op = frame_has(frame, FLAG_TAGGED) ? FILTER_NOT_EMPTY
                                 : tag                         ? FILTER_EMPTY
                                                               : FILTER_ALL_TAGS_EMPTY};
    return change_filter(change, &condition);
}

static bool change_conditions(Change *change) {
    const Frame *frame = change->frame;
    if (frame->condition_count > 0) plan_drop_assumptions(change->plan, "value");
    leave_sides(change);
    for (size_t i = 0; i < frame->condition_count; i++) {
        const Condition *condition = &frame->conditions[i];
        if (!(condition->concept ? change_concept(change, condition) : change_filter(change, condition))) return false;
    }
    if (frame_has(frame, FLAG_CHARGED)) change->plan->charged_only = true;
    return change_untagged(change);
}

/* --- when --- */

static bool same_period(PlanTime a, PlanTime b) {
    return a.start == b.start && a.end == b.end;
}

/* "the month before", "a year ago": relative to the period that is spoken of. */
static bool relative_time(Change *change, PlanTime *time) {
    PlanTime spoken = plan_period(change->plan);
    if (change->frame->relative == RELATIVE_NONE) return true;
    if (spoken.start == DAY_NONE) return cannot(change, "No period was spoken of before; name the one that is meant.");
    const char *words = time->words;
    *time = change->frame->relative == RELATIVE_BEFORE ? period_previous(spoken) : period_year_ago(spoken);
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

static bool add_group(Change *change, const char *dimension) {
    Plan *plan = change->plan;
    switch (plan->intent) {
    case INTENT_DETAIL: return cannot(change, "Single rows have no breakdown; ask for the cost by that dimension instead.");
    case INTENT_NEW_GONE: plan->subject = dimension; return true;
    case INTENT_LIST:
        if (text_equal(plan->subject, dimension)) return true;
        break;
    case INTENT_DRIVERS: plan->group_count = 0; break;
    default: break;
    }
    for (size_t i = 0; i < plan->group_count; i++)
        if (frame_same_dimension(change->in->catalog, plan->group_by[i], dimension)) return true;
    plan_add_group(change->in->arena, plan, dimension);
    return true;
}

static bool change_groups(Change *change) {
    Plan *plan = change->plan;
    const Frame *frame = change->frame;
    const char *groups[FRAME_GROUPS + 1];
    size_t count = 0;
    if (frame->subject) groups[count++] = frame->subject;
    for (size_t i = 0; i < frame->group_count; i++) groups[count++] = frame->groups[i];
    if (count == 0) return true;
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
    if (plan->intent == INTENT_DETAIL || plan->intent == INTENT_DRIVERS || plan->intent == INTENT_NEW_GONE ||
        plan->intent == INTENT_FIRST_LAST || plan->intent == INTENT_LIST)
        return cannot(change, "The answer before has no course over time; ask for the cost per month or per day.");
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
        return cannot(change, "The answer before has nothing to rank; ask for the top services, accounts or days.");
    if (plan->intent == INTENT_STAT && (plan->agg == AGG_MAXIMUM || plan->agg == AGG_MINIMUM))
        plan->agg = frame->rank.ascending ? AGG_MINIMUM : AGG_MAXIMUM;
    if ((plan->intent == INTENT_TOTAL || plan->intent == INTENT_COMPARE) && plan->group_count == 0) {
        if (!interpret_column(change->in, "ServiceName"))
            return cannot(change, "Say what is to be ranked, as in “top 5 by type”.");
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
            return cannot(change,
                          "A threshold on a number of things is not put on an answer that is there; ask it in one question.");
        if (on && !text_equal(on, plan->measures[0]))
            return cannot(change, "The threshold is on another amount than the answer before; ask it in one question.");
        if (having.on == ON_PERCENT && plan->compare.kind != COMPARE_PERIODS) having.on = ON_SHARE;
        if (plan->group_count == 0 && plan->grain == GRAIN_NONE && plan->intent != INTENT_DETAIL)
            return cannot(
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
        return cannot(change,
                      "The answer before has no parts that could be shares; ask for the share by service or by account.");
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

static void drop_breakdown(Plan *plan) {
    plan->group_count = 0;
    plan->grain = GRAIN_NONE;
    plan->rank = (PlanRank){0};
    plan->having_count = 0;
    if (plan->intent != INTENT_COMPARE && plan->intent != INTENT_SHARE) plan->intent = INTENT_TOTAL;
    plan_drop_assumptions(plan, "limit");
    plan_drop_assumptions(plan, "group");
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
    if (cues->ungroup || frame_has(change->frame, FLAG_TOGETHER)) {
        if (plan->intent != INTENT_BREAKDOWN && plan->intent != INTENT_SERIES && plan->intent != INTENT_TOTAL &&
            plan->intent != INTENT_COMPARE && plan->intent != INTENT_STAT)
            return cannot(change, "The answer before has no breakdown to sum up.");
        drop_breakdown(plan);
    }
    return true;
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
