/* question/follow.c: is it a follow-up, and of what; the contract is in question/understand.h.
 *
 * A question is a follow-up when a word says so (question/cue.h), or when alone it would be no question: no measure and no question
 * word. Then its words change the plan before (question/patch.h). A question without such words that says what it measures is
 * always read for itself, so that nothing of an earlier question slips into it. */
#include <string.h>

#include "base/text.h"
#include "question/cue.h"
#include "question/patch.h"
#include "question/reading.h"

typedef struct {
    Arena *arena;
    DuckSession *session;
    const Lexicon *lexicon;
    Day as_of;
    const Conversation *conversation;
    Cues cues;
    Plan *previous;               /* the last plan, NULL when there is none of this data set */
    const ConversationKeys *keys; /* of its answer */
    Reading *out;
} Follow;

static bool plain_maker(Interpretation *in, const void *context) {
    (void)context;
    return interpret(in);
}

static void decline(Reading *out, const char *code, const char *message) {
    *out = (Reading){.status = READING_DECLINED, .turn = TURN_FOLLOW, .code = code, .message = message};
}

/* --- does the question stand alone --- */

static bool says_more_than_measure(const Frame *frame) {
    return frame->condition_count || frame->group_count || frame->subject || frame->has_time || frame->has_before ||
           frame->rank.present || frame->having_count || frame->grain != GRAIN_NONE || frame->subject_grain != GRAIN_NONE ||
           frame->compare_dimension || frame->compare_measures || frame->calendar != CALENDAR_ALL || frame->agg != AGG_NONE ||
           frame->per || frame->over != GRAIN_NONE;
}

/* No measure and no question word: only with what was asked before it is a question. */
static bool is_elliptical(const Frame *frame) {
    const uint64_t heads = FLAG_COUNT | FLAG_LIST | FLAG_WHERE | FLAG_DEFINE | FLAG_FIRST | FLAG_LAST | FLAG_NEW | FLAG_GONE |
                           FLAG_ON | FLAG_WHEN | FLAG_ANOMALY | FLAG_FORECAST | FLAG_RUNRATE | FLAG_WOULD | FLAG_ANOMALY |
                           FLAG_FORECAST | FLAG_RUNRATE | FLAG_WOULD;
    const uint64_t changes = FLAG_GROW | FLAG_SHRINK | FLAG_CHANGE;
    if ((frame->flags & ~FLAG_LIST) == FLAG_COUNT && !says_more_than_measure(frame) && frame->measure_count == 0) return true;
    if (frame->meta || frame->refusal.code || frame_has(frame, heads)) return false;
    bool more = says_more_than_measure(frame);
    if (!more && !frame->flags && frame->measure_count == 0 && !frame->chart && !frame->rank_measure) return false;
    if (frame->measure_count > 0 || frame_has(frame, FLAG_USAGE)) return !more && !frame_has(frame, ~FLAG_USAGE);
    if (frame_has(frame, FLAG_COST)) return false;
    if (frame_has(frame, FLAG_SHARE) && frame->condition_count > 0) return false;
    if (frame_has(frame, FLAG_WHICH) && frame->subject) {
        bool more_said = frame->rank.present || frame->having_count || frame->condition_count;
        return !more_said && !frame_has(frame, changes | FLAG_SHARE);
    }
    return true;
}

/* "NAT gateway cost" names a thing with the word in it: the question says what it measures all the same. */
static bool says_cost(const Lexicon *lexicon, const Tokens *tokens, Arena *arena) {
    const int cost = grammar_symbol(lexicon->grammar, "COST"), how_much = grammar_symbol(lexicon->grammar, "HOWMUCH");
    for (size_t i = 0; i < tokens->count; i++) {
        Buffer key = {.arena = arena};
        lexicon_key(&key, tokens->items[i].norm);
        for (const LexiconEntry *entry = lexicon_find(lexicon, buffer_text(&key)); entry; entry = entry->next)
            if (entry->symbol == cost || entry->symbol == how_much) return true;
    }
    return false;
}

static bool names_thing(const Frame *frame) {
    for (size_t i = 0; i < frame->condition_count; i++)
        if (frame->conditions[i].concept) return true;
    return false;
}

/* --- the plan before --- */

