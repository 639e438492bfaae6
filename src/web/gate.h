/* web/gate.h: the server's handler of requests, and how it reads their parts (inside the room only). */
#ifndef CURLEW_WEB_GATE_H
#define CURLEW_WEB_GATE_H

#include "web/http.h"

/* Of an HttpHandler whose context is a Web. */
bool gate_begin(void *web, HttpRequest *request, HttpReply *reply);
bool gate_body(void *web, HttpRequest *request, const char *data, size_t size, HttpReply *reply);
void gate_end(void *web, HttpRequest *request, HttpReply *reply);
void gate_done(void *web, HttpRequest *request);

/* A path of this server as it may stand in a Location header: encoded, and never the address of another server ("//host"). */
const char *gate_safe_path(Arena *arena, const char *path);
/* "application/json" of "application/json; charset=utf-8". */
const char *gate_media_type(Arena *arena, const char *content_type);
/* Whether an Accept header asks for `type` before all others; that of browsers and of silence is "any". */
bool gate_accepts(Arena *arena, const char *accept, const char *type);

#endif
