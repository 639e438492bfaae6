/* Uploads and imports over HTTP. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "web/access.h"
#include "web/web.h"

/* --- uploads --- */

static Json *upload_json(Arena *arena, const Upload *upload) {
    Json *object = json_make_object(arena);
    json_put_text(object, "id", upload->id);
    json_put_text(object, "name", upload->name);
    json_put_integer(object, "size", upload->size);
    json_put_integer(object, "offset", upload->offset);
    json_put_bool(object, "complete", upload->offset == upload->size);
    return object;
}

static void reply_upload(HttpRequest *request, HttpReply *reply, unsigned status, const Upload *upload) {
    http_set(reply, "Upload-Offset", arena_printf(request->arena, "%lld", upload->offset));
    http_set(reply, "Upload-Length", arena_printf(request->arena, "%lld", upload->size));
    reply_json(request, reply, status, upload_json(request->arena, upload));
}

void answer_uploads(HttpRequest *request, WebCall *call, HttpReply *reply) {
    Upload *uploads = NULL;
    size_t count = 0;
    if (!uploads_list(request->arena, call->web->uploads, &uploads, &count, &call->err)) {
        reply_err(request, reply, &call->err);
        return;
    }
    Json *root = json_make_object(request->arena), *list = json_put_array(root, "uploads");
    for (size_t i = 0; i < count; i++) json_add(list, upload_json(request->arena, &uploads[i]));
    reply_json(request, reply, 200, root);
}

/* A member that is a whole number of at least zero; false when it is anything else. */
static bool get_count(const Json *object, const char *name, long long *out) {
    const Json *value = json_get(object, name);
    const char *text = json_kind(value) == JSON_NUMBER ? json_text(value) : NULL;
    char *end = NULL;
    if (!text) return false;
    errno = 0;
    *out = strtoll(text, &end, 10);
    return !*end && errno == 0 && *out >= 0;
}

void answer_upload_begin(HttpRequest *request, WebCall *call, HttpReply *reply) {
    static const char *const members[] = {"name", "size", NULL};
    Json *body = NULL;
    Upload upload = {0};
    long long size = 0;
    if (!body_json(request, call, &body, reply) || !body_has_only(request, body, members, reply)) return;
    const char *name = json_kind(json_get(body, "name")) == JSON_TEXT ? json_get_text(body, "name") : NULL;
    if (text_is_empty(name) || !get_count(body, "size", &size)) {
        reply_fail(request, reply, 400, "WRONG_TYPE", "An upload is begun with its name, a text, and its size in bytes");
        return;
    }
    if (!uploads_begin(request->arena, call->web->uploads, name, size, &upload, &call->err)) {
        reply_err(request, reply, &call->err);
        return;
    }
    http_set(reply, "Location", arena_printf(request->arena, "/api/v1/uploads/%s", upload.id));
    reply_upload(request, reply, 201, &upload);
}

void answer_upload(HttpRequest *request, WebCall *call, HttpReply *reply) {
    Upload upload = {0};
    if (uploads_find(request->arena, call->web->uploads, call->part, &upload, &call->err))
        reply_upload(request, reply, 200, &upload);
    else
        reply_err(request, reply, &call->err);
}

/* The query's offset; false when the reply is decided. */
static bool get_offset(HttpRequest *request, long long *out, HttpReply *reply) {
    enum { DIGITS = 15 };
    const char *text = http_query(request, "offset");
    const size_t digits = text ? strspn(text, "0123456789") : 0;
    if (digits == 0 || digits > DIGITS || text[digits])
        return reply_fail(request, reply, 400, "NO_OFFSET", "Say at which byte the body goes on: ?offset=0");
    *out = strtoll(text, NULL, 10);
    return true;
}

/* A conflict says where the upload stands, so that the client can go on. */
static bool reply_conflict(HttpRequest *request, WebCall *call, HttpReply *reply) {
    Upload upload = {0};
    Err ignored = {0};
    if (text_equal(call->err.code, "WRONG_OFFSET") &&
        uploads_find(request->arena, call->web->uploads, call->part, &upload, &ignored))
        http_set(reply, "Upload-Offset", arena_printf(request->arena, "%lld", upload.offset));
    return reply_err(request, reply, &call->err);
}

