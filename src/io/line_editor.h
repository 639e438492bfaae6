/* io/line_editor.h: lines typed on a terminal, with editing, history and completion. */
#ifndef CURLEW_IO_LINE_EDITOR_H
#define CURLEW_IO_LINE_EDITOR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

typedef struct LineEditor LineEditor;

/* What `line` (up to the cursor) may become: at most `room` texts, which replace it from byte `*from` on. */
typedef size_t LineCompleter(Arena *arena, void *context, const char *line, size_t *from, const char **texts, size_t room);

typedef struct {
    const char *prompt;
    const char *history_path; /* read now, written when the arena is freed; readable by the user only. NULL = none is kept */
    LineCompleter *complete;  /* asked by the Tab key; NULL = none */
    void *context;
} LineEditorOptions;

/* An editor on the terminal that standard input and output are. Closed, with its history saved, when the arena is freed. */
bool line_editor_open(Arena *arena, const LineEditorOptions *options, LineEditor **out, Err *err);

/* The next line without its end, in `arena`; NULL at the end (Ctrl-D on an empty line). Ctrl-C empties the line. Lines longer than
 * CHAT_LINE_BYTES are cut. */
const char *line_editor_read(Arena *arena, LineEditor *editor);

#endif
