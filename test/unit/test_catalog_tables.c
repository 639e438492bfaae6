/* The tables of knowledge that the catalog and the import read: every row well formed, no word with two meanings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ctype.h>
#include <regex.h>
#include <string.h>

#include "base/knowledge.h"
#include "base/text.h"

static Arena *arena;

static int setup(void **state) {
    (void)state;
    arena = arena_make();
    return 0;
}

static int teardown(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static bool has_value(const Knowledge *table, const char *column, const char *value) {
    for (size_t row = 0; row < table->row_count; row++)
        if (text_equal(knowledge_field(table, row, column), value)) return true;
    return false;
}

static bool is_one_of(const char *value, const char *const *choices, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (text_equal(choices[i], value)) return true;
    return false;
}

/* Words are matched in lower case, with single spaces. */
static void check_word(const char *word) {
    if (!*word || *word == ' ' || text_ends(word, " ") || strstr(word, "  ")) fail_msg("bad word '%s'", word);
    for (const char *c = word; *c; c++)
        if (isupper((unsigned char)*c)) fail_msg("not lower case: '%s'", word);
}

/* A list of words seen, each with what it means, to find a second meaning. */
typedef struct {
    size_t count;
    const char *words[8000];
    const char *meanings[8000];
} Seen;

static void see(Seen *seen, const char *word, const char *meaning) {
    check_word(word);
    for (size_t i = 0; i < seen->count; i++)
        if (text_equal(seen->words[i], word) && !text_equal(seen->meanings[i], meaning))
            fail_msg("'%s' means '%s' and '%s'", word, seen->meanings[i], meaning);
    assert_true(seen->count < 8000);
    seen->words[seen->count] = word;
    seen->meanings[seen->count++] = meaning;
}

static void see_list(Seen *seen, const char *list, const char *meaning) {
    if (!*list) return;
    size_t count = 0;
    const char **words = text_split(arena, list, '|', &count);
    for (size_t i = 0; i < count; i++) see(seen, words[i], meaning);
}

static const char *const categories[] = {"AI and Machine Learning",
                                         "Analytics",
                                         "Business Applications",
                                         "Compute",
                                         "Databases",
                                         "Developer Tools",
                                         "Multicloud",
                                         "Identity",
                                         "Integration",
                                         "Internet of Things",
                                         "Management and Governance",
                                         "Media",
                                         "Migration",
                                         "Mobile",
                                         "Networking",
                                         "Security",
                                         "Storage",
                                         "Web",
                                         "Other"};

static void services_have_one_meaning_a_word(void **state) {
    (void)state;
    const Knowledge *services = knowledge_table(arena, "services.tsv");
    static const char *const providers[] = {"AWS", "Microsoft", "Google", "Oracle"};
    assert_true(services->row_count > 400);
    for (size_t p = 0; p < 4; p++) {
        Seen *seen = arena_alloc(arena, sizeof *seen);
        for (size_t row = 0; row < services->row_count; row++) {
            if (!text_equal(knowledge_field(services, row, "provider"), providers[p])) continue;
            see_list(seen, knowledge_field(services, row, "aliases"), knowledge_field(services, row, "name"));
        }
        assert_true(seen->count > 5);
    }
    Seen *codes = arena_alloc(arena, sizeof *codes);
    for (size_t row = 0; row < services->row_count; row++) {
        const char *code = knowledge_field(services, row, "code"), *category = knowledge_field(services, row, "category");
        assert_true(*knowledge_field(services, row, "name"));
        if (!is_one_of(category, categories, sizeof categories / sizeof *categories))
            fail_msg("no FOCUS category: %s", category);
        assert_true(is_one_of(knowledge_field(services, row, "provider"), providers, 4));
        if (*code) see(codes, text_lower(arena, code), arena_printf(arena, "%s in row %zu", code, row));
    }
}

