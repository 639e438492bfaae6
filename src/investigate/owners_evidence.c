#include "investigate/owners_evidence.h"

#include <string.h>

#include "answer/answer.h"
#include "base/date.h"
#include "base/text.h"

static const double worth_saying = 0.15;

static const char *hour_text(Arena *arena, long hour) {
    return arena_printf(arena, "%s %02ld:00", date_text(arena, hour / HOURS_OF_DAY), hour % HOURS_OF_DAY);
}

static const char *account_text(Arena *arena, const OwnersResource *resource) {
    return text_printable(arena, text_is_empty(resource->account_name) ? resource->account : resource->account_name);
}

/* What the members of a clue have in common, as it follows "3 of 4 tagged resources ". */
static const char *common(Arena *arena, const Clues *clues, const OwnersResource *resource, int clue) {
    const Clue *about = &clues->clues[clue];
    const char *account = account_text(arena, resource), *text = about->text ? text_printable(arena, about->text) : "";
    switch (about->signal) {
    case SIGNAL_ACCOUNT: return arena_printf(arena, "in account %s", account);
    case SIGNAL_PLACE: return arena_printf(arena, "in account %s, %s", account, resource->region);
    case SIGNAL_SERVICE: return arena_printf(arena, "of kind %s in account %s", resource->kind, account);
    case SIGNAL_MODEL:
        return arena_printf(arena, "of the same model (%s) in account %s",
                            text_is_empty(resource->instance_type) ? resource->usage_type : resource->instance_type, account);
    case SIGNAL_ANYWHERE: return arena_printf(arena, "of the same kind and model (%s) in any account", resource->kind);
    case SIGNAL_START:
        return arena_printf(arena, "first metered in the same hour, %s, in account %s", hour_text(arena, resource->first_hour),
                            account);
    case SIGNAL_NEAR: return arena_printf(arena, "first metered within an hour of it in account %s", account);
    case SIGNAL_STOP:
        return arena_printf(arena, "last metered in the same hour, %s, in account %s", hour_text(arena, resource->last_hour),
                            account);
    case SIGNAL_SPAN: return arena_printf(arena, "first and last metered in the same hours in account %s", account);
    case SIGNAL_DAY:
        return arena_printf(arena, "first metered on the same day, %s, in account %s",
                            date_text(arena, resource->first_hour / HOURS_OF_DAY), account);
    case SIGNAL_LINK: return arena_printf(arena, "with “%s” in their id", text);
    case SIGNAL_PAIR: return "of instances, disks and addresses first metered in the same zone and hour";
    case SIGNAL_PAIR_SPAN: return "of instances, disks and addresses with the same zone, first and last hour";
    case SIGNAL_WORD: return arena_printf(arena, "with the word “%s” in their name or tags", text);
    case SIGNAL_WORDS: return arena_printf(arena, "with “%s” in their name or tags", text);
    case SIGNAL_STEM: return arena_printf(arena, "named like “%s”", text);
    case SIGNAL_PROFILE: return arena_printf(arena, "that run at the same hours of the week in account %s", account);
    default:
        return arena_printf(arena, "with %s = %s",
                            text_printable(arena, clues->bill->labels[about->signal - SIGNAL_LABELS].key), text);
    }
}

/* The same in a few words, for a column of a table. */
static const char *in_brief(Arena *arena, const Clues *clues, int clue) {
    static const char *const brief[SIGNAL_LABELS] = {
        [SIGNAL_ACCOUNT] = "same account",      [SIGNAL_PLACE] = "same region",     [SIGNAL_SERVICE] = "same kind, account",
        [SIGNAL_MODEL] = "same model, account", [SIGNAL_ANYWHERE] = "same model",   [SIGNAL_START] = "same first hour",
        [SIGNAL_NEAR] = "first hour but one",   [SIGNAL_STOP] = "same last hour",   [SIGNAL_SPAN] = "same first and last",
        [SIGNAL_DAY] = "same first day",        [SIGNAL_PAIR] = "disk of its hour", [SIGNAL_PAIR_SPAN] = "disk of its hours",
        [SIGNAL_PROFILE] = "same hours of use"};
    const Clue *about = &clues->clues[clue];
    const char *text = about->text ? text_printable(arena, about->text) : "";
    if (about->signal >= SIGNAL_LABELS)
        return arena_printf(arena, "%s=%s", text_printable(arena, clues->bill->labels[about->signal - SIGNAL_LABELS].key),
                            text);
    return brief[about->signal] ? brief[about->signal] : arena_printf(arena, "“%s”", text);
}

static const char *say_brief(Arena *arena, const Tally *tally, int clue, int owner) {
    size_t all = 0, own = 0;
    owners_tally_count(tally, clue, owner, &all, &own);
    return arena_printf(arena, "%s: %s of %s", in_brief(arena, tally->clues, clue), text_count(arena, (long long)own),
                        text_count(arena, (long long)all));
}

static const char *sentence(Arena *arena, const Tally *tally, const Lineup *lineup, int clue, bool inherited, int owner) {
    const OwnersBill *bill = tally->clues->bill;
    size_t all = 0, own = 0;
    owners_tally_count(tally, clue, owner, &all, &own);
    return arena_printf(arena, "%s%s of %s tagged resources %s belong to %s", inherited ? "by a relative: " : "",
                        text_count(arena, (long long)own), text_count(arena, (long long)all),
                        common(arena, tally->clues, &bill->resources[lineup->resource], clue),
                        text_printable(arena, bill->owners[owner].name));
}

bool owners_evidence_any(const Tally *tally, const Lineup *lineup, int owner) {
    const Clues *clues = tally->clues;
    for (size_t i = clues->starts[lineup->resource]; i < clues->starts[lineup->resource + 1]; i++) {
        size_t all = 0, own = 0;
        owners_tally_count(tally, clues->signs[i].clue, owner, &all, &own);
        if (own) return true;
    }
    return false;
}

void owners_evidence_say(Arena *arena, const Tally *tally, const Model *model, const Lineup *lineup, size_t best,
                         OwnerGuess *out) {
    const Suspect *suspect = &lineup->suspects[best];
    bool said[FACTOR_COUNT] = {false};
    out->evidence = arena_array(arena, EVIDENCE_SHOWN + 2, sizeof *out->evidence);
    for (size_t rank = 0; rank < EVIDENCE_SHOWN; rank++) {
        double most = worth_saying;
        size_t strongest = FACTOR_COUNT;
        for (size_t f = FACTOR_PLACE; f < FACTOR_COUNT; f++) {
            const double worth = model->weights[f] * (double)suspect->evidence[f];
            if (said[f] || lineup->grounds[f].clue < 0 || worth <= most) continue;
            most = worth;
            strongest = f;
        }
        if (strongest == FACTOR_COUNT) break;
        said[strongest] = true;
        const Ground *ground = &lineup->grounds[strongest];
        if (!rank) out->because = say_brief(arena, tally, ground->clue, suspect->owner);
        out->evidence[out->evidence_count++] = sentence(arena, tally, lineup, ground->clue, ground->inherited, suspect->owner);
    }
    const Clues *clues = tally->clues;
    for (size_t i = clues->starts[lineup->resource]; i < clues->starts[lineup->resource + 1]; i++)
        if (clues->clues[clues->signs[i].clue].signal == SIGNAL_ACCOUNT) {
            out->evidence[out->evidence_count++] = sentence(arena, tally, lineup, clues->signs[i].clue, false, suspect->owner);
            if (!out->because) out->because = say_brief(arena, tally, clues->signs[i].clue, suspect->owner);
        }
}
