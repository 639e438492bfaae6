/* question/period_words.c: the vocabulary of periods, see question/period_reader.h. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "question/period_reader.h"

const Token *reader_token(const Reader *reader, size_t at) {
    return at < reader->tokens->count ? &reader->tokens->items[at] : NULL;
}

bool reader_is(const Reader *reader, size_t at, const char *word) {
    const Token *token = reader_token(reader, at);
    return token && (token->kind == TOKEN_WORD || token->kind == TOKEN_MARK) && text_equal(token->norm, word);
}

bool reader_in(const Reader *reader, size_t at, const char *const *words, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (reader_is(reader, at, words[i])) return true;
    return false;
}

const char *reader_words(const Reader *reader, size_t to) {
    Buffer out = {.arena = reader->context->arena};
    for (size_t i = reader->from; i < to; i++) {
        if (i > reader->from && reader->tokens->items[i].kind != TOKEN_MARK) buffer_add_char(&out, ' ');
        buffer_add(&out, reader->tokens->items[i].text);
    }
    return buffer_text(&out);
}

PeriodReading *reader_add(Reader *reader, size_t to) {
    if (reader->count >= reader->room) return NULL;
    PeriodReading *reading = &reader->readings[reader->count++];
    *reading = (PeriodReading){.from = reader->from, .to = to};
    return reading;
}

PeriodReading *reader_add_period(Reader *reader, size_t to, Day start, Day end) {
    PeriodReading *reading = reader_add(reader, to);
    if (!reading) return NULL;
    Day today = reader->context->as_of;
    reading->frame.has_time = true;
    reading->frame.time =
        (PlanTime){.start = start, .end = end, .partial = start <= today && end > today + 1, .words = reader_words(reader, to)};
    return reading;
}

void reader_refuse(Reader *reader, size_t to, const char *code, const char *topic) {
    PeriodReading *reading = reader_add(reader, to);
    if (reading) reading->frame.refusal = (Refusal){.code = code, .topic = topic, .subject = reader_words(reader, to)};
}

int reader_month(const Token *token) {
    static const char *const SHORT[] = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
    static const char *const FULL[] = {"january", "february", "march",     "april",   "may",      "june",
                                       "july",    "august",   "september", "october", "november", "december"};
    if (!token || token->kind != TOKEN_WORD) return 0;
    const char *word = token->norm;
    size_t size = strlen(word);
    for (int month = 1; month <= 12; month++) {
        if (text_equal(word, FULL[month - 1]) || text_equal(word, SHORT[month - 1])) return month;
        /* A slip of the fingers in a long name: "febuary", "setember". Short names are too close to other words. */
        if (size >= 5 && month != 3 && word[0] == *FULL[month - 1] && strlen(FULL[month - 1]) >= 6 &&
            text_distance(word, FULL[month - 1], 2) == 1)
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

int reader_number(const Token *token) {
    if (!token || token->ordinal) return -1;
    if (token->kind == TOKEN_WORD) return period_number_word(token->norm);
    if (token->kind != TOKEN_NUMBER || strchr(token->norm, '.')) return -1;
    return strlen(token->norm) < 6 ? atoi(token->norm) : 99999; /* beyond any period */
}

Grain reader_unit(const Token *token) {
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

Day reader_unit_start(Day day, Grain unit, int offset) {
    switch (unit) {
    case GRAIN_WEEK: return date_week(day, offset);
    case GRAIN_MONTH: return date_month(day, offset);
    case GRAIN_QUARTER: return date_quarter(day, offset);
    case GRAIN_YEAR: return date_year(day, offset);
    default: return day + offset;
    }
}

int reader_year(const Token *token) {
    if (!token || token->kind != TOKEN_NUMBER || token->ordinal || strlen(token->text) != 4) return 0;
    int year = atoi(token->norm);
    return year >= 1990 && year < 2100 ? year : 0;
}

int reader_day(const Token *token) {
    if (!token || token->kind != TOKEN_NUMBER || strlen(token->norm) > 2 || strchr(token->norm, '.')) return 0;
    int day = atoi(token->norm);
    return day >= 1 && day <= 31 ? day : 0;
}

/* The latest day by which a period said without its year must have started. */
Day reader_latest(const Reader *reader) {
    const FrameContext *context = reader->context;
    return context->as_of > context->catalog->last_day ? context->as_of
           : context->catalog->last_day != DAY_NONE    ? context->catalog->last_day
                                                       : context->as_of;
}

/* The first day of month `month`, of `year`, or of the latest year in which it has begun. */
Day reader_month_start(const Reader *reader, int month, int year) {
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
