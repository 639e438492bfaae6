/* question/period_ahead.c: periods that have not ended, see question/period.h. Only forecasts are about them. */
#include "question/period_reader.h"

static void add_ahead(Reader *reader, size_t to, Day start, Day end) {
    PeriodReading *reading = reader_add_period(reader, to, start, end);
    if (!reading) return;
    reading->frame.flags |= FLAG_AHEAD;
    reading->frame.time.partial = true;
}

/* "next month", "the next 3 months", "coming quarter": whole units after the running one; days begin with tomorrow. */
static void read_next(Reader *reader, size_t at) {
    static const char *const NEXT[] = {"next", "coming", "following", "upcoming"};
    if (!READER_IN(reader, at, NEXT)) return;
    const int named = reader_number(reader_token(reader, at + 1));
    const size_t unit_at = at + 1 + (named >= 0);
    const Grain unit = reader_unit(reader_token(reader, unit_at));
    const int count = named < 0 ? 1 : named;
    const Day today = reader->context->as_of;
    if (unit == GRAIN_NONE || unit == GRAIN_HOUR || (!reader_is(reader, at, "next") && named < 0 && unit == GRAIN_DAY)) return;
    if (count < 1 || count > 1000)
        reader_refuse(reader, unit_at + 1, "OUT_OF_RANGE", "too_long");
    else if (unit == GRAIN_DAY)
        add_ahead(reader, unit_at + 1, today + 1, today + 1 + count);
    else
        add_ahead(reader, unit_at + 1, reader_unit_start(today, unit, 1), reader_unit_start(today, unit, 1 + count));
}

/* "rest of the month", "remainder of this year", "by the end of the quarter", "by month end", "year-end": the running unit as a
 * whole, of which the days that are over are known. */
static void read_end(Reader *reader, size_t at) {
    static const char *const REST[] = {"rest", "remainder", "balance", "end", "close"},
                             *const THE[] = {"the", "this", "our", "current"}, *const END[] = {"end", "close"},
                             *const BY[] = {"by", "at", "until", "for", "to"};
    const Day today = reader->context->as_of;
    size_t next = at;
    if (READER_IN(reader, next, BY)) next++;
    if (READER_IN(reader, next, THE)) next++;
    Grain unit = reader_unit(reader_token(reader, next));
    if (unit != GRAIN_NONE && READER_IN(reader, next + 1, END)) {
        add_ahead(reader, next + 2, reader_unit_start(today, unit, 0), reader_unit_start(today, unit, 1));
        return;
    }
    if (!READER_IN(reader, next, REST)) return;
    next++;
    if (reader_is(reader, next, "of")) next++;
    if (READER_IN(reader, next, THE)) next++;
    unit = reader_unit(reader_token(reader, next));
    if (unit == GRAIN_NONE || unit == GRAIN_HOUR || unit == GRAIN_DAY) return;
    add_ahead(reader, next + 1, reader_unit_start(today, unit, 0), reader_unit_start(today, unit, 1));
}

void reader_read_ahead(Reader *reader, size_t at) {
    read_next(reader, at);
    read_end(reader, at);
    if (reader_is(reader, at, "tomorrow")) add_ahead(reader, at + 1, reader->context->as_of + 1, reader->context->as_of + 2);
}
