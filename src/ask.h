/* ask.h: one question through all the rooms. */
#ifndef CURLEW_ASK_H
#define CURLEW_ASK_H

#include "answer/answer.h"
#include "base/arena.h"
#include "base/err.h"
#include "ops.h"
#include "ops/session.h"

/* Answers `question` on an open workspace: on the call's --dataset, else on the bill, else on the first other table that
 * understands the question whole. `out` is answered, a question back, or a refusal with its reason; false only for failures.
 * The call's --as-of is "today", its --limit how many rows are shown. */
bool ask_question(Arena *arena, Session *session, const OpCall *call, const char *question, Answer *out, Err *err);

#endif
