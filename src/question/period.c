/* question/period.c: arithmetic of periods, see question/period.h. */
#include "question/period.h"

#include "base/text.h"

static bool month_aligned(PlanTime time) {
    return date_month(time.start, 0) == time.start && date_month(time.end, 0) == time.end;
}

static int months_between(Day start, Day end) {
    CalendarDate a = date_calendar(start), b = date_calendar(end);
    return (b.year - a.year) * 12 + b.month - a.month;
}

PlanTime period_previous(PlanTime time) {
    PlanTime out = time;
    out.partial = false;
    out.words = NULL;
    if (month_aligned(time)) {
        out.end = time.start;
        out.start = date_month(time.start, -months_between(time.start, time.end));
        return out;
    }
    long length = time.end - time.start;
    CalendarDate start = date_calendar(time.start);
    if (start.day == 1 && length < 31) { /* a running month: the same days of the month before */
        out.start = date_month(time.start, -1);
        out.end = out.start + length < time.start ? out.start + length : time.start;
        return out;
    }
    out.end = time.start;
    out.start = time.start - length;
    return out;
}

static Day year_ago(Day day) {
    CalendarDate date = date_calendar(day);
    date.year -= 1;
    if (date.month == 2 && date.day == 29) date.day = 28;
    Day out = day;
    date_from(date, &out);
    return out;
}

PlanTime period_year_ago(PlanTime time) {
    PlanTime out = {.start = year_ago(time.start), .end = year_ago(time.end), .by_billing_period = time.by_billing_period};
    return out;
}

PlanTime period_last_complete(const FrameContext *context, Grain unit) {
    Day today = context->as_of;
    PlanTime out = {.start = today - 1, .end = today};
    if (unit == GRAIN_DAY) return out;
    /* A unit that has fully elapsed today is complete only when the next one has begun, see the conventions. */
    if (unit == GRAIN_WEEK) out = (PlanTime){.start = date_week(today, -1), .end = date_week(today, 0)};
    if (unit == GRAIN_MONTH) out = (PlanTime){.start = date_month(today, -1), .end = date_month(today, 0)};
    if (unit == GRAIN_QUARTER) out = (PlanTime){.start = date_quarter(today, -1), .end = date_quarter(today, 0)};
    if (unit == GRAIN_YEAR) out = (PlanTime){.start = date_year(today, -1), .end = date_year(today, 0)};
    return out;
}

void period_align(const FrameContext *context, PlanTime *a, PlanTime *b, bool *elapsed) {
    PlanTime *running = a->partial ? a : b->partial ? b : NULL;
    if (!running) return;
    PlanTime *other = running == a ? b : a;
    if (running->end - running->start > other->end - other->start && running->end <= context->as_of + 1) {
        other = running; /* "the first 12 days of September against the same days of August": the shorter one leads */
        running = running == a ? b : a;
    }
    Day through = context->as_of + 1;
    if (running->end > through && running->start < through) running->end = through;
    long days = running->end - running->start;
    if (other->end - other->start > days) other->end = other->start + days;
    *elapsed = true;
}

/* The two ends of what a phrase says, each as a period. */
static PlanTime first_of(const Frame *frame) {
    return frame->ranged ? frame->first : frame->time;
}

static const char *joined_words(Arena *arena, PlanTime a, const char *between, PlanTime b) {
    if (!a.words || !b.words) return NULL;
    return arena_printf(arena, "%s %s %s", a.words, between, b.words);
}

bool period_range(const FrameContext *context, const Frame *a, const Frame *b, bool list, Frame *out) {
    PlanTime first = first_of(a), last = b->time;
    if (a->relative != RELATIVE_NONE || b->relative != RELATIVE_NONE) return false;
    if (list && a->time.end != b->time.start) return false;
    if (last.end <= first.start) {
        out->refusal =
            (Refusal){.code = "OUT_OF_RANGE", .topic = "backwards", .subject = joined_words(context->arena, first, "to", last)};
        return true;
    }
    out->has_time = true;
    out->ranged = !list || !a->ranged;
    out->first = first;
    out->second = last;
    out->time = (PlanTime){.start = first.start,
                           .end = last.end,
                           .partial = last.partial,
                           .words = joined_words(context->arena, first, list ? "and" : "to", last)};
    if (!list) out->flags |= FLAG_RANGE;
    if (list && a->ranged) out->flags |= FLAG_LISTED; /* three or more: none is set against another */
    return true;
}

bool period_bound(const FrameContext *context, const Frame *time, const char *bound, Frame *out) {
    if (time->relative != RELATIVE_NONE) return false;
    Day last = context->catalog->last_day > context->as_of ? context->catalog->last_day : context->as_of;
    PlanTime said = time->time, open = {.start = context->catalog->first_day, .end = last + 1};
    if (text_equal(bound, "since")) open.start = said.start;
    if (text_equal(bound, "after")) open.start = said.end;
    if (text_equal(bound, "before")) open.end = said.start;
    if (text_equal(bound, "through")) open.end = said.end;
    if (text_equal(bound, "before") || text_equal(bound, "through")) {
        if (open.end <= open.start) open.start = date_month(open.end - 1, 0); /* wholly outside: let the check say so */
    } else if (open.start >= open.end) {
        open.end = said.end > open.start ? said.end : open.start + 1;
    }
    open.words = said.words ? arena_printf(context->arena, "%s %s", bound, said.words) : NULL;
    out->has_time = true;
    out->time = open;
    return true;
}

static PlanTime resolve_other(const Frame *b, PlanTime a) {
    PlanTime out = b->time;
    if (b->relative == RELATIVE_BEFORE) out = period_previous(a);
    if (b->relative == RELATIVE_YEAR_AGO) out = period_year_ago(a);
    if (b->relative != RELATIVE_NONE) out.words = b->time.words;
    return out;
}

bool period_compare(const FrameContext *context, const Frame *a, const Frame *b, Frame *out) {
    (void)context;
    if (a->relative != RELATIVE_NONE) return false;
    out->time = a->time;
    out->before = resolve_other(b, a->time);
    if (out->time.start == out->before.start && out->time.end == out->before.end) return false;
    out->has_time = out->has_before = out->compare = true;
    return true;
}

bool period_compare_with(const Frame *b, Frame *out) {
    out->before = b->time;
    out->has_before = true;
    out->compare = true;
    out->relative = b->relative;
    out->relative_unit = b->relative_unit;
    return true;
}
