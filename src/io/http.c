#include "io/http.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"

/* libcurl brings some 25 libraries along, a third of the time that the program takes to start, and few questions call anybody: it is loaded
 * with the first request. These are its functions, by their names there. */
#undef curl_easy_setopt
#undef curl_easy_getinfo
#define CURL_FUNCTIONS(X)                                                                                                      \
    X(CURLcode, global_init, (long))                                                                                           \
    X(CURL *, easy_init, (void))                                                                                               \
    X(CURLcode, easy_setopt, (CURL *, CURLoption, ...))                                                                        \
    X(CURLcode, easy_getinfo, (CURL *, CURLINFO, ...))                                                                         \
    X(const char *, easy_strerror, (CURLcode))                                                                                 \
    X(void, easy_cleanup, (CURL *))                                                                                            \
    X(CURLM *, multi_init, (void))                                                                                             \
    X(CURLMcode, multi_add_handle, (CURLM *, CURL *))                                                                          \
    X(CURLMcode, multi_perform, (CURLM *, int *))                                                                              \
    X(CURLMcode, multi_poll, (CURLM *, struct curl_waitfd *, unsigned, int, int *))                                            \
    X(CURLMsg *, multi_info_read, (CURLM *, int *))                                                                            \
    X(CURLMcode, multi_remove_handle, (CURLM *, CURL *))                                                                       \
    X(CURLMcode, multi_cleanup, (CURLM *))                                                                                     \
    X(struct curl_slist *, slist_append, (struct curl_slist *, const char *))                                                  \
    X(void, slist_free_all, (struct curl_slist *))                                                                             \
    X(CURLU *, url, (void))                                                                                                    \
    X(CURLUcode, url_set, (CURLU *, CURLUPart, const char *, unsigned))                                                        \
    X(CURLUcode, url_get, (const CURLU *, CURLUPart, char **, unsigned))                                                       \
    X(void, url_cleanup, (CURLU *))                                                                                            \
    X(void, free, (void *))

#define CURL_MEMBER(type, name, arguments) type(*name) arguments;
typedef struct {
    CURL_FUNCTIONS(CURL_MEMBER)
} Curl;

static Curl curl;
static bool curl_is_loaded;

static bool find_function(void *library, const char *name, void *function) {
    void *found = dlsym(library, name);
    memcpy(function, &found, sizeof found);
    return found != NULL;
}

