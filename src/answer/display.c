#include "answer/display.h"

#include <ctype.h>
#include <string.h>

#include "answer/answer.h"
#include "base/decimal.h"
#include "base/knowledge.h"
#include "base/text.h"

/* From this size on, cents only blur a number. */
static const Decimal whole_from = {10000, 0};

/* The row of tables/currencies.tsv for a code, found in the raw bytes: displays are made by the thousand. */
static const char *currency_row(const char *code) {
    if (!code || strlen(code) != 3) return NULL;
    size_t size = 0;
    const char *table = knowledge_file("currencies.tsv", &size);
    const char pattern[] = {'\n', code[0], code[1], code[2], '\t'};
    const char *found = table ? memmem(table, size, pattern, sizeof pattern) : NULL;
    return found ? found + sizeof pattern : NULL;
}

bool display_is_money(const char *unit) {
    return currency_row(unit) != NULL;
}

static Decimal absolute(Decimal value) {
    return decimal_is_negative(value) ? decimal_negate(value) : value;
}

/* Digits behind the point that show the first two significant digits of a value below one. */
static int places_of_two_digits(Decimal value) {
    int places = 0;
    Decimal shifted = absolute(value);
    const Decimal ten = {10, 0};
    while (places < 18 && decimal_compare(shifted, ten) < 0) {
        shifted = decimal_shift(shifted, 1);
        places++;
    }
    return places;
}

/* `usual` digits, more where the value would vanish, none where it is large. */
static int money_places(Decimal value, int usual) {
    if (decimal_compare(absolute(value), whole_from) >= 0) return 0;
    if (decimal_is_zero(value) || !decimal_is_zero(decimal_round(value, usual))) return usual;
    return places_of_two_digits(value);
}

static char *trim_zeros(char *digits) {
    if (!strchr(digits, '.')) return digits;
    size_t size = strlen(digits);
    while (digits[size - 1] == '0') digits[--size] = '\0';
    if (digits[size - 1] == '.') digits[size - 1] = '\0';
    return digits;
}

/* One digit behind the point; more where the value would vanish, or would look like a full hundred without being one. */
static int percent_places(Decimal value) {
    const Decimal hundred = {100, 0};
    Decimal rounded = decimal_round(value, 1);
    if (decimal_is_zero(value)) return 1;
    if (decimal_is_zero(rounded)) return places_of_two_digits(value);
    bool false_hundred = decimal_compare(absolute(rounded), hundred) == 0 && decimal_compare(absolute(value), hundred) < 0;
    return false_hundred && decimal_compare(absolute(decimal_round(value, 2)), hundred) != 0 ? 2 : 1;
}

static char *money_text(Arena *arena, Decimal value, const char *unit, const char *row) {
    int usual = row[strcspn(row, "\t\n") + 1] - '0';
    char *digits = decimal_grouped(arena, value, money_places(value, usual));
    return row[0] == '-' ? arena_printf(arena, "%s %s", unit, digits) : arena_printf(arena, "%c%s", row[0], digits);
}

/* Small quantities and prices per unit differ behind the second digit. */
static int quantity_places(Decimal value) {
    const Decimal unity = {1, 0};
    return money_places(value, decimal_compare(value, unity) < 0 ? 4 : 2);
}

static char *quantity_text(Arena *arena, Decimal value, const char *unit, bool bare) {
    char *digits = trim_zeros(decimal_grouped(arena, value, quantity_places(value)));
    return text_is_empty(unit) || bare || text_equal(unit, "count") ? digits : arena_printf(arena, "%s %s", digits, unit);
}

/* "USD per GB": a price, "$0.0834 per GB". */
static char *price_text(Arena *arena, Decimal value, const char *unit, bool bare) {
    const char *code = arena_text_n(arena, unit, 3), *row = currency_row(code);
    const char *rest = bare ? "" : unit + 3;
    char *digits = decimal_grouped(arena, value, quantity_places(value));
    if (row[0] == '-') return arena_printf(arena, "%s %s%s", code, digits, rest);
    return arena_printf(arena, "%c%s%s", row[0], digits, rest);
}

static bool is_price(Arena *arena, const char *unit) {
    return unit && strlen(unit) > 4 && text_starts(unit + 3, " per ") && display_is_money(arena_text_n(arena, unit, 3));
}

