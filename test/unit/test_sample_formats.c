/* The same bill in every format: totals of the files, worked out with SQL of the test's own over the files as AWS would deliver them, equal truth.json exactly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/decimal.h"
#include "base/sql.h"
#include "io/duck.h"
#include "io/file.h"
#include "sample/sample.h"

typedef struct {
    Arena *arena;
    const char *folder;
    const Json *truth;
    DuckSession *session;
} Fixture;

/* Gzipped CSV takes longest to write and to read: of the large world only the Parquet formats are made. */
static Fixture make(long long rows, long long seed, bool csv) {
    static const char *const formats[] = {"cur2", "focus", "athena", "cur2-csv", "legacy"};
    Fixture f = {.arena = arena_make()};
    char *folder = arena_text(f.arena, "/tmp/curlew-formats-XXXXXX");
    assert_non_null(mkdtemp(folder));
    f.folder = folder;
    SampleRequest request = {.folder = folder, .rows = rows, .seed = seed, .formats = formats, .format_count = csv ? 5 : 3};
    SampleReport report = {0};
    Err err = {0};
    Duck *duck = NULL;
    if (!sample_make(f.arena, &request, &report, &err) || !duck_open(f.arena, NULL, NULL, &duck, &err) ||
        !duck_connect(f.arena, duck, &f.session, &err))
        fail_msg("%s", err.message);
    f.truth = report.truth;
    return f;
}

static void drop(Fixture *f) {
    Err err = {0};
    assert_true(file_remove_tree(f->folder, &err));
    arena_free(f->arena);
}

static Table *rows_of(Fixture *f, const char *sql) {
    Table *rows = NULL;
    Err err = {0};
    if (!duck_rows(f->arena, f->session, sql, &rows, &err)) fail_msg("%s", err.message);
    return rows;
}

static void expect_equal(const char *what, const char *got, const char *wanted) {
    Decimal a = {0}, b = {0};
    assert_non_null(got);
    assert_non_null(wanted);
    assert_true(decimal_parse(got, &a) && decimal_parse(wanted, &b));
    if (decimal_compare(a, b) != 0) fail_msg("%s: %s in the files, %s in truth.json", what, got, wanted);
}

/* --- Cost and Usage Reports ------------------------------------------------------------------------------------------------------------------ */

/* What a format calls the columns. */
typedef struct {
    const char *name;
    bool parquet;
    const char *month, *type, *unblended, *list, *ri_effective, *unused_upfront, *unused_recurring, *upfront, *plan_effective,
        *plan_total, *plan_used, *reservation;
} CurNames;

static const CurNames CUR[] = {
    {"cur2", true, "strftime(bill_billing_period_start_date, '%Y-%m')", "line_item_line_item_type", "line_item_unblended_cost",
     "pricing_public_on_demand_cost", "reservation_effective_cost",
     "reservation_unused_amortized_upfront_fee_for_billing_period", "reservation_unused_recurring_fee",
     "reservation_amortized_upfront_fee_for_billing_period", "savings_plan_savings_plan_effective_cost",
     "savings_plan_total_commitment_to_date", "savings_plan_used_commitment", "reservation_reservation_a_r_n"},
    {"cur2-csv", false, "substr(bill_billing_period_start_date, 1, 7)", "line_item_line_item_type", "line_item_unblended_cost",
     "pricing_public_on_demand_cost", "reservation_effective_cost",
     "reservation_unused_amortized_upfront_fee_for_billing_period", "reservation_unused_recurring_fee",
     "reservation_amortized_upfront_fee_for_billing_period", "savings_plan_savings_plan_effective_cost",
     "savings_plan_total_commitment_to_date", "savings_plan_used_commitment", "reservation_reservation_a_r_n"},
    {"legacy", false, "substr(\"bill/BillingPeriodStartDate\", 1, 7)", "\"lineItem/LineItemType\"",
     "\"lineItem/UnblendedCost\"", "\"pricing/publicOnDemandCost\"", "\"reservation/EffectiveCost\"",
     "\"reservation/UnusedAmortizedUpfrontFeeForBillingPeriod\"", "\"reservation/UnusedRecurringFee\"",
     "\"reservation/AmortizedUpfrontFeeForBillingPeriod\"", "\"savingsPlan/SavingsPlanEffectiveCost\"",
     "\"savingsPlan/TotalCommitmentToDate\"", "\"savingsPlan/UsedCommitment\"", "\"reservation/ReservationARN\""},
};

