#include "investigate/owners.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "investigate/owners_evidence.h"
#include "investigate/owners_exam.h"

enum { BATCH = 512, SALT_UNTAGGED = 11, ORPHAN_DAYS = 14 };
static const double abstain_below = 0.7, orphan_below = 0.5, runner_up_least = 0.005;

/* Lineups of untagged resources, a sample where there are many: what the trials have to stand for. */
static Lineup *sample_untagged(Arena *arena, const Tally *tally, size_t *count) {
    const OwnersBill *bill = tally->clues->bill;
    const size_t all = bill->resource_count - bill->tagged_count;
    const double share = all > OWNERS_TRIALS ? (double)OWNERS_TRIALS / (double)all : 1;
    SuspectReader *reader = owners_suspects_reader(arena, tally);
    Lineup *lineups = arena_array(arena, all + 1, sizeof *lineups);
    *count = 0;
    for (size_t r = 0; r < bill->resource_count; r++) {
        if (bill->resources[r].owner != OWNER_NONE) continue;
        if (share < 1 && owners_hash_share(bill->resources[r].id, SALT_UNTAGGED) >= share) continue;
        owners_suspects_find(arena, reader, r, NOBODY, &lineups[(*count)++]);
    }
    return lineups;
}

/* What is left when the likeliest has its calibrated share is divided among the others as before. */
static double share_of_rest(double share, double best, double calibrated) {
    return best < 1 ? share / (1 - best) * (1 - calibrated) : 0;
}

static void guess(Arena *arena, const Tally *tally, const Learned *learned, const Lineup *lineup, OwnerGuess *out) {
    double shares[SUSPECTS + 1];
    const size_t best = owners_model_judge(&learned->model, lineup, shares);
    *out = (OwnerGuess){.resource = &tally->clues->bill->resources[lineup->resource],
                        .owner = OWNER_NONE,
                        .best = OWNER_NONE,
                        .runner_up = OWNER_NONE,
                        .probability = -1};
    if (best == lineup->suspect_count || !owners_evidence_any(tally, lineup, lineup->suspects[best].owner)) return;
    out->best = lineup->suspects[best].owner;
    const bool tied = owners_model_has_tie(&learned->model, &lineup->suspects[best]);
    out->best_probability = learned->supported ? owners_calibrated(&learned->calibrations, shares[best], tied) : -1;
    if (learned->supported && !tied)
        out->best_probability = owners_selected(out->best_probability, tally->clues->tagged_shares[lineup->resource]);
    size_t next = lineup->suspect_count;
    for (size_t i = 0; i < lineup->suspect_count; i++)
        if (i != best && lineup->suspects[i].owner != SUSPECT_OTHER &&
            (next == lineup->suspect_count || shares[i] > shares[next]))
            next = i;
    if (next < lineup->suspect_count) {
        const double share = share_of_rest(shares[next], shares[best], out->best_probability);
        if (share >= runner_up_least || !learned->supported) {
            out->runner_up = lineup->suspects[next].owner;
            out->runner_up_probability = learned->supported ? share : -1;
        }
    }
    owners_evidence_say(arena, tally, &learned->model, lineup, best, out);
    if (!learned->supported || out->best_probability < abstain_below) return;
    out->owner = out->best;
    out->probability = out->best_probability;
}

static int compare_guesses(const void *a, const void *b) {
    const OwnerGuess *x = a, *y = b;
    const int order = decimal_compare(y->resource->cost, x->resource->cost);
    return order ? order : strcmp(x->resource->id, y->resource->id);
}

static void guess_all(Arena *arena, const Tally *tally, const Learned *learned, OwnersReport *out) {
    const OwnersBill *bill = tally->clues->bill;
    SuspectReader *reader = owners_suspects_reader(arena, tally);
    Arena *scratch = arena_make();
    out->guesses = arena_array(arena, bill->resource_count - bill->tagged_count + 1, sizeof *out->guesses);
    for (size_t r = 0; r < bill->resource_count; r++) {
        Lineup lineup = {0};
        if (bill->resources[r].owner != OWNER_NONE) continue;
        owners_suspects_find(scratch, reader, r, NOBODY, &lineup);
        guess(arena, tally, learned, &lineup, &out->guesses[out->guess_count++]);
        if (out->guess_count % BATCH) continue;
        arena_free(scratch);
        scratch = arena_make();
    }
    arena_free(scratch);
    qsort(out->guesses, out->guess_count, sizeof *out->guesses, compare_guesses);
}

