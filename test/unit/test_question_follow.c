/* Follow-ups: conversations of several questions on a bill in memory. Each step says how the plan reads after it, or why it is
 * declined. Between steps the conversation goes through its JSON, as it does in every client. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "catalog/dataset.h"
#include "question/compile.h"
#include "question/complete.h"
#include "question/understand.h"

typedef struct {
    Arena *arena;
    DuckSession *session;
    Catalog *catalog;
    const Lexicon *lexicon;
} Fixture;

/* One line per day and meter from July to 12 October 2026; EC2 grows by a tenth each month. */
static const char bill_sql[] =
    "CREATE TABLE meters AS SELECT * FROM (VALUES "
    "(40, 'Amazon Elastic Compute Cloud', 'AmazonEC2', 'Compute', 'BoxUsage:m5.large', 'm5.large', 'On-Demand', "
    "'111111111111', 'shop-prod', 'us-east-1', 'i-0aaa', 'web', 'prod', 'Hrs', 'Usage'),"
    "(20, 'Amazon Elastic Compute Cloud', 'AmazonEC2', 'Compute', 'SpotUsage:c5.large', 'c5.large', 'Spot', '222222222222', "
    "'shop-dev', 'us-west-2', 'i-0bbb', 'data', 'dev', 'Hrs', 'Usage'),"
    "(6, 'Amazon Elastic Compute Cloud', 'AmazonEC2', 'Networking', 'NatGateway-Bytes', NULL, NULL, '111111111111', "
    "'shop-prod', 'us-east-1', 'nat-1', 'web', 'prod', 'GB', 'Usage'),"
    "(4, 'Amazon Elastic Compute Cloud', 'AmazonEC2', 'Networking', 'DataTransfer-Out-Bytes', NULL, NULL, '111111111111', "
    "'shop-prod', 'eu-west-1', 'i-0aaa', 'web', 'prod', 'GB', 'Usage'),"
    "(12, 'Amazon Simple Storage Service', 'AmazonS3', 'Storage', 'TimedStorage-ByteHrs', NULL, NULL, '111111111111', "
    "'shop-prod', 'us-east-1', 'shop-logs', 'data', 'prod', 'GB-Mo', 'Usage'),"
    "(8, 'Amazon Simple Storage Service', 'AmazonS3', 'Storage', 'TimedStorage-ByteHrs', NULL, NULL, '333333333333', "
    "'security', 'eu-west-1', 'audit', NULL, NULL, 'GB-Mo', 'Usage'),"
    "(15, 'Amazon Relational Database Service', 'AmazonRDS', 'Databases', 'InstanceUsage:db.m5.large', 'db.m5.large', "
    "'On-Demand', '222222222222', 'shop-dev', 'us-east-1', 'orders-db', 'web', 'dev', 'Hrs', 'Usage'),"
    "(3, 'AWS Lambda', 'AWSLambda', 'Compute', 'Lambda-GB-Second', NULL, NULL, '333333333333', 'security', 'us-east-1', "
    "'scan', NULL, NULL, 'Second', 'Usage'),"
    "(5, 'Amazon Elastic Compute Cloud', 'AmazonEC2', 'Compute', 'Tax', NULL, NULL, '111111111111', 'shop-prod', NULL, NULL, "
    "NULL, NULL, NULL, 'Tax'),"
    "(-2, 'Amazon Simple Storage Service', 'AmazonS3', 'Storage', 'Credit', NULL, NULL, '111111111111', 'shop-prod', NULL, "
    "NULL, NULL, NULL, NULL, 'Credit')"
    ") t(cost, service, code, family, meter, type, option, account, account_name, region, resource, team, env, unit, category);"
    "CREATE VIEW bill AS SELECT CAST(cost * CASE WHEN code = 'AmazonEC2' THEN 1 + 0.1 * (month(day) - 7) ELSE 1 END AS "
    "DECIMAL(18,6)) AS BilledCost,"
    "CAST(cost AS DECIMAL(18,6)) AS EffectiveCost, CAST(cost AS DECIMAL(18,6)) AS ListCost, 'USD' AS BillingCurrency, category "
    "AS ChargeCategory,"
    "option AS x_PurchaseOption, CAST(NULL AS VARCHAR) AS CommitmentDiscountId, service AS ServiceName, code AS x_ServiceCode, "
    "family AS ServiceCategory,"
    "category AS x_LineItemType, meter AS x_Meter, meter AS x_CostDriver, meter AS x_UsageType, type AS x_InstanceType, "
    "account AS SubAccountId,"
    "account_name AS SubAccountName, region AS RegionId, resource AS ResourceId, CAST(24 AS DECIMAL(18,6)) AS "
    "ConsumedQuantity, unit AS ConsumedUnit,"
    "meter AS ChargeDescription, date_trunc('month', day) AS BillingPeriodStart, day AS ChargePeriodStart, day + INTERVAL 1 "
    "DAY AS ChargePeriodEnd, CAST(day AS DATE) AS x_ChargeDate,"
    "team AS tag_team, env AS tag_env, CAST(1 AS BIGINT) AS x_RowCount FROM meters, (SELECT unnest(generate_series(TIMESTAMP "
    "'2026-07-01', TIMESTAMP '2026-10-12', INTERVAL 1 DAY)) AS day);";

static int set_up(void **state) {
    static Fixture fixture;
    Duck *duck = NULL;
    Lexicon *lexicon = NULL;
    Err err = {0};
    fixture.arena = arena_make();
    Dataset dataset = {.name = "bill", .is_bill = true};
    bool made = duck_open(fixture.arena, NULL, &(DuckOptions){.threads = 1}, &duck, &err) &&
                duck_connect(fixture.arena, duck, &fixture.session, &err) && duck_run(fixture.session, bill_sql, &err) &&
                dataset_catalog(fixture.arena, fixture.session, &dataset, &fixture.catalog, &err) &&
                lexicon_build(fixture.arena, fixture.catalog, &lexicon, &err);
    if (!made) fprintf(stderr, "%s\n", err.message);
    fixture.lexicon = lexicon;
    *state = &fixture;
    return made ? 0 : -1;
}

