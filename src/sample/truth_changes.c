/* What changed from month to month and why, so that the causes add up to the change exactly; the incident; how commitments were used. */
#include "base/sql.h"
#include "base/text.h"
#include "sample/truth.h"

/* What the incident cost beyond the usage that there would have been: recomputed hour by hour. */
static bool find_incident(const TruthSetting *setting, const char **cost, Err *err) {
    long first = 0, last = 0;
    shape_incident(setting->world->shape, &first, &last);
    *cost = NULL;
    if (first == last) return true;
    size_t month = 0;
    while (shape_month(setting->world->shape, month + 1) <= first) month++;
    const char *hours = lines_hours(setting->arena, setting->terms, month, first, last);
    const char *sql = sql_format(setting->arena,
                                 "SELECT sum(CAST(round(h.quantity * s.rate * %d / %d, 10) AS DECIMAL(18,10))) FROM (%R) h "
                                 "JOIN series s ON s.series_id = h.series_id WHERE s.rhythm = %d",
                                 (long long)INCIDENT_FACTOR - 1, (long long)INCIDENT_FACTOR, hours, (long long)RHYTHM_INCIDENT);
    return duck_value(setting->arena, setting->session, sql, cost, err);
}

/* Cost of every series in two months, and of the other charges by what they are. %S: the metrics' columns follow. */
static const char CHANGES[] =
    "WITH usage AS (SELECT s.series_id, any_value(s.driver) AS driver, sum(%R) FILTER (WHERE t.month = %d) AS before, "
    "sum(%R) FILTER (WHERE t.month = %d) AS after FROM total t JOIN series s ON s.series_id = t.series_id LEFT JOIN "
    "commitment c ON c.number = s.commitment WHERE t.month IN (%d, %d) GROUP BY s.series_id), days AS (SELECT (SELECT days "
    "FROM month WHERE month = %d) AS b, (SELECT days FROM month WHERE month = %d) AS a), parts AS (SELECT CASE WHEN driver "
    "IS NOT NULL THEN driver WHEN before IS NULL THEN 'new-resources' ELSE 'gone-resources' END AS driver, coalesce(before, "
    "0) AS before, coalesce(after, 0) AS after FROM usage WHERE driver IS NOT NULL OR before IS NULL OR after IS NULL UNION "
    "ALL SELECT 'month-length', 0, CAST(round(before * b / a - before, 10) AS DECIMAL(38,10)) FROM usage, days WHERE driver "
    "IS NULL AND before IS NOT NULL AND after IS NOT NULL UNION ALL SELECT 'usage-change', before, after - CAST(round(before "
    "* b / a - before, 10) AS DECIMAL(38,10)) FROM usage, days WHERE driver IS NULL AND before IS NOT NULL AND after IS NOT "
    "NULL UNION ALL SELECT 'incident-retry-storm', %N, %N UNION ALL SELECT 'usage-change', -CAST(%N AS DECIMAL(38,10)), "
    "-CAST(%N AS DECIMAL(38,10)) UNION ALL SELECT CASE WHEN line_type = 'Fee' AND commitment IS NOT NULL THEN "
    "'commitment-upfront' WHEN line_type IN ('RIFee', 'SavingsPlanRecurringFee', 'SavingsPlanNegation') THEN "
    "'commitment-fees' WHEN line_type = 'Fee' THEN 'support' WHEN line_type = 'Usage' THEN 'marketplace' WHEN line_type = "
    "'EdpDiscount' THEN 'enterprise-discount' ELSE lower(line_type) END, CASE WHEN month = %d THEN %R ELSE 0 END, CASE WHEN "
    "month = %d THEN %R ELSE 0 END FROM charge_total WHERE month IN (%d, %d)) SELECT driver, CAST(sum(after - before) AS "
    "DECIMAL(38,10)) AS delta, CAST(sum(before) AS DECIMAL(38,10)) AS before, CAST(sum(after) AS DECIMAL(38,10)) AS after "
    "FROM parts GROUP BY driver HAVING sum(after - before) <> 0 OR sum(before) <> 0 ORDER BY abs(sum(after - before)) DESC, "
    "driver";

