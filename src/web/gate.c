/* What happens to every request: who sends it, where it goes, what it may bring, and how failures look. */
#include "web/web.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "web/access.h"
#include "web/assets.h"
#include "web/gate.h"

/* --- replies --- */

/* One table from kind of failure to HTTP status. */
static unsigned status_of(const Err *err) {
    static const struct {
        const char *code;
        unsigned status;
    } codes[] = {{"NO_ROOM", 507},  {"TOO_LARGE", 413},    {"TOO_LONG", 413},     {"TOO_MANY", 429},    {"BUSY", 409},
                 {"STOPPING", 503}, {"WRONG_OFFSET", 409}, {"NOT_COMPLETE", 409}, {"IMPORT_RUNS", 409}, {NULL, 0}};
    for (size_t i = 0; codes[i].code; i++)
        if (text_equal(err->code, codes[i].code)) return codes[i].status;
    switch (err->kind) {
    case ERR_USAGE: return 400;
    case ERR_NOT_FOUND: return 404;
    case ERR_INPUT:
    case ERR_REFUSED:
    case ERR_LIMIT:
    case ERR_ENGINE: return 422;
    case ERR_TIMEOUT: return 504;
    case ERR_CANCELLED: return 503;
    default: return 500;
    }
}

void reply_json(const HttpRequest *request, HttpReply *reply, unsigned status, const Json *json) {
    const char *text = json_write(request->arena, json, false);
    reply->status = status;
    reply->type = "application/json";
    reply->body = text;
    reply->size = strlen(text);
}

Json *error_json(Arena *arena, const Err *err) {
    char *kind = arena_text(arena, err_kind_name(err->kind));
    for (char *c = kind; *c; c++) *c = (char)toupper((unsigned char)*c);
    Json *root = json_make_object(arena);
    json_put_text(root, "status", err->kind == ERR_REFUSED ? "refused" : "error");
    Json *reason = json_put_object(root, "reason");
    json_put_text(reason, "code", *err->code ? err->code : kind);
    json_put_text(reason, "message", err->message);
    return root;
}

bool reply_err(const HttpRequest *request, HttpReply *reply, const Err *err) {
    const unsigned status = status_of(err);
    if (status == 429 || status == 503) http_set(reply, "Retry-After", "1");
    reply_json(request, reply, status, error_json(request->arena, err));
    return false;
}

bool reply_fail(const HttpRequest *request, HttpReply *reply, unsigned status, const char *code, const char *format, ...) {
    Err err = {0};
    va_list arguments;
    va_start(arguments, format);
    const char *message = arena_vprintf(request->arena, format, arguments);
    va_end(arguments);
    err_set_code(&err, ERR_USAGE, code, "%s", message);
    reply_json(request, reply, status, error_json(request->arena, &err));
    return false;
}

bool body_json(HttpRequest *request, WebCall *call, Json **out, HttpReply *reply) {
    Err err = {0};
    if (!call->body.size) {
        *out = json_make_object(request->arena);
        return true;
    }
    if (!json_parse(request->arena, call->body.data, call->body.size, out, &err))
        return reply_fail(request, reply, 400, "INVALID_JSON", "The body is no JSON: %s", err.message);
    if (json_kind(*out) != JSON_OBJECT)
        return reply_fail(request, reply, 400, "INVALID_JSON", "The body has to be a JSON object");
    return true;
}

typedef struct {
    const char *const *names;
    const char *unknown;
} Members;

static bool is_known(void *context, const char *key, const Json *value) {
    Members *members = context;
    (void)value;
    for (const char *const *name = members->names; *name; name++)
        if (text_equal(*name, key)) return true;
    members->unknown = key;
    return false;
}

bool body_has_only(HttpRequest *request, const Json *object, const char *const *names, HttpReply *reply) {
    Members members = {.names = names};
    Buffer known = {.arena = request->arena};
    if (json_each(object, is_known, &members) || !members.unknown) return true;
    for (const char *const *name = names; *name; name++) buffer_printf(&known, "%s%s", known.size ? ", " : "", *name);
    return reply_fail(request, reply, 400, "UNKNOWN_MEMBER", "The body has a member “%.60s”; it may have: %s",
                      text_printable(request->arena, members.unknown), buffer_text(&known));
}

/* --- headers of every reply --- */

