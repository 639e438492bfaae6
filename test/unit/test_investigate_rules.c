/* Rule files: what is well-formed, what fails and how it says so; their SQL in both dialects; savings that never overlap, whatever rules
 * give; pictures that no name can break. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "investigate/findings.h"
#include "investigate/graph.h"
#include "investigate/rule.h"

#define GOOD                                                                                                                   \
    "# a comment\n"                                                                                                            \
    "id: nat-idle\ntitle: {count NAT gateway} without traffic\nclass: A\nfamily: network\ninfers: nothing goes\n through it\n" \
    "action: delete\nneeds: ResourceId, hourly\nparameter hours: 336, that it existed\nfigure gb: GB, sum, bytes\n"            \
    "formula: {hours} and {gb}\nevidence: {id}\nfalse-positive: a spare\nverify: aws x {id}\n"                                 \
    "remediate when gb = 1: aws y {resource}\neffort: XS\nrisk: L, little\nsource: a page\n"
#define SQL "sql:\nSELECT 1\n"

static void expect_failure(const char *text, const char *message) {
    Arena *arena = arena_make();
    Rule rule = {0};
    Err err = {0};
    assert_false(rule_read(arena, "rules/nat-idle.rule", text, &rule, &err));
    if (!strstr(err.message, message)) fail_msg("“%s” does not say “%s”", err.message, message);
    arena_free(arena);
}

static void test_good_rule(void **state) {
    (void)state;
    Arena *arena = arena_make();
    Rule rule = {0};
    Err err = {0};
    assert_true(rule_read(arena, "rules/nat-idle.rule", GOOD SQL, &rule, &err));
    assert_string_equal(rule.infers, "nothing goes through it");
    assert_int_equal(rule.class, 'A');
    assert_int_equal(rule.action, ACTION_DELETE);
    assert_int_equal(rule.per, PER_REGION);
    assert_string_equal(rule.part, "all");
    assert_int_equal(rule.needs.count, 2);
    assert_string_equal(rule.needs.items[1], "hourly");
    assert_string_equal(rule_parameter(&rule, "hours")->number, "336");
    assert_int_equal(rule_figure(&rule, "gb")->how, FIGURE_SUM);
    assert_string_equal(rule.remediate.items[0].figure, "gb");
    assert_string_equal(rule.remediate.items[0].value, "1");
    assert_string_equal(rule.sql, "SELECT 1");
    assert_null(findings_unknown_placeholder(arena, &rule, rule.formula));
    assert_string_equal(findings_unknown_placeholder(arena, &rule, "{hours} {nothing}"), "nothing");
    arena_free(arena);
}

static void test_malformed_rules(void **state) {
    (void)state;
    expect_failure("id nat-idle\n", "rules/nat-idle.rule:1: a line is");
    expect_failure("id: nat-idle\nclas: A\n", "rules/nat-idle.rule:2: there is no key “clas”");
    expect_failure("id: nat-idle\nclass: D\n", "“class” is one of A, B, C, not “D”");
    expect_failure("id: nat-idle\nid: nat-idle\n", "“id” is there twice");
    expect_failure("id:\n", "“id” is empty");
    expect_failure("parameter x: much, words\n", "“much” is no number");
    expect_failure("parameter x: 3\n", "says what it means");
    expect_failure("parameter x: 3, a\nparameter x: 4, b\n", "there already");
    expect_failure("figure gb: GB, total, x\n", "is one of sum, max");
    expect_failure("figure gb: GB\n", "a figure is");
    expect_failure("title x: y\n", "only parameters and figures have names");
    expect_failure("verify if a = b: aws\n", "a condition is written");
    expect_failure("risk: none\n", "begins with L, M or H");
    expect_failure(GOOD, "“sql” is missing");
    expect_failure("id: nat-busy\n" SQL, "“title” is missing");
}

static const char *expand(Arena *arena, const char *sql, const char *dialect_name, Err *err) {
    static const RuleParameter parameters[] = {{.name = "least", .number = "500"}, {.name = "day", .sql = "DATE '2026-09-01'"}};
    const Dialect *dialect = NULL;
    const char *out = NULL;
    assert_true(dialect_find(arena, dialect_name, &dialect, err));
    return rule_sql(arena, "rules/x.rule", sql, parameters, 2, dialect, &out, err) ? out : NULL;
}

static void test_sql(void **state) {
    (void)state;
    Arena *arena = arena_make();
    Err err = {0};
    assert_string_equal(expand(arena, "a >= {least} AND d < {day}", "duckdb", &err), "a >= 500 AND d < DATE '2026-09-01'");
    assert_string_equal(expand(arena, "@regex(x, '[0-9]{2,3}@') AND x <> 'it''s {least}'", "duckdb", &err),
                        "regexp_matches(x, '[0-9]{2,3}@') AND x <> 'it''s {least}'");
    assert_string_equal(expand(arena, "@regex(lower(x), 'a')", "trino", &err), "regexp_like(lower(x), 'a')");
    assert_string_equal(expand(arena, "@to_double(@month_days(d))", "trino", &err),
                        "CAST(day(last_day_of_month(d)) AS DOUBLE)");
    static const char *const wrong[][2] = {{"{most}", "{most}"},
                                           {"{least", "not closed"},
                                           {"@nothing(x)", "@nothing"},
                                           {"@regex(x, 'a'", "closed"},
                                           {"@regex(a, b, c)", "more than"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        Err failure = {0};
        assert_null(expand(arena, wrong[i][0], "duckdb", &failure));
        if (!strstr(failure.message, wrong[i][1])) fail_msg("“%s” does not say “%s”", failure.message, wrong[i][1]);
    }
    arena_free(arena);
}

static void test_relations_named(void **state) {
    (void)state;
    assert_true(rule_sql_names("SELECT account FROM usage u JOIN\n  resource r ON r.account = u.account", "resource"));
    assert_true(rule_sql_names("select 1 from usage", "usage"));
    assert_false(rule_sql_names("SELECT account FROM usage_month", "usage"));
    assert_false(rule_sql_names("SELECT account FROM usage", "account"));
    assert_false(rule_sql_names("SELECT 'FROM account' FROM usage", "account"));
}

/* --- savings ------------------------------------------------------------------------------------------------------------------ */

