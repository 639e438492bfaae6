/* The judges of tables/recommendations.tsv: what each needs to know of the data, by one small query. */
#include <stdlib.h>

#include "base/limits.h"
#include "base/sql.h"
#include "base/text.h"
#include "investigate/advice.h"

static bool ask(const Advice *advice, const char *sql, Table **out, Err *err) {
    return desk_run_once(advice->arena, advice->desk, sql, out, err);
}

static bool concept_condition(const Advice *advice, const char *id, const char **out, Err *err) {
    return desk_concept(advice->arena, advice->desk->catalog, id, out, err);
}

/* Whether `part` is a share of `whole` that is worth a sentence; of a whole of nothing no part is. */
static bool is_worth(const Advice *advice, Decimal part, Decimal whole) {
    Decimal least = {0}, ratio = {0};
    if (decimal_is_negative(part)) part = decimal_negate(part);
    if (decimal_is_zero(part) || decimal_is_zero(whole) || decimal_is_negative(whole)) return false;
    if (!decimal_parse(advice_field(advice, "least_percent"), &least) || !decimal_divide(part, whole, 8, &ratio)) return false;
    return decimal_compare(decimal_shift(ratio, 2), least) >= 0;
}

/* Sum of the rule's column over its lines, sum of what they are a share of. */
static bool ask_sums(Advice *advice, Decimal *part, Decimal *whole, Err *err) {
    const char *lines = NULL, *against = advice_field(advice, "against"), *condition = "TRUE";
    const char *column = advice_field(advice, "column");
    Table *table = NULL;
    if (!concept_condition(advice, advice_field(advice, "concept"), &lines, err)) return false;
    if (*against && !concept_condition(advice, against, &condition, err)) return false;
    const bool billed = text_equal(column, "BilledCost");
    const char *sql = sql_format(advice->arena,
                                 "SELECT sum(CASE WHEN %R THEN %I ELSE 0 END), sum(CASE WHEN %R THEN %I ELSE 0 END)\nFROM "
                                 "%I\nWHERE %R AND %R",
                                 lines, column, condition, billed ? "BilledCost" : "EffectiveCost", advice->scope.relation,
                                 advice->period, advice->scope.condition);
    if (!ask(advice, sql, &table, err)) return false;
    *part = desk_decimal(table, 0, 0);
    *whole = desk_decimal(table, 0, 1);
    return true;
}

static bool judge_lines(Advice *advice, bool *out, Err *err) {
    Decimal part = {0}, whole = {0};
    if (!ask_sums(advice, &part, &whole, err)) return false;
    *out = is_worth(advice, part, whole);
    const char *formula =
        arena_printf(advice->arena, "sum of %s over %s", advice_field(advice, "column"), advice_field(advice, "concept"));
    advice_money(advice, "amount", NULL, decimal_text(advice->arena, part), formula);
    advice_share(advice, "share", part, whole, "amount / cost it is a share of");
    return true;
}

/* Usage without a value of the tag, and the service that has most of it. */
static bool judge_untagged(Advice *advice, bool *out, Err *err) {
    const CatalogColumn *tag = advice->tag;
    const char *relation = tag->in_rollup ? advice->scope.relation : advice->desk->catalog->dataset;
    Table *table = NULL;
    if (!catalog_column(advice->desk->catalog, "ServiceName")) return true;
    const char *usage = "TRUE";
    if (!concept_condition(advice, "usage", &usage, err)) return false;
    const char *sql = sql_format(
        advice->arena,
        "WITH services AS (\n  SELECT ServiceName AS service, sum(BilledCost) AS usage,\n    sum(CASE WHEN coalesce(%I, '') = "
        "'' "
        "THEN BilledCost ELSE 0 END) AS untagged\n  FROM %I\n  WHERE %R AND %R AND %R\n  GROUP BY 1\n)\nSELECT service, "
        "untagged, sum(untagged) OVER () AS part, sum(usage) OVER () AS whole\nFROM services\nORDER BY untagged DESC, "
        "service\nLIMIT 1",
        tag->name, relation, advice->period, advice->scope.condition, usage);
    if (!ask(advice, sql, &table, err)) return false;
    if (table->row_count == 0 || !table_cell(table, 0, 0)) return true;
    const Decimal part = desk_decimal(table, 0, 2), whole = desk_decimal(table, 0, 3);
    *out = is_worth(advice, part, whole) && !decimal_is_negative(part);
    advice_money(advice, "amount", NULL, table_cell(table, 0, 2), "sum of BilledCost of usage without the tag");
    advice_share(advice, "share", part, whole, "amount / BilledCost of usage");
    advice_name(advice, "leader", table_cell(table, 0, 0));
    advice_money(advice, "leader_amount", table_cell(table, 0, 0), table_cell(table, 0, 1), "the service with most of it");
    return true;
}

