#include "io/http.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"

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

static void start_curl(void) {
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

/* "https://host:port" of an address: what a message may say of it. */
static const char *place_of(Arena *arena, const char *url) {
    CURLU *parts = curl_url();
    char *host = NULL;
    const char *place = "the server";
    if (parts && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
        curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK) {
        char *port = NULL;
        const bool has_port = curl_url_get(parts, CURLUPART_PORT, &port, 0) == CURLUE_OK;
        place = text_printable(arena, arena_printf(arena, "%s%s%s", host, has_port ? ":" : "", has_port ? port : ""));
        curl_free(port);
    }
    curl_free(host);
    curl_url_cleanup(parts);
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
    curl_easy_getinfo(exchange->handle, CURLINFO_RESPONSE_CODE, &status);
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
        struct curl_slist *longer = curl_slist_append(*list, arena_printf(arena, "%s: %s", header->name, header->value));
        if (!longer) return err_set(err, ERR_INTERNAL, "no memory is left for a request");
        *list = longer;
    }
    /* curl would wait a second for a "100 Continue" that few servers send. */
    struct curl_slist *longer = curl_slist_append(*list, "Expect:");
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
                            curl_easy_strerror(code));
    }
}

static void set_options(Exchange *exchange, struct curl_slist *headers) {
    CURL *handle = exchange->handle;
    const HttpRequest *request = exchange->request;
    curl_easy_setopt(handle, CURLOPT_URL, request->url);
    curl_easy_setopt(handle, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS,
                     (long)(request->connect_timeout_ms ? request->connect_timeout_ms : HTTP_CONNECT_TIMEOUT_MS));
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, (long)(request->timeout_ms ? request->timeout_ms : HTTP_TIMEOUT_MS));
    if (request->is_direct) curl_easy_setopt(handle, CURLOPT_PROXY, "");
    if (request->body) {
        curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_size);
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request->body);
    }
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request->method);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, exchange);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, exchange);
    curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, look_at_stop);
    curl_easy_setopt(handle, CURLOPT_XFERINFODATA, exchange);
}

bool http_run(Arena *arena, const HttpRequest *request, HttpResponse *out, Err *err) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start_curl);

    *out = (HttpResponse){.body = ""};
    Exchange exchange = {.arena = arena,
                         .request = request,
                         .response = out,
                         .handle = curl_easy_init(),
                         .body = {.arena = arena},
                         .headers = arena_array(arena, HTTP_HEADERS, sizeof(HttpHeader)),
                         .limit_bytes = request->limit_bytes ? request->limit_bytes : HTTP_BODY_BYTES,
                         .err = err};
    if (!exchange.handle) return err_set(err, ERR_INTERNAL, "libcurl could not be started");
    struct curl_slist *headers = NULL;
    bool ok = add_headers(arena, request, &headers, err);
    if (ok) {
        set_options(&exchange, headers);
        const CURLcode code = curl_easy_perform(exchange.handle);
        long status = 0;
        curl_easy_getinfo(exchange.handle, CURLINFO_RESPONSE_CODE, &status);
        out->status = (int)status;
        ok = code == CURLE_OK || report(&exchange, code, err);
    }
    out->body = buffer_text(&exchange.body);
    out->size = exchange.body.size;
    out->headers = exchange.headers;
    curl_slist_free_all(headers);
    curl_easy_cleanup(exchange.handle);
    return ok;
}

const char *http_header(const HttpResponse *response, const char *name) {
    for (size_t i = 0; i < response->header_count; i++)
        if (text_equal_fold(response->headers[i].name, name)) return response->headers[i].value;
    return NULL;
}
