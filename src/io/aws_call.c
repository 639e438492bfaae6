#include "io/aws_call.h"

#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/limits.h"
#include "base/text.h"
#include "io/clock.h"

/* "https://host:port/path?query" in its parts; what a name and password before the host would be is refused. */
typedef struct {
    const char *host, *path, *query;
} Address;

static bool split_address(Arena *arena, const char *url, Address *out, Err *err) {
    const char *start = strstr(url, "://");
    const size_t scheme = start ? (size_t)(start - url) : 0;
    start = start ? start + 3 : url;
    const size_t host_size = strcspn(start, "/?#");
    if (!scheme || !host_size || memchr(start, '@', host_size))
        return err_set_code(err, ERR_INPUT, "BAD_ADDRESS",
                            "the address of an AWS service is none; write it as https://host or http://host:port");
    char *host = arena_text_n(arena, start, host_size);
    const char *usual = text_starts_fold(url, "https:") ? ":443" : ":80";
    if (text_ends(host, usual)) host[host_size - strlen(usual)] = '\0';
    const char *path = start + host_size, *mark = strchr(path, '?');
    *out = (Address){
        .host = host, .path = mark ? arena_text_n(arena, path, (size_t)(mark - path)) : path, .query = mark ? mark + 1 : NULL};
    return true;
}

bool aws_sign_http(Arena *arena, HttpRequest *request, const char *region, const char *service, const AwsKeys *keys, Err *err) {
    Address address = {0};
    AwsSigned made = {0};
    if (!split_address(arena, request->url, &address, err)) return false;
    const size_t added = 1 + sizeof made.headers / sizeof *made.headers;
    HttpHeader *headers = arena_array(arena, request->header_count + added, sizeof *headers);
    size_t count = 0;
    for (; count < request->header_count; count++) headers[count] = request->headers[count];
    headers[count++] = (HttpHeader){"Host", address.host};
    const AwsRequest to_sign = {.method = request->method,
                                .path = address.path,
                                .query = address.query,
                                .headers = headers,
                                .header_count = count,
                                .body = request->body,
                                .body_size = request->body_size};
    const AwsScope scope = {.region = region, .service = service, .time_s = clock_now()};
    if (!aws_sign(arena, &to_sign, &scope, keys, &made, err)) return false;
    for (size_t i = 0; i < made.header_count; i++) headers[count++] = made.headers[i];
    request->headers = headers;
    request->header_count = count;
    return true;
}

const char *aws_xml_text(Arena *arena, const char *xml, const char *tag) {
    static const struct {
        const char *entity;
        char stands_for;
    } entities[] = {{"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&amp;", '&'}};
    const char *open = arena_printf(arena, "<%s>", tag), *start = strstr(xml, open);
    if (!start) return NULL;
    start += strlen(open);
    const char *end = strstr(start, arena_printf(arena, "</%s>", tag));
    if (!end) return NULL;
    Buffer out = {.arena = arena};
    while (start < end) {
        size_t size = 1;
        char c = *start;
        for (size_t i = 0; i < sizeof entities / sizeof *entities && size == 1; i++)
            if (text_starts(start, entities[i].entity)) {
                size = strlen(entities[i].entity);
                c = entities[i].stands_for;
            }
        buffer_add_char(&out, c);
        start += size;
    }
    return buffer_text(&out);
}

/* A service's own sentence, cut to what an error can hold beside ours. Only its first line: a wrong signature is answered with all that was
 * signed, the session's token in it. */
static const char *shown(Arena *arena, const char *text) {
    if (!text) return "";
    const char *printable = text_printable(arena, arena_text_n(arena, text, strcspn(text, "\r\n")));
    size_t size = 0;
    while (printable[size]) {
        size_t one = 1;
        text_code_point(printable + size, &one);
        if (size + one > AWS_FAULT_BYTES) break;
        size += one;
    }
    return text_trim(arena, arena_text_n(arena, printable, size));
}

AwsFault aws_fault_read(Arena *arena, const HttpResponse *response) {
    Err ignored = {0};
    Json *json = NULL;
    const char *name = http_answer_header(response, "x-amzn-errortype"), *message = NULL;
    if (*response->body == '{' && json_parse(arena, response->body, response->size, &json, &ignored)) {
        if (!name) name = json_get_text(json, "__type");
        if (!name) name = json_get_text(json, "code");
        if (!name) name = json_get_text(json, "error"); /* the token service of IAM Identity Center */
        message = json_get_text(json, "message");
        if (!message) message = json_get_text(json, "Message");
        if (!message) message = json_get_text(json, "error_description");
    } else {
        if (!name) name = aws_xml_text(arena, response->body, "Code");
        message = aws_xml_text(arena, response->body, "Message");
    }
    /* "com.amazon.coral.service#ThrottlingException:http://…" */
    const char *mark = name ? strchr(name, '#') : NULL;
    if (mark) name = mark + 1;
    if (name) name = arena_text_n(arena, name, strcspn(name, ":"));
    return (AwsFault){.name = shown(arena, name), .message = shown(arena, message)};
}

long long aws_time_read(const char *text) {
    int hour = 0, minute = 0, second = 0, used = 0;
    Day day = 0;
    if (!text || !date_parse(text, &day) || strlen(text) < 19 ||
        sscanf(text + 10, "%*[Tt ]%2d:%2d:%2d%n", &hour, &minute, &second, &used) != 3 || used != 9)
        return 0;
    const char *rest = text + 19;
    if (*rest == '.') rest += 1 + strspn(rest + 1, "0123456789");
    long long seconds = (long long)day * 86400 + hour * 3600 + minute * 60 + second;
    int offset_hour = 0, offset_minute = 0;
    if ((*rest == '+' || *rest == '-') && sscanf(rest + 1, "%2d:%2d", &offset_hour, &offset_minute) == 2)
        seconds += (*rest == '+' ? -1 : 1) * (offset_hour * 3600 + offset_minute * 60);
    return seconds > 0 ? seconds : 0;
}

const char *aws_time_text(Arena *arena, long long time_s) {
    const long long day = time_s / 86400, second = time_s % 86400;
    return arena_printf(arena, "%sT%02d:%02d:%02dZ", date_text(arena, (Day)day), (int)(second / 3600), (int)(second / 60 % 60),
                        (int)(second % 60));
}
