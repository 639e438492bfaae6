/* The legacy Cost and Usage Report: gzipped CSV with slash headers and a column for each tag key.
 * Layout: <report>/YYYYMMDD-YYYYMMDD/ with the data files and <report>-Manifest.json beside them. Source: AWS CUR user guide. */
#include <string.h>

#include "base/json.h"
#include "base/sql.h"
#include "base/text.h"
#include "io/file.h"
#include "sample/format.h"
#include "sample/store.h"

#define TIME_FORM "'%%Y-%%m-%%dT%%H:%%M:%%SZ'"

/* Column by column: header, and SQL over `line` (l), its commitment (c), the payer (m) and the period (p). "" = not in this list's SQL. */
static const FormatColumn COLUMNS[] = {
    {"identity/LineItemId",
     "CAST(hash(l.account_id, l.usage_type, l.operation, l.resource_id, l.line_type, l.start) AS VARCHAR)"},
    {"identity/TimeInterval", "l.span"},
    {"bill/InvoiceId", "NULLIF(p.invoice, '')"},
    {"bill/InvoicingEntity", "'Amazon Web Services, Inc.'"},
    {"bill/BillingEntity", "l.billing_entity"},
    {"bill/BillType", "CASE WHEN l.line_type = 'Fee' AND l.commitment IS NOT NULL THEN 'Purchase' ELSE 'Anniversary' END"},
    {"bill/PayerAccountId", "m.id"},
    {"bill/BillingPeriodStartDate", "p.start_text"},
    {"bill/BillingPeriodEndDate", "p.end_text"},
    {"lineItem/UsageAccountId", "l.account_id"},
    {"lineItem/LineItemType", "l.line_type"},
    {"lineItem/UsageStartDate", "split_part(l.span, '/', 1)"},
    {"lineItem/UsageEndDate", "split_part(l.span, '/', 2)"},
    {"lineItem/ProductCode", "l.service"},
    {"lineItem/UsageType", "l.usage_type"},
    {"lineItem/Operation", "l.operation"},
    {"lineItem/AvailabilityZone", "l.zone"},
    {"lineItem/ResourceId", "l.resource_id"},
    {"lineItem/UsageAmount", "l.quantity"},
    {"lineItem/CurrencyCode", "'USD'"},
    {"lineItem/UnblendedRate", "l.rate"},
    {"lineItem/UnblendedCost", "l.cost"},
    {"lineItem/BlendedRate", "l.rate"},
    {"lineItem/BlendedCost", "l.cost"},
    {"lineItem/LineItemDescription", "l.description"},
    {"lineItem/TaxType", "l.tax_type"},
    {"lineItem/LegalEntity",
     "CASE WHEN l.billing_entity = 'AWS Marketplace' THEN 'Harbor Software Ltd.' ELSE 'Amazon Web Services, Inc.' END"},
    {"product/ProductName", "l.product['product_name']"},
    {"product/instanceType", "l.instance_type"},
    {"product/instanceTypeFamily", "l.instance_family"},
    {"product/operation", "l.operation"},
    {"product/productFamily", "l.family"},
    {"product/region", "l.region"},
    {"product/regionCode", "l.region"},
    {"product/servicecode", "CASE WHEN l.billing_entity = 'AWS' THEN l.service END"},
    {"product/sku", "l.sku"},
    {"product/usagetype", "l.usage_type"},
    {"pricing/publicOnDemandCost", "l.list_cost"},
    {"pricing/publicOnDemandRate", "l.list_rate"},
    {"pricing/term", "CASE l.line_type WHEN 'Usage' THEN CASE WHEN l.meter LIKE 'SpotUsage%' THEN 'Spot' ELSE 'OnDemand' END "
                     "WHEN 'DiscountedUsage' THEN 'Reserved' END"},
    {"pricing/unit", "l.unit"},
    {"reservation/AmortizedUpfrontFeeForBillingPeriod", "l.amortized_upfront"},
    {"reservation/EffectiveCost", "CASE WHEN l.line_type = 'DiscountedUsage' THEN l.effective END"},
    {"reservation/EndTime", "CASE WHEN NOT c.is_plan THEN strftime(c.ends, '%Y-%m-%dT%H:%M:%S.000Z') END"},
    {"reservation/NumberOfReservations", "CASE WHEN NOT c.is_plan THEN c.count END"},
    {"reservation/ReservationARN", "CASE WHEN NOT c.is_plan THEN c.arn END"},
    {"reservation/StartTime", "CASE WHEN NOT c.is_plan THEN strftime(c.starts, '%Y-%m-%dT%H:%M:%S.000Z') END"},
    {"reservation/UnusedAmortizedUpfrontFeeForBillingPeriod", "l.unused_upfront"},
    {"reservation/UnusedQuantity", "l.unused_quantity"},
    {"reservation/UnusedRecurringFee", "l.unused_recurring"},
    {"savingsPlan/TotalCommitmentToDate", "l.plan_total"},
    {"savingsPlan/SavingsPlanARN", "CASE WHEN c.is_plan THEN c.arn END"},
    {"savingsPlan/SavingsPlanRate",
     "CASE WHEN l.line_type = 'SavingsPlanCoveredUsage' THEN CAST(round(l.rate * c.rate, 10) AS DECIMAL(18,10)) END"},
    {"savingsPlan/UsedCommitment", "l.plan_used"},
    {"savingsPlan/SavingsPlanEffectiveCost",
     "CASE WHEN l.line_type = 'SavingsPlanCoveredUsage' THEN l.effective WHEN l.line_type = 'SavingsPlanNegation' THEN 0 END"},
    {"savingsPlan/AmortizedUpfrontCommitmentForBillingPeriod", "CASE WHEN l.line_type = 'SavingsPlanRecurringFee' THEN 0 END"},
    {"savingsPlan/StartTime", "CASE WHEN c.is_plan THEN strftime(c.starts, '%Y-%m-%dT%H:%M:%S.000Z') END"},
    {"savingsPlan/EndTime", "CASE WHEN c.is_plan THEN strftime(c.ends, '%Y-%m-%dT%H:%M:%S.000Z') END"},
    {"savingsPlan/OfferingType", "CASE WHEN c.is_plan THEN 'ComputeSavingsPlans' END"},
    {"savingsPlan/PaymentOption", "CASE WHEN c.is_plan THEN c.option END"},
    {"splitLineItem/ParentResourceId", "l.parent"},
    {"splitLineItem/SplitCost", "l.split_cost"},
    {"splitLineItem/SplitUsage", "CASE WHEN l.parent IS NOT NULL THEN l.quantity END"},
    {"splitLineItem/UnusedCost", "l.split_unused"},
    {"costCategory/business_unit", "o.categories['business_unit']"},
};

