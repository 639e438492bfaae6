/* Deliveries that are imported at the same time: all are there, names do not depend on who is first, the first failure is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>

#include "ingest/tags.h"
#include "ingest_world.h"

#define HEADER                                                                                                                 \
    "bill/PayerAccountId,bill/BillingPeriodStartDate,lineItem/UsageAccountId,lineItem/LineItemType,lineItem/UsageStartDate,"   \
    "lineItem/UsageEndDate,lineItem/ProductCode,lineItem/UsageType,lineItem/UnblendedCost,lineItem/CurrencyCode,"              \
    "resourceTags/user:%s\n"
#define LINE                                                                                                                   \
    "111111111111,2026-%02d-01T00:00:00Z,111111111111,Usage,2026-%02d-02T00:00:00Z,2026-%02d-02T01:00:00Z,AmazonEC2,"          \
    "BoxUsage:t3.micro,%s,USD,blue\n"

/* One month of an export in a folder of its own, with `cost` as its only line's. */
static void put_month(World *world, int month, const char *tag, const char *cost) {
    Err err = {0};
    const char *folder = arena_printf(world->arena, "2026%02d01-2026%02d01", month, month + 1);
    assert_true(file_make_folder(file_join(world->arena, world->folder, folder), &err));
    Buffer text = {.arena = world->arena};
    buffer_printf(&text, HEADER, tag);
    buffer_printf(&text, LINE, month, month, month, cost);
    put(world, file_join(world->arena, folder, "report-1.csv"), buffer_text(&text));
}

static void every_delivery_is_there(void **state) {
    World *world = *state;
    for (int month = 1; month <= 9; month++)
        put_month(world, month, month % 2 ? "Team" : "team", arena_printf(world->arena, "%d.25", month));
    assert_load(world, world->folder);
    assert_int_equal(workspace_snapshot_count(world->workspace), 9);
    for (size_t i = 0; i < 9; i++)
        assert_string_equal(workspace_snapshot(world->workspace, i)->period, arena_printf(world->arena, "2026-%02zu", i + 1));
    /* 1 + 2 + … + 9 = 45, and nine quarters. */
    assert_value(world, "SELECT CAST(sum(\"BilledCost\") AS DECIMAL(18, 2)) FROM bill", "47.25");
    assert_value(world, "SELECT count(*) FROM bill WHERE tag_team = 'blue'", "9");
    assert_true(try_load(world, world->folder, false, &(Err){0}));
    assert_true(world->report.unchanged);
}

static void the_first_failure_is_told(void **state) {
    World *world = *state;
    Err err = {0};
    put_month(world, 1, "Team", "1");
    assert_load(world, world->folder);
    for (int month = 2; month <= 8; month++) put_month(world, month, "Team", month >= 3 ? "many" : "2");
    assert_false(try_load(world, world->folder, false, &err));
    assert_int_equal(err.kind, ERR_INPUT);
    assert_non_null(strstr(err.message, "20260301-20260401"));
    /* What was there is there still, and nothing else. */
    reopen(world);
    assert_value(world, "SELECT CAST(sum(\"BilledCost\") AS DECIMAL(18, 2)) FROM bill", "1.00");
    const char **names = NULL;
    size_t count = 0;
    assert_true(file_list(world->arena, file_join(world->arena, world->workspace_folder, "snapshots"), &names, &count, &err));
    assert_int_equal(count, 1);
}

typedef struct {
    TagNames *names;
    size_t number, *order, *count;
} Turn;

static void *take_turn(void *context) {
    Turn *turn = context;
    tag_names_enter(turn->names, turn->number);
    turn->order[(*turn->count)++] = turn->number;
    tag_names_leave(turn->names, turn->number);
    return NULL;
}

/* Later deliveries come first and wait; one that comes again does not. */
static void names_are_given_in_order(void **state) {
    (void)state;
    enum { TURNS = 4 };
    Arena *arena = arena_make();
    size_t order[TURNS + 1] = {0}, count = 0;
    Turn turns[TURNS];
    pthread_t threads[TURNS];
    TagNames *names = tag_names_make(arena);
    for (size_t i = 0; i < TURNS; i++) {
        turns[i] = (Turn){names, TURNS - 1 - i, order, &count};
        assert_int_equal(pthread_create(&threads[i], NULL, take_turn, &turns[i]), 0);
    }
    for (size_t i = 0; i < TURNS; i++) pthread_join(threads[i], NULL);
    for (size_t i = 0; i < TURNS; i++) assert_int_equal(order[i], i);
    take_turn(&turns[TURNS - 1]);
    assert_int_equal(count, TURNS + 1);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_delivery_is_there, make_world, drop_world),
        cmocka_unit_test_setup_teardown(the_first_failure_is_told, make_world, drop_world),
        cmocka_unit_test(names_are_given_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
