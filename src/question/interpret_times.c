/* question/interpret_times.c: periods of a plan; see question/interpret.h. */
#include <string.h>

#include "base/text.h"
#include "question/interpret.h"
#include "question/period.h"

void interpret_time(Interpretation *in) {
    const Frame *frame = &in->frame;
    Plan *plan = in->plan;
    if (frame->has_time) {
        plan->time = frame->time;
        plan->time.by_billing_period = frame_has(frame, FLAG_BILLING);
        return;
    }
    if (in->catalog->time_column) plan_assume(in->arena, plan, "time", "no period was named: all loaded data");
}

bool interpret_closed(Interpretation *in) {
    PlanTime *time = &in->plan->time;
    Grain unit = in->frame.grain != GRAIN_NONE ? in->frame.grain : in->frame.subject_grain;
    if (unit != GRAIN_WEEK && unit != GRAIN_MONTH) return false;
    Day today = in->context->as_of, running = unit == GRAIN_WEEK ? date_week(today, 0) : date_month(today, 0);
    if (time->start == DAY_NONE) time->start = in->catalog->first_day;
    if (time->end == DAY_NONE || time->end > running) time->end = running;
    time->partial = false;
    return time->start < time->end;
}

/* One period and a change: against the one before it, or a year before. */
static void other_side(Interpretation *in, PlanTime a, PlanTime *b) {
    const Frame *frame = &in->frame;
    bool yearly = frame->over == GRAIN_YEAR || frame->relative == RELATIVE_YEAR_AGO;
    *b = yearly ? period_year_ago(a) : period_previous(a);
    if (frame_has(frame, FLAG_WHY) && !yearly && a.end - a.start == 1) *b = (PlanTime){.start = a.start - 7, .end = a.end - 7};
    /* On a Monday this week is one day long, and still a week. */
    if (!yearly && a.partial && a.words && strstr(a.words, "week") && a.end - a.start < 7)
        *b = (PlanTime){.start = a.start - 7, .end = a.end - 7};
    plan_assume(
        in->arena, in->plan, "time",
        arena_printf(in->arena, "compared with %s to %s", date_text(in->arena, b->start), date_text(in->arena, b->end - 1)));
}

bool interpret_sides(Interpretation *in) {
    const Frame *frame = &in->frame;
    PlanCompare *compare = &in->plan->compare;
    compare->kind = COMPARE_PERIODS;
    if (frame->has_before && frame->has_time) {
        compare->a = frame->time;
        compare->b = frame->relative == RELATIVE_BEFORE     ? period_previous(frame->time)
                     : frame->relative == RELATIVE_YEAR_AGO ? period_year_ago(frame->time)
                                                            : frame->before;
        if (frame->relative != RELATIVE_NONE && !frame_has(frame, FLAG_ELAPSED) && frame->before.end > frame->before.start)
            compare->b = frame->before;
    } else if (frame->ranged) {
        compare->a = frame->second;
        compare->b = frame->first;
    } else if (frame->has_time && frame->time.words && text_starts(frame->time.words, "since") &&
               !frame_has(frame, FLAG_NEW | FLAG_GONE | FLAG_FIRST)) {
        return false; /* a change since then, against what, is not said */
    } else if (frame->has_time || frame->has_before) {
        compare->a = frame->has_time ? frame->time : period_last_complete(in->context, GRAIN_MONTH);
        if (frame->has_before)
            compare->b = frame->before;
        else
            other_side(in, compare->a, &compare->b);
        if (frame->has_before) {
            /* "compared with last month": the running period of the same kind is the other side. */
            long length = compare->b.end - compare->b.start;
            Grain unit = length <= 1    ? GRAIN_DAY
                         : length <= 7  ? GRAIN_WEEK
                         : length <= 31 ? GRAIN_MONTH
                         : length <= 92 ? GRAIN_QUARTER
                                        : GRAIN_YEAR;
            if (unit != GRAIN_MONTH) return false;
            const Day today = in->context->as_of;
            compare->a =
                (PlanTime){.start = date_month(today, 0), .end = today + 1, .partial = date_month(today, 1) > today + 1};
        }
    } else {
        Grain unit = frame->over == GRAIN_NONE || frame->over == GRAIN_YEAR ? GRAIN_MONTH : frame->over;
        compare->a = period_last_complete(in->context, unit);
        other_side(in, compare->a, &compare->b);
    }
    if (compare->a.start < compare->b.start) {
        PlanTime swapped = compare->a;
        compare->a = compare->b;
        compare->b = swapped;
    }
    if (compare->a.partial || frame_has(frame, FLAG_ELAPSED)) {
        compare->a.partial = true;
        period_align(in->context, &compare->a, &compare->b, &compare->elapsed);
        if (compare->elapsed)
            plan_assume(in->arena, in->plan, "time", "both periods are cut to the same number of elapsed days");
    }
    compare->a.by_billing_period = compare->b.by_billing_period = frame_has(frame, FLAG_BILLING);
    return compare->a.start != compare->b.start || compare->a.end != compare->b.end;
}
