/* The bill under the short names that rules read: what it lacks is NULL, so that every rule's SQL can be run and says nothing. */
#include <string.h>

#include "base/sql.h"
#include "base/text.h"
#include "investigate/features.h"

typedef struct {
    Arena *arena;
    const Catalog *catalog;
    bool rollup; /* columns of the daily rollup */
} Source;

static bool has(const Source *source, const char *column) {
    const CatalogColumn *found = catalog_column(source->catalog, column);
    return found && (!source->rollup || found->in_rollup);
}

/* A column as it is, NULL of the type where the bill lacks it. */
static const char *column(const Source *source, const char *name, const char *type) {
    return has(source, name) ? sql_format(source->arena, "%I", name) : sql_format(source->arena, "CAST(NULL AS %R)", type);
}

static const char *text(const Source *source, const char *name) {
    return has(source, name) ? sql_format(source->arena, "nullif(%I, '')", name) : "CAST(NULL AS VARCHAR)";
}

/* The first of two columns that the bill has. */
static const char *either(const Source *source, const char *first, const char *second) {
    return column(source, has(source, first) ? first : second, "DOUBLE");
}

/* The first value of the tags that mean the same: names that people and AWS give. */
static const char *tag(const Source *source, const char *const *keys, size_t count) {
    Sql *sql = sql_make(source->arena);
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        const CatalogColumn *one = catalog_tag(source->catalog, keys[i]);
        if (!one || (source->rollup && !one->in_rollup)) continue;
        sql_add(sql, found++ ? ", nullif(%I, '')" : "coalesce(nullif(%I, '')", one->name);
    }
    sql_add(sql, found ? ")" : "CAST(NULL AS VARCHAR)");
    return sql_text(sql);
}

static const char *const environment_keys[] = {"environment",     "env",  "stage",    "envtype",
                                               "environmenttype", "tier", "landscape"};
static const char *const name_keys[] = {"Name"};
static const char *const group_keys[] = {"aws:autoscaling:groupName",
                                         "aws:eks:cluster-name",
                                         "eks:cluster-name",
                                         "aws:ecs:clusterName",
                                         "aws:elasticmapreduce:job-flow-id",
                                         "elasticbeanstalk:environment-name",
                                         "aws:cloudformation:stack-name"};
static const char *const workload_keys[] = {
    "project", "application", "app", "service", "component", "workload", "aws:cloudformation:stack-name", "team"};
#define TAG(source, keys) tag(source, keys, sizeof(keys) / sizeof *(keys))

/* Usage that a resource made, and nothing else: not the negative twins of covered usage, not container lines that repeat their node,
 * not the marketplace, not what a commitment left unused. */
static const char *usage_condition(const Source *source) {
    Sql *sql = sql_make(source->arena);
    sql_add(sql, "TRUE");
    if (has(source, "ChargeCategory")) sql_add(sql, " AND %I = 'Usage'", "ChargeCategory");
    if (has(source, "x_LineItemType")) sql_add(sql, " AND coalesce(%I, '') <> 'SavingsPlanNegation'", "x_LineItemType");
    if (has(source, "x_Operation")) sql_add(sql, " AND coalesce(%I, '') NOT IN ('EKSPod-EC2', 'ECSTask-EC2')", "x_Operation");
    if (has(source, "x_BillingEntity")) sql_add(sql, " AND coalesce(%I, '') <> 'AWS Marketplace'", "x_BillingEntity");
    if (has(source, "CommitmentDiscountStatus")) sql_add(sql, " AND coalesce(%I, '') <> 'Unused'", "CommitmentDiscountStatus");
    if (has(source, "x_ServiceCode")) sql_add(sql, " AND coalesce(%I, '') NOT LIKE '%%Support%%'", "x_ServiceCode");
    return sql_text(sql);
}

/* The real zone of a line: some services write their region there. */
static const char *zone(const Source *source) {
    if (!has(source, "AvailabilityZone")) return "CAST(NULL AS VARCHAR)";
    return sql_format(source->arena, "CASE WHEN regexp_matches(%I, '[0-9][a-z]$') THEN %I END", "AvailabilityZone",
                      "AvailabilityZone");
}

static const char *line(const Source *source) {
    const char *relation = source->rollup ? source->catalog->rollup : source->catalog->dataset;
    const char *instance = has(source, "x_InstanceType")
                               ? "CASE WHEN contains(\"x_InstanceType\", '.') THEN \"x_InstanceType\" END"
                               : "CAST(NULL AS VARCHAR)";
    const char *purchase =
        has(source, "x_PurchaseOption") ? "coalesce(nullif(\"x_PurchaseOption\", ''), 'OnDemand')" : "'OnDemand'";
    const char *quantity = either(source, "ConsumedQuantity", "PricingQuantity");
    return sql_format(source->arena,
                      "SELECT %R AS account, %R AS account_name, %R AS payer, %R AS region, %R AS zone, %R AS service, %R AS "
                      "usage_type, %R AS meter, %R AS "
                      "operation, %R AS resource, %R AS instance_type, %R AS purchase, %R AS quantity, %R AS cost, %R AS "
                      "billed, %R AS list_cost, %R AS "
                      "start, %R AS finish, %R AS day, %R AS description, %R AS commitment, %R AS "
                      "environment_tag, %R AS name_tag, %R AS "
                      "group_tag, %R AS workload_tag FROM %I WHERE %R",
                      text(source, "SubAccountId"), text(source, "SubAccountName"), text(source, "BillingAccountId"),
                      text(source, "RegionId"), zone(source), text(source, "x_ServiceCode"), text(source, "x_UsageType"),
                      text(source, "x_Meter"), text(source, "x_Operation"), text(source, "ResourceId"), instance, purchase,
                      quantity, either(source, "EffectiveCost", "BilledCost"), column(source, "BilledCost", "DOUBLE"),
                      column(source, "ListCost", "DOUBLE"), column(source, "ChargePeriodStart", "TIMESTAMP"),
                      column(source, "ChargePeriodEnd", "TIMESTAMP"), column(source, "x_ChargeDate", "DATE"),
                      text(source, "ChargeDescription"), text(source, "CommitmentDiscountId"), TAG(source, environment_keys),
                      TAG(source, name_keys), TAG(source, group_keys), TAG(source, workload_keys), relation,
                      usage_condition(source));
}

