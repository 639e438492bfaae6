/* question/reading.h: the steps of understanding that a question and a follow-up share. Inside the room only; the contract is
 * question/understand.h.
 *
 * Words are parsed once; what is then made of a parse (a plan of its own, or a change of the plan before) is the maker's part. */
#ifndef CURLEW_QUESTION_READING_H
#define CURLEW_QUESTION_READING_H

#include "question/chart.h"
#include "question/interpret.h"
#include "question/understand.h"

typedef struct {
    Lattice *lattice;
    size_t count;
    ChartReading *readings; /* best first */
    bool asks;              /* starts like a question for yes or no */
} Parsed;

/* What the words of `text` are, as tokens; what cannot be a question is declined in `out` and gives NULL. */
Tokens *reading_tokens(Arena *arena, const char *text, Reading *out);

/* False only when the engine fails. */
bool reading_parse(Arena *arena, DuckSession *session, const Lexicon *lexicon, const Tokens *tokens, Day as_of, Parsed *out,
                   Err *err);

/* Whether the best reading takes every word, and no word asks for what is refused whatever else is said. */
bool reading_is_whole(Arena *arena, const Parsed *parsed);

/* Makes in->plan of in->frame; false with a refusal, or when the parts do not add up. interpret() is one. */
typedef bool PlanMaker(Interpretation *in, const void *context);

/* The decision: a plan, a question back, or a decline. Every word is part of the reading that is answered. */
void reading_decide(Arena *arena, const Parsed *parsed, PlanMaker *maker, const void *context, Reading *out);

#endif
