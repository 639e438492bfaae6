#include "investigate/owners_athena.h"

#include "base/text.h"
#include "investigate/athena.h"

/* One row per line of a resource. Usage lines of at most a day say when it ran. */
static bool add_lines(Arena *arena, Sql *sql, const OwnersQuery *query, Err *err) {
    const char *table = NULL, *key = athena_tag_key(arena, query->tag);
    if (!athena_table(arena, query->table, &table, err)) return false;
    sql_add(sql, "WITH lines AS (\n"
                 "  SELECT\n"
                 "    line_item_resource_id AS resource_id,\n"
                 "    line_item_usage_account_id AS account_id,\n");
    sql_add(sql, query->legacy ? "    CAST(NULL AS varchar) AS account_name,\n    product_region AS region,\n"
                               : "    line_item_usage_account_name AS account_name,\n    product_region_code AS region,\n");
    sql_add(sql, "    line_item_availability_zone AS availability_zone,\n"
                 "    line_item_product_code AS service_code,\n"
                 "    product_instance_type AS instance_type,\n"
                 "    line_item_usage_type AS usage_type,\n");
    if (query->legacy)
        sql_add(sql,
                "    CAST(NULL AS varchar) AS parent_resource_id,\n"
                "    CAST(NULL AS varchar) AS name,\n"
                "    nullif(trim(%I), '') AS owner_value,\n"
                "    CAST(NULL AS varchar) AS tags,\n",
                arena_printf(arena, "resource_tags_%s", key));
    else
        sql_add(sql,
                "    split_line_item_parent_resource_id AS parent_resource_id,\n"
                "    element_at(resource_tags, 'user_name') AS name,\n"
                "    nullif(trim(element_at(resource_tags, %S)), '') AS owner_value,\n"
                "    CASE WHEN cardinality(resource_tags) > 0 THEN json_format(CAST(resource_tags AS JSON)) END AS tags,\n",
                key);
    sql_add(sql,
            "    line_item_usage_start_date AS start_time,\n"
            "    CASE WHEN line_item_usage_end_date <= line_item_usage_start_date + INTERVAL '1' DAY\n"
            "      THEN CAST(floor(to_unixtime(line_item_usage_start_date) / 3600) AS bigint) END AS hour_number,\n"
            "    CASE line_item_line_item_type\n"
            "      WHEN 'SavingsPlanCoveredUsage' THEN savings_plan_savings_plan_effective_cost\n"
            "      WHEN 'DiscountedUsage' THEN reservation_effective_cost\n"
            "      ELSE line_item_unblended_cost END AS effective_cost\n"
            "  FROM %R\n"
            "  WHERE line_item_resource_id <> ''\n"
            "    AND line_item_line_item_type IN ('Usage', 'DiscountedUsage', 'SavingsPlanCoveredUsage')",
            table);
    if (!athena_add_months(sql, query->legacy, query->from, query->to, err)) return false;
    sql_add(sql, "\n)");
    return true;
}

/* One row per resource, with what owners_bill.h reads. */
static void add_resources(Sql *sql) {
    static const char *const texts[] = {"account_id",         "account_name", "region",
                                        "availability_zone",  "service_code", "instance_type",
                                        "parent_resource_id", "usage_type",   "name"};
    sql_add(sql, ",\nresources AS (\n  SELECT\n    resource_id,\n");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        sql_add(sql, "    max(nullif(%I, '')) AS %I,\n", texts[i], texts[i]);
    sql_add(sql, "    min(hour_number) AS first_hour,\n"
                 "    max(hour_number) AS last_hour,\n"
                 "    min(hour_number %% 24) AS least_hour_of_day,\n"
                 "    max(hour_number %% 24) AS most_hour_of_day,\n"
                 "    min(CASE WHEN hour_number IS NOT NULL THEN start_time END) AS first_time,\n"
                 "    sum(effective_cost) AS effective_cost,\n"
                 "    max_by(owner_value, start_time) FILTER (WHERE owner_value IS NOT NULL) AS owner_value,\n"
                 "    count(DISTINCT owner_value) AS owner_values,\n"
                 "    sum(CASE WHEN owner_value IS NOT NULL THEN effective_cost ELSE 0 END) AS tagged_cost,\n");
    for (long long quarter = 0; quarter < 4; quarter++)
        sql_add(sql, "    count(CASE WHEN hour_number %% 24 / 6 = %d THEN 1 END) AS %I,\n", quarter,
                quarter == 0   ? "night_lines"
                : quarter == 1 ? "morning_lines"
                : quarter == 2 ? "afternoon_lines"
                               : "evening_lines");
    sql_add(sql, "    count(CASE WHEN (hour_number / 24 + 3) %% 7 >= 5 THEN 1 END) AS weekend_lines,\n"
                 "    count(hour_number) AS metered_lines,\n"
                 "    max_by(tags, start_time) FILTER (WHERE tags IS NOT NULL) AS tags\n"
                 "  FROM lines\n  GROUP BY resource_id\n)");
}

bool owners_athena_sql(Arena *arena, const OwnersQuery *query, const char **out, Err *err) {
    Sql *sql = sql_make(arena);
    if (!add_lines(arena, sql, query, err)) return false;
    add_resources(sql);
    /* What is metered by request or by the day first shows within a day of the start of an account's data; lines of the last two days are
     * still to come; what is charged by the month begins with it: these first and last hours are edges, no starts and stops. */
    sql_add(
        sql,
        ",\naccounts AS (SELECT account_id, min(first_hour) AS account_first FROM resources GROUP BY account_id),\n"
        "whole AS (SELECT max(last_hour) AS data_last FROM resources)\n"
        "SELECT\n"
        "  r.*,\n"
        "  %S AS owner_key,\n"
        "  r.first_hour >= a.account_first + 24 AND NOT (r.first_hour %% 24 = 0 AND day(r.first_time) = 1) AS start_known,\n"
        "  r.last_hour + 48 <= w.data_last AS stop_known\n"
        "FROM resources r\n"
        "JOIN accounts a ON a.account_id = r.account_id\n"
        "CROSS JOIN whole w\n"
        "ORDER BY r.resource_id",
        query->tag);
    *out = sql_text(sql);
    return *out || err_set(err, ERR_INTERNAL, "The query for Athena cannot be written");
}
