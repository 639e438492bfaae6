#include "io/aws_credentials.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"
#include "io/aws_call.h"
#include "io/aws_sources.h"
#include "io/clock.h"

static const char *set_variable(const char *name) {
    const char *value = getenv(name);
    return text_is_empty(value) ? NULL : value;
}

/* Set to "true", whatever the case. */
static bool is_switched_on(const char *name) {
    const char *value = set_variable(name);
    return value && text_equal_fold(value, "true");
}

bool aws_credentials_are_fresh(const AwsCredentials *credentials) {
    return credentials->keys.access_key_id && (!credentials->expires_s || credentials->expires_s - clock_now() > AWS_RENEW_S);
}

bool aws_keys_read(Arena *arena, const HttpResponse *response, const AwsKeyNames *names, const char *source,
                   AwsCredentials *out, Err *err) {
    Err unread = {0}; /* the parser's message could quote a secret */
    Json *json = NULL;
    const Json *keys = NULL;
    if (json_parse(arena, response->body, response->size, &json, &unread)) {
        const Json *within = json_get(json, "roleCredentials");
        keys = within ? within : json;
    }
    *out = (AwsCredentials){.keys = {.access_key_id = json_get_text(keys, names->id),
                                     .secret_access_key = json_get_text(keys, names->secret),
                                     .session_token = json_get_text(keys, names->token)},
                            .source = source};
    if (text_is_empty(out->keys.access_key_id) || text_is_empty(out->keys.secret_access_key)) {
        out->keys = (AwsKeys){0};
        return err_set_code(err, ERR_INPUT, "NO_AWS_KEYS", "what came from %s holds no AWS credentials", source);
    }
    if (text_is_empty(out->keys.session_token)) out->keys.session_token = NULL;
    const char *expires = json_get_text(keys, names->expires);
    const bool is_number = json_kind(json_get(keys, names->expires)) == JSON_NUMBER;
    out->expires_s = is_number ? json_get_integer(keys, names->expires, 0) / 1000 : aws_time_read(expires);
    return true;
}

static void from_environment(AwsCredentials *out) {
    const char *id = set_variable("AWS_ACCESS_KEY_ID"), *secret = set_variable("AWS_SECRET_ACCESS_KEY");
    if (!id || !secret) return;
    *out = (AwsCredentials){.keys = {id, secret, set_variable("AWS_SESSION_TOKEN")},
                            .expires_s = aws_time_read(set_variable("AWS_CREDENTIAL_EXPIRATION")),
                            .source = "environment"};
}

static const char *profile_source(const AwsSearch *search, const char *profile, const char *how) {
    return arena_printf(search->arena, "profile %s%s%s%s", text_printable(search->arena, profile), how ? " (" : "",
                        how ? how : "", how ? ")" : "");
}

static const char *region_of(const AwsSearch *search, const char *profile) {
    const char *own = aws_profile_get(search->files, profile, "region");
    if (text_is_empty(own)) own = set_variable("AWS_REGION");
    if (text_is_empty(own)) own = set_variable("AWS_DEFAULT_REGION");
    return text_is_empty(own) ? "us-east-1" : own;
}

static void static_keys(const AwsSearch *search, AwsSectionKind kind, const char *profile, AwsCredentials *out) {
    const char *id = aws_files_get(search->files, kind, profile, "aws_access_key_id");
    const char *secret = aws_files_get(search->files, kind, profile, "aws_secret_access_key");
    const char *token = aws_files_get(search->files, kind, profile, "aws_session_token");
    if (text_is_empty(id) || text_is_empty(secret)) return;
    *out = (AwsCredentials){.keys = {id, secret, text_is_empty(token) ? NULL : token},
                            .source = profile_source(search, profile, NULL)};
}

static bool from_profile(const AwsSearch *search, const char *profile, int depth, AwsCredentials *out, Err *err);

/* Keys of the machine or the environment for a role, as `credential_source` names them. */
static bool from_named_source(const AwsSearch *search, const char *profile, const char *named, AwsCredentials *out, Err *err) {
    if (text_equal(named, "Environment"))
        from_environment(out);
    else if (text_equal(named, "EcsContainer")) {
        if (!aws_container_find(search, out, err)) return false;
    } else if (text_equal(named, "Ec2InstanceMetadata")) {
        if (!aws_instance_find(search, out, err)) return false;
    } else
        return err_set(
            err, ERR_INPUT,
            "the profile %s has a credential_source that is none: Environment, EcsContainer and Ec2InstanceMetadata are",
            text_printable(search->arena, profile));
    if (out->keys.access_key_id) return true;
    return err_set_code(err, ERR_NOT_FOUND, "NO_AWS_CREDENTIALS", "the profile %s takes keys from %s, and there are none",
                        text_printable(search->arena, profile), named);
}

