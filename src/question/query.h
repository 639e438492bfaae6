/* question/query.h: an SQL query under construction. Inside the compiler only; the contract is question/compile.h.
 *
 * Every shape is the same corridor of stages, each a CTE made only when it is needed, each reading the one before:
 *   filtered  the rows of the plan's scope: keys and columns under their output names, flags such as is_current
 *   grouped   aggregates per key
 *   summary   aggregates of those: the median of days, a count of resources above a threshold
 *   valued    what is computed from aggregates: ratios, changes, shares, totals beside each row
 *   ranked    places within partitions
 * and a last SELECT with conditions, total order and a limit. A shape (compile_<shape>.c) says what goes into each stage;
 * query_text() writes the whole, with line breaks, because users read it. */
#ifndef CURLEW_QUESTION_QUERY_H
#define CURLEW_QUESTION_QUERY_H

#include "base/arena.h"
#include "base/err.h"
#include "catalog/catalog.h"
#include "question/compile.h"
#include "question/dialect.h"
#include "question/plan.h"

typedef struct {
    size_t count;
    const char **items;
} Texts;

/* "expression AS name", or the name alone when the expression is NULL: carried from the stage before. */
typedef struct {
    const char *name;
    const char *expression;
} SelectItem;

typedef struct {
    size_t count;
    SelectItem *items;
} SelectList;

typedef struct {
    Arena *arena;
    const Catalog *catalog;
    const Plan *plan;
    const Dialect *dialect;
    bool rollups;        /* the rollup may be read where it covers what is used */
    bool lines_only;     /* something was used that the rollup does not have, or that the rows of a rollup would falsify */
    bool days_used;      /* days were used otherwise than as whole months, which the monthly rollup does not tell apart */
    SelectList filtered; /* of the rows */
    Texts where;         /* conditions on the rows, all of which hold */
    const char *member;  /* with member_names: `filtered` is a union of the rows of each member, this column says of which */
    Texts member_names, member_conditions;
    Texts keys;         /* names that every later stage keeps apart, in order */
    Texts inner_keys;   /* names that only `grouped` keeps apart; `summary` aggregates over them */
    SelectList grouped; /* aggregates and companions; the keys come before them */
    Texts companions;   /* those of `grouped` that go with a key: `summary` takes them along */
    Texts inner_where;  /* conditions on `grouped` before `summary` aggregates it */
    SelectList summary;
    const char *calendar;      /* text of a CTE `calendar` that `valued` joins, or NULL */
    const char *calendar_join; /* "calendar ON a = b" */
    SelectList valued;
    Texts conditions;  /* on the last of these stages, before ranking */
    Texts partition;   /* names; with place_order the rows get places within each partition */
    Texts place_order; /* "expression DESC NULLS LAST" */
    bool dense;        /* rows of equal place_order share a place */
    long long places;  /* rows beyond this place are left out */
    Texts order;       /* of the answer */
    long long limit;
    const char *targets[4]; /* by RankOn: the name of what is ranked and thresholded; NULL when the shape has none */
    const char *bucket;     /* name of the time bucket among the keys, NULL when there is none */
    const char *days_key;   /* of an average: the key that tells weekends from weekdays, NULL when there is none */
    Texts split_keys;       /* those of the keys that keep currencies and units apart */
    size_t column_count;
    CompiledColumn *columns; /* of the answer */
} Query;

void texts_add(Arena *arena, Texts *texts, const char *text);
bool texts_has(const Texts *texts, const char *text);
const char *texts_join(Arena *arena, const Texts *texts, const char *separator);
void select_add(Arena *arena, SelectList *list, const char *name, const char *expression);
const SelectItem *select_find(const SelectList *list, const char *name);

/* A name that no column of the data set and none of the query has: `wish`, or it with "_2", "_3", … behind. */
const char *query_name(const Query *query, const char *wish);
/* The name of a stage: a data set may itself be called like one, and a CTE must not hide a table. */
const char *query_stage(const Query *query, const char *name);
/* Notes that the column is read, which decides between rollups and lines. */
void query_touch(Query *query, const char *column);
/* The cheapest relation that has all that was noted: by month, by day, or the lines. */
const char *query_relation(const Query *query);
/* Makes the column available after `filtered` under its own name; empty text becomes NULL. */
void query_use(Query *query, const char *column);
/* The column of the data set as a quoted identifier, NULL where its text is empty. */
const char *query_value(Query *query, const CatalogColumn *column);
/* Appends a column of the answer. */
CompiledColumn *query_column(Query *query, CompiledColumn column);

/* The whole text; NULL after a mistake in a literal. */
const char *query_text(const Query *query, const char *relation);

/* compile_filter.c: conditions on rows. All of them count the columns they read as touched. */
const char *filter_condition(Query *query, const PlanFilter *filter);
const char *concept_condition(Query *query, const Concept *concept, bool negated);
/* The column that says when: x_ChargeDate, the table's time column, or the billing period; and that as a DATE. */
const char *time_column(Query *query, bool by_billing_period);
const char *time_date(Query *query, bool by_billing_period);
/* NULL when the period is all loaded data. */
const char *time_condition(Query *query, const PlanTime *time);
/* Period and calendar of the plan, both sides of a comparison of periods. */
void filter_times(Query *query);
/* Filters and concepts of the plan: of a share those with the same `part`, of other intents all. What a comparison of values
 * sets side by side is left out. */
