/* answer/cells.h: the cells of an answer as people read them (inside the room only). */
#ifndef CURLEW_ANSWER_CELLS_H
#define CURLEW_ANSWER_CELLS_H

#include "answer/answer.h"
#include "answer/grid.h"

/* The unit of a cell: its column's, else the currency or unit that its row names; NULL when there is none. */
const char *cells_unit(const Answer *answer, size_t row, size_t column);
/* One cell: numbers with their unit's form, buckets as periods, names printable. */
char *cells_text(Arena *arena, const Answer *answer, size_t row, size_t column);
/* Exact numbers without the zeros that the engine's scale leaves behind the point: "257", not "257.000000000000". */
const char *cells_exact(Arena *arena, const char *cell, CellType type);
/* The first `rows` rows under their labels, with a line for the grand total where the answer has one (`foot`). */
Grid *cells_grid(Arena *arena, const Answer *answer, size_t rows);
/* The column whose numbers are drawn: the first value; -1 when there is none. */
int cells_value_column(const Answer *answer);

#endif
