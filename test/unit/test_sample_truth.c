/* truth.json holds together: causes add up to the change, every planted resource is on the bill, owners are the organisation's, and another seed is another
 * world. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/decimal.h"
#include "base/knowledge.h"
#include "base/text.h"
#include "io/file.h"
#include "sample/sample.h"

#define SEEDS 10

static const Json *truth_of(Arena *arena, long long rows, long long seed) {
    char *folder = arena_text(arena, "/tmp/curlew-truth-XXXXXX");
    assert_non_null(mkdtemp(folder));
    SampleRequest request = {.folder = folder, .rows = rows, .seed = seed};
    SampleReport report = {0};
    Err err = {0};
    if (!sample_make(arena, &request, &report, &err)) fail_msg("%s", err.message);
    assert_true(file_remove_tree(folder, &err));
    return report.truth;
}

static Decimal amount(const Json *object, const char *key) {
    Decimal value = {0};
    assert_true(decimal_parse(json_get_text(object, key), &value));
    return value;
}

static const Json *owner_of(const Json *truth, const char *id) {
    const Json *owners = json_get(truth, "owners");
    for (size_t i = 0; i < json_count(owners); i++)
        if (text_equal(json_get_text(json_at(owners, i), "id"), id)) return json_at(owners, i);
    return NULL;
}

/* --- Changes ------------------------------------------------------------------------------------------------------------------------------- */

static Decimal month_amount(const Json *truth, const char *month, const char *metric) {
    const Json *months = json_get(json_get(truth, "totals"), "per_month");
    for (size_t i = 0; i < json_count(months); i++)
        if (text_equal(json_get_text(json_at(months, i), "month"), month)) return amount(json_at(months, i), metric);
    fail_msg("no month %s", month);
    return (Decimal){0};
}

static void expect_metric_adds_up(const Json *truth, const Json *change, const Json *metric) {
    const char *name = json_get_text(metric, "metric");
    Decimal sum = {0}, delta = {0};
    const Json *drivers = json_get(metric, "drivers");
    assert_true(json_count(drivers) > 3);
    for (size_t i = 0; i < json_count(drivers); i++) assert_true(decimal_add(sum, amount(json_at(drivers, i), "delta"), &sum));
    assert_true(decimal_subtract(month_amount(truth, json_get_text(change, "to"), name),
                                 month_amount(truth, json_get_text(change, "from"), name), &delta));
    assert_int_equal(decimal_compare(sum, delta), 0);
    assert_int_equal(decimal_compare(amount(metric, "delta"), delta), 0);
}

static void expect_changes_add_up(const Json *truth) {
    const Json *changes = json_get(json_get(truth, "drivers"), "changes");
    assert_int_equal(json_count(changes), 2);
    for (size_t i = 0; i < json_count(changes); i++) {
        const Json *metrics = json_get(json_at(changes, i), "metrics");
        for (size_t m = 0; m < json_count(metrics); m++) expect_metric_adds_up(truth, json_at(changes, i), json_at(metrics, m));
    }
}

/* --- Findings and owners --------------------------------------------------------------------------------------------------------------------- */

static void expect_findings_stand_on_the_bill(const Json *truth) {
    static const char *const lists[] = {"findings", "decoys"};
    for (size_t l = 0; l < 2; l++) {
        const Json *list = json_get(truth, lists[l]);
        assert_true(json_count(list) >= 4);
        for (size_t i = 0; i < json_count(list); i++) {
            const Json *resources = json_get(json_at(list, i), "resources");
            for (size_t r = 0; r < json_count(resources); r++) {
                const char *id = json_text(json_at(resources, r));
                bool commitment = strstr(id, "reserved-instances") != NULL;
                if (!commitment && !owner_of(truth, id)) fail_msg("%s is not on the bill", id);
            }
        }
    }
}

/* A saving lies in its range and is no more than what there is to save. */
static void expect_savings_are_possible(const Json *truth) {
    const Json *findings = json_get(truth, "findings");
    for (size_t i = 0; i < json_count(findings); i++) {
        const Json *finding = json_at(findings, i), *range = json_get(finding, "saving_range");
        Decimal saving = amount(finding, "monthly_saving"), low = {0}, high = {0};
        assert_false(decimal_is_negative(saving));
        assert_true(decimal_compare(saving, amount(finding, "monthly_cost")) <= 0);
        if (!range) continue;
        assert_true(decimal_parse(json_text(json_at(range, 0)), &low) && decimal_parse(json_text(json_at(range, 1)), &high));
        assert_true(decimal_compare(low, saving) <= 0 && decimal_compare(saving, high) <= 0);
    }
}

