#include "investigate/owners_tally.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FEW_TAGGED = 5 };
static const double unseen_least = 0.02;

static int compare_entries(const void *a, const void *b) {
    const TallyEntry *x = a, *y = b;
    if (x->owner != y->owner) return x->owner < y->owner ? -1 : 1;
    for (size_t s = 0; s < SCHEMES; s++)
        if (x->folds[s] != y->folds[s]) return x->folds[s] < y->folds[s] ? -1 : 1;
    return 0;
}

/* Entries of one owner and the same folds become one. */
static size_t merge(TallyEntry *entries, size_t count) {
    size_t kept = 0;
    qsort(entries, count, sizeof *entries, compare_entries);
    for (size_t i = 0; i < count; i++) {
        if (kept && compare_entries(&entries[kept - 1], &entries[i]) == 0) {
            entries[kept - 1].count += entries[i].count;
            entries[kept - 1].resources += entries[i].resources;
        } else {
            entries[kept++] = entries[i];
        }
    }
    return kept;
}

/* Base rates: here a thousand instances that one autoscaling group started must not outvote what people made one by one. */
static bool counts_roots(int signal) {
    return signal <= SIGNAL_ANYWHERE || signal == SIGNAL_PROFILE;
}

/* Words and tags: what one stack or scaling group repeats on all that it makes was said once. */
static bool counts_families(int signal) {
    return signal == SIGNAL_WORD || signal == SIGNAL_WORDS || signal == SIGNAL_STEM || signal >= SIGNAL_LABELS;
}

static int model_of(const Clues *clues, size_t resource) {
    for (size_t i = clues->starts[resource]; i < clues->starts[resource + 1]; i++)
        if (clues->clues[clues->signs[i].clue].signal == SIGNAL_MODEL) return clues->signs[i].clue;
    return 0;
}

typedef struct {
    int model, owner;
    size_t resource;
} Member;

static int compare_members(const void *a, const void *b) {
    const Member *x = a, *y = b;
    if (x->model != y->model) return x->model < y->model ? -1 : 1;
    if (x->owner != y->owner) return x->owner < y->owner ? -1 : 1;
    return (x->resource > y->resource) - (x->resource < y->resource);
}

/* A family (account, kind, model, owner) of n counts as the root of n. */
static double *family_weights(Arena *arena, const Clues *clues) {
    const OwnersBill *bill = clues->bill;
    double *weights = arena_array(arena, bill->resource_count + 1, sizeof *weights);
    Member *members = arena_array(arena, bill->tagged_count + 1, sizeof *members);
    size_t count = 0;
    for (size_t r = 0; r < bill->resource_count; r++)
        if (bill->resources[r].owner != OWNER_NONE)
            members[count++] = (Member){model_of(clues, r), bill->resources[r].owner, r};
    qsort(members, count, sizeof *members, compare_members);
    for (size_t i = 0, end = 0; i < count; i = end) {
        for (end = i; end < count && members[end].model == members[i].model && members[end].owner == members[i].owner;) end++;
        for (size_t j = i; j < end; j++) weights[members[j].resource] = 1 / sqrt((double)(end - i));
    }
    return weights;
}

/* The tagged resources of each clue: those of c are members[starts[c]] to members[starts[c + 1]]. */
static size_t *list_members(Arena *arena, const Clues *clues, size_t **starts) {
    const OwnersBill *bill = clues->bill;
    size_t *ends = arena_array(arena, clues->clue_count + 1, sizeof *ends), total = 0;
    for (size_t r = 0; r < bill->resource_count; r++)
        for (size_t i = clues->starts[r]; bill->resources[r].owner != OWNER_NONE && i < clues->starts[r + 1]; i++)
            ends[clues->signs[i].clue]++;
    *starts = arena_array(arena, clues->clue_count + 1, sizeof **starts);
    for (size_t c = 0; c <= clues->clue_count; c++) {
        const size_t own = ends[c];
        (*starts)[c] = ends[c] = total;
        total += own;
    }
    size_t *members = arena_array(arena, total + 1, sizeof *members);
    for (size_t r = 0; r < bill->resource_count; r++)
        for (size_t i = clues->starts[r]; bill->resources[r].owner != OWNER_NONE && i < clues->starts[r + 1]; i++)
            members[ends[clues->signs[i].clue]++] = r;
    return members;
}

/* How often each family stands among the members: `times` per family, cleared again by the same call with `add` -1. */
static void count_families(const Masks *masks, const size_t *members, size_t count, unsigned *times, bool clear) {
    for (size_t i = 0; i < count; i++) {
        unsigned *one = &times[masks->families[members[i]]];
        *one = clear ? 0 : *one + 1;
    }
}

/* One entry per owner. */
static size_t sum_up(const TallyEntry *entries, size_t count, TallyEntry *out) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept && out[kept - 1].owner == entries[i].owner) {
            out[kept - 1].count += entries[i].count;
            out[kept - 1].resources += entries[i].resources;
        } else {
            out[kept++] = entries[i];
        }
    }
    return kept;
}

