/* investigate/findings_answer.h: findings of the inference rules as answers to questions: "where am I wasting money". */
#ifndef CURLEW_INVESTIGATE_FINDINGS_ANSWER_H
#define CURLEW_INVESTIGATE_FINDINGS_ANSWER_H

#include "answer/answer.h"
#include "investigate/architecture.h"

/* Whether a question asks for findings: some of its words do, by tables/finding_words.tsv, and at most FINDINGS_PLACES of the others are
 * unknown there (they may name an account, a region or a month). For questions that no plan can be made of. */
enum { FINDINGS_PLACES = 4 };
bool findings_asked(Arena *arena, const char *question);

/* Answers such a question: one row per finding, the largest saving first. ERR_REFUSED, UNKNOWN_VALUE, for a word that names nothing of this
 * bill. */
bool findings_answer(Arena *arena, const Desk *desk, const char *question, Answer *out, Err *err);

#endif
