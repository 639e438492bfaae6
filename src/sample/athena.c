#include "sample/athena.h"

#include "base/sql.h"
#include "io/file.h"
#include "sample/store.h"

/* Usage of every series and month with what describes it, under the names of the CUR table. */
static const char USAGE[] =
    "CREATE OR REPLACE TEMP TABLE athena_usage AS SELECT m.name AS billing_period, r.account_id AS "
    "line_item_usage_account_id, r.account_name AS line_item_usage_account_name, s.service AS line_item_product_code, "
    "coalesce(n.name, s.service) AS product_name, s.usage_type AS line_item_usage_type, s.meter, s.operation AS "
    "line_item_operation, r.region AS product_region_code, r.id AS line_item_resource_id, s.instance_type AS "
    "product_instance_type, CASE WHEN NOT t.covered THEN 'Usage' WHEN c.is_plan THEN 'SavingsPlanCoveredUsage' ELSE "
    "'DiscountedUsage' END AS line_item_line_item_type, t.quantity, CASE WHEN t.covered AND NOT c.is_plan THEN 0 ELSE t.cost "
    "END AS unblended, t.effective AS amortized, s.quantity AS size, t.first, t.last, r.tag_map, t.tagged, r.kind FROM total "
    "t JOIN series s ON s.series_id = t.series_id JOIN resource r ON r.resource_id = s.resource_id JOIN month m ON m.month = "
    "t.month LEFT JOIN commitment c ON c.number = s.commitment LEFT JOIN service n ON n.code = s.service";

