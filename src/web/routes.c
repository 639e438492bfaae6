#include <string.h>

#include "web/web.h"

/* What can be asked for besides the client's files; docs/openapi.json describes each, a test compares the two. */
static const Route routes[] = {{.method = "GET", .path = "/api/v1/health", .open = true, .answer = answer_health},
                               {.method = "GET", .path = "/api/v1/server", .answer = answer_server},
                               {.method = "GET", .path = "/api/v1/operations", .answer = answer_operations},
                               {.method = "GET", .path = "/api/v1/openapi.json", .answer = answer_openapi},
                               {.method = "POST", .path = "/api/v1/ask", .takes_json = true, .answer = answer_operation},
                               {.method = "POST", .path = "/api/v1/op/{name}", .takes_json = true, .answer = answer_operation},
                               {.method = "GET", .path = "/api/v1/uploads", .answer = answer_uploads},
                               {.method = "POST", .path = "/api/v1/uploads", .takes_json = true, .answer = answer_upload_begin},
                               {.method = "GET", .path = "/api/v1/uploads/{id}", .answer = answer_upload},
                               {.method = "HEAD", .path = "/api/v1/uploads/{id}", .answer = answer_upload},
                               {.method = "PUT",
                                .path = "/api/v1/uploads/{id}",
                                .takes_bytes = true,
                                .begin = begin_upload_bytes,
                                .answer = answer_upload_bytes},
                               {.method = "DELETE", .path = "/api/v1/uploads/{id}", .answer = answer_upload_drop},
                               {.method = "GET", .path = "/api/v1/imports", .answer = answer_imports},
                               {.method = "POST", .path = "/api/v1/imports", .takes_json = true, .answer = answer_import_begin},
                               {.method = "GET", .path = "/api/v1/imports/{id}", .answer = answer_import},
                               {.method = "DELETE", .path = "/api/v1/imports/{id}", .answer = answer_import_stop},
                               {.method = "GET", .path = "/api/v1/imports/{id}/events", .answer = answer_import_events},
                               {.method = "GET", .path = "/api/v1/datasets/{name}/export", .answer = answer_export},
                               {0}};

/* Whether `path` is one of the pattern's; what stands for its {part} goes to `part`. */
static bool matches(Arena *arena, const char *pattern, const char *path, const char **part) {
    const char *open = strchr(pattern, '{');
    *part = NULL;
    if (!open) return text_equal(pattern, path);
    const size_t head = (size_t)(open - pattern);
    const char *tail = strchr(open, '}') + 1;
    if (strncmp(pattern, path, head) != 0) return false;
    const size_t size = strcspn(path + head, "/");
    if (!size || !text_equal(path + head + size, tail)) return false;
    *part = arena_text_n(arena, path + head, size);
    return true;
}

const Route *route_find(Arena *arena, const char *method, const char *path, const char **part, const char **allowed) {
    Buffer methods = {.arena = arena};
    for (const Route *route = routes; route->method; route++) {
        if (!matches(arena, route->path, path, part)) continue;
        if (text_equal(route->method, method)) return route;
        buffer_printf(&methods, "%s%s", methods.size ? ", " : "", route->method);
    }
    *allowed = buffer_text(&methods);
    return NULL;
}
