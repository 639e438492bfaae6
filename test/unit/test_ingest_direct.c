/* A bill that is asked in place gives what the imported one gives: every line, every column, every group of the rollup. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/sql.h"
#include "base/text.h"
#include "ingest_world.h"

static void load_both(World *world, const char *path, World *in_place) {
    Err err = {0};
    assert_load(world, path);
    *in_place = *world;
    in_place->workspace_folder = file_join(world->arena, file_folder(world->arena, world->folder), "in-place");
    LoadRequest request = {.paths = &path,
                           .path_count = 1,
                           .workspace_folder = in_place->workspace_folder,
                           .replace = true,
                           .direct = true,
                           .threads = 1};
    if (!load_run(world->arena, &request, &in_place->report, &err)) fail_msg("%s", err.message);
    reopen(in_place);
}

static const char *value_of(World *world, const char *sql) {
    const char *value = NULL;
    Err err = {0};
    if (!duck_value(world->arena, world->session, sql, &value, &err)) fail_msg("%s\n%s", err.message, sql);
    return value ? value : "";
}

/* All rows of a relation as one text. Types of amounts may differ, their values must not. */
static const char *all_rows(World *world, World *columns_of, const char *relation) {
    Table *columns = NULL;
    Err err = {0};
    const char *describe = sql_format(world->arena, "SELECT column_name, column_type FROM (DESCRIBE %I)", relation);
    assert_true(duck_rows(world->arena, columns_of->session, describe, &columns, &err));
    Sql *list = sql_make(world->arena);
    for (size_t i = 0; i < columns->row_count; i++) {
        const char *name = table_cell(columns, i, 0), *type = table_cell(columns, i, 1);
        sql_add(list, i ? " || '|' || " : "");
        sql_add(list,
                text_starts(type, "DECIMAL(") ? "coalesce(CAST(CAST(%I AS DECIMAL(38, 12)) AS VARCHAR), '-')"
                                              : "coalesce(CAST(%I AS VARCHAR), '-')",
                name);
    }
    return value_of(
        world, sql_format(world->arena,
                          "SELECT count(*) || ' ' || string_agg(line, chr(10) ORDER BY line) FROM (SELECT %R AS line FROM %I)",
                          sql_text(list), relation));
}

/* Sums by what most questions group by. */
static const char *all_groups(World *world, const char *relation) {
    return value_of(
        world,
        sql_format(
            world->arena,
            "SELECT string_agg(line, chr(10) ORDER BY line) FROM (SELECT concat_ws('|', \"x_ChargeDate\", \"ServiceName\", "
            "\"SubAccountId\", \"RegionId\", \"x_CostDriver\", \"ChargeCategory\", \"BillingCurrency\", sum(\"x_RowCount\"), "
            "CAST(sum(\"BilledCost\") AS DECIMAL(38, 12)), CAST(sum(\"EffectiveCost\") AS DECIMAL(38, 12))) AS line FROM %I "
            "GROUP BY \"x_ChargeDate\", \"ServiceName\", \"SubAccountId\", \"RegionId\", \"x_CostDriver\", "
            "\"ChargeCategory\", \"BillingCurrency\")",
            relation));
}

static void compare(World *world, const char *path) {
    World in_place;
    load_both(world, path, &in_place);
    const char *imported = all_rows(world, world, "bill"), *direct = all_rows(&in_place, world, "bill");
    if (!text_equal(imported, direct)) fail_msg("%s\n--- imported\n%.3000s\n--- in place\n%.3000s", path, imported, direct);
    const char *lines = all_groups(world, "bill"), *days = all_groups(&in_place, "bill_day");
    if (!text_equal(lines, days)) fail_msg("%s\n--- lines\n%.3000s\n--- rollup in place\n%.3000s", path, lines, days);
    /* The imported bill has a snapshot per period, the other one for all. */
    static const char *const latest[] = {"as_of", "data_through", "last_day"};
    for (size_t i = 0; i < sizeof latest / sizeof *latest; i++) {
        const char *expected = "";
        for (size_t j = 0; j < workspace_snapshot_count(world->workspace); j++) {
            const char *text = json_get_text(workspace_snapshot(world->workspace, j)->facts, latest[i]);
            if (strcmp(text, expected) > 0) expected = text;
        }
        assert_string_equal(json_get_text(workspace_snapshot(in_place.workspace, 0)->facts, latest[i]), expected);
    }
}

