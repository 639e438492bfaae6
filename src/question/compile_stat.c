/* STAT: averages, medians, highest and lowest buckets, running totals. */
#include "question/query.h"

#include "base/sql.h"
#include "base/text.h"

static const char *stat_word(Agg agg) {
    static const char *const words[] = {"", "average", "median", "maximum", "minimum", "cumulative", "first", "last"};
    return words[agg];
}

/* A column of a statistic: "average_BilledCost". */
static const char *stat_name(Query *query, size_t index) {
    return query_name(query, arena_printf(query->arena, "%s_%s", stat_word(query->plan->agg), value_name(query, index)));
}

static const char *stat_label(Query *query, size_t index) {
    const Plan *plan = query->plan;
    const char *word = plan->agg == AGG_CUMULATIVE ? "running total of" : stat_word(plan->agg);
    const CatalogColumn *member = plan->agg_dimension ? catalog_column(query->catalog, plan->agg_dimension) : NULL;
    const char *label = value_label(query, index);
    if (plan->agg == AGG_CUMULATIVE) return arena_printf(query->arena, "%s %s", word, label);
    if (member) return arena_printf(query->arena, "%s %s per %s", word, label, member->label);
    if (plan->agg_grain == GRAIN_NONE) return arena_printf(query->arena, "%s %s", word, label);
    return arena_printf(query->arena, "%s %s per %s", word, label,
                        plan->agg_grain == GRAIN_BILLING_PERIOD ? "billing period" : plan_grain_name(plan->agg_grain));
}

static CompiledColumn stat_column(Query *query, size_t index, const char *name) {
    const Measure *measure = catalog_measure(query->catalog, query->plan->measures[index]);
    return (CompiledColumn){.name = name,
                            .label = stat_label(query, index),
                            .role = ROLE_MEASURE,
                            .measure = measure->name,
                            .unit = value_unit(query, index)};
}

/* Days of the period that have data at all: a service that ran on three days of September still cost its total / 30 a day,
 * so that the averages of all services add up to the average of the bill. */
static const char *days_with_data(Query *query, Texts *where) {
    const CatalogColumn *time = query->catalog->time_column;
    Query days = {.arena = query->arena, .catalog = query->catalog, .plan = query->plan, .dialect = query->dialect};
    filter_times(&days);
    *where = days.where;
    const bool covered = time && time->in_rollup && !days.lines_only && query->plan->agg_grain != GRAIN_HOUR;
    return sql_format(query->arena, "%I", query->rollups && covered ? query->catalog->rollup : query->catalog->dataset);
}

/* The number of buckets as an expression for `valued`: of the whole period, or of each bucket of plan.grain by a join. */
static const char *bucket_count(Query *query) {
    const Plan *plan = query->plan;
    Texts where = {0};
    const char *relation = days_with_data(query, &where);
    const char *bucket = bucket_expression(query, plan->agg_grain);
    const char *conditions =
        where.count ? sql_format(query->arena, " WHERE %R", texts_join(query->arena, &where, " AND ")) : "";
    if (plan->grain == GRAIN_NONE)
        return sql_format(query->arena, "(SELECT count(DISTINCT %R) FROM %R%R)", bucket, relation, conditions);
    const char *axis = select_find(&query->filtered, query->bucket)->expression;
    const char *period = query_name(query, "period"), *buckets = query_name(query, "buckets");
    query->calendar =
        sql_format(query->arena, "SELECT\n  %R AS %I,\n  count(DISTINCT %R) AS %I\nFROM %R%R\nGROUP BY 1",
                   axis ? axis : sql_format(query->arena, "%I", query->bucket), period, bucket, buckets, relation, conditions);
    const char *calendar = query_stage(query, "calendar");
    query->calendar_join = sql_format(query->arena, "%R ON %R.%I = %R.%I", calendar, query_stage(query, "grouped"),
                                      query->bucket, calendar, period);
    return sql_format(query->arena, "%I", buckets);
}

/* Weekends and weekdays side by side: each by its own days. */
static const char *days_of_kind(Query *query, const char *key) {
    const Plan *plan = query->plan;
    const char *counts[2];
    static const Calendar KINDS[] = {CALENDAR_WEEKENDS, CALENDAR_WEEKDAYS};
    for (size_t i = 0; i < 2; i++) {
        Plan *kind = plan_copy(query->arena, plan);
        kind->calendar = KINDS[i];
        query->plan = kind;
        counts[i] = bucket_count(query);
    }
    query->plan = plan;
    return sql_format(query->arena, "(CASE WHEN %I = 'weekend' THEN %R ELSE %R END)", key, counts[0], counts[1]);
}

