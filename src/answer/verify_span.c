#include <ctype.h>
#include <string.h>

#include "answer/display.h"
#include "answer/verify.h"
#include "base/date.h"
#include "base/decimal.h"
#include "base/text.h"

typedef struct {
    bool negative;
    char unit[48]; /* "$" for USD, a code, "%", a word, "" */
    Decimal value;
    size_t size; /* bytes read */
} Quantity;

static size_t digits_at(const char *text) {
    size_t size = 0;
    while (isdigit((unsigned char)text[size])) size++;
    return size;
}

static size_t literal_at(const char *text, const char *literal) {
    return text_starts(text, literal) ? strlen(literal) : 0;
}

/* --- days and periods --- */

/* "2026-09-01", with " 09:00[:00]" */
static size_t iso_date_at(const char *text) {
    if (digits_at(text) != 4 || text[4] != '-' || digits_at(text + 5) != 2) return 0;
    if (text[7] != '-' || digits_at(text + 8) != 2) return 7;
    size_t size = 10;
    if ((text[size] == ' ' || text[size] == 'T') && digits_at(text + size + 1) == 2 && text[size + 3] == ':') size += 6;
    if (size == 16 && text[size] == ':' && digits_at(text + size + 1) == 2) size += 3;
    return size;
}

/* "September 2026", "Q3 2026" */
static size_t named_period_at(const char *text) {
    if (text[0] == 'Q' && isdigit((unsigned char)text[1]) && text[2] == ' ' && digits_at(text + 3) == 4) return 7;
    for (int month = 1; month <= 12; month++) {
        size_t size = literal_at(text, date_month_name(month));
        if (size && text[size] == ' ' && digits_at(text + size + 1) == 4) return size + 5;
    }
    return 0;
}

static size_t period_at(const char *text) {
    size_t size = iso_date_at(text);
    if (!size) return named_period_at(text);
    if (!text_starts(text + size, " to ")) return size;
    size_t last = iso_date_at(text + size + 4);
    return last ? size + 4 + last : size;
}

/* --- numbers --- */

static size_t sign_at(const char *text, bool *negative) {
    size_t minus = literal_at(text, "\xE2\x88\x92"); /* U+2212 */
    *negative = *text == '-' || minus;
    return minus ? minus : *text == '-' || *text == '+' ? 1 : 0;
}

static size_t currency_at(const char *text, char *unit, size_t room) {
    static const char *const signs[] = {"$", "€", "£", "¥", NULL};
    for (const char *const *sign = signs; *sign; sign++) {
        size_t size = literal_at(text, *sign);
        if (!size) continue;
        memcpy(unit, *sign, size + 1);
        return size;
    }
    char code[4] = {0};
    if (strnlen(text, 5) < 5 || text[3] != ' ' || room < sizeof code) return 0;
    memcpy(code, text, 3);
    if (!display_is_money(code)) return 0;
    memcpy(unit, code, sizeof code);
    return 4;
}

/* Digits with separators: the plain digits go to `plain`. */
static size_t number_at(const char *text, char *plain, size_t room) {
    size_t size = 0, used = 0;
    bool point = false;
    while (used + 1 < room) {
        char c = text[size];
        bool group = (c == ',' || c == ' ') && used && !point && digits_at(text + size + 1) == 3;
        bool fraction = c == '.' && !point && isdigit((unsigned char)text[size + 1]);
        if (isdigit((unsigned char)c) || fraction)
            plain[used++] = c;
        else if (!group)
            break;
        point |= fraction;
        size++;
    }
    plain[used] = '\0';
    return size;
}

static bool ends_word(char c) {
    return !isalnum((unsigned char)c) && (unsigned char)c < 0x80;
}

static size_t magnitude_at(const char *text, int *shift) {
    static const char letters[] = "kKmMbB";
    static const int shifts[] = {3, 3, 6, 6, 9, 9};
    const char *found = *text ? strchr(letters, *text) : NULL;
    if (!found || !ends_word(text[1])) return 0;
    *shift = shifts[found - letters];
    return 1;
}

/* "%", " %", " percent", or a word of a unit that follows: " GB", " Hrs". */
static size_t unit_at(const char *text, char *unit, size_t room) {
    size_t space = *text == ' ';
    if (text[space] == '%' || (space && text_starts(text, " percent"))) {
        memcpy(unit, "%", 2);
        return text[space] == '%' ? space + 1 : strlen(" percent");
    }
    if (!space || !isupper((unsigned char)text[1])) return 0;
    size_t size = 1;
    while (text[size] && (isalnum((unsigned char)text[size]) || text[size] == '-' || text[size] == '/')) size++;
    if (size > room) return 0;
    memcpy(unit, text + 1, size - 1);
    unit[size - 1] = '\0';
    return size;
}

static bool quantity_at(const char *text, Quantity *out) {
    *out = (Quantity){0};
    char plain[64];
    size_t size = sign_at(text, &out->negative);
    size += currency_at(text + size, out->unit, sizeof out->unit);
    bool late_sign = false;
    if (*out->unit && !out->negative) size += sign_at(text + size, &late_sign);
    out->negative |= late_sign;
    size_t digits = number_at(text + size, plain, sizeof plain);
    if (!digits || !decimal_parse(plain, &out->value)) return false;
    size += digits;
    int shift = 0;
    size += magnitude_at(text + size, &shift);
    out->value = decimal_shift(out->value, shift);
    if (!*out->unit) size += unit_at(text + size, out->unit, sizeof out->unit);
    /* "1st", "3x", "m5": letters that stick to digits belong to the number and make it no plain one. */
    while (isalpha((unsigned char)text[size])) {
        memcpy(out->unit, "?", 2);
        size++;
    }
    out->size = size;
    return true;
}

size_t verify_span(const char *text) {
    size_t size = period_at(text);
    Quantity quantity = {0};
    if (size) return size;
    return quantity_at(text, &quantity) ? quantity.size : 0;
}

/* A unit that is the name of counted things: no currency, no percent, no letters that stick to the digits. */
static bool is_thing(const char *unit) {
    return isalpha((unsigned char)*unit) && !display_is_money(unit);
}

bool verify_same(const char *display, const char *span, bool is_count) {
    if (text_equal(display, span)) return true;
    if (period_at(display) || period_at(span)) return false;
    Quantity a = {0}, b = {0};
    if (!quantity_at(display, &a) || !quantity_at(span, &b)) return false;
    if (display[a.size] || span[b.size]) return false;
    bool same_unit = text_equal(a.unit, b.unit) || (is_count && !*a.unit && is_thing(b.unit));
    return a.negative == b.negative && same_unit && decimal_compare(a.value, b.value) == 0;
}
