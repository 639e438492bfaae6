/* web/http.h: HTTP behind a small door. The only file of the program that includes microhttpd.h is web/http.c.
 *
 * Each connection has a thread of its own, in which the handler may wait; a request's memory is one arena, freed when the exchange is
 * over. A body is given piece by piece, so that one of any size takes no memory. What a client sends beyond the limits, or in a
 * form that is no HTTP, never reaches the handler. */
#ifndef CURLEW_WEB_HTTP_H
#define CURLEW_WEB_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

typedef struct HttpServer HttpServer;
typedef struct HttpExchange HttpExchange; /* what stands behind a request */

typedef struct {
    Arena *arena;
    const char *method; /* "GET" */
    const char *path;   /* decoded, begins with "/", valid UTF-8 */
    bool has_body;
    unsigned long long body_bytes; /* as announced; 0 when it is not (chunked) */
    void *state;                   /* the handler's own */
    HttpExchange *exchange;
} HttpRequest;

/* The last value of a header, of a parameter of the query (decoded), of a cookie; NULL when there is none, or when it holds
 * bytes that are no UTF-8 text. */
const char *http_header(const HttpRequest *request, const char *name);
const char *http_query(const HttpRequest *request, const char *name);
const char *http_cookie(const HttpRequest *request, const char *name);
/* Calls `each` for every parameter of the query. */
void http_each_query(const HttpRequest *request, void (*each)(void *context, const char *name, const char *value),
                     void *context);
/* Bytes of the request's line and headers. */
size_t http_head_bytes(const HttpRequest *request);
/* How many connections are open. */
size_t http_connections(const HttpRequest *request);
/* Whether the client has closed the connection: nobody waits for the answer any more. */
bool http_is_gone(const HttpRequest *request);

/* A body that is made while it is sent. */
typedef struct {
    /* Waits for the next bytes and copies at most `room` of them; 0 = that was all. */
    size_t (*read)(void *source, char *buffer, size_t room);
    void *source;
} HttpStream;

enum { HTTP_REPLY_HEADERS = 16 };

typedef struct {
    unsigned status;  /* 200 */
    const char *type; /* Content-Type; NULL = none */
    const void *body; /* in the request's arena, or for ever */
    size_t size;
    int file; /* the body is this open file, closed when it was sent; 0 = no file */
    unsigned long long file_bytes;
    HttpStream stream; /* the body is what it reads, when `read` is set */
    size_t header_count;
    struct {
        const char *name, *value;
    } headers[HTTP_REPLY_HEADERS];
    bool close; /* the connection ends after it */
} HttpReply;

void http_set(HttpReply *reply, const char *name, const char *value);

typedef struct {
    void *context;
    /* The head has arrived. False when `reply` is decided: the body is not waited for. */
    bool (*begin)(void *context, HttpRequest *request, HttpReply *reply);
    /* A piece of the body. False when `reply` is decided; the rest is read and dropped. */
    bool (*body)(void *context, HttpRequest *request, const char *data, size_t size, HttpReply *reply);
    /* The request is complete: makes the reply. */
    void (*end)(void *context, HttpRequest *request, HttpReply *reply);
    /* The exchange is over, one way or another; the arena is freed after it. */
    void (*done)(void *context, HttpRequest *request);
} HttpHandler;

typedef struct {
    const char *address;           /* "127.0.0.1", "::1" */
    int port;                      /* 0 = any that is free */
    const char *certificate, *key; /* PEM; NULL = without TLS */
    HttpHandler handler;
} HttpOptions;

/* Takes the address and port; ERR_IO when they cannot be had. */
bool http_listen(Arena *arena, const HttpOptions *options, HttpServer **out, Err *err);
int http_port(const HttpServer *server);
/* Serves from now on until http_stop(). When it fails, the server is gone. */
bool http_start(HttpServer *server, Err *err);
/* Takes no more connections; those that are open go on. */
void http_quiesce(HttpServer *server);
/* Waits until no request is being answered, at most `wait_ms`. */
bool http_wait_idle(HttpServer *server, int wait_ms);
/* Ends every connection. */
void http_stop(HttpServer *server);

#endif
