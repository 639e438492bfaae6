/* Reading headers and paths: pure functions of texts. */
#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "web/gate.h"

const char *gate_safe_path(Arena *arena, const char *path) {
    Buffer out = {.arena = arena};
    while (*path == '/' || *path == '\\') path++;
    buffer_add_char(&out, '/');
    for (const char *c = path; *c; c++) {
        if (isalnum((unsigned char)*c) || strchr("/-_.~", *c))
            buffer_add_char(&out, *c);
        else
            buffer_printf(&out, "%%%02X", (unsigned)(unsigned char)*c);
    }
    return buffer_text(&out);
}

const char *gate_media_type(Arena *arena, const char *content_type) {
    return text_trim(arena, arena_text_n(arena, content_type, strcspn(content_type, ";")));
}

bool gate_accepts(Arena *arena, const char *accept, const char *type) {
    if (!accept) return false;
    const char *first = arena_text_n(arena, accept, strcspn(accept, ","));
    return text_equal_fold(gate_media_type(arena, first), type);
}
