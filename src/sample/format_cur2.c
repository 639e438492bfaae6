/* CUR 2.0 (Data Exports): a selection of the columns of AWS's table COST_AND_USAGE_REPORT, as a customer would make it. Amounts are doubles as AWS writes them.
 * Source: AWS Data Exports user guide. */
#include "base/sql.h"
#include "sample/format.h"

/* Column by column: name, and SQL over the lines (l), their commitment (c), cost category (o), the payer (m) and the period (p). */
static const FormatColumn COLUMNS[] = {
    {"bill_bill_type", "CASE WHEN l.line_type = 'Fee' AND l.commitment IS NOT NULL THEN 'Purchase' ELSE 'Anniversary' END"},
    {"bill_billing_entity", "l.billing_entity"},
    {"bill_billing_period_end_date", "p.start + INTERVAL 1 MONTH"},
    {"bill_billing_period_start_date", "p.start"},
    {"bill_invoice_id", "NULLIF(p.invoice, '')"},
    {"bill_invoicing_entity", "'Amazon Web Services, Inc.'"},
    {"bill_payer_account_id", "m.id"},
    {"bill_payer_account_name", "m.name"},
    {"cost_category", "coalesce(o.categories, MAP(CAST([] AS VARCHAR[]), CAST([] AS VARCHAR[])))"},
    {"identity_line_item_id",
     "CAST(hash(l.account_id, l.usage_type, l.operation, l.resource_id, l.line_type, l.start) AS VARCHAR)"},
    {"identity_time_interval", "l.span"},
    {"line_item_availability_zone", "l.zone"},
    {"line_item_blended_cost", "CAST(l.cost AS DOUBLE)"},
    {"line_item_currency_code", "'USD'"},
    {"line_item_legal_entity",
     "CASE WHEN l.billing_entity = 'AWS Marketplace' THEN 'Harbor Software Ltd.' ELSE 'Amazon Web Services, Inc.' END"},
    {"line_item_line_item_description", "l.description"},
    {"line_item_line_item_type", "l.line_type"},
    {"line_item_operation", "l.operation"},
    {"line_item_product_code", "l.service"},
    {"line_item_resource_id", "l.resource_id"},
    {"line_item_tax_type", "l.tax_type"},
    {"line_item_unblended_cost", "CAST(l.cost AS DOUBLE)"},
    {"line_item_unblended_rate", "CAST(l.rate AS VARCHAR)"},
    {"line_item_usage_account_id", "l.account_id"},
    {"line_item_usage_account_name", "l.account_name"},
    {"line_item_usage_amount", "CAST(l.quantity AS DOUBLE)"},
    {"line_item_usage_end_date", "l.finish"},
    {"line_item_usage_start_date", "l.start"},
    {"line_item_usage_type", "l.usage_type"},
    {"pricing_currency", "'USD'"},
    {"pricing_public_on_demand_cost", "CAST(l.list_cost AS DOUBLE)"},
    {"pricing_public_on_demand_rate", "CAST(l.list_rate AS VARCHAR)"},
    {"pricing_term", "CASE l.line_type WHEN 'Usage' THEN CASE WHEN l.usage_type LIKE '%SpotUsage%' THEN 'Spot' ELSE 'OnDemand' "
                     "END WHEN 'DiscountedUsage' THEN 'Reserved' END"},
    {"pricing_unit", "l.unit"},
    {"product", "l.product"},
    {"product_instance_family", "l.instance_family"},
    {"product_instance_type", "l.instance_type"},
    {"product_operation", "l.operation"},
    {"product_product_family", "l.family"},
    {"product_region_code", "l.region"},
    {"product_servicecode", "CASE WHEN l.billing_entity = 'AWS' THEN l.service END"},
    {"product_sku", "l.sku"},
    {"reservation_amortized_upfront_fee_for_billing_period", "CAST(l.amortized_upfront AS DOUBLE)"},
    {"reservation_effective_cost", "CASE WHEN l.line_type = 'DiscountedUsage' THEN CAST(l.effective AS DOUBLE) END"},
    {"reservation_end_time", "CASE WHEN NOT c.is_plan THEN strftime(c.ends, '%Y-%m-%dT%H:%M:%S.000Z') END"},
    {"reservation_number_of_reservations", "CASE WHEN NOT c.is_plan THEN CAST(c.count AS VARCHAR) END"},
    {"reservation_reservation_a_r_n", "CASE WHEN NOT c.is_plan THEN c.arn END"},
    {"reservation_start_time", "CASE WHEN NOT c.is_plan THEN strftime(c.starts, '%Y-%m-%dT%H:%M:%S.000Z') END"},
    {"reservation_unused_amortized_upfront_fee_for_billing_period", "CAST(l.unused_upfront AS DOUBLE)"},
    {"reservation_unused_quantity", "CAST(l.unused_quantity AS DOUBLE)"},
    {"reservation_unused_recurring_fee", "CAST(l.unused_recurring AS DOUBLE)"},
    {"resource_tags", "coalesce(l.tags, MAP(CAST([] AS VARCHAR[]), CAST([] AS VARCHAR[])))"},
    {"savings_plan_amortized_upfront_commitment_for_billing_period",
     "CASE WHEN l.line_type = 'SavingsPlanRecurringFee' THEN CAST(0 AS DOUBLE) END"},
    {"savings_plan_end_time", "CASE WHEN c.is_plan THEN strftime(c.ends, '%Y-%m-%dT%H:%M:%S.000Z') END"},
    {"savings_plan_offering_type", "CASE WHEN c.is_plan THEN 'ComputeSavingsPlans' END"},
    {"savings_plan_payment_option", "CASE WHEN c.is_plan THEN c.option END"},
    {"savings_plan_savings_plan_a_r_n", "CASE WHEN c.is_plan THEN c.arn END"},
    {"savings_plan_savings_plan_effective_cost", "CASE WHEN l.line_type = 'SavingsPlanCoveredUsage' THEN CAST(l.effective AS "
                                                 "DOUBLE) WHEN l.line_type = 'SavingsPlanNegation' THEN CAST(0 AS DOUBLE) END"},
    {"savings_plan_savings_plan_rate",
     "CASE WHEN l.line_type = 'SavingsPlanCoveredUsage' THEN CAST(round(l.rate * c.rate, 10) AS DOUBLE) END"},
    {"savings_plan_start_time", "CASE WHEN c.is_plan THEN strftime(c.starts, '%Y-%m-%dT%H:%M:%S.000Z') END"},
    {"savings_plan_total_commitment_to_date", "CAST(l.plan_total AS DOUBLE)"},
    {"savings_plan_used_commitment", "CAST(l.plan_used AS DOUBLE)"},
    {"split_line_item_parent_resource_id", "l.parent"},
    {"split_line_item_split_cost", "CAST(l.split_cost AS DOUBLE)"},
    {"split_line_item_split_usage", "CASE WHEN l.parent IS NOT NULL THEN CAST(l.quantity AS DOUBLE) END"},
    {"split_line_item_unused_cost", "CAST(l.split_unused AS DOUBLE)"},
};

