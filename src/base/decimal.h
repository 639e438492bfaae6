/* base/decimal.h: exact decimal numbers of up to 38 digits, as the engine's DECIMAL gives them.
 *
 * Money is summed by the engine; C only carries, compares, subtracts, divides for shares, and prints. */
#ifndef CURLEW_BASE_DECIMAL_H
#define CURLEW_BASE_DECIMAL_H

#include <stdbool.h>

#include "base/arena.h"

typedef struct {
    __extension__ __int128 units; /* value = units / 10^scale; less than 10^38 by amount */
    int scale;                    /* 0 to 38 */
} Decimal;

/* Reads "[-+]digits[.digits][e[+-]digits]". False on anything else, and when it needs more than 38 digits. */
bool decimal_parse(const char *text, Decimal *out);
/* The exact text, trailing zeros of the fraction removed: "-0.5", "12". */
char *decimal_text(Arena *arena, Decimal value);
/* Rounded half to even to `places` digits behind the point (0 to 18), padded with zeros: "12.50". */
char *decimal_fixed(Arena *arena, Decimal value, int places);
/* The same with thousands separators: "1,234.50". */
char *decimal_grouped(Arena *arena, Decimal value, int places);
Decimal decimal_round(Decimal value, int places);
/* -1, 0, 1. */
int decimal_compare(Decimal a, Decimal b);
bool decimal_is_zero(Decimal value);
bool decimal_is_negative(Decimal value);
/* Sum and difference; false on overflow of 38 digits. */
bool decimal_add(Decimal a, Decimal b, Decimal *out);
bool decimal_subtract(Decimal a, Decimal b, Decimal *out);
Decimal decimal_negate(Decimal value);
/* a / b rounded half to even to `places` digits; false when b is zero, or when 38 digits do not hold a in units of the result. For a percentage, divide with
 * places + 2 and move the point with decimal_shift(…, 2). */
bool decimal_divide(Decimal a, Decimal b, int places, Decimal *out);
/* value × 10^places, exact. The caller knows that 38 digits hold it (as a scale of at least `places` does): else our mistake. */
Decimal decimal_shift(Decimal value, int places);
/* The nearest double, for drawing only. */
double decimal_double(Decimal value);

#endif
