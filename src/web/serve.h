/* web/serve.h: the door of HTTP: an application in the browser, and an API for programs (docs/web.md, docs/openapi.json). */
#ifndef CURLEW_WEB_SERVE_H
#define CURLEW_WEB_SERVE_H

#include "base/arena.h"
#include "base/err.h"
#include "ops.h"

/* Serves until the context says stop; then lets what runs end, for SERVER_STOP_MS at most. Prints the link that leads in. */
bool web_serve(Arena *arena, const OpContext *context, const OpCall *call, Err *err);

#endif
