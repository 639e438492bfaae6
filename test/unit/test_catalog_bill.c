/* A small bill in memory, with every line item type, loaded as a catalog: classes, values, facts, concepts, measures, profile,
 * questions, look-ups. Stored summaries (those an import keeps) must give the same catalog as the lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/sql.h"
#include "base/text.h"
#include "catalog/dataset.h"

typedef struct {
    Arena *arena;
    DuckSession *session;
} Fixture;

/* Lines of two months; September is complete, October ends on the 2nd at 09:00. Fees of future days must not move "today". */
static const char bill_sql[] =
    "CREATE TABLE lines AS SELECT "
    "CAST(cost AS DECIMAL(18,6)) AS BilledCost, CAST(effective AS DECIMAL(18,6)) AS EffectiveCost, CAST(list AS DECIMAL(18,6)) "
    "AS ListCost, "
    "CAST(unused AS DECIMAL(18,6)) AS x_UnusedCommitmentCost, 'USD' AS BillingCurrency, category AS ChargeCategory, "
    "CAST(NULL AS VARCHAR) AS CommitmentDiscountId, CAST(NULL AS VARCHAR) AS PricingCategory, "
    "service AS ServiceName, code AS x_ServiceCode, 'Compute' AS ServiceCategory, type AS x_LineItemType, meter AS x_Meter, "
    "meter AS x_CostDriver, "
    "meter AS x_UsageType, '048213975520' AS SubAccountId, 'staging' AS SubAccountName, 'us-east-1' AS RegionId, resource AS "
    "ResourceId, "
    "CAST(quantity AS DECIMAL(18,6)) AS ConsumedQuantity, unit AS ConsumedUnit, description AS ChargeDescription, "
    "CAST(start AS TIMESTAMP) AS ChargePeriodStart, CAST(start AS TIMESTAMP) + to_seconds(width) AS ChargePeriodEnd, "
    "CAST(start AS DATE) AS x_ChargeDate, team AS tag_team, MAP {'team': team} AS Tags, CAST(1 AS BIGINT) AS x_RowCount FROM "
    "(VALUES "
    "(100, 100, 100, 0, 'Usage', 'Amazon Elastic Compute Cloud', 'AmazonEC2', 'Usage', 'BoxUsage:m5.large', 'i-0abc', 720, "
    "'Hrs', 'm5', '2026-09-01 00:00:00', 3600, 'web'),"
    "(0, 45, 80, 0, 'Usage', 'Amazon Elastic Compute Cloud', 'AmazonEC2', 'DiscountedUsage', 'BoxUsage:m5.large', 'i-0def', "
    "720, 'Hrs', 'ri', '2026-09-02 00:00:00', 3600, 'web'),"
    "(30, 9, 0, 9, 'Purchase', 'Amazon Elastic Compute Cloud', 'AmazonEC2', 'RIFee', 'HeavyUsage:m5.large', NULL, NULL, NULL, "
    "'ri fee', '2026-09-01 00:00:00', 2592000, NULL),"
    "(70, 42, 70, 0, 'Usage', 'Amazon Elastic Compute Cloud', 'AmazonEC2', 'SavingsPlanCoveredUsage', 'BoxUsage:c5.large', "
    "'i-0123', 720, 'Hrs', 'sp', '2026-09-03 00:00:00', 3600, 'data'),"
    "(-70, 0, 70, 0, 'Usage', 'Amazon Elastic Compute Cloud', 'AmazonEC2', 'SavingsPlanNegation', 'BoxUsage:c5.large', NULL, "
    "720, 'Hrs', 'neg', '2026-09-03 00:00:00', 3600, NULL),"
    "(50, 8, 0, 8, 'Purchase', 'Savings Plans for AWS Compute usage', 'ComputeSavingsPlans', 'SavingsPlanRecurringFee', "
    "'ComputeSP:1yrNoUpfront', NULL, NULL, NULL, 'fee', '2026-10-31 00:00:00', 3600, NULL),"
    "(5, 5, 5, 0, 'Usage', 'Amazon Elastic Compute Cloud', 'AmazonEC2', 'Usage', 'NatGateway-Hours', "
    "'arn:aws:ec2:us-east-1:048213975520:natgateway/nat-1', 100, 'Hrs', 'nat', '2026-09-04 00:00:00', 3600, ''),"
    "(3, 3, 3, 0, 'Usage', 'Amazon Elastic Compute Cloud', 'AmazonEC2', 'Usage', 'NatGateway-Bytes', "
    "'arn:aws:ec2:us-east-1:048213975520:natgateway/nat-1', 66, 'GB', 'nat', '2026-10-02 08:00:00', 3600, NULL),"
    "(21, 21, 0, 0, 'Tax', 'Amazon Elastic Compute Cloud', 'AmazonEC2', 'Tax', NULL, NULL, NULL, NULL, 'tax', '2026-09-01 "
    "00:00:00', 2592000, NULL)"
    ") t(cost, effective, list, unused, category, service, code, type, meter, resource, quantity, unit, description, start, "
    "width, team);"
    "CREATE VIEW bill AS SELECT * FROM lines;";

