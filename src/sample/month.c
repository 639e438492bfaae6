#include "sample/month.h"

#include "base/sql.h"

/* What the invented organisation pays beside on-demand prices. */
#define PLAN_RATE "0.72"          /* savings plan rate, of the on-demand price */
#define PLAN_SLACK "1.08"         /* commitment over what the covered fleet needs: the unused part */
#define RESERVED_RECURRING "0.30" /* hourly part of a partial-upfront reservation */
#define RESERVED_UPFRONT "0.28"   /* upfront part, per hour of its year */
#define DISCOUNT_RATE "0.04"      /* private pricing, as EdpDiscount lines */
#define TAX_RATE "0.07"
#define SUPPORT_RATE "0.03"

static const char LINE_TABLE[] =
    "CREATE OR REPLACE TABLE line (line_type VARCHAR, account_id VARCHAR, account_name VARCHAR, start TIMESTAMP, finish "
    "TIMESTAMP, "
    "service VARCHAR, usage_type VARCHAR, operation VARCHAR, zone VARCHAR, resource_id VARCHAR, quantity DECIMAL(18,6), unit "
    "VARCHAR, "
    "rate DECIMAL(18,10), cost DECIMAL(18,10), list_cost DECIMAL(18,10), family VARCHAR, instance_type VARCHAR, region "
    "VARCHAR, "
    "description VARCHAR, team VARCHAR, project VARCHAR, environment VARCHAR, reservation VARCHAR, reservation_effective "
    "DECIMAL(18,10), "
    "unused_upfront DECIMAL(18,10), unused_recurring DECIMAL(18,10), amortized_upfront DECIMAL(18,10), plan VARCHAR, "
    "plan_effective DECIMAL(18,10), plan_total DECIMAL(18,10), plan_used DECIMAL(18,10), billing_entity VARCHAR, product_name "
    "VARCHAR)";

/* Quantity of every resource, meter and hour that is billed. Office hours and weekends shape it, months grow it, one incident
 * multiplies it, noise roughens it. Decimal before it is summed, so that the sum does not depend on the order. */
static const char HOURLY[] =
    "SELECT e.group_id, e.number, m.meter_id, h.hour, CAST(round(m.quantity * CASE WHEN m.pattern = 'flat' THEN 1 ELSE "
    "(1 + 0.025 * %d) * (0.9 + 0.2 * (hash(e.code, m.meter_id, epoch(h.hour)) %% 10000) / 10000.0) END * "
    "CASE WHEN m.pattern = 'day' THEN (CASE WHEN isodow(h.hour) >= 6 THEN 0.6 ELSE 1 END) * "
    "(0.35 + 0.65 * greatest(0.0, sin(pi() * (hour(h.hour) - 6) / 16.0))) ELSE 1 END * "
    "CASE WHEN %d = 2 AND day(h.hour) BETWEEN 18 AND 20 AND g.project IN ('orders', 'observability') AND m.pattern = 'day' "
    "THEN 5 "
    "ELSE 1 END, 6) AS DECIMAL(18,6)) AS quantity "
    "FROM entities e JOIN groups g ON g.group_id = e.group_id JOIN meters m ON m.kind = g.kind JOIN hours h ON h.hour >= "
    "e.first_hour "
    "WHERE CASE m.pattern WHEN 'daily' THEN hour(h.hour) = 0 WHEN 'batch' THEN hour(h.hour) BETWEEN 1 AND 4 WHEN 'office' THEN "
    "isodow(h.hour) < 6 AND hour(h.hour) BETWEEN 8 AND 19 ELSE true END AND "
    "(g.rhythm = 'always' OR m.resource IS DISTINCT FROM 'instance' OR (isodow(h.hour) < 6 AND hour(h.hour) BETWEEN 8 AND 19))";

