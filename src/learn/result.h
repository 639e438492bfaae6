/* learn/result.h: answers that were computed before, for the same plan on the same state of the same data: safe by construction.
 *
 * The key is the whole plan as it was read (dates resolved, values as in the data, what was assumed), the fingerprint of the data, "today",
 * and which build of the program it was: two questions share an answer only when every one of these is the same. What looks alike is never
 * taken for the same. */
#ifndef CURLEW_LEARN_RESULT_H
#define CURLEW_LEARN_RESULT_H

#include <stdbool.h>

#include "answer/answer.h"
#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "io/sqlite.h"

const char *learn_result_key(Arena *arena, const Plan *plan, const char *fingerprint, Day as_of, const char *program);

/* The answer kept under `key` into `out`, and the id of the question that it was computed for into `from`; `*found` false when there is none.
 * What cannot be read again counts as none. */
bool learn_result_find(Arena *arena, Sqlite *database, const char *key, Answer *out, const char **from, bool *found, Err *err);

/* The key of words alone: the question as it was typed, the data set and "today" as they were given (NULL = not), on a state of the data. The
 * same words are read the same way by the same program. */
const char *learn_words_key(Arena *arena, const char *question, const char *dataset, const char *as_of, const char *fingerprint,
                            const char *program);

/* As learn_result_find(), by words; `memory` is the conversation that they begin, as JSON. */
bool learn_words_find(Arena *arena, Sqlite *database, const char *key, Answer *out, const char **from, const char **memory,
                      bool *found, Err *err);

/* The text to keep of an answer; NULL when it is not worth keeping: not answered, about the data itself, or too long. */
const char *learn_result_text(Arena *arena, const Answer *answer);

#endif
