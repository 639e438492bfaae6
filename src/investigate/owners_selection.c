/* What is tagged is no random choice: where hardly anything of a kind carries the tag, those that do say little of the rest. */
#include <math.h>

#include "investigate/owners_clues.h"

static const double around = 8; /* resources that the wider circle weighs as much as */

double owners_selected(double probability, double tagged_share) {
    const double others = 1 - probability;
    return others > 0 && tagged_share < 1 ? probability / (probability + others / sqrt(tagged_share)) : probability;
}

const double *owners_tagged_shares(Arena *arena, const Clues *clues) {
    const OwnersBill *bill = clues->bill;
    double *shares = arena_array(arena, bill->resource_count + 1, sizeof *shares);
    size_t *tagged = arena_array(arena, clues->clue_count + 1, sizeof *tagged);
    size_t *all = arena_array(arena, clues->clue_count + 1, sizeof *all);
    for (size_t r = 0; r < bill->resource_count; r++)
        for (size_t i = clues->starts[r]; i < clues->starts[r + 1]; i++) {
            all[clues->signs[i].clue]++;
            tagged[clues->signs[i].clue] += bill->resources[r].owner != OWNER_NONE;
        }
    for (size_t r = 0; r < bill->resource_count; r++) {
        double share = (double)(bill->tagged_count + 1) / (double)(bill->resource_count + 1);
        /* From the wide circle to the narrow: signs of the account stand before those of kind and model in it. */
        for (size_t i = clues->starts[r]; i < clues->starts[r + 1]; i++) {
            const int clue = clues->signs[i].clue, signal = clues->clues[clue].signal;
            if (signal != SIGNAL_ACCOUNT && signal != SIGNAL_SERVICE && signal != SIGNAL_MODEL) continue;
            share = ((double)tagged[clue] + around * share) / ((double)all[clue] + around);
        }
        shares[r] = share;
    }
    return shares;
}
