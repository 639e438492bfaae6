/* question/interpret_change.c: change over time: growth, reasons, what is new or gone, first and last days; see
 * question/interpret.h. */
#include <string.h>

#include "base/text.h"
#include "question/interpret_parts.h"
#include "question/period.h"

bool interpret_is_change(const Interpretation *in) {
    const Frame *frame = &in->frame;
    bool change = interpret_has(in, FLAG_GROW | FLAG_SHRINK | FLAG_CHANGE) || frame->over != GRAIN_NONE || frame->compare;
    return change && !frame->compare_days && !frame->compare_items && !frame->compare_dimension && !frame->compare_measures;
}

/* "rose more than 20 %", "fell by more than $50", "changed by more than $500". */
static void turn_thresholds(Interpretation *in) {
    bool change = interpret_has(in, FLAG_GROW | FLAG_SHRINK | FLAG_CHANGE);
    for (size_t i = 0; change && i < in->plan->having_count; i++) {
        PlanHaving *having = &in->plan->having[i];
        if (having->on == ON_VALUE) having->on = ON_DELTA;
        if (interpret_has(in, FLAG_SHRINK) && !interpret_has(in, FLAG_GROW)) {
            having->value = arena_printf(in->arena, "-%s", having->value);
            static const HavingOp MIRRORED[] = {HAVING_BELOW,    HAVING_AT_MOST, HAVING_ABOVE,
                                                HAVING_AT_LEAST, HAVING_BETWEEN, HAVING_ABS_ABOVE};
            having->op = MIRRORED[having->op];
        } else if (!interpret_has(in, FLAG_GROW | FLAG_GROWTH) &&
                   (having->op == HAVING_ABOVE || having->op == HAVING_AT_LEAST)) {
            having->op = HAVING_ABS_ABOVE;
        }
    }
}

static void direction_only(Interpretation *in) {
    if (in->plan->having_count > 0 || in->plan->rank.present || in->plan->group_count == 0) return;
    if (!interpret_has(in, FLAG_WHICH) && !in->frame.subject) return;
    /* "which teams cost more in September than in August" grew. */
    const bool up = interpret_has(in, FLAG_GROW | FLAG_MORE), down = interpret_has(in, FLAG_SHRINK | FLAG_LESS);
    if (up == down) return;
    plan_add_having(in->arena, in->plan, (PlanHaving){.on = ON_DELTA, .op = up ? HAVING_ABOVE : HAVING_BELOW, .value = "0"});
}

/* "year over year by quarter": the complete quarters of this year, each against the same one of last year; in the first of them those
 * of last year. */
static bool year_in_steps(Interpretation *in) {
    const Grain grain = in->frame.grain;
    if (grain != GRAIN_MONTH && grain != GRAIN_QUARTER) return false;
    const Day today = in->context->as_of, year = date_year(today, 0);
    const Day running = grain == GRAIN_MONTH ? date_month(today, 0) : date_quarter(today, 0);
    PlanCompare *compare = &in->plan->compare;
    compare->a =
        running > year ? (PlanTime){.start = year, .end = running} : (PlanTime){.start = date_year(today, -1), .end = year};
    compare->b = period_year_ago(compare->a);
    plan_assume(in->arena, in->plan, "time",
                arena_printf(in->arena, "complete %ss of %s to %s, against a year before", plan_grain_name(grain),
                             date_text(in->arena, compare->a.start), date_text(in->arena, compare->a.end - 1)));
    return true;
}

