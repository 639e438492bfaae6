/* CUR 2.0 (Data Exports): a selection of the columns of AWS's table COST_AND_USAGE_REPORT, as a customer would make it. Amounts are doubles as AWS writes them.
 * Source: AWS Data Exports user guide. */
#include "base/sql.h"
#include "sample/format.h"

/* %S: month, invoice id. %R: net columns or nothing. */
static const char SELECT_LINES[] =
    "SELECT CASE WHEN l.line_type = 'Fee' AND l.commitment IS NOT NULL THEN 'Purchase' ELSE 'Anniversary' END AS "
    "bill_bill_type, l.billing_entity AS bill_billing_entity, p.start + INTERVAL 1 MONTH AS bill_billing_period_end_date, "
    "p.start AS bill_billing_period_start_date, NULLIF(p.invoice, '') AS bill_invoice_id, 'Amazon Web Services, Inc.' AS "
    "bill_invoicing_entity, m.id AS bill_payer_account_id, m.name AS bill_payer_account_name, coalesce(o.categories, "
    "MAP(CAST([] AS VARCHAR[]), CAST([] AS VARCHAR[]))) AS cost_category, CAST(hash(l.account_id, l.usage_type, l.operation, "
    "l.resource_id, l.line_type, l.start) AS VARCHAR) AS identity_line_item_id, l.span AS identity_time_interval, l.zone AS "
    "line_item_availability_zone, CAST(l.cost AS DOUBLE) AS line_item_blended_cost, 'USD' AS line_item_currency_code, CASE "
    "WHEN l.billing_entity = 'AWS Marketplace' THEN 'Harbor Software Ltd.' ELSE 'Amazon Web Services, Inc.' END AS "
    "line_item_legal_entity, l.description AS line_item_line_item_description, l.line_type AS line_item_line_item_type, "
    "l.operation AS line_item_operation, l.service AS line_item_product_code, l.resource_id AS line_item_resource_id, "
    "l.tax_type AS line_item_tax_type, CAST(l.cost AS DOUBLE) AS line_item_unblended_cost, CAST(l.rate AS VARCHAR) AS "
    "line_item_unblended_rate, l.account_id AS line_item_usage_account_id, l.account_name AS line_item_usage_account_name, "
    "CAST(l.quantity AS DOUBLE) AS line_item_usage_amount, l.finish AS line_item_usage_end_date, l.start AS "
    "line_item_usage_start_date, l.usage_type AS line_item_usage_type, 'USD' AS pricing_currency, CAST(l.list_cost AS "
    "DOUBLE) AS pricing_public_on_demand_cost, CAST(l.list_rate AS VARCHAR) AS pricing_public_on_demand_rate, CASE "
    "l.line_type WHEN 'Usage' THEN CASE WHEN l.usage_type LIKE '%%SpotUsage%%' THEN 'Spot' ELSE 'OnDemand' END WHEN "
    "'DiscountedUsage' THEN 'Reserved' END AS pricing_term, l.unit AS pricing_unit, l.product, l.instance_family AS "
    "product_instance_family, l.instance_type AS product_instance_type, l.operation AS product_operation, l.family AS "
    "product_product_family, l.region AS product_region_code, CASE WHEN l.billing_entity = 'AWS' THEN l.service END AS "
    "product_servicecode, l.sku AS product_sku, CAST(l.amortized_upfront AS DOUBLE) AS "
    "reservation_amortized_upfront_fee_for_billing_period, CASE WHEN l.line_type = 'DiscountedUsage' THEN CAST(l.effective "
    "AS DOUBLE) END AS reservation_effective_cost, CASE WHEN NOT c.is_plan THEN strftime(c.ends, "
    "'%%Y-%%m-%%dT%%H:%%M:%%S.000Z') END AS reservation_end_time, CASE WHEN NOT c.is_plan THEN CAST(c.count AS VARCHAR) END "
    "AS reservation_number_of_reservations, CASE WHEN NOT c.is_plan THEN c.arn END AS reservation_reservation_a_r_n, CASE "
    "WHEN NOT c.is_plan THEN strftime(c.starts, '%%Y-%%m-%%dT%%H:%%M:%%S.000Z') END AS reservation_start_time, "
    "CAST(l.unused_upfront AS DOUBLE) AS reservation_unused_amortized_upfront_fee_for_billing_period, CAST(l.unused_quantity "
    "AS DOUBLE) AS reservation_unused_quantity, CAST(l.unused_recurring AS DOUBLE) AS reservation_unused_recurring_fee, "
    "coalesce(l.tags, MAP(CAST([] AS VARCHAR[]), CAST([] AS VARCHAR[]))) AS resource_tags, CASE WHEN l.line_type = "
    "'SavingsPlanRecurringFee' THEN CAST(0 AS DOUBLE) END AS savings_plan_amortized_upfront_commitment_for_billing_period, "
    "CASE WHEN c.is_plan THEN strftime(c.ends, '%%Y-%%m-%%dT%%H:%%M:%%S.000Z') END AS savings_plan_end_time, CASE WHEN "
    "c.is_plan THEN 'ComputeSavingsPlans' END AS savings_plan_offering_type, CASE WHEN c.is_plan THEN c.option END AS "
    "savings_plan_payment_option, CASE WHEN c.is_plan THEN c.arn END AS savings_plan_savings_plan_a_r_n, CASE WHEN "
    "l.line_type = 'SavingsPlanCoveredUsage' THEN CAST(l.effective AS DOUBLE) WHEN l.line_type = 'SavingsPlanNegation' THEN "
    "CAST(0 AS DOUBLE) END AS savings_plan_savings_plan_effective_cost, CASE WHEN l.line_type = 'SavingsPlanCoveredUsage' "
    "THEN CAST(round(l.rate * c.rate, 10) AS DOUBLE) END AS savings_plan_savings_plan_rate, CASE WHEN c.is_plan THEN "
    "strftime(c.starts, '%%Y-%%m-%%dT%%H:%%M:%%S.000Z') END AS savings_plan_start_time, CAST(l.plan_total AS DOUBLE) AS "
    "savings_plan_total_commitment_to_date, CAST(l.plan_used AS DOUBLE) AS savings_plan_used_commitment, l.parent AS "
    "split_line_item_parent_resource_id, CAST(l.split_cost AS DOUBLE) AS split_line_item_split_cost, CASE WHEN l.parent IS "
    "NOT NULL THEN CAST(l.quantity AS DOUBLE) END AS split_line_item_split_usage, CAST(l.split_unused AS DOUBLE) AS "
    "split_line_item_unused_cost%R FROM line l LEFT JOIN commitment c ON c.number = l.commitment LEFT JOIN unit o ON "
    "o.account_id = l.account_id CROSS JOIN (SELECT CAST(%S AS TIMESTAMP) AS start, %S AS invoice) p CROSS JOIN (SELECT id, "
    "name FROM account WHERE role = 'management') m";

