#include "web/http.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"

struct HttpServer {
    struct MHD_Daemon *daemon;
    int listener;
    int port;
    HttpOptions options;
    HttpHandler handler;
    atomic_size_t connections, requests;
};

struct HttpExchange {
    HttpServer *server;
    struct MHD_Connection *connection;
    HttpRequest request;
    HttpReply reply;
    bool decided; /* the reply is known before the body has ended */
};

/* --- what a request says --- */

static const char *value_of(const HttpRequest *request, enum MHD_ValueKind kind, const char *name) {
    const char *value = NULL;
    size_t size = 0;
    if (MHD_lookup_connection_value_n(request->exchange->connection, kind, name, strlen(name), &value, &size) == MHD_NO)
        return NULL;
    return value && strlen(value) == size && text_is_utf8(value, size) ? value : NULL;
}

const char *http_header(const HttpRequest *request, const char *name) {
    return value_of(request, MHD_HEADER_KIND, name);
}

const char *http_query(const HttpRequest *request, const char *name) {
    return value_of(request, MHD_GET_ARGUMENT_KIND, name);
}

const char *http_cookie(const HttpRequest *request, const char *name) {
    return value_of(request, MHD_COOKIE_KIND, name);
}

typedef struct {
    void (*each)(void *context, const char *name, const char *value);
    void *context;
} Each;

static enum MHD_Result call_each(void *context, enum MHD_ValueKind kind, const char *name, size_t name_size, const char *value,
                                 size_t size) {
    const Each *each = context;
    (void)kind, (void)name_size;
    if (!value || (strlen(value) == size && text_is_utf8(value, size))) each->each(each->context, name, value ? value : "");
    return MHD_YES;
}

void http_each_query(const HttpRequest *request, void (*each)(void *context, const char *name, const char *value),
                     void *context) {
    Each call = {each, context};
    MHD_get_connection_values_n(request->exchange->connection, MHD_GET_ARGUMENT_KIND, call_each, &call);
}

size_t http_head_bytes(const HttpRequest *request) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->exchange->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return info ? info->header_size : 0;
}

size_t http_connections(const HttpRequest *request) {
    return atomic_load(&request->exchange->server->connections);
}

bool http_is_gone(const HttpRequest *request) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->exchange->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct pollfd poller = {.fd = info ? info->connect_fd : -1, .events = POLLRDHUP};
    return poller.fd < 0 || (poll(&poller, 1, 0) > 0 && (poller.revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)));
}

void http_set(HttpReply *reply, const char *name, const char *value) {
    assert(reply->header_count < HTTP_REPLY_HEADERS);
    reply->headers[reply->header_count].name = name;
    reply->headers[reply->header_count++].value = value;
}

/* --- the reply --- */

static ssize_t read_stream(void *context, uint64_t position, char *buffer, size_t room) {
    const HttpStream *stream = context;
    (void)position;
    size_t size = stream->read(stream->source, buffer, room);
    return size ? (ssize_t)size : MHD_CONTENT_READER_END_OF_STREAM;
}

static struct MHD_Response *make_response(HttpExchange *exchange) {
    enum { BLOCK_BYTES = 64 * 1024 };
    HttpReply *reply = &exchange->reply;
    if (reply->stream.read)
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_BYTES, read_stream, &reply->stream, NULL);
    if (reply->file) return MHD_create_response_from_fd64(reply->file_bytes, reply->file);
    void *body = NULL; /* only read: the library's function takes it without const */
    memcpy(&body, &reply->body, sizeof body);
    return MHD_create_response_from_buffer(reply->size, body, MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result send_reply(HttpExchange *exchange) {
    const HttpReply *reply = &exchange->reply;
    struct MHD_Response *response = make_response(exchange);
    if (!response) return MHD_NO;
    if (reply->type) MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, reply->type);
    for (size_t i = 0; i < reply->header_count; i++)
        MHD_add_response_header(response, reply->headers[i].name, reply->headers[i].value);
    if (reply->close) MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
    enum MHD_Result queued = MHD_queue_response(exchange->connection, reply->status, response);
    MHD_destroy_response(response);
    return queued;
}