static void services_are_found_by_what_people_say(void **state) {
    (void)state;
    static const char *const said[][2] = {{"ec2", "AmazonEC2"},
                                          {"s3", "AmazonS3"},
                                          {"rds", "AmazonRDS"},
                                          {"lambda", "AWSLambda"},
                                          {"eks", "AmazonEKS"},
                                          {"waf", "awswaf"},
                                          {"ddb", "AmazonDynamoDB"},
                                          {"cloud watch", "AmazonCloudWatch"},
                                          {"kms", "awskms"},
                                          {"sqs", "AWSQueueService"},
                                          {"quicksight", "AmazonQuickSight"},
                                          {"event bridge", "AWSEvents"},
                                          {"open search", "AmazonES"},
                                          {"business support", "AWSSupportBusiness"}};
    const Knowledge *services = knowledge_table(arena, "services.tsv");
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        bool found = false;
        for (size_t row = 0; row < services->row_count && !found; row++) {
            size_t count = 0;
            const char **words = text_split(arena, knowledge_field(services, row, "aliases"), '|', &count);
            for (size_t w = 0; w < count; w++)
                found = found ||
                        (text_equal(words[w], said[i][0]) && text_equal(knowledge_field(services, row, "code"), said[i][1]));
        }
        if (!found) fail_msg("%s is not %s", said[i][0], said[i][1]);
    }
}

static void concepts_use_columns_and_operations_that_exist(void **state) {
    (void)state;
    static const char *const ops[] = {"in", "not_in", "contains", "starts", "ends", "empty", "not_empty"};
    const Knowledge *concepts = knowledge_table(arena, "concepts.tsv"), *columns = knowledge_table(arena, "bill_columns.tsv");
    const Knowledge *measures = knowledge_table(arena, "measures.tsv");
    const char *last = "";
    Seen *ids = arena_alloc(arena, sizeof *ids), *seen = arena_alloc(arena, sizeof *seen);
    for (size_t row = 0; row < concepts->row_count; row++) {
        const char *id = knowledge_field(concepts, row, "id"), *op = knowledge_field(concepts, row, "op");
        const char *group = knowledge_field(concepts, row, "group"), *values = knowledge_field(concepts, row, "values");
        const char *measure = knowledge_field(concepts, row, "measure");
        if (!has_value(columns, "column", knowledge_field(concepts, row, "column"))) fail_msg("%s: unknown column", id);
        if (!is_one_of(op, ops, sizeof ops / sizeof *ops)) fail_msg("%s: unknown op %s", id, op);
        assert_true(text_equal(group, "*") || isdigit((unsigned char)*group) ||
                    (*group == 'f' && isdigit((unsigned char)group[1])));
        assert_int_equal(!*values, text_ends(op, "empty"));
        assert_true(!*measure || has_value(measures, "name", measure));
        assert_int_equal(!text_equal(id, last), *knowledge_field(concepts, row, "label") != 0);
        if (!text_equal(id, last)) see(ids, id, arena_printf(arena, "row %zu", row)); /* rows of a concept are neighbours */
        see_list(seen, knowledge_field(concepts, row, "words"), id);
        last = id;
    }
    assert_true(ids->count > 100);
}

/* "nat" must not be a concept and a service at once: the planner would have to guess. */
static void concepts_and_services_share_no_word(void **state) {
    (void)state;
    const Knowledge *concepts = knowledge_table(arena, "concepts.tsv"), *services = knowledge_table(arena, "services.tsv");
    Seen *seen = arena_alloc(arena, sizeof *seen);
    for (size_t row = 0; row < services->row_count; row++)
        if (text_equal(knowledge_field(services, row, "provider"), "AWS"))
            see_list(seen, knowledge_field(services, row, "aliases"), knowledge_field(services, row, "name"));
    for (size_t row = 0; row < concepts->row_count; row++)
        see_list(seen, knowledge_field(concepts, row, "words"), knowledge_field(concepts, row, "id"));
}