static bool load_previous(Follow *follow, Err *err) {
    static const ConversationKeys NO_KEYS = {.complete = true};
    const ConversationTurn *turn = conversation_last(follow->conversation);
    follow->keys = &NO_KEYS;
    if (!turn || !text_equal(turn->dataset, follow->lexicon->catalog->dataset)) return true;
    if (!plan_read(follow->arena, follow->lexicon->catalog, turn->plan, &follow->previous, err)) return false;
    plan_drop_assumptions(follow->previous, "follow-up");
    plan_drop_assumptions(follow->previous, "words");
    follow->keys = &turn->keys;
    return true;
}

/* The plan of a follow-up must be one that can be answered, and says what of the plan before is in it. */
static void finish(Follow *follow) {
    Reading *out = follow->out;
    Err refusal = {0};
    out->turn = TURN_FOLLOW;
    if (out->status != READING_PLAN) return;
    if (!plan_check(follow->arena, follow->lexicon->catalog, out->plan, &refusal)) {
        decline(out, arena_text(follow->arena, refusal.code), arena_text(follow->arena, refusal.message));
        return;
    }
    if (!follow->previous) return;
    out->kept = change_kept(follow->arena, follow->lexicon->catalog, follow->previous, out->plan);
    out->changed = change_made(follow->arena, follow->lexicon->catalog, follow->previous, out->plan);
    const char *kept = text_is_empty(out->kept) ? "nothing" : out->kept,
               *changed = text_is_empty(out->changed) ? "nothing" : out->changed;
    plan_assume(follow->arena, out->plan, "follow-up", arena_printf(follow->arena, "kept: %s · changed: %s", kept, changed));
}

/* --- words onto the plan before --- */

/* The follow-up says nothing but its cue: "again", "the second one", "those". */
static void decide_without_words(Follow *follow, const Patch *patch, const FrameContext *context) {
    const Cues *cues = &follow->cues;
    bool says =
        cues->again || cues->ungroup || cues->unrank || cues->unfilter || cues->unshare || cues->reference != REFER_NONE;
    if (!says) {
        decline(follow->out, "NOT_A_QUERY",
                "That says nothing to change about the answer before. Say what, as in “only S3”, “by region” or “in August”.");
        return;
    }
    Interpretation in = {.arena = follow->arena, .catalog = follow->lexicon->catalog, .context = context};
    if (patch_modify(&in, patch)) {
        follow->out->status = READING_PLAN;
        follow->out->plan = in.plan;
        return;
    }
    decline(follow->out, in.refusal.code ? in.refusal.code : "UNSUPPORTED_SHAPE",
            in.message ? in.message : "That cannot be done with the answer before.");
}

/* "why?" after "which account grew the most", "which day was the highest": of the one that was found. */
static void refer_to_found(Follow *follow, const Parsed *parsed) {
    Cues *cues = &follow->cues;
    bool why = parsed && parsed->count && frame_has(&parsed->readings[0].frame, FLAG_WHY);
    if (!why || cues->reference > REFER_WHOLE || follow->keys->row_count != 1 || follow->keys->column_count == 0) return;
    if (!follow->previous->rank.present && follow->previous->intent != INTENT_STAT) return;
    cues->reference = REFER_ROW;
    cues->row = 1;
    cues->words = "why";
}

static bool decide(Follow *follow, const Parsed *parsed) {
    const char *message = NULL;
    refer_to_found(follow, parsed);
    Plan *base = plan_copy(follow->arena, follow->previous);
    const Catalog *catalog = follow->lexicon->catalog;
    if (!refer_apply(follow->arena, catalog, &follow->cues, follow->keys, base, &message)) {
        decline(follow->out, "UNKNOWN_VALUE", message);
        return false;
    }
    Patch patch = {.cues = &follow->cues, .base = base, .keys = follow->keys};
    if (follow->cues.reference == REFER_MEMBER && base->group_count > 0) patch.member = base->group_by[0];
    /* Rows that were referred to are chosen: the answer's other rows no longer matter. */
    static const ConversationKeys NO_KEYS = {.complete = false};
    if (follow->cues.reference != REFER_NONE && follow->cues.reference != REFER_WHOLE) patch.keys = &NO_KEYS;
    const FrameContext context = {follow->arena, catalog, follow->as_of};
    if (parsed)
        reading_decide(follow->arena, parsed, patch_make, &patch, follow->out);
    else
        decide_without_words(follow, &patch, &context);
    finish(follow);
    return follow->out->status != READING_DECLINED;
}

