/* investigate/remark.h: what an answer must say beside its number. */
#ifndef CURLEW_INVESTIGATE_REMARK_H
#define CURLEW_INVESTIGATE_REMARK_H

#include "answer/answer.h"
#include "investigate/desk.h"

/* A total of zero may be the sum of lines that cost nothing, or of no lines at all: the latter is said. One small query, only where the
 * total is zero. */
bool remark_on_nothing(Arena *arena, const Desk *desk, Answer *answer, Err *err);

#endif
