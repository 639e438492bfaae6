/* investigate/investigate.h: questions that one query does not answer: why a cost changed, which days are unusual, what is to
 * come.
 *
 * Every number comes from SQL that the guard cleared; money is summed by the engine and carried as exact decimals; statistics
 * (what is usual, how sure a forecast is) are doubles, and what they give is rounded to cents. Same data, same plan, same answer:
 * nothing is random. docs/analysis.md says how well the methods do. */
#ifndef CURLEW_INVESTIGATE_INVESTIGATE_H
#define CURLEW_INVESTIGATE_INVESTIGATE_H

#include "answer/answer.h"
#include "investigate/desk.h"

/* Whether a plan is answered here rather than by its compiled SQL alone: DRIVERS, ANOMALY, FORECAST. */
bool investigate_wants(const Plan *plan);

/* Answers such a plan, which plan_check() accepted. ERR_REFUSED where the data is too short to judge. */
bool investigate(Arena *arena, const Desk *desk, const Plan *plan, Answer *out, Err *err);

#endif
