/* io/llm_draft.h: a model's answer while it arrives, whole or piece by piece, in whatever format.
 *
 * The readers of the formats (io/llm_<name>.c) say what comes; here it is joined, counted against LLM_ANSWER_BYTES and told on. */
#ifndef CURLEW_IO_LLM_DRAFT_H
#define CURLEW_IO_LLM_DRAFT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "io/llm.h"

typedef struct LlmDraftParts LlmDraftParts;

typedef struct {
    Arena *arena;
    const LlmRequest *request;
    LlmDraftParts *parts;
    bool is_whole; /* the format's own mark of the end was seen */
    bool has_told; /* text went to `each_text`: the turn cannot be tried again unnoticed */
    LlmEnd end;
    const char *model; /* NULL until it is named */
    long long input_tokens, output_tokens;
    /* An error that the server tells in its stream, by name and message; NULL. */
    const char *fault_name, *fault_message;
} LlmDraft;

LlmDraft *llm_draft_make(Arena *arena, const LlmRequest *request);

/* More text. */
bool llm_draft_text(LlmDraft *draft, const char *text, Err *err);
/* A call of a tool begins; `index` is the number by which the stream speaks of it. */
bool llm_draft_call(LlmDraft *draft, long long index, const char *id, const char *name, Err *err);
/* More of the JSON text of a call's input; ERR_INPUT for a call that did not begin. */
bool llm_draft_input(LlmDraft *draft, long long index, const char *text, Err *err);
/* Why the model stopped, in the format's own word: the first of `count` names that is `reason`, LLM_OTHER_END for another word, nothing for none. */
typedef struct {
    const char *reason;
    LlmEnd end;
} LlmEndName;
void llm_draft_end(LlmDraft *draft, const char *reason, const LlmEndName *names, size_t count);
/* The model's name, if `holder` has a member "model". */
void llm_draft_model(LlmDraft *draft, const Json *holder);
/* The server gave up in the middle. Always false. */
bool llm_draft_fault(LlmDraft *draft, const char *name, const char *message, Err *err);
bool llm_draft_has_call(const LlmDraft *draft, long long index);

/* What became of it; `tries` and `seconds` are the caller's. */
void llm_draft_finish(const LlmDraft *draft, LlmReply *out);

#endif
