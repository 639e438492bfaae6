#include "io/llm.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "io/aws_call.h"
#include "io/llm_config.h"
#include "io/llm_wire.h"

static const LlmWire *wire_of(const char *provider) {
    const LlmWire *const all[] = {&llm_bedrock, &llm_anthropic, &llm_openai};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (text_equal(all[i]->name, provider)) return all[i];
    return NULL;
}

static void end_state(void *handle) {
    LlmState *state = handle;
    pthread_mutex_destroy(&state->lock);
}

bool llm_open(Arena *arena, const LlmConfig *config, LlmProvider **out, Err *err) {
    *out = NULL;
    if (config->replay) return llm_replay_open(arena, config->replay, out, err);
    if (!config->provider) return true;
    LlmProvider *provider = arena_alloc(arena, sizeof *provider);
    LlmState *state = arena_alloc(arena, sizeof *state);
    *state = (LlmState){.wire = wire_of(config->provider), .config = *config, .provider = provider, .arena = arena};
    state->is_settled = config->model != NULL;
    state->quirks.completion_tokens = strstr(config->endpoint, "://api.openai.com") != NULL;
    pthread_mutex_init(&state->lock, NULL);
    arena_on_free(arena, end_state, state);
    *provider = (LlmProvider){.name = config->provider,
                              .model = config->model ? config->model : llm_models_fallback(arena, config->provider),
                              .endpoint = config->endpoint,
                              .state = state,
                              .converse = llm_exchange_converse,
                              .models = llm_exchange_models};
    *out = provider;
    return !config->record || llm_record_open(arena, provider, config->record, out, err);
}

bool llm_open_chosen(Arena *arena, const LlmChoice *choice, LlmProvider **out, Err *err) {
    LlmConfig *config = arena_alloc(arena, sizeof *config);
    return llm_config_read(arena, choice, config, err) && llm_open(arena, config, out, err);
}

bool llm_settle(LlmProvider *provider, Err *err) {
    if (provider->converse != llm_exchange_converse) return true;
    LlmState *state = provider->state;
    pthread_mutex_lock(&state->lock);
    const bool settled = state->is_settled;
    pthread_mutex_unlock(&state->lock);
    if (settled) return true;
    Arena *arena = arena_make();
    Json *models = NULL;
    Err unlisted = {0};
    const bool listed = provider->models(provider, arena, &models, &unlisted);
    /* Who may not list may still ask; who cannot be reached or known fails the same way with a question. */
    const bool forbidden = text_equal(unlisted.code, "LLM_NO_ACCESS") || text_equal(unlisted.code, "LLM_NO_MODEL");
    if (listed || forbidden) {
        const char *chosen = listed ? llm_models_choose(arena, &state->config, models) : provider->model;
        pthread_mutex_lock(&state->lock);
        if (!state->is_settled) provider->model = arena_text(state->arena, chosen);
        state->is_settled = true;
        pthread_mutex_unlock(&state->lock);
    }
    arena_free(arena);
    return listed || forbidden || err_set_code(err, unlisted.kind, unlisted.code, "%s", unlisted.message);
}

static void add_header(Arena *arena, HttpRequest *request, const char *name, const char *value) {
    HttpHeader *headers = arena_array(arena, request->header_count + 1, sizeof *headers);
    for (size_t i = 0; i < request->header_count; i++) headers[i] = request->headers[i];
    headers[request->header_count++] = (HttpHeader){name, value};
    request->headers = headers;
}

/* The region that the model's ARN names, else the configured one: a request elsewhere would not find it. */
static bool sign(LlmState *state, Arena *arena, HttpRequest *request, Err *err) {
    pthread_mutex_lock(&state->lock);
    const bool found = aws_credentials_are_fresh(&state->credentials) ||
                       aws_credentials_find(state->arena, state->config.profile, &state->credentials, err);
    const AwsKeys keys = state->credentials.keys;
    if (found) state->config.key_source = state->credentials.source;
    pthread_mutex_unlock(&state->lock);
    return found && aws_sign_http(arena, request, state->config.region, "bedrock", &keys, err);
}

bool llm_authorise(LlmState *state, Arena *arena, HttpRequest *request, Err *err) {
    const char *key = state->config.key;
    switch (state->config.key_kind) {
    case LLM_KEY_NONE: return true;
    case LLM_KEY_BEARER: add_header(arena, request, "Authorization", arena_printf(arena, "Bearer %s", key)); return true;
    case LLM_KEY_X_API_KEY: add_header(arena, request, "x-api-key", key); return true;
    case LLM_KEY_AZURE: add_header(arena, request, "api-key", key); return true;
    case LLM_KEY_AWS: return sign(state, arena, request, err);
    }
    return true;
}

const char *llm_show(Arena *arena, const LlmProvider *provider, const LlmRequest *request) {
    /* A replayed or recorded provider, or none: Anthropic's format, the plainest to read. */
    const LlmWire *wire = provider ? wire_of(provider->name) : NULL;
    const LlmConfig plain = {.max_tokens = LLM_MAX_TOKENS, .temperature = "0"};
    const bool has_state = provider && provider->converse == llm_exchange_converse;
    const LlmState *state = has_state ? provider->state : NULL;
    const LlmTurn turn = {.arena = arena,
                          .config = state ? &state->config : &plain,
                          .request = request,
                          .model = provider && provider->model ? provider->model : "(none is configured)",
                          .quirks = state ? state->quirks : (LlmQuirks){0},
                          .streams = request->each_text != NULL};
    return json_write(arena, (wire ? wire : &llm_anthropic)->write(&turn), true);
}