static void expect_owners_are_the_teams(const Json *truth) {
    const Json *owners = json_get(truth, "owners"), *teams = json_get(json_get(truth, "ownership"), "owners");
    size_t states[3] = {0};
    for (size_t i = 0; i < json_count(owners); i++) {
        const Json *owner = json_at(owners, i);
        bool known = false;
        for (size_t t = 0; t < json_count(teams); t++)
            known = known || text_equal(json_get_text(json_at(teams, t), "owner"), json_get_text(owner, "owner"));
        assert_true(known);
        const char *state = json_get_text(owner, "tagged");
        states[text_equal(state, "full") ? 0 : text_equal(state, "partial") ? 1 : 2]++;
        for (size_t other = i + 1; other < json_count(owners); other++)
            assert_string_not_equal(json_get_text(owner, "id"), json_get_text(json_at(owners, other), "id"));
    }
    for (size_t i = 0; i < 3; i++) assert_true(states[i] > 0);
}

static void truth_holds_together(void **state) {
    (void)state;
    for (long long seed = 1; seed <= 4; seed++) {
        Arena *arena = arena_make();
        const Json *truth = truth_of(arena, 25000, seed);
        expect_changes_add_up(truth);
        expect_findings_stand_on_the_bill(truth);
        expect_savings_are_possible(truth);
        expect_owners_are_the_teams(truth);
        arena_free(arena);
    }
}

/* --- Worlds -------------------------------------------------------------------------------------------------------------------------------------- */

static const char *kinds_of(Arena *arena, const Json *truth) {
    Buffer kinds = {.arena = arena};
    const Json *findings = json_get(truth, "findings");
    for (size_t i = 0; i < json_count(findings); i++) buffer_printf(&kinds, "%s ", json_get_text(json_at(findings, i), "kind"));
    return buffer_text(&kinds);
}

static void another_seed_is_another_world(void **state) {
    (void)state;
    Arena *arena = arena_make();
    const char *names[SEEDS], *kinds[SEEDS];
    bool keys_differ = false, accounts_differ = false;
    const char *first_key = NULL;
    size_t first_count = 0;
    for (long long seed = 1; seed <= SEEDS; seed++) {
        const Json *truth = truth_of(arena, 8000, seed);
        names[seed - 1] = json_get_text(truth, "organisation");
        kinds[seed - 1] = kinds_of(arena, truth);
        const char *key = json_get_text(json_get(truth, "owner_tag_keys"), "primary");
        size_t count = json_count(json_get(truth, "accounts"));
        if (seed > 1) keys_differ = keys_differ || !text_equal(key, first_key);
        if (seed > 1) accounts_differ = accounts_differ || count != first_count;
        first_key = key;
        first_count = count;
        for (long long other = 1; other < seed; other++) {
            assert_string_not_equal(names[seed - 1], names[other - 1]);
            assert_string_not_equal(kinds[seed - 1], kinds[other - 1]);
        }
    }
    assert_true(keys_differ && accounts_differ);
    arena_free(arena);
}

/* --- Tables -------------------------------------------------------------------------------------------------------------------------------------- */

/* Every part of a plant is of a kind that is metered, and every plant has parts. */
static void plants_are_of_known_kinds(void **state) {
    (void)state;
    Arena *arena = arena_make();
    const Knowledge *plants = knowledge_table(arena, "sample_plants.tsv"),
                    *parts = knowledge_table(arena, "sample_plant_parts.tsv"),
                    *meters = knowledge_table(arena, "sample_meters.tsv");
    for (size_t plant = 0; plant < plants->row_count; plant++) {
        size_t count = 0;
        for (size_t part = 0; part < parts->row_count; part++) {
            if (!text_equal(knowledge_field(parts, part, "plant"), knowledge_field(plants, plant, "plant"))) continue;
            const char *kind = knowledge_field(parts, part, "kind");
            char *name = arena_text_n(arena, kind, strcspn(kind, ":"));
            bool known = false;
            for (size_t meter = 0; meter < meters->row_count; meter++)
                known = known || text_equal(knowledge_field(meters, meter, "kind"), name);
            if (!known) fail_msg("no meter is of kind %s", name);
            count++;
        }
        assert_true(count > 0);
    }
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(truth_holds_together),
        cmocka_unit_test(another_seed_is_another_world),
        cmocka_unit_test(plants_are_of_known_kinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
