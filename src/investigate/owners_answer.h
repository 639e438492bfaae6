/* investigate/owners_answer.h: owners as answers to questions. */
#ifndef CURLEW_INVESTIGATE_OWNERS_ANSWER_H
#define CURLEW_INVESTIGATE_OWNERS_ANSWER_H

#include "answer/answer.h"
#include "investigate/owners.h"

/* Answers "who owns vol-0abc" (of the resources that the question names, also tagged ones), "untagged cost by likely owner", and anything
 * else about owners with the list of untagged resources. ERR_REFUSED where owners cannot be found, with the reason. */
bool owners_answer(Arena *arena, const Desk *desk, const char *question, Answer *out, Err *err);

#endif
