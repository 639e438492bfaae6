/* A small bill in memory with its catalog, made by hand: what tests of plans and their SQL ask. Static functions, because each
 * unit test is one file. */
#ifndef CURLEW_TEST_QUESTION_BILL_H
#define CURLEW_TEST_QUESTION_BILL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/decimal.h"

#include "base/sql.h"
#include "base/text.h"
#include "catalog/catalog.h"
#include "io/duck.h"
#include "question/compile.h"
#include "question/plan.h"

typedef struct {
    Arena *arena;
    DuckSession *session;
    Catalog *catalog;
} Bill;

static const CatalogColumn bill_columns[] = {
    {.name = "BilledCost", .label = "billed cost", .class = CLASS_COST, .type = CELL_DECIMAL, .in_rollup = true},
    {.name = "EffectiveCost", .label = "effective cost", .class = CLASS_COST, .type = CELL_DECIMAL, .in_rollup = true},
    {.name = "ListCost", .label = "list cost", .class = CLASS_COST, .type = CELL_DECIMAL, .in_rollup = true},
    {.name = "ConsumedQuantity", .label = "consumed quantity", .class = CLASS_METRIC, .type = CELL_DECIMAL, .in_rollup = true},
    {.name = "x_RowCount", .label = "line items", .class = CLASS_METRIC, .type = CELL_INTEGER, .in_rollup = true},
    {.name = "ConsumedUnit",
     .label = "consumed unit",
     .plural = "consumed units",
     .class = CLASS_DIMENSION,
     .in_rollup = true,
     .missing = 1},
    {.name = "SubAccountId",
     .label = "account",
     .plural = "accounts",
     .companion = "SubAccountName",
     .class = CLASS_DIMENSION,
     .in_rollup = true},
    {.name = "SubAccountName", .label = "account name", .plural = "account names", .class = CLASS_DIMENSION, .in_rollup = true},
    {.name = "ServiceName",
     .label = "service",
     .plural = "services",
     .class = CLASS_DIMENSION,
     .in_rollup = true,
     .missing = 1},
    {.name = "RegionId", .label = "region", .plural = "regions", .class = CLASS_DIMENSION, .in_rollup = true, .missing = 1},
    {.name = "ChargeCategory",
     .label = "charge category",
     .plural = "charge categories",
     .class = CLASS_DIMENSION,
     .in_rollup = true},
    {.name = "x_UsageType", .label = "usage type", .plural = "usage types", .class = CLASS_DIMENSION, .in_rollup = true},
    {.name = "BillingCurrency", .label = "currency", .plural = "currencies", .class = CLASS_DIMENSION, .in_rollup = true},
    {.name = "tag_team",
     .label = "team",
     .plural = "teams",
     .tag_key = "team",
     .class = CLASS_TAG,
     .in_rollup = true,
     .missing = 1},
    {.name = "tag_env", .label = "env", .plural = "envs", .tag_key = "env", .class = CLASS_TAG, .missing = 1},
    {.name = "ResourceId", .label = "resource", .plural = "resources", .class = CLASS_IDENTIFIER, .missing = 1},
    {.name = "BillingPeriodStart",
     .label = "billing period",
     .plural = "billing periods",
     .class = CLASS_TIMESTAMP,
     .type = CELL_TIMESTAMP,
     .in_rollup = true},
    {.name = "ChargePeriodStart", .label = "charge period start", .class = CLASS_TIMESTAMP, .type = CELL_TIMESTAMP},
    {.name = "x_ChargeDate", .label = "day", .plural = "days", .class = CLASS_TIMESTAMP, .type = CELL_DATE, .in_rollup = true},
};

