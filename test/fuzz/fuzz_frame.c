/* Whatever a query process writes, the reader gives a table that can be read whole, or an error. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "engine/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *arena = arena_make();
    Table *table = NULL;
    Err err = {0};
    if (frame_read(arena, (const char *)data, size, &table, &err)) {
        size_t bytes = 0;
        for (size_t i = 0; i < table->column_count; i++) bytes += strlen(table->columns[i].name);
        for (size_t row = 0; row < table->row_count; row++)
            for (size_t i = 0; i < table->column_count; i++)
                bytes += table_cell(table, row, i) ? strlen(table_cell(table, row, i)) : 0;
        assert(bytes <= size);
        Buffer again = {.arena = arena};
        Table *same = NULL;
        frame_write_table(&again, table);
        bool ok = frame_read(arena, again.data, again.size, &same, &err);
        assert(ok && same->row_count == table->row_count);
    } else {
        assert(err.kind != ERR_NONE && !table);
    }
    arena_free(arena);
    return 0;
}
