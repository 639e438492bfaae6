#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/chat.h"
#include "cli/help.h"
#include "cli/progress.h"
#include "cli/show.h"
#include "cli/words.h"

enum { WIDTH_DEFAULT = 80, WIDTH_LEAST = 40, WIDTH_MOST = 200 };

static int exit_code(ErrKind kind) {
    switch (kind) {
    case ERR_NONE: return EXIT_DONE;
    case ERR_USAGE: return EXIT_USAGE;
    case ERR_REFUSED: return EXIT_DECLINED;
    default: return EXIT_FAILED;
    }
}

/* Columns of the terminal: COLUMNS, else what the terminal says. */
int cli_width(void) {
    const char *given = getenv("COLUMNS");
    struct winsize size = {0};
    int width = given ? atoi(given) : 0;
    if (width <= 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) width = size.ws_col;
    if (width <= 0) width = WIDTH_DEFAULT;
    return width < WIDTH_LEAST ? WIDTH_LEAST : width > WIDTH_MOST ? WIDTH_MOST : width;
}

static bool wants_colour(const Words *words) {
    const char *none = getenv("NO_COLOR"), *terminal = getenv("TERM");
    return isatty(STDOUT_FILENO) && !words->no_colour && text_is_empty(none) && !text_equal(terminal, "dumb");
}

/* A reader that has seen enough (`| head`) closes the pipe: that is no failure. */
int cli_print(const char *text, int code) {
    size_t size = strlen(text);
    bool written = fwrite(text, 1, size, stdout) == size;
    if (written && size && text[size - 1] != '\n') written = fputc('\n', stdout) != EOF;
    if ((fflush(stdout) == 0 && written) || errno == EPIPE) return code;
    fprintf(stderr, "curlew: The output cannot be written: %s\n", strerror(errno));
    return EXIT_FAILED;
}

int cli_fail(Arena *arena, const Words *words, const Err *err) {
    int code = exit_code(err->kind);
    if (words->form == FORM_JSON) return cli_print(op_show_error(arena, words->operation, &words->call, err), code);
    fflush(stdout);
    fprintf(stderr, "curlew: %s\n", text_printable(arena, err->message));
    return code;
}

/* CSV and Markdown keep values as they are, for programs; shown on a terminal, nothing in them may act on it. */
static const char *safe_for_terminal(Arena *arena, const char *text) {
    if (!isatty(STDOUT_FILENO)) return text;
    Buffer out = {.arena = arena};
    size_t count = 0;
    const char **lines = text_split(arena, text, '\n', &count);
    for (size_t i = 0; i < count; i++) {
        const char *line = arena_text_n(arena, lines[i], strcspn(lines[i], "\r"));
        buffer_printf(&out, "%s%s", i ? "\n" : "", text_printable(arena, line));
    }
    return buffer_text(&out);
}

int cli_show(Arena *arena, const Words *words, const OpResult *result) {
    OpOutcome outcome = op_outcome(result);
    int width = cli_width();
    int code = outcome == OUTCOME_DECLINED ? EXIT_DECLINED : outcome == OUTCOME_PROBLEM ? EXIT_FAILED : EXIT_DONE;
    if (words->form == FORM_CSV && outcome == OUTCOME_DECLINED) {
        fputs(op_show(arena, result, FORM_TEXT, width, false), stderr);
        return code;
    }
    const char *text = op_show(arena, result, words->form, width, wants_colour(words));
    bool raw = words->form == FORM_CSV || words->form == FORM_MARKDOWN;
    return cli_print(raw ? safe_for_terminal(arena, text) : text, code);
}

/* Opens the door that the operation is about, and stays until it is closed. */
static int serve(Arena *arena, const Words *words, const OpContext *context, const OpDoor *doors) {
    Err err = {0};
    const OpDoor *door = doors;
    while (door->operation && !text_equal(door->operation, words->operation->name)) door++;
    if (!door->operation) err_set(&err, ERR_INTERNAL, "This build has no %s", words->operation->name);
    bool served = door->operation && door->open(arena, context, &words->call, &err);
    return served ? EXIT_DONE : cli_fail(arena, words, &err);
}

/* What an operation has while it runs: the line of its progress, and how its steps are shown. */
typedef struct {
    ProgressLine line; /* the first member: it is what progress_show() takes */
    const Words *words;
} RunDoor;

static void show_step(void *door, const OpResult *result) {
    RunDoor *own = door;
    Arena *arena = arena_make();
    progress_wipe(&own->line);
    cli_show(arena, own->words, result);
    putchar('\n');
    fflush(stdout);
    arena_free(arena);
}

static int run(Arena *arena, const Words *words, const CliStop *stop, const OpDoor *doors) {
    RunDoor door = {.line = {.width = cli_width()}, .words = words};
    OpContext context = {.stop = stop->asked, .door = &door};
    if (words->form == FORM_TEXT) context.step = show_step;
    if (isatty(STDERR_FILENO)) context.progress = progress_show;
    const OpResult *result = NULL;
    Err err = {0};
    if (words->form == FORM_CSV && !words->operation->tabular) {
        err_set(&err, ERR_USAGE, "--csv is for rows; %s has --json and --markdown", words->operation->name);
        return cli_fail(arena, words, &err);
    }
    if (words->operation->serves) return serve(arena, words, &context, doors);
    if (words->operation->converses) return cli_chat(arena, words, &context, stop);
    bool done = operation_run(arena, &context, words->operation, &words->call, &result, &err);
    progress_wipe(&door.line);
    return done ? cli_show(arena, words, result) : cli_fail(arena, words, &err);
}

static int help(Arena *arena, const Words *words) {
    const Operation *about = words->help_about ? operation_find(words->help_about) : words->operation;
    int width = cli_width();
    if (!words->help_about || about || text_equal(words->help_about, "help"))
        return cli_print(about ? help_operation(arena, about, width) : help_all(arena, width), EXIT_DONE);
    Err err = {0};
    err_set_code(&err, ERR_USAGE, "UNKNOWN_COMMAND", "There is no command “%.60s”; see: curlew help",
                 text_printable(arena, words->help_about));
    return cli_fail(arena, words, &err);
}

static int say(Arena *arena, const Words *words, const CliStop *stop, const OpDoor *doors) {
    if (words->version)
        return cli_print(arena_printf(arena, "curlew %s (DuckDB %s)", program_version(), engine_version()), EXIT_DONE);
    if (words->help || !words->operation) return help(arena, words);
    return run(arena, words, stop, doors);
}

int cli_run(int argc, char **argv, const CliStop *stop, const OpDoor *doors) {
    Arena *arena = arena_make();
    Words words = {0};
    Err err = {0};
    bool read = words_read(arena, argc - 1, argv + 1, &words, &err);
    int code = read ? say(arena, &words, stop, doors) : cli_fail(arena, &words, &err);
    arena_free(arena);
    return code;
}
