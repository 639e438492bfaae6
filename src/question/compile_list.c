/* LIST, DETAIL, FIRST_LAST, NEW_GONE: what there is, since when, and what came or went. */
#include "question/query.h"

#include "base/sql.h"
#include "base/text.h"

static void leave_out_missing(Query *query, const char *name, Texts *conditions) {
    texts_add(query->arena, conditions, sql_format(query->arena, "%I IS NOT NULL", name));
}

bool compile_list(Query *query, Err *err) {
    (void)err;
    rows_add(query);
    keys_add(query);
    if (query->plan->subject) key_add(query, query->plan->subject);
    lacks_add(query, &query->conditions);
    value_split(query);
    Value first = measures_add(query);
    const char *charged = lacks_something(query->plan) ? NULL : charged_name(query, &first);
    if (query->plan->subject) leave_out_missing(query, query->plan->subject, &query->conditions);
    rank_add(query, charged);
    return true;
}

static const Measure *measure_of(const Query *query, const char *column) {
    for (size_t i = 0; i < query->catalog->measure_count; i++) {
        const Measure *measure = &query->catalog->measures[i];
        if (measure->kind == MEASURE_SUM && !measure->concept && text_equal(measure->column, column)) return measure;
    }
    return NULL;
}

static void detail_column(Query *query, const char *name) {
    const CatalogColumn *column = catalog_column(query->catalog, name);
    if (!column || select_find(&query->filtered, name)) return;
    query_use(query, name);
    const bool amount = column->class == CLASS_COST || column->class == CLASS_METRIC;
    const Measure *measure = amount ? measure_of(query, name) : NULL;
    const bool money = measure && text_equal(measure->unit, "currency");
    query_column(query, (CompiledColumn){.name = column->name,
                                         .label = column->label,
                                         .role = amount                             ? ROLE_MEASURE
                                                 : column->class == CLASS_TIMESTAMP ? ROLE_OTHER
                                                                                    : ROLE_KEY,
                                         .measure = measure ? measure->name : NULL,
                                         .unit = !money                                ? column->unit
                                                 : query->catalog->currency_count == 1 ? query->catalog->currencies[0]
                                                                                       : NULL});
}

/* What a row of a bill says at first sight; of a table, all of it. */
static void default_columns(Query *query) {
    static const char *const of_bill[] = {"x_ChargeDate", "SubAccountId", "ServiceName",    "RegionId",
                                          "x_UsageType",  "ResourceId",   "ChargeCategory", "BilledCost"};
    if (query->catalog->is_bill) {
        for (size_t i = 0; i < sizeof of_bill / sizeof *of_bill; i++) detail_column(query, of_bill[i]);
        return;
    }
    for (size_t i = 0; i < query->catalog->column_count && i < DETAIL_COLUMNS; i++)
        detail_column(query, query->catalog->columns[i].name);
}

bool compile_detail(Query *query, Err *err) {
    (void)err;
    const Plan *plan = query->plan;
    query->lines_only = true;
    rows_add(query);
    for (size_t i = 0; i < plan->column_count; i++) detail_column(query, plan->columns[i]);
    if (!plan->column_count) default_columns(query);
    const Measure *measure = plan->measure_count ? catalog_measure(query->catalog, plan->measures[0]) : NULL;
    const bool by_amount = measure && measure->kind == MEASURE_SUM && (plan->rank.present || plan->having_count);
    if (by_amount) {
        detail_column(query, measure->column);
        query->targets[ON_VALUE] = measure->column;
        having_add(query, &query->conditions);
        if (plan->rank.positive_only || plan->charged_only)
            texts_add(query->arena, &query->conditions, sql_format(query->arena, "%I > 0", measure->column));
        order_by(query, measure->column, !plan->rank.ascending);
    }
    if (plan->rank.present && plan->rank.n > 0) query->limit = plan->rank.n;
    for (size_t i = 0; i < query->column_count; i++) {
        if (by_amount && text_equal(query->columns[i].name, measure->column)) continue;
        order_by(query, query->columns[i].name, false);
    }
    return true;
}

/* min and max of the days that count, as columns. */
static void days_show(Query *query, SelectList *list, const char *day) {
    static const struct {
        const char *name, *label, *aggregate;
        Agg not_for;
    } ends[] = {{"first_day", "first day", "min(%I)", AGG_LAST}, {"last_day", "last day", "max(%I)", AGG_FIRST}};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (query->plan->agg == ends[i].not_for) continue;
        const char *name = query_name(query, ends[i].name);
        select_add(query->arena, list, name, sql_format(query->arena, ends[i].aggregate, day));
        query_column(query, (CompiledColumn){.name = name, .label = ends[i].label, .role = ROLE_OTHER});
        if (!query->targets[ON_VALUE]) query->targets[ON_VALUE] = name;
    }
}

