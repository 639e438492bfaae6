#include "answer_bill.h"

#include <ctype.h>

#include "base/limits.h"

typedef Answer Maker(void);
static Maker *const makers[] = {breakdown_answer, series_answer, compare_answer, movers_answer};
enum { MAKERS = sizeof makers / sizeof *makers };

static bool verifies(const Answer *answer, const char *summary) {
    Answer changed = *answer;
    int numbers = 0, verified = 0;
    changed.summary = summary;
    answer_verify(arena, &changed, &numbers, &verified);
    return numbers == verified;
}

/* `summary` with the first `old` replaced; fails the test when it is not there. */
static const char *replaced(const char *summary, const char *old, const char *new) {
    const char *at = strstr(summary, old);
    if (!at) print_error("“%s” is not in: %s\n", old, summary);
    assert_non_null(at);
    return arena_printf(arena, "%.*s%s%s", (int)(at - summary), summary, new, at + strlen(old));
}

static void rejects(const Answer *answer, const char *summary) {
    if (verifies(answer, summary)) print_error("accepted: %s\n", summary);
    assert_false(verifies(answer, summary));
}

static void templates_verify(void **state) {
    (void)state;
    for (size_t i = 0; i < MAKERS; i++) {
        Answer answer = makers[i]();
        if (answer.numbers != answer.numbers_verified || answer.numbers < 3) print_error("%s\n", answer.summary);
        assert_int_equal(answer.numbers, answer.numbers_verified);
        assert_true(answer.numbers >= 3);
    }
}

static void every_changed_digit_is_rejected(void **state) {
    (void)state;
    for (size_t i = 0; i < MAKERS; i++) {
        Answer answer = makers[i]();
        for (size_t at = 0; answer.summary[at]; at++) {
            if (!isdigit((unsigned char)answer.summary[at])) continue;
            for (char digit = '0'; digit <= '9'; digit++) {
                char *changed = arena_text(arena, answer.summary);
                if (digit == changed[at]) continue;
                changed[at] = digit;
                rejects(&answer, changed);
            }
        }
    }
}

static void removed_and_added_digits_are_rejected(void **state) {
    (void)state;
    for (size_t i = 0; i < MAKERS; i++) {
        Answer answer = makers[i]();
        for (size_t at = 0; answer.summary[at]; at++) {
            if (!isdigit((unsigned char)answer.summary[at])) continue;
            int head = (int)at;
            const char *rest = answer.summary + at;
            bool alone = !isdigit((unsigned char)rest[1]) && (at == 0 || !isdigit((unsigned char)rest[-1]));
            rejects(&answer, arena_printf(arena, "%.*s7%s", head, answer.summary, rest));
            /* Without a zero behind the point the value is the same. */
            if (!alone && rest[0] != '0') rejects(&answer, arena_printf(arena, "%.*s%s", head, answer.summary, rest + 1));
        }
    }
}

static void swapped_subjects_are_rejected(void **state) {
    (void)state;
    Answer answer = breakdown_answer();
    const char *swapped = replaced(answer.summary, "**Amazon EC2**", "**x**");
    swapped = replaced(swapped, "**AmazonRDS**", "**Amazon EC2**");
    rejects(&answer, replaced(swapped, "**x**", "**AmazonRDS**"));
    answer = compare_answer();
    swapped = replaced(answer.summary, "**September 2026**", "**x**");
    swapped = replaced(swapped, "**August 2026**", "**September 2026**");
    rejects(&answer, replaced(swapped, "**x**", "**August 2026**"));
    answer = series_answer();
    swapped = replaced(answer.summary, "**August 2026**", "**x**");
    swapped = replaced(swapped, "**September 2026**", "**August 2026**");
    rejects(&answer, replaced(swapped, "**x**", "**September 2026**"));
}

