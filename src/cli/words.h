/* cli/words.h: what a command line says (inside the room only). */
#ifndef CURLEW_CLI_WORDS_H
#define CURLEW_CLI_WORDS_H

#include "base/arena.h"
#include "base/err.h"
#include "ops.h"

typedef struct {
    const Operation *operation; /* NULL: help or version is wanted, or nothing was said */
    OpCall call;
    OpForm form;
    bool no_colour, help, version;
    const char *help_about; /* word after "help"; NULL */
} Words;

/* Reads the words after the program's name. ERR_USAGE names what is not known and what is nearest to it. `out->form` is set as
 * far as it could be read even then, so that a failure is shown in the form asked for. */
bool words_read(Arena *arena, int count, char **words, Words *out, Err *err);

#endif
