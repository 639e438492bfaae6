#include "sample/export.h"

#include <string.h>

#include "base/sql.h"
#include "io/file.h"

/* A selection of the columns of AWS's table COST_AND_USAGE_REPORT: an export is a SELECT list, its order is the customer's. Amounts are doubles as AWS
 * writes them. %S: month, invoice id or NULL. */
static const char EXPORT[] =
    "SELECT 'Anniversary' AS bill_bill_type, billing_entity AS bill_billing_entity, "
    "p.start AS bill_billing_period_start_date, p.start + INTERVAL 1 MONTH AS bill_billing_period_end_date, "
    "NULLIF(%S, '') AS bill_invoice_id, 'Amazon Web Services, Inc.' AS bill_invoicing_entity, m.id AS bill_payer_account_id, "
    "m.name AS bill_payer_account_name, CAST(hash(account_id, l.start, usage_type, resource_id, line_type, service) AS "
    "VARCHAR) AS "
    "identity_line_item_id, strftime(l.start, '%%Y-%%m-%%dT%%H:%%M:%%SZ/') || strftime(l.finish, '%%Y-%%m-%%dT%%H:%%M:%%SZ') "
    "AS "
    "identity_time_interval, zone AS line_item_availability_zone, CAST(cost AS DOUBLE) AS line_item_blended_cost, "
    "'USD' AS line_item_currency_code, 'Amazon Web Services, Inc.' AS line_item_legal_entity, "
    "description AS line_item_line_item_description, line_type AS line_item_line_item_type, operation AS line_item_operation, "
    "service AS line_item_product_code, resource_id AS line_item_resource_id, CASE WHEN line_type = 'Tax' THEN 'USSalesTax' "
    "END AS "
    "line_item_tax_type, CAST(cost AS DOUBLE) AS line_item_unblended_cost, CAST(rate AS VARCHAR) AS line_item_unblended_rate, "
    "account_id AS line_item_usage_account_id, account_name AS line_item_usage_account_name, CAST(quantity AS DOUBLE) AS "
    "line_item_usage_amount, l.finish AS line_item_usage_end_date, l.start AS line_item_usage_start_date, usage_type AS "
    "line_item_usage_type, 'USD' AS pricing_currency, CAST(list_cost AS DOUBLE) AS pricing_public_on_demand_cost, "
    "CAST(rate AS VARCHAR) AS pricing_public_on_demand_rate, CASE WHEN line_type = 'Usage' THEN 'OnDemand' WHEN reservation IS "
    "NOT NULL "
    "THEN 'Reserved' END AS pricing_term, unit AS pricing_unit, "
    "MAP(['product_name', 'region'], [coalesce(product_name, s.name, service), coalesce(region, '')]) AS product, "
    "split_part(instance_type, '.', CASE WHEN instance_type LIKE 'db.%%' OR instance_type LIKE 'cache.%%' THEN 2 ELSE 1 END) "
    "AS "
    "product_instance_family, instance_type AS product_instance_type, family AS product_product_family, region AS "
    "product_region_code, "
    "service AS product_servicecode, CAST(amortized_upfront AS DOUBLE) AS "
    "reservation_amortized_upfront_fee_for_billing_period, "
    "CAST(reservation_effective AS DOUBLE) AS reservation_effective_cost, reservation AS reservation_reservation_a_r_n, "
    "CAST(unused_upfront AS DOUBLE) AS reservation_unused_amortized_upfront_fee_for_billing_period, "
    "CAST(unused_recurring AS DOUBLE) AS reservation_unused_recurring_fee, "
    "CASE WHEN team IS NULL THEN MAP(CAST([] AS VARCHAR[]), CAST([] AS VARCHAR[])) ELSE MAP(['user_team', 'user_project', "
    "'user_environment'], [team, project, environment]) END AS resource_tags, "
    "CAST(0 AS DOUBLE) AS savings_plan_amortized_upfront_commitment_for_billing_period, "
    "CASE WHEN plan IS NOT NULL THEN 'ComputeSavingsPlans' END AS savings_plan_offering_type, plan AS "
    "savings_plan_savings_plan_a_r_n, "
    "CAST(plan_effective AS DOUBLE) AS savings_plan_savings_plan_effective_cost, CAST(plan_total AS DOUBLE) AS "
    "savings_plan_total_commitment_to_date, CAST(plan_used AS DOUBLE) AS savings_plan_used_commitment "
    "FROM line l LEFT JOIN services s ON s.code = l.service CROSS JOIN (SELECT CAST(%S || '-01' AS TIMESTAMP) AS start) p "
    "CROSS JOIN (SELECT id, name FROM sample_accounts WHERE role = 'management') m "
    "ORDER BY l.start, account_id, service, usage_type, resource_id, line_type, operation, region, l.finish, cost, zone, "
    "quantity, description, project";

