/* Why, anomalies and forecasts of a small bill whose truth is known, through guard and engine. */
#include "question_bill.h"

#include "investigate/effects.h"
#include "investigate/investigate.h"

typedef struct {
    Arena *arena;
    Bill bill;
    Desk desk;
} Fixture;

/* Three months of days, 2026-07-01 to 2026-09-30, two accounts. EC2: 100 hours a day at 1.00, from September at 0.90 and 110
 * hours. S3: 50 a day until August. Lambda: 30 a day from September. RDS: 80 a day, and 400 more on 2026-08-20 and 21. Tax: 500 on
 * the first of each month. A credit of -200 in August. */
static const char insert[] =
    "INSERT INTO bill SELECT cost, cost, cost, quantity, 1, unit, account, account || '-name', service, 'us-east-1', category,"
    " usage_type, 'USD', 'web', '', 'arn:' || usage_type, date_trunc('month', day), day, day FROM ("
    " SELECT day, 'Amazon EC2' AS service, '111111111111' AS account, 'Usage' AS category, 'BoxUsage:m5.large' AS usage_type,"
    "   'Hrs' AS unit, CASE WHEN day >= DATE '2026-09-01' THEN 110 ELSE 100 END AS quantity,"
    "   CASE WHEN day >= DATE '2026-09-01' THEN 99 ELSE 100 END AS cost FROM days"
    " UNION ALL SELECT day, 'Amazon S3', '111111111111', 'Usage', 'TimedStorage', 'GB', 5, 50 FROM days WHERE day < DATE "
    "'2026-09-01'"
    " UNION ALL SELECT day, 'AWS Lambda', '222222222222', 'Usage', 'Lambda-GB-Second', 's', 9, 30 FROM days"
    "   WHERE day >= DATE '2026-09-01'"
    " UNION ALL SELECT day, 'Amazon RDS', '222222222222', 'Usage', 'InstanceUsage', 'Hrs',"
    "   CASE WHEN day IN (DATE '2026-08-20', DATE '2026-08-21') THEN 48 ELSE 8 END,"
    "   CASE WHEN day IN (DATE '2026-08-20', DATE '2026-08-21') THEN 480 ELSE 80 END FROM days"
    " UNION ALL SELECT day, 'Amazon EC2', '111111111111', 'Tax', '', '', NULL, 500 FROM days WHERE day(day) = 1"
    " UNION ALL SELECT day, 'Amazon EC2', '111111111111', 'Credit', '', '', NULL, -200 FROM days WHERE day = DATE "
    "'2026-08-01')";

static int set_up(void **state) {
    static Fixture fixture;
    Err err = {0};
    Duck *duck = NULL;
    Arena *arena = fixture.arena = arena_make();
    static const char *const tables[] = {"bill", "bill_day"};
    DuckOptions options = {.threads = 2, .memory_limit_bytes = (size_t)1 << 30};
    fixture.bill = (Bill){.arena = arena};
    if (!duck_open(arena, NULL, &options, &duck, &err) || !duck_connect(arena, duck, &fixture.bill.session, &err))
        fail_msg("%s", err.message);
    bill_run(&fixture.bill,
             "CREATE VIEW days AS SELECT CAST(unnest(range(DATE '2026-07-01', DATE '2026-10-01', INTERVAL 1 DAY)) AS "
             "DATE) AS day");
    bill_run(&fixture.bill, bill_table);
    bill_run(&fixture.bill, insert);
    bill_run(&fixture.bill, bill_rollup);
    bill_catalog(&fixture.bill);
    fixture.bill.catalog->data_through = "2026-10-01 00:00:00";
    fixture.bill.catalog->row_count = 1000;
    fixture.desk.catalog = fixture.bill.catalog;
    if (!guard_open(arena, tables, 2, &fixture.desk.guard, &err)) fail_msg("%s", err.message);
    if (!engine_open(arena, duck, &fixture.desk.engine, &err)) fail_msg("%s", err.message);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state) {
    arena_free(((Fixture *)*state)->arena);
    return 0;
}

