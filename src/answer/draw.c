#include "answer/draw.h"

#include <string.h>

enum {
    EIGHTHS = 8,
    PLOT_LINES = 8, /* height of a line chart: enough to see shape, small enough to scroll by */
    DOTS_ACROSS = 2,
    DOTS_DOWN = 4, /* of one Braille character */
    BRAILLE = 0x2800
};

static const char *const eighth_blocks[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"};
static const char *const level_blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

static void repeat(Buffer *out, const char *text, size_t count) {
    while (count--) buffer_add(out, text);
}

static double clamp(double value, double low, double high) {
    return value < low ? low : value > high ? high : value;
}

static size_t rounded(double value) {
    return value > 0 ? (size_t)(value + 0.5) : 0;
}

char *draw_bar(Arena *arena, double value, double low, double high, size_t width) {
    Buffer out = {.arena = arena};
    double bottom = low < 0 ? low : 0, top = high > 0 ? high : 0;
    double range = top - bottom;
    if (range <= 0 || width < 2) return arena_text(arena, "");
    size_t left = rounded(-bottom / range * (double)width);
    if (bottom < 0 && left == 0) left = 1;
    if (top > 0 && left == width) left = width - 1;
    if (value < 0) {
        size_t size = rounded(clamp(value / bottom, 0, 1) * (double)left);
        repeat(&out, " ", left - size);
        repeat(&out, "█", size);
        return arena_text(arena, buffer_text(&out));
    }
    repeat(&out, " ", left);
    size_t eighths = top > 0 ? rounded(clamp(value / top, 0, 1) * (double)((width - left) * EIGHTHS)) : 0;
    if (eighths == 0 && value > 0) eighths = 1;
    repeat(&out, "█", eighths / EIGHTHS);
    buffer_add(&out, eighth_blocks[eighths % EIGHTHS]);
    return arena_text(arena, buffer_text(&out));
}

/* `count` values averaged down to `slots`. */
static double *condensed(Arena *arena, const double *values, size_t count, size_t slots) {
    double *result = arena_array(arena, slots, sizeof *result);
    for (size_t i = 0; i < slots; i++) {
        size_t from = i * count / slots, to = (i + 1) * count / slots;
        if (to == from) to = from + 1;
        for (size_t j = from; j < to; j++) result[i] += values[j] / (double)(to - from);
    }
    return result;
}

static void extremes(const double *values, size_t count, double *low, double *high) {
    *low = *high = values[0];
    for (size_t i = 1; i < count; i++) {
        if (values[i] < *low) *low = values[i];
        if (values[i] > *high) *high = values[i];
    }
}

char *draw_spark(Arena *arena, const double *values, size_t count, size_t width) {
    Buffer out = {.arena = arena};
    if (count == 0 || width == 0) return arena_text(arena, "");
    size_t slots = count < width ? count : width;
    const double *points = condensed(arena, values, count, slots);
    double low = 0, high = 0;
    extremes(points, slots, &low, &high);
    if (low > 0) low = 0;
    for (size_t i = 0; i < slots; i++) {
        size_t level = high > low ? rounded((points[i] - low) / (high - low) * (EIGHTHS - 1)) : 0;
        buffer_add(&out, level_blocks[level < EIGHTHS ? level : EIGHTHS - 1]);
    }
    return arena_text(arena, buffer_text(&out));
}

static void add_code_point(Buffer *out, unsigned c) {
    const char bytes[] = {(char)(0xE0 | c >> 12), (char)(0x80 | (c >> 6 & 0x3F)), (char)(0x80 | (c & 0x3F))};
    buffer_add_n(out, bytes, sizeof bytes);
}

/* Unicode, "Braille Patterns": bits of a cell, by column and line of its dots. */
static unsigned char dot_bit(size_t x, size_t y) {
    static const unsigned char bits[DOTS_ACROSS][DOTS_DOWN] = {{0x01, 0x02, 0x04, 0x40}, {0x08, 0x10, 0x20, 0x80}};
    return bits[x % DOTS_ACROSS][y % DOTS_DOWN];
}

static void draw_dot(unsigned char *cells, size_t width, size_t x, size_t y) {
    cells[y / DOTS_DOWN * width + x / DOTS_ACROSS] |= dot_bit(x, y);
}

/* Dots of every column between two values of neighbouring columns, so that steep lines stay connected. */
static void draw_step(unsigned char *cells, size_t width, size_t x, size_t from, size_t to) {
    size_t y = from;
    draw_dot(cells, width, x, y);
    while (y != to) {
        y = y < to ? y + 1 : y - 1;
        draw_dot(cells, width, x, y);
    }
}

/* The lowest and highest value that column `x` of `dots` stands for: one point between two values, or all values that share it. */
static void range_at(const double *values, size_t count, size_t x, size_t dots, double *low, double *high) {
    if (count > dots) {
        size_t from = x * count / dots, to = (x + 1) * count / dots;
        extremes(values + from, to - from, low, high);
        return;
    }
    double at = dots > 1 ? (double)x * (double)(count - 1) / (double)(dots - 1) : 0;
    size_t before = (size_t)at;
    double next = before + 1 < count ? values[before + 1] : values[before];
    *low = *high = values[before] + (next - values[before]) * (at - (double)before);
}

static void add_plot(Buffer *out, const unsigned char *cells, size_t width, const char *high, const char *low) {
    size_t label = text_width(high) > text_width(low) ? text_width(high) : text_width(low);
    for (size_t line = 0; line < PLOT_LINES; line++) {
        const char *said = line == 0 ? high : line + 1 == PLOT_LINES ? low : "";
        repeat(out, " ", 2 + label - text_width(said));
        buffer_printf(out, "%s ┤", said);
        for (size_t x = 0; x < width; x++) add_code_point(out, BRAILLE + cells[line * width + x]);
        buffer_add_char(out, '\n');
    }
}

void draw_line(Buffer *out, const double *values, size_t count, size_t width, const char *high, const char *low) {
    if (count == 0 || width == 0) return;
    size_t dots = width * DOTS_ACROSS, down = PLOT_LINES * DOTS_DOWN;
    unsigned char *cells = arena_array(out->arena, width * PLOT_LINES, 1);
    double bottom = 0, top = 0;
    extremes(values, count, &bottom, &top);
    double range = top > bottom ? top - bottom : 1;
    size_t previous = 0;
    for (size_t x = 0; x < dots; x++) {
        double least = 0, most = 0;
        range_at(values, count, x, dots, &least, &most);
        size_t y = (down - 1) - rounded((most - bottom) / range * (double)(down - 1));
        size_t lowest = (down - 1) - rounded((least - bottom) / range * (double)(down - 1));
        draw_step(cells, width, x, x ? previous : y, y);
        draw_step(cells, width, x, y, lowest);
        previous = lowest;
    }
    add_plot(out, cells, width, high, low);
}