/* File by file. $basis is a macro of the month; tag() reads a tag of the resource. */
static const struct {
    const char *file, *sql;
} RESULTS[] = {
    {"architecture_extract.csv",
     "SELECT line_item_usage_account_id, product_region_code, line_item_product_code, line_item_resource_id, "
     "line_item_usage_type, line_item_operation, CAST(sum(quantity) AS DOUBLE) AS sum_line_item_usage_amount, "
     "CAST(sum(unblended) AS DOUBLE) AS sum_line_item_unblended_cost FROM athena_usage WHERE billing_period = basis() GROUP "
     "BY ALL ORDER BY 8 DESC, 4, 5, 6"},
    {"tagging_extract.csv",
     "SELECT line_item_resource_id, line_item_usage_account_id, line_item_product_code, product_region_code, min(first) AS "
     "first_seen, max(last) AS last_seen, max(owner_tag(tag_map)) FILTER (WHERE tagged) AS owner_tag, "
     "max(project_tag(tag_map)) FILTER (WHERE tagged) AS project_tag, max(tag_map['user_name']) FILTER (WHERE tagged) AS "
     "name_tag, CAST(sum(unblended) AS DOUBLE) AS cost FROM athena_usage WHERE line_item_resource_id IS NOT NULL GROUP BY "
     "ALL ORDER BY cost DESC, 1, 3"},
    {"untagged_resources.csv",
     "SELECT line_item_resource_id, line_item_usage_account_id, line_item_product_code, min(first) AS first_seen, "
     "CAST(sum(unblended) AS DOUBLE) AS cost FROM athena_usage WHERE line_item_resource_id IS NOT NULL GROUP BY ALL HAVING "
     "max(owner_tag(tag_map)) FILTER (WHERE tagged) IS NULL ORDER BY cost DESC, 1, 3"},
    {"cost_analysis.csv",
     "SELECT line_item_usage_account_id, line_item_usage_account_name, line_item_product_code, product_name, "
     "line_item_line_item_type, CAST(sum(unblended) AS DOUBLE) AS unblended_cost, CAST(sum(amortized) AS DOUBLE) AS "
     "amortized_cost FROM athena_usage WHERE billing_period = basis() GROUP BY ALL ORDER BY 6 DESC, 1, 3, 5"},
    {"ec2_cost_by_type.csv",
     "SELECT line_item_usage_account_id, product_region_code, product_instance_type, line_item_line_item_type, "
     "count(DISTINCT line_item_resource_id) AS instances, CAST(sum(quantity) AS DOUBLE) AS instance_hours, "
     "CAST(sum(unblended) AS DOUBLE) AS unblended_cost, CAST(sum(amortized) AS DOUBLE) AS amortized_cost FROM athena_usage "
     "WHERE billing_period = basis() AND meter LIKE 'BoxUsage%' GROUP BY ALL ORDER BY 7 DESC, 1, 2, 3"},
    {"ebs_volumes.csv",
     "SELECT line_item_resource_id AS volume_id, line_item_usage_account_id AS account_id, product_region_code AS region, "
     "split_part(meter, '.', 2) AS volume_type, max(size) AS size_gb, min(first) AS first_seen, max(last) AS last_seen, "
     "CAST(sum(unblended) AS DOUBLE) AS monthly_cost, max(owner_tag(tag_map)) FILTER (WHERE tagged) AS owner, "
     "max(tag_map['user_name']) FILTER (WHERE tagged) AS name FROM athena_usage WHERE billing_period = basis() AND meter "
     "LIKE 'EBS:VolumeUsage%' GROUP BY ALL ORDER BY 8 DESC, 1"},
    {"s3_buckets.csv",
     "SELECT line_item_resource_id AS bucket_name, line_item_usage_account_id AS account_id, product_region_code AS region, "
     "CAST(coalesce(sum(quantity) FILTER (WHERE line_item_operation = 'StandardStorage'), 0) AS DOUBLE) AS "
     "standard_gb_month, CAST(coalesce(sum(quantity) FILTER (WHERE meter LIKE 'TimedStorage%' AND line_item_operation <> "
     "'StandardStorage'), 0) AS DOUBLE) AS other_gb_month, CAST(coalesce(sum(quantity) FILTER (WHERE line_item_operation = "
     "'GetObject' AND meter LIKE 'Requests%'), 0) AS DOUBLE) AS get_requests, CAST(coalesce(sum(quantity) FILTER (WHERE "
     "line_item_operation = 'PutObject'), 0) AS DOUBLE) AS put_requests, CAST(sum(unblended) AS DOUBLE) AS total_cost FROM "
     "athena_usage WHERE billing_period = basis() AND line_item_product_code = 'AmazonS3' GROUP BY ALL ORDER BY 8 DESC, 1"},
    {"monthly_trends.csv",
     "SELECT billing_period, line_item_product_code, product_name, CAST(sum(unblended) AS DOUBLE) AS "
     "sum_line_item_unblended_cost, CAST(sum(amortized) AS DOUBLE) AS amortized_cost FROM athena_usage GROUP BY ALL ORDER BY "
     "1, 4 DESC, 2"},
};

bool athena_write(Arena *arena, DuckSession *session, const World *world, const char *folder, const char *basis, Err *err) {
    const char *owner = store_tag_key(arena, world->organisation->owner_key),
               *project = store_tag_key(arena, world->organisation->project_key);
    const char *macros = sql_format(arena,
                                    "CREATE OR REPLACE TEMP MACRO basis() AS %S; CREATE OR REPLACE TEMP MACRO owner_tag(m) AS "
                                    "m[%S]; CREATE OR REPLACE TEMP MACRO project_tag(m) AS m[%S]",
                                    basis, owner, project);
    const char *results = file_join(arena, folder, "athena-results");
    if (!file_make_folder(results, err) || !duck_run(session, USAGE, err) || !duck_run(session, macros, err)) return false;
    for (size_t i = 0; i < sizeof RESULTS / sizeof *RESULTS; i++)
        if (!duck_run(session,
                      sql_format(arena, "COPY (%R) TO %S (FORMAT csv, HEADER, FORCE_QUOTE *)", RESULTS[i].sql,
                                 file_join(arena, results, RESULTS[i].file)),
                      err))
            return false;
    return true;
}