/* Columns that only reports of customers with private prices have. */
static const FormatNetColumn NET_COLUMNS[] = {
    {"lineItem/NetUnblendedCost", "", "l.cost"},
    {"reservation/NetEffectiveCost", "DiscountedUsage", "l.effective"},
    {"reservation/NetUnusedAmortizedUpfrontFeeForBillingPeriod", "", "l.unused_upfront"},
    {"reservation/NetUnusedRecurringFee", "", "l.unused_recurring"},
    {"savingsPlan/NetSavingsPlanEffectiveCost", "SavingsPlanCoveredUsage", "l.effective"},
};

static void add_tags(Arena *arena, Sql *sql, const Organisation *organisation) {
    const char *const own[] = {organisation->owner_key, organisation->project_key, organisation->environment_key, "Name"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        sql_add(sql, ", l.tags[%S] AS %I", store_tag_key(arena, own[i]), arena_printf(arena, "resourceTags/user:%s", own[i]));
    sql_add(sql, ", l.tags['aws_cloudformation_stack_name'] AS \"resourceTags/aws:cloudformation:stack-name\", "
                 "l.tags['aws_autoscaling_groupname'] AS \"resourceTags/aws:autoscaling:groupName\", l.tags['aws_createdby'] "
                 "AS \"resourceTags/aws:createdBy\"");
}

static const char *select_lines(Arena *arena, const FormatSetting *setting, const FormatPeriod *period) {
    Sql *sql = format_start_select(arena, COLUMNS, sizeof COLUMNS / sizeof *COLUMNS);
    format_add_net(arena, sql, setting->terms, NET_COLUMNS, sizeof NET_COLUMNS / sizeof *NET_COLUMNS, "DECIMAL(18,10)");
    add_tags(arena, sql, setting->organisation);
    sql_add(sql,
            " FROM line l LEFT JOIN commitment c ON c.number = l.commitment LEFT JOIN unit o ON o.account_id = l.account_id "
            "CROSS JOIN (SELECT %S AS invoice, strftime(CAST(%S AS TIMESTAMP), " TIME_FORM
            ") AS start_text, strftime(CAST(%S AS TIMESTAMP) + INTERVAL 1 MONTH, " TIME_FORM
            ") AS end_text) p CROSS JOIN (SELECT id FROM account WHERE role = 'management') m",
            format_invoice(arena, setting, period), period->start, period->start);
    return sql_text(sql);
}

/* "20260901-20261001" */
static const char *period_folder(Arena *arena, const FormatPeriod *period) {
    Day start = 0;
    date_parse(period->start, &start);
    const char *end = date_text(arena, date_month(start, 1));
    return arena_printf(arena, "%.4s%.2s01-%.4s%.2s01", period->start, period->start + 5, end, end + 5);
}

static const char *data_folder(Arena *arena, const FormatSetting *setting, const SampleFormat *format,
                               const FormatPeriod *period) {
    return arena_printf(arena, "%s/%s/%s/%s", setting->folder, format->root, format_export_name(arena, setting, format),
                        period_folder(arena, period));
}

static bool write_manifest(Arena *arena, DuckSession *session, const FormatSetting *setting, const SampleFormat *format,
                           const FormatPeriod *period, size_t file_count, Err *err) {
    Table *columns = NULL;
    if (!duck_rows(arena, session, sql_format(arena, "DESCRIBE %R", select_lines(arena, setting, period)), &columns, err))
        return false;
    const char *name = format_export_name(arena, setting, format),
               *payer = organisation_account(setting->organisation, "management")->id;
    Json *manifest = json_make_object(arena);
    json_put_text(manifest, "assemblyId", arena_printf(arena, "%s-%s", name, period->name));
    json_put_text(manifest, "account", payer);
    Json *list = json_put_array(manifest, "columns");
    for (size_t row = 0; row < columns->row_count; row++) {
        const char *header = table_cell(columns, row, 0), *slash = strchr(header, '/');
        Json *column = json_add_object(list);
        json_put_text(column, "category", arena_text_n(arena, header, (size_t)(slash - header)));
        json_put_text(column, "name", slash + 1);
    }
    json_put_text(manifest, "charset", "UTF-8");
    json_put_text(manifest, "compression", "GZIP");
    json_put_text(manifest, "contentType", "text/csv");
    json_put_text(manifest, "reportId", sql_format(arena, "%d", setting->terms->shape->seed));
    json_put_text(manifest, "reportName", name);
    Json *span = json_put_object(manifest, "billingPeriod");
    const char *folder = period_folder(arena, period);
    json_put_text(span, "start", arena_printf(arena, "%.8sT000000.000Z", folder));
    json_put_text(span, "end", arena_printf(arena, "%sT000000.000Z", folder + strlen("20260901-")));
    json_put_text(manifest, "bucket", arena_printf(arena, "%s-billing", setting->organisation->id));
    Json *files = json_put_array(manifest, "reportKeys");
    for (size_t number = 1; number <= file_count; number++)
        json_add_text(files,
                      arena_printf(arena, "reports/%s/%s/%s", name, folder, format_file_name(arena, setting, format, number)));
    const char *text = json_write(arena, manifest, true);
    return file_write_quick(
        file_join(arena, data_folder(arena, setting, format, period), arena_printf(arena, "%s-Manifest.json", name)), text,
        strlen(text), err);
}

const SampleFormat format_legacy = {.name = "legacy",
                                    .root = "legacy",
                                    .copy = "FORMAT csv, HEADER, COMPRESSION gzip",
                                    .file = ".csv.gz",
                                    .select = select_lines,
                                    .data_folder = data_folder,
                                    .write_manifest = write_manifest};
