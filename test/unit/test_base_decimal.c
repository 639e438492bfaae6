#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/decimal.h"

#define NINES "99999999999999999999999999999999999999" /* 38 of them */

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

static Decimal of(const char *text) {
    Decimal value = {0};
    assert_true(decimal_parse(text, &value));
    return value;
}

static const char *read_back(const char *text) {
    return decimal_text(arena, of(text));
}

static void reads_what_is_a_number(void **state) {
    (void)state;
    assert_string_equal(read_back("0"), "0");
    assert_string_equal(read_back("-0"), "0");
    assert_string_equal(read_back("+12.50"), "12.5");
    assert_string_equal(read_back("-0.5"), "-0.5");
    assert_string_equal(read_back(".5"), "0.5");
    assert_string_equal(read_back("5."), "5");
    assert_string_equal(read_back("007"), "7");
    assert_string_equal(read_back("0.0000018403"), "0.0000018403");
    assert_string_equal(read_back("1e3"), "1000");
    assert_string_equal(read_back("1.25E-2"), "0.0125");
    assert_string_equal(read_back("12345e-7"), "0.0012345");
    assert_string_equal(read_back("0e38"), "0");
    assert_string_equal(read_back(NINES), NINES);
    assert_string_equal(read_back("-" NINES), "-" NINES);
    assert_string_equal(read_back("0." NINES), "0." NINES);
    assert_string_equal(read_back("1e37"), "10000000000000000000000000000000000000");
    assert_string_equal(read_back("1e-38"), "0.00000000000000000000000000000000000001");
    assert_string_equal(read_back("0.0000000000000000000000000000000000000000000000"), "0");
    assert_string_equal(read_back("1000000000000000000000000000000e-38"), "0.00000001");
}

static void declines_what_is_none(void **state) {
    (void)state;
    static const char *const bad[] = {"",
                                      "-",
                                      ".",
                                      "+.",
                                      "abc",
                                      "1,000",
                                      "1.2.3",
                                      "1 ",
                                      " 1",
                                      "--1",
                                      "1e",
                                      "1e+",
                                      "1e1.5",
                                      "0x10",
                                      "nan",
                                      "inf",
                                      "1e39",
                                      "1e-39",
                                      "1e38",
                                      "1.5e-38",
                                      "10e37",
                                      "1e99999999999999999999",
                                      NINES "9",
                                      NINES ".5",
                                      "0." NINES "9"};
    Decimal value;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (decimal_parse(bad[i], &value)) fail_msg("\"%s\" was read", bad[i]);
}

