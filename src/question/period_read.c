/* question/period_read.c: the words of periods, see question/period.h. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "question/period.h"

typedef struct {
    const FrameContext *context;
    const Tokens *tokens;
    size_t from; /* where the reading starts */
    PeriodReading *readings;
    size_t room, count;
} Reader;

static const Token *token_at(const Reader *reader, size_t at) {
    return at < reader->tokens->count ? &reader->tokens->items[at] : NULL;
}

static bool word_is(const Reader *reader, size_t at, const char *word) {
    const Token *token = token_at(reader, at);
    return token && (token->kind == TOKEN_WORD || token->kind == TOKEN_MARK) && text_equal(token->norm, word);
}

static bool word_in(const Reader *reader, size_t at, const char *const *words, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (word_is(reader, at, words[i])) return true;
    return false;
}
#define WORD_IN(reader, at, list) word_in(reader, at, list, sizeof(list) / sizeof *(list))

static const char *words_between(const Reader *reader, size_t to) {
    Buffer out = {.arena = reader->context->arena};
    for (size_t i = reader->from; i < to; i++) {
        if (i > reader->from && reader->tokens->items[i].kind != TOKEN_MARK) buffer_add_char(&out, ' ');
        buffer_add(&out, reader->tokens->items[i].text);
    }
    return buffer_text(&out);
}

static PeriodReading *add_reading(Reader *reader, size_t to) {
    if (reader->count >= reader->room) return NULL;
    PeriodReading *reading = &reader->readings[reader->count++];
    *reading = (PeriodReading){.from = reader->from, .to = to};
    return reading;
}

static PeriodReading *add_period(Reader *reader, size_t to, Day start, Day end) {
    PeriodReading *reading = add_reading(reader, to);
    if (!reading) return NULL;
    Day today = reader->context->as_of;
    reading->frame.has_time = true;
    reading->frame.time = (PlanTime){
        .start = start, .end = end, .partial = start <= today && end > today + 1, .words = words_between(reader, to)};
    return reading;
}

static void add_refusal(Reader *reader, size_t to, const char *code, const char *topic) {
    PeriodReading *reading = add_reading(reader, to);
    if (reading) reading->frame.refusal = (Refusal){.code = code, .topic = topic, .subject = words_between(reader, to)};
}

/* --- small vocabulary --- */

static int month_named(const Token *token) {
    static const char *const SHORT[] = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
    static const char *const FULL[] = {"january", "february", "march",     "april",   "may",      "june",
                                       "july",    "august",   "september", "october", "november", "december"};
    if (!token || token->kind != TOKEN_WORD) return 0;
    const char *word = token->norm;
    size_t size = strlen(word);
    for (int month = 1; month <= 12; month++) {
        if (text_equal(word, FULL[month - 1]) || text_equal(word, SHORT[month - 1])) return month;
        /* A slip of the fingers in a long name: "febuary", "setember". Short names are too close to other words. */
        if (size >= 6 && month != 3 && text_distance(word, FULL[month - 1], 2) == 1 && strlen(FULL[month - 1]) >= 6)
            return month;
    }
    return text_equal(word, "sept") ? 9 : 0;
}

int period_number_word(const char *word) {
    static const char *const SMALL[] = {"zero",     "one",     "two",     "three",     "four",     "five",     "six",
                                        "seven",    "eight",   "nine",    "ten",       "eleven",   "twelve",   "thirteen",
                                        "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"};
    static const char *const TENS[] = {"thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred"};
    for (int i = 1; i <= 20; i++)
        if (text_equal(word, SMALL[i])) return i;
    for (int i = 0; i < 8; i++)
        if (text_equal(word, TENS[i])) return 30 + 10 * i;
    return -1;
}

static int number_word(const Token *token) {
    if (!token || token->ordinal) return -1;
    if (token->kind == TOKEN_WORD) return period_number_word(token->norm);
    if (token->kind != TOKEN_NUMBER || strchr(token->norm, '.')) return -1;
    return strlen(token->norm) < 6 ? atoi(token->norm) : 99999; /* beyond any period */
}