static void measures_refer_to_what_exists(void **state) {
    (void)state;
    static const char *const kinds[] = {"sum", "count_rows", "count_distinct", "ratio", "difference"};
    const Knowledge *measures = knowledge_table(arena, "measures.tsv"), *columns = knowledge_table(arena, "bill_columns.tsv");
    const Knowledge *concepts = knowledge_table(arena, "concepts.tsv");
    Seen *seen = arena_alloc(arena, sizeof *seen);
    assert_string_equal(knowledge_field(measures, 0, "name"), "BilledCost");
    for (size_t row = 0; row < measures->row_count; row++) {
        const char *name = knowledge_field(measures, row, "name"), *kind = knowledge_field(measures, row, "kind");
        const char *column = knowledge_field(measures, row, "column"), *concept = knowledge_field(measures, row, "concept");
        const char *numerator = knowledge_field(measures, row, "numerator");
        bool composed = text_equal(kind, "ratio") || text_equal(kind, "difference");
        if (!is_one_of(kind, kinds, sizeof kinds / sizeof *kinds)) fail_msg("%s: unknown kind", name);
        if (*column && !has_value(columns, "column", column)) fail_msg("%s: unknown column", name);
        if (*concept && !text_equal(concept, "tagged") && !has_value(concepts, "id", concept))
            fail_msg("%s: unknown concept", name);
        assert_int_equal(composed, *numerator != 0);
        assert_true(!composed || (has_value(measures, "name", numerator) &&
                                  has_value(measures, "name", knowledge_field(measures, row, "denominator"))));
        assert_true(composed || text_equal(kind, "count_rows") || *column);
        see_list(seen, knowledge_field(measures, row, "words"), name);
    }
}

static void regions_and_providers_have_one_meaning_a_word(void **state) {
    (void)state;
    const Knowledge *regions = knowledge_table(arena, "regions.tsv"), *providers = knowledge_table(arena, "providers.tsv");
    const Knowledge *prefixes = knowledge_table(arena, "region_prefixes.tsv");
    Seen *seen = arena_alloc(arena, sizeof *seen);
    for (size_t row = 0; row < regions->row_count; row++)
        see_list(seen, knowledge_field(regions, row, "aliases"), knowledge_field(regions, row, "id"));
    for (size_t row = 0; row < providers->row_count; row++)
        see_list(seen, knowledge_field(providers, row, "aliases"), knowledge_field(providers, row, "name"));
    static const char *const kinds[] = {"region", "zone", "edge", "global", "product_edge", "product_global", "meter_global"};
    for (size_t row = 0; row < prefixes->row_count; row++) {
        const char *region = knowledge_field(prefixes, row, "region"), *kind = knowledge_field(prefixes, row, "kind");
        assert_true(is_one_of(kind, kinds, sizeof kinds / sizeof *kinds));
        if (*region && !has_value(regions, "id", region)) fail_msg("%s: unknown region", region);
        assert_int_equal(text_equal(kind, "edge"), !*region);
    }
}

static void tables_of_tables_are_well_formed(void **state) {
    (void)state;
    const Knowledge *types = knowledge_table(arena, "table_types.tsv"), *shapes = knowledge_table(arena, "id_shapes.tsv");
    const Knowledge *services = knowledge_table(arena, "services.tsv"), *words = knowledge_table(arena, "header_words.tsv");
    static const char *const classes[] = {"identifier", "dimension", "tag", "cost", "metric"};
    for (size_t row = 0; row < types->row_count; row++) {
        const char *service = knowledge_field(types, row, "service");
        if (*service && !text_equal(service, "Amazon EBS") && !has_value(services, "name", service))
            fail_msg("unknown service %s", service);
        assert_true(*knowledge_field(types, row, "noun") && *knowledge_field(types, row, "plural"));
        assert_true(*knowledge_field(types, row, "anchors") || *knowledge_field(types, row, "headers"));
    }
    for (size_t row = 0; row < shapes->row_count; row++) {
        regex_t shape;
        if (regcomp(&shape, knowledge_field(shapes, row, "shape"), REG_EXTENDED | REG_NOSUB) != 0)
            fail_msg("bad shape in row %zu", row);
        regfree(&shape);
        if (!has_value(types, "type", knowledge_field(shapes, row, "type"))) fail_msg("unknown type in row %zu", row);
    }
    Seen *seen = arena_alloc(arena, sizeof *seen);
    for (size_t row = 0; row < words->row_count; row++) {
        assert_true(is_one_of(knowledge_field(words, row, "class"), classes, sizeof classes / sizeof *classes));
        see(seen, knowledge_field(words, row, "word"), arena_printf(arena, "row %zu", row));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(services_have_one_meaning_a_word),
        cmocka_unit_test(services_are_found_by_what_people_say),
        cmocka_unit_test(concepts_use_columns_and_operations_that_exist),
        cmocka_unit_test(concepts_and_services_share_no_word),
        cmocka_unit_test(measures_refer_to_what_exists),
        cmocka_unit_test(regions_and_providers_have_one_meaning_a_word),
        cmocka_unit_test(tables_of_tables_are_well_formed),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
