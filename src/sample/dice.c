#include "sample/dice.h"

#include <string.h>

/* SplitMix64 (Steele, Lea, Flood 2014): small, and good from the first number on for any start. */
static unsigned long long next(Dice *dice) {
    unsigned long long z = (dice->state += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

Dice dice_make(long long seed, const char *topic) {
    /* FNV-1a of the topic, so that neighbouring topics are far apart. */
    unsigned long long hash = 0xcbf29ce484222325ULL;
    for (const char *at = topic; *at; at++) hash = (hash ^ (unsigned char)*at) * 0x100000001b3ULL;
    Dice dice = {.state = hash ^ (unsigned long long)seed * 0xd1342543de82ef95ULL};
    next(&dice);
    return dice;
}

unsigned dice_below(Dice *dice, unsigned count) {
    return count ? (unsigned)((next(dice) >> 32) * count >> 32) : 0;
}

long dice_between(Dice *dice, long least, long most) {
    return most <= least ? least : least + (long)dice_below(dice, (unsigned)(most - least + 1));
}

bool dice_chance(Dice *dice, unsigned percent) {
    return dice_below(dice, 100) < percent;
}

const char *dice_pick(Dice *dice, const char *const *words, size_t count) {
    return words[dice_below(dice, (unsigned)count)];
}

char *dice_text(Arena *arena, Dice *dice, const char *alphabet, size_t length) {
    char *text = arena_alloc(arena, length + 1);
    unsigned size = (unsigned)strlen(alphabet);
    for (size_t i = 0; i < length; i++) text[i] = alphabet[dice_below(dice, size)];
    return text;
}
