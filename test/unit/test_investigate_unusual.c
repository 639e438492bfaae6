/* Series made by hand, with planted spikes, steps, rhythms, growth and gaps: what is found in them, and what is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "investigate/project.h"
#include "investigate/unusual.h"

enum { DAYS = 120, RUNS = 32 };

typedef struct {
    Arena *arena;
    double values[DAYS];
    DailySeries series;
    UnusualRun runs[RUNS];
} Bench;

static int set_up(void **state) {
    Arena *arena = arena_make();
    Bench *bench = arena_alloc(arena, sizeof *bench);
    bench->arena = arena;
    bench->series = (DailySeries){.count = DAYS, .values = bench->values, .least = 10};
    assert_true(date_from((CalendarDate){2026, 6, 1}, &bench->series.first_day)); /* a Monday */
    *state = bench;
    return 0;
}

static int tear_down(void **state) {
    arena_free(((Bench *)*state)->arena);
    return 0;
}

/* Repeatable noise from -1 to 1. */
static double noise(size_t day) {
    unsigned long long x = (day + 1) * 0x9e3779b97f4a7c15ULL;
    x ^= x >> 31;
    x *= 0xbf58476d1ce4e5b9ULL;
    x ^= x >> 27;
    return (double)(x % 2001) / 1000 - 1;
}

static bool is_weekend(size_t day) {
    return day % 7 >= 5;
}

/* 1,000 a day, 700 at weekends, 1 % a week of growth, 2 % of noise. */
static void fill_office(Bench *bench) {
    for (size_t day = 0; day < DAYS; day++)
        bench->values[day] = (is_weekend(day) ? 700 : 1000) * pow(1.01, (double)day / 7) * (1 + 0.02 * noise(day));
}

static size_t find(Bench *bench) {
    return unusual_find(bench->arena, &bench->series, bench->runs, RUNS);
}

static void test_rhythm_growth_and_noise_are_usual(void **state) {
    fill_office(*state);
    assert_int_equal(find(*state), 0);
}

static void test_a_spike_is_found_with_its_size(void **state) {
    Bench *bench = *state;
    fill_office(bench);
    bench->values[60] += 800;
    assert_int_equal(find(bench), 1);
    assert_int_equal(bench->runs[0].first, 60);
    assert_int_equal(bench->runs[0].last, 60);
    assert_false(bench->runs[0].lasting);
    assert_true(fabs(bench->runs[0].excess - 800) < 60);
}

static void test_days_in_a_row_are_one_run(void **state) {
    Bench *bench = *state;
    fill_office(bench);
    bench->values[75] += 400; /* half a day at each end */
    bench->values[76] += 900;
    bench->values[77] += 300;
    assert_int_equal(find(bench), 1);
    assert_int_equal(bench->runs[0].first, 75);
    assert_int_equal(bench->runs[0].last, 77);
    assert_true(fabs(bench->runs[0].excess - 1600) < 120);
}

static void test_a_weekend_at_weekday_cost_is_unusual(void **state) {
    Bench *bench = *state;
    fill_office(bench);
    bench->values[61 + 14] = bench->values[61 + 14 - 1]; /* a Saturday that costs what Friday did */
    bench->values[82] = bench->values[80];
    bench->values[83] = bench->values[80];
    const size_t count = find(bench);
    assert_int_equal(count, 2);
}

static void test_a_step_is_a_new_level_once(void **state) {
    Bench *bench = *state;
    fill_office(bench);
    for (size_t day = 70; day < DAYS; day++) bench->values[day] += 500;
    assert_int_equal(find(bench), 1);
    assert_true(bench->runs[0].lasting);
    assert_int_equal(bench->runs[0].first, 70);
    assert_true(fabs(bench->runs[0].excess / UNUSUAL_LEVEL_DAYS - 500) < 60);
}

static void test_what_starts_is_a_new_level(void **state) {
    Bench *bench = *state;
    for (size_t day = 50; day < DAYS; day++) bench->values[day] = 60 + noise(day);
    assert_int_equal(find(bench), 1);
    assert_true(bench->runs[0].lasting);
    assert_int_equal(bench->runs[0].first, 50);
    assert_true(fabs(bench->runs[0].usual) < 0.01);
}

static void test_what_comes_every_month_is_usual(void **state) {
    Bench *bench = *state;
    fill_office(bench);
    static const size_t firsts[] = {0, 30, 61, 92}; /* of June, July, August, September */
    for (size_t i = 0; i < 4; i++) bench->values[firsts[i]] += 2000;
    assert_int_equal(find(bench), 0);
}