static Grain unit_named(const Token *token) {
    static const struct {
        const char *word;
        Grain grain;
    } UNITS[] = {{"day", GRAIN_DAY},          {"days", GRAIN_DAY},     {"week", GRAIN_WEEK},  {"weeks", GRAIN_WEEK},
                 {"month", GRAIN_MONTH},      {"months", GRAIN_MONTH}, {"mnth", GRAIN_MONTH}, {"quarter", GRAIN_QUARTER},
                 {"quarters", GRAIN_QUARTER}, {"year", GRAIN_YEAR},    {"years", GRAIN_YEAR}};
    for (size_t i = 0; token && token->kind == TOKEN_WORD && i < sizeof UNITS / sizeof *UNITS; i++)
        if (text_equal(token->norm, UNITS[i].word)) return UNITS[i].grain;
    return GRAIN_NONE;
}

static Day unit_start(Day day, Grain unit, int offset) {
    switch (unit) {
    case GRAIN_WEEK: return date_week(day, offset);
    case GRAIN_MONTH: return date_month(day, offset);
    case GRAIN_QUARTER: return date_quarter(day, offset);
    case GRAIN_YEAR: return date_year(day, offset);
    default: return day + offset;
    }
}

static int year_number(const Token *token) {
    if (!token || token->kind != TOKEN_NUMBER || token->ordinal || strlen(token->text) != 4) return 0;
    int year = atoi(token->norm);
    return year >= 1990 && year < 2100 ? year : 0;
}

static int day_number(const Token *token) {
    if (!token || token->kind != TOKEN_NUMBER || strlen(token->norm) > 2 || strchr(token->norm, '.')) return 0;
    int day = atoi(token->norm);
    return day >= 1 && day <= 31 ? day : 0;
}

/* The latest day by which a period said without its year must have started. */
static Day latest(const Reader *reader) {
    const FrameContext *context = reader->context;
    return context->as_of > context->catalog->last_day ? context->as_of
           : context->catalog->last_day != DAY_NONE    ? context->catalog->last_day
                                                       : context->as_of;
}

/* The first day of month `month`, of `year`, or of the latest year in which it has begun. */
static Day month_start(const Reader *reader, int month, int year) {
    Day day = DAY_NONE;
    Day limit = reader->context->as_of;
    CalendarDate today = date_calendar(limit);
    CalendarDate date = {.year = year ? year : today.year, .month = month, .day = 1};
    date_from(date, &day);
    if (!year && day > limit) {
        date.year--;
        date_from(date, &day);
    }
    return day;
}

/* --- dates and months --- */

static bool day_in_month(const Reader *reader, int month, int day, int year, Day *out) {
    CalendarDate date = {.year = year, .month = month, .day = day};
    if (!year) {
        date.year = date_calendar(latest(reader)).year;
        Day this_year = DAY_NONE;
        CalendarDate first = {.year = date.year, .month = month, .day = 1};
        if (date_from(first, &this_year) && this_year > latest(reader)) date.year--;
    }
    return date_from(date, out);
}

static void add_day(Reader *reader, size_t to, int month, int day, int year) {
    Day at = DAY_NONE;
    if (day_in_month(reader, month, day, year, &at))
        add_period(reader, to, at, at + 1);
    else
        add_refusal(reader, to, "OUT_OF_RANGE", "no_such_day");
}

/* "November 10", "Nov 10th, 2018", "September 1-15", "October 1 to 11". */
static void read_month_day(Reader *reader, int month, size_t at) {
    int day = day_number(token_at(reader, at));
    if (!day) return;
    size_t after = at + 1;
    static const char *const TO[] = {"-", "to", "through", "thru", "until", "till"};
    int last = WORD_IN(reader, after, TO) ? day_number(token_at(reader, after + 1)) : 0;
    if (last && month_named(token_at(reader, after + 2))) last = 0; /* "August 15 to 25 September" names its own month */
    size_t end = last ? after + 2 : after;
    size_t year_at = word_is(reader, end, ",") ? end + 1 : end;
    int year = year_number(token_at(reader, year_at));
    if (year) end = year_at + 1;
    if (!last) {
        add_day(reader, end, month, day, year);
        if (year) add_day(reader, after, month, day, 0);
        return;
    }
    Day first = DAY_NONE, second = DAY_NONE;
    if (!day_in_month(reader, month, day, year, &first) || !day_in_month(reader, month, last, year, &second) ||
        second < first) {
        add_refusal(reader, end, "OUT_OF_RANGE", "no_such_day");
        return;
    }
    add_period(reader, end, first, second + 1);
}

