/* investigate/owners_tally.h: how many tagged resources of each owner show a clue, without those that are hidden (inside the room only). */
#ifndef CURLEW_INVESTIGATE_OWNERS_TALLY_H
#define CURLEW_INVESTIGATE_OWNERS_TALLY_H

#include "investigate/owners_masks.h"

typedef struct {
    int owner;
    signed char fold;
    unsigned resources;
    double count; /* of them; where families count (owners_tally.c) less than that */
} TallyEntry;

typedef struct {
    const Clues *clues;
    const Masks *masks;
    size_t *starts; /* entries of clue c: starts[c] to starts[c + 1], in order of owner and fold */
    TallyEntry *entries;
    size_t owner_count;
    /* Per fold (FOLDS stands for "nobody hidden"): who owns how much of the whole bill, smoothed. */
    double *shares[FOLDS + 1];
    double unseen[FOLDS + 1]; /* share of owners of whom hardly anything is tagged: "none of these" */
} Tally;

void owners_tally_make(Arena *arena, const Clues *clues, const Masks *masks, Tally *out);

/* Calls for each owner that shows the clue while `fold` is hidden. Gives the sum. `counts` has one entry per owner and is zero at the
 * owners not listed in `owners`. */
double owners_tally_read(const Tally *tally, int clue, int fold, int *owners, double *counts, size_t *owner_count);

/* Tagged resources that show the clue, nobody hidden: in all, and of one owner. */
void owners_tally_count(const Tally *tally, int clue, int owner, size_t *all, size_t *own);

/* The cell of Signal.trust for a clue that `sum` tagged resources show, `most` of them of one owner. */
size_t owners_tally_cell(double sum, double most);

#endif
