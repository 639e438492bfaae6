/* question/conversation.h: what a conversation remembers, so that the next question may be a follow-up.
 *
 * Plain data: the plans answered so far, oldest first, and which rows their answers had. It is written to JSON and read back, so
 * that a client carries it from question to question (`curlew chat`, `ask --continue`, programs); nothing else has a memory.
 *   {"v":1, "turns":[{"question":"…", "dataset":"bill", "plan":{…}, "keys":{"columns":["ServiceName", "month"],
 *    "rows":[["Amazon EC2", "2026-09-01"], [null, "2026-09-01"]], "complete":true}}], "offered":[{"plan":{…}}]} */
#ifndef CURLEW_QUESTION_CONVERSATION_H
#define CURLEW_QUESTION_CONVERSATION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/table.h"
#include "catalog/catalog.h"
#include "question/compile.h"
#include "question/plan.h"

/* What the rows of an answer are called: "the second one" is a row of these, "those" are all of them. */
typedef struct {
    size_t column_count;
    const char **columns; /* dimensions of the plan, and time buckets by their grain: "month" */
    size_t row_count;
    const char **cells; /* row by row; NULL = without a value */
    bool complete;      /* no row of the answer is missing */
} ConversationKeys;

typedef struct {
    const char *question;
    const char *dataset;
    const Json *plan; /* as plan_json() writes it; read again with the catalog of its data set */
    ConversationKeys keys;
} ConversationTurn;

typedef struct {
    size_t count;
    ConversationTurn turns[CONVERSATION_TURNS]; /* oldest first; the oldest leaves when there is no room */
    size_t offered_count;                       /* plans between which the user was asked to choose, until the next question */
    const Json *offered[CONVERSATION_OFFERS];
} Conversation;

/* Remembers an answered question. `columns` describes the columns of `table`; both may be NULL when there are no rows to speak of.
 * Plans about the data itself (META) are no part of the thread and are not kept. Forgets what was offered. */
void conversation_add(Arena *arena, const Catalog *catalog, const char *question, const Plan *plan,
                      const CompiledColumn *columns, const Table *table, Conversation *conversation);

/* The last question was answered by a question: these are the readings to choose from. */
void conversation_offer(Arena *arena, Plan *const *plans, size_t count, Conversation *conversation);

/* Forgets the last turn; false when there is none. */
bool conversation_back(Conversation *conversation);

/* The last turn, NULL when there is none. */
const ConversationTurn *conversation_last(const Conversation *conversation);

Json *conversation_json(Arena *arena, const Conversation *conversation);
/* ERR_INPUT when `json` is no conversation; what is beyond the limits is not read. */
bool conversation_read(Arena *arena, const Json *json, Conversation *out, Err *err);

#endif
