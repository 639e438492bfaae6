/* Plans: there and back through JSON, hashes, words, and what is declined. */
#include "question_bill.h"

#include <time.h>

static Bill bill;

static int open_bill(void **state) {
    (void)state;
    bill = bill_of_many(arena_make(), 500, "['USD', 'USD']");
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

static void filter_in(Plan *plan, const char *dimension, FilterOp op, const char *value) {
    plan_add_filter(bill.arena, plan, dimension, op, &value, value ? 1 : 0);
}

/* A plan with every field in use. */
static Plan *full_plan(void) {
    static const char *const services[] = {"Amazon S3", "Amazon EC2"};
    Plan *plan = plan_of(INTENT_COMPARE);
    plan_add_measure(bill.arena, plan, "EffectiveCost");
    plan->per = "ConsumedQuantity";
    plan->agg = AGG_AVERAGE;
    plan->agg_grain = GRAIN_DAY;
    plan->agg_dimension = "ResourceId";
    plan_add_group(bill.arena, plan, "ServiceName");
    plan_add_group(bill.arena, plan, "RegionId");
    plan->grain = GRAIN_MONTH;
    plan_add_filter(bill.arena, plan, "ServiceName", FILTER_IN, services, 2);
    plan_add_filter(bill.arena, plan, NULL, FILTER_ALL_TAGS_EMPTY, NULL, 0);
    plan->filters[1].part = true;
    plan_add_concept(bill.arena, plan, "nat-gateway", true);
    plan->time = period_of("2026-08-01", "2026-09-01");
    plan->time.partial = plan->time.by_billing_period = true;
    plan->time.words = "last month";
    plan->compare = (PlanCompare){.kind = COMPARE_PERIODS,
                                  .a = period_of("2026-09-01", "2026-10-01"),
                                  .b = {.start = DAY_NONE, .end = day_of("2026-09-01")},
                                  .dimension = "ServiceName",
                                  .elapsed = true};
    plan->rank =
        (PlanRank){.present = true, .on = ON_DELTA, .ascending = true, .n = 5, .each = "ServiceName", .positive_only = true};
    plan_add_having(bill.arena, plan, (PlanHaving){.on = ON_PERCENT, .op = HAVING_BETWEEN, .value = "-1.5", .value2 = "20"});
    plan->calendar = CALENDAR_DAYS_OF_WEEK;
    plan->days_of_week = 1U | 1U << 6;
    plan->subject = "ResourceId";
    plan->charged_only = plan->yes_no = true;
    plan->claim = CLAIM_LESS;
    plan->claimed = "AmazonEC2";
    static const char *columns[] = {"x_UsageType"};
    plan->columns = columns;
    plan->column_count = 1;
    plan->meta = "tags";
    plan->limit = 12;
    plan->chart = "line";
    plan_assume(bill.arena, plan, "time", "no period given: all loaded data");
    return plan;
}

static const char *json_of(const Plan *plan) {
    return json_write(bill.arena, plan_json(bill.arena, plan), false);
}

static bool read_plan(const char *text, Plan **plan, Err *err) {
    Json *json = NULL;
    if (!json_parse(bill.arena, text, strlen(text), &json, err)) return false;
    return plan_read(bill.arena, bill.catalog, json, plan, err);
}

static void json_there_and_back(void **state) {
    (void)state;
    Plan *read = NULL;
    Err err = {0};
    const char *text = json_of(full_plan());
    if (!read_plan(text, &read, &err)) fail_msg("%s", err.message);
    assert_string_equal(json_of(read), arena_text(bill.arena, text));
    assert_string_equal(json_of(plan_copy(bill.arena, read)), text);
    if (!read_plan("{\"v\":1,\"intent\":\"total\"}", &read, &err)) fail_msg("%s", err.message);
    assert_string_equal(json_of(read), json_of(plan_of(INTENT_TOTAL)));
    assert_int_equal(read->time.start, DAY_NONE);
}

static void json_is_read_strictly(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "[]",
        "{}",
        "{\"v\":2,\"intent\":\"total\"}",
        "{\"v\":1}",
        "{\"v\":1,\"intent\":\"sum\"}",
        "{\"v\":1,\"intent\":3}",
        "{\"v\":1,\"intent\":\"total\",\"sql\":\"SELECT 1\"}",
        "{\"v\":1,\"intent\":\"total\",\"measures\":\"BilledCost\"}",
        "{\"v\":1,\"intent\":\"total\",\"measures\":[1]}",
        "{\"v\":1,\"intent\":\"total\",\"limit\":-1}",
        "{\"v\":1,\"intent\":\"total\",\"limit\":1.5}",
        "{\"v\":1,\"intent\":\"total\",\"limit\":99999999999999999999}",
        "{\"v\":1,\"intent\":\"total\",\"yes_no\":\"true\"}",
        "{\"v\":1,\"intent\":\"total\",\"claim\":\"higher\"}",
        "{\"v\":1,\"intent\":\"total\",\"time\":{\"start\":\"2026-02-30\"}}",
        "{\"v\":1,\"intent\":\"total\",\"time\":{\"start\":\"2026-02-03T00:00\"}}",
        "{\"v\":1,\"intent\":\"total\",\"time\":{\"from\":\"2026-02-03\"}}",
        "{\"v\":1,\"intent\":\"total\",\"filters\":[{\"op\":\"in\",\"values\":[\"x\"]}]}",
        "{\"v\":1,\"intent\":\"total\",\"filters\":[{\"dimension\":\"RegionId\",\"op\":\"like\"}]}",
        "{\"v\":1,\"intent\":\"total\",\"filters\":[\"RegionId\"]}",
        "{\"v\":1,\"intent\":\"total\",\"concepts\":[{}]}",
        "{\"v\":1,\"intent\":\"total\",\"having\":[{\"on\":\"value\",\"op\":\"above\",\"value\":\"1; DROP TABLE bill\"}]}",
        "{\"v\":1,\"intent\":\"total\",\"having\":[{\"on\":\"value\",\"op\":\"above\"}]}",
        "{\"v\":1,\"intent\":\"total\",\"days_of_week\":[\"someday\"]}",
        "{\"v\":1,\"intent\":\"total\",\"assumptions\":[{\"field\":\"time\"}]}",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        Plan *plan = NULL;
        Err err = {0};
        if (read_plan(wrong[i], &plan, &err)) fail_msg("%s was read", wrong[i]);
        assert_int_equal(err.kind, ERR_INPUT);
        assert_null(plan);
    }
}

