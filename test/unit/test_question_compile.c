/* What the SQL of plans computes, on bills small enough to check by head; and its text in both dialects. */
#include "question_bill.h"

#include <stdio.h>

#include "io/file.h"

static const char small_bill[] =
    "INSERT INTO bill SELECT cost, cost / 2, CASE WHEN category = 'Usage' THEN cost * 2 END, quantity, 1, unit, account,"
    " CASE account WHEN 'A' THEN 'prod' ELSE 'dev' END, service, region, category, usage, 'USD', team, env, resource,"
    " date_trunc('month', moment), moment, CAST(moment AS DATE) FROM (VALUES"
    " (100, 10, 'Hrs', 'A', 'Amazon EC2', 'us-east-1', 'Usage', 'BoxUsage:m5.large', 'web', NULL, 'i-1', TIMESTAMP '2026-08-01 "
    "03:00:00'),"
    " (50, 5, 'Hrs', 'A', 'Amazon EC2', 'us-east-1', 'Usage', 'BoxUsage:m5.large', '', 'test', 'i-2', TIMESTAMP '2026-08-02 "
    "00:00:00'),"
    " (30, 300, 'GB', 'B', 'Amazon S3', 'eu-west-1', 'Usage', 'TimedStorage', NULL, NULL, 'bucket', TIMESTAMP '2026-08-02 "
    "00:00:00'),"
    " (-20, NULL, NULL, 'A', 'Amazon EC2', NULL, 'Credit', 'Credit', NULL, '', NULL, TIMESTAMP '2026-08-02 00:00:00'),"
    " (10, NULL, NULL, 'B', NULL, '', 'Tax', 'Tax', NULL, NULL, '', TIMESTAMP '2026-08-03 00:00:00'),"
    " (160, 16, 'Hrs', 'A', 'Amazon EC2', 'us-east-1', 'Usage', 'BoxUsage:m5.large', 'web', NULL, 'i-1', TIMESTAMP '2026-09-01 "
    "00:00:00'),"
    " (30, 300, 'GB', 'B', 'Amazon S3', 'eu-west-1', 'Usage', 'TimedStorage', 'data', NULL, 'bucket', TIMESTAMP '2026-09-02 "
    "00:00:00'),"
    " (5, 2, 'GB', 'B', 'Amazon VPC', 'eu-west-1', 'Usage', 'NatGateway-Bytes', 'data', NULL, 'nat-1', TIMESTAMP '2026-09-02 "
    "07:00:00'),"
    " (0, 1, 'Requests', 'A', 'AWS Lambda', 'us-east-1', 'Usage', 'Request', 'web', NULL, 'fn', TIMESTAMP '2026-09-05 "
    "00:00:00'),"
    " (12, NULL, NULL, 'B', NULL, '', 'Tax', 'Tax', NULL, NULL, '', TIMESTAMP '2026-09-03 00:00:00'))"
    " t(cost, quantity, unit, account, service, region, category, usage, team, env, resource, moment)";

static Bill bill;

static int open_small_bill(void **state) {
    (void)state;
    bill = bill_open(arena_make(), small_bill);
    return 0;
}

static int close_bill(void **state) {
    (void)state;
    arena_free(bill.arena);
    return 0;
}

static Plan *plan_of(Intent intent) {
    Plan *plan = plan_make(bill.arena, bill.catalog);
    plan->intent = intent;
    return plan;
}

static Plan *plan_by(Intent intent, const char *dimension) {
    Plan *plan = plan_of(intent);
    plan_add_group(bill.arena, plan, dimension);
    return plan;
}

static void filter_in(Plan *plan, const char *dimension, FilterOp op, const char *value) {
    plan_add_filter(bill.arena, plan, dimension, op, &value, value ? 1 : 0);
}

/* Every plan of these tests passes plan_check too, so that the two agree on what can be asked. */
static void check_answer(Plan *plan, const char *expected) {
    Err err = {0};
    if (!plan_check(bill.arena, bill.catalog, plan, &err)) fail_msg("%s", err.message);
    assert_string_equal(bill_ask(&bill, plan), expected);
}

