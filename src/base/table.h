/* base/table.h: a result in memory: named, typed columns and rows of exact text. Plain data, made once, then only read. */
#ifndef CURLEW_BASE_TABLE_H
#define CURLEW_BASE_TABLE_H

#include <stdbool.h>
#include <stddef.h>

typedef enum {
    CELL_TEXT,
    CELL_DECIMAL, /* exact decimal text, also of DOUBLE results (shortest text that reads back the same) */
    CELL_INTEGER,
    CELL_DATE,      /* YYYY-MM-DD */
    CELL_TIMESTAMP, /* YYYY-MM-DD HH:MM:SS, UTC */
    CELL_BOOLEAN    /* true, false */
} CellType;

typedef struct {
    const char *name;
    CellType type;
} TableColumn;

typedef struct {
    size_t column_count;
    size_t row_count;
    TableColumn *columns;
    const char **cells; /* row by row: cells[row * column_count + column]; NULL is SQL's NULL */
    bool truncated;     /* the row or byte limit was reached; more rows exist */
} Table;

/* The cell's text, NULL for NULL. */
static inline const char *table_cell(const Table *table, size_t row, size_t column) {
    return table->cells[row * table->column_count + column];
}

/* Index of the column of that name, -1 when there is none. */
int table_find(const Table *table, const char *name);

/* "text", "decimal", "integer", "date", "timestamp", "boolean": the names of DESIGN contract. */
const char *table_type_name(CellType type);

#endif