/* Scripts, styles and pictures only from here, requests only to here, in nobody's frame; nothing inline, no plug-ins. */
static const char content_policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

static bool has_header(const HttpReply *reply, const char *name) {
    for (size_t i = 0; i < reply->header_count; i++)
        if (text_equal(reply->headers[i].name, name)) return true;
    return false;
}

static void protect(HttpReply *reply) {
    http_set(reply, "Content-Security-Policy", content_policy);
    http_set(reply, "X-Content-Type-Options", "nosniff");
    http_set(reply, "X-Frame-Options", "DENY");
    http_set(reply, "Referrer-Policy", "no-referrer");
    http_set(reply, "Cross-Origin-Opener-Policy", "same-origin");
    http_set(reply, "Cross-Origin-Resource-Policy", "same-origin");
    if (!has_header(reply, "Cache-Control")) http_set(reply, "Cache-Control", "no-store");
}

/* --- access --- */

static bool is_api(const HttpRequest *request) {
    return text_starts(request->path, "/api/");
}

/* Who may not see a page is told in words, not in JSON. */
static bool turn_away(const HttpRequest *request, HttpReply *reply, unsigned status, const char *code, const char *message) {
    if (is_api(request)) return reply_fail(request, reply, status, code, "%s", message);
    reply->status = status;
    reply->type = "text/plain; charset=utf-8";
    reply->body = arena_printf(request->arena, "curlew: %s\n", message);
    reply->size = strlen(reply->body);
    return false;
}

static bool check_sender(const HttpRequest *request, const Web *web, HttpReply *reply) {
    const char *host = http_header(request, "Host");
    if (!access_host(host, web->address, web->hosts, web->host_count))
        return turn_away(
            request, reply, 403, "WRONG_HOST",
            "This server is not called that; open the link that curlew serve printed, or allow the name with --host");
    if (!access_origin(http_header(request, "Origin"), host, web->secure))
        return turn_away(request, reply, 403, "WRONG_ORIGIN", "Pages of other sites may not send requests to this server");
    if (is_api(request) && access_from_elsewhere(http_header(request, "Sec-Fetch-Site")))
        return turn_away(request, reply, 403, "WRONG_ORIGIN", "Pages of other sites may not send requests to this server");
    return true;
}

static bool has_token(const HttpRequest *request, const Web *web) {
    return access_same(access_bearer(http_header(request, "Authorization")), web->token) ||
           access_same(http_cookie(request, web->cookie), web->token);
}

/* The link with the token leads on to the page without it, so that it stays in no history, and leaves a cookie. */
static bool let_in(const HttpRequest *request, const Web *web, HttpReply *reply) {
    http_set(reply, "Set-Cookie",
             arena_printf(request->arena, "%s=%s; Path=/; HttpOnly; SameSite=Strict%s", web->cookie, web->token,
                          web->secure ? "; Secure" : ""));
    http_set(reply, "Location", gate_safe_path(request->arena, request->path));
    reply->status = 303;
    return false;
}

static bool check_token(const HttpRequest *request, const Web *web, HttpReply *reply) {
    const char *given = http_query(request, "token");
    if (given && !is_api(request) && text_equal(request->method, "GET") && access_same(given, web->token))
        return let_in(request, web, reply);
    if (has_token(request, web)) return true;
    http_set(reply, "WWW-Authenticate", "Bearer realm=\"curlew\"");
    return turn_away(request, reply, 401, "NO_TOKEN",
                     "Open the link that curlew serve printed when it started; it carries the access token");
}

/* --- the way of a request --- */

static bool check_size(const HttpRequest *request, HttpReply *reply) {
    if (strlen(request->path) > SERVER_PATH_BYTES)
        return reply_fail(request, reply, 414, "TOO_LONG", "The address is longer than %zu bytes", SERVER_PATH_BYTES);
    if (http_head_bytes(request) > SERVER_HEAD_BYTES)
        return reply_fail(request, reply, 431, "TOO_LONG", "The headers are longer than %zu KiB", SERVER_HEAD_BYTES / 1024);
    if (http_connections(request) > SERVER_CONNECTIONS) {
        reply->close = true;
        http_set(reply, "Retry-After", "5");
        return reply_fail(request, reply, 503, "TOO_MANY", "More than %d connections are open; close some and try again",
                          SERVER_CONNECTIONS);
    }
    return true;
}