static void totals(void **state) {
    (void)state;
    Plan *plan = plan_of(INTENT_TOTAL);
    check_answer(plan, "377");
    plan_add_measure(bill.arena, plan, "EffectiveCost");
    plan_add_measure(bill.arena, plan, "ListCost");
    plan->time = period_of("2026-08-01", "2026-09-01");
    check_answer(plan, "170|85|360");
    plan->time = period_of("2026-08-04", "2026-08-20");
    check_answer(plan, "0|0|0");
    plan = plan_of(INTENT_TOTAL);
    plan->measures[0] = "line_items";
    check_answer(plan, "10");
    plan->measures[0] = "resources";
    check_answer(plan, "5");
    plan->measures[0] = "discount";
    check_answer(plan, "25.1333333333");
    plan->measures[0] = "list_savings";
    check_answer(plan, "561.5");
}

static void breakdowns(void **state) {
    (void)state;
    Plan *plan = plan_by(INTENT_BREAKDOWN, "ServiceName");
    check_answer(plan, "Amazon EC2|290;Amazon S3|60;-|22;Amazon VPC|5;AWS Lambda|0");
    plan->charged_only = true;
    check_answer(plan, "Amazon EC2|290;Amazon S3|60;-|22;Amazon VPC|5");
    check_answer(plan_by(INTENT_BREAKDOWN, "SubAccountId"), "A|prod|290;B|dev|87");
    check_answer(plan_by(INTENT_BREAKDOWN, "tag_team"), "web|260;-|82;data|35");
    plan = plan_by(INTENT_BREAKDOWN, "ServiceName");
    plan_add_having(bill.arena, plan, (PlanHaving){.op = HAVING_BETWEEN, .value = "5", .value2 = "60"});
    check_answer(plan, "Amazon S3|60;-|22;Amazon VPC|5");
    plan_add_having(bill.arena, plan, (PlanHaving){.on = ON_SHARE, .op = HAVING_ABOVE, .value = "10"});
    check_answer(plan, "Amazon S3|60|15.9151193634");
    plan = plan_by(INTENT_BREAKDOWN, "ServiceName");
    plan->measures[0] = "discount"; /* NULL where nothing was used: no row, and a free service has no discount either */
    check_answer(plan, "Amazon S3|25;Amazon VPC|25;Amazon EC2|23.3870967742");
    plan = plan_by(INTENT_BREAKDOWN, "ServiceName");
    plan->measures[0] = "list_savings";
    plan->limit = 1;
    check_answer(plan, "Amazon EC2|475");
}

static void rankings(void **state) {
    (void)state;
    Plan *plan = plan_by(INTENT_BREAKDOWN, "tag_team");
    plan->rank = (PlanRank){.present = true, .n = 3};
    check_answer(plan, "web|260;data|35"); /* untagged is no team */
    plan = plan_by(INTENT_BREAKDOWN, "ServiceName");
    plan->rank = (PlanRank){.present = true, .n = 1, .ascending = true};
    check_answer(plan, "AWS Lambda|0");
    plan->rank.positive_only = true;
    check_answer(plan, "Amazon VPC|5");
    plan = plan_by(INTENT_BREAKDOWN, "SubAccountId");
    plan_add_group(bill.arena, plan, "ServiceName");
    plan->rank = (PlanRank){.present = true, .n = 1, .each = "SubAccountId"};
    check_answer(plan, "A|prod|Amazon EC2|290;B|dev|Amazon S3|60");
    plan = plan_by(INTENT_BREAKDOWN, "ResourceId");
    plan->rank = (PlanRank){.present = true, .n = 2};
    check_answer(plan, "i-1|260;bucket|60");
}