static void equal_plans_have_equal_hashes(void **state) {
    (void)state;
    static const char *const turned[] = {"Amazon EC2", "Amazon S3"};
    Plan *a = full_plan(), *b = full_plan();
    PlanFilter first = b->filters[0];
    b->filters[0] = b->filters[1];
    b->filters[1] = first;
    b->filters[1].values = arena_grow(bill.arena, turned, sizeof turned, sizeof turned);
    b->time.words = "in August";
    b->chart = "bar";
    b->assumption_count = 0;
    b->having[0].value = "-1.50";
    assert_string_equal(plan_hash(bill.arena, a), plan_hash(bill.arena, b));
    assert_int_equal(strlen(plan_hash(bill.arena, a)), 64);
    assert_string_equal(b->filters[1].values[0], "Amazon EC2"); /* hashing sorts a copy */
    b->filters[1].op = FILTER_NOT_IN;
    assert_string_not_equal(plan_hash(bill.arena, a), plan_hash(bill.arena, b));
    b = full_plan();
    b->rank.n = 6;
    assert_string_not_equal(plan_hash(bill.arena, a), plan_hash(bill.arena, b));
}

static void check_words(const Plan *plan, const char *expected) {
    assert_string_equal(plan_paraphrase(bill.arena, bill.catalog, plan), expected);
}

static void words_of_simple_plans(void **state) {
    (void)state;
    Plan *plan = plan_of(INTENT_TOTAL);
    check_words(plan, "Billed cost, all loaded data (2026-06-28 to 2026-10-15)");
    plan->intent = INTENT_BREAKDOWN;
    plan_add_group(bill.arena, plan, "ServiceName");
    plan->time = period_of("2026-09-01", "2026-10-01");
    plan->rank = (PlanRank){.present = true, .n = 5};
    filter_in(plan, "SubAccountId", FILTER_IN, "111111111111");
    check_words(plan, "Billed cost by service, September 2026, account 111111111111, top 5");
    plan->intent = INTENT_SERIES;
    plan->grain = GRAIN_DAY;
    plan->time = period_of("2026-09-01", "2026-09-13");
    plan->time.partial = true;
    plan->rank.ascending = true;
    plan->rank.each = "RegionId";
    filter_in(plan, "tag_team", FILTER_EMPTY, NULL);
    plan_add_concept(bill.arena, plan, "nat-gateway", true);
    check_words(plan, "Billed cost per day by service, 2026-09-01 to 2026-09-12 (so far), account 111111111111, no team tag, "
                      "not NAT gateway, lowest 5 for each region");
    plan = plan_of(INTENT_DETAIL);
    plan->calendar = CALENDAR_WEEKENDS;
    filter_in(plan, "BilledCost", FILTER_ABOVE, "100");
    check_words(plan, "Line items, all loaded data (2026-06-28 to 2026-10-15), weekends only, billed cost above 100");
}

