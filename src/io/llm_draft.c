#include "io/llm_draft.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"

typedef struct {
    LlmPartKind kind;
    long long index;
    const char *id, *name;
    Buffer text; /* what was said, or the JSON of a call */
} Piece;

struct LlmDraftParts {
    Piece pieces[LLM_PARTS];
    size_t count, size_bytes;
};

LlmDraft *llm_draft_make(Arena *arena, const LlmRequest *request) {
    LlmDraft *draft = arena_alloc(arena, sizeof *draft);
    draft->arena = arena;
    draft->request = request;
    draft->parts = arena_alloc(arena, sizeof *draft->parts);
    draft->end = LLM_OTHER_END;
    return draft;
}

static bool count_bytes(LlmDraft *draft, const char *text, Err *err) {
    draft->parts->size_bytes += strlen(text);
    if (draft->parts->size_bytes <= LLM_ANSWER_BYTES) return true;
    return err_set_code(err, ERR_LIMIT, "LLM_TOO_LONG", "the model's answer is longer than %zu KB; it was not read further",
                        LLM_ANSWER_BYTES >> 10);
}

static Piece *begin(LlmDraft *draft, LlmPartKind kind, Err *err) {
    if (draft->parts->count == LLM_PARTS) {
        err_set_code(err, ERR_LIMIT, "LLM_TOO_LONG", "the model's answer has more than %d parts; it was not read further",
                     LLM_PARTS);
        return NULL;
    }
    Piece *piece = &draft->parts->pieces[draft->parts->count++];
    *piece = (Piece){.kind = kind, .text = {.arena = draft->arena}};
    return piece;
}

bool llm_draft_text(LlmDraft *draft, const char *text, Err *err) {
    if (text_is_empty(text)) return true;
    if (!count_bytes(draft, text, err)) return false;
    LlmDraftParts *parts = draft->parts;
    Piece *last = parts->count ? &parts->pieces[parts->count - 1] : NULL;
    if (!last || last->kind != LLM_TEXT) last = begin(draft, LLM_TEXT, err);
    if (!last) return false;
    buffer_add(&last->text, text);
    if (draft->request->each_text) {
        draft->has_told = true;
        draft->request->each_text(draft->request->context, text);
    }
    return true;
}

static Piece *find_call(const LlmDraft *draft, long long index) {
    for (size_t i = draft->parts->count; i-- > 0;) {
        Piece *piece = &draft->parts->pieces[i];
        if (piece->kind == LLM_TOOL_CALL && piece->index == index) return piece;
    }
    return NULL;
}

bool llm_draft_has_call(const LlmDraft *draft, long long index) {
    return find_call(draft, index) != NULL;
}

bool llm_draft_call(LlmDraft *draft, long long index, const char *id, const char *name, Err *err) {
    if (text_is_empty(name))
        return err_set_code(err, ERR_INPUT, "LLM_MALFORMED", "the model calls a tool without a name; ask again");
    if (!count_bytes(draft, name, err) || !count_bytes(draft, id ? id : "", err)) return false;
    Piece *piece = begin(draft, LLM_TOOL_CALL, err);
    if (!piece) return false;
    piece->index = index;
    /* Some servers give calls no id, and every result must name one. */
    piece->id = text_is_empty(id) ? arena_printf(draft->arena, "call_%zu", draft->parts->count) : arena_text(draft->arena, id);
    piece->name = arena_text(draft->arena, name);
    return true;
}

bool llm_draft_input(LlmDraft *draft, long long index, const char *text, Err *err) {
    Piece *piece = find_call(draft, index);
    if (!text) return true;
    if (!piece)
        return err_set_code(err, ERR_INPUT, "LLM_MALFORMED",
                            "the model's answer holds the input of a tool that it did not call; ask again");
    if (!count_bytes(draft, text, err)) return false;
    buffer_add(&piece->text, text);
    return true;
}

void llm_draft_end(LlmDraft *draft, const char *reason, const LlmEndName *names, size_t count) {
    if (text_is_empty(reason)) return;
    draft->end = LLM_OTHER_END;
    for (size_t i = 0; i < count; i++)
        if (text_equal(reason, names[i].reason)) draft->end = names[i].end;
}

void llm_draft_model(LlmDraft *draft, const Json *holder) {
    const char *model = json_get_text(holder, "model");
    if (!text_is_empty(model)) draft->model = arena_text(draft->arena, model);
}

bool llm_draft_fault(LlmDraft *draft, const char *name, const char *message, Err *err) {
    draft->fault_name = arena_text(draft->arena, name ? name : "");
    draft->fault_message = arena_text(draft->arena, message ? message : "");
    return err_set_code(err, ERR_IO, "LLM_DOWN", "the model's server gave up in the middle of its answer; try again");
}

static LlmPart part_of(const LlmDraft *draft, const Piece *piece) {
    LlmPart part = {.kind = piece->kind, .text = buffer_text(&piece->text), .id = piece->id, .name = piece->name};
    if (piece->kind == LLM_TEXT) return part;
    Err unread = {0};
    Json *input = NULL;
    /* A call without arguments may have no input at all. */
    const char *text = piece->text.size ? part.text : "{}";
    if (json_parse(draft->arena, text, strlen(text), &input, &unread) && json_kind(input) == JSON_OBJECT) part.input = input;
    return part;
}

void llm_draft_finish(const LlmDraft *draft, LlmReply *out) {
    const LlmDraftParts *from = draft->parts;
    LlmPart *parts = arena_array(draft->arena, from->count + 1, sizeof *parts);
    bool calls = false;
    for (size_t i = 0; i < from->count; i++) {
        parts[i] = part_of(draft, &from->pieces[i]);
        calls = calls || parts[i].kind == LLM_TOOL_CALL;
    }
    *out = (LlmReply){.parts = parts,
                      .part_count = from->count,
                      .end = draft->end,
                      .model = draft->model,
                      .input_tokens = draft->input_tokens,
                      .output_tokens = draft->output_tokens};
    /* Servers that are told which tool to call name that end like any other. */
    if (calls && out->end == LLM_END) out->end = LLM_CALLS_TOOLS;
}