static bool check_body(const HttpRequest *request, const Route *route, HttpReply *reply) {
    const char *type = http_header(request, "Content-Type");
    if (!request->has_body || route->takes_bytes) return true;
    if (!route->takes_json) return reply_fail(request, reply, 400, "NO_BODY", "%s takes no body", route->path);
    if (request->body_bytes > SERVER_BODY_BYTES)
        return reply_fail(request, reply, 413, "TOO_LONG", "The body is longer than %zu KiB", SERVER_BODY_BYTES / 1024);
    if (!type || !text_equal_fold(gate_media_type(request->arena, type), "application/json"))
        return reply_fail(request, reply, 415, "NOT_JSON", "The body has to be JSON: Content-Type: application/json");
    return true;
}

static bool no_route(const HttpRequest *request, const char *allowed, HttpReply *reply) {
    if (!*allowed)
        return reply_fail(request, reply, 404, "NOT_FOUND",
                          "There is nothing at %.200s; GET /api/v1/openapi.json says what there is",
                          text_printable(request->arena, request->path));
    http_set(reply, "Allow", allowed);
    return reply_fail(request, reply, 405, "WRONG_METHOD", "%.200s takes %s", text_printable(request->arena, request->path),
                      allowed);
}

/* A file of the client, or one of its pages. */
static bool give_page(const HttpRequest *request, HttpReply *reply) {
    if (!text_equal(request->method, "GET") && !text_equal(request->method, "HEAD"))
        return no_route(request, "GET, HEAD", reply);
    if (assets_reply(request, request->path, reply)) return false;
    if (!assets_present())
        return turn_away(request, reply, 404, "NO_CLIENT",
                         "This program was built without the web pages: run ./start.sh, which fetches what they are made of. "
                         "The API under /api/v1/ works all the same");
    return turn_away(request, reply, 404, "NOT_FOUND", "There is no such page");
}

static bool gate(HttpRequest *request, WebCall *call, HttpReply *reply) {
    const char *allowed = "";
    const Web *web = call->web;
    if (!*request->path) return reply_fail(request, reply, 400, "INVALID_PATH", "The address is not valid UTF-8 text");
    if (!check_sender(request, web, reply) || !check_size(request, reply)) return false;
    call->route = route_find(request->arena, request->method, request->path, &call->part, &allowed);
    if (call->route && call->route->open) return true;
    if (!check_token(request, web, reply)) return false;
    if (atomic_load(&web->stopping)) {
        reply->close = true;
        return reply_fail(request, reply, 503, "STOPPING", "The server is stopping");
    }
    if (!call->route) return is_api(request) ? no_route(request, allowed, reply) : give_page(request, reply);
    if (!check_body(request, call->route, reply)) return false;
    return !call->route->begin || call->route->begin(request, call, reply);
}

bool gate_begin(void *web, HttpRequest *request, HttpReply *reply) {
    WebCall *call = arena_alloc(request->arena, sizeof *call);
    call->web = web;
    call->body.arena = request->arena;
    request->state = call;
    if (gate(request, call, reply)) return true;
    protect(reply);
    return false;
}

bool gate_body(void *web, HttpRequest *request, const char *data, size_t size, HttpReply *reply) {
    WebCall *call = request->state;
    (void)web;
    bool ok = true;
    if (call->writer) {
        if (!upload_write(call->writer, data, size, &call->err)) ok = reply_err(request, reply, &call->err);
    } else if (call->body.size + size > SERVER_BODY_BYTES) {
        ok = reply_fail(request, reply, 413, "TOO_LONG", "The body is longer than %zu KiB", SERVER_BODY_BYTES / 1024);
    } else {
        buffer_add_n(&call->body, data, size);
    }
    if (!ok) {
        reply->close = true;
        protect(reply);
    }
    return ok;
}

void gate_end(void *web, HttpRequest *request, HttpReply *reply) {
    WebCall *call = request->state;
    (void)web;
    call->route->answer(request, call, reply);
    protect(reply);
}

void gate_done(void *web, HttpRequest *request) {
    WebCall *call = request->state;
    (void)web;
    if (call->writer) upload_close(call->writer, NULL);
    if (call->job) job_drop(call->job);
}
