/* Parts that several shapes are made of: keys, buckets, computed columns, thresholds, ranks, order. */
#include "question/query.h"

#include "base/sql.h"
#include "base/text.h"

void rows_add(Query *query) {
    filter_times(query);
    Texts conditions = filter_conditions(query, false);
    for (size_t i = 0; i < conditions.count; i++) texts_add(query->arena, &query->where, conditions.items[i]);
}

bool query_is_ratio(const Query *query) {
    const Measure *measure = catalog_measure(query->catalog, query->plan->measures[0]);
    return query->plan->per || measure->kind == MEASURE_RATIO;
}

Value measures_add(Query *query) {
    Value first = {0};
    for (size_t i = 0; i < query->plan->measure_count; i++) {
        Value value = value_of_plan(query, i, value_name(query, i), NULL);
        value_show(query, &value, i, ROLE_MEASURE);
        if (i == 0) first = value;
    }
    query->targets[ON_VALUE] = first.name;
    /* A utilization of nothing is not 0 percent and no row: services without reservations have none. */
    if (query_is_ratio(query) && query->plan->measure_count == 1 && query->keys.count)
        texts_add(query->arena, &query->conditions, sql_format(query->arena, "%I IS NOT NULL", first.name));
    return first;
}

void key_add(Query *query, const char *dimension) {
    const CatalogColumn *column = catalog_column(query->catalog, dimension);
    if (!column || texts_has(&query->keys, column->name)) return;
    query_use(query, column->name);
    texts_add(query->arena, &query->keys, column->name);
    query_column(query, (CompiledColumn){.name = column->name, .label = column->label, .role = ROLE_KEY});
    const CatalogColumn *companion = column->companion ? catalog_column(query->catalog, column->companion) : NULL;
    if (!companion || select_find(&query->filtered, companion->name)) return;
    for (size_t i = 0; i < query->plan->group_count; i++)
        if (text_equal(query->plan->group_by[i], companion->name)) return;
    query_use(query, companion->name);
    /* One key may have had several names over time: any one of them, but always the same. */
    texts_add(query->arena, &query->companions, companion->name);
    select_add(query->arena, &query->grouped, companion->name, sql_format(query->arena, "max(%I)", companion->name));
    query_column(query, (CompiledColumn){.name = companion->name, .label = companion->label, .role = ROLE_COMPANION});
}

void keys_add(Query *query) {
    for (size_t i = 0; i < query->plan->group_count; i++) key_add(query, query->plan->group_by[i]);
}

/* The start of the bucket that holds `expression`, a column of time. */
static const char *bucket_of(Query *query, Grain grain, const char *expression, bool is_date) {
    if (grain == GRAIN_DAY && is_date) return expression;
    return dialect_form(query->arena, query->dialect, plan_grain_name(grain), expression, "");
}

/* Hours need the time of day, which x_ChargeDate does not have. */
static const char *bucket_column(Query *query, Grain grain) {
    if (grain == GRAIN_HOUR && query->catalog->is_bill) {
        query_touch(query, "ChargePeriodStart");
        return "ChargePeriodStart";
    }
    return time_column(query, grain == GRAIN_BILLING_PERIOD);
}

/* The buckets of side b are moved by the distance between the sides, so that first stands beside first. */
static const char *aligned(Query *query, Grain grain, const char *column) {
    const PlanCompare *compare = &query->plan->compare;
    const char *quoted = sql_format(query->arena, "%I", column);
    const char *in_a = time_condition(query, &compare->a);
    const CatalogColumn *known = catalog_column(query->catalog, column);
    const bool is_date = known && known->type == CELL_DATE;
    if (compare->kind != COMPARE_PERIODS || !in_a || compare->b.start == DAY_NONE || compare->a.start == DAY_NONE)
        return bucket_of(query, grain, quoted, is_date);
    CalendarDate a = date_calendar(compare->a.start), b = date_calendar(compare->b.start);
    const bool months = grain >= GRAIN_MONTH && a.day == 1 && b.day == 1;
    long long distance = compare->a.start - compare->b.start;
    if (months) distance = (a.year - b.year) * 12LL + (a.month - b.month);
    if (grain == GRAIN_WEEK) distance = date_week(compare->a.start, 0) - date_week(compare->b.start, 0); /* whole weeks */
    const char *by = sql_format(query->arena, "%d", distance);
    const char *moved = dialect_form(query->arena, query->dialect, months ? "add_months" : "add_days", quoted, by);
    return sql_format(query->arena, "CASE WHEN %R\n    THEN %R\n    ELSE %R END", in_a,
                      bucket_of(query, grain, quoted, is_date), bucket_of(query, grain, moved, false));
}

