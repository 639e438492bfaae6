/* ingest/content.c: magic bytes, CSV headers and Parquet footers. */
#include "ingest/content.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/sql.h"
#include "base/text.h"
#include "ingest/csv_sniff.h"
#include "io/unpack.h"

/* Column lists that differ within one load; beyond it they are no longer shared, which only costs memory. */
#define SHARED_SHAPES 64

typedef struct {
    SourceColumn *columns;
    size_t count;
    SourceFormat format;
    const char *version;
} Shape;

struct ContentReader {
    Arena *arena;
    DuckSession *session;
    Recogniser *recogniser;
    Shape shapes[SHARED_SHAPES];
    size_t shape_count;
};

/* Kinds of files by their first bytes, with what to do about each. */
typedef struct {
    const char *bytes;
    size_t size;
    size_t offset;
    const char *advice; /* follows the file's name */
} Magic;

#define MAGIC(text, offset, advice)                                                                                            \
    { text, sizeof(text) - 1, offset, advice }
static const Magic MAGICS[] = {
    MAGIC("%PDF", 0, "is a PDF: export the bill as CSV or Parquet"),
    MAGIC("\xD0\xCF\x11\xE0", 0, "is an Excel workbook: save the sheet as CSV (UTF-8) and give that"),
    MAGIC("BZh", 0, "is compressed with bzip2: unpack it with \"bunzip2\" and give the result"),
    MAGIC("\xFD"
          "7zXZ",
          0, "is compressed with xz: unpack it with \"xz -d\" and give the result"),
    MAGIC("7z\xBC\xAF\x27\x1C", 0, "is a 7-Zip archive: unpack it and give the folder"),
    MAGIC("Rar!", 0, "is a RAR archive: unpack it and give the folder"),
    MAGIC("\x04\x22\x4D\x18", 0, "is compressed with lz4: unpack it with \"lz4 -d\" and give the result"),
    MAGIC("ustar", 257, "is a tar archive: unpack it with \"tar -xf\" and give the folder"),
    MAGIC("ORC", 0, "is an ORC file: write it as Parquet or CSV and give that"),
    MAGIC("Obj\x01", 0, "is an Avro file: write it as Parquet or CSV and give that"),
    MAGIC("SQLite format 3", 0, "is an SQLite database: export its table as CSV and give that"),
    MAGIC("DUCK", 8, "is a DuckDB database: export its table as Parquet and give that"),
    MAGIC("PARE", 0, "is an encrypted Parquet file: write it without encryption and give that"),
    MAGIC("\x89PNG", 0, "is a picture: export the bill as CSV or Parquet"),
    MAGIC("\xFF\xD8\xFF", 0, "is a picture: export the bill as CSV or Parquet"),
    MAGIC("\x7F"
          "ELF",
          0, "is a program, not a bill"),
};

static bool has_magic(const Magic *magic, const char *bytes, size_t size) {
    return size >= magic->offset + magic->size && memcmp(bytes + magic->offset, magic->bytes, magic->size) == 0;
}

static const char *foreign_kind(const char *bytes, size_t size) {
    for (size_t i = 0; i < sizeof MAGICS / sizeof *MAGICS; i++) {
        if (has_magic(&MAGICS[i], bytes, size)) return MAGICS[i].advice;
    }
    return NULL;
}

static bool is_archive(const char *bytes, size_t size) {
    return size >= 4 && (memcmp(bytes, "PK\x03\x04", 4) == 0 || memcmp(bytes, "PK\x05\x06", 4) == 0);
}

/* The first bytes as the disk has them; 512 of them reach the mark of a tar archive. */
static bool read_first(const FoundFile *file, char *bytes, size_t room, size_t *size, Err *err) {
    FILE *stream = fopen(file->path, "rbe");
    if (!stream) return err_set(err, ERR_IO, "%s cannot be read: %s", file->shown, strerror(errno));
    *size = fread(bytes, 1, room, stream);
    bool failed = ferror(stream) != 0;
    fclose(stream);
    if (failed) return err_set(err, ERR_IO, "%s cannot be read: the disk reports an error", file->shown);
    if (*size == 0) return err_set(err, ERR_INPUT, "%s is empty: download or export it again", file->shown);
    return true;
}

