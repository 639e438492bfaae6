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

/* The log for a workspace folder, written until `arena` is freed; NULL when it is switched off. */
LearnLog *learning_start(Arena *arena, const char *workspace_folder);

/* Notes the answer in the session's log; nothing without one. */
void learning_note(Arena *arena, Session *session, const Catalog *catalog, const Reading *reading, Answer *answer);

long long learning_retention_days(void);

#endif
