/* Turns written to a file, one JSON object a line, and read from there instead of asking anybody: so that a person with an account can keep runs
 * for tests. A line: {"request": the body without a model's name, "reply": {…}} or {"request": …, "error": {…}}. Bodies hold no keys. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "base/text.h"
#include "io/file.h"
#include "io/llm_wire.h"

typedef struct {
    LlmProvider *real;
    const char *path;
    pthread_mutex_t lock;
} Recorder;

typedef struct {
    const char **requests; /* each line's, serialised */
    const Json **turns;
    bool *used;
    size_t count;
    pthread_mutex_t lock;
} Replayer;

static void end_recorder(void *handle) {
    pthread_mutex_destroy(&((Recorder *)handle)->lock);
}

static void end_replayer(void *handle) {
    pthread_mutex_destroy(&((Replayer *)handle)->lock);
}

/* The same turn of whatever provider and model: Anthropic's form of it, without streaming. */
static const char *request_text(Arena *arena, const LlmRequest *request) {
    const LlmConfig plain = {.max_tokens = LLM_MAX_TOKENS, .temperature = "0"};
    const LlmTurn turn = {.arena = arena, .config = &plain, .request = request, .model = ""};
    return json_write(arena, llm_anthropic.write(&turn), false);
}

static const char *const end_names[] = {"end", "calls_tools", "cut_by_limit", "filtered", "other"};

static void put_reply(Json *line, const LlmReply *reply) {
    Json *out = json_put_object(line, "reply"), *parts = json_put_array(out, "parts");
    for (size_t i = 0; i < reply->part_count; i++) {
        const LlmPart *part = &reply->parts[i];
        Json *one = json_add_object(parts);
        if (part->kind == LLM_TEXT || !part->input) json_put_text(one, "text", part->text);
        if (part->kind == LLM_TEXT) continue;
        json_put_text(one, "id", part->id);
        json_put_text(one, "name", part->name);
        if (part->input) json_put_shared(one, "input", part->input);
    }
    json_put_text(out, "end", end_names[reply->end]);
    json_put_text(out, "model", reply->model);
    json_put_integer(out, "input_tokens", reply->input_tokens);
    json_put_integer(out, "output_tokens", reply->output_tokens);
}

static bool append(const char *path, const char *line, Err *err) {
    const bool is_new = file_info(path).kind == FILE_MISSING;
    FILE *file = fopen(path, "ae");
    if (!file) return err_set(err, ERR_IO, "the record %s cannot be written; choose another place", path);
    if (is_new && fchmod(fileno(file), 0600) != 0) clearerr(file);
    const bool written = fprintf(file, "%s\n", line) > 0;
    return (fclose(file) == 0 && written) || err_set(err, ERR_IO, "the record %s cannot be written; is the disk full?", path);
}

static bool record_converse(LlmProvider *self, Arena *arena, const LlmRequest *request, LlmReply *out, Err *err) {
    Recorder *recorder = self->state;
    Err unwritten = {0};
    const bool done = recorder->real->converse(recorder->real, arena, request, out, err);
    self->model = recorder->real->model;
    Json *line = json_make_object(arena), *body = NULL;
    const char *text = request_text(arena, request);
    if (json_parse(arena, text, strlen(text), &body, &unwritten)) json_put(line, "request", body);
    if (done)
        put_reply(line, out);
    else {
        Json *failure = json_put_object(line, "error");
        json_put_text(failure, "kind", err_kind_name(err->kind));
        json_put_text(failure, "code", err->code);
        json_put_text(failure, "message", err->message);
    }
    pthread_mutex_lock(&recorder->lock);
    const bool kept = append(recorder->path, json_write(arena, line, false), &unwritten);
    pthread_mutex_unlock(&recorder->lock);
    return done && (kept || err_set(err, unwritten.kind, "%s", unwritten.message));
}

static bool record_models(LlmProvider *self, Arena *arena, Json **out, Err *err) {
    Recorder *recorder = self->state;
    return recorder->real->models(recorder->real, arena, out, err);
}

bool llm_record_open(Arena *arena, LlmProvider *provider, const char *path, LlmProvider **out, Err *err) {
    (void)err;
    Recorder *recorder = arena_alloc(arena, sizeof *recorder);
    *recorder = (Recorder){.real = provider, .path = path};
    pthread_mutex_init(&recorder->lock, NULL);
    arena_on_free(arena, end_recorder, recorder);
    LlmProvider *wrapper = arena_alloc(arena, sizeof *wrapper);
    *wrapper = (LlmProvider){.name = provider->name,
                             .model = provider->model,
                             .endpoint = provider->endpoint,
                             .state = recorder,
                             .converse = record_converse,
                             .models = record_models};
    *out = wrapper;
    return true;
}

/* --- replay --- */

