/* question/period_dates.c: dates and months, see question/period_reader.h. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "question/period_reader.h"

static bool day_in_month(const Reader *reader, int month, int day, int year, Day *out) {
    CalendarDate date = {.year = year, .month = month, .day = day};
    if (!year) {
        date.year = date_calendar(reader_latest(reader)).year;
        Day this_year = DAY_NONE;
        CalendarDate first = {.year = date.year, .month = month, .day = 1};
        if (date_from(first, &this_year) && this_year > reader_latest(reader)) date.year--;
    }
    return date_from(date, out);
}

static void add_day(Reader *reader, size_t to, int month, int day, int year) {
    Day at = DAY_NONE;
    if (day_in_month(reader, month, day, year, &at))
        reader_add_period(reader, to, at, at + 1);
    else
        reader_refuse(reader, to, "OUT_OF_RANGE", "no_such_day");
}

/* "November 10", "Nov 10th, 2018", "September 1-15", "October 1 to 11". */
static void read_month_day(Reader *reader, int month, size_t at) {
    int day = reader_day(reader_token(reader, at));
    if (!day) return;
    size_t after = at + 1;
    static const char *const TO[] = {"-", "to", "through", "thru", "until", "till"};
    int last = READER_IN(reader, after, TO) ? reader_day(reader_token(reader, after + 1)) : 0;
    if (last && reader_month(reader_token(reader, after + 2))) last = 0; /* "August 15 to 25 September" names its own month */
    size_t end = last ? after + 2 : after;
    size_t year_at = reader_is(reader, end, ",") ? end + 1 : end;
    int year = reader_year(reader_token(reader, year_at));
    if (year) end = year_at + 1;
    if (!last) {
        add_day(reader, end, month, day, year);
        if (year) add_day(reader, after, month, day, 0);
        return;
    }
    Day first = DAY_NONE, second = DAY_NONE;
    if (!day_in_month(reader, month, day, year, &first) || !day_in_month(reader, month, last, year, &second) ||
        second < first) {
        reader_refuse(reader, end, "OUT_OF_RANGE", "no_such_day");
        return;
    }
    reader_add_period(reader, end, first, second + 1);
}

static void add_month(Reader *reader, size_t to, int month, int year) {
    Day start = reader_month_start(reader, month, year);
    reader_add_period(reader, to, start, date_month(start, 1));
}

/* Periods that start with a month's name. */
void reader_read_month(Reader *reader, size_t at) {
    int month = reader_month(reader_token(reader, at));
    if (!month) return;
    add_month(reader, at + 1, month, 0);
    size_t year_at = at + 1;
    if (reader_is(reader, year_at, "of") || reader_is(reader, year_at, ",")) year_at++;
    int year = reader_year(reader_token(reader, year_at));
    if (year) add_month(reader, year_at + 1, month, year);
    read_month_day(reader, month, at + 1);
}

/* "10 November 2018", "10th of November", "1-15 September". */
void reader_read_day_month(Reader *reader, size_t at) {
    int day = reader_day(reader_token(reader, at)), last = 0;
    if (!day) return;
    size_t month_at = at + 1;
    static const char *const TO[] = {"-", "to", "through", "thru", "until", "till", "and"};
    const bool joined = READER_IN(reader, month_at, TO);
    if (joined && reader_is(reader, month_at, "and") && !(at > 0 && reader_is(reader, at - 1, "between"))) return;
    const size_t last_at = month_at + (joined && reader_is(reader, month_at + 1, "the") ? 2 : 1);
    if (joined && reader_day(reader_token(reader, last_at))) {
        last = reader_day(reader_token(reader, last_at));
        month_at = last_at + 1;
    }
    if (reader_is(reader, month_at, "of")) month_at++;
    int month = reader_month(reader_token(reader, month_at));
    if (!month) return;
    int year = reader_year(reader_token(reader, month_at + 1));
    size_t to = month_at + (year ? 2 : 1);
    if (!last) {
        add_day(reader, to, month, day, year);
        return;
    }
    Day first = DAY_NONE, second = DAY_NONE;
    if (day_in_month(reader, month, day, year, &first) && day_in_month(reader, month, last, year, &second) && second >= first)
        reader_add_period(reader, to, first, second + 1);
    else
        reader_refuse(reader, to, "OUT_OF_RANGE", "no_such_day");
}

/* ISO dates, "2018-11", "11/2018", "2018". */
void reader_read_digits(Reader *reader, size_t at) {
    const Token *token = reader_token(reader, at);
    if (token->kind == TOKEN_DATE) {
        Day day = DAY_NONE;
        if (date_parse(token->norm, &day))
            reader_add_period(reader, at + 1, day, day + 1);
        else
            reader_refuse(reader, at + 1, "OUT_OF_RANGE", "no_such_day");
        return;
    }
    int year = reader_year(token);
    bool joined = reader_is(reader, at + 1, "-") || reader_is(reader, at + 1, "/");
    int other = joined ? reader_day(reader_token(reader, at + 2)) : 0;
    if (year && other && strlen(reader_token(reader, at + 2)->text) == 2) {
        if (other <= 12)
            add_month(reader, at + 3, other, year);
        else
            reader_refuse(reader, at + 3, "OUT_OF_RANGE", "no_such_day");
        return;
    }
    if (!year && joined && reader_is(reader, at + 1, "/") && reader_year(reader_token(reader, at + 2)) && reader_day(token)) {
        if (reader_day(token) <= 12) add_month(reader, at + 3, reader_day(token), reader_year(reader_token(reader, at + 2)));
        return;
    }
    /* "3/4": March or April. */
    int first = reader_day(token),
        second = joined && reader_is(reader, at + 1, "/") ? reader_day(reader_token(reader, at + 2)) : 0;
    if (!year && first && second && (first <= 12 || second <= 12)) {
        size_t to = at + 3;
        if (reader_is(reader, to, "/") && reader_token(reader, to + 1)) to += 2;
        if (first <= 12 && second <= 12 && first != second)
            reader_refuse(reader, to, "AMBIGUOUS", "slash_date");
        else
            add_day(reader, to, first <= 12 ? first : second, first <= 12 ? second : first,
                    to == at + 5 ? reader_year(reader_token(reader, at + 4)) : 0);
        return;
    }
    if (year) {
        Day start = reader_month_start(reader, 1, year);
        reader_add_period(reader, at + 1, start, date_year(start, 1));
    }
}
