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
#include "question/plan.h"

typedef enum { READING_PLAN, READING_CLARIFY, READING_DECLINED } ReadingStatus;

typedef struct {
    ReadingStatus status;
    Plan *plan; /* READING_PLAN */
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

/* As question_read(), with a lexicon made before. */
bool question_understand(Arena *arena, DuckSession *session, const Lexicon *lexicon, const char *question, Day as_of,
                         const Plan *previous, Reading *out, Err *err);

/* Reads `question` against `catalog`, with a lexicon made for it alone. `as_of` is "today" (catalog->as_of or --as-of). `session` serves look-ups of identifiers that
 * have no dictionary. `previous` is the plan of the question before, for follow-ups; NULL when there is none. False only for
 * failures of the engine. */
bool question_read(Arena *arena, DuckSession *session, const Catalog *catalog, const char *question, Day as_of,
                   const Plan *previous, Reading *out, Err *err);

#endif
