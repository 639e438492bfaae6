/* question/patch_shape.c: another shape within the scope of the plan before: "why?", "month over month", "how much is that per day".
 * See question/patch.h.
 *
 * What the words leave open (measure, conditions, period, breakdown) is taken from the plan before; then the whole is
 * interpreted like a question that had said all of it. */
#include <string.h>

#include "base/text.h"
#include "question/patch.h"
#include "question/period.h"

#define CHANGES (FLAG_GROW | FLAG_SHRINK | FLAG_CHANGE)
/* What a plan that is there can be modified by. Whatever else is said, now or by words to come, asks for another shape. */
#define MODIFIERS                                                                                                              \
    (FLAG_COST | FLAG_WHICH | FLAG_PLURAL | FLAG_LIST | FLAG_SHARE | FLAG_PERCENT | FLAG_TOGETHER | FLAG_TREND | FLAG_MOST |   \
     FLAG_LEAST | FLAG_CHARGED | FLAG_USAGE | FLAG_UNIT_COST | FLAG_RANGE | FLAG_EACH | FLAG_LISTED | FLAG_UNTAGGED |          \
     FLAG_TAGGED | FLAG_BILLING | FLAG_COMMA | FLAG_QUANTITY | FLAG_COUNTABLE | FLAG_BETWEEN)

/* --- which of the two ways --- */

static bool has_part(const Frame *frame) {
    for (size_t i = 0; i < frame->condition_count; i++)
        if (frame->conditions[i].part) return true;
    return false;
}

static bool says_nothing(const Frame *frame) {
    Frame empty;
    memset(&empty, 0, sizeof empty);
    return memcmp(frame, &empty, sizeof empty) == 0;
}

/* The frame without all that patch_modify() applies. */
static Frame beyond_modifying(const Frame *frame) {
    Frame left = *frame;
    left.flags &= ~MODIFIERS;
    memset(left.measures, 0, sizeof left.measures);
    memset(left.groups, 0, sizeof left.groups);
    memset(left.conditions, 0, sizeof left.conditions);
    memset(left.havings, 0, sizeof left.havings);
    memset(left.having_measures, 0, sizeof left.having_measures);
    memset(left.having_count_of, 0, sizeof left.having_count_of);
    memset(&left.rank, 0, sizeof left.rank);
    memset(&left.time, 0, sizeof left.time);
    memset(&left.first, 0, sizeof left.first);
    memset(&left.second, 0, sizeof left.second);
    left.measure_count = left.group_count = left.condition_count = left.having_count = 0;
    left.per = left.rank_measure = left.subject = left.chart = NULL;
    left.grain = left.subject_grain = left.relative_unit = GRAIN_NONE;
    left.has_time = left.ranged = left.plural = false;
    left.relative = RELATIVE_NONE;
    left.calendar = CALENDAR_ALL;
    left.days_of_week = 0;
    return left;
}

static bool asks_shape(const Frame *frame, const Patch *patch) {
    const Frame left = beyond_modifying(frame);
    bool share = frame_has(frame, FLAG_SHARE) && (frame->condition_count > 0 || has_part(frame));
    bool day_of = frame->rank.present && frame->subject_grain != GRAIN_NONE && !frame->subject && frame->group_count == 0;
    /* A period to come is another one of a forecast; of anything else it makes one. */
    bool ahead = left.flags == FLAG_AHEAD && patch->base->intent == INTENT_FORECAST;
    if (ahead && !share && !day_of) return false;
    return !says_nothing(&left) || share || day_of || patch->cues->average;
}

/* --- what is taken from the plan before --- */

typedef struct {
    Interpretation *in;
    const Patch *patch;
    Frame *frame; /* of `in` */
    const Plan *base;
} Scope;

static bool is_money(const Scope *scope, const char *name) {
    const Measure *measure = catalog_measure(scope->in->catalog, name);
    const CatalogColumn *column = measure ? interpret_column(scope->in, measure->column) : NULL;
    return measure && (text_equal(measure->unit, "currency") || (column && column->class == CLASS_COST));
}

static void inherit_measures(Scope *scope) {
    Frame *frame = scope->frame;
    const Plan *base = scope->base;
    if (frame->measure_count > 0 || frame_has(frame, FLAG_USAGE | FLAG_COUNT) || frame->rank_measure) return;
    if (frame_has(frame, FLAG_COST) && !is_money(scope, base->measures[0])) return;
    bool said = true; /* the default needs no saying: it is assumed again */
    for (size_t i = 0; i < base->assumption_count; i++) said = said && !text_equal(base->assumptions[i].field, "measure");
    if (!said) {
        frame->flags |= FLAG_COST;
        return;
    }
    for (size_t i = 0; i < base->measure_count && i < FRAME_MEASURES; i++)
        frame->measures[frame->measure_count++] = base->measures[i];
    if (base->per && !frame->per) frame->per = base->per;
}

