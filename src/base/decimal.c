#include "base/decimal.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

__extension__ typedef __int128 Wide;

enum { DECIMAL_DIGITS = 38 };

static Wide power_of_ten(int exponent) {
    assert(exponent >= 0 && exponent <= DECIMAL_DIGITS);
    Wide power = 1;
    for (int i = 0; i < exponent; i++) power *= 10;
    return power;
}

/* Every Decimal keeps to 38 digits, so that its negation cannot overflow. */
static bool fits(Wide units) {
    Wide end = power_of_ten(DECIMAL_DIGITS);
    return units > -end && units < end;
}

static bool multiply(Wide a, Wide b, Wide *out) {
    return !__builtin_mul_overflow(a, b, out) && fits(*out);
}

static bool read_exponent(const char **text, int *exponent) {
    const char *c = *text;
    if (*c != 'e' && *c != 'E') return true;
    char *end = NULL;
    if (!isdigit((unsigned char)c[1]) && !((c[1] == '-' || c[1] == '+') && isdigit((unsigned char)c[2]))) return false;
    long value = strtol(c + 1, &end, 10);
    if (value < -DECIMAL_DIGITS || value > DECIMAL_DIGITS) return false;
    *exponent = (int)value;
    *text = end;
    return true;
}

/* Brings the scale into 0 to 38 without changing the value; false when 38 digits do not hold it. */
static bool settle(Decimal value, Decimal *out) {
    for (; value.scale > 0 && (value.scale > DECIMAL_DIGITS || !fits(value.units)); value.scale--) {
        if (value.units % 10 != 0) return false;
        value.units /= 10;
    }
    for (; value.scale < 0 && value.units != 0; value.scale++)
        if (!multiply(value.units, 10, &value.units)) return false;
    if (value.scale < 0) value.scale = 0;
    if (!fits(value.units)) return false;
    *out = value;
    return true;
}

bool decimal_parse(const char *text, Decimal *out) {
    bool negative = *text == '-';
    if (*text == '-' || *text == '+') text++;
    Wide units = 0;
    int scale = 0, exponent = 0;
    bool point = false, digits = false;
    for (; isdigit((unsigned char)*text) || (*text == '.' && !point); text++) {
        if (*text == '.') {
            point = true;
            continue;
        }
        if (!multiply(units, 10, &units)) return false;
        units += *text - '0';
        digits = true;
        scale += point;
    }
    if (!digits || !read_exponent(&text, &exponent) || *text) return false;
    return settle((Decimal){negative ? -units : units, scale - exponent}, out);
}

/* Drops `drop` digits, rounding half to even. */
static Wide drop_digits(Wide units, int drop) {
    if (drop <= 0) return units;
    if (drop > DECIMAL_DIGITS) return 0;
    Wide power = power_of_ten(drop);
    Wide quotient = units / power, rest = units % power;
    if (rest < 0) rest = -rest;
    Wide half = power / 2;
    if (rest > half || (rest == half && quotient % 2 != 0)) quotient += units < 0 ? -1 : 1;
    return quotient;
}

Decimal decimal_round(Decimal value, int places) {
    if (value.scale <= places) return value;
    return (Decimal){drop_digits(value.units, value.scale - places), places};
}

/* Digits with a point, at least `places` behind it. */
static char *digits_text(Arena *arena, Decimal value, int places, bool grouped) {
    assert(fits(value.units) && value.scale >= 0 && value.scale <= DECIMAL_DIGITS);
    char digits[48] = "";
    size_t at = sizeof digits - 1;
    Wide units = value.units < 0 ? -value.units : value.units;
    do {
        digits[--at] = (char)('0' + (int)(units % 10));
        units /= 10;
    } while (units || sizeof digits - 1 - at <= (size_t)value.scale);
    size_t whole = sizeof digits - 1 - at - (size_t)value.scale;
    Buffer out = {.arena = arena};
    if (value.units < 0) buffer_add_char(&out, '-');
    for (size_t i = 0; i < whole; i++) {
        if (grouped && i && (whole - i) % 3 == 0) buffer_add_char(&out, ',');
        buffer_add_char(&out, digits[at + i]);
    }
    if (places > 0) buffer_add_char(&out, '.');
    buffer_add(&out, digits + at + whole);
    for (int i = value.scale; i < places; i++) buffer_add_char(&out, '0');
    return arena_text(arena, buffer_text(&out));
}

