/* The four steps of the signature, in AWS's words: canonical request, string to sign, signing key, signature. */
#include "io/aws_sign.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/limits.h"
#include "base/text.h"
#include "io/digest.h"

typedef struct {
    const char *name;
    const char *value;
} Pair;

static bool is_unreserved(unsigned char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c && strchr("-._~", c));
}

static void add_percent_encoded(Buffer *out, const char *text, size_t size, const char *keep) {
    for (size_t i = 0; i < size; i++) {
        const unsigned char c = (unsigned char)text[i];
        if (is_unreserved(c) || (c && keep && strchr(keep, c)))
            buffer_add_char(out, (char)c);
        else
            buffer_printf(out, "%%%02X", c);
    }
}

char *aws_percent_encode(Arena *arena, const char *text, const char *keep) {
    Buffer out = {.arena = arena};
    add_percent_encoded(&out, text, strlen(text), keep);
    return arena_text(arena, buffer_text(&out));
}

static int hexadecimal(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* What was encoded already is not encoded twice in a query. NUL stays encoded: text ends at it. */
static char *percent_decode(Arena *arena, const char *text, size_t size) {
    Buffer out = {.arena = arena};
    for (size_t i = 0; i < size; i++) {
        const int high = text[i] == '%' && i + 2 < size ? hexadecimal(text[i + 1]) : -1;
        const int low = high >= 0 ? hexadecimal(text[i + 2]) : -1;
        if (low >= 0 && high * 16 + low > 0) {
            buffer_add_char(&out, (char)(high * 16 + low));
            i += 2;
        } else {
            buffer_add_char(&out, text[i]);
        }
    }
    return arena_text(arena, buffer_text(&out));
}

/* RFC 3986 section 5.2.4 with double slashes taken as one. */
static char *normal_path(Arena *arena, const char *path) {
    size_t count = 0;
    const char **parts = text_split(arena, path, '/', &count);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (text_equal(parts[i], "..")) {
            if (kept) kept--;
        } else if (*parts[i] && !text_equal(parts[i], ".")) {
            parts[kept++] = parts[i];
        }
    }
    const bool is_folder = text_ends(path, "/") || text_ends(path, "/.") || text_ends(path, "/..");
    Buffer out = {.arena = arena};
    for (size_t i = 0; i < kept; i++) buffer_printf(&out, "/%s", parts[i]);
    if (is_folder || kept == 0) buffer_add_char(&out, '/');
    return arena_text(arena, buffer_text(&out));
}

static int by_name_and_value(const void *a, const void *b) {
    const Pair *one = a, *other = b;
    const int names = strcmp(one->name, other->name);
    return names ? names : strcmp(one->value, other->value);
}

static void add_canonical_query(Arena *arena, Buffer *out, const char *query) {
    if (text_is_empty(query)) return;
    size_t count = 0;
    const char **parts = text_split(arena, query, '&', &count);
    Pair *pairs = arena_array(arena, count, sizeof *pairs);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (!*parts[i]) continue;
        const size_t name_size = strcspn(parts[i], "=");
        const char *value = parts[i][name_size] ? parts[i] + name_size + 1 : "";
        pairs[kept++] = (Pair){aws_percent_encode(arena, percent_decode(arena, parts[i], name_size), NULL),
                               aws_percent_encode(arena, percent_decode(arena, value, strlen(value)), NULL)};
    }
    qsort(pairs, kept, sizeof *pairs, by_name_and_value);
    for (size_t i = 0; i < kept; i++) buffer_printf(out, "%s%s=%s", i ? "&" : "", pairs[i].name, pairs[i].value);
}

/* Without white space around, runs of it inside taken as one space. */
static char *canonical_value(Arena *arena, const char *value) {
    Buffer out = {.arena = arena};
    bool gap = false;
    for (const char *at = value; *at; at++) {
        if (strchr(" \t\r\n", *at)) {
            gap = out.size > 0;
            continue;
        }
        if (gap) buffer_add_char(&out, ' ');
        gap = false;
        buffer_add_char(&out, *at);
    }
    return arena_text(arena, buffer_text(&out));
}

/* By name alone, keeping the order of equal names: their values are joined in the order they are sent. */
static void sort_headers(Pair *pairs, size_t count) {
    for (size_t i = 1; i < count; i++) {
        const Pair moved = pairs[i];
        size_t at = i;
        for (; at > 0 && strcmp(pairs[at - 1].name, moved.name) > 0; at--) pairs[at] = pairs[at - 1];
        pairs[at] = moved;
    }
}

/* The canonical headers go to `out`, the list of their names to `names`. */
static void add_canonical_headers(Arena *arena, const Pair *pairs, size_t count, Buffer *out, Buffer *names) {
    Pair *sorted = arena_array(arena, count, sizeof *sorted);
    for (size_t i = 0; i < count; i++)
        sorted[i] = (Pair){text_lower(arena, pairs[i].name), canonical_value(arena, pairs[i].value)};
    sort_headers(sorted, count);
    for (size_t i = 0; i < count; i++) {
        if (i && text_equal(sorted[i].name, sorted[i - 1].name)) {
            buffer_printf(out, ",%s", sorted[i].value);
            continue;
        }
        if (i) buffer_add_char(out, '\n');
        buffer_printf(out, "%s:%s", sorted[i].name, sorted[i].value);
        buffer_printf(names, "%s%s", i ? ";" : "", sorted[i].name);
    }
    buffer_add_char(out, '\n');
}

