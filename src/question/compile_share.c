/* SHARE and COUNT. */
#include "question/query.h"

#include "base/sql.h"
#include "base/text.h"

/* Part and whole side by side, per key and bucket. */
static bool compile_part(Query *query, const Texts *parts, Err *err) {
    const char *condition = texts_join(query->arena, parts, " AND ");
    const char *flag = flag_add(query, "is_part", condition);
    Value part = value_of_plan(query, 0, value_name(query, 0), flag);
    Value whole = value_of_plan(query, 0, query_name(query, "total"), NULL);
    if (part.measure->kind == MEASURE_RATIO || query->plan->per)
        return err_set_code(err, ERR_REFUSED, "UNSUPPORTED_SHAPE",
                            "%s is a ratio already, so a share of it means nothing; ask for a share of a cost",
                            part.measure->label);
    value_show(query, &part, 0, ROLE_MEASURE);
    CompiledColumn *total = value_show(query, &whole, 0, ROLE_TOTAL);
    total->label = "total";
    total->hidden = true;
    const char *share = query_name(query, "share");
    valued_add(query, percent_expression(query, part.expression, whole.expression),
               (CompiledColumn){
                   .name = share, .label = "share", .role = ROLE_SHARE, .measure = part.measure->name, .unit = "percent"});
    query->targets[ON_VALUE] = part.name;
    query->targets[ON_SHARE] = share;
    return true;
}

bool compile_share(Query *query, Err *err) {
    const Plan *plan = query->plan;
    rows_add(query);
    bucket_add(query);
    keys_add(query);
    value_split(query);
    Texts parts = filter_conditions(query, true);
    const char *charged = NULL;
    if (parts.count) {
        if (!compile_part(query, &parts, err)) return false;
    } else {
        Value first = measures_add(query);
        charged = charged_name(query, &first);
        total_add(query, &first, 0, "total");
        if (!share_add(query, &first, plan->group_count > 0, err)) return false;
    }
    if (!query->keys.count) {
        query->limit = 1;
        return true;
    }
    if (query->bucket && !plan->rank.present) order_by(query, query->bucket, false);
    if (parts.count && !plan->rank.present) order_by(query, query->targets[ON_SHARE], true);
    rank_add(query, charged);
    return true;
}

static void count_show(Query *query, const char *name) {
    const CatalogColumn *subject = catalog_column(query->catalog, query->plan->subject);
    const char *what = subject ? (text_is_empty(subject->plural) ? subject->label : subject->plural)
                               : arena_printf(query->arena, "%ss", plan_grain_name(query->plan->agg_grain));
    query_column(query, (CompiledColumn){.name = name,
                                         .label = arena_printf(query->arena, "number of %s", what),
                                         .role = ROLE_COUNT,
                                         .unit = "count"});
    query->targets[ON_VALUE] = name;
}

bool lacks_something(const Plan *plan) {
    bool lacks = false;
    for (size_t i = 0; i < plan->filter_count; i++) lacks |= plan->filters[i].part;
    for (size_t i = 0; i < plan->concept_count; i++) lacks |= plan->concepts[i].part;
    return lacks;
}

void lacks_add(Query *query, Texts *conditions) {
    const Texts parts = filter_conditions(query, true);
    const Measure *cost = catalog_measure(query->catalog, query->catalog->is_bill ? "BilledCost" : query->plan->measures[0]);
    const bool charged = query->plan->charged_only && cost && cost->kind == MEASURE_SUM;
    for (size_t i = 0; i < parts.count; i++) {
        const char *flag = flag_add(query, query_name(query, arena_printf(query->arena, "is_part_%zu", i + 1)), parts.items[i]);
        const char *name = query_name(query, arena_printf(query->arena, "lines_%zu", i + 1));
        if (charged) query_use(query, cost->column);
        select_add(query->arena, &query->grouped, name,
                   charged ? sql_format(query->arena, "coalesce(sum(%I) FILTER (WHERE %I), 0)", cost->column, flag)
                           : sql_format(query->arena, "count(*) FILTER (WHERE %I)", flag));
        texts_add(query->arena, conditions, sql_format(query->arena, "%I = 0", name));
    }
}

/* Counts what passes a threshold: first the amount of each, then how many there are. */
static void count_passing(Query *query) {
    const Plan *plan = query->plan;
    const char *member = plan->subject ? plan->subject : bucket_use(query, plan->agg_grain);
    if (plan->subject) query_use(query, member);
    value_split(query);
    if (!texts_has(&query->keys, member)) texts_add(query->arena, &query->inner_keys, member);
    Value value = value_of_plan(query, 0, value_name(query, 0), NULL);
    const char *charged = charged_name(query, &value);
    query->targets[ON_VALUE] = value.name;
    texts_add(query->arena, &query->inner_where, sql_format(query->arena, "%I IS NOT NULL", member));
    if (charged && !lacks_something(plan))
        texts_add(query->arena, &query->inner_where, sql_format(query->arena, "%I > 0", charged));
    having_add(query, &query->inner_where);
    lacks_add(query, &query->inner_where);
    const char *name = query_name(query, "count");
    select_add(query->arena, &query->summary, name, "count(*)");
    count_show(query, name);
}

bool compile_count(Query *query, Err *err) {
    (void)err;
    const Plan *plan = query->plan;
    rows_add(query);
    bucket_add(query);
    keys_add(query);
    if (plan->having_count || plan->charged_only || !plan->subject || lacks_something(plan)) {
        count_passing(query);
    } else {
        query_use(query, plan->subject);
        const char *name = query_name(query, "count");
        select_add(query->arena, &query->grouped, name, sql_format(query->arena, "count(DISTINCT %I)", plan->subject));
        count_show(query, name);
    }
    if (!query->keys.count) {
        query->limit = 1;
        return true;
    }
    if (query->bucket && !plan->rank.present) order_by(query, query->bucket, false);
    rank_add(query, NULL);
    return true;
}
