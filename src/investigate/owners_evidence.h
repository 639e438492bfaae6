/* investigate/owners_evidence.h: why somebody is thought to own a resource, in words with numbers (inside the room only). */
#ifndef CURLEW_INVESTIGATE_OWNERS_EVIDENCE_H
#define CURLEW_INVESTIGATE_OWNERS_EVIDENCE_H

#include "investigate/owners.h"
#include "investigate/owners_model.h"

enum { EVIDENCE_SHOWN = 3 };

/* Whether a tagged resource of this owner shares anything with it; else its name would only be that of the biggest owner. */
bool owners_evidence_any(const Tally *tally, const Lineup *lineup, int owner);

/* The strongest sentences for suspect `best` of the lineup, and what speaks against it. */
void owners_evidence_say(Arena *arena, const Tally *tally, const Model *model, const Lineup *lineup, size_t best,
                         OwnerGuess *out);

#endif
