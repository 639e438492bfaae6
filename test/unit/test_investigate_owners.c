/* Owners of untagged resources: names, calibration, commands, and on a small bill through guard and engine the properties that hold
 * whatever the bill: order of lines and names of owners change nothing, every resource without the tag is there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "investigate/owners.h"
#include "investigate/owners_model.h"
#include "investigate/owners_names.h"
#include "investigate/owners_show.h"

/* --- names --- */

static const char *tokens_of(Arena *arena, const char *name) {
    const char *tokens[NAME_TOKENS];
    Buffer out = {.arena = arena};
    const size_t count = owners_name_tokens(arena, name, tokens);
    for (size_t i = 0; i < count; i++) buffer_printf(&out, "%s%s", i ? " " : "", tokens[i]);
    return buffer_text(&out);
}

static void names_are_split_into_words(void **state) {
    Arena *arena = arena_make();
    (void)state;
    assert_string_equal(tokens_of(arena, "checkout-api-prod-02"), "checkout api prod");
    assert_string_equal(tokens_of(arena, "CheckoutApiFn-1X2Y3Z4W"), "checkout api fn");
    assert_string_equal(tokens_of(arena, "/aws/lambda/fn-9f2ab1c"), "aws lambda fn");
    assert_string_equal(tokens_of(arena, "a-b-2026"), "");
    assert_string_equal(owners_id_name("arn:aws:lambda:us-east-1:111122223333:function:checkout"), "checkout");
    assert_string_equal(owners_id_name("vol-0123456789abcdef0"), "");
    assert_string_equal(owners_kind(arena, "i-0123456789abcdef0", "AmazonEC2"), "i");
    assert_string_equal(owners_kind(arena, "arn:aws:ec2:us-east-1:1:snapshot/snap-0123456789abcdef0", "AmazonEC2"), "snap");
    assert_string_equal(owners_kind(arena, "arn:aws:lambda:us-east-1:111122223333:function:checkout", "AWSLambda"),
                        "lambda:function");
    assert_string_equal(owners_kind(arena, "my-bucket", "AmazonS3"), "AmazonS3");
    assert_true(owners_name_is_mark("9f2ab1c"));
    assert_false(owners_name_is_mark("2026"));
    assert_false(owners_name_is_mark("111122223333"));
    assert_false(owners_name_is_mark("checkout"));
    arena_free(arena);
}

/* --- numbers --- */

/* 4x + 2y = 10 and 2x + 3y = 9: x = 1.5, y = 2. */
static void systems_are_solved(void **state) {
    double matrix[] = {4, 2, 2, 3}, vector[] = {10, 9}, bad[] = {0, 0, 0, 0}, zero[] = {1, 1};
    (void)state;
    owners_solve(matrix, vector, 2);
    assert_true(fabs(vector[0] - 1.5) < 1e-12 && fabs(vector[1] - 2) < 1e-12);
    owners_solve(bad, zero, 2);
    assert_true(fabs(zero[0]) < 1e-12 && fabs(zero[1]) < 1e-12);
}

/* Ten at 0.2 of which two are right, ten at 0.6 of which one is: the second must not be worth less, so both are 3 of 20. Ten at 0.9 are
 * all right, and still nothing is said to be certain. */
static void calibration_never_falls(void **state) {
    Arena *arena = arena_make();
    Outcome outcomes[30];
    Calibrations calibrations = {0};
    (void)state;
    for (size_t i = 0; i < 30; i++)
        outcomes[i] = (Outcome){.score = i < 10   ? 0.2
                                         : i < 20 ? 0.6
                                                  : 0.9,
                                .weight = 1,
                                .right = i < 2 || i == 10 || i >= 20,
                                .order = i};
    owners_calibrate(arena, outcomes, 30, &calibrations);
    assert_false(calibrations.apart);
    assert_true(fabs(owners_calibrated(&calibrations, 0.2, true) - 4.0 / 22) < 0.02);
    assert_true(owners_calibrated(&calibrations, 0.9, true) <= 0.9 + 1e-12);
    for (double score = 0; score < 1; score += 0.01)
        assert_true(owners_calibrated(&calibrations, score, true) <=
                    owners_calibrated(&calibrations, score + 0.01, true) + 1e-12);
    arena_free(arena);
}

/* --- commands --- */

/* A quarter of the kind tagged: sqrt(1/4) is a half, so odds of 9 to 1 become 9 to 2. */
static void base_rates_say_less_where_little_is_tagged(void **state) {
    (void)state;
    assert_true(fabs(owners_selected(0.9, 0.25) - 9.0 / 11) < 1e-12);
    assert_true(fabs(owners_selected(0.9, 1) - 0.9) < 1e-12);
    assert_true(fabs(owners_selected(1, 0.01) - 1) < 1e-12);
    assert_true(owners_selected(0, 0.5) <= 0);
    for (double share = 0.05; share < 0.95; share += 0.05)
        assert_true(owners_selected(0.8, share) < owners_selected(0.8, share + 0.05));
}

static void commands_quote_what_is_hostile(void **state) {
    Arena *arena = arena_make();
    (void)state;
    static Owner owners[] = {{"pay'ments; rm -rf $(HOME) `x`", 1}, {"two\nlines", 1}};
    static OwnersResource resources[] = {{.id = "i-0123456789abcdef0",
                                          .account = "111122223333",
                                          .account_name = "",
                                          .region = "us-east-1",
                                          .service = "AmazonEC2",
                                          .kind = "i"},
                                         {.id = "my-bucket",
                                          .account = "111122223333",
                                          .account_name = "",
                                          .region = "cn-north-1",
                                          .service = "AmazonS3",
                                          .kind = "AmazonS3"},
                                         {.id = "nameless thing",
                                          .account = "111122223333",
                                          .account_name = "",
                                          .region = "us-east-1",
                                          .service = "X",
                                          .kind = "X"}};
    static OwnerGuess guesses[] = {{.resource = &resources[0], .owner = 0, .probability = 0.95},
                                   {.resource = &resources[1], .owner = 1, .probability = 0.95},
                                   {.resource = &resources[2], .owner = 0, .probability = 0.95},
                                   {.resource = &resources[0], .owner = 0, .probability = 0.7}};
    OwnersReport report = {
        .bill = {.tag = "team", .owners = owners, .owner_count = 2}, .confidence = 0.9, .guesses = guesses, .guess_count = 4};
    const char **runnable = NULL;
    size_t count = 0;
    const char *script = owners_commands(arena, &report, &runnable, &count);
    assert_int_equal(count, 2);
    assert_string_equal(runnable[1], "aws resourcegroupstaggingapi tag-resources --region 'us-east-1' --tags "
                                     "'{\"team\":\"pay'\\''ments; rm -rf $(HOME) `x`\"}' --resource-arn-list "
                                     "'arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0'");
    assert_string_equal(runnable[0],
                        "aws resourcegroupstaggingapi tag-resources --region 'cn-north-1' --tags '{\"team\":\"two\\nlines\"}' "
                        "--resource-arn-list 'arn:aws-cn:s3:::my-bucket'");
    /* No line of the script is one that the data made; what has no ARN is told. */
    assert_null(strstr(script, "\nlines"));
    assert_non_null(strstr(script, "1 more resources have no ARN"));
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(names_are_split_into_words), cmocka_unit_test(systems_are_solved),
                                       cmocka_unit_test(calibration_never_falls),
                                       cmocka_unit_test(base_rates_say_less_where_little_is_tagged),
                                       cmocka_unit_test(commands_quote_what_is_hostile)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