static void series(void **state) {
    (void)state;
    Plan *plan = plan_of(INTENT_SERIES);
    plan->grain = GRAIN_MONTH;
    check_answer(plan, "2026-08-01|170;2026-09-01|207");
    plan->grain = GRAIN_WEEK;
    check_answer(plan, "2026-07-27|160;2026-08-03|10;2026-08-31|207");
    plan->grain = GRAIN_HOUR;
    plan->time = period_of("2026-09-02", "2026-09-03");
    check_answer(plan, "2026-09-02 00:00:00|30;2026-09-02 07:00:00|5");
    plan = plan_by(INTENT_SERIES, "ServiceName");
    plan->grain = GRAIN_MONTH;
    plan->rank = (PlanRank){.present = true, .n = 2};
    check_answer(plan, "2026-08-01|Amazon EC2|130;2026-08-01|Amazon S3|30;2026-09-01|Amazon EC2|160;2026-09-01|Amazon S3|30");
    plan->rank = (PlanRank){.present = true, .n = 1, .ascending = true, .each = "month"};
    check_answer(plan, "2026-08-01|-|10;2026-09-01|AWS Lambda|0");
    plan = plan_of(INTENT_SERIES);
    plan->grain = GRAIN_DAY;
    plan_add_having(bill.arena, plan, (PlanHaving){.op = HAVING_ABOVE, .value = "59.99"});
    check_answer(plan, "2026-08-01|100;2026-08-02|60;2026-09-01|160");
    plan->rank = (PlanRank){.present = true, .n = 2};
    check_answer(plan, "2026-09-01|160;2026-08-01|100");
}

static void comparisons(void **state) {
    (void)state;
    Plan *plan = plan_by(INTENT_COMPARE, "ServiceName");
    plan->compare.kind = COMPARE_PERIODS;
    plan->compare.a = period_of("2026-09-01", "2026-10-01");
    plan->compare.b = period_of("2026-08-01", "2026-09-01");
    check_answer(plan,
                 "Amazon EC2|160|130|30|23.0769230769;Amazon S3|30|30|0|0;-|12|10|2|20;Amazon VPC|5|0|5|-;AWS Lambda|0|0|0|-");
    plan->rank = (PlanRank){.present = true, .on = ON_DELTA, .n = 2};
    check_answer(plan, "Amazon EC2|160|130|30|23.0769230769;Amazon VPC|5|0|5|-");
    plan->rank.on = ON_PERCENT;
    check_answer(plan, "Amazon EC2|160|130|30|23.0769230769;-|12|10|2|20");
    plan->rank.present = false;
    plan->intent = INTENT_DRIVERS;
    check_answer(plan, "Amazon EC2|160|130|30|23.0769230769;Amazon VPC|5|0|5|-;-|12|10|2|20");
    plan->group_count = 0;
    check_answer(plan, "Amazon EC2|160|130|30|23.0769230769;Amazon VPC|5|0|5|-;-|12|10|2|20");
    plan->intent = INTENT_COMPARE;
    check_answer(plan, "207|170|37|21.7647058824");
    const Compiled compiled = bill_compile(&bill, plan, true);
    assert_string_equal(compiled.columns[0].name, "BilledCost_2026_09");
    assert_string_equal(compiled.columns[0].label, "billed cost, September 2026");
    assert_int_equal(compiled.columns[1].role, ROLE_BEFORE);
    plan->grain = GRAIN_DAY;
    check_answer(plan, "2026-09-01|160|100|60|60;2026-09-02|35|60|-25|-41.6666666667;2026-09-03|12|10|2|20;2026-09-05|0|0|0|-");
}

static void values_beside_each_other(void **state) {
    (void)state;
    Plan *plan = plan_of(INTENT_COMPARE);
    plan->compare.kind = COMPARE_VALUES;
    plan->compare.dimension = "RegionId";
    filter_in(plan, "RegionId", FILTER_IN, "us-east-1");
    check_answer(plan, "us-east-1|310;other|67");
    const char *both[] = {"us-east-1", "eu-west-1"};
    plan->filter_count = 0;
    plan_add_filter(bill.arena, plan, "RegionId", FILTER_IN, both, 2);
    check_answer(plan, "us-east-1|310;eu-west-1|65");
    plan = plan_of(INTENT_COMPARE);
    plan->compare.kind = COMPARE_VALUES;
    plan_add_concept(bill.arena, plan, "nat-gateway", false);
    plan_add_concept(bill.arena, plan, "usage", false);
    filter_in(plan, "ServiceName", FILTER_IN, "Amazon EC2");
    plan->filters[0].part = true;
    check_answer(plan, "usage|375;Amazon EC2|290;NAT gateway|5");
    plan = plan_of(INTENT_COMPARE);
    plan->compare.kind = COMPARE_CALENDAR;
    check_answer(plan, "weekday|217;weekend|160");
}

