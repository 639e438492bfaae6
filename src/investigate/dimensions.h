/* investigate/dimensions.h: in which dimension a change shows best (inside the room only).
 *
 * For each dimension: how the change is spread over its members, against how the cost before was spread. Concentration is
 *   sum((|change_i| / moved)^2) x 1/2 sum(| |change_i| / moved - |before_i| / before |),   moved = sum(|change_i|)
 * from 0 (every member moved in proportion to its size) to 1 (a member of no size made all of the change). Members that cancel each
 * other out lower it by |change| / moved, and a member that moved most lowers it by (1 - its share of the cost before)^2: that most
 * of the cost changed most says little. */
#ifndef CURLEW_INVESTIGATE_DIMENSIONS_H
#define CURLEW_INVESTIGATE_DIMENSIONS_H

#include "investigate/desk.h"

/* The member of a dimension that moved most. */
typedef struct {
    const CatalogColumn *column;
    const char *member;    /* NULL = lines without a value */
    const char *companion; /* its account name, or NULL */
    Decimal before, after, change;
    long long changed; /* members whose cost changed */
    double concentration;
} DimensionLead;

/* All dimensions that have at least two members in the scope of the plan, the most concentrated first: service, account, region,
 * usage type, charge category, line item type, purchase option, tags that cover at least a fifth of the lines. */
bool dimensions_rank(Arena *arena, const Desk *desk, const Plan *plan, DimensionLead **leads, size_t *count, Err *err);

/* The one to open up: the most concentrated that says where (not of what kind a charge is), moved by a member with a name. NULL
 * of none. */
const DimensionLead *dimensions_lead(const DimensionLead *leads, size_t count);

#endif
