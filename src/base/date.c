#include "base/date.h"

#include <ctype.h>

/* Algorithms of Howard Hinnant's "chrono-compatible low-level date algorithms", on proleptic Gregorian years. */
static Day days_from_civil(int year, int month, int day) {
    long y = year - (month <= 2);
    long era = (y >= 0 ? y : y - 399) / 400;
    long year_of_era = y - era * 400;
    long day_of_year = (153L * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    long day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

CalendarDate date_calendar(Day day) {
    long z = day + 719468;
    long era = (z >= 0 ? z : z - 146096) / 146097;
    long day_of_era = z - era * 146097;
    long year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    long day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    long shifted_month = (5 * day_of_year + 2) / 153;
    int month = (int)(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
    return (CalendarDate){(int)(year_of_era + era * 400 + (month <= 2)), month,
                          (int)(day_of_year - (153 * shifted_month + 2) / 5 + 1)};
}

bool date_from(CalendarDate date, Day *out) {
    if (date.year < 1 || date.year > 9999 || date.month < 1 || date.month > 12 || date.day < 1 || date.day > 31) return false;
    Day day = days_from_civil(date.year, date.month, date.day);
    if (date_calendar(day).day != date.day) return false;
    *out = day;
    return true;
}

static int digits_value(const char *text, int count) {
    int value = 0;
    for (int i = 0; i < count; i++) value = value * 10 + (text[i] - '0');
    return value;
}

bool date_parse(const char *text, Day *out) {
    static const char shape[] = "dddd-dd-dd";
    for (int i = 0; shape[i]; i++)
        if (shape[i] == 'd' ? !isdigit((unsigned char)text[i]) : text[i] != shape[i]) return false;
    int year = digits_value(text, 4), month = digits_value(text + 5, 2), day = digits_value(text + 8, 2);
    return date_from((CalendarDate){year, month, day}, out);
}

char *date_text(Arena *arena, Day day) {
    CalendarDate date = date_calendar(day);
    return arena_printf(arena, "%04d-%02d-%02d", date.year, date.month, date.day);
}

int date_weekday(Day day) {
    return (int)(((day + 3) % 7 + 7) % 7);
}

/* First day of the month that lies `months` after January of year 0. */
static Day month_start(long months) {
    long year = months >= 0 ? months / 12 : (months - 11) / 12;
    return days_from_civil((int)year, (int)(months - year * 12) + 1, 1);
}

Day date_month(Day day, int offset) {
    CalendarDate date = date_calendar(day);
    return month_start(date.year * 12L + date.month - 1 + offset);
}

Day date_quarter(Day day, int offset) {
    CalendarDate date = date_calendar(day);
    return month_start(date.year * 12L + (date.month - 1) / 3 * 3 + offset * 3L);
}

Day date_year(Day day, int offset) {
    return days_from_civil(date_calendar(day).year + offset, 1, 1);
}

Day date_week(Day day, int offset) {
    return day - date_weekday(day) + offset * 7L;
}

const char *date_month_name(int month) {
    static const char *const names[] = {"January", "February", "March",     "April",   "May",      "June",
                                        "July",    "August",   "September", "October", "November", "December"};
    return names[month - 1];
}