/* Lines of commitments: what they cost, what of it was not used. */
static const char *fee(const Source *source) {
    /* The effective cost of a fee is what of it was not used, net of discounts; the other column is gross. */
    const char *unused = !has(source, "x_UnusedCommitmentCost") ? "CAST(NULL AS DOUBLE)"
                         : has(source, "EffectiveCost")
                             ? "CASE WHEN \"x_UnusedCommitmentCost\" <> 0 THEN \"EffectiveCost\" ELSE 0 END"
                             : "\"x_UnusedCommitmentCost\"";
    const char *cost = either(source, "EffectiveCost", "BilledCost");
    bool status = has(source, "CommitmentDiscountStatus");
    if (!has(source, "CommitmentDiscountId") || !has(source, "ChargeCategory"))
        return "SELECT CAST(NULL AS VARCHAR) AS commitment, CAST(NULL AS VARCHAR) AS kind, CAST(NULL AS VARCHAR) AS account, "
               "CAST(NULL AS "
               "VARCHAR) AS region, CAST(NULL AS VARCHAR) AS instance_type, CAST(NULL AS TIMESTAMP) AS start, CAST(NULL AS "
               "DATE) AS day, "
               "CAST(NULL AS DOUBLE) AS unused, CAST(NULL AS DOUBLE) AS total, CAST(NULL AS DOUBLE) AS paid, CAST(NULL AS "
               "DATE) AS ends WHERE "
               "FALSE";
    const char *kind =
        has(source, "CommitmentDiscountType")
            ? "CASE WHEN contains(lower(coalesce(\"CommitmentDiscountType\", '')), 'sav') THEN 'SavingsPlan' ELSE 'Reserved' "
              "END"
            : "CASE WHEN contains(lower(\"CommitmentDiscountId\"), 'savingsplan') THEN 'SavingsPlan' ELSE 'Reserved' END";
    const char *ends =
        has(source, "x_CommitmentEnd") ? "CAST(left(nullif(\"x_CommitmentEnd\", ''), 10) AS DATE)" : "CAST(NULL AS DATE)";
    const char *left_over =
        status
            ? sql_format(source->arena, "CASE WHEN \"CommitmentDiscountStatus\" = 'Unused' THEN coalesce(%R, %R) ELSE %R END",
                         unused, cost, unused)
            : unused;
    const char *condition =
        sql_format(source->arena, "nullif(\"CommitmentDiscountId\", '') IS NOT NULL AND (\"ChargeCategory\" = 'Purchase'%R)",
                   status ? " OR \"CommitmentDiscountStatus\" = 'Unused'" : "");
    return sql_format(
        source->arena,
        "SELECT \"CommitmentDiscountId\" AS commitment, %R AS kind, %R AS account, %R AS region, %R AS instance_type, %R AS "
        "start, CAST(%R AS DATE) AS day, %R AS unused, %R AS total, %R AS paid, %R AS ends FROM %I WHERE %R",
        kind, text(source, "SubAccountId"), text(source, "RegionId"), text(source, "x_InstanceType"),
        column(source, "ChargePeriodStart", "TIMESTAMP"), column(source, "x_ChargeDate", "DATE"), left_over,
        column(source, "x_CommitmentTotal", "DOUBLE"), cost, ends, source->catalog->dataset, condition);
}

static const char *number(Arena *arena, double value) {
    return sql_format(arena, "CAST(%N AS DOUBLE)", arena_printf(arena, "%.10g", value));
}

static const char *period_row(const Source *source, const RulePeriod *period) {
    Arena *arena = source->arena;
    const CatalogColumn *payer = catalog_column(source->catalog, "BillingAccountId");
    const CatalogColumn *currency = catalog_column(source->catalog, "BillingCurrency");
    const char *first_payer = payer && payer->value_count ? payer->values[0].text : "";
    const char *first_currency = currency && currency->value_count ? currency->values[0].text : "USD";
    return sql_format(
        arena,
        "SELECT DATE %S AS start_day, DATE %S AS end_day, %R AS days, %R AS hours, DATE %S AS first_day, DATE %S AS "
        "last_day, TIMESTAMP %S AS data_start, TIMESTAMP %S AS data_end, %R AS history_days, %R AS step_hours, %S AS currency, "
        "%S AS "
        "payer",
        date_text(arena, period->start), date_text(arena, period->end), number(arena, period->days),
        number(arena, period->hours), date_text(arena, period->first_day), date_text(arena, period->last_day),
        period->data_start, period->data_end, number(arena, (double)(period->last_day - period->first_day + 1)),
        number(arena, period->step_hours), first_currency, first_payer);
}

bool relations_of_bill(Arena *arena, const Catalog *catalog, const RulePeriod *period, BaseRelations *out, Err *err) {
    Source lines = {.arena = arena, .catalog = catalog},
           days = {.arena = arena, .catalog = catalog, .rollup = catalog->rollup != NULL};
    *out = (BaseRelations){
        .line = line(&lines), .line_day = line(&days), .fee = fee(&lines), .period = period_row(&lines, period)};
    return (out->line && out->line_day && out->fee && out->period) ||
           err_set(err, ERR_INTERNAL, "The relations that rules read could not be written");
}