/* A double of the file as the decimal that it was written from. */
static const char *exact(Arena *arena, const char *column) {
    return sql_format(arena, "coalesce(CAST(round(CAST(%R AS DOUBLE), 10) AS DECIMAL(38,10)), 0)", column);
}

/* Sums by the rule of billing, each line type by what its columns mean. */
static Table *sum_report(Fixture *f, const CurNames *n) {
    const char *pattern = arena_printf(f->arena, "%s/%s/*/**/*.%s", f->folder, n->name, n->parquet ? "parquet" : "csv.gz");
    const char *source = n->parquet ? sql_format(f->arena, "read_parquet(%S, union_by_name = true)", pattern)
                                    : sql_format(f->arena, "read_csv(%S, all_varchar = true, union_by_name = true)", pattern);
    const char *cost = exact(f->arena, n->unblended);
    return rows_of(
        f, sql_format(f->arena,
                      "SELECT %R AS month, count(*), sum(%R), sum(CASE %R WHEN 'SavingsPlanCoveredUsage' THEN %R WHEN "
                      "'DiscountedUsage' THEN %R WHEN 'RIFee' THEN %R + %R WHEN "
                      "'SavingsPlanRecurringFee' THEN %R - %R WHEN 'SavingsPlanNegation' THEN 0 WHEN 'Fee' THEN CASE WHEN "
                      "coalesce(%R, '') = '' THEN %R ELSE 0 END ELSE %R END), sum(CASE WHEN %R IN ('Usage', "
                      "'DiscountedUsage', 'SavingsPlanCoveredUsage') THEN %R ELSE 0 END), sum(CASE WHEN %R = 'Fee' AND "
                      "coalesce(%R, '') <> '' THEN %R ELSE 0 END), sum(%R) FROM %R GROUP BY 1 ORDER BY 1",
                      n->month, cost, n->type, exact(f->arena, n->plan_effective), exact(f->arena, n->ri_effective),
                      exact(f->arena, n->unused_upfront), exact(f->arena, n->unused_recurring), exact(f->arena, n->plan_total),
                      exact(f->arena, n->plan_used), n->reservation, cost, cost, n->type, exact(f->arena, n->list), n->type,
                      n->reservation, cost, exact(f->arena, n->upfront), source));
}

static void expect_report(Fixture *f, const CurNames *names) {
    const Json *months = json_get(json_get(f->truth, "totals"), "per_month");
    Table *sums = sum_report(f, names);
    assert_int_equal(sums->row_count, json_count(months));
    for (size_t i = 0; i < sums->row_count; i++) {
        const Json *month = json_at(months, i);
        assert_string_equal(table_cell(sums, i, 0), json_get_text(month, "month"));
        expect_equal(names->name, table_cell(sums, i, 1), json_get_text(month, "n_rows"));
        expect_equal(names->name, table_cell(sums, i, 2), json_get_text(month, "unblended"));
        expect_equal(names->name, table_cell(sums, i, 3), json_get_text(month, "amortized"));
        expect_equal(names->name, table_cell(sums, i, 4), json_get_text(month, "public_on_demand_usage"));
        /* unblended = amortized + upfront charged - upfront amortized: nothing is left. */
        const char *residual =
            sql_format(f->arena,
                       "SELECT CAST(%S AS DECIMAL(38,10)) - CAST(%S AS DECIMAL(38,10)) - CAST(%S AS DECIMAL(38,10)) + CAST(%S "
                       "AS DECIMAL(38,10))",
                       table_cell(sums, i, 2), table_cell(sums, i, 3), table_cell(sums, i, 5), table_cell(sums, i, 6));
        expect_equal("identity", table_cell(rows_of(f, residual), 0, 0), "0");
        expect_equal("identity", json_get_text(month, "identity_residual"), "0");
    }
}

