#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

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

static void a_buffer_grows(void **state) {
    (void)state;
    Buffer out = {.arena = arena};
    assert_string_equal(buffer_text(&out), "");
    for (int i = 0; i < 1000; i++) buffer_printf(&out, "%d,", i % 10);
    buffer_add_char(&out, '!');
    buffer_add_n(&out, "abc", 2);
    buffer_add(&out, "");
    assert_int_equal(strlen(buffer_text(&out)), 2003);
    assert_int_equal(out.size, 2003);
    assert_true(text_starts(buffer_text(&out), "0,1,2,"));
    assert_true(text_ends(buffer_text(&out), "9,!ab"));
}

static void compares(void **state) {
    (void)state;
    assert_true(text_equal(NULL, NULL));
    assert_false(text_equal(NULL, ""));
    assert_true(text_equal_fold("AmazonEC2", "amazonec2"));
    assert_false(text_equal_fold("AmazonEC2", "amazonec"));
    assert_true(text_starts_fold("Box:Usage", "BOX"));
    assert_false(text_starts_fold("Bo", "BOX"));
    assert_true(text_ends_fold("file.CSV.GZ", ".gz"));
    assert_false(text_ends("z", "gz"));
    assert_true(text_contains_fold("NatGateway-Bytes", "GATEWAY"));
    assert_true(text_contains_fold("x", ""));
    assert_false(text_contains_fold("", "x"));
    assert_true(text_is_empty(NULL) && text_is_empty("") && !text_is_empty(" "));
}

static void cuts_and_lowers(void **state) {
    (void)state;
    assert_string_equal(text_lower(arena, "ÄBC-Z[@"), "Äbc-z[@");
    assert_string_equal(text_trim(arena, " \t a b \r\n"), "a b");
    assert_string_equal(text_trim(arena, "   "), "");
    size_t count = 0;
    const char **parts = text_split(arena, "a||b|", '|', &count);
    assert_int_equal(count, 4);
    assert_string_equal(parts[0], "a");
    assert_string_equal(parts[1], "");
    assert_string_equal(parts[2], "b");
    assert_string_equal(parts[3], "");
    parts = text_split(arena, "", '|', &count);
    assert_int_equal(count, 1);
    assert_string_equal(parts[0], "");
    assert_string_equal(text_name_key(arena, "Cost-Center"), "costcenter");
    assert_string_equal(text_name_key(arena, "user:cost_center "), "usercostcenter");
    assert_string_equal(text_name_key(arena, "Größe"), "größe");
    assert_string_equal(text_name_key(arena, "--"), "");
}

static void knows_utf8(void **state) {
    (void)state;
    assert_true(text_is_utf8("", 0));
    assert_true(text_is_utf8("a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x92\xB6", 10));
    assert_false(text_is_utf8("a\0b", 3));
    static const char *const bad[] = {"\x80",
                                      "\xC0\xAF",
                                      "\xC1\xBF",
                                      "\xC3",
                                      "\xE0\x80\xAF",
                                      "\xED\xA0\x80",
                                      "\xE2\x82",
                                      "\xF0\x80\x80\x80",
                                      "\xF4\x90\x80\x80",
                                      "\xF5\x80\x80\x80",
                                      "\xFF",
                                      "\xC3("};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_false(text_is_utf8(bad[i], strlen(bad[i])));
    size_t size = 0;
    assert_int_equal(text_code_point("\xE2\x82\xAC", &size), 0x20AC);
    assert_int_equal(size, 3);
    assert_int_equal(text_code_point("\xF0\x9F\x92\xB6", &size), 0x1F4B6);
    assert_int_equal(text_code_point("\xE2\x82", &size), 0xFFFD);
    assert_int_equal(size, 1);
}

static void knows_widths(void **state) {
    (void)state;
    assert_int_equal(text_width(""), 0);
    assert_int_equal(text_width("cost"), 4);
    assert_int_equal(text_width("Größe €"), 7);
    assert_int_equal(text_width("費用"), 4);
    assert_int_equal(text_width("e\xCC\x81"), 1);
    assert_int_equal(text_width("\xF0\x9F\x92\xB6"), 2);
    assert_int_equal(text_width("a\xE2\x80\x8B"
                                "b"),
                     2);
    assert_int_equal(text_width("\xFF"), 1);
}

#define REPLACED "\xEF\xBF\xBD"

static void nothing_unseen_reaches_a_terminal(void **state) {
    (void)state;
    assert_string_equal(text_printable(arena, "Größe €5 費用"), "Größe €5 費用");
    assert_string_equal(text_printable(arena, "\x1B[31mred"), REPLACED "[31mred");
    assert_string_equal(text_printable(arena, "a\nb\tc\rd\x7F"), "a" REPLACED "b" REPLACED "c" REPLACED "d" REPLACED);
    assert_string_equal(text_printable(arena, "\xC2\x9B"
                                              "2J"),
                        REPLACED "2J"); /* C1 control */
    assert_string_equal(text_printable(arena, "\xE2\x80\xAE"
                                              "cod"),
                        REPLACED "cod"); /* right to left override */
    assert_string_equal(text_printable(arena, "\xE2\x81\xA6"
                                              "x\xE2\x81\xA9"),
                        REPLACED "x" REPLACED);                                             /* isolates */
    assert_string_equal(text_printable(arena, "pay\xE2\x80\x8Bpal"), "pay" REPLACED "pal"); /* zero width */
    assert_string_equal(text_printable(arena, "a\xE2\x80\xA8"
                                              "b"),
                        "a" REPLACED "b");                                         /* line separator */
    assert_string_equal(text_printable(arena, "x\xF3\xA0\x81\x81"), "x" REPLACED); /* tag characters */
    assert_string_equal(text_printable(arena, "bad\xFF"), "bad" REPLACED);
}

static void measures_distance(void **state) {
    (void)state;
    assert_int_equal(text_distance("amazon", "amazon", 2), 0);
    assert_int_equal(text_distance("amazon", "amzon", 2), 1);
    assert_int_equal(text_distance("amazon", "maazon", 2), 1);
    assert_int_equal(text_distance("lambda", "lambada", 2), 1);
    assert_int_equal(text_distance("kitten", "sitting", 5), 3);
    assert_int_equal(text_distance("kitten", "sitting", 2), 3);
    assert_int_equal(text_distance("", "abc", 5), 3);
    assert_int_equal(text_distance("", "", 0), 0);
    assert_int_equal(text_distance("ca", "abc", 5), 3); /* optimal string alignment, not unrestricted */
    char longest[66];
    memset(longest, 'a', 64);
    longest[64] = '\0';
    assert_int_equal(text_distance(longest, longest + 1, 3), 1);
    longest[64] = 'a';
    longest[65] = '\0';
    assert_int_equal(text_distance(longest, longest, 3), 4);
}

static void counts_with_separators(void **state) {
    (void)state;
    assert_string_equal(text_count(arena, 0), "0");
    assert_string_equal(text_count(arena, 999), "999");
    assert_string_equal(text_count(arena, 1000), "1,000");
    assert_string_equal(text_count(arena, -123456), "-123,456");
    assert_string_equal(text_count(arena, INT64_MIN), "-9,223,372,036,854,775,808");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_buffer_grows),    cmocka_unit_test(compares),
        cmocka_unit_test(cuts_and_lowers),   cmocka_unit_test(knows_utf8),
        cmocka_unit_test(knows_widths),      cmocka_unit_test(nothing_unseen_reaches_a_terminal),
        cmocka_unit_test(measures_distance), cmocka_unit_test(counts_with_separators),
    };
    return cmocka_run_group_tests(tests, make_arena, free_arena);
}
