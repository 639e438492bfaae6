/* A whole data set as a file to download: written beside the workspace, unlinked, and sent from there. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "io/file.h"
#include "web/access.h"
#include "web/web.h"

typedef struct {
    const char *extension, *type;
} ExportFormat;

static const char *choose_format(HttpRequest *request, ExportFormat *out, HttpReply *reply) {
    const char *format = http_query(request, "format");
    if (!format || text_equal(format, "csv")) {
        *out = (ExportFormat){"csv", "text/csv; charset=utf-8"};
        return "csv";
    }
    if (text_equal(format, "parquet")) {
        *out = (ExportFormat){"parquet", "application/vnd.apache.parquet"};
        return "parquet";
    }
    reply_fail(request, reply, 400, "UNKNOWN_FORMAT", "A data set is exported as format=csv or format=parquet");
    return NULL;
}

typedef struct {
    Web *web;
    const char *path, *format, *dataset;
    Err err;
} ExportJob;

static void run_export(Arena *arena, Job *job, void *context) {
    ExportJob *work = context;
    const char *names[] = {"out", "format", "dataset", "workspace"};
    const char *values[] = {work->path, work->format, work->dataset, work->web->workspace};
    OpContext ops = {.stop = job_stop(job)};
    const OpResult *result = NULL;
    operation_run(arena, &ops, operation_find("export"), &(OpCall){4, names, values}, &result, &work->err);
}

static bool is_gone(const void *request) {
    return http_is_gone(request);
}

static bool write_file(HttpRequest *request, WebCall *call, ExportJob *work, HttpReply *reply) {
    call->job = job_begin(call->web->exporters, run_export, work);
    if (!call->job) {
        http_set(reply, "Retry-After", "10");
        return reply_fail(request, reply, 429, "TOO_MANY",
                          "Some data sets are being written already; try again when one has ended");
    }
    if (!job_wait(call->job, is_gone, request)) err_set_code(&work->err, ERR_CANCELLED, "STOPPED", "The export was stopped");
    return work->err.kind == ERR_NONE || reply_err(request, reply, &work->err);
}

static void send_file(HttpRequest *request, WebCall *call, const char *path, const ExportFormat *format, HttpReply *reply) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    off_t size = file < 0 ? -1 : lseek(file, 0, SEEK_END);
    if (size < 0) {
        if (file >= 0) close(file);
        err_set(&call->err, ERR_IO, "The export cannot be read back: %s", strerror(errno));
        reply_err(request, reply, &call->err);
        return;
    }
    lseek(file, 0, SEEK_SET);
    reply->status = 200;
    reply->type = format->type;
    reply->file = file;
    reply->file_bytes = (unsigned long long)size;
    http_set(reply, "Content-Disposition",
             arena_printf(request->arena, "attachment; filename=\"curlew.%s\"", format->extension));
}

void answer_export(HttpRequest *request, WebCall *call, HttpReply *reply) {
    ExportFormat format = {0};
    const char *folder = file_join(request->arena, call->web->workspace, "exports"), *id = access_make_id(request->arena);
    ExportJob *work = arena_alloc(request->arena, sizeof *work);
    *work = (ExportJob){.web = call->web, .path = file_join(request->arena, folder, id ? id : "export"), .dataset = call->part};
    work->format = choose_format(request, &format, reply);
    if (!work->format) return;
    if (!file_make_folder(folder, &call->err)) {
        reply_err(request, reply, &call->err);
        return;
    }
    if (write_file(request, call, work, reply)) send_file(request, call, work->path, &format, reply);
    Err ignored = {0};
    file_remove(work->path, &ignored);
}
