#include "base/text.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static void reserve(Buffer *buffer, size_t more) {
    if (buffer->data && buffer->room - buffer->size > more) return;
    size_t room = buffer->room ? buffer->room * 2 : 256;
    while (room <= buffer->size + more) room *= 2;
    buffer->data = arena_grow(buffer->arena, buffer->data, buffer->size, room);
    buffer->room = room;
}

void buffer_add_n(Buffer *buffer, const char *text, size_t size) {
    reserve(buffer, size);
    if (size) memcpy(buffer->data + buffer->size, text, size);
    buffer->size += size;
    buffer->data[buffer->size] = '\0';
}

void buffer_add(Buffer *buffer, const char *text) {
    buffer_add_n(buffer, text, strlen(text));
}

void buffer_add_char(Buffer *buffer, char c) {
    buffer_add_n(buffer, &c, 1);
}

void buffer_printf(Buffer *buffer, const char *format, ...) {
    va_list args;
    va_start(args, format);
    char *text = arena_vprintf(buffer->arena, format, args);
    va_end(args);
    buffer_add(buffer, text);
}

const char *buffer_text(const Buffer *buffer) {
    return buffer->data ? buffer->data : "";
}

static char lower_char(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool text_equal(const char *a, const char *b) {
    if (!a || !b) return a == b;
    return strcmp(a, b) == 0;
}

static bool same_fold(const char *a, const char *b, size_t size) {
    for (size_t i = 0; i < size; i++)
        if (lower_char(a[i]) != lower_char(b[i])) return false;
    return true;
}

bool text_equal_fold(const char *a, const char *b) {
    if (!a || !b) return a == b;
    size_t size = strlen(a);
    return size == strlen(b) && same_fold(a, b, size);
}

bool text_starts(const char *text, const char *prefix) {
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool text_starts_fold(const char *text, const char *prefix) {
    size_t size = strlen(prefix);
    return strlen(text) >= size && same_fold(text, prefix, size);
}

bool text_ends(const char *text, const char *suffix) {
    size_t a = strlen(text), b = strlen(suffix);
    return a >= b && memcmp(text + a - b, suffix, b) == 0;
}

bool text_ends_fold(const char *text, const char *suffix) {
    size_t a = strlen(text), b = strlen(suffix);
    return a >= b && same_fold(text + a - b, suffix, b);
}

bool text_contains_fold(const char *text, const char *part) {
    size_t size = strlen(part), length = strlen(text);
    for (size_t i = 0; i + size <= length; i++)
        if (same_fold(text + i, part, size)) return true;
    return false;
}

bool text_is_empty(const char *text) {
    return !text || !*text;
}

char *text_lower(Arena *arena, const char *text) {
    char *copy = arena_text(arena, text);
    for (char *c = copy; *c; c++) *c = lower_char(*c);
    return copy;
}

char *text_trim(Arena *arena, const char *text) {
    while (*text && isspace((unsigned char)*text)) text++;
    size_t size = strlen(text);
    while (size && isspace((unsigned char)text[size - 1])) size--;
    return arena_text_n(arena, text, size);
}

const char **text_split(Arena *arena, const char *text, char separator, size_t *count) {
    size_t parts = 1;
    for (const char *c = text; *c; c++) parts += *c == separator;
    const char **list = arena_array(arena, parts, sizeof *list);
    for (size_t i = 0; i < parts; i++) {
        const char *end = strchr(text, separator);
        size_t size = end ? (size_t)(end - text) : strlen(text);
        list[i] = arena_text_n(arena, text, size);
        text += size + 1;
    }
    *count = parts;
    return list;
}

char *text_name_key(Arena *arena, const char *text) {
    char *key = arena_alloc(arena, strlen(text) + 1);
    size_t size = 0;
    for (const char *c = text; *c; c++)
        if (isalnum((unsigned char)*c) || (unsigned char)*c >= 0x80) key[size++] = lower_char(*c);
    key[size] = '\0';
    return key;
}

/* Length of the valid UTF-8 sequence at `text`, 0 when there is none. */
static size_t sequence_size(const unsigned char *text, size_t left) {
    if (left == 0 || text[0] == 0) return 0;
    if (text[0] < 0x80) return 1;
    size_t size = text[0] >= 0xF0 ? 4 : text[0] >= 0xE0 ? 3 : text[0] >= 0xC2 ? 2 : 0;
    if (size == 0 || text[0] > 0xF4 || left < size) return 0;
    for (size_t i = 1; i < size; i++)
        if ((text[i] & 0xC0) != 0x80) return 0;
    if ((text[0] == 0xE0 && text[1] < 0xA0) || (text[0] == 0xED && text[1] > 0x9F)) return 0;
    if ((text[0] == 0xF0 && text[1] < 0x90) || (text[0] == 0xF4 && text[1] > 0x8F)) return 0;
    return size;
}

bool text_is_utf8(const char *text, size_t size) {
    for (size_t at = 0; at < size;) {
        size_t step = sequence_size((const unsigned char *)text + at, size - at);
        if (!step) return false;
        at += step;
    }
    return true;
}

unsigned text_code_point(const char *text, size_t *size) {
    const unsigned char *bytes = (const unsigned char *)text;
    size_t left = strnlen(text, 4);
    size_t length = sequence_size(bytes, left);
    *size = length ? length : 1;
    switch (length) {
    case 1: return bytes[0];
    case 2: return ((unsigned)bytes[0] & 0x1F) << 6 | ((unsigned)bytes[1] & 0x3F);
    case 3: return ((unsigned)bytes[0] & 0x0F) << 12 | ((unsigned)bytes[1] & 0x3F) << 6 | ((unsigned)bytes[2] & 0x3F);
    case 4:
        return ((unsigned)bytes[0] & 0x07) << 18 | ((unsigned)bytes[1] & 0x3F) << 12 | ((unsigned)bytes[2] & 0x3F) << 6 |
               ((unsigned)bytes[3] & 0x3F);
    default: return 0xFFFD;
    }
}

static bool is_invisible(unsigned c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x061C || c == 0x180E || (c >= 0x200B && c <= 0x200F) ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) ||
           (c >= 0xE0000 && c <= 0xE007F);
}

static size_t code_point_width(unsigned c) {
    bool combining = (c >= 0x0300 && c <= 0x036F) || (c >= 0x0591 && c <= 0x05BD) || (c >= 0x064B && c <= 0x065F) ||
                     (c >= 0x1AB0 && c <= 0x1AFF) || (c >= 0x1DC0 && c <= 0x1DFF) || (c >= 0x20D0 && c <= 0x20FF) ||
                     (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xFE20 && c <= 0xFE2F);
    if (is_invisible(c) || combining) return 0;
    bool wide = (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
                (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
                (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0x20000 && c <= 0x3FFFD);
    return wide ? 2 : 1;
}

size_t text_width(const char *text) {
    size_t width = 0, size = 0;
    for (; *text; text += size) width += code_point_width(text_code_point(text, &size));
    return width;
}

char *text_printable(Arena *arena, const char *text) {
    Buffer out = {.arena = arena};
    size_t size = 0;
    for (; *text; text += size) {
        unsigned c = text_code_point(text, &size);
        if (is_invisible(c) || c == 0xFFFD)
            buffer_add(&out, "\xEF\xBF\xBD");
        else
            buffer_add_n(&out, text, size);
    }
    return arena_text(arena, buffer_text(&out));
}

unsigned text_distance(const char *a, const char *b, unsigned ceiling) {
    enum { LONGEST = 64 };
    size_t rows = strlen(a), columns = strlen(b);
    size_t gap = rows > columns ? rows - columns : columns - rows;
    if (rows > LONGEST || columns > LONGEST || gap > ceiling) return ceiling + 1;
    unsigned previous2[LONGEST + 1] = {0}, previous[LONGEST + 1], current[LONGEST + 1];
    for (size_t j = 0; j <= columns; j++) previous[j] = (unsigned)j;
    for (size_t i = 1; i <= rows; i++) {
        current[0] = (unsigned)i;
        for (size_t j = 1; j <= columns; j++) {
            unsigned change = previous[j - 1] + (a[i - 1] != b[j - 1]);
            unsigned remove = previous[j] + 1, insert = current[j - 1] + 1;
            unsigned best = change < remove ? change : remove;
            if (insert < best) best = insert;
            bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped && previous2[j - 2] + 1 < best) best = previous2[j - 2] + 1;
            current[j] = best;
        }
        memcpy(previous2, previous, sizeof previous);
        memcpy(previous, current, sizeof previous);
    }
    return previous[columns] <= ceiling ? previous[columns] : ceiling + 1;
}

char *text_count(Arena *arena, long long count) {
    char digits[32];
    int size = snprintf(digits, sizeof digits, "%lld", count);
    Buffer out = {.arena = arena};
    for (int i = 0; i < size; i++) {
        int left = size - i;
        if (i > (count < 0) && left % 3 == 0) buffer_add_char(&out, ',');
        buffer_add_char(&out, digits[i]);
    }
    return arena_text(arena, buffer_text(&out));
}
