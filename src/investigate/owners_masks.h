/* investigate/owners_masks.h: which tagged resources are hidden together, to learn and to examine (inside the room only).
 *
 * Tagged resources that were launched together tell on each other, so hiding them one by one would flatter. Untagged resources stand in
 * one of two situations: nobody of their launch, stack or scaling group is tagged, or some are. Each tagged resource is tried in both:
 * hidden with all of its launch and its family (SCHEME_WHOLE), and with half of its launch (SCHEME_PART); how much either counts is
 * decided by what the untagged resources of this very bill look like (owners_likeness.c). A hidden resource keeps only the tags that an
 * untagged resource of its kind also has. */
#ifndef CURLEW_INVESTIGATE_OWNERS_MASKS_H
#define CURLEW_INVESTIGATE_OWNERS_MASKS_H

#include <stdint.h>

#include "investigate/owners_clues.h"

enum { FOLDS = 10, FOLD_NONE = -1 };

/* A mask is what is hidden at a time: a fold of a scheme, scheme * FOLDS + fold; NOBODY hides nothing. */
enum { SCHEME_WHOLE, SCHEME_PART, SCHEMES, NOBODY = SCHEMES * FOLDS };

typedef struct {
    const Clues *clues;
    signed char (*folds)[SCHEMES]; /* per resource; FOLD_NONE of untagged ones */
    uint64_t *visible; /* per resource: bit i = its label i is seen while it is hidden, bit FROM_NAME_TAG its name tag */
    size_t *groups;    /* per tagged resource: its launch group */
    size_t *families;  /* per tagged resource: what one stack or scaling group made, else its launch group */
    size_t group_count;
    double whole_share;   /* of the untagged resources: nobody of their launch or family is tagged */
    size_t *owner_groups; /* per owner: launch groups */
} Masks;

void owners_masks_make(Arena *arena, const Clues *clues, Masks *out);

/* A number from 0 to below 1 that depends on the text alone. */
double owners_hash_share(const char *text, unsigned salt);
uint64_t owners_hash(const char *text, unsigned salt);

#endif