static bool is_said(const Scope *scope, size_t said, const char *dimension, const char *concept) {
    for (size_t i = 0; i < said; i++) {
        const Condition *condition = &scope->frame->conditions[i];
        if (concept && text_equal(condition->concept, concept)) return true;
        if (dimension && condition->dimension && condition->op == FILTER_IN &&
            frame_same_dimension(scope->in->catalog, condition->dimension, dimension))
            return true;
    }
    return false;
}

/* The words speak of another thing than the plan: "why did S3 go up" after NAT gateways. */
static bool says_thing(const Scope *scope, size_t said) {
    for (size_t i = 0; i < said; i++) {
        const Condition *condition = &scope->frame->conditions[i];
        if (!condition->part && condition->op == FILTER_IN &&
            (condition->dimension ? frame_same_dimension(scope->in->catalog, condition->dimension, "ServiceName")
                                  : condition->concept && !condition->negated))
            return true;
    }
    return false;
}

static bool add_condition(Scope *scope, Condition condition) {
    if (scope->frame->condition_count >= FRAME_CONDITIONS)
        return interpret_refuse(
            scope->in, "TOO_BROAD",
            "The conditions of this conversation have become too many; start over and name those that matter.");
    scope->frame->conditions[scope->frame->condition_count++] = condition;
    return true;
}

static bool inherit_conditions(Scope *scope) {
    const Plan *base = scope->base;
    Frame *frame = scope->frame;
    size_t said = frame->condition_count;
    bool share = frame_has(frame, FLAG_SHARE);
    for (size_t i = 0; share && !has_part(frame) && i < said; i++) frame->conditions[i].part = true;
    bool thing = !scope->patch->cues->narrow && says_thing(scope, said);
    for (size_t i = 0; i < base->filter_count; i++) {
        const PlanFilter *filter = &base->filters[i];
        if (!share && is_said(scope, said, filter->dimension, NULL)) continue;
        if (!add_condition(scope, (Condition){.dimension = filter->dimension,
                                              .op = filter->op,
                                              .values = filter->values,
                                              .value_count = filter->value_count}))
            return false;
    }
    for (size_t i = 0; i < base->concept_count; i++) {
        const PlanConcept *concept = &base->concepts[i];
        if (!share && ((thing && !concept->negated) || is_said(scope, said, NULL, concept->id))) continue;
        if (!add_condition(scope, (Condition){.concept = concept->id, .negated = concept->negated})) return false;
    }
    return true;
}

/* The other side of a comparison stays when neither side was said. */
static void inherit_time(Scope *scope) {
    Frame *frame = scope->frame;
    const Plan *base = scope->base;
    PlanTime time = plan_period(base);
    bool changes = frame_has(frame, FLAG_WHY | CHANGES | FLAG_NEW | FLAG_GONE | FLAG_MORE | FLAG_LESS) || frame->compare;
    if (frame->calendar == CALENDAR_ALL && !frame->compare_days) {
        frame->calendar = base->calendar;
        frame->days_of_week = base->days_of_week;
    }
    if (time.by_billing_period) frame->flags |= FLAG_BILLING;
    if (frame_has(frame, FLAG_FORECAST | FLAG_RUNRATE)) return; /* what is spoken of is over */
    if (frame->has_time || time.start == DAY_NONE || time.end == DAY_NONE || frame_has(frame, FLAG_FIRST | FLAG_LAST)) return;
    if (frame->over != GRAIN_NONE && frame->over != GRAIN_YEAR) return; /* "month over month" says its own period */
    frame->has_time = true;
    frame->time = time;
    if (frame->has_before && frame->relative == RELATIVE_BEFORE) frame->before = period_previous(time);
    if (frame->has_before && frame->relative == RELATIVE_YEAR_AGO) frame->before = period_year_ago(time);
    if (frame->relative != RELATIVE_NONE && frame->has_before) frame->relative = RELATIVE_NONE;
    if (!changes || frame->has_before || base->compare.kind != COMPARE_PERIODS || base->compare.b.start == DAY_NONE ||
        frame->over != GRAIN_NONE)
        return;
    frame->has_before = true;
    frame->before = base->compare.b;
    if (base->compare.elapsed) frame->flags |= FLAG_ELAPSED;
}

static bool is_grouped(const Frame *frame) {
    return frame->subject || frame->group_count > 0;
}

