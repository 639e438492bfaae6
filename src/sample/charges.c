/* What stands on an invoice beside usage. The order of the statements matters: later ones depend on the sum so far. */
#include "base/sql.h"
#include "sample/lines.h"

#define TAX_RATE "0.07"
#define SUPPORT_RATE "0.03"

/* Fees of the Savings Plans, hour by hour (day by day in a daily export), to the end of the month even where it is still open.
 * %d: daily, daily, month. */
static const char PLAN_FEES[] =
    "INSERT INTO charge BY NAME SELECT 'SavingsPlanRecurringFee' AS line_type, c.account_id, c.account_name, h.start, h.start "
    "+ "
    "to_hours(h.length) AS finish, c.service, c.usage_type, c.usage_type AS meter, c.arn AS resource_id, h.length AS quantity, "
    "'Hrs' AS unit, c.recurring AS rate, c.recurring * h.length AS cost, c.family, '1 year ' || c.option || ' Compute Savings "
    "Plan' AS description, c.number AS commitment, 0 AS amortized_upfront, c.recurring * h.length AS plan_total, "
    "coalesce(u.used, 0) AS plan_used, 'AWS' AS billing_entity, true AS discounted FROM commitment c JOIN (SELECT CASE WHEN %d "
    "THEN 24 ELSE 1 END AS length, unnest(range(start, period_end, CASE WHEN %d THEN INTERVAL 1 DAY ELSE INTERVAL 1 HOUR END)) "
    "AS start FROM month WHERE month = %d) h ON h.start >= c.starts AND h.start < c.ends LEFT JOIN (SELECT start, commitment, "
    "sum(used) AS used FROM plan_hour GROUP BY ALL) u ON u.start = h.start AND u.commitment = c.number WHERE c.is_plan ORDER "
    "BY "
    "h.start, c.number";

/* Reserved instances: a fee for the whole month on its first day, also in the open month; upfront payments when they are bought.
 * %d: month. */
static const char RESERVED[] =
    "CREATE OR REPLACE TEMP TABLE reserved AS SELECT *, CAST(\"count\" * date_diff('hour', begins, period_end) AS "
    "DECIMAL(18,8)) AS "
    "reserved_hours, CAST(coalesce((SELECT sum(t.quantity) FROM total t JOIN series s ON s.series_id = t.series_id WHERE "
    "t.covered AND s.commitment = number AND t.month = of_month), 0) AS DECIMAL(18,8)) AS used_hours FROM (SELECT c.*, m.month "
    "AS of_month, m.period_end, CASE WHEN c.bought THEN greatest(m.start, c.starts) ELSE m.start END AS begins FROM commitment "
    "c "
    "JOIN month m ON m.month = %d WHERE NOT c.is_plan AND (NOT c.bought OR c.starts < m.period_end))";
static const char RESERVED_FEES[] =
    "INSERT INTO charge BY NAME SELECT 'RIFee' AS line_type, account_id, account_name, begins AS start, period_end AS finish, "
    "service, usage_type, usage_type AS meter, operation, arn AS resource_id, reserved_hours AS quantity, 'Hrs' AS unit, "
    "recurring AS rate, CAST(reserved_hours * recurring AS DECIMAL(18,10)) AS cost, family, size AS instance_type, region, "
    "'USD ' "
    "|| CAST(recurring AS VARCHAR) || ' hourly fee per ' || size || ' instance, ' || option AS description, number AS "
    "commitment, "
    "CAST((reserved_hours - used_hours) * upfront AS DECIMAL(18,10)) AS unused_upfront, CAST((reserved_hours - used_hours) * "
    "recurring AS DECIMAL(18,10)) AS unused_recurring, reserved_hours - used_hours AS unused_quantity, CAST(reserved_hours * "
    "upfront AS DECIMAL(18,10)) AS amortized_upfront, 'AWS' AS billing_entity, true AS discounted FROM reserved ORDER BY "
    "number";
static const char UPFRONT_FEES[] =
    "INSERT INTO charge BY NAME SELECT 'Fee' AS line_type, c.account_id, c.account_name, c.starts AS start, c.starts + "
    "INTERVAL 1 "
    "HOUR AS finish, c.service, c.usage_type, c.usage_type AS meter, c.operation, c.arn AS resource_id, c.count AS quantity, "
    "'Quantity' AS unit, round(c.count * 8760 * c.upfront, 2) AS cost, c.family, c.size AS instance_type, c.region, 'Sign up "
    "charge for ' || CAST(c.count AS VARCHAR) || ' reserved ' || c.size AS description, c.number AS commitment, 'AWS' AS "
    "billing_entity, true AS discounted FROM commitment c JOIN month m ON m.month = %d WHERE c.bought AND NOT c.is_plan AND "
    "c.starts >= m.start AND c.starts < m.period_end ORDER BY c.number";

/* Discount lines: of a day in an hourly export, of the month in a daily one. %d: daily, daily, month. */
static const char DISCOUNTS[] =
    "INSERT INTO charge BY NAME SELECT 'EdpDiscount' AS line_type, d.account_id, a.name AS account_name, d.start, d.finish, "
    "d.service, 0 AS quantity, -round(sum(d.cost) * " SAMPLE_DISCOUNT
    ", 8) AS cost, 'Enterprise discount' AS description, 'AWS' AS "
    "billing_entity, false AS discounted FROM (SELECT e.*, CASE WHEN %d THEN m.start ELSE CAST(e.day AS TIMESTAMP) END AS "
    "start, "
    "CASE WHEN %d THEN m.period_end ELSE e.day + INTERVAL 1 DAY END AS finish FROM day_cost e JOIN month m ON m.month = "
    "e.month "
    "WHERE e.month = %d) d JOIN account a ON a.id = d.account_id GROUP BY d.account_id, a.name, d.start, d.finish, d.service "
    "HAVING "
    "round(sum(d.cost) * " SAMPLE_DISCOUNT ", 8) > 0 ORDER BY d.start, d.account_id, d.service";