enum { RESOURCES = 40, ITEMS = 400, ROUNDS = 60 };

static double share(unsigned *seed) {
    return (double)(rand_r(seed) % 10001) / 10000;
}

static void shuffle(FindingItem *items, size_t count, unsigned *seed) {
    for (size_t i = count; i > 1; i--) {
        const size_t j = (size_t)rand_r(seed) % i;
        const FindingItem kept = items[i - 1];
        items[i - 1] = items[j];
        items[j] = kept;
    }
}

/* Whatever rules claim together: a resource never saves more than it costs, an item no more than it touches, low ≤ best ≤ high; and the
 * order in which rules were judged makes no difference. */
static void test_savings_do_not_overlap(void **state) {
    (void)state;
    static const char *const parts[] = {"all", "all", "storage", "bytes", "hours", "io"};
    Rule rules[24];
    for (size_t i = 0; i < 24; i++)
        rules[i] = (Rule){.id = i % 2 ? "one" : "other",
                          .family = i % 3 ? "compute" : "storage",
                          .part = parts[i % 6],
                          .action = (RuleAction)(i % 4)};
    for (unsigned round = 0; round < ROUNDS; round++) {
        Arena *arena = arena_make();
        unsigned seed = round + 1;
        double costs[RESOURCES];
        FindingItem items[ITEMS] = {0};
        for (size_t r = 0; r < RESOURCES; r++) costs[r] = share(&seed) * 1000;
        for (size_t i = 0; i < ITEMS; i++) {
            const size_t r = (size_t)rand_r(&seed) % RESOURCES;
            const Rule *rule = &rules[(size_t)rand_r(&seed) % 24];
            const double cost = text_equal(rule->part, "all") ? costs[r] : costs[r] * share(&seed);
            items[i] = (FindingItem){.rule = rule,
                                     .class = (char)('A' + rand_r(&seed) % 3),
                                     .account = "1",
                                     .resource = arena_printf(arena, "r%zu", r),
                                     .cost = cost,
                                     .resource_cost = costs[r],
                                     .row = i};
            items[i].saving = cost * share(&seed);
            items[i].low = items[i].saving * share(&seed);
            items[i].high = items[i].saving + (cost - items[i].saving) * share(&seed);
            items[i].committed = rand_r(&seed) % 4 ? 0 : cost * share(&seed);
        }
        findings_settle(arena, items, ITEMS);
        long long saved[RESOURCES] = {0}, best[ITEMS];
        for (size_t i = 0; i < ITEMS; i++) {
            const FindingItem *item = &items[i];
            assert_true(item->low_cents >= 0 && item->low_cents <= item->best_cents && item->best_cents <= item->high_cents);
            assert_true(item->high_cents <= item->cost_cents);
            saved[atoi(item->resource + 1)] += item->best_cents + item->freed_cents;
            best[item->row] = item->best_cents;
        }
        /* Rounding of each of at most ITEMS entries is half a cent. */
        for (size_t r = 0; r < RESOURCES; r++) assert_true((double)saved[r] <= costs[r] * 100 + ITEMS / RESOURCES);
        shuffle(items, ITEMS, &seed);
        findings_settle(arena, items, ITEMS);
        for (size_t i = 0; i < ITEMS; i++) assert_int_equal(items[i].best_cents, best[items[i].row]);
        arena_free(arena);
    }
}

