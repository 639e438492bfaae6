/* Anthropic's Messages API. Format: "Messages" and "Streaming messages" in Anthropic's API reference, version 2026-10-21. That version knows
 * no temperature any more: who sets one is served by the version before, 2023-06-01, which is otherwise the same here. */

#include "base/limits.h"
#include "base/text.h"
#include "io/aws_sign.h"
#include "io/llm_wire.h"

static void write_part(Json *content, const LlmPart *part) {
    Json *block = json_add_object(content);
    switch (part->kind) {
    case LLM_TEXT:
        json_put_text(block, "type", "text");
        json_put_text(block, "text", part->text);
        break;
    case LLM_TOOL_CALL:
        json_put_text(block, "type", "tool_use");
        json_put_text(block, "id", part->id);
        json_put_text(block, "name", part->name);
        if (part->input)
            json_put_shared(block, "input", part->input);
        else
            json_put_object(block, "input");
        break;
    case LLM_TOOL_RESULT:
        json_put_text(block, "type", "tool_result");
        json_put_text(block, "tool_use_id", part->id);
        json_put_text(block, "content", part->text);
        if (part->is_error) json_put_bool(block, "is_error", true);
        break;
    }
}

static void write_tools(Json *body, const LlmTurn *turn) {
    const LlmRequest *request = turn->request;
    if (!request->tool_count) return;
    Json *tools = json_put_array(body, "tools");
    for (size_t i = 0; i < request->tool_count; i++) {
        Json *tool = json_add_object(tools);
        json_put_text(tool, "name", request->tools[i].name);
        json_put_text(tool, "description", request->tools[i].description);
        json_put_shared(tool, "input_schema", request->tools[i].schema);
    }
    const char *forced = turn->quirks.no_tool_choice ? NULL : request->forced_tool;
    Json *choice = json_put_object(body, "tool_choice");
    json_put_text(choice, "type", !forced ? "auto" : *forced ? "tool" : "any");
    if (forced && *forced) json_put_text(choice, "name", forced);
}

static bool has_temperature(const LlmTurn *turn) {
    return turn->config->temperature && !turn->quirks.no_temperature;
}

static Json *write(const LlmTurn *turn) {
    const LlmRequest *request = turn->request;
    Json *body = json_make_object(turn->arena);
    json_put_text(body, "model", turn->model);
    json_put_integer(body, "max_tokens", request->max_tokens ? request->max_tokens : turn->config->max_tokens);
    if (has_temperature(turn)) json_put_number(body, "temperature", turn->config->temperature);
    if (!text_is_empty(request->system)) json_put_text(body, "system", request->system);
    Json *messages = json_put_array(body, "messages");
    for (size_t i = 0; i < request->message_count; i++) {
        Json *message = json_add_object(messages);
        json_put_text(message, "role", request->messages[i].role == LLM_USER ? "user" : "assistant");
        Json *content = json_put_array(message, "content");
        for (size_t k = 0; k < request->messages[i].part_count; k++) write_part(content, &request->messages[i].parts[k]);
    }
    write_tools(body, turn);
    if (turn->streams) json_put_bool(body, "stream", true);
    return body;
}

static const char *base_of(Arena *arena, const LlmConfig *config) {
    /* Written with or without the version at its end, as other tools take it either way. */
    return text_ends(config->endpoint, "/v1") ? config->endpoint : arena_printf(arena, "%s/v1", config->endpoint);
}

static void address(const LlmTurn *turn, HttpRequest *out) {
    HttpHeader *headers = arena_array(turn->arena, 2, sizeof *headers);
    headers[0] = (HttpHeader){"Content-Type", "application/json"};
    headers[1] = (HttpHeader){"anthropic-version", has_temperature(turn) ? "2023-06-01" : "2026-10-21"};
    out->method = "POST";
    out->url = arena_printf(turn->arena, "%s/messages", base_of(turn->arena, turn->config));
    out->headers = headers;
    out->header_count = 2;
}

static void read_usage(LlmDraft *draft, const Json *usage) {
    if (!usage) return;
    const long long input = json_get_integer(usage, "input_tokens", -1);
    if (input >= 0)
        draft->input_tokens = input + json_get_integer(usage, "cache_creation_input_tokens", 0) +
                              json_get_integer(usage, "cache_read_input_tokens", 0);
    draft->output_tokens = json_get_integer(usage, "output_tokens", draft->output_tokens);
}

