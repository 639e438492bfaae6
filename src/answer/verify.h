/* answer/verify.h: cutting quantities out of prose (inside the room only). */
#ifndef CURLEW_ANSWER_VERIFY_H
#define CURLEW_ANSWER_VERIFY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* Length in bytes of the quantity that begins exactly at `text`, 0 when none does: days and periods ("2026-09-01",
 * "2026-09-01 to 2026-09-12", "September 2026", "Q3 2026"), money ("$1,234.50", "-EUR 12", "€5"), percent ("12.3%", "12 %",
 * "12 percent"), numbers with separators, a letter for thousands ("1.2k", "$1.2M") or a unit ("12.5 GB"). */
size_t verify_span(const char *text);

/* Whether two quantities say the same: equal sign, currency or unit, and exact value; a period only in equal words. A count may
 * be followed by the name of what is counted ("12 SKUs"). */
bool verify_same(const char *display, const char *span, bool is_count);

/* Whether a text claims nothing and can stand in a sentence as it is: no quantity, number word, superlative or mark-up. Labels come
 * from headers and tag keys, which may be called anything. */
bool verify_is_plain(Arena *arena, const char *text);

#endif
