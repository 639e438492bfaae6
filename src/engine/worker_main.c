/* The child's side of engine/worker.h: read the request, limit itself, open the data, close itself off, run, answer. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/sql.h"
#include "base/text.h"
#include "engine/engine.h"
#include "engine/frame.h"
#include "engine/limited.h"
#include "engine/sandbox.h"
#include "io/duck.h"

static bool read_request(Arena *arena, Json **out, Err *err) {
    Buffer text = {.arena = arena};
    char chunk[64 * 1024];
    for (;;) {
        ssize_t got = read(STDIN_FILENO, chunk, sizeof chunk);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return err_set(err, ERR_INTERNAL, "The query process could not read its request");
        if (got == 0) break;
        buffer_add_n(&text, chunk, (size_t)got);
        if (text.size > WORKER_REQUEST_BYTES) return err_set(err, ERR_LIMIT, "The request of a query is too large");
    }
    return json_parse(arena, buffer_text(&text), text.size, out, err);
}

/* Keeps the channel under another number and puts /dev/null in the place of the standard ones: what the engine prints must not get into
 * the answer. */
static int take_channel(void) {
    int channel = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (channel < 0 || null < 0) return -1;
    for (int fd = 0; fd <= 2; fd++) dup2(null, fd);
    close(null);
    return channel;
}

/* One thread per core, within reason: each has a stack and an allocator's reserve in the address space. */
static int thread_count(void) {
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores < 1 ? 1 : cores > WORKER_THREADS ? WORKER_THREADS : (int)cores;
}

static bool open_data(Arena *arena, const Json *request, int threads, Duck **duck, Err *err) {
    const DuckOptions options = {.threads = threads, .memory_limit_bytes = WORKER_MEMORY_BYTES};
    DuckSession *session = NULL;
    if (!duck_open(arena, NULL, &options, duck, err) || !duck_connect(arena, *duck, &session, err)) return false;
    const Json *setup = json_get(request, "setup");
    for (size_t i = 0; i < json_count(setup); i++)
        if (!duck_run(session, json_text(json_at(setup, i)), err)) return false;
    return duck_lock(session, err);
}

static bool answer_request(Arena *arena, const Json *request, Table **out, Err *err) {
    int timeout_ms = (int)json_get_integer(request, "timeout_ms", SQL_TYPED_TIMEOUT_MS);
    int threads = thread_count();
    Duck *duck = NULL;
    const LimitedQuery query = {
        .sql = json_get_text(request, "sql"),
        .rows = (size_t)json_get_integer(request, "rows", RESULT_ROWS),
        .bytes = (size_t)json_get_integer(request, "bytes", (long long)RESULT_TYPED_BYTES),
        .timeout_ms = timeout_ms,
    };
    if (!query.sql) return err_set(err, ERR_INTERNAL, "The request of a query has no SQL");
    return sandbox_begin(WORKER_MEMORY_BYTES, timeout_ms, threads, err) && open_data(arena, request, threads, &duck, err) &&
           sandbox_seal(err) && limited_run(arena, duck, &query, out, err);
}

static bool write_all(int fd, const char *data, size_t size) {
    while (size) {
        ssize_t written = write(fd, data, size);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        data += written;
        size -= (size_t)written;
    }
    return true;
}

int engine_worker_main(void) {
    Arena *arena = arena_make();
    Json *request = NULL;
    Table *table = NULL;
    Err err = {0};
    close_range(3, ~0U, 0);
    bool ok = read_request(arena, &request, &err);
    int channel = take_channel();
    if (channel < 0) return 1;
    ok = ok && answer_request(arena, request, &table, &err);
    Buffer answer = {.arena = arena};
    if (ok)
        frame_write_table(&answer, table);
    else
        frame_write_error(&answer, &err);
    ok = write_all(channel, answer.data, answer.size);
    /* Closing the engine would only take time, and needs system calls that are gone. */
    _exit(ok ? 0 : 1);
}
