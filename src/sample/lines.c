#include "sample/lines.h"

#include "base/sql.h"

/* What a line is made of: charges are inserted by name. Amounts are decimals before they are summed, so that sums do not depend on the order. */
static const char CHARGE_TABLE[] =
    "CREATE OR REPLACE TEMP TABLE charge (line_type VARCHAR, account_id VARCHAR, account_name VARCHAR, start TIMESTAMP, "
    "finish TIMESTAMP, service VARCHAR, usage_type VARCHAR, meter VARCHAR, operation VARCHAR, zone VARCHAR, resource_id "
    "VARCHAR, quantity DECIMAL(18,8), unit VARCHAR, rate DECIMAL(18,10), list_rate DECIMAL(18,10), cost DECIMAL(18,10), "
    "list_cost DECIMAL(18,10), family VARCHAR, instance_type VARCHAR, region VARCHAR, description VARCHAR, keys VARCHAR, "
    "\"values\" VARCHAR, commitment INTEGER, effective DECIMAL(18,10), unused_upfront DECIMAL(18,10), unused_recurring "
    "DECIMAL(18,10), unused_quantity DECIMAL(18,8), amortized_upfront DECIMAL(18,10), plan_total DECIMAL(18,10), plan_used "
    "DECIMAL(18,10), billing_entity VARCHAR, product_name VARCHAR, tax_type VARCHAR, parent VARCHAR, split_cost "
    "DECIMAL(18,10), split_unused DECIMAL(18,10), discounted BOOLEAN)";

static const char FACT_TABLE[] =
    "CREATE OR REPLACE TEMP TABLE fact (series_id INTEGER, start TIMESTAMP, finish TIMESTAMP, span VARCHAR, quantity "
    "DECIMAL(18,8), cost DECIMAL(18,10), covered BOOLEAN, effective DECIMAL(18,10), tagged BOOLEAN)";

#define SPAN_FORM "%Y-%m-%dT%H:%M:%SZ"
static const char LINE_VIEW[] =
    "CREATE OR REPLACE TEMP VIEW line AS SELECT CASE WHEN NOT f.covered THEN 'Usage' WHEN c.is_plan THEN "
    "'SavingsPlanCoveredUsage' ELSE 'DiscountedUsage' END AS line_type, r.account_id, r.account_name, f.start, f.finish, "
    "s.service, s.usage_type, s.meter, s.operation, r.zone, r.id AS resource_id, f.quantity, s.unit, s.rate, s.list_rate, "
    "CASE WHEN f.covered AND NOT c.is_plan THEN 0 ELSE f.cost END AS cost, CASE WHEN s.rate = s.list_rate THEN f.cost ELSE "
    "CAST(round(f.quantity * s.list_rate, 10) AS DECIMAL(18,10)) END AS list_cost, s.family, s.instance_type, r.region, "
    "s.description, CASE WHEN f.tagged THEN r.keys END AS keys, CASE WHEN f.tagged THEN r.values END AS \"values\", CASE "
    "WHEN f.covered THEN s.commitment END AS commitment, CASE WHEN f.covered THEN f.effective END AS effective, CAST(NULL AS "
    "DECIMAL(18,10)) AS unused_upfront, CAST(NULL AS DECIMAL(18,10)) AS unused_recurring, CAST(NULL AS DECIMAL(18,8)) AS "
    "unused_quantity, CAST(NULL AS DECIMAL(18,10)) AS amortized_upfront, CAST(NULL AS DECIMAL(18,10)) AS plan_total, "
    "CAST(NULL AS DECIMAL(18,10)) AS plan_used, 'AWS' AS billing_entity, CAST(NULL AS VARCHAR) AS product_name, CAST(NULL AS "
    "VARCHAR) AS tax_type, r.parent, CASE WHEN r.parent IS NOT NULL THEN CAST(round(f.quantity * CASE WHEN s.unit = "
    "'vCPU-Hours' THEN 0.0334 ELSE 0.0037 END, 10) AS DECIMAL(18,10)) END AS split_cost, CASE WHEN r.parent IS NOT NULL THEN "
    "CAST(round(f.quantity * CASE WHEN s.unit = 'vCPU-Hours' THEN 0.0081 ELSE 0.0009 END, 10) AS DECIMAL(18,10)) END AS "
    "split_unused, true AS discounted, f.span, s.sku, s.instance_family, s.product, CASE WHEN f.tagged THEN r.tag_map END AS "
    "tags, CASE WHEN f.tagged THEN r.raw_tags END AS raw_tags FROM fact f JOIN series s ON s.series_id = f.series_id JOIN "
    "resource r ON r.resource_id = s.resource_id LEFT JOIN commitment c ON c.number = s.commitment UNION ALL SELECT l.*, "
    "strftime(l.start, '" SPAN_FORM "') || '/' || strftime(l.finish, '" SPAN_FORM
    "'), upper(substr(md5(l.usage_type), 1, 16)), split_part(l.instance_type, '.', CASE WHEN regexp_matches(l.instance_type, "
    "'^(db|cache|ml)[.]') THEN 2 ELSE 1 END), MAP(['product_name', 'region'], [coalesce(l.product_name, n.name, l.service), "
    "coalesce(l.region, '')]), NULL, NULL FROM charge l LEFT JOIN service n ON n.code = l.service";