static const Measure bill_measures[] = {
    {.name = "BilledCost", .label = "billed cost", .kind = MEASURE_SUM, .column = "BilledCost", .unit = "currency"},
    {.name = "EffectiveCost", .label = "effective cost", .kind = MEASURE_SUM, .column = "EffectiveCost", .unit = "currency"},
    {.name = "ListCost",
     .label = "list cost",
     .kind = MEASURE_SUM,
     .column = "ListCost",
     .concept = "usage",
     .unit = "currency"},
    {.name = "ConsumedQuantity",
     .label = "consumed quantity",
     .kind = MEASURE_SUM,
     .column = "ConsumedQuantity",
     .unit_column = "ConsumedUnit"},
    {.name = "line_items", .label = "line items", .kind = MEASURE_COUNT_ROWS, .unit = "count"},
    {.name = "resources", .label = "resources", .kind = MEASURE_COUNT_DISTINCT, .column = "ResourceId", .unit = "count"},
    {.name = "services", .label = "services", .kind = MEASURE_COUNT_DISTINCT, .column = "ServiceName", .unit = "count"},
    {.name = "discount",
     .label = "effective share of list",
     .kind = MEASURE_RATIO,
     .numerator = "EffectiveCost",
     .denominator = "ListCost",
     .unit = "percent"},
    {.name = "list_savings",
     .label = "savings against list",
     .kind = MEASURE_DIFFERENCE,
     .numerator = "ListCost",
     .denominator = "EffectiveCost",
     .unit = "currency"},
    {.name = "coverage", .label = "coverage", .kind = MEASURE_RATIO, .unit = "percent", .needs = "savings plan columns"},
};

static const char *usage_values[] = {"Usage"};
static Clause usage_clauses[] = {{.column = "ChargeCategory", .op = CLAUSE_IN, .value_count = 1, .values = usage_values}};
static const char *nat_values[] = {"NatGateway"};
static Clause nat_clauses[] = {{.column = "x_UsageType", .op = CLAUSE_CONTAINS, .value_count = 1, .values = nat_values},
                               {.column = "ChargeCategory", .op = CLAUSE_IN, .value_count = 1, .values = usage_values}};
static const char *transfer_values[] = {"Bytes"};
static Clause transfer_clauses[] = {{.column = "x_UsageType", .op = CLAUSE_ENDS, .value_count = 1, .values = transfer_values}};
static const char *europe_values[] = {"eu-"};
static Clause europe_clauses[] = {{.column = "RegionId", .op = CLAUSE_STARTS, .value_count = 1, .values = europe_values}};
static ClauseGroup usage_groups[] = {{1, usage_clauses}};
static ClauseGroup nat_groups[] = {{2, nat_clauses}};
static ClauseGroup transfer_groups[] = {{1, transfer_clauses}, {1, europe_clauses}};
static const Concept bill_concepts[] = {
    {.id = "usage", .label = "usage", .group_count = 1, .groups = usage_groups, .available = true, .row_count = 1},
    {.id = "nat-gateway", .label = "NAT gateway", .group_count = 1, .groups = nat_groups, .available = true, .row_count = 1},
    {.id = "transfer-or-europe",
     .label = "transfer or Europe",
     .group_count = 2,
     .groups = transfer_groups,
     .available = true,
     .row_count = 1},
};

static inline void bill_run(const Bill *bill, const char *sql) {
    Err err = {0};
    if (!duck_run(bill->session, sql, &err)) fail_msg("%s\n%s", err.message, sql);
}

static inline Table *bill_rows(const Bill *bill, const char *sql) {
    Table *table = NULL;
    Err err = {0};
    if (!duck_rows(bill->arena, bill->session, sql, &table, &err)) fail_msg("%s\n%s", err.message, sql);
    return table;
}

/* The dictionary of a text column, as the catalog reads it at import. */
static inline void bill_dictionary(const Bill *bill, CatalogColumn *column) {
    const Table *values = bill_rows(
        bill, sql_format(bill->arena, "SELECT %I FROM bill WHERE %I <> '' GROUP BY 1 ORDER BY 1", column->name, column->name));
    CatalogValue *texts = arena_array(bill->arena, values->row_count, sizeof *texts);
    for (size_t i = 0; i < values->row_count; i++) texts[i].text = table_cell(values, i, 0);
    column->values = texts;
    column->value_count = values->row_count;
    column->distinct = (long long)values->row_count;
    column->values_complete = true;
}