/* --- one exchange, as the library calls us --- */

static HttpExchange *begin_exchange(HttpServer *server, struct MHD_Connection *connection, const char *path,
                                    const char *method) {
    Arena *arena = arena_make();
    HttpExchange *exchange = arena_alloc(arena, sizeof *exchange);
    exchange->server = server;
    exchange->connection = connection;
    exchange->request = (HttpRequest){.arena = arena, .method = arena_text(arena, method), .exchange = exchange};
    HttpRequest *request = &exchange->request;
    request->path = text_is_utf8(path, strlen(path)) ? arena_text(arena, path) : "";
    const char *length = http_header(request, MHD_HTTP_HEADER_CONTENT_LENGTH);
    const char *encoding = http_header(request, MHD_HTTP_HEADER_TRANSFER_ENCODING);
    for (const char *digit = length; digit && *digit >= '0' && *digit <= '9'; digit++)
        request->body_bytes = request->body_bytes * 10 + (unsigned)(*digit - '0');
    request->has_body = encoding || request->body_bytes > 0;
    atomic_fetch_add(&server->requests, 1);
    return exchange;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *path, const char *method,
                                  const char *version, const char *data, size_t *size, void **state) {
    HttpServer *server = context;
    HttpExchange *exchange = *state;
    const HttpHandler *handler = &server->handler;
    (void)version;
    if (!exchange) {
        *state = exchange = begin_exchange(server, connection, path, method);
        exchange->decided = !handler->begin(handler->context, &exchange->request, &exchange->reply);
        /* A body that nobody wants is not read: the connection ends instead. */
        return exchange->decided && exchange->request.has_body ? send_reply(exchange) : MHD_YES;
    }
    if (*size) {
        if (!exchange->decided)
            exchange->decided = !handler->body(handler->context, &exchange->request, data, *size, &exchange->reply);
        *size = 0;
        return MHD_YES;
    }
    if (!exchange->decided) handler->end(handler->context, &exchange->request, &exchange->reply);
    return send_reply(exchange);
}

static void on_completed(void *context, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode reason) {
    HttpServer *server = context;
    HttpExchange *exchange = *state;
    (void)connection, (void)reason;
    if (!exchange) return;
    *state = NULL;
    server->handler.done(server->handler.context, &exchange->request);
    arena_free(exchange->request.arena);
    atomic_fetch_sub(&server->requests, 1);
}

static void on_connection(void *context, struct MHD_Connection *connection, void **state,
                          enum MHD_ConnectionNotificationCode what) {
    HttpServer *server = context;
    (void)connection, (void)state;
    if (what == MHD_CONNECTION_NOTIFY_STARTED)
        atomic_fetch_add(&server->connections, 1);
    else
        atomic_fetch_sub(&server->connections, 1);
}

/* --- the server --- */

static bool make_address(const HttpOptions *options, struct sockaddr_storage *out, socklen_t *size, Err *err) {
    struct sockaddr_in *four = (struct sockaddr_in *)out;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)out;
    memset(out, 0, sizeof *out);
    if (inet_pton(AF_INET, options->address, &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        four->sin_port = htons((uint16_t)options->port);
        *size = sizeof *four;
        return true;
    }
    if (inet_pton(AF_INET6, options->address, &six->sin6_addr) == 1) {
        six->sin6_family = AF_INET6;
        six->sin6_port = htons((uint16_t)options->port);
        *size = sizeof *six;
        return true;
    }
    return err_set(err, ERR_USAGE, "--address takes an IP address of this machine, like 127.0.0.1 or 0.0.0.0, not “%.60s”",
                   options->address);
}

