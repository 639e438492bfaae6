/* Periods in words against 12 October 2026, as plans hold them: [start, end). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "catalog_fixture.h"
#include "question/understand.h"

typedef struct {
    Arena *arena;
    Catalog *catalog;
    Lexicon *lexicon;
} Fixture;

static int set_up(void **state) {
    static Fixture fixture;
    Err err = {0};
    fixture.arena = arena_make();
    fixture.catalog = fixture_bill(fixture.arena);
    assert_true(lexicon_build(fixture.arena, fixture.catalog, &fixture.lexicon, &err));
    *state = &fixture;
    return 0;
}

static int tear_down(void **state) {
    Fixture *fixture = *state;
    arena_free(fixture->arena);
    return 0;
}

static const char *period_text(Arena *arena, const PlanTime *time) {
    if (time->start == DAY_NONE)
        return time->end == DAY_NONE ? "all" : arena_printf(arena, "..%s", date_text(arena, time->end));
    return arena_printf(arena, "%s..%s", date_text(arena, time->start), date_text(arena, time->end));
}

/* The period of a plan, or "code" of a decline, or "a | b" of a comparison. */
static const char *period_of(Fixture *fixture, Arena *arena, const char *question) {
    Reading reading;
    Err err = {0};
    assert_true(question_understand(arena, NULL, fixture->lexicon, question, fixture->catalog->as_of, NULL, &reading, &err));
    if (reading.status != READING_PLAN) return arena_printf(arena, "%s: %s", reading.code, reading.message);
    const Plan *plan = reading.plan;
    if (plan->compare.kind != COMPARE_PERIODS) return period_text(arena, &plan->time);
    return arena_printf(arena, "%s | %s", period_text(arena, &plan->compare.a), period_text(arena, &plan->compare.b));
}

static const struct {
    const char *words, *period;
} PERIODS[] = {
    {"cost", "all"},
    {"cost last month", "2026-09-01..2026-10-01"},
    {"cost in the previous month", "2026-09-01..2026-10-01"},
    {"cost in the last complete month", "2026-09-01..2026-10-01"},
    {"cost this month", "2026-10-01..2026-10-13"},
    {"cost so far this month", "2026-10-01..2026-10-13"},
    {"month to date cost", "2026-10-01..2026-10-13"},
    {"mtd cost", "2026-10-01..2026-10-13"},
    {"cost today", "2026-10-12..2026-10-13"},
    {"cost yesterday", "2026-10-11..2026-10-12"},
    {"cost of the last 7 days", "2026-10-06..2026-10-13"},
    {"cost over the past thirty days", "2026-09-13..2026-10-13"},
    {"cost of the past 30 days", "2026-09-13..2026-10-13"},
    {"cost last week", "2026-10-05..2026-10-12"},
    {"cost in the last two weeks", "2026-09-28..2026-10-12"},
    {"cost in the last 3 months", "2026-07-01..2026-10-01"},
    {"cost last quarter", "2026-07-01..2026-10-01"},
    {"cost this quarter", "2026-10-01..2026-10-13"},
    {"cost this year", "2026-01-01..2026-10-13"},
    {"cost in September", "2026-09-01..2026-10-01"},
    {"cost in sept 2026", "2026-09-01..2026-10-01"},
    {"cost for the month of August", "2026-08-01..2026-09-01"},
    {"cost in 2026-08", "2026-08-01..2026-09-01"},
    {"cost in 8/2026", "2026-08-01..2026-09-01"},
    {"cost in november", "2025-11-01..2025-12-01"},
    {"cost in Q3", "2026-07-01..2026-10-01"},
    {"cost in the third quarter of 2026", "2026-07-01..2026-10-01"},
    {"cost in 2026 Q3", "2026-07-01..2026-10-01"},
    {"cost in H2 2026", "2026-07-01..2027-01-01"},
    {"cost in 2026", "2026-01-01..2027-01-01"},
    {"cost on 15 September", "2026-09-15..2026-09-16"},
    {"cost on September 15th, 2026", "2026-09-15..2026-09-16"},
    {"cost on 2026-09-15", "2026-09-15..2026-09-16"},
    {"cost September 1-15", "2026-09-01..2026-09-16"},
    {"cost between September 10 and September 20", "2026-09-10..2026-09-21"},
    {"cost from July to August", "2026-07-01..2026-09-01"},
    {"cost from 2026-09-01 to 2026-09-10", "2026-09-01..2026-09-11"},
    {"cost in July and August", "2026-07-01..2026-09-01"},
    {"cost since September", "2026-09-01..2026-11-01"},
    {"cost before August", "2026-07-01..2026-08-01"},
    {"cost until August", "2026-07-01..2026-08-01"},
    {"cost through August", "2026-07-01..2026-09-01"},
    {"cost after August", "2026-09-01..2026-11-01"},
    {"cost in the week of 9 September", "2026-09-07..2026-09-14"},
    {"cost 2 months ago", "2026-08-01..2026-09-01"},
    {"this month vs last month", "2026-10-01..2026-10-13 | 2026-09-01..2026-09-13"},
    {"this month so far against the same days of last month", "2026-10-01..2026-10-13 | 2026-09-01..2026-09-13"},
    {"August vs September", "2026-09-01..2026-10-01 | 2026-08-01..2026-09-01"},
    {"last month vs the month before", "2026-09-01..2026-10-01 | 2026-08-01..2026-09-01"},
    {"last week compared to the week before", "2026-10-05..2026-10-12 | 2026-09-28..2026-10-05"},
    {"how much did cost increase from July to September", "2026-09-01..2026-10-01 | 2026-07-01..2026-08-01"},
    {"month over month change", "2026-09-01..2026-10-01 | 2026-08-01..2026-09-01"},
    {"did cost go up in September", "2026-09-01..2026-10-01 | 2026-08-01..2026-09-01"},
    {"cost on 2026-02-30", "OUT_OF_RANGE: There is no such day"},
    {"cost from August to July", "OUT_OF_RANGE: The period \"August to July\" ends before it starts."},
    {"cost for the last 999999999 days", "OUT_OF_RANGE: "},
    {"cost in Q5", "OUT_OF_RANGE: There is no such quarter"},
    {"cost next month", "2026-11-01..2026-12-01"},
    {"forecast for the next 3 months", "2026-11-01..2027-02-01"},
    {"forecast for the rest of this month", "2026-10-01..2026-11-01"},
    {"what will we pay by the end of the year", "2026-01-01..2027-01-01"},
    {"what will we pay this quarter", "2026-10-01..2027-01-01"},
    {"what will we pay in December", "2026-12-01..2027-01-01"},
    {"forecast for the next 0 months", "OUT_OF_RANGE: "},
};

static void test_periods(void **state) {
    Fixture *fixture = *state;
    for (size_t i = 0; i < sizeof PERIODS / sizeof *PERIODS; i++) {
        Arena *arena = arena_make();
        const char *period = period_of(fixture, arena, PERIODS[i].words);
        bool same =
            strchr(PERIODS[i].period, ':') ? text_starts(period, PERIODS[i].period) : text_equal(period, PERIODS[i].period);
        if (!same) print_error("%s: %s, not %s\n", PERIODS[i].words, period, PERIODS[i].period);
        assert_true(same);
        arena_free(arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_periods)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
