/* answer/display.h: how numbers, names and days look wherever an answer is read (inside the room only). */
#ifndef CURLEW_ANSWER_DISPLAY_H
#define CURLEW_ANSWER_DISPLAY_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/date.h"
#include "base/table.h"
#include "question/plan.h"

/* Whether `unit` is an ISO 4217 code of tables/currencies.tsv. */
bool display_is_money(const char *unit);

/* answer_display() with a choice: `sign` writes a plus before what is above zero (changes); `bare` leaves the name of a
 * quantity's unit away, for columns whose head names it. Text that is no number is given back made printable. */
typedef struct {
    bool sign;
    bool bare;
} DisplayForm;
char *display_number(Arena *arena, const char *value, const char *unit, DisplayForm form);

/* The text shortened in the middle (names, ids) to `width` terminal columns. */
char *display_shorten(Arena *arena, const char *text, size_t width);
/* The text cut at its end. */
char *display_cut(Arena *arena, const char *text, size_t width);

/* A value of the data as a name for people: printable, never empty. NULL and "" become "(untagged)" for tags, "(none)" for
 * other columns; a value that reads exactly like one of these is put in quotes, so that the two stay apart. */
char *display_name(Arena *arena, const char *value, bool is_tag);

/* A bucket's first day as people say it: "2026-09-01", "September 2026", "Q3 2026", "2026", "week of 2026-09-07". `start` is
 * text that begins with an ISO date; anything else is given back printable. */
char *display_bucket(Arena *arena, const char *start, Grain grain);

/* A half-open period: "September 2026", "Q3 2026", "2026-09-03", "2026-09-01 to 2026-09-12" (last day included). */
char *display_period(Arena *arena, Day start, Day end);

#endif
