#include "engine/frame.h"

#include <stdint.h>
#include <string.h>

#include "base/limits.h"

/* --- Writing ---------------------------------------------------------------------------------------------------------- */

static void add_number(Buffer *out, size_t value) {
    for (; value >= 0x80; value >>= 7) buffer_add_char(out, (char)((value & 0x7F) | 0x80));
    buffer_add_char(out, (char)value);
}

static void add_text(Buffer *out, const char *text) {
    size_t size = text ? strlen(text) : 0;
    add_number(out, text ? size + 1 : 0);
    if (text) buffer_add_n(out, text, size);
}

void frame_write_table(Buffer *out, const Table *table) {
    buffer_add_char(out, 'T');
    add_number(out, table->column_count);
    for (size_t i = 0; i < table->column_count; i++) {
        buffer_add_char(out, (char)table->columns[i].type);
        add_text(out, table->columns[i].name);
    }
    for (size_t row = 0; row < table->row_count; row++) {
        buffer_add_char(out, 1);
        for (size_t i = 0; i < table->column_count; i++) add_text(out, table_cell(table, row, i));
    }
    buffer_add_char(out, 0);
    buffer_add_char(out, table->truncated);
}

void frame_write_error(Buffer *out, const Err *err) {
    buffer_add_char(out, 'E');
    buffer_add_char(out, (char)err->kind);
    add_text(out, err->code);
    add_text(out, err->message);
}

/* --- Reading ---------------------------------------------------------------------------------------------------------- */

typedef struct {
    Arena *arena;
    const unsigned char *data;
    size_t left;
    bool bad; /* sticks */
} Reader;

static unsigned take_byte(Reader *reader) {
    if (!reader->left) {
        reader->bad = true;
        return 0;
    }
    reader->left--;
    return *reader->data++;
}

static size_t take_number(Reader *reader) {
    size_t value = 0;
    for (unsigned shift = 0; shift < 56; shift += 7) {
        unsigned byte = take_byte(reader);
        value |= (size_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80)) return value;
    }
    reader->bad = true;
    return 0;
}

/* NULL for NULL, and after a mistake. */
static const char *take_text(Reader *reader) {
    size_t size = take_number(reader);
    if (size == 0 || reader->bad) return NULL;
    size--;
    reader->bad |= size > reader->left || !text_is_utf8((const char *)reader->data, size);
    if (reader->bad) return NULL;
    const char *text = arena_text_n(reader->arena, (const char *)reader->data, size);
    reader->data += size;
    reader->left -= size;
    return text;
}

static void take_columns(Reader *reader, Table *table) {
    table->column_count = take_number(reader);
    reader->bad |= table->column_count > SOURCE_COLUMNS * 4 || table->column_count > reader->left;
    if (reader->bad) return;
    table->columns = arena_array(reader->arena, table->column_count, sizeof *table->columns);
    for (size_t i = 0; i < table->column_count && !reader->bad; i++) {
        unsigned type = take_byte(reader);
        const char *name = take_text(reader);
        reader->bad |= type > CELL_BOOLEAN || !name;
        table->columns[i] = (TableColumn){name, (CellType)type};
    }
}

static void take_rows(Reader *reader, Table *table) {
    size_t width = table->column_count, room = 0;
    while (!reader->bad) {
        unsigned more = take_byte(reader);
        reader->bad |= more > 1;
        if (more != 1 || reader->bad) return;
        if (table->row_count == room) {
            size_t wanted = room ? room * 2 : 64;
            table->cells = arena_grow(reader->arena, table->cells, room * width * sizeof *table->cells,
                                      wanted * width * sizeof *table->cells);
            room = wanted;
        }
        for (size_t i = 0; i < width; i++) table->cells[table->row_count * width + i] = take_text(reader);
        table->row_count++;
    }
}

static bool read_table(Reader *reader, Table **out) {
    Table *table = arena_alloc(reader->arena, sizeof *table);
    take_columns(reader, table);
    if (!reader->bad) take_rows(reader, table);
    unsigned truncated = take_byte(reader);
    if (reader->bad || truncated > 1 || reader->left) return false;
    table->truncated = truncated;
    *out = table;
    return true;
}

static bool read_error(Reader *reader, Err *err) {
    unsigned kind = take_byte(reader);
    const char *code = take_text(reader), *message = take_text(reader);
    if (reader->bad || reader->left || kind == ERR_NONE || kind > ERR_INTERNAL || !code || !message) return false;
    err_set_code(err, (ErrKind)kind, code, "%s", text_printable(reader->arena, message));
    return true;
}

bool frame_read(Arena *arena, const char *data, size_t size, Table **out, Err *err) {
    *out = NULL;
    Reader reader = {arena, (const unsigned char *)data, size, false};
    unsigned form = take_byte(&reader);
    if (form == 'T' && read_table(&reader, out)) return true;
    if (form == 'E' && read_error(&reader, err)) return false;
    return err_set(err, ERR_INTERNAL, "The process that ran the query gave an answer that cannot be read; try again");
}
