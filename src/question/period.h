/* question/period.h: periods said in words, resolved once against "today" of the data.
 *
 * All periods are half-open days in UTC. Words that can mean several periods mean the latest that has started by today. */
#ifndef CURLEW_QUESTION_PERIOD_H
#define CURLEW_QUESTION_PERIOD_H

#include <stdbool.h>
#include <stddef.h>

#include "question/frame.h"
#include "question/tokens.h"

/* One reading of a period, over tokens [from, to). */
typedef struct {
    size_t from, to;
    Frame frame; /* has_time, flags, relative; or a refusal (a date that does not exist, the future) */
} PeriodReading;

/* All periods that start at token `at` ("last 3 months", "November 10 2018", "Q3", "week of 3 March", "the week before").
 * Gives at most `room` readings; the count is returned. */
size_t period_read(const FrameContext *context, const Tokens *tokens, size_t at, PeriodReading *readings, size_t room);

/* "two", "thirty": the number a word stands for, -1 for none. */
int period_number_word(const char *word);

/* "from A to B", "between A and B": from the start of A to the end of B, remembering both. `list` ("July and August") demands that
 * B follows A directly. False when B ends before A starts. */
bool period_range(const FrameContext *context, const Frame *a, const Frame *b, bool list, Frame *out);

/* "since", "after", "until" (exclusive), "through" (inclusive): an open range over the data. */
bool period_bound(const FrameContext *context, const Frame *time, const char *bound, Frame *out);

/* "A vs B": a is the current side. A month that is running is set against as many elapsed days of the other. */
bool period_compare(const FrameContext *context, const Frame *a, const Frame *b, Frame *out);
/* "compared with B": only the other side is known yet. */
bool period_compare_with(const Frame *b, Frame *out);

/* The period of the same length directly before `time` (calendar units stay calendar units), and the same a year earlier. */
PlanTime period_previous(PlanTime time);
PlanTime period_year_ago(PlanTime time);
/* Cuts both sides to the days of `a` that have elapsed, when `a` is running. */
void period_align(const FrameContext *context, PlanTime *a, PlanTime *b, bool *elapsed);
/* The last complete unit before today: what "month over month" is about. */
PlanTime period_last_complete(const FrameContext *context, Grain unit);

#endif
