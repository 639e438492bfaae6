#include "ops/chat.h"

#include <stdlib.h>
#include <string.h>

#include "answer/answer.h"
#include "ask.h"
#include "base/text.h"
#include "io/file.h"
#include "ops/learning.h"
#include "ops/operations.h"
#include "question/complete.h"

struct Chat {
    Arena *arena; /* of the session */
    Session session;
    const OpCall *call;
    Arena *memory;     /* of `state`; replaced with it */
    const char *state; /* the conversation as JSON; NULL before the first answer */
    OpResult *last;    /* the last question that was answered, in an arena of its own */
    Arena *last_arena;
    Arena *declined; /* of the last question that was not */
};

static void chat_close(void *context) {
    Chat *chat = context;
    arena_free(chat->memory);
    arena_free(chat->last_arena);
    arena_free(chat->declined);
}

bool chat_open(Arena *arena, const OpContext *context, const OpCall *call, Chat **out, Err *err) {
    Chat *chat = arena_alloc(arena, sizeof *chat);
    chat->arena = arena;
    chat->call = call;
    *out = chat;
    arena_on_free(arena, chat_close, chat);
    const char *dataset = NULL;
    const Lexicon *lexicon = NULL;
    if (!session_open(arena, context, call, &chat->session, err)) return false;
    chat->session.log = learning_start(arena, workspace_folder(chat->session.workspace));
    return session_dataset(arena, &chat->session, call, &dataset, err) &&
           session_lexicon(&chat->session, dataset, &lexicon, err);
}

static bool first_catalog(Chat *chat, Catalog **out) {
    const char *dataset = NULL;
    Err ignored = {0};
    return session_dataset(chat->arena, &chat->session, chat->call, &dataset, &ignored) &&
           session_catalog(chat->arena, &chat->session, dataset, out, &ignored);
}

const char *chat_subject(Arena *arena, Chat *chat) {
    Catalog *catalog = NULL;
    if (!first_catalog(chat, &catalog)) return "";
    const char *rows = text_is_empty(catalog->row_plural) ? "rows" : catalog->row_plural;
    const char *size =
        arena_printf(arena, "%s: %s %s", text_printable(arena, catalog->dataset), text_count(arena, catalog->row_count), rows);
    if (catalog->first_day == DAY_NONE) return size;
    return arena_printf(arena, "%s, %s to %s", size, date_text(arena, catalog->first_day), date_text(arena, catalog->last_day));
}

const char *chat_history_path(Arena *arena) {
    return file_join(arena, file_data_home(arena), "chat_history");
}

/* --- questions --- */

static bool load_state(Arena *arena, const Chat *chat, Conversation *out, Err *err) {
    Json *json = NULL;
    *out = (Conversation){0};
    if (!chat->state) return true;
    return json_parse(arena, chat->state, strlen(chat->state), &json, err) && conversation_read(arena, json, out, err);
}

static void keep_state(Arena *arena, Chat *chat, const Conversation *conversation) {
    Arena *fresh = arena_make();
    chat->state = arena_text(fresh, json_write(arena, conversation_json(arena, conversation), false));
    arena_free(chat->memory);
    chat->memory = fresh;
}

/* In a conversation the last lines stand next to the next question: what can be had for the asking is left out. */
static const OpResult *brief_of(Arena *arena, const OpResult *result) {
    OpResult *brief = arena_alloc(arena, sizeof *brief);
    Answer *answer = arena_alloc(arena, sizeof *answer);
    *answer = *result->answer;
    *brief = *result;
    brief->answer = answer;
    answer->sql = NULL;
    if (answer->status == ANSWER_ANSWERED) answer->suggestion_count = 0;
    return brief;
}