/* The rest of the invoice; %d is the month. */
static const char *const REST[] = {
    "INSERT INTO charge BY NAME SELECT 'Usage' AS line_type, a.id AS account_id, a.name AS account_name, m.start, m.period_end "
    "AS "
    "finish, 'c7f2k9q4m1x8v5b3n6j0d2w4t' AS service, 'MP:hosts-Units' AS usage_type, 'MP:hosts-Units' AS meter, 'Hourly' AS "
    "operation, 40 AS quantity, 'Hosts' AS unit, 15.5 AS rate, 15.5 AS list_rate, 620 AS cost, 620 AS list_cost, 'us-east-1' "
    "AS "
    "region, 'AWS Marketplace software usage: monitored hosts' AS description, 'AWS Marketplace' AS billing_entity, 'Harbor "
    "Log "
    "Analytics' AS product_name, false AS discounted FROM month m JOIN account a ON a.role = 'data' WHERE m.month = %d",
    "INSERT INTO charge BY NAME SELECT 'Credit' AS line_type, a.id AS account_id, a.name AS account_name, m.start, "
    "m.period_end AS "
    "finish, 'AWSLambda' AS service, 0 AS quantity, -25 AS cost, 'Credit: proof of concept' AS description, 'AWS' AS "
    "billing_entity, false AS discounted FROM month m JOIN account a ON a.role = 'development' WHERE m.month = %d AND m.month "
    "< 2",
    "INSERT INTO charge BY NAME SELECT 'Refund' AS line_type, a.id AS account_id, a.name AS account_name, m.start + INTERVAL "
    "10 DAY "
    "AS start, m.start + INTERVAL 11 DAY AS finish, 'AmazonCloudWatch' AS service, 0 AS quantity, -8.53 AS cost, 'Refund for "
    "duplicate log ingestion' AS description, 'AWS' AS billing_entity, false AS discounted FROM month m JOIN account a ON "
    "a.role = "
    "'staging' WHERE m.month = %d AND m.month = 2",
};

/* What the month's lines come to so far: usage as it is billed, and the other charges. */
static const char BILLED[] =
    "SELECT r.account_id, r.account_name, s.service, 'AWS' AS billing_entity, CASE WHEN t.covered THEN 0 ELSE t.cost END AS "
    "cost FROM total t JOIN series s ON s.series_id = t.series_id JOIN resource r ON r.resource_id = s.resource_id WHERE "
    "t.month = %d UNION ALL SELECT account_id, account_name, service, billing_entity, cost FROM charge WHERE line_type <> "
    "'SavingsPlanNegation'";

static const char SUPPORT[] =
    "INSERT INTO charge BY NAME SELECT 'Fee' AS line_type, a.id AS account_id, a.name AS account_name, m.start, m.period_end "
    "AS "
    "finish, 'AWSSupportBusiness' AS service, 'Dollar' AS usage_type, 'Dollar' AS meter, 'Unknown' AS operation, 1 AS "
    "quantity, "
    "'Dollar' AS unit, (SELECT round(sum(cost) * " SUPPORT_RATE
    ", 2) FROM (%R)) AS cost, 'AWS Support (Business)' AS description, "
    "'AWS' AS billing_entity, false AS discounted FROM month m JOIN account a ON a.role = 'management' WHERE m.month = %d";
static const char TAX[] =
    "INSERT INTO charge BY NAME SELECT 'Tax' AS line_type, b.account_id, b.account_name, m.start, m.period_end AS finish, "
    "b.service, "
    "1 AS quantity, round(sum(b.cost) * " TAX_RATE ", 2) AS cost, 'Tax for product code ' || b.service AS description, "
    "b.billing_entity, 'USSalesTax' AS tax_type, false AS discounted FROM (%R) b JOIN month m ON m.month = %d GROUP BY "
    "b.account_id, b.account_name, m.start, m.period_end, b.service, b.billing_entity HAVING round(sum(b.cost) * " TAX_RATE
    ", 2) > 0 ORDER BY b.account_id, b.service";

bool lines_make_charges(Arena *arena, DuckSession *session, const LineTerms *terms, size_t month, Err *err) {
    long long at = (long long)month, daily = terms->shape->daily;
    const char *billed = sql_format(arena, BILLED, at);
    bool made = duck_run(session, "DELETE FROM fact; DELETE FROM charge", err) &&
                duck_run(session, sql_format(arena, PLAN_FEES, daily, daily, at), err) &&
                duck_run(session, sql_format(arena, RESERVED, at), err) && duck_run(session, RESERVED_FEES, err) &&
                duck_run(session, sql_format(arena, UPFRONT_FEES, at), err) &&
                (terms->discount != DISCOUNT_LINES || duck_run(session, sql_format(arena, DISCOUNTS, daily, daily, at), err));
    for (size_t i = 0; made && i < sizeof REST / sizeof *REST; i++)
        made = duck_run(session, sql_format(arena, REST[i], at), err);
    return made && duck_run(session, sql_format(arena, SUPPORT, billed, at), err) &&
           duck_run(session, sql_format(arena, TAX, billed, at), err) && lines_add_charges(arena, session, terms, month, err);
}