/* What the total is divided by: buckets with data, members that are not empty, or rows. */
static const char *divisor(Query *query) {
    const Plan *plan = query->plan;
    if (query->days_key) return days_of_kind(query, query->days_key);
    if (plan->agg_grain != GRAIN_NONE) return bucket_count(query);
    if (!plan->agg_dimension) return NULL;
    query_use(query, plan->agg_dimension);
    const char *name = query_name(query, "members");
    select_add(query->arena, &query->grouped, name, sql_format(query->arena, "count(DISTINCT %I)", plan->agg_dimension));
    return sql_format(query->arena, "%I", name);
}

static void divisor_show(Query *query, const char *by) {
    const Plan *plan = query->plan;
    const CatalogColumn *member = plan->agg_dimension ? catalog_column(query->catalog, plan->agg_dimension) : NULL;
    const char *label = member                          ? member->plural
                        : plan->agg_grain == GRAIN_NONE ? "rows"
                                                        : arena_printf(query->arena, "%ss", plan_grain_name(plan->agg_grain));
    valued_add(query, by,
               (CompiledColumn){.name = query_name(query, "divisor"),
                                .label = arena_printf(query->arena, "number of %s with data", label),
                                .role = ROLE_COUNT,
                                .unit = "count",
                                .hidden = true});
}

static void compile_average(Query *query) {
    const Plan *plan = query->plan;
    const char *by = divisor(query);
    const char *first_by = by;
    for (size_t i = 0; i < plan->measure_count; i++) {
        const char *total = query_name(query, arena_printf(query->arena, "total_%s", plan->measures[i]));
        Value value = value_of_plan(query, i, total, NULL);
        const char *rows = by;
        if (!by) {
            const char *name = query_name(query, arena_printf(query->arena, "rows_%s", plan->measures[i]));
            select_add(query->arena, &query->grouped, name, sql_format(query->arena, "count(%I)", value.measure->column));
            rows = sql_format(query->arena, "%I", name);
        }
        const char *name = stat_name(query, i);
        valued_add(query, ratio_expression(query, value.expression, rows), stat_column(query, i, name));
        if (i > 0) continue;
        query->targets[ON_VALUE] = name;
        first_by = rows;
    }
    divisor_show(query, first_by);
}

/* Median, highest and lowest of the rows themselves: "median size of a volume". */
static void compile_rows(Query *query) {
    const Plan *plan = query->plan;
    for (size_t i = 0; i < plan->measure_count; i++) {
        const Measure *measure = catalog_measure(query->catalog, plan->measures[i]);
        query_use(query, measure->column);
        const char *column = sql_format(query->arena, "%I", measure->column);
        const char *expression = plan->agg == AGG_MAXIMUM   ? sql_format(query->arena, "max(%R)", column)
                                 : plan->agg == AGG_MINIMUM ? sql_format(query->arena, "min(%R)", column)
                                                            : dialect_form(query->arena, query->dialect, "median", column, "");
        const char *name = stat_name(query, i);
        select_add(query->arena, &query->grouped, name, expression);
        query_column(query, stat_column(query, i, name));
        if (i == 0) query->targets[ON_VALUE] = name;
    }
}

/* Median of buckets or members: their sums first, then the median of those. */
static void compile_median(Query *query) {
    const Plan *plan = query->plan;
    const char *inner = plan->agg_dimension ? plan->agg_dimension : bucket_use(query, plan->agg_grain);
    if (plan->agg_dimension) {
        query_use(query, inner);
        texts_add(query->arena, &query->inner_where, sql_format(query->arena, "%I IS NOT NULL", inner));
    }
    if (!texts_has(&query->keys, inner)) texts_add(query->arena, &query->inner_keys, inner);
    for (size_t i = 0; i < plan->measure_count; i++) {
        Value value = value_of_plan(query, i, value_name(query, i), NULL);
        const char *name = stat_name(query, i);
        select_add(query->arena, &query->summary, name,
                   dialect_form(query->arena, query->dialect, "median", value.expression, ""));
        query_column(query, stat_column(query, i, name));
        if (i == 0) query->targets[ON_VALUE] = name;
    }
}

