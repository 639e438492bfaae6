/* web/embedded.h: what scripts/embed-assets.mjs makes of the built client and docs/openapi.json (inside the room only). */
#ifndef CURLEW_WEB_EMBEDDED_H
#define CURLEW_WEB_EMBEDDED_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    const char *path; /* "/index.html" */
    const char *type; /* "text/html; charset=utf-8" */
    const char *hash; /* of the bytes: the same file, the same hash */
    bool hashed;      /* the name holds a hash too: what it names never changes */
    const char *start, *end;
    const char *packed, *packed_end; /* gzip; equal when that is no shorter */
} EmbeddedAsset;

extern const EmbeddedAsset embedded_assets[];
extern const size_t embedded_asset_count;

#endif
