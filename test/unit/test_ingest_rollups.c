/* The rollups of all periods in one file: they add up to the lines, by day and by month, and follow every load. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/text.h"
#include "ingest_world.h"

#define HEADER                                                                                                                 \
    "bill/PayerAccountId,bill/BillingPeriodStartDate,bill/BillingPeriodEndDate,lineItem/UsageAccountId,lineItem/LineItemType," \
    "lineItem/UsageStartDate,lineItem/UsageEndDate,lineItem/ProductCode,lineItem/UsageType,lineItem/UsageAmount,"              \
    "lineItem/CurrencyCode,lineItem/UnblendedCost\n"

enum { DAYS = 28 };

/* Three lines a day of each of `meters` usage types; the first of the month is dearer. */
static const char *write_month(Arena *arena, const char *month, const char *next, int meters, const char *cost) {
    Buffer text = {.arena = arena};
    buffer_add(&text, HEADER);
    for (int day = 1; day <= DAYS; day++)
        for (int i = 0; i < meters * 3; i++)
            buffer_printf(&text,
                          "111122223333,%s-01T00:00:00Z,%s-01T00:00:00Z,444455556666,Usage,%s-%02dT%02d:00:00Z,"
                          "%s-%02dT%02d:59:59Z,AmazonEC2,BoxUsage:m%d.large,1,USD,%s\n",
                          month, next, month, day, i % 3, month, day, i % 3, i / 3, day == 1 ? "7.5" : cost);
    return buffer_text(&text);
}

static const char *manifest_file(World *world) {
    const Rollups *rollups = workspace_rollups(world->workspace);
    return rollups->path ? rollups->path : "";
}

static void one_short_period_needs_no_file(void **state) {
    World *world = *state;
    put(world, "a.csv", write_month(world->arena, "2026-03", "2026-04", 2, "1"));
    assert_load(world, world->folder);
    assert_string_equal(manifest_file(world), "");
    assert_value(world, "SELECT sum(\"x_RowCount\") FROM bill_day", "168");
}

static void periods_are_joined_and_follow_every_load(void **state) {
    World *world = *state;
    put(world, "march.csv", write_month(world->arena, "2026-03", "2026-04", 2, "1"));
    put(world, "april.csv", write_month(world->arena, "2026-04", "2026-05", 2, "2"));
    assert_load(world, file_join(world->arena, world->folder, "march.csv"));
    assert_load(world, file_join(world->arena, world->folder, "april.csv"));
    const char *first = manifest_file(world);
    assert_true(*first && file_info(first).kind == FILE_REGULAR);
    /* 2 meters x 28 days a month; 6 lines a day of 1 and 2 dollars, of 7.5 on the first. */
    assert_value(world,
                 "SELECT count(*) || ' ' || sum(\"x_RowCount\") || ' ' || sum(\"BilledCost\")::DECIMAL(18,2) FROM bill_day",
                 "112 336 576.00");
    assert_value(world, "SELECT count(*) FROM duckdb_views() WHERE view_name = 'bill_month'", "0");
    put(world, "april.csv", write_month(world->arena, "2026-04", "2026-05", 2, "3"));
    assert_load(world, file_join(world->arena, world->folder, "april.csv"));
    assert_string_not_equal(manifest_file(world), first);
    assert_value(world, "SELECT sum(\"BilledCost\")::DECIMAL(18,2) FROM bill_day", "738.00");
    /* A reader of the manifest before still finds its file; the load after removes it. */
    assert_int_equal(file_info(first).kind, FILE_REGULAR);
    put(world, "march.csv", write_month(world->arena, "2026-03", "2026-04", 2, "4"));
    assert_load(world, file_join(world->arena, world->folder, "march.csv"));
    assert_int_equal(file_info(first).kind, FILE_MISSING);
}

static void long_bills_have_months(void **state) {
    World *world = *state;
    const int meters = (int)(ROLLUP_MONTH_ROWS / DAYS) + 1;
    put(world, "a.csv", write_month(world->arena, "2026-03", "2026-04", meters, "0.25"));
    assert_load(world, world->folder);
    const char *sums = "SELECT sum(\"x_RowCount\") || ' ' || sum(\"BilledCost\")::DECIMAL(18,2) || ' ' || count(DISTINCT "
                       "\"x_UsageType\") FROM ";
    const char *expected = NULL;
    Err err = {0};
    assert_true(duck_value(world->arena, world->session, arena_printf(world->arena, "%sbill", sums), &expected, &err));
    assert_value(world, arena_printf(world->arena, "%sbill_day", sums), expected);
    assert_value(world, arena_printf(world->arena, "%sbill_month", sums), expected);
    assert_value(world, "SELECT count(*) || ' ' || min(\"x_ChargeDate\") || ' ' || max(\"x_ChargeDate\") FROM bill_month",
                 arena_printf(world->arena, "%d 2026-03-01 2026-03-01", meters));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_short_period_needs_no_file, make_world, drop_world),
        cmocka_unit_test_setup_teardown(periods_are_joined_and_follow_every_load, make_world, drop_world),
        cmocka_unit_test_setup_teardown(long_bills_have_months, make_world, drop_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
