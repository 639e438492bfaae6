/* question/plan.h: the plan of a question (its intermediate representation, IR): the only road from words to SQL.
 *
 * Flat and non-recursive, so that an LLM can be held to its JSON schema. The offline planner, an LLM, learned questions and
 * programs all produce it; plan_check() validates every one of them; compile.h turns it into SQL. Plain data in an arena.
 * Numbers are exact decimal texts; values are raw values of the data; dates are resolved. */
#ifndef CURLEW_QUESTION_PLAN_H
#define CURLEW_QUESTION_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "base/json.h"
#include "catalog/catalog.h"

typedef enum {
    INTENT_TOTAL,     /* one row: the measures */
    INTENT_BREAKDOWN, /* one row per combination of group_by, highest first (or per order/rank) */
    INTENT_SERIES,    /* one row per bucket of `grain` (and group_by), in time order */
    INTENT_COMPARE,   /* both sides of `compare` as columns, with change and percent, per group_by */
    INTENT_SHARE,     /* percent of the scope's total: of the filters, or per group_by */
    INTENT_COUNT,  /* count of distinct values of `subject`, per group_by and grain; `having` and charged_only limit the values
                          counted ("how many resources cost more than $100"). Without subject: of the buckets of agg_grain ("how many
                          days cost more than $1000"). "Accounts with more than 5 services" is a BREAKDOWN by a counting measure */
    INTENT_STAT,   /* `agg` over `agg_grain`: average per day, highest day, median, cumulative */
    INTENT_LIST,   /* the distinct values of `subject` with their cost: "which accounts do we have" */
    INTENT_DETAIL, /* rows of a table: `columns` of the rows that match (tables only) */
    INTENT_FIRST_LAST, /* first or last day on which something was seen or charged (charged_only), per subject and group_by; agg FIRST
                          or LAST, else both */
    INTENT_NEW_GONE, /* members of subject (else group_by) on one side of `compare` and not on the other: agg FIRST = new (in a, not
                          in b), LAST = gone (in b, not in a), else both; b without start = everything before b.end */
    INTENT_DRIVERS, /* what changed most between the sides of `compare` */
    INTENT_META,    /* answered from the catalog, no SQL on facts: `meta` says what */
    /* Answered by investigate/ from the daily costs that their SQL gives: */
    INTENT_ANOMALY, /* unusual days within `time`: of group_by if named, else wherever they show best; having on DELTA = at least so
                          much more or less than usual */
    INTENT_FORECAST /* what `time`, a period that has not ended, will cost, learned from the days of `learned`; agg AVERAGE = the average
                          of these days times the days of the period (run rate); group_by = at most one dimension */
} Intent;

typedef enum {
    FILTER_IN,
    FILTER_NOT_IN, /* keeps NULL */
    FILTER_EMPTY,  /* NULL or '' */
    FILTER_NOT_EMPTY,
    FILTER_CONTAINS, /* any of the values, case ignored */
    FILTER_NOT_CONTAINS,
    FILTER_AT_LEAST, /* >= values[0]: rows of a table by a number or date column, before grouping */
    FILTER_ABOVE,
    FILTER_AT_MOST,
    FILTER_BELOW,
    FILTER_ALL_TAGS_EMPTY, /* no tag key has a value; dimension is NULL */
    FILTER_ANY_TAG         /* some tag key has a value; dimension is NULL */
} FilterOp;

typedef struct {
    const char *dimension; /* column name of the catalog */
    FilterOp op;
    size_t value_count;
    const char **values;
    const char *than; /* ABOVE, BELOW, AT_LEAST, AT_MOST: another column of the table in place of a value; NULL */
    bool part; /* SHARE: limits only the part (numerator), not the whole it is a share of. With no such filter or concept,
                  a share is each group's of the scope's total.
                  LIST, COUNT of a subject: names what its members must lack: "accounts without Lambda" have no line that is of a part (with
                  charged_only none that cost something), which no condition on single lines can say.
                  COMPARE_VALUES without dimension: one of the things set beside each other */
} PlanFilter;

typedef struct {
    const char *id; /* concept of the catalog */
    bool negated;   /* rows that are not of it */
    bool part;      /* as in PlanFilter */
} PlanConcept;

typedef enum {
    GRAIN_NONE,
    GRAIN_HOUR,
    GRAIN_DAY,
    GRAIN_WEEK,
    GRAIN_MONTH,
    GRAIN_QUARTER,
    GRAIN_YEAR,
    GRAIN_BILLING_PERIOD
} Grain;

typedef struct {
    Day start, end;         /* half-open; DAY_NONE start = all loaded data */
    bool partial;           /* the period has not fully elapsed in the data */
    bool by_billing_period; /* "invoice", "billing period": by BillingPeriodStart instead of the time of use */
    const char *words;      /* how the user said it, "last month"; NULL when not said */
} PlanTime;

typedef enum {
    COMPARE_NONE,
    COMPARE_PERIODS,
    COMPARE_VALUES,
    COMPARE_CALENDAR /* a row for weekdays, one for weekends */
} CompareKind;
typedef struct {
    CompareKind kind;
    PlanTime a, b; /* COMPARE_PERIODS: a is the later or first-named "current" side, b the one compared with; plan.time is not
                              used. With `grain` the buckets of b are set beside those of a, first beside first */
    const char *dimension; /* COMPARE_VALUES: one row per value of this dimension, filter IN holds the values; a single value is
                              compared with all the rest. NULL: one row per concept of the plan that is not negated and per value
                              of each filter IN with `part` ("EC2 and NAT gateways") */
    bool elapsed;          /* both sides cut to the same number of elapsed days */
} PlanCompare;