static int set_up(void **state) {
    static Fixture fixture;
    fixture.arena = arena_make();
    Duck *duck = NULL;
    Err err = {0};
    if (!duck_open(fixture.arena, NULL, &(DuckOptions){.threads = 1}, &duck, &err)) return -1;
    if (!duck_connect(fixture.arena, duck, &fixture.session, &err)) return -1;
    if (!duck_run(fixture.session, bill_sql, &err)) {
        fprintf(stderr, "%s\n", err.message);
        return -1;
    }
    *state = &fixture;
    return 0;
}

static int tear_down(void **state) {
    arena_free(((Fixture *)*state)->arena);
    return 0;
}

static const Catalog *load(Fixture *fixture) {
    Catalog *catalog = NULL;
    Err err = {0};
    Dataset dataset = {.name = "bill", .is_bill = true};
    if (!dataset_catalog(fixture->arena, fixture->session, &dataset, &catalog, &err)) fail_msg("%s", err.message);
    return catalog;
}

static void columns_have_classes_and_values(void **state) {
    const Catalog *catalog = load(*state);
    assert_int_equal(catalog->row_count, 9);
    const CatalogColumn *service = catalog_column(catalog, "ServiceName");
    assert_int_equal(service->class, CLASS_DIMENSION);
    assert_string_equal(service->label, "service");
    assert_string_equal(service->plural, "services");
    assert_int_equal(service->value_count, 2);
    assert_int_equal(service->distinct, 2);
    assert_true(service->values_complete);
    assert_string_equal(service->values[0].text, "Amazon Elastic Compute Cloud");
    assert_int_equal(service->values[0].row_count, 8);
    assert_string_equal(decimal_text(((Fixture *)*state)->arena, service->values[0].cost), "159");
    assert_int_equal(catalog_column(catalog, "ResourceId")->class, CLASS_IDENTIFIER);
    assert_int_equal(catalog_column(catalog, "ResourceId")->value_count, 0);
    assert_int_equal(catalog_column(catalog, "ResourceId")->missing, 4);
    assert_int_equal(catalog_column(catalog, "BilledCost")->class, CLASS_COST);
    assert_int_equal(catalog_column(catalog, "BilledCost")->type, CELL_DECIMAL);
    assert_string_equal(catalog_column(catalog, "SubAccountId")->companion, "SubAccountName");
    assert_null(catalog_column(catalog, "Tags"));
    const CatalogColumn *team = catalog_tag(catalog, "TEAM");
    assert_non_null(team);
    assert_int_equal(team->class, CLASS_TAG);
    assert_string_equal(team->tag_key, "team");
    assert_int_equal(team->missing, 6);
    assert_int_equal(team->value_count, 2);
    assert_null(catalog_tag(catalog, "owner"));
}

