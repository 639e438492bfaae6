#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"

static Arena *arena;

static int make_arena(void **state) {
    (void)state;
    arena = arena_make();
    return 0;
}

static int free_arena(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static const Json *of(const char *text) {
    Json *value = NULL;
    Err err = {0};
    if (!json_parse(arena, text, strlen(text), &value, &err)) fail_msg("%s: %s", text, err.message);
    return value;
}

static void numbers_keep_their_digits(void **state) {
    (void)state;
    Json *object = json_make_object(arena);
    json_put_number(object, "a", "12345678901234567890.123456789012");
    json_put_number(object, "b", "-0.10");
    json_put_number(object, "c", NULL);
    json_put_number(object, "d", "nan");
    json_put_number(object, "e", "-inf");
    json_put_number(object, "f", "1e-7");
    json_put_number(object, "g", ".5");
    json_put_double(object, "h", 1.25, 3);
    json_put_integer(object, "i", INT64_MIN);
    assert_string_equal(json_write(arena, object, false),
                        "{\"a\":12345678901234567890.123456789012,\"b\":-0.10,\"c\":null,\"d\":null,\"e\":null,\"f\":1e-7,"
                        "\"g\":null,\"h\":1.250,\"i\":-9223372036854775808}");
    const Json *again = of("{\"a\": 12345678901234567890.123456789012, \"b\": 0.1000, \"c\": 9007199254740993}");
    assert_string_equal(json_get_text(again, "a"), "12345678901234567890.123456789012");
    assert_string_equal(json_get_text(again, "b"), "0.1000");
    assert_string_equal(json_get_text(again, "c"), "9007199254740993");
    assert_true(json_get_integer(again, "c", 0) == 9007199254740993LL);
}

static void text_is_always_valid(void **state) {
    (void)state;
    Json *array = json_make_array(arena);
    json_add_text(array, "a\"b\\c\n\x01/é");
    json_add_text(array, "x\xFFy\xC3");
    json_add_text(array, NULL);
    const char *text = json_write(arena, array, false);
    assert_string_equal(text, "[\"a\\\"b\\\\c\\n\\u0001/é\",\"x\xEF\xBF\xBDy\xEF\xBF\xBD\",null]");
    assert_string_equal(json_text(json_at(of(text), 0)), "a\"b\\c\n\x01/é");
}

static void absent_is_null_all_the_way(void **state) {
    (void)state;
    const Json *root = of("{\"a\": {\"b\": [1, true, \"x\", null]}, \"n\": null}");
    assert_null(json_get(json_get(json_get(root, "z"), "y"), "x"));
    assert_int_equal(json_count(json_get(root, "a")), 0);
    const Json *list = json_get(json_get(root, "a"), "b");
    assert_int_equal(json_count(list), 4);
    assert_null(json_at(list, 4));
    assert_int_equal(json_kind(json_at(list, 3)), JSON_NULL);
    assert_null(json_text(json_at(list, 1)));
    assert_true(json_has(root, "n"));
    assert_false(json_has(root, "m"));
    assert_int_equal(json_get_integer(root, "n", 7), 7);
    assert_true(json_get_bool(root, "n", true));
    assert_null(json_get_text(list, "a"));
}

static void check_refused(const char *text) {
    Json *value = NULL;
    Err err = {0};
    if (json_parse(arena, text, strlen(text), &value, &err)) fail_msg("%s was read", text);
    assert_null(value);
    assert_int_equal(err.kind, ERR_INPUT);
    assert_true(text_starts(err.message, "This is not valid JSON"));
}

static void refuses_what_is_not_json(void **state) {
    (void)state;
    static const char *const bad[] = {"",    " ",         "{",    "[1,", "{\"a\":}", "[1,]",     "['a']", "nul", "[1] x",
                                      "\"a", "{\"a\" 1}", "[01]", "1 2", "// x\n1",  "\"\xFF\"", "[1}",   "--1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) check_refused(bad[i]);
}

static void reads_what_stands_alone(void **state) {
    (void)state;
    assert_string_equal(json_text(of("12")), "12");
    assert_string_equal(json_text(of(" -1.50 \n")), "-1.50");
    assert_string_equal(json_text(of("\"x\"")), "x");
    assert_int_equal(json_kind(of("true")), JSON_BOOL);
    assert_int_equal(json_kind(of("null")), JSON_NULL);
    assert_int_equal(json_kind(of("[]\r\n\t ")), JSON_ARRAY);
}

static void refuses_what_is_too_deep(void **state) {
    (void)state;
    Buffer deep = {.arena = arena};
    for (int i = 0; i < JSON_DEPTH * 50; i++) buffer_add_char(&deep, '[');
    check_refused(buffer_text(&deep));
    Buffer allowed = {.arena = arena};
    for (int i = 0; i < JSON_DEPTH - 1; i++) buffer_add_char(&allowed, '[');
    for (int i = 0; i < JSON_DEPTH - 1; i++) buffer_add_char(&allowed, ']');
    (void)of(buffer_text(&allowed));
}

static bool collect(void *context, const char *key, const Json *value) {
    buffer_printf(context, "%s=%s;", key, json_text(value));
    return !text_equal(key, "stop");
}

static void members_come_in_order(void **state) {
    (void)state;
    Buffer seen = {.arena = arena};
    assert_true(json_each(of("{\"z\":1,\"a\":2,\"m\":3}"), collect, &seen));
    assert_false(json_each(of("{\"stop\":1,\"a\":2}"), collect, &seen));
    assert_string_equal(buffer_text(&seen), "z=1;a=2;m=3;stop=1;");
    assert_true(json_each(of("[1]"), collect, &seen));
}

static void trees_may_be_shared(void **state) {
    (void)state;
    Json *root = json_make_object(arena);
    const char *text = NULL;
    Arena *other = arena_make();
    Json *part = json_make_array(other);
    json_add_integer(part, 1);
    json_put(root, "part", part);
    json_add(json_put_array(root, "list"), part);
    arena_free(other);
    text = json_write(arena, root, false);
    assert_string_equal(text, "{\"part\":[1],\"list\":[[1]]}");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_keep_their_digits),  cmocka_unit_test(text_is_always_valid),
        cmocka_unit_test(absent_is_null_all_the_way), cmocka_unit_test(refuses_what_is_not_json),
        cmocka_unit_test(reads_what_stands_alone),    cmocka_unit_test(refuses_what_is_too_deep),
        cmocka_unit_test(members_come_in_order),      cmocka_unit_test(trees_may_be_shared),
    };
    return cmocka_run_group_tests(tests, make_arena, free_arena);
}
