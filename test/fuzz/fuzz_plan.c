/* A plan from any JSON either is refused with a sentence, or is written back equal, has words and a hash; and what plan_check()
 * accepts compiles in both dialects. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "question/compile.h"
#include "question/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static CatalogColumn columns[] = {
    {.name = "BilledCost", .label = "billed cost", .class = CLASS_COST, .type = CELL_DECIMAL, .in_rollup = true},
    {.name = "ConsumedQuantity", .label = "quantity", .class = CLASS_METRIC, .type = CELL_DECIMAL, .in_rollup = true},
    {.name = "ConsumedUnit", .label = "unit", .plural = "units", .class = CLASS_DIMENSION, .in_rollup = true, .missing = 1},
    {.name = "BillingCurrency", .label = "currency", .plural = "currencies", .class = CLASS_DIMENSION, .in_rollup = true},
    {.name = "ServiceName", .label = "service", .plural = "services", .class = CLASS_DIMENSION, .in_rollup = true},
    {.name = "SubAccountId",
     .label = "account",
     .plural = "accounts",
     .companion = "ServiceName",
     .class = CLASS_DIMENSION,
     .in_rollup = true},
    {.name = "ResourceId", .label = "resource", .plural = "resources", .class = CLASS_IDENTIFIER, .missing = 1},
    {.name = "tag_team", .label = "team", .plural = "teams", .tag_key = "team", .class = CLASS_TAG, .in_rollup = true},
    {.name = "BillingPeriodStart",
     .label = "billing period",
     .class = CLASS_TIMESTAMP,
     .type = CELL_TIMESTAMP,
     .in_rollup = true},
    {.name = "ChargePeriodStart", .label = "start", .class = CLASS_TIMESTAMP, .type = CELL_TIMESTAMP},
    {.name = "x_ChargeDate", .label = "day", .class = CLASS_TIMESTAMP, .type = CELL_DATE, .in_rollup = true},
    {.name = "x_RowCount", .label = "line items", .class = CLASS_METRIC, .type = CELL_INTEGER, .in_rollup = true},
};
static Measure measures[] = {
    {.name = "BilledCost", .label = "billed cost", .column = "BilledCost", .unit = "currency", .available = true},
    {.name = "ConsumedQuantity",
     .label = "quantity",
     .column = "ConsumedQuantity",
     .unit_column = "ConsumedUnit",
     .concept = "spot",
     .available = true},
    {.name = "line_items", .label = "line items", .kind = MEASURE_COUNT_ROWS, .unit = "count", .available = true},
    {.name = "services", .label = "services", .kind = MEASURE_COUNT_DISTINCT, .column = "ServiceName", .available = true},
    {.name = "price",
     .label = "price",
     .kind = MEASURE_RATIO,
     .numerator = "BilledCost",
     .denominator = "ConsumedQuantity",
     .available = true},
};
static const char *spot[] = {"Spot"};
static Clause clauses[] = {{.column = "ServiceName", .op = CLAUSE_STARTS, .value_count = 1, .values = spot}};
static ClauseGroup groups[] = {{1, clauses}};
static Concept concepts[] = {{.id = "spot", .label = "spot", .group_count = 1, .groups = groups, .available = true}};
static const char *currencies[] = {"EUR", "USD"};

static Catalog make_catalog(void) {
    Catalog catalog = {.dataset = "bill", .rollup = "bill_day", .is_bill = true, .granularity = "hourly"};
    catalog.column_count = sizeof columns / sizeof *columns;
    catalog.columns = columns;
    catalog.measure_count = sizeof measures / sizeof *measures;
    catalog.measures = measures;
    catalog.concept_count = 1;
    catalog.concepts = concepts;
    catalog.currency_count = 2;
    catalog.currencies = currencies;
    catalog.time_column = &columns[10];
    assert(date_parse("2026-07-01", &catalog.first_day) && date_parse("2026-10-12", &catalog.last_day));
    return catalog;
}

static void compile(Arena *arena, const Catalog *catalog, const Plan *plan) {
    static const char *const dialects[] = {"duckdb", "trino"};
    for (size_t i = 0; i < 2; i++) {
        Compiled compiled = {0};
        Err err = {0};
        if (plan_compile(arena, catalog, plan, dialects[i], true, &compiled, &err)) {
            assert(compiled.sql && compiled.column_count);
            assert(strstr(compiled.sql, "\nLIMIT "));
        } else {
            assert(err.kind == ERR_LIMIT);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const Catalog catalog = make_catalog();
    Arena *arena = arena_make();
    Json *json = NULL;
    Plan *plan = NULL, *again = NULL;
    Err err = {0};
    if (json_parse(arena, (const char *)data, size, &json, &err) && plan_read(arena, &catalog, json, &plan, &err)) {
        Err none = {0};
        const char *text = json_write(arena, plan_json(arena, plan), false);
        assert(plan_read(arena, &catalog, plan_json(arena, plan), &again, &none));
        assert(text_equal(json_write(arena, plan_json(arena, again), false), text));
        assert(text_equal(plan_hash(arena, plan), plan_hash(arena, again)));
        assert(*plan_paraphrase(arena, &catalog, plan));
        if (plan_check(arena, &catalog, plan, &err)) {
            if (plan->intent != INTENT_META) compile(arena, &catalog, plan);
        } else {
            assert(err.kind == ERR_REFUSED && *err.code);
        }
    } else {
        assert(err.kind == ERR_INPUT && *err.message);
    }
    arena_free(arena);
    return 0;
}