static void rounds_half_to_even(void **state) {
    (void)state;
    static const struct {
        const char *value;
        int places;
        const char *expected;
    } cases[] = {
        {"0.125", 2, "0.12"},    {"0.135", 2, "0.14"}, {"0.1250001", 2, "0.13"}, {"-0.125", 2, "-0.12"},
        {"-0.135", 2, "-0.14"},  {"0.5", 0, "0"},      {"1.5", 0, "2"},          {"2.5", 0, "2"},
        {"-2.5", 0, "-2"},       {"-3.5", 0, "-4"},    {"-0.001", 2, "0.00"},    {"9.995", 2, "10.00"},
        {"9.985", 2, "9.98"},    {"12", 2, "12.00"},   {"0", 3, "0.000"},        {"0." NINES, 2, "1.00"},
        {NINES, 2, NINES ".00"}, {"0." NINES, 0, "1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(decimal_fixed(arena, of(cases[i].value), cases[i].places), cases[i].expected);
}

static void groups_thousands(void **state) {
    (void)state;
    assert_string_equal(decimal_grouped(arena, of("1234567.891"), 2), "1,234,567.89");
    assert_string_equal(decimal_grouped(arena, of("-999.995"), 2), "-1,000.00");
    assert_string_equal(decimal_grouped(arena, of("100"), 0), "100");
    assert_string_equal(decimal_grouped(arena, of("-100000"), 0), "-100,000");
    assert_string_equal(decimal_grouped(arena, of("0.5"), 1), "0.5");
}

static void compares_without_loss(void **state) {
    (void)state;
    static const char *const ascending[] = {"-" NINES,
                                            "-1e37",
                                            "-1.0000000000000000000000000000000000001",
                                            "-1",
                                            "-0." NINES,
                                            "0",
                                            "1e-38",
                                            "0.1",
                                            "0.10000000000000000000000000000000000001",
                                            "1",
                                            "1.0000000000000000000000000000000000001",
                                            "2",
                                            "1e37",
                                            NINES};
    size_t count = sizeof ascending / sizeof *ascending;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++)
            assert_int_equal(decimal_compare(of(ascending[i]), of(ascending[j])), (i > j) - (i < j));
    assert_int_equal(decimal_compare(of("1.50"), of("1.5")), 0);
}

static void adds_and_subtracts(void **state) {
    (void)state;
    Decimal sum;
    assert_true(decimal_add(of("0.1"), of("0.02"), &sum));
    assert_string_equal(decimal_text(arena, sum), "0.12");
    assert_true(decimal_subtract(of("1"), of("1.000000000001"), &sum));
    assert_string_equal(decimal_text(arena, sum), "-0.000000000001");
    /* Zeros behind the point must not cost room in front of it. */
    assert_true(decimal_add(of("1234567890123456789012345678901234567"), of("0.500000"), &sum));
    assert_string_equal(decimal_text(arena, sum), "1234567890123456789012345678901234567.5");
    assert_false(decimal_add(of(NINES), of("1"), &sum));
    assert_false(decimal_add(of(NINES), of(NINES), &sum));
    assert_false(decimal_subtract(of("-" NINES), of(NINES), &sum));
    assert_true(decimal_subtract(of(NINES), of(NINES), &sum));
    assert_true(decimal_is_zero(sum));
}

static void check_quotient(const char *a, const char *b, int places, const char *expected) {
    Decimal quotient;
    assert_true(decimal_divide(of(a), of(b), places, &quotient));
    assert_string_equal(decimal_fixed(arena, quotient, places), expected);
}

static void divides_with_one_rounding(void **state) {
    (void)state;
    check_quotient("1", "3", 4, "0.3333");
    check_quotient("2", "3", 4, "0.6667");
    check_quotient("-2", "3", 4, "-0.6667");
    check_quotient("1", "8", 2, "0.12"); /* 0.125 exactly: to even */
    check_quotient("3", "8", 2, "0.38"); /* 0.375 exactly: to even */
    check_quotient("1250001", "10000000", 2, "0.13");
    check_quotient("0.05", "1", 1, "0.0");
    check_quotient("0.0500001", "1", 1, "0.1");
    check_quotient("7569.8100996647", "100", 12, "75.698100996647");
    check_quotient("1", NINES, 4, "0.0000");
    check_quotient("1e-38", NINES, 4, "0.0000");
    check_quotient(NINES, "1000", 0, "100000000000000000000000000000000000");
    check_quotient("0", "5", 3, "0.000");
    Decimal quotient;
    assert_false(decimal_divide(of("1"), of("0"), 4, &quotient));
    assert_false(decimal_divide(of("1"), of("0.000"), 4, &quotient));
    assert_false(decimal_divide(of(NINES), of("0.001"), 4, &quotient));
}

static void moves_the_point(void **state) {
    (void)state;
    assert_string_equal(decimal_text(arena, decimal_shift(of("0.1234"), 2)), "12.34");
    assert_string_equal(decimal_text(arena, decimal_shift(of("0.5"), 3)), "500");
    assert_string_equal(decimal_text(arena, decimal_shift(of("12"), -3)), "0.012");
    assert_string_equal(decimal_text(arena, decimal_shift(of("0.00001000"), -33)), "0.00000000000000000000000000000000000001");
    assert_string_equal(decimal_text(arena, decimal_shift(of("0"), 60)), "0");
}

static void knows_signs(void **state) {
    (void)state;
    assert_true(decimal_is_negative(of("-0.000001")));
    assert_false(decimal_is_negative(of("-0")));
    assert_string_equal(decimal_text(arena, decimal_negate(of("-5.25"))), "5.25");
    assert_true(decimal_double(of("2.5")) == 2.5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_is_a_number),
        cmocka_unit_test(declines_what_is_none),
        cmocka_unit_test(rounds_half_to_even),
        cmocka_unit_test(groups_thousands),
        cmocka_unit_test(compares_without_loss),
        cmocka_unit_test(adds_and_subtracts),
        cmocka_unit_test(divides_with_one_rounding),
        cmocka_unit_test(moves_the_point),
        cmocka_unit_test(knows_signs),
    };
    return cmocka_run_group_tests(tests, make_arena, free_arena);
}
