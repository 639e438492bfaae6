#include "io/cell.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"

/* Writes the digits of `value` so that they end before `end`; at least `least` of them. Gives where they begin. */
static char *digits_before(char *end, CellWideUnsigned value, int least) {
    while (value > UINT64_MAX) {
        *--end = (char)('0' + (int)(value % 10));
        value /= 10;
        least--;
    }
    /* 64-bit division is many times cheaper than 128-bit. */
    uint64_t low = (uint64_t)value;
    do {
        *--end = (char)('0' + (int)(low % 10));
        low /= 10;
        least--;
    } while (low || least > 0);
    return end;
}

char *cell_unsigned(Arena *arena, CellWideUnsigned value) {
    char room[48];
    char *end = room + sizeof room, *start = digits_before(end, value, 1);
    return arena_text_n(arena, start, (size_t)(end - start));
}

char *cell_decimal(Arena *arena, CellWide units, int scale) {
    char room[56];
    char *end = room + sizeof room;
    CellWideUnsigned magnitude = units < 0 ? -(CellWideUnsigned)units : (CellWideUnsigned)units;
    char *start = digits_before(end, magnitude, scale + 1);
    if (scale > 0) {
        /* The whole part moves one to the left to make room for the point. */
        char *point = end - scale - 1;
        memmove(start - 1, start, (size_t)(point - start) + 1);
        start--;
        *point = '.';
    }
    if (units < 0) *--start = '-';
    return arena_text_n(arena, start, (size_t)(end - start));
}

char *cell_integer(Arena *arena, int64_t value) {
    return cell_decimal(arena, value, 0);
}

static char *not_finite(Arena *arena, double value) {
    return arena_text(arena, isnan(value) ? "nan" : value < 0 ? "-inf" : "inf");
}

char *cell_double(Arena *arena, double value) {
    if (!isfinite(value)) return not_finite(arena, value);
    char text[40];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value) break;
    }
    return arena_text(arena, text);
}

char *cell_float(Arena *arena, float value) {
    if (!isfinite(value)) return not_finite(arena, value);
    char text[40];
    for (int digits = 6; digits <= 9; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, (double)value);
        if (strtof(text, NULL) == value) break;
    }
    return arena_text(arena, text);
}

static void put_two(char *at, int value) {
    at[0] = (char)('0' + value / 10);
    at[1] = (char)('0' + value % 10);
}

/* "YYYY-MM-DD" of a year with four digits; the fast way, since dates fill whole columns. */
static size_t put_date(char *at, CalendarDate date) {
    put_two(at, date.year / 100);
    put_two(at + 2, date.year % 100);
    at[4] = at[7] = '-';
    put_two(at + 5, date.month);
    put_two(at + 8, date.day);
    return 10;
}

/* Years that four digits do not hold, as DuckDB prints them: before Christ with "(BC)". */
static char *rare_date(Arena *arena, CalendarDate date, const char *time) {
    if (date.year > 0) return arena_printf(arena, "%d-%02d-%02d%s", date.year, date.month, date.day, time);
    return arena_printf(arena, "%04d-%02d-%02d (BC)%s", 1 - date.year, date.month, date.day, time);
}

static bool is_common(CalendarDate date) {
    return date.year > 0 && date.year <= 9999;
}

char *cell_date(Arena *arena, int32_t days) {
    if (days == INT32_MAX || days == -INT32_MAX) return arena_text(arena, days > 0 ? "infinity" : "-infinity");
    CalendarDate date = date_calendar(days);
    if (!is_common(date)) return rare_date(arena, date, "");
    char text[16];
    return arena_text_n(arena, text, put_date(text, date));
}

/* " HH:MM:SS[.fraction]" without trailing zeros of the fraction. */
static size_t put_time(char *at, int second_of_day, int64_t fraction, int64_t per_second) {
    at[0] = ' ';
    put_two(at + 1, second_of_day / 3600);
    put_two(at + 4, second_of_day / 60 % 60);
    put_two(at + 7, second_of_day % 60);
    at[3] = at[6] = ':';
    size_t size = 9;
    if (!fraction) return size;
    at[size++] = '.';
    for (int64_t unit = per_second / 10; unit && fraction; unit /= 10) {
        at[size++] = (char)('0' + fraction / unit);
        fraction %= unit;
    }
    return size;
}

char *cell_timestamp(Arena *arena, int64_t value, int64_t per_second) {
    if (value == INT64_MAX || value == -INT64_MAX) return arena_text(arena, value > 0 ? "infinity" : "-infinity");
    int64_t seconds = value / per_second, fraction = value % per_second;
    if (fraction < 0) {
        fraction += per_second;
        seconds--;
    }
    int64_t days = seconds / 86400, second_of_day = seconds % 86400;
    if (second_of_day < 0) {
        second_of_day += 86400;
        days--;
    }
    char text[48];
    /* Seconds of 64 bits reach beyond any year that an int holds; such a value is no date. */
    if (days < -800000000 || days > 800000000) return cell_integer(arena, value);
    CalendarDate date = date_calendar((Day)days);
    if (is_common(date)) {
        size_t size = put_date(text, date);
        size += put_time(text + size, (int)second_of_day, fraction, per_second);
        return arena_text_n(arena, text, size);
    }
    text[put_time(text, (int)second_of_day, fraction, per_second)] = '\0';
    return rare_date(arena, date, text);
}

/* Largest size up to `limit_bytes` that does not end within a character. */
static size_t character_floor(const char *text, size_t limit_bytes) {
    while (limit_bytes && ((unsigned char)text[limit_bytes] & 0xC0) == 0x80) limit_bytes--;
    return limit_bytes;
}

/* Replaces what is not valid. `text` need not end in NUL, so characters are decoded from a padded copy of the next bytes. */
static char *repaired(Arena *arena, const char *text, size_t size) {
    Buffer out = {.arena = arena};
    for (size_t at = 0; at < size;) {
        char next[5] = {0};
        size_t step = 1;
        memcpy(next, text + at, size - at < 4 ? size - at : 4);
        if (*next && text_code_point(next, &step) != 0xFFFD)
            buffer_add_n(&out, text + at, step);
        else
            buffer_add(&out, "\xEF\xBF\xBD");
        at += step;
    }
    return arena_text(arena, buffer_text(&out));
}

char *cell_text(Arena *arena, const char *text, size_t size, size_t limit_bytes) {
    bool cut = size > limit_bytes;
    if (cut) size = character_floor(text, limit_bytes);
    const char *whole = text_is_utf8(text, size) ? NULL : repaired(arena, text, size);
    if (!cut) return whole ? arena_text(arena, whole) : arena_text_n(arena, text, size);
    return arena_printf(arena, "%.*s…", (int)(whole ? strlen(whole) : size), whole ? whole : text);
}