static void inherit_groups(Scope *scope) {
    Frame *frame = scope->frame;
    const Plan *base = scope->base;
    if (scope->patch->member && !frame->subject) {
        frame->subject = scope->patch->member;
        frame->flags |= FLAG_WHICH;
        return;
    }
    if (frame_has(frame, FLAG_COUNT) && !is_grouped(frame) && frame->subject_grain == GRAIN_NONE) {
        frame->subject = base->group_count ? base->group_by[0] : base->subject;
        for (size_t i = 0; i < base->having_count && frame->having_count < FRAME_HAVINGS; i++)
            frame->havings[frame->having_count++] = base->having[i];
        return;
    }
    bool fits = frame_has(frame, CHANGES) || frame->compare || frame->over != GRAIN_NONE || frame->agg != AGG_NONE ||
                frame_has(frame, FLAG_SHARE) || frame->compare_days;
    if (!fits || is_grouped(frame) || frame_has(frame, FLAG_WHY | FLAG_COUNT | FLAG_LIST | FLAG_FIRST | FLAG_LAST)) return;
    bool part = false;
    for (size_t i = 0; i < frame->condition_count; i++) part = part || frame->conditions[i].part;
    for (size_t i = 0; !part && i < base->group_count && i < FRAME_GROUPS; i++)
        frame->groups[frame->group_count++] = base->group_by[i];
    if (frame->agg == AGG_CUMULATIVE && frame->grain == GRAIN_NONE) frame->grain = base->grain;
}

/* "per day" of what was one number: the average. "per account" is a breakdown. */
static bool turn_average(Scope *scope) {
    Frame *frame = scope->frame;
    if (!scope->patch->cues->average) return true;
    Grain grain = frame->grain != GRAIN_NONE ? frame->grain : frame->subject_grain;
    if (grain == GRAIN_NONE)
        return interpret_refuse(scope->in, "UNSUPPORTED_SHAPE", "An average of what: say per day, per week or per month.");
    frame->agg = AGG_AVERAGE;
    frame->agg_grain = grain;
    frame->grain = frame->subject_grain = GRAIN_NONE;
    return true;
}

bool patch_shape(Interpretation *in, const Patch *patch) {
    Scope scope = {.in = in, .patch = patch, .frame = &in->frame, .base = patch->base};
    if (patch->base->measure_count == 0 || in->frame.meta) return false;
    if (!turn_average(&scope)) return false;
    /* "is it cheaper on weekends": than on weekdays. */
    if (frame_has(&in->frame, FLAG_MORE | FLAG_LESS) && !in->frame.compare && in->frame.calendar != CALENDAR_ALL) {
        in->frame.compare_days = true;
        in->frame.calendar = CALENDAR_ALL;
    }
    inherit_measures(&scope);
    inherit_time(&scope);
    if (!inherit_conditions(&scope)) return false;
    inherit_groups(&scope);
    if (in->frame.relative == RELATIVE_YEAR_AGO && !in->frame.has_before) in->frame.relative = RELATIVE_NONE;
    if (!interpret(in)) return false;
    if (patch->base->charged_only) in->plan->charged_only = true;
    return true;
}

/* "per day" may name the column of days; as a follow-up it is the course over time. */
static void name_days(const Interpretation *in, Frame *frame) {
    const char *days = in->catalog->is_bill && in->catalog->time_column ? in->catalog->time_column->name : NULL;
    if (!days || frame->grain != GRAIN_NONE || frame->subject_grain != GRAIN_NONE) return;
    if (text_equal(frame->subject, days)) {
        frame->subject = NULL;
        frame->subject_grain = GRAIN_DAY;
    } else if (frame->group_count == 1 && text_equal(frame->groups[0], days)) {
        frame->group_count = 0;
        frame->grain = GRAIN_DAY;
    }
}

bool patch_make(Interpretation *in, const void *context) {
    const Patch *patch = context;
    Frame *frame = &in->frame;
    const Cues *cues = patch->cues;
    bool changes =
        cues->again || cues->ungroup || cues->unrank || cues->unfilter || cues->unshare || cues->reference != REFER_NONE;
    if (says_nothing(frame) && !changes) return false;
    name_days(in, frame);
    /* "list them", "what are the top 5": a word that only leads to the rest. */
    if (!frame->subject && frame->subject_grain == GRAIN_NONE) frame->flags &= ~(FLAG_WHICH | FLAG_LIST);
    if (frame->refusal.code) {
        in->refusal = frame->refusal;
        return false;
    }
    if (frame->number || frame->has_op || frame->dimension || frame->meta) return false;
    bool breakdown =
        patch->cues->average && is_grouped(frame) && frame->grain == GRAIN_NONE && frame->subject_grain == GRAIN_NONE;
    if (!breakdown && asks_shape(frame, patch)) return patch_shape(in, patch);
    return patch_modify(in, patch);
}
