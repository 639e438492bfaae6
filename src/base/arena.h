/* base/arena.h: memory with one of three lifetimes (process, worker, one question).
 *
 * The ownership law: a maker takes an Arena and never frees; what it returns lives as long as the arena. Handles of foreign
 * libraries are freed where they were made, or handed to arena_on_free(). Out of memory ends the process with a message. */
#ifndef CURLEW_BASE_ARENA_H
#define CURLEW_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

typedef struct Arena Arena;

/* A new, empty arena. The caller ends it with arena_free(). Never fails. */
Arena *arena_make(void);

/* Runs the arena's registered callbacks, newest first, and frees everything made in it. NULL is allowed. */
void arena_free(Arena *arena);

/* `size_bytes` zeroed bytes, aligned for any type. */
void *arena_alloc(Arena *arena, size_t size_bytes);

/* `count` zeroed elements of `size_bytes` each; a product that overflows ends the process. */
void *arena_array(Arena *arena, size_t count, size_t size_bytes);

/* A copy of `old` (of `old_bytes`, may be NULL) with room for `new_bytes`; the rest is zeroed. */
void *arena_grow(Arena *arena, const void *old, size_t old_bytes, size_t new_bytes);

/* NUL-terminated copies of a text, of its first `size` bytes, and of a formatted text. */
char *arena_text(Arena *arena, const char *text);
char *arena_text_n(Arena *arena, const char *text, size_t size);
char *arena_printf(Arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(Arena *arena, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

/* Calls `callback(handle)` when the arena is freed. */
void arena_on_free(Arena *arena, void (*callback)(void *handle), void *handle);

#endif
