/* investigate/recommend.h: one or two sentences that follow from an answer's data and name their rule.
 *
 * The rules are tables/recommendations.tsv; their figures come from small queries over the period and the conditions of the
 * question, and are facts of the answer like those of its summary. Nothing true to say: nothing is said. */
#ifndef CURLEW_INVESTIGATE_RECOMMEND_H
#define CURLEW_INVESTIGATE_RECOMMEND_H

#include "answer/answer.h"
#include "investigate/desk.h"

/* Adds recommendations to an answer that was made; an answer that declines, or is not about money of one currency on a bill,
 * gets none. False only when the engine fails or is stopped. */
bool recommend(Arena *arena, const Desk *desk, Answer *answer, Err *err);

#endif