static void words_of_comparisons_and_statistics(void **state) {
    (void)state;
    Plan *plan = plan_of(INTENT_DRIVERS);
    plan->compare.kind = COMPARE_PERIODS;
    plan->compare.a = period_of("2026-09-01", "2026-10-01");
    plan->compare.b = period_of("2026-07-01", "2026-10-01");
    check_words(plan, "What changed most in billed cost by service, September 2026 compared with Q3 2026");
    plan->intent = INTENT_NEW_GONE;
    plan->subject = "ServiceName";
    plan->agg = AGG_FIRST;
    plan->compare.b = (PlanTime){.start = DAY_NONE, .end = day_of("2026-09-01")};
    check_words(plan, "Services present in September 2026 and not before September 2026, with their billed cost");
    plan = plan_of(INTENT_STAT);
    plan->agg = AGG_AVERAGE;
    plan->agg_grain = GRAIN_DAY;
    plan_add_group(bill.arena, plan, "ServiceName");
    check_words(plan, "Average billed cost per day by service, all loaded data (2026-06-28 to 2026-10-15)");
    plan = plan_of(INTENT_COUNT);
    plan->subject = "ResourceId";
    plan_add_having(bill.arena, plan, (PlanHaving){.op = HAVING_ABOVE, .value = "100"});
    check_words(plan, "Number of resources with billed cost above 100, all loaded data (2026-06-28 to 2026-10-15)");
    plan = plan_of(INTENT_SHARE);
    filter_in(plan, "tag_team", FILTER_EMPTY, NULL);
    plan->filters[0].part = true;
    plan_add_group(bill.arena, plan, "SubAccountId");
    check_words(plan, "Share of billed cost that is no team tag by account, all loaded data (2026-06-28 to 2026-10-15)");
}

static void check_refused(const Plan *plan, const char *code, const char *part) {
    Err err = {0};
    if (plan_check(bill.arena, bill.catalog, plan, &err)) fail_msg("accepted: %s", json_of(plan));
    assert_int_equal(err.kind, ERR_REFUSED);
    assert_string_equal(err.code, code);
    if (!strstr(err.message, part)) fail_msg("\"%s\" does not say \"%s\"", err.message, part);
}

static void what_does_not_exist_is_declined(void **state) {
    (void)state;
    Plan *plan = plan_of(INTENT_TOTAL);
    plan->dataset = "volumes";
    check_refused(plan, "NO_SUCH_DATA", "volumes");
    plan = plan_of(INTENT_TOTAL);
    plan->measures[0] = "EffectivCost";
    check_refused(plan, "NO_SUCH_DATA", "EffectiveCost");
    plan->measures[0] = "coverage";
    check_refused(plan, "NO_SUCH_DATA", "savings plan columns");
    plan = plan_of(INTENT_BREAKDOWN);
    plan_add_group(bill.arena, plan, "tag_owner");
    check_refused(plan, "NO_SUCH_DATA", "team");
    plan = plan_of(INTENT_TOTAL);
    filter_in(plan, "ServiceName", FILTER_IN, "Amazon EC3");
    check_refused(plan, "UNKNOWN_VALUE", "Amazon EC2");
    plan = plan_of(INTENT_TOTAL);
    filter_in(plan, "BilledCost", FILTER_ABOVE, "a lot");
    check_refused(plan, "UNKNOWN_VALUE", "a lot");
    plan = plan_of(INTENT_TOTAL);
    plan_add_concept(bill.arena, plan, "quantum", false);
    check_refused(plan, "NO_SUCH_DATA", "quantum");
}

