/* What stands on an invoice beside usage. The order of the statements matters: later ones depend on the sum so far. */
#include "base/sql.h"
#include "sample/lines.h"

#define TAX_RATE "0.07"
#define SUPPORT_RATE "0.03"

/* Fees of the Savings Plans, hour by hour (day by day in a daily export), to the end of the month even where it is still open. %d: month, daily. */
static const char PLAN_FEES[] =
    "INSERT INTO charge SELECT 'SavingsPlanRecurringFee', c.account_id, c.account_name, h.start, h.start + to_hours(h.length), "
    "c.service, "
    "c.usage_type, c.usage_type, NULL, NULL, c.arn, h.length, 'Hrs', c.recurring, NULL, c.recurring * h.length, NULL, "
    "c.family, NULL, NULL, '1 year ' || "
    "c.option || ' Compute Savings Plan', NULL, NULL, c.number, NULL, NULL, NULL, NULL, 0, c.recurring * h.length, "
    "coalesce(u.used, 0), 'AWS', NULL, NULL, NULL, "
    "NULL, NULL, true FROM commitment c JOIN (SELECT CASE WHEN %d THEN 24 ELSE 1 END AS length, unnest(range(start, "
    "period_end, CASE WHEN %d THEN INTERVAL 1 DAY "
    "ELSE INTERVAL 1 HOUR END)) AS start FROM month WHERE month = %d) h ON h.start >= c.starts AND h.start < c.ends LEFT JOIN "
    "(SELECT start, commitment, sum(used) AS used FROM "
    "plan_hour GROUP BY ALL) u ON u.start = h.start AND u.commitment = c.number WHERE c.is_plan ORDER BY h.start, c.number";

/* Reserved instances: a fee for the whole month on its first day, also in the open month; upfront payments when they are bought. %d: month. */
static const char RESERVED[] = "CREATE OR REPLACE TEMP TABLE reserved AS SELECT c.*, greatest(m.start, CASE WHEN c.bought THEN "
                               "c.starts ELSE m.start END) AS begins, m.period_end, "
                               "CAST(c.count * date_diff('hour', greatest(m.start, CASE WHEN c.bought THEN c.starts ELSE "
                               "m.start END), m.period_end) AS DECIMAL(18,8)) AS reserved_hours, "
                               "CAST(coalesce((SELECT sum(t.quantity) FROM total t JOIN series s ON s.series_id = t.series_id "
                               "WHERE t.covered AND s.commitment = c.number AND t.month = m.month), 0) "
                               "AS DECIMAL(18,8)) AS used_hours FROM commitment c JOIN month m ON m.month = %d WHERE NOT "
                               "c.is_plan AND (NOT c.bought OR c.starts < m.period_end)";
static const char RESERVED_FEES[] =
    "INSERT INTO charge SELECT 'RIFee', account_id, account_name, begins, period_end, service, usage_type, usage_type, "
    "operation, NULL, arn, reserved_hours, 'Hrs', "
    "recurring, NULL, CAST(reserved_hours * recurring AS DECIMAL(18,10)), NULL, family, size, region, 'USD ' || CAST(recurring "
    "AS VARCHAR) || ' hourly fee per ' || size || ' instance, ' || "
    "option, NULL, NULL, number, NULL, CAST((reserved_hours - used_hours) * upfront AS DECIMAL(18,10)), CAST((reserved_hours - "
    "used_hours) * recurring AS DECIMAL(18,10)), "
    "reserved_hours - used_hours, CAST(reserved_hours * upfront AS DECIMAL(18,10)), NULL, NULL, 'AWS', NULL, NULL, NULL, NULL, "
    "NULL, true FROM reserved ORDER BY number";
static const char UPFRONT_FEES[] =
    "INSERT INTO charge SELECT 'Fee', c.account_id, c.account_name, c.starts, c.starts + INTERVAL 1 HOUR, c.service, "
    "c.usage_type, c.usage_type, c.operation, NULL, c.arn, c.count, "
    "'Quantity', NULL, NULL, round(c.count * 8760 * c.upfront, 2), NULL, c.family, c.size, c.region, 'Sign up charge for ' || "
    "CAST(c.count AS VARCHAR) || ' reserved ' || c.size, NULL, "
    "NULL, c.number, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'AWS', NULL, NULL, NULL, NULL, NULL, true FROM commitment c "
    "JOIN month m ON m.month = %d WHERE c.bought AND NOT "
    "c.is_plan AND c.starts >= m.start AND c.starts < m.period_end ORDER BY c.number";

