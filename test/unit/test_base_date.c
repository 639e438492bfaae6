#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/date.h"

static void reads_only_days_that_exist(void **state) {
    (void)state;
    Day day = 0;
    assert_true(date_parse("1970-01-01", &day));
    assert_int_equal(day, 0);
    assert_true(date_parse("2024-02-29T00:00:00Z", &day));
    assert_false(date_parse("2023-02-29", &day));
    assert_false(date_parse("2100-02-29", &day));
    assert_true(date_parse("2000-02-29", &day));
    assert_false(date_parse("2023-13-01", &day));
    assert_false(date_parse("2023-00-10", &day));
    assert_false(date_parse("2023-01-00", &day));
    assert_false(date_parse("2023-1-1", &day));
    assert_false(date_parse("20230101", &day));
    assert_true(date_parse("2024-01-011", &day));
    assert_int_equal(day, 19723);
    assert_false(date_parse("", &day));
    assert_false(date_parse("2023-01-", &day));
    assert_false(date_parse("2023-01-+1", &day));
    assert_false(date_parse("-023-01-01", &day));
}

static void a_day_is_the_same_there_and_back(void **state) {
    (void)state;
    Arena *arena = arena_make();
    for (Day day = -200000; day < 200000; day += 13) {
        Day again = 0;
        assert_true(date_from(date_calendar(day), &again));
        assert_int_equal(day, again);
    }
    assert_string_equal(date_text(arena, 0), "1970-01-01");
    assert_string_equal(date_text(arena, -1), "1969-12-31");
    assert_string_equal(date_text(arena, 20726), "2026-09-30");
    arena_free(arena);
}

static void weeks_start_on_monday(void **state) {
    (void)state;
    assert_int_equal(date_weekday(0), 3);
    assert_int_equal(date_weekday(-1), 2);
    assert_int_equal(date_weekday(-3), 0);
    assert_int_equal(date_weekday(-4), 6);
    assert_int_equal(date_week(0, 0), -3);
    assert_int_equal(date_week(-3, 0), -3);
    assert_int_equal(date_week(-4, 1), -3);
}

static void check_move(Arena *arena, Day (*move)(Day, int), const char *from, int offset, const char *expected) {
    Day day = 0;
    assert_true(date_parse(from, &day));
    assert_string_equal(date_text(arena, move(day, offset)), expected);
}

static void periods_move_over_year_ends(void **state) {
    (void)state;
    Arena *arena = arena_make();
    check_move(arena, date_month, "2024-01-31", 0, "2024-01-01");
    check_move(arena, date_month, "2024-01-31", -1, "2023-12-01");
    check_move(arena, date_month, "2024-01-31", 1, "2024-02-01");
    check_move(arena, date_month, "2024-12-31", 1, "2025-01-01");
    check_move(arena, date_month, "2024-05-15", -29, "2021-12-01");
    check_move(arena, date_quarter, "2024-05-15", 0, "2024-04-01");
    check_move(arena, date_quarter, "2024-02-15", -1, "2023-10-01");
    check_move(arena, date_quarter, "2024-12-15", 1, "2025-01-01");
    check_move(arena, date_year, "2024-12-15", -1, "2023-01-01");
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_only_days_that_exist),
        cmocka_unit_test(a_day_is_the_same_there_and_back),
        cmocka_unit_test(weeks_start_on_monday),
        cmocka_unit_test(periods_move_over_year_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
