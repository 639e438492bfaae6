/* question/period_reader.h: the words of periods, as period_read.c and period_dates.c look at them. Inside the room only. */
#ifndef CURLEW_QUESTION_PERIOD_READER_H
#define CURLEW_QUESTION_PERIOD_READER_H

#include "question/period.h"

typedef struct {
    const FrameContext *context;
    const Tokens *tokens;
    size_t from; /* where the reading starts */
    PeriodReading *readings;
    size_t room, count;
} Reader;

/* The token at `at`, NULL past the end. */
const Token *reader_token(const Reader *reader, size_t at);
bool reader_is(const Reader *reader, size_t at, const char *word);
bool reader_in(const Reader *reader, size_t at, const char *const *words, size_t count);
#define READER_IN(reader, at, list) reader_in(reader, at, list, sizeof(list) / sizeof *(list))

/* The words of [reader->from, to) as written. */
const char *reader_words(const Reader *reader, size_t to);

/* A new reading over [reader->from, to); NULL when there is no room. */
PeriodReading *reader_add(Reader *reader, size_t to);
PeriodReading *reader_add_period(Reader *reader, size_t to, Day start, Day end);
void reader_refuse(Reader *reader, size_t to, const char *code, const char *topic);

/* What a token stands for: 1 to 12, a number (-1), a unit (GRAIN_NONE), a year (0), a day of the month (0). */
int reader_month(const Token *token);
int reader_number(const Token *token);
Grain reader_unit(const Token *token);
int reader_year(const Token *token);
int reader_day(const Token *token);

/* The first day of the unit that holds `day`, moved by `offset` units. */
Day reader_unit_start(Day day, Grain unit, int offset);
/* The latest day by which a period said without its year must have started. */
Day reader_latest(const Reader *reader);
/* The first day of a month, of `year`, or (0) of the latest year in which it has begun. */
Day reader_month_start(const Reader *reader, int month, int year);

/* Readings that start at `at`: with a month's name, with a day of a month, with digits. */
void reader_read_month(Reader *reader, size_t at);
void reader_read_day_month(Reader *reader, size_t at);
void reader_read_digits(Reader *reader, size_t at);

/* "next month", "rest of the year", "by the end of the quarter": periods that have not ended (period_ahead.c). */
void reader_read_ahead(Reader *reader, size_t at);
/* Of period_parts.c. */
void reader_read_part(Reader *reader, size_t at);
void reader_read_weekday(Reader *reader, size_t at);

#endif
