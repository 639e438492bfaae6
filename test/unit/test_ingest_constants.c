/* Columns that say the same in every line are kept once, beside the lines; whoever asks sees them in every line. */
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

#define HEADER                                                                                                                 \
    "bill/PayerAccountId,bill/InvoiceId,bill/BillingPeriodStartDate,bill/BillingPeriodEndDate,lineItem/UsageAccountId,"        \
    "lineItem/LineItemType,lineItem/UsageStartDate,lineItem/UsageEndDate,lineItem/ProductCode,lineItem/UsageType,"             \
    "lineItem/UsageAmount,lineItem/CurrencyCode,lineItem/UnblendedCost,lineItem/TaxType,bill/InvoicingEntity,"                 \
    "resourceTags/user:team,resourceTags/user:never\n"

/* More lines than the first look reads. */
enum { LINES = 200 };

/* A month of lines of one payer; line `odd_line` has another payer and another invoicing entity. */
static const char *write_month(Arena *arena, const char *month, const char *next, const char *payer, int odd_line) {
    Buffer text = {.arena = arena};
    buffer_add(&text, HEADER);
    for (int i = 0; i < LINES; i++)
        buffer_printf(&text,
                      "%s,%s,%s-01T00:00:00Z,%s-01T00:00:00Z,11122223333%d,Usage,%s-%02dT10:00:00Z,%s-%02dT11:00:00Z,AmazonEC2,"
                      "BoxUsage:m5.large,1,USD,0.5,%s,%s,ledger,\n",
                      i == odd_line ? "999988887777" : payer, "", month, next, i % 3, month, 1 + i % 28, month, 1 + i % 28,
                      i == 150 ? "\"\"" : "", i == odd_line ? "" : "AWS");
    return buffer_text(&text);
}

static long long stored_columns(World *world, const char *name) {
    const char *count = NULL;
    Err err = {0};
    assert_true(duck_value(world->arena, world->session,
                           arena_printf(world->arena,
                                        "SELECT count(*) FROM duckdb_columns() WHERE database_name LIKE 'snapshot_%%' AND "
                                        "table_name = 'bill' AND column_name = '%s'",
                                        name),
                           &count, &err));
    return atoll(count);
}

static void constants_are_in_every_line(void **state) {
    World *world = *state;
    put(world, "a.csv", write_month(world->arena, "2026-03", "2026-04", "111122223333", -1));
    assert_load(world, world->folder);
    static const char *const constant[] = {"BillingAccountId",  "BillingCurrency",    "ProviderName",
                                           "InvoiceIssuerName", "tag_team",           "tag_never",
                                           "InvoiceId",         "BillingPeriodStart", "BillingPeriodEnd"};
    for (size_t i = 0; i < sizeof constant / sizeof *constant; i++)
        if (stored_columns(world, constant[i]) != 0) fail_msg("%s is stored in every line", constant[i]);
    assert_int_equal(stored_columns(world, "SubAccountId"), 1);
    assert_value(
        world,
        "SELECT count(*) FROM bill WHERE \"BillingAccountId\" = '111122223333' AND \"BillingCurrency\" = 'USD' AND "
        "\"ProviderName\" = 'AWS' AND \"InvoiceIssuerName\" = 'AWS' AND tag_team = 'ledger' AND tag_never IS NULL AND "
        "\"InvoiceId\" IS NULL AND \"BillingPeriodStart\" = TIMESTAMP '2026-03-01' AND \"BillingPeriodEnd\" = TIMESTAMP "
        "'2026-04-01' AND \"Tags\"['team'] = 'ledger'",
        "200");
    assert_value(world, "SELECT sum(\"x_RowCount\") FROM bill_day WHERE tag_team = 'ledger' AND \"BillingCurrency\" = 'USD'",
                 "200");
    /* The dictionary has them as if they were stored. */
    assert_value(world,
                 "SELECT row_count || ' ' || cost::DECIMAL(18,2) FROM snapshot_0.dictionary WHERE column_name = 'tag_team'",
                 "200 100.00");
    assert_value(world, "SELECT missing FROM snapshot_0.column_stats WHERE column_name = 'InvoiceId'", "200");
    assert_value(world, "SELECT missing FROM snapshot_0.column_stats WHERE column_name = 'BillingCurrency'", "0");
}

static void one_other_line_far_behind_counts(void **state) {
    World *world = *state;
    put(world, "a.csv", write_month(world->arena, "2026-03", "2026-04", "111122223333", 180));
    assert_load(world, world->folder);
    assert_int_equal(stored_columns(world, "BillingAccountId"), 1);
    assert_int_equal(stored_columns(world, "InvoiceIssuerName"), 1);
    assert_value(world, "SELECT count(*) FROM bill WHERE \"BillingAccountId\" = '999988887777'", "1");
    assert_value(world, "SELECT count(*) FROM bill WHERE \"InvoiceIssuerName\" IS NULL", "1");
    assert_value(world, "SELECT count(*) FROM bill WHERE \"InvoiceIssuerName\" = 'AWS'", "199");
}

static void months_have_constants_of_their_own(void **state) {
    World *world = *state;
    put(world, "march.csv", write_month(world->arena, "2026-03", "2026-04", "111122223333", -1));
    put(world, "april.csv", write_month(world->arena, "2026-04", "2026-05", "444455556666", 70));
    assert_load(world, file_join(world->arena, world->folder, "march.csv"));
    assert_load(world, file_join(world->arena, world->folder, "april.csv"));
    assert_value(world,
                 "SELECT string_agg(\"BillingAccountId\" || ' ' || n, ', ' ORDER BY \"BillingAccountId\") FROM (SELECT "
                 "\"BillingAccountId\", count(*) AS n FROM bill GROUP BY 1)",
                 "111122223333 200, 444455556666 199, 999988887777 1");
    assert_value(world, "SELECT sum(\"x_RowCount\") FROM bill_day WHERE \"BillingPeriodStart\" = TIMESTAMP '2026-04-01'",
                 "200");
}

/* Both costs come from one column where the bill has no net costs: they are stored once. */
static void repeated_amounts_are_stored_once(void **state) {
    World *world = *state;
    put(world, "a.csv", write_month(world->arena, "2026-03", "2026-04", "111122223333", -1));
    assert_load(world, world->folder);
    assert_int_equal(stored_columns(world, "BilledCost") + stored_columns(world, "x_UnblendedCost"), 1);
    assert_value(world, "SELECT sum(\"BilledCost\")::DECIMAL(18,2) || ' ' || sum(\"x_UnblendedCost\")::DECIMAL(18,2) FROM bill",
                 "100.00 100.00");
    assert_value(world,
                 "SELECT sum(\"BilledCost\")::DECIMAL(18,2) || ' ' || sum(\"x_UnblendedCost\")::DECIMAL(18,2) FROM bill_day",
                 "100.00 100.00");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(constants_are_in_every_line, make_world, drop_world),
        cmocka_unit_test_setup_teardown(one_other_line_far_behind_counts, make_world, drop_world),
        cmocka_unit_test_setup_teardown(months_have_constants_of_their_own, make_world, drop_world),
        cmocka_unit_test_setup_teardown(repeated_amounts_are_stored_once, make_world, drop_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
