/* question/interpret_outlook.c: what is unusual, and what is to come; see question/interpret.h. */
#include "base/text.h"
#include "question/interpret_parts.h"
#include "question/period.h"

static void add_dimensions(Interpretation *in) {
    const Frame *frame = &in->frame;
    if (frame->subject) plan_add_group(in->arena, in->plan, frame->subject);
    for (size_t i = 0; i < frame->group_count; i++) {
        bool there = false;
        for (size_t k = 0; k < in->plan->group_count; k++) there |= text_equal(in->plan->group_by[k], frame->groups[i]);
        if (!there) plan_add_group(in->arena, in->plan, frame->groups[i]);
    }
}

/* "anomalies above $100" are so far above what is usual. */
bool interpret_anomaly(Interpretation *in) {
    Plan *plan = in->plan;
    plan->intent = INTENT_ANOMALY;
    add_dimensions(in);
    for (size_t i = 0; i < plan->having_count; i++) plan->having[i].on = ON_DELTA;
    if (in->frame.rank.n > 0) plan->rank = (PlanRank){.present = true, .on = ON_DELTA, .n = in->frame.rank.n};
    if (in->frame.compare || in->frame.has_before) return false;
    interpret_time(in);
    return true;
}

static bool has_digit(const char *text) {
    for (; text && *text; text++)
        if (*text >= '0' && *text <= '9') return true;
    return false;
}

/* The month, quarter or year that `time` begins with. */
static Day whole_end(const PlanTime *time, Day today) {
    const char *words = time->words ? time->words : "";
    if (text_contains_fold(words, "week")) return date_week(time->start, 1);
    if (text_contains_fold(words, "quarter") || text_contains_fold(words, "qtd")) return date_quarter(time->start, 1);
    if (text_contains_fold(words, "year") || text_contains_fold(words, "ytd")) return date_year(time->start, 1);
    if (time->start == date_month(time->start, 0) && time->start == date_month(today, 0)) return date_month(time->start, 1);
    return time->end;
}

/* "this month" is forecast as a whole; "December" is the one to come. */
static void read_target(Interpretation *in) {
    PlanTime *time = &in->plan->time;
    const Day today = in->context->as_of;
    if (!in->frame.has_time) {
        const bool over = date_month(today, 1) == today + 1;
        *time = (PlanTime){.start = date_month(today, over), .end = date_month(today, 1 + over)};
        plan_assume(in->arena, in->plan, "time",
                    over ? "no period was named: the next month" : "no period was named: this month");
    } else {
        *time = in->frame.time;
        const bool running = time->start <= today && time->end == today + 1;
        if (running) time->end = whole_end(time, today);
        const bool named = time->end <= today && time->start == date_month(time->start, 0) && !has_digit(time->words);
        if (named && time->end == date_month(time->start, 1)) {
            time->start = date_month(time->start, 12);
            time->end = date_month(time->start, 1);
        }
    }
    time->partial = true;
}

/* "cost forecast based on six months of usage": what is forecast is the cost. */
static void read_cost(Interpretation *in) {
    const Measure *measure = in->plan->measure_count ? catalog_measure(in->catalog, in->plan->measures[0]) : NULL;
    const bool money = measure && text_equal(measure->unit, "currency");
    if (money || !interpret_has(in, FLAG_COST) || !in->catalog->measure_count) return;
    in->plan->measure_count = 0;
    plan_add_measure(in->arena, in->plan, in->catalog->measures[0].name);
}

bool interpret_forecast(Interpretation *in) {
    Plan *plan = in->plan;
    const Frame *frame = &in->frame;
    const bool compares = frame->compare || frame->compare_dimension || frame->compare_days || frame->compare_items;
    if (compares || frame->having_count > 0 || interpret_has(in, FLAG_WHY | FLAG_NEW | FLAG_GONE | FLAG_FIRST | FLAG_LAST)) {
        in->refusal = (Refusal){.code = "NO_SUCH_DATA", .topic = "future"};
        return false;
    }
    plan->intent = INTENT_FORECAST;
    plan->having_count = 0;
    plan->rank = (PlanRank){0};
    read_cost(in);
    add_dimensions(in);
    read_target(in);
    if (frame->has_before) plan->learned = frame->before;
    if (interpret_has(in, FLAG_RUNRATE)) plan->agg = AGG_AVERAGE;
    return true;
}
