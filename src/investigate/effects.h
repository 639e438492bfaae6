/* investigate/effects.h: what the change of a cost consists of (inside the room only).
 *
 * Lines are put together per meter: account, region, service, usage type, operation and unit. Within a meter
 *   cost after - cost before = usage + price + coverage
 *   usage    = (q1/q0 - 1) x c0, of which `days` = c0 x (days after / days before - 1)
 *   price    = sum over purchase options of c1 - q1 x c0/q0, of options present in both periods
 *   coverage = what is left: the shift between options (on-demand, reserved, savings plan, spot) at the prices before
 * with c cost and q consumed quantity, 0 before and 1 after. A meter that is only in one period is new or gone. Purchases, support,
 * credits, refunds, discounts and taxes are effects of their own; meters without a quantity are `other`. Divisions are rounded to
 * ten decimals; what is left over lands in coverage, so that effects always add up to the change exactly. */
#ifndef CURLEW_INVESTIGATE_EFFECTS_H
#define CURLEW_INVESTIGATE_EFFECTS_H

#include "investigate/desk.h"

typedef enum {
    EFFECT_USAGE,
    EFFECT_DAYS,
    EFFECT_PRICE,
    EFFECT_COVERAGE,
    EFFECT_NEW,
    EFFECT_GONE,
    EFFECT_UPFRONT,
    EFFECT_FEES,
    EFFECT_SUPPORT,
    EFFECT_CREDIT,
    EFFECT_REFUND,
    EFFECT_DISCOUNT,
    EFFECT_TAX,
    EFFECT_OTHER,
    EFFECT_COUNT
} Effect;

const char *effect_name(Effect effect);  /* "usage", for programs */
const char *effect_label(Effect effect); /* "more or less usage", for people */

/* One row per member of `dimension` (NULL: one row of all): member, the value of its companion, cost before, cost after, and a column
 * per effect, in the order of the enumeration; the largest change first. `columns` 0 is the member, 1 the companion, 2 before, 3 after,
 * EFFECTS_FIRST the first effect. */
enum { EFFECTS_FIRST = 4 };
bool effects_table(Arena *arena, const Desk *desk, const Plan *plan, const char *dimension, size_t rows, Table **out, Err *err);

#endif
