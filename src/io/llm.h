/* io/llm.h: one turn with a large language model, whoever serves it.
 *
 * A conversation is a list of messages made of parts (text, calls of tools, their results). Each provider (io/llm_<name>.c) writes it in its
 * own wire format and reads the answer back into parts; what a model says is data, checked by who asked. Secrets (keys, tokens) stay
 * inside the provider: no message, log or prompt carries one. */
#ifndef CURLEW_IO_LLM_H
#define CURLEW_IO_LLM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"

typedef enum { LLM_USER, LLM_ASSISTANT } LlmRole;
typedef enum { LLM_TEXT, LLM_TOOL_CALL, LLM_TOOL_RESULT } LlmPartKind;

typedef struct {
    LlmPartKind kind;
    const char *text;  /* of TEXT and TOOL_RESULT */
    const char *id;    /* of TOOL_CALL and TOOL_RESULT: which call */
    const char *name;  /* of TOOL_CALL: the tool */
    const Json *input; /* of TOOL_CALL: an object; NULL when the model wrote no valid JSON (then `text` holds what it wrote) */
    bool is_error;     /* of TOOL_RESULT */
} LlmPart;

typedef struct {
    LlmRole role;
    const LlmPart *parts;
    size_t part_count;
} LlmMessage;

typedef struct {
    const char *name;
    const char *description;
    const Json *schema; /* JSON Schema of its input, an object */
} LlmTool;

typedef struct {
    const char *system;
    const LlmMessage *messages;
    size_t message_count;
    const LlmTool *tools;
    size_t tool_count;
    const char *forced_tool; /* the one tool that must be called; "" = any tool, but one; NULL = the model chooses */
    int max_tokens;          /* 0 = the configured limit */
    int timeout_ms;          /* from beginning to end, retries included; 0 = the configured limit */
    const volatile bool *stop;
    /* Text as it arrives (already decoded UTF-8); NULL: the answer comes at once (no streaming). */
    void (*each_text)(void *context, const char *text);
    void *context;
} LlmRequest;

typedef enum { LLM_END, LLM_CALLS_TOOLS, LLM_CUT_BY_LIMIT, LLM_FILTERED, LLM_OTHER_END } LlmEnd;

typedef struct {
    const LlmPart *parts;
    size_t part_count;
    LlmEnd end;
    const char *model; /* as the provider names it */
    long long input_tokens, output_tokens;
    int tries; /* requests sent, 1 without throttling */
    double seconds;
} LlmReply;

/* What is configured; see io/llm_config.h for where it comes from. */
typedef struct LlmProvider LlmProvider;
struct LlmProvider {
    const char *name;     /* "bedrock", "anthropic", "openai" */
    const char *model;    /* id, inference profile or ARN */
    const char *endpoint; /* address of the server, without secrets: for messages and `doctor` */
    void *state;
    /* Sends `request` and waits. ERR_IO (nobody there, broken off), ERR_TIMEOUT, ERR_CANCELLED, ERR_REFUSED (no access, wrong key, unknown
     * model), ERR_LIMIT (throttled after all retries, answer too long), ERR_INPUT (the provider's answer is none): one sentence that says
     * what to do. */
    bool (*converse)(LlmProvider *self, Arena *arena, const LlmRequest *request, LlmReply *out, Err *err);
    /* The ids of models that can be asked, as a JSON array of {"id","name"}. */
    bool (*models)(LlmProvider *self, Arena *arena, Json **out, Err *err);
};

/* The exact body that would be sent for `request`, pretty-printed: for --show-prompt and records. Works with no secrets at hand. */
const char *llm_show(Arena *arena, const LlmProvider *provider, const LlmRequest *request);

#endif
