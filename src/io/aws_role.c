/* Roles through AWS's Security Token Service: AssumeRole with keys, AssumeRoleWithWebIdentity with a token of somebody else. */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "io/aws_call.h"
#include "io/aws_sources.h"
#include "io/clock.h"
#include "io/file.h"

static void add_field(Arena *arena, Buffer *form, const char *name, const char *value) {
    if (text_is_empty(value)) return;
    buffer_printf(form, "%s%s=%s", form->size ? "&" : "", name, aws_percent_encode(arena, value, NULL));
}

static Buffer form_of(const AwsSearch *search, const char *action, const AwsRole *role) {
    Arena *arena = search->arena;
    Buffer form = {.arena = arena};
    const char *session =
        text_is_empty(role->session_name) ? arena_printf(arena, "curlew-%lld", clock_now()) : role->session_name;
    add_field(arena, &form, "Action", action);
    add_field(arena, &form, "Version", "2011-06-15");
    add_field(arena, &form, "RoleArn", role->role_arn);
    add_field(arena, &form, "RoleSessionName", session);
    add_field(arena, &form, "ExternalId", role->external_id);
    add_field(arena, &form, "DurationSeconds", role->duration_s);
    return form;
}

static bool read_keys(Arena *arena, const AwsRole *role, const HttpResponse *response, AwsCredentials *out, Err *err) {
    *out = (AwsCredentials){.keys = {.access_key_id = aws_xml_text(arena, response->body, "AccessKeyId"),
                                     .secret_access_key = aws_xml_text(arena, response->body, "SecretAccessKey"),
                                     .session_token = aws_xml_text(arena, response->body, "SessionToken")},
                            .expires_s = aws_time_read(aws_xml_text(arena, response->body, "Expiration")),
                            .source = role->source};
    if (!text_is_empty(out->keys.access_key_id) && !text_is_empty(out->keys.secret_access_key)) return true;
    out->keys = (AwsKeys){0};
    return err_set_code(err, ERR_INPUT, "NO_AWS_KEYS", "what came from AWS STS for %s holds no AWS credentials", role->source);
}

static bool post(const AwsSearch *search, const AwsRole *role, const Buffer *form, const AwsKeys *keys, AwsCredentials *out,
                 Err *err) {
    Arena *arena = search->arena;
    const char *base = aws_endpoint_find(arena, search->asked, "sts");
    if (!base) base = aws_endpoint_usual(arena, "sts", role->region);
    const HttpHeader headers[] = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}};
    HttpRequest request = {.method = "POST",
                           .url = text_ends(base, "/") ? base : arena_printf(arena, "%s/", base),
                           .headers = headers,
                           .header_count = 1,
                           .body = form->data,
                           .body_size = form->size,
                           .timeout_ms = AWS_CREDENTIALS_TIMEOUT_MS,
                           .limit_bytes = AWS_CONFIG_BYTES};
    HttpResponse response = {0};
    if (keys && !aws_sign_http(arena, &request, role->region, "sts", keys, err)) return false;
    if (!http_run(arena, &request, &response, err)) return false;
    if (response.status == 200) return read_keys(arena, role, &response, out, err);
    const AwsFault fault = aws_fault_read(arena, &response);
    return err_set_code(err, ERR_REFUSED, "AWS_ROLE_REFUSED",
                        "AWS STS gives no credentials for the role %s (%s): %s%scheck the role's trust policy, and that the "
                        "credentials it is asked with still hold",
                        text_printable(arena, role->role_arn),
                        *fault.name ? fault.name : arena_printf(arena, "status %d", response.status), fault.message,
                        *fault.message ? "; " : "");
}

bool aws_role_assume(const AwsSearch *search, const AwsRole *role, const AwsKeys *keys, AwsCredentials *out, Err *err) {
    const Buffer form = form_of(search, "AssumeRole", role);
    return post(search, role, &form, keys, out, err);
}

bool aws_role_by_token_file(const AwsSearch *search, const AwsRole *role, const char *token_file, AwsCredentials *out,
                            Err *err) {
    char *token = NULL;
    size_t size = 0;
    if (!file_read(search->arena, token_file, AWS_CONFIG_BYTES, &token, &size, err)) return false;
    Buffer form = form_of(search, "AssumeRoleWithWebIdentity", role);
    add_field(search->arena, &form, "WebIdentityToken", text_trim(search->arena, token));
    return post(search, role, &form, NULL, out, err);
}
