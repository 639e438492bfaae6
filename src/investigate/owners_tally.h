/* investigate/owners_tally.h: how many tagged resources of each owner show a clue, without those that are hidden (inside the room only). */
#ifndef CURLEW_INVESTIGATE_OWNERS_TALLY_H
#define CURLEW_INVESTIGATE_OWNERS_TALLY_H

#include "investigate/owners_masks.h"

typedef struct {
    int owner;
    signed char folds[SCHEMES];
    unsigned resources;
    double count; /* of them; where families count (owners_tally.c) less than that */
} TallyEntry;

typedef struct {
    const Clues *clues;
    const Masks *masks;
    size_t *starts; /* entries of clue c: starts[c] to starts[c + 1], in order of owner and folds */
    TallyEntry *entries;
    size_t *sum_starts; /* the same with one entry per owner, nobody hidden */
    TallyEntry *sums;
    size_t owner_count;
    /* Per mask: who owns how much of the whole bill, smoothed. */
    double *shares[NOBODY + 1];
    double unseen[NOBODY + 1]; /* share of owners of whom hardly anything is tagged: "none of these" */
} Tally;

void owners_tally_make(Arena *arena, const Clues *clues, const Masks *masks, Tally *out);

/* Adds to `counts` (one entry per owner) how many tagged resources of each owner show the clue under a mask, and lists these owners. Gives
 * the sum. The caller sets the counts of the owners listed back to zero. */
double owners_tally_read(const Tally *tally, int clue, int mask, int *owners, double *counts, size_t *owner_count);

/* Tagged resources that show the clue, nobody hidden: in all, and of one owner. */
void owners_tally_count(const Tally *tally, int clue, int owner, size_t *all, size_t *own);

/* The cell of Signal.trust for a clue that `sum` tagged resources show, `most` of them of one owner. */
size_t owners_tally_cell(double sum, double most);

#endif
