/* base/text.h: NUL-terminated UTF-8 text, and a buffer to build it in.
 *
 * Text lives in arenas. Bytes of foreign origin pass text_is_utf8() before they are treated as text. */
#ifndef CURLEW_BASE_TEXT_H
#define CURLEW_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* A growing text. Zero it but for `arena`, e.g. `Buffer out = {.arena = arena};`. */
typedef struct {
    Arena *arena;
    char *data; /* NUL-terminated, or NULL while empty */
    size_t size;
    size_t room;
} Buffer;

void buffer_add(Buffer *buffer, const char *text);
void buffer_add_n(Buffer *buffer, const char *text, size_t size);
void buffer_add_char(Buffer *buffer, char c);
void buffer_printf(Buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The text so far, never NULL; valid until the next addition. */
const char *buffer_text(const Buffer *buffer);

/* Comparison; NULL equals only NULL. The _fold form ignores ASCII case. */
bool text_equal(const char *a, const char *b);
bool text_equal_fold(const char *a, const char *b);
bool text_starts(const char *text, const char *prefix);
bool text_starts_fold(const char *text, const char *prefix);
bool text_ends(const char *text, const char *suffix);
bool text_ends_fold(const char *text, const char *suffix);
bool text_contains_fold(const char *text, const char *part);
bool text_is_empty(const char *text); /* NULL or "" */

/* ASCII lower case. */
char *text_lower(Arena *arena, const char *text);
/* Without leading and trailing white space. */
char *text_trim(Arena *arena, const char *text);
/* Splits at each `separator`; the count goes to `count`. "" gives one empty part. */
const char **text_split(Arena *arena, const char *text, char separator, size_t *count);

/* The form in which names are matched: ASCII lower case letters and digits only; bytes of non-ASCII characters are kept.
 * "Cost-Center", "cost_center" and "costcenter" are the same name. */
char *text_name_key(Arena *arena, const char *text);

/* Valid UTF-8 with no NUL in the first `size` bytes. */
bool text_is_utf8(const char *text, size_t size);
/* One code point at `text`; its length in bytes goes to `size` (1 for an invalid byte, which gives U+FFFD). */
unsigned text_code_point(const char *text, size_t *size);
/* Columns that the text takes on a terminal (wide characters count two, combining and control characters none). */
size_t text_width(const char *text);
/* The text with control characters (escape sequences among them), bidi and zero-width characters replaced by U+FFFD:
 * what may be printed on a terminal. */
char *text_printable(Arena *arena, const char *text);

/* Optimal string alignment distance (insert, delete, substitute, swap of neighbours) of two byte strings, at most
 * `ceiling`; gives `ceiling + 1` when it is more. */
unsigned text_distance(const char *a, const char *b, unsigned ceiling);

/* "1,234,567" for 1234567. */
char *text_count(Arena *arena, long long count);

#endif
