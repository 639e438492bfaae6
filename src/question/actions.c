/* question/actions.c: the vocabulary of actions that lexicon and grammar rows share, see question/frame.h.
 *
 * Most actions turn what a merged phrase holds (a dimension, a number, a comparison word) into a part of the plan. An unmerged action
 * looks at the phrase's parts instead: two periods, two numbers. */
#include <string.h>

#include "base/text.h"
#include "question/action.h"

struct FrameAction {
    const ActionKind *kind;
    const char *argument;
    const FrameAction *next;
};

/* The number that a list of names gives to `name`, or -1. */
int act_index(const char *const *names, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++)
        if (text_equal(names[i], name)) return (int)i;
    return -1;
}

bool act_add_condition(Frame *frame, Condition condition) {
    if (frame->condition_count >= FRAME_CONDITIONS) return false;
    frame->conditions[frame->condition_count++] = condition;
    return true;
}

/* A value that does not exist keeps its refusal, whatever is said around it. */
bool act_settle_refusal(Frame *out) {
    out->dimension = NULL;
    out->plural = false;
    return true;
}

static const ActionKind *kind_named(const char *name) {
    static const ActionKind *const TABLES[] = {ACTIONS_OF_WORDS, ACTIONS_OF_PHRASES, ACTIONS_OF_COMPARISONS};
    for (size_t t = 0; t < sizeof TABLES / sizeof *TABLES; t++)
        for (const ActionKind *kind = TABLES[t]; kind->name; kind++)
            if (text_equal(kind->name, name)) return kind;
    return NULL;
}

const FrameAction *frame_action(Arena *arena, const char *text) {
    static const FrameAction NOTHING = {.kind = NULL};
    if (text_is_empty(text)) return &NOTHING;
    size_t count = 0;
    const char **parts = text_split(arena, text, ';', &count);
    const FrameAction *next = NULL;
    for (size_t i = count; i-- > 0;) {
        const char *equals = strchr(parts[i], '=');
        const char *name = equals ? arena_text_n(arena, parts[i], (size_t)(equals - parts[i])) : parts[i];
        const ActionKind *kind = kind_named(name);
        if (!kind) return NULL;
        FrameAction *action = arena_alloc(arena, sizeof *action);
        *action = (FrameAction){.kind = kind, .argument = equals ? equals + 1 : "", .next = next};
        next = action;
    }
    return next;
}

bool frame_same_action(const FrameAction *a, const FrameAction *b) {
    while (a && b && a != b) {
        if (a->kind != b->kind || !text_equal(a->argument, b->argument)) return false;
        a = a->next;
        b = b->next;
    }
    return a == b;
}

bool frame_act(const FrameContext *context, const FrameAction *actions, const Frame *const *parts, size_t count, Frame *out) {
    Act act = {.context = context, .parts = parts, .count = count, .out = out};
    bool merged = !actions->kind || !actions->kind->unmerged;
    if (count == 0 || !merged) {
        memset(out, 0, sizeof *out);
    } else {
        *out = *parts[0];
        for (size_t i = 1; i < count; i++) {
            Frame both;
            if (!frame_merge(context, out, parts[i], &both)) return false;
            *out = both;
        }
    }
    for (const FrameAction *action = actions; action && action->kind; action = action->next)
        if (!action->kind->run(&act, action->argument)) return false;
    return true;
}
