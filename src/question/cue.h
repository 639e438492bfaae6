/* question/cue.h: the words with which a question continues the one before.
 *
 * Cues ("and", "what about", "only", "instead"), steps of the conversation ("go back"), and references to the answer before ("it",
 * "those", "the second one", "that account") are taken out of the tokens, by tables/followups.tsv; what is left is read like any
 * question. Nothing is decided here: whether a reference has something to refer to is follow.c's part. */
#ifndef CURLEW_QUESTION_CUE_H
#define CURLEW_QUESTION_CUE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "question/conversation.h"
#include "question/lexicon.h"
#include "question/plan.h"
#include "question/tokens.h"
#include "question/understand.h"

typedef enum {
    REFER_NONE,
    REFER_WHOLE,  /* "it", "that": what was asked about */
    REFER_ROWS,   /* "those": every row of the answer */
    REFER_OTHERS, /* "the rest" */
    REFER_ROW,    /* "the second one" */
    REFER_MEMBER, /* "which one": of the kind that the rows are */
    REFER_NAMED   /* "that account": the one spoken of */
} Reference;

typedef struct {
    bool follow; /* some word continues; the flags below say how */
    bool about, add, all, replace, narrow, again, average, ungroup, unrank, unfilter, unshare;
    const char *command; /* "back", "reset": the whole question; NULL */
    Reference reference;
    long row;              /* REFER_ROW: 1 = the first, -1 = the last */
    bool by_size;          /* the row was said by what it costs: "the biggest one" */
    bool smallest;         /* … "the cheapest one" */
    const char *dimension; /* column that the reference names: "that account"; NULL */
    Grain grain;           /* "that month" */
    size_t reference_at;   /* token of `tokens` at which it stands */
    const char *words;     /* the reference as written */
    Tokens rest;           /* without cues and references */
    Tokens with_cost;      /* the same with "cost" in place of a reference to the whole: "how much of that is …" */
} Cues;

/* "back" or "reset" where the whole question says so, else NULL. */
const char *cues_command(Arena *arena, const Tokens *tokens);

/* `keys` are the rows of the answer before: "the top account" is one of them only where they are accounts. */
void cues_find(Arena *arena, const Lexicon *lexicon, const Tokens *tokens, const ConversationKeys *keys, Cues *out);

#endif
