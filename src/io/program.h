/* io/program.h: another program of this machine, run once with an input, for its output (Graphviz draws). */
#ifndef CURLEW_IO_PROGRAM_H
#define CURLEW_IO_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

/* Runs `arguments` (the program's name first, found in PATH; NULL last) without a shell and with no environment but PATH, LANG and HOME, gives it
 * `input` and takes what it writes, at most `output_bytes`. ERR_NOT_FOUND when there is no such program; ERR_TIMEOUT, ERR_CANCELLED (`stop` may
 * be NULL), ERR_LIMIT, after which it was killed; ERR_IO when it ended with a failure, with the first line of what it complained. */
bool program_run(Arena *arena, const char *const *arguments, const char *input, size_t input_size, size_t output_bytes,
                 int timeout_ms, const volatile bool *stop, const char **output, size_t *output_size, Err *err);

/* The same with the whole environment of this process, for a program that the user set up for it (a provider of credentials). */
bool program_run_whole(Arena *arena, const char *const *arguments, const char *input, size_t input_size, size_t output_bytes,
                       int timeout_ms, const volatile bool *stop, const char **output, size_t *output_size, Err *err);

#endif
