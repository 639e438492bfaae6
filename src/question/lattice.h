/* question/lattice.h: all meanings of all spans of a question.
 *
 * Spans of up to LATTICE_SPAN tokens are looked up in the lexicon, periods and numbers are read, and what is still unknown is linked
 * to values of the data: by parts of names, beginnings, slips of the fingers, identifiers. All candidates are kept; the grammar chooses. */
#ifndef CURLEW_QUESTION_LATTICE_H
#define CURLEW_QUESTION_LATTICE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "question/frame.h"
#include "question/lexicon.h"
#include "question/tokens.h"
#include "question/understand.h"

#define LATTICE_SPAN 8
#define LATTICE_MEANINGS 1500

/* One meaning of tokens [from, to). */
typedef struct {
    size_t from, to;
    int symbol;
    float score;
    Frame frame;
    const char *assumed; /* "read "athenna" as "Amazon Athena"", to be shown; NULL */
    bool value;          /* a value of the data, for ambiguity */
} Meaning;

typedef struct {
    FrameContext context;
    const Lexicon *lexicon;
    DuckSession *session;
    Tokens tokens;
    size_t count;
    Meaning *items;
    bool stop[QUESTION_TOKENS];    /* may be skipped for free */
    bool known[QUESTION_TOKENS];   /* lies in some meaning */
    bool english[QUESTION_TOKENS]; /* an everyday word without a meaning here */
    size_t correction_count;
    const char *corrections[QUESTION_TOKENS]; /* "spnd" read as "spend" */
} Lattice;

/* Annotates `tokens` (composites that nobody knows are split). False only when the engine fails. */
bool lattice_make(Arena *arena, DuckSession *session, const Lexicon *lexicon, const Tokens *tokens, Day as_of, Lattice **out,
                  Err *err);

/* The words of tokens [from, to) as the user wrote them. */
const char *lattice_words(const Lattice *lattice, size_t from, size_t to);

/* Whether a word is written like an instance type: "m5.large", "db.r6g.2xlarge". */
bool lattice_is_instance_type(const char *word);

/* Whether token `at` has a meaning in the grammar that names no value: "top", "each", "cost". */
bool lattice_is_functional(const Lattice *lattice, size_t at);

/* Whether tokens [from, to) are a value of the data. */
bool lattice_is_value(const Lattice *lattice, size_t from, size_t to);

/* Adds a meaning; past LATTICE_MEANINGS nothing is added. */
void lattice_add(Lattice *lattice, size_t from, size_t to, int symbol, float score, const Frame *frame);

#endif