static void test_order_of_savings(void **state) {
    (void)state;
    Arena *arena = arena_make();
    const Rule delete = {.id = "delete", .family = "storage", .part = "all", .action = ACTION_DELETE};
    const Rule schedule = {.id = "schedule", .family = "compute", .part = "all", .action = ACTION_SCHEDULE};
    const Rule move = {.id = "move", .family = "storage", .part = "storage", .action = ACTION_REPLATFORM};
    const Rule logs = {.id = "logs", .family = "observability", .part = "ingestion", .action = ACTION_REPLATFORM};
    FindingItem items[] = {
        /* 100 that is deleted leaves nothing to move. */
        {.rule = &move,
         .class = 'A',
         .account = "1",
         .resource = "vol",
         .cost = 100,
         .saving = 20,
         .low = 20,
         .high = 20,
         .resource_cost = 100},
        {.rule = &delete,
         .class = 'A',
         .account = "1",
         .resource = "vol",
         .cost = 100,
         .saving = 100,
         .low = 100,
         .high = 100,
         .resource_cost = 100},
        /* Stopped for 60 % of the time, a tenth less of the rest: 60 + 4. */
        {.rule = &schedule,
         .class = 'B',
         .account = "1",
         .resource = "i",
         .cost = 100,
         .saving = 60,
         .low = 60,
         .high = 60,
         .resource_cost = 100},
        {.rule = &move,
         .class = 'B',
         .account = "1",
         .resource = "i",
         .cost = 100,
         .saving = 10,
         .low = 10,
         .high = 10,
         .resource_cost = 100},
        /* Parts of one resource do not touch each other. */
        {.rule = &logs,
         .class = 'A',
         .account = "1",
         .resource = "log",
         .cost = 80,
         .saving = 40,
         .low = 40,
         .high = 40,
         .resource_cost = 100},
        {.rule = &move,
         .class = 'A',
         .account = "1",
         .resource = "log",
         .cost = 20,
         .saving = 15,
         .low = 15,
         .high = 15,
         .resource_cost = 100},
        /* Three quarters are paid by a commitment: that part is capacity. */
        {.rule = &delete,
         .class = 'A',
         .account = "1",
         .resource = "ri",
         .cost = 100,
         .saving = 80,
         .low = 80,
         .high = 80,
         .committed = 75,
         .resource_cost = 100},
    };
    findings_settle(arena, items, sizeof items / sizeof *items);
    static const long long best[] = {0, 10000, 6000, 400, 4000, 1500, 2000};
    for (size_t i = 0; i < sizeof best / sizeof *best; i++) assert_int_equal(items[i].best_cents, best[i]);
    assert_string_equal(items[0].counted_in, "delete");
    assert_int_equal(items[6].freed_cents, 6000);
    arena_free(arena);
}

/* --- pictures ------------------------------------------------------------------------------------------------------------------ */

static void test_names_in_pictures(void **state) {
    (void)state;
    Arena *arena = arena_make();
    GraphNode nodes[] = {
        {.id = "n1", .kind = "account", .label = "a\"]; end <script>|`x`\\", .cost_cents = 500},
        {.id = "n2", .kind = "region", .label = "r\n\"", .parent = "n1", .cost_cents = 500},
        {.id = "n3", .kind = "bucket", .label = "b{}#&;<br>\x1b[31m", .parent = "n2", .cost_cents = 500, .resources = 2}};
    GraphEdge edges[] = {{"n3", "n1", "to \"there\"", 12, 100}};
    const Graph graph = {.node_count = 3, .edge_count = 1, .nodes = nodes, .edges = edges, .currency = "USD"};
    const char *mermaid = graph_mermaid(arena, &graph), *dot = graph_dot(arena, &graph);
    assert_null(strstr(mermaid, "<script"));
    assert_null(strchr(mermaid, '`'));
    assert_null(strchr(mermaid, 0x1b));
    assert_null(strchr(dot, 0x1b));
    assert_non_null(strstr(dot, "a\\\"]; end <script>|`x`\\\\"));
    /* In Mermaid a quote of a name is an entity: each line has the two of its text alone. */
    size_t count = 0;
    const char **lines = text_split(arena, mermaid, '\n', &count);
    for (size_t i = 0; i < count; i++) {
        size_t quotes = 0;
        for (const char *c = lines[i]; *c; c++) quotes += *c == '"';
        assert_true(quotes == 0 || quotes == 2);
    }
    arena_free(arena);
}

static void test_book(void **state) {
    (void)state;
    Arena *arena = arena_make();
    const RuleBook *book = NULL;
    Err err = {0};
    assert_true(rule_book(arena, &book, &err));
    assert_true(book->rule_count >= 80);
    for (size_t i = 0; i < book->feature_count; i++)
        for (size_t j = i + 1; j < book->feature_count; j++)
            assert_false(rule_sql_names(book->features[i].sql, book->features[j].name));
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_rule),
        cmocka_unit_test(test_malformed_rules),
        cmocka_unit_test(test_sql),
        cmocka_unit_test(test_relations_named),
        cmocka_unit_test(test_savings_do_not_overlap),
        cmocka_unit_test(test_order_of_savings),
        cmocka_unit_test(test_names_in_pictures),
        cmocka_unit_test(test_book),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
