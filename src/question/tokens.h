/* question/tokens.h: a question as a row of tokens.
 *
 * Normalising folds quotes, dashes, full-width forms and spaces; a token keeps what the user wrote beside its folded form.
 * Words with inner punctuation ("us-east-1", "m5.xlarge", "USE1-BoxUsage:m5.large", an ARN) stay whole here; the lattice
 * splits those that the data does not know. */
#ifndef CURLEW_QUESTION_TOKENS_H
#define CURLEW_QUESTION_TOKENS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"

typedef enum {
    TOKEN_WORD,
    TOKEN_NUMBER,  /* norm: plain decimal text; "1st" is a number too */
    TOKEN_MONEY,   /* norm: decimal text of the amount */
    TOKEN_PERCENT, /* norm: decimal text, "20" for 20 % */
    TOKEN_DATE,    /* norm: YYYY-MM-DD, not checked against the calendar */
    TOKEN_QUOTED,  /* text within quotes: a value, never looked up loosely */
    TOKEN_MARK     /* norm: "," "." "=" ">" ">=" "<" "<=" "-" "/" "(" ")" */
} TokenKind;

typedef struct {
    TokenKind kind;
    const char *text;  /* as written, without quotes */
    const char *norm;  /* folded: ASCII lower case */
    const char *whole; /* the written word this token was split from; NULL when it was not split */
    bool ordinal;      /* "15th" */
} Token;

typedef struct {
    size_t count;
    Token items[QUESTION_TOKENS];
    bool asks; /* ends in a question mark or starts with a question word's verb: may want yes or no */
} Tokens;

/* Reads `question`. ERR_REFUSED with code NOT_A_QUERY (empty), TOO_BROAD (longer than QUESTION_BYTES or QUESTION_TOKENS),
 * or UNSAFE (not UTF-8, control or direction characters). */
bool tokens_read(Arena *arena, const char *question, Tokens *out, Err *err);

/* Whether a word has punctuation inside: "us-east-1", "m5.large", "size_gb". */
bool tokens_is_composite(const Token *token);

/* Splits token `at` at its inner punctuation ("aws-spend" → "aws" "spend"); "=" becomes a mark of its own. False when it has none,
 * or the row would grow beyond QUESTION_TOKENS. */
bool tokens_split(Arena *arena, Tokens *tokens, size_t at);

#endif
