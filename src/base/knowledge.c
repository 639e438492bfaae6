#include "base/knowledge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* Written by the build from the files of tables/: cmake/EmbedTables.cmake. */
typedef struct {
    const char *name;
    const char *start;
    const char *end;
} EmbeddedFile;
extern const EmbeddedFile embedded_files[];
extern const size_t embedded_file_count;

const char *knowledge_file(const char *name, size_t *size) {
    for (size_t i = 0; i < embedded_file_count; i++) {
        if (!text_equal(embedded_files[i].name, name)) continue;
        *size = (size_t)(embedded_files[i].end - embedded_files[i].start);
        return embedded_files[i].start;
    }
    return NULL;
}

const char *knowledge_file_name(size_t index) {
    return index < embedded_file_count ? embedded_files[index].name : NULL;
}

static _Noreturn void mistake(const char *name, const char *what) {
    fprintf(stderr, "curlew: the embedded table %s is malformed: %s\n", name, what);
    abort();
}

/* Counts the lines that are neither empty nor comments. */
static size_t count_lines(const char *const *lines, size_t count) {
    size_t rows = 0;
    for (size_t i = 0; i < count; i++) rows += *lines[i] && *lines[i] != '#';
    return rows;
}

const Knowledge *knowledge_table(Arena *arena, const char *name) {
    size_t size = 0, line_count = 0;
    const char *data = knowledge_file(name, &size);
    if (!data) mistake(name, "there is no such table");
    const char **lines = text_split(arena, arena_text_n(arena, data, size), '\n', &line_count);
    size_t rows = count_lines(lines, line_count);
    if (!rows) mistake(name, "it has no head");
    Knowledge *table = arena_alloc(arena, sizeof *table);
    for (size_t i = 0, row = 0; i < line_count; i++) {
        if (!*lines[i] || *lines[i] == '#') continue;
        size_t fields = 0;
        const char **parts = text_split(arena, lines[i], '\t', &fields);
        if (!table->names) {
            table->names = parts;
            table->column_count = fields;
            table->row_count = rows - 1;
            table->fields = arena_array(arena, rows * fields, sizeof *table->fields);
            continue;
        }
        if (fields != table->column_count) mistake(name, lines[i]);
        for (size_t f = 0; f < fields; f++) table->fields[row * fields + f] = text_equal(parts[f], "-") ? "" : parts[f];
        row++;
    }
    return table;
}

const char *knowledge_field(const Knowledge *table, size_t row, const char *column) {
    for (size_t i = 0; i < table->column_count; i++)
        if (text_equal(table->names[i], column)) return table->fields[row * table->column_count + i];
    mistake(column, "no such column");
}