static int tear_down(void **state) {
    arena_free(((Fixture *)*state)->arena);
    return 0;
}

/* --- conversations --- */

typedef struct {
    const char *question;
    const char
        *expected; /* the plan in words; "!CODE" = declined; "?" = asked back; NULL with question NULL: a new conversation */
} Step;

static void through_json(Arena *arena, Conversation *conversation) {
    Err err = {0};
    Json *json = NULL;
    const char *text = json_write(arena, conversation_json(arena, conversation), false);
    if (!json_parse(arena, text, strlen(text), &json, &err) || !conversation_read(arena, json, conversation, &err))
        fail_msg("%s", err.message);
}

/* The rows that the next question may refer to. */
static void remember(const Fixture *fixture, Arena *arena, const char *question, const Plan *plan, Conversation *conversation) {
    Err err = {0};
    Compiled compiled = {0};
    Table *table = NULL;
    const DuckLimits limits = {.rows = 1000, .bytes = 1 << 20, .cell_bytes = 1000, .timeout_ms = 10000};
    bool run = plan_compile(arena, fixture->catalog, plan, "duckdb", false, &compiled, &err) &&
               duck_query(arena, fixture->session, compiled.sql, NULL, 0, &limits, &table, &err);
    if (!run) fail_msg("%s: %s\n%s", question, err.message, compiled.sql ? compiled.sql : "");
    conversation_add(arena, fixture->catalog, question, plan, compiled.columns, table, conversation);
}

static const char *ask(const Fixture *fixture, Arena *arena, const char *question, Conversation *conversation,
                       Reading *reading) {
    Err err = {0};
    if (!question_follow(arena, fixture->session, fixture->lexicon, question, fixture->catalog->as_of, conversation, reading,
                         &err))
        fail_msg("%s: %s", question, err.message);
    if (reading->status == READING_DECLINED) return arena_printf(arena, "!%s", reading->code);
    if (reading->status == READING_CLARIFY) {
        conversation_offer(arena, reading->alternatives, reading->alternative_count, conversation);
        return "?";
    }
    if (!plan_check(arena, fixture->catalog, reading->plan, &err)) fail_msg("%s: %s", question, err.message);
    remember(fixture, arena, question, reading->plan, conversation);
    return plan_paraphrase(arena, fixture->catalog, reading->plan);
}

static size_t run(const Fixture *fixture, const Step *steps, size_t count) {
    Conversation *conversation = calloc(1, sizeof *conversation);
    Arena *arena = arena_make();
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++) {
        Reading reading = {0};
        if (!steps[i].question) {
            *conversation = (Conversation){0};
            continue;
        }
        const char *got = ask(fixture, arena, steps[i].question, conversation, &reading);
        if (!text_equal(got, steps[i].expected)) {
            wrong++;
            fprintf(stderr, "%s\n  expected: %s\n  got:      %s%s%s\n", steps[i].question, steps[i].expected, got,
                    reading.message ? " " : "", reading.message ? reading.message : "");
        }
        through_json(arena, conversation);
    }
    arena_free(arena);
    free(conversation);
    return wrong;
}

#define CONVERSATION(steps) assert_int_equal(run(*state, steps, sizeof steps / sizeof *steps), 0)
/* --- the conversations --- */

static void values_are_replaced_and_added(void **state) {
    static const Step steps[] = {
        {"EC2 cost in September", "Billed cost, September 2026, service Amazon Elastic Compute Cloud"},
        {"what about S3?", "Billed cost, September 2026, service Amazon Simple Storage Service"},
        {"also RDS",
         "Billed cost, September 2026, service Amazon Simple Storage Service or Amazon Relational Database Service"},
        {"and Lambda", "Billed cost, September 2026, service AWS Lambda"},
        {"how about us-east-1", "Billed cost, September 2026, service AWS Lambda, region us-east-1"},
        {"only prod", "Billed cost, September 2026, service AWS Lambda, region us-east-1, env prod"},
        {"include shop-dev", "!UNSUPPORTED_SHAPE"},
        {"not us-west-2", "Billed cost, September 2026, service AWS Lambda, region us-east-1, env prod, region not us-west-2"},
        {NULL, NULL},
        {"cost by account in September", "Billed cost by account, September 2026"},
        {"only EC2", "Billed cost by account, September 2026, service Amazon Elastic Compute Cloud"},
        {"EC2 and S3",
         "Billed cost by account, September 2026, service Amazon Elastic Compute Cloud or Amazon Simple Storage Service"},
        {"exclude S3", "Billed cost by account, September 2026, service Amazon Elastic Compute Cloud"},
        {"without tax", "Billed cost by account, September 2026, service Amazon Elastic Compute Cloud, not tax"},
        {"without credits",
         "Billed cost by account, September 2026, service Amazon Elastic Compute Cloud, not tax, not credits"},
        {"include tax", "Billed cost by account, September 2026, service Amazon Elastic Compute Cloud, not credits"},
        {NULL, NULL},
        {"S3 cost in August", "Billed cost, August 2026, service Amazon Simple Storage Service"},
        {"and RDS in September", "Billed cost, September 2026, service Amazon Relational Database Service"},
        {"in July", "Billed cost, July 2026, service Amazon Relational Database Service"},
    };
    CONVERSATION(steps);
}

static void things_make_way_and_attributes_narrow(void **state) {
    static const Step steps[] = {
        {"EC2 cost by region",
         "Billed cost by region, all loaded data (2026-07-01 to 2026-10-12), service Amazon Elastic Compute Cloud"},
        {"what about NAT gateways?", "Billed cost by region, all loaded data (2026-07-01 to 2026-10-12), NAT gateway"},
        {"only spot", "Billed cost by region, all loaded data (2026-07-01 to 2026-10-12), NAT gateway, spot"},
        {"what about on-demand", "Billed cost by region, all loaded data (2026-07-01 to 2026-10-12), NAT gateway, on-demand"},
        {"only S3", "Billed cost by region, all loaded data (2026-07-01 to 2026-10-12), service Amazon Simple Storage Service, "
                    "NAT gateway, on-demand"},
        {NULL, NULL},
        {"NAT gateway cost", "Billed cost, all loaded data (2026-07-01 to 2026-10-12), NAT gateway"},
        {"what about S3", "Billed cost, all loaded data (2026-07-01 to 2026-10-12), service Amazon Simple Storage Service"},
        {"just data transfer",
         "Billed cost, all loaded data (2026-07-01 to 2026-10-12), service Amazon Simple Storage Service, data transfer"},
    };
    CONVERSATION(steps);
}

