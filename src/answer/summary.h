/* answer/summary.h: the sentences of an answer, from templates (inside the room only).
 *
 * Grammar that the verifier relies on: a name of the data stands in bold and before its numbers; a superlative stands before
 * the name that it belongs to; a change is said as "rose by" or "fell by"; a number without a name before it in its
 * sentence belongs to the whole scope. */
#ifndef CURLEW_ANSWER_SUMMARY_H
#define CURLEW_ANSWER_SUMMARY_H

#include "answer/facts.h"
#include "base/text.h"

/* One to four sentences of Markdown about the result; appends the facts it speaks of. */
const char *summary_write(Facts *facts);

enum { SUMMARY_LEADERS = 3 }; /* rows that a summary names */

/* summary_compare.c: one row with both sides; rows that changed; members that came or went. */
void summary_two_periods(Facts *facts, Buffer *out);
void summary_movers(Facts *facts, Buffer *out);
void summary_new_gone(Facts *facts, Buffer *out);
/* How what a question claims to be more (or less) stands to the other side: 1 more, -1 less, 0 equal. False where the rows do not
 * show two sides. */
bool summary_claim_order(const Facts *facts, int *out);

/* A name as it stands in a summary: shortened, Markdown's characters escaped, in bold. */
char *summary_name(Arena *arena, const char *subject);
/* The same without bold: exactly what stands between the asterisks. */
char *summary_escape(Arena *arena, const char *text);
/* The summary as plain text: without escapes; names between `open` and `close`. */
char *summary_plain(Arena *arena, const char *markdown, const char *open, const char *close);

#endif
