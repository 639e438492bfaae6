#include "web/serve.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "io/file.h"
#include "ops/learning.h"
#include "ops/pool.h"
#include "web/access.h"
#include "web/gate.h"
#include "web/web.h"

enum { PORT_USUAL = 8765, PORT_MOST = 65535, PEM_BYTES = 1024 * 1024 };

/* --- options --- */

/* A port number; "0" takes any that is free. */
static bool read_port(const OpCall *call, int *out, Err *err) {
    enum { DIGITS = 5 };
    const char *text = call_text(call, "port");
    *out = PORT_USUAL;
    if (!text) return true;
    const size_t digits = strspn(text, "0123456789");
    *out = digits && digits <= DIGITS && !text[digits] ? atoi(text) : -1;
    if (*out >= 0 && *out <= PORT_MOST) return true;
    return err_set(err, ERR_USAGE, "--port takes a number from 0 (any that is free) to %d", PORT_MOST);
}

static bool read_token(Arena *arena, const OpCall *call, const char **out, Err *err) {
    const char *given = call_text(call, "token");
    *out = given ? given : access_make_token(arena);
    if (!*out) return err_set(err, ERR_IO, "The system gives no random numbers for a token");
    if (access_token_is_good(*out)) return true;
    return err_set(err, ERR_USAGE, "--token takes %d to %d letters, digits, “-”, “_”, “.” and “~”, so that nobody guesses it",
                   SERVER_TOKEN_LEAST, SERVER_TOKEN_MOST);
}

static bool read_pem(Arena *arena, const char *path, const char **out, Err *err) {
    char *text = NULL;
    size_t size = 0;
    if (!file_read(arena, path, PEM_BYTES, &text, &size, err)) return false;
    *out = text;
    return strstr(text, "-----BEGIN ") ||
           err_set(err, ERR_INPUT, "%s holds no certificate or key in PEM form", text_printable(arena, path));
}

static bool read_tls(Arena *arena, const OpCall *call, HttpOptions *out, Err *err) {
    const char *certificate = call_text(call, "tls-cert"), *key = call_text(call, "tls-key");
    if ((certificate == NULL) != (key == NULL))
        return err_set(err, ERR_USAGE, "--tls-cert and --tls-key belong together: the certificate, and its key");
    return !certificate || (read_pem(arena, certificate, &out->certificate, err) && read_pem(arena, key, &out->key, err));
}

static bool read_options(Arena *arena, const OpCall *call, Web *web, HttpOptions *out, Err *err) {
    const char *address = call_text(call, "address"), *workspace = call_text(call, "workspace");
    web->address = out->address = address ? address : "127.0.0.1";
    web->workspace = workspace ? workspace : file_join(arena, file_data_home(arena), "workspace");
    web->hosts = call_list(arena, call, "host", &web->host_count);
    if (web->host_count > SERVER_HOSTS) return err_set(err, ERR_LIMIT, "--host is given more than %d times", SERVER_HOSTS);
    if (!read_port(call, &out->port, err) || !read_token(arena, call, &web->token, err) || !read_tls(arena, call, out, err))
        return false;
    web->secure = out->certificate != NULL;
    return true;
}

/* --- work beside requests --- */

static void *warm(void *context) {
    Web *web = context;
    pool_warm(web->pool, web->workspace);
    return NULL;
}

void web_warm(void *web) {
    warm(web);
}

/* Signals belong to the program's first thread. */
static bool start_warming(Web *web, pthread_t *thread) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(thread, NULL, warm, web) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

static size_t worker_count(void) {
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    const size_t wanted = (size_t)(cores > 0 ? cores : 1) * SERVER_WORKERS_PER_CORE;
    return wanted < SERVER_WORKERS_MOST ? wanted : SERVER_WORKERS_MOST;
}

static void announce(Arena *arena, const Web *web, int port) {
    const bool six = strchr(web->address, ':') != NULL;
    const bool everywhere = text_equal(web->address, "0.0.0.0") || text_equal(web->address, "::");
    const char *host = web->host_count ? web->hosts[0] : everywhere ? "localhost" : web->address;
    if (six && !everywhere && !web->host_count) host = arena_printf(arena, "[%s]", host);
    printf("curlew is at %s://%s:%d/?token=%s\n", web->secure ? "https" : "http", host, port, web->token);
    printf("Open that link in a browser; Ctrl-C stops it.\n");
    fflush(stdout);
}

static void wait_for_stop(const volatile bool *stop) {
    enum { STEP_MS = 50 };
    const struct timespec step = {.tv_nsec = STEP_MS * 1000000L};
    while (!*stop) nanosleep(&step, NULL);
}

static void close_parts(Web *web) {
    jobs_close(web->jobs);
    jobs_close(web->exporters);
    imports_close(web->imports);
}

/* What runs may end, new things do not begin; then everything that still waits is told to stop. */
static void close_all(Web *web, HttpServer *server) {
    atomic_store(&web->stopping, true);
    http_quiesce(server);
    http_wait_idle(server, SERVER_STOP_MS);
    close_parts(web);
    http_stop(server);
}

static bool open_parts(Arena *arena, Web *web, Err *err) {
    const size_t workers = worker_count();
    web->pool = pool_make(arena, workers);
    web->log = learning_start(arena, web->workspace);
    web->uploads = uploads_open(arena, file_join(arena, web->workspace, "uploads"));
    web->imports = imports_open(arena, web->workspace, web->uploads, web_warm, web);
    if (!jobs_open(arena, workers, SERVER_WAITING, &web->jobs, err)) return false;
    if (jobs_open(arena, SERVER_EXPORTS, SERVER_EXPORTS, &web->exporters, err)) return true;
    jobs_close(web->jobs);
    return false;
}

bool web_serve(Arena *arena, const OpContext *context, const OpCall *call, Err *err) {
    Web *web = arena_alloc(arena, sizeof *web);
    HttpServer *server = NULL;
    HttpOptions options = {.handler = {web, gate_begin, gate_body, gate_end, gate_done}};
    pthread_t warming;
    if (!read_options(arena, call, web, &options, err) || !http_listen(arena, &options, &server, err)) return false;
    /* Cookies know no ports: two servers on one machine must not take each other's. */
    web->cookie = arena_printf(arena, "curlew_token_%d", http_port(server));
    if (!open_parts(arena, web, err)) return false;
    if (!http_start(server, err)) {
        close_parts(web);
        return false;
    }
    bool warms = start_warming(web, &warming);
    announce(arena, web, http_port(server));
    wait_for_stop(context->stop);
    close_all(web, server);
    if (warms) pthread_join(warming, NULL);
    return true;
}