bool lines_prepare(DuckSession *session, Err *err) {
    return duck_run(
        session,
        "CREATE TABLE total (series_id INTEGER, month BIGINT, covered BOOLEAN, tagged BOOLEAN, line_count BIGINT, quantity "
        "DECIMAL(38,8), cost DECIMAL(38,10), list_cost DECIMAL(38,10), effective DECIMAL(38,10), net_cost DECIMAL(38,10), "
        "net_effective DECIMAL(38,10), first TIMESTAMP, last TIMESTAMP); CREATE TABLE charge_total (month BIGINT, line_type "
        "VARCHAR, account_id VARCHAR, service VARCHAR, region VARCHAR, commitment INTEGER, line_count BIGINT, cost "
        "DECIMAL(38,10), amortized DECIMAL(38,10), net_cost DECIMAL(38,10), net_amortized DECIMAL(38,10), upfront "
        "DECIMAL(38,10), amortized_upfront DECIMAL(38,10), list_cost DECIMAL(38,10)); CREATE TABLE day_cost (day DATE, month "
        "BIGINT, account_id VARCHAR, service VARCHAR, cost DECIMAL(38,10)); CREATE TABLE plan_hour (start TIMESTAMP, month "
        "BIGINT, commitment INTEGER, used DECIMAL(38,10)); CREATE TABLE open_cost (start TIMESTAMP, month BIGINT, cost "
        "DECIMAL(38,10))",
        err);
}

/* --- Usage --------------------------------------------------------------------------------------------------------------------------- */

/* Quantity of every meter and hour that is billed: its size times rhythm, growth and noise. %S: bounds of the hours. */
static const char HOURLY[] =
    "SELECT s.series_id, h.hour AS start, h.span, CAST(round(CASE WHEN NOT s.spread THEN s.quantity WHEN s.rhythm = %d THEN "
    "s.quantity / m.days ELSE s.quantity / m.hours END * (h.factor / 10000.0) * (1 + s.ramp * h.day) * CASE WHEN s.noise = 0 "
    "THEN 1.0 ELSE (1000 - 10 * s.noise + hash(s.noise_key, epoch(h.hour)) %% (20 * s.noise + 1)) / 1000.0 END, 8) AS "
    "DECIMAL(18,8)) AS quantity FROM (SELECT * FROM rhythm_hour WHERE hour >= CAST(%S AS TIMESTAMP) AND hour < CAST(%S AS "
    "TIMESTAMP) ORDER BY hour, rhythm) h JOIN (SELECT * FROM series WHERE first < CAST(%S AS TIMESTAMP) AND last > CAST(%S "
    "AS TIMESTAMP)) s ON s.rhythm = h.rhythm AND h.hour >= s.first AND h.hour < s.last JOIN month m ON m.month = %d";