static void read_end(LlmDraft *draft, const char *reason) {
    static const LlmEndName ends[] = {{"end_turn", LLM_END},
                                      {"stop_sequence", LLM_END},
                                      {"tool_use", LLM_CALLS_TOOLS},
                                      {"max_tokens", LLM_CUT_BY_LIMIT},
                                      {"model_context_window_exceeded", LLM_CUT_BY_LIMIT},
                                      {"refusal", LLM_FILTERED}};
    llm_draft_end(draft, reason, ends, sizeof ends / sizeof *ends);
}

/* A block of an answer, and the beginning of one in a stream, where the input of a call is still empty. */
static bool read_block(LlmDraft *draft, long long index, const Json *block, bool is_whole, Err *err) {
    const char *type = json_get_text(block, "type");
    if (text_equal(type, "text")) return llm_draft_text(draft, json_get_text(block, "text"), err);
    if (!text_equal(type, "tool_use")) return true; /* thinking, and what later versions add */
    return llm_draft_call(draft, index, json_get_text(block, "id"), json_get_text(block, "name"), err) &&
           (!is_whole || llm_draft_input(draft, index, json_write(draft->arena, json_get(block, "input"), false), err));
}

static bool is_no_answer(Err *err) {
    return err_set_code(err, ERR_INPUT, "LLM_MALFORMED",
                        "what the server answered is no message of the Messages API; check the endpoint");
}

static bool read(LlmDraft *draft, const Json *answer, Err *err) {
    const Json *content = json_get(answer, "content");
    if (json_kind(content) != JSON_ARRAY) return is_no_answer(err);
    llm_draft_model(draft, answer);
    read_usage(draft, json_get(answer, "usage"));
    read_end(draft, json_get_text(answer, "stop_reason"));
    for (size_t i = 0; i < json_count(content); i++)
        if (!read_block(draft, (long long)i, json_at(content, i), true, err)) return false;
    draft->is_whole = true;
    return true;
}

static bool read_delta(LlmDraft *draft, const Json *event, Err *err) {
    const Json *delta = json_get(event, "delta");
    const char *type = json_get_text(delta, "type");
    const long long index = json_get_integer(event, "index", -1);
    if (text_equal(type, "text_delta")) return llm_draft_text(draft, json_get_text(delta, "text"), err);
    /* Tools of the server's own stream their input too. */
    if (text_equal(type, "input_json_delta") && llm_draft_has_call(draft, index))
        return llm_draft_input(draft, index, json_get_text(delta, "partial_json"), err);
    return true;
}

static bool read_event(LlmDraft *draft, const char *name, const char *data, size_t size, Err *err) {
    (void)name;
    Json *event = NULL;
    if (!json_parse(draft->arena, data, size, &event, err)) return false;
    const char *type = json_get_text(event, "type");
    if (text_equal(type, "message_start")) {
        llm_draft_model(draft, json_get(event, "message"));
        read_usage(draft, json_get(json_get(event, "message"), "usage"));
    } else if (text_equal(type, "content_block_start"))
        return read_block(draft, json_get_integer(event, "index", -1), json_get(event, "content_block"), false, err);
    else if (text_equal(type, "content_block_delta"))
        return read_delta(draft, event, err);
    else if (text_equal(type, "message_delta")) {
        read_end(draft, json_get_text(json_get(event, "delta"), "stop_reason"));
        read_usage(draft, json_get(event, "usage"));
    } else if (text_equal(type, "message_stop"))
        draft->is_whole = true;
    else if (text_equal(type, "error")) {
        const Json *error = json_get(event, "error");
        return llm_draft_fault(draft, json_get_text(error, "type"), json_get_text(error, "message"), err);
    }
    return true;
}

static const char *models_address(Arena *arena, const LlmConfig *config, int part, const char *page) {
    if (part > 0) return NULL;
    return arena_printf(arena, "%s/models?limit=1000%s%s", base_of(arena, config), page ? "&after_id=" : "",
                        page ? aws_percent_encode(arena, page, NULL) : "");
}

static const char *models_read(Arena *arena, int part, const Json *answer, Json *out) {
    (void)part, (void)arena;
    const Json *data = json_get(answer, "data");
    for (size_t i = 0; i < json_count(data); i++) {
        Json *model = json_add_object(out);
        json_put_text(model, "id", json_get_text(json_at(data, i), "id"));
        json_put_text(model, "name", json_get_text(json_at(data, i), "display_name"));
    }
    return json_get_bool(answer, "has_more", false) ? json_get_text(answer, "last_id") : NULL;
}

const LlmWire llm_anthropic = {.name = "anthropic",
                               .frames = LLM_FRAMES_SSE,
                               .write = write,
                               .address = address,
                               .read = read,
                               .read_event = read_event,
                               .models_address = models_address,
                               .models_read = models_read};