/* --- FOCUS --------------------------------------------------------------------------------------------------------------------------------------- */

static void expect_focus(Fixture *f) {
    const Json *months = json_get(json_get(f->truth, "totals"), "focus");
    Table *sums =
        rows_of(f, sql_format(f->arena,
                              "SELECT strftime(BillingPeriodStart, '%%Y-%%m'), sum(%R), sum(%R), sum(%R) FROM read_parquet(%S) "
                              "GROUP BY 1 ORDER BY 1",
                              exact(f->arena, "BilledCost"), exact(f->arena, "EffectiveCost"), exact(f->arena, "ListCost"),
                              arena_printf(f->arena, "%s/focus/*/data/*/*.parquet", f->folder)));
    assert_int_equal(sums->row_count, json_count(months));
    for (size_t i = 0; i < sums->row_count; i++) {
        expect_equal("focus billed", table_cell(sums, i, 1), json_get_text(json_at(months, i), "billed_cost"));
        expect_equal("focus effective", table_cell(sums, i, 2), json_get_text(json_at(months, i), "effective_cost"));
        expect_equal("focus list", table_cell(sums, i, 3), json_get_text(json_at(months, i), "list_cost"));
        /* What FOCUS bills is what the report bills, after discounts. */
        const Json *month = json_at(json_get(json_get(f->truth, "totals"), "per_month"), i);
        expect_equal("billed", json_get_text(json_at(months, i), "billed_cost"), json_get_text(month, "net_unblended"));
        expect_equal("effective", json_get_text(json_at(months, i), "effective_cost"), json_get_text(month, "net_amortized"));
    }
}

/* The small results hold the usage of the month, once. */
static void expect_athena(Fixture *f) {
    const char *extract =
        sql_format(f->arena, "SELECT sum(CAST(sum_line_item_unblended_cost AS DOUBLE)) FROM read_csv(%S, all_varchar = true)",
                   arena_printf(f->arena, "%s/athena-results/architecture_extract.csv", f->folder));
    const char *analysis =
        sql_format(f->arena, "SELECT sum(CAST(unblended_cost AS DOUBLE)) FROM read_csv(%S, all_varchar = true)",
                   arena_printf(f->arena, "%s/athena-results/cost_analysis.csv", f->folder));
    double a = atof(table_cell(rows_of(f, extract), 0, 0)), b = atof(table_cell(rows_of(f, analysis), 0, 0));
    assert_true(a > 0 && a - b < 0.001 && b - a < 0.001);
}

static void check_world(long long rows, long long seed, bool csv) {
    Fixture f = make(rows, seed, csv);
    for (size_t i = 0; i < (csv ? sizeof CUR / sizeof *CUR : 1); i++) expect_report(&f, &CUR[i]);
    expect_focus(&f);
    expect_athena(&f);
    drop(&f);
}

/* Seeds 1 to 3 show their discount on lines, not at all, and in net columns. */
static void daily_worlds_are_the_same_bill_in_every_format(void **state) {
    (void)state;
    for (long long seed = 1; seed <= 3; seed++) check_world(20000, seed, true);
    check_world(1500, 4, true);
}

static void an_hourly_world_is_the_same_bill_in_both_formats(void **state) {
    (void)state;
    check_world(300000, 5, false);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(daily_worlds_are_the_same_bill_in_every_format),
        cmocka_unit_test(an_hourly_world_is_the_same_bill_in_both_formats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