static void shares(void **state) {
    (void)state;
    Plan *plan = plan_of(INTENT_SHARE);
    filter_in(plan, "ChargeCategory", FILTER_IN, "Tax");
    plan->filters[0].part = true;
    check_answer(plan, "22|5.8355437666");
    filter_in(plan, "SubAccountId", FILTER_IN, "B");
    check_answer(plan, "22|25.2873563218");
    plan = plan_by(INTENT_SHARE, "SubAccountId");
    filter_in(plan, "tag_team", FILTER_EMPTY, NULL);
    plan->filters[0].part = true;
    check_answer(plan, "B|dev|52|59.7701149425;A|prod|30|10.3448275862");
    plan->measures[0] = "resources";
    check_answer(plan, "B|dev|1|50;A|prod|1|33.3333333333");
    plan = plan_by(INTENT_SHARE, "SubAccountId");
    check_answer(plan, "A|prod|290|76.9230769231;B|dev|87|23.0769230769");
    plan = plan_of(INTENT_SHARE);
    plan_add_concept(bill.arena, plan, "nat-gateway", false);
    plan->concepts[0].part = true;
    plan->grain = GRAIN_MONTH;
    check_answer(plan, "2026-08-01|0|0;2026-09-01|5|2.4154589372");
}

static void counts(void **state) {
    (void)state;
    Plan *plan = plan_of(INTENT_COUNT);
    plan->subject = "SubAccountId";
    check_answer(plan, "2");
    plan->subject = "ResourceId";
    check_answer(plan, "5");
    plan_add_having(bill.arena, plan, (PlanHaving){.op = HAVING_ABOVE, .value = "50"});
    check_answer(plan, "2");
    plan_add_group(bill.arena, plan, "SubAccountId");
    check_answer(plan, "A|prod|1;B|dev|1");
    plan = plan_of(INTENT_COUNT);
    plan->subject = "ServiceName";
    plan->charged_only = true;
    check_answer(plan, "3");
    plan = plan_of(INTENT_COUNT);
    plan->agg_grain = GRAIN_DAY;
    plan_add_having(bill.arena, plan, (PlanHaving){.op = HAVING_AT_LEAST, .value = "60"});
    check_answer(plan, "3");
}

static void statistics(void **state) {
    (void)state;
    Plan *plan = plan_of(INTENT_STAT);
    plan->agg = AGG_AVERAGE;
    plan->agg_grain = GRAIN_DAY;
    check_answer(plan, "53.8571428571");
    filter_in(plan, "ServiceName", FILTER_IN, "Amazon S3");
    check_answer(plan, "8.5714285714"); /* of all days that have data, so that the averages of services add up */
    plan->filter_count = 0;
    plan->grain = GRAIN_MONTH;
    check_answer(plan, "2026-08-01|56.6666666667;2026-09-01|51.75");
    plan->grain = GRAIN_NONE;
    plan->agg = AGG_MEDIAN;
    check_answer(plan, "35");
    plan->agg = AGG_MAXIMUM;
    check_answer(plan, "2026-09-01|160");
    plan_add_group(bill.arena, plan, "SubAccountId");
    check_answer(plan, "A|prod|2026-09-01|160;B|dev|2026-09-02|35");
    plan->agg = AGG_MINIMUM;
    check_answer(plan, "A|prod|2026-09-05|0;B|dev|2026-08-03|10");
    plan = plan_of(INTENT_STAT);
    plan->agg = AGG_CUMULATIVE;
    plan->grain = GRAIN_MONTH;
    check_answer(plan, "2026-08-01|170|170;2026-09-01|207|377");
    plan = plan_of(INTENT_STAT);
    plan->agg = AGG_AVERAGE;
    plan->agg_dimension = "ResourceId";
    check_answer(plan, "75"); /* 375 on five resources: lines without one are left out */
    plan->agg_dimension = NULL;
    check_answer(plan, "37.7");
    plan->agg = AGG_MAXIMUM;
    check_answer(plan, "160");
}

