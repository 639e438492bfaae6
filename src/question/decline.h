/* question/decline.h: the sentences with which a question is declined: which words, why, and what can be asked. */
#ifndef CURLEW_QUESTION_DECLINE_H
#define CURLEW_QUESTION_DECLINE_H

#include "question/interpret.h"
#include "question/understand.h"

/* Fills `out` (status, code, message, nearest) from a refusal; `words` are those of the question that led to it. */
void decline_refusal(Arena *arena, const Lattice *lattice, const Refusal *refusal, const char *words, Reading *out);

/* Words that no phrase took: unknown ones, values that do not exist, or known words in a shape that is not understood. */
void decline_skipped(Arena *arena, const Lattice *lattice, uint64_t skipped, Reading *out);

/* A word with which the question asks for something that no bill holds, or for an action; false when there is none. */
bool decline_topic(Arena *arena, const Lattice *lattice, Reading *out);

/* All words are known, and yet they do not add up to a question. */
void decline_shape(Arena *arena, const Lattice *lattice, const Interpretation *last, Reading *out);

#endif