/* What a customer with private prices gets beside: the same amounts after them. */
static const FormatNetColumn NET_COLUMNS[] = {
    {"line_item_net_unblended_cost", "", "l.cost"},
    {"reservation_net_effective_cost", "DiscountedUsage", "l.effective"},
    {"reservation_net_unused_amortized_upfront_fee_for_billing_period", "", "l.unused_upfront"},
    {"reservation_net_unused_recurring_fee", "", "l.unused_recurring"},
    {"savings_plan_net_savings_plan_effective_cost", "SavingsPlanCoveredUsage", "l.effective"},
};

static const char *select_lines(Arena *arena, const FormatSetting *setting, const FormatPeriod *period) {
    Sql *sql = format_start_select(arena, COLUMNS, sizeof COLUMNS / sizeof *COLUMNS);
    format_add_net(arena, sql, setting->terms, NET_COLUMNS, sizeof NET_COLUMNS / sizeof *NET_COLUMNS, "DOUBLE");
    sql_add(sql,
            " FROM line l LEFT JOIN commitment c ON c.number = l.commitment LEFT JOIN unit o ON o.account_id = l.account_id "
            "CROSS JOIN (SELECT CAST(%S AS TIMESTAMP) AS start, %S AS invoice) p CROSS JOIN (SELECT id, name FROM account "
            "WHERE role = 'management') m",
            period->start, format_invoice(arena, setting, period));
    return sql_text(sql);
}

/* In CSV a map is JSON text, times are ISO 8601. */
static const char *select_csv(Arena *arena, const FormatSetting *setting, const FormatPeriod *period) {
    return sql_format(
        arena,
        "SELECT * REPLACE (strftime(bill_billing_period_end_date, '%%Y-%%m-%%dT%%H:%%M:%%S.000Z') AS "
        "bill_billing_period_end_date, strftime(bill_billing_period_start_date, '%%Y-%%m-%%dT%%H:%%M:%%S.000Z') AS "
        "bill_billing_period_start_date, strftime(line_item_usage_end_date, '%%Y-%%m-%%dT%%H:%%M:%%S.000Z') AS "
        "line_item_usage_end_date, strftime(line_item_usage_start_date, '%%Y-%%m-%%dT%%H:%%M:%%S.000Z') AS "
        "line_item_usage_start_date, CAST(to_json(cost_category) AS VARCHAR) AS cost_category, CAST(to_json(product) AS "
        "VARCHAR) AS product, CAST(to_json(resource_tags) AS VARCHAR) AS resource_tags) FROM (%R)",
        select_lines(arena, setting, period));
}

const SampleFormat format_cur2 = {.name = "cur2",
                                  .root = "cur2",
                                  .copy = "FORMAT parquet, COMPRESSION snappy",
                                  .file = ".snappy.parquet",
                                  .select = select_lines,
                                  .partition = "BILLING_PERIOD",
                                  .data_folder = format_export_folder,
                                  .write_manifest = format_export_manifest};
const SampleFormat format_cur2_csv = {.name = "cur2-csv",
                                      .root = "cur2-csv",
                                      .copy = "FORMAT csv, HEADER, COMPRESSION gzip",
                                      .file = ".csv.gz",
                                      .select = select_csv,
                                      .partition = "BILLING_PERIOD",
                                      .data_folder = format_export_folder,
                                      .write_manifest = format_export_manifest};