bool content_peek(const FoundFile *file, ContentKind *out, Err *err) {
    char bytes[512];
    size_t size = 0;
    if (!read_first(file, bytes, sizeof bytes, &size, err)) return false;
    *out = CONTENT_TEXT;
    if (size >= 4 && memcmp(bytes, "PAR1", 4) == 0) *out = CONTENT_PARQUET;
    if (is_archive(bytes, size)) *out = CONTENT_ARCHIVE;
    const char *advice = foreign_kind(bytes, size);
    return !advice || err_set(err, ERR_INPUT, "%s %s", file->shown, advice);
}

ContentReader *content_reader_make(Arena *arena, DuckSession *session) {
    ContentReader *reader = arena_alloc(arena, sizeof *reader);
    *reader = (ContentReader){.arena = arena, .session = session, .recogniser = recogniser_make(arena)};
    return reader;
}

static bool same_columns(const Shape *shape, const SourceColumn *columns, size_t count) {
    if (shape->count != count) return false;
    for (size_t i = 0; i < count; i++) {
        if (!text_equal(shape->columns[i].name, columns[i].name) || !text_equal(shape->columns[i].type, columns[i].type))
            return false;
    }
    return true;
}

static Shape copy_shape(Arena *arena, const Shape *shape) {
    Shape copy = *shape;
    copy.columns = arena_array(arena, shape->count + 1, sizeof *copy.columns);
    for (size_t i = 0; i < shape->count; i++) {
        copy.columns[i] = (SourceColumn){arena_text(arena, shape->columns[i].name), arena_text(arena, shape->columns[i].key),
                                         arena_text(arena, shape->columns[i].type)};
    }
    return copy;
}

/* Recognises columns that live in `scratch`, or takes over what is known of the same list. */
static void settle_columns(ContentReader *reader, Arena *scratch, SourceColumn *columns, size_t count, Content *out) {
    const Shape *shape = NULL;
    Shape fresh;
    for (size_t i = 0; i < reader->shape_count && !shape; i++) {
        if (same_columns(&reader->shapes[i], columns, count)) shape = &reader->shapes[i];
    }
    if (!shape) {
        fresh = (Shape){.columns = columns, .count = count};
        recognise_columns(scratch, reader->recogniser, columns, count, &fresh.format, &fresh.version);
        fresh = copy_shape(reader->arena, &fresh);
        shape = &fresh;
        if (reader->shape_count < SHARED_SHAPES) reader->shapes[reader->shape_count++] = fresh;
    }
    out->file.columns = shape->columns;
    out->file.column_count = shape->count;
    out->format = shape->format;
    out->version = shape->version;
}

static const char *packing_name(Packing packing) {
    switch (packing) {
    case PACKING_NONE: return "none";
    case PACKING_GZIP: return "gzip";
    case PACKING_ZSTD: return "zstd";
    }
    return "none";
}

/* What a gzip or zstd file holds must be text, too. */
static bool check_unpacked(const FoundFile *file, const char *bytes, size_t size, Err *err) {
    if (size >= 4 && memcmp(bytes, "PAR1", 4) == 0) {
        return err_set(err, ERR_INPUT, "%s is a Parquet file inside another compression: unpack it and give the result",
                       file->shown);
    }
    if (is_archive(bytes, size) || unpack_detect(bytes, size) != PACKING_NONE) {
        return err_set(err, ERR_INPUT, "%s is compressed twice: unpack it and give the result", file->shown);
    }
    const char *advice = foreign_kind(bytes, size);
    return !advice || err_set(err, ERR_INPUT, "%s %s", file->shown, advice);
}

bool content_rename_failure(const FoundFile *file, const Err *failure, Err *err) {
    Arena *scratch = arena_make();
    const char *printable = text_printable(scratch, file->path);
    const char *rest = text_starts(failure->message, printable) ? failure->message + strlen(printable) : failure->message;
    err_set(err, failure->kind, "%s%s", file->shown, rest);
    arena_free(scratch);
    return false;
}

static bool sniff_head(Arena *scratch, const FoundFile *file, Packing packing, size_t limit_bytes, CsvShape *shape, bool *whole,
                       Err *err) {
    char *bytes = NULL;
    size_t size = 0;
    Err failure = {0};
    if (!unpack_head(scratch, file->path, packing, limit_bytes, &bytes, &size, whole, &failure)) {
        return content_rename_failure(file, &failure, err);
    }
    return check_unpacked(file, bytes, size, err) && csv_sniff(scratch, bytes, size, *whole, file->shown, shape, err);
}