static Answer investigate_plan(Fixture *fixture, const Plan *plan) {
    Answer answer = {0};
    Err err = {0};
    if (!plan_check(fixture->arena, fixture->desk.catalog, plan, &err)) fail_msg("%s", err.message);
    if (!investigate(fixture->arena, &fixture->desk, plan, &answer, &err)) fail_msg("%s", err.message);
    assert_int_equal(answer.status, ANSWER_ANSWERED);
    assert_int_equal(answer.numbers, answer.numbers_verified);
    return answer;
}

static Plan *why_plan(Fixture *fixture, const char *before, const char *after, const char *end) {
    Plan *plan = plan_make(fixture->arena, fixture->desk.catalog);
    plan->intent = INTENT_DRIVERS;
    plan->compare.kind = COMPARE_PERIODS;
    plan->compare.b = period_of(before, after);
    plan->compare.a = period_of(after, end);
    plan_add_group(fixture->arena, plan, "ServiceName");
    return plan;
}

static const AnswerSection *section(const Answer *answer, const char *name) {
    for (size_t i = 0; i < answer->section_count; i++)
        if (text_equal(answer->sections[i].name, name)) return &answer->sections[i];
    fail_msg("no section %s", name);
    return NULL;
}

/* The cell of the row whose first cell is `key`. */
static const char *cell_of(const Table *table, const char *key, const char *column) {
    const int at = table_find(table, column);
    assert_true(at >= 0);
    for (size_t row = 0; row < table->row_count; row++)
        if (text_equal(table_cell(table, row, 0), key)) return table_cell(table, row, (size_t)at);
    return NULL;
}

static void check_amount(const char *cell, const char *expected) {
    Decimal left = {0}, right = {0};
    assert_non_null(cell);
    assert_true(decimal_parse(cell, &left) && decimal_parse(expected, &right));
    if (decimal_compare(left, right) != 0) fail_msg("%s is not %s", cell, expected);
}

static void check_sum(const Table *table, const char *column, const char *expected) {
    Decimal sum = {0}, cell, right;
    const int at = table_find(table, column);
    for (size_t row = 0; row < table->row_count; row++) {
        assert_true(decimal_parse(table_cell(table, row, (size_t)at), &cell));
        assert_true(decimal_add(sum, cell, &sum));
    }
    assert_true(decimal_parse(expected, &right));
    assert_int_equal(decimal_compare(sum, right), 0);
}

/* August 31 days, September 30. EC2: 3100 → 2970: days -100, usage +300 (10 % more of 3000), price -330. S3 gone -1550. Lambda new
 * +900. RDS 3280 → 2400: days -105.806…, usage the rest. Credit +200. Tax 0. */
static void test_effects_add_up_and_are_right(void **state) {
    Fixture *fixture = *state;
    Answer answer = investigate_plan(fixture, why_plan(fixture, "2026-08-01", "2026-09-01", "2026-10-01"));
    const Table *effects = section(&answer, "effects")->table;
    check_amount(cell_of(effects, "usage that ended", "change"), "-1550");
    check_amount(cell_of(effects, "new usage", "change"), "900");
    check_amount(cell_of(effects, "price per unit", "change"), "-330");
    check_amount(cell_of(effects, "credits", "change"), "200");
    assert_null(cell_of(effects, "tax", "change"));
    assert_null(cell_of(effects, "other", "change"));
    check_sum(effects, "change", "-1460"); /* 8230 in August, 6770 in September */
    const Table *causes = section(&answer, "causes")->table;
    check_amount(cell_of(causes, "Amazon EC2", "price"), "-330");
    check_amount(cell_of(causes, "Amazon EC2", "days"), "-100");
    check_amount(cell_of(causes, "Amazon EC2", "usage"), "300");
    assert_string_equal(cell_of(causes, "Amazon S3", "state"), "gone");
    assert_string_equal(cell_of(causes, "AWS Lambda", "state"), "new");
    check_sum(causes, "change", "-1460");
}