/* Discount lines: of a day in an hourly export, of the month in a daily one. %d: daily, daily, month. */
static const char DISCOUNTS[] =
    "INSERT INTO charge SELECT 'EdpDiscount', d.account_id, a.name, d.start, d.finish, d.service, NULL, NULL, NULL, NULL, "
    "NULL, 0, NULL, NULL, NULL, "
    "-round(sum(d.cost) * " SAMPLE_DISCOUNT ", 8), NULL, NULL, NULL, NULL, 'Enterprise discount', NULL, NULL, NULL, NULL, "
    "NULL, NULL, NULL, NULL, NULL, NULL, 'AWS', NULL, NULL, "
    "NULL, NULL, NULL, false FROM (SELECT e.*, CASE WHEN %d THEN m.start ELSE CAST(e.day AS TIMESTAMP) END AS start, CASE WHEN "
    "%d THEN m.period_end ELSE e.day + INTERVAL 1 DAY END AS "
    "finish FROM day_cost e JOIN month m ON m.month = e.month WHERE e.month = %d) d JOIN account a ON a.id = d.account_id "
    "GROUP BY d.account_id, a.name, d.start, d.finish, d.service "
    "HAVING round(sum(d.cost) * " SAMPLE_DISCOUNT ", 8) > 0 ORDER BY d.start, d.account_id, d.service";

/* The rest of the invoice; %d is the month. */
static const char *const REST[] = {
    "INSERT INTO charge SELECT 'Usage', a.id, a.name, m.start, m.period_end, 'c7f2k9q4m1x8v5b3n6j0d2w4t', 'MP:hosts-Units', "
    "'MP:hosts-Units', 'Hourly', NULL, NULL, 40, 'Hosts', 15.5, "
    "15.5, 620, 620, NULL, NULL, 'us-east-1', 'AWS Marketplace software usage: monitored hosts', NULL, NULL, NULL, NULL, NULL, "
    "NULL, NULL, NULL, NULL, NULL, 'AWS Marketplace', 'Harbor "
    "Log Analytics', NULL, NULL, NULL, NULL, false FROM month m JOIN account a ON a.role = 'data' WHERE m.month = %d",
    "INSERT INTO charge SELECT 'Credit', a.id, a.name, m.start, m.period_end, 'AWSLambda', NULL, NULL, NULL, NULL, NULL, 0, "
    "NULL, NULL, NULL, -25, NULL, NULL, NULL, NULL, 'Credit: "
    "proof of concept', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'AWS', NULL, NULL, NULL, NULL, NULL, false "
    "FROM month m JOIN account a ON a.role = 'development' "
    "WHERE m.month = %d AND m.month < 2",
    "INSERT INTO charge SELECT 'Refund', a.id, a.name, m.start + INTERVAL 10 DAY, m.start + INTERVAL 11 DAY, "
    "'AmazonCloudWatch', NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, "
    "-8.53, NULL, NULL, NULL, NULL, 'Refund for duplicate log ingestion', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, "
    "NULL, NULL, 'AWS', NULL, NULL, NULL, NULL, NULL, false FROM month m "
    "JOIN account a ON a.role = 'staging' WHERE m.month = %d AND m.month = 2",
};

/* What the month's lines come to so far: usage as it is billed, and the other charges. */
static const char BILLED[] = "SELECT r.account_id, r.account_name, s.service, 'AWS' AS billing_entity, CASE WHEN t.covered "
                             "THEN 0 ELSE t.cost END AS cost FROM total t JOIN series s ON s.series_id = "
                             "t.series_id JOIN resource r ON r.resource_id = s.resource_id WHERE t.month = %d UNION ALL SELECT "
                             "account_id, account_name, service, billing_entity, cost FROM charge WHERE "
                             "line_type <> 'SavingsPlanNegation'";

static const char SUPPORT[] =
    "INSERT INTO charge SELECT 'Fee', a.id, a.name, m.start, m.period_end, 'AWSSupportBusiness', 'Dollar', 'Dollar', "
    "'Unknown', NULL, NULL, 1, 'Dollar', NULL, NULL, (SELECT "
    "round(sum(cost) * " SUPPORT_RATE ", 2) FROM (%R)), NULL, NULL, NULL, NULL, 'AWS Support (Business)', NULL, NULL, NULL, "
    "NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'AWS', NULL, "
    "NULL, NULL, NULL, NULL, false FROM month m JOIN account a ON a.role = 'management' WHERE m.month = %d";
static const char TAX[] =
    "INSERT INTO charge SELECT 'Tax', b.account_id, b.account_name, m.start, m.period_end, b.service, NULL, NULL, NULL, NULL, "
    "NULL, 1, NULL, NULL, NULL, round(sum(b.cost) * " TAX_RATE
    ", 2), NULL, NULL, NULL, NULL, 'Tax for product code ' || b.service, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, "
    "NULL, b.billing_entity, NULL, 'USSalesTax', NULL, NULL, "
    "NULL, false FROM (%R) b JOIN month m ON m.month = %d GROUP BY ALL HAVING round(sum(b.cost) * " TAX_RATE
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
