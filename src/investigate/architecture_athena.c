#include "investigate/architecture_athena.h"

#include "base/text.h"
#include "investigate/athena.h"

/* What tells lines of a day apart, and what is added up, under the bill's own names. */
static const char *const keys[] = {
    "bill_payer_account_id",        "bill_billing_entity",           "bill_billing_period_start_date",
    "bill_billing_period_end_date", "line_item_usage_account_id",    "line_item_line_item_type",
    "line_item_product_code",       "line_item_usage_type",          "line_item_operation",
    "line_item_resource_id",        "line_item_availability_zone",   "line_item_currency_code",
    "product_instance_type",        "reservation_reservation_a_r_n", "savings_plan_savings_plan_a_r_n"};
static const char *const keys_cur2[] = {"line_item_usage_account_name", "product_region_code"};
static const char *const keys_legacy[] = {"product_region"};
static const char *const sums[] = {"line_item_usage_amount",
                                   "line_item_unblended_cost",
                                   "pricing_public_on_demand_cost",
                                   "reservation_effective_cost",
                                   "reservation_unused_recurring_fee",
                                   "reservation_unused_amortized_upfront_fee_for_billing_period",
                                   "reservation_amortized_upfront_fee_for_billing_period",
                                   "savings_plan_savings_plan_effective_cost",
                                   "savings_plan_total_commitment_to_date",
                                   "savings_plan_used_commitment",
                                   "savings_plan_amortized_upfront_commitment_for_billing_period"};
static const char *const texts[] = {"line_item_line_item_description", "reservation_end_time", "savings_plan_end_time"};

/* "  name,": or an aggregate of it under its own name. */
static void add_each(Sql *sql, const char *aggregate, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (aggregate)
            sql_add(sql, "  %R(%I) AS %I,\n", aggregate, names[i], names[i]);
        else
            sql_add(sql, "  %I,\n", names[i]);
}

static void add_keys(Sql *sql, bool legacy) {
    add_each(sql, NULL, keys, sizeof keys / sizeof *keys);
    if (legacy)
        add_each(sql, NULL, keys_legacy, sizeof keys_legacy / sizeof *keys_legacy);
    else
        add_each(sql, NULL, keys_cur2, sizeof keys_cur2 / sizeof *keys_cur2);
}

bool architecture_athena_sql(Arena *arena, const ArchitectureQuery *query, const char **out, Err *err) {
    const char *table = NULL;
    Sql *sql = sql_make(arena);
    if (!athena_table(arena, query->table, &table, err)) return false;
    sql_add(sql, "SELECT\n");
    add_keys(sql, query->legacy);
    add_each(sql, "sum", sums, sizeof sums / sizeof *sums);
    add_each(sql, "max", texts, sizeof texts / sizeof *texts);
    if (!query->legacy)
        sql_add(sql, "  max_by(json_format(CAST(resource_tags AS JSON)), line_item_usage_start_date) AS resource_tags,\n");
    else if (query->tag)
        sql_add(sql, "  max_by(%I, line_item_usage_start_date) AS %I,\n",
                arena_printf(arena, "resource_tags_%s", athena_tag_key(arena, query->tag)),
                arena_printf(arena, "resource_tags_%s", athena_tag_key(arena, query->tag)));
    /* From its first hour on, as long as its lines are together: births keep their hour, and what ran for eight hours of a day ran eight. */
    sql_add(sql,
            "  min(line_item_usage_start_date) AS line_item_usage_start_date,\n"
            "  date_add('second', sum(date_diff('second', line_item_usage_start_date, line_item_usage_end_date)),\n"
            "    min(line_item_usage_start_date)) AS line_item_usage_end_date\n"
            "FROM %R\n"
            "WHERE coalesce(line_item_operation, '') NOT IN ('EKSPod-EC2', 'ECSTask-EC2')",
            table);
    if (!athena_add_months(sql, query->legacy, query->from, query->to, err)) return false;
    sql_add(sql, "\nGROUP BY\n");
    add_keys(sql, query->legacy);
    /* Whose rhythm rules read stays hour by hour. */
    sql_add(sql,
            "  CASE WHEN regexp_like(line_item_usage_type, 'BoxUsage|SpotUsage|Fargate|RequestUnits|PayloadUnits|ShardHour')\n"
            "    THEN line_item_usage_start_date\n"
            "    ELSE date_trunc('day', line_item_usage_start_date) END");
    *out = sql_text(sql);
    return *out || err_set(err, ERR_INTERNAL, "The query for Athena cannot be written");
}
