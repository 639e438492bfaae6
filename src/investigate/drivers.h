/* investigate/drivers.h: why a cost changed between two periods. */
#ifndef CURLEW_INVESTIGATE_DRIVERS_H
#define CURLEW_INVESTIGATE_DRIVERS_H

#include "answer/answer.h"
#include "investigate/desk.h"

/* Explains the answer of a plan of INTENT_DRIVERS that answer_make() has made: appends sections and sentences, leaves its rows
 * alone. Does nothing where parts do not add up to the whole (ratios, quantities, several currencies, tables that are no bill).
 *
 * Sections:
 *   effects     the change as a sum of effects: more or less usage, longer or shorter period, price, coverage by commitments, new
 *               and gone usage, one-off and recurring purchases, support, credits, refunds, discounts, tax, other; exact
 *   dimensions  for each dimension the member that moved most, and how concentrated the change is in it
 *   members     the members of the dimension in which the change is most concentrated (of the plan's where it names one)
 *   resources   the resources that moved most within the leading member, where the bill has them */
bool drivers_explain(Arena *arena, const Desk *desk, const Plan *plan, Answer *answer, Err *err);

#endif
