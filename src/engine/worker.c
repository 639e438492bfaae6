/* The parent's side: start, send the request, collect the result, and end the process in any case. */
#include "engine/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"
#include "engine/frame.h"
#include "io/clock.h"

typedef struct {
    const WorkerRequest *request;
    pid_t pid;
    int fd; /* our end of the socket pair */
    const char *to_send;
    size_t to_send_size;
    Buffer answer;
    long long deadline_us;
} Worker;

static const char *request_text(Arena *arena, const WorkerRequest *request) {
    Json *json = json_make_object(arena);
    Json *setup = json_put_array(json, "setup");
    for (size_t i = 0; i < request->setup_count; i++) json_add_text(setup, request->setup[i]);
    json_put_text(json, "sql", request->sql);
    json_put_integer(json, "rows", (long long)request->rows);
    json_put_integer(json, "bytes", (long long)request->bytes);
    json_put_integer(json, "timeout_ms", request->timeout_ms);
    return json_write(arena, json, false);
}

/* The process gets its end of the socket pair, no environment (credentials are in it), no signals blocked, and a group of its own,
 * so that Ctrl-C at the terminal reaches us alone. */
static int spawn(Worker *worker, int child_fd) {
    static char program[] = "curlew", option[] = "--query-worker";
    char *const arguments[] = {program, option, NULL};
    char *const environment[] = {NULL};
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_adddup2(&actions, child_fd, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, child_fd, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    int failure = posix_spawn(&worker->pid, "/proc/self/exe", &actions, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return failure;
}

static bool start(Worker *worker, Err *err) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return err_set(err, ERR_IO, "No process for the query could be started (%s): end other programs and try again",
                       strerror(errno));
    int failure = spawn(worker, ends[1]);
    close(ends[1]);
    worker->fd = ends[0];
    if (!failure) return true;
    close(ends[0]);
    return err_set(err, ERR_IO, "No process for the query could be started (%s): end other programs and try again",
                   strerror(failure));
}

/* Sends what the socket takes; the last byte closes that direction. False when the process is gone. */
static bool send_some(Worker *worker) {
    ssize_t sent = send(worker->fd, worker->to_send, worker->to_send_size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) return errno == EAGAIN || errno == EINTR;
    worker->to_send += sent;
    worker->to_send_size -= (size_t)sent;
    if (!worker->to_send_size) shutdown(worker->fd, SHUT_WR);
    return true;
}

typedef enum { GOT_SOME, GOT_ALL, GOT_NOTHING } Got;

static Got receive_some(Worker *worker) {
    char chunk[64 * 1024];
    ssize_t got = recv(worker->fd, chunk, sizeof chunk, MSG_DONTWAIT);
    if (got < 0) return errno == EAGAIN || errno == EINTR ? GOT_NOTHING : GOT_ALL;
    if (got == 0) return GOT_ALL;
    buffer_add_n(&worker->answer, chunk, (size_t)got);
    return GOT_SOME;
}

/* Talks until the process has closed its end. What ends it early is in `err`. */
static bool converse(Worker *worker, Err *err) {
    const WorkerRequest *request = worker->request;
    size_t ceiling = request->bytes + request->bytes / 8 + WORKER_RESULT_SLACK_BYTES;
    for (;;) {
        if (request->stop && *request->stop) return err_set(err, ERR_CANCELLED, "The query was cancelled");
        if (clock_monotonic_us() > worker->deadline_us)
            return err_set(
                err, ERR_TIMEOUT,
                "The query did not finish within %g seconds and could not be interrupted: it was ended by force; ask for less",
                request->timeout_ms / 1000.0);
        struct pollfd event = {.fd = worker->fd, .events = (short)(POLLIN | (worker->to_send_size ? POLLOUT : 0))};
        if (poll(&event, 1, DUCK_WATCH_MS) <= 0) continue;
        if ((event.revents & POLLOUT) && worker->to_send_size && !send_some(worker)) return true;
        if (!(event.revents & (POLLIN | POLLHUP | POLLERR))) continue;
        if (receive_some(worker) == GOT_ALL) return true;
        if (worker->answer.size > ceiling)
            return err_set(err, ERR_LIMIT,
                           "The result is larger than the %zu bytes that are allowed: ask for fewer rows or columns",
                           request->bytes);
    }
}

/* The process ended without an answer: it was killed, or the engine gave up. */
static bool explain(const Worker *worker, int status, Err *err) {
    int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (signal == SIGXCPU || signal == SIGKILL)
        return err_set(err, ERR_TIMEOUT,
                       "The query used more processor time than %g seconds allow and was ended by force; ask for less",
                       worker->request->timeout_ms / 1000.0);
    return err_set(err, ERR_LIMIT,
                   "The query needed more memory than it may use and was ended; ask for less (a shorter period, fewer groups)");
}

/* Waits for the process that has answered, and ends the one that has not or that lingers. Gives its status. */
static int end(const Worker *worker, bool answered) {
    int status = 0;
    close(worker->fd);
    if (!answered) kill(worker->pid, SIGKILL);
    for (int i = 0; i < WORKER_GRACE_MS; i++) {
        pid_t ended = waitpid(worker->pid, &status, WNOHANG);
        if (ended == worker->pid || (ended < 0 && errno != EINTR)) return status;
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    kill(worker->pid, SIGKILL);
    while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR) continue;
    return status;
}

bool worker_run(Arena *arena, const WorkerRequest *request, Table **out, Err *err) {
    *out = NULL;
    Arena *work = arena_make();
    Worker worker = {.request = request, .answer = {.arena = work}};
    worker.to_send = request_text(work, request);
    worker.to_send_size = strlen(worker.to_send);
    int grace_ms = request->grace_ms ? request->grace_ms : WORKER_GRACE_MS;
    worker.deadline_us = clock_monotonic_us() + (request->timeout_ms + grace_ms) * 1000LL;
    bool ok = start(&worker, err);
    if (ok) {
        ok = converse(&worker, err);
        int status = end(&worker, ok);
        if (ok)
            ok = worker.answer.size ? frame_read(arena, worker.answer.data, worker.answer.size, out, err)
                                    : explain(&worker, status, err);
    }
    arena_free(work);
    return ok;
}
