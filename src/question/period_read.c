/* question/period_read.c: periods in words, see question/period.h. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "question/period_reader.h"

/* --- "last", "this", "previous" and their units --- */

static bool is_whole_word(const Reader *reader, size_t at) {
    static const char *const WHOLE[] = {"complete", "full", "whole", "calendar", "closed", "entire", "completed", "finished"};
    return READER_IN(reader, at, WHOLE);
}

/* `count` complete units before the current one; days end with today. */
static void add_last(Reader *reader, size_t to, Grain unit, int count, bool complete) {
    Day today = reader->context->as_of;
    if (count < 1 || count > 1000) {
        reader_refuse(reader, to, "OUT_OF_RANGE", "too_long");
        return;
    }
    if (unit == GRAIN_DAY) {
        Day end = complete ? today : today + 1;
        reader_add_period(reader, to, end - count, end);
        return;
    }
    PeriodReading *reading =
        reader_add_period(reader, to, reader_unit_start(today, unit, -count), reader_unit_start(today, unit, 0));
    if (!reading || count < 2) return;
    reading->frame.ranged = true; /* "changed over the last 3 months": the last of them against the first */
    reading->frame.first =
        (PlanTime){.start = reader_unit_start(today, unit, -count), .end = reader_unit_start(today, unit, 1 - count)};
    reading->frame.second = (PlanTime){.start = reader_unit_start(today, unit, -1), .end = reader_unit_start(today, unit, 0)};
}