static void breakdowns_grow_and_are_replaced(void **state) {
    static const Step steps[] = {
        {"cost in September", "Billed cost, September 2026"},
        {"by service", "Billed cost by service, September 2026"},
        {"and by region?", "Billed cost by service and region, September 2026"},
        {"by account instead", "Billed cost by account, September 2026"},
        {"instead by team", "Billed cost by team, September 2026"},
        {"region?", "Billed cost by team and region, September 2026"},
        {"in total", "Billed cost, September 2026"},
        {"per month", "Billed cost per month, September 2026"},
        {"by service", "Billed cost per month by service, September 2026"},
        {NULL, NULL},
        {"top 3 services by cost in September", "Billed cost by service, September 2026, top 3"},
        {"and by region?", "Billed cost by service and region, September 2026, service Amazon Elastic Compute Cloud, Amazon "
                           "Simple Storage Service or Amazon Relational Database Service"},
        {"show all", "Billed cost by service and region, September 2026, service Amazon Elastic Compute Cloud, Amazon Simple "
                     "Storage Service or Amazon Relational Database Service"},
        {NULL, NULL},
        {"top 2 services by cost", "Billed cost by service, all loaded data (2026-07-01 to 2026-10-12), top 2"},
        {"for each account",
         "Billed cost by service and account, all loaded data (2026-07-01 to 2026-10-12), top 2 for each account"},
        {NULL, NULL},
        {"cost by service", "Billed cost by service, all loaded data (2026-07-01 to 2026-10-12)"},
        {"break it down by account", "Billed cost by service and account, all loaded data (2026-07-01 to 2026-10-12)"},
        {"break it down", "!NOT_A_QUERY"},
    };
    CONVERSATION(steps);
}

static void periods_and_grains_are_replaced(void **state) {
    static const Step steps[] = {
        {"EC2 cost per day in September", "Billed cost per day, September 2026, service Amazon Elastic Compute Cloud"},
        {"make it weekly", "Billed cost per week, September 2026, service Amazon Elastic Compute Cloud"},
        {"now monthly", "Billed cost per month, September 2026, service Amazon Elastic Compute Cloud"},
        {"what about August?", "Billed cost per month, August 2026, service Amazon Elastic Compute Cloud"},
        {"since August", "Billed cost per month, 2026-08-01 to 2026-10-12, service Amazon Elastic Compute Cloud"},
        {"the month before", "Billed cost per month, July 2026, service Amazon Elastic Compute Cloud"},
        {"as a line chart", "Billed cost per month, July 2026, service Amazon Elastic Compute Cloud"},
        {NULL, NULL},
        {"cost by service in September", "Billed cost by service, September 2026"},
        {"month over month", "Billed cost by service, September 2026 compared with August 2026"},
        {"vs July", "Billed cost by service, September 2026 compared with July 2026"},
        {"compare it with August", "Billed cost by service, September 2026 compared with August 2026"},
        {"what about August", "Billed cost by service, August 2026 compared with July 2026"},
        {NULL, NULL},
        {"average cost per day in September", "Average billed cost per day, September 2026"},
        {"make it weekly", "Average billed cost per week, September 2026"},
        {"by account", "Average billed cost per week by account, September 2026"},
        {"only weekends", "Average billed cost per week by account, September 2026, weekends only"},
    };
    CONVERSATION(steps);
}

static void order_and_number_are_replaced(void **state) {
    static const Step steps[] = {
        {"cost by service in September", "Billed cost by service, September 2026"},
        {"top 2", "Billed cost by service, September 2026, top 2"},
        {"bottom 3", "Billed cost by service, September 2026, lowest 3"},
        {"only the top 1", "Billed cost by service, September 2026, top 1"},
        {"over $500", "Billed cost by service, September 2026, above 500, top 1"},
        {"show all", "Billed cost by service, September 2026"},
        {"amortized?", "Effective cost by service, September 2026"},
        {"also list cost", "Effective cost and list cost by service, September 2026"},
        {"in percent", "Share of effective cost and list cost by service, September 2026"},
        {"in dollars", "Effective cost and list cost by service, September 2026"},
        {NULL, NULL},
        {"cost per day in September", "Billed cost per day, September 2026"},
        {"top 3", "Highest billed cost per day, September 2026, top 3"},
        {NULL, NULL},
        {"cost in September", "Billed cost, September 2026"},
        {"top 5", "Billed cost by service, September 2026, top 5"},
        {"over $100", "Billed cost by service, September 2026, above 100, top 5"},
    };
    CONVERSATION(steps);
}

static void why_is_about_what_was_asked(void **state) {
    static const Step steps[] = {
        {"cost in September", "Billed cost, September 2026"},
        {"why?", "What changed most in billed cost by service, September 2026 compared with August 2026"},
        {"by account", "What changed most in billed cost by account, September 2026 compared with August 2026"},
        {"what about S3", "What changed most in billed cost by account, September 2026 compared with August 2026, service "
                          "Amazon Simple Storage Service"},
        {NULL, NULL},
        {"cost by service in September compared with July", "Billed cost by service, September 2026 compared with July 2026"},
        {"why?", "What changed most in billed cost by service, September 2026 compared with July 2026"},
        {NULL, NULL},
        {"which account grew the most in September",
         "Billed cost by account, September 2026 compared with August 2026, top 1 by change"},
        {"why?", "What changed most in billed cost by service, September 2026 compared with August 2026, account 111111111111"},
        {NULL, NULL},
        {"which day was the most expensive in September", "Highest billed cost per day, September 2026"},
        {"why?", "What changed most in billed cost by service, 1 September 2026 compared with 25 August 2026"},
        {NULL, NULL},
        {"top 2 services by cost in September", "Billed cost by service, September 2026, top 2"},
        {"the first one", "Billed cost, September 2026, service Amazon Elastic Compute Cloud"},
        {"why did it go up", "What changed most in billed cost by usage type, September 2026 compared with August 2026, "
                             "service Amazon Elastic Compute Cloud"},
    };
    CONVERSATION(steps);
}