static void add_month(Reader *reader, size_t to, int month, int year) {
    Day start = month_start(reader, month, year);
    add_period(reader, to, start, date_month(start, 1));
}

/* Periods that start with a month's name. */
static void read_month(Reader *reader, size_t at) {
    int month = month_named(token_at(reader, at));
    if (!month) return;
    add_month(reader, at + 1, month, 0);
    size_t year_at = at + 1;
    if (word_is(reader, year_at, "of") || word_is(reader, year_at, ",")) year_at++;
    int year = year_number(token_at(reader, year_at));
    if (year) add_month(reader, year_at + 1, month, year);
    read_month_day(reader, month, at + 1);
}

/* "10 November 2018", "10th of November", "1-15 September". */
static void read_day_month(Reader *reader, size_t at) {
    int day = day_number(token_at(reader, at)), last = 0;
    if (!day) return;
    size_t month_at = at + 1;
    if (word_is(reader, month_at, "-") && day_number(token_at(reader, month_at + 1))) {
        last = day_number(token_at(reader, month_at + 1));
        month_at += 2;
    }
    if (word_is(reader, month_at, "of")) month_at++;
    int month = month_named(token_at(reader, month_at));
    if (!month) return;
    int year = year_number(token_at(reader, month_at + 1));
    size_t to = month_at + (year ? 2 : 1);
    if (!last) {
        add_day(reader, to, month, day, year);
        return;
    }
    Day first = DAY_NONE, second = DAY_NONE;
    if (day_in_month(reader, month, day, year, &first) && day_in_month(reader, month, last, year, &second) && second >= first)
        add_period(reader, to, first, second + 1);
    else
        add_refusal(reader, to, "OUT_OF_RANGE", "no_such_day");
}

/* ISO dates, "2018-11", "11/2018", "2018". */
static void read_digits(Reader *reader, size_t at) {
    const Token *token = token_at(reader, at);
    if (token->kind == TOKEN_DATE) {
        Day day = DAY_NONE;
        if (date_parse(token->norm, &day))
            add_period(reader, at + 1, day, day + 1);
        else
            add_refusal(reader, at + 1, "OUT_OF_RANGE", "no_such_day");
        return;
    }
    int year = year_number(token);
    bool joined = word_is(reader, at + 1, "-") || word_is(reader, at + 1, "/");
    int other = joined ? day_number(token_at(reader, at + 2)) : 0;
    if (year && other && strlen(token_at(reader, at + 2)->text) == 2) {
        if (other <= 12)
            add_month(reader, at + 3, other, year);
        else
            add_refusal(reader, at + 3, "OUT_OF_RANGE", "no_such_day");
        return;
    }
    if (!year && joined && word_is(reader, at + 1, "/") && year_number(token_at(reader, at + 2)) && day_number(token)) {
        if (day_number(token) <= 12) add_month(reader, at + 3, day_number(token), year_number(token_at(reader, at + 2)));
        return;
    }
    if (year) {
        Day start = month_start(reader, 1, year);
        add_period(reader, at + 1, start, date_year(start, 1));
    }
}

/* --- "last", "this", "previous" and their units --- */

static bool is_whole_word(const Reader *reader, size_t at) {
    static const char *const WHOLE[] = {"complete", "full", "whole", "calendar", "closed", "entire", "completed", "finished"};
    return WORD_IN(reader, at, WHOLE);
}

/* `count` complete units before the current one; days end with today. */
static void add_last(Reader *reader, size_t to, Grain unit, int count, bool complete) {
    Day today = reader->context->as_of;
    if (count < 1 || count > 1000) {
        add_refusal(reader, to, "OUT_OF_RANGE", "too_long");
        return;
    }
    if (unit == GRAIN_DAY) {
        Day end = complete ? today : today + 1;
        add_period(reader, to, end - count, end);
        return;
    }
    PeriodReading *reading = add_period(reader, to, unit_start(today, unit, -count), unit_start(today, unit, 0));
    if (!reading || count < 2) return;
    reading->frame.ranged = true; /* "changed over the last 3 months": the last of them against the first */
    reading->frame.first = (PlanTime){.start = unit_start(today, unit, -count), .end = unit_start(today, unit, 1 - count)};
    reading->frame.second = (PlanTime){.start = unit_start(today, unit, -1), .end = unit_start(today, unit, 0)};
}

