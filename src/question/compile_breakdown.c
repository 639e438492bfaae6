/* TOTAL, BREAKDOWN and SERIES: measures per key, with the total of the scope beside them. */
#include "question/query.h"

#include "base/sql.h"
#include "base/text.h"
#include "question/lexicon.h"

static bool wants_share(const Plan *plan) {
    bool wants = plan->rank.present && plan->rank.on == ON_SHARE;
    for (size_t i = 0; i < plan->having_count; i++) wants |= plan->having[i].on == ON_SHARE;
    return wants;
}

bool compile_total(Query *query, Err *err) {
    (void)err;
    rows_add(query);
    value_split(query);
    measures_add(query);
    order_by_keys(query);
    query->limit = query->keys.count ? 0 : 1;
    return true;
}

bool compile_breakdown(Query *query, Err *err) {
    if (query->plan->grain != GRAIN_NONE) return compile_series(query, err);
    rows_add(query);
    keys_add(query);
    value_split(query);
    Value first = measures_add(query);
    const char *charged = charged_name(query, &first);
    if (wants_share(query->plan) && !share_add(query, &first, true, err)) return false;
    total_add(query, &first, 0, "total");
    const CatalogColumn *months = query->plan->rank.present ? NULL : lexicon_month_column(query->catalog);
    if (months && texts_has(&query->keys, months->name)) order_by(query, months->name, false);
    rank_add(query, charged);
    return true;
}

/* "Top 5 services by month": the five of the whole period, each in all of its months. */
static bool top_members(Query *query, const Value *first, Err *err) {
    const Plan *plan = query->plan;
    Texts members = {0};
    for (size_t i = 0; i < query->keys.count; i++)
        if (!text_equal(query->keys.items[i], query->bucket))
            texts_add(query->arena, &members, sql_format(query->arena, "%I", query->keys.items[i]));
    if (!first->additive)
        return err_set_code(err, ERR_REFUSED, "UNSUPPORTED_SHAPE",
                            "A ranking by %s over several periods is not possible, since it does not add up over time; "
                            "ask for one period",
                            value_label(query, 0));
    const char *name = query_name(query, "overall");
    select_add(
        query->arena, &query->valued, name,
        sql_format(query->arena, "sum(%I) OVER (PARTITION BY %R)", first->name, texts_join(query->arena, &members, ", ")));
    if (plan->rank.each) texts_add(query->arena, &query->partition, plan->rank.each);
    for (size_t i = 0; i < query->split_keys.count; i++) texts_add(query->arena, &query->partition, query->split_keys.items[i]);
    query->dense = true;
    query->places = plan->rank.n;
    texts_add(query->arena, &query->place_order,
              sql_format(query->arena, plan->rank.ascending ? "%I NULLS LAST" : "%I DESC NULLS LAST", name));
    for (size_t i = 0; i < members.count; i++)
        texts_add(query->arena, &query->place_order, sql_format(query->arena, "%R NULLS LAST", members.items[i]));
    return true;
}

bool compile_series(Query *query, Err *err) {
    const Plan *plan = query->plan;
    rows_add(query);
    bucket_add(query);
    keys_add(query);
    value_split(query);
    Value first = measures_add(query);
    const char *charged = charged_name(query, &first);
    if (wants_share(query->plan) && !share_add(query, &first, true, err)) return false;
    total_add(query, &first, 0, "total");
    const bool each_bucket = plan->rank.present && text_equal(plan->rank.each, plan_grain_name(plan->grain));
    if (!plan->rank.present || each_bucket || !plan->group_count) {
        /* Without a rank in time order; "top 5 days" in the order of the rank. */
        if (!plan->rank.present || each_bucket) order_by(query, query->bucket, false);
        rank_add(query, charged);
        return true;
    }
    order_by(query, query->bucket, false);
    rank_add(query, charged);
    query->limit = 0;
    query->partition = query->place_order = (Texts){0};
    return plan->rank.n <= 0 || top_members(query, &first, err);
}

/* What anomalies and forecasts are found in: the measure of each day. */
bool compile_days(Query *query, Err *err) {
    Plan days = *query->plan;
    days.intent = INTENT_SERIES;
    days.grain = GRAIN_DAY;
    days.having_count = 0;
    days.rank = (PlanRank){0};
    if (query->plan->intent == INTENT_FORECAST) days.time = query->plan->learned;
    const Plan *asked = query->plan;
    query->plan = &days;
    const bool compiled = compile_series(query, err);
    query->plan = asked;
    return compiled;
}