static const char USAGE_LINES[] =
    "INSERT INTO line SELECT CASE WHEN sp THEN 'SavingsPlanCoveredUsage' WHEN ri THEN 'DiscountedUsage' ELSE 'Usage' END, "
    "account_id, "
    "account_name, start, finish, service, prefix || usage_type, operation, zone, CASE WHEN has_resource THEN resource_id END, "
    "quantity, "
    "unit, rate, CASE WHEN ri THEN 0 ELSE cost END, cost, family, instance_type, region, description, "
    "CASE WHEN is_tagged THEN team END, CASE WHEN is_tagged THEN project END, CASE WHEN is_tagged THEN environment END, "
    "CASE WHEN ri THEN reservation END, CASE WHEN ri THEN CAST(quantity AS DECIMAL(28,6)) * (round(rate * " RESERVED_RECURRING
    ", 10) + round(rate * " RESERVED_UPFRONT
    ", 10)) END, NULL, NULL, NULL, CASE WHEN sp THEN %S END, CASE WHEN sp THEN round(cost * " PLAN_RATE
    ", 10) END, NULL, NULL, 'AWS', NULL "
    "FROM (SELECT g.account_id, g.account_name, g.region, g.team, g.project, g.environment, e.is_tagged, e.has_resource, "
    "m.service, "
    "m.usage_type, m.operation, m.unit, m.rate, m.family, m.instance_type, m.description, u.start, u.finish, u.quantity, "
    "CAST(round(CAST(u.quantity AS DECIMAL(28,6)) * m.rate, 10) AS DECIMAL(18,10)) AS cost, "
    "coalesce(g.cover = 'sp', false) AND m.usage_type LIKE 'BoxUsage%%' AS sp, "
    "coalesce(g.cover = 'ri', false) AND m.usage_type LIKE 'InstanceUsage%%' AS ri, "
    "'arn:aws:rds:' || g.region || ':' || g.account_id || ':ri:' || g.name AS reservation, "
    "CASE g.region WHEN 'us-west-2' THEN 'USW2-' WHEN 'eu-west-1' THEN 'EU-' ELSE '' END AS prefix, "
    "CASE WHEN m.resource IN ('instance', 'db', 'cache') THEN g.region || substr('abc', CAST(e.number %% 3 + 1 AS INTEGER), 1) "
    "END AS zone, "
    "replace(replace(replace(replace(r.pattern, '{region}', g.region), '{account}', g.account_id), '{name}', g.name || '-' || "
    "CAST(e.number + 1 AS VARCHAR)), '{code}', '0' || substr(md5(e.code || m.resource), 1, 16)) AS resource_id "
    "FROM usage u JOIN entities e ON e.group_id = u.group_id AND e.number = u.number JOIN groups g ON g.group_id = u.group_id "
    "JOIN meters m ON m.meter_id = u.meter_id LEFT JOIN sample_resources r ON r.resource = m.resource)";

static const char NEGATION_LINES[] =
    "INSERT INTO line SELECT 'SavingsPlanNegation', account_id, account_name, start, finish, service, usage_type, operation, "
    "zone, NULL, "
    "sum(quantity), unit, rate, -sum(cost), sum(list_cost), family, instance_type, region, 'SavingsPlanNegation used by "
    "AccountId : ' || "
    "account_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, plan, 0, NULL, NULL, 'AWS', NULL FROM line WHERE line_type = "
    "'SavingsPlanCoveredUsage' GROUP BY ALL";

/* The plan commits to what the covered fleet would need at full size, plus slack; one line an hour or day. */
static const char PLAN_LINES[] =
    "INSERT INTO line SELECT 'SavingsPlanRecurringFee', a.id, a.name, p.start, p.finish, 'ComputeSavingsPlans', "
    "'ComputeSP:1yrNoUpfront', NULL, NULL, NULL, hours, 'Hrs', c.hourly, c.hourly * hours, 0, 'ComputeSavingsPlans', NULL, "
    "NULL, "
    "'1 year No Upfront Compute Savings Plan', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, %S, NULL, c.hourly * hours, "
    "coalesce(x.used, 0), 'AWS', NULL FROM (SELECT start, finish, CAST(date_diff('hour', start, finish) AS DECIMAL(18,6)) AS "
    "hours FROM "
    "(SELECT DISTINCT start, finish FROM usage)) p JOIN sample_accounts a ON a.role = 'management' JOIN "
    "(SELECT CAST(round(sum(g.resource_count * m.rate) * " PLAN_RATE " * " PLAN_SLACK
    ", 4) AS DECIMAL(18,10)) AS hourly FROM groups g JOIN "
    "meters m ON m.kind = g.kind WHERE g.cover = 'sp' AND m.usage_type LIKE 'BoxUsage%%') c ON c.hourly > 0 LEFT JOIN "
    "(SELECT start, sum(plan_effective) AS used FROM line WHERE line_type = 'SavingsPlanCoveredUsage' GROUP BY start) x ON "
    "x.start = p.start";

