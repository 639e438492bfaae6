/* io/llm_wire.h: what the wire formats of providers (io/llm_bedrock.c, io/llm_anthropic.c, io/llm_openai.c) are to io/llm_exchange.c, which sends. */
#ifndef CURLEW_IO_LLM_WIRE_H
#define CURLEW_IO_LLM_WIRE_H

#include <pthread.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "io/aws_credentials.h"
#include "io/http.h"
#include "io/llm.h"
#include "io/llm_config.h"
#include "io/llm_draft.h"

/* What a server has refused and is not sent again: models and servers of different ages take different fields. */
typedef struct {
    bool no_temperature;    /* models that reason choose it themselves */
    bool completion_tokens; /* "max_completion_tokens" in place of "max_tokens" */
    bool no_stream_options;
    bool no_tool_choice; /* a forced tool becomes the model's choice; who asked looks at what came */
    bool no_streaming;   /* models that call tools only in one piece */
} LlmQuirks;

typedef struct LlmWire LlmWire;

typedef struct {
    const LlmWire *wire;
    LlmConfig config;
    LlmProvider *provider;
    Arena *arena;
    /* What follows is learned on the way, by any thread. */
    pthread_mutex_t lock;
    LlmQuirks quirks;
    AwsCredentials credentials;
    bool is_settled;
} LlmState;

/* One turn as it is written. */
typedef struct {
    Arena *arena;
    const LlmConfig *config;
    const LlmRequest *request;
    const char *model;
    LlmQuirks quirks;
    bool streams;
} LlmTurn;

typedef enum { LLM_FRAMES_SSE, LLM_FRAMES_AWS } LlmFrames;

typedef struct {
    const char *name, *message; /* of the error, as the server says it; never NULL */
} LlmFault;

struct LlmWire {
    const char *name;
    LlmFrames frames;
    /* The body. */
    Json *(*write)(const LlmTurn *turn);
    /* Where it goes: method, address and headers but the key's. */
    void (*address)(const LlmTurn *turn, HttpRequest *out);
    /* A whole answer, and one event of a stream. ERR_INPUT when it is none. */
    bool (*read)(LlmDraft *draft, const Json *answer, Err *err);
    bool (*read_event)(LlmDraft *draft, const char *event, const char *data, size_t size, Err *err);
    /* The list of models: each page's address (`page` what the page before gave, NULL first; `part` counts lists that follow each other), NULL
     * when there is no more; and what stands on it, added to `out`; gives the next page or NULL. */
    const char *(*models_address)(Arena *arena, const LlmConfig *config, int part, const char *page);
    const char *(*models_read)(Arena *arena, int part, const Json *answer, Json *out);
};

extern const LlmWire llm_bedrock, llm_anthropic, llm_openai;

/* Adds key or signature. Signs anew for each try. */
bool llm_authorise(LlmState *state, Arena *arena, HttpRequest *request, Err *err);

/* llm_exchange.c: the functions of LlmProvider. */
bool llm_exchange_converse(LlmProvider *self, Arena *arena, const LlmRequest *request, LlmReply *out, Err *err);
bool llm_exchange_models(LlmProvider *self, Arena *arena, Json **out, Err *err);

/* llm_fault.c: what went wrong in words; a key that the server repeats is taken out. Sets `err` with one of the codes LLM_KEY, LLM_NO_ACCESS, LLM_NO_MODEL, LLM_TOO_LONG,
 * LLM_THROTTLED, LLM_DOWN, LLM_REFUSED. */
bool llm_fault_set(Arena *arena, const LlmState *state, int status, const LlmFault *fault, Err *err);
/* Reads an answer that is no 2xx, of any of the formats. */
LlmFault llm_fault_read(Arena *arena, const HttpResponse *response);
/* Whether the same may be sent again after a while: by status (0 within a stream), else by the error's name. */
bool llm_fault_passes(int status, const char *name);

/* llm_models.c: the one of `models` that tables/llm_models.tsv prefers for `provider`; its fallback when there is none. */
const char *llm_models_choose(Arena *arena, const LlmConfig *config, const Json *models);
const char *llm_models_fallback(Arena *arena, const char *provider);

/* llm_record.c: `provider` whose turns are written to a file, or a provider that reads them from one. */
bool llm_record_open(Arena *arena, LlmProvider *provider, const char *path, LlmProvider **out, Err *err);
bool llm_replay_open(Arena *arena, const char *path, LlmProvider **out, Err *err);

#endif
