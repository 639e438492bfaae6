#include "ingest/reader.h"

#include <string.h>

#include "base/limits.h"
#include "base/sql.h"
#include "base/text.h"

static ReaderColumn *find_column(const Reader *reader, const char *key) {
    for (size_t i = 0; i < reader->column_count; i++)
        if (text_equal(reader->columns[i].key, key)) return &reader->columns[i];
    return NULL;
}

const ReaderColumn *reader_column(const Reader *reader, const char *key) {
    return find_column(reader, key);
}

void reader_make(Arena *arena, const Delivery *delivery, Reader *out) {
    *out = (Reader){.arena = arena, .delivery = delivery};
    size_t room = 0;
    for (size_t i = 0; i < delivery->file_count; i++) room += delivery->files[i].column_count;
    /* Files of one shape are the rule: the second file adds nothing and costs one comparison per column. */
    out->columns = arena_array(arena, room ? room : 1, sizeof *out->columns);
    for (size_t i = 0; i < delivery->file_count; i++) {
        const SourceFile *file = &delivery->files[i];
        if (i > 0 && file->columns == delivery->files[i - 1].columns) continue;
        for (size_t j = 0; j < file->column_count; j++) {
            const SourceColumn *column = &file->columns[j];
            bool same_place = j < out->column_count && text_equal(out->columns[j].key, column->key);
            ReaderColumn *known = same_place ? &out->columns[j] : find_column(out, column->key);
            if (!known)
                out->columns[out->column_count++] =
                    (ReaderColumn){.key = column->key, .name = column->name, .type = column->type};
            else if (!text_equal(known->type, column->type))
                known->type = "VARCHAR";
        }
    }
}

/* Two files that one call of read_csv or read_parquet can read. */
static bool same_shape(const SourceFile *a, const SourceFile *b) {
    if (a->container != b->container || a->column_count != b->column_count) return false;
    if (a->container == CONTAINER_CSV &&
        (a->delimiter != b->delimiter || a->has_header != b->has_header || !text_equal(a->compression, b->compression)))
        return false;
    if (a->columns == b->columns) return true;
    for (size_t i = 0; i < a->column_count; i++)
        if (!text_equal(a->columns[i].key, b->columns[i].key) || !text_equal(a->columns[i].name, b->columns[i].name) ||
            !text_equal(a->columns[i].type, b->columns[i].type))
            return false;
    return true;
}

typedef struct {
    const char *rejected_rows, *rejected_files; /* tables, or NULL */
    const char *typed_key;
    const char *typed_as;
    bool head_only; /* small blocks: a whole one of a packed file takes a quarter of a second */
} CsvOptions;

static CsvOptions csv_options(Arena *arena, const char *rejects) {
    if (!rejects) return (CsvOptions){0};
    return (CsvOptions){.rejected_rows = arena_printf(arena, "%s_rows", rejects),
                        .rejected_files = arena_printf(arena, "%s_files", rejects)};
}

/* The engine's name of a CSV column: keys may repeat between source files but are unique in one. */
static void add_csv(Sql *sql, const SourceFile *file, const char *paths, const CsvOptions *options) {
    const char delimiter[2] = {file->delimiter, 0};
    sql_add(sql, "read_csv([%R], auto_detect=false, strict_mode=true, header=%R, delim=%S, quote='\"', escape='\"', ", paths,
            file->has_header ? "true" : "false", delimiter);
    /* A bare NULL or \N is a null of a database dump; the quoted word is a text of its own. */
    sql_add(sql, "nullstr=['','NULL','null','\\N'], allow_quoted_nulls=%R, compression=%S, max_line_size=%d, ",
            options->typed_key ? "true" : "false", file->compression,
            options->head_only ? (long long)CSV_HEAD_LINE_BYTES : (long long)CSV_LINE_BYTES);
    if (options->head_only) sql_add(sql, "buffer_size=%d, ", (long long)CSV_HEAD_BLOCK_BYTES);
    if (options->rejected_rows)
        sql_add(sql, "store_rejects=true, rejects_limit=%d, rejects_table=%S, rejects_scan=%S, ", (long long)REJECTED_ROWS,
                options->rejected_rows, options->rejected_files);
    else
        sql_add(sql, "ignore_errors=true, ");
    sql_add(sql, "columns={");
    sql_list_start(sql);
    for (size_t i = 0; i < file->column_count; i++) {
        bool typed = options->typed_key && text_equal(options->typed_key, file->columns[i].key);
        sql_list_next(sql, ",");
        sql_add(sql, "%S:%S", file->columns[i].key, typed ? options->typed_as : "VARCHAR");
    }
    sql_add(sql, "})");
}