static void filters_keep_what_has_no_value(void **state) {
    (void)state;
    static const struct {
        const char *dimension;
        FilterOp op;
        const char *value, *expected;
    } cases[] = {
        {"ServiceName", FILTER_NOT_IN, "Amazon EC2", "87"},
        {"RegionId", FILTER_NOT_IN, "us-east-1", "67"},
        {"RegionId", FILTER_IN, "", "2"},
        {"RegionId", FILTER_NOT_IN, "", "375"},
        {"tag_team", FILTER_EMPTY, NULL, "82"},
        {"tag_team", FILTER_NOT_EMPTY, NULL, "295"},
        {"tag_team", FILTER_NOT_IN, "web", "117"},
        {"x_UsageType", FILTER_CONTAINS, "BOXUSAGE", "310"},
        {"x_UsageType", FILTER_NOT_CONTAINS, "usage", "67"},
        {"ServiceName", FILTER_NOT_CONTAINS, "amazon", "22"},
        {"BilledCost", FILTER_ABOVE, "50", "260"},
        {"BilledCost", FILTER_BELOW, "0", "-20"},
        {"x_ChargeDate", FILTER_AT_LEAST, "2026-09-03", "12"},
        {NULL, FILTER_ALL_TAGS_EMPTY, NULL, "32"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Plan *plan = plan_of(INTENT_TOTAL);
        filter_in(plan, cases[i].dimension, cases[i].op, cases[i].value);
        check_answer(plan, cases[i].expected);
    }
    Plan *plan = plan_of(INTENT_TOTAL);
    plan_add_concept(bill.arena, plan, "nat-gateway", false);
    check_answer(plan, "5");
    plan->concepts[0].negated = true;
    check_answer(plan, "372");
    plan = plan_of(INTENT_TOTAL);
    plan->calendar = CALENDAR_WEEKENDS;
    check_answer(plan, "160");
    plan->calendar = CALENDAR_DAYS_OF_WEEK;
    plan->days_of_week = 1U << 1 | 1U << 2;
    check_answer(plan, "195");
    plan = plan_of(INTENT_TOTAL);
    plan->time = period_of("2026-08-01", "2026-09-01");
    plan->time.by_billing_period = true;
    check_answer(plan, "170");
}

static void quantities_stay_apart_by_unit(void **state) {
    (void)state;
    Plan *plan = plan_of(INTENT_TOTAL);
    plan->measures[0] = "ConsumedQuantity";
    check_answer(plan, "GB|602;Hrs|31;Requests|1");
    filter_in(plan, "ConsumedUnit", FILTER_IN, "GB");
    check_answer(plan, "602");
    assert_string_equal(bill_compile(&bill, plan, true).columns[0].unit, "GB");
    plan->measures[0] = "BilledCost";
    plan->per = "ConsumedQuantity";
    check_answer(plan, "0.1079734219");
    assert_string_equal(bill_compile(&bill, plan, true).columns[0].unit, "USD per GB");
}

static void what_came_and_went(void **state) {
    (void)state;
    Plan *plan = plan_of(INTENT_FIRST_LAST);
    plan->subject = "ServiceName";
    plan->agg = AGG_FIRST;
    check_answer(plan, "Amazon EC2|2026-08-01;Amazon S3|2026-08-02;Amazon VPC|2026-09-02;AWS Lambda|2026-09-05");
    plan->charged_only = true;
    check_answer(plan, "Amazon EC2|2026-08-01;Amazon S3|2026-08-02;Amazon VPC|2026-09-02");
    plan->subject = NULL;
    plan->agg = AGG_NONE;
    plan->charged_only = false;
    check_answer(plan, "2026-08-01|2026-09-05");
    plan = plan_of(INTENT_NEW_GONE);
    plan->subject = "ServiceName";
    plan->agg = AGG_FIRST;
    plan->compare.kind = COMPARE_PERIODS;
    plan->compare.a = period_of("2026-09-01", "2026-10-01");
    plan->compare.b.end = day_of("2026-09-01");
    check_answer(plan, "Amazon VPC|5;AWS Lambda|0");
    plan->charged_only = true;
    check_answer(plan, "Amazon VPC|5");
    plan->subject = "ResourceId";
    plan->agg = AGG_NONE;
    check_answer(plan, "i-2|gone|50;nat-1|new|5");
    plan = plan_of(INTENT_LIST);
    plan->subject = "tag_team";
    check_answer(plan, "web|260;data|35");
}

static void rows_themselves(void **state) {
    (void)state;
    Plan *plan = plan_of(INTENT_DETAIL);
    static const char *columns[] = {"x_ChargeDate", "ServiceName"};
    plan->columns = columns;
    plan->column_count = 2;
    plan->rank = (PlanRank){.present = true, .n = 2};
    check_answer(plan, "2026-09-01|Amazon EC2|160;2026-08-01|Amazon EC2|100");
    plan->rank = (PlanRank){.present = true, .ascending = true, .n = 1};
    check_answer(plan, "2026-08-02|Amazon EC2|-20");
}

/* The closed month of the golden mini bill: unblended 521, amortized 257, the identity between them, utilization 45 / 54. */
static void golden_month(void **state) {
    (void)state;
    static const char insert[] =
        "INSERT INTO bill SELECT unblended, amortized, CASE WHEN list > 0 THEN list END, NULL, 1, NULL, 'A', 'prod', NULL, "
        "NULL,"
        " category, line, 'USD', NULL, NULL, NULL, TIMESTAMP '2026-08-01 00:00:00', TIMESTAMP '2026-08-01 00:00:00',"
        " DATE '2026-08-01' FROM (VALUES ('Usage', 100, 100, 100, 'Usage'), ('DiscountedUsage', 0, 45, 80, 'Usage'),"
        " ('RIFee', 30, 9, 0, 'Purchase'), ('Fee', 288, 0, 0, 'Purchase'), ('SavingsPlanCoveredUsage', 70, 42, 70, 'Usage'),"
        " ('SavingsPlanNegation', -70, 0, 0, 'Usage'), ('SavingsPlanRecurringFee', 50, 8, 0, 'Purchase'),"
        " ('EdpDiscount', -10, -10, 0, 'Adjustment'), ('Credit', -15, -15, 0, 'Credit'), ('Refund', -3, -3, 0, 'Adjustment'),"
        " ('Tax', 21, 21, 0, 'Tax'), ('Fee', 20, 20, 0, 'Purchase'), ('Usage', 40, 40, 0, 'Usage'), ('Usage', 0, 0, 0, "
        "'Usage'))"
        " t(line, unblended, amortized, list, category)";
    const Bill small = bill;
    bill = bill_open(arena_make(), insert);
    Plan *plan = plan_of(INTENT_TOTAL);
    plan_add_measure(bill.arena, plan, "EffectiveCost");
    check_answer(plan, "521|257");
    plan = plan_by(INTENT_BREAKDOWN, "ChargeCategory");
    check_answer(plan, "Purchase|388;Usage|140;Tax|21;Adjustment|-13;Credit|-15");
    plan = plan_by(INTENT_SHARE, "ChargeCategory");
    plan->measures[0] = "EffectiveCost";
    static const char *reserved[] = {"DiscountedUsage", "RIFee"};
    plan->group_count = 0;
    plan_add_filter(bill.arena, plan, "x_UsageType", FILTER_IN, reserved, 2);
    filter_in(plan, "x_UsageType", FILTER_IN, "DiscountedUsage");
    plan->filters[1].part = true;
    check_answer(plan, "45|83.3333333333");
    arena_free(bill.arena);
    bill = small;
}

static void currencies_are_never_added(void **state) {
    (void)state;
    const Bill small = bill;
    bill = bill_of_many(arena_make(), 400, "['USD', 'EUR']");
    Plan *plan = plan_of(INTENT_TOTAL);
    Compiled compiled = bill_compile(&bill, plan, true);
    assert_int_equal(compiled.column_count, 2);
    assert_int_equal(compiled.columns[0].role, ROLE_CURRENCY);
    assert_null(compiled.columns[1].unit);
    assert_int_equal(bill_rows(&bill, compiled.sql)->row_count, 2);
    filter_in(plan, "BillingCurrency", FILTER_IN, "EUR");
    compiled = bill_compile(&bill, plan, true);
    assert_int_equal(compiled.column_count, 1);
    assert_string_equal(compiled.columns[0].unit, "EUR");
    plan = plan_by(INTENT_BREAKDOWN, "ServiceName");
    plan->rank = (PlanRank){.present = true, .n = 2};
    assert_int_equal(bill_rows(&bill, bill_compile(&bill, plan, true).sql)->row_count, 4);
    arena_free(bill.arena);
    bill = small;
}

/* Values are data: quotes, line breaks and what looks like SQL stay what they are, also inside indented text. */
static void values_never_become_syntax(void **state) {
    (void)state;
    bill_run(
        &bill,
        "BEGIN; INSERT INTO bill_day SELECT * REPLACE ('x''); DROP TABLE bill; --\n\"y' AS tag_team) FROM bill_day LIMIT 1");
    Plan *plan = plan_by(INTENT_BREAKDOWN, "tag_team");
    filter_in(plan, "tag_team", FILTER_IN, "x'); DROP TABLE bill; --\n\"y");
    const Table *table = bill_rows(&bill, bill_compile(&bill, plan, true).sql);
    assert_int_equal(table->row_count, 1);
    assert_string_equal(table_cell(table, 0, 0), "x'); DROP TABLE bill; --\n\"y");
    bill_run(&bill, "ROLLBACK");
    plan_add_having(bill.arena, plan, (PlanHaving){.op = HAVING_ABOVE, .value = "1; DROP TABLE bill"});
    Compiled compiled = {0};
    Err err = {0};
    assert_false(plan_compile(bill.arena, bill.catalog, plan, "duckdb", true, &compiled, &err));
    assert_int_equal(err.kind, ERR_INTERNAL);
}

/* A table of its own: no rollup, timestamps, numbers that are filtered, names that get in the way of ours. */
static void tables_of_any_kind(void **state) {
    (void)state;
    bill_run(&bill,
             "CREATE TABLE filtered AS SELECT * FROM (VALUES ('vol-1', 'gp3', 100, 8.0, TIMESTAMP '2026-09-01 10:00:00', 'a'),"
             " ('vol-2', 'gp2', 500, 50.0, TIMESTAMP '2026-09-02 11:30:00', 'b'), ('vol-3', NULL, 20, 1.6, NULL, 'a'))"
             " t(\"Volume ID\", \"place\", \"Size\", \"cost\", \"created\", \"month\")");
    static CatalogColumn columns[] = {
        {.name = "Volume ID", .label = "volume", .plural = "volumes", .class = CLASS_IDENTIFIER},
        {.name = "place", .label = "place", .plural = "places", .class = CLASS_DIMENSION, .missing = 1},
        {.name = "Size", .label = "size", .class = CLASS_METRIC, .type = CELL_INTEGER, .unit = "GB"},
        {.name = "cost", .label = "cost", .class = CLASS_COST, .type = CELL_DECIMAL},
        {.name = "created", .label = "created", .class = CLASS_TIMESTAMP, .type = CELL_TIMESTAMP},
        {.name = "month", .label = "month", .class = CLASS_DIMENSION},
    };
    static Measure of_table[] = {
        {.name = "cost", .label = "cost", .column = "cost", .unit = "USD", .available = true},
        {.name = "Size", .label = "size", .column = "Size", .unit = "GB", .available = true},
        {.name = "rows", .label = "rows", .kind = MEASURE_COUNT_ROWS, .unit = "count", .available = true}};
    Catalog table = {.dataset = "filtered", .column_count = 6, .columns = columns, .measure_count = 3, .measures = of_table};
    table.time_column = &columns[4];
    table.first_day = day_of("2026-09-01");
    table.last_day = day_of("2026-09-02");
    const Bill small = bill;
    bill.catalog = &table;
    check_answer(plan_by(INTENT_BREAKDOWN, "place"), "gp2|50;gp3|8;-|1.6");
    Plan *plan = plan_by(INTENT_SERIES, "month");
    plan->grain = GRAIN_MONTH;
    check_answer(plan, "2026-09-01|b|50;2026-09-01|a|8;-|a|1.6");
    assert_string_equal(bill_compile(&bill, plan, true).columns[0].name, "month_2");
    plan = plan_of(INTENT_DETAIL);
    filter_in(plan, "Size", FILTER_AT_LEAST, "100");
    check_answer(plan, "vol-1|gp3|100|8|2026-09-01 10:00:00|a;vol-2|gp2|500|50|2026-09-02 11:30:00|b");
    plan = plan_of(INTENT_STAT);
    plan->agg = AGG_AVERAGE;
    plan->measures[0] = "Size";
    check_answer(plan, "206.6666666667");
    plan->agg = AGG_MEDIAN;
    check_answer(plan, "100");
    plan = plan_of(INTENT_TOTAL);
    plan->measures[0] = "rows";
    plan->time = period_of("2026-09-02", "2026-09-03");
    check_answer(plan, "1");
    plan = plan_by(INTENT_BREAKDOWN, "place");
    plan_add_group(bill.arena, plan, "month");
    plan->rank = (PlanRank){.present = true, .n = 1, .each = "month"};
    check_answer(plan, "gp3|a|8;gp2|b|50");
    bill = small;
}

static void check_golden(const char *name, const Plan *plan) {
    static const char *const dialects[] = {"duckdb", "trino"};
    for (size_t i = 0; i < 2; i++) {
        Compiled compiled = {0};
        Err err = {0};
        char *expected = NULL;
        size_t size = 0;
        const char *path = arena_printf(bill.arena, "%s/question_sql/%s.%s.sql", TEST_FIXTURES, name, dialects[i]);
        assert_true(plan_compile(bill.arena, bill.catalog, plan, dialects[i], true, &compiled, &err));
        if (!file_read(bill.arena, path, SQL_COMPILED_BYTES, &expected, &size, &err))
            fail_msg("%s\nthe text would be:\n%s", err.message, compiled.sql);
        assert_string_equal(text_trim(bill.arena, expected), compiled.sql);
    }
}

static void text_in_both_dialects(void **state) {
    (void)state;
    Plan *plan = plan_by(INTENT_BREAKDOWN, "SubAccountId");
    plan_add_group(bill.arena, plan, "ServiceName");
    plan->time = period_of("2026-09-01", "2026-10-01");
    plan->rank = (PlanRank){.present = true, .n = 3, .each = "SubAccountId"};
    plan_add_concept(bill.arena, plan, "transfer-or-europe", true);
    check_golden("top_services_per_account", plan);
    plan = plan_by(INTENT_COMPARE, "tag_team");
    plan->compare.kind = COMPARE_PERIODS;
    plan->compare.a = period_of("2026-09-01", "2026-10-01");
    plan->compare.b = period_of("2026-08-01", "2026-09-01");
    plan->grain = GRAIN_WEEK;
    plan->calendar = CALENDAR_WEEKDAYS;
    plan_add_concept(bill.arena, plan, "nat-gateway", false);
    check_golden("compare_weeks", plan);
    plan = plan_of(INTENT_STAT);
    plan->agg = AGG_MEDIAN;
    plan->agg_grain = GRAIN_DAY;
    plan->grain = GRAIN_QUARTER;
    filter_in(plan, "x_UsageType", FILTER_CONTAINS, "Box");
    check_golden("median_day_per_quarter", plan);
}

static void unknown_dialects_are_named(void **state) {
    (void)state;
    Compiled compiled = {0};
    Err err = {0};
    assert_false(plan_compile(bill.arena, bill.catalog, plan_of(INTENT_TOTAL), "oracle", true, &compiled, &err));
    assert_non_null(strstr(err.message, "duckdb, trino"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(totals),
        cmocka_unit_test(breakdowns),
        cmocka_unit_test(rankings),
        cmocka_unit_test(series),
        cmocka_unit_test(comparisons),
        cmocka_unit_test(values_beside_each_other),
        cmocka_unit_test(shares),
        cmocka_unit_test(counts),
        cmocka_unit_test(statistics),
        cmocka_unit_test(filters_keep_what_has_no_value),
        cmocka_unit_test(quantities_stay_apart_by_unit),
        cmocka_unit_test(what_came_and_went),
        cmocka_unit_test(rows_themselves),
        cmocka_unit_test(golden_month),
        cmocka_unit_test(currencies_are_never_added),
        cmocka_unit_test(values_never_become_syntax),
        cmocka_unit_test(tables_of_any_kind),
        cmocka_unit_test(text_in_both_dialects),
        cmocka_unit_test(unknown_dialects_are_named),
    };
    return cmocka_run_group_tests(tests, open_small_bill, close_bill);
}
