/* investigate/features.h: the relations that inference rules read (inside the room only), each made once per run.
 *
 * rules/README.md describes them. `line`, `line_day`, `fee` and `period` are what the features stand on: the bill's lines under short
 * names, with what it lacks as NULL. A feature is made when the first rule asks for it: cleared SQL whose rows the engine keeps. */
#ifndef CURLEW_INVESTIGATE_FEATURES_H
#define CURLEW_INVESTIGATE_FEATURES_H

#include "base/date.h"
#include "investigate/desk.h"
#include "investigate/rule.h"

typedef struct Features Features;

/* The month that rules judge. */
typedef struct {
    Day start, end; /* half-open */
    bool complete;  /* the data holds all of it */
    double days, hours;
    const char *data_start, *data_end; /* timestamps of the whole data */
    Day first_day, last_day;
    double step_hours; /* what most lines span: 1, 24, 730 */
} RulePeriod;

/* The month named ("2026-09"), or the last complete one, or the last one there is. ERR_INPUT for a month without lines. */
bool features_period(Arena *arena, const Catalog *catalog, const char *month, RulePeriod *out, Err *err);

/* `desk` lends engine and catalog; a guard that knows the features' tables is opened here. */
bool features_open(Arena *arena, const Desk *desk, const RuleBook *book, const RulePeriod *period, Features **out, Err *err);

/* Runs SQL over features (already of the engine's dialect), making those that it names. */
bool features_query(Arena *arena, Features *features, const char *sql, Table **out, Err *err);

/* Makes what `sql` names, so that several threads can ask afterwards. */
bool features_prepare(Arena *arena, Features *features, const char *sql, Err *err);
/* The same relations for another thread, with a guard of its own in `arena`; everything that is asked of it must have been prepared. */
bool features_share(Arena *arena, const Features *features, Features **out, Err *err);

/* What of `needs` the data lacks, in words a user reads ("hourly lines"); empty when nothing is missing. */
RuleTexts features_missing(Arena *arena, const Features *features, const RuleTexts *needs);

/* The SQL of a feature in a dialect: its parameters, and the period's {start_day}, {end_day}, {data_end} as constants, so that the scan of
 * lines is limited by them. */
bool feature_sql(Arena *arena, const Feature *feature, const RulePeriod *period, const Dialect *dialect, const char **out,
                 Err *err);

/* The relations under the features for a bill in this engine. (relation.c) */
typedef struct {
    const char *line, *line_day, *fee, *period; /* SELECT statements */
} BaseRelations;
bool relations_of_bill(Arena *arena, const Catalog *catalog, const RulePeriod *period, BaseRelations *out, Err *err);

#endif
