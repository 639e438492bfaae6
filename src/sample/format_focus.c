/* FOCUS 1.2 with AWS's columns (Data Exports): one line for each charge; negations do not exist, what is unused of a commitment is a line of its own.
 * Sources: FOCUS specification 1.2; AWS Data Exports user guide, FOCUS 1.2 with AWS columns. */
#include "base/knowledge.h"
#include "base/sql.h"
#include "base/text.h"
#include "sample/format.h"

/* Column by column: name, and SQL over the lines (l), their service (s), commitment (c), the payer (m) and the period (p). */
static const FormatColumn COLUMNS[] = {
    {"AvailabilityZone", "l.zone"},
    {"BilledCost", "CAST(l.billed AS DOUBLE)"},
    {"BillingAccountId", "m.id"},
    {"BillingAccountName", "m.name"},
    {"BillingAccountType", "'Management Account'"},
    {"BillingCurrency", "'USD'"},
    {"BillingPeriodEnd", "p.start + INTERVAL 1 MONTH"},
    {"BillingPeriodStart", "p.start"},
    {"CapacityReservationId", "CASE WHEN l.meter LIKE 'UnusedBox%' THEN l.resource_id END"},
    {"CapacityReservationStatus", "CASE WHEN l.meter LIKE 'UnusedBox%' THEN 'Unused' END"},
    {"ChargeCategory", "l.category"},
    {"ChargeClass", "CAST(NULL AS VARCHAR)"},
    {"ChargeDescription", "l.description"},
    {"ChargeFrequency",
     "CASE WHEN l.category IN ('Usage', 'Tax', 'Adjustment') THEN 'Usage-Based' WHEN l.category = 'Credit' OR l.line_type = "
     "'Fee' THEN 'One-Time' ELSE 'Recurring' END"},
    {"ChargePeriodEnd", "l.finish"},
    {"ChargePeriodStart", "l.start"},
    {"CommitmentDiscountCategory", "CASE WHEN c.is_plan THEN 'Spend' WHEN NOT c.is_plan THEN 'Usage' END"},
    {"CommitmentDiscountId", "c.arn"},
    {"CommitmentDiscountName", "CAST(NULL AS VARCHAR)"},
    {"CommitmentDiscountQuantity", "CASE WHEN c.number IS NOT NULL THEN CAST(CASE WHEN c.is_plan THEN l.billed + "
                                   "l.effective_cost ELSE l.quantity END AS DOUBLE) END"},
    {"CommitmentDiscountStatus", "l.status"},
    {"CommitmentDiscountType",
     "CASE WHEN c.is_plan THEN 'Compute Savings Plan' WHEN NOT c.is_plan THEN 'Reserved Instance' END"},
    {"CommitmentDiscountUnit", "CASE WHEN c.is_plan THEN 'USD' WHEN NOT c.is_plan THEN 'Hours' END"},
    {"ConsumedQuantity",
     "CASE WHEN l.category = 'Usage' AND l.status IS DISTINCT FROM 'Unused' THEN CAST(l.quantity AS DOUBLE) END"},
    {"ConsumedUnit", "CASE WHEN l.category = 'Usage' AND l.status IS DISTINCT FROM 'Unused' THEN l.unit END"},
    {"ContractedCost", "CAST(l.contracted AS DOUBLE)"},
    {"ContractedUnitPrice", "CAST(l.rate AS DOUBLE)"},
    {"EffectiveCost", "CAST(l.effective_cost AS DOUBLE)"},
    {"InvoiceId", "NULLIF(p.invoice, '')"},
    {"InvoiceIssuerName", "'Amazon Web Services, Inc.'"},
    {"ListCost", "CAST(l.list AS DOUBLE)"},
    {"ListUnitPrice", "CAST(l.list_rate AS DOUBLE)"},
    {"PricingCategory", "CASE WHEN l.category IN ('Tax', 'Credit', 'Adjustment') THEN NULL WHEN l.status IS NOT NULL THEN "
                        "'Committed' WHEN l.meter "
                        "LIKE 'SpotUsage%' THEN 'Dynamic' ELSE 'Standard' END"},
    {"PricingCurrency", "'USD'"},
    {"PricingQuantity", "CASE WHEN l.category IN ('Usage', 'Purchase') THEN CAST(l.quantity AS DOUBLE) END"},
    {"PricingUnit", "l.unit"},
    {"ProviderName", "'AWS'"},
    {"PublisherName",
     "CASE WHEN l.billing_entity = 'AWS Marketplace' THEN 'Harbor Software Ltd.' ELSE 'Amazon Web Services, Inc.' END"},
    {"RegionId", "NULLIF(l.region, 'global')"},
    {"RegionName", "g.name"},
    {"ResourceId", "l.resource_id"},
    {"ResourceName", "CAST(NULL AS VARCHAR)"},
    {"ResourceType", "l.kind"},
    {"ServiceCategory", "coalesce(s.category, 'Other')"},
    {"ServiceName", "coalesce(l.product_name, s.name, l.service)"},
    {"SkuId", "l.sku"},
    {"SkuMeter", "l.usage_type"},
    {"SkuPriceId", "l.sku || '.JRTCKXETXF.6YS6EN2CT7'"},
    {"SubAccountId", "l.account_id"},
    {"SubAccountName", "l.account_name"},
    {"SubAccountType", "'Member Account'"},
    {"Tags", "coalesce(l.raw_tags, MAP(CAST([] AS VARCHAR[]), CAST([] AS VARCHAR[])))"},
    {"x_Operation", "l.operation"},
    {"x_ServiceCode", "CASE WHEN l.billing_entity = 'AWS' THEN l.service END"},
};

