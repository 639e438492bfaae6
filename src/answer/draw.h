/* answer/draw.h: charts made of characters (inside the room only). Numbers are doubles here: they only become lengths. */
#ifndef CURLEW_ANSWER_DRAW_H
#define CURLEW_ANSWER_DRAW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/text.h"

/* A horizontal bar for `value` in `width` columns; `low` and `high` are the extremes of all bars. Negative bars grow to the left
 * of an axis that all bars of a chart share. */
char *draw_bar(Arena *arena, double value, double low, double high, size_t width);

/* One character per value, ▁ to █, from the lowest (or zero) to the highest. More values than `width` are averaged. */
char *draw_spark(Arena *arena, const double *values, size_t count, size_t width);

/* A line through the values, `width` characters of Braille dots wide, eight lines high. `high` and `low` are the displays of the
 * extremes and label the axis; with more values than dots a column shows the range of the values that share it. */
void draw_line(Buffer *out, const double *values, size_t count, size_t width, const char *high, const char *low);

#endif