static void rows_are_referred_to(void **state) {
    static const Step steps[] = {
        {"top 2 services by cost in September", "Billed cost by service, September 2026, top 2"},
        {"those by region", "Billed cost by service and region, September 2026, service Amazon Elastic Compute Cloud or Amazon "
                            "Simple Storage Service"},
        {NULL, NULL},
        {"cost by account in September", "Billed cost by account, September 2026"},
        {"the second one", "Billed cost, September 2026, account 222222222222"},
        {"by service", "Billed cost by service, September 2026, account 222222222222"},
        {"the top one", "Billed cost, September 2026, account 222222222222, service Amazon Elastic Compute Cloud"},
        {NULL, NULL},
        {"cost by service in September", "Billed cost by service, September 2026"},
        {"the third service", "Billed cost, September 2026, service Amazon Relational Database Service"},
        {"what about the last one", "!UNKNOWN_VALUE"},
        {NULL, NULL},
        {"cost by account in September", "Billed cost by account, September 2026"},
        {"those over $500", "Billed cost by account, September 2026, above 500"},
        {"what did they cost in August", "Billed cost by account, August 2026, account 111111111111 or 222222222222"},
        {"how many are there", "Number of accounts, August 2026, account 111111111111 or 222222222222"},
        {"and by service", "Number of accounts by service, August 2026, account 111111111111 or 222222222222"},
        {NULL, NULL},
        {"top 1 services by cost in September", "Billed cost by service, September 2026, top 1"},
        {"that service by account", "Billed cost by account, September 2026, service Amazon Elastic Compute Cloud"},
        {"the rest", "!UNKNOWN_VALUE"},
        {NULL, NULL},
        {"top 2 accounts by cost in September", "Billed cost by account, September 2026, top 2"},
        {"what about the rest", "Billed cost by account, September 2026, account not 111111111111 or 222222222222"},
        {"the biggest one", "Billed cost, September 2026, account not 111111111111 or 222222222222, account 333333333333"},
        {"it in August", "Billed cost, August 2026, account not 111111111111 or 222222222222, account 333333333333"},
        {NULL, NULL},
        {"cost per month by service", "Billed cost per month by service, all loaded data (2026-07-01 to 2026-10-12)"},
        {"in that month", "!UNKNOWN_VALUE"},
        {NULL, NULL},
        {"cost per month", "Billed cost per month, all loaded data (2026-07-01 to 2026-10-12)"},
        {"the second one", "Billed cost, August 2026"},
        {"that month by account", "Billed cost by account, August 2026"},
        {"number 7", "!UNKNOWN_VALUE"},
        {NULL, NULL},
        {"cost by team in September", "Billed cost by team, September 2026"},
        {"the last one", "Billed cost, September 2026, no team tag"},
        {NULL, NULL},
        {"cost by service and region in September", "Billed cost by service and region, September 2026"},
        {"row 2", "Billed cost, September 2026, service Amazon Elastic Compute Cloud, region us-west-2"},
        {NULL, NULL},
        {"cost by service in September", "Billed cost by service, September 2026"},
        {"which one is the most expensive", "Billed cost by service, September 2026, top 1"},
        {"which ones grew", "Billed cost by service, September 2026 compared with August 2026, service Amazon Elastic Compute "
                            "Cloud, change above 0"},
        {NULL, NULL},
        {"S3 cost in September", "Billed cost, September 2026, service Amazon Simple Storage Service"},
        {"for that account", "!UNKNOWN_VALUE"},
        {NULL, NULL},
        {"cost by account", "Billed cost by account, all loaded data (2026-07-01 to 2026-10-12)"},
        {"that account", "!UNKNOWN_VALUE"},
    };
    CONVERSATION(steps);
}

static void other_shapes_keep_the_scope(void **state) {
    static const Step steps[] = {
        {"EC2 cost in September", "Billed cost, September 2026, service Amazon Elastic Compute Cloud"},
        {"how much is that per day", "Average billed cost per day, September 2026, service Amazon Elastic Compute Cloud"},
        {"how much is it per week", "Average billed cost per week, September 2026, service Amazon Elastic Compute Cloud"},
        {"what is the average per day", "Average billed cost per day, September 2026, service Amazon Elastic Compute Cloud"},
        {"cumulative", "Running total of billed cost per day, September 2026, service Amazon Elastic Compute Cloud"},
        {"highest day", "Highest billed cost per day, September 2026, service Amazon Elastic Compute Cloud"},
        {NULL, NULL},
        {"EC2 cost in September", "Billed cost, September 2026, service Amazon Elastic Compute Cloud"},
        {"how much of that is spot", "Share of billed cost that is spot, September 2026, service Amazon Elastic Compute Cloud"},
        {"is it more than in August",
         "Billed cost, September 2026 compared with August 2026, service Amazon Elastic Compute Cloud, spot"},
        {"did it go up", "Billed cost, September 2026 compared with August 2026, service Amazon Elastic Compute Cloud, spot"},
        {"is it cheaper on weekends",
         "Billed cost on weekdays and on weekends, September 2026, service Amazon Elastic Compute Cloud, spot"},
        {"and how many resources", "Number of resources, September 2026, service Amazon Elastic Compute Cloud, spot"},
        {"how many regions", "Number of regions, all loaded data (2026-07-01 to 2026-10-12)"},
        {NULL, NULL},
        {"S3 cost by account in September", "Billed cost by account, September 2026, service Amazon Simple Storage Service"},
        {"month over month",
         "Billed cost by account, September 2026 compared with August 2026, service Amazon Simple Storage Service"},
        {"year over year", "!OUT_OF_RANGE"},
        {NULL, NULL},
        {"EC2 vs S3 in September",
         "Billed cost by service, September 2026, service Amazon Elastic Compute Cloud or Amazon Simple Storage Service"},
        {"also RDS", "Billed cost by service, September 2026, service Amazon Elastic Compute Cloud, Amazon Simple Storage "
                     "Service or Amazon Relational Database Service"},
        {"what about RDS", "Billed cost, September 2026, service Amazon Relational Database Service"},
        {NULL, NULL},
        {"untagged cost", "Billed cost, all loaded data (2026-07-01 to 2026-10-12), no tags at all"},
        {"by account", "Billed cost by account, all loaded data (2026-07-01 to 2026-10-12), no tags at all"},
        {NULL, NULL},
        {"cost by team", "Billed cost by team, all loaded data (2026-07-01 to 2026-10-12)"},
        {"untagged", "Billed cost by team, all loaded data (2026-07-01 to 2026-10-12), no team tag"},
    };
    CONVERSATION(steps);
}

