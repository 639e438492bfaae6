/* question/words.h: periods, filters and measures of a plan in the words that answers show. Deterministic. */
#ifndef CURLEW_QUESTION_WORDS_H
#define CURLEW_QUESTION_WORDS_H

#include "base/arena.h"
#include "catalog/catalog.h"
#include "question/plan.h"

/* "September 2026", "2026", "Q3 2026", "14 September 2026", "2026-09-01 to 2026-09-12" (both days included), "before
 * September 2026", "all loaded data (2026-07-01 to 2026-10-12)"; "billing period …" where that is meant. */
const char *words_period(Arena *arena, const Catalog *catalog, const PlanTime *time);
/* The same as part of a column's name, safe in SQL without quotes: "2026_09", "2026", "2026_q3", "2026_09_14",
 * "2026_09_01_to_2026_09_12", "before_2026_09_01", "all". */
const char *words_period_name(Arena *arena, const PlanTime *time);

/* "service Amazon EC2 or AWS Lambda", "region not us-east-1", "no team tag". */
const char *words_filter(Arena *arena, const Catalog *catalog, const PlanFilter *filter);
/* "NAT gateway", "not spot". */
const char *words_concept(Arena *arena, const Catalog *catalog, const PlanConcept *concept);

#endif