Texts filter_conditions(Query *query, bool part);

/* compile_measure.c: what a measure is in SQL. */
typedef struct {
    const Measure *measure;
    const char *name;       /* of its column */
    const char *expression; /* the name as SQL */
    bool additive;          /* sums of groups are the sum of the whole */
} Value;

/* Adds a measure (divided by `per` unless NULL) to `grouped` under `name`, over the rows where the boolean
 * column `flag` of `filtered` is true (NULL: all rows). */
Value value_add(Query *query, const Measure *measure, const Measure *per, const char *name, const char *flag);
/* The same for measure `index` of the plan; the first is divided by plan.per. */
Value value_of_plan(Query *query, size_t index, const char *name, const char *flag);
/* Name of measure `index` as a column: "BilledCost", "BilledCost_per_ConsumedQuantity". */
const char *value_name(Query *query, size_t index);
/* Label for people and unit (NULL when rows have different ones). */
const char *value_label(Query *query, size_t index);
const char *value_unit(Query *query, size_t index);
/* Appends a column of the answer with the measure's label and unit. */
CompiledColumn *value_show(Query *query, const Value *value, size_t index, ColumnRole role);
/* Adds the keys that keep currencies and units of the plan's measures apart, and their columns; and the conditions that all
 * of its measures share. */
void value_split(Query *query);

/* compile_parts.c: what several shapes are made of. */
/* Adds a dimension to the keys, its companion, and their columns. */
void key_add(Query *query, const char *dimension);
/* A key that tells weekends from weekdays; its name. */
const char *days_key_add(Query *query);
/* All of group_by. */
void keys_add(Query *query);
/* The bucket's expression over the rows; the name under which it was added to `filtered`. NULL without a time column. */
const char *bucket_expression(Query *query, Grain grain);
const char *bucket_use(Query *query, Grain grain);
/* Adds the plan's `grain`, if any, to the keys, with its column. */
void bucket_add(Query *query);
/* Adds a boolean column to `filtered`. */
const char *flag_add(Query *query, const char *wish, const char *condition);
/* A column of `valued` with its column of the answer. */
void valued_add(Query *query, const char *expression, CompiledColumn column);
/* round(100 * part / whole, 10), NULL when whole is zero; round(part / whole, 10). */
const char *percent_expression(Query *query, const char *part, const char *whole);
const char *ratio_expression(Query *query, const char *part, const char *whole);
/* The sum of an additive value over all rows of the scope (of the same currency, unit, and bucket when `per_bucket`). */
const char *total_expression(Query *query, const Value *value, bool per_bucket);
/* Period, calendar, filters and concepts of the plan (of a share: those of the whole) as conditions on the rows. */
void rows_add(Query *query);
/* Whether the plan's first measure is a ratio, which is undefined (NULL) where there is nothing to divide by. */
bool query_is_ratio(const Query *query);
/* All measures of the plan as columns, the first of which becomes the target of ranks; gives the first. */
Value measures_add(Query *query);
/* compile_share.c: of LIST and COUNT, what the members of the subject must lack, as conditions on the aggregates of each. */
bool lacks_something(const Plan *plan);
void lacks_add(Query *query, Texts *conditions);
/* The hidden total of the scope beside each row: shares add up against it, and it tells how much a ranking leaves out. */
void total_add(Query *query, const Value *value, size_t index, const char *wish);
/* The share of each row as a column and as a target; false when the value has no total. */
bool share_add(Query *query, const Value *value, bool per_bucket, Err *err);
/* The plan's thresholds as conditions on query->targets. */
void having_add(Query *query, Texts *conditions);
/* Charged only, thresholds, empty values left out of rankings, places, order of the answer: over query->targets. */
void rank_add(Query *query, const char *charged);
/* The name of a column of the last stage that says what was charged, for charged_only; NULL when nothing does. */
const char *charged_name(Query *query, const Value *first);
/* Order by keys as the last word, so that ties come out the same every time. */
void order_by(Query *query, const char *name, bool descending);
void order_by_keys(Query *query);

/* The shapes, one per intent; false with UNSUPPORTED_SHAPE when the plan asks for what the shape cannot say. */
bool compile_total(Query *query, Err *err);
bool compile_breakdown(Query *query, Err *err);
bool compile_series(Query *query, Err *err);
bool compile_days(Query *query, Err *err);
bool compile_compare(Query *query, Err *err);
bool compile_values(Query *query, Err *err);
bool compile_share(Query *query, Err *err);
bool compile_count(Query *query, Err *err);
bool compile_stat(Query *query, Err *err);
bool compile_list(Query *query, Err *err);
bool compile_detail(Query *query, Err *err);
bool compile_first_last(Query *query, Err *err);
bool compile_new_gone(Query *query, Err *err);

#endif