/* The highest (lowest) bucket or member itself, with its value; per group when there are groups. */
static void compile_extreme(Query *query) {
    const Plan *plan = query->plan;
    const bool lowest = plan->agg == AGG_MINIMUM;
    const long long places = plan->rank.present && plan->rank.n > 0 ? plan->rank.n : 1;
    query->partition = query->keys;
    const char *inner = plan->agg_dimension;
    if (inner) {
        key_add(query, inner);
        texts_add(query->arena, &query->conditions, sql_format(query->arena, "%I IS NOT NULL", inner));
    } else {
        inner = bucket_use(query, plan->agg_grain);
        texts_add(query->arena, &query->keys, inner);
        query_column(query, (CompiledColumn){.name = inner, .label = plan_grain_name(plan->agg_grain), .role = ROLE_BUCKET});
    }
    Value first = measures_add(query);
    if (plan->rank.positive_only || plan->charged_only)
        texts_add(query->arena, &query->conditions, sql_format(query->arena, "%I > 0", first.name));
    having_add(query, &query->conditions);
    if (query->partition.count) {
        query->places = places;
        texts_add(query->arena, &query->place_order,
                  sql_format(query->arena, lowest ? "%I NULLS LAST" : "%I DESC NULLS LAST", first.name));
        texts_add(query->arena, &query->place_order, sql_format(query->arena, "%I NULLS LAST", inner));
    } else {
        query->limit = places;
    }
    order_by(query, first.name, !lowest);
    order_by_keys(query);
}

static void compile_cumulative(Query *query) {
    const Plan *plan = query->plan;
    Texts members = {0};
    for (size_t i = 0; i < query->keys.count; i++)
        if (!text_equal(query->keys.items[i], query->bucket))
            texts_add(query->arena, &members, sql_format(query->arena, "%I", query->keys.items[i]));
    const char *apart =
        members.count ? sql_format(query->arena, "PARTITION BY %R ", texts_join(query->arena, &members, ", ")) : "";
    for (size_t i = 0; i < plan->measure_count; i++) {
        Value value = value_of_plan(query, i, value_name(query, i), NULL);
        value_show(query, &value, i, ROLE_OTHER);
        const char *name = stat_name(query, i);
        valued_add(query, sql_format(query->arena, "sum(%I) OVER (%RORDER BY %I)", value.name, apart, query->bucket),
                   stat_column(query, i, name));
        if (i == 0) query->targets[ON_VALUE] = name;
    }
    order_by(query, query->bucket, false);
}

/* Empty members are none: the lines without a resource do not count into an average per resource. */
static void leave_out_members(Query *query) {
    const char *member = query->plan->agg_dimension;
    const char *none[] = {NULL};
    if (!member || query->plan->agg != AGG_AVERAGE) return;
    const PlanFilter filter = {.dimension = member, .op = FILTER_NOT_EMPTY, .values = none};
    texts_add(query->arena, &query->where, filter_condition(query, &filter));
}

bool compile_stat(Query *query, Err *err) {
    const Plan *plan = query->plan;
    const bool of_rows = plan->agg_grain == GRAIN_NONE && !plan->agg_dimension && plan->agg != AGG_CUMULATIVE;
    if (of_rows) query->lines_only = true;
    rows_add(query);
    leave_out_members(query);
    if (plan->agg == AGG_CUMULATIVE && plan->grain == GRAIN_NONE) {
        Plan *same = plan_copy(query->arena, plan);
        same->grain = plan->agg_grain != GRAIN_NONE ? plan->agg_grain : GRAIN_MONTH;
        query->plan = plan = same;
    }
    bucket_add(query);
    if (plan->compare.kind == COMPARE_CALENDAR) query->days_key = days_key_add(query);
    keys_add(query);
    value_split(query);
    switch (plan->agg) {
    case AGG_AVERAGE: compile_average(query); break;
    case AGG_MEDIAN: of_rows ? compile_rows(query) : compile_median(query); break;
    case AGG_MAXIMUM:
    case AGG_MINIMUM:
        if (of_rows) {
            compile_rows(query);
            break;
        }
        compile_extreme(query);
        return true;
    case AGG_CUMULATIVE: compile_cumulative(query); break;
    default: return err_set(err, ERR_INTERNAL, "A statistic without an aggregate");
    }
    if (!query->keys.count) {
        query->limit = 1;
        return true;
    }
    if (query->bucket && !plan->rank.present) order_by(query, query->bucket, false);
    rank_add(query, NULL);
    return true;
}
