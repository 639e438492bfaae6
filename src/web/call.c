/* Operations of the program over HTTP: a JSON object becomes a call, its result a reply or a stream of events. */
#include <string.h>

#include "io/file.h"
#include "web/assets.h"
#include "web/gate.h"
#include "web/web.h"

/* Files of this machine are not a client's to name, and what goes on line by line, stays open or writes has ways of its own. */
static bool is_offered(const Operation *operation) {
    return operation && !operation->writes && !operation->converses && !operation->serves;
}

static bool argument_is_offered(const OpArgument *argument) {
    return argument->type != ARGUMENT_PATH;
}

/* "as_of" for "as-of". */
static const char *member_name(Arena *arena, const char *name) {
    char *member = arena_text(arena, name);
    for (char *c = member; *c; c++)
        if (*c == '-') *c = '_';
    return member;
}

/* --- from JSON to a call --- */

typedef struct {
    Arena *arena;
    const Operation *operation;
    OpCall *call;
    size_t room;
    Err *err;
} Reading;

static const OpArgument *find_argument(const Reading *reading, const char *key) {
    for (const OpArgument *const *at = reading->operation->arguments; *at; at++)
        if (argument_is_offered(*at) && text_equal(member_name(reading->arena, (*at)->name), key)) return *at;
    return NULL;
}

static bool unknown_member(const Reading *reading, const char *key) {
    Buffer known = {.arena = reading->arena};
    for (const OpArgument *const *at = reading->operation->arguments; *at; at++)
        if (argument_is_offered(*at))
            buffer_printf(&known, "%s%s", known.size ? ", " : "", member_name(reading->arena, (*at)->name));
    return err_set_code(reading->err, ERR_USAGE, "UNKNOWN_MEMBER", "%s takes no “%.60s”; it takes: %s",
                        reading->operation->name, text_printable(reading->arena, key),
                        known.size ? buffer_text(&known) : "nothing");
}

static bool wrong_type(const Reading *reading, const OpArgument *argument) {
    static const char *const types[] = {[ARGUMENT_TEXT] = "a text",
                                        [ARGUMENT_PATH] = "a path",
                                        [ARGUMENT_DATE] = "a text like \"2026-09-30\"",
                                        [ARGUMENT_COUNT] = "a whole number above zero",
                                        [ARGUMENT_FLAG] = "true or false",
                                        [ARGUMENT_JSON] = "an object"};
    return err_set_code(reading->err, ERR_USAGE, "WRONG_TYPE", "%s has to be %s", member_name(reading->arena, argument->name),
                        types[argument->type]);
}

static void add(Reading *reading, const OpArgument *argument, const char *value) {
    OpCall *call = reading->call;
    if (call->count == reading->room) {
        const size_t room = reading->room * 2 + 16;
        call->names = arena_grow(reading->arena, call->names, call->count * sizeof *call->names, room * sizeof *call->names);
        call->values =
            arena_grow(reading->arena, call->values, call->count * sizeof *call->values, room * sizeof *call->values);
        reading->room = room;
    }
    call->names[call->count] = argument->name;
    call->values[call->count++] = value;
}

static bool read_value(Reading *reading, const OpArgument *argument, const Json *value) {
    const JsonKind kind = json_kind(value);
    switch (argument->type) {
    case ARGUMENT_FLAG:
        if (kind != JSON_BOOL) return wrong_type(reading, argument);
        if (json_is_true(value)) add(reading, argument, "");
        return true;
    case ARGUMENT_JSON:
        if (kind != JSON_OBJECT) return wrong_type(reading, argument);
        add(reading, argument, json_write(reading->arena, value, false));
        return true;
    case ARGUMENT_COUNT:
        if (kind != JSON_NUMBER) return wrong_type(reading, argument);
        add(reading, argument, json_text(value));
        return true;
    default:
        if (kind != JSON_TEXT) return wrong_type(reading, argument);
        add(reading, argument, arena_text(reading->arena, json_text(value)));
        return true;
    }
}

static bool read_member(void *context, const char *key, const Json *value) {
    Reading *reading = context;
    const OpArgument *argument = find_argument(reading, key);
    if (!argument) return unknown_member(reading, key);
    if (json_kind(value) == JSON_NULL) return true;
    if (!argument->repeated || json_kind(value) != JSON_ARRAY) return read_value(reading, argument, value);
    for (size_t i = 0; i < json_count(value); i++)
        if (!read_value(reading, argument, json_at(value, i))) return false;
    return true;
}

static bool takes_workspace(const Operation *operation) {
    for (const OpArgument *const *at = operation->arguments; *at; at++)
        if (text_equal((*at)->name, "workspace")) return true;
    return false;
}

