#include "investigate/owners_tally.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FEW_TAGGED = 5 };
static const double unseen_least = 0.02;

static int compare_entries(const void *a, const void *b) {
    const TallyEntry *x = a, *y = b;
    if (x->owner != y->owner) return x->owner < y->owner ? -1 : 1;
    return (x->fold > y->fold) - (x->fold < y->fold);
}

/* Entries of one owner and fold become one. */
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
static bool counts_families(int signal) {
    return signal <= SIGNAL_ANYWHERE || signal == SIGNAL_PROFILE;
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

static void count_clues(Arena *arena, Tally *tally, const double *weights) {
    const Clues *clues = tally->clues;
    const OwnersBill *bill = clues->bill;
    size_t *ends = arena_array(arena, clues->clue_count + 1, sizeof *ends), total = 0;
    for (size_t r = 0; r < bill->resource_count; r++)
        for (size_t i = clues->starts[r]; bill->resources[r].owner != OWNER_NONE && i < clues->starts[r + 1]; i++)
            ends[clues->signs[i].clue]++;
    tally->starts = arena_array(arena, clues->clue_count + 1, sizeof *tally->starts);
    for (size_t c = 0; c <= clues->clue_count; c++) {
        const size_t own = ends[c];
        tally->starts[c] = ends[c] = total;
        total += own;
    }
    tally->entries = arena_array(arena, total + 1, sizeof *tally->entries);
    for (size_t r = 0; r < bill->resource_count; r++)
        for (size_t i = clues->starts[r]; bill->resources[r].owner != OWNER_NONE && i < clues->starts[r + 1]; i++) {
            const int clue = clues->signs[i].clue;
            const double count = counts_families(clues->clues[clue].signal) ? weights[r] : 1;
            tally->entries[ends[clue]++] = (TallyEntry){bill->resources[r].owner, tally->masks->folds[r], 1, count};
        }
    size_t kept = 0;
    for (size_t c = 0; c < clues->clue_count; c++) {
        const size_t from = tally->starts[c], count = merge(tally->entries + from, ends[c] - from);
        memmove(tally->entries + kept, tally->entries + from, count * sizeof *tally->entries);
        tally->starts[c] = kept;
        kept += count;
    }
    tally->starts[clues->clue_count] = kept;
}

/* Shares of owners while a fold is hidden. Those of whom fewer than five resources are tagged stand for the owners that never tag. */
static void count_shares(Arena *arena, Tally *tally, const double *weights, int fold) {
    const OwnersBill *bill = tally->clues->bill;
    double *shares = arena_array(arena, bill->owner_count + 1, sizeof *shares), total = 0, rare = 0;
    for (size_t r = 0; r < bill->resource_count; r++) {
        if (bill->resources[r].owner == OWNER_NONE || tally->masks->folds[r] == fold) continue;
        shares[bill->resources[r].owner] += weights[r];
        total += weights[r];
    }
    for (size_t k = 0; k < bill->owner_count; k++)
        if (shares[k] < FEW_TAGGED) rare += shares[k];
    const double unseen = total > 0 && rare / total > unseen_least ? rare / total : unseen_least;
    const double all = total + (double)bill->owner_count;
    for (size_t k = 0; k < bill->owner_count; k++) shares[k] = (shares[k] + 1) / all * (1 - unseen);
    tally->shares[fold] = shares;
    tally->unseen[fold] = unseen;
}

void owners_tally_make(Arena *arena, const Clues *clues, const Masks *masks, Tally *out) {
    *out = (Tally){.clues = clues, .masks = masks, .owner_count = clues->bill->owner_count};
    const double *weights = family_weights(arena, clues);
    count_clues(arena, out, weights);
    for (int fold = 0; fold <= FOLDS; fold++) count_shares(arena, out, weights, fold);
}

double owners_tally_read(const Tally *tally, int clue, int fold, int *owners, double *counts, size_t *owner_count) {
    double sum = 0;
    *owner_count = 0;
    for (size_t i = tally->starts[clue]; i < tally->starts[clue + 1]; i++) {
        const TallyEntry *entry = &tally->entries[i];
        if (entry->fold == fold) continue;
        if (counts[entry->owner] <= 0) owners[(*owner_count)++] = entry->owner;
        counts[entry->owner] += entry->count;
        sum += entry->count;
    }
    return sum;
}

size_t owners_tally_cell(double sum, double most) {
    const size_t size = sum < 1.5 ? 0 : sum < 3.5 ? 1 : sum < 9.5 ? 2 : 3;
    const size_t purity = most >= sum ? 0 : most >= 0.8 * sum ? 1 : 2;
    return size * 3 + purity;
}

void owners_tally_count(const Tally *tally, int clue, int owner, size_t *all, size_t *own) {
    *all = *own = 0;
    for (size_t i = tally->starts[clue]; i < tally->starts[clue + 1]; i++) {
        *all += tally->entries[i].resources;
        if (tally->entries[i].owner == owner) *own += tally->entries[i].resources;
    }
}