bool interpret_change(Interpretation *in) {
    Plan *plan = in->plan;
    const Frame *frame = &in->frame;
    bool most = frame->rank.present && interpret_has(in, FLAG_GROW | FLAG_SHRINK | FLAG_CHANGE);
    interpret_add_subject(in);
    interpret_add_groups(in);
    interpret_rank(in);
    if (interpret_has(in, FLAG_SHARE)) return false; /* the change of a share is not the change of a cost */
    if (!interpret_sides(in)) return false;
    plan->intent = INTENT_COMPARE;
    plan->grain = frame->grain;
    if (frame->over == GRAIN_YEAR && frame->grain != GRAIN_NONE && !frame->compare) {
        if (!frame->has_time && !year_in_steps(in)) return false;
        return true;
    }
    if (frame->grain != GRAIN_NONE && !frame->compare) return false;
    if (most && plan->group_count == 0) {
        interpret_default_group(in);
    }
    if (most) {
        plan->rank.on = interpret_has(in, FLAG_FASTEST | FLAG_PERCENT) && !interpret_has(in, FLAG_COST) ? ON_PERCENT
                        : interpret_has(in, FLAG_FASTEST)                                               ? ON_PERCENT
                                                                                                        : ON_DELTA;
        plan->rank.ascending = interpret_has(in, FLAG_SHRINK) && !interpret_has(in, FLAG_GROW);
        if (interpret_has(in, FLAG_CHANGE) && !interpret_has(in, FLAG_GROW | FLAG_SHRINK)) {
            plan->intent = INTENT_DRIVERS;
            plan->rank.on = ON_VALUE;
        }
    }
    turn_thresholds(in);
    direction_only(in);
    plan->yes_no = in->asks && plan->group_count == 0;
    return true;
}

bool interpret_why(Interpretation *in) {
    Plan *plan = in->plan;
    plan->intent = INTENT_DRIVERS;
    interpret_add_subject(in);
    interpret_add_groups(in);
    if (plan->group_count == 0) interpret_default_group(in);
    if (in->frame.rank.present && !interpret_has(in, FLAG_GROW | FLAG_SHRINK | FLAG_CHANGE | FLAG_CLAIM) &&
        !in->frame.compare) {
        /* "why is it so expensive": what it is made of. */
        interpret_rank(in);
        plan->rank.n = plan->rank.n > 1 ? plan->rank.n : INTERPRET_TOP;
        return interpret_finish(in, INTENT_BREAKDOWN);
    }
    plan->rank = in->frame.rank;
    plan->limit = plan->rank.n > 0 ? plan->rank.n : INTERPRET_TOP;
    plan->rank.present = false;
    return interpret_sides(in);
}

/* --- new and gone, first and last --- */

bool interpret_new_gone(Interpretation *in) {
    Plan *plan = in->plan;
    const Frame *frame = &in->frame;
    bool gone = interpret_has(in, FLAG_GONE);
    plan->intent = INTENT_NEW_GONE;
    plan->subject = frame->subject ? frame->subject : frame->group_count ? frame->groups[0] : NULL;
    if (!plan->subject && interpret_has(in, FLAG_WHICH) && interpret_column(in, "ServiceName")) {
        plan->subject = "ServiceName";
        plan_assume(in->arena, plan, "group", "no dimension was named: by service");
    }
    if (!plan->subject) return false;
    plan->agg = gone ? AGG_LAST : AGG_FIRST;
    /* What is gone this month was there in any part of the month before. */
    bool running = gone && frame->has_time && frame->time.partial && !frame->has_before && !frame->ranged;
    if (running) in->frame.time.partial = false;
    if (!interpret_sides(in)) return false;
    if (running) plan->compare.a.partial = true;
    bool open = frame->has_time && frame->time.words &&
                (text_starts(frame->time.words, "since") || text_starts(frame->time.words, "after"));
    if ((!gone || open) && !frame->has_before && !frame->ranged)
        plan->compare.b = (PlanTime){.start = DAY_NONE, .end = plan->compare.a.start};
    return true;
}

bool interpret_first_last(Interpretation *in) {
    Plan *plan = in->plan;
    plan->agg = interpret_has(in, FLAG_LAST) && !interpret_has(in, FLAG_FIRST) ? AGG_LAST : AGG_FIRST;
    if (interpret_has(in, FLAG_FIRST) && interpret_has(in, FLAG_LAST)) plan->agg = AGG_NONE;
    if (in->frame.subject && interpret_has(in, FLAG_WHICH | FLAG_EACH)) plan->subject = in->frame.subject;
    interpret_add_groups(in);
    return interpret_finish(in, INTENT_FIRST_LAST);
}
