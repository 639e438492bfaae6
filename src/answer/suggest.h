/* answer/suggest.h: what one may ask next (inside the room only). */
#ifndef CURLEW_ANSWER_SUGGEST_H
#define CURLEW_ANSWER_SUGGEST_H

#include "answer/answer.h"

/* Fills answer->suggestions with up to three questions that the data set can answer: one that opens up the answer given,
 * then the catalog's own, without the question just asked. */
void suggest_next(Arena *arena, const Catalog *catalog, Answer *answer);

#endif
