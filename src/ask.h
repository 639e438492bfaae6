/* ask.h: one question through all the rooms. */
#ifndef CURLEW_ASK_H
#define CURLEW_ASK_H

#include "answer/answer.h"
#include "base/arena.h"
#include "base/err.h"
#include "ops.h"
#include "ops/session.h"
#include "question/conversation.h"

/* Answers `question` on an open workspace: on the call's --dataset, else on the bill, else on the first other table that
 * understands the question whole. `out` is answered, a question back, or a refusal with its reason; false only for failures.
 * The call's --as-of is "today", its --limit how many rows are shown. */
bool ask_question(Arena *arena, Session *session, const OpCall *call, const char *question, Answer *out, Err *err);

/* The same for a question that may continue a conversation. What was answered, or offered to choose from, is added to it (made in
 * `arena`: write it to JSON before that ends); "go back" takes the last answer away and gives the one before once more, "start
 * over" empties it. */
bool ask_next(Arena *arena, Session *session, const OpCall *call, const char *question, Conversation *conversation, Answer *out,
              Err *err);

/* The same for a plan given as JSON text: it is checked and carried out as it stands. ERR_USAGE or ERR_INPUT when it is no plan. */
bool ask_plan(Arena *arena, Session *session, const OpCall *call, const char *plan, Conversation *conversation, Answer *out,
              Err *err);

#endif
