/* RFC 4180 with one addition: a text that a spreadsheet would run as a formula gets an apostrophe before it. Numbers stay
 * exact and are never touched, so that "-5" of a number column remains a number. */
#include <string.h>

#include "answer/answer.h"
#include "base/text.h"

static void add_field(Buffer *out, const char *text, bool is_number) {
    /* OWASP, "CSV injection": = + - @ tab and carriage return start a formula; full-width forms too in some programs. */
    static const char *const wide[] = {"＝", "＋", "－", "＠", NULL};
    bool formula = !is_number && *text && strchr("=+-@\t\r\n", *text);
    for (const char *const *form = wide; *form && !formula && !is_number; form++) formula = text_starts(text, *form);
    bool quoted = formula || strpbrk(text, "\",\r\n;|\t") || *text == ' ' || text_ends(text, " ");
    if (quoted) buffer_add_char(out, '"');
    if (formula) buffer_add_char(out, '\'');
    for (const char *c = text; *c; c++) {
        if (*c == '"') buffer_add_char(out, '"');
        buffer_add_char(out, *c);
    }
    if (quoted) buffer_add_char(out, '"');
}

char *answer_csv(Arena *arena, const Table *table) {
    Buffer out = {.arena = arena};
    for (size_t i = 0; i < table->column_count; i++) {
        if (i) buffer_add_char(&out, ',');
        add_field(&out, table->columns[i].name, false);
    }
    buffer_add(&out, "\r\n");
    for (size_t row = 0; row < table->row_count; row++) {
        for (size_t i = 0; i < table->column_count; i++) {
            const char *cell = table_cell(table, row, i);
            CellType type = table->columns[i].type;
            if (i) buffer_add_char(&out, ',');
            if (cell) add_field(&out, cell, type == CELL_DECIMAL || type == CELL_INTEGER);
        }
        buffer_add(&out, "\r\n");
    }
    return arena_text(arena, buffer_text(&out));
}
