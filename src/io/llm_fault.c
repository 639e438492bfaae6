/* What went wrong with a turn, in words that say what to do. */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "io/aws_call.h"
#include "io/llm_wire.h"

LlmFault llm_fault_read(Arena *arena, const HttpResponse *response) {
    Err ignored = {0};
    Json *json = NULL;
    LlmFault fault = {"", ""};
    if (json_parse(arena, response->body, response->size, &json, &ignored)) {
        const Json *error = json_get(json, "error");
        const char *code = json_get_text(error, "code"), *type = json_get_text(error, "type");
        const char *message = json_text(error) ? json_text(error) : json_get_text(error, "message");
        fault = (LlmFault){code ? code : type ? type : "", message ? message : ""};
    }
    const AwsFault aws = aws_fault_read(arena, response);
    if (!*fault.name) fault.name = aws.name;
    if (!*fault.message) fault.message = aws.message;
    return fault;
}

bool llm_fault_passes(int status, const char *name) {
    static const int statuses[] = {408, 424, 429, 500, 502, 503, 504, 529};
    static const char *const names[] = {"rate_limit",       "overloaded",    "api_error",      "timeout",
                                        "server_error",     "throttling",    "unavailable",    "internalserver",
                                        "modelstreamerror", "modelnotready", "toomanyrequests"};
    if (text_contains_fold(name, "insufficient_quota")) return false;
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        if (status == statuses[i]) return true;
    for (size_t i = 0; i < sizeof names / sizeof *names && status == 0; i++)
        if (text_contains_fold(name, names[i])) return true;
    return false;
}

/* Every `secret` of a text as "…": servers like to repeat the key that they do not accept. */
static const char *without_secret(Arena *arena, const char *text, const char *secret) {
    if (text_is_empty(secret)) return text;
    Buffer out = {.arena = arena};
    for (const char *found = NULL; (found = strstr(text, secret)); text = found + strlen(secret)) {
        buffer_add_n(&out, text, (size_t)(found - text));
        buffer_add(&out, "…");
    }
    buffer_add(&out, text);
    return buffer_text(&out);
}

/* The first line of what the server says, fit to be shown, cut, with no key in it; also keys that are shortened ("sk-ab***xyz"). */
static const char *shown(Arena *arena, const LlmState *state, const char *message) {
    const char *const secrets[] = {state->config.key, state->credentials.keys.access_key_id,
                                   state->credentials.keys.secret_access_key, state->credentials.keys.session_token};
    const char *line = arena_text_n(arena, message, strcspn(message, "\r\n"));
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) line = without_secret(arena, line, secrets[i]);
    Buffer out = {.arena = arena};
    for (size_t size = 0; *line && out.size < LLM_FAULT_BYTES; line += size) {
        size = 1;
        if (text_starts(line, "sk-")) {
            size = strcspn(line, " ,;");
            buffer_add(&out, "…");
            continue;
        }
        text_code_point(line, &size);
        buffer_add_n(&out, line, size);
    }
    const char *printable = text_trim(arena, text_printable(arena, buffer_text(&out)));
    size_t end = strlen(printable);
    while (end && strchr(". ", printable[end - 1])) end--;
    return arena_text_n(arena, printable, end);
}

bool llm_fault_set(Arena *arena, const LlmState *state, int status, const LlmFault *fault, Err *err) {
    const LlmConfig *config = &state->config;
    const char *model = text_printable(arena, state->provider->model ? state->provider->model : "?");
    const char *said = shown(arena, state, *fault->message ? fault->message : fault->name), *name = config->provider;
    const char *quoted = *said ? arena_printf(arena, " (it says: %s)", said) : "";
    if (status == 401 || text_contains_fold(fault->name, "authentication") ||
        text_contains_fold(fault->name, "unrecognizedclient") || text_contains_fold(fault->name, "invalidsignature") ||
        text_contains_fold(fault->name, "expiredtoken"))
        return err_set_code(err, ERR_REFUSED, "LLM_KEY",
                            "%s does not accept the key from %s%s; check it with `curlew llm --check`", name,
                            config->key_source ? config->key_source : "nowhere", quoted);
    if (status == 403)
        return err_set_code(err, ERR_REFUSED, "LLM_NO_ACCESS",
                            "%s gives no access to the model %s%s; see `curlew llm --models`%s", name, model, quoted,
                            text_equal(name, "bedrock") ? " and `curlew setup-aws`" : "");
    if (status == 404 || text_contains_fold(fault->message, "model identifier is invalid"))
        return err_set_code(err, ERR_REFUSED, "LLM_NO_MODEL",
                            "%s has no model %s at %s%s; see `curlew llm --models`, and check the endpoint", name, model,
                            text_printable(arena, config->endpoint), quoted);
    if (status == 413)
        return err_set_code(err, ERR_LIMIT, "LLM_TOO_LONG", "what was asked is longer than the model %s takes%s", model,
                            quoted);
    if (status == 429 || status == 529 || text_contains_fold(fault->name, "throttling") ||
        text_contains_fold(fault->name, "overloaded") || text_contains_fold(fault->name, "rate_limit"))
        return err_set_code(err, ERR_LIMIT, "LLM_THROTTLED",
                            "%s takes no more requests at this moment%s; try again in some minutes", name, quoted);
    if (status >= 500 || status == 408 || status == 424 || status == 0)
        return err_set_code(err, ERR_IO, "LLM_DOWN", "%s at %s does not work at this moment (%s%d)%s; try again later", name,
                            text_printable(arena, config->endpoint), status ? "status " : "while it answered, status ",
                            status ? status : 200, quoted);
    if (status < 400)
        return err_set_code(err, ERR_INPUT, "LLM_MALFORMED",
                            "%s answers with status %d and no model's words; check the endpoint",
                            text_printable(arena, config->endpoint), status);
    return err_set_code(err, ERR_REFUSED, "LLM_REFUSED", "%s refuses what was asked of the model %s (status %d)%s", name, model,
                        status, quoted);
}
