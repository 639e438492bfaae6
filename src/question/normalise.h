/* question/normalise.h: the characters of a question folded to those that the tokeniser knows. */
#ifndef CURLEW_QUESTION_NORMALISE_H
#define CURLEW_QUESTION_NORMALISE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"

/* A copy with typographic quotes, dashes, spaces and full-width forms as ASCII (compatibility folding, the part of NFKC that
 * keyboards and office programs produce). ERR_REFUSED with code TOO_BROAD or UNSAFE as tokens_read() says. */
bool normalise(Arena *arena, const char *question, const char **out, Err *err);

#endif
