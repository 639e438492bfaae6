/* web/web.h: the server's parts and what its files tell each other (inside the room only).
 *
 * A request passes access (web.c), finds its route (routes.c), and is answered by one of: operations of the program (call.c), uploads and
 * imports (files.c), a data set to download (export.c), the client's files (assets.c). */
#ifndef CURLEW_WEB_WEB_H
#define CURLEW_WEB_WEB_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/text.h"
#include "ops.h"
#include "web/http.h"
#include "web/imports.h"
#include "web/jobs.h"
#include "web/uploads.h"

typedef struct {
    const char *workspace; /* its folder */
    const char *address, *token, *cookie;
    const char *const *hosts; /* names that the Host header may have besides the address */
    size_t host_count;
    bool secure; /* https */
    SessionPool *pool;
    LearnLog *log; /* NULL = questions are not noted */
    Jobs *jobs;
    Jobs *exporters; /* of whole data sets, which take long: apart from questions */
    Uploads *uploads;
    Imports *imports;
    atomic_bool stopping;
} Web;

typedef struct Route Route;

/* One request on its way. */
typedef struct {
    Web *web;
    const Route *route;
    const char *part; /* what stands for {id} or {name} in the route's path; NULL */
    Buffer body;
    UploadWriter *writer;
    Job *job;
    void *source; /* of a stream */
    Err err;
} WebCall;

/* How a route is answered. */
struct Route {
    const char *method, *path; /* "/api/v1/uploads/{id}" */
    bool open;                 /* needs no token */
    bool takes_json;           /* its body is JSON, at most SERVER_BODY_BYTES */
    bool takes_bytes;          /* its body is written as it comes */
    /* The head has arrived; false when the reply is decided. NULL = nothing to do yet. */
    bool (*begin)(HttpRequest *request, WebCall *call, HttpReply *reply);
    void (*answer)(HttpRequest *request, WebCall *call, HttpReply *reply);
};

/* The route of a request, or NULL with `allowed` = the methods that its path has, "" when it has none. */
const Route *route_find(Arena *arena, const char *method, const char *path, const char **part, const char **allowed);

/* --- replies --- */

void reply_json(const HttpRequest *request, HttpReply *reply, unsigned status, const Json *json);
/* {"status":"error","reason":{…}} with the HTTP status that the error's kind has; false, so that `return reply_err(…)` reads well. */
bool reply_err(const HttpRequest *request, HttpReply *reply, const Err *err);
bool reply_fail(const HttpRequest *request, HttpReply *reply, unsigned status, const char *code, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* The JSON of an error. */
Json *error_json(Arena *arena, const Err *err);
/* The body as a JSON object; an empty one when there is none. False when the reply is decided. */
bool body_json(HttpRequest *request, WebCall *call, Json **out, HttpReply *reply);
/* The members of `object` are all in `names` (ended by NULL); false when the reply is decided. */
bool body_has_only(HttpRequest *request, const Json *object, const char *const *names, HttpReply *reply);

/* --- handlers of routes --- */

typedef void RouteAnswer(HttpRequest *request, WebCall *call, HttpReply *reply);
typedef bool RouteBegin(HttpRequest *request, WebCall *call, HttpReply *reply);

RouteAnswer answer_operation, answer_operations, answer_server, answer_health, answer_openapi;           /* call.c */
RouteAnswer answer_uploads, answer_upload_begin, answer_upload, answer_upload_bytes, answer_upload_drop; /* files.c */
RouteBegin begin_upload_bytes;
RouteAnswer answer_imports, answer_import_begin, answer_import, answer_import_events, answer_import_stop;
RouteAnswer answer_export; /* export.c */

/* Opens sessions beforehand, so that the first question after a start or an import is as quick as the others. */
void web_warm(void *web);

#endif
