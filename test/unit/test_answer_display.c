#include "answer_bill.h"

#include "answer/display.h"

typedef struct {
    const char *value, *unit, *display;
} Shown;

static void numbers_look_as_people_write_them(void **state) {
    (void)state;
    static const Shown cases[] = {
        {"0", "USD", "$0.00"},
        {"1234.5", "USD", "$1,234.50"},
        {"-1234.5", "USD", "-$1,234.50"},
        {"9999.994", "USD", "$9,999.99"},
        {"11364.86", "USD", "$11,365"},
        {"-11364.5", "USD", "-$11,364"}, /* half to even */
        {"0.0012345", "USD", "$0.0012"},
        {"0.00000184", "USD", "$0.0000018"},
        {"-0.0000000001", "USD", "-$0.00000000010"},
        {"12", "EUR", "EUR 12.00"},
        {"-12", "EUR", "-EUR 12.00"},
        {"12.5", "JPY", "JPY 12"},
        {"1.2345", "BHD", "BHD 1.234"},
        {"12.34", "percent", "12.3%"},
        {"0.0012", "percent", "0.0012%"},
        {"99.97", "percent", "99.97%"},
        {"100", "percent", "100.0%"},
        {"-3.25", "percent", "-3.2%"},
        {"1234567", "count", "1,234,567"},
        {"12.50", "GB", "12.5 GB"},
        {"0.0004", "Hrs", "0.0004 Hrs"},
        {"0.08341", "GB", "0.0834 GB"},
        {"0.0834", "USD per GB", "$0.0834 per GB"},
        {"12.3", "EUR per Hrs", "EUR 12.30 per Hrs"},
        {"123456.789", "GB", "123,457 GB"},
        {"7", NULL, "7"},
        {"nan", "USD", "nan"},
        {"99999999999999999999999999999999999999", "USD", "$99,999,999,999,999,999,999,999,999,999,999,999,999"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(answer_display(arena, cases[i].value, cases[i].unit), cases[i].display);
}

static void changes_carry_their_sign(void **state) {
    (void)state;
    assert_string_equal(display_number(arena, "5", "USD", (DisplayForm){.sign = true}), "+$5.00");
    assert_string_equal(display_number(arena, "-5", "USD", (DisplayForm){.sign = true}), "-$5.00");
    assert_string_equal(display_number(arena, "0", "USD", (DisplayForm){.sign = true}), "$0.00");
    assert_string_equal(display_number(arena, "12.5", "GB", (DisplayForm){.bare = true}), "12.5");
}

static void names_are_printable_and_never_empty(void **state) {
    (void)state;
    assert_string_equal(display_name(arena, NULL, true), "(untagged)");
    assert_string_equal(display_name(arena, "", false), "(none)");
    assert_string_equal(display_name(arena, "(untagged)", true), "“(untagged)”");
    assert_string_equal(display_name(arena, "  ", false), "“  ”");
    assert_null(strchr(display_name(arena,
                                    "\x1b]8;;https://attacker.example\x07"
                                    "click",
                                    false),
                       0x1b));
    assert_null(strchr(display_name(arena, "team\r\nSet-Cookie: sid=1", false), '\n'));
}

static void long_names_lose_their_middle(void **state) {
    (void)state;
    assert_string_equal(display_shorten(arena, "abcdefghij", 10), "abcdefghij");
    assert_string_equal(display_shorten(arena, "abcdefghijk", 10), "abcde…hijk");
    for (size_t width = 0; width < 14; width++)
        assert_true(text_width(display_shorten(arena, "日本é語日本語abc", width)) <= width);
}

static void periods_read_as_words(void **state) {
    (void)state;
    assert_string_equal(display_period(arena, day_of("2026-09-01"), day_of("2026-10-01")), "September 2026");
    assert_string_equal(display_period(arena, day_of("2026-07-01"), day_of("2026-10-01")), "Q3 2026");
    assert_string_equal(display_period(arena, day_of("2026-01-01"), day_of("2027-01-01")), "2026");
    assert_string_equal(display_period(arena, day_of("2026-09-03"), day_of("2026-09-04")), "2026-09-03");
    assert_string_equal(display_period(arena, day_of("2026-09-01"), day_of("2026-09-13")), "2026-09-01 to 2026-09-12");
    assert_string_equal(display_bucket(arena, "2026-09-07", GRAIN_WEEK), "week of 2026-09-07");
    assert_string_equal(display_bucket(arena, "2026-09-07 13:00:00", GRAIN_HOUR), "2026-09-07 13:00");
    assert_string_equal(display_bucket(arena, "strange", GRAIN_DAY), "strange");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(numbers_look_as_people_write_them, make_arena, free_arena),
        cmocka_unit_test_setup_teardown(changes_carry_their_sign, make_arena, free_arena),
        cmocka_unit_test_setup_teardown(names_are_printable_and_never_empty, make_arena, free_arena),
        cmocka_unit_test_setup_teardown(long_names_lose_their_middle, make_arena, free_arena),
        cmocka_unit_test_setup_teardown(periods_read_as_words, make_arena, free_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
