/* answer/grid.h: texts in aligned columns for a terminal, or as a Markdown table. Shared by answers and reports. */
#ifndef CURLEW_ANSWER_GRID_H
#define CURLEW_ANSWER_GRID_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/text.h"

typedef enum {
    CUT_MIDDLE, /* names and ids: both ends tell them apart */
    CUT_END,    /* prose and lists */
    CUT_LAST    /* as CUT_MIDDLE, and only when all others are cut already */
} GridCut;

typedef struct {
    const char *title; /* printable */
    bool right;        /* numbers: right-aligned, never shortened */
    GridCut cut;
} GridColumn;

typedef struct {
    size_t column_count, row_count;
    GridColumn *columns;
    const char **cells; /* row by row, printable, never NULL */
    bool foot;          /* the last row is a total: a rule stands above it */
} Grid;

/* A grid of `rows` rows with empty cells. */
Grid *grid_make(Arena *arena, size_t column_count, size_t row_count);
void grid_set(Grid *grid, size_t row, size_t column, const char *text);

/* Appends the grid, indented by two, in at most `width` columns: texts are shortened in the middle first, then columns at the
 * right are left out and counted in a line below. `colour` sets titles in bold and the foot's rule dim. */
void grid_add_text(Buffer *out, const Grid *grid, int width, bool colour);
/* Appends the grid as a Markdown table. */
void grid_add_markdown(Buffer *out, const Grid *grid);

/* Terminal attributes, or "" without colour. */
const char *grid_bold(bool colour);
const char *grid_dim(bool colour);
const char *grid_plain(bool colour);

/* Appends `text` wrapped at spaces to `width`, each line after `indent` spaces; the first is expected to be indented. */
void grid_add_wrapped(Buffer *out, const char *text, int indent, int width);

#endif
