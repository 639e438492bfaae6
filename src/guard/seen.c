#include "guard/seen.h"

#include <stdint.h>
#include <string.h>

#include "base/limits.h"

typedef struct {
    Arena *arena;  /* of both texts; NULL = empty */
    uint64_t hash; /* spares most comparisons, decides nothing */
    size_t size;
    const char *sql, *canonical;
} SeenText;

struct Seen {
    size_t next; /* the oldest, which makes way */
    SeenText texts[GUARD_SEEN];
};

static void forget_all(void *handle) {
    Seen *seen = handle;
    for (size_t i = 0; i < GUARD_SEEN; i++) arena_free(seen->texts[i].arena);
}

Seen *seen_make(Arena *arena) {
    Seen *seen = arena_alloc(arena, sizeof *seen);
    arena_on_free(arena, forget_all, seen);
    return seen;
}

/* FNV-1a. */
static uint64_t hash_of(const char *text, size_t size) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < size; i++) hash = (hash ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
    return hash;
}

const char *seen_find(const Seen *seen, const char *sql, size_t size) {
    const uint64_t hash = hash_of(sql, size);
    for (size_t i = 0; i < GUARD_SEEN; i++) {
        const SeenText *text = &seen->texts[i];
        if (text->arena && text->hash == hash && text->size == size && memcmp(text->sql, sql, size) == 0)
            return text->canonical;
    }
    return NULL;
}

void seen_add(Seen *seen, const char *sql, size_t size, const char *canonical) {
    if (size > GUARD_SEEN_BYTES || strlen(canonical) > GUARD_SEEN_BYTES) return;
    SeenText *text = &seen->texts[seen->next];
    seen->next = (seen->next + 1) % GUARD_SEEN;
    arena_free(text->arena);
    Arena *arena = arena_make();
    *text = (SeenText){.arena = arena,
                       .hash = hash_of(sql, size),
                       .size = size,
                       .sql = arena_text_n(arena, sql, size),
                       .canonical = arena_text(arena, canonical)};
}