/* Each volume and month: its size is what it would be billed for the whole month. A gp3 gigabyte costs 0.8 of the gp2 gigabyte that was
 * paid; matching gp2 means the IOPS above 3000 at 0.06 and, above 170 GB, 125 MB/s more at 0.5 of the gp3 gigabyte. */
static bool ask_volumes(Advice *advice, const char *lines, Table **out, Err *err) {
    const char *sql = sql_format(
        advice->arena,
        "WITH volumes AS (\n  SELECT ResourceId, date_trunc('month', x_ChargeDate) AS month, CAST(sum(BilledCost) AS DOUBLE) "
        "AS "
        "cost,\n    CAST(sum(ConsumedQuantity) AS DOUBLE) AS gigabytes,\n    24.0 * day(last_day(max(x_ChargeDate))) AS "
        "month_hours,\n    CAST(sum(date_diff('hour', ChargePeriodStart, ChargePeriodEnd)) AS DOUBLE) AS hours\n  FROM %I\n  "
        "WHERE %R AND %R AND %R\n  GROUP BY ResourceId, date_trunc('month', x_ChargeDate)\n),\nsizes AS (\n  SELECT cost, "
        "least(1, hours / month_hours) AS part, 0.8 * cost / NULLIF(gigabytes, 0) AS price,\n    gigabytes * greatest(1, "
        "month_hours / NULLIF(hours, 0)) AS size\n  FROM volumes\n)\nSELECT sum(greatest(0, 0.2 * cost - price * part * "
        "(0.06 * greatest(0, least(16000, 3 * size) - 3000) + CASE WHEN size > 170 THEN 62.5 ELSE 0 END)))\nFROM sizes",
        advice->desk->catalog->dataset, advice->period, advice->scope.condition, lines);
    return ask(advice, sql, out, err);
}

static bool judge_gp2(Advice *advice, bool *out, Err *err) {
    const Catalog *catalog = advice->desk->catalog;
    Decimal part = {0}, whole = {0}, fifth = {0};
    Table *table = NULL;
    const char *lines = NULL, *matched = "0";
    if (!ask_sums(advice, &part, &whole, err)) return false;
    *out = is_worth(advice, part, whole) && !decimal_is_negative(part);
    if (!*out) return true;
    const bool sized = catalog_column(catalog, "ResourceId") && catalog_column(catalog, "ChargePeriodEnd") &&
                       catalog_column(catalog, "ConsumedQuantity") && catalog->row_count <= RECOMMEND_LINES &&
                       !catalog->in_place;
    if (sized) {
        if (!concept_condition(advice, advice_field(advice, "concept"), &lines, err)) return false;
        if (!ask_volumes(advice, lines, &table, err)) return false;
        matched = arena_printf(advice->arena, "%.2f", desk_double(table, 0, 0));
    }
    if (!decimal_parse("5", &fifth) || !decimal_divide(part, fifth, 2, &fifth)) return true;
    advice_money(advice, "amount", NULL, decimal_text(advice->arena, part), "sum of BilledCost of gp2 volumes");
    advice_money(advice, "low", NULL, matched,
                 "per volume: 0.2 of its cost less the IOPS above 3000 and 125 MB/s that matching gp2 takes, at least nothing");
    advice_money(advice, "high", NULL, decimal_text(advice->arena, fifth), "0.2 of the cost");
    return true;
}

/* Per account and region no more bytes can have taken the way through NAT to S3 than S3 exchanged with instances there. */
static bool judge_gateway(Advice *advice, bool *out, Err *err) {
    Decimal part = {0}, whole = {0};
    const char *nat = NULL, *s3 = NULL;
    Table *table = NULL;
    const Concept *exchange = catalog_concept(advice->desk->catalog, "s3-region-transfer");
    if (!exchange || exchange->row_count == 0 || !catalog_column(advice->desk->catalog, "ConsumedQuantity")) return true;
    if (!ask_sums(advice, &part, &whole, err)) return false;
    if (!is_worth(advice, part, whole) || decimal_is_negative(part)) return true;
    if (!concept_condition(advice, "nat-gateway-bytes", &nat, err)) return false;
    if (!concept_condition(advice, "s3-region-transfer", &s3, err)) return false;
    /* The lines of S3 are not among those of a question about NAT or EC2. */
    const char *sql =
        sql_format(advice->arena,
                   "WITH places AS (\n  SELECT sum(CASE WHEN %R THEN CAST(BilledCost AS DOUBLE) ELSE 0 END) AS cost,\n    "
                   "sum(CASE WHEN %R THEN CAST(ConsumedQuantity AS DOUBLE) ELSE 0 END) AS nat,\n    sum(CASE WHEN %R THEN "
                   "CAST(ConsumedQuantity AS DOUBLE) ELSE 0 END) AS s3\n  FROM %I\n  WHERE %R AND ((%R AND %R) OR %R)\n  "
                   "GROUP BY SubAccountId, RegionId\n)\nSELECT sum(cost * least(nat, s3) / NULLIF(nat, 0)) FROM places",
                   nat, nat, s3, advice->scope.relation, advice->period, nat, advice->scope.condition, s3);
    if (!ask(advice, sql, &table, err)) return false;
    const double saved = desk_double(table, 0, 0);
    *out = saved >= 0.01;
    advice_money(advice, "amount", NULL, decimal_text(advice->arena, part), "sum of BilledCost of NAT gateway bytes");
    advice_money(advice, "high", NULL, arena_printf(advice->arena, "%.2f", saved),
                 "per account and region: cost of NAT gateway bytes, at most for as many as S3 exchanged with instances");
    return true;
}

