#include "sample/truth.h"

#include <stdlib.h>

#include "base/sql.h"
#include "base/text.h"

static void put_cell(Arena *arena, Json *object, const TableColumn *column, const char *cell) {
    if (!cell) return;
    if (column->type == CELL_INTEGER) {
        json_put_number(object, column->name, cell);
    } else if (column->type == CELL_BOOLEAN) {
        json_put_bool(object, column->name, text_equal(cell, "true"));
    } else if (text_equal(column->name, "evidence") || text_equal(column->name, "tag_values")) {
        size_t count = 0;
        const char **words = text_split(arena, cell, '|', &count);
        Json *list = json_put_array(object, column->name);
        for (size_t i = 0; i < count; i++) json_add_text(list, words[i]);
    } else {
        json_put_text(object, column->name, cell);
    }
}

bool truth_put_rows(const TruthSetting *setting, Json *object, const char *key, const char *sql, Err *err) {
    Table *rows = NULL;
    if (!duck_rows(setting->arena, setting->session, sql, &rows, err)) return false;
    Json *list = json_put_array(object, key);
    for (size_t row = 0; row < rows->row_count; row++) {
        Json *entry = json_add_object(list);
        for (size_t column = 0; column < rows->column_count; column++)
            put_cell(setting->arena, entry, &rows->columns[column], table_cell(rows, row, column));
    }
    return true;
}

/* All lines as sums: usage of each series, and the other charges. `unblended` is what the line bills. */
static const char SUMS[] =
    "CREATE OR REPLACE TEMP TABLE sums AS SELECT m.name AS month, CASE WHEN NOT t.covered THEN 'Usage' WHEN c.is_plan THEN "
    "'SavingsPlanCoveredUsage' ELSE 'DiscountedUsage' END AS type, r.account_id, r.account_name, s.service, r.region, CASE "
    "WHEN t.tagged THEN r.owner_tag END AS tag, t.line_count, CASE WHEN t.covered AND NOT c.is_plan THEN 0 ELSE t.cost END "
    "AS unblended, t.effective AS amortized, t.net_cost AS net_unblended, t.net_effective AS net_amortized, t.list_cost, "
    "0::DECIMAL(38,10) AS upfront, 0::DECIMAL(38,10) AS amortized_upfront, false AS is_marketplace FROM total t JOIN series "
    "s ON s.series_id = t.series_id JOIN resource r ON r.resource_id = s.resource_id JOIN month m ON m.month = t.month LEFT "
    "JOIN commitment c ON c.number = s.commitment UNION ALL SELECT m.name, t.line_type, t.account_id, a.name, t.service, "
    "t.region, NULL, t.line_count, t.cost, t.amortized, t.net_cost, t.net_amortized, t.list_cost, t.upfront, "
    "t.amortized_upfront, length(t.service) = 26 FROM charge_total t JOIN month m ON m.month = t.month LEFT JOIN account a "
    "ON a.id = t.account_id";

#define AMOUNTS                                                                                                                \
    "CAST(sum(line_count) AS BIGINT) AS n_rows, sum(unblended) AS unblended, sum(net_unblended) AS net_unblended, "            \
    "sum(amortized) AS amortized, sum(net_amortized) AS net_amortized"

static const char PER_MONTH[] =
    AMOUNTS ", sum(list_cost) AS public_on_demand, sum(list_cost) FILTER (WHERE type IN ('Usage', 'SavingsPlanCoveredUsage', "
            "'DiscountedUsage')) AS public_on_demand_usage, sum(upfront) AS upfront_charged, sum(amortized_upfront) AS "
            "amortized_upfront, coalesce(sum(unblended) FILTER (WHERE type IN ('Usage', 'SavingsPlanCoveredUsage', "
            "'DiscountedUsage')), 0) AS usage_rows_unblended, coalesce(sum(unblended) FILTER (WHERE type = 'Tax'), 0) AS "
            "tax, coalesce(sum(unblended) FILTER (WHERE type = 'Credit'), 0) AS credits, coalesce(sum(unblended) FILTER "
            "(WHERE type = 'Refund'), 0) AS refunds, coalesce(sum(unblended) FILTER (WHERE type = 'EdpDiscount'), 0) AS "
            "edp_discount_rows, coalesce(sum(unblended) FILTER (WHERE is_marketplace AND type = 'Usage'), 0) AS marketplace, "
            "coalesce(sum(amortized) FILTER (WHERE tag IS NULL AND type IN ('Usage', 'SavingsPlanCoveredUsage', "
            "'DiscountedUsage')), 0) AS usage_without_tag_amortized, sum(unblended) - sum(amortized) - sum(upfront) + "
            "sum(amortized_upfront) AS identity_residual";

static const struct {
    const char *key, *columns;
} BREAKDOWNS[] = {{"by_type", "type"},
                  {"by_account", "account_id AS account, account_name AS name"},
                  {"by_service", "service AS product_code"},
                  {"by_region", "coalesce(region, '') AS region"},
                  {"by_primary_tag", "coalesce(tag, '(untagged)') AS value"}};

bool truth_add_totals(const TruthSetting *setting, Json *truth, long long *row_count, Err *err) {
    Arena *arena = setting->arena;
    Json *totals = json_put_object(truth, "totals");
    const char *lines = NULL;
    if (!duck_run(setting->session, SUMS, err) ||
        !truth_put_rows(setting, totals, "per_month",
                        sql_format(arena, "SELECT month, %R FROM sums GROUP BY month ORDER BY month", PER_MONTH), err) ||
        !truth_put_rows(setting, totals, "all", sql_format(arena, "SELECT %R FROM sums", PER_MONTH), err) ||
        !duck_value(arena, setting->session, "SELECT CAST(sum(line_count) AS BIGINT) FROM sums", &lines, err))
        return false;
    *row_count = atoll(lines);
    for (size_t i = 0; i < sizeof BREAKDOWNS / sizeof *BREAKDOWNS; i++)
        if (!truth_put_rows(
                setting, totals, BREAKDOWNS[i].key,
                sql_format(arena, "SELECT month, %R, %R FROM sums GROUP BY ALL ORDER BY ALL", BREAKDOWNS[i].columns, AMOUNTS),
                err))
            return false;
    if (!truth_put_rows(setting, totals, "focus",
                        "SELECT month, sum(net_unblended) AS billed_cost, sum(net_amortized) AS effective_cost, sum(CASE "
                        "WHEN type IN ('Usage', 'SavingsPlanCoveredUsage', 'DiscountedUsage') THEN list_cost WHEN type = "
                        "'SavingsPlanNegation' THEN 0 ELSE unblended END) AS list_cost FROM sums GROUP BY month ORDER BY "
                        "month",
                        err))
        return false;
    json_put_text(totals, "identity", "unblended = amortized + upfront_charged - amortized_upfront, exactly, in every month");
    return true;
}