/* "last month", "past 3 months", "previous week", "last complete month", "trailing 12 months". */
static void read_last(Reader *reader, size_t at) {
    static const char *const LAST[] = {"last", "past", "previous", "prior", "preceding", "trailing", "latest", "recent"};
    static const char *const BEFORE[] = {"previous", "prior", "preceding"};
    static const char *const MOST[] = {"most"};
    if (WORD_IN(reader, at, MOST) && word_is(reader, at + 1, "recent")) at++;
    if (!WORD_IN(reader, at, LAST)) return;
    bool before = WORD_IN(reader, at, BEFORE), trailing = word_is(reader, at, "trailing") || word_is(reader, at, "past");
    size_t next = at + 1;
    bool whole = is_whole_word(reader, next);
    if (whole) next++;
    int count = number_word(token_at(reader, next));
    if (count >= 0) next++;
    if (is_whole_word(reader, next)) {
        whole = true;
        next++;
    }
    Grain unit = unit_named(token_at(reader, next));
    if (unit == GRAIN_NONE) return;
    if (count < 0 && unit == GRAIN_YEAR && trailing) {
        add_last(reader, next + 1, GRAIN_MONTH, 12, true);
        return;
    }
    if (count < 0 && unit == GRAIN_DAY) {
        add_period(reader, next + 1, reader->context->as_of - 1, reader->context->as_of);
        return;
    }
    if (word_is(reader, next + 1, "of") || word_is(reader, next + 1, "in")) {
        /* "the last week of November" is not last week. */
        if (month_named(token_at(reader, next + 2)) || unit_named(token_at(reader, next + 3)) != GRAIN_NONE) return;
    }
    add_last(reader, next + 1, unit, count < 0 ? 1 : count, whole);
    if (before && count < 0 && reader->count > 0) {
        reader->readings[reader->count - 1].frame.relative = RELATIVE_BEFORE;
        reader->readings[reader->count - 1].frame.relative_unit = unit;
    }
}

/* "for the year", "of the month": the running one. */
static void read_the_unit(Reader *reader, size_t at) {
    static const char *const FOR[] = {"for", "of"};
    Grain unit = unit_named(token_at(reader, at + 2));
    if (!WORD_IN(reader, at, FOR) || !word_is(reader, at + 1, "the") || unit == GRAIN_NONE || unit == GRAIN_DAY) return;
    static const char *const MORE[] = {"of", "before", "after", "to", "ending", "starting", "in", "earlier"};
    if (WORD_IN(reader, at + 3, MORE) || unit_named(token_at(reader, at + 3)) != GRAIN_NONE) return;
    Day today = reader->context->as_of;
    PeriodReading *reading = add_period(reader, at + 3, unit_start(today, unit, 0), today + 1);
    if (reading) reading->frame.time.partial = unit_start(today, unit, 1) > today + 1;
}

static size_t skip_so_far(const Reader *reader, size_t at) {
    if (word_is(reader, at, "so") && word_is(reader, at + 1, "far")) return at + 2;
    if (word_is(reader, at, "to") && (word_is(reader, at + 1, "date") || word_is(reader, at + 1, "now"))) return at + 2;
    return at;
}

static void add_current(Reader *reader, size_t to, Grain unit) {
    Day today = reader->context->as_of, start = unit_start(today, unit, 0), end = unit_start(today, unit, 1);
    PeriodReading *reading = add_period(reader, to, start, today + 1);
    if (reading) reading->frame.time.partial = end > today + 1;
}

/* "this month", "current quarter", "so far this month", "this month to date", "month to date", "mtd". */
static void read_current(Reader *reader, size_t at) {
    static const char *const THIS[] = {"this", "current"};
    static const struct {
        const char *word;
        Grain unit;
    } SHORT[] = {{"mtd", GRAIN_MONTH}, {"ytd", GRAIN_YEAR}, {"qtd", GRAIN_QUARTER}, {"wtd", GRAIN_WEEK}};
    for (size_t i = 0; i < 4; i++)
        if (word_is(reader, at, SHORT[i].word)) add_current(reader, at + 1, SHORT[i].unit);
    size_t next = skip_so_far(reader, at);
    if (next > at && word_is(reader, next, "in")) next++;
    if (WORD_IN(reader, next, THIS)) {
        if (word_is(reader, next + 1, "current")) next++;
        Grain unit = unit_named(token_at(reader, next + 1));
        if (unit == GRAIN_NONE) return;
        size_t end = skip_so_far(reader, next + 2);
        add_current(reader, end, unit);
        return;
    }
    Grain unit = unit_named(token_at(reader, at));
    if (unit != GRAIN_NONE && word_is(reader, at + 1, "to") && word_is(reader, at + 2, "date"))
        add_current(reader, at + 3, unit);
}