static void questions_of_their_own_are_fresh(void **state) {
    static const Step steps[] = {
        {"EC2 cost in September", "Billed cost, September 2026, service Amazon Elastic Compute Cloud"},
        {"how much did we spend on S3",
         "Billed cost, all loaded data (2026-07-01 to 2026-10-12), service Amazon Simple Storage Service"},
        {"cost by region", "Billed cost by region, all loaded data (2026-07-01 to 2026-10-12)"},
        {"top 3 accounts by cost", "Billed cost by account, all loaded data (2026-07-01 to 2026-10-12), top 3"},
        {"which services did we use in August", "Services with billed cost, August 2026"},
        {"top 3 accounts", "Billed cost by account, August 2026, top 3"},
        {"how many resources", "Number of resources, all loaded data (2026-07-01 to 2026-10-12)"},
        {"what is it that costs us the most", "Billed cost by service, all loaded data (2026-07-01 to 2026-10-12), top 1"},
    };
    CONVERSATION(steps);
}

static void what_cannot_be_changed_is_declined(void **state) {
    static const Step steps[] = {
        {"cost by account in September", "Billed cost by account, September 2026"},
        {"only unicorns", "!UNKNOWN_TERM"},
        {"what about", "!NOT_A_QUERY"},
        {"and", "!NOT_A_QUERY"},
        {"what about frobnicate", "!UNKNOWN_TERM"},
        {"the twelfth one", "!UNKNOWN_TERM"},
        {"number 12", "!UNKNOWN_VALUE"},
        {"those services", "!UNKNOWN_VALUE"},
        {"delete those", "!ACTION_NOT_SUPPORTED"},
        {"in 2031", "!OUT_OF_RANGE"},
        {"vs May 1999", "!OUT_OF_RANGE"},
    };
    CONVERSATION(steps);
}

