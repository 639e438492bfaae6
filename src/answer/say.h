/* answer/say.h: the phrases that summaries are made of (inside the room only). Each adds the facts it speaks of. */
#ifndef CURLEW_ANSWER_SAY_H
#define CURLEW_ANSWER_SAY_H

#include "answer/facts.h"
#include "base/text.h"

/* The row's name, in bold. */
void say_name(Facts *facts, Buffer *out, size_t row);
/* With a capital letter: the beginning of a sentence. */
char *say_capital(Arena *arena, const char *text);
/* What a value column measures; the columns of a comparison add their period, which the sentence says itself. */
const char *say_label(const Facts *facts, int column);
/* " in September 2026", " over everything loaded (…)", or "". */
void say_period(Facts *facts, Buffer *out);
/* "in" September 2026, "on" 2026-09-01, "from" 2026-09-01 to 2026-09-12. */
const char *say_preposition(const char *period);
/* "comes to", after labels in the plural "come to". */
const char *say_verb(const char *label);
/* One side of a comparison in words. */
const char *say_side(Facts *facts, const PlanTime *side, const char *subject);
/* " of **AmazonRDS**", or "" where nothing narrows the question. */
void say_scope(Facts *facts, Buffer *out);
/* " at $1,234.00 (12.3%)" */
void say_value_and_share(Facts *facts, Buffer *out, size_t row, int column);
/* " rose by $5.00 (12.3%)", " did not change". */
void say_change(Facts *facts, Buffer *out, size_t row);
/* What the rows are: "services", "months". */
const char *say_things(const Facts *facts);
/* "16 services", "1 row". */
void say_count(Facts *facts, Buffer *out, const char *many, const char *single);

/* Whether the rows are all there is: nothing was cut by rank, threshold or limit. */
bool facts_are_whole(const Facts *facts);
/* Whether rows have different units or currencies: they can be neither added nor ranked. */
bool facts_mix_units(const Facts *facts);
/* Row with the highest (1) or lowest (-1) value; row_count when no row has one. */
size_t facts_extreme_row(const Facts *facts, int column, int direction);

#endif
