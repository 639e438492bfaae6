/* Credentials of the machine: a container's endpoint, and the metadata service of an instance, version 2 (with a session's token). */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "io/aws_call.h"
#include "io/aws_sources.h"
#include "io/file.h"

static const AwsKeyNames key_names = {"AccessKeyId", "SecretAccessKey", "Token", "Expiration"};

static const char *set_variable(const char *name) {
    const char *value = getenv(name);
    return text_is_empty(value) ? NULL : value;
}

static bool get(Arena *arena, const char *method, const char *url, const HttpHeader *header, HttpResponse *out, Err *err) {
    const HttpRequest request = {.method = method,
                                 .url = url,
                                 .headers = header,
                                 .header_count = header ? 1 : 0,
                                 .connect_timeout_ms = AWS_METADATA_TIMEOUT_MS,
                                 .timeout_ms = AWS_METADATA_TIMEOUT_MS * 5,
                                 .limit_bytes = AWS_CONFIG_BYTES,
                                 .is_direct = true};
    return http_run(arena, &request, out, err);
}

/* A full address over plain http may only lead to this machine or to the two of AWS's containers: the token must not leave it. */
static bool may_be_asked(Arena *arena, const char *url) {
    static const char *const known[] = {"169.254.170.2", "169.254.170.23", "fd00:ec2::23"};
    if (text_starts_fold(url, "https://")) return true;
    if (!text_starts_fold(url, "http://")) return false;
    const char *start = url + strlen("http://");
    const bool in_brackets = *start == '[';
    if (memchr(start, '@', strcspn(start, "/?#"))) return false;
    const char *host = in_brackets ? arena_text_n(arena, start + 1, strcspn(start + 1, "]"))
                                   : arena_text_n(arena, start, strcspn(start, ":/?#"));
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (text_equal_fold(host, known[i])) return true;
    struct in_addr address;
    return text_equal_fold(host, "localhost") || text_equal(host, "::1") ||
           (inet_pton(AF_INET, host, &address) == 1 && ntohl(address.s_addr) >> 24 == 127);
}

bool aws_container_find(const AwsSearch *search, AwsCredentials *out, Err *err) {
    Arena *arena = search->arena;
    const char *relative = set_variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    const char *url =
        relative ? arena_printf(arena, "http://169.254.170.2%s", relative) : set_variable("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    if (!url) return true;
    if ((relative && *relative != '/') || !may_be_asked(arena, url))
        return err_set(
            err, ERR_INPUT,
            "AWS_CONTAINER_CREDENTIALS_%s_URI names no address that credentials may come from: https, or http of this "
            "machine or of AWS's containers",
            relative ? "RELATIVE" : "FULL");
    const char *token = set_variable("AWS_CONTAINER_AUTHORIZATION_TOKEN");
    const char *token_file = set_variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    char *text = NULL;
    size_t size = 0;
    if (token_file && !file_read(arena, token_file, AWS_CONFIG_BYTES, &text, &size, err)) return false;
    if (text) token = text_trim(arena, text);
    const HttpHeader header = {"Authorization", token};
    HttpResponse response = {0};
    if (!get(arena, "GET", url, token ? &header : NULL, &response, err)) return false;
    if (response.status == 200) return aws_keys_read(arena, &response, &key_names, "container", out, err);
    return err_set_code(err, ERR_REFUSED, "AWS_CONTAINER",
                        "the container's endpoint gives no credentials (status %d); check the task's role", response.status);
}

static const char *instance_endpoint(Arena *arena) {
    const char *given = set_variable("AWS_EC2_METADATA_SERVICE_ENDPOINT"),
               *mode = set_variable("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE");
    if (given) return text_ends(given, "/") ? arena_text_n(arena, given, strlen(given) - 1) : given;
    return text_equal_fold(mode ? mode : "", "IPv6") ? "http://[fd00:ec2::254]" : "http://169.254.169.254";
}

bool aws_instance_find(const AwsSearch *search, AwsCredentials *out, Err *err) {
    static const HttpHeader lifetime = {"x-aws-ec2-metadata-token-ttl-seconds", "21600"};
    Arena *arena = search->arena;
    const char *base = instance_endpoint(arena), *disabled = set_variable("AWS_EC2_METADATA_DISABLED");
    const char *folder = "/latest/meta-data/iam/security-credentials/";
    if (text_equal_fold(disabled ? disabled : "", "true")) return true;
    HttpResponse token = {0}, role = {0}, keys = {0};
    Err nobody = {0}; /* a machine without that service is none of AWS's: no failure */
    if (!get(arena, "PUT", arena_printf(arena, "%s/latest/api/token", base), &lifetime, &token, &nobody) || token.status != 200)
        return true;
    const HttpHeader session = {"x-aws-ec2-metadata-token", text_trim(arena, token.body)};
    if (!get(arena, "GET", arena_printf(arena, "%s%s", base, folder), &session, &role, err)) return false;
    const char *name = text_trim(arena, arena_text_n(arena, role.body, strcspn(role.body, "\r\n")));
    if (role.status == 404 || !*name) return true; /* an instance without a role */
    const char *url = arena_printf(arena, "%s%s%s", base, folder, aws_percent_encode(arena, name, NULL));
    if (role.status == 200 && !get(arena, "GET", url, &session, &keys, err)) return false;
    if (role.status == 200 && keys.status == 200) {
        const char *source = arena_printf(arena, "instance role %s", text_printable(arena, name));
        return aws_keys_read(arena, &keys, &key_names, source, out, err);
    }
    return err_set_code(err, ERR_REFUSED, "AWS_INSTANCE",
                        "the instance's metadata service gives no credentials (status %d); check its role",
                        role.status == 200 ? keys.status : role.status);
}
