/* question/understand.h: plain English becomes a plan, with no LLM.
 *
 * normalise → tokens → annotated lattice (lexicon, measures, dimensions, concepts, values, time, numbers) → chart parse with a
 * semantic grammar → k-best plans → decide. Every content word is used or reported; what is not fully understood is declined,
 * naming the words. Deterministic: same question, same catalog, same as-of, same reading. */
#ifndef CURLEW_QUESTION_UNDERSTAND_H
#define CURLEW_QUESTION_UNDERSTAND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "catalog/catalog.h"
#include "io/duck.h"
#include "question/conversation.h"
#include "question/plan.h"

typedef enum { READING_PLAN, READING_CLARIFY, READING_DECLINED } ReadingStatus;

/* How a question stands to the conversation. */
typedef enum {
    TURN_FRESH,  /* a question of its own */
    TURN_FOLLOW, /* it changes the plan before */
    TURN_BACK,   /* the question before the last one, once more */
    TURN_RESET   /* the conversation is forgotten */
} ReadingTurn;

typedef struct {
    ReadingStatus status;
    ReadingTurn turn;
    const char *kept, *changed; /* TURN_FOLLOW with a plan: what of the plan before was kept and changed, in words; else NULL */
    Plan *plan;                 /* READING_PLAN */
    size_t alternative_count;
    Plan **alternatives; /* READING_CLARIFY: two or three plans that read the words differently */
    const char *
        code; /* READING_CLARIFY: AMBIGUOUS; READING_DECLINED: UNKNOWN_TERM, UNKNOWN_VALUE, NO_SUCH_DATA, OUT_OF_RANGE, MIXED_UNITS,
                               UNSUPPORTED_SHAPE, NOT_A_QUERY, ACTION_NOT_SUPPORTED, TOO_BROAD, UNSAFE */
    const char *message; /* one or two sentences: the words concerned, why, and what can be asked */
    size_t nearest_count;
    const char **nearest; /* values or questions close to what was meant, at most three */
    size_t unknown_count;
    const char **unknown; /* the words that were not understood */
} Reading;

/* The words of one data set, ready for look-ups. */
typedef struct Lexicon Lexicon;

/* Makes the lexicon of `catalog` (some milliseconds), to be kept as long as the catalog: read-only, so any number of questions may
 * share it. A program that answers many questions keeps one per catalog and calls question_understand(). */
bool lexicon_build(Arena *arena, const Catalog *catalog, Lexicon **out, Err *err);

/* Reads a question that may be a follow-up: one that says so ("and by region?", "only prod", "what about S3?", "why?", "the second
 * one"), or that alone would be no question, changes the last plan of `conversation` (NULL or empty: none), which must be of the
 * lexicon's data set. What it cannot change is declined; a question that says all it needs is read for itself. The conversation
 * is not changed: conversation_add() and conversation_offer() are the caller's, once there is an answer. */
bool question_follow(Arena *arena, DuckSession *session, const Lexicon *lexicon, const char *question, Day as_of,
                     const Conversation *conversation, Reading *out, Err *err);

/* TURN_BACK for "go back", TURN_RESET for "start over", said alone; else TURN_FRESH. */
ReadingTurn question_command(Arena *arena, const char *question);

/* As question_read(), with a lexicon made before. */
bool question_understand(Arena *arena, DuckSession *session, const Lexicon *lexicon, const char *question, Day as_of,
                         const Plan *previous, Reading *out, Err *err);

/* Reads `question` against `catalog`, with a lexicon made for it alone. `as_of` is "today" (catalog->as_of or --as-of). `session` serves look-ups of identifiers that
 * have no dictionary. `previous` is the plan of the question before, for follow-ups; NULL when there is none. False only for
 * failures of the engine. */
bool question_read(Arena *arena, DuckSession *session, const Catalog *catalog, const char *question, Day as_of,
                   const Plan *previous, Reading *out, Err *err);

#endif
