/* question/interpret_beside.c: things, values, and kinds of days beside each other; see question/interpret.h. */
#include <string.h>

#include "base/text.h"
#include "question/interpret_parts.h"

/* "split NAT gateways into hours and data processing": the whole says nothing that its parts do not. */
static bool is_whole_of_items(const Frame *frame, const Condition *whole) {
    if (!whole->concept || whole->item || whole->negated) return false;
    size_t size = strlen(whole->concept);
    for (size_t i = 0; i < frame->condition_count; i++) {
        const Condition *condition = &frame->conditions[i];
        if (condition->item && (!text_starts(condition->concept, whole->concept) || condition->concept[size] != '-'))
            return false;
    }
    return true;
}

/* Things of several kinds: a row each. Their sum would count lines twice that are both. */
bool interpret_items(Interpretation *in) {
    Plan *plan = in->plan;
    if (interpret_has(in, FLAG_TOGETHER | FLAG_SHARE | FLAG_PERCENT | FLAG_COUNT) || in->frame.rank.present ||
        in->frame.compare)
        return false;
    plan->compare.kind = COMPARE_VALUES;
    plan->compare.dimension = NULL;
    for (size_t i = 0; i < in->frame.condition_count; i++) {
        const Condition *condition = &in->frame.conditions[i];
        if (is_whole_of_items(&in->frame, condition)) {
            interpret_drop_concept(plan, condition->concept);
            continue;
        }
        if (!condition->item && condition->concept && !condition->negated)
            return false; /* it would become a thing of its own */
        for (size_t f = 0; condition->item && f < plan->filter_count; f++)
            if (text_equal(plan->filters[f].dimension, condition->dimension) && plan->filters[f].op == FILTER_IN)
                plan->filters[f].part = true;
    }
    interpret_add_groups(in);
    plan->grain = in->frame.grain;
    plan->yes_no = in->asks && interpret_has(in, FLAG_MORE | FLAG_LESS);
    return interpret_finish(in, INTENT_COMPARE);
}

bool interpret_values(Interpretation *in) {
    Plan *plan = in->plan;
    plan->compare.kind = COMPARE_VALUES;
    plan->compare.dimension = in->frame.compare_dimension;
    interpret_add_groups(in);
    plan->grain = in->frame.grain;
    plan->yes_no = in->asks && interpret_has(in, FLAG_MORE | FLAG_LESS);
    return interpret_finish(in, INTENT_COMPARE);
}

bool interpret_sides_of_tag(Interpretation *in) {
    Plan *plan = in->plan;
    const Frame *frame = &in->frame;
    if (frame->compare || frame->compare_items || frame->rank.present || frame->agg != AGG_NONE ||
        interpret_has(in, FLAG_COUNT | FLAG_SHARE | FLAG_UNTAGGED | FLAG_TAGGED))
        return false;
    plan->compare.kind = COMPARE_VALUES;
    const char *tag = NULL;
    for (size_t i = 0; i < plan->filter_count; i++)
        if (plan->filters[i].part) tag = plan->filters[i].dimension;
    for (size_t i = 0; i < frame->group_count; i++)
        if (!text_equal(frame->groups[i], tag)) plan_add_group(in->arena, plan, frame->groups[i]);
    if (frame->subject && !text_equal(frame->subject, tag)) interpret_add_subject(in);
    plan->grain = frame->grain;
    return interpret_finish(in, INTENT_COMPARE);
}

bool interpret_days(Interpretation *in) {
    in->plan->compare.kind = COMPARE_CALENDAR;
    const Frame *frame = &in->frame;
    bool daily = (frame->agg_grain == GRAIN_NONE || frame->agg_grain == GRAIN_DAY) &&
                 (frame->grain == GRAIN_NONE || frame->grain == GRAIN_DAY) &&
                 (frame->subject_grain == GRAIN_NONE || frame->subject_grain == GRAIN_DAY);
    if (frame->agg != AGG_NONE && (frame->agg != AGG_AVERAGE || !daily))
        return interpret_refuse(
            in, "UNSUPPORTED_SHAPE",
            "Of weekdays and weekends only averages per day are set side by side; ask for the average daily "
            "cost on weekends and weekdays.");
    interpret_add_groups(in);
    if (frame->agg == AGG_AVERAGE) {
        in->plan->agg = AGG_AVERAGE;
        in->plan->agg_grain = GRAIN_DAY;
        return interpret_finish(in, INTENT_STAT);
    }
    in->plan->grain = frame->grain != GRAIN_NONE ? frame->grain : frame->subject_grain;
    in->plan->yes_no = in->asks && interpret_has(in, FLAG_MORE | FLAG_LESS);
    return interpret_finish(in, INTENT_COMPARE);
}
