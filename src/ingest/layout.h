/* ingest/layout.h: what the folders in a file's path say: the export it belongs to, its billing period and version.
 *
 *   <root>/20260901-20261001/[<assembly>/]<file>               legacy CUR
 *   <root>/data/BILLING_PERIOD=2026-09/[<execution>/]<file>    Data Exports (also billing_period=, and without "data")
 *   <root>/metadata/BILLING_PERIOD=2026-09/…                   its manifests
 *   <root>/year=2026/month=9/<file>                            legacy CUR with Athena integration
 *   <root>/team=x/<file>, <root>/2026/07/31/<file>             loose files, divided: one table for all that
 *
 * Sources: AWS user guides, "Understanding your report versions" and "Understanding export delivery". */
#ifndef CURLEW_INGEST_LAYOUT_H
#define CURLEW_INGEST_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

typedef enum { LAYOUT_LOOSE, LAYOUT_LEGACY, LAYOUT_EXPORT, LAYOUT_PARTITIONED } LayoutKind;

typedef struct {
    LayoutKind kind;
    const char *root;    /* folder of the export; for loose files the folder they lie in, above folders that only divide it */
    const char *report;  /* the root's own name */
    const char *period;  /* "2026-09", NULL for loose files */
    const char *version; /* folders between period and file, "" when the file lies directly below its period */
    bool metadata;       /* below <root>/metadata */
} Layout;

/* `path` has "/" between its parts. The deepest period in it counts: a dated backup folder above an export is none. */
void layout_of(Arena *arena, const char *path, Layout *out);

#endif
