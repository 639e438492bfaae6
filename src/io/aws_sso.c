/* IAM Identity Center: the token that `aws sso login` left in ~/.aws/sso/cache, renewed when it can be, gives a role's keys. */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "io/aws_call.h"
#include "io/aws_sources.h"
#include "io/clock.h"
#include "io/digest.h"
#include "io/file.h"

typedef struct {
    const char *profile, *session; /* session NULL: the settings stand in the profile itself, the older form */
    const char *start_url, *region, *account, *role;
    const char *cache_path;
    const char *source;
} Sso;

static bool login_needed(const AwsSearch *search, const Sso *sso, Err *err) {
    return err_set_code(err, ERR_REFUSED, "AWS_LOGIN",
                        "the AWS login of the profile %s has expired or was never made; run: aws sso login --profile %s",
                        text_printable(search->arena, sso->profile), text_printable(search->arena, sso->profile));
}

/* A new access token for the refresh token, kept for the other tools that use the same cache. */
static bool renew(const AwsSearch *search, const Sso *sso, Json *cache, const char **token, Err *err) {
    Arena *arena = search->arena;
    const char *refresh = json_get_text(cache, "refreshToken"), *id = json_get_text(cache, "clientId");
    const char *secret = json_get_text(cache, "clientSecret");
    if (!refresh || !id || !secret || aws_time_read(json_get_text(cache, "registrationExpiresAt")) < clock_now())
        return login_needed(search, sso, err);
    const char *base = aws_endpoint_find(arena, search->asked, "sso_oidc");
    if (!base) base = aws_endpoint_usual(arena, "oidc", sso->region);
    Json *body = json_make_object(arena);
    json_put_text(body, "clientId", id);
    json_put_text(body, "clientSecret", secret);
    json_put_text(body, "grantType", "refresh_token");
    json_put_text(body, "refreshToken", refresh);
    const char *text = json_write(arena, body, false);
    const HttpHeader headers[] = {{"Content-Type", "application/json"}};
    const HttpRequest request = {.method = "POST",
                                 .url = arena_printf(arena, "%s/token", base),
                                 .headers = headers,
                                 .header_count = 1,
                                 .body = text,
                                 .body_size = strlen(text),
                                 .timeout_ms = AWS_CREDENTIALS_TIMEOUT_MS,
                                 .limit_bytes = AWS_CONFIG_BYTES};
    HttpResponse response = {0};
    Json *answer = NULL;
    Err unread = {0};
    if (!http_run(arena, &request, &response, err)) return false;
    if (response.status != 200 || !json_parse(arena, response.body, response.size, &answer, &unread) ||
        !json_get_text(answer, "accessToken"))
        return login_needed(search, sso, err);
    *token = json_get_text(answer, "accessToken");
    json_put_text(cache, "accessToken", *token);
    if (json_get_text(answer, "refreshToken")) json_put_text(cache, "refreshToken", json_get_text(answer, "refreshToken"));
    json_put_text(cache, "expiresAt", aws_time_text(arena, clock_now() + json_get_integer(answer, "expiresIn", 0)));
    const char *kept = json_write(arena, cache, false);
    Err unsaved = {0}; /* who cannot keep it renews it again the next time */
    file_write_atomic(sso->cache_path, kept, strlen(kept), &unsaved);
    return true;
}

static bool find_token(const AwsSearch *search, const Sso *sso, const char **token, Err *err) {
    char *text = NULL;
    size_t size = 0;
    Json *cache = NULL;
    Err unread = {0};
    if (!sso->cache_path || file_info(sso->cache_path).kind != FILE_REGULAR ||
        !file_read(search->arena, sso->cache_path, AWS_CONFIG_BYTES, &text, &size, &unread) ||
        !json_parse(search->arena, text, size, &cache, &unread))
        return login_needed(search, sso, err);
    *token = json_get_text(cache, "accessToken");
    if (*token && aws_time_read(json_get_text(cache, "expiresAt")) - clock_now() > AWS_RENEW_S) return true;
    return renew(search, sso, cache, token, err);
}

static bool ask_for_keys(const AwsSearch *search, const Sso *sso, const char *token, AwsCredentials *out, Err *err) {
    Arena *arena = search->arena;
    const char *base = aws_endpoint_find(arena, search->asked, "sso");
    if (!base) base = aws_endpoint_usual(arena, "portal.sso", sso->region);
    const HttpHeader headers[] = {{"x-amz-sso_bearer_token", token}};
    const HttpRequest request = {.method = "GET",
                                 .url = arena_printf(arena, "%s/federation/credentials?role_name=%s&account_id=%s", base,
                                                     aws_percent_encode(arena, sso->role, NULL),
                                                     aws_percent_encode(arena, sso->account, NULL)),
                                 .headers = headers,
                                 .header_count = 1,
                                 .timeout_ms = AWS_CREDENTIALS_TIMEOUT_MS,
                                 .limit_bytes = AWS_CONFIG_BYTES};
    static const AwsKeyNames names = {"accessKeyId", "secretAccessKey", "sessionToken", "expiration"};
    HttpResponse response = {0};
    if (!http_run(arena, &request, &response, err)) return false;
    if (response.status == 200) return aws_keys_read(arena, &response, &names, sso->source, out, err);
    if (response.status == 401) return login_needed(search, sso, err);
    return err_set_code(err, ERR_REFUSED, "AWS_ROLE_REFUSED",
                        "IAM Identity Center gives no keys for the role %s in account %s (status %d); check sso_role_name and "
                        "sso_account_id of the profile %s",
                        text_printable(arena, sso->role), text_printable(arena, sso->account), response.status,
                        text_printable(arena, sso->profile));
}

bool aws_sso_find(const AwsSearch *search, const char *profile, AwsCredentials *out, Err *err) {
    const AwsFiles *files = search->files;
    Sso sso = {.profile = profile,
               .session = aws_profile_get(files, profile, "sso_session"),
               .start_url = aws_profile_get(files, profile, "sso_start_url"),
               .region = aws_profile_get(files, profile, "sso_region"),
               .account = aws_profile_get(files, profile, "sso_account_id"),
               .role = aws_profile_get(files, profile, "sso_role_name"),
               .source =
                   arena_printf(search->arena, "profile %s (IAM Identity Center)", text_printable(search->arena, profile))};
    if (text_is_empty(sso.session) && text_is_empty(sso.start_url)) return true;
    if (!text_is_empty(sso.session)) {
        sso.start_url = aws_files_get(files, AWS_SECTION_SSO_SESSION, sso.session, "sso_start_url");
        sso.region = aws_files_get(files, AWS_SECTION_SSO_SESSION, sso.session, "sso_region");
    }
    if (text_is_empty(sso.region) || text_is_empty(sso.start_url) || text_is_empty(sso.account) || text_is_empty(sso.role))
        return err_set(
            err, ERR_INPUT,
            "the profile %s needs sso_account_id and sso_role_name, and its session sso_start_url and sso_region; run: "
            "aws configure sso",
            text_printable(search->arena, profile));
    const char *key = text_is_empty(sso.session) ? sso.start_url : sso.session;
    sso.cache_path = aws_home_path(
        search->arena, arena_printf(search->arena, "sso/cache/%s.json", digest_sha1_hex(search->arena, key, strlen(key))));
    const char *token = NULL;
    return find_token(search, &sso, &token, err) && ask_for_keys(search, &sso, token, out, err);
}
