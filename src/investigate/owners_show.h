/* investigate/owners_show.h: a report on owners in the forms it is read in. */
#ifndef CURLEW_INVESTIGATE_OWNERS_SHOW_H
#define CURLEW_INVESTIGATE_OWNERS_SHOW_H

#include "answer/report.h"
#include "base/json.h"
#include "investigate/owners.h"

/* The object of `owners --json`: resources, self_exam, rollup and the rest of the contract. */
Json *owners_json(Arena *arena, const OwnersReport *report);

/* A cost of everything loaded as cost of an average month, exact to ten decimals. */
const char *owners_monthly(Arena *arena, const OwnersReport *report, Decimal cost);

#endif