static bool read_call(HttpRequest *request, const Web *web, const Operation *operation, const Json *body, OpCall *out,
                      Err *err) {
    Reading reading = {.arena = request->arena, .operation = operation, .call = out, .err = err};
    json_each(body, read_member, &reading);
    if (err->kind != ERR_NONE) return false;
    static const OpArgument workspace = {.name = "workspace"};
    if (takes_workspace(operation)) add(&reading, &workspace, web->workspace);
    return true;
}

/* --- running it, in a worker --- */

typedef struct {
    const HttpRequest *request;
    Web *web;
    const Operation *operation;
    OpCall call;
    OpForm form;
    bool streams;
    Job *job; /* of the worker, while it runs */
    unsigned long long events;
    bool ended; /* the last event was told */
    bool empty; /* there are no rows to give in the form asked for */
    Err err;
} CallJob;

static void tell(void *door, const char *event, const Json *part) {
    CallJob *work = door;
    Arena *arena = arena_make();
    const char *text =
        arena_printf(arena, "event: %s\nid: %llu\ndata: %s\n\n", event, ++work->events, json_write(arena, part, false));
    job_write(work->job, text, strlen(text));
    arena_free(arena);
}

static void tell_progress(void *door, const OpProgress *progress) {
    enum { PLACES = 3 };
    CallJob *work = door;
    Arena *arena = arena_make();
    Json *part = json_make_object(arena);
    json_put_text(part, "what", progress->what);
    json_put_double(part, "fraction", progress->fraction, PLACES);
    json_put_integer(part, "rows", (long long)progress->rows);
    tell(work, "progress", part);
    arena_free(arena);
}

static void tell_error(Arena *arena, CallJob *work) {
    const Json *whole = error_json(arena, &work->err);
    tell(work, "error", json_get(whole, "reason"));
}

static void write_result(Arena *arena, CallJob *work, const OpResult *result) {
    work->empty = work->form == FORM_CSV && op_outcome(result) == OUTCOME_DECLINED;
    const char *text = op_show(arena, result, work->empty ? FORM_JSON : work->form, 0, false);
    job_write(work->job, text, strlen(text));
}

static void run_call(Arena *arena, Job *job, void *context) {
    CallJob *work = context;
    const OpResult *result = NULL;
    OpContext ops = {.stop = job_stop(job), .door = work, .pool = work->web->pool, .log = work->web->log};
    work->job = job;
    if (work->streams) {
        ops.tell = tell;
        ops.progress = tell_progress;
        Json *start = json_make_object(arena);
        json_put_text(start, "operation", work->operation->name);
        tell(work, "start", start);
    }
    bool done = operation_run(arena, &ops, work->operation, &work->call, &result, &work->err);
    if (!done && work->streams) tell_error(arena, work);
    if (!work->streams && done) write_result(arena, work, result);
    if (!work->streams && !done) {
        const char *text = op_show_error(arena, work->operation, &work->call, &work->err);
        job_write(job, text, strlen(text));
    }
}

/* --- the reply --- */

static bool is_gone(const void *request) {
    return http_is_gone(request);
}

static size_t read_events(void *source, char *buffer, size_t room) {
    const CallJob *work = source;
    const WebCall *call = work->request->state;
    return job_read(call->job, buffer, room, ": still working\n\n", is_gone, work->request);
}

static void reply_stream(HttpReply *reply, CallJob *work) {
    reply->status = 200;
    reply->type = "text/event-stream";
    http_set(reply, "X-Accel-Buffering", "no");
    reply->stream = (HttpStream){.read = read_events, .source = work};
}

static void reply_whole(HttpRequest *request, WebCall *call, HttpReply *reply, CallJob *work) {
    static const char *const types[] = {[FORM_TEXT] = "text/plain; charset=utf-8",
                                        [FORM_JSON] = "application/json",
                                        [FORM_CSV] = "text/csv; charset=utf-8",
                                        [FORM_MARKDOWN] = "text/markdown; charset=utf-8"};
    job_wait(call->job, is_gone, request);
    reply->body = job_text(request->arena, call->job, &reply->size);
    reply->status = work->empty ? 422 : 200;
    reply->type = types[work->empty ? FORM_JSON : work->form];
    if (work->err.kind == ERR_NONE && reply->size) return;
    /* The status is that of the failure, the body what the operation says of it. */
    const char *body = reply->body;
    const size_t size = reply->size;
    if (work->err.kind == ERR_NONE) err_set_code(&work->err, ERR_CANCELLED, "STOPPED", "The question was stopped");
    reply_err(request, reply, &work->err);
    if (!size) return;
    reply->body = body;
    reply->size = size;
}

