/* cli/help.h: help by task, derived from the table of operations (inside the room only). */
#ifndef CURLEW_CLI_HELP_H
#define CURLEW_CLI_HELP_H

#include "base/arena.h"
#include "ops.h"

const char *help_all(Arena *arena, int width);
const char *help_operation(Arena *arena, const Operation *operation, int width);

#endif