/* Run once; the library stays until the process ends. */
static void load_curl(void) {
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
#define CURL_FIND(type, name, arguments) &&find_function(library, "curl_" #name, &curl.name)
    curl_is_loaded = library CURL_FUNCTIONS(CURL_FIND) && curl.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

/* What the callbacks of one request share. */
typedef struct {
    Arena *arena;
    const HttpRequest *request;
    HttpResponse *response;
    CURL *handle;
    Buffer body;
    HttpHeader *headers;
    size_t taken_bytes, limit_bytes;
    Err *err;
} Exchange;

/* "https://host:port" of an address: what a message may say of it. */
static const char *place_of(Arena *arena, const char *url) {
    CURLU *parts = curl.url();
    char *host = NULL;
    const char *place = "the server";
    if (parts && curl.url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
        curl.url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK) {
        char *port = NULL;
        const bool has_port = curl.url_get(parts, CURLUPART_PORT, &port, 0) == CURLUE_OK;
        place = text_printable(arena, arena_printf(arena, "%s%s%s", host, has_port ? ":" : "", has_port ? port : ""));
        curl.free(port);
    }
    curl.free(host);
    curl.url_cleanup(parts);
    return place;
}

static size_t take_header(char *bytes, size_t one, size_t size, void *context) {
    (void)one;
    Exchange *exchange = context;
    const char *colon = memchr(bytes, ':', size);
    if (size >= 5 && memcmp(bytes, "HTTP/", 5) == 0)
        exchange->response->header_count = 0; /* after "100 Continue" the real one begins */
    if (colon && exchange->response->header_count < HTTP_HEADERS) {
        const size_t name_size = (size_t)(colon - bytes);
        exchange->headers[exchange->response->header_count++] =
            (HttpHeader){arena_text_n(exchange->arena, bytes, name_size),
                         text_trim(exchange->arena, arena_text_n(exchange->arena, colon + 1, size - name_size - 1))};
    }
    return size;
}

static size_t take_body(char *bytes, size_t one, size_t size, void *context) {
    (void)one;
    Exchange *exchange = context;
    long status = 0;
    curl.easy_getinfo(exchange->handle, CURLINFO_RESPONSE_CODE, &status);
    exchange->taken_bytes += size;
    if (exchange->taken_bytes > exchange->limit_bytes) {
        err_set(exchange->err, ERR_LIMIT, "the answer of %s is longer than %zu MB; it was not read further",
                place_of(exchange->arena, exchange->request->url), exchange->limit_bytes >> 20);
        return 0;
    }
    if (exchange->request->each && status >= 200 && status < 300)
        return exchange->request->each(exchange->request->context, bytes, size, exchange->err) ? size : 0;
    buffer_add_n(&exchange->body, bytes, size);
    return size;
}

static int look_at_stop(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d) {
    (void)a, (void)b, (void)c, (void)d;
    const Exchange *exchange = context;
    return exchange->request->stop && *exchange->request->stop;
}

/* A header with a line break in it would be two: refused, as it can only come from a value that is not what it says. */
static bool add_headers(Arena *arena, const HttpRequest *request, struct curl_slist **list, Err *err) {
    for (size_t i = 0; i < request->header_count; i++) {
        const HttpHeader *header = &request->headers[i];
        if (strpbrk(header->name, "\r\n:") || strpbrk(header->value, "\r\n"))
            return err_set(err, ERR_INPUT, "the request header %s holds a line break; check the setting it comes from",
                           text_printable(arena, header->name));
        struct curl_slist *longer = curl.slist_append(*list, arena_printf(arena, "%s: %s", header->name, header->value));
        if (!longer) return err_set(err, ERR_INTERNAL, "no memory is left for a request");
        *list = longer;
    }
    /* curl would wait a second for a "100 Continue" that few servers send. */
    struct curl_slist *longer = curl.slist_append(*list, "Expect:");
    if (!longer) return err_set(err, ERR_INTERNAL, "no memory is left for a request");
    *list = longer;
    return true;
}

static bool report(Exchange *exchange, CURLcode code, Err *err) {
    const char *place = place_of(exchange->arena, exchange->request->url);
    if (err->kind != ERR_NONE) return false;
    switch (code) {
    case CURLE_ABORTED_BY_CALLBACK: return err_set(err, ERR_CANCELLED, "the request to %s was cancelled", place);
    case CURLE_OPERATION_TIMEDOUT:
        return err_set_code(err, ERR_TIMEOUT, "SERVER_SILENT", "%s did not answer in time; try again, or raise the time limit",
                            place);
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        return err_set_code(err, ERR_IO, "NO_SUCH_HOST",
                            "there is no host %s as seen from here; check the address and the network", place);
    case CURLE_COULDNT_CONNECT:
        return err_set_code(err, ERR_IO, "NO_SERVER",
                            "nobody answers at %s; check that the server runs and the address is right", place);
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
        return err_set_code(err, ERR_INPUT, "BAD_ADDRESS",
                            "the address of the server is none; write it as https://host or http://host:port");
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
        return err_set_code(err, ERR_IO, "BAD_CERTIFICATE",
                            "the certificate of %s is not trusted here; check the address and the CA certificates", place);
    default:
        return err_set_code(err, ERR_IO, "BROKEN_OFF", "the exchange with %s broke off (%s); try again", place,
                            curl.easy_strerror(code));
    }
}

static void set_options(Exchange *exchange, struct curl_slist *headers) {
    CURL *handle = exchange->handle;
    const HttpRequest *request = exchange->request;
    curl.easy_setopt(handle, CURLOPT_URL, request->url);
    curl.easy_setopt(handle, CURLOPT_PATH_AS_IS, 1L);
    curl.easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl.easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl.easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
    curl.easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS,
                     (long)(request->connect_timeout_ms ? request->connect_timeout_ms : HTTP_CONNECT_TIMEOUT_MS));
    curl.easy_setopt(handle, CURLOPT_TIMEOUT_MS, (long)(request->timeout_ms ? request->timeout_ms : HTTP_TIMEOUT_MS));
    if (request->is_direct) curl.easy_setopt(handle, CURLOPT_PROXY, "");
    if (request->body) {
        curl.easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_size);
        curl.easy_setopt(handle, CURLOPT_POSTFIELDS, request->body);
    }
    curl.easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request->method);
    curl.easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_header);
    curl.easy_setopt(handle, CURLOPT_HEADERDATA, exchange);
    curl.easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
    curl.easy_setopt(handle, CURLOPT_WRITEDATA, exchange);
    curl.easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
    curl.easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, look_at_stop);
    curl.easy_setopt(handle, CURLOPT_XFERINFODATA, exchange);
}