static void today_is_the_last_usage_day(void **state) {
    const Catalog *catalog = load(*state);
    Arena *arena = ((Fixture *)*state)->arena;
    assert_string_equal(date_text(arena, catalog->as_of), "2026-10-02");
    assert_string_equal(date_text(arena, catalog->first_day), "2026-09-01");
    assert_string_equal(date_text(arena, catalog->last_day), "2026-10-31");
    assert_string_equal(catalog->data_through, "2026-10-02 09:00:00");
    assert_string_equal(catalog->granularity, "hourly");
    assert_string_equal(catalog->currencies[0], "USD");
    assert_int_equal(catalog->month_count, 2);
    assert_string_equal(catalog->months[0].name, "2026-09");
    assert_true(catalog->months[0].complete);
    assert_false(catalog->months[1].complete);
    assert_string_equal(date_text(arena, catalog->months[1].end), "2026-10-03");
    assert_string_equal(catalog->provider, "AWS");
    assert_true(catalog->has_resources);
}

static void concepts_know_whether_they_match(void **state) {
    const Catalog *catalog = load(*state);
    const Concept *nat = catalog_concept(catalog, "nat-gateway");
    assert_true(nat->available);
    assert_int_equal(nat->row_count, 2);
    assert_string_equal(decimal_text(((Fixture *)*state)->arena, nat->cost), "8");
    assert_int_equal(nat->group_count, 1); /* the groups for bills without meters are not used */
    assert_string_equal(nat->groups[0].clauses[0].column, "ChargeCategory");
    assert_string_equal(nat->groups[0].clauses[1].column, "x_Meter");
    assert_int_equal(catalog_concept(catalog, "tax")->row_count, 1);
    assert_int_equal(catalog_concept(catalog, "credits")->row_count, 0);
    assert_true(catalog_concept(catalog, "credits")->available);
    assert_int_equal(catalog_concept(catalog, "ebs-volumes")->row_count, 0);
    assert_string_equal(catalog_concept(catalog, "unused-reservations")->measure, "x_UnusedCommitmentCost");
    assert_true(catalog_concept(catalog, "tagged")->row_count > 0);
    assert_null(catalog_concept(catalog, "no-such-thing"));
}

static void measures_know_what_they_need(void **state) {
    const Catalog *catalog = load(*state);
    assert_string_equal(catalog->measures[0].name, "BilledCost");
    assert_true(catalog_measure(catalog, "EffectiveCost")->available);
    assert_string_equal(catalog_measure(catalog, "ListCost")->concept, "priced-usage");
    assert_string_equal(catalog_measure(catalog, "ConsumedQuantity")->unit_column, "ConsumedUnit");
    assert_false(catalog_measure(catalog, "x_SplitCost")->available);
    assert_non_null(catalog_measure(catalog, "x_SplitCost")->needs);
    /* No commitment totals here: the utilization by cost stands in, under the same name and once. */
    const Measure *utilization = catalog_measure(catalog, "savings_plan_utilization");
    assert_true(utilization->available);
    assert_string_equal(utilization->numerator, "savings_plan_covered_effective");
    assert_true(utilization->word_count > 0);
    assert_true(catalog_measure(catalog, "savings_plan_savings")->available);
    assert_int_equal(catalog_measure(catalog, "savings_plan_savings")->kind, MEASURE_DIFFERENCE);
    assert_true(catalog_measure(catalog, "effective_savings_rate")->available);
    assert_false(catalog_measure(catalog, "spot_savings")->available);
    for (size_t i = 0; i < catalog->measure_count; i++)
        assert_ptr_equal(catalog_measure(catalog, catalog->measures[i].name), &catalog->measures[i]);
}

/* The measure's value by its own definition, written the way a compiler of plans would. */
static void add_condition(Sql *sql, const Catalog *catalog, const char *id);
static const char *sum_of(Fixture *fixture, const Catalog *catalog, const char *name) {
    const Measure *measure = catalog_measure(catalog, name);
    Sql *sql = sql_make(fixture->arena);
    sql_add(sql, "SELECT coalesce(sum(%I), 0) FROM bill WHERE ", measure->column);
    if (measure->concept)
        add_condition(sql, catalog, measure->concept);
    else
        sql_add(sql, "true");
    const char *value = NULL;
    Err err = {0};
    if (!duck_value(fixture->arena, fixture->session, sql_text(sql), &value, &err)) fail_msg("%s: %s", name, err.message);
    Decimal decimal;
    assert_true(decimal_parse(value, &decimal));
    return decimal_text(fixture->arena, decimal);
}