static void add_column_list(Sql *sql, const Reader *reader, const SourceFile *file) {
    sql_list_start(sql);
    for (size_t i = 0; i < file->column_count; i++) {
        const SourceColumn *column = &file->columns[i];
        const char *name = file->container == CONTAINER_PARQUET ? column->name : column->key;
        bool cast = !text_equal(find_column(reader, column->key)->type, column->type);
        sql_list_next(sql, ", ");
        sql_add(sql, cast ? "CAST(%I AS VARCHAR) AS %I" : "%I AS %I", name, column->key);
    }
}

static const char *path_list(Arena *arena, const Delivery *delivery, size_t first, const bool *done) {
    Sql *sql = sql_make(arena);
    sql_list_start(sql);
    for (size_t i = first; i < delivery->file_count; i++) {
        if (done[i] || !same_shape(&delivery->files[first], &delivery->files[i])) continue;
        sql_list_next(sql, ", ");
        sql_add(sql, "%S", delivery->files[i].path);
    }
    return sql_text(sql);
}

/* The files like files[first], read by one call. */
static void add_shape(Sql *sql, const Reader *reader, size_t first, const char *paths, const CsvOptions *options) {
    const SourceFile *file = &reader->delivery->files[first];
    sql_add(sql, "SELECT ");
    add_column_list(sql, reader, file);
    sql_add(sql, " FROM ");
    if (file->container == CONTAINER_PARQUET)
        sql_add(sql, "read_parquet([%R], union_by_name=true, hive_partitioning=false)", paths);
    else
        add_csv(sql, file, paths, options);
}

/* The files like files[first] have been written. */
static void mark_done(const Delivery *delivery, size_t first, bool *done) {
    for (size_t i = first; i < delivery->file_count; i++)
        if (!done[i] && same_shape(&delivery->files[first], &delivery->files[i])) done[i] = true;
}

const char *reader_sql(const Reader *reader, const char *rejects) {
    if (reader->head_rows) return reader_head_sql(reader, reader->head_rows);
    const Delivery *delivery = reader->delivery;
    CsvOptions options = csv_options(reader->arena, rejects);
    bool *done = arena_array(reader->arena, delivery->file_count + 1, sizeof *done);
    Sql *sql = sql_make(reader->arena);
    sql_add(sql, "(");
    for (size_t i = 0, shapes = 0; i < delivery->file_count; i++) {
        if (done[i]) continue;
        if (shapes++ > 0) sql_add(sql, " UNION ALL BY NAME ");
        add_shape(sql, reader, i, path_list(reader->arena, delivery, i, done), &options);
        mark_done(delivery, i, done);
    }
    sql_add(sql, ")");
    return sql_text(sql);
}

const char *reader_head_sql(const Reader *reader, long long rows) {
    const Delivery *delivery = reader->delivery;
    const CsvOptions options = {.head_only = true};
    bool *done = arena_array(reader->arena, delivery->file_count + 1, sizeof *done);
    Sql *sql = sql_make(reader->arena);
    sql_add(sql, "(");
    for (size_t i = 0, shapes = 0; i < delivery->file_count; i++) {
        if (done[i]) continue;
        sql_add(sql, shapes++ ? " UNION ALL BY NAME (" : "(");
        add_shape(sql, reader, i, sql_format(reader->arena, "%S", delivery->files[i].path), &options);
        sql_add(sql, " LIMIT %d)", rows);
        mark_done(delivery, i, done);
    }
    sql_add(sql, ")");
    return sql_text(sql);
}

const char *reader_strict_sql(const Reader *reader, size_t file, const char *typed_key, const char *typed_as,
                              const char *rejects) {
    CsvOptions options = csv_options(reader->arena, rejects);
    options.typed_key = typed_key;
    options.typed_as = typed_as;
    Sql *sql = sql_make(reader->arena);
    sql_add(sql, "(");
    add_shape(sql, reader, file, sql_format(reader->arena, "%S", reader->delivery->files[file].path), &options);
    sql_add(sql, ")");
    return sql_text(sql);
}
