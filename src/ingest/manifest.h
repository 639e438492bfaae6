/* ingest/manifest.h: the manifests that clouds write beside their exports.
 *
 * Legacy CUR:   {"assemblyId","reportName","billingPeriod":{"start":"20260901T000000.000Z",…},"reportKeys":[…],…}
 * Data Exports: {"executionId","exportArn","dataFiles":["s3://bucket/…"],…}
 * Azure (FOCUS): {"exportConfig":{"exportName"},"runInfo":{"runId","startDate":"2026-09-01T00:00:00"},"blobs":[{"blobName":"…"}],…}
 * Sources: AWS user guides "Understanding your report versions", "Understanding export delivery"; Microsoft Cost Management, "Create and
 * manage exports"; real manifests. */
#ifndef CURLEW_INGEST_MANIFEST_H
#define CURLEW_INGEST_MANIFEST_H

#include <stddef.h>

#include "base/arena.h"
#include "base/json.h"

typedef enum {
    MANIFEST_NONE,    /* JSON of another kind */
    MANIFEST_DAMAGED, /* not JSON */
    MANIFEST_LEGACY,
    MANIFEST_EXPORT
} ManifestKind;

typedef struct {
    const char *report;  /* name of the report or export, "" when it does not say */
    const char *period;  /* "2026-09", NULL when it does not say */
    const char *version; /* assembly or execution id, "" when it does not say */
    size_t key_count;
    const char **keys; /* paths of the data files without scheme, bucket and leading slash */
} Manifest;

/* Reads the bytes of a JSON file. `out` is set for MANIFEST_LEGACY and MANIFEST_EXPORT only. */
ManifestKind manifest_parse(Arena *arena, const char *text, size_t size, Manifest *out);

#endif