static void add_clause(Sql *sql, const Clause *clause) {
    static const char *const forms[] = {"lower(%I) = lower(%S)", "lower(%I) = lower(%S)", "contains(lower(%I), lower(%S))",
                                        "starts_with(lower(%I), lower(%S))", "ends_with(lower(%I), lower(%S))"};
    if (clause->op == CLAUSE_EMPTY || clause->op == CLAUSE_NOT_EMPTY) {
        sql_add(sql, clause->op == CLAUSE_EMPTY ? "coalesce(%I, '') = ''" : "coalesce(%I, '') <> ''", clause->column);
        return;
    }
    sql_add(sql, clause->op == CLAUSE_NOT_IN ? "NOT coalesce(" : "coalesce(");
    for (size_t i = 0; i < clause->value_count; i++) {
        if (i) sql_add(sql, " OR ");
        sql_add(sql, forms[clause->op], clause->column, clause->values[i]);
    }
    sql_add(sql, ", false)");
}

static void add_condition(Sql *sql, const Catalog *catalog, const char *id) {
    const Concept *concept = catalog_concept(catalog, id);
    sql_add(sql, "(");
    for (size_t g = 0; g < concept->group_count; g++) {
        sql_add(sql, g ? ") OR (" : "(");
        for (size_t c = 0; c < concept->groups[g].clause_count; c++) {
            if (c) sql_add(sql, " AND ");
            add_clause(sql, &concept->groups[g].clauses[c]);
        }
    }
    sql_add(sql, "))");
}

/* Figures of the golden bill: list 250 = 100 + 80 + 70 and NAT 8; savings plan 42 used of 50; RI 45 used of 54. */
static void measures_add_up(void **state) {
    Fixture *fixture = *state;
    const Catalog *catalog = load(fixture);
    assert_string_equal(sum_of(fixture, catalog, "BilledCost"), "209");
    assert_string_equal(sum_of(fixture, catalog, "ListCost"), "258");
    assert_string_equal(sum_of(fixture, catalog, "eligible_list"), "250");
    assert_string_equal(sum_of(fixture, catalog, "eligible_effective"), "204");
    assert_string_equal(sum_of(fixture, catalog, "savings_plan_covered_effective"), "42");
    assert_string_equal(sum_of(fixture, catalog, "savings_plan_effective"), "50");
    assert_string_equal(sum_of(fixture, catalog, "savings_plan_covered_list"), "70");
    assert_string_equal(sum_of(fixture, catalog, "reservation_covered_effective"), "45");
    assert_string_equal(sum_of(fixture, catalog, "reservation_effective"), "54");
    assert_string_equal(sum_of(fixture, catalog, "committed_list"), "150");
    assert_string_equal(sum_of(fixture, catalog, "committed_instance_hours"), "1440");
    assert_string_equal(sum_of(fixture, catalog, "eligible_instance_hours"), "2160");
    assert_string_equal(sum_of(fixture, catalog, "x_UnusedCommitmentCost"), "17");
    assert_string_equal(sum_of(fixture, catalog, "ConsumedQuantity"), "2326");
}

static void identifiers_are_found_by_their_last_part(void **state) {
    Fixture *fixture = *state;
    const Catalog *catalog = load(fixture);
    const CatalogColumn *resource = catalog_column(catalog, "ResourceId");
    const char **values = NULL;
    size_t count = 0;
    Err err = {0};
    static const char *const asked[][2] = {{"i-0abc", "i-0abc"},
                                           {"nat-1", "arn:aws:ec2:us-east-1:048213975520:natgateway/nat-1"},
                                           {"NAT-1", "arn:aws:ec2:us-east-1:048213975520:natgateway/nat-1"}};
    for (size_t i = 0; i < 3; i++) {
        assert_true(catalog_find_identifier(fixture->arena, fixture->session, catalog, resource, asked[i][0], 5, &values,
                                            &count, &err));
        assert_int_equal(count, 1);
        assert_string_equal(values[0], asked[i][1]);
    }
    assert_true(
        catalog_find_identifier(fixture->arena, fixture->session, catalog, resource, "i-0ab", 5, &values, &count, &err));
    assert_int_equal(count, 0);
    assert_true(
        catalog_find_identifier(fixture->arena, fixture->session, catalog, resource, "x' OR '1'='1", 5, &values, &count, &err));
    assert_int_equal(count, 0);
}

