/* Amazon Bedrock's Converse and ConverseStream. Format: "Converse", "ConverseStream", "ListFoundationModels" and "ListInferenceProfiles" in the
 * Bedrock API reference. */

#include "base/limits.h"
#include "base/text.h"
#include "io/aws_sign.h"
#include "io/llm_wire.h"

static void write_part(Json *content, const LlmPart *part) {
    Json *block = json_add_object(content);
    if (part->kind == LLM_TEXT) {
        json_put_text(block, "text", part->text);
        return;
    }
    Json *inner = json_put_object(block, part->kind == LLM_TOOL_CALL ? "toolUse" : "toolResult");
    json_put_text(inner, "toolUseId", part->id);
    if (part->kind == LLM_TOOL_RESULT) {
        json_put_text(json_add_object(json_put_array(inner, "content")), "text", part->text);
        if (part->is_error) json_put_text(inner, "status", "error");
        return;
    }
    json_put_text(inner, "name", part->name);
    if (part->input)
        json_put_shared(inner, "input", part->input);
    else
        json_put_object(inner, "input");
}

static void write_tools(Json *body, const LlmTurn *turn) {
    const LlmRequest *request = turn->request;
    if (!request->tool_count) return;
    Json *config = json_put_object(body, "toolConfig");
    Json *tools = json_put_array(config, "tools");
    for (size_t i = 0; i < request->tool_count; i++) {
        Json *spec = json_put_object(json_add_object(tools), "toolSpec");
        json_put_text(spec, "name", request->tools[i].name);
        json_put_text(spec, "description", request->tools[i].description);
        json_put_shared(json_put_object(spec, "inputSchema"), "json", request->tools[i].schema);
    }
    if (turn->quirks.no_tool_choice) return;
    const char *forced = request->forced_tool;
    Json *choice = json_put_object(config, "toolChoice");
    Json *kind = json_put_object(choice, !forced ? "auto" : *forced ? "tool" : "any");
    if (forced && *forced) json_put_text(kind, "name", forced);
}

static Json *write(const LlmTurn *turn) {
    const LlmRequest *request = turn->request;
    Json *body = json_make_object(turn->arena);
    Json *messages = json_put_array(body, "messages");
    for (size_t i = 0; i < request->message_count; i++) {
        Json *message = json_add_object(messages);
        json_put_text(message, "role", request->messages[i].role == LLM_USER ? "user" : "assistant");
        Json *content = json_put_array(message, "content");
        for (size_t k = 0; k < request->messages[i].part_count; k++) write_part(content, &request->messages[i].parts[k]);
    }
    if (!text_is_empty(request->system))
        json_put_text(json_add_object(json_put_array(body, "system")), "text", request->system);
    Json *inference = json_put_object(body, "inferenceConfig");
    json_put_integer(inference, "maxTokens", request->max_tokens ? request->max_tokens : turn->config->max_tokens);
    if (turn->config->temperature && !turn->quirks.no_temperature)
        json_put_number(inference, "temperature", turn->config->temperature);
    write_tools(body, turn);
    return body;
}

static const HttpHeader json_headers[] = {{"Content-Type", "application/json"}};

static void address(const LlmTurn *turn, HttpRequest *out) {
    out->method = "POST";
    out->url = arena_printf(turn->arena, "%s/model/%s/converse%s", turn->config->endpoint,
                            aws_percent_encode(turn->arena, turn->model, NULL), turn->streams ? "-stream" : "");
    out->headers = json_headers;
    out->header_count = 1;
}

static void read_usage(LlmDraft *draft, const Json *usage) {
    draft->input_tokens = json_get_integer(usage, "inputTokens", draft->input_tokens) +
                          json_get_integer(usage, "cacheReadInputTokens", 0) +
                          json_get_integer(usage, "cacheWriteInputTokens", 0);
    draft->output_tokens = json_get_integer(usage, "outputTokens", draft->output_tokens);
}

static void read_end(LlmDraft *draft, const char *reason) {
    static const LlmEndName ends[] = {{"end_turn", LLM_END},
                                      {"stop_sequence", LLM_END},
                                      {"tool_use", LLM_CALLS_TOOLS},
                                      {"max_tokens", LLM_CUT_BY_LIMIT},
                                      {"model_context_window_exceeded", LLM_CUT_BY_LIMIT},
                                      {"guardrail_intervened", LLM_FILTERED},
                                      {"content_filtered", LLM_FILTERED}};
    llm_draft_end(draft, reason, ends, sizeof ends / sizeof *ends);
}

