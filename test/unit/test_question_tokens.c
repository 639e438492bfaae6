/* Questions as tokens: what stays whole, what is a number, what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/text.h"
#include "question/tokens.h"

static const char *shown(Arena *arena, const char *question) {
    static const char *const KINDS[] = {"", "#", "$", "%", "@", "'", "^"};
    Tokens tokens;
    Err err = {0};
    if (!tokens_read(arena, question, &tokens, &err)) return arena_printf(arena, "%s", err.code);
    Buffer out = {.arena = arena};
    for (size_t i = 0; i < tokens.count; i++)
        buffer_printf(&out, "%s%s%s", i ? " " : "", KINDS[tokens.items[i].kind], tokens.items[i].norm);
    return buffer_text(&out);
}

static const struct {
    const char *question, *tokens;
} CASES[] = {
    {"Cost in us-east-1?", "cost in us-east-1"},
    {"m5.xlarge and USE1-BoxUsage:m5.large", "m5.xlarge and use1-boxusage:m5.large"},
    {"arn:aws:glue:us-east-1:836060457634:devEndpoint/testing last billed",
     "arn:aws:glue:us-east-1:836060457634:devendpoint/testing last billed"},
    {"account 011254002932", "account #11254002932"},
    {"over $1,000.50", "over $1000.5"},
    {"more than 5k", "more than #5000"},
    {"$1.2m", "$1200000"},
    {"500 usd, 30 cents", "$500 ^, $0.3"},
    {"20 % or 5 percent", "%20 or %5"},
    {"on 2026-09-15", "on @2026-09-15"},
    {"September 1-15th", "september #1 ^- #15"},
    {"what's our account's cost", "what is our account cost"},
    {"didn't we", "did not we"},
    {"spend in \"acme prod\"", "spend in 'acme prod"},
    {"\xE2\x80\x9C"
     "a b"
     "\xE2\x80\x9D",
     "'a b"},
    {"EC2 \xE2\x80\x93 cost", "ec2 ^- cost"},
    {"cost >= 100", "cost ^>= #100"},
    {"\xEF\xBC\xA5\xEF\xBC\xA3\xEF\xBC\x92", "ec2"},
    {"size_gb", "size_gb"},
    {"", "NOT_A_QUERY"},
    {" ?!. ", "NOT_A_QUERY"},
    {"cost\x01", "UNSAFE"},
    {"\xE2\x80\xAE"
     "tsoc",
     "UNSAFE"},
    {"\xFF", "UNSAFE"},
};

static void test_tokens(void **state) {
    (void)state;
    Arena *arena = arena_make();
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        assert_string_equal(shown(arena, CASES[i].question), CASES[i].tokens);
    arena_free(arena);
}

static void test_limits(void **state) {
    (void)state;
    Arena *arena = arena_make();
    Buffer bytes = {.arena = arena}, words = {.arena = arena};
    for (size_t i = 0; i <= QUESTION_BYTES; i++) buffer_add_char(&bytes, 'a');
    for (size_t i = 0; i <= QUESTION_TOKENS; i++) buffer_add(&words, "a ");
    assert_string_equal(shown(arena, buffer_text(&bytes)), "TOO_BROAD");
    assert_string_equal(shown(arena, buffer_text(&words)), "TOO_BROAD");
    arena_free(arena);
}

static void test_split(void **state) {
    (void)state;
    Arena *arena = arena_make();
    Tokens tokens;
    Err err = {0};
    assert_true(tokens_read(arena, "team=payments cost", &tokens, &err));
    assert_true(tokens_split(arena, &tokens, 0));
    assert_int_equal(tokens.count, 4);
    assert_string_equal(tokens.items[1].norm, "=");
    assert_string_equal(tokens.items[2].norm, "payments");
    assert_string_equal(tokens.items[2].whole, "team=payments");
    assert_false(tokens_split(arena, &tokens, 3));
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_tokens), cmocka_unit_test(test_limits),
                                       cmocka_unit_test(test_split)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