const char *bucket_expression(Query *query, Grain grain) {
    const bool days_used = query->days_used, whole_months = grain >= GRAIN_MONTH;
    const char *column = bucket_column(query, grain);
    if (whole_months) query->days_used = days_used;
    return column ? aligned(query, grain, column) : NULL;
}

const char *bucket_use(Query *query, Grain grain) {
    const char *expression = bucket_expression(query, grain);
    if (!expression) return NULL;
    const char *name = query_name(query, plan_grain_name(grain));
    select_add(query->arena, &query->filtered, name, expression);
    return name;
}

void bucket_add(Query *query) {
    const Grain grain = query->plan->grain;
    if (grain == GRAIN_NONE) return;
    const char *name = bucket_use(query, grain);
    if (!name) return;
    texts_add(query->arena, &query->keys, name);
    query->bucket = name;
    const char *label = grain == GRAIN_BILLING_PERIOD ? "billing period" : plan_grain_name(grain);
    query_column(query, (CompiledColumn){.name = name, .label = label, .role = ROLE_BUCKET});
}

const char *flag_add(Query *query, const char *wish, const char *condition) {
    const char *name = query_name(query, wish);
    select_add(query->arena, &query->filtered, name, condition ? condition : "TRUE");
    return name;
}

void valued_add(Query *query, const char *expression, CompiledColumn column) {
    select_add(query->arena, &query->valued, column.name, expression);
    query_column(query, column);
}

static const char *as_double(Query *query, const char *expression) {
    return dialect_form(query->arena, query->dialect, "to_double", expression, "");
}

const char *percent_expression(Query *query, const char *part, const char *whole) {
    return sql_format(query->arena, "round(100 * %R / NULLIF(%R, 0), 10)", as_double(query, part), as_double(query, whole));
}

const char *ratio_expression(Query *query, const char *part, const char *whole) {
    return sql_format(query->arena, "round(%R / NULLIF(%R, 0), 10)", as_double(query, part), as_double(query, whole));
}

const char *total_expression(Query *query, const Value *value, bool per_bucket) {
    if (!value->additive) return NULL;
    Texts apart = {0};
    for (size_t i = 0; i < query->split_keys.count; i++)
        texts_add(query->arena, &apart, sql_format(query->arena, "%I", query->split_keys.items[i]));
    if (per_bucket && query->bucket) texts_add(query->arena, &apart, sql_format(query->arena, "%I", query->bucket));
    if (!apart.count) return sql_format(query->arena, "(SELECT sum(%I) FROM %R)", value->name, query_stage(query, "grouped"));
    return sql_format(query->arena, "sum(%I) OVER (PARTITION BY %R)", value->name, texts_join(query->arena, &apart, ", "));
}

void total_add(Query *query, const Value *value, size_t index, const char *wish) {
    const char *total = query->member ? NULL : total_expression(query, value, false);
    if (!total) return;
    valued_add(query, total,
               (CompiledColumn){.name = query_name(query, wish),
                                .label = "total",
                                .role = ROLE_TOTAL,
                                .measure = value->measure->name,
                                .unit = value_unit(query, index),
                                .hidden = true});
}

bool share_add(Query *query, const Value *value, bool per_bucket, Err *err) {
    const char *total = total_expression(query, value, per_bucket);
    if (!total)
        return err_set_code(err, ERR_REFUSED, "UNSUPPORTED_SHAPE",
                            "The parts of %s do not add up to a whole, so they have no shares; ask for shares of a cost",
                            value->measure->label);
    const char *name = query_name(query, "share");
    valued_add(query, percent_expression(query, value->expression, total),
               (CompiledColumn){
                   .name = name, .label = "share", .role = ROLE_SHARE, .measure = value->measure->name, .unit = "percent"});
    query->targets[ON_SHARE] = name;
    return true;
}