static void profile_says_what_is_there(void **state) {
    Fixture *fixture = *state;
    const Catalog *catalog = load(fixture);
    Json *profile = NULL;
    Err err = {0};
    if (!catalog_profile(fixture->arena, fixture->session, catalog, &profile, &err)) fail_msg("%s", err.message);
    assert_int_equal(json_get_integer(profile, "rows", 0), 9);
    const Json *total = json_at(json_get(profile, "totals"), 0);
    assert_string_equal(json_get_text(total, "currency"), "USD");
    assert_string_equal(json_get_text(total, "BilledCost"), "209");
    assert_int_equal(json_count(json_get(profile, "months")), 2);
    assert_int_equal(json_count(json_get(profile, "services")), 2);
    assert_string_equal(json_text(json_at(json_get(json_get(profile, "completeness"), "incomplete"), 0)), "2026-10");
    assert_true(json_count(json_get(json_get(profile, "summary"), "rows")) > 5);
    assert_int_equal(json_count(json_get(json_get(profile, "columns"), "tag")), 1);
}

static void questions_ask_about_what_exists(void **state) {
    Fixture *fixture = *state;
    const char **questions = NULL;
    size_t count = 0;
    catalog_questions(fixture->arena, load(fixture), &questions, &count);
    assert_int_equal(count, 10);
    bool tag = false;
    for (size_t i = 0; i < count; i++) {
        tag = tag || strstr(questions[i], "team");
        assert_null(strstr(questions[i], "provider"));
        for (size_t other = 0; other < i; other++) assert_string_not_equal(questions[i], questions[other]);
    }
    assert_true(tag);
}

/* The same bill as a snapshot with the summaries that an import stores: attached, not computed. */
static void stored_summaries_give_the_same_catalog(void **state) {
    Fixture *fixture = *state;
    const char *path = arena_printf(fixture->arena, "/tmp/curlew_test_catalog_%ld.duckdb", (long)getpid());
    Err err = {0};
    unlink(path);
    const char *sql = arena_printf(
        fixture->arena,
        "ATTACH '%s' AS snap; CREATE TABLE snap.lines AS SELECT * FROM bill;"
        "CREATE TABLE snap.dictionary AS SELECT 'ServiceName' AS column_name, ServiceName AS value, count(*) AS row_count, "
        "CAST(sum(BilledCost) AS DECIMAL(38,12)) AS cost, min(x_ChargeDate) AS first_day, max(x_ChargeDate) AS last_day FROM "
        "bill GROUP BY 2 "
        "UNION ALL SELECT 'x_Meter', x_Meter, count(*), sum(BilledCost), min(x_ChargeDate), max(x_ChargeDate) FROM bill WHERE "
        "x_Meter <> '' GROUP BY 2;"
        "CREATE TABLE snap.column_stats(column_name VARCHAR, missing BIGINT, distinct_approx BIGINT);"
        "INSERT INTO snap.column_stats VALUES ('ServiceName', 0, 2), ('x_Meter', 1, 6), ('ResourceId', 4, 5), ('BilledCost', "
        "0, 9);",
        path);
    if (!duck_run(fixture->session, sql, &err)) fail_msg("%s", err.message);
    Json *facts = NULL;
    const char *text = "{\"first_day\":\"2026-09-01\",\"last_day\":\"2026-10-31\",\"as_of\":\"2026-10-02\",\"data_through\":"
                       "\"2026-10-02 09:00:00\","
                       "\"currencies\":[\"USD\"],\"granularity\":\"hourly\",\"has_resources\":true,\"odd\":[\"one oddity\"],"
                       "\"columns\":[{\"name\":\"tag_team\",\"kind\":\"tag\",\"key\":\"user:Team\"}]}";
    assert_true(json_parse(fixture->arena, text, strlen(text), &facts, &err));
    Snapshot snapshot = {.dataset = "bill",
                         .path = path,
                         .source = "two months",
                         .format = "CUR 2.0",
                         .period = "2026-09",
                         .row_count = 9,
                         .facts = facts};
    const Snapshot *snapshots[] = {&snapshot};
    Dataset dataset = {.name = "bill", .is_bill = true, .revision = 7, .snapshot_count = 1, .snapshots = snapshots};
    Catalog *catalog = NULL;
    if (!dataset_catalog(fixture->arena, fixture->session, &dataset, &catalog, &err)) fail_msg("%s", err.message);
    const Catalog *computed = load(fixture);
    const CatalogColumn *stored_service = catalog_column(catalog, "ServiceName"),
                        *service = catalog_column(computed, "ServiceName");
    assert_int_equal(stored_service->value_count, service->value_count);
    assert_string_equal(stored_service->values[0].text, service->values[0].text);
    assert_int_equal(decimal_compare(stored_service->values[0].cost, service->values[0].cost), 0);
    assert_int_equal(catalog_column(catalog, "ResourceId")->distinct, 5);
    assert_int_equal(catalog_column(catalog, "x_ServiceCode")->missing, 9); /* no summary: counts as a column without values */
    assert_int_equal(catalog->as_of, computed->as_of);
    assert_int_equal(catalog->month_count, computed->month_count);
    assert_int_equal(catalog->odd_count, 1);
    assert_string_equal(catalog_tag(catalog, "team")->label, "Team");
    assert_string_equal(catalog->source, "two months");
    assert_true(duck_run(fixture->session, "DETACH snap", &err));
    unlink(path);
}

