#include <signal.h>
#include <stdbool.h>
#include <string.h>

#include "cli/cli.h"
#include "engine/engine.h"

/* The only thing that the whole program shares: the user wants to stop. */
static volatile bool stop;

static void on_stop(int signal_number) {
    (void)signal_number;
    stop = true;
}

/* The first Ctrl-C asks what runs to end properly; the second ends the program at once. A pipe that the reader closed shows as
 * a failed write, which the command line takes for "enough". */
static void listen_to_signals(void) {
    struct sigaction action = {.sa_handler = on_stop, .sa_flags = (int)(SA_RESETHAND | SA_RESTART)};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

int main(int argc, char **argv) {
    if (argc == 2 && strcmp(argv[1], "--query-worker") == 0) return engine_worker_main();
    listen_to_signals();
    return cli_run(argc, argv, &stop);
}
