/* The chat completions that OpenAI, Azure, Ollama, llama.cpp, vLLM and many others speak. Format: "Create chat completion" in OpenAI's API
 * reference; Azure's addresses from "Azure OpenAI REST API reference". */

#include "base/limits.h"
#include "base/text.h"
#include "io/aws_sign.h"
#include "io/llm_wire.h"

static void write_calls(const LlmTurn *turn, Json *entry, const LlmMessage *message) {
    Json *calls = NULL;
    for (size_t i = 0; i < message->part_count; i++) {
        const LlmPart *part = &message->parts[i];
        if (part->kind != LLM_TOOL_CALL) continue;
        if (!calls) calls = json_put_array(entry, "tool_calls");
        Json *call = json_add_object(calls);
        json_put_text(call, "id", part->id);
        json_put_text(call, "type", "function");
        Json *function = json_put_object(call, "function");
        json_put_text(function, "name", part->name);
        json_put_text(function, "arguments", part->input ? json_write(turn->arena, part->input, false) : "{}");
    }
}

/* Text parts are one text here, results messages of their own, before what the user says beside them. */
static void write_message(const LlmTurn *turn, Json *messages, const LlmMessage *message) {
    Buffer text = {.arena = turn->arena};
    bool has_text = false, has_calls = false;
    for (size_t i = 0; i < message->part_count; i++) {
        const LlmPart *part = &message->parts[i];
        if (part->kind == LLM_TEXT) {
            buffer_printf(&text, "%s%s", has_text ? "\n" : "", part->text);
            has_text = true;
        }
        has_calls = has_calls || part->kind == LLM_TOOL_CALL;
        if (part->kind != LLM_TOOL_RESULT) continue;
        Json *result = json_add_object(messages);
        json_put_text(result, "role", "tool");
        json_put_text(result, "tool_call_id", part->id);
        json_put_text(result, "content", part->is_error ? arena_printf(turn->arena, "Error: %s", part->text) : part->text);
    }
    if (!has_text && !has_calls) return;
    Json *entry = json_add_object(messages);
    json_put_text(entry, "role", message->role == LLM_USER ? "user" : "assistant");
    json_put_text(entry, "content", has_text ? buffer_text(&text) : NULL);
    write_calls(turn, entry, message);
}

static void write_tools(Json *body, const LlmTurn *turn) {
    const LlmRequest *request = turn->request;
    if (!request->tool_count) return;
    Json *tools = json_put_array(body, "tools");
    for (size_t i = 0; i < request->tool_count; i++) {
        Json *tool = json_add_object(tools);
        json_put_text(tool, "type", "function");
        Json *function = json_put_object(tool, "function");
        json_put_text(function, "name", request->tools[i].name);
        json_put_text(function, "description", request->tools[i].description);
        json_put_shared(function, "parameters", request->tools[i].schema);
    }
    const char *forced = request->forced_tool;
    if (turn->quirks.no_tool_choice) return;
    if (!forced || !*forced) {
        json_put_text(body, "tool_choice", forced ? "required" : "auto");
        return;
    }
    Json *choice = json_put_object(body, "tool_choice");
    json_put_text(choice, "type", "function");
    json_put_text(json_put_object(choice, "function"), "name", forced);
}

static Json *write(const LlmTurn *turn) {
    const LlmRequest *request = turn->request;
    Json *body = json_make_object(turn->arena);
    json_put_text(body, "model", turn->model);
    Json *messages = json_put_array(body, "messages");
    if (!text_is_empty(request->system)) {
        Json *system = json_add_object(messages);
        json_put_text(system, "role", "system");
        json_put_text(system, "content", request->system);
    }
    for (size_t i = 0; i < request->message_count; i++) write_message(turn, messages, &request->messages[i]);
    json_put_integer(body, turn->quirks.completion_tokens ? "max_completion_tokens" : "max_tokens",
                     request->max_tokens ? request->max_tokens : turn->config->max_tokens);
    if (turn->config->temperature && !turn->quirks.no_temperature)
        json_put_number(body, "temperature", turn->config->temperature);
    write_tools(body, turn);
    if (turn->streams) {
        json_put_bool(body, "stream", true);
        if (!turn->quirks.no_stream_options) json_put_bool(json_put_object(body, "stream_options"), "include_usage", true);
    }
    return body;
}

static const HttpHeader json_headers[] = {{"Content-Type", "application/json"}};

static const char *azure_version(Arena *arena, const LlmConfig *config) {
    return arena_printf(arena, "?api-version=%s", aws_percent_encode(arena, config->api_version, NULL));
}