/* Reservations: one more than the group has resources. The monthly fee covers the whole month, also of the open one. */
static const char RESERVATIONS[] =
    "CREATE OR REPLACE TABLE reservation AS SELECT g.group_id, g.account_id, g.account_name, g.region, m.usage_type, "
    "m.operation, "
    "m.family, m.instance_type, 'arn:aws:rds:' || g.region || ':' || g.account_id || ':ri:' || g.name AS arn, "
    "CAST(round(m.rate * " RESERVED_RECURRING ", 10) AS DECIMAL(18,10)) AS recurring, "
    "CAST(round(m.rate * " RESERVED_UPFRONT ", 10) AS DECIMAL(18,10)) AS upfront, "
    "CAST((g.resource_count + 1) * date_diff('hour', o.start, o.period_end) AS DECIMAL(28,6)) AS reserved_hours, "
    "CAST(coalesce((SELECT sum(quantity) FROM line l WHERE l.line_type = 'DiscountedUsage' AND l.reservation = 'arn:aws:rds:' "
    "|| g.region || "
    "':' || g.account_id || ':ri:' || g.name), 0) AS DECIMAL(28,6)) AS used_hours, g.resource_count + 1 AS reserved_count, "
    "o.month_index, o.start, o.period_end "
    "FROM groups g JOIN meters m ON m.kind = g.kind JOIN months o ON o.month_index = %d WHERE g.cover = 'ri' AND "
    "g.resource_count > 0 "
    "AND m.usage_type LIKE 'InstanceUsage%%'";
static const char RESERVATION_FEES[] =
    "INSERT INTO line SELECT 'RIFee', account_id, account_name, start, period_end, 'AmazonRDS', 'HeavyUsage:' || "
    "instance_type, operation, "
    "NULL, arn, reserved_hours, 'Hrs', recurring, reserved_hours * recurring, 0, family, instance_type, region, "
    "'Monthly recurring fee of ' || CAST(reserved_count AS VARCHAR) || ' reserved ' || instance_type, NULL, NULL, NULL, arn, "
    "NULL, "
    "(reserved_hours - used_hours) * upfront, (reserved_hours - used_hours) * recurring, reserved_hours * upfront, NULL, NULL, "
    "NULL, NULL, "
    "'AWS', NULL FROM reservation UNION ALL SELECT 'Fee', account_id, account_name, start, start + INTERVAL 1 HOUR, "
    "'AmazonRDS', "
    "'HeavyUsage:' || instance_type, operation, NULL, arn, reserved_count, 'Quantity', 8760 * upfront, reserved_count * 8760 * "
    "upfront, 0, "
    "family, instance_type, region, 'Sign up charge for ' || CAST(reserved_count AS VARCHAR) || ' reserved ' || instance_type, "
    "NULL, NULL, "
    "NULL, arn, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'AWS', NULL FROM reservation WHERE month_index = 0";

/* Everything else on an invoice: discount lines per day, account and service, then what depends on the sum so far. The order of
 * the statements matters. %d is the month. */
