/* ingest/manifest.c: takes the few members that matter out of a manifest; everything else in it is ignored. */
#include "ingest/manifest.h"

#include <stdbool.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"

/* "20260901T000000.000Z" or "2026-09-01T…" begin with year and month. */
static const char *period_of(Arena *arena, const char *start) {
    if (!start) return NULL;
    char digits[7] = {0};
    size_t count = 0;
    for (const char *c = start; *c && count < 6; c++) {
        if (*c == '-') continue;
        if (*c < '0' || *c > '9') return NULL;
        digits[count++] = *c;
    }
    int month = (digits[4] - '0') * 10 + (digits[5] - '0');
    if (count < 6 || month < 1 || month > 12) return NULL;
    return arena_printf(arena, "%.4s-%.2s", digits, digits + 4);
}

/* "arn:aws:bcm-data-exports:us-east-1:123456789012:export/daily-cur-2f4c…": the name without the UUID behind it. */
static const char *export_name(Arena *arena, const char *arn) {
    enum { UUID_BYTES = 36 };
    const char *slash = arn ? strrchr(arn, '/') : NULL;
    if (!slash) return "";
    const char *name = slash + 1;
    size_t size = strlen(name);
    if (size > UUID_BYTES + 1 && name[size - UUID_BYTES - 1] == '-' && name[size - UUID_BYTES + 8] == '-') {
        size -= UUID_BYTES + 1;
    }
    return arena_text_n(arena, name, size);
}

/* "s3://bucket/a/b.csv" and "/a/b.csv" name the same object key: "a/b.csv". */
static const char *object_key(const char *uri) {
    if (text_starts(uri, "s3://") || text_starts(uri, "s3a://")) {
        const char *bucket = strstr(uri, "://") + 3;
        const char *slash = strchr(bucket, '/');
        uri = slash ? slash : "";
    }
    while (*uri == '/') uri++;
    return uri;
}

/* `member` names the path in each element of the list; NULL when the elements are the paths. */
static void read_keys(Arena *arena, const Json *list, const char *member, Manifest *out) {
    size_t count = json_count(list);
    if (count > SOURCE_FILES) count = SOURCE_FILES;
    out->keys = arena_array(arena, count + 1, sizeof *out->keys);
    for (size_t i = 0; i < count; i++) {
        const Json *element = json_at(list, i);
        const char *key = member ? json_get_text(element, member) : json_text(element);
        if (!key) continue;
        key = object_key(key);
        if (*key) out->keys[out->key_count++] = arena_text(arena, key);
    }
}

static const char *text_or_empty(Arena *arena, const char *text) {
    return text ? arena_text(arena, text) : "";
}

static ManifestKind read_manifest(Arena *arena, const Json *root, Manifest *out) {
    if (json_kind(root) != JSON_OBJECT) return MANIFEST_NONE;
    const Json *legacy = json_get(root, "reportKeys");
    const Json *files = json_get(root, "dataFiles");
    const Json *blobs = json_get(root, "blobs");
    if (legacy && json_kind(legacy) == JSON_ARRAY) {
        out->report = text_or_empty(arena, json_get_text(root, "reportName"));
        out->version = text_or_empty(arena, json_get_text(root, "assemblyId"));
        out->period = period_of(arena, json_get_text(json_get(root, "billingPeriod"), "start"));
        read_keys(arena, legacy, NULL, out);
        return MANIFEST_LEGACY;
    }
    if (files && json_kind(files) == JSON_ARRAY) {
        out->report = export_name(arena, json_get_text(root, "exportArn"));
        out->version = text_or_empty(arena, json_get_text(root, "executionId"));
        out->period = period_of(arena, json_get_text(json_get(root, "billingPeriod"), "start"));
        read_keys(arena, files, NULL, out);
        return MANIFEST_EXPORT;
    }
    if (blobs && json_kind(blobs) == JSON_ARRAY) {
        const Json *run = json_get(root, "runInfo");
        out->report = text_or_empty(arena, json_get_text(json_get(root, "exportConfig"), "exportName"));
        out->version = text_or_empty(arena, json_get_text(run, "runId"));
        out->period = period_of(arena, json_get_text(run, "startDate"));
        read_keys(arena, blobs, "blobName", out);
        return MANIFEST_EXPORT;
    }
    return MANIFEST_NONE;
}

/* Whether the bytes hold the name of any list of files: most JSON does not, and need not be parsed to know it. */
static bool names_files(const char *text, size_t size) {
    return memmem(text, size, "\"reportKeys\"", 12) || memmem(text, size, "\"dataFiles\"", 11) ||
           memmem(text, size, "\"blobs\"", 7);
}

ManifestKind manifest_parse(Arena *arena, const char *text, size_t size, Manifest *out) {
    Err ignored = {0};
    Json *root = NULL;
    *out = (Manifest){.report = "", .version = ""};
    if (!names_files(text, size)) return MANIFEST_NONE;
    /* The tree is many times the size of what is kept of it. */
    Arena *scratch = arena_make();
    ManifestKind kind = json_parse(scratch, text, size, &root, &ignored) ? read_manifest(arena, root, out) : MANIFEST_DAMAGED;
    arena_free(scratch);
    return kind;
}
