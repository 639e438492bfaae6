/* investigate/owners_masks.h: which tagged resources are hidden together, to learn and to examine (inside the room only).
 *
 * Tagged resources that were launched together tell on each other, so hiding them one by one would flatter: they are hidden by launch
 * groups. Untagged resources stand in two situations: nobody of their launch is tagged, or some are. Groups are hidden whole or by
 * halves in the proportion in which the untagged resources of this very bill stand in the two. A hidden resource keeps only the tags
 * that an untagged resource of its kind also has. */
#ifndef CURLEW_INVESTIGATE_OWNERS_MASKS_H
#define CURLEW_INVESTIGATE_OWNERS_MASKS_H

#include <stdint.h>

#include "investigate/owners_clues.h"

enum { FOLDS = 10, FOLD_NONE = -1 };

typedef struct {
    const Clues *clues;
    signed char *folds; /* per resource; FOLD_NONE of untagged ones */
    uint64_t *visible;  /* per resource: bit i = its label i is seen while it is hidden, bit FROM_NAME_TAG its name tag */
    size_t *groups;     /* per tagged resource: its launch group */
    size_t group_count;
    double whole_share;   /* of groups that are hidden whole */
    size_t *owner_groups; /* per owner: launch groups */
} Masks;

void owners_masks_make(Arena *arena, const Clues *clues, Masks *out);

/* A number from 0 to below 1 that depends on the text alone. */
double owners_hash_share(const char *text, unsigned salt);
uint64_t owners_hash(const char *text, unsigned salt);

#endif
