/* What questions mean, as the paraphrase of their plan, or the code and the words of their decline. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <time.h>

#include "catalog_fixture.h"
#include "question/understand.h"

typedef struct {
    Arena *arena;
    Catalog *bill, *volumes;
    Lexicon *bill_words, *volume_words;
} Fixture;

static int set_up(void **state) {
    static Fixture fixture;
    Err err = {0};
    fixture.arena = arena_make();
    fixture.bill = fixture_bill(fixture.arena);
    fixture.volumes = fixture_volumes(fixture.arena);
    assert_true(lexicon_build(fixture.arena, fixture.bill, &fixture.bill_words, &err));
    assert_true(lexicon_build(fixture.arena, fixture.volumes, &fixture.volume_words, &err));
    *state = &fixture;
    return 0;
}

static int tear_down(void **state) {
    Fixture *fixture = *state;
    arena_free(fixture->arena);
    return 0;
}

static const char *meaning(Arena *arena, const Catalog *catalog, const Lexicon *lexicon, const char *question) {
    Reading reading;
    Err err = {0};
    assert_true(question_understand(arena, NULL, lexicon, question, catalog->as_of, NULL, &reading, &err));
    if (reading.status == READING_PLAN) return plan_paraphrase(arena, catalog, reading.plan);
    assert_non_null(reading.message);
    return arena_printf(arena, "%s: %s", reading.code, reading.message);
}

typedef struct {
    const char *question, *meaning; /* of a decline: the code, then words that the message must hold, separated by | */
} Case;

static bool holds(Arena *arena, const char *text, const char *wanted) {
    size_t count = 0;
    const char **parts = text_split(arena, wanted, '|', &count);
    if (!text_starts(text, parts[0])) return false;
    for (size_t i = 1; i < count; i++)
        if (!text_contains_fold(text, parts[i])) return false;
    return true;
}

static void check(const Catalog *catalog, const Lexicon *lexicon, const Case *cases, size_t count) {
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++) {
        Arena *arena = arena_make();
        const char *got = meaning(arena, catalog, lexicon, cases[i].question);
        bool decline = strchr(cases[i].meaning, '|') != NULL;
        if (decline ? !holds(arena, got, cases[i].meaning) : !text_equal(got, cases[i].meaning)) {
            print_error("%s\n  is    %s\n  not   %s\n", cases[i].question, got, cases[i].meaning);
            wrong++;
        }
        arena_free(arena);
    }
    assert_int_equal(wrong, 0);
}

#define ALL "all loaded data (2026-07-01 to 2026-10-31)"
#define EC2 "service Amazon Elastic Compute Cloud"

static const Case TOTALS[] = {
    {"What is our total spend?", "Billed cost, " ALL},
    {"how much do we spend on EC2", "Billed cost, " ALL ", " EC2},
    {"ec2 cost september", "Billed cost, September 2026, " EC2},
    {"Hi, could you tell me what account 048213975520 spent in August?", "Billed cost, August 2026, account 048213975520"},
    {"what did the staging account spend", "Billed cost, " ALL ", account name acme-staging"},
    {"cost in Virginia", "Billed cost, " ALL ", region us-east-1"},
    {"payments team cost", "Billed cost, " ALL ", team payments"},
    {"cost where the environment tag is production", "Billed cost, " ALL ", environment prod"},
    {"team=payments cost", "Billed cost, " ALL ", team payments"},
    {"how much is charged to CostCenter 1234", "Billed cost, " ALL ", CostCenter 1234"},
    {"How much did m5.large instances cost us in August?", "Billed cost, August 2026, instance type m5.large"},
    {"cost without tax and credits", "Billed cost, " ALL ", not tax, not credits"},
    {"everything except EC2 and S3",
     "Billed cost, " ALL ", service not Amazon Elastic Compute Cloud or Amazon Simple Storage Service"},
    {"EC2 and S3 cost together", "Billed cost, " ALL ", service Amazon Elastic Compute Cloud or Amazon Simple Storage Service"},
    {"spend without a team tag", "Billed cost, " ALL ", no team tag"},
    {"amortized cost last month", "Effective cost, September 2026"},
    {"NAT gateway cost", "Billed cost, " ALL ", NAT gateway"},
    {"how mutch did amazon athenna cost us", "Billed cost, " ALL ", service Amazon Athena"},
    {"weekend spend in September", "Billed cost, September 2026, weekends only"},
};