static void flipped_words_are_rejected(void **state) {
    (void)state;
    Answer answer = compare_answer();
    rejects(&answer, replaced(answer.summary, "fell by", "rose by"));
    rejects(&answer, replaced(answer.summary, "fell by", "is"));
    answer = movers_answer();
    rejects(&answer, replaced(answer.summary, "rose by", "fell by"));
    rejects(&answer, replaced(answer.summary, "from $400.00 to $900.00", "from $900.00 to $400.00"));
    rejects(&answer, replaced(answer.summary, "rose by $500.00", "rose by $900.00"));
    answer = breakdown_answer();
    rejects(&answer, replaced(answer.summary, "highest", "lowest"));
    rejects(&answer, replaced(answer.summary, "highest", "most expensive"));
}

static void changed_units_and_signs_are_rejected(void **state) {
    (void)state;
    Answer answer = breakdown_answer();
    rejects(&answer, replaced(answer.summary, "$1,234.50", "€1,234.50"));
    rejects(&answer, replaced(answer.summary, "$1,234.50", "EUR 1,234.50"));
    rejects(&answer, replaced(answer.summary, "$1,234.50", "1,234.50"));
    rejects(&answer, replaced(answer.summary, "$1,234.50", "-$1,234.50"));
    rejects(&answer, replaced(answer.summary, "$1,234.50", "$1,234.50k"));
    rejects(&answer, replaced(answer.summary, "$1,234.50", "$1.2k"));
    rejects(&answer, replaced(answer.summary, "61.7%", "61.7"));
    rejects(&answer, replaced(answer.summary, "61.7%", "$61.70"));
    rejects(&answer, replaced(answer.summary, "61.7%", "62 %"));
    rejects(&answer, replaced(answer.summary, " 3 services", " 3% services"));
    assert_true(verifies(&answer, replaced(answer.summary, "$1,234.50", "$1 234.50")));
    assert_true(verifies(&answer, replaced(answer.summary, "61.7%", "61.7 percent")));
    answer = series_answer();
    assert_true(verifies(&answer, replaced(answer.summary, "$8,600.00", "$8.6k")));
}

static void number_words_are_rejected(void **state) {
    (void)state;
    static const char *const words[] = {"two", "half", "Twice",  "doubled", "most",
                                        "all", "none", "nearly", "a dozen", "one third"};
    Answer answer = breakdown_answer();
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        rejects(&answer, arena_printf(arena, "%s That is %s of it.", answer.summary, words[i]));
    assert_true(verifies(&answer, arena_printf(arena, "%s That is it.", answer.summary)));
}

/* A name that claims something stays a name; outside of bold it is a claim. */
static void names_cannot_smuggle_numbers(void **state) {
    (void)state;
    static CompiledColumn columns[] = {KEY_SERVICE, VALUE_COST, TOTAL_COST};
    static const char *const cells[] = {
        "Total $0", "1234.5", "2000", "spend fell 50%", "700.25", "2000", "[x](http://a.example)", "65.25", "2000"};
    Answer answer = make_answer(make_plan(INTENT_BREAKDOWN, "ServiceName"), columns, 3, cells, 3);
    assert_int_equal(answer.numbers, answer.numbers_verified);
    assert_true(answer.numbers > 5);
    assert_non_null(strstr(answer.summary, "**“Total \\$0”**"));
    assert_null(strstr(answer.summary, "](http:"));
    rejects(&answer, replaced(answer.summary, "**“Total \\$0”**", "Total $0"));
    rejects(&answer, replaced(answer.summary, "**“Total \\$0”**", "**Total $0.00**"));
}

static void every_hostile_name_verifies(void **state) {
    (void)state;
    static const char *const names[] = {"'; DROP TABLE cur; --",
                                        "<script>alert(1)</script>",
                                        "=cmd|' /C calc'!A0",
                                        "\x1b]8;;x\x07",
                                        "%s%s%s%n",
                                        "**bold**",
                                        "** $5.00",
                                        "NaN",
                                        "2025-01-01",
                                        "100%",
                                        "top 5 services",
                                        "a\\",
                                        "a*",
                                        "`code`",
                                        "zero\xE2\x80\x8Bwidth",
                                        "EC2 rose by $5.00 (50%)",
                                        "1234",
                                        "the highest",
                                        ""};
    static CompiledColumn columns[] = {KEY_SERVICE, VALUE_COST, TOTAL_COST};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *const cells[] = {names[i], "1234.5", "2000", "AmazonRDS", "700.25", "2000", "Tax", "65.25", "2000"};
        Answer answer = make_answer(make_plan(INTENT_BREAKDOWN, "ServiceName"), columns, 3, cells, 3);
        if (answer.numbers != answer.numbers_verified || answer.numbers < 8) print_error("%s: %s\n", names[i], answer.summary);
        assert_int_equal(answer.numbers, answer.numbers_verified);
        assert_true(answer.numbers >= 8);
    }
}

