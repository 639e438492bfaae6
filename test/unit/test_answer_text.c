#include "answer_bill.h"

/* What a terminal must never be sent: C0 (but the line feeds and colours that are ours), C1, bidi and zero-width characters. */
static bool has_hostile_bytes(const char *text) {
    size_t size = 0;
    for (; *text; text += size) {
        unsigned c = text_code_point(text, &size);
        if ((c < 0x20 && c != '\n') || (c >= 0x7F && c < 0xA0) || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E))
            return true;
    }
    return false;
}

static const char *const hostile[] = {
    "\x1b]8;;https://attacker.example\x07"
    "click\x1b]8;;\x07",
    "team\r\nSet-Cookie: sid=1",
    "team\nevent: done\ndata: {}",
    "\xE2\x80\xAEgnitekram",
    "zero\xE2\x80\x8Bwidth",
    "\xC2\x9B"
    "31m",
    "a\tb",
    "=cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+9)",
    "+1",
    "\"quoted\",\"value\"",
    "team with trailing space ",
    "<script>alert(1)</script>",
    "emoji 🧨💣",
};
enum { HOSTILE = sizeof hostile / sizeof *hostile };

static Answer hostile_answer(void) {
    static CompiledColumn columns[] = {KEY_SERVICE, VALUE_COST, TOTAL_COST};
    static const char *cells[HOSTILE * 3];
    for (size_t i = 0; i < HOSTILE; i++) {
        cells[i * 3] = hostile[i];
        cells[i * 3 + 1] = i % 2 ? "1" : "-1";
        cells[i * 3 + 2] = "-1";
    }
    return make_answer(make_plan(INTENT_BREAKDOWN, "ServiceName"), columns, 3, cells, HOSTILE);
}

static void a_terminal_gets_no_control_characters(void **state) {
    (void)state;
    Answer answer = hostile_answer();
    answer.question = answer.paraphrase = answer.sql = hostile[0];
    answer.source = hostile[1];
    for (int width = 20; width < 200; width += 7) assert_false(has_hostile_bytes(answer_text(arena, &answer, width, false)));
    answer.status = ANSWER_REFUSED;
    answer.message = hostile[3];
    answer.nearest = arena_array(arena, 1, sizeof *answer.nearest);
    answer.nearest[0] = hostile[0];
    answer.nearest_count = 1;
    assert_false(has_hostile_bytes(answer_text(arena, &answer, 80, false)));
}

static void lines_fit_the_terminal(void **state) {
    (void)state;
    Answer answers[] = {breakdown_answer(), series_answer(), compare_answer(), movers_answer(), hostile_answer()};
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        for (int width = 60; width <= 160; width += 20) {
            size_t count = 0;
            const char **lines = text_split(arena, answer_text(arena, &answers[i], width, false), '\n', &count);
            for (size_t line = 0; line < count; line++) {
                if (text_width(lines[line]) > (size_t)width) print_error("%d: %s\n", width, lines[line]);
                assert_true(text_width(lines[line]) <= (size_t)width);
            }
        }
    }
}

static void csv_is_exact_and_runs_no_formula(void **state) {
    (void)state;
    static CompiledColumn columns[] = {KEY_SERVICE, VALUE_COST};
    static const char *const cells[] = {"=1+1", "-5.10", "-2+3", "0.000000000012", "say \"hi\", you", NULL, "plain", "3"};
    const Table *table = make_table(columns, 2, cells, 4);
    assert_string_equal(answer_csv(arena, table), "ServiceName,BilledCost\r\n"
                                                  "\"'=1+1\",-5.10\r\n"
                                                  "\"'-2+3\",0.000000000012\r\n"
                                                  "\"say \"\"hi\"\", you\",\r\n"
                                                  "plain,3\r\n");
}

static void json_keeps_exact_digits_and_raw_names(void **state) {
    (void)state;
    static CompiledColumn columns[] = {KEY_SERVICE, VALUE_COST, TOTAL_COST};
    const char *const cells[] = {hostile[0], "0.100000000000000000000000000001", "0.100000000000000000000000000001"};
    Answer answer = make_answer(make_plan(INTENT_BREAKDOWN, "ServiceName"), columns, 3, cells, 1);
    const char *text = json_write(arena, answer_json(arena, &answer), false);
    assert_non_null(strstr(text, "0.100000000000000000000000000001"));
    Json *back = NULL;
    Err err = {0};
    assert_true(json_parse(arena, text, strlen(text), &back, &err));
    assert_string_equal(json_text(json_at(json_at(json_get(back, "rows"), 0), 0)), hostile[0]);
    assert_int_equal(json_count(json_get(back, "columns")), 2); /* the total is hidden */
}

static void limits_cut_every_form(void **state) {
    (void)state;
    Answer answer = hostile_answer();
    answer.row_limit = 2;
    const Json *json = answer_json(arena, &answer);
    assert_int_equal(json_count(json_get(json, "rows")), 2);
    assert_true(json_get_bool(json, "truncated", false));
    assert_non_null(strstr(answer_text(arena, &answer, 80, false), "… 13 more rows"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_terminal_gets_no_control_characters, make_arena, free_arena),
        cmocka_unit_test_setup_teardown(lines_fit_the_terminal, make_arena, free_arena),
        cmocka_unit_test_setup_teardown(csv_is_exact_and_runs_no_formula, make_arena, free_arena),
        cmocka_unit_test_setup_teardown(json_keeps_exact_digits_and_raw_names, make_arena, free_arena),
        cmocka_unit_test_setup_teardown(limits_cut_every_form, make_arena, free_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
