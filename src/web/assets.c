#include "web/assets.h"

#include <string.h>

#include "base/text.h"
#include "web/embedded.h"

static const char openapi_path[] = "/api/v1/openapi.json";

static const EmbeddedAsset *find(const char *path) {
    for (size_t i = 0; i < embedded_asset_count; i++)
        if (text_equal(embedded_assets[i].path, path)) return &embedded_assets[i];
    return NULL;
}

bool assets_present(void) {
    return find("/index.html") != NULL;
}

const char *assets_openapi(size_t *size) {
    const EmbeddedAsset *asset = find(openapi_path);
    *size = asset ? (size_t)(asset->end - asset->start) : 0;
    return asset ? asset->start : "";
}

/* Whether a header's list of words, separated by commas, has `word` (with parameters or without, but not with q=0). */
static bool lists(Arena *arena, const char *header, const char *word) {
    size_t count = 0;
    const char **parts = text_split(arena, header ? header : "", ',', &count);
    for (size_t i = 0; i < count; i++) {
        const char *part = text_trim(arena, parts[i]);
        size_t size = strcspn(part, "; ");
        if (size == strlen(word) && strncmp(part, word, size) == 0) return !strstr(part, "q=0") || strstr(part, "q=0.");
    }
    return false;
}

/* The name of a page has no ending; a file's has. */
static bool is_page(const char *path) {
    const char *name = strrchr(path, '/');
    return name && !strchr(name, '.');
}

bool assets_reply(const HttpRequest *request, const char *path, HttpReply *reply) {
    const EmbeddedAsset *asset = find(is_page(path) ? "/index.html" : path);
    if (!asset || text_equal(asset->path, openapi_path)) return false;
    const bool packed =
        asset->packed_end != asset->packed && lists(request->arena, http_header(request, "Accept-Encoding"), "gzip");
    /* The two forms differ in bytes, so they have names of their own. */
    const char *tag = arena_printf(request->arena, "\"%s%s\"", asset->hash, packed ? "-gz" : "");
    http_set(reply, "ETag", tag);
    http_set(reply, "Vary", "Accept-Encoding");
    http_set(reply, "Cache-Control", asset->hashed ? "private, max-age=31536000, immutable" : "no-cache");
    if (lists(request->arena, http_header(request, "If-None-Match"), tag)) {
        reply->status = 304;
        return true;
    }
    reply->status = 200;
    reply->type = asset->type;
    reply->body = packed ? asset->packed : asset->start;
    reply->size = packed ? (size_t)(asset->packed_end - asset->packed) : (size_t)(asset->end - asset->start);
    if (packed) http_set(reply, "Content-Encoding", "gzip");
    return true;
}