static bool answer_line(Arena *arena, Chat *chat, const char *line, ChatReply *out, Err *err) {
    Arena *own = arena_make(); /* kept beyond the line, for /sql and the like */
    Conversation *conversation = arena_alloc(own, sizeof *conversation);
    OpResult *result = arena_alloc(own, sizeof *result);
    Answer *answer = arena_alloc(own, sizeof *answer);
    session_begin(&chat->session);
    bool done = load_state(own, chat, conversation, err) &&
                ask_next(own, &chat->session, chat->call, arena_text(own, line), conversation, answer, err);
    if (!done) {
        arena_free(own);
        return false;
    }
    keep_state(arena, chat, conversation);
    result->answer = answer;
    result->outcome = answer->status == ANSWER_ANSWERED ? OUTCOME_DONE : OUTCOME_DECLINED;
    bool answered = answer->status == ANSWER_ANSWERED;
    Arena **keeper = answered ? &chat->last_arena : &chat->declined;
    arena_free(*keeper);
    *keeper = own;
    if (answered) chat->last = result;
    *out = (ChatReply){.result = result, .brief = brief_of(own, result), .form = FORM_TEXT};
    return true;
}

/* --- commands --- */

typedef struct {
    const char *name, *argument, *help;
    bool (*run)(Arena *arena, Chat *chat, const char *argument, ChatReply *out, Err *err);
} ChatCommand;

static const ChatCommand commands[];

static bool do_help(Arena *arena, Chat *chat, const char *argument, ChatReply *out, Err *err) {
    (void)chat, (void)argument, (void)err;
    Buffer text = {.arena = arena};
    buffer_add(&text, "Ask about the bill in plain English; go on from the last answer with “and by region?”, “only S3”,\n"
                      "“what about August?”, “the second one”, “why?”, “without tax”, “as a line chart”, “go back”.\n\n");
    for (const ChatCommand *command = commands; command->name; command++)
        buffer_printf(&text, "  /%-5s %-5s %s\n", command->name, command->argument ? command->argument : "", command->help);
    out->text = buffer_text(&text);
    return true;
}

static bool last_answer(Chat *chat, const Answer **out, Err *err) {
    *out = chat->last ? chat->last->answer : NULL;
    return *out || err_set_code(err, ERR_USAGE, "NOTHING_ASKED", "Nothing has been answered yet");
}

static bool do_sql(Arena *arena, Chat *chat, const char *argument, ChatReply *out, Err *err) {
    (void)argument;
    const Answer *answer = NULL;
    if (!last_answer(chat, &answer, err)) return false;
    out->text = answer->sql ? arena_printf(arena, "%s\n", answer->sql) : "The last answer was made without SQL.\n";
    return true;
}

static bool do_plan(Arena *arena, Chat *chat, const char *argument, ChatReply *out, Err *err) {
    (void)argument;
    const Answer *answer = NULL;
    if (!last_answer(chat, &answer, err)) return false;
    out->text = answer->plan ? arena_printf(arena, "%s\n", json_write(arena, plan_json(arena, answer->plan), true))
                             : "The last question was not understood as a plan.\n";
    return true;
}

static bool do_json(Arena *arena, Chat *chat, const char *argument, ChatReply *out, Err *err) {
    (void)arena, (void)argument;
    const Answer *answer = NULL;
    if (!last_answer(chat, &answer, err)) return false;
    *out = (ChatReply){.result = chat->last, .form = FORM_JSON};
    return true;
}

static bool do_csv(Arena *arena, Chat *chat, const char *argument, ChatReply *out, Err *err) {
    const Answer *answer = NULL;
    if (!last_answer(chat, &answer, err)) return false;
    if (!answer->table) return err_set_code(err, ERR_USAGE, "NO_ROWS", "The last answer has no rows");
    if (text_is_empty(argument)) {
        *out = (ChatReply){.result = chat->last, .form = FORM_CSV};
        return true;
    }
    const char *path = argument, *home = getenv("HOME");
    if (text_starts(path, "~/") && home) path = file_join(arena, home, path + 2);
    if (file_info(path).kind != FILE_MISSING)
        return err_set_code(err, ERR_USAGE, "FILE_EXISTS", "%s exists already; name another file", text_printable(arena, path));
    const char *csv = answer_csv(arena, answer->table);
    if (!file_write_atomic(path, csv, strlen(csv), err)) return false;
    out->text = arena_printf(arena, "%s rows are in %s\n", text_count(arena, (long long)answer->table->row_count),
                             text_printable(arena, path));
    return true;
}

