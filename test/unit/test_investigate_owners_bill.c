/* Owners of a made bill, through guard and engine: properties that hold whatever the bill. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "investigate/owners.h"
#include "io/duck.h"

static CatalogColumn columns[] = {
    {.name = "ResourceId", .label = "resource", .class = CLASS_IDENTIFIER},
    {.name = "SubAccountId", .label = "account", .class = CLASS_DIMENSION},
    {.name = "RegionId", .label = "region", .class = CLASS_DIMENSION},
    {.name = "x_ServiceCode", .label = "product code", .class = CLASS_DIMENSION},
    {.name = "ChargeCategory", .label = "charge category", .class = CLASS_DIMENSION},
    {.name = "ChargePeriodStart", .label = "start", .class = CLASS_TIMESTAMP},
    {.name = "ChargePeriodEnd", .label = "end", .class = CLASS_TIMESTAMP},
    {.name = "EffectiveCost", .label = "effective cost", .class = CLASS_COST},
    {.name = "tag_team", .label = "team", .tag_key = "Team", .class = CLASS_TAG, .missing = 10},
    {.name = "tag_team_2", .label = "team", .tag_key = "team", .class = CLASS_TAG, .missing = 900},
    {.name = "tag_project", .label = "project", .tag_key = "project", .class = CLASS_TAG, .missing = 10}};

/* 240 launches of three resources (a function, its log group, a bucket) by five teams in three accounts, one launch every seven hours,
 * each running for 60 to 160 hours. A quarter of the resources carries no team, most of these no project either; the names of two thirds hold
 * a word of the team's own; one in forty writes its team in the other spelling of the key. Owners are named by `names`. */
static const char resources_sql[] =
    "CREATE TABLE resources AS SELECT *, CASE WHEN h % 4 = 0 THEN NULL ELSE list_extract([%s], team + 1) END AS owner, "
    "CASE WHEN h % 4 = 0 AND h % 3 > 0 THEN NULL ELSE 'project-' || (team * 2 + launch % 2) END AS project, "
    "CASE WHEN launch_h % 3 > 0 THEN list_extract(['alder', 'birch', 'cedar', 'elder', 'hazel'], team + 1) ELSE 'thing' END AS "
    "word "
    "FROM (SELECT *, (launch_h % 5)::INT AS team, (launch_h % 3 + 100000000000)::VARCHAR AS account, 72 + launch * 7 AS first, "
    "(launch_h % 100)::INT + 60 AS life FROM (SELECT i, i // 3 AS launch, hash(i) AS h, hash(i // 3 + 5000) AS launch_h "
    "FROM range(720) t(i)))";

static const char bill_sql[] = "CREATE TABLE bill AS SELECT CASE i % 3 WHEN 0 THEN 'arn:aws:lambda:us-east-1:' || account || "
                               "':function:' || word || '-' || "
                               "substr(md5(launch::VARCHAR), 1, 6) WHEN 1 THEN 'arn:aws:logs:us-east-1:' || account || "
                               "':log-group:/aws/lambda/' || word || '-' || "
                               "substr(md5(launch::VARCHAR), 1, 6) ELSE word || '-store-' || substr(md5(i::VARCHAR), 1, 6) END "
                               "AS ResourceId, account AS SubAccountId, "
                               "'us-east-1' AS RegionId, CASE i % 3 WHEN 0 THEN 'AWSLambda' WHEN 1 THEN 'AmazonCloudWatch' "
                               "ELSE 'AmazonS3' END AS x_ServiceCode, "
                               "'Usage' AS ChargeCategory, TIMESTAMP '2026-07-01' + to_hours((first + n)::INT) AS "
                               "ChargePeriodStart, TIMESTAMP '2026-07-01' + "
                               "to_hours((first + n + 1)::INT) AS ChargePeriodEnd, CAST(0.25 AS DECIMAL(18,4)) AS "
                               "EffectiveCost, CASE WHEN i % 40 = 0 THEN NULL ELSE owner "
                               "END AS tag_team, CASE WHEN i % 40 = 0 THEN owner END AS tag_team_2, project AS tag_project "
                               "FROM resources, range(160) g(n) WHERE n < life ORDER BY %s";

static const char *const plain_names = "'ash', 'bay', 'cob', 'dew', 'elm'";

static void run(DuckSession *session, const char *sql) {
    Err err = {0};
    if (!duck_run(session, sql, &err)) fail_msg("%s", err.message);
}

/* The report on the bill with these names of owners and lines in this order. */
static OwnersReport report_of(Arena *arena, const char *names, const char *order, const char *tag) {
    Err err = {0};
    Duck *duck = NULL;
    DuckSession *session = NULL;
    OwnersReport report = {0};
    static const char *const tables[] = {"bill"};
    Catalog *catalog = arena_alloc(arena, sizeof *catalog);
    *catalog = (Catalog){.dataset = "bill",
                         .is_bill = true,
                         .has_resources = true,
                         .row_count = 1000,
                         .column_count = sizeof columns / sizeof *columns,
                         .columns = columns};
    if (!duck_open(arena, NULL, &(DuckOptions){.threads = 2, .memory_limit_bytes = (size_t)1 << 30}, &duck, &err) ||
        !duck_connect(arena, duck, &session, &err))
        fail_msg("%s", err.message);
    Buffer sql = {.arena = arena};
    const char *at = strstr(resources_sql, "%s");
    buffer_add_n(&sql, resources_sql, (size_t)(at - resources_sql));
    buffer_add(&sql, names);
    buffer_add(&sql, at + 2);
    run(session, buffer_text(&sql));
    Buffer bill = {.arena = arena};
    at = strstr(bill_sql, "%s");
    buffer_add_n(&bill, bill_sql, (size_t)(at - bill_sql));
    buffer_add(&bill, order);
    run(session, buffer_text(&bill));
    Desk desk = {.catalog = catalog};
    if (!guard_open(arena, tables, 1, &desk.guard, &err) || !engine_open(arena, duck, &desk.engine, &err))
        fail_msg("%s", err.message);
    if (!owners_find(arena, &desk, tag, 0.9, &report, &err)) fail_msg("%s", err.message);
    return report;
}