/* The rows stay what the plan's own SQL gives: driver, after, before, change. */
static void test_rows_are_those_of_the_plan(void **state) {
    Fixture *fixture = *state;
    const Plan *plan = why_plan(fixture, "2026-08-01", "2026-09-01", "2026-10-01");
    Answer answer = investigate_plan(fixture, plan);
    const Compiled compiled = bill_compile(&fixture->bill, plan, true);
    assert_string_equal(answer.sql, compiled.sql);
    check_amount(cell_of(answer.table, "Amazon S3", "change"), "-1550");
    assert_int_equal(answer.table->row_count, 4);
}

static void test_a_day_is_explained_by_its_service(void **state) {
    Fixture *fixture = *state;
    Plan *plan = why_plan(fixture, "2026-08-13", "2026-08-14", "2026-08-15");
    plan->compare.a = period_of("2026-08-20", "2026-08-21");
    plan->compare.b = period_of("2026-08-13", "2026-08-14");
    Answer answer = investigate_plan(fixture, plan);
    const Table *dimensions = section(&answer, "dimensions")->table;
    assert_string_equal(cell_of(dimensions, "service", "member"), "Amazon RDS");
    assert_string_equal(cell_of(section(&answer, "resources")->table, "arn:InstanceUsage", "ResourceId"), "arn:InstanceUsage");
}

static Plan *anomaly_plan(Fixture *fixture) {
    Plan *plan = plan_make(fixture->arena, fixture->desk.catalog);
    plan->intent = INTENT_ANOMALY;
    return plan;
}

static void test_the_planted_spike_is_found_where_it_is(void **state) {
    Fixture *fixture = *state;
    Answer answer = investigate_plan(fixture, anomaly_plan(fixture));
    assert_int_equal(answer.table->row_count, 1);
    const char *scope = table_cell(answer.table, 0, 0);
    assert_non_null(strstr(scope, "Amazon RDS"));
    check_amount(cell_of(answer.table, scope, "actual"), "960");
    check_amount(cell_of(answer.table, scope, "usual"), "160");
    check_amount(cell_of(answer.table, scope, "excess"), "800");
    assert_string_equal(cell_of(answer.table, scope, "start"), "2026-08-20");
    assert_string_equal(cell_of(answer.table, scope, "end"), "2026-08-21");
    assert_string_equal(cell_of(answer.table, scope, "x_UsageType"), "InstanceUsage");
    const Table *levels = section(&answer, "levels")->table; /* S3 went, Lambda came */
    assert_int_equal(levels->row_count, 2);
}

static void test_a_period_limits_what_is_told(void **state) {
    Fixture *fixture = *state;
    Plan *plan = anomaly_plan(fixture);
    plan->time = period_of("2026-07-01", "2026-08-01");
    assert_int_equal(investigate_plan(fixture, plan).table->row_count, 0);
    plan->time = period_of("2026-08-21", "2026-08-25");
    assert_int_equal(investigate_plan(fixture, plan).table->row_count, 1);
    plan->having_count = 0;
    plan_add_having(fixture->arena, plan, (PlanHaving){.on = ON_DELTA, .op = HAVING_ABOVE, .value = "1000"});
    assert_int_equal(investigate_plan(fixture, plan).table->row_count, 0);
}

static Plan *forecast_plan(Fixture *fixture) {
    Plan *plan = plan_make(fixture->arena, fixture->desk.catalog);
    plan->intent = INTENT_FORECAST;
    plan->time = period_of("2026-10-01", "2026-11-01");
    return plan;
}

static double amount_of(const Answer *answer, const char *column) {
    Decimal value = {0};
    const int at = table_find(answer->table, column);
    assert_true(at >= 0 && decimal_parse(table_cell(answer->table, 0, (size_t)at), &value));
    return decimal_double(value);
}