static void many_ways_to_say_it(void **state) {
    static const Step steps[] = {
        {"S3 cost in September", "Billed cost, September 2026, service Amazon Simple Storage Service"},
        {"show me the same for RDS", "Billed cost, September 2026, service Amazon Relational Database Service"},
        {"could you break that down by account",
         "Billed cost by account, September 2026, service Amazon Relational Database Service"},
        {"now for August please", "Billed cost by account, August 2026, service Amazon Relational Database Service"},
        {"ok and what about July", "Billed cost by account, July 2026, service Amazon Relational Database Service"},
        {"and without the shop-dev account",
         "Billed cost by account, July 2026, service Amazon Relational Database Service, account name not shop-dev"},
        {"what if we exclude us-east-1", "Billed cost by account, July 2026, service Amazon Relational Database Service, "
                                         "account name not shop-dev, region not us-east-1"},
        {"actually by region", "Billed cost by account and region, July 2026, service Amazon Relational Database Service, "
                               "account name not shop-dev, region not us-east-1"},
        {NULL, NULL},
        {"cost by service last month", "Billed cost by service, September 2026"},
        {"just the top 3", "Billed cost by service, September 2026, top 3"},
        {"what about them in August", "Billed cost by service, August 2026, service Amazon Elastic Compute Cloud, Amazon "
                                      "Simple Storage Service or Amazon Relational Database Service"},
        {"as a bar chart", "Billed cost by service, August 2026, service Amazon Elastic Compute Cloud, Amazon Simple Storage "
                           "Service or Amazon Relational Database Service"},
        {"show the trend", "Billed cost per day by service, August 2026, service Amazon Elastic Compute Cloud, Amazon Simple "
                           "Storage Service or Amazon Relational Database Service"},
        {"only the weekdays", "Billed cost per day by service, August 2026, weekdays only, service Amazon Elastic Compute "
                              "Cloud, Amazon Simple Storage Service or Amazon Relational Database Service"},
        {"all regions", "Billed cost per day by service and region, August 2026, weekdays only, service Amazon Elastic Compute "
                        "Cloud, Amazon Simple Storage Service or Amazon Relational Database Service"},
        {"drill into EC2",
         "Billed cost per day by service and region, August 2026, weekdays only, service Amazon Elastic Compute Cloud"},
        {"by usage type instead",
         "Billed cost per day by usage type, August 2026, weekdays only, service Amazon Elastic Compute Cloud"},
        {NULL, NULL},
        {"EC2 cost", "Billed cost, all loaded data (2026-07-01 to 2026-10-12), service Amazon Elastic Compute Cloud"},
        {"limit it to shop-prod", "Billed cost, all loaded data (2026-07-01 to 2026-10-12), service Amazon Elastic Compute "
                                  "Cloud, account name shop-prod"},
        {"switch to S3", "Billed cost, all loaded data (2026-07-01 to 2026-10-12), account name shop-prod, service Amazon "
                         "Simple Storage Service"},
        {"remove the filters", "Billed cost, all loaded data (2026-07-01 to 2026-10-12)"},
        {"in us-east-1 and eu-west-1",
         "Billed cost, all loaded data (2026-07-01 to 2026-10-12), region us-east-1 or eu-west-1"},
        {"same thing for August", "Billed cost, August 2026, region us-east-1 or eu-west-1"},
        {"filter by team web", "Billed cost, August 2026, region us-east-1 or eu-west-1, team web"},
        {"how does that look for team data", "Billed cost, August 2026, region us-east-1 or eu-west-1, team data"},
        {NULL, NULL},
        {"total cost in September", "Billed cost, September 2026"},
        {"split by account", "Billed cost by account, September 2026"},
        {"how many of them cost more than $500", "Number of accounts with billed cost above 500, September 2026"},
        {"the most expensive one", "!UNKNOWN_VALUE"},
        {"the cheapest one", "!UNKNOWN_VALUE"},
        {"excluding tax", "Number of accounts with billed cost above 500, September 2026, not tax"},
        {"in the last quarter", "Number of accounts with billed cost above 500, Q3 2026, not tax"},
        {"this month", "Number of accounts with billed cost above 500, 2026-10-01 to 2026-10-12 (so far), not tax"},
        {"so far this month", "Number of accounts with billed cost above 500, 2026-10-01 to 2026-10-12 (so far), not tax"},
        {NULL, NULL},
        {"top 3 services by cost per account in September",
         "Billed cost by account and service, September 2026, top 3 for each account"},
        {"only shop-prod",
         "Billed cost by account and service, September 2026, account name shop-prod, top 3 for each account"},
        {"weekly",
         "Billed cost per week by account and service, September 2026, account name shop-prod, top 3 for each account"},
        {NULL, NULL},
        {"what did we spend on EC2 in September compared with August",
         "Billed cost, September 2026 compared with August 2026, service Amazon Elastic Compute Cloud"},
        {"and S3", "Billed cost, September 2026 compared with August 2026, service Amazon Simple Storage Service"},
        {"by account",
         "Billed cost by account, September 2026 compared with August 2026, service Amazon Simple Storage Service"},
        {"which one changed the most", "What changed most in billed cost by account, September 2026 compared with August 2026, "
                                       "service Amazon Simple Storage Service, top 1"},
        {"what drove it", "What changed most in billed cost by usage type, September 2026 compared with August 2026, service "
                          "Amazon Simple Storage Service, account 111111111111"},
        {NULL, NULL},
        {"share of S3 in September", "Share of billed cost that is service Amazon Simple Storage Service, September 2026"},
        {"what about RDS", "Share of billed cost that is service Amazon Relational Database Service, September 2026"},
        {"by account", "Share of billed cost that is service Amazon Relational Database Service by account, September 2026"},
        {"per month",
         "Share of billed cost that is service Amazon Relational Database Service per month by account, September 2026"},
        {NULL, NULL},
        {"how many resources did we use in September", "Number of resources, September 2026"},
        {"and in August", "Number of resources, August 2026"},
        {"by service", "Number of resources by service, August 2026"},
        {"in total", "Number of resources, August 2026"},
        {NULL, NULL},
        {"when was Lambda first charged",
         "First day with cost above zero, all loaded data (2026-07-01 to 2026-10-12), service AWS Lambda"},
        {"and S3",
         "First day with cost above zero, all loaded data (2026-07-01 to 2026-10-12), service Amazon Simple Storage Service"},
        {NULL, NULL},
        {"new services in September",
         "Services present in September 2026 and not before September 2026, with their billed cost"},
        {"and in August", "Services present in August 2026 and not before August 2026, with their billed cost"},
        {NULL, NULL},
        {"list accounts", "Accounts with billed cost, all loaded data (2026-07-01 to 2026-10-12)"},
        {"with their cost in August",
         "Billed cost by account, August 2026, account 111111111111, 222222222222 or 333333333333"},
        {"their regions", "Billed cost by account and region, August 2026, account 111111111111, 222222222222 or 333333333333"},
        {NULL, NULL},
        {"average cost per day", "Average billed cost per day, all loaded data (2026-07-01 to 2026-10-12)"},
        {"only S3",
         "Average billed cost per day, all loaded data (2026-07-01 to 2026-10-12), service Amazon Simple Storage Service"},
        {"per week",
         "Average billed cost per week, all loaded data (2026-07-01 to 2026-10-12), service Amazon Simple Storage Service"},
        {"by account", "Average billed cost per week by account, all loaded data (2026-07-01 to 2026-10-12), service Amazon "
                       "Simple Storage Service"},
        {NULL, NULL},
        {"cost per account per month", "Billed cost per month by account, all loaded data (2026-07-01 to 2026-10-12)"},
        {"for EC2",
         "Billed cost per month by account, all loaded data (2026-07-01 to 2026-10-12), service Amazon Elastic Compute Cloud"},
        {"quarterly", "Billed cost per quarter by account, all loaded data (2026-07-01 to 2026-10-12), service Amazon Elastic "
                      "Compute Cloud"},
        {"cumulative", "Running total of billed cost per quarter by account, all loaded data (2026-07-01 to 2026-10-12), "
                       "service Amazon Elastic Compute Cloud"},
    };
    CONVERSATION(steps);
}

static void nothing_to_refer_to(void **state) {
    static const Step steps[] = {
        {"cost of those by region", "!UNKNOWN_VALUE"},
        {NULL, NULL},
        {"what about that account", "!UNSUPPORTED_SHAPE"},
        {NULL, NULL},
        {"cost of the second one", "!UNSUPPORTED_SHAPE"},
        {NULL, NULL},
        {"forecast for the rest of this month", "Forecast of billed cost, October 2026"},
        {NULL, NULL},
        {"EC2 cost in October", "Billed cost, October 2026 (so far), service Amazon Elastic Compute Cloud"},
        {"cost in us-east-1", "Billed cost, all loaded data (2026-07-01 to 2026-10-12), region us-east-1"},
        {"all regions", "Billed cost, all loaded data (2026-07-01 to 2026-10-12)"},
        {"only EC2", "Billed cost, all loaded data (2026-07-01 to 2026-10-12), service Amazon Elastic Compute Cloud"},
        {"all services", "Billed cost, all loaded data (2026-07-01 to 2026-10-12)"},
        {"only web team", "Billed cost, all loaded data (2026-07-01 to 2026-10-12), team web"},
        {"for all teams", "Billed cost, all loaded data (2026-07-01 to 2026-10-12)"},
    };
    CONVERSATION(steps);
}