static const char *const INVOICE_LINES[] = {
    "INSERT INTO line SELECT 'EdpDiscount', account_id, account_name, date_trunc('day', start), date_trunc('day', start) + "
    "INTERVAL 1 DAY, "
    "service, NULL, NULL, NULL, NULL, 0, NULL, NULL, -round(sum(cost) * " DISCOUNT_RATE ", 10), 0, NULL, NULL, region, "
    "'Enterprise discount', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'AWS', NULL FROM line "
    "WHERE line_type = 'Usage' AND cost > 0 AND %d >= 0 GROUP BY ALL",
    "INSERT INTO line SELECT 'Usage', a.id, a.name, o.start, o.period_end, 'c7f2k9q4m1x8v5b3n6j0d2w4t', 'SoftwareUsage:hosts', "
    "NULL, NULL, "
    "NULL, 40, 'Hosts', 15.5, 620, 620, 'Marketplace', NULL, 'us-east-1', 'Harbor Log Analytics, monthly hosts', NULL, NULL, "
    "NULL, NULL, NULL, "
    "NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'AWS Marketplace', 'Harbor Log Analytics' FROM months o JOIN sample_accounts a "
    "ON a.role = "
    "'production' WHERE o.month_index = %d",
    "INSERT INTO line SELECT 'Fee', a.id, a.name, o.start, o.period_end, 'AWSSupportBusiness', 'Dollar', 'Unknown', NULL, "
    "NULL, 1, 'Dollar', "
    "NULL, (SELECT round(sum(cost) * " SUPPORT_RATE
    ", 2) FROM line), 0, NULL, NULL, NULL, 'AWS Support (Business)', NULL, NULL, NULL, NULL, "
    "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'AWS', NULL FROM months o JOIN sample_accounts a ON a.role = 'management' "
    "WHERE "
    "o.month_index = %d",
    "INSERT INTO line SELECT 'Credit', a.id, a.name, o.start, o.period_end, 'AWSLambda', NULL, NULL, NULL, NULL, 0, NULL, "
    "NULL, -25, 0, NULL, "
    "NULL, NULL, 'Credit: proof of concept', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'AWS', "
    "NULL FROM months o "
    "JOIN sample_accounts a ON a.role = 'production' WHERE o.month_index = %d AND o.month_index < 2",
    "INSERT INTO line SELECT 'Refund', a.id, a.name, o.start + INTERVAL 10 DAY, o.start + INTERVAL 11 DAY, 'AmazonCloudWatch', "
    "NULL, NULL, "
    "NULL, NULL, 0, NULL, NULL, -8.53, 0, NULL, NULL, NULL, 'Refund for duplicate log ingestion', NULL, NULL, NULL, NULL, "
    "NULL, NULL, NULL, "
    "NULL, NULL, NULL, NULL, NULL, 'AWS', NULL FROM months o JOIN sample_accounts a ON a.role = 'production' WHERE "
    "o.month_index = %d AND "
    "o.month_index = 2",
    "INSERT INTO line SELECT 'Tax', account_id, account_name, o.start, o.period_end, service, NULL, NULL, NULL, NULL, 1, NULL, "
    "NULL, "
    "round(sum(cost) * " TAX_RATE
    ", 2), 0, NULL, NULL, NULL, 'Tax for product code ' || service, NULL, NULL, NULL, NULL, NULL, NULL, NULL, "
    "NULL, NULL, NULL, NULL, NULL, billing_entity, NULL FROM line JOIN months o ON o.month_index = %d WHERE cost > 0 "
    "AND line_type <> 'SavingsPlanCoveredUsage' GROUP BY ALL HAVING round(sum(cost) * " TAX_RATE ", 2) > 0",
};

static bool build_usage(Arena *arena, DuckSession *session, const SampleShape *shape, size_t month_index, Err *err) {
    long long month = (long long)month_index;
    const char *hours =
        sql_format(arena,
                   "CREATE OR REPLACE TABLE hours AS SELECT unnest(range(start, usage_end, INTERVAL 1 HOUR)) AS hour FROM "
                   "months WHERE month_index = %d",
                   month);
    const char *hourly = sql_format(arena, HOURLY, month, month);
    const char *usage =
        shape->daily ? "CREATE OR REPLACE TABLE usage AS SELECT group_id, number, meter_id, date_trunc('day', hour) AS start, "
                       "date_trunc('day', hour) + INTERVAL 1 DAY AS finish, CAST(sum(quantity) AS DECIMAL(18,6)) AS quantity "
                       "FROM (%R) GROUP BY ALL"
                     : "CREATE OR REPLACE TABLE usage AS SELECT group_id, number, meter_id, hour AS start, hour + INTERVAL 1 "
                       "HOUR AS finish, quantity FROM (%R)";
    return duck_run(session, hours, err) && duck_run(session, sql_format(arena, usage, hourly), err);
}

bool sample_build_month(Arena *arena, DuckSession *session, const SampleShape *shape, size_t month_index, Err *err) {
    const char *plan = "arn:aws:savingsplans::410058271936:savingsplan/6b1f3c52-petrel-compute";
    long long month = (long long)month_index;
    bool made = duck_run(session, LINE_TABLE, err) && build_usage(arena, session, shape, month_index, err) &&
                duck_run(session, sql_format(arena, USAGE_LINES, plan), err) && duck_run(session, NEGATION_LINES, err) &&
                duck_run(session, sql_format(arena, PLAN_LINES, plan), err) &&
                duck_run(session, sql_format(arena, RESERVATIONS, month), err) && duck_run(session, RESERVATION_FEES, err);
    for (size_t i = 0; made && i < sizeof INVOICE_LINES / sizeof *INVOICE_LINES; i++)
        made = duck_run(session, sql_format(arena, INVOICE_LINES[i], month), err);
    return made;
}