static const char FACTS[] =
    "INSERT INTO fact SELECT series_id, start, finish, span, quantity, cost, covered, CASE WHEN NOT covered THEN cost WHEN "
    "is_plan THEN CAST(round(cost * plan_rate, 10) AS DECIMAL(18,10)) ELSE CAST(round(quantity * reserved_rate, 10) AS "
    "DECIMAL(18,10)) END, start >= tags_from FROM (SELECT u.*, s.tags_from, s.is_plan, s.plan_rate, s.reserved_rate, "
    "s.commitment > 0 AND u.start >= s.covered_from AS covered, CAST(round(u.quantity * s.rate, 10) AS DECIMAL(18,10)) AS "
    "cost FROM (%R) u JOIN series s ON s.series_id = u.series_id)";

/* What a Savings Plan covers is billed on demand and taken back, per account, size, zone and hour. */
static const char NEGATIONS[] =
    "INSERT INTO charge BY NAME SELECT 'SavingsPlanNegation' AS line_type, account_id, account_name, start, finish, service, "
    "usage_type, meter, operation, zone, sum(quantity) AS quantity, unit, rate, list_rate, -sum(cost) AS cost, sum(list_cost) "
    "AS "
    "list_cost, family, instance_type, region, 'SavingsPlanNegation used by AccountId : ' || account_id || ' and UsageSku : ' "
    "|| "
    "sku AS description, commitment, 'AWS' AS billing_entity, true AS discounted FROM line WHERE line_type = "
    "'SavingsPlanCoveredUsage' GROUP BY account_id, account_name, start, finish, service, usage_type, meter, operation, zone, "
    "unit, rate, list_rate, family, instance_type, region, commitment, sku ORDER BY start, account_id, usage_type, operation, "
    "zone, region";

/* %R: net cost and net effective cost. */
static const char TOTALS[] =
    "INSERT INTO total SELECT f.series_id, %d, f.covered, f.tagged, count(*), sum(f.quantity), sum(f.cost), sum(CASE WHEN "
    "s.rate = s.list_rate THEN f.cost ELSE CAST(round(f.quantity * s.list_rate, 10) AS DECIMAL(18,10)) END), "
    "sum(f.effective), sum(CASE WHEN f.covered AND NOT c.is_plan THEN 0 ELSE %R END), sum(%R), min(f.start), max(f.start) "
    "FROM (SELECT *, true AS discounted FROM fact) f JOIN series s ON s.series_id = f.series_id LEFT JOIN commitment c ON "
    "c.number = s.commitment GROUP BY f.series_id, f.covered, f.tagged";
static const char *const MORE_TOTALS[] = {
    "INSERT INTO day_cost SELECT CAST(start AS DATE), %d, account_id, service, sum(cost) FROM line WHERE line_type = 'Usage' "
    "AND cost > 0 GROUP BY ALL",
    "INSERT INTO plan_hour SELECT start, %d, commitment, sum(effective) FROM line WHERE line_type = 'SavingsPlanCoveredUsage' "
    "GROUP BY ALL",
    "INSERT INTO open_cost SELECT start, %d, sum(cost) FROM line WHERE line_type = 'Usage' AND (meter LIKE 'BoxUsage%%' OR "
    "meter LIKE 'Fargate%%') GROUP BY ALL",
};

/* The amortized cost of a line of `charge`: AWS's rule (unused parts on fee lines, purchases and negations nothing). %R: the line's cost. */
static const char CHARGE_TOTALS[] =
    "INSERT INTO charge_total SELECT %d, line_type, account_id, service, region, commitment, count(*), sum(cost), sum(%R), "
    "sum(%R), sum(%R), coalesce(sum(cost) FILTER (WHERE line_type = 'Fee' AND commitment IS NOT NULL), 0), "
    "coalesce(sum(amortized_upfront), 0), coalesce(sum(list_cost) FILTER (WHERE line_type <> 'SavingsPlanNegation'), 0) FROM "
    "charge GROUP BY ALL";
