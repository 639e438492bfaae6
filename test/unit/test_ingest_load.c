/* What an import makes of a bill: exact totals, the formulas of each line item type, what is reported and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "ingest_world.h"

#define GOLDEN TEST_FIXTURES "/golden"

#define LEGACY_HEADER                                                                                                          \
    "bill/PayerAccountId,bill/BillingPeriodStartDate,bill/BillingPeriodEndDate,lineItem/UsageAccountId,lineItem/LineItemType," \
    "lineItem/UsageStartDate,lineItem/UsageEndDate,lineItem/ProductCode,lineItem/UsageType,lineItem/UsageAmount,"              \
    "lineItem/CurrencyCode,lineItem/UnblendedCost"
/* A usage line of March 2026. */
#define LINE(cost)                                                                                                             \
    "011254002932,2026-03-01T00:00:00Z,2026-04-01T00:00:00Z,014498620306,Usage,2026-03-05T10:00:00Z,2026-03-05T11:00:00Z,"     \
    "AmazonEC2,"                                                                                                               \
    "USW2-BoxUsage:m5.large,1,USD," cost

/* --- The golden mini bill: every line item type once ----------------------------------------------------------------------- */

static void check_golden(World *world, const char *file) {
    assert_load(world, file_join(world->arena, GOLDEN, file));
    const char *sums =
        "SELECT count(*) || ' ' || sum(\"BilledCost\")::DECIMAL(18,2) || ' ' || sum(\"x_AmortizedCost\")::DECIMAL(18,2) || ' ' "
        "|| "
        "sum(\"EffectiveCost\")::DECIMAL(18,2) || ' ' || sum(\"x_UnusedCommitmentCost\")::DECIMAL(18,2) || ' ' || "
        "sum(\"x_UpfrontFee\")::DECIMAL(18,2) || ' ' || sum(\"x_AmortizedUpfrontFee\")::DECIMAL(18,2) || ' ' || "
        "sum(\"ConsumedQuantity\")::DECIMAL(18,2) FROM bill";
    assert_value(world, sums, "14 521.00 257.00 257.00 17.00 288.00 24.00 2246.00");
    assert_value(world, "SELECT sum(\"x_CommitmentUsed\") * 100 / sum(\"x_CommitmentTotal\") FROM bill", "84");
    assert_value(world, "SELECT sum(\"x_SplitCost\")::INT || ' ' || sum(\"x_SplitUnusedCost\")::INT FROM bill", "60 12");
    const Json *identity = json_get(json_at(json_get(world->report.facts, "datasets"), 0), "identity");
    assert_string_equal(json_get_text(identity, "residual"), "0");
    assert_value(world, "SELECT \"SubAccountId\" FROM bill LIMIT 1", "011254002932");
    assert_value(
        world,
        "SELECT \"x_CostDriver\" || ' ' || \"RegionId\" || ' ' || \"x_PurchaseOption\" FROM bill WHERE \"ResourceId\" = 'i-a'",
        "m5.large us-west-2 OnDemand");
    assert_value(world, "SELECT string_agg(DISTINCT \"x_PurchaseOption\", ',' ORDER BY \"x_PurchaseOption\") FROM bill",
                 "OnDemand,Reserved,SavingsPlan");
    assert_value(world, "SELECT \"ConsumedQuantity\" FROM bill WHERE \"x_Operation\" = 'EKSPod-EC2'", NULL);
    assert_value(world, "SELECT \"ServiceName\" FROM bill WHERE \"x_BillingEntity\" = 'AWS Marketplace'",
                 "ObserveWell Pro (SaaS)");
    assert_value(world, "SELECT sum(\"EffectiveCost\")::INT FROM bill WHERE \"CommitmentDiscountStatus\" = 'Unused'", "17");
    assert_value(world, "SELECT \"Tags\"['team'] FROM bill WHERE \"ResourceId\" = 'i-b'", "ledger");
    assert_value(world, "SELECT costcategory_owner FROM bill WHERE \"ResourceId\" = 'i-a'", "Finance");
}

static void golden_legacy(void **state) {
    World *world = *state;
    check_golden(world, "legacy.csv");
    /* Keys that differ only in case are two columns. */
    assert_value(world,
                 "SELECT tag_team || ' ' || (SELECT tag_team_2 FROM bill WHERE \"ResourceId\" = 'i-b') FROM bill WHERE "
                 "\"ResourceId\" = 'i-a'",
                 "Ledger ledger");
}

static void golden_cur2(void **state) {
    check_golden(*state, "cur2.csv");
}

/* --- Net columns ------------------------------------------------------------------------------------------------------------ */

