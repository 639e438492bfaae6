/* Arbitrary tables as a catalog: classes by headers, types and values; what the rows are; measures and questions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "catalog/classify.h"
#include "catalog/dataset.h"

typedef struct {
    Arena *arena;
    DuckSession *session;
} Fixture;

static int set_up(void **state) {
    static Fixture fixture;
    fixture.arena = arena_make();
    Duck *duck = NULL;
    Err err = {0};
    if (!duck_open(fixture.arena, NULL, &(DuckOptions){.threads = 1}, &duck, &err)) return -1;
    if (!duck_connect(fixture.arena, duck, &fixture.session, &err)) return -1;
    *state = &fixture;
    return 0;
}

static int tear_down(void **state) {
    arena_free(((Fixture *)*state)->arena);
    return 0;
}

/* A catalog of a table that `sql` selects. */
static const Catalog *load(Fixture *fixture, const char *sql) {
    Err err = {0};
    Catalog *catalog = NULL;
    const char *create = arena_printf(fixture->arena, "CREATE OR REPLACE TABLE things AS %s", sql);
    if (!duck_run(fixture->session, create, &err)) fail_msg("%s", err.message);
    Dataset dataset = {.name = "things"};
    if (!dataset_catalog(fixture->arena, fixture->session, &dataset, &catalog, &err)) fail_msg("%s", err.message);
    return catalog;
}

static void labels_are_words(void **state) {
    Arena *arena = ((Fixture *)*state)->arena;
    static const char *const labels[][2] = {
        {"volume_type", "volume type"},       {"VolumeType", "volume type"}, {"DBInstanceId", "db instance id"},
        {"Monthly Cost ($)", "monthly cost"}, {"size-GB", "size gb"},        {"tags.Team", "tags team"}};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        assert_string_equal(classify_label(arena, labels[i][0]), labels[i][1]);
    assert_string_equal(classify_plural(arena, "policy"), "policies");
    assert_string_equal(classify_plural(arena, "bus"), "bus");
    assert_string_equal(classify_plural(arena, "index"), "indexes");
    assert_string_equal(classify_plural(arena, "key"), "keys");
}

static const char volumes[] =
    "SELECT printf('vol-%017x', i) AS volume_id, CASE i % 3 WHEN 0 THEN '048213975520' ELSE '482910375526' END AS account_id, "
    "CASE i % 2 WHEN 0 THEN 'gp2' ELSE 'gp3' END AS volume_type, CAST(i AS DOUBLE) AS size_gb, "
    "TIMESTAMP '2026-09-01 00:00:00' + to_days(CAST(i % 30 AS INTEGER)) AS first_seen, "
    "CAST(i * 0.08 AS DECIMAL(18,4)) AS monthly_cost, CASE WHEN i % 4 > 0 THEN 'web' END AS team FROM range(40) t(i)";

static void columns_of_volumes(void **state) {
    const Catalog *catalog = load(*state, volumes);
    static const struct {
        const char *name, *label;
        ColumnClass class;
        const char *unit;
    } expected[] = {{"volume_id", "volume id", CLASS_IDENTIFIER, NULL},
                    {"account_id", "account", CLASS_DIMENSION, NULL},
                    {"volume_type", "volume type", CLASS_DIMENSION, NULL},
                    {"size_gb", "size gb", CLASS_METRIC, "GB"},
                    {"first_seen", "first seen", CLASS_TIMESTAMP, NULL},
                    {"monthly_cost", "monthly cost", CLASS_COST, NULL},
                    {"team", "team", CLASS_TAG, NULL}};
    assert_int_equal(catalog->column_count, 7);
    for (size_t i = 0; i < 7; i++) {
        const CatalogColumn *column = catalog_column(catalog, expected[i].name);
        assert_int_equal(column->class, expected[i].class);
        assert_string_equal(column->label, expected[i].label);
        assert_true(text_equal(column->unit, expected[i].unit));
    }
    assert_int_equal(catalog_tag(catalog, "Team")->missing, 10);
    assert_string_equal(catalog->detected_service, "Amazon EBS");
    assert_string_equal(catalog->row_label, "volume");
    assert_string_equal(catalog->row_plural, "volumes");
    assert_string_equal(catalog->row_identifier->name, "volume_id");
    assert_string_equal(catalog->time_column->name, "first_seen");
    assert_string_equal(catalog->measures[0].name, "monthly_cost");
    assert_string_equal(catalog_measure(catalog, "size_gb")->words[2], "size");
    assert_string_equal(catalog_measure(catalog, "line_items")->label, "volumes");
    assert_int_equal(catalog->concept_count, 0);
    const CatalogColumn *type = catalog_column(catalog, "volume_type");
    assert_string_equal(type->values[0].text, "gp3"); /* dearest first */
}