static void again_and_same(void **state) {
    static const Step steps[] = {
        {"EC2 cost in September", "Billed cost, September 2026, service Amazon Elastic Compute Cloud"},
        {"again", "Billed cost, September 2026, service Amazon Elastic Compute Cloud"},
        {"same for S3", "Billed cost, September 2026, service Amazon Simple Storage Service"},
        {"same but by region", "Billed cost by region, September 2026, service Amazon Simple Storage Service"},
        {"the same in August", "Billed cost by region, August 2026, service Amazon Simple Storage Service"},
        {"same month last year", "!OUT_OF_RANGE"},
        {"same again", "Billed cost by region, August 2026, service Amazon Simple Storage Service"},
    };
    CONVERSATION(steps);
}

static void offers_are_chosen_from(void **state) {
    static const Step steps[] = {
        {"average cost", "?"},
        {"per month", "Average billed cost per month, all loaded data (2026-07-01 to 2026-10-12)"},
        {NULL, NULL},
        {"average cost", "?"},
        {"the first one", "Average billed cost per day, all loaded data (2026-07-01 to 2026-10-12)"},
        {NULL, NULL},
        {"average cost", "?"},
        {"2", "Average billed cost per month, all loaded data (2026-07-01 to 2026-10-12)"},
        {NULL, NULL},
        {"average cost", "?"},
        {"EC2 cost in September", "Billed cost, September 2026, service Amazon Elastic Compute Cloud"},
    };
    CONVERSATION(steps);
}

/* Words that other questions begin with, in a conversation. */
static void words_of_other_shapes_are_never_passed_over(void **state) {
    static const Step steps[] = {
        {"EC2 cost in September", "Billed cost, September 2026, service Amazon Elastic Compute Cloud"},
        {"weekends only", "Billed cost, September 2026, weekends only, service Amazon Elastic Compute Cloud"},
        {"and any anomalies?",
         "Unusual days of billed cost, September 2026, weekends only, service Amazon Elastic Compute Cloud"},
        {NULL, NULL},
        {"EC2 cost in September", "Billed cost, September 2026, service Amazon Elastic Compute Cloud"},
        {"and the forecast for this month", "Forecast of billed cost, October 2026, service Amazon Elastic Compute Cloud"},
        {"by account", "Forecast of billed cost by account, October 2026, service Amazon Elastic Compute Cloud"},
        {NULL, NULL},
        {"EC2 cost in September", "Billed cost, September 2026, service Amazon Elastic Compute Cloud"},
        {"what about savings plans for everybody", "!UNKNOWN_TERM"},
        {"any anomalies?", "Unusual days of billed cost, all loaded data (2026-07-01 to 2026-10-12)"},
        {NULL, NULL},
        {"EC2 cost in September", "Billed cost, September 2026, service Amazon Elastic Compute Cloud"},
        {"NAT gateway cost", "Billed cost, all loaded data (2026-07-01 to 2026-10-12), NAT gateway"},
        {"spot", "Billed cost, all loaded data (2026-07-01 to 2026-10-12), NAT gateway, spot"},
    };
    CONVERSATION(steps);
}

/* --- the object itself --- */

static void what_was_kept_and_changed_is_said(void **state) {
    const Fixture *fixture = *state;
    Conversation *conversation = calloc(1, sizeof *conversation);
    Arena *arena = arena_make();
    Reading reading = {0};
    ask(fixture, arena, "EC2 cost by account in September", conversation, &reading);
    assert_int_equal(reading.turn, TURN_FRESH);
    assert_null(reading.kept);
    ask(fixture, arena, "what about S3 in August", conversation, &reading);
    assert_int_equal(reading.turn, TURN_FOLLOW);
    assert_string_equal(reading.kept, "billed cost, by account");
    assert_string_equal(reading.changed, "August 2026, service Amazon Simple Storage Service");
    ask(fixture, arena, "top 2 without tax", conversation, &reading);
    assert_string_equal(reading.changed, "not tax, top 2");
    ask(fixture, arena, "include tax", conversation, &reading);
    assert_string_equal(reading.changed, "tax again");
    ask(fixture, arena, "in total", conversation, &reading);
    assert_string_equal(reading.changed, "no longer by account, no longer top 2");
    bool told = false;
    for (size_t i = 0; i < reading.plan->assumption_count; i++)
        told = told || text_equal(reading.plan->assumptions[i].field, "follow-up");
    assert_true(told);
    arena_free(arena);
    free(conversation);
}

static void a_conversation_keeps_twenty_turns(void **state) {
    const Fixture *fixture = *state;
    Conversation *conversation = calloc(1, sizeof *conversation);
    Arena *arena = arena_make();
    Reading reading = {0};
    ask(fixture, arena, "cost by service in July", conversation, &reading);
    for (int i = 0; i < CONVERSATION_TURNS + 3; i++)
        ask(fixture, arena, i % 2 ? "in August" : "in September", conversation, &reading);
    assert_int_equal(conversation->count, CONVERSATION_TURNS);
    assert_string_equal(conversation_last(conversation)->question, "in September");
    size_t turns = 0;
    while (conversation_back(conversation)) turns++;
    assert_int_equal(turns, CONVERSATION_TURNS);
    assert_null(conversation_last(conversation));
    arena_free(arena);
    free(conversation);
}