/* FOCUS without meters: the same concepts are found by descriptions. */
static void bills_without_meters_use_descriptions(void **state) {
    Fixture *fixture = *state;
    Err err = {0};
    assert_true(duck_run(
        fixture->session,
        "CREATE OR REPLACE VIEW focus AS SELECT BilledCost, ChargeCategory, ServiceName, ServiceCategory, ChargePeriodStart, "
        "ChargePeriodEnd, "
        "x_ChargeDate, ResourceId, BillingCurrency, CAST(NULL AS VARCHAR) AS x_Meter, CAST(NULL AS VARCHAR) AS x_LineItemType, "
        "CASE WHEN x_Meter LIKE 'Nat%' THEN '$0.045 per NAT Gateway Hour' ELSE 'other' END AS ChargeDescription FROM lines",
        &err));
    Dataset dataset = {.name = "focus", .is_bill = true};
    Catalog *catalog = NULL;
    if (!dataset_catalog(fixture->arena, fixture->session, &dataset, &catalog, &err)) fail_msg("%s", err.message);
    const Concept *nat = catalog_concept(catalog, "nat-gateway");
    assert_true(nat->available);
    assert_int_equal(nat->row_count, 2);
    assert_string_equal(nat->groups[0].clauses[nat->groups[0].clause_count - 1].column, "ChargeDescription");
    assert_false(catalog_concept(catalog, "reserved-instance-fees")->available);
    assert_false(catalog_measure(catalog, "EffectiveCost")->available);
    assert_string_equal(catalog_measure(catalog, "EffectiveCost")->needs, "effective (amortized) cost");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_have_classes_and_values),
        cmocka_unit_test(today_is_the_last_usage_day),
        cmocka_unit_test(concepts_know_whether_they_match),
        cmocka_unit_test(measures_know_what_they_need),
        cmocka_unit_test(measures_add_up),
        cmocka_unit_test(identifiers_are_found_by_their_last_part),
        cmocka_unit_test(profile_says_what_is_there),
        cmocka_unit_test(questions_ask_about_what_exists),
        cmocka_unit_test(stored_summaries_give_the_same_catalog),
        cmocka_unit_test(bills_without_meters_use_descriptions),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
