/* question/patch.h: what the words of a follow-up change in the plan before. Inside the room only.
 *
 * A follow-up either modifies the plan (another value, a breakdown, another period: patch_modify) or asks another shape within the same
 * scope ("why?", "how much is that per day": patch_shape). Both leave what was not spoken of as it was; both refuse what they cannot
 * apply, so that no word is passed over. */
#ifndef CURLEW_QUESTION_PATCH_H
#define CURLEW_QUESTION_PATCH_H

#include "question/conversation.h"
#include "question/cue.h"
#include "question/interpret.h"

typedef struct {
    const Cues *cues;
    const Plan *base; /* the plan before, narrowed to what the words refer to */
    const ConversationKeys *keys;
    const char *member; /* dimension that "which one" asks for; NULL */
} Patch;

/* A modification under way. */
typedef struct {
    Interpretation *in;
    const Patch *patch;
    const Frame *frame; /* of `in` */
    Plan *plan;         /* of `in`: a copy of the base */
} Change;

/* UNSUPPORTED_SHAPE with a sentence; false. */
bool change_refuse(Change *change, const char *message);

/* Filters and concepts. */
bool change_conditions(Change *change);

/* A PlanMaker with a Patch as its context. */
bool patch_make(Interpretation *in, const void *patch);

bool patch_modify(Interpretation *in, const Patch *patch);
bool patch_shape(Interpretation *in, const Patch *patch);

/* Intent, ranking and yes-or-no as groups and grain of a changed plan demand. */
void patch_settle(Plan *plan);

/* The base of a follow-up: a copy of `previous` narrowed to the rows that the cues refer to. False with what is wrong in `message`. */
bool refer_apply(Arena *arena, const Catalog *catalog, const Cues *cues, const ConversationKeys *keys, Plan *plan,
                 const char **message);
/* Keeps the rows of the answer, all of them, as a condition: their ranking and thresholds have been applied. False when they are
 * not all known, or not by one dimension. */
bool refer_keep_rows(Arena *arena, const Catalog *catalog, const ConversationKeys *keys, Plan *plan);

/* What the two plans have in common, and in what the second is another one, in words; "" when nothing. */
const char *change_kept(Arena *arena, const Catalog *catalog, const Plan *before, const Plan *after);
const char *change_made(Arena *arena, const Catalog *catalog, const Plan *before, const Plan *after);

/* Small changes of plans. */
void plan_drop_filter(Plan *plan, size_t at);
void plan_drop_concept(Plan *plan, size_t at);
void plan_drop_group(Plan *plan, size_t at);
/* Forgets what was assumed about `field`: it was said now. */
void plan_drop_assumptions(Plan *plan, const char *field);
bool plan_groups_by(const Plan *plan, const char *dimension);
/* The period that is asked about: of a comparison its current side. */
PlanTime plan_period(const Plan *plan);

#endif
