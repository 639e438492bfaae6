/* question/action_compare.c: things beside each other: comparisons, shares, ranges of time; see question/frame.h. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "question/action.h"
#include "question/period.h"

static bool do_part(const Act *act, const char *argument) {
    (void)argument;
    for (size_t i = 0; i < act->out->condition_count; i++) act->out->conditions[i].part = true;
    return act->out->condition_count > 0;
}

/* "what share of A is B": the first scope is the whole, the second the part; "B as a share of A" with argument "reversed". */
static bool do_share(const Act *act, const char *argument) {
    bool reversed = text_equal(argument, "reversed") || text_equal(argument, "first"), seen = false;
    Frame *out = act->out;
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < act->count; i++) {
        Frame part = *act->parts[i], both;
        bool scope = part.condition_count || part.has_time || (part.flags & ~(FLAG_SHARE | FLAG_PERCENT)) ||
                     part.measure_count || part.group_count || part.refusal.code;
        if (scope && (seen != reversed))
            for (size_t c = 0; c < part.condition_count; c++) part.conditions[c].part = true;
        if (scope) seen = true;
        if (!frame_merge(act->context, out, &part, &both)) return false;
        *out = both;
    }
    out->flags |= FLAG_SHARE;
    bool has_part = false;
    for (size_t c = 0; c < out->condition_count; c++) has_part = has_part || out->conditions[c].part;
    has_part = has_part || frame_has(out, FLAG_UNTAGGED);
    return has_part || text_is_empty(argument);
}

static bool do_compare_measures(const Act *act, const char *argument) {
    (void)argument;
    Frame *out = act->out;
    size_t wanted = (act->count + 1) / 2;
    if (out->measure_count + 1 == wanted && frame_has(out, FLAG_COST) && act->context->catalog->measure_count > 0 &&
        !text_equal(out->measures[0], act->context->catalog->measures[0].name))
        out->measures[out->measure_count++] = act->context->catalog->measures[0].name; /* "billed" is no word of its own */
    if (out->measure_count < 2 || out->measure_count != wanted) return false;
    out->compare_measures = true;
    return true;
}

static bool do_compare_values(const Act *act, const char *argument) {
    (void)argument;
    Frame *out = act->out;
    if (out->refusal.code) return act_settle_refusal(out);
    if (out->condition_count != 1 || out->conditions[0].concept || out->conditions[0].op != FILTER_IN ||
        out->conditions[0].value_count < 2)
        return false;
    out->compare_dimension = out->conditions[0].dimension;
    out->flags &= ~FLAG_LISTED;
    return true;
}

/* "prod against the rest", "prod and non-prod": one value and everything else. The second value, if any, is the first again. */
static bool do_compare_rest(const Act *act, const char *argument) {
    (void)argument;
    const Condition *first = NULL;
    for (size_t i = 0; i < act->count; i++) {
        const Frame *part = act->parts[i];
        if (part->refusal.code) {
            *act->out = *part;
            return true;
        }
        if (part->condition_count == 0) continue;
        const Condition *condition = &part->conditions[0];
        if (part->condition_count != 1 || condition->concept || condition->op != FILTER_IN || condition->value_count != 1)
            return false;
        if (first &&
            (!text_equal(first->dimension, condition->dimension) || !text_equal(first->values[0], condition->values[0])))
            return false;
        first = condition;
    }
    if (!first) return false;
    memset(act->out, 0, sizeof *act->out);
    act->out->conditions[0] = *first;
    act->out->condition_count = 1;
    act->out->compare_dimension = first->dimension;
    return true;
}

/* "cost and number of resources", "list, effective and billed cost": each is shown; "cost" alone is the default one. */
static bool do_measures(const Act *act, const char *argument) {
    (void)argument;
    memset(act->out, 0, sizeof *act->out);
    for (size_t i = 0; i < act->count; i++) {
        Frame part = *act->parts[i], both;
        if (part.measure_count == 0 && frame_has(&part, FLAG_COST) && act->context->catalog->measure_count > 0)
            part.measures[part.measure_count++] = act->context->catalog->measures[0].name;
        if (part.measure_count == 0 && frame_has(&part, FLAG_USAGE) &&
            catalog_measure(act->context->catalog, "ConsumedQuantity"))
            part.measures[part.measure_count++] = "ConsumedQuantity";
        part.flags &= ~(FLAG_USAGE | FLAG_COMMA);
        if (!frame_merge(act->context, act->out, &part, &both)) return false;
        *act->out = both;
    }
    act->out->flags |= FLAG_QUANTITY;
    return act->out->measure_count >= 2;
}

