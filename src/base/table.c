#include "base/table.h"

#include "base/text.h"

int table_find(const Table *table, const char *name) {
    for (size_t i = 0; i < table->column_count; i++)
        if (text_equal(table->columns[i].name, name)) return (int)i;
    return -1;
}

const char *table_type_name(CellType type) {
    static const char *const names[] = {"text", "decimal", "integer", "date", "timestamp", "boolean"};
    return names[type];
}
