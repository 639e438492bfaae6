/* Questions for things side by side, for commitments, and for parts of months, as the paraphrase of their plan. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <time.h>

#include "catalog_fixture.h"
#include "question/understand.h"

typedef struct {
    const char *question, *meaning; /* of a decline: its code */
} Case;

static const Case CASES[] = {
    {"average EC2 cost of a weekend day compared with a weekday in September",
     "Average billed cost per day on weekdays and on weekends, September 2026, service Amazon Elastic Compute Cloud"},
    {"average daily cost on weekends vs weekdays in September",
     "Average billed cost per day on weekdays and on weekends, September 2026"},
    {"compare the average cost on weekdays and weekends in September",
     "Average billed cost per day on weekdays and on weekends, September 2026"},
    {"average cost per day, weekdays versus weekends, September",
     "Average billed cost per day on weekdays and on weekends, September 2026"},
    {"what is the average daily cost of weekdays compared with weekends in September",
     "Average billed cost per day on weekdays and on weekends, September 2026"},
    {"median cost on weekdays vs weekends", "UNSUPPORTED_SHAPE"},
    {"how much does the effective cost of each closed month differ from what was billed",
     "Effective cost and billed cost per month, Q3 2026"},
    {"effective cost per month, how does it differ from billed cost",
     "Effective cost and billed cost per month, all loaded data (2026-07-01 to 2026-10-31)"},
    {"by how much does effective cost differ from list cost per month",
     "Effective cost and list cost per month, all loaded data (2026-07-01 to 2026-10-31)"},
    {"how does amortized cost differ from list price by closed month", "Effective cost and list cost per month, Q3 2026"},
    {"how much does list cost differ from billed cost",
     "List cost and billed cost, all loaded data (2026-07-01 to 2026-10-31)"},
    {"billed cost by closed month", "Billed cost per month, Q3 2026"},
    {"split our September NAT gateway cost into hours and data processing",
     "Billed cost of NAT gateway hours against NAT gateway data processing, September 2026"},
    {"split NAT gateway cost into hours and bytes",
     "Billed cost of NAT gateway hours against NAT gateway data processing, all loaded data (2026-07-01 to 2026-10-31)"},
    {"break NAT gateway cost into hours and data processing by month",
     "Billed cost of NAT gateway hours against NAT gateway data processing per month, all loaded data (2026-07-01 to "
     "2026-10-31)"},
    {"NAT gateway cost split into hours and data processing in September",
     "Billed cost of NAT gateway hours against NAT gateway data processing, September 2026"},
    {"divide the NAT gateway spend into hours and bytes",
     "Billed cost of NAT gateway hours against NAT gateway data processing, all loaded data (2026-07-01 to 2026-10-31)"},
    {"EC2 cost in the first week of September", "Billed cost, 2026-09-01 to 2026-09-07, service Amazon Elastic Compute Cloud"},
    {"cost of the last week of September", "Billed cost, 2026-09-24 to 2026-09-30"},
    {"cost in the first 10 days of September", "Billed cost, 2026-09-01 to 2026-09-10"},
    {"daily cost in the second half of September", "Billed cost per day, 2026-09-16 to 2026-09-30"},
    {"cost by service in the last 5 days of August", "Billed cost by service, 2026-08-27 to 2026-08-31"},
    {"cost last Monday", "Billed cost, 5 October 2026"},
    {"cost in July and September", "Billed cost, September 2026 compared with July 2026"},
    {"S3 cost in July and in September",
     "Billed cost, September 2026 compared with July 2026, service Amazon Simple Storage Service"},
    {"cost by service in July and September", "Billed cost by service, September 2026 compared with July 2026"},
    {"how much did we spend in July and September", "Billed cost, September 2026 compared with July 2026"},
    {"amortized cost in July and September", "Effective cost, September 2026 compared with July 2026"},
    {"cost in July and September together", "UNSUPPORTED_SHAPE"},
    {"how many accounts in July and September", "UNSUPPORTED_SHAPE"},
    {"what percentage of EC2 instance hours in September ran under a reserved instance or a savings plan? Leave out spot.",
     "Share of consumed quantity that is usage covered by commitments, September 2026, EC2 instances, not spot"},
    {"what share of EC2 instance hours was covered by reserved instances",
     "Share of consumed quantity that is usage covered by reserved instances, all loaded data (2026-07-01 to 2026-10-31), EC2 "
     "instances, not spot"},
    {"of the on-demand value of our EC2 instance hours in August, what percentage was covered by savings plans?",
     "Share of list cost that is usage covered by savings plans, August 2026, EC2 instances, not spot"},
    {"what percentage of EC2 instance hours ran under a savings plan",
     "Share of consumed quantity that is usage covered by savings plans, all loaded data (2026-07-01 to 2026-10-31), EC2 "
     "instances, not spot"},
    {"RI coverage of EC2 instance hours leaving out spot",
     "Reserved instance coverage in hours, all loaded data (2026-07-01 to 2026-10-31), not spot"},
    {"RI utilization in hours", "Reserved instance utilization in hours, all loaded data (2026-07-01 to 2026-10-31)"},
    {"reserved instance utilization by reserved hours per month",
     "Reserved instance utilization in hours per month, all loaded data (2026-07-01 to 2026-10-31)"},
    {"how much did our savings plans save in September? On-demand value of the covered usage minus its effective cost minus "
     "unused commitment.",
     "Savings by savings plans, September 2026"},
};

static void test_meanings(void **state) {
    (void)state;
    Arena *arena = arena_make();
    Err err = {0};
    const Catalog *catalog = fixture_bill(arena);
    Lexicon *lexicon = NULL;
    assert_true(lexicon_build(arena, catalog, &lexicon, &err));
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        Reading reading;
        assert_true(question_understand(arena, NULL, lexicon, CASES[i].question, catalog->as_of, NULL, &reading, &err));
        const char *meaning = reading.status == READING_PLAN ? plan_paraphrase(arena, catalog, reading.plan) : reading.code;
        if (meaning && text_equal(meaning, CASES[i].meaning)) continue;
        print_message("%s\n   is      %s\n   not     %s\n", CASES[i].question, meaning ? meaning : "(nothing)",
                      CASES[i].meaning);
        wrong++;
    }
    assert_int_equal(wrong, 0);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_meanings)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
