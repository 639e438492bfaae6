/* investigate/anomalies.h: which days of a bill are unusual, where, and what drove them. */
#ifndef CURLEW_INVESTIGATE_ANOMALIES_H
#define CURLEW_INVESTIGATE_ANOMALIES_H

#include "answer/answer.h"
#include "investigate/desk.h"

/* Answers a plan of INTENT_ANOMALY. Daily cost of usage (no purchases, taxes, credits, support, discounts: these come on days of
 * their own) is judged by unusual.h in total, per service, account, service and account, and usage type within these; with group_by
 * only by that. Days that are not over are left out. What is told is the most specific scope that explains it: a usage type rather
 * than its service; but the service where many of its usage types move together.
 *
 * Rows: one per unusual stretch of days, the largest first: start, end (included), kind (spike, drop), scope, actual cost, what is
 * usual, the excess, and what drove it. Sections: `levels` (costs that moved to a new level and stayed), `charges` (one-off purchases,
 * credits and refunds of the period, which are not judged).
 * ERR_REFUSED with NO_SUCH_DATA where the data has fewer than UNUSUAL_DAYS_LEAST complete days. */
bool anomalies_find(Arena *arena, const Desk *desk, const Plan *plan, Answer *out, Err *err);

#endif