static void read_parts(Arena *arena, const Json *list, LlmReply *out) {
    LlmPart *parts = arena_array(arena, json_count(list) + 1, sizeof *parts);
    for (size_t i = 0; i < json_count(list); i++) {
        const Json *one = json_at(list, i);
        const char *text = json_get_text(one, "text");
        parts[i] = (LlmPart){.kind = json_has(one, "name") ? LLM_TOOL_CALL : LLM_TEXT,
                             .text = text ? text : "",
                             .id = json_get_text(one, "id"),
                             .name = json_get_text(one, "name"),
                             .input = json_get(one, "input")};
    }
    out->parts = parts;
    out->part_count = json_count(list);
}

static bool give_turn(Arena *arena, const LlmRequest *request, const Json *turn, LlmReply *out, Err *err) {
    const Json *reply = json_get(turn, "reply"), *failure = json_get(turn, "error");
    if (!reply) {
        const char *kind = json_get_text(failure, "kind"), *code = json_get_text(failure, "code");
        const char *message = json_get_text(failure, "message");
        ErrKind as = ERR_IO;
        for (int i = ERR_USAGE; i <= ERR_INTERNAL; i++)
            if (text_equal(kind, err_kind_name((ErrKind)i))) as = (ErrKind)i;
        return err_set_code(err, as, code ? code : "", "%s", message ? message : "the recorded turn failed");
    }
    *out = (LlmReply){.model = json_get_text(reply, "model"),
                      .input_tokens = json_get_integer(reply, "input_tokens", 0),
                      .output_tokens = json_get_integer(reply, "output_tokens", 0),
                      .tries = 1,
                      .end = LLM_OTHER_END};
    read_parts(arena, json_get(reply, "parts"), out);
    for (size_t i = 0; i < sizeof end_names / sizeof *end_names; i++)
        if (text_equal(json_get_text(reply, "end"), end_names[i])) out->end = (LlmEnd)i;
    for (size_t i = 0; i < out->part_count && request->each_text; i++)
        if (out->parts[i].kind == LLM_TEXT) request->each_text(request->context, out->parts[i].text);
    return true;
}

/* The first turn not yet given whose request is the same; in their order, so that a question asked twice gets both answers. */
static bool replay_converse(LlmProvider *self, Arena *arena, const LlmRequest *request, LlmReply *out, Err *err) {
    Replayer *replayer = self->state;
    const char *wanted = request_text(arena, request);
    size_t at = 0;
    pthread_mutex_lock(&replayer->lock);
    while (at < replayer->count && (replayer->used[at] || !text_equal(replayer->requests[at], wanted))) at++;
    if (at < replayer->count) replayer->used[at] = true;
    pthread_mutex_unlock(&replayer->lock);
    if (at < replayer->count) return give_turn(arena, request, replayer->turns[at], out, err);
    return err_set_code(err, ERR_NOT_FOUND, "LLM_NOT_RECORDED",
                        "the record holds no such turn with the model (again); record it anew with --llm-record");
}

static bool replay_models(LlmProvider *self, Arena *arena, Json **out, Err *err) {
    (void)err;
    *out = json_make_array(arena);
    Json *model = json_add_object(*out);
    json_put_text(model, "id", self->model);
    json_put_text(model, "name", "recorded");
    return true;
}

bool llm_replay_open(Arena *arena, const char *path, LlmProvider **out, Err *err) {
    char *text = NULL;
    size_t size = 0, lines = 0;
    if (!file_read(arena, path, LLM_RECORD_BYTES, &text, &size, err)) return false;
    const char **list = text_split(arena, text, '\n', &lines);
    Replayer *replayer = arena_alloc(arena, sizeof *replayer);
    replayer->requests = arena_array(arena, lines, sizeof *replayer->requests);
    replayer->turns = arena_array(arena, lines, sizeof *replayer->turns);
    replayer->used = arena_array(arena, lines, sizeof *replayer->used);
    for (size_t i = 0; i < lines; i++) {
        Json *turn = NULL;
        Err unread = {0};
        if (!*text_trim(arena, list[i])) continue;
        if (!json_parse(arena, list[i], strlen(list[i]), &turn, &unread) || !json_has(turn, "request"))
            return err_set(err, ERR_INPUT, "line %zu of the record %s is none; record it anew with --llm-record", i + 1,
                           text_printable(arena, path));
        replayer->requests[replayer->count] = json_write(arena, json_get(turn, "request"), false);
        replayer->turns[replayer->count++] = turn;
    }
    pthread_mutex_init(&replayer->lock, NULL);
    arena_on_free(arena, end_replayer, replayer);
    const char *model = replayer->count ? json_get_text(json_get(replayer->turns[0], "reply"), "model") : NULL;
    *out = arena_alloc(arena, sizeof **out);
    **out = (LlmProvider){.name = "replay",
                          .model = model ? model : "recorded",
                          .endpoint = text_printable(arena, path),
                          .state = replayer,
                          .converse = replay_converse,
                          .models = replay_models};
    return true;
}
