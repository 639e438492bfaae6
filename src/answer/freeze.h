/* answer/freeze.h: an answer as text, and back: kept for the same plan on the same data, and identical to what was computed.
 *
 * The form is ours alone and belongs to the program's version: it is never read by another one. */
#ifndef CURLEW_ANSWER_FREEZE_H
#define CURLEW_ANSWER_FREEZE_H

#include "answer/answer.h"
#include "base/json.h"

/* All of an answered question but who asked it when and how long it took (question, id in the log, times, row_limit). */
Json *answer_freeze(Arena *arena, const Answer *answer);

/* Fills what answer_freeze() kept into `out`, whose other members stay as they are. ERR_INPUT when `json` is no frozen answer. */
bool answer_thaw(Arena *arena, const Json *json, Answer *out, Err *err);

#endif