/* "last month", "past 3 months", "previous week", "last complete month", "trailing 12 months". */
static void read_last(Reader *reader, size_t at) {
    static const char *const LAST[] = {"last", "past", "previous", "prior", "preceding", "trailing", "latest", "recent"};
    static const char *const BEFORE[] = {"previous", "prior", "preceding"};
    static const char *const MOST[] = {"most"};
    if (READER_IN(reader, at, MOST) && reader_is(reader, at + 1, "recent")) at++;
    if (!READER_IN(reader, at, LAST)) return;
    bool before = READER_IN(reader, at, BEFORE), trailing = reader_is(reader, at, "trailing") || reader_is(reader, at, "past");
    size_t next = at + 1;
    bool whole = is_whole_word(reader, next);
    if (whole) next++;
    int count = reader_number(reader_token(reader, next));
    if (count >= 0) next++;
    if (is_whole_word(reader, next)) {
        whole = true;
        next++;
    }
    Grain unit = reader_unit(reader_token(reader, next));
    if (unit == GRAIN_NONE) return;
    if (count < 0 && unit == GRAIN_YEAR && trailing) {
        add_last(reader, next + 1, GRAIN_MONTH, 12, true);
        return;
    }
    if (count < 0 && unit == GRAIN_DAY) {
        reader_add_period(reader, next + 1, reader->context->as_of - 1, reader->context->as_of);
        return;
    }
    if (reader_is(reader, next + 1, "of") || reader_is(reader, next + 1, "in")) {
        /* "the last week of November" is not last week. */
        if (reader_month(reader_token(reader, next + 2)) || reader_unit(reader_token(reader, next + 3)) != GRAIN_NONE) return;
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
    Grain unit = reader_unit(reader_token(reader, at + 2));
    const Token *before = at > 0 ? reader_token(reader, at - 1) : NULL;
    if (reader_unit(before) != GRAIN_NONE) return; /* "day of the week" */
    if (!READER_IN(reader, at, FOR) || !reader_is(reader, at + 1, "the") || unit == GRAIN_NONE || unit == GRAIN_DAY) return;
    static const char *const MORE[] = {"of", "before", "after", "to", "ending", "starting", "in", "earlier"};
    if (READER_IN(reader, at + 3, MORE) || reader_unit(reader_token(reader, at + 3)) != GRAIN_NONE) return;
    Day today = reader->context->as_of;
    PeriodReading *reading = reader_add_period(reader, at + 3, reader_unit_start(today, unit, 0), today + 1);
    if (reading) reading->frame.time.partial = reader_unit_start(today, unit, 1) > today + 1;
}

static size_t skip_so_far(const Reader *reader, size_t at) {
    if (reader_is(reader, at, "so") && reader_is(reader, at + 1, "far")) return at + 2;
    if (reader_is(reader, at, "to") && (reader_is(reader, at + 1, "date") || reader_is(reader, at + 1, "now"))) return at + 2;
    return at;
}

static void add_current(Reader *reader, size_t to, Grain unit) {
    Day today = reader->context->as_of, start = reader_unit_start(today, unit, 0), end = reader_unit_start(today, unit, 1);
    PeriodReading *reading = reader_add_period(reader, to, start, today + 1);
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
        if (reader_is(reader, at, SHORT[i].word)) add_current(reader, at + 1, SHORT[i].unit);
    size_t next = skip_so_far(reader, at);
    if (next > at && reader_is(reader, next, "in")) next++;
    if (READER_IN(reader, next, THIS)) {
        if (reader_is(reader, next + 1, "current")) next++;
        Grain unit = reader_unit(reader_token(reader, next + 1));
        if (unit == GRAIN_NONE) return;
        size_t end = skip_so_far(reader, next + 2);
        add_current(reader, end, unit);
        return;
    }
    Grain unit = reader_unit(reader_token(reader, at));
    if (unit != GRAIN_NONE && reader_is(reader, at + 1, "to") && reader_is(reader, at + 2, "date"))
        add_current(reader, at + 3, unit);
}

/* "the week before", "a year ago", "the same days of last month", "3 days ago", "the same month last year". */
static void read_relative(Reader *reader, size_t at) {
    static const char *const AFTER[] = {"before", "earlier", "prior"};
    static const char *const SAME[] = {"days", "period", "time", "point", "dates", "number"};
    size_t next = reader_is(reader, at, "the") || reader_is(reader, at, "one") || reader_is(reader, at, "a") ? at + 1 : at;
    if (reader_is(reader, next, "same")) {
        size_t unit_at = next + 1;
        if (!READER_IN(reader, unit_at, SAME) && reader_unit(reader_token(reader, unit_at)) == GRAIN_NONE) return;
        size_t of = unit_at + 1;
        while (reader_is(reader, of, "of") || reader_is(reader, of, "in") || reader_is(reader, of, "the") ||
               reader_is(reader, of, "from") || reader_is(reader, of, "days"))
            of++;
        bool yearly = reader_is(reader, of, "last") && reader_is(reader, of + 1, "year");
        if (yearly || (reader_is(reader, of, "a") && reader_is(reader, of + 1, "year") && reader_is(reader, of + 2, "ago"))) {
            PeriodReading *reading = reader_add(reader, of + (yearly ? 2 : 3));
            if (!reading) return;
            reading->frame.has_time = true;
            reading->frame.relative = RELATIVE_YEAR_AGO;
            reading->frame.time.words = reader_words(reader, reading->to);
            return;
        }
        size_t before = reader->count;
        read_last(reader, of);
        if (reader_month(reader_token(reader, of))) reader_read_month(reader, of);
        for (size_t i = before; i < reader->count; i++) {
            reader->readings[i].frame.flags |= FLAG_ELAPSED;
            reader->readings[i].frame.relative = RELATIVE_NONE;
        }
        return;
    }
    Grain unit = reader_unit(reader_token(reader, next));
    if (unit != GRAIN_NONE && next > at && READER_IN(reader, next + 1, AFTER)) {
        Day today = reader->context->as_of;
        PeriodReading *reading =
            reader_add_period(reader, next + 2, reader_unit_start(today, unit, -1), reader_unit_start(today, unit, 0));
        if (reading) reading->frame.relative = unit == GRAIN_YEAR ? RELATIVE_YEAR_AGO : RELATIVE_BEFORE;
        if (reading) reading->frame.relative_unit = unit;
        return;
    }
    int count = reader_is(reader, at, "a") || reader_is(reader, at, "one") ? 1 : reader_number(reader_token(reader, at));
    unit = reader_unit(reader_token(reader, at + 1));
    if (count >= 1 && unit != GRAIN_NONE && reader_is(reader, at + 2, "ago")) {
        Day start = reader_unit_start(reader->context->as_of, unit, -count);
        reader_add_period(reader, at + 3, start, reader_unit_start(start, unit, 1));
    }
}

/* --- quarters, halves, weeks, named days --- */

static void add_part_of_year(Reader *reader, size_t to, int first_month, int months, int year) {
    Day start = reader_month_start(reader, first_month, year);
    reader_add_period(reader, to, start, date_month(start, months));
}

static void read_quarter(Reader *reader, size_t at) {
    static const char *const ORDER[] = {"first", "second", "third", "fourth"};
    const Token *token = reader_token(reader, at);
    int quarter = 0, half = 0, year = 0;
    size_t next = at + 1;
    const char *word = token->kind == TOKEN_WORD ? token->norm : "";
    size_t size = strlen(word);
    if (size == 2 && word[0] == 'q' && word[1] >= '0' && word[1] <= '9') quarter = word[1] - '0' == 0 ? 9 : word[1] - '0';
    if (size == 2 && word[0] == 'h' && (word[1] == '1' || word[1] == '2')) half = word[1] - '0';
    for (int i = 0; i < 4; i++) {
        if (!text_equal(word, ORDER[i])) continue;
        if (reader_is(reader, at + 1, "quarter")) quarter = i + 1;
        if (reader_is(reader, at + 1, "half") && i < 2 &&
            (reader_is(reader, at + 2, "of") ? reader_year(reader_token(reader, at + 3)) : 0))
            half = i + 1;
        if (quarter || half) next = at + 2;
    }
    if (!quarter && !half) return;
    if (quarter > 4) {
        reader_refuse(reader, next, "OUT_OF_RANGE", "no_such_quarter");
        return;
    }
    size_t year_at = reader_is(reader, next, "of") ? next + 1 : next;
    year = reader_year(reader_token(reader, year_at));
    int first = quarter ? quarter * 3 - 2 : half * 6 - 5, months = quarter ? 3 : 6;
    if (year) add_part_of_year(reader, year_at + 1, first, months, year);
    add_part_of_year(reader, next, first, months, 0);
}

/* "2026 Q3" and "2026Q3" are read where the year stands. */
static void read_year_quarter(Reader *reader, size_t at) {
    const Token *token = reader_token(reader, at), *next = reader_token(reader, at + 1);
    int year = reader_year(token);
    if (year && next && next->kind == TOKEN_WORD && strlen(next->norm) == 2 && next->norm[0] == 'q' && next->norm[1] >= '1' &&
        next->norm[1] <= '4')
        add_part_of_year(reader, at + 2, (next->norm[1] - '0') * 3 - 2, 3, year);
}

/* "the month of July". */
static void read_month_of(Reader *reader, size_t at) {
    if (!reader_is(reader, at, "month") || !reader_is(reader, at + 1, "of")) return;
    reader_read_month(reader, at + 2);
}

static void read_named_day(Reader *reader, size_t at) {
    Day today = reader->context->as_of;
    if (reader_is(reader, at, "today")) reader_add_period(reader, at + 1, today, today + 1);
    if (reader_is(reader, at, "yesterday")) reader_add_period(reader, at + 1, today - 1, today);
    if (reader_is(reader, at, "day") && reader_is(reader, at + 1, "before") && reader_is(reader, at + 2, "yesterday"))
        reader_add_period(reader, at + 3, today - 2, today - 1);
}

/* "week of 3 March", "the week starting 2026-09-07". */
static void read_week_of(Reader *reader, size_t at) {
    static const char *const OF[] = {"of", "starting", "beginning", "containing", "commencing"};
    if (!reader_is(reader, at, "week") || !READER_IN(reader, at + 1, OF)) return;
    PeriodReading inner[8];
    Reader within = {.context = reader->context, .tokens = reader->tokens, .from = at + 2, .readings = inner, .room = 8};
    const Token *token = reader_token(reader, at + 2);
    if (!token) return;
    reader_read_month(&within, at + 2);
    reader_read_day_month(&within, at + 2);
    if (token->kind == TOKEN_DATE) reader_read_digits(&within, at + 2);
    for (size_t i = 0; i < within.count; i++) {
        PlanTime time = inner[i].frame.time;
        if (inner[i].frame.has_time && time.end - time.start == 1)
            reader_add_period(reader, inner[i].to, date_week(time.start, 0), date_week(time.start, 1));
    }
}

/* "from 15 to 25 August", "between the 1st and the 9th of May": a range of days whose month is said once. */
static void read_days_from(Reader *reader, size_t at) {
    const size_t day_at = reader_is(reader, at + 1, "the") ? at + 2 : at + 1;
    const size_t before = reader->count;
    reader_read_day_month(reader, day_at);
    size_t kept = before;
    for (size_t i = before; i < reader->count; i++) {
        const PeriodReading *reading = &reader->readings[i];
        if (!reading->frame.has_time || reading->frame.time.end - reading->frame.time.start > 1)
            reader->readings[kept++] = *reading;
    }
    reader->count = kept;
}

size_t period_read(const FrameContext *context, const Tokens *tokens, size_t at, PeriodReading *readings, size_t room) {
    if (context->as_of == DAY_NONE) return 0;
    Reader reader = {.context = context, .tokens = tokens, .from = at, .readings = readings, .room = room};
    const Token *token = reader_token(&reader, at);
    if (!token) return 0;
    if (token->kind == TOKEN_NUMBER || token->kind == TOKEN_DATE) {
        reader_read_digits(&reader, at);
        reader_read_day_month(&reader, at);
        read_year_quarter(&reader, at);
    }
    if (reader_is(&reader, at, "from") || reader_is(&reader, at, "between")) read_days_from(&reader, at);
    reader_read_month(&reader, at);
    read_month_of(&reader, at);
    read_last(&reader, at);
    reader_read_ahead(&reader, at);
    read_current(&reader, at);
    read_the_unit(&reader, at);
    read_relative(&reader, at);
    read_quarter(&reader, at);
    read_named_day(&reader, at);
    read_week_of(&reader, at);
    reader_read_part(&reader, at);
    reader_read_weekday(&reader, at);
    return reader.count;
}
