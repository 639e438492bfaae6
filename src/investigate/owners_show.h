/* investigate/owners_show.h: a report on owners in the forms it is read in. */
#ifndef CURLEW_INVESTIGATE_OWNERS_SHOW_H
#define CURLEW_INVESTIGATE_OWNERS_SHOW_H

#include "answer/report.h"
#include "base/json.h"
#include "base/table.h"
#include "investigate/owners.h"

/* The object of `owners --json`: resources, self_exam, rollup and what else the contract names; with `commands` also those. */
Json *owners_json(Arena *arena, const OwnersReport *report, bool commands);

/* For people: what it comes to, whether it can be trusted, the dearest resources (`limit`, 0 = OWNERS_SHOWN), owners, orphans. */
Report *owners_text(Arena *arena, const OwnersReport *report, size_t limit);

/* One row per resource without the tag. */
const Table *owners_table(Arena *arena, const OwnersReport *report);

/* Commands that set the tag on the resources named at the report's confidence, to be reviewed and run in their accounts: lines of a
 * shell script with comments. Values are quoted so that no shell reads them as anything but text; what cannot be written safely, or has
 * no ARN that can be known, is said in a comment. `runnable` gets the commands alone. */
const char *owners_commands(Arena *arena, const OwnersReport *report, const char ***runnable, size_t *count);

/* A cost of everything loaded as cost of an average month, exact to ten decimals. */
const char *owners_monthly(Arena *arena, const OwnersReport *report, Decimal cost);

/* Part of a whole, 0 of nothing; the share of taggable spend that has an owner when those named are believed. */
double owners_share(Decimal part, Decimal whole);
double owners_coverage_after(const OwnersReport *report);

/* "97%"; "–" for none. */
const char *owners_percent(Arena *arena, double share);

#endif