static void net_of_a_period_with_values(void **state) {
    World *world = *state;
    put(world, "cur.csv", LEGACY_HEADER ",lineItem/NetUnblendedCost\n" LINE("10") ",9\n" LINE("20") ",0\n" LINE("-1") ",\n");
    assert_load(world, world->folder);
    /* The column counts as a whole: 0 is a full discount, and the discount line is not taken off twice. */
    assert_value(world,
                 "SELECT sum(\"BilledCost\")::INT || ' ' || sum(\"x_UnblendedCost\")::INT || ' ' || "
                 "sum(\"EffectiveCost\")::INT FROM bill",
                 "9 29 9");
}

static void net_column_without_values(void **state) {
    World *world = *state;
    put(world, "cur.csv", LEGACY_HEADER ",lineItem/NetUnblendedCost\n" LINE("10") ",0.0\n" LINE("20") ",\n");
    assert_load(world, world->folder);
    assert_value(world, "SELECT sum(\"BilledCost\")::INT FROM bill", "30");
}

/* --- Text files as they come -------------------------------------------------------------------------------------------------- */

static void ragged_rows_are_left_out_and_told(void **state) {
    World *world = *state;
    put(world, "cur.csv",
        LEGACY_HEADER
        ",lineItem/LineItemDescription\n" LINE("1") ",\"two\nlines\"\n" LINE("2") "\n" LINE("4") ",a,b\n" LINE("8") ",c\n");
    assert_load(world, world->folder);
    assert_value(world, "SELECT sum(\"BilledCost\")::INT FROM bill", "9");
    assert_odd(world, "line 4 (12 fields instead of 13), line 5 (14 fields instead of 13)");
}

static void line_ends_nulls_and_marks(void **state) {
    World *world = *state;
    put(world, "cur.csv",
        "\xef\xbb\xbf" LEGACY_HEADER
        ",resourceTags/user:Team\r\n" LINE("1.4724E-6") ",NULL\r\n" LINE("0.0000018403") ",\"NULL\"\r\n" LINE("1") ",\\N\r\n");
    assert_load(world, world->folder);
    assert_value(world, "SELECT sum(\"BilledCost\")::DECIMAL(18,10) FROM bill", "1.0000033127");
    assert_value(world, "SELECT count(tag_team) || max(tag_team) FROM bill", "1NULL");
}

static void an_amount_that_cannot_be_read(void **state) {
    World *world = *state;
    put(world, "cur.csv", LEGACY_HEADER "\n" LINE("1") "\n" LINE("12,5") "\n" LINE("\"1.234,50\"") "\n");
    Err err = {0};
    assert_false(try_load(world, world->folder, false, &err));
    assert_int_equal(err.kind, ERR_INPUT);
    assert_non_null(strstr(err.message, "line 4: the amount \"1.234,50\" in column lineItem/UnblendedCost"));
}

static void spreadsheet_dates_and_amounts(void **state) {
    World *world = *state;
    put(world, "focus.csv",
        "BilledCost,EffectiveCost,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,ChargeCategory,"
        "ServiceName,BillingCurrency\n"
        "\"$10,100.00 \",\"($1.50)\",4/1/25,5/1/25,4/3/2025 0:00,4/3/2025 1:00,Usage,Compute,USD\n");
    assert_load(world, world->folder);
    assert_value(
        world,
        "SELECT \"BilledCost\"::DECIMAL(18,2) || ' ' || \"EffectiveCost\"::DECIMAL(18,2) || ' ' || \"x_ChargeDate\" FROM bill",
        "10100.00 -1.50 2025-04-03");
    assert_odd(world, "Dates look as a spreadsheet saves them");
}

static void amounts_larger_than_usual(void **state) {
    World *world = *state;
    put(world, "cur.csv", LEGACY_HEADER "\n" LINE("12345678.123456789012") "\n" LINE("0.000000000001") "\n");
    assert_load(world, world->folder);
    assert_value(world, "SELECT sum(\"BilledCost\") FROM bill", "12345678.123456789013");
    put(world, "cur.csv", LEGACY_HEADER "\n" LINE("12345678.5") "\n" LINE("0.25") "\n");
    assert_load(world, world->folder);
    assert_value(world, "SELECT sum(\"BilledCost\")::DECIMAL(18,2) || ' ' || typeof(any_value(\"BilledCost\")) FROM bill",
                 "12345678.75 DECIMAL(18,10)");
}

static void unknown_line_item_types_count(void **state) {
    World *world = *state;
    put(world, "cur.csv",
        LEGACY_HEADER "\n" LINE("1") "\n"
                                     "011254002932,2026-03-01T00:00:00Z,2026-04-01T00:00:00Z,014498620306,NewFee,2026-03-05T10:"
                                     "00:00Z,2026-03-05T11:00:00Z,AmazonEC2,x,1,USD,4\n");
    assert_load(world, world->folder);
    assert_value(world,
                 "SELECT sum(\"BilledCost\")::INT || (SELECT \"ChargeCategory\" FROM bill WHERE \"x_LineItemType\" = 'NewFee') "
                 "FROM bill",
                 "5Adjustment");
    assert_odd(world, "unknown line item type NewFee");
}

