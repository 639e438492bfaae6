/* cli/show.h: how results and failures come onto the terminal (inside the room only). Each gives the exit code. */
#ifndef CURLEW_CLI_SHOW_H
#define CURLEW_CLI_SHOW_H

#include "base/arena.h"
#include "base/err.h"
#include "cli/words.h"
#include "ops.h"

int cli_print(const char *text, int code);
int cli_show(Arena *arena, const Words *words, const OpResult *result);
int cli_fail(Arena *arena, const Words *words, const Err *err);

/* Columns of the terminal. */
int cli_width(void);

#endif