static void rows_are_recognised_by_headers_or_values(void **state) {
    static const struct {
        const char *sql, *service, *plural;
    } cases[] = {
        {"SELECT 'logs-' || i AS bucket_name, i AS total_cost FROM range(9) t(i)", "Amazon Simple Storage Service", "buckets"},
        {"SELECT 'f' || i AS \"FunctionName\", 'python3.12' AS \"Runtime\", 128 AS \"MemorySize\" FROM range(9) t(i)",
         "AWS Lambda", "functions"},
        {"SELECT 'db' || i AS \"DBInstanceIdentifier\", 'db.r5.large' AS \"DBInstanceClass\", 'mysql' AS \"Engine\" FROM "
         "range(9) t(i)",
         "Amazon Relational Database Service", "database instances"},
        /* No header says so, but every id is an instance's. */
        {"SELECT printf('i-%017x', i) AS id, 'web' AS role FROM range(9) t(i)", "Amazon Elastic Compute Cloud", "instances"},
        {"SELECT 'arn:aws:sqs:us-east-1:048213975520:q' || i AS arn, i AS messages FROM range(9) t(i)",
         "Amazon Simple Queue Service", "queues"},
        {"SELECT 'AmazonRDS' AS product_code, 'r' || i AS region, i AS cost FROM range(3) t(i)",
         "Amazon Relational Database Service", "rows"},
        /* What a volume is attached to does not make it an instance. */
        {"SELECT printf('vol-%017x', i) AS volume_id, printf('i-%017x', i) AS instance_id, 'gp3' AS volume_type FROM range(9) "
         "t(i)",
         "Amazon EBS", "volumes"},
        /* Nothing to do with a cloud. */
        {"SELECT 'p' || i AS product_name, i AS price FROM range(9) t(i)", NULL, "products"},
        {"SELECT 'x' AS colour, 2 AS height FROM range(9) t(i)", NULL, "rows"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const Catalog *catalog = load(*state, cases[i].sql);
        if (!text_equal(catalog->detected_service, cases[i].service))
            fail_msg("%s: %s", cases[i].sql, catalog->detected_service ? catalog->detected_service : "none");
        assert_string_equal(catalog->row_plural, cases[i].plural);
    }
}

static void numbers_that_name_are_not_added_up(void **state) {
    const Catalog *catalog = load(
        *state, "SELECT 482910375526 AS account_id, 2026 AS year, i AS request_count, i * 1.5 AS cost_eur, true AS encrypted, "
                "'x' AS product_region_code FROM range(9) t(i)");
    assert_int_equal(catalog_column(catalog, "account_id")->class, CLASS_DIMENSION);
    assert_int_equal(catalog_column(catalog, "year")->class, CLASS_DIMENSION);
    assert_int_equal(catalog_column(catalog, "request_count")->class, CLASS_METRIC);
    assert_int_equal(catalog_column(catalog, "cost_eur")->class, CLASS_COST);
    assert_string_equal(catalog_column(catalog, "cost_eur")->unit, "EUR");
    assert_string_equal(catalog->currencies[0], "EUR");
    assert_int_equal(catalog_column(catalog, "encrypted")->class, CLASS_DIMENSION);
    assert_string_equal(catalog_column(catalog, "product_region_code")->label, "region");
}

static void the_total_is_the_default_cost(void **state) {
    const Catalog *catalog =
        load(*state, "SELECT 'a' AS name, 1.5 AS list_price, 1 AS estimated_savings, 2 AS total_cost, 3 AS amortized_cost");
    assert_string_equal(catalog->measures[0].name, "total_cost");
    catalog = load(*state, "SELECT 'a' AS name, 5 AS items");
    assert_string_equal(catalog->measures[0].name, "line_items");
}

static void tables_get_questions_and_a_profile(void **state) {
    Fixture *fixture = *state;
    const Catalog *catalog = load(fixture, volumes);
    const char **questions = NULL;
    size_t count = 0;
    catalog_questions(fixture->arena, catalog, &questions, &count);
    assert_int_equal(count, 10);
    assert_string_equal(questions[0], "How many volumes are there?");
    Json *profile = NULL;
    Err err = {0};
    if (!catalog_profile(fixture->arena, fixture->session, catalog, &profile, &err)) fail_msg("%s", err.message);
    assert_string_equal(json_get_text(profile, "rows_are"), "volumes");
    assert_string_equal(json_get_text(json_at(json_get(profile, "totals"), 0), "monthly_cost"), "62.4");
}

/* Headers and values of any kind must neither break the SQL nor the catalog. */
static void strange_headers_are_harmless(void **state) {
    const Catalog *catalog = load(*state, "SELECT 'v''\"' AS \"weird\"\"; DROP TABLE x; --\", '' AS \"%s%n\", NULL AS nothing, "
                                          "[1, 2] AS list, 'é' AS \"Größe\", 1 AS \"_\"");
    assert_int_equal(catalog->row_count, 1);
    assert_non_null(catalog_column(catalog, "weird\"; DROP TABLE x; --"));
    assert_null(catalog_column(catalog, "list"));
    catalog = load(*state, "SELECT 1 AS cost, 'a' AS name LIMIT 0");
    assert_int_equal(catalog->row_count, 0);
    const char **questions = NULL;
    size_t count = 1;
    catalog_questions(((Fixture *)*state)->arena, catalog, &questions, &count);
    assert_int_equal(count, 0);
    catalog = load(*state, "SELECT CAST(d AS DATE) AS day, 1 AS cost FROM (VALUES ('0001-01-01'), ('2026-09-30')) t(d)");
    assert_int_equal(catalog->month_count, CATALOG_MONTHS);
    assert_string_equal(catalog->months[CATALOG_MONTHS - 1].name, "2026-09");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_are_words),
        cmocka_unit_test(columns_of_volumes),
        cmocka_unit_test(rows_are_recognised_by_headers_or_values),
        cmocka_unit_test(numbers_that_name_are_not_added_up),
        cmocka_unit_test(the_total_is_the_default_cost),
        cmocka_unit_test(tables_get_questions_and_a_profile),
        cmocka_unit_test(strange_headers_are_harmless),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
