/* Templates: escaping in each form, sections, names of outer objects, lines that hold only a mark, marks that do not match. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "answer/template.h"
#include "base/arena.h"

static Arena *arena;

static int set_up(void **state) {
    (void)state;
    arena = arena_make();
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static Json *data_of(const char *text) {
    Json *data = NULL;
    Err err = {0};
    assert_true(json_parse(arena, text, strlen(text), &data, &err));
    return data;
}

static const char *rendered(const char *template, TemplateForm form, const char *data) {
    const char *out = NULL;
    Err err = {0};
    if (!template_render_text(arena, template, form, data_of(data), &out, &err)) fail_msg("%s", err.message);
    return out;
}

static void test_escaping(void **state) {
    (void)state;
    const char *data = "{\"a\":\"<b>&\\\"'|*{x}\\u001b[31m\"}";
    assert_string_equal(rendered("{{a}}", TEMPLATE_HTML, data), "&lt;b&gt;&amp;&quot;&#39;|*{x}\xEF\xBF\xBD[31m");
    assert_string_equal(rendered("{{a}}", TEMPLATE_MARKDOWN, data), "&lt;b&gt;&amp;&quot;&#39;\\|\\*{x}\xEF\xBF\xBD\\[31m");
    assert_string_equal(rendered("{{a}}", TEMPLATE_JIRA, data), "<b>&\"'\\|\\*\\{x\\}\xEF\xBF\xBD\\[31m");
    assert_string_equal(rendered("{{{a}}}", TEMPLATE_HTML, "{\"a\":\"<svg>\"}"), "<svg>");
}

static void test_sections(void **state) {
    (void)state;
    const char *data = "{\"title\":\"T\",\"list\":[{\"n\":\"1\"},{\"n\":\"2\",\"words\":[\"x\",\"y\"]}],\"none\":[],\"yes\":"
                       "true,\"no\":false,\"text\":\"\"}";
    assert_string_equal(rendered("{{#list}}{{title}}{{n}}{{#words}}-{{.}}{{/words}};{{/list}}", TEMPLATE_HTML, data),
                        "T1;T2-x-y;");
    assert_string_equal(
        rendered("{{#yes}}a{{/yes}}{{#no}}b{{/no}}{{^none}}c{{/none}}{{^yes}}d{{/yes}}{{#text}}e{{/text}}{{gone}}",
                 TEMPLATE_HTML, data),
        "ac");
}

static void test_lines(void **state) {
    (void)state;
    assert_string_equal(rendered("a\n{{#list}}\n- {{.}}\n{{/list}}\nb\n", TEMPLATE_HTML, "{\"list\":[\"1\",\"2\"]}"),
                        "a\n- 1\n- 2\nb\n");
    assert_string_equal(rendered("a\n  {{#none}}\n- x\n  {{/none}}\nb", TEMPLATE_HTML, "{\"none\":[]}"), "a\nb");
    assert_string_equal(rendered("{{#a}}{{#a}}x{{/a}}{{/a}}", TEMPLATE_HTML, "{\"a\":true}"), "x");
}

static void test_mismatch(void **state) {
    (void)state;
    static const char *const wrong[] = {"{{#a}}x", "x{{/a}}", "{{a", "{{#a}}{{#b}}{{/a}}"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const char *out = NULL;
        Err err = {0};
        assert_false(template_render_text(arena, wrong[i], TEMPLATE_HTML, data_of("{\"a\":true}"), &out, &err));
        assert_int_equal(err.kind, ERR_INTERNAL);
    }
}

static void test_templates_of_the_program(void **state) {
    (void)state;
    static const char *const names[] = {"architecture_report.html", "architecture_report.md", "architecture_jira.txt"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *out = NULL;
        Err err = {0};
        if (!template_render(arena, names[i], (TemplateForm)i, data_of("{\"families\":[]}"), &out, &err))
            fail_msg("%s: %s", names[i], err.message);
        assert_null(strstr(out, "{{"));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_escaping, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sections, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_lines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_mismatch, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_templates_of_the_program, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