static bool do_back(Arena *arena, Chat *chat, const char *argument, ChatReply *out, Err *err) {
    (void)argument;
    return answer_line(arena, chat, "go back", out, err);
}

static bool do_reset(Arena *arena, Chat *chat, const char *argument, ChatReply *out, Err *err) {
    (void)argument;
    Conversation empty = {0};
    (void)err;
    keep_state(arena, chat, &empty);
    out->text = "What was asked before is forgotten.\n";
    return true;
}

static bool do_data(Arena *arena, Chat *chat, const char *argument, ChatReply *out, Err *err) {
    (void)argument;
    return answer_line(arena, chat, "what data do you have", out, err);
}

static bool do_quit(Arena *arena, Chat *chat, const char *argument, ChatReply *out, Err *err) {
    (void)arena, (void)chat, (void)argument, (void)err;
    out->end = true;
    return true;
}

static const ChatCommand commands[] = {{"help", NULL, "this list", do_help},
                                       {"data", NULL, "what is loaded", do_data},
                                       {"sql", NULL, "the SQL of the last answer", do_sql},
                                       {"plan", NULL, "how the last question was understood, as JSON", do_plan},
                                       {"json", NULL, "the last answer as JSON", do_json},
                                       {"csv", "FILE", "the rows of the last answer as CSV, into a new file", do_csv},
                                       {"back", NULL, "to the answer before the last one", do_back},
                                       {"reset", NULL, "start over: forget what was asked", do_reset},
                                       {"quit", NULL, "end (so does Ctrl-D)", do_quit},
                                       {0}};

static bool run_command(Arena *arena, Chat *chat, const char *line, ChatReply *out, Err *err) {
    size_t size = strcspn(line, " \t");
    const char *name = arena_text_n(arena, line, size), *argument = text_trim(arena, line + size);
    if (text_equal(name, "exit")) name = "quit";
    for (const ChatCommand *command = commands; command->name; command++) {
        if (!text_equal_fold(command->name, name)) continue;
        if (*argument && !command->argument)
            return err_set_code(err, ERR_USAGE, "UNKNOWN_COMMAND", "/%s takes nothing after it", command->name);
        return command->run(arena, chat, argument, out, err);
    }
    return err_set_code(err, ERR_USAGE, "UNKNOWN_COMMAND", "There is no command “/%.60s”; /help lists them",
                        text_printable(arena, name));
}

bool chat_say(Arena *arena, Chat *chat, const char *line, ChatReply *out, Err *err) {
    *out = (ChatReply){0};
    if (!text_is_utf8(line, strlen(line))) return err_set(err, ERR_USAGE, "That is not valid UTF-8 text; type it again");
    const char *text = text_trim(arena, line);
    if (!*text) return true;
    if (*text == '/') return run_command(arena, chat, text + 1, out, err);
    return answer_line(arena, chat, text, out, err);
}

/* --- completion --- */

size_t chat_complete(Arena *arena, Chat *chat, const char *line, size_t *from, const char **texts, size_t room) {
    size_t count = 0;
    *from = 0;
    if (*line == '/') {
        for (const ChatCommand *command = commands; command->name && count < room; command++)
            if (text_starts_fold(command->name, line + 1)) texts[count++] = arena_printf(arena, "/%s", command->name);
        return count;
    }
    Catalog *catalog = NULL;
    if (!first_catalog(chat, &catalog)) return 0;
    return question_complete(arena, catalog, line, from, texts, room);
}

bool op_chat(Arena *arena, const OpContext *context, const OpCall *call, OpResult *out, Err *err) {
    (void)arena, (void)context, (void)call, (void)out;
    return err_set(err, ERR_USAGE, "chat goes on from line to line; only the command line can do that");
}