/* What a customer with private prices gets beside: the same amounts after them. */
static const char NET_COLUMNS[] =
    ", CAST(%R AS DOUBLE) AS line_item_net_unblended_cost, CASE WHEN l.line_type = 'DiscountedUsage' THEN CAST(%R AS DOUBLE) "
    "END AS reservation_net_effective_cost, CAST(%R AS DOUBLE) AS "
    "reservation_net_unused_amortized_upfront_fee_for_billing_period, CAST(%R AS DOUBLE) AS "
    "reservation_net_unused_recurring_fee, CASE WHEN l.line_type = 'SavingsPlanCoveredUsage' THEN CAST(%R AS DOUBLE) END AS "
    "savings_plan_net_savings_plan_effective_cost";

static const char *select_lines(Arena *arena, const FormatSetting *setting, const FormatPeriod *period) {
    const char *net = "";
    const LineTerms *terms = setting->terms;
    if (terms->discount == DISCOUNT_NET)
        net = sql_format(arena, NET_COLUMNS, lines_net(arena, terms, "l.cost"), lines_net(arena, terms, "l.effective"),
                         lines_net(arena, terms, "l.unused_upfront"), lines_net(arena, terms, "l.unused_recurring"),
                         lines_net(arena, terms, "l.effective"));
    return sql_format(arena, SELECT_LINES, net, period->start, format_invoice(arena, setting, period));
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