static inline void bill_catalog(Bill *bill) {
    Catalog *catalog = arena_alloc(bill->arena, sizeof *catalog);
    catalog->dataset = "bill";
    catalog->rollup = "bill_day";
    catalog->is_bill = true;
    catalog->column_count = sizeof bill_columns / sizeof *bill_columns;
    catalog->columns = arena_grow(bill->arena, bill_columns, sizeof bill_columns, sizeof bill_columns);
    for (size_t i = 0; i < catalog->column_count; i++) {
        CatalogColumn *column = &catalog->columns[i];
        if (column->type == CELL_TEXT && column->class != CLASS_IDENTIFIER) bill_dictionary(bill, column);
        if (text_equal(column->name, "x_ChargeDate")) catalog->time_column = column;
    }
    catalog->measure_count = sizeof bill_measures / sizeof *bill_measures;
    catalog->measures = arena_grow(bill->arena, bill_measures, sizeof bill_measures, sizeof bill_measures);
    for (size_t i = 0; i < catalog->measure_count; i++) catalog->measures[i].available = !catalog->measures[i].needs;
    catalog->concept_count = sizeof bill_concepts / sizeof *bill_concepts;
    catalog->concepts = arena_grow(bill->arena, bill_concepts, sizeof bill_concepts, sizeof bill_concepts);
    const Table *days = bill_rows(bill, "SELECT min(x_ChargeDate), max(x_ChargeDate) FROM bill");
    assert_true(date_parse(table_cell(days, 0, 0), &catalog->first_day));
    assert_true(date_parse(table_cell(days, 0, 1), &catalog->last_day));
    catalog->as_of = catalog->last_day;
    const Table *currencies = bill_rows(bill, "SELECT DISTINCT BillingCurrency FROM bill ORDER BY 1");
    catalog->currency_count = currencies->row_count;
    catalog->currencies = currencies->cells;
    catalog->granularity = "hourly";
    catalog->has_resources = true;
    bill->catalog = catalog;
}

static const char bill_table[] =
    "CREATE TABLE bill (BilledCost DECIMAL(18,6), EffectiveCost DECIMAL(18,6), ListCost DECIMAL(18,6),"
    " ConsumedQuantity DECIMAL(18,6), x_RowCount BIGINT, ConsumedUnit VARCHAR, SubAccountId VARCHAR, SubAccountName VARCHAR,"
    " ServiceName VARCHAR, RegionId VARCHAR, ChargeCategory VARCHAR, x_UsageType VARCHAR, BillingCurrency VARCHAR,"
    " tag_team VARCHAR, tag_env VARCHAR, ResourceId VARCHAR, BillingPeriodStart TIMESTAMP, ChargePeriodStart TIMESTAMP,"
    " x_ChargeDate DATE)";

static const char bill_rollup[] =
    "CREATE TABLE bill_day AS SELECT sum(BilledCost) AS BilledCost, sum(EffectiveCost) AS EffectiveCost,"
    " sum(ListCost) AS ListCost, sum(ConsumedQuantity) AS ConsumedQuantity, sum(x_RowCount) AS x_RowCount, ConsumedUnit,"
    " SubAccountId, SubAccountName, ServiceName, RegionId, ChargeCategory, x_UsageType, BillingCurrency, tag_team,"
    " BillingPeriodStart, x_ChargeDate FROM bill GROUP BY ALL";

static const char bill_month_rollup[] =
    "CREATE TABLE bill_month AS SELECT sum(BilledCost) AS BilledCost, sum(EffectiveCost) AS EffectiveCost,"
    " sum(ListCost) AS ListCost, sum(ConsumedQuantity) AS ConsumedQuantity, sum(x_RowCount) AS x_RowCount, ConsumedUnit,"
    " SubAccountId, SubAccountName, ServiceName, RegionId, ChargeCategory, x_UsageType, BillingCurrency, tag_team,"
    " BillingPeriodStart, CAST(date_trunc('month', x_ChargeDate) AS DATE) AS x_ChargeDate FROM bill_day GROUP BY ALL";

/* Opens an engine, makes the table with `insert` ("INSERT INTO bill …"), its rollup and its catalog. */
static inline Bill bill_open(Arena *arena, const char *insert) {
    Bill bill = {.arena = arena};
    Duck *duck = NULL;
    Err err = {0};
    DuckOptions options = {.threads = 2, .memory_limit_bytes = (size_t)1 << 30};
    if (!duck_open(arena, NULL, &options, &duck, &err) || !duck_connect(arena, duck, &bill.session, &err))
        fail_msg("%s", err.message);
    bill_run(&bill, bill_table);
    bill_run(&bill, insert);
    bill_run(&bill, bill_rollup);
    bill_catalog(&bill);
    return bill;
}