bool begin_upload_bytes(HttpRequest *request, WebCall *call, HttpReply *reply) {
    long long offset = 0;
    Upload upload = {0};
    Uploads *uploads = call->web->uploads;
    if (!get_offset(request, &offset, reply)) return false;
    if (!uploads_find(request->arena, uploads, call->part, &upload, &call->err)) return reply_err(request, reply, &call->err);
    if (request->body_bytes > (unsigned long long)(upload.size - upload.offset) && offset == upload.offset)
        return reply_fail(request, reply, 413, "TOO_LONG", "More bytes come than the %lld that the upload was begun with",
                          upload.size);
    return upload_open(request->arena, uploads, call->part, offset, &call->writer, &call->err) ||
           reply_conflict(request, call, reply);
}

void answer_upload_bytes(HttpRequest *request, WebCall *call, HttpReply *reply) {
    Upload upload = {0};
    upload_close(call->writer, &upload);
    call->writer = NULL;
    reply_upload(request, reply, 200, &upload);
}

void answer_upload_drop(HttpRequest *request, WebCall *call, HttpReply *reply) {
    Upload upload = {0};
    if (uploads_drop(request->arena, call->web->uploads, call->part, &upload, &call->err))
        reply_json(request, reply, 200, upload_json(request->arena, &upload));
    else
        reply_err(request, reply, &call->err);
}

/* --- imports --- */

void answer_imports(HttpRequest *request, WebCall *call, HttpReply *reply) {
    Json *root = json_make_object(request->arena);
    json_put(root, "imports", imports_list(request->arena, call->web->imports));
    reply_json(request, reply, 200, root);
}

static bool read_ids(HttpRequest *request, const Json *body, ImportRequest *out, HttpReply *reply) {
    const Json *ids = json_get(body, "uploads");
    const size_t count = json_count(ids);
    bool good = json_kind(ids) == JSON_ARRAY && count > 0 && count <= UPLOADS;
    out->uploads = arena_array(request->arena, count + 1, sizeof *out->uploads);
    for (size_t i = 0; i < count && good; i++) {
        const Json *id = json_at(ids, i);
        good = json_kind(id) == JSON_TEXT && access_is_id(json_text(id));
        if (good) out->uploads[out->count++] = json_text(id);
    }
    return good || reply_fail(request, reply, 400, "WRONG_TYPE", "uploads has to be a list of ids of complete uploads");
}

static bool read_sample(HttpRequest *request, const Json *body, ImportRequest *out, HttpReply *reply) {
    static const char *const members[] = {"rows", "seed", NULL};
    enum { ROWS_USUAL = 20000, ROWS_LEAST = 1000, ROWS_MOST = 1000000 };
    const Json *sample = json_get(body, "sample");
    long long rows = ROWS_USUAL, seed = 1;
    if (json_kind(sample) != JSON_OBJECT)
        return reply_fail(request, reply, 400, "WRONG_TYPE", "sample has to be an object, like {\"rows\": 20000}");
    if (!body_has_only(request, sample, members, reply)) return false;
    bool good = (!json_has(sample, "rows") || get_count(sample, "rows", &rows)) &&
                (!json_has(sample, "seed") || get_count(sample, "seed", &seed)) && rows >= ROWS_LEAST && rows <= ROWS_MOST;
    if (!good)
        return reply_fail(request, reply, 400, "WRONG_TYPE", "A sample has rows from %d to %d, and a seed of at least 0",
                          ROWS_LEAST, ROWS_MOST);
    out->sample_rows = arena_printf(request->arena, "%lld", rows);
    out->sample_seed = arena_printf(request->arena, "%lld", seed % 1000000000LL);
    return true;
}

