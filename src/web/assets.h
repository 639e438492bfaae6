/* web/assets.h: the files of the web client, embedded in the program when it is built (inside the room only). */
#ifndef CURLEW_WEB_ASSETS_H
#define CURLEW_WEB_ASSETS_H

#include <stdbool.h>
#include <stddef.h>

#include "web/http.h"

/* Answers a request for `path` ("/", "/app-1A2B3C4D.js"): the file, compressed where the client takes that, or that it has it already.
 * A path without a file's ending is a page of the client: index.html. False when there is no such file. */
bool assets_reply(const HttpRequest *request, const char *path, HttpReply *reply);

/* Whether this program was built with the client. */
bool assets_present(void);

/* The description of the API, docs/openapi.json. */
const char *assets_openapi(size_t *size);

#endif
