/* sample/dice.h: chance that is the same for the same seed. Each topic has a sequence of its own, so that a change in one part of a world leaves the others
 * as they were. Private to the room. */
#ifndef CURLEW_SAMPLE_DICE_H
#define CURLEW_SAMPLE_DICE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

typedef struct {
    unsigned long long state;
} Dice;

/* The beginning of the sequence of a topic ("accounts", "deployment 12"). */
Dice dice_make(long long seed, const char *topic);

unsigned dice_below(Dice *dice, unsigned count);      /* 0 to count - 1; 0 for 0 */
long dice_between(Dice *dice, long least, long most); /* both included */
bool dice_chance(Dice *dice, unsigned percent);       /* true in so many of a hundred */
const char *dice_pick(Dice *dice, const char *const *words, size_t count);
/* `length` characters of an alphabet, e.g. "0123456789abcdef". */
char *dice_text(Arena *arena, Dice *dice, const char *alphabet, size_t length);

#endif
