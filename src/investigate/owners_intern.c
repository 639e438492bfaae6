/* Numbers for clues: an open-addressing table of 128-bit fingerprints, so that the keys themselves need not be kept. */
#include <stdint.h>
#include <string.h>

#include "investigate/owners_clues.h"

typedef struct {
    uint64_t high, low;
    int clue; /* + 1; 0 = free */
} Slot;

struct ClueTable {
    Arena *arena;
    Slot *slots;
    size_t room, count; /* room is a power of two */
    Clue *clues;
    size_t clue_room;
};

enum { LEAST_ROOM = 1024, FULL_PERCENT = 60 };

ClueTable *clue_table_make(Arena *arena, size_t expected) {
    ClueTable *table = arena_alloc(arena, sizeof *table);
    table->arena = arena;
    table->room = LEAST_ROOM;
    while (table->room * FULL_PERCENT < expected * 100) table->room *= 2;
    table->slots = arena_array(arena, table->room, sizeof *table->slots);
    table->clue_room = LEAST_ROOM;
    table->clues = arena_array(arena, table->clue_room, sizeof *table->clues);
    return table;
}

/* FNV-1a with two bases; a separator keeps "ab","c" and "a","bc" apart. */
static Slot fingerprint(int signal, const char *const *parts, size_t part_count) {
    const uint64_t prime = 0x100000001b3, kind = (uint64_t)(unsigned)signal;
    uint64_t high = 0xcbf29ce484222325 ^ kind, low = 0x9e3779b97f4a7c15 ^ kind << 7;
    for (size_t i = 0; i < part_count; i++) {
        for (const char *c = parts[i] ? parts[i] : ""; *c; c++) {
            high = (high ^ (unsigned char)*c) * prime;
            low = (low ^ (unsigned char)*c) * prime;
            low ^= low >> 29;
        }
        high = (high ^ 0x1F) * prime;
        low = (low ^ 0x1F) * prime;
    }
    return (Slot){high ^ high >> 32, low, 0};
}

static Slot *find_slot(Slot *slots, size_t room, const Slot *wanted) {
    size_t at = (size_t)wanted->high & (room - 1);
    while (slots[at].clue && (slots[at].high != wanted->high || slots[at].low != wanted->low)) at = (at + 1) & (room - 1);
    return &slots[at];
}

static void grow(ClueTable *table) {
    const size_t room = table->room * 2;
    Slot *slots = arena_array(table->arena, room, sizeof *slots);
    for (size_t i = 0; i < table->room; i++)
        if (table->slots[i].clue) *find_slot(slots, room, &table->slots[i]) = table->slots[i];
    table->slots = slots;
    table->room = room;
}

int clue_table_add(ClueTable *table, int signal, const char *const *parts, size_t part_count, const char *text) {
    Slot wanted = fingerprint(signal, parts, part_count);
    Slot *slot = find_slot(table->slots, table->room, &wanted);
    if (slot->clue) return slot->clue - 1;
    if (table->count == table->clue_room) {
        const size_t bytes = table->clue_room * sizeof *table->clues;
        table->clues = arena_grow(table->arena, table->clues, bytes, bytes * 2);
        table->clue_room *= 2;
    }
    table->clues[table->count] = (Clue){signal, text};
    wanted.clue = (int)++table->count;
    *slot = wanted;
    if (table->count * 100 > table->room * FULL_PERCENT) grow(table);
    return (int)table->count - 1;
}

bool clue_table_has(const ClueTable *table, int signal, const char *const *parts, size_t part_count) {
    const Slot wanted = fingerprint(signal, parts, part_count);
    return find_slot(table->slots, table->room, &wanted)->clue != 0;
}

size_t clue_table_count(const ClueTable *table) {
    return table->count;
}

Clue *clue_table_clues(ClueTable *table) {
    return table->clues;
}