const char *charged_name(Query *query, const Value *first) {
    if (!query->plan->charged_only) return NULL;
    if (first && first->additive && (text_equal(first->measure->unit, "currency") || !query->catalog->is_bill))
        return first->name;
    const Measure *cost = catalog_measure(query->catalog, "BilledCost");
    if (!cost) return first ? first->name : NULL;
    const char *name = query_name(query, "charged");
    query_use(query, cost->column);
    select_add(query->arena, &query->grouped, name, sql_format(query->arena, "sum(%I)", cost->column));
    return name;
}

static const char *having_condition(Query *query, const PlanHaving *having, const char *target) {
    Arena *arena = query->arena;
    switch (having->op) {
    case HAVING_ABOVE: return sql_format(arena, "%I > %N", target, having->value);
    case HAVING_AT_LEAST: return sql_format(arena, "%I >= %N", target, having->value);
    case HAVING_BELOW: return sql_format(arena, "%I < %N", target, having->value);
    case HAVING_AT_MOST: return sql_format(arena, "%I <= %N", target, having->value);
    case HAVING_BETWEEN: return sql_format(arena, "%I BETWEEN %N AND %N", target, having->value, having->value2);
    case HAVING_ABS_ABOVE: return sql_format(arena, "abs(%I) > %N", target, having->value);
    }
    return NULL;
}

void having_add(Query *query, Texts *conditions) {
    for (size_t i = 0; i < query->plan->having_count; i++) {
        const PlanHaving *having = &query->plan->having[i];
        const char *target = query->targets[having->on];
        if (target) texts_add(query->arena, conditions, having_condition(query, having, target));
    }
}

/* Details that only some lines of a bill have: a line without one is not of the cheapest type. */
static bool is_detail(const CatalogColumn *column) {
    static const char *const details[] = {"x_InstanceType", "x_InstanceFamily", "x_VolumeType", "x_DatabaseEngine",
                                          "x_OperatingSystem"};
    for (size_t i = 0; i < sizeof details / sizeof *details; i++)
        if (text_equal(column->name, details[i])) return true;
    return false;
}

/* The empty id is no resource, "untagged" is no team: rankings and thresholds of those are of real values. Lines without a service, region or
 * account (tax, support) are charges all the same and keep their place. */
static void leave_out_empty(Query *query) {
    const Plan *plan = query->plan;
    if (!plan->rank.present && plan->having_count == 0) return;
    for (size_t i = 0; i < query->keys.count; i++) {
        const CatalogColumn *column = catalog_column(query->catalog, query->keys.items[i]);
        if (!column || text_equal(column->name, query->bucket) || texts_has(&query->split_keys, column->name)) continue;
        if (column->class == CLASS_TAG || column->class == CLASS_IDENTIFIER || is_detail(column))
            texts_add(query->arena, &query->conditions, sql_format(query->arena, "%I IS NOT NULL", column->name));
    }
}

void order_by(Query *query, const char *name, bool descending) {
    const char *term = sql_format(query->arena, descending ? "%I DESC NULLS LAST" : "%I NULLS LAST", name);
    if (!texts_has(&query->order, term)) texts_add(query->arena, &query->order, term);
}

void order_by_keys(Query *query) {
    for (size_t i = 0; i < query->keys.count; i++) {
        const char *plain = sql_format(query->arena, "%I NULLS LAST", query->keys.items[i]);
        const char *descending = sql_format(query->arena, "%I DESC NULLS LAST", query->keys.items[i]);
        if (!texts_has(&query->order, plain) && !texts_has(&query->order, descending))
            texts_add(query->arena, &query->order, plain);
    }
}