static bool read_text(ContentReader *reader, Arena *scratch, const FoundFile *file, Content *out, Err *err) {
    char first[8];
    size_t size = 0;
    bool whole = false;
    CsvShape shape;
    Err failure = {0};
    if (!read_first(file, first, sizeof first, &size, err)) return false;
    Packing packing = unpack_detect(first, size);
    if (!sniff_head(scratch, file, packing, SOURCE_FIRST_HEAD_BYTES, &shape, &whole, &failure)) {
        if (whole) return err_set(err, failure.kind, "%s", failure.message);
        if (!sniff_head(scratch, file, packing, SOURCE_HEAD_BYTES, &shape, &whole, err)) return false;
    }
    out->whole = whole;
    out->file.container = CONTAINER_CSV;
    out->file.compression = packing_name(packing);
    out->file.delimiter = shape.delimiter;
    out->file.has_header = true;
    out->file.skip_bom = shape.has_bom;
    SourceColumn *columns = arena_array(scratch, shape.column_count + 1, sizeof *columns);
    for (size_t i = 0; i < shape.column_count; i++) columns[i] = (SourceColumn){.name = shape.names[i], .type = "VARCHAR"};
    settle_columns(reader, scratch, columns, shape.column_count, out);
    return true;
}

/* A Parquet file that is cut short lacks the mark at its end. */
static bool check_parquet_end(const FoundFile *file, Err *err) {
    char end[4] = {0};
    FILE *stream = fopen(file->path, "rbe");
    if (!stream) return err_set(err, ERR_IO, "%s cannot be read: %s", file->shown, strerror(errno));
    bool complete = fseek(stream, -4, SEEK_END) == 0 && fread(end, 1, 4, stream) == 4 && memcmp(end, "PAR1", 4) == 0;
    fclose(stream);
    return complete || err_set(err, ERR_INPUT, "%s is cut short: download or export it again", file->shown);
}

static bool damaged_parquet(const FoundFile *file, const Err *failure, Err *err) {
    if (failure->kind == ERR_CANCELLED || failure->kind == ERR_TIMEOUT)
        return err_set(err, failure->kind, "%s", failure->message);
    return err_set(err, ERR_INPUT, "%s is a damaged Parquet file: download or export it again", file->shown);
}

static bool read_parquet(ContentReader *reader, Arena *scratch, const FoundFile *file, Content *out, Err *err) {
    Table *table = NULL;
    const char *rows = NULL;
    Err failure = {0};
    if (!check_parquet_end(file, err)) return false;
    const char *describe =
        sql_format(scratch, "DESCRIBE SELECT * FROM read_parquet(%S, hive_partitioning = false)", file->path);
    const char *count = sql_format(scratch, "SELECT num_rows FROM parquet_file_metadata(%S)", file->path);
    if (!duck_rows(scratch, reader->session, describe, &table, &failure)) return damaged_parquet(file, &failure, err);
    if (!duck_value(scratch, reader->session, count, &rows, &failure)) return damaged_parquet(file, &failure, err);
    if (!rows || text_equal(rows, "0")) {
        return err_set(err, ERR_INPUT, "%s has columns but no rows: there is nothing in it to answer questions from",
                       file->shown);
    }
    if (table->row_count > SOURCE_COLUMNS) {
        return err_set(err, ERR_LIMIT, "%s has more than %d columns: give an export with fewer", file->shown, SOURCE_COLUMNS);
    }
    SourceColumn *columns = arena_array(scratch, table->row_count + 1, sizeof *columns);
    for (size_t i = 0; i < table->row_count; i++) {
        columns[i] = (SourceColumn){.name = table_cell(table, i, 0), .type = table_cell(table, i, 1)};
    }
    out->file.container = CONTAINER_PARQUET;
    out->file.compression = "none";
    out->file.has_header = true;
    settle_columns(reader, scratch, columns, table->row_count, out);
    return true;
}

bool content_read(ContentReader *reader, const FoundFile *file, ContentKind kind, Content *out, Err *err) {
    *out = (Content){
        .file = {
            .path = file->path, .shown_path = file->shown, .size_bytes = file->size_bytes, .modified_ns = file->modified_ns}};
    Arena *scratch = arena_make();
    bool done =
        kind == CONTENT_PARQUET ? read_parquet(reader, scratch, file, out, err) : read_text(reader, scratch, file, out, err);
    arena_free(scratch);
    return done;
}
