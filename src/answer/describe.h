/* answer/describe.h: the parts of a plan in words, for an answer's basis (inside the room only). */
#ifndef CURLEW_ANSWER_DESCRIBE_H
#define CURLEW_ANSWER_DESCRIBE_H

#include "answer/answer.h"

/* Measure, period, filters, assumptions, currency, source of `out`, from plan and catalog. */
void describe_basis(Arena *arena, const Catalog *catalog, const Plan *plan, Answer *out);

/* What a total is about: the filter values and concepts of the plan ("AmazonRDS, us-east-1"), "total" when nothing
 * narrows it, "these filters" when that would be too long to say. */
const char *describe_scope(Arena *arena, const Catalog *catalog, const Plan *plan);

/* What a share is the share of in its scope: the conditions marked as part; NULL when it is each group's. */
const char *describe_part(Arena *arena, const Catalog *catalog, const Plan *plan);

/* The days of a period, open ends closed by the data. False when there are none. */
bool describe_span(const Catalog *catalog, const PlanTime *time, Day *start, Day *end);
/* The period of the plan, or of all loaded data, half-open. False when the data set has no time. */
bool describe_period(const Catalog *catalog, const Plan *plan, Day *start, Day *end);

/* "a, b and c". */
char *describe_list(Arena *arena, const char *const *items, size_t count);

#endif