typedef enum { ON_VALUE, ON_DELTA, ON_PERCENT, ON_SHARE } RankOn;
typedef struct {
    bool present;
    RankOn on;
    bool ascending;
    long long n;      /* 0 = all, ordered */
    const char *each; /* partition dimension: "top 3 services per account"; NULL = over all */
    const char
        *until; /* BREAKDOWN: the highest rows until together they make so many percent of the total; NULL = no such end */
    bool positive_only; /* "cheapest with any spend", "grew": only rows above zero of what is ranked */
} PlanRank;

typedef enum { HAVING_ABOVE, HAVING_AT_LEAST, HAVING_BELOW, HAVING_AT_MOST, HAVING_BETWEEN, HAVING_ABS_ABOVE } HavingOp;
typedef struct {
    RankOn on;
    HavingOp op;
    const char *value, *value2; /* decimal text; value2 for BETWEEN */
} PlanHaving;

typedef enum { AGG_NONE, AGG_AVERAGE, AGG_MEDIAN, AGG_MAXIMUM, AGG_MINIMUM, AGG_CUMULATIVE, AGG_FIRST, AGG_LAST } Agg;

typedef enum { CALENDAR_ALL, CALENDAR_WEEKDAYS, CALENDAR_WEEKENDS, CALENDAR_DAYS_OF_WEEK } Calendar;

/* What yes means in answer to a comparison: of periods that a is more (less) than b, of values that the row `claimed` is more (less)
 * than the other one. */
typedef enum { CLAIM_NONE, CLAIM_MORE, CLAIM_LESS, CLAIM_CHANGED } PlanClaim;

/* Something the planner decided without being told; shown with the answer. */
typedef struct {
    const char *field; /* "measure", "time", "limit", "value", … */
    const char *why;   /* "no period given: all loaded data" */
} PlanAssumption;

typedef struct {
    Intent intent;
    const char *dataset;
    size_t measure_count;
    const char **measures; /* names of the catalog; the first is ranked and thresholded */
    const char *per;       /* measure by which the first one is divided, a ratio of sums: "cost per GB"; NULL */
    const char *per_count; /* of how many of those units the ratio tells: "1000000" for "per million requests"; NULL = one */
    Agg agg;
    Grain agg_grain;           /* AVERAGE/MEDIAN/MAXIMUM/MINIMUM per this bucket; GRAIN_NONE with agg_dimension or over rows */
    const char *agg_dimension; /* "average per resource": per distinct value of this dimension; NULL */
    size_t group_count;
    const char **group_by;
    Grain grain;
    size_t filter_count;
    PlanFilter *filters;
    size_t concept_count;
    PlanConcept *concepts;
    PlanTime time;
    PlanCompare compare;
    PlanTime learned; /* FORECAST: the days it is learned from; without start as many as fit the method */
    PlanRank rank;
    size_t having_count;
    PlanHaving *having;
    Calendar calendar;
    unsigned days_of_week; /* bit 0 = Monday, for CALENDAR_DAYS_OF_WEEK */
    const char *subject;   /* COUNT, LIST, FIRST_LAST, NEW_GONE: the dimension meant */
    bool charged_only;     /* "pay for", "first charged": only cost above zero */
    bool yes_no;           /* the question wants yes or no; `having`, else `claim` decides it */
    PlanClaim claim;
    const char *claimed; /* COMPARE_VALUES: a value, or the id of a concept; COMPARE_CALENDAR: "weekday" or "weekend" */
    size_t column_count;
    const char **columns; /* DETAIL: columns to show */
    const char *meta;     /* META: "tags", "columns", "period", "definition:<measure or term>", "data" */
    long long limit;      /* 0 = RESULT_ROWS */
    const char *chart;    /* "auto", "bar", "line", "table", … as wished by the user */
    size_t assumption_count;
    PlanAssumption *assumptions;
} Plan;

/* An all-defaults plan on `catalog`: total of its first measure over all loaded data. */
Plan *plan_make(Arena *arena, const Catalog *catalog);
/* Deep copy; follow-ups patch a copy. */
Plan *plan_copy(Arena *arena, const Plan *plan);

void plan_add_measure(Arena *arena, Plan *plan, const char *measure);
void plan_add_group(Arena *arena, Plan *plan, const char *dimension);
void plan_add_filter(Arena *arena, Plan *plan, const char *dimension, FilterOp op, const char *const *values, size_t count);
void plan_add_concept(Arena *arena, Plan *plan, const char *id, bool negated);
void plan_add_having(Arena *arena, Plan *plan, PlanHaving having);
void plan_assume(Arena *arena, Plan *plan, const char *field, const char *why);

/* Whether the plan can be answered on this data: dimensions and measures exist, units do not mix, periods are in range, both
 * sides of a comparison hold data. ERR_REFUSED with a code of planner.md (NO_SUCH_DATA, OUT_OF_RANGE, MIXED_UNITS,
 * UNSUPPORTED_SHAPE, …) and a sentence that says what can be asked instead. */
bool plan_check(Arena *arena, const Catalog *catalog, const Plan *plan, Err *err);

/* JSON form ("v":1, field names of this header) and back; reading rejects unknown fields and values. */
Json *plan_json(Arena *arena, const Plan *plan);
bool plan_read(Arena *arena, const Catalog *catalog, const Json *json, Plan **out, Err *err);

/* SHA-256 of the canonical form (sorted filters and values; no assumptions, words, chart): equal plans, equal hashes. */
const char *plan_hash(Arena *arena, const Plan *plan);

/* The plan in words: "Billed cost by service, September 2026, account lumenpay-prod, top 5". Deterministic. */
const char *plan_paraphrase(Arena *arena, const Catalog *catalog, const Plan *plan);

const char *plan_grain_name(Grain grain); /* "day", … */

#endif
