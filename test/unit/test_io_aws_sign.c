/* io/aws_sign.h against AWS's own vectors: the ones kept in fixtures/sigv4, and the whole set where it stands beside the project. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"
#include "io/aws_sign.h"
#include "io/file.h"

#define VECTOR_BYTES ((size_t)64 * 1024)

static char *read_part(Arena *arena, const char *folder, const char *name) {
    char *text = NULL;
    size_t size = 0;
    Err err = {0};
    if (!file_read(arena, file_join(arena, folder, name), VECTOR_BYTES, &text, &size, &err)) fail_msg("%s", err.message);
    return text;
}

/* "POST /path?query HTTP/1.1", then headers (lines that begin with white space go on with the one before), then the body. */
static AwsRequest read_request(Arena *arena, char *text) {
    AwsRequest request = {0};
    HttpHeader *headers = arena_array(arena, AWS_HEADERS, sizeof *headers);
    char *line_end = strchr(text, '\n');
    assert_non_null(line_end);
    char *target = strchr(text, ' ') + 1;
    char *version = line_end;
    while (*version != ' ') version--;
    request.method = arena_text_n(arena, text, (size_t)(target - 1 - text));
    const size_t path_size = strcspn(target, "?\n");
    if (target + path_size < version)
        request.query = arena_text_n(arena, target + path_size + 1, (size_t)(version - target) - path_size - 1);
    request.path = arena_text_n(arena, target, target + path_size < version ? path_size : (size_t)(version - target));
    char *at = line_end + 1;
    while (*at && *at != '\n') {
        size_t size = strcspn(at, "\n");
        while (at[size] && (at[size + 1] == ' ' || at[size + 1] == '\t')) size += 1 + strcspn(at + size + 1, "\n");
        const size_t name_size = strcspn(at, ":");
        headers[request.header_count++] =
            (HttpHeader){arena_text_n(arena, at, name_size), arena_text_n(arena, at + name_size + 1, size - name_size - 1)};
        at += size + (at[size] == '\n');
    }
    request.body = *at ? at + 1 : "";
    request.body_size = strlen(request.body);
    request.headers = headers;
    return request;
}

static void check_vector(const char *folder) {
    Arena *arena = arena_make();
    Err err = {0};
    Json *context = NULL;
    const char *json = read_part(arena, folder, "context.json");
    assert_true(json_parse(arena, json, strlen(json), &context, &err));
    const Json *given = json_get(context, "credentials");
    const AwsKeys keys = {json_get_text(given, "access_key_id"), json_get_text(given, "secret_access_key"),
                          json_get_text(given, "token")};
    assert_string_equal(json_get_text(context, "timestamp"), "2015-08-30T12:36:00Z");
    const AwsScope scope = {.region = json_get_text(context, "region"),
                            .service = json_get_text(context, "service"),
                            .time_s = 1440938160, /* 2015-08-30T12:36:00Z */
                            .keep_path = !json_get_bool(context, "normalize", true),
                            .show_body_hash = json_get_bool(context, "sign_body", false),
                            .late_token = json_get_bool(context, "omit_session_token", false)};
    const AwsRequest request = read_request(arena, read_part(arena, folder, "request.txt"));
    AwsSigned answer = {0};
    if (!aws_sign(arena, &request, &scope, &keys, &answer, &err)) fail_msg("%s: %s", folder, err.message);
    assert_string_equal(answer.canonical_request, read_part(arena, folder, "header-canonical-request.txt"));
    assert_string_equal(answer.string_to_sign, read_part(arena, folder, "header-string-to-sign.txt"));
    assert_string_equal(answer.signature, read_part(arena, folder, "header-signature.txt"));
    arena_free(arena);
}

static size_t check_folder(const char *folder) {
    Arena *arena = arena_make();
    const char **names = NULL;
    size_t count = 0;
    Err err = {0};
    if (!file_list(arena, folder, &names, &count, &err)) fail_msg("%s", err.message);
    for (size_t i = 0; i < count; i++) check_vector(file_join(arena, folder, names[i]));
    arena_free(arena);
    return count;
}

static void test_vectors_of_the_project(void **state) {
    (void)state;
    assert_true(check_folder(TEST_FIXTURES "/sigv4") >= 9);
}

static void test_all_vectors(void **state) {
    (void)state;
    const char *shared = getenv("CURLEW_SHARED");
    Arena *arena = arena_make();
    const char *folder = file_join(arena, shared ? shared : "../shared", "vectors/sigv4");
    const bool is_there = file_info(folder).kind == FILE_FOLDER;
    if (is_there) assert_true(check_folder(folder) > 0);
    arena_free(arena);
    if (!is_there) skip();
}

/* A model id with a colon is encoded twice: once for the wire, once more for the signature. */
static void test_encodes_the_path_once_more(void **state) {
    (void)state;
    Arena *arena = arena_make();
    const char *model = aws_percent_encode(arena, "anthropic.model-v1:0/x y", NULL);
    assert_string_equal(model, "anthropic.model-v1%3A0%2Fx%20y");
    const HttpHeader headers[] = {{"Host", "bedrock-runtime.eu-west-1.amazonaws.com"}};
    const AwsRequest request = {
        .method = "POST", .path = arena_printf(arena, "/model/%s/converse", model), .headers = headers, .header_count = 1};
    const AwsScope scope = {.region = "eu-west-1", .service = "bedrock", .time_s = 1440938160};
    const AwsKeys keys = {"AKIDEXAMPLE", "secret", NULL};
    AwsSigned answer = {0};
    Err err = {0};
    assert_true(aws_sign(arena, &request, &scope, &keys, &answer, &err));
    assert_non_null(strstr(answer.canonical_request, "/model/anthropic.model-v1%253A0%252Fx%2520y/converse\n"));
    arena_free(arena);
}

static void test_declines_what_cannot_be_signed(void **state) {
    (void)state;
    Arena *arena = arena_make();
    const AwsRequest request = {.method = "GET"};
    const AwsScope scope = {.region = "eu-west-1", .service = "bedrock"};
    AwsSigned answer = {0};
    Err err = {0};
    const AwsKeys none = {NULL, NULL, NULL};
    assert_false(aws_sign(arena, &request, &scope, &none, &answer, &err));
    assert_string_equal(err.code, "NO_CREDENTIALS");
    err_clear(&err);
    const AwsKeys folded = {"AKID\nX-Other: 1", "a-secret-word", NULL};
    assert_false(aws_sign(arena, &request, &scope, &folded, &answer, &err));
    assert_string_equal(err.code, "BAD_CREDENTIALS");
    assert_null(strstr(err.message, "a-secret-word"));
    err_clear(&err);
    const AwsKeys keys = {"AKIDEXAMPLE", "a-secret-word", NULL};
    const AwsScope nowhere = {.region = "", .service = "bedrock"};
    assert_false(aws_sign(arena, &request, &nowhere, &keys, &answer, &err));
    assert_string_equal(err.code, "NO_REGION");
    err_clear(&err);
    const AwsRequest crowded = {.method = "GET", .header_count = AWS_HEADERS + 1};
    assert_false(aws_sign(arena, &crowded, &scope, &keys, &answer, &err));
    assert_int_equal(err.kind, ERR_LIMIT);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors_of_the_project),
        cmocka_unit_test(test_all_vectors),
        cmocka_unit_test(test_encodes_the_path_once_more),
        cmocka_unit_test(test_declines_what_cannot_be_signed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