static bool choose_form(HttpRequest *request, const Operation *operation, CallJob *work, HttpReply *reply) {
    const char *accept = http_header(request, "Accept");
    work->form = FORM_JSON;
    work->streams = gate_accepts(request->arena, accept, "text/event-stream");
    if (gate_accepts(request->arena, accept, "text/csv")) work->form = FORM_CSV;
    if (gate_accepts(request->arena, accept, "text/markdown")) work->form = FORM_MARKDOWN;
    if (work->form != FORM_CSV || operation->tabular) return true;
    return reply_fail(request, reply, 406, "NO_ROWS", "%s gives no rows: it has application/json and text/markdown",
                      operation->name);
}

void answer_operation(HttpRequest *request, WebCall *call, HttpReply *reply) {
    Json *body = NULL;
    const Operation *operation = operation_find(call->part ? call->part : "ask");
    if (!is_offered(operation)) {
        reply_fail(request, reply, 404, "NO_SUCH_OPERATION", "There is no operation “%.60s”; GET /api/v1/operations lists them",
                   text_printable(request->arena, call->part));
        return;
    }
    CallJob *work = arena_alloc(request->arena, sizeof *work);
    *work = (CallJob){.request = request, .web = call->web, .operation = operation};
    if (!body_json(request, call, &body, reply) || !choose_form(request, operation, work, reply)) return;
    if (!read_call(request, call->web, operation, body, &work->call, &call->err)) {
        reply_err(request, reply, &call->err);
        return;
    }
    call->job = job_begin(call->web->jobs, run_call, work);
    if (!call->job) {
        http_set(reply, "Retry-After", "1");
        reply_fail(request, reply, 429, "TOO_MANY", "More than %d questions wait already; ask again in a moment",
                   SERVER_WAITING);
        return;
    }
    if (work->streams)
        reply_stream(reply, work);
    else
        reply_whole(request, call, reply, work);
}

/* --- what the server is and can do --- */

static void add_argument(Arena *arena, Json *array, const OpArgument *argument) {
    static const char *const types[] = {[ARGUMENT_TEXT] = "text",   [ARGUMENT_PATH] = "path", [ARGUMENT_DATE] = "date",
                                        [ARGUMENT_COUNT] = "count", [ARGUMENT_FLAG] = "flag", [ARGUMENT_JSON] = "json"};
    Json *object = json_add_object(array);
    json_put_text(object, "name", member_name(arena, argument->name));
    json_put_text(object, "type", types[argument->type]);
    json_put_bool(object, "required", argument->required && !argument->unless);
    json_put_bool(object, "repeated", argument->repeated);
    if (argument->choices) {
        size_t count = 0;
        const char **words = text_split(arena, argument->choices, '|', &count);
        Json *choices = json_put_array(object, "choices");
        for (size_t i = 0; i < count; i++) json_add_text(choices, words[i]);
    } else {
        json_put_null(object, "choices");
    }
    json_put_text(object, "help", argument->help);
}

void answer_operations(HttpRequest *request, WebCall *call, HttpReply *reply) {
    Json *root = json_make_object(request->arena), *list = json_put_array(root, "operations");
    (void)call;
    for (const Operation *operation = operations; operation->name; operation++) {
        if (!is_offered(operation)) continue;
        Json *object = json_add_object(list);
        json_put_text(object, "name", operation->name);
        json_put_text(object, "group", operation->group);
        json_put_text(object, "summary", operation->summary);
        json_put_text(object, "detail", operation->detail);
        json_put_bool(object, "tabular", operation->tabular);
        Json *arguments = json_put_array(object, "arguments");
        for (const OpArgument *const *at = operation->arguments; *at; at++)
            if (argument_is_offered(*at)) add_argument(request->arena, arguments, *at);
    }
    reply_json(request, reply, 200, root);
}

void answer_server(HttpRequest *request, WebCall *call, HttpReply *reply) {
    const Web *web = call->web;
    Json *root = json_make_object(request->arena);
    json_put_text(root, "version", program_version());
    json_put_text(root, "engine", engine_version());
    json_put_text(root, "workspace", web->workspace);
    json_put_bool(root, "loaded", file_info(file_join(request->arena, web->workspace, "manifest.json")).kind == FILE_REGULAR);
    Json *limits = json_put_object(root, "limits");
    json_put_integer(limits, "body_bytes", (long long)SERVER_BODY_BYTES);
    json_put_integer(limits, "upload_bytes", UPLOAD_BYTES);
    json_put_integer(limits, "questions_at_once", SERVER_WAITING);
    json_put_integer(limits, "question_bytes", QUESTION_BYTES);
    reply_json(request, reply, 200, root);
}

void answer_health(HttpRequest *request, WebCall *call, HttpReply *reply) {
    Json *root = json_make_object(request->arena);
    (void)call;
    json_put_text(root, "status", "ok");
    reply_json(request, reply, 200, root);
}

void answer_openapi(HttpRequest *request, WebCall *call, HttpReply *reply) {
    (void)request, (void)call;
    reply->status = 200;
    reply->type = "application/json";
    reply->body = assets_openapi(&reply->size);
}
