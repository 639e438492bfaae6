/* ops/learning.h: what happens with a question after it was answered: it is noted in the log of questions.
 *
 * The environment decides: CURLEW_LEARN=off keeps nothing, CURLEW_LEARN=redact keeps patterns and figures without the words, plans and values
 * of the question, CURLEW_LEARN_DAYS is the retention (default LEARN_RETENTION_DAYS, 0 = for ever), CURLEW_USER the name of who asks (default:
 * the system's). */
#ifndef CURLEW_OPS_LEARNING_H
#define CURLEW_OPS_LEARNING_H

#include "answer/answer.h"
#include "base/arena.h"
#include "learn/log.h"
#include "ops/session.h"
#include "question/understand.h"

/* Where questions about a workspace folder are kept: CURLEW_LEARN_STORE=dynamodb:TABLE shares them. */
LearnPlace learning_place(Arena *arena, const char *workspace_folder);

/* The log for a workspace folder, written until `arena` is freed; NULL when it is switched off. */
LearnLog *learning_start(Arena *arena, const char *workspace_folder);

/* An answer computed before for the same plan on the same data, into `out`; false when there is none (or the log is off). */
bool learning_reuse(Arena *arena, Session *session, const Catalog *catalog, const Plan *plan, Answer *out);

/* The answer to the same words before, of a question that stands alone, into `out`, with the conversation that it begins; false when there is
 * none. Needs no engine: a session that was found is enough. */
bool learning_recall(Arena *arena, Session *session, const OpCall *call, Conversation *conversation, Answer *out);

/* Notes the answer in the session's log; nothing without one. `reading` is NULL for an answer that was recalled. */
void learning_note(Arena *arena, Session *session, const Catalog *catalog, const Reading *reading,
                   const Conversation *conversation, Answer *answer);

long long learning_retention_days(void);

#endif
