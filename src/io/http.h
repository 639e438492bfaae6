/* io/http.h: one HTTP request and its answer. The only file that includes libcurl's header is io/http.c.
 *
 * Certificates are checked, redirects are not followed (a signed request must not go elsewhere), only http and https are spoken. Nothing
 * is retried here: who calls knows what may be asked twice. Messages name the host, never headers or body: these hold secrets. */
#ifndef CURLEW_IO_HTTP_H
#define CURLEW_IO_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

typedef struct {
    const char *name;
    const char *value;
} HttpHeader;

typedef struct {
    const char *method; /* "GET", "POST", "PUT" */
    const char *url;    /* sent as it is given: what must be percent-encoded is */
    const HttpHeader *headers;
    size_t header_count;
    const void *body; /* NULL for none */
    size_t body_size;
    int connect_timeout_ms;    /* 0 = HTTP_CONNECT_TIMEOUT_MS */
    int timeout_ms;            /* from beginning to end; 0 = HTTP_TIMEOUT_MS */
    size_t limit_bytes;        /* of the answer's body; 0 = HTTP_BODY_BYTES */
    bool is_direct;            /* never through a proxy: addresses of the machine itself and of its metadata service */
    const volatile bool *stop; /* set by Ctrl-C or by a client that left; may be NULL */
    /* Takes the body of a good answer (status 200 to 299) piece by piece; returns false (and sets `err`) to end the request. NULL:
     * the body is collected. The body of any other answer is collected always. */
    bool (*each)(void *context, const void *bytes, size_t size, Err *err);
    void *context;
} HttpRequest;

typedef struct {
    int status;
    const char *body; /* NUL-terminated behind its `size`; "" when it went to `each` */
    size_t size;
    const HttpHeader *headers; /* in order of appearance, at most HTTP_HEADERS */
    size_t header_count;
} HttpResponse;

/* Sends `request` and waits for the whole answer. Any status is an answer. ERR_IO when no answer came (no such host, nobody listens,
 * broken off), ERR_TIMEOUT, ERR_CANCELLED when `stop` was set, ERR_LIMIT when the body is too long, ERR_INPUT for an address that is none. */
bool http_run(Arena *arena, const HttpRequest *request, HttpResponse *out, Err *err);

/* The value of a header of an answer, compared without case; NULL when there is none. */
const char *http_answer_header(const HttpResponse *response, const char *name);

#endif
