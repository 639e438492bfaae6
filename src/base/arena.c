#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

typedef struct Block Block;
struct Block {
    Block *next;
    size_t used_bytes;
    size_t size_bytes;
    max_align_t data[];
};

typedef struct Callback Callback;
struct Callback {
    Callback *next;
    void (*run)(void *handle);
    void *handle;
};

struct Arena {
    Block *blocks;
    Callback *callbacks;
};

/* Under AddressSanitizer each piece of memory is a block of its own, so that a read or write past its end is seen. */
#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define ARENA_PIECE_IS_BLOCK
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define ARENA_PIECE_IS_BLOCK
#endif

/* Out of memory is not an error a caller could handle well: say so and end. */
static void *must_alloc(size_t size_bytes) {
    void *memory = calloc(1, size_bytes);
    if (!memory) {
        fprintf(stderr, "curlew: out of memory (%zu bytes wanted); try again with less data or more memory\n", size_bytes);
        abort();
    }
    return memory;
}

Arena *arena_make(void) {
    return must_alloc(sizeof(Arena));
}

void arena_free(Arena *arena) {
    if (!arena) return;
    for (Callback *callback = arena->callbacks; callback; callback = callback->next) callback->run(callback->handle);
    for (Block *block = arena->blocks; block;) {
        Block *next = block->next;
        free(block);
        block = next;
    }
    free(arena);
}

static Block *add_block(Arena *arena, size_t size_bytes) {
#ifdef ARENA_PIECE_IS_BLOCK
    size_t room = size_bytes;
#else
    size_t room = size_bytes > ARENA_BLOCK_BYTES / 4 ? size_bytes : ARENA_BLOCK_BYTES;
#endif
    if (room > SIZE_MAX - sizeof(Block)) room = SIZE_MAX - sizeof(Block);
    Block *block = must_alloc(sizeof(Block) + room);
    block->size_bytes = room;
    if (room == size_bytes && arena->blocks) {
        /* A big block goes behind the current one, so that the current one's free room stays in use. */
        block->next = arena->blocks->next;
        arena->blocks->next = block;
    } else {
        block->next = arena->blocks;
        arena->blocks = block;
    }
    return block;
}

void *arena_alloc(Arena *arena, size_t size_bytes) {
#ifdef ARENA_PIECE_IS_BLOCK
    size_t rounded = size_bytes ? size_bytes : 1;
    Block *block = add_block(arena, rounded);
#else
    const size_t align = sizeof(max_align_t);
    if (size_bytes > SIZE_MAX - align) size_bytes = SIZE_MAX - align;
    size_t rounded = (size_bytes + align - 1) / align * align;
    if (rounded == 0) rounded = align;
    Block *block = arena->blocks;
    if (!block || block->size_bytes - block->used_bytes < rounded) block = add_block(arena, rounded);
#endif
    char *memory = (char *)block->data + block->used_bytes;
    block->used_bytes += rounded;
    return memory;
}

void *arena_array(Arena *arena, size_t count, size_t size_bytes) {
    size_t total = 0;
    if (__builtin_mul_overflow(count, size_bytes, &total)) total = SIZE_MAX;
    return arena_alloc(arena, total);
}

void *arena_grow(Arena *arena, const void *old, size_t old_bytes, size_t new_bytes) {
    void *memory = arena_alloc(arena, new_bytes);
    if (old && old_bytes) memcpy(memory, old, old_bytes < new_bytes ? old_bytes : new_bytes);
    return memory;
}

char *arena_text_n(Arena *arena, const char *text, size_t size) {
    char *copy = arena_alloc(arena, size + 1);
    if (size) memcpy(copy, text, size);
    return copy;
}

char *arena_text(Arena *arena, const char *text) {
    return arena_text_n(arena, text, strlen(text));
}

char *arena_vprintf(Arena *arena, const char *format, va_list args) {
    va_list again;
    va_copy(again, args);
    int size = vsnprintf(NULL, 0, format, args);
    char *text = arena_alloc(arena, (size_t)(size < 0 ? 0 : size) + 1);
    if (size > 0) vsnprintf(text, (size_t)size + 1, format, again);
    va_end(again);
    return text;
}

char *arena_printf(Arena *arena, const char *format, ...) {
    va_list args;
    va_start(args, format);
    char *text = arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}

void arena_on_free(Arena *arena, void (*callback)(void *handle), void *handle) {
    Callback *entry = arena_alloc(arena, sizeof *entry);
    *entry = (Callback){.next = arena->callbacks, .run = callback, .handle = handle};
    arena->callbacks = entry;
}
