/* sample/format.h: the forms in which AWS delivers a bill, over the columns of lines.h. Private to the room. */
#ifndef CURLEW_SAMPLE_FORMAT_H
#define CURLEW_SAMPLE_FORMAT_H

#include <stdbool.h>

#include "base/err.h"
#include "base/sql.h"
#include "io/duck.h"
#include "sample/lines.h"
#include "sample/organisation.h"

/* What an export is written for. */
typedef struct {
    const LineTerms *terms;
    const Organisation *organisation;
    const char *folder; /* of the sample */
} FormatSetting;

/* One billing period of an export. */
typedef struct {
    size_t month;
    const char *name;  /* "2026-09" */
    const char *start; /* "2026-09-01" */
    bool open;         /* lines have no invoice yet */
} FormatPeriod;

typedef struct SampleFormat SampleFormat;
typedef const char *FormatFolder(Arena *arena, const FormatSetting *setting, const SampleFormat *format,
                                 const FormatPeriod *period);
typedef bool FormatManifest(Arena *arena, DuckSession *session, const FormatSetting *setting, const SampleFormat *format,
                            const FormatPeriod *period, size_t file_count, Err *err);

struct SampleFormat {
    const char *name; /* "cur2", as --format names it */
    const char *root; /* folder below the sample's */
    const char *copy; /* options of the engine's COPY */
    const char *file; /* name of a data file after the number */
    /* SELECT over `line` that gives the format's columns. */
    const char *(*select)(Arena *arena, const FormatSetting *setting, const FormatPeriod *period);
    const char *partition; /* "BILLING_PERIOD", or NULL where the layout is the format's own */
    /* Where the period's data files lie, and its manifest, written last. */
    FormatFolder *data_folder;
    FormatManifest *write_manifest;
};

extern const SampleFormat format_cur2, format_cur2_csv, format_legacy, format_focus;

/* A column of a format: its name, and SQL over the lines. */
typedef struct {
    const char *name, *sql;
} FormatColumn;

/* A column that only customers with private prices have: an amount of the lines after the discount, on lines of one type ("" = all). */
typedef struct {
    const char *name, *only, *amount;
} FormatNetColumn;

/* "SELECT <sql> AS <name>, …" of the columns. */
Sql *format_start_select(Arena *arena, const FormatColumn *columns, size_t count);
/* Adds net columns where the terms have them; `type` is what each is cast to. */
void format_add_net(Arena *arena, Sql *sql, const LineTerms *terms, const FormatNetColumn *columns, size_t count,
                    const char *type);

/* The format of a name, NULL for any other. */
const SampleFormat *format_named(const char *name);

/* The layout of Data Exports: <export>/data/BILLING_PERIOD=YYYY-MM/ and <export>/metadata/BILLING_PERIOD=YYYY-MM/<export>-Manifest.json. Source: AWS Data Exports
 * user guide. */
FormatFolder format_export_folder;
FormatManifest format_export_manifest;

/* "petrel-cur2": the name of an export in the format. */
const char *format_export_name(Arena *arena, const FormatSetting *setting, const SampleFormat *format);
/* "petrel-cur2-00001.snappy.parquet". */
const char *format_file_name(Arena *arena, const FormatSetting *setting, const SampleFormat *format, size_t number);
/* Ten digits of the month's invoice, "" where it is open. */
const char *format_invoice(Arena *arena, const FormatSetting *setting, const FormatPeriod *period);

/* Writes what `line` holds as data file `number` of the period. */
bool format_write_file(Arena *arena, DuckSession *session, const FormatSetting *setting, const SampleFormat *format,
                       const FormatPeriod *period, size_t number, Err *err);

#endif