static void periods_and_currencies_stay_apart(void **state) {
    World *world = *state;
    put(world, "cur.csv",
        LEGACY_HEADER "\n" LINE("1") "\n"
                                     "011254002932,2026-04-01T00:00:00Z,2026-05-01T00:00:00Z,014498620306,Usage,2026-04-05T10:"
                                     "00:00Z,2026-04-05T11:00:00Z,AmazonEC2,x,1,EUR,4\n");
    assert_load(world, world->folder);
    assert_int_equal(workspace_snapshot_count(world->workspace), 2);
    const Json *totals = json_get(json_at(json_get(world->report.facts, "datasets"), 0), "totals");
    assert_int_equal(json_count(totals), 2);
    assert_string_equal(workspace_snapshot(world->workspace, 1)->period, "2026-04");
}

/* --- FOCUS ------------------------------------------------------------------------------------------------------------------- */

static void focus_tags_of_every_spelling(void **state) {
    World *world = *state;
    put(world, "focus.csv",
        "BilledCost,EffectiveCost,BillingPeriodStart,ChargePeriodStart,ChargeCategory,ServiceName,Tags,x_Own\n"
        "1,1,2026-03-01T00:00:00Z,2026-03-05T00:00:00Z,Usage,A,\"{\"\"Cost-Center\"\": \"\"7\"\"}\",q\n"
        "1,1,2026-03-01T00:00:00Z,2026-03-05T00:00:00Z,Usage,A,\"\"\"Cost-Center\"\": \"\"8\"\"\",q\n"
        "1,1,2026-03-01T00:00:00Z,2026-03-05T00:00:00Z,Usage,A,\"[{\"\"key\"\":\"\"Cost-Center\"\",\"\"value\"\":\"\"9\"\"}]\","
        "q\n"
        "1,1,2026-03-01T00:00:00Z,2026-03-05T00:00:00Z,Usage,A,\"{Cost-Center=10, user:x=y}\",q\n"
        "1,1,2026-03-01T00:00:00Z,2026-03-05T00:00:00Z,Usage,A,no map,q\n");
    assert_load(world, world->folder);
    assert_value(
        world,
        "SELECT string_agg(tag_cost_center, ',' ORDER BY tag_cost_center::INT) || max(tag_x) || max(\"x_Own\") FROM bill",
        "7,8,9,10yq");
    assert_odd(world, "1 lines have text in Tags that is no list of keys and values");
}

/* Formats spell one key differently: months of both share its column. */
static void one_tag_in_two_formats(void **state) {
    World *world = *state;
    put(world, "cur.csv", LEGACY_HEADER ",resourceTags/user:CostCenter,resourceTags/aws:createdBy\n" LINE("1") ",7,Root\n");
    assert_load(world, world->folder);
    Err err = {0};
    assert_true(file_remove(file_join(world->arena, world->folder, "cur.csv"), &err));
    put(world, "focus.csv",
        "BilledCost,EffectiveCost,BillingAccountId,BillingPeriodStart,ChargePeriodStart,ChargeCategory,ServiceName,Tags\n"
        "2,2,011254002932,2026-04-01T00:00:00Z,2026-04-05T00:00:00Z,Usage,A,\"{\"\"user_cost_center\"\": \"\"8\"\", "
        "\"\"aws_created_by\"\": \"\"IAM\"\"}\"\n");
    assert_load(world, world->folder);
    assert_value(world, "SELECT string_agg(tag_costcenter || tag_aws_createdby, ' ' ORDER BY tag_costcenter) FROM bill",
                 "7Root 8IAM");
    assert_value(world, "SELECT count(*) FROM (DESCRIBE bill) WHERE column_name LIKE 'tag%'", "2");
}

/* --- Other tables ------------------------------------------------------------------------------------------------------------ */

static void tables_keep_what_is_printed(void **state) {
    World *world = *state;
    put(world, "sizes.csv",
        "\"account\",\"zone\",\"size_gb\",\"requests\",\"seen\",\"day\",\"flag\",\"code\"\n"
        "\"048213975520\",\"a\",\"900.5\",\"2.1E8\",\"2026-09-01 00:00:00.000\",\"2026-09-01\",\"true\",\"007\"\n"
        "\"316640982157\",,\"0.25\",\"3\",\"2026-09-30 23:00:00.000\",\"2026-09-02\",\"false\",\"12\"\n");
    assert_load(world, world->folder);
    assert_value(world, "SELECT string_agg(column_type, ' ') FROM (DESCRIBE sizes)",
                 "VARCHAR VARCHAR DECIMAL(18,2) DECIMAL(18,0) TIMESTAMP DATE BOOLEAN VARCHAR");
    assert_value(world, "SELECT sum(size_gb) || ' ' || min(account) || ' ' || count(zone) || ' ' || max(requests) FROM sizes",
                 "900.75 048213975520 1 210000000");
}