static bool read_block(LlmDraft *draft, long long index, const Json *block, Err *err) {
    const Json *call = json_get(block, "toolUse");
    if (!call) return llm_draft_text(draft, json_get_text(block, "text"), err);
    return llm_draft_call(draft, index, json_get_text(call, "toolUseId"), json_get_text(call, "name"), err) &&
           llm_draft_input(draft, index, json_write(draft->arena, json_get(call, "input"), false), err);
}

static bool read(LlmDraft *draft, const Json *answer, Err *err) {
    const Json *content = json_get(json_get(json_get(answer, "output"), "message"), "content");
    if (json_kind(content) != JSON_ARRAY)
        return err_set_code(err, ERR_INPUT, "LLM_MALFORMED",
                            "what the server answered is no message of Bedrock; check the endpoint");
    read_usage(draft, json_get(answer, "usage"));
    read_end(draft, json_get_text(answer, "stopReason"));
    for (size_t i = 0; i < json_count(content); i++)
        if (!read_block(draft, (long long)i, json_at(content, i), err)) return false;
    draft->is_whole = true;
    return true;
}

static bool read_event(LlmDraft *draft, const char *name, const char *data, size_t size, Err *err) {
    Json *event = NULL;
    if (!json_parse(draft->arena, data, size, &event, err)) return false;
    const long long index = json_get_integer(event, "contentBlockIndex", -1);
    if (text_equal(name, "contentBlockStart")) {
        const Json *call = json_get(json_get(event, "start"), "toolUse");
        return !call || llm_draft_call(draft, index, json_get_text(call, "toolUseId"), json_get_text(call, "name"), err);
    }
    if (text_equal(name, "contentBlockDelta")) {
        const Json *delta = json_get(event, "delta"), *call = json_get(delta, "toolUse");
        return call ? llm_draft_input(draft, index, json_get_text(call, "input"), err)
                    : llm_draft_text(draft, json_get_text(delta, "text"), err);
    }
    if (text_equal(name, "messageStop")) {
        read_end(draft, json_get_text(event, "stopReason"));
        draft->is_whole = true;
    }
    if (text_equal(name, "metadata")) read_usage(draft, json_get(event, "usage"));
    return true;
}

/* Two lists: inference profiles, by which the newer models are asked, and the models that can be asked directly. */
static const char *models_address(Arena *arena, const LlmConfig *config, int part, const char *page) {
    const char *base = aws_endpoint_find(arena, config->profile, "bedrock");
    if (!base && config->has_own_endpoint) base = config->endpoint;
    if (!base) base = aws_endpoint_usual(arena, "bedrock", config->region);
    if (part == 0)
        return arena_printf(arena, "%s/inference-profiles?maxResults=1000%s%s", base, page ? "&nextToken=" : "",
                            page ? aws_percent_encode(arena, page, NULL) : "");
    return part == 1 && !page ? arena_printf(arena, "%s/foundation-models?byOutputModality=TEXT", base) : NULL;
}

static bool can_be_asked(const Json *model) {
    const Json *ways = json_get(model, "inferenceTypesSupported");
    const char *status = json_get_text(json_get(model, "modelLifecycle"), "status");
    for (size_t i = 0; i < json_count(ways); i++)
        if (text_equal(json_text(json_at(ways, i)), "ON_DEMAND")) return !status || text_equal(status, "ACTIVE");
    return false;
}

static const char *models_read(Arena *arena, int part, const Json *answer, Json *out) {
    (void)arena;
    const Json *list = json_get(answer, part == 0 ? "inferenceProfileSummaries" : "modelSummaries");
    for (size_t i = 0; i < json_count(list); i++) {
        const Json *one = json_at(list, i);
        if (part == 0 ? !text_equal(json_get_text(one, "status"), "ACTIVE") : !can_be_asked(one)) continue;
        /* A profile of the account's own is asked by its ARN. */
        const bool own = text_equal(json_get_text(one, "type"), "APPLICATION");
        Json *model = json_add_object(out);
        json_put_text(model, "id",
                      json_get_text(one, own         ? "inferenceProfileArn"
                                         : part == 0 ? "inferenceProfileId"
                                                     : "modelId"));
        json_put_text(model, "name", json_get_text(one, part == 0 ? "inferenceProfileName" : "modelName"));
    }
    return part == 0 ? json_get_text(answer, "nextToken") : NULL;
}

const LlmWire llm_bedrock = {.name = "bedrock",
                             .frames = LLM_FRAMES_AWS,
                             .write = write,
                             .address = address,
                             .read = read,
                             .read_event = read_event,
                             .models_address = models_address,
                             .models_read = models_read};