/* "between EC2 and S3" is a comparison only where one is asked for. */
static bool do_compare_between(const Act *act, const char *argument) {
    if (!do_compare_values(act, argument)) return false;
    act->out->flags |= FLAG_BETWEEN;
    return true;
}

/* The times of a phrase's parts, in order. */
static size_t gather_times(const Act *act, const Frame **times, size_t room) {
    size_t count = 0;
    for (size_t i = 0; i < act->count; i++)
        if ((act->parts[i]->has_time || act->parts[i]->has_before) && count < room) times[count++] = act->parts[i];
    return count;
}

/* Merges everything of the parts but their times. */
static bool merge_untimed(const Act *act) {
    memset(act->out, 0, sizeof *act->out);
    for (size_t i = 0; i < act->count; i++) {
        Frame part = *act->parts[i], both;
        part.has_time = part.has_before = part.ranged = part.compare = false;
        part.relative = RELATIVE_NONE;
        if (!frame_merge(act->context, act->out, &part, &both)) return false;
        *act->out = both;
    }
    return true;
}

static bool do_range(const Act *act, const char *argument) {
    const Frame *times[3];
    if (gather_times(act, times, 3) != 2 || !merge_untimed(act)) return false;
    return period_range(act->context, times[0], times[1], text_equal(argument, "list"), act->out);
}

static bool do_bound(const Act *act, const char *argument) {
    const Frame *times[2];
    if (gather_times(act, times, 2) != 1 || !merge_untimed(act)) return false;
    return period_bound(act->context, times[0], argument, act->out);
}

/* Two periods: a is compared with b. "$1 $2"; with argument "only" one part, the side that is compared with. */
static bool do_compare(const Act *act, const char *argument) {
    const Frame *times[3];
    size_t count = gather_times(act, times, 3);
    if (!merge_untimed(act)) return false;
    if (text_equal(argument, "only")) return count == 1 && period_compare_with(times[0], act->out);
    if (count != 2 || !period_compare(act->context, times[0], times[1], act->out)) return false;
    if (!text_equal(argument, "apart")) return true;
    /* "July and September" are no range: each is told for itself. */
    act->out->flags |= FLAG_APART;
    const PlanTime *a = &act->out->time, *b = &act->out->before;
    return !a->partial && !b->partial && times[0]->relative == RELATIVE_NONE && times[1]->relative == RELATIVE_NONE &&
           !times[0]->ranged && !times[1]->ranged && (a->end < b->start || b->end < a->start);
}

/* "based on October 1 to 11", "keeps its average of October 1 to 11": the days that a forecast is learned from. */
static bool do_learned(const Act *act, const char *argument) {
    const Frame *times[2];
    if (gather_times(act, times, 2) != 1 || !merge_untimed(act)) return false;
    act->out->before = times[0]->time;
    act->out->has_before = true;
    act->out->flags |= text_equal(argument, "rate") ? FLAG_RUNRATE : FLAG_FORECAST;
    return true;
}

/* "average per day times 31": how a run rate is worked out, which is known. */
static bool do_rate_said(const Act *act, const char *argument) {
    (void)argument;
    act->out->flags |= FLAG_RUNRATE;
    return true;
}

/* "WAF costs more than GuardDuty": the comparison word is no threshold. */
static bool do_drop_op(const Act *act, const char *argument) {
    (void)argument;
    if (act->out->op == HAVING_ABOVE)
        act->out->flags |= FLAG_MORE;
    else
        act->out->flags |= FLAG_LESS;
    act->out->has_op = false;
    return true;
}

/* "weekends against weekdays". */
static bool do_compare_days(const Act *act, const char *argument) {
    (void)argument;
    memset(act->out, 0, sizeof *act->out);
    for (size_t i = 0; i < act->count; i++) {
        Frame part = *act->parts[i], both;
        if (part.calendar == CALENDAR_DAYS_OF_WEEK) return false;
        if (act->out->first_days == CALENDAR_ALL) part.first_days = part.calendar;
        part.calendar = CALENDAR_ALL;
        if (!frame_merge(act->context, act->out, &part, &both)) return false;
        *act->out = both;
    }
    act->out->compare_days = true;
    return true;
}

