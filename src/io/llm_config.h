/* io/llm_config.h: which model is asked, from where on.
 *
 * Said first wins: options of the command, the environment (CURLEW_LLM…), the file $XDG_CONFIG_HOME/curlew/llm.json, the provider's own
 * variables (ANTHROPIC_API_KEY, OPENAI_BASE_URL, AZURE_OPENAI_ENDPOINT, AWS_REGION …). A provider is only ever chosen by name: that a key lies
 * about sends nothing anywhere. */
#ifndef CURLEW_IO_LLM_CONFIG_H
#define CURLEW_IO_LLM_CONFIG_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "io/llm.h"

/* What a command was told; NULL where it was not. */
typedef struct {
    const char *provider; /* --llm: "bedrock", "anthropic", "openai", "none" */
    const char *model;    /* --llm-model */
    const char *record;   /* --llm-record: a file that every turn is added to */
    const char *replay;   /* --llm-replay: a file that turns are answered from, with nobody called */
} LlmChoice;

typedef enum { LLM_KEY_NONE, LLM_KEY_BEARER, LLM_KEY_X_API_KEY, LLM_KEY_AZURE, LLM_KEY_AWS } LlmKeyKind;

typedef struct {
    const char *provider;         /* NULL: none is configured */
    const char *model;            /* NULL: the newest that fits is looked up with the first request */
    const char *endpoint;         /* address without a slash at the end */
    bool has_own_endpoint;        /* it was said to curlew, by itself */
    const char *region, *profile; /* of Bedrock */
    const char *api_version;      /* of Azure's deployments; NULL */
    const char *temperature;      /* decimal text; NULL = none is sent */
    int max_tokens, timeout_ms;
    LlmKeyKind key_kind;
    const char *key;             /* secret */
    const char *key_source;      /* "ANTHROPIC_API_KEY": the place's name, for `curlew llm`; NULL = no key */
    const char *provider_source; /* "--llm", "CURLEW_LLM", the file's path */
    const char *file;            /* where the file is, or would be */
    const char *record, *replay;
} LlmConfig;

/* ERR_INPUT for a value that is none (a number out of range, an address, an unknown provider); ERR_REFUSED for a file that holds a key and that others
 * can read. Calls nobody. */
bool llm_config_read(Arena *arena, const LlmChoice *choice, LlmConfig *out, Err *err);

/* The provider of `config`, NULL when none is configured. Calls nobody: keys, credentials and the model are looked up with the first request.
 * It lives as long as `arena` and may be asked by several threads. */
bool llm_open(Arena *arena, const LlmConfig *config, LlmProvider **out, Err *err);

/* Both in one step. */
bool llm_open_chosen(Arena *arena, const LlmChoice *choice, LlmProvider **out, Err *err);

/* Makes sure that `provider->model` names the model that is asked: looks it up where none was given (the newest of the class that
 * tables/llm_models.tsv prefers; the fallback there when the list cannot be had). Asking does it by itself. */
bool llm_settle(LlmProvider *provider, Err *err);

#endif