static bool from_role(const AwsSearch *search, const char *profile, int depth, AwsCredentials *out, Err *err) {
    const char *source = aws_profile_get(search->files, profile, "source_profile");
    const char *named = aws_profile_get(search->files, profile, "credential_source");
    const char *token_file = aws_profile_get(search->files, profile, "web_identity_token_file");
    const AwsRole role = {.role_arn = aws_profile_get(search->files, profile, "role_arn"),
                          .session_name = aws_profile_get(search->files, profile, "role_session_name"),
                          .external_id = aws_profile_get(search->files, profile, "external_id"),
                          .duration_s = aws_profile_get(search->files, profile, "duration_seconds"),
                          .region = region_of(search, profile),
                          .source = profile_source(search, profile, "role")};
    if (!source && !named && token_file) return aws_role_by_token_file(search, &role, token_file, out, err);
    if (!source == !named)
        return err_set(err, ERR_INPUT, "the profile %s has a role_arn and needs one of source_profile and credential_source",
                       text_printable(search->arena, profile));
    if (!text_is_empty(aws_profile_get(search->files, profile, "mfa_serial")))
        return err_set_code(
            err, ERR_REFUSED, "AWS_MFA",
            "the profile %s asks for a code of a second factor, which curlew cannot enter; get a session with `aws "
            "sts get-session-token` or `aws sso login`, and use that",
            text_printable(search->arena, profile));
    AwsCredentials first = {0};
    if (named && !from_named_source(search, profile, named, &first, err)) return false;
    /* A profile that names itself means its own static keys. */
    if (source && text_equal(source, profile)) {
        static_keys(search, AWS_SECTION_PROFILE, profile, &first);
        static_keys(search, AWS_SECTION_CREDENTIALS, profile, &first);
    } else if (source && !from_profile(search, source, depth + 1, &first, err))
        return false;
    if (!first.keys.access_key_id)
        return err_set_code(err, ERR_NOT_FOUND, "NO_AWS_CREDENTIALS", "the profile %s, source of %s, has no credentials",
                            text_printable(search->arena, source ? source : "?"), text_printable(search->arena, profile));
    return aws_role_assume(search, &role, &first.keys, out, err);
}

static bool from_profile(const AwsSearch *search, const char *profile, int depth, AwsCredentials *out, Err *err) {
    const AwsFiles *files = search->files;
    if (depth > AWS_ROLE_DEPTH)
        return err_set(err, ERR_LIMIT,
                       "the profile %s takes its role through more than %d others; look for a circle of source_profile",
                       text_printable(search->arena, profile), AWS_ROLE_DEPTH);
    if (!aws_profile_exists(files, profile)) {
        if (depth == 0 && !search->asked && !set_variable("AWS_PROFILE") && !set_variable("AWS_DEFAULT_PROFILE")) return true;
        return err_set_code(
            err, ERR_NOT_FOUND, "NO_AWS_PROFILE",
            "there is no AWS profile %s in ~/.aws/config or ~/.aws/credentials; see `aws configure list-profiles`",
            text_printable(search->arena, profile));
    }
    if (!text_is_empty(aws_profile_get(files, profile, "role_arn"))) return from_role(search, profile, depth, out, err);
    if (!aws_sso_find(search, profile, out, err)) return false;
    if (!out->keys.access_key_id) static_keys(search, AWS_SECTION_CREDENTIALS, profile, out);
    const char *command = aws_profile_get(files, profile, "credential_process");
    if (!out->keys.access_key_id && !text_is_empty(command)) return aws_process_find(search, profile, command, out, err);
    if (!out->keys.access_key_id) static_keys(search, AWS_SECTION_PROFILE, profile, out);
    return true;
}

static bool from_token_file(const AwsSearch *search, AwsCredentials *out, Err *err) {
    const char *token_file = set_variable("AWS_WEB_IDENTITY_TOKEN_FILE");
    const AwsRole role = {.role_arn = set_variable("AWS_ROLE_ARN"),
                          .session_name = set_variable("AWS_ROLE_SESSION_NAME"),
                          .region = region_of(search, aws_profile_name(search->asked)),
                          .source = "web identity"};
    return !token_file || !role.role_arn || aws_role_by_token_file(search, &role, token_file, out, err);
}