static void count_clues(Arena *arena, Tally *tally, const double *roots) {
    const Clues *clues = tally->clues;
    const Masks *masks = tally->masks;
    size_t *starts = NULL, kept = 0, summed = 0;
    const size_t *members = list_members(arena, clues, &starts);
    const size_t total = starts[clues->clue_count];
    unsigned *times = arena_array(arena, clues->bill->resource_count + 1, sizeof *times);
    tally->entries = arena_array(arena, total + 1, sizeof *tally->entries);
    tally->sums = arena_array(arena, total + 1, sizeof *tally->sums);
    tally->starts = starts;
    tally->sum_starts = arena_array(arena, clues->clue_count + 1, sizeof *tally->sum_starts);
    for (size_t c = 0; c < clues->clue_count; c++) {
        const size_t from = starts[c], count = starts[c + 1] - from;
        const int signal = clues->clues[c].signal;
        TallyEntry *entries = tally->entries + kept;
        if (counts_families(signal)) count_families(masks, members + from, count, times, false);
        for (size_t i = 0; i < count; i++) {
            const size_t r = members[from + i];
            const double one = counts_families(signal) ? 1.0 / times[masks->families[r]] : counts_roots(signal) ? roots[r] : 1;
            entries[i] = (TallyEntry){clues->bill->resources[r].owner, {masks->folds[r][0], masks->folds[r][1]}, 1, one};
        }
        if (counts_families(signal)) count_families(masks, members + from, count, times, true);
        starts[c] = kept;
        tally->sum_starts[c] = summed;
        const size_t merged = merge(entries, count);
        summed += sum_up(entries, merged, tally->sums + summed);
        kept += merged;
    }
    starts[clues->clue_count] = kept;
    tally->sum_starts[clues->clue_count] = summed;
}

/* The fold that a mask hides, of the scheme that it belongs to; NOBODY hides none. */
static bool is_hidden(const signed char *folds, int mask) {
    return mask < NOBODY && folds[mask / FOLDS] == mask % FOLDS;
}

/* Shares of owners under a mask. Those of whom fewer than five resources are tagged stand for the owners that never tag. */
static void count_shares(Arena *arena, Tally *tally, const double *weights, int mask) {
    const OwnersBill *bill = tally->clues->bill;
    double *shares = arena_array(arena, bill->owner_count + 1, sizeof *shares), total = 0, rare = 0;
    for (size_t r = 0; r < bill->resource_count; r++) {
        if (bill->resources[r].owner == OWNER_NONE || is_hidden(tally->masks->folds[r], mask)) continue;
        shares[bill->resources[r].owner] += weights[r];
        total += weights[r];
    }
    for (size_t k = 0; k < bill->owner_count; k++)
        if (shares[k] < FEW_TAGGED) rare += shares[k];
    const double unseen = total > 0 && rare / total > unseen_least ? rare / total : unseen_least;
    const double all = total + (double)bill->owner_count;
    for (size_t k = 0; k < bill->owner_count; k++) shares[k] = (shares[k] + 1) / all * (1 - unseen);
    tally->shares[mask] = shares;
    tally->unseen[mask] = unseen;
}

void owners_tally_make(Arena *arena, const Clues *clues, const Masks *masks, Tally *out) {
    *out = (Tally){.clues = clues, .masks = masks, .owner_count = clues->bill->owner_count};
    const double *weights = family_weights(arena, clues);
    count_clues(arena, out, weights);
    for (int mask = 0; mask <= NOBODY; mask++) count_shares(arena, out, weights, mask);
}

double owners_tally_read(const Tally *tally, int clue, int mask, int *owners, double *counts, size_t *owner_count) {
    const size_t *starts = mask == NOBODY ? tally->sum_starts : tally->starts;
    const TallyEntry *entries = mask == NOBODY ? tally->sums : tally->entries;
    double sum = 0;
    *owner_count = 0;
    for (size_t i = starts[clue]; i < starts[clue + 1]; i++) {
        const TallyEntry *entry = &entries[i];
        if (is_hidden(entry->folds, mask)) continue;
        if (counts[entry->owner] <= 0) owners[(*owner_count)++] = entry->owner;
        counts[entry->owner] += entry->count;
        sum += entry->count;
    }
    return sum;
}

size_t owners_tally_cell(double sum, double most) {
    const size_t size = sum < 1.5 ? 0 : sum < 3.5 ? 1 : sum < 9.5 ? 2 : 3;
    const size_t purity = most >= sum * 0.999 ? 0 : most >= 0.8 * sum ? 1 : 2;
    return size * TRUST_PURITIES + purity;
}

void owners_tally_count(const Tally *tally, int clue, int owner, size_t *all, size_t *own) {
    *all = *own = 0;
    for (size_t i = tally->sum_starts[clue]; i < tally->sum_starts[clue + 1]; i++) {
        *all += tally->sums[i].resources;
        if (tally->sums[i].owner == owner) *own += tally->sums[i].resources;
    }
}