static const char AMORTIZED[] =
    "CASE WHEN line_type = 'RIFee' THEN %R WHEN line_type = 'SavingsPlanRecurringFee' THEN plan_total - plan_used WHEN "
    "line_type = 'SavingsPlanNegation' OR (line_type = 'Fee' AND commitment IS NOT NULL) THEN 0 ELSE %R END";

const char *lines_net(Arena *arena, const LineTerms *terms, const char *amount) {
    if (terms->discount != DISCOUNT_NET) return amount;
    return sql_format(
        arena, "CASE WHEN discounted THEN CAST(round((%R) * (1 - " SAMPLE_DISCOUNT "), 10) AS DECIMAL(18,10)) ELSE %R END",
        amount, amount);
}

bool lines_add_charges(Arena *arena, DuckSession *session, const LineTerms *terms, size_t month, Err *err) {
    const char *unused = "unused_upfront + unused_recurring", *net_cost = lines_net(arena, terms, "cost");
    const char *net_unused =
        sql_format(arena, "%R + %R", lines_net(arena, terms, "unused_upfront"), lines_net(arena, terms, "unused_recurring"));
    return duck_run(session,
                    sql_format(arena, CHARGE_TOTALS, (long long)month, sql_format(arena, AMORTIZED, unused, "cost"), net_cost,
                               sql_format(arena, AMORTIZED, net_unused, net_cost)),
                    err);
}

const char *lines_hours(Arena *arena, const LineTerms *terms, size_t month, long first, long last) {
    const char *from = shape_hour_text(arena, terms->shape, first), *until = shape_hour_text(arena, terms->shape, last);
    return sql_format(arena, HOURLY, (long long)RHYTHM_DAILY, from, until, until, from, (long long)month);
}

bool lines_make_usage(Arena *arena, DuckSession *session, const LineTerms *terms, size_t month, long first, long last,
                      Err *err) {
    const char *hourly = lines_hours(arena, terms, month, first, last);
    const char *usage = terms->shape->daily
                            ? "SELECT series_id, date_trunc('day', start) AS start, date_trunc('day', start) + INTERVAL 1 "
                              "DAY AS finish, strftime(date_trunc('day', min(start)), '%%Y-%%m-%%dT%%H:%%M:%%SZ/') || "
                              "strftime(date_trunc('day', min(start)) + INTERVAL 1 DAY, '%%Y-%%m-%%dT%%H:%%M:%%SZ') AS span, "
                              "CAST(sum(quantity) AS DECIMAL(18,8)) AS quantity FROM (%R) GROUP BY series_id, "
                              "date_trunc('day', start) ORDER BY 2, 1"
                            : "SELECT series_id, start, start + INTERVAL 1 HOUR AS finish, span, quantity FROM (%R)";
    const char *facts = sql_format(arena, FACTS, sql_format(arena, usage, hourly));
    const char *totals =
        sql_format(arena, TOTALS, (long long)month, lines_net(arena, terms, "f.cost"), lines_net(arena, terms, "f.effective"));
    bool made = duck_run(session, FACT_TABLE, err) && duck_run(session, CHARGE_TABLE, err) &&
                duck_run(session, LINE_VIEW, err) && duck_run(session, facts, err) && duck_run(session, NEGATIONS, err) &&
                duck_run(session, totals, err);
    for (size_t i = 0; made && i < sizeof MORE_TOTALS / sizeof *MORE_TOTALS; i++)
        made = duck_run(session, sql_format(arena, MORE_TOTALS[i], (long long)month), err);
    return made && lines_add_charges(arena, session, terms, month, err);
}