/* --- what it comes to --- */

static int compare_shares(const void *a, const void *b) {
    const OwnerShare *x = a, *y = b;
    const int order = decimal_compare(y->cost, x->cost);
    return order ? order : strcmp(x->name, y->name);
}

static bool add_to(Decimal *sum, Decimal cost) {
    return decimal_add(*sum, cost, sum);
}

static bool add_tagged(OwnersReport *out) {
    bool fits = true;
    for (size_t r = 0; r < out->bill.resource_count; r++) {
        const OwnersResource *resource = &out->bill.resources[r];
        Decimal before = {0};
        if (resource->owner == OWNER_NONE) continue;
        OwnerShare *share = &out->shares[resource->owner];
        share->tagged_count++;
        fits = fits && add_to(&share->tagged, resource->cost) && add_to(&share->cost, resource->cost);
        fits = fits && decimal_subtract(resource->cost, resource->tagged_cost, &before) && add_to(&out->recovered, before);
    }
    return fits;
}

static bool roll_up(Arena *arena, OwnersReport *out) {
    const OwnersBill *bill = &out->bill;
    out->shares = arena_array(arena, bill->owner_count + 1, sizeof *out->shares);
    out->share_count = bill->owner_count;
    for (size_t k = 0; k < bill->owner_count; k++) out->shares[k].name = bill->owners[k].name;
    bool fits = add_tagged(out);
    for (size_t i = 0; i < out->guess_count && fits; i++) {
        const OwnerGuess *guess = &out->guesses[i];
        const Decimal cost = guess->resource->cost;
        const bool known = guess->owner != OWNER_NONE && guess->probability >= out->confidence;
        OwnerShare *share = known ? &out->shares[guess->owner] : &out->unknown;
        share->named_count++;
        out->named_count += known;
        fits = add_to(&share->named, cost) && add_to(&share->cost, cost) && (!known || add_to(&out->named, cost));
    }
    qsort(out->shares, out->share_count, sizeof *out->shares, compare_shares);
    return fits;
}

/* Old, still there, and nobody near: nobody may miss them. */
static void find_orphans(Arena *arena, OwnersReport *out) {
    const OwnersBill *bill = &out->bill;
    out->orphans = arena_array(arena, out->guess_count + 1, sizeof *out->orphans);
    for (size_t i = 0; i < out->guess_count; i++) {
        const OwnerGuess *guess = &out->guesses[i];
        const OwnersResource *resource = guess->resource;
        if (guess->best_probability >= orphan_below || resource->first_hour == HOUR_NONE) continue;
        if (resource->last_hour + 2 * HOURS_OF_DAY < bill->last_hour) continue;
        if (resource->last_hour - resource->first_hour < (long)ORPHAN_DAYS * HOURS_OF_DAY) continue;
        if (decimal_is_zero(resource->cost) || decimal_is_negative(resource->cost)) continue;
        out->orphans[out->orphan_count++] = guess;
    }
}

bool owners_find(Arena *arena, const Desk *desk, const char *tag, double confidence, OwnersReport *out, Err *err) {
    Clues clues = {0};
    Masks masks = {0};
    Tally tally = {0};
    Learned learned = {0};
    *out = (OwnersReport){.confidence = confidence};
    if (!owners_bill_read(arena, desk, tag, &out->bill, err)) return false;
    owners_clues_read(arena, &out->bill, &clues);
    owners_masks_make(arena, &clues, &masks);
    owners_tally_make(arena, &clues, &masks, &tally);
    out->artefact_hours = clues.artefact_hours;
    Arena *scratch = arena_make();
    size_t untagged_count = 0;
    const Lineup *untagged = sample_untagged(scratch, &tally, &untagged_count);
    owners_exam_hold(arena, &tally, untagged, untagged_count, &learned, &out->exam);
    arena_free(scratch);
    memcpy(out->weights, learned.model.weights, sizeof learned.model.weights);
    guess_all(arena, &tally, &learned, out);
    find_orphans(arena, out);
    if (!roll_up(arena, out)) return err_set(err, ERR_INTERNAL, "The costs of the owners do not fit in 38 digits");
    return true;
}