/* A socket of our own, so that what is wrong with an address is known and can be said. */
static bool listen_at(const HttpOptions *options, HttpServer *server, Err *err) {
    struct sockaddr_storage address;
    socklen_t size = 0;
    const int on = 1;
    if (!make_address(options, &address, &size, err)) return false;
    int listener = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0) return err_set(err, ERR_IO, "No socket could be had: %s", strerror(errno));
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    bool ok = bind(listener, (struct sockaddr *)&address, size) == 0 && listen(listener, SERVER_BACKLOG) == 0;
    int failure = errno;
    ok = ok && getsockname(listener, (struct sockaddr *)&address, &size) == 0;
    if (!ok) {
        close(listener);
        const char *todo = failure == EADDRINUSE ? "another program has it; choose another with --port"
                                                 : "choose another with --address and --port";
        return err_set(err, ERR_IO, "Port %d at %s cannot be had (%s): %s", options->port, options->address, strerror(failure),
                       todo);
    }
    server->listener = listener;
    server->port = ntohs(address.ss_family == AF_INET ? ((struct sockaddr_in *)&address)->sin_port
                                                      : ((struct sockaddr_in6 *)&address)->sin6_port);
    return true;
}

/* What the library complains of is a client's doing, and told to the client. */
static void say_nothing(void *context, const char *format, va_list arguments) {
    (void)context, (void)format, (void)arguments;
}

bool http_listen(Arena *arena, const HttpOptions *options, HttpServer **out, Err *err) {
    HttpServer *server = arena_alloc(arena, sizeof *server);
    server->options = *options;
    server->handler = options->handler;
    *out = server;
    return listen_at(options, server, err);
}

bool http_start(HttpServer *server, Err *err) {
    const HttpOptions *options = &server->options;
    struct MHD_OptionItem secure[] = {{MHD_OPTION_HTTPS_MEM_CERT, 0, NULL}, {MHD_OPTION_HTTPS_MEM_KEY, 0, NULL}, {0}};
    unsigned flags =
        MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL | MHD_USE_ERROR_LOG | MHD_USE_ITC;
    if (options->certificate) {
        flags |= MHD_USE_TLS;
        memcpy(&secure[0].ptr_value, &options->certificate, sizeof secure[0].ptr_value);
        memcpy(&secure[1].ptr_value, &options->key, sizeof secure[1].ptr_value);
    } else {
        secure[0].option = MHD_OPTION_END;
    }
    server->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, server, MHD_OPTION_EXTERNAL_LOGGER, say_nothing, NULL, MHD_OPTION_LISTEN_SOCKET,
        server->listener, MHD_OPTION_NOTIFY_COMPLETED, on_completed, server, MHD_OPTION_NOTIFY_CONNECTION, on_connection,
        server, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)SERVER_CONNECTION_BYTES, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)SERVER_CONNECTIONS_MOST, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)SERVER_IDLE_S, MHD_OPTION_THREAD_STACK_SIZE,
        (size_t)SERVER_STACK_BYTES, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_STRICT_FOR_CLIENT, 0, MHD_OPTION_ARRAY,
        secure, MHD_OPTION_END);
    if (server->daemon) return true;
    close(server->listener);
    return err_set(err, ERR_IO,
                   options->certificate ? "The server does not start: the certificate or its key cannot be used"
                                        : "The server does not start: the system gives no threads or sockets");
}

int http_port(const HttpServer *server) {
    return server->port;
}

void http_quiesce(HttpServer *server) {
    server->listener = MHD_quiesce_daemon(server->daemon);
    if (server->listener >= 0) close(server->listener);
}

bool http_wait_idle(HttpServer *server, int wait_ms) {
    enum { STEP_MS = 20 };
    const struct timespec step = {.tv_nsec = STEP_MS * 1000000L};
    for (int waited = 0; atomic_load(&server->requests) > 0; waited += STEP_MS) {
        if (waited >= wait_ms) return false;
        nanosleep(&step, NULL);
    }
    return true;
}

void http_stop(HttpServer *server) {
    MHD_stop_daemon(server->daemon);
}
