/* question/interpret_parts.h: what the shapes of answers share. Inside the room only; the contract is question/interpret.h. */
#ifndef CURLEW_QUESTION_INTERPRET_PARTS_H
#define CURLEW_QUESTION_INTERPRET_PARTS_H

#include "question/interpret.h"

/* Rows of a ranking that names no number ("the top services"). */
#define INTERPRET_TOP 10

static inline bool interpret_has(const Interpretation *in, uint64_t flags) {
    return frame_has(&in->frame, flags);
}

/* The dimensions of "by", "per", "each" and what the question is about become groups of the plan. */
void interpret_add_groups(Interpretation *in);
void interpret_add_subject(Interpretation *in);
/* By service; of one service or concept by usage type. */
void interpret_default_group(Interpretation *in);
/* interpret_outlook.c */
bool interpret_anomaly(Interpretation *in);
bool interpret_forecast(Interpretation *in);
/* How many rows a ranking has: one for "which service", ten for "top services". */
void interpret_rank(Interpretation *in);
/* Sets intent and period, and the grain of a trend. */
bool interpret_finish(Interpretation *in, Intent intent);

/* interpret_coverage.c: ratios of hours and definitions, once the measures are read; and the share that is covered by commitments:
 * true when it became a measure of its own. */
bool interpret_coverage(Interpretation *in);
bool interpret_covered_share(Interpretation *in);
void interpret_drop_concept(Plan *plan, const char *id);

/* interpret_beside.c */
bool interpret_items(Interpretation *in);
bool interpret_values(Interpretation *in);
bool interpret_days(Interpretation *in);
/* "tagged against untagged", of the tag that is named, else of any. */
bool interpret_sides_of_tag(Interpretation *in);

/* interpret_change.c */
bool interpret_is_change(const Interpretation *in);
bool interpret_change(Interpretation *in);
bool interpret_why(Interpretation *in);
bool interpret_new_gone(Interpretation *in);
bool interpret_first_last(Interpretation *in);

#endif