static void test_a_single_month_cannot_tell_what_is_monthly(void **state) {
    Bench *bench = *state;
    for (size_t day = 0; day < DAYS; day++) bench->values[day] = 0;
    bench->values[0] = 500;
    bench->series.count = 30;
    assert_int_equal(find(bench), 0);
    bench->values[0] = 0;
    bench->values[17] = 500;
    assert_int_equal(find(bench), 1);
}

static void test_what_comes_again_and_again_is_usual(void **state) {
    Bench *bench = *state;
    fill_office(bench);
    static const size_t days[] = {20, 33, 41, 58, 72, 79, 95, 110};
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) bench->values[days[i]] += 700;
    assert_int_equal(find(bench), 0);
}

static void test_a_spike_in_the_first_days_is_found(void **state) {
    Bench *bench = *state;
    fill_office(bench);
    bench->values[4] += 900;
    assert_int_equal(find(bench), 1);
    assert_int_equal(bench->runs[0].first, 4);
}

static void test_gaps_of_the_data_are_no_drops(void **state) {
    Bench *bench = *state;
    fill_office(bench);
    for (size_t day = 40; day < 45; day++) bench->values[day] = NAN;
    assert_int_equal(find(bench), 0);
}

static void test_drops_count_but_not_on_the_last_days(void **state) {
    Bench *bench = *state;
    fill_office(bench);
    bench->values[64] = 50;
    bench->values[DAYS - 1] = 300; /* a bill that still grows */
    assert_int_equal(find(bench), 1);
    assert_int_equal(bench->runs[0].first, 64);
    assert_true(bench->runs[0].excess < 0);
}

static void test_a_spike_that_goes_on_is_said_to(void **state) {
    Bench *bench = *state;
    fill_office(bench);
    bench->values[DAYS - 2] += 900;
    bench->values[DAYS - 1] += 900;
    assert_int_equal(find(bench), 1);
    assert_true(bench->runs[0].ongoing);
}

static void test_small_money_is_not_worth_a_look(void **state) {
    Bench *bench = *state;
    for (size_t day = 0; day < DAYS; day++) bench->values[day] = 1;
    bench->values[80] = 9;
    assert_int_equal(find(bench), 0);
}

static void test_short_series_are_not_judged(void **state) {
    Bench *bench = *state;
    fill_office(bench);
    bench->values[10] += 5000;
    bench->series.count = UNUSUAL_DAYS_LEAST - 1;
    assert_int_equal(find(bench), 0);
}

/* --- carried on --- */

static void test_projection_keeps_weekdays_and_growth(void **state) {
    Bench *bench = *state;
    fill_office(bench);
    bench->values[100] += 3000; /* teaches nothing */
    bench->series.count = 105;
    Projection projection;
    size_t trials = 0;
    double real = 0;
    assert_true(project_learn(bench->arena, &bench->series, &projection));
    for (size_t day = 105; day < 119; day++) real += bench->values[day];
    const double sum = project_sum(&projection, 0, 14), margin = project_margin(bench->arena, &projection, 0, 14, &trials);
    assert_true(fabs(sum - real) < 0.03 * real);
    assert_true(fabs(sum - real) < margin);
    assert_true(trials >= PROJECT_TRIALS);
    assert_true(projection.weekday[0] > projection.weekday[6] * 1.3);
    assert_true(projection.slope > 0);
}

static void test_projection_of_few_days_has_a_wide_margin(void **state) {
    Bench *bench = *state;
    fill_office(bench);
    Projection projection;
    size_t trials = 1;
    bench->series.count = 20;
    assert_true(project_learn(bench->arena, &bench->series, &projection));
    assert_true(project_margin(bench->arena, &projection, 0, 10, &trials) >= 0.1 * project_sum(&projection, 0, 10));
    assert_int_equal(trials, 0);
    bench->series.count = PROJECT_DAYS_LEAST - 1;
    assert_false(project_learn(bench->arena, &bench->series, &projection));
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(test_rhythm_growth_and_noise_are_usual),
        CASE(test_a_spike_is_found_with_its_size),
        CASE(test_days_in_a_row_are_one_run),
        CASE(test_a_weekend_at_weekday_cost_is_unusual),
        CASE(test_a_step_is_a_new_level_once),
        CASE(test_what_starts_is_a_new_level),
        CASE(test_what_comes_every_month_is_usual),
        CASE(test_a_single_month_cannot_tell_what_is_monthly),
        CASE(test_what_comes_again_and_again_is_usual),
        CASE(test_a_spike_in_the_first_days_is_found),
        CASE(test_gaps_of_the_data_are_no_drops),
        CASE(test_drops_count_but_not_on_the_last_days),
        CASE(test_a_spike_that_goes_on_is_said_to),
        CASE(test_small_money_is_not_worth_a_look),
        CASE(test_short_series_are_not_judged),
        CASE(test_projection_keeps_weekdays_and_growth),
        CASE(test_projection_of_few_days_has_a_wide_margin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