bool aws_credentials_find(Arena *arena, const char *profile, AwsCredentials *out, Err *err) {
    AwsSearch search = {.arena = arena, .asked = profile};
    const char *name = aws_profile_name(profile);
    *out = (AwsCredentials){0};
    if (!profile) from_environment(out);
    if (out->keys.access_key_id) return true;
    if (!aws_files_read(arena, &search.files, err)) return false;
    if (!from_profile(&search, name, 0, out, err)) return false;
    if (!out->keys.access_key_id && !from_token_file(&search, out, err)) return false;
    if (!out->keys.access_key_id && !aws_container_find(&search, out, err)) return false;
    if (!out->keys.access_key_id && !aws_instance_find(&search, out, err)) return false;
    if (out->keys.access_key_id) return true;
    return err_set_code(
        err, ERR_NOT_FOUND, "NO_AWS_CREDENTIALS",
        "no AWS credentials were found: not in the environment (AWS_ACCESS_KEY_ID), not in the profile %s of "
        "~/.aws, no web identity, container or instance role; run `aws configure` or `aws sso login`, or set AWS_PROFILE",
        text_printable(arena, name));
}

const char *aws_credentials_outlook(Arena *arena, const char *profile) {
    AwsSearch search = {.arena = arena, .asked = profile};
    AwsCredentials found = {0};
    Err ignored = {0};
    const char *name = aws_profile_name(profile);
    if (!profile) from_environment(&found);
    if (found.keys.access_key_id) return found.source;
    if (aws_files_read(arena, &search.files, &ignored) && aws_profile_exists(search.files, name)) {
        static const struct {
            const char *key, *how;
        } ways[] = {{"role_arn", "role"},
                    {"sso_session", "IAM Identity Center"},
                    {"sso_start_url", "IAM Identity Center"},
                    {"credential_process", "credential_process"},
                    {"aws_access_key_id", NULL}};
        for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
            if (!text_is_empty(aws_profile_get(search.files, name, ways[i].key)))
                return profile_source(&search, name, ways[i].how);
    }
    if (set_variable("AWS_WEB_IDENTITY_TOKEN_FILE")) return "web identity";
    if (set_variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") || set_variable("AWS_CONTAINER_CREDENTIALS_FULL_URI"))
        return "container";
    return NULL;
}

const char *aws_region_find(Arena *arena, const char *profile) {
    static const char *const names[] = {"AWS_REGION", "AWS_DEFAULT_REGION"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (set_variable(names[i])) return set_variable(names[i]);
    const AwsFiles *files = NULL;
    Err ignored = {0};
    const char *region =
        aws_files_read(arena, &files, &ignored) ? aws_profile_get(files, aws_profile_name(profile), "region") : NULL;
    return text_is_empty(region) ? NULL : region;
}

const char *aws_endpoint_find(Arena *arena, const char *profile, const char *service) {
    const char *name = aws_profile_name(profile);
    if (is_switched_on("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")) return NULL;
    char *variable = arena_printf(arena, "AWS_ENDPOINT_URL_%s", service);
    for (char *c = variable; *c; c++) *c = (char)toupper((unsigned char)*c);
    if (set_variable(variable)) return set_variable(variable);
    if (set_variable("AWS_ENDPOINT_URL")) return set_variable("AWS_ENDPOINT_URL");
    const AwsFiles *files = NULL;
    Err ignored = {0};
    if (!aws_files_read(arena, &files, &ignored)) return NULL;
    const char *services = aws_profile_get(files, name, "services");
    const char *key = arena_printf(arena, "%s.endpoint_url", service);
    const char *own = services ? aws_files_get(files, AWS_SECTION_SERVICES, services, key) : NULL;
    if (text_is_empty(own)) own = aws_profile_get(files, name, "endpoint_url");
    return text_is_empty(own) ? NULL : own;
}

const char *aws_endpoint_usual(Arena *arena, const char *prefix, const char *region) {
    return arena_printf(arena, "https://%s%s.%s.amazonaws.com%s", prefix,
                        is_switched_on("AWS_USE_FIPS_ENDPOINT") ? "-fips" : "", region,
                        text_starts(region, "cn-") ? ".cn" : "");
}