typedef struct {
    const char *name, *usage, *charge;
} Metric;

static bool put_metric(const TruthSetting *setting, Json *list, const Metric *metric, size_t from, const char *extra_before,
                       const char *extra_after, Err *err) {
    Arena *arena = setting->arena;
    long long a = (long long)from, b = a + 1;
    const char *sql = sql_format(arena, CHANGES, metric->usage, a, metric->usage, b, a, b, b, a, extra_before, extra_after,
                                 extra_before, extra_after, a, metric->charge, b, metric->charge, a, b);
    Json *entry = json_add_object(list);
    json_put_text(entry, "metric", metric->name);
    Table *sums = NULL;
    if (!duck_rows(arena, setting->session, sql_format(arena, "SELECT sum(before), sum(after), sum(delta) FROM (%R)", sql),
                   &sums, err))
        return false;
    json_put_text(entry, "before", table_cell(sums, 0, 0));
    json_put_text(entry, "after", table_cell(sums, 0, 1));
    json_put_text(entry, "delta", table_cell(sums, 0, 2));
    return truth_put_rows(setting, entry, "drivers", sql, err);
}

static bool put_changes(const TruthSetting *setting, Json *drivers, const char *incident, Err *err) {
    static const Metric metrics[] = {{"unblended", "CASE WHEN t.covered AND NOT c.is_plan THEN 0 ELSE t.cost END", "cost"},
                                     {"amortized", "t.effective", "amortized"}};
    const SampleShape *shape = setting->world->shape;
    Json *changes = json_put_array(drivers, "changes");
    for (size_t from = 0; from + 2 < shape->month_count; from++) {
        Json *entry = json_add_object(changes);
        const char *month = shape_month_text(setting->arena, shape, from),
                   *next = shape_month_text(setting->arena, shape, from + 1);
        json_put_text(entry, "from", month);
        json_put_text(entry, "to", next);
        Json *list = json_put_array(entry, "metrics");
        const char *before = incident && text_ends(month, "-08") ? incident : "0",
                   *after = incident && text_ends(next, "-08") ? incident : "0";
        for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++)
            if (!put_metric(setting, list, &metrics[i], from, before, after, err)) return false;
    }
    return true;
}

/* --- What happened ------------------------------------------------------------------------------------------------------------------------- */

static void add_event(const TruthSetting *setting, Json *events, const char *day, const char *label, const char *text) {
    long hour = shape_hour(setting->world->shape, day, 0);
    if (!hour || hour == setting->world->shape->hours) return;
    Json *event = json_add_object(events);
    json_put_text(
        event, "date",
        arena_text_n(setting->arena, shape_hour_text(setting->arena, setting->world->shape, hour), sizeof "2026-09-08" - 1));
    json_put_text(event, "label", label);
    json_put_text(event, "text", text);
}

static bool has_driver(const World *world, const char *driver) {
    for (size_t i = 0; i < world->series_count; i++)
        if (text_equal(world->series[i].driver, driver)) return true;
    return false;
}

static void put_events(const TruthSetting *setting, Json *drivers, bool incident) {
    const World *world = setting->world;
    Json *events = json_put_array(drivers, "events");
    if (has_driver(world, "project-closed"))
        add_event(setting, events, "08-12", "project-closed", "A project was closed: its instances ended, its volumes stayed.");
    for (size_t i = 0; i < world->commitment_count; i++)
        if (world->commitments[i].from > 0)
            add_event(setting, events, "08-12", "commitment-upfront",
                      arena_printf(setting->arena, "%ld reserved %s were bought all upfront.", world->commitments[i].count,
                                   world->commitments[i].size));
    if (incident)
        add_event(setting, events, "08-19", "incident-retry-storm",
                  "A service was left logging at debug level, and its retries multiplied what it wrote.");
    if (has_driver(world, "migration-to-graviton"))
        add_event(setting, events, "09-08", "migration-to-graviton",
                  "A service moved from m5 to m7g instances; its reserved instances stayed behind.");
}

