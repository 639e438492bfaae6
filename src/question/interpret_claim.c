/* question/interpret_claim.c: what yes would mean in answer to a comparison; see question/interpret.h. */
#include "base/text.h"
#include "question/interpret_parts.h"

static PlanClaim direction(const Interpretation *in) {
    const bool more = interpret_has(in, FLAG_MORE | FLAG_GROW), less = interpret_has(in, FLAG_LESS | FLAG_SHRINK);
    if (more != less) return more ? CLAIM_MORE : CLAIM_LESS;
    return !more && interpret_has(in, FLAG_CHANGE) ? CLAIM_CHANGED : CLAIM_NONE;
}

/* "Did we spend more in August than in September": about August, though September, the later one, is side a. */
static bool names_earlier_first(const Frame *frame) {
    return frame->has_time && frame->has_before && frame->relative == RELATIVE_NONE && frame->time.start < frame->before.start;
}

/* The first of the things that are compared, as it was said. */
static const char *first_named(const Interpretation *in) {
    const Frame *frame = &in->frame;
    const PlanCompare *compare = &in->plan->compare;
    if (compare->kind == COMPARE_CALENDAR)
        return frame->first_days == CALENDAR_WEEKENDS ? "weekend" : frame->first_days == CALENDAR_WEEKDAYS ? "weekday" : NULL;
    for (size_t i = 0; i < frame->condition_count; i++) {
        const Condition *condition = &frame->conditions[i];
        if (!compare->dimension && condition->item && condition->concept) return condition->concept;
        const bool named = compare->dimension ? text_equal(condition->dimension, compare->dimension) : condition->item;
        if (named && condition->op == FILTER_IN && condition->value_count > 0) return condition->values[0];
    }
    return NULL;
}

void interpret_claim(Interpretation *in) {
    Plan *plan = in->plan;
    if (!plan->yes_no || plan->intent != INTENT_COMPARE || plan->having_count > 0 || plan->group_count > 0) return;
    plan->claim = direction(in);
    if (plan->compare.kind == COMPARE_PERIODS) {
        if (plan->claim != CLAIM_CHANGED && plan->claim != CLAIM_NONE && names_earlier_first(&in->frame))
            plan->claim = plan->claim == CLAIM_MORE ? CLAIM_LESS : CLAIM_MORE;
        return;
    }
    plan->claimed = first_named(in);
    if (!plan->claimed || plan->claim == CLAIM_CHANGED) plan->claim = CLAIM_NONE;
    if (plan->claim == CLAIM_NONE) plan->claimed = NULL;
}
