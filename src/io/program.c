#include "io/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "io/clock.h"

enum { INPUT, OUTPUT, COMPLAINT, PIPES };
enum { CHUNK_BYTES = 16384, COMPLAINT_BYTES = 400, WATCH_MS = 50 };

typedef struct {
    pid_t pid;
    int fds[PIPES]; /* our ends; -1 = closed */
    const char *input;
    size_t input_size;
    Buffer output, complaint;
    size_t output_bytes;
    bool whole_environment;
} Run;

static void close_end(int *fd) {
    if (*fd >= 0) close(*fd);
    *fd = -1;
}

static char **environment(Arena *arena) {
    static const char *const kept[] = {"PATH", "LANG", "HOME"};
    char **out = arena_array(arena, sizeof kept / sizeof *kept + 1, sizeof *out);
    size_t count = 0;
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (getenv(kept[i])) out[count++] = arena_printf(arena, "%s=%s", kept[i], getenv(kept[i]));
    return out;
}

/* The program in a group of its own, so that Ctrl-C at the terminal reaches us alone. */
static int start(Arena *arena, Run *run, const char *const *arguments, const int *theirs) {
    size_t count = 0;
    while (arguments[count]) count++;
    char **words = arena_array(arena, count + 1, sizeof *words);
    for (size_t i = 0; i < count; i++) words[i] = arena_text(arena, arguments[i]);
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    for (int i = 0; i < PIPES; i++) posix_spawn_file_actions_adddup2(&actions, theirs[i], i);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    const int failure =
        posix_spawnp(&run->pid, words[0], &actions, &attributes, words, run->whole_environment ? environ : environment(arena));
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return failure;
}

static bool open_ends(Run *run, int *theirs, Err *err) {
    for (int i = 0; i < PIPES; i++) {
        int pair[2];
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
            return err_set(err, ERR_IO, "The system gives no more open files: %s", strerror(errno));
        run->fds[i] = pair[0];
        theirs[i] = pair[1];
        fcntl(pair[0], F_SETFL, O_NONBLOCK);
    }
    return true;
}

static void feed(Run *run) {
    const ssize_t sent = send(run->fds[INPUT], run->input, run->input_size, MSG_NOSIGNAL);
    if (sent > 0) {
        run->input += sent;
        run->input_size -= (size_t)sent;
    }
    if (run->input_size == 0 || (sent < 0 && errno != EAGAIN && errno != EINTR)) close_end(&run->fds[INPUT]);
}

/* False when it wrote too much. */
static bool take(Run *run, int end, Buffer *into, size_t most) {
    char chunk[CHUNK_BYTES];
    const ssize_t size = read(run->fds[end], chunk, sizeof chunk);
    if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR)) close_end(&run->fds[end]);
    if (size <= 0) return true;
    const size_t room = into->size < most ? most - into->size : 0;
    buffer_add_n(into, chunk, (size_t)size < room ? (size_t)size : room);
    return (size_t)size <= room;
}

static bool talk(Run *run, const char *name, int timeout_ms, const volatile bool *stop, Err *err) {
    const long long deadline_us = clock_monotonic_us() + (long long)timeout_ms * 1000;
    while (run->fds[OUTPUT] >= 0 || run->fds[COMPLAINT] >= 0) {
        struct pollfd polled[PIPES];
        for (int i = 0; i < PIPES; i++) polled[i] = (struct pollfd){.fd = run->fds[i], .events = i == INPUT ? POLLOUT : POLLIN};
        if (stop && *stop) return err_set(err, ERR_CANCELLED, "Stopped");
        if (clock_monotonic_us() > deadline_us)
            return err_set(err, ERR_TIMEOUT, "%s did not finish within %d seconds", name, timeout_ms / 1000);
        if (poll(polled, PIPES, WATCH_MS) <= 0) continue;
        if (run->fds[INPUT] >= 0 && polled[INPUT].revents) feed(run);
        if (run->fds[OUTPUT] >= 0 && polled[OUTPUT].revents && !take(run, OUTPUT, &run->output, run->output_bytes))
            return err_set(err, ERR_LIMIT, "%s wrote more than %zu bytes", name, run->output_bytes);
        /* What it complains beyond the first lines is dropped. */
        if (run->fds[COMPLAINT] >= 0 && polled[COMPLAINT].revents) take(run, COMPLAINT, &run->complaint, COMPLAINT_BYTES);
    }
    return true;
}

static bool run_spawned(Run *run, const char *name, int timeout_ms, const volatile bool *stop, Err *err) {
    int status = 0;
    const bool finished = talk(run, name, timeout_ms, stop, err);
    if (!finished) kill(-run->pid, SIGKILL);
    while (waitpid(run->pid, &status, 0) < 0 && errno == EINTR) continue;
    if (!finished) return false;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return true;
    const char *complaint = text_printable(run->complaint.arena, buffer_text(&run->complaint));
    return err_set(err, ERR_IO, "%s failed: %.*s", name, (int)strcspn(complaint, "\n"), complaint);
}

static bool run_whole(Arena *arena, Run *run, const char *const *arguments, int timeout_ms, const volatile bool *stop,
                      const char **output, size_t *output_size, Err *err) {
    int theirs[PIPES] = {-1, -1, -1};
    run->output.arena = run->complaint.arena = arena;
    for (int i = 0; i < PIPES; i++) run->fds[i] = -1;
    bool done = open_ends(run, theirs, err);
    const int failure = done ? start(arena, run, arguments, theirs) : 0;
    for (int i = 0; i < PIPES; i++) close_end(&theirs[i]);
    if (failure == ENOENT) done = err_set(err, ERR_NOT_FOUND, "There is no program “%s” on this machine", arguments[0]);
    if (failure && failure != ENOENT) done = err_set(err, ERR_IO, "%s cannot be started: %s", arguments[0], strerror(failure));
    done = done && run_spawned(run, arguments[0], timeout_ms, stop, err);
    for (int i = 0; i < PIPES; i++) close_end(&run->fds[i]);
    *output = buffer_text(&run->output);
    *output_size = run->output.size;
    return done;
}

bool program_run(Arena *arena, const char *const *arguments, const char *input, size_t input_size, size_t output_bytes,
                 int timeout_ms, const volatile bool *stop, const char **output, size_t *output_size, Err *err) {
    Run run = {.input = input, .input_size = input_size, .output_bytes = output_bytes};
    return run_whole(arena, &run, arguments, timeout_ms, stop, output, output_size, err);
}

bool program_run_whole(Arena *arena, const char *const *arguments, const char *input, size_t input_size, size_t output_bytes,
                       int timeout_ms, const volatile bool *stop, const char **output, size_t *output_size, Err *err) {
    Run run = {.input = input, .input_size = input_size, .output_bytes = output_bytes, .whole_environment = true};
    return run_whole(arena, &run, arguments, timeout_ms, stop, output, output_size, err);
}