static bool write_manifest(Arena *arena, DuckSession *session, const char *root, const char *month, const char *file,
                           const char *query, Err *err) {
    Table *columns = NULL;
    if (!duck_rows(arena, session, sql_format(arena, "DESCRIBE %R", query), &columns, err)) return false;
    Json *manifest = json_make_object(arena);
    json_put_text(manifest, "executionId", arena_printf(arena, "%s-execution", month));
    json_put_text(manifest, "exportArn", "arn:aws:bcm-data-exports:us-east-1:410058271936:export/" SAMPLE_EXPORT_NAME);
    Json *list = json_put_array(manifest, "columns");
    for (size_t row = 0; row < columns->row_count; row++) {
        const char *type = table_cell(columns, row, 1);
        Json *column = json_add_object(list);
        json_put_text(column, "name", table_cell(columns, row, 0));
        json_put_text(column, "type",
                      strncmp(type, "MAP", 3) == 0     ? "map<string,string>"
                      : strcmp(type, "DOUBLE") == 0    ? "double"
                      : strcmp(type, "TIMESTAMP") == 0 ? "timestamp"
                                                       : "string");
    }
    json_put_text(manifest, "contentType", "PARQUET");
    json_put_text(manifest, "compression", "PARQUET");
    json_put_text(manifest, "billingPeriod", month);
    json_add_text(json_put_array(manifest, "dataFiles"),
                  arena_printf(arena, "s3://petrel-billing/cur/" SAMPLE_EXPORT_NAME "/data/BILLING_PERIOD=%s/%s", month, file));
    char *folder = file_join(arena, root, arena_printf(arena, "metadata/BILLING_PERIOD=%s", month));
    const char *text = json_write(arena, manifest, true);
    return file_make_folder(folder, err) &&
           file_write_atomic(file_join(arena, folder, SAMPLE_EXPORT_NAME "-Manifest.json"), text, strlen(text), err);
}

bool sample_export_month(Arena *arena, DuckSession *session, const char *root, const char *month, bool open, Err *err) {
    const char *file = SAMPLE_EXPORT_NAME "-00001.snappy.parquet";
    const char *invoice = open ? "" : arena_printf(arena, "20%.2s%.2s4107", month + 2, month + 5);
    const char *query = sql_format(arena, EXPORT, invoice, month);
    char *folder = file_join(arena, root, arena_printf(arena, "data/BILLING_PERIOD=%s", month));
    if (!file_make_folder(folder, err)) return false;
    const char *copy =
        sql_format(arena, "COPY (%R) TO %S (FORMAT parquet, COMPRESSION snappy)", query, file_join(arena, folder, file));
    return duck_run(session, copy, err) && write_manifest(arena, session, root, month, file, query, err);
}

bool sample_add_truth(Arena *arena, DuckSession *session, const char *month, Json *months, long long *row_count, Err *err) {
    static const char totals[] =
        "SELECT count(*), sum(cost), "
        "sum(CASE line_type WHEN 'SavingsPlanCoveredUsage' THEN plan_effective WHEN 'DiscountedUsage' THEN "
        "reservation_effective WHEN 'RIFee' "
        "THEN unused_upfront + unused_recurring WHEN 'SavingsPlanRecurringFee' THEN plan_total - plan_used WHEN "
        "'SavingsPlanNegation' THEN 0 "
        "WHEN 'Fee' THEN CASE WHEN reservation IS NULL THEN cost ELSE 0 END ELSE cost END), "
        "coalesce(sum(cost) FILTER (WHERE line_type = 'Fee' AND reservation IS NOT NULL), 0), coalesce(sum(amortized_upfront), "
        "0), "
        "coalesce(sum(cost) FILTER (WHERE line_type = 'Tax'), 0), coalesce(sum(cost) FILTER (WHERE line_type = 'Credit'), 0), "
        "coalesce(sum(cost) FILTER (WHERE line_type = 'Refund'), 0), coalesce(sum(cost) FILTER (WHERE line_type = "
        "'EdpDiscount'), 0), "
        "coalesce(sum(cost) FILTER (WHERE line_type IN ('Usage', 'SavingsPlanCoveredUsage', 'DiscountedUsage') AND team IS "
        "NULL), 0) "
        "FROM line";
    static const char *const keys[] = {"unblended", "amortized", "upfront_charged", "amortized_upfront", "tax",
                                       "credits",   "refunds",   "edp_discount",    "usage_without_team"};
    Table *result = NULL;
    if (!duck_rows(arena, session, totals, &result, err)) return false;
    Json *entry = json_add_object(months);
    json_put_text(entry, "month", month);
    json_put_number(entry, "row_count", table_cell(result, 0, 0));
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) json_put_text(entry, keys[i], table_cell(result, 0, i + 1));
    *row_count += json_get_integer(entry, "row_count", 0);
    return true;
}