/* "First charged" and "first day above $1000" ask for the sum of each day. */
static void days_passing(Query *query, const char *day) {
    value_split(query);
    texts_add(query->arena, &query->inner_keys, day);
    Value value = value_of_plan(query, 0, value_name(query, 0), NULL);
    const char *charged = charged_name(query, &value);
    query->targets[ON_VALUE] = value.name;
    if (charged) texts_add(query->arena, &query->inner_where, sql_format(query->arena, "%I > 0", charged));
    having_add(query, &query->inner_where);
    query->targets[ON_VALUE] = NULL;
    days_show(query, &query->summary, day);
}

bool compile_first_last(Query *query, Err *err) {
    (void)err;
    const Plan *plan = query->plan;
    rows_add(query);
    keys_add(query);
    if (plan->subject) key_add(query, plan->subject);
    const char *day = bucket_use(query, GRAIN_DAY);
    if (plan->charged_only || plan->having_count)
        days_passing(query, day);
    else
        days_show(query, &query->grouped, day);
    if (plan->subject) leave_out_missing(query, plan->subject, &query->conditions);
    if (!query->keys.count) {
        query->limit = 1;
        return true;
    }
    const bool latest = plan->rank.present ? !plan->rank.ascending : plan->agg == AGG_LAST;
    order_by(query, query->targets[ON_VALUE], latest);
    order_by_keys(query);
    if (plan->rank.present && plan->rank.n > 0) query->limit = plan->rank.n;
    return true;
}

/* Lines on one side; for "pay for" what was charged on it. */
static const char *presence_add(Query *query, const char *wish, const char *flag) {
    const char *name = query_name(query, wish);
    const Measure *cost = catalog_measure(query->catalog, query->catalog->is_bill ? "BilledCost" : query->plan->measures[0]);
    const char *column = query->catalog->is_bill ? "x_RowCount" : NULL;
    if (query->plan->charged_only && cost && cost->kind == MEASURE_SUM) column = cost->column;
    if (column) query_use(query, column);
    select_add(query->arena, &query->grouped, name,
               column ? sql_format(query->arena, "coalesce(sum(%I) FILTER (WHERE %I), 0)", column, flag)
                      : sql_format(query->arena, "count(*) FILTER (WHERE %I)", flag));
    return name;
}

static void status_show(Query *query, const char *present, const char *name) {
    select_add(query->arena, &query->valued, name,
               sql_format(query->arena, "CASE WHEN %I > 0 THEN 'new' ELSE 'gone' END", present));
    query_column(query, (CompiledColumn){.name = name, .label = "status", .role = ROLE_OTHER});
}

bool compile_new_gone(Query *query, Err *err) {
    (void)err;
    const Plan *plan = query->plan;
    rows_add(query);
    if (plan->subject) key_add(query, plan->subject);
    keys_add(query);
    value_split(query);
    const size_t members = query->keys.count;
    const char *current = flag_add(query, "is_current", time_condition(query, &plan->compare.a));
    const char *before = flag_add(query, "is_before", time_condition(query, &plan->compare.b));
    const char *now = presence_add(query, "present_current", current);
    const char *then = presence_add(query, "present_before", before);
    if (plan->agg == AGG_NONE) status_show(query, now, query_name(query, "status"));
    Value a = value_of_plan(query, 0, query_name(query, "value_current"), current);
    Value b = value_of_plan(query, 0, query_name(query, "value_before"), before);
    Value value = a;
    value.name = value_name(query, 0);
    value.expression = sql_format(query->arena, "CASE WHEN %I > 0 THEN %R ELSE %R END", now, a.expression, b.expression);
    select_add(query->arena, &query->valued, value.name, value.expression);
    value_show(query, &value, 0, ROLE_MEASURE);
    query->targets[ON_VALUE] = value.name;
    const char *is_new = sql_format(query->arena, "%I > 0 AND %I <= 0", now, then);
    const char *is_gone = sql_format(query->arena, "%I > 0 AND %I <= 0", then, now);
    texts_add(query->arena, &query->conditions,
              plan->agg == AGG_FIRST  ? is_new
              : plan->agg == AGG_LAST ? is_gone
                                      : sql_format(query->arena, "(%R OR %R)", is_new, is_gone));
    for (size_t i = 0; i < members; i++)
        if (!texts_has(&query->split_keys, query->keys.items[i]))
            leave_out_missing(query, query->keys.items[i], &query->conditions);
    rank_add(query, NULL);
    return true;
}
