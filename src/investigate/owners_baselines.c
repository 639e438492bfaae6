#include "investigate/owners_exam.h"

/* The owner with the most votes of the resource's clue of this signal; the lower index, which has more resources, wins a tie. */
static int majority(Arena *arena, const Tally *tally, size_t resource, int signal, int mask, double *share) {
    const Clues *clues = tally->clues;
    double *counts = arena_array(arena, tally->owner_count + 1, sizeof *counts);
    int *owners = arena_array(arena, tally->owner_count + 1, sizeof *owners);
    int best = OWNER_NONE;
    for (size_t i = clues->starts[resource]; i < clues->starts[resource + 1]; i++) {
        size_t count = 0;
        if (clues->clues[clues->signs[i].clue].signal != signal) continue;
        const double sum = owners_tally_read(tally, clues->signs[i].clue, mask, owners, counts, &count);
        for (size_t k = 0; k < count; k++)
            if (best == OWNER_NONE || counts[owners[k]] > counts[best] ||
                (counts[owners[k]] >= counts[best] && owners[k] < best))
                best = owners[k];
        if (best != OWNER_NONE) *share = counts[best] / sum;
        return best;
    }
    return best;
}

int owners_baseline_account(Arena *arena, const Tally *tally, size_t resource, int mask, double *share) {
    *share = 0;
    return majority(arena, tally, resource, SIGNAL_ACCOUNT, mask, share);
}

int owners_baseline_hour(Arena *arena, const Tally *tally, size_t resource, int mask, double *share) {
    *share = 0;
    const int owner = majority(arena, tally, resource, SIGNAL_START, mask, share);
    return owner != OWNER_NONE ? owner : owners_baseline_account(arena, tally, resource, mask, share);
}