static bool parse(Follow *follow, const Tokens *tokens, Parsed *out, Err *err) {
    return reading_parse(follow->arena, follow->session, follow->lexicon, tokens, follow->as_of, out, err);
}

/* A question that some word ties to the one before. */
static bool follow_cue(Follow *follow, const Parsed *whole, Err *err) {
    Parsed rest = {0};
    if (follow->cues.rest.count == 0) {
        decide(follow, NULL);
        return true;
    }
    if (!parse(follow, &follow->cues.rest, &rest, err)) return false;
    if (follow->cues.with_cost.count > follow->cues.rest.count) {
        /* "how much of that is spot" is a share of it. */
        Parsed other = {0};
        if (!parse(follow, &follow->cues.with_cost, &other, err)) return false;
        bool share = reading_is_whole(follow->arena, &other) && frame_has(&other.readings[0].frame, FLAG_SHARE);
        if (share || (!reading_is_whole(follow->arena, &rest) && reading_is_whole(follow->arena, &other))) rest = other;
    }
    if (decide(follow, &rest)) return true;
    /* "what is it that costs us the most": no reference after all. */
    bool stands = reading_is_whole(follow->arena, whole) && !is_elliptical(&whole->readings[0].frame);
    bool loose = follow->cues.reference == REFER_WHOLE && !reading_is_whole(follow->arena, &rest);
    if (!stands || !loose) return true;
    *follow->out = (Reading){.status = READING_DECLINED};
    reading_decide(follow->arena, whole, plain_maker, NULL, follow->out);
    return true;
}

/* Words that are no question alone; where they change nothing, they may be one after all. */
static bool follow_ellipsis(Follow *follow, const Parsed *whole) {
    Err refusal = {0};
    if (decide(follow, whole)) return true;
    Reading declined = *follow->out;
    *follow->out = (Reading){.status = READING_DECLINED};
    reading_decide(follow->arena, whole, plain_maker, NULL, follow->out);
    bool answers = follow->out->status == READING_CLARIFY ||
                   (follow->out->status == READING_PLAN &&
                    plan_check(follow->arena, follow->lexicon->catalog, follow->out->plan, &refusal));
    if (!answers) *follow->out = declined;
    return true;
}

/* --- the choice between readings that were offered --- */

static void take_offer(Follow *follow, Plan *plan) {
    follow->out->status = READING_PLAN;
    follow->out->plan = plan_copy(follow->arena, plan);
    finish(follow);
}

static bool filters_by(const Catalog *catalog, const Plan *plan, const char *dimension) {
    for (size_t i = 0; i < plan->filter_count; i++)
        if (plan->filters[i].dimension && frame_same_dimension(catalog, plan->filters[i].dimension, dimension)) return true;
    return false;
}

/* "the account", "the env tag": the one offer that has a condition on it. */
static Plan *offer_by_dimension(const Follow *follow, Plan *const *offers, size_t count, const Frame *frame) {
    const char *dimension = frame->subject            ? frame->subject
                            : frame->dimension        ? frame->dimension
                            : frame->group_count == 1 ? frame->groups[0]
                                                      : NULL;
    Plan *found = NULL;
    if (!dimension) return NULL;
    for (size_t i = 0; i < count; i++) {
        if (!filters_by(follow->lexicon->catalog, offers[i], dimension)) continue;
        if (found) return NULL;
        found = offers[i];
    }
    return found;
}

/* "per month": the offer that the words would turn another one into. */
static Plan *offer_by_words(Follow *follow, Plan *const *offers, size_t count, const Parsed *parsed) {
    for (size_t from = 0; from < count; from++) {
        Cues cues = follow->cues;
        Patch patch = {.cues = &cues, .base = offers[from], .keys = follow->keys};
        Reading reading = {.status = READING_DECLINED};
        reading_decide(follow->arena, parsed, patch_make, &patch, &reading);
        if (reading.status != READING_PLAN) continue;
        const char *hash = plan_hash(follow->arena, reading.plan);
        for (size_t i = 0; i < count; i++)
            if (i != from && text_equal(hash, plan_hash(follow->arena, offers[i]))) return offers[i];
    }
    return NULL;
}