static bool put_anomaly(const TruthSetting *setting, Json *truth, const char *incident, Err *err) {
    Json *anomalies = json_put_array(truth, "anomalies");
    if (!incident) return true;
    long first = 0, last = 0;
    shape_incident(setting->world->shape, &first, &last);
    Json *entry = json_add_object(anomalies);
    json_put_text(entry, "title", "Debug logging and a retry storm");
    json_put_text(entry, "start", shape_hour_text(setting->arena, setting->world->shape, first));
    json_put_text(entry, "end", shape_hour_text(setting->arena, setting->world->shape, last));
    Table *rows = NULL;
    if (!duck_rows(setting->arena, setting->session,
                   "SELECT DISTINCT r.id, s.service, r.account_id FROM series s JOIN resource r ON r.resource_id = "
                   "s.resource_id WHERE r.plant = 'incident' ORDER BY ALL",
                   &rows, err))
        return false;
    Json *services = json_put_array(entry, "services"), *resources = json_put_array(entry, "resources");
    for (size_t row = 0; row < rows->row_count; row++) {
        json_add_text(resources, table_cell(rows, row, 0));
        json_add_text(services, table_cell(rows, row, 1));
    }
    json_put_text(entry, "account", rows->row_count ? table_cell(rows, 0, 2) : NULL);
    json_put_text(entry, "root_cause",
                  "log level left at debug after a hotfix; retries multiplied what was written to a table");
    json_put_text(entry, "extra_cost", incident);
    return true;
}

/* --- Commitments ---------------------------------------------------------------------------------------------------------------------------- */

static bool put_commitments(const TruthSetting *setting, Json *truth, Err *err) {
    Json *commitments = json_put_object(truth, "commitments");
    return truth_put_rows(setting, commitments, "plans",
                          "SELECT name, arn, CASE WHEN is_plan THEN 'savings plan' ELSE 'reserved' END AS kind, account_id "
                          "AS account, region, size, \"count\", option, recurring AS hourly_each, upfront AS "
                          "upfront_each_hour, strftime(starts, '%Y-%m-%dT%H:%M:%SZ') AS start, strftime(ends, "
                          "'%Y-%m-%dT%H:%M:%SZ') AS \"end\" FROM commitment ORDER BY number",
                          err) &&
           truth_put_rows(
               setting, commitments, "utilisation",
               "SELECT m.name AS month, c.name AS plan, coalesce(u.used, 0) AS used, sum(t.amortized) AS unused, "
               "round(coalesce(u.used, 0) / nullif(coalesce(u.used, 0) + sum(t.amortized), 0), 6) AS utilisation FROM "
               "charge_total t JOIN commitment c ON c.number = t.commitment JOIN month m ON m.month = t.month LEFT JOIN "
               "(SELECT o.month, s.commitment, sum(o.effective) AS used FROM total o JOIN series s ON s.series_id = "
               "o.series_id WHERE o.covered GROUP BY ALL) u ON u.month = t.month AND u.commitment = c.number WHERE "
               "t.line_type IN ('RIFee', 'SavingsPlanRecurringFee') GROUP BY m.name, c.name, c.number, u.used ORDER BY 1, "
               "c.number",
               err);
}

bool truth_add_changes(const TruthSetting *setting, Json *truth, Err *err) {
    const char *incident = NULL;
    if (!find_incident(setting, &incident, err)) return false;
    Json *drivers = json_put_object(truth, "drivers");
    json_put_text(drivers, "note",
                  "The drivers of a change add up to it exactly. What a label names is what happened; the ordinary estate is "
                  "split into new and gone resources, the other length of the month (cost x days ratio - 1) and the "
                  "remaining change of usage.");
    put_events(setting, drivers, incident != NULL);
    return put_changes(setting, drivers, incident, err) && put_anomaly(setting, truth, incident, err) &&
           put_commitments(setting, truth, err);
}