/* "the week before", "a year ago", "the same days of last month", "3 days ago", "the same month last year". */
static void read_relative(Reader *reader, size_t at) {
    static const char *const AFTER[] = {"before", "earlier", "prior"};
    static const char *const SAME[] = {"days", "period", "time", "point", "dates", "number"};
    size_t next = word_is(reader, at, "the") || word_is(reader, at, "one") || word_is(reader, at, "a") ? at + 1 : at;
    if (word_is(reader, next, "same")) {
        size_t unit_at = next + 1;
        if (!WORD_IN(reader, unit_at, SAME) && unit_named(token_at(reader, unit_at)) == GRAIN_NONE) return;
        size_t of = unit_at + 1;
        while (word_is(reader, of, "of") || word_is(reader, of, "in") || word_is(reader, of, "the") ||
               word_is(reader, of, "from") || word_is(reader, of, "days"))
            of++;
        bool yearly = word_is(reader, of, "last") && word_is(reader, of + 1, "year");
        if (yearly || (word_is(reader, of, "a") && word_is(reader, of + 1, "year") && word_is(reader, of + 2, "ago"))) {
            PeriodReading *reading = add_reading(reader, of + (yearly ? 2 : 3));
            if (!reading) return;
            reading->frame.has_time = true;
            reading->frame.relative = RELATIVE_YEAR_AGO;
            reading->frame.time.words = words_between(reader, reading->to);
            return;
        }
        size_t before = reader->count;
        read_last(reader, of);
        for (size_t i = before; i < reader->count; i++) {
            reader->readings[i].frame.flags |= FLAG_ELAPSED;
            reader->readings[i].frame.relative = RELATIVE_NONE;
        }
        return;
    }
    Grain unit = unit_named(token_at(reader, next));
    if (unit != GRAIN_NONE && next > at && WORD_IN(reader, next + 1, AFTER)) {
        Day today = reader->context->as_of;
        PeriodReading *reading = add_period(reader, next + 2, unit_start(today, unit, -1), unit_start(today, unit, 0));
        if (reading) reading->frame.relative = unit == GRAIN_YEAR ? RELATIVE_YEAR_AGO : RELATIVE_BEFORE;
        if (reading) reading->frame.relative_unit = unit;
        return;
    }
    int count = word_is(reader, at, "a") || word_is(reader, at, "one") ? 1 : number_word(token_at(reader, at));
    unit = unit_named(token_at(reader, at + 1));
    if (count >= 1 && unit != GRAIN_NONE && word_is(reader, at + 2, "ago")) {
        Day start = unit_start(reader->context->as_of, unit, -count);
        add_period(reader, at + 3, start, unit_start(start, unit, 1));
    }
}

/* --- quarters, halves, weeks, named days --- */

static void add_part_of_year(Reader *reader, size_t to, int first_month, int months, int year) {
    Day start = month_start(reader, first_month, year);
    add_period(reader, to, start, date_month(start, months));
}

static void read_quarter(Reader *reader, size_t at) {
    static const char *const ORDER[] = {"first", "second", "third", "fourth"};
    const Token *token = token_at(reader, at);
    int quarter = 0, half = 0, year = 0;
    size_t next = at + 1;
    const char *word = token->kind == TOKEN_WORD ? token->norm : "";
    size_t size = strlen(word);
    if (size == 2 && word[0] == 'q' && word[1] >= '0' && word[1] <= '9') quarter = word[1] - '0' == 0 ? 9 : word[1] - '0';
    if (size == 2 && word[0] == 'h' && (word[1] == '1' || word[1] == '2')) half = word[1] - '0';
    for (int i = 0; i < 4; i++) {
        if (!text_equal(word, ORDER[i])) continue;
        if (word_is(reader, at + 1, "quarter")) quarter = i + 1;
        if (word_is(reader, at + 1, "half") && i < 2 &&
            (word_is(reader, at + 2, "of") ? year_number(token_at(reader, at + 3)) : 0))
            half = i + 1;
        if (quarter || half) next = at + 2;
    }
    if (!quarter && !half) return;
    if (quarter > 4) {
        add_refusal(reader, next, "OUT_OF_RANGE", "no_such_quarter");
        return;
    }
    size_t year_at = word_is(reader, next, "of") ? next + 1 : next;
    year = year_number(token_at(reader, year_at));
    int first = quarter ? quarter * 3 - 2 : half * 6 - 5, months = quarter ? 3 : 6;
    if (year) add_part_of_year(reader, year_at + 1, first, months, year);
    add_part_of_year(reader, next, first, months, 0);
}