/* "amortized rather than billed": only the first is asked for. */
static bool do_first_measure(const Act *act, const char *argument) {
    (void)argument;
    *act->out = *act->parts[0];
    return act->count == 3 && (act->out->measure_count == 1 || frame_has(act->out, FLAG_COST));
}

/* Things of several kinds side by side: "EC2 and NAT gateways". */
static bool do_items(const Act *act, const char *argument) {
    (void)argument;
    Frame *out = act->out;
    if (out->refusal.code) return act_settle_refusal(out);
    if (out->dimension || out->condition_count < 2) return false;
    bool concept = false;
    for (size_t i = 0; i < out->condition_count; i++) {
        const Condition *condition = &out->conditions[i];
        if (condition->negated || (!condition->concept && condition->op != FILTER_IN)) return false;
        concept = concept || condition->concept;
    }
    for (size_t i = 0; i < out->condition_count; i++) out->conditions[i].item = true;
    out->compare_items = true;
    out->flags &= ~FLAG_LISTED;
    return concept;
}

/* "differ from what was billed": the other side of a comparison whose first side stands elsewhere in the question. */
static bool do_against(const Act *act, const char *argument) {
    (void)argument;
    Frame *out = act->out;
    const Catalog *catalog = act->context->catalog;
    if (out->measure_count > 1 || catalog->measure_count == 0) return false;
    if (out->measure_count == 0 && !frame_has(out, FLAG_COST)) return false;
    out->against = out->measure_count ? out->measures[0] : catalog->measures[0].name;
    out->measure_count = 0;
    out->compare_measures = true;
    out->flags &= ~(FLAG_COST | FLAG_WHICH | FLAG_CHANGE);
    return true;
}

/* "on-demand value of the covered usage minus its effective cost": "+ListCost-EffectiveCost@covered-usage", to be compared with the
 * definition of the measure that the question names. */
static bool do_formula(const Act *act, const char *argument) {
    (void)argument;
    Frame *out = act->out;
    memset(out, 0, sizeof *out);
    const char *terms = "", *of = "";
    for (size_t i = 0; i < act->count; i++) {
        const Frame *part = act->parts[i];
        if (part->refusal.code || part->condition_count > 1 || part->measure_count > 1 || part->group_count > 0) return false;
        const char *at = part->formula ? strchr(part->formula, '@') : NULL;
        if (at) {
            terms = arena_text_n(act->context->arena, part->formula, (size_t)(at - part->formula));
            of = at + 1;
            continue;
        }
        const char *concept = part->condition_count ? part->conditions[0].concept : NULL;
        const char *measure = part->measure_count                    ? part->measures[0]
                              : frame_has(part, FLAG_COST)           ? act->context->catalog->measures[0].name
                              : concept && strstr(concept, "unused") ? "x_UnusedCommitmentCost"
                                                                     : NULL;
        if (part->condition_count && !concept) return false;
        if (!measure) continue; /* the word between the terms */
        terms = arena_printf(act->context->arena, "%s%c%s", terms, *terms ? '-' : '+', measure);
        if (concept && !strstr(concept, "unused")) of = concept;
    }
    out->formula = arena_printf(act->context->arena, "%s@%s", terms, of);
    return true;
}

const ActionKind ACTIONS_OF_COMPARISONS[] = {
    {"part", do_part, false},
    {"share", do_share, true},
    {"compare_measures", do_compare_measures, false},
    {"compare_values", do_compare_values, false},
    {"compare_rest", do_compare_rest, true},
    {"measures", do_measures, true},
    {"compare_between", do_compare_between, false},
    {"range", do_range, true},
    {"bound", do_bound, true},
    {"compare", do_compare, true},
    {"first_measure", do_first_measure, true},
    {"items", do_items, false},
    {"against", do_against, false},
    {"formula", do_formula, true},
    {"compare_days", do_compare_days, true},
    {"drop_op", do_drop_op, false},
    {"learned", do_learned, true},
    {"rate_said", do_rate_said, true},
    {NULL, NULL, false},
};
