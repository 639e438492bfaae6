/* COMPARE and DRIVERS: two periods in one scan, as columns with the change; or things beside each other, as rows. */
#include "question/query.h"

#include "base/sql.h"
#include "base/text.h"
#include "question/words.h"

/* The two sides of a comparison, one measure of the plan. */
typedef struct {
    Value a, b;
    const char *change, *percent; /* names */
} Sides;

static Value side_add(Query *query, size_t index, const PlanTime *time, const char *flag, ColumnRole role) {
    const char *wish = arena_printf(query->arena, "%s_%s", value_name(query, index), words_period_name(query->arena, time));
    Value value = value_of_plan(query, index, query_name(query, wish), flag);
    CompiledColumn *column = value_show(query, &value, index, role);
    column->label = arena_printf(query->arena, "%s, %s", column->label, words_period(query->arena, query->catalog, time));
    return value;
}

static const char *prefixed(Query *query, size_t index, const char *name) {
    return query_name(query, index ? arena_printf(query->arena, "%s_%s", value_name(query, index), name) : name);
}

static Sides sides_add(Query *query, size_t index, const char *current, const char *before) {
    const PlanCompare *compare = &query->plan->compare;
    Sides sides = {.a = side_add(query, index, &compare->a, current, ROLE_MEASURE),
                   .b = side_add(query, index, &compare->b, before, ROLE_BEFORE)};
    const char *change = sql_format(query->arena, "%R - %R", sides.a.expression, sides.b.expression);
    sides.change = prefixed(query, index, "change");
    valued_add(query, change,
               (CompiledColumn){.name = sides.change,
                                .label = "change",
                                .role = ROLE_DELTA,
                                .measure = sides.a.measure->name,
                                .unit = value_unit(query, index)});
    sides.percent = prefixed(query, index, "change_percent");
    valued_add(query, percent_expression(query, sql_format(query->arena, "(%R)", change), sides.b.expression),
               (CompiledColumn){.name = sides.percent,
                                .label = "change in percent",
                                .role = ROLE_PERCENT,
                                .measure = sides.a.measure->name,
                                .unit = "percent"});
    return sides;
}

/* "Why" without a dimension: by service, in a table by its first dimension. */
static void driver_keys(Query *query) {
    const Catalog *catalog = query->catalog;
    keys_add(query);
    if (query->plan->group_count) return;
    if (catalog->is_bill) {
        key_add(query, "ServiceName");
        return;
    }
    for (size_t i = 0; i < catalog->column_count; i++) {
        if (catalog->columns[i].class != CLASS_DIMENSION) continue;
        key_add(query, catalog->columns[i].name);
        return;
    }
}

static bool compile_periods(Query *query, Err *err) {
    (void)err;
    const Plan *plan = query->plan;
    const bool drivers = plan->intent == INTENT_DRIVERS;
    rows_add(query);
    bucket_add(query);
    if (drivers)
        driver_keys(query);
    else
        keys_add(query);
    value_split(query);
    const char *current = flag_add(query, "is_current", time_condition(query, &plan->compare.a));
    const char *before = flag_add(query, "is_before", time_condition(query, &plan->compare.b));
    Sides first = {0};
    for (size_t i = 0; i < plan->measure_count; i++) {
        Sides sides = sides_add(query, i, current, before);
        if (i == 0) first = sides;
    }
    query->targets[ON_VALUE] = first.a.name;
    query->targets[ON_DELTA] = first.change;
    query->targets[ON_PERCENT] = first.percent;
    if (!query->keys.count) {
        query->limit = 1;
        return true;
    }
    total_add(query, &first.a, 0, "total");
    total_add(query, &first.b, 0, "total_before");
    if (query_is_ratio(query) && plan->measure_count == 1)
        texts_add(query->arena, &query->conditions,
                  sql_format(query->arena, "(%I IS NOT NULL OR %I IS NOT NULL)", first.a.name, first.b.name));
    if (plan->charged_only)
        texts_add(query->arena, &query->conditions, sql_format(query->arena, "(%I > 0 OR %I > 0)", first.a.name, first.b.name));
    if (query->bucket && !plan->rank.present) order_by(query, query->bucket, false);
    if (drivers) {
        texts_add(query->arena, &query->conditions, sql_format(query->arena, "%I <> 0", first.change));
        if (!plan->rank.present || plan->rank.on == ON_VALUE)
            texts_add(query->arena, &query->order, sql_format(query->arena, "abs(%I) DESC NULLS LAST", first.change));
    }
    rank_add(query, NULL);
    return true;
}

