#include "cli/chat.h"

#include <stdio.h>
#include <unistd.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/progress.h"
#include "cli/show.h"
#include "io/line_editor.h"
#include "ops/chat.h"

typedef struct {
    const Words *words;
    Chat *chat;
    LineEditor *editor; /* NULL on a pipe */
    const CliStop *stop;
    bool said; /* something stands on the output already */
} Talk;

/* The next line of a pipe, NULL at its end; what is beyond the ceiling is read and left out. */
static const char *read_line(Arena *arena, bool *cut) {
    Buffer out = {.arena = arena};
    int c = 0;
    *cut = false;
    while ((c = getchar()) != EOF && c != '\n') {
        if (out.size < CHAT_LINE_BYTES)
            buffer_add_char(&out, c ? (char)c : '\1'); /* refused like every control character */
        else
            *cut = true;
    }
    if (c == EOF && out.size == 0) return NULL;
    return buffer_text(&out);
}

static size_t complete(Arena *arena, void *context, const char *line, size_t *from, const char **texts, size_t room) {
    return chat_complete(arena, context, line, from, texts, room);
}

static int say_text(Arena *arena, const Words *words, const char *text) {
    if (words->form != FORM_JSON) return cli_print(text, EXIT_DONE);
    Json *object = json_make_object(arena);
    json_put_text(object, "status", "done");
    json_put_text(object, "text", text);
    return cli_print(json_write(arena, object, false), EXIT_DONE);
}

/* What went wrong with one line is part of the conversation: it stands where the answer would. */
static int say_failure(Arena *arena, const Words *words, const Err *err) {
    if (words->form == FORM_JSON) return cli_print(op_show_error(arena, words->operation, &words->call, err), EXIT_DONE);
    return cli_print(text_printable(arena, err->message), EXIT_DONE);
}

/* An empty line between answers, for people. */
static void set_apart(Talk *talk) {
    if (talk->said && talk->words->form != FORM_JSON) cli_print("\n", EXIT_DONE);
    talk->said = true;
}

/* False at the end of the conversation. */
static bool answer(Arena *arena, Talk *talk, const char *line, int *code) {
    ChatReply reply = {0};
    Err err = {0};
    if (talk->editor) talk->stop->go_on(); /* whatever was meant to stop has ended */
    bool done = chat_say(arena, talk->chat, line, &reply, &err);
    bool stopped = *talk->stop->asked;
    if (reply.end) return false;
    if (!done || reply.result || reply.text) set_apart(talk);
    Words words = *talk->words;
    if (reply.form != FORM_TEXT) words.form = reply.form;
    int shown = EXIT_DONE;
    if (!done)
        shown = say_failure(arena, &words, &err);
    else if (reply.result)
        shown = cli_show(arena, &words, words.form == FORM_TEXT && reply.brief ? reply.brief : reply.result);
    else if (reply.text)
        shown = say_text(arena, &words, reply.text);
    if (shown == EXIT_FAILED) *code = EXIT_FAILED;
    return shown != EXIT_FAILED && (!stopped || talk->editor);
}

static bool too_long(Arena *arena, Talk *talk) {
    Err err = {0};
    err_set_code(&err, ERR_REFUSED, "TOO_BROAD", "That line is longer than %zu KiB and was left out", CHAT_LINE_BYTES / 1024);
    set_apart(talk);
    return say_failure(arena, talk->words, &err) == EXIT_DONE;
}

static int talk_on(Talk *talk) {
    int code = EXIT_DONE;
    bool more = true;
    while (more) {
        Arena *arena = arena_make();
        bool cut = false;
        const char *line = talk->editor ? line_editor_read(arena, talk->editor) : read_line(arena, &cut);
        more = line && (cut ? too_long(arena, talk) : answer(arena, talk, line, &code));
        if (!line && talk->editor) putchar('\n');
        arena_free(arena);
    }
    return code;
}

static void greet(Arena *arena, const Talk *talk) {
    printf("%s\nAsk in plain English. /help says more, the Tab key completes names, Ctrl-D ends.\n\n",
           chat_subject(arena, talk->chat));
    fflush(stdout);
}

int cli_chat(Arena *arena, const Words *words, const OpContext *context, const CliStop *stop) {
    Talk talk = {.words = words, .stop = stop};
    Err err = {0};
    bool opened = chat_open(arena, context, &words->call, &talk.chat, &err);
    if (context->door) progress_wipe(context->door);
    if (!opened) return cli_fail(arena, words, &err);
    if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)) {
        LineEditorOptions options = {
            .prompt = "curlew> ", .history_path = chat_history_path(arena), .complete = complete, .context = talk.chat};
        if (!line_editor_open(arena, &options, &talk.editor, &err)) return cli_fail(arena, words, &err);
        greet(arena, &talk);
    }
    return talk_on(&talk);
}