static const Case BREAKDOWNS[] = {
    {"cost by service", "Billed cost by service, " ALL},
    {"Please break down the September bill by region.", "Billed cost by region, September 2026"},
    {"cost per account and service", "Billed cost by account and service, " ALL},
    {"What are the detailed costs per service by account?", "Billed cost by service and account, " ALL},
    {"EC2 and S3 cost",
     "Billed cost by service, " ALL ", service Amazon Elastic Compute Cloud or Amazon Simple Storage Service"},
    {"top 5 services by cost", "Billed cost by service, " ALL ", top 5"},
    {"which account spends the most", "Billed cost by account, " ALL ", top 1"},
    {"top 2 services in each account", "Billed cost by account and service, " ALL ", top 2 for each account"},
    {"services costing more than $100 in August", "Billed cost by service, August 2026, above 100"},
    {"usage types between 50 and 150 dollars", "Billed cost by usage type, " ALL ", between 50 and 150"},
    {"monthly cost", "Billed cost per month, " ALL},
    {"daily EC2 cost in September", "Billed cost per day, September 2026, " EC2},
    {"cost by month and account", "Billed cost per month by account, " ALL},
    {"how has our spend developed over time", "Billed cost per month, " ALL},
    {"where is our money going", "Billed cost by service, " ALL ", top 10"},
    {"share of cost by account", "Share of billed cost by account, " ALL},
    {"what percentage of our September bill is S3?",
     "Share of billed cost that is service Amazon Simple Storage Service, September 2026"},
    {"how much of the EC2 bill is spot, in percent?", "Share of billed cost that is spot, " ALL ", " EC2},
    {"how many accounts do we have", "Number of accounts, " ALL},
    {"how many resources does each service have", "Number of resources by service, " ALL},
    {"list all accounts", "Accounts with billed cost, " ALL},
    {"average daily cost in September", "Average billed cost per day, September 2026"},
    {"running total of September by day", "Running total of billed cost per day, September 2026"},
    {"when did we first get charged for Athena", "First day with cost above zero, " ALL ", service Amazon Athena"},
    {"how many hours of m5.large did we run in August",
     "Consumed quantity, August 2026, consumed unit Hrs, instance type m5.large"},
};

static const Case CHANGES[] = {
    {"Did we spend more in August than in July?", "Billed cost, August 2026 compared with July 2026"},
    {"which service grew the most from July to August",
     "Billed cost by service, August 2026 compared with July 2026, top 1 by change"},
    {"services whose cost rose more than 20% from July to August",
     "Billed cost by service, August 2026 compared with July 2026, change above 20%"},
    {"which services got cheaper in September",
     "Billed cost by service, September 2026 compared with August 2026, change below 0"},
    {"is EC2 more expensive than S3?",
     "Billed cost by service, " ALL ", service Amazon Elastic Compute Cloud or Amazon Simple Storage Service"},
    {"why did cost go up in August", "What changed most in billed cost by service, August 2026 compared with July 2026"},
    {"what will we spend next month", "Forecast of billed cost, November 2026"},
    {"forecast of EC2 by account", "Forecast of billed cost by account, October 2026, service Amazon Elastic Compute Cloud"},
    {"what is our run rate", "Run rate of billed cost, October 2026"},
    {"any anomalies or spikes?", "Unusual days of billed cost, " ALL},
    {"which accounts had unusual spend in August", "Unusual days of billed cost by account, August 2026"},
    {"anomalies above $500 in EC2", "Unusual days of billed cost, " ALL ", " EC2 ", change above 500"},
    {"which services are new in September",
     "Services present in September 2026 and not before September 2026, with their billed cost"},
};

