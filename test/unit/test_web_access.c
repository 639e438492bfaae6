/* Who may speak to the server, and how names and paths from outside are made harmless. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/text.h"
#include "web/access.h"
#include "web/gate.h"
#include "web/uploads.h"

static void hosts_that_are_ours(void **state) {
    static const char *const names[] = {"curlew.example.com"};
    (void)state;
    assert_true(access_host("localhost", "127.0.0.1", NULL, 0));
    assert_true(access_host("LOCALHOST:8765", "127.0.0.1", NULL, 0));
    assert_true(access_host("127.0.0.1:1", "127.0.0.1", NULL, 0));
    assert_true(access_host("[::1]:8765", "127.0.0.1", NULL, 0));
    assert_true(access_host("10.1.2.3:8765", "0.0.0.0", NULL, 0));
    assert_true(access_host("Curlew.Example.com:443", "0.0.0.0", names, 1));
}

static void hosts_that_are_not(void **state) {
    static const char *const bad[] = {"",
                                      "evil.example",
                                      "localhost.evil.example",
                                      "127.0.0.1.evil.example",
                                      "localhost:",
                                      "localhost:x",
                                      "localhost:123456",
                                      "[::1",
                                      "::1",
                                      "10.1.2.3",
                                      "localhost:80:80",
                                      "user@localhost",
                                      "[]",
                                      "local host",
                                      "[::1]x",
                                      ":80",
                                      "0x7f.0.0.1",
                                      "2130706433.example"};
    static const char *const names[] = {"curlew.example.com"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (access_host(bad[i], "127.0.0.1", NULL, 0)) fail_msg("%s was taken for ours", bad[i]);
    assert_false(access_host(NULL, "127.0.0.1", NULL, 0));
    assert_false(access_host("x.curlew.example.com", "0.0.0.0", names, 1));
}

static void origins(void **state) {
    (void)state;
    assert_true(access_origin(NULL, "localhost:8765", false));
    assert_true(access_origin("http://localhost:8765", "localhost:8765", false));
    assert_true(access_origin("https://localhost:8765", "localhost:8765", true));
    assert_false(access_origin("http://localhost:8765", "localhost:8765", true));
    assert_false(access_origin("http://localhost:1", "localhost:8765", false));
    assert_false(access_origin("null", "localhost:8765", false));
    assert_false(access_origin("", "localhost:8765", false));
    assert_false(access_origin("http://localhost:8765.evil.example", "localhost:8765", false));
    assert_false(access_origin("http://localhost:8765", NULL, false));
    assert_true(access_from_elsewhere("cross-site"));
    assert_true(access_from_elsewhere("same-site"));
    assert_false(access_from_elsewhere("same-origin"));
    assert_false(access_from_elsewhere("none"));
    assert_false(access_from_elsewhere(NULL));
}

static void tokens(void **state) {
    Arena *arena = arena_make();
    (void)state;
    assert_true(access_same("a-token", "a-token"));
    assert_false(access_same("a-tokem", "a-token"));
    assert_false(access_same("a-toke", "a-token"));
    assert_false(access_same("a-token1", "a-token"));
    assert_false(access_same("", "a-token"));
    assert_false(access_same(NULL, "a-token"));
    assert_string_equal(access_bearer("Bearer x"), "x");
    assert_null(access_bearer("Basic x"));
    assert_null(access_bearer(NULL));
    assert_false(access_token_is_good("short"));
    assert_false(access_token_is_good("with a space and long enough"));
    const char *made = access_make_token(arena), *again = access_make_token(arena);
    assert_true(access_token_is_good(made));
    assert_int_equal(strlen(made), 64);
    assert_string_not_equal(made, again);
    assert_true(access_is_id(access_make_id(arena)));
    assert_false(access_is_id("../../../../../../../../../../x0"));
    assert_false(access_is_id("0123456789ABCDEF0123456789ABCDEF"));
    assert_false(access_is_id(NULL));
    arena_free(arena);
}

static void safe_paths(void **state) {
    Arena *arena = arena_make();
    (void)state;
    assert_string_equal(gate_safe_path(arena, "/data"), "/data");
    assert_string_equal(gate_safe_path(arena, "//evil.example/x"), "/evil.example/x");
    assert_string_equal(gate_safe_path(arena, "/\\evil.example"), "/evil.example");
    assert_string_equal(gate_safe_path(arena, "/a\r\nSet-Cookie: x"), "/a%0D%0ASet-Cookie%3A%20x");
    assert_string_equal(gate_safe_path(arena, "/é"), "/%C3%A9");
    assert_string_equal(gate_media_type(arena, "application/json; charset=utf-8"), "application/json");
    assert_true(gate_accepts(arena, "text/event-stream", "text/event-stream"));
    assert_true(gate_accepts(arena, "text/csv;q=1, */*", "text/csv"));
    assert_false(gate_accepts(arena, "*/*", "text/csv"));
    assert_false(gate_accepts(arena, NULL, "text/csv"));
    arena_free(arena);
}

static void safe_names(void **state) {
    static const struct {
        const char *given, *kept;
    } cases[] = {{"bill.csv", "bill.csv"},
                 {"Kosten März 2026.csv.gz", "Kosten März 2026.csv.gz"},
                 {"../../etc/passwd", "passwd"},
                 {"C:\\bills\\a.csv", "a.csv"},
                 {"bill[1]*.csv", "bill_1__.csv"},
                 {".htaccess", "htaccess"},
                 {"-rf", "rf"},
                 {"..", "upload"},
                 {"", "upload"},
                 {"/", "upload"},
                 {"upload.json", "upload"},
                 {"a\nb.csv", "a_b.csv"}};
    Arena *arena = arena_make();
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(upload_safe_name(arena, cases[i].given), cases[i].kept);
    char *long_name = arena_alloc(arena, 5001);
    memset(long_name, 'x', 5000);
    memcpy(long_name + 4993, ".csv.gz", 7);
    const char *kept = upload_safe_name(arena, long_name);
    assert_int_equal(strlen(kept), UPLOAD_NAME_BYTES);
    assert_true(text_ends(kept, ".csv.gz"));
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(hosts_that_are_ours),
                                       cmocka_unit_test(hosts_that_are_not),
                                       cmocka_unit_test(origins),
                                       cmocka_unit_test(tokens),
                                       cmocka_unit_test(safe_paths),
                                       cmocka_unit_test(safe_names)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