static void periods_outside_the_data_are_declined(void **state) {
    (void)state;
    Plan *plan = plan_of(INTENT_TOTAL);
    plan->time = period_of("2027-01-01", "2027-02-01");
    check_refused(plan, "OUT_OF_RANGE", "2026-06-28 to 2026-10-15");
    plan->time = period_of("2026-09-01", "2026-09-01");
    check_refused(plan, "OUT_OF_RANGE", "ends before");
    plan = plan_of(INTENT_COMPARE);
    plan->compare.kind = COMPARE_PERIODS;
    plan->compare.a = period_of("2026-09-01", "2026-10-01");
    plan->compare.b = period_of("2025-09-01", "2025-10-01");
    check_refused(plan, "OUT_OF_RANGE", "2025-09-01");
    plan = plan_of(INTENT_SERIES);
    plan->grain = GRAIN_HOUR;
    bill.catalog->granularity = "daily";
    check_refused(plan, "NO_SUCH_DATA", "day");
    bill.catalog->granularity = "hourly";
    Err err = {0};
    assert_true(plan_check(bill.arena, bill.catalog, plan, &err));
}

static void shapes_that_mean_nothing_are_declined(void **state) {
    (void)state;
    check_refused(plan_of(INTENT_BREAKDOWN), "UNSUPPORTED_SHAPE", "dimension");
    check_refused(plan_of(INTENT_SERIES), "UNSUPPORTED_SHAPE", "grain");
    check_refused(plan_of(INTENT_COMPARE), "UNSUPPORTED_SHAPE", "two periods");
    check_refused(plan_of(INTENT_SHARE), "UNSUPPORTED_SHAPE", "part");
    check_refused(plan_of(INTENT_COUNT), "UNSUPPORTED_SHAPE", "count");
    check_refused(plan_of(INTENT_STAT), "UNSUPPORTED_SHAPE", "average");
    check_refused(plan_of(INTENT_META), "UNSUPPORTED_SHAPE", "asked");
    Plan *plan = plan_of(INTENT_TOTAL);
    plan_add_having(bill.arena, plan, (PlanHaving){.on = ON_DELTA, .op = HAVING_ABOVE, .value = "5"});
    check_refused(plan, "UNSUPPORTED_SHAPE", "two periods");
    plan = plan_of(INTENT_STAT);
    plan->agg = AGG_AVERAGE;
    plan->agg_grain = GRAIN_DAY;
    plan->measures[0] = "discount";
    check_refused(plan, "UNSUPPORTED_SHAPE", "does not add up");
    plan = plan_of(INTENT_BREAKDOWN);
    plan_add_group(bill.arena, plan, "ServiceName");
    plan->rank = (PlanRank){.present = true, .n = 3, .each = "RegionId"};
    check_refused(plan, "UNSUPPORTED_SHAPE", "RegionId");
    for (int i = 0; i < 3; i++) plan_add_group(bill.arena, plan, "x_UsageType");
    check_refused(plan, "TOO_BROAD", "3");
}

/* A plan is compiled in far less time than a query takes; the bound leaves room for sanitizers and a busy machine. */
static void compiling_is_quick(void **state) {
    (void)state;
    enum { TIMES = 200, BOUND_US = 5000 };
    Plan *plan = plan_of(INTENT_COMPARE);
    plan->compare.kind = COMPARE_PERIODS;
    plan->compare.a = period_of("2026-09-01", "2026-10-01");
    plan->compare.b = period_of("2026-08-01", "2026-09-01");
    plan_add_group(bill.arena, plan, "ServiceName");
    plan_add_concept(bill.arena, plan, "transfer-or-europe", false);
    plan->rank = (PlanRank){.present = true, .on = ON_DELTA, .n = 5};
    struct timespec start, end;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
    for (int i = 0; i < TIMES; i++) {
        Arena *arena = arena_make();
        Compiled compiled = {0};
        Err err = {0};
        assert_true(plan_check(arena, bill.catalog, plan, &err));
        assert_true(plan_compile(arena, bill.catalog, plan, "duckdb", true, &compiled, &err));
        arena_free(arena);
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    const long us = ((end.tv_sec - start.tv_sec) * 1000000 + (end.tv_nsec - start.tv_nsec) / 1000) / TIMES;
    print_message("%ld us to check and compile a plan\n", us);
    assert_in_range(us, 0, BOUND_US);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_there_and_back),
        cmocka_unit_test(json_is_read_strictly),
        cmocka_unit_test(equal_plans_have_equal_hashes),
        cmocka_unit_test(words_of_simple_plans),
        cmocka_unit_test(words_of_comparisons_and_statistics),
        cmocka_unit_test(what_does_not_exist_is_declined),
        cmocka_unit_test(periods_outside_the_data_are_declined),
        cmocka_unit_test(shapes_that_mean_nothing_are_declined),
        cmocka_unit_test(compiling_is_quick),
    };
    return cmocka_run_group_tests(tests, open_bill, close_bill);
}
