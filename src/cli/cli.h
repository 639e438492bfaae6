/* cli/cli.h: the command line: words become a call of an operation, its result becomes text on a terminal or a pipe. */
#ifndef CURLEW_CLI_CLI_H
#define CURLEW_CLI_CLI_H

#include <stdbool.h>

#include "ops.h"

/* Exit codes: tools rely on them (docs/commands.md). */
enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_DECLINED = 3 };

/* How the user ends what runs. */
typedef struct {
    const volatile bool *asked; /* becomes true when the user wants to */
    void (*go_on)(void);        /* it ended, and the program goes on: waits for the next time */
} CliStop;

/* Runs one command line and gives the exit code. `doors` are what operations that serve open, ended by one without a name. */
int cli_run(int argc, char **argv, const CliStop *stop, const OpDoor *doors);

#endif