/* Places within each partition: of rank.each, and of each currency and unit, since amounts in two of them have no order. */
static void place(Query *query, const char *target) {
    const PlanRank *rank = &query->plan->rank;
    const char *each = rank->each;
    if (each && query->bucket && text_equal(each, plan_grain_name(query->plan->grain))) each = query->bucket;
    if (each) texts_add(query->arena, &query->partition, each);
    for (size_t i = 0; i < query->split_keys.count; i++)
        if (!texts_has(&query->partition, query->split_keys.items[i]))
            texts_add(query->arena, &query->partition, query->split_keys.items[i]);
    if (!query->partition.count) return;
    query->places = rank->n;
    texts_add(query->arena, &query->place_order,
              sql_format(query->arena, rank->ascending ? "%I NULLS LAST" : "%I DESC NULLS LAST", target));
    for (size_t i = 0; i < query->keys.count; i++)
        if (!texts_has(&query->partition, query->keys.items[i]))
            texts_add(query->arena, &query->place_order, sql_format(query->arena, "%I NULLS LAST", query->keys.items[i]));
    Texts partition = query->partition;
    for (size_t i = 0; i < partition.count; i++) order_by(query, partition.items[i], false);
}

/* "Half of our spend": the rows from the highest on that are not yet beyond that part of the total. */
static void end_at_share(Query *query, const char *target) {
    Texts order = {0}, apart = {0};
    texts_add(query->arena, &order, sql_format(query->arena, "%I DESC NULLS LAST", target));
    for (size_t i = 0; i < query->keys.count; i++)
        texts_add(query->arena, &order, sql_format(query->arena, "%I NULLS LAST", query->keys.items[i]));
    for (size_t i = 0; i < query->split_keys.count; i++)
        texts_add(query->arena, &apart, sql_format(query->arena, "%I", query->split_keys.items[i]));
    const char *partition =
        apart.count ? sql_format(query->arena, "PARTITION BY %R ", texts_join(query->arena, &apart, ", ")) : "";
    /* What no name is on (the empty id, untagged) is part of the total but makes no row. */
    Texts named = {0};
    for (size_t i = 0; i < query->keys.count; i++) {
        const CatalogColumn *column = catalog_column(query->catalog, query->keys.items[i]);
        if (column && (column->class == CLASS_TAG || column->class == CLASS_IDENTIFIER))
            texts_add(query->arena, &named, sql_format(query->arena, "%I IS NOT NULL", column->name));
    }
    const char *counted =
        named.count ? sql_format(query->arena, "CASE WHEN %R THEN %I END", texts_join(query->arena, &named, " AND "), target)
                    : sql_format(query->arena, "%I", target);
    const char *before = query_name(query, "share_before"), *with = query_name(query, "running_share");
    const char *running = sql_format(query->arena, "sum(%R) OVER (%RORDER BY %R ROWS UNBOUNDED PRECEDING)", counted, partition,
                                     texts_join(query->arena, &order, ", "));
    const char *total = sql_format(query->arena, "sum(%I) OVER (%R)", target, partition);
    select_add(query->arena, &query->valued, before,
               percent_expression(query, sql_format(query->arena, "(%R - %I)", running, target), total));
    valued_add(query, percent_expression(query, running, total),
               (CompiledColumn){.name = with, .label = "running share", .role = ROLE_SHARE, .unit = "percent"});
    texts_add(query->arena, &query->conditions, sql_format(query->arena, "%I < %N", before, query->plan->rank.until));
}

void rank_add(Query *query, const char *charged) {
    const PlanRank *rank = &query->plan->rank;
    const char *target = query->targets[rank->present ? rank->on : ON_VALUE];
    if (!target) target = query->targets[ON_VALUE];
    if (charged) texts_add(query->arena, &query->conditions, sql_format(query->arena, "%I > 0", charged));
    leave_out_empty(query);
    if (rank->present && rank->positive_only)
        texts_add(query->arena, &query->conditions, sql_format(query->arena, "%I > 0", target));
    if (query->plan->intent != INTENT_COUNT) having_add(query, &query->conditions); /* there it limits what is counted */
    if (rank->present && rank->until) end_at_share(query, target);
    if (rank->present && rank->n > 0) {
        place(query, target);
        if (!query->partition.count) query->limit = rank->n;
    }
    order_by(query, target, !rank->present || !rank->ascending);
    order_by_keys(query);
}