/* "2026 Q3" and "2026Q3" are read where the year stands. */
static void read_year_quarter(Reader *reader, size_t at) {
    const Token *token = token_at(reader, at), *next = token_at(reader, at + 1);
    int year = year_number(token);
    if (year && next && next->kind == TOKEN_WORD && strlen(next->norm) == 2 && next->norm[0] == 'q' && next->norm[1] >= '1' &&
        next->norm[1] <= '4')
        add_part_of_year(reader, at + 2, (next->norm[1] - '0') * 3 - 2, 3, year);
}

/* "the month of July". */
static void read_month_of(Reader *reader, size_t at) {
    if (!word_is(reader, at, "month") || !word_is(reader, at + 1, "of")) return;
    read_month(reader, at + 2);
}

static void read_named_day(Reader *reader, size_t at) {
    Day today = reader->context->as_of;
    if (word_is(reader, at, "today")) add_period(reader, at + 1, today, today + 1);
    if (word_is(reader, at, "yesterday")) add_period(reader, at + 1, today - 1, today);
    if (word_is(reader, at, "day") && word_is(reader, at + 1, "before") && word_is(reader, at + 2, "yesterday"))
        add_period(reader, at + 3, today - 2, today - 1);
    if (word_is(reader, at, "next") &&
        unit_named(token_at(reader, at + 1 + (number_word(token_at(reader, at + 1)) >= 0))) != GRAIN_NONE)
        add_refusal(reader, at + 2 + (number_word(token_at(reader, at + 1)) >= 0), "NO_SUCH_DATA", "future");
    if (word_is(reader, at, "tomorrow")) add_refusal(reader, at + 1, "NO_SUCH_DATA", "future");
}

/* "week of 3 March", "the week starting 2026-09-07". */
static void read_week_of(Reader *reader, size_t at) {
    static const char *const OF[] = {"of", "starting", "beginning", "containing", "commencing"};
    if (!word_is(reader, at, "week") || !WORD_IN(reader, at + 1, OF)) return;
    PeriodReading inner[8];
    Reader within = {.context = reader->context, .tokens = reader->tokens, .from = at + 2, .readings = inner, .room = 8};
    const Token *token = token_at(reader, at + 2);
    if (!token) return;
    read_month(&within, at + 2);
    read_day_month(&within, at + 2);
    if (token->kind == TOKEN_DATE) read_digits(&within, at + 2);
    for (size_t i = 0; i < within.count; i++) {
        PlanTime time = inner[i].frame.time;
        if (inner[i].frame.has_time && time.end - time.start == 1)
            add_period(reader, inner[i].to, date_week(time.start, 0), date_week(time.start, 1));
    }
}

size_t period_read(const FrameContext *context, const Tokens *tokens, size_t at, PeriodReading *readings, size_t room) {
    if (context->as_of == DAY_NONE) return 0;
    Reader reader = {.context = context, .tokens = tokens, .from = at, .readings = readings, .room = room};
    const Token *token = token_at(&reader, at);
    if (!token) return 0;
    if (token->kind == TOKEN_NUMBER || token->kind == TOKEN_DATE) {
        read_digits(&reader, at);
        read_day_month(&reader, at);
        read_year_quarter(&reader, at);
    }
    read_month(&reader, at);
    read_month_of(&reader, at);
    read_last(&reader, at);
    read_current(&reader, at);
    read_the_unit(&reader, at);
    read_relative(&reader, at);
    read_quarter(&reader, at);
    read_named_day(&reader, at);
    read_week_of(&reader, at);
    return reader.count;
}