char *decimal_text(Arena *arena, Decimal value) {
    while (value.scale > 0 && value.units % 10 == 0) {
        value.units /= 10;
        value.scale--;
    }
    return digits_text(arena, value, value.scale, false);
}

char *decimal_fixed(Arena *arena, Decimal value, int places) {
    return digits_text(arena, decimal_round(value, places), places, false);
}

char *decimal_grouped(Arena *arena, Decimal value, int places) {
    return digits_text(arena, decimal_round(value, places), places, true);
}

/* Brings both to one scale; false when 38 digits do not hold that. */
static bool align(Decimal *a, Decimal *b) {
    Decimal *low = a->scale < b->scale ? a : b;
    Decimal *high = low == a ? b : a;
    Wide units = 0;
    while (!multiply(low->units, power_of_ten(high->scale - low->scale), &units)) {
        /* Zeros at the end of the finer one may be what does not fit. */
        if (high->scale == low->scale || high->units % 10 != 0) return false;
        high->units /= 10;
        high->scale--;
    }
    low->units = units;
    low->scale = high->scale;
    return true;
}

int decimal_compare(Decimal a, Decimal b) {
    if (align(&a, &b)) return (a.units > b.units) - (a.units < b.units);
    /* The coarser one has more than 38 digits in the finer one's units, so it is the greater by amount. */
    if (a.scale < b.scale) return a.units < 0 ? -1 : 1;
    return b.units < 0 ? 1 : -1;
}

bool decimal_is_zero(Decimal value) {
    return value.units == 0;
}

bool decimal_is_negative(Decimal value) {
    return value.units < 0;
}

bool decimal_add(Decimal a, Decimal b, Decimal *out) {
    Decimal sum = {0};
    if (!align(&a, &b) || __builtin_add_overflow(a.units, b.units, &sum.units)) return false;
    sum.scale = a.scale;
    return settle(sum, out);
}

Decimal decimal_negate(Decimal value) {
    value.units = -value.units;
    return value;
}

bool decimal_subtract(Decimal a, Decimal b, Decimal *out) {
    return decimal_add(a, decimal_negate(b), out);
}

bool decimal_divide(Decimal a, Decimal b, int places, Decimal *out) {
    if (b.units == 0) return false;
    /* a/b = (a.units × 10^(places + b.scale - a.scale)) / b.units, one digit more for rounding. */
    int shift = places + 1 + b.scale - a.scale;
    Wide top = a.units, bottom = b.units;
    for (; shift > 0 && bottom % 10 == 0; shift--) bottom /= 10;
    for (; shift < 0 && top % 10 == 0 && top != 0; shift++) top /= 10;
    if (shift > DECIMAL_DIGITS || !multiply(top, power_of_ten(shift > 0 ? shift : 0), &top)) return false;
    if (shift < -DECIMAL_DIGITS || !multiply(bottom, power_of_ten(shift < 0 ? -shift : 0), &bottom)) {
        /* A divisor of more digits than the dividend can have: the quotient is below any digit asked for. */
        *out = (Decimal){0, places};
        return true;
    }
    Wide quotient = top / bottom;
    Wide rest = top % bottom;
    /* A sticky digit keeps half-to-even right when the division leaves a rest. */
    if (rest != 0 && quotient % 5 == 0) quotient += (top < 0) != (bottom < 0) ? -1 : 1;
    *out = (Decimal){drop_digits(quotient, 1), places};
    return true;
}

Decimal decimal_shift(Decimal value, int places) {
    value.scale -= places;
    bool held = settle(value, &value);
    assert(held && "decimal_shift() moved the point out of 38 digits");
    return value;
}

double decimal_double(Decimal value) {
    double result = (double)value.units;
    return result / (double)power_of_ten(value.scale);
}
