/* web/imports.h: imports that go on while clients come and leave (inside the room only).
 *
 * One at a time, in a thread of its own, through the same operations as on the command line. Progress and report are kept until the server
 * ends, so that a page that was closed finds them again. */
#ifndef CURLEW_WEB_IMPORTS_H
#define CURLEW_WEB_IMPORTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "web/uploads.h"

typedef struct Imports Imports;

typedef struct {
    size_t count; /* complete uploads that are imported together; they are dropped when that went well */
    const char **uploads;
    bool replace;
    const char *sample_rows, *sample_seed; /* count = 0: a sample bill of so many lines */
} ImportRequest;

/* Imports into the workspace in `workspace`; `changed` is called in the import's thread when it holds something new. */
Imports *imports_open(Arena *arena, const char *workspace, Uploads *uploads, void (*changed)(void *context), void *context);
/* Stops what runs and waits for its end. */
void imports_close(Imports *imports);

/* ERR_REFUSED, code IMPORT_RUNS, while another one does; ERR_NOT_FOUND, ERR_REFUSED for uploads that are unknown, not complete or in use. */
bool imports_begin(Arena *arena, Imports *imports, const ImportRequest *request, Json **out, Err *err);
/* The import as the API shows it; ERR_NOT_FOUND. */
bool imports_find(Arena *arena, Imports *imports, const char *id, Json **out, Err *err);
/* Asks it to stop. */
bool imports_stop(Arena *arena, Imports *imports, const char *id, Json **out, Err *err);
/* Newest first. */
Json *imports_list(Arena *arena, Imports *imports);
/* Waits until the import changes after `*version`, at most `wait_ms`, and gives it as it is then. */
bool imports_wait(Arena *arena, Imports *imports, const char *id, unsigned long long *version, int wait_ms, Json **out,
                  Err *err);

#endif
