/* Another program as a filter: its output, its failure, its absence, its end by force. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/text.h"
#include "io/program.h"

static bool run(Arena *arena, const char *const *arguments, const char *input, size_t most, int timeout_ms, const char **output,
                Err *err) {
    size_t size = 0;
    return program_run(arena, arguments, input, strlen(input), most, timeout_ms, NULL, output, &size, err);
}

static void test_filter(void **state) {
    (void)state;
    Arena *arena = arena_make();
    const char *output = NULL;
    Err err = {0};
    Buffer long_text = {.arena = arena};
    for (int i = 0; i < 50000; i++) buffer_add(&long_text, "0123456789");
    assert_true(run(arena, (const char *const[]){"cat", NULL}, buffer_text(&long_text), 1 << 20, 10000, &output, &err));
    assert_string_equal(output, buffer_text(&long_text));
    arena_free(arena);
}

static void test_failures(void **state) {
    (void)state;
    Arena *arena = arena_make();
    const char *output = NULL;
    Err missing = {0}, failed = {0}, slow = {0}, much = {0};
    assert_false(run(arena, (const char *const[]){"no-such-program-here", NULL}, "", 100, 1000, &output, &missing));
    assert_int_equal(missing.kind, ERR_NOT_FOUND);
    assert_false(
        run(arena, (const char *const[]){"sh", "-c", "echo first >&2; exit 3", NULL}, "", 100, 5000, &output, &failed));
    assert_int_equal(failed.kind, ERR_IO);
    assert_non_null(strstr(failed.message, "first"));
    assert_false(run(arena, (const char *const[]){"sleep", "30", NULL}, "", 100, 200, &output, &slow));
    assert_int_equal(slow.kind, ERR_TIMEOUT);
    assert_false(run(arena, (const char *const[]){"cat", NULL}, "more than ten bytes", 10, 5000, &output, &much));
    assert_int_equal(much.kind, ERR_LIMIT);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_filter), cmocka_unit_test(test_failures)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