static const Case DECLINES[] = {
    {"how much did the growth team spend in September", "UNKNOWN_VALUE|growth|payments"},
    {"what did account 999999999999 cost", "UNKNOWN_VALUE|999999999999"},
    {"what do we pay for Redshift", "UNKNOWN_VALUE|Redshift"},
    {"cost by owner", "NO_SUCH_DATA|owner|team"},
    {"cost in project apollo", "NO_SUCH_DATA|project"},
    {"what is the cpu utilization of our instances", "NO_SUCH_DATA|cpu utilization"},
    {"which volumes are not attached", "NO_SUCH_DATA|attached"},
    {"please delete the dev environment", "ACTION_NOT_SUPPORTED|delete"},
    {"are we over budget", "NO_SUCH_DATA|budget"},
    {"how much will we pay in December, the certain figure", "NO_SUCH_DATA|certain figure"},
    {"will we spend more next month than last month", "NO_SUCH_DATA|future"},
    {"cost of the frobnicator", "UNKNOWN_TERM|frobnicator"},
    {"cost by service and by vibes", "UNKNOWN_TERM|vibes"},
    {"top 0 services", "NOT_A_QUERY|0"},
    {"average cost", "AMBIGUOUS|day|month"},
    {"m7i.metal cost", "UNKNOWN_VALUE|m7i.metal"},
    {"vol-0123456789abcdef0 cost", "UNKNOWN_VALUE|vol-0123456789abcdef0"},
};

static const Case VOLUMES[] = {
    {"how many volumes are there", "Number of volume ids"},
    {"how many gp3 volumes have no team?", "Number of volume ids, volume type gp3, no team"},
    {"total cost of all volumes", "Monthly cost"},
    {"top 5 volumes by size", "Size gb by volume id, top 5"},
    {"What is the average size_gb by volume type?", "Average size gb per volume by volume type"},
    {"volumes with a monthly cost above 20", "Monthly cost by volume id, above 20"},
    {"which accounts have more than 15 volumes", "Volumes by account, above 15"},
    {"list gp2 volumes", "Volume ids with monthly cost, volume type gp2"},
    {"which of these volumes are encrypted", "NO_SUCH_DATA|encrypt"},
};

#define CHECK(name, catalog, lexicon, cases)                                                                                   \
    static void name(void **state) {                                                                                           \
        const Fixture *fixture = *state;                                                                                       \
        check(fixture->catalog, fixture->lexicon, cases, sizeof cases / sizeof *cases);                                        \
    }
CHECK(test_totals, bill, bill_words, TOTALS)
CHECK(test_breakdowns, bill, bill_words, BREAKDOWNS)
CHECK(test_changes, bill, bill_words, CHANGES)
CHECK(test_declines, bill, bill_words, DECLINES)
CHECK(test_volumes, volumes, volume_words, VOLUMES)

/* Same words, same plan; and the lexicon is only read. */
static void test_deterministic(void **state) {
    const Fixture *fixture = *state;
    for (size_t i = 0; i < sizeof BREAKDOWNS / sizeof *BREAKDOWNS; i++) {
        Arena *arena = arena_make();
        Reading a, b;
        Err err = {0};
        assert_true(question_understand(arena, NULL, fixture->bill_words, BREAKDOWNS[i].question, fixture->bill->as_of, NULL,
                                        &a, &err));
        assert_true(question_read(arena, NULL, fixture->bill, BREAKDOWNS[i].question, fixture->bill->as_of, NULL, &b, &err));
        assert_int_equal(a.status, READING_PLAN);
        assert_int_equal(b.status, READING_PLAN);
        assert_string_equal(plan_hash(arena, a.plan), plan_hash(arena, b.plan));
        assert_true(plan_check(arena, fixture->bill, a.plan, &err));
        arena_free(arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_totals),   cmocka_unit_test(test_breakdowns), cmocka_unit_test(test_changes),
        cmocka_unit_test(test_declines), cmocka_unit_test(test_volumes),    cmocka_unit_test(test_deterministic),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
