/* What strangers write into headers, paths and file names: whatever it is, it is harmless afterwards. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"
#include "web/access.h"
#include "web/gate.h"
#include "web/uploads.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_name(Arena *arena, const char *text) {
    const char *name = upload_safe_name(arena, text);
    assert(*name && strlen(name) <= UPLOAD_NAME_BYTES && text_is_utf8(name, strlen(name)));
    assert(*name != '.' && !strpbrk(name, "/\\*?[]\n\r") && !text_equal(name, "upload.json"));
    /* A safe name stays as it is: what was written once is found again. */
    assert(text_equal(upload_safe_name(arena, name), name));
}

static void check_path(Arena *arena, const char *text) {
    const char *path = gate_safe_path(arena, text);
    assert(path[0] == '/' && path[1] != '/' && path[1] != '\\' && !strpbrk(path, "\r\n \\?#"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const names[] = {"curlew.example.com"};
    Arena *arena = arena_make();
    const char *text = arena_text_n(arena, (const char *)data, size);
    if (access_host(text, "127.0.0.1", names, 1)) assert(!strpbrk(text, "/@ \r\n"));
    if (access_origin(text, "localhost:8765", false)) assert(text_equal_fold(text, "http://localhost:8765"));
    access_bearer(text);
    access_from_elsewhere(text);
    assert(access_same(text, "a-token-of-this-test") == text_equal(text, "a-token-of-this-test"));
    gate_accepts(arena, text, "text/csv");
    check_path(arena, text);
    if (text_is_utf8(text, strlen(text))) check_name(arena, text);
    arena_free(arena);
    return 0;
}
