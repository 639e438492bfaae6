/* question/action.h: what the actions of tables/lexicon.tsv and tables/grammar.tsv are made of. Inside the room only; how they are
 * called is question/frame.h. */
#ifndef CURLEW_QUESTION_ACTION_H
#define CURLEW_QUESTION_ACTION_H

#include "question/frame.h"

typedef struct {
    const FrameContext *context;
    const Frame *const *parts; /* of the phrase; none for a word */
    size_t count;
    Frame *out; /* the merged parts, or empty when the action is unmerged */
} Act;

/* A row of the vocabulary; false from `run` means that the phrase makes no sense. */
typedef struct {
    const char *name;
    bool (*run)(const Act *act, const char *argument);
    bool unmerged; /* looks at the parts, because they would contradict each other if merged */
} ActionKind;

/* Each ends with a row without a name. */
extern const ActionKind ACTIONS_OF_WORDS[], ACTIONS_OF_PHRASES[], ACTIONS_OF_COMPARISONS[];

/* The place of `name` in a list, or -1. */
int act_index(const char *const *names, size_t count, const char *name);
bool act_add_condition(Frame *frame, Condition condition);
bool act_set_measure(const Act *act, const char *measure);
/* A value that does not exist keeps its refusal, whatever is said around it. */
bool act_settle_refusal(Frame *out);
/* "how many GB": a quantity, not a count of things. */
bool act_drop_count(Frame *out);

#endif