/* "EC2 against all the rest": the value of the filter and everything that is not it, empty values included. */
static void add_rest(Query *query, const PlanFilter *filter) {
    const CatalogColumn *column = catalog_column(query->catalog, filter->dimension);
    const char *condition = filter_condition(query, filter);
    select_add(query->arena, &query->filtered, column->name,
               sql_format(query->arena, "CASE WHEN %R THEN %S ELSE 'other' END", condition, filter->values[0]));
    texts_add(query->arena, &query->keys, column->name);
    query_column(query, (CompiledColumn){.name = column->name, .label = column->label, .role = ROLE_KEY});
}

static void add_member(Query *query, const char *name, const char *condition) {
    texts_add(query->arena, &query->member_names, name);
    texts_add(query->arena, &query->member_conditions, condition);
}

/* Concepts, and values of the filters that are marked as parts: they may overlap, so each has its own rows. */
static void add_members(Query *query) {
    const Plan *plan = query->plan;
    query->member = query_name(query, "item");
    texts_add(query->arena, &query->keys, query->member);
    query_column(query, (CompiledColumn){.name = query->member, .label = "item", .role = ROLE_KEY});
    for (size_t i = 0; i < plan->filter_count; i++) {
        PlanFilter one = plan->filters[i];
        if (!one.part) continue;
        if (one.op != FILTER_IN) {
            const bool empty = one.op == FILTER_EMPTY || one.op == FILTER_ALL_TAGS_EMPTY;
            add_member(query, empty ? "untagged" : "tagged", filter_condition(query, &one));
            continue;
        }
        one.value_count = 1;
        for (size_t v = 0; v < plan->filters[i].value_count; v++) {
            one.values = &plan->filters[i].values[v];
            add_member(query, one.values[0], filter_condition(query, &one));
        }
    }
    for (size_t i = 0; i < plan->concept_count; i++) {
        const Concept *concept = catalog_concept(query->catalog, plan->concepts[i].id);
        if (concept && !plan->concepts[i].negated) add_member(query, concept->label, concept_condition(query, concept, false));
    }
}

const char *days_key_add(Query *query) {
    const char *weekday = dialect_form(query->arena, query->dialect, "day_of_week", time_date(query, false), "");
    const char *name = query_name(query, "days");
    select_add(query->arena, &query->filtered, name,
               sql_format(query->arena, "CASE WHEN %R IN (6, 7) THEN 'weekend' ELSE 'weekday' END", weekday));
    texts_add(query->arena, &query->keys, name);
    query_column(query, (CompiledColumn){.name = name, .label = "days", .role = ROLE_KEY});
    return name;
}

bool compile_values(Query *query, Err *err) {
    const Plan *plan = query->plan;
    (void)err;
    rows_add(query);
    bucket_add(query);
    const PlanFilter *single = NULL;
    for (size_t i = 0; i < plan->filter_count; i++)
        if (plan->filters[i].op == FILTER_IN && plan->filters[i].value_count == 1 &&
            text_equal(plan->filters[i].dimension, plan->compare.dimension))
            single = &plan->filters[i];
    if (plan->compare.kind == COMPARE_CALENDAR)
        days_key_add(query);
    else if (!plan->compare.dimension)
        add_members(query);
    else if (single)
        add_rest(query, single);
    else
        key_add(query, plan->compare.dimension);
    keys_add(query);
    value_split(query);
    Value first = measures_add(query);
    const char *charged = charged_name(query, &first);
    total_add(query, &first, 0, "total");
    if (query->bucket && !plan->rank.present) order_by(query, query->bucket, false);
    rank_add(query, charged);
    return true;
}

bool compile_compare(Query *query, Err *err) {
    if (query->plan->compare.kind == COMPARE_PERIODS) return compile_periods(query, err);
    return compile_values(query, err);
}