static bool check_input(const AwsRequest *request, const AwsScope *scope, const AwsKeys *keys, Err *err) {
    if (text_is_empty(keys->access_key_id) || text_is_empty(keys->secret_access_key))
        return err_set_code(err, ERR_INPUT, "NO_CREDENTIALS",
                            "the AWS credentials are incomplete; give both an access key id and its secret access key");
    if (strpbrk(keys->access_key_id, " \t\r\n/,") || (keys->session_token && strpbrk(keys->session_token, " \t\r\n")))
        return err_set_code(err, ERR_INPUT, "BAD_CREDENTIALS",
                            "the AWS credentials hold white space or line breaks; copy the access key and token again");
    if (text_is_empty(scope->region) || strpbrk(scope->region, " /\t\r\n"))
        return err_set_code(err, ERR_INPUT, "NO_REGION", "no AWS region is set; set AWS_REGION, e.g. to us-east-1");
    if (request->header_count > AWS_HEADERS)
        return err_set(err, ERR_LIMIT, "a request of %zu headers is more than the %d that are signed", request->header_count,
                       AWS_HEADERS);
    return true;
}

static Sha256 hmac(const void *key, size_t key_size, const char *text) {
    return digest_hmac_sha256(key, key_size, text, strlen(text));
}

static Sha256 signing_key(Arena *arena, const AwsScope *scope, const AwsKeys *keys, const char *date) {
    const char *start = arena_printf(arena, "AWS4%s", keys->secret_access_key);
    Sha256 key = hmac(start, strlen(start), date);
    key = hmac(key.bytes, sizeof key.bytes, scope->region);
    key = hmac(key.bytes, sizeof key.bytes, scope->service);
    return hmac(key.bytes, sizeof key.bytes, "aws4_request");
}

static void add_header(AwsSigned *out, const char *name, const char *value) {
    out->headers[out->header_count++] = (HttpHeader){name, value};
}

bool aws_sign(Arena *arena, const AwsRequest *request, const AwsScope *scope, const AwsKeys *keys, AwsSigned *out, Err *err) {
    *out = (AwsSigned){0};
    if (!check_input(request, scope, keys, err)) return false;

    const time_t seconds = (time_t)scope->time_s;
    struct tm utc = {0};
    gmtime_r(&seconds, &utc);
    char moment[sizeof "20150830T123600Z"] = "", date[sizeof "20150830"] = "";
    strftime(moment, sizeof moment, "%Y%m%dT%H%M%SZ", &utc);
    strftime(date, sizeof date, "%Y%m%d", &utc);

    const Sha256 body = digest_sha256(request->body ? request->body : "", request->body_size);
    const char *body_hash = digest_hex(arena, &body);
    add_header(out, "X-Amz-Date", arena_text(arena, moment));
    if (keys->session_token && !scope->late_token) add_header(out, "X-Amz-Security-Token", keys->session_token);
    if (scope->show_body_hash) add_header(out, "X-Amz-Content-Sha256", body_hash);

    const size_t count = request->header_count + out->header_count;
    Pair *pairs = arena_array(arena, count, sizeof *pairs);
    for (size_t i = 0; i < request->header_count; i++) pairs[i] = (Pair){request->headers[i].name, request->headers[i].value};
    for (size_t i = 0; i < out->header_count; i++)
        pairs[request->header_count + i] = (Pair){out->headers[i].name, out->headers[i].value};

    Buffer canonical = {.arena = arena}, names = {.arena = arena};
    const char *path = text_is_empty(request->path) ? "/" : request->path;
    if (!scope->keep_path) path = normal_path(arena, path);
    buffer_printf(&canonical, "%s\n%s\n", request->method, aws_percent_encode(arena, path, "/"));
    add_canonical_query(arena, &canonical, request->query);
    buffer_add_char(&canonical, '\n');
    add_canonical_headers(arena, pairs, count, &canonical, &names);
    buffer_printf(&canonical, "\n%s\n%s", buffer_text(&names), body_hash);
    out->canonical_request = arena_text(arena, buffer_text(&canonical));

    const Sha256 request_hash = digest_sha256(out->canonical_request, strlen(out->canonical_request));
    const char *credential_scope = arena_printf(arena, "%s/%s/%s/aws4_request", date, scope->region, scope->service);
    out->string_to_sign =
        arena_printf(arena, "AWS4-HMAC-SHA256\n%s\n%s\n%s", moment, credential_scope, digest_hex(arena, &request_hash));

    const Sha256 key = signing_key(arena, scope, keys, date);
    const Sha256 signature = hmac(key.bytes, sizeof key.bytes, out->string_to_sign);
    out->signature = digest_hex(arena, &signature);
    if (keys->session_token && scope->late_token) add_header(out, "X-Amz-Security-Token", keys->session_token);
    add_header(out, "Authorization",
               arena_printf(arena, "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s", keys->access_key_id,
                            credential_scope, buffer_text(&names), out->signature));
    return true;
}
