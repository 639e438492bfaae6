#include "ingest/rejects.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/sql.h"
#include "base/table.h"
#include "base/text.h"

#define READ_BLOCK_BYTES 65536

bool rejects_clear(Watch *watch, Err *err) {
    return duck_run(watch->session, "DROP TABLE IF EXISTS \"" REJECTS "_rows\"; DROP TABLE IF EXISTS \"" REJECTS "_files\"",
                    err);
}

static long long line_of_byte(const char *path, unsigned long long byte) {
    FILE *file = fopen(path, "rb");
    if (!file) return -1;
    char *block = malloc(READ_BLOCK_BYTES);
    long long line = 1;
    unsigned long long left = byte > 0 ? byte - 1 : 0;
    while (block && left > 0) {
        size_t size = fread(block, 1, left < READ_BLOCK_BYTES ? (size_t)left : READ_BLOCK_BYTES, file);
        if (size == 0) break;
        for (const char *c = block; (c = memchr(c, '\n', size - (size_t)(c - block))); c++) line++;
        left -= size;
    }
    free(block);
    fclose(file);
    return left == 0 ? line : -1;
}

const char *rejects_place(Arena *arena, const SourceFile *file, unsigned long long byte, long long record) {
    long long line = text_equal(file->compression, "none") ? line_of_byte(file->path, byte) : -1;
    return line > 0 ? arena_printf(arena, "line %lld", line) : arena_printf(arena, "record %lld", record);
}

static const SourceFile *file_of_path(const Reader *reader, const char *path) {
    for (size_t i = 0; i < reader->delivery->file_count; i++)
        if (text_equal(reader->delivery->files[i].path, path)) return &reader->delivery->files[i];
    return NULL;
}

/* "Expected Number of Columns: 200 Found: 197" and its like, as a user would say it. */
static const char *reason(Arena *arena, const char *type, const char *message) {
    const char *found = message ? strstr(message, "Found: ") : NULL;
    const char *expected = message ? strstr(message, "Columns: ") : NULL;
    if (found && expected)
        return arena_printf(arena, "%lld fields instead of %lld", atoll(found + strlen("Found: ")),
                            atoll(expected + strlen("Columns: ")));
    if (text_equal(type, "INVALID ENCODING") || (message && strstr(message, "utf-8"))) return "not UTF-8";
    if (text_equal(type, "UNQUOTED VALUE")) return "a quote that is not closed";
    return "not readable as CSV";
}

static void tell_file(Arena *arena, const Reader *reader, const Table *rows, size_t first, size_t end, Oddities *odd) {
    const SourceFile *file = file_of_path(reader, table_cell(rows, first, 0));
    Buffer places = {.arena = arena};
    size_t count = end - first;
    for (size_t i = first; i < end && i - first < REJECTED_ROWS_SHOWN; i++) {
        const char *byte = table_cell(rows, i, 2);
        const char *place =
            file ? rejects_place(arena, file, byte ? strtoull(byte, NULL, 10) : 0, atoll(table_cell(rows, i, 1))) : "";
        buffer_printf(&places, "%s%s (%s)", i > first ? ", " : "", place,
                      reason(arena, table_cell(rows, i, 3), table_cell(rows, i, 4)));
    }
    odd_add(odd, "%s: %zu %s left out, so the totals lack %s: %s%s", file ? file->shown_path : table_cell(rows, first, 0),
            count, count == 1 ? "row that does not fit the header was" : "rows that do not fit the header were",
            count == 1 ? "it" : "them", buffer_text(&places), count > REJECTED_ROWS_SHOWN ? ", …" : "");
}

bool rejects_tell(Arena *arena, Watch *watch, const Reader *reader, Oddities *odd, Err *err) {
    const char *exists = NULL;
    if (!duck_value(arena, watch->session, "SELECT 1 FROM duckdb_tables() WHERE table_name = '" REJECTS "_rows'", &exists, err))
        return false;
    if (!exists) return true;
    Table *rows = NULL;
    /* One row may have several errors: the first one counts. */
    if (!duck_rows(arena, watch->session,
                   "SELECT f.file_path, r.line, min(r.line_byte_position) AS place, first(CAST(r.error_type AS VARCHAR) ORDER "
                   "BY r.column_idx), "
                   "first(r.error_message ORDER BY r.column_idx) FROM \"" REJECTS "_rows\" r JOIN \"" REJECTS
                   "_files\" f USING (scan_id, file_id) GROUP BY ALL ORDER BY f.file_path, place",
                   &rows, err))
        return false;
    for (size_t first = 0, end = 0; first < rows->row_count; first = end) {
        while (end < rows->row_count && text_equal(table_cell(rows, first, 0), table_cell(rows, end, 0))) end++;
        tell_file(arena, reader, rows, first, end, odd);
    }
    return true;
}
