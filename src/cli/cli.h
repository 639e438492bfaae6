/* cli/cli.h: the command line: words become a call of an operation, its result becomes text on a terminal or a pipe. */
#ifndef CURLEW_CLI_CLI_H
#define CURLEW_CLI_CLI_H

#include <stdbool.h>

/* Exit codes: tools rely on them (docs/commands.md). */
enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_DECLINED = 3 };

/* Runs one command line and gives the exit code. `stop` becomes true when the user wants to end what runs. */
int cli_run(int argc, char **argv, const volatile bool *stop);

#endif