/* Totals are the engine's: rows that do not add up to it are no answer. */
static void parts_that_differ_from_the_total_are_refused(void **state) {
    (void)state;
    static CompiledColumn columns[] = {KEY_SERVICE, VALUE_COST, TOTAL_COST};
    static const char *const cells[] = {"Amazon EC2", "1234.5", "2000", "AmazonRDS", "700.25", "2000"};
    Compiled compiled = {.sql = "SELECT 1", .dialect = "duckdb", .column_count = 3, .columns = columns};
    Answer answer = {.paraphrase = "p"};
    Err err = {0};
    const Table *table = make_table(columns, 3, cells, 2);
    assert_false(
        answer_make(arena, make_catalog(), make_plan(INTENT_BREAKDOWN, "ServiceName"), &compiled, table, &answer, &err));
    assert_int_equal(err.kind, ERR_INTERNAL);
    assert_string_equal(err.code, "PARTS_DIFFER");
}

/* A result with a row more than an answer may have was cut: it need not add up to its total, and says that there is more. One that just
 * fills the ceiling is whole. */
static void results_cut_at_the_ceiling_say_so(void **state) {
    (void)state;
    static CompiledColumn columns[] = {KEY_SERVICE, VALUE_COST, TOTAL_COST};
    const char **cells = arena_array(arena, (size_t)(RESULT_ROWS + 1) * 3, sizeof *cells);
    for (size_t row = 0; row <= RESULT_ROWS; row++) {
        cells[row * 3] = arena_printf(arena, "service %zu", row);
        cells[row * 3 + 1] = "1";
        cells[row * 3 + 2] = "10001";
    }
    Answer answer = make_answer(make_plan(INTENT_BREAKDOWN, "ServiceName"), columns, 3, cells, RESULT_ROWS + 1);
    assert_true(answer.table->truncated);
    assert_int_equal(answer.table->row_count, RESULT_ROWS);
    assert_non_null(strstr(answer.summary, "More rows exist"));
    assert_int_equal(answer.numbers, answer.numbers_verified);
    for (size_t row = 0; row < RESULT_ROWS; row++) cells[row * 3 + 2] = "10000";
    answer = make_answer(make_plan(INTENT_BREAKDOWN, "ServiceName"), columns, 3, cells, RESULT_ROWS);
    assert_false(answer.table->truncated);
    assert_null(strstr(answer.summary, "More rows exist"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(templates_verify, make_arena, free_arena),
        cmocka_unit_test_setup_teardown(every_changed_digit_is_rejected, make_arena, free_arena),
        cmocka_unit_test_setup_teardown(removed_and_added_digits_are_rejected, make_arena, free_arena),
        cmocka_unit_test_setup_teardown(swapped_subjects_are_rejected, make_arena, free_arena),
        cmocka_unit_test_setup_teardown(flipped_words_are_rejected, make_arena, free_arena),
        cmocka_unit_test_setup_teardown(changed_units_and_signs_are_rejected, make_arena, free_arena),
        cmocka_unit_test_setup_teardown(number_words_are_rejected, make_arena, free_arena),
        cmocka_unit_test_setup_teardown(names_cannot_smuggle_numbers, make_arena, free_arena),
        cmocka_unit_test_setup_teardown(every_hostile_name_verifies, make_arena, free_arena),
        cmocka_unit_test_setup_teardown(parts_that_differ_from_the_total_are_refused, make_arena, free_arena),
        cmocka_unit_test_setup_teardown(results_cut_at_the_ceiling_say_so, make_arena, free_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