/* Waits in steps, so that a user who stops is heeded while the server is silent. */
static CURLcode perform(Exchange *exchange) {
    CURLM *loop = curl.multi_init();
    CURLcode code = CURLE_OUT_OF_MEMORY;
    int running = 1, left = 0;
    if (!loop || curl.multi_add_handle(loop, exchange->handle) != CURLM_OK) running = 0;
    while (running) {
        if (curl.multi_perform(loop, &running) != CURLM_OK) break;
        if (running && look_at_stop(exchange, 0, 0, 0, 0)) {
            code = CURLE_ABORTED_BY_CALLBACK;
            break;
        }
        if (running && curl.multi_poll(loop, NULL, 0, HTTP_WATCH_MS, NULL) != CURLM_OK) break;
    }
    const CURLMsg *message = running || !loop ? NULL : curl.multi_info_read(loop, &left);
    if (message && message->msg == CURLMSG_DONE) code = message->data.result;
    if (loop) curl.multi_remove_handle(loop, exchange->handle);
    if (loop) curl.multi_cleanup(loop);
    return code;
}

bool http_run(Arena *arena, const HttpRequest *request, HttpResponse *out, Err *err) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    *out = (HttpResponse){.body = ""};
    pthread_once(&once, load_curl);
    if (!curl_is_loaded)
        return err_set_code(err, ERR_IO, "NO_LIBCURL", "libcurl is missing on this machine; install it (on Debian: libcurl4)");

    Exchange exchange = {.arena = arena,
                         .request = request,
                         .response = out,
                         .handle = curl.easy_init(),
                         .body = {.arena = arena},
                         .headers = arena_array(arena, HTTP_HEADERS, sizeof(HttpHeader)),
                         .limit_bytes = request->limit_bytes ? request->limit_bytes : HTTP_BODY_BYTES,
                         .err = err};
    if (!exchange.handle) return err_set(err, ERR_INTERNAL, "libcurl could not be started");
    struct curl_slist *headers = NULL;
    bool ok = add_headers(arena, request, &headers, err);
    if (ok) {
        set_options(&exchange, headers);
        const CURLcode code = perform(&exchange);
        long status = 0;
        curl.easy_getinfo(exchange.handle, CURLINFO_RESPONSE_CODE, &status);
        out->status = (int)status;
        ok = code == CURLE_OK || report(&exchange, code, err);
    }
    out->body = buffer_text(&exchange.body);
    out->size = exchange.body.size;
    out->headers = exchange.headers;
    curl.slist_free_all(headers);
    curl.easy_cleanup(exchange.handle);
    return ok;
}

const char *http_answer_header(const HttpResponse *response, const char *name) {
    for (size_t i = 0; i < response->header_count; i++)
        if (text_equal_fold(response->headers[i].name, name)) return response->headers[i].value;
    return NULL;
}