static void a_state_that_is_none_is_refused(void **state) {
    (void)state;
    static const char *const WRONG[] = {
        "[]",
        "null",
        "{}",
        "{\"v\":2,\"turns\":[]}",
        "{\"v\":1}",
        "{\"v\":1,\"turns\":{}}",
        "{\"v\":1,\"turns\":[1]}",
        "{\"v\":1,\"turns\":[{\"question\":\"q\",\"dataset\":\"bill\"}]}",
        "{\"v\":1,\"turns\":[{\"question\":\"q\",\"dataset\":\"bill\",\"plan\":{},\"keys\":[]}]}",
        "{\"v\":1,\"turns\":[{\"question\":\"q\",\"dataset\":\"bill\",\"plan\":{},\"keys\":{\"columns\":[\"a\"],\"rows\":[[1]]}"
        "}]}",
        "{\"v\":1,\"turns\":[{\"question\":\"q\",\"dataset\":\"bill\",\"plan\":{},\"keys\":{\"columns\":[\"a\"],\"rows\":[["
        "\"x\",\"y\"]]}}]}",
        "{\"v\":1,\"turns\":[],\"offered\":[{}]}",
        "{\"v\":1,\"turns\":[],\"offered\":[{\"plan\":{}},{\"plan\":{}},{\"plan\":{}},{\"plan\":{}}]}"};
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        Arena *arena = arena_make();
        Conversation *conversation = calloc(1, sizeof *conversation);
        Json *json = NULL;
        Err err = {0};
        assert_true(json_parse(arena, WRONG[i], strlen(WRONG[i]), &json, &err));
        assert_false(conversation_read(arena, json, conversation, &err));
        assert_string_equal(err.code, "INVALID_CONVERSATION");
        free(conversation);
        arena_free(arena);
    }
}

/* A client may send any plan: it is read strictly, and must pass the same checks as every other. */
static void a_forged_plan_is_no_way_around_the_checks(void **state) {
    const Fixture *fixture = *state;
    static const char *const FORGED[] = {
        "{\"v\":1,\"turns\":[{\"question\":\"q\",\"dataset\":\"bill\",\"plan\":{\"v\":1,\"intent\":\"total\",\"sql\":\"x\"}}]}",
        "{\"v\":1,\"turns\":[{\"question\":\"q\",\"dataset\":\"bill\",\"plan\":{\"v\":1,\"intent\":\"breakdown\",\"group_by\":["
        "\"secret\"]}}]}",
        "{\"v\":1,\"turns\":[{\"question\":\"q\",\"dataset\":\"bill\",\"plan\":{\"v\":1,\"intent\":\"breakdown\",\"group_by\":["
        "\"ServiceName\"]},\"keys\":{\"columns\":[\"secret\"],\"rows\":[[\"x\"]]}}]}"};
    static const char *const QUESTIONS[] = {"again", "again", "the first one"};
    for (size_t i = 0; i < 3; i++) {
        Arena *arena = arena_make();
        Conversation *conversation = calloc(1, sizeof *conversation);
        Json *json = NULL;
        Err err = {0};
        Reading reading = {0};
        assert_true(json_parse(arena, FORGED[i], strlen(FORGED[i]), &json, &err) &&
                    conversation_read(arena, json, conversation, &err));
        bool read = question_follow(arena, fixture->session, fixture->lexicon, QUESTIONS[i], fixture->catalog->as_of,
                                    conversation, &reading, &err);
        assert_true(!read || reading.status == READING_DECLINED);
        free(conversation);
        arena_free(arena);
    }
}

static void commands_are_the_whole_question(void **state) {
    const Fixture *fixture = *state;
    assert_int_equal(question_command(fixture->arena, "go back"), TURN_BACK);
    assert_int_equal(question_command(fixture->arena, "Ok, undo that!"), TURN_BACK);
    assert_int_equal(question_command(fixture->arena, "start over"), TURN_RESET);
    assert_int_equal(question_command(fixture->arena, "go back to August"), TURN_FRESH);
    assert_int_equal(question_command(fixture->arena, ""), TURN_FRESH);
}

static void names_are_completed(void **state) {
    const Fixture *fixture = *state;
    const char *texts[5];
    size_t from = 0;
    assert_int_equal(question_complete(fixture->arena, fixture->catalog, "cost of amazon ela", &from, texts, 5), 1);
    assert_int_equal(from, 8);
    assert_string_equal(texts[0], "Amazon Elastic Compute Cloud");
    assert_int_equal(question_complete(fixture->arena, fixture->catalog, "cost of shop", &from, texts, 1), 1);
    assert_int_equal(question_complete(fixture->arena, fixture->catalog, "cost by zzz", &from, texts, 5), 0);
    assert_int_equal(question_complete(fixture->arena, fixture->catalog, "", &from, texts, 5), 0);
    assert_int_equal(question_complete(fixture->arena, fixture->catalog, "cost by ", &from, texts, 5), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_replaced_and_added),
        cmocka_unit_test(things_make_way_and_attributes_narrow),
        cmocka_unit_test(breakdowns_grow_and_are_replaced),
        cmocka_unit_test(periods_and_grains_are_replaced),
        cmocka_unit_test(order_and_number_are_replaced),
        cmocka_unit_test(why_is_about_what_was_asked),
        cmocka_unit_test(rows_are_referred_to),
        cmocka_unit_test(other_shapes_keep_the_scope),
        cmocka_unit_test(questions_of_their_own_are_fresh),
        cmocka_unit_test(what_cannot_be_changed_is_declined),
        cmocka_unit_test(many_ways_to_say_it),
        cmocka_unit_test(nothing_to_refer_to),
        cmocka_unit_test(again_and_same),
        cmocka_unit_test(offers_are_chosen_from),
        cmocka_unit_test(words_of_other_shapes_are_never_passed_over),
        cmocka_unit_test(what_was_kept_and_changed_is_said),
        cmocka_unit_test(a_conversation_keeps_twenty_turns),
        cmocka_unit_test(a_state_that_is_none_is_refused),
        cmocka_unit_test(a_forged_plan_is_no_way_around_the_checks),
        cmocka_unit_test(commands_are_the_whole_question),
        cmocka_unit_test(names_are_completed),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