/* True when the question chose; the plan is in `out` then. */
static bool choose_offer(Follow *follow, const Parsed *whole, Err *err) {
    Plan *offers[CONVERSATION_OFFERS];
    size_t count = 0;
    for (size_t i = 0; i < follow->conversation->offered_count; i++) {
        if (!text_equal(json_get_text(follow->conversation->offered[i], "dataset"), follow->lexicon->catalog->dataset))
            continue;
        if (!plan_read(follow->arena, follow->lexicon->catalog, follow->conversation->offered[i], &offers[count++], err))
            return false;
    }
    if (count == 0) return false;
    const Tokens *rest = &follow->cues.rest;
    long row = follow->cues.reference == REFER_ROW && rest->count == 0 ? follow->cues.row : 0;
    if (rest->count == 1 && rest->items[0].kind == TOKEN_NUMBER && text_equal(rest->items[0].norm, "1")) row = 1;
    if (rest->count == 1 && rest->items[0].kind == TOKEN_NUMBER && text_equal(rest->items[0].norm, "2")) row = 2;
    if (row == -1) row = (long)count;
    Plan *chosen = row > 0 && row <= (long)count ? offers[row - 1] : NULL;
    if (!chosen && reading_is_whole(follow->arena, whole)) {
        chosen = offer_by_dimension(follow, offers, count, &whole->readings[0].frame);
        if (!chosen && is_elliptical(&whole->readings[0].frame)) chosen = offer_by_words(follow, offers, count, whole);
    }
    if (chosen) take_offer(follow, chosen);
    return chosen != NULL;
}

/* "cost of those" when nothing was asked before: what they are is not said. */
static void refuse_dangling(Follow *follow) {
    const Cues *cues = &follow->cues;
    Reading *out = follow->out;
    if (follow->previous) return;
    if (out->status == READING_DECLINED && text_equal(out->code, "UNSUPPORTED_SHAPE") &&
        (cues->about || cues->again || cues->reference > REFER_WHOLE))
        out->message = "This goes on from an earlier question, and none was answered yet. Ask it as a whole.";
    if (out->status != READING_PLAN || cues->reference <= REFER_WHOLE) return;
    const char *message =
        arena_printf(follow->arena, "“%s” refers to nothing: no question came before it. Name what is meant.", cues->words);
    *out = (Reading){.status = READING_DECLINED, .code = "UNKNOWN_VALUE", .message = message};
}

bool question_follow(Arena *arena, DuckSession *session, const Lexicon *lexicon, const char *question, Day as_of,
                     const Conversation *conversation, Reading *out, Err *err) {
    *out = (Reading){.status = READING_DECLINED};
    Follow *follow = arena_alloc(arena, sizeof *follow);
    *follow = (Follow){
        .arena = arena, .session = session, .lexicon = lexicon, .as_of = as_of, .conversation = conversation, .out = out};
    Parsed whole = {0};
    const Tokens *tokens = reading_tokens(arena, question, out);
    if (!tokens) return true;
    if (!load_previous(follow, err) || !parse(follow, tokens, &whole, err)) return false;
    bool offered = conversation && conversation->offered_count > 0;
    cues_find(arena, lexicon, tokens, follow->keys, &follow->cues);
    if (offered && choose_offer(follow, &whole, err)) return true;
    if (err->kind != ERR_NONE) return false;
    if (follow->previous && follow->cues.follow) return follow_cue(follow, &whole, err);
    const Frame *frame = reading_is_whole(arena, &whole) ? &whole.readings[0].frame : NULL;
    bool stands = frame && names_thing(frame) && says_cost(lexicon, tokens, arena);
    if (follow->previous && frame && is_elliptical(frame) && !stands) return follow_ellipsis(follow, &whole);
    reading_decide(arena, &whole, plain_maker, NULL, out);
    refuse_dangling(follow);
    return true;
}

ReadingTurn question_command(Arena *arena, const char *question) {
    Reading reading = {0};
    const Tokens *tokens = reading_tokens(arena, question, &reading);
    const char *command = tokens ? cues_command(arena, tokens) : NULL;
    return text_equal(command, "back") ? TURN_BACK : text_equal(command, "reset") ? TURN_RESET : TURN_FRESH;
}
