#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "engine/engine.h"
#include "web/serve.h"

/* What the operations that stay open lead to. */
static const OpDoor doors[] = {{"serve", web_serve}, {NULL, NULL}};

/* The only thing that the whole program shares: the user wants to stop. */
static volatile bool stop;

static void on_stop(int signal_number) {
    (void)signal_number;
    stop = true;
    alarm(1);
}

/* From a second after the first Ctrl-C the next one ends the program at once. Not from the first on: a terminal or a
 * supervisor may well send the same signal twice. */
static void on_patience_end(int signal_number) {
    (void)signal_number;
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
}

static void listen_to(int signal_number, void (*handler)(int)) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(signal_number, &action, NULL);
}

/* The first Ctrl-C asks what runs to end properly. A pipe that the reader closed shows as a failed write, which the command line
 * takes for "enough". */
static void listen_to_signals(void) {
    listen_to(SIGINT, on_stop);
    listen_to(SIGTERM, on_stop);
    listen_to(SIGALRM, on_patience_end);
    signal(SIGPIPE, SIG_IGN);
}

/* What was stopped has ended, and the program goes on: the next Ctrl-C is a first one again. */
static void go_on(void) {
    alarm(0);
    stop = false;
    listen_to_signals();
}

int main(int argc, char **argv) {
    if (argc == 2 && strcmp(argv[1], "--query-worker") == 0) return engine_worker_main();
    listen_to_signals();
    return cli_run(argc, argv, &(CliStop){.asked = &stop, .go_on = go_on}, doors);
}
