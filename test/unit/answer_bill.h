/* Results made by hand, as the engine would give them, with the catalog they belong to: what tests of answers start from. Static
 * functions, because each unit test is one file. */
#ifndef CURLEW_TEST_ANSWER_BILL_H
#define CURLEW_TEST_ANSWER_BILL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "answer/answer.h"
#include "base/text.h"

static Arena *arena;

static inline int make_arena(void **state) {
    (void)state;
    arena = arena_make();
    return 0;
}

static inline int free_arena(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static CatalogColumn bill_columns[] = {
    {.name = "ServiceName", .label = "service", .plural = "services", .class = CLASS_DIMENSION},
    {.name = "SubAccountId", .label = "account", .plural = "accounts", .companion = "SubAccountName", .class = CLASS_DIMENSION},
    {.name = "SubAccountName", .label = "account name", .plural = "account names", .class = CLASS_DIMENSION},
    {.name = "tag_team", .label = "team", .plural = "teams", .tag_key = "team", .class = CLASS_TAG},
    {.name = "SkuId", .label = "SKU", .plural = "SKUs", .class = CLASS_IDENTIFIER},
    {.name = "x_ChargeDate", .label = "day", .plural = "days", .class = CLASS_TIMESTAMP, .type = CELL_DATE},
};
static Measure bill_measures[] = {
    {.name = "BilledCost",
     .label = "billed cost",
     .kind = MEASURE_SUM,
     .column = "BilledCost",
     .unit = "currency",
     .available = true},
    {.name = "ConsumedQuantity",
     .label = "consumed quantity",
     .kind = MEASURE_SUM,
     .column = "ConsumedQuantity",
     .unit_column = "ConsumedUnit",
     .available = true},
};
static CatalogMonth bill_months[] = {{.name = "2026-08", .complete = true}, {.name = "2026-09", .complete = false}};
static const char *bill_currencies[] = {"USD"};

static inline Day day_of(const char *text) {
    Day day = DAY_NONE;
    assert_true(date_parse(text, &day));
    return day;
}

static inline Catalog *make_catalog(void) {
    Catalog *catalog = arena_alloc(arena, sizeof *catalog);
    *catalog = (Catalog){.dataset = "bill",
                         .is_bill = true,
                         .row_count = 1000,
                         .source = "test bill",
                         .column_count = sizeof bill_columns / sizeof *bill_columns,
                         .columns = bill_columns,
                         .measure_count = 2,
                         .measures = bill_measures,
                         .first_day = day_of("2026-08-01"),
                         .last_day = day_of("2026-09-12"),
                         .as_of = day_of("2026-09-12"),
                         .data_through = "2026-09-12 09:00:00",
                         .month_count = 2,
                         .months = bill_months,
                         .currency_count = 1,
                         .currencies = bill_currencies,
                         .granularity = "hourly"};
    catalog->time_column = &bill_columns[5];
    return catalog;
}

static inline Plan *make_plan(Intent intent, const char *group) {
    Plan *plan = arena_alloc(arena, sizeof *plan);
    plan->intent = intent;
    plan->dataset = "bill";
    plan->measures = arena_array(arena, 1, sizeof *plan->measures);
    plan->measures[0] = "BilledCost";
    plan->measure_count = 1;
    plan->time.start = plan->time.end = DAY_NONE;
    if (group) {
        plan->group_by = arena_array(arena, 1, sizeof *plan->group_by);
        plan->group_by[0] = group;
        plan->group_count = 1;
    }
    return plan;
}

/* Cells row by row. Types follow from the roles: keys are text, everything else decimals, buckets days. */
static inline Table *make_table(const CompiledColumn *columns, size_t column_count, const char *const *cells,
                                size_t row_count) {
    Table *table = arena_alloc(arena, sizeof *table);
    table->column_count = column_count;
    table->row_count = row_count;
    table->columns = arena_array(arena, column_count, sizeof *table->columns);
    table->cells = arena_array(arena, column_count * row_count + 1, sizeof *table->cells);
    for (size_t i = 0; i < column_count; i++) {
        ColumnRole role = columns[i].role;
        bool text =
            role == ROLE_KEY || role == ROLE_COMPANION || role == ROLE_UNIT || role == ROLE_CURRENCY || role == ROLE_OTHER;
        table->columns[i].name = columns[i].name;
        table->columns[i].type = text ? CELL_TEXT : role == ROLE_BUCKET ? CELL_DATE : CELL_DECIMAL;
    }
    if (row_count) memcpy(table->cells, cells, column_count * row_count * sizeof *cells);
    return table;
}

#define KEY_SERVICE                                                                                                            \
    { .name = "ServiceName", .label = "service", .role = ROLE_KEY }
#define VALUE_COST                                                                                                             \
    { .name = "BilledCost", .label = "billed cost", .role = ROLE_MEASURE, .measure = "BilledCost", .unit = "USD" }
#define TOTAL_COST                                                                                                             \
    { .name = "total", .label = "total", .role = ROLE_TOTAL, .measure = "BilledCost", .unit = "USD", .hidden = true }

static inline Answer make_answer(const Plan *plan, CompiledColumn *columns, size_t column_count, const char *const *cells,
                                 size_t row_count) {
    Compiled compiled = {
        .sql = "SELECT 1", .dialect = "duckdb", .relation = "bill", .column_count = column_count, .columns = columns};
    Answer answer = {.question = "a question", .paraphrase = "a paraphrase", .planner = "offline"};
    Err err = {0};
    Table *table = make_table(columns, column_count, cells, row_count);
    bool made = answer_make(arena, make_catalog(), plan, &compiled, table, &answer, &err);
    if (!made) print_error("%s\n", err.message);
    assert_true(made);
    return answer;
}

/* Three services, all there are. */
static inline Answer breakdown_answer(void) {
    static CompiledColumn columns[] = {KEY_SERVICE, VALUE_COST, TOTAL_COST};
    static const char *const cells[] = {"Amazon EC2", "1234.5", "2000", "AmazonRDS", "700.25", "2000", "Tax", "65.25", "2000"};
    return make_answer(make_plan(INTENT_BREAKDOWN, "ServiceName"), columns, 3, cells, 3);
}

static inline Answer series_answer(void) {
    static CompiledColumn columns[] = {{.name = "month", .label = "month", .role = ROLE_BUCKET}, VALUE_COST, TOTAL_COST};
    static const char *const cells[] = {"2026-08-01", "21400.125", "30000.125", "2026-09-01", "8600", "30000.125"};
    Plan *plan = make_plan(INTENT_SERIES, NULL);
    plan->grain = GRAIN_MONTH;
    return make_answer(plan, columns, 3, cells, 2);
}

static inline void set_compare(Plan *plan) {
    plan->compare = (PlanCompare){.kind = COMPARE_PERIODS};
    plan->compare.a = (PlanTime){.start = day_of("2026-09-01"), .end = day_of("2026-10-01"), .partial = true};
    plan->compare.b = (PlanTime){.start = day_of("2026-08-01"), .end = day_of("2026-09-01")};
}

#define VALUE_A                                                                                                                \
    {                                                                                                                          \
        .name = "BilledCost_2026_09", .label = "billed cost, September 2026", .role = ROLE_MEASURE, .measure = "BilledCost",   \
        .unit = "USD"                                                                                                          \
    }
#define VALUE_B                                                                                                                \
    {                                                                                                                          \
        .name = "BilledCost_2026_08", .label = "billed cost, August 2026", .role = ROLE_BEFORE, .measure = "BilledCost",       \
        .unit = "USD"                                                                                                          \
    }
#define CHANGE                                                                                                                 \
    { .name = "change", .label = "change", .role = ROLE_DELTA, .measure = "BilledCost", .unit = "USD" }
#define PERCENT                                                                                                                \
    { .name = "change_percent", .label = "change in percent", .role = ROLE_PERCENT, .measure = "BilledCost", .unit = "percent" }

static inline Answer compare_answer(void) {
    static CompiledColumn columns[] = {VALUE_A, VALUE_B, CHANGE, PERCENT};
    static const char *const cells[] = {"8600", "21400.125", "-12800.125", "-59.8132863617"};
    Plan *plan = make_plan(INTENT_COMPARE, NULL);
    set_compare(plan);
    return make_answer(plan, columns, 4, cells, 1);
}

static inline Answer movers_answer(void) {
    static CompiledColumn columns[] = {
        KEY_SERVICE,
        VALUE_A,
        VALUE_B,
        CHANGE,
        PERCENT,
        TOTAL_COST,
        {.name = "total_before", .label = "total", .role = ROLE_TOTAL, .measure = "BilledCost", .unit = "USD", .hidden = true}};
    static const char *const cells[] = {"Amazon EC2", "900",       "400", "500", "125",  "1000",
                                        "750",        "AmazonRDS", "100", "350", "-250", "-71.4285714286",
                                        "1000",       "750"};
    Plan *plan = make_plan(INTENT_DRIVERS, "ServiceName");
    set_compare(plan);
    return make_answer(plan, columns, 7, cells, 2);
}

#endif
