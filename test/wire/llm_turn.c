/* One turn with the configured language model, for test/check-llm-wire.mjs: a request as JSON on standard input, the reply on standard output.
 *
 * {"system", "messages": [{"role", "parts": [{"text"} | {"call": {"id", "name", "input"}} | {"result": {"id", "text", "error"}}]}],
 *  "tools": [{"name", "description", "schema"}], "forced", "max_tokens", "timeout_ms", "stream": true, "stop_after_ms"}; the argument
 * "models" lists models, "show" prints the body; "record=FILE" and "replay=FILE" are what the options of commands are. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "base/text.h"
#include "io/llm_config.h"

enum { INPUT_BYTES = 4 << 20 };

static volatile bool stop_asked;

static void *stop_later(void *context) {
    const long ms = *(const long *)context;
    const struct timespec nap = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    nanosleep(&nap, NULL);
    stop_asked = true;
    return NULL;
}

static void hear(void *context, const char *text) {
    json_add_text(context, text);
}

static LlmPart read_part(const Json *json) {
    const Json *call = json_get(json, "call"), *result = json_get(json, "result"), *from = call ? call : result;
    if (!from) return (LlmPart){.kind = LLM_TEXT, .text = json_get_text(json, "text")};
    return (LlmPart){.kind = call ? LLM_TOOL_CALL : LLM_TOOL_RESULT,
                     .id = json_get_text(from, "id"),
                     .name = json_get_text(from, "name"),
                     .text = json_get_text(from, "text"),
                     .input = json_get(from, "input"),
                     .is_error = json_get_bool(from, "error", false)};
}

static LlmRequest read_request(Arena *arena, const Json *json) {
    const Json *messages = json_get(json, "messages"), *tools = json_get(json, "tools");
    LlmMessage *list = arena_array(arena, json_count(messages) + 1, sizeof *list);
    LlmTool *offered = arena_array(arena, json_count(tools) + 1, sizeof *offered);
    for (size_t i = 0; i < json_count(messages); i++) {
        const Json *from = json_get(json_at(messages, i), "parts");
        LlmPart *parts = arena_array(arena, json_count(from) + 1, sizeof *parts);
        for (size_t k = 0; k < json_count(from); k++) parts[k] = read_part(json_at(from, k));
        const bool user = text_equal(json_get_text(json_at(messages, i), "role"), "user");
        list[i] = (LlmMessage){user ? LLM_USER : LLM_ASSISTANT, parts, json_count(from)};
    }
    for (size_t i = 0; i < json_count(tools); i++)
        offered[i] = (LlmTool){json_get_text(json_at(tools, i), "name"), json_get_text(json_at(tools, i), "description"),
                               json_get(json_at(tools, i), "schema")};
    return (LlmRequest){.system = json_get_text(json, "system"),
                        .messages = list,
                        .message_count = json_count(messages),
                        .tools = offered,
                        .tool_count = json_count(tools),
                        .forced_tool = json_get_text(json, "forced"),
                        .max_tokens = (int)json_get_integer(json, "max_tokens", 0),
                        .timeout_ms = (int)json_get_integer(json, "timeout_ms", 0),
                        .stop = &stop_asked};
}

static void write_reply(Json *out, const LlmReply *reply) {
    static const char *const ends[] = {"end", "calls_tools", "cut_by_limit", "filtered", "other"};
    Json *parts = json_put_array(out, "parts");
    for (size_t i = 0; i < reply->part_count; i++) {
        const LlmPart *part = &reply->parts[i];
        Json *one = json_add_object(parts);
        if (part->kind == LLM_TEXT) {
            json_put_text(one, "text", part->text);
            continue;
        }
        Json *call = json_put_object(one, "call");
        json_put_text(call, "id", part->id);
        json_put_text(call, "name", part->name);
        if (part->input)
            json_put_shared(call, "input", part->input);
        else
            json_put_text(call, "raw", part->text);
    }
    json_put_text(out, "end", ends[reply->end]);
    json_put_text(out, "model", reply->model);
    json_put_integer(out, "input_tokens", reply->input_tokens);
    json_put_integer(out, "output_tokens", reply->output_tokens);
    json_put_integer(out, "tries", reply->tries);
}

static bool converse(Arena *arena, LlmProvider *provider, const Json *json, bool shows, Json *out, Err *err) {
    LlmRequest request = read_request(arena, json);
    LlmReply reply = {0};
    long stop_after_ms = (long)json_get_integer(json, "stop_after_ms", 0);
    pthread_t stopper;
    if (json_get_bool(json, "stream", false)) {
        request.each_text = hear;
        request.context = json_put_array(out, "heard");
    }
    if (shows) {
        fputs(llm_show(arena, provider, &request), stdout);
        return true;
    }
    if (stop_after_ms && pthread_create(&stopper, NULL, stop_later, &stop_after_ms) == 0) pthread_detach(stopper);
    if (!provider) return err_set(err, ERR_USAGE, "no language model is configured");
    if (!provider->converse(provider, arena, &request, &reply, err)) return false;
    write_reply(out, &reply);
    return true;
}

int main(int argc, char **argv) {
    Arena *arena = arena_make();
    LlmChoice choice = {0};
    LlmProvider *provider = NULL;
    Json *json = NULL, *out = json_make_object(arena), *models = NULL;
    Err err = {0};
    bool lists = false, shows = false;
    for (int i = 1; i < argc; i++) {
        lists = lists || text_equal(argv[i], "models");
        shows = shows || text_equal(argv[i], "show");
        if (text_starts(argv[i], "record=")) choice.record = argv[i] + 7;
        if (text_starts(argv[i], "replay=")) choice.replay = argv[i] + 7;
    }
    char *text = arena_alloc(arena, INPUT_BYTES);
    const size_t size = lists ? 0 : fread(text, 1, INPUT_BYTES - 1, stdin);
    bool done = (lists || json_parse(arena, text, size, &json, &err)) && llm_open_chosen(arena, &choice, &provider, &err);
    if (done && lists) {
        done = provider->models(provider, arena, &models, &err) && llm_settle(provider, &err);
        if (done) json_put(out, "models", models);
        if (done) json_put_text(out, "model", provider->model);
    } else if (done)
        done = converse(arena, provider, json, shows, out, &err);
    if (!done) {
        Json *failure = json_put_object(out, "error");
        json_put_text(failure, "kind", err_kind_name(err.kind));
        json_put_text(failure, "code", err.code);
        json_put_text(failure, "message", err.message);
    }
    if (!shows) puts(json_write(arena, out, false));
    arena_free(arena);
    return done ? 0 : 1;
}
