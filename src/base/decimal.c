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

static bool multiply(Wide a, Wide b, Wide *out) {
    return !__builtin_mul_overflow(a, b, out);
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

bool decimal_parse(const char *text, Decimal *out) {
    bool negative = *text == '-';
    if (*text == '-' || *text == '+') text++;
    Wide units = 0;
    int scale = 0, digits = 0, exponent = 0;
    bool point = false;
    for (; isdigit((unsigned char)*text) || (*text == '.' && !point); text++) {
        if (*text == '.') {
            point = true;
            continue;
        }
        if (!multiply(units, 10, &units) || __builtin_add_overflow(units, *text - '0', &units)) return false;
        digits++;
        scale += point;
    }
    if (!digits || !read_exponent(&text, &exponent) || *text) return false;
    scale -= exponent;
    if (scale < 0) {
        if (!multiply(units, power_of_ten(-scale > DECIMAL_DIGITS ? DECIMAL_DIGITS : -scale), &units)) return false;
        scale = 0;
    }
    while (scale > DECIMAL_DIGITS) {
        units /= 10;
        scale--;
    }
    *out = (Decimal){negative ? -units : units, scale};
    return true;
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
    char digits[48];
    size_t at = sizeof digits - 1;
    digits[at] = '\0';
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

/* Brings both to one scale; where 38 digits do not hold it, the finer one is rounded. */
static bool align(Decimal *a, Decimal *b) {
    Decimal *low = a->scale < b->scale ? a : b;
    const Decimal *high = low == a ? b : a;
    Wide units = 0;
    if (!multiply(low->units, power_of_ten(high->scale - low->scale), &units)) return false;
    low->units = units;
    low->scale = high->scale;
    return true;
}

int decimal_compare(Decimal a, Decimal b) {
    if (align(&a, &b)) return (a.units > b.units) - (a.units < b.units);
    double x = decimal_double(a), y = decimal_double(b);
    return (x > y) - (x < y);
}

bool decimal_is_zero(Decimal value) {
    return value.units == 0;
}

bool decimal_is_negative(Decimal value) {
    return value.units < 0;
}

bool decimal_add(Decimal a, Decimal b, Decimal *out) {
    if (!align(&a, &b)) return false;
    Wide sum = 0;
    if (__builtin_add_overflow(a.units, b.units, &sum)) return false;
    *out = (Decimal){sum, a.scale};
    return true;
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
    if (shift > DECIMAL_DIGITS || shift < -DECIMAL_DIGITS) return false;
    Wide top = a.units, bottom = b.units;
    if (shift >= 0) {
        while (shift > 0 && bottom % 10 == 0) {
            bottom /= 10;
            shift--;
        }
        if (!multiply(top, power_of_ten(shift), &top)) return false;
    } else if (!multiply(bottom, power_of_ten(-shift), &bottom)) {
        return false;
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
    while (value.scale < 0) {
        value.units *= 10;
        value.scale++;
    }
    return value;
}

double decimal_double(Decimal value) {
    double result = (double)value.units;
    return result / (double)power_of_ten(value.scale);
}
