/* answer/report.h: what an operation has to say besides answers: headings, lines, pairs and tables, for terminal or Markdown. */
#ifndef CURLEW_ANSWER_REPORT_H
#define CURLEW_ANSWER_REPORT_H

#include <stdbool.h>

#include "answer/grid.h"
#include "base/arena.h"

typedef struct Report Report;

Report *report_make(Arena *arena);
/* Texts may come from data: they are made printable when shown. */
void report_heading(Report *report, const char *text);
void report_line(Report *report, const char *text);
/* A word that says what follows, and its value: "rows       1,281". */
void report_pair(Report *report, const char *label, const char *value);
/* Text that is shown as it is, line by line: commands. It must be printable already; line ends are kept. */
void report_verbatim(Report *report, const char *text);
void report_grid(Report *report, const Grid *grid);

char *report_text(Arena *arena, const Report *report, int width, bool colour);
char *report_markdown(Arena *arena, const Report *report);
/* The report's first table as CSV; NULL when there is none. */
const Grid *report_first_grid(const Report *report);

#endif