/* Types of which, in nearly every hour, at least nine tenths of their average ran. */
static bool ask_steady(Advice *advice, const char *lines, Table **out, Err *err) {
    const char *sql = sql_format(
        advice->arena,
        "WITH hours AS (\n  SELECT x_InstanceType AS kind, ChargePeriodStart AS hour, CAST(sum(ConsumedQuantity) AS DOUBLE) AS "
        "quantity, sum(BilledCost) AS cost\n  FROM %I\n  WHERE %R AND %R AND %R\n  GROUP BY 1, 2\n),\nspan AS (SELECT "
        "count(DISTINCT hour) AS hours FROM hours),\nkinds AS (\n  SELECT kind, sum(cost) AS cost, sum(quantity) / max(hours) "
        "AS "
        "average, quantile_disc(quantity, 0.05) AS low, count(hour) / max(hours) AS presence, max(hours) AS hours\n  FROM "
        "hours, span\n  GROUP BY kind\n),\njudged AS (\n  SELECT kind, cost, hours, presence >= 0.98 AND low >= 0.9 * average "
        "AS "
        "steady FROM kinds WHERE kind IS NOT NULL\n)\nSELECT kind, cost, sum(CASE WHEN steady THEN cost ELSE 0 END) OVER () AS "
        "part, sum(cost) OVER () AS whole, steady, hours\nFROM judged\nORDER BY steady DESC, cost DESC, kind\nLIMIT 1",
        advice->desk->catalog->dataset, advice->period, advice->scope.condition, lines);
    return ask(advice, sql, out, err);
}

static bool judge_steady(Advice *advice, bool *out, Err *err) {
    static const char *const needed[] = {"x_InstanceType", "ChargePeriodStart", "ConsumedQuantity", "x_PurchaseOption"};
    const Catalog *catalog = advice->desk->catalog;
    const char *eligible = NULL, *demand = NULL;
    Table *table = NULL;
    if (!text_equal(catalog->granularity, "hourly") || catalog->row_count > RECOMMEND_LINES || catalog->in_place) return true;
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!catalog_column(catalog, needed[i])) return true;
    if (!concept_condition(advice, advice_field(advice, "concept"), &eligible, err)) return false;
    if (!concept_condition(advice, "on-demand", &demand, err)) return false;
    if (!ask_steady(advice, arena_printf(advice->arena, "%s AND %s", eligible, demand), &table, err)) return false;
    if (table->row_count == 0 || atoll(table_cell(table, 0, 5)) < RECOMMEND_HOURS) return true;
    const Decimal part = desk_decimal(table, 0, 2), whole = desk_decimal(table, 0, 3);
    *out = is_worth(advice, part, whole);
    advice_money(advice, "amount", NULL, table_cell(table, 0, 3), "sum of BilledCost of on-demand instance hours");
    advice_money(advice, "steady", NULL, table_cell(table, 0, 2),
                 "of types that ran in 98 of 100 hours, in 95 of 100 with at least 0.9 of their average");
    advice_share(advice, "share", part, whole, "steady / amount");
    advice_name(advice, "leader", table_cell(table, 0, 0));
    advice_money(advice, "leader_amount", table_cell(table, 0, 0), table_cell(table, 0, 1), "the steady type with most of it");
    return true;
}

bool advice_judge(Advice *advice, bool *out, Err *err) {
    static const struct {
        const char *kind;
        bool (*judge)(Advice *, bool *, Err *);
    } judges[] = {{"lines", judge_lines},
                  {"untagged", judge_untagged},
                  {"gp2", judge_gp2},
                  {"gateway", judge_gateway},
                  {"steady", judge_steady}};
    const char *kind = advice_field(advice, "kind");
    *out = false;
    for (size_t i = 0; i < sizeof judges / sizeof *judges; i++)
        if (text_equal(judges[i].kind, kind)) return judges[i].judge(advice, out, err);
    return err_set(err, ERR_INTERNAL, "tables/recommendations.tsv has no kind %s", kind);
}