/* --- The workspace ------------------------------------------------------------------------------------------------------------ */

static void the_same_files_again_cost_nothing(void **state) {
    World *world = *state;
    put(world, "cur.csv", LEGACY_HEADER "\n" LINE("1") "\n");
    assert_load(world, world->folder);
    long long revision = workspace_revision(world->workspace);
    assert_false(world->report.unchanged);
    assert_load(world, world->folder);
    assert_true(world->report.unchanged);
    assert_int_equal(workspace_revision(world->workspace), revision);
    /* A changed file replaces its period as a whole. */
    put(world, "cur.csv", LEGACY_HEADER "\n" LINE("5") "\n" LINE("6") "\n");
    assert_load(world, world->folder);
    assert_int_equal(workspace_revision(world->workspace), revision + 1);
    assert_value(world, "SELECT sum(\"BilledCost\")::INT FROM bill", "11");
}

static void one_bill_is_counted_once(void **state) {
    World *world = *state;
    Err err = {0};
    assert_load(world, GOLDEN "/legacy.csv");
    assert_false(try_load(world, GOLDEN "/cur2.csv", false, &err));
    assert_int_equal(err.kind, ERR_REFUSED);
    assert_string_equal(err.code, "DUPLICATE_BILL");
    reopen(world);
    assert_value(world, "SELECT sum(\"BilledCost\")::INT FROM bill", "521");
    err_clear(&err);
    assert_true(try_load(world, GOLDEN "/cur2.csv", true, &err));
    reopen(world);
    assert_value(world, "SELECT sum(\"BilledCost\")::INT || ' ' || count(*) FROM bill", "521 14");
}

static void the_rollup_adds_up(void **state) {
    World *world = *state;
    Buffer text = {.arena = world->arena};
    buffer_add(&text, LEGACY_HEADER ",lineItem/ResourceId,resourceTags/user:Team\n");
    for (int i = 0; i < 400; i++) buffer_printf(&text, LINE("0.%04d") ",i-%d,team-%d\n", i, i, i % 3);
    put(world, "cur.csv", buffer_text(&text));
    assert_load(world, world->folder);
    assert_value(world,
                 "SELECT count(*) || ' ' || sum(\"x_RowCount\") || ' ' || (sum(\"BilledCost\") = (SELECT sum(\"BilledCost\") "
                 "FROM bill)) FROM bill_day",
                 "3 400 true");
    assert_value(world, "SELECT sum(\"x_RowCount\") FROM bill", "400");
    assert_value(world, "SELECT sum(row_count) || ' ' || count(*) FROM snapshot_0.dictionary WHERE column_name = 'tag_team'",
                 "400 3");
    assert_value(world, "SELECT missing || ' ' || distinct_approx FROM snapshot_0.column_stats WHERE column_name = 'tag_team'",
                 "0 3");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(golden_legacy, make_world, drop_world),
        cmocka_unit_test_setup_teardown(golden_cur2, make_world, drop_world),
        cmocka_unit_test_setup_teardown(net_of_a_period_with_values, make_world, drop_world),
        cmocka_unit_test_setup_teardown(net_column_without_values, make_world, drop_world),
        cmocka_unit_test_setup_teardown(ragged_rows_are_left_out_and_told, make_world, drop_world),
        cmocka_unit_test_setup_teardown(line_ends_nulls_and_marks, make_world, drop_world),
        cmocka_unit_test_setup_teardown(an_amount_that_cannot_be_read, make_world, drop_world),
        cmocka_unit_test_setup_teardown(spreadsheet_dates_and_amounts, make_world, drop_world),
        cmocka_unit_test_setup_teardown(amounts_larger_than_usual, make_world, drop_world),
        cmocka_unit_test_setup_teardown(unknown_line_item_types_count, make_world, drop_world),
        cmocka_unit_test_setup_teardown(periods_and_currencies_stay_apart, make_world, drop_world),
        cmocka_unit_test_setup_teardown(focus_tags_of_every_spelling, make_world, drop_world),
        cmocka_unit_test_setup_teardown(one_tag_in_two_formats, make_world, drop_world),
        cmocka_unit_test_setup_teardown(tables_keep_what_is_printed, make_world, drop_world),
        cmocka_unit_test_setup_teardown(the_same_files_again_cost_nothing, make_world, drop_world),
        cmocka_unit_test_setup_teardown(one_bill_is_counted_once, make_world, drop_world),
        cmocka_unit_test_setup_teardown(the_rollup_adds_up, make_world, drop_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
