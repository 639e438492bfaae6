/* ingest/source.h: what the user's paths turn out to be, before a row is imported.
 *
 * Files are recognised by content, never by name. Paths may be files, globs, folders or the root of an export; where a
 * manifest is found it decides which files belong to a billing period, else the newest version of each period is chosen and
 * a note says so. */
#ifndef CURLEW_INGEST_SOURCE_H
#define CURLEW_INGEST_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "io/duck.h"

typedef enum {
    FORMAT_CUR_LEGACY, /* lineItem/UnblendedCost headers, or their Athena names without maps */
    FORMAT_CUR2,       /* Data Exports COST_AND_USAGE_REPORT: maps for tags and product */
    FORMAT_FOCUS,
    FORMAT_TABLE /* anything else with columns: a data set of its own */
} SourceFormat;

typedef enum { CONTAINER_CSV, CONTAINER_PARQUET } SourceContainer;

typedef struct {
    const char *name; /* as the file prints it, e.g. "lineItem/UnblendedCost" */
    /* The name by which mappings find it: AWS's own transformation of legacy names ("line_item_unblended_cost"), lower case
     * for CUR; FOCUS columns keep their canonical spelling; columns of tables are as in the file. Unique within the file. */
    const char *key;
    const char *type; /* engine type: "VARCHAR" for every CSV column, the real type for Parquet, e.g. "MAP(VARCHAR, VARCHAR)" */
} SourceColumn;

typedef struct {
    /* What the engine can read: the file itself; its unpacked copy in the spool folder (zip); or a link there, for a name that the engine would
     * take for a pattern. Folders in it may look like partitions ("BILLING_PERIOD=2026-09"): read with hive_partitioning=false. */
    const char *path;
    const char *shown_path; /* what the user knows it as: "export.zip: cur-00001.csv" */
    SourceContainer container;
    const char *compression; /* for CSV: "none", "gzip", "zstd" */
    char delimiter;
    bool has_header;
    bool skip_bom;
    unsigned long long size_bytes;
    long long modified_ns;
    size_t column_count;
    SourceColumn *columns;
} SourceFile;

/* Files that together are one version of one delivery: one billing period of an export, or loose files of one shape. Loose files are told
 * to be parts of one bill by their columns alone (copies are left out), so two dumps of one month may lie side by side in a delivery: only
 * their rows can show it. */
typedef struct {
    SourceFormat format;
    const char *format_version; /* FOCUS "1.0", "1.1", "1.2", "1.3"; "" otherwise */
    const char *report;         /* name of the export (manifest or folder), for FORMAT_TABLE the file's stem as an SQL name */
    const char *root;           /* folder of the export, or the file's path: says whether two deliveries are of one export */
    const char *period;         /* "2026-09" when manifest or folder says it (the rows may still differ), else NULL */
    const char *version;        /* assembly or execution id, "" when unknown */
    size_t file_count;
    SourceFile *files;
} Delivery;

typedef struct {
    size_t delivery_count;
    Delivery *deliveries; /* sorted by format, root, period */
    size_t note_count;
    const char **notes; /* sentences for the user: versions chosen, files missing or passed over and why */
    /* SHA-256 over the given paths and over paths, sizes, times and manifests of everything that was chosen. */
    const char *fingerprint;
} SourceSet;

/* Looks at `paths` and says what they are. Zip members are unpacked into `spool_folder` (made when needed). `session` is an
 * unlocked in-memory engine used to read Parquet footers. gzip and zstd files are read to their ends, because the engine takes a file that
 * was cut short for a whole one. A path that does not exist, an empty file, a header without rows, a file that is damaged or in a format that
 * cannot be read, and a header that names a column twice are ERR_INPUT with a sentence naming the file and what to do; ERR_LIMIT beyond
 * SOURCE_FILES or SOURCE_COLUMNS. What was only found below a folder or by a pattern is passed over with a note instead, unless nothing
 * is left. */
bool source_discover(Arena *arena, DuckSession *session, const char *const *paths, size_t path_count, const char *spool_folder,
                     SourceSet *out, Err *err);

/* Only the fingerprint, the same that source_discover() gives, without opening data files (stat and manifests only): the key of the import
 * cache. */
bool source_fingerprint(Arena *arena, const char *const *paths, size_t path_count, const char **out, Err *err);

const char *source_format_name(SourceFormat format); /* "legacy CUR", "CUR 2.0", "FOCUS", "table" */

/* AWS's transformation of a legacy column name ("lineItem/UnblendedCost" -> "line_item_unblended_cost"). Source: AWS CUR user guide, "Column names"
 * (Athena integration). */
char *source_athena_name(Arena *arena, const char *name);

#endif
