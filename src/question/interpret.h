/* question/interpret.h: the meaning of a whole question becomes a plan.
 *
 * The parser says what the words name; here is decided what is asked: which shape the answer has, over which period, what was left to
 * us to choose. Every such choice is recorded as an assumption. */
#ifndef CURLEW_QUESTION_INTERPRET_H
#define CURLEW_QUESTION_INTERPRET_H

#include "question/chart.h"

typedef struct {
    Arena *arena;
    const Catalog *catalog;
    const FrameContext *context;
    Frame frame; /* used up piece by piece */
    bool asks;   /* starts like a yes-or-no question */
    Plan *plan;
    Refusal refusal;              /* set when the meaning is clear and cannot be answered */
    const char *message;          /* with the refusal, a sentence; NULL = of its topic */
    const char *question_back[2]; /* grains between which a user must choose: "average per what?" */
} Interpretation;

/* False when the parts do not add up to a question (try another reading), or when `refusal` says why not. */
bool interpret(Interpretation *interpretation);

/* Of interpret_shape.c and interpret_times.c. */
bool interpret_shape(Interpretation *in);
/* The two periods of a comparison: said, half said, or the last complete month and the one before. */
bool interpret_sides(Interpretation *in);
/* What yes would mean, where yes or no is asked of a comparison. Of interpret_claim.c. */
void interpret_claim(Interpretation *in);
void interpret_time(Interpretation *in);
/* "closed months": leaves out the one that is running. */
bool interpret_closed(Interpretation *in);
bool interpret_refuse(Interpretation *in, const char *code, const char *message);
const CatalogColumn *interpret_column(const Interpretation *in, const char *name);

#endif