#define CATEGORY                                                                                                               \
    "CASE WHEN line_type IN ('RIFee', 'SavingsPlanRecurringFee', 'Fee') THEN 'Purchase' WHEN line_type = 'Tax' THEN 'Tax' "    \
    "WHEN line_type = 'Credit' THEN 'Credit' WHEN "                                                                            \
    "line_type IN ('Refund', 'EdpDiscount') THEN 'Adjustment' ELSE 'Usage' END"

/* Covered usage is billed nothing, purchases of commitments have no effective cost. %R: net cost, net effective cost, net cost twice. */
static const char CHARGES[] =
    "SELECT *, " CATEGORY
    " AS category, CASE WHEN line_type IN ('SavingsPlanCoveredUsage', 'DiscountedUsage') THEN 'Used' END AS status, CASE "
    "WHEN line_type = 'SavingsPlanCoveredUsage' THEN 0 ELSE %R END AS billed, CASE WHEN line_type IN "
    "('SavingsPlanCoveredUsage', 'DiscountedUsage') THEN %R WHEN commitment IS NOT NULL THEN 0 ELSE %R END AS "
    "effective_cost, CASE WHEN line_type IN ('Usage', 'SavingsPlanCoveredUsage', 'DiscountedUsage') THEN list_cost ELSE cost "
    "END AS list, CASE WHEN line_type = 'DiscountedUsage' THEN list_cost ELSE %R END AS contracted, split_part(resource_id, "
    "':', 3) AS kind FROM line WHERE line_type <> 'SavingsPlanNegation'";

/* What is unused of a commitment. %R: net unused upfront, net unused recurring. */
static const char UNUSED[] =
    " UNION ALL SELECT * EXCLUDE (unused), 'Usage', 'Unused', 0, unused, 0, 0, NULL FROM (SELECT *, CASE WHEN line_type = "
    "'RIFee' THEN %R + %R ELSE plan_total - plan_used END AS unused FROM line WHERE line_type IN ('RIFee', "
    "'SavingsPlanRecurringFee')) WHERE unused <> 0";

static const char *region_names(Arena *arena) {
    const Knowledge *names = knowledge_table(arena, "regions.tsv"), *used = knowledge_table(arena, "sample_regions.tsv");
    Sql *sql = sql_make(arena);
    sql_add(sql, "(VALUES ");
    sql_list_start(sql);
    for (size_t i = 0; i < used->row_count; i++)
        for (size_t row = 0; row < names->row_count; row++) {
            if (!text_equal(knowledge_field(used, i, "region"), knowledge_field(names, row, "id"))) continue;
            sql_list_next(sql, ", ");
            sql_add(sql, "(%S, %S)", knowledge_field(names, row, "id"), knowledge_field(names, row, "name"));
        }
    sql_add(sql, ") AS g(id, name)");
    return sql_text(sql);
}

static const char *select_lines(Arena *arena, const FormatSetting *setting, const FormatPeriod *period) {
    const LineTerms *terms = setting->terms;
    const char *cost = lines_net(arena, terms, "cost"), *effective = lines_net(arena, terms, "effective");
    Sql *sql = format_start_select(arena, COLUMNS, sizeof COLUMNS / sizeof *COLUMNS);
    sql_add(sql,
            " FROM (%R%R) l LEFT JOIN service s ON s.code = l.service LEFT JOIN commitment c ON c.number = l.commitment LEFT "
            "JOIN %R ON g.id = l.region ",
            sql_format(arena, CHARGES, cost, effective, cost, cost),
            sql_format(arena, UNUSED, lines_net(arena, terms, "unused_upfront"), lines_net(arena, terms, "unused_recurring")),
            region_names(arena));
    sql_add(sql,
            "CROSS JOIN (SELECT CAST(%S AS TIMESTAMP) AS start, %S AS invoice) p CROSS JOIN (SELECT id, name FROM account "
            "WHERE role = 'management') m",
            period->start, format_invoice(arena, setting, period));
    return sql_text(sql);
}

const SampleFormat format_focus = {.name = "focus",
                                   .root = "focus",
                                   .copy = "FORMAT parquet, COMPRESSION snappy",
                                   .file = ".snappy.parquet",
                                   .select = select_lines,
                                   .partition = "billing_period",
                                   .data_folder = format_export_folder,
                                   .write_manifest = format_export_manifest};