char *display_number(Arena *arena, const char *value, const char *unit, DisplayForm form) {
    Decimal number = {0};
    if (!value) return arena_text(arena, "–");
    if (!decimal_parse(value, &number)) return text_printable(arena, value);
    Decimal size = absolute(number);
    const char *row = currency_row(unit);
    char *text = NULL;
    if (row)
        text = money_text(arena, size, unit, row);
    else if (is_price(arena, unit))
        text = price_text(arena, size, text_printable(arena, unit), form.bare);
    else if (text_equal(unit, "percent"))
        text = arena_printf(arena, "%s%%", decimal_grouped(arena, size, percent_places(size)));
    else
        text = quantity_text(arena, size, unit ? text_printable(arena, unit) : NULL, form.bare);
    const char *sign = decimal_is_negative(number) ? "-" : form.sign && !decimal_is_zero(number) ? "+" : "";
    return *sign ? arena_printf(arena, "%s%s", sign, text) : text;
}

char *answer_display(Arena *arena, const char *value, const char *unit) {
    return display_number(arena, value, unit, (DisplayForm){0});
}

/* Bytes of `text` that take at most `width` columns. */
static size_t head_size(const char *text, size_t width) {
    size_t at = 0, size = 0;
    char one[8];
    for (size_t used = 0; text[at]; at += size) {
        text_code_point(text + at, &size);
        memcpy(one, text + at, size);
        one[size] = '\0';
        used += text_width(one);
        if (used > width) break;
    }
    return at;
}

/* Where the last `width` columns of `text` begin. */
static size_t tail_start(const char *text, size_t width) {
    size_t at = 0, size = 0;
    while (text[at] && text_width(text + at) > width) {
        text_code_point(text + at, &size);
        at += size;
    }
    return at;
}

char *display_shorten(Arena *arena, const char *text, size_t width) {
    if (text_width(text) <= width) return arena_text(arena, text);
    if (width < 2) return arena_text(arena, width ? "…" : "");
    size_t left = width / 2, right = width - left - 1;
    Buffer out = {.arena = arena};
    buffer_add_n(&out, text, head_size(text, left));
    buffer_add(&out, "…");
    buffer_add(&out, text + tail_start(text, right));
    return arena_text(arena, buffer_text(&out));
}

char *display_cut(Arena *arena, const char *text, size_t width) {
    if (text_width(text) <= width) return arena_text(arena, text);
    if (width < 1) return arena_text(arena, "");
    return arena_printf(arena, "%s…", arena_text_n(arena, text, head_size(text, width - 1)));
}

char *display_name(Arena *arena, const char *value, bool is_tag) {
    if (!value || !*value) return arena_text(arena, is_tag ? "(untagged)" : "(none)");
    if (text_equal(value, "(untagged)") || text_equal(value, "(none)")) return arena_printf(arena, "“%s”", value);
    bool blank = value[strspn(value, " ")] == '\0';
    return blank ? arena_printf(arena, "“%s”", value) : text_printable(arena, value);
}

char *display_bucket(Arena *arena, const char *start, Grain grain) {
    Day day = DAY_NONE;
    if (!start || !date_parse(start, &day)) return display_name(arena, start, false);
    CalendarDate date = date_calendar(day);
    switch (grain) {
    case GRAIN_HOUR: return arena_printf(arena, "%.16s", start);
    case GRAIN_WEEK: return arena_printf(arena, "week of %s", date_text(arena, day));
    case GRAIN_MONTH:
    case GRAIN_BILLING_PERIOD: return arena_printf(arena, "%s %d", date_month_name(date.month), date.year);
    case GRAIN_QUARTER: return arena_printf(arena, "Q%d %d", (date.month + 2) / 3, date.year);
    case GRAIN_YEAR: return arena_printf(arena, "%d", date.year);
    default: return date_text(arena, day);
    }
}

char *display_period(Arena *arena, Day start, Day end) {
    const char *first = date_text(arena, start);
    if (end == start + 1) return arena_text(arena, first);
    if (start == date_year(start, 0) && end == date_year(start, 1)) return display_bucket(arena, first, GRAIN_YEAR);
    if (start == date_month(start, 0) && end == date_month(start, 1)) return display_bucket(arena, first, GRAIN_MONTH);
    if (start == date_quarter(start, 0) && end == date_quarter(start, 1)) return display_bucket(arena, first, GRAIN_QUARTER);
    return arena_printf(arena, "%s to %s", first, date_text(arena, end - 1));
}