/* `rows` lines of four months with every kind of gap: services without a name, empty and missing tags, global regions, credits,
 * taxes without quantity, resources without an id. The same every time. */
static inline Bill bill_of_many(Arena *arena, long long rows, const char *currencies) {
    const char *insert =
        sql_format(arena,
                   "INSERT INTO bill SELECT"
                   " CASE category WHEN 'Credit' THEN -cost / 4 ELSE cost END, cost * 0.8,"
                   " CASE WHEN category = 'Usage' THEN cost * 1.25 END,"
                   " CASE WHEN category = 'Usage' THEN h %% 1000 / 8.0 END, 1,"
                   " CASE WHEN category = 'Usage' THEN (['GB', 'Hrs', 'Requests'])[1 + h // 7 %% 3] END,"
                   " (['111111111111', '222222222222', '333333333333'])[1 + h // 11 %% 3],"
                   " (['prod', 'dev', 'dev'])[1 + h // 11 %% 3],"
                   " (['Amazon EC2', 'Amazon S3', 'AWS Lambda', 'Amazon RDS', 'Amazon VPC', NULL, ''])[1 + h // 13 %% 7],"
                   " (['us-east-1', 'eu-west-1', 'global', NULL, ''])[1 + h // 17 %% 5], category,"
                   " (['USE1-BoxUsage:m5.large', 'USE1-NatGateway-Hours', 'USE1-NatGateway-Bytes', 'EUW1-TimedStorage'])[1 + h "
                   "// 19 %% 4],"
                   " (%R)[1 + h // 23 %% 2],"
                   " (['web', 'data', 'Web', '', NULL])[1 + h // 29 %% 5], (['prod', '', NULL])[1 + h // 31 %% 3],"
                   " CASE WHEN h // 37 %% 4 > 0 THEN 'i-' || (h // 37 %% 97) END,"
                   " date_trunc('month', moment), moment, CAST(moment AS DATE)"
                   " FROM (SELECT h, CAST((h %% 100000 - 4000) / 1000.0 AS DECIMAL(18,6)) AS cost,"
                   "   (['Usage', 'Usage', 'Usage', 'Tax', 'Credit'])[1 + h // 5 %% 5] AS category,"
                   "   TIMESTAMP '2026-06-28 00:00:00' + INTERVAL (h // 41 %% 2640) HOUR AS moment"
                   "   FROM (SELECT CAST(hash(i) %% 1000000007 AS BIGINT) AS h FROM range(%d) t(i)))",
                   currencies, rows);
    return bill_open(arena, insert);
}

static inline Compiled bill_compile(const Bill *bill, const Plan *plan, bool rollups) {
    Compiled compiled = {0};
    Err err = {0};
    if (!plan_compile(bill->arena, bill->catalog, plan, "duckdb", rollups, &compiled, &err)) fail_msg("%s", err.message);
    return compiled;
}

/* The rows of a plan as text: cells by "|", rows by ";", hidden columns left out, NULL as "-". */
static inline const char *bill_ask(const Bill *bill, const Plan *plan) {
    const Compiled compiled = bill_compile(bill, plan, true);
    const Table *table = bill_rows(bill, compiled.sql);
    assert_int_equal(table->column_count, compiled.column_count);
    Buffer out = {.arena = bill->arena};
    const size_t most = compiled.rows > 0 ? (size_t)compiled.rows : RESULT_ROWS;
    for (size_t row = 0; row < table->row_count && row < most; row++) {
        bool first = true;
        for (size_t column = 0; column < table->column_count; column++) {
            assert_string_equal(table->columns[column].name, compiled.columns[column].name);
            if (compiled.columns[column].hidden) continue;
            const char *cell = table_cell(table, row, column);
            const bool decimal = cell && table->columns[column].type == CELL_DECIMAL;
            Decimal number;
            if (decimal && decimal_parse(cell, &number)) cell = decimal_text(bill->arena, number);
            buffer_printf(&out, "%s%s", first ? (row ? ";" : "") : "|", cell ? cell : "-");
            first = false;
        }
    }
    return buffer_text(&out);
}

static inline Day day_of(const char *text) {
    Day day = DAY_NONE;
    assert_true(date_parse(text, &day));
    return day;
}

static inline PlanTime period_of(const char *start, const char *end) {
    return (PlanTime){.start = day_of(start), .end = day_of(end)};
}

#endif