static void assert_same(const OwnersReport *a, const OwnersReport *b) {
    assert_int_equal(a->guess_count, b->guess_count);
    for (size_t i = 0; i < a->guess_count; i++) {
        const OwnerGuess *x = &a->guesses[i], *y = &b->guesses[i];
        assert_string_equal(x->resource->id, y->resource->id);
        assert_int_equal(x->best, y->best);
        assert_int_equal(x->owner, y->owner);
        assert_true(x->best_probability >= y->best_probability && x->best_probability <= y->best_probability);
        assert_int_equal(x->runner_up, y->runner_up);
    }
    assert_true(a->exam.brier >= b->exam.brier && a->exam.brier <= b->exam.brier);
}

static void order_of_lines_changes_nothing(void **state) {
    Arena *arena = arena_make();
    (void)state;
    const OwnersReport one = report_of(arena, plain_names, "i, n", "team");
    const OwnersReport other = report_of(arena, plain_names, "hash(i * 1000 + n)", "team");
    assert_same(&one, &other);
    arena_free(arena);
}

static void names_of_owners_change_nothing(void **state) {
    Arena *arena = arena_make();
    (void)state;
    const OwnersReport one = report_of(arena, plain_names, "i, n", "team");
    const OwnersReport other = report_of(arena, "'Zoo', 'yak farm', 'x-ray', 'O''Hara', 'über'", "i, n", "team");
    assert_same(&one, &other);
    for (size_t k = 0; k < one.bill.owner_count; k++)
        assert_int_equal(one.bill.owners[k].resource_count, other.bill.owners[k].resource_count);
    arena_free(arena);
}

/* What the tag says is counted by hand: 720 resources, untagged are those with hash % 4 = 0, both spellings of the key are one, and costs
 * add up to what was charged. */
static void every_resource_without_the_tag_is_there(void **state) {
    Arena *arena = arena_make();
    Decimal untagged = {0}, shares = {0}, tagged = {0};
    (void)state;
    const OwnersReport report = report_of(arena, plain_names, "i, n", "TEAM");
    assert_int_equal(report.bill.resource_count, 720);
    assert_int_equal(report.bill.column_count, 2);
    assert_int_equal(report.bill.owner_count, 5);
    assert_int_equal(report.guess_count + report.bill.tagged_count, 720);
    for (size_t i = 0; i < report.guess_count; i++) {
        assert_null(report.guesses[i].resource->owner_text);
        assert_true(decimal_add(untagged, report.guesses[i].resource->cost, &untagged));
    }
    for (size_t k = 0; k < report.share_count; k++) {
        assert_true(decimal_add(shares, report.shares[k].cost, &shares));
        assert_true(decimal_add(tagged, report.shares[k].tagged, &tagged));
    }
    assert_true(decimal_add(shares, report.unknown.cost, &shares));
    assert_int_equal(decimal_compare(shares, report.bill.cost), 0);
    assert_true(decimal_add(tagged, untagged, &tagged));
    assert_int_equal(decimal_compare(tagged, report.bill.cost), 0);
    arena_free(arena);
}

/* The team is in the launch's hash: what is said to be sure must be right, and most of it can be known. */
static void sure_guesses_are_right(void **state) {
    Arena *arena = arena_make();
    size_t sure = 0;
    (void)state;
    const OwnersReport report = report_of(arena, plain_names, "i, n", "team");
    assert_true(report.exam.supported);
    assert_true(report.exam.precision_at_90 > 0.9);
    assert_true(report.exam.brier < report.exam.account_brier);
    static const char *const words[] = {"alder", "birch", "cedar", "elder", "hazel"};
    static const char *const owners[] = {"ash", "bay", "cob", "dew", "elm"};
    for (size_t i = 0; i < report.guess_count; i++) {
        const OwnerGuess *guess = &report.guesses[i];
        if (guess->owner == OWNER_NONE || guess->probability < 0.9) continue;
        sure++;
        for (size_t k = 0; k < 5; k++)
            if (strstr(guess->resource->id, words[k])) assert_string_equal(report.bill.owners[guess->owner].name, owners[k]);
    }
    assert_true(sure * 2 > report.guess_count);
    arena_free(arena);
}

static void too_few_tags_give_no_probabilities(void **state) {
    Arena *arena = arena_make();
    (void)state;
    const OwnersReport report = report_of(arena, "'ash', NULL, NULL, NULL, NULL", "i, n", "team");
    assert_false(report.exam.supported);
    assert_non_null(report.exam.why_not);
    for (size_t i = 0; i < report.guess_count; i++) {
        assert_int_equal(report.guesses[i].owner, OWNER_NONE);
        assert_true(report.guesses[i].best_probability < 0 || report.guesses[i].best == OWNER_NONE);
    }
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_of_lines_changes_nothing), cmocka_unit_test(names_of_owners_change_nothing),
        cmocka_unit_test(every_resource_without_the_tag_is_there), cmocka_unit_test(sure_guesses_are_right),
        cmocka_unit_test(too_few_tags_give_no_probabilities)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