static void legacy_reports(void **state) {
    World *world = *state;
    compare(world, file_join(world->arena, TEST_FIXTURES, "golden/legacy.csv"));
}

/* Maps in text: all lines are probed. */
static void cur2_with_maps(void **state) {
    World *world = *state;
    compare(world, file_join(world->arena, TEST_FIXTURES, "golden/cur2.csv"));
}

static void plain_bills(void **state) {
    World *world = *state;
    compare(world, file_join(world->arena, TEST_FIXTURES, "cli/bill.csv"));
}

static void two_currencies(void **state) {
    World *world = *state;
    compare(world, file_join(world->arena, TEST_FIXTURES, "cli/two-currencies.csv"));
}

/* What the first lines do not show: another kind of line, an amount that needs more digits. */
static void surprises_far_behind(void **state) {
    World *world = *state;
    Buffer text = {.arena = world->arena};
    buffer_add(&text, "bill/PayerAccountId,bill/BillingPeriodStartDate,bill/BillingPeriodEndDate,lineItem/UsageAccountId,"
                      "lineItem/LineItemType,lineItem/UsageStartDate,lineItem/UsageEndDate,lineItem/ProductCode,"
                      "lineItem/UsageType,lineItem/UsageAmount,lineItem/CurrencyCode,lineItem/UnblendedCost,"
                      "savingsPlan/SavingsPlanEffectiveCost\n");
    for (int i = 0; i < 25000; i++) {
        bool last = i == 24990;
        buffer_printf(&text,
                      "111122223333,2026-03-01T00:00:00Z,2026-04-01T00:00:00Z,44445555666%d,%s,2026-03-%02dT10:00:00Z,"
                      "2026-03-%02dT11:00:00Z,AmazonEC2,BoxUsage:m%d.large,%s,USD,%s,%s\n",
                      i % 3, last ? "SavingsPlanCoveredUsage" : "Usage", 1 + i % 28, 1 + i % 28, last ? 99 : i % 5,
                      last ? "12345678901" : "1", last ? "2500000.25" : "0.125", last ? "0.0625" : "");
    }
    put(world, "late.csv", buffer_text(&text));
    compare(world, file_join(world->arena, world->folder, "late.csv"));
}

static void lines_stay_in_their_files(void **state) {
    World *world = *state, in_place;
    load_both(world, file_join(world->arena, TEST_FIXTURES, "golden/legacy.csv"), &in_place);
    assert_string_equal(value_of(&in_place, "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'bill'"), "0");
    assert_string_equal(value_of(world, "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'bill'"), "1");
    /* The files stay readable when the engine is locked; others do not. */
    Err err = {0};
    Table *table = NULL;
    assert_true(duck_lock(in_place.session, &err));
    assert_string_equal(value_of(&in_place, "SELECT count(*) FROM bill"), "14");
    assert_false(duck_rows(in_place.arena, in_place.session, "SELECT * FROM read_csv('" TEST_FIXTURES "/golden/cur2.csv')",
                           &table, &err));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(legacy_reports, make_world, drop_world),
        cmocka_unit_test_setup_teardown(cur2_with_maps, make_world, drop_world),
        cmocka_unit_test_setup_teardown(plain_bills, make_world, drop_world),
        cmocka_unit_test_setup_teardown(two_currencies, make_world, drop_world),
        cmocka_unit_test_setup_teardown(surprises_far_behind, make_world, drop_world),
        cmocka_unit_test_setup_teardown(lines_stay_in_their_files, make_world, drop_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