void answer_import_begin(HttpRequest *request, WebCall *call, HttpReply *reply) {
    static const char *const members[] = {"uploads", "replace", "sample", NULL};
    Json *body = NULL;
    ImportRequest wanted = {0};
    if (!body_json(request, call, &body, reply) || !body_has_only(request, body, members, reply)) return;
    const Json *replace = json_get(body, "replace");
    if (json_has(body, "replace") && json_kind(replace) != JSON_BOOL) {
        reply_fail(request, reply, 400, "WRONG_TYPE", "replace has to be true or false");
        return;
    }
    wanted.replace = json_is_true(replace);
    if (json_has(body, "uploads") == json_has(body, "sample")) {
        reply_fail(request, reply, 400, "WRONG_TYPE", "An import takes either uploads or a sample");
        return;
    }
    if (!(json_has(body, "uploads") ? read_ids : read_sample)(request, body, &wanted, reply)) return;
    Json *import = NULL;
    if (!imports_begin(request->arena, call->web->imports, &wanted, &import, &call->err)) {
        reply_err(request, reply, &call->err);
        return;
    }
    http_set(reply, "Location", arena_printf(request->arena, "/api/v1/imports/%s", json_get_text(import, "id")));
    reply_json(request, reply, 202, import);
}

void answer_import(HttpRequest *request, WebCall *call, HttpReply *reply) {
    Json *import = NULL;
    if (imports_find(request->arena, call->web->imports, call->part, &import, &call->err))
        reply_json(request, reply, 200, import);
    else
        reply_err(request, reply, &call->err);
}

void answer_import_stop(HttpRequest *request, WebCall *call, HttpReply *reply) {
    Json *import = NULL;
    if (imports_stop(request->arena, call->web->imports, call->part, &import, &call->err))
        reply_json(request, reply, 200, import);
    else
        reply_err(request, reply, &call->err);
}

/* --- progress as events --- */

typedef struct {
    const HttpRequest *request;
    Web *web;
    const char *id;
    unsigned long long version, events;
    bool ended;
    size_t size, sent; /* of `text` */
    Arena *arena;      /* of `text`, replaced with it */
    const char *text;
} Progress;

static void close_progress(void *handle) {
    Progress *progress = handle;
    arena_free(progress->arena);
}

static void next_event(Progress *progress) {
    Json *import = NULL;
    Err err = {0};
    unsigned long long before = progress->version;
    arena_free(progress->arena);
    progress->arena = arena_make();
    progress->sent = 0;
    bool found =
        imports_wait(progress->arena, progress->web->imports, progress->id, &progress->version, IMPORT_EVENT_MS, &import, &err);
    const char *status = found ? json_get_text(import, "status") : "gone";
    progress->ended = !text_equal(status, "running") || atomic_load(&progress->web->stopping);
    const char *event = text_equal(status, "running") ? "progress" : text_equal(status, "done") ? "done" : "error";
    if (progress->version == before && !progress->ended)
        progress->text = ": still working\n\n";
    else
        progress->text = arena_printf(progress->arena, "event: %s\nid: %llu\ndata: %s\n\n", event, ++progress->events,
                                      json_write(progress->arena, found ? import : error_json(progress->arena, &err), false));
    progress->size = strlen(progress->text);
}

static size_t read_progress(void *source, char *buffer, size_t room) {
    Progress *progress = source;
    if (progress->sent == progress->size) {
        if (progress->ended || http_is_gone(progress->request)) return 0;
        next_event(progress);
    }
    size_t size = progress->size - progress->sent;
    if (size > room) size = room;
    memcpy(buffer, progress->text + progress->sent, size);
    progress->sent += size;
    return size;
}

void answer_import_events(HttpRequest *request, WebCall *call, HttpReply *reply) {
    Json *import = NULL;
    if (!imports_find(request->arena, call->web->imports, call->part, &import, &call->err)) {
        reply_err(request, reply, &call->err);
        return;
    }
    Progress *progress = arena_alloc(request->arena, sizeof *progress);
    *progress = (Progress){.request = request, .web = call->web, .id = call->part, .arena = arena_make()};
    arena_on_free(request->arena, close_progress, progress);
    reply->status = 200;
    reply->type = "text/event-stream";
    http_set(reply, "X-Accel-Buffering", "no");
    reply->stream = (HttpStream){.read = read_progress, .source = progress};
}