/* September: EC2 99, Lambda 30, RDS 80 a day = 209, and tax in proportion 500 / 6270. */
static void test_a_month_is_forecast(void **state) {
    Fixture *fixture = *state;
    Answer answer = investigate_plan(fixture, forecast_plan(fixture));
    const double days = 209.0 * 31, expected = days + days * 500 / 6270, forecast = amount_of(&answer, "forecast");
    assert_true(forecast > expected * 0.98 && forecast < expected * 1.02);
    assert_true(amount_of(&answer, "low") < forecast && forecast < amount_of(&answer, "high"));
    assert_int_equal(answer.table->row_count, 1);
}

static void test_a_run_rate_is_exact(void **state) {
    Fixture *fixture = *state;
    Plan *plan = forecast_plan(fixture);
    plan->agg = AGG_AVERAGE;
    plan->learned = period_of("2026-09-01", "2026-09-11");
    Answer answer = investigate_plan(fixture, plan);
    check_amount(table_cell(answer.table, 0, 0), "8029"); /* (10 x 209 + 500) / 10 x 31 */
}

static void test_short_data_is_declined(void **state) {
    Fixture *fixture = *state;
    Catalog *catalog = fixture->bill.catalog;
    Answer answer = {0};
    Err err = {0};
    const char *through = catalog->data_through;
    catalog->data_through = "2026-07-10 00:00:00";
    catalog->as_of = day_of("2026-07-09");
    assert_false(investigate(fixture->arena, &fixture->desk, anomaly_plan(fixture), &answer, &err));
    assert_string_equal(err.code, "NO_SUCH_DATA");
    err_clear(&err);
    Plan *plan = forecast_plan(fixture);
    plan->time = period_of("2026-07-01", "2026-08-01");
    assert_false(investigate(fixture->arena, &fixture->desk, plan, &answer, &err));
    assert_string_equal(err.code, "NO_SUCH_DATA");
    catalog->data_through = through;
    catalog->as_of = catalog->last_day;
}

static void test_same_plan_same_answer(void **state) {
    Fixture *fixture = *state;
    const Plan *plans[] = {why_plan(fixture, "2026-08-01", "2026-09-01", "2026-10-01"), anomaly_plan(fixture),
                           forecast_plan(fixture)};
    for (size_t i = 0; i < 3; i++) {
        Answer first = investigate_plan(fixture, plans[i]), second = investigate_plan(fixture, plans[i]);
        first.total_ms = second.total_ms = 0;
        assert_string_equal(json_write(fixture->arena, answer_json(fixture->arena, &first), false),
                            json_write(fixture->arena, answer_json(fixture->arena, &second), false));
    }
}

static void check_declined(Fixture *fixture, const Plan *plan, const char *code) {
    Err err = {0};
    assert_false(plan_check(fixture->arena, fixture->desk.catalog, plan, &err));
    assert_string_equal(err.code, code);
}

static void test_plans_that_cannot_be_are_declined(void **state) {
    Fixture *fixture = *state;
    Plan *plan = forecast_plan(fixture);
    plan->time = period_of("2026-08-01", "2026-09-01");
    check_declined(fixture, plan, "UNSUPPORTED_SHAPE"); /* over */
    plan->time = period_of("2026-10-01", "2029-10-01");
    check_declined(fixture, plan, "OUT_OF_RANGE");
    plan->time = (PlanTime){.start = DAY_NONE, .end = DAY_NONE};
    check_declined(fixture, plan, "UNSUPPORTED_SHAPE");
    plan = anomaly_plan(fixture);
    plan->measures[0] = "resources";
    check_declined(fixture, plan, "UNSUPPORTED_SHAPE");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_effects_add_up_and_are_right),
        cmocka_unit_test(test_rows_are_those_of_the_plan),
        cmocka_unit_test(test_a_day_is_explained_by_its_service),
        cmocka_unit_test(test_the_planted_spike_is_found_where_it_is),
        cmocka_unit_test(test_a_period_limits_what_is_told),
        cmocka_unit_test(test_a_month_is_forecast),
        cmocka_unit_test(test_a_run_rate_is_exact),
        cmocka_unit_test(test_short_data_is_declined),
        cmocka_unit_test(test_same_plan_same_answer),
        cmocka_unit_test(test_plans_that_cannot_be_are_declined),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
