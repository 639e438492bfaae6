/* question/missing.h: words that name a value which does not exist. */
#ifndef CURLEW_QUESTION_MISSING_H
#define CURLEW_QUESTION_MISSING_H

#include "question/lattice.h"

/* Adds a refusal (UNKNOWN_VALUE) where the words call for a value and the data has none: "the growth team", "account 999999999999",
 * an identifier, a quoted name. Without it such words would be read past, or as something else. */
void missing_add(Lattice *lattice);

#endif
