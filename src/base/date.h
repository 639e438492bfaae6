/* base/date.h: calendar days in UTC. All periods are half-open: [start, end). */
#ifndef CURLEW_BASE_DATE_H
#define CURLEW_BASE_DATE_H

#include <stdbool.h>

#include "base/arena.h"

/* Days since 1970-01-01 (proleptic Gregorian). */
typedef long Day;
#define DAY_NONE (-100000000L)

typedef struct {
    int year;
    int month; /* 1 to 12 */
    int day;   /* 1 to 31 */
} CalendarDate;

/* Reads "YYYY-MM-DD" at the start of `text` (anything may follow). False when there is no valid date. */
bool date_parse(const char *text, Day *out);
/* False when the date does not exist (February 30). */
bool date_from(CalendarDate date, Day *out);
CalendarDate date_calendar(Day day);
/* "2026-09-30". */
char *date_text(Arena *arena, Day day);
/* 0 = Monday to 6 = Sunday. */
int date_weekday(Day day);
/* First day of the month, quarter, year or (Monday-first) week that holds `day`, moved by `offset` such units. */
Day date_month(Day day, int offset);
Day date_quarter(Day day, int offset);
Day date_year(Day day, int offset);
Day date_week(Day day, int offset);
/* The English name of month 1 to 12. */
const char *date_month_name(int month);

#endif