static void address(const LlmTurn *turn, HttpRequest *out) {
    Arena *arena = turn->arena;
    const LlmConfig *config = turn->config;
    out->method = "POST";
    out->url = config->api_version ? arena_printf(arena, "%s/deployments/%s/chat/completions%s", config->endpoint,
                                                  aws_percent_encode(arena, turn->model, NULL), azure_version(arena, config))
                                   : arena_printf(arena, "%s/chat/completions", config->endpoint);
    out->headers = json_headers;
    out->header_count = 1;
}

static void read_usage(LlmDraft *draft, const Json *usage) {
    draft->input_tokens = json_get_integer(usage, "prompt_tokens", draft->input_tokens);
    draft->output_tokens = json_get_integer(usage, "completion_tokens", draft->output_tokens);
}

static void read_end(LlmDraft *draft, const char *reason) {
    static const LlmEndName ends[] = {{"stop", LLM_END},
                                      {"tool_calls", LLM_CALLS_TOOLS},
                                      {"function_call", LLM_CALLS_TOOLS},
                                      {"length", LLM_CUT_BY_LIMIT},
                                      {"content_filter", LLM_FILTERED}};
    llm_draft_end(draft, reason, ends, sizeof ends / sizeof *ends);
}

/* The message of an answer or the piece of one: both list calls alike, a piece numbers them. Some servers give the arguments as an object. */
static bool read_message(LlmDraft *draft, const Json *message, Err *err) {
    const Json *content = json_get(message, "content"), *calls = json_get(message, "tool_calls");
    if (json_kind(content) == JSON_TEXT && !llm_draft_text(draft, json_text(content), err)) return false;
    if (!llm_draft_text(draft, json_get_text(message, "refusal"), err)) return false;
    for (size_t i = 0; i < json_count(calls); i++) {
        const Json *call = json_at(calls, i), *function = json_get(call, "function");
        const Json *arguments = json_get(function, "arguments");
        const long long index = json_get_integer(call, "index", (long long)i);
        const char *name = json_get_text(function, "name");
        if (!llm_draft_has_call(draft, index) && !llm_draft_call(draft, index, json_get_text(call, "id"), name, err))
            return false;
        const char *text =
            json_kind(arguments) == JSON_OBJECT ? json_write(draft->arena, arguments, false) : json_text(arguments);
        if (!llm_draft_input(draft, index, text, err)) return false;
    }
    return true;
}

static bool read(LlmDraft *draft, const Json *answer, Err *err) {
    const Json *choice = json_at(json_get(answer, "choices"), 0), *message = json_get(choice, "message");
    if (!message)
        return err_set_code(err, ERR_INPUT, "LLM_MALFORMED",
                            "what the server answered is no chat completion; check the endpoint (it often ends with /v1)");
    llm_draft_model(draft, answer);
    read_usage(draft, json_get(answer, "usage"));
    read_end(draft, json_get_text(choice, "finish_reason"));
    draft->is_whole = true;
    return read_message(draft, message, err);
}

static bool read_event(LlmDraft *draft, const char *name, const char *data, size_t size, Err *err) {
    (void)name;
    Json *event = NULL;
    if (text_equal(data, "[DONE]")) return draft->is_whole = true;
    if (!json_parse(draft->arena, data, size, &event, err)) return false;
    const Json *error = json_get(event, "error");
    if (error && json_kind(error) != JSON_NULL) {
        const char *code = json_get_text(error, "code"), *type = json_get_text(error, "type");
        return llm_draft_fault(draft, text_is_empty(code) ? type : code,
                               json_text(error) ? json_text(error) : json_get_text(error, "message"), err);
    }
    llm_draft_model(draft, event);
    if (json_kind(json_get(event, "usage")) == JSON_OBJECT) read_usage(draft, json_get(event, "usage"));
    const Json *choice = json_at(json_get(event, "choices"), 0);
    const char *reason = json_get_text(choice, "finish_reason");
    read_end(draft, reason);
    draft->is_whole = draft->is_whole || !text_is_empty(reason); /* not every server says [DONE] */
    return read_message(draft, json_get(choice, "delta"), err);
}

static const char *models_address(Arena *arena, const LlmConfig *config, int part, const char *page) {
    if (part > 0 || page) return NULL;
    return arena_printf(arena, "%s/models%s", config->endpoint, config->api_version ? azure_version(arena, config) : "");
}

static const char *models_read(Arena *arena, int part, const Json *answer, Json *out) {
    (void)part, (void)arena;
    const Json *data = json_get(answer, "data");
    for (size_t i = 0; i < json_count(data); i++) {
        Json *model = json_add_object(out);
        json_put_text(model, "id", json_get_text(json_at(data, i), "id"));
        json_put_text(model, "name", json_get_text(json_at(data, i), "id"));
    }
    return NULL;
}

const LlmWire llm_openai = {.name = "openai",
                            .frames = LLM_FRAMES_SSE,
                            .write = write,
                            .address = address,
                            .read = read,
                            .read_event = read_event,
                            .models_address = models_address,
                            .models_read = models_read};
