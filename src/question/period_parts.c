/* question/period_parts.c: parts of a month and named days of the week, see question/period_reader.h. */
#include "base/text.h"
#include "question/period_reader.h"

/* 1 to 5 for "first" to "fifth", -1 for "last"; 0 for other words. */
static int ordinal(const Reader *reader, size_t at) {
    static const char *const WORDS[] = {"first", "second", "third", "fourth", "fifth"};
    static const char *const LAST[] = {"last", "final"};
    const Token *token = reader_token(reader, at);
    if (!token) return 0;
    for (int i = 0; i < 5; i++)
        if (reader_is(reader, at, WORDS[i])) return i + 1;
    if (READER_IN(reader, at, LAST)) return -1;
    int number = token->ordinal ? reader_day(token) : 0;
    return number <= 5 ? number : 0;
}

/* The days [start, end) of the month that `place`, `count` and `unit` name. */
static bool part_of_month(Day first, Day next, int place, int count, const char *unit, Day *start, Day *end) {
    long length = text_equal(unit, "week") ? 7 : text_equal(unit, "half") ? 15 : 1;
    if (text_equal(unit, "half")) {
        if (count > 0 || place == 0 || place > 2) return false;
        *start = place == 1 ? first : first + 15;
        *end = place == 1 ? first + 15 : next;
        return true;
    }
    if (length == 1 && count < 1) return false; /* "the first day of" asks for a day, not for a period */
    if (count > 0 && place > 1) return false;
    if (count > 0) length *= count;
    if (place < 0) {
        *start = next - length;
        *end = next;
    } else {
        *start = first + 7 * (place - 1);
        *end = *start + length;
        if (text_equal(unit, "week") && *end > next) *end = next;
    }
    return *start >= first && *end <= next && *start < *end;
}

/* "the first half against the second half of September": the half of the only month that the question names. */
static void read_bare_half(Reader *reader, size_t to, int place) {
    int month = 0, year = 0;
    for (size_t i = 0; i < reader->tokens->count; i++) {
        const int named = reader_month(reader_token(reader, i));
        if (!named || text_equal(reader_token(reader, i)->norm, "may")) continue;
        if (month && named != month) return;
        month = named;
        if (reader_year(reader_token(reader, i + 1))) year = reader_year(reader_token(reader, i + 1));
    }
    if (!month) return;
    Day first = reader_month_start(reader, month, year), start = first, end = first;
    if (part_of_month(first, date_month(first, 1), place, -1, "half", &start, &end)) reader_add_period(reader, to, start, end);
}

/* "the first week of September", "the last 10 days of August 2026", "the second half of July". Weeks are counted from the first. */
void reader_read_part(Reader *reader, size_t at) {
    int place = ordinal(reader, at);
    if (place == 0) return;
    size_t next = at + 1;
    int count = reader_number(reader_token(reader, next));
    if (count >= 0) next++;
    static const char *const WEEK[] = {"week", "weeks"};
    static const char *const DAY[] = {"day", "days"};
    static const char *const OF[] = {"of", "in"};
    const char *unit = READER_IN(reader, next, WEEK)     ? "week"
                       : READER_IN(reader, next, DAY)    ? "day"
                       : reader_is(reader, next, "half") ? "half"
                                                         : NULL;
    if (!unit) return;
    const bool half = text_equal(unit, "half");
    if (half && reader_is(reader, next + 1, "of") && reader_is(reader, next + 2, "the") &&
        reader_is(reader, next + 3, "month")) {
        read_bare_half(reader, next + 4, place);
        return;
    }
    if (!READER_IN(reader, next + 1, OF)) {
        if (half && count < 0) read_bare_half(reader, next + 1, place);
        return;
    }
    size_t month_at = next + 2;
    int month = reader_month(reader_token(reader, month_at));
    if (!month) return;
    int year = reader_year(reader_token(reader, month_at + 1));
    Day first = reader_month_start(reader, month, year), start = first, end = first;
    if (part_of_month(first, date_month(first, 1), place, count, unit, &start, &end))
        reader_add_period(reader, month_at + (year ? 2 : 1), start, end);
}

/* "last Monday": the latest one before today. */
void reader_read_weekday(Reader *reader, size_t at) {
    static const char *const LAST[] = {"last", "past", "previous"};
    static const char *const DAYS[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
    if (!READER_IN(reader, at, LAST)) return;
    Day today = reader->context->as_of;
    for (int i = 0; i < 7; i++) {
        if (!reader_is(reader, at + 1, DAYS[i])) continue;
        Day day = date_week(today, 0) + i;
        if (day >= today) day -= 7;
        reader_add_period(reader, at + 2, day, day + 1);
    }
}
