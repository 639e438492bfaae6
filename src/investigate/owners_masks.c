#include "investigate/owners_masks.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "investigate/owners_names.h"

static const double whole_least = 0.1; /* a bill without one of the situations today may have it tomorrow */

enum { LINK_MOST = 30, SALT_GROUP = 1, SALT_HALF, SALT_DONOR };

uint64_t owners_hash(const char *text, unsigned salt) {
    uint64_t hash = 0xcbf29ce484222325ULL ^ ((uint64_t)salt << 32);
    for (const char *c = text; *c; c++) hash = (hash ^ (unsigned char)*c) * 0x100000001b3ULL;
    hash ^= hash >> 33;
    hash *= 0xff51afd7ed558ccdULL;
    hash ^= hash >> 33;
    hash *= 0xc4ceb9fe1a85ec53ULL;
    return hash ^ hash >> 33;
}

double owners_hash_share(const char *text, unsigned salt) {
    return (double)(owners_hash(text, salt) >> 11) / 9007199254740992.0;
}

/* --- launch groups: the same owner's resources of one launch, and what is linked to them by ids --- */

static size_t root_of(size_t *parents, size_t i) {
    while (parents[i] != i) i = parents[i] = parents[parents[i]];
    return i;
}

/* The smaller index stays the root, so that a group is named by its first resource. */
static void join(size_t *parents, size_t a, size_t b) {
    const size_t x = root_of(parents, a), y = root_of(parents, b);
    if (x < y)
        parents[y] = x;
    else
        parents[x] = y;
}

typedef struct {
    int clue, owner;
    size_t resource;
} Tie;

static int compare_ties(const void *a, const void *b) {
    const Tie *x = a, *y = b;
    if (x->clue != y->clue) return x->clue < y->clue ? -1 : 1;
    if (x->owner != y->owner) return x->owner < y->owner ? -1 : 1;
    return x->resource < y->resource ? -1 : x->resource > y->resource;
}

/* The clue that ties a resource to its launch: its first hour; of what is older than the data its stack, else its name. */
static bool ties(const Clues *clues, size_t resource, int signal) {
    if (signal == SIGNAL_START || signal == SIGNAL_LINK || signal == SIGNAL_PAIR) return true;
    if (clues->first_known[resource]) return signal == SIGNAL_DAY && clues->bill->resources[resource].once_a_day;
    return signal == SIGNAL_STEM || (signal >= SIGNAL_LABELS && clues->signals[signal].factor == FACTOR_SYSTEM);
}

static void find_groups(Arena *arena, const Clues *clues, Masks *out) {
    const OwnersBill *bill = clues->bill;
    Tie *all = arena_array(arena, clues->sign_count + 1, sizeof *all);
    size_t count = 0;
    out->groups = arena_array(arena, bill->resource_count + 1, sizeof *out->groups);
    for (size_t r = 0; r < bill->resource_count; r++) {
        out->groups[r] = r;
        for (size_t i = clues->starts[r]; bill->resources[r].owner != OWNER_NONE && i < clues->starts[r + 1]; i++)
            if (ties(clues, r, clues->clues[clues->signs[i].clue].signal))
                all[count++] = (Tie){clues->signs[i].clue, bill->resources[r].owner, r};
    }
    qsort(all, count, sizeof *all, compare_ties);
    for (size_t i = 0, end = 0; i < count; i = end) {
        for (end = i; end < count && all[end].clue == all[i].clue && all[end].owner == all[i].owner;) end++;
        if (clues->clues[all[i].clue].signal == SIGNAL_LINK && end - i > LINK_MOST) continue;
        for (size_t j = i + 1; j < end; j++) join(out->groups, all[i].resource, all[j].resource);
    }
    out->owner_groups = arena_array(arena, bill->owner_count + 1, sizeof *out->owner_groups);
    for (size_t r = 0; r < bill->resource_count; r++) {
        if (bill->resources[r].owner == OWNER_NONE) continue;
        out->groups[r] = root_of(out->groups, r);
        if (out->groups[r] != r) continue;
        out->group_count++;
        out->owner_groups[bill->resources[r].owner]++;
    }
}

/* --- families: what one stack, scaling group or cluster made for one owner --- */

static bool is_family_clue(const Clues *clues, int clue) {
    const int signal = clues->clues[clue].signal;
    return signal >= SIGNAL_LABELS && clues->signals[signal].factor == FACTOR_SYSTEM;
}

/* The system tag of a resource that fewest share: the scaling group rather than the cluster. -1 when it has none. */
static int family_clue(const Clues *clues, size_t resource, const size_t *sizes) {
    int best = -1;
    for (size_t i = clues->starts[resource]; i < clues->starts[resource + 1]; i++) {
        const Sign *sign = &clues->signs[i];
        if (is_family_clue(clues, sign->clue) && !sign->inherited && (best < 0 || sizes[sign->clue] < sizes[best]))
            best = sign->clue;
    }
    return best;
}

static void find_families(Arena *arena, const Clues *clues, Masks *out) {
    const OwnersBill *bill = clues->bill;
    size_t *sizes = arena_array(arena, clues->clue_count + 1, sizeof *sizes), count = 0;
    Tie *all = arena_array(arena, bill->tagged_count + 1, sizeof *all);
    for (size_t i = 0; i < clues->sign_count; i++) sizes[clues->signs[i].clue]++;
    out->families = arena_array(arena, bill->resource_count + 1, sizeof *out->families);
    for (size_t r = 0; r < bill->resource_count; r++) {
        out->families[r] = out->groups[r];
        if (bill->resources[r].owner == OWNER_NONE) continue;
        const int clue = family_clue(clues, r, sizes);
        if (clue >= 0) all[count++] = (Tie){clue, bill->resources[r].owner, r};
    }
    qsort(all, count, sizeof *all, compare_ties);
    for (size_t i = 0, end = 0; i < count; i = end) {
        for (end = i; end < count && all[end].clue == all[i].clue && all[end].owner == all[i].owner;) end++;
        for (size_t j = i; j < end; j++) out->families[all[j].resource] = all[i].resource;
    }
}

static bool ties_launch(const Clues *clues, int clue) {
    const int signal = clues->clues[clue].signal;
    return signal == SIGNAL_START || signal == SIGNAL_DAY || signal == SIGNAL_LINK || is_family_clue(clues, clue);
}

/* Of the untagged resources, the share of which nobody of the same launch or family is tagged. */
static double find_whole_share(Arena *arena, const Clues *clues) {
    const OwnersBill *bill = clues->bill;
    bool *tagged = arena_array(arena, clues->clue_count + 1, sizeof *tagged);
    size_t alone = 0, all = 0;
    for (size_t r = 0; r < bill->resource_count; r++)
        for (size_t i = clues->starts[r]; bill->resources[r].owner != OWNER_NONE && i < clues->starts[r + 1]; i++)
            tagged[clues->signs[i].clue] = true;
    for (size_t r = 0; r < bill->resource_count; r++) {
        if (bill->resources[r].owner != OWNER_NONE) continue;
        bool with = false;
        for (size_t i = clues->starts[r]; i < clues->starts[r + 1] && !with; i++)
            with = ties_launch(clues, clues->signs[i].clue) && tagged[clues->signs[i].clue];
        all++;
        alone += !with;
    }
    const double share = all ? (double)alone / (double)all : 1;
    return share < whole_least ? whole_least : share > 1 - whole_least ? 1 - whole_least : share;
}

/* A launch is hidden together with the family of its first member that has one. */
static void make_folds(Arena *arena, const Clues *clues, Masks *out) {
    const OwnersBill *bill = clues->bill;
    size_t *family = arena_array(arena, bill->resource_count + 1, sizeof *family);
    for (size_t r = 0; r < bill->resource_count; r++) family[r] = r;
    for (size_t r = bill->resource_count; r-- > 0;)
        if (bill->resources[r].owner != OWNER_NONE && out->families[r] != out->groups[r])
            family[out->groups[r]] = out->families[r];
    for (size_t r = 0; r < bill->resource_count; r++) {
        out->folds[r][SCHEME_WHOLE] = out->folds[r][SCHEME_PART] = FOLD_NONE;
        if (bill->resources[r].owner == OWNER_NONE) continue;
        const size_t group = out->groups[r];
        const size_t whole = out->families[r] != group ? out->families[r] : family[group];
        const uint64_t half = owners_hash(bill->resources[r].id, SALT_HALF) % 2;
        out->folds[r][SCHEME_WHOLE] = (signed char)(owners_hash(bill->resources[whole].id, SALT_GROUP) % FOLDS);
        out->folds[r][SCHEME_PART] = (signed char)((owners_hash(bill->resources[group].id, SALT_GROUP) + half) % FOLDS);
    }
}

/* --- which tags a hidden resource keeps --- */

static uint64_t labels_of(const OwnersBill *bill, const OwnersResource *resource) {
    uint64_t bits = text_is_empty(resource->name) ? 0 : 1ULL << FROM_NAME_TAG;
    for (size_t i = 0; i < bill->label_count; i++)
        if (resource->labels[i]) bits |= 1ULL << i;
    return bits;
}

typedef struct {
    const char *kind;
    size_t resource;
} Donor;

static int compare_donors(const void *a, const void *b) {
    const Donor *x = a, *y = b;
    int order = strcmp(x->kind, y->kind);
    return order ? order : x->resource < y->resource ? -1 : x->resource > y->resource;
}

/* The first donor of a kind (`after`: the first behind the kind). */
static size_t find_kind(const Donor *donors, size_t count, const char *kind, bool after) {
    size_t low = 0, high = count;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        const int order = strcmp(donors[middle].kind, kind);
        if (order < 0 || (after && order == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void choose_visible(Arena *arena, const Clues *clues, Masks *out) {
    const OwnersBill *bill = clues->bill;
    Donor *donors = arena_array(arena, bill->resource_count + 1, sizeof *donors);
    size_t count = 0;
    for (size_t r = 0; r < bill->resource_count; r++)
        if (bill->resources[r].owner == OWNER_NONE) donors[count++] = (Donor){bill->resources[r].kind, r};
    qsort(donors, count, sizeof *donors, compare_donors);
    for (size_t r = 0; r < bill->resource_count; r++) {
        const OwnersResource *resource = &bill->resources[r];
        if (resource->owner == OWNER_NONE) continue;
        const size_t from = find_kind(donors, count, resource->kind, false),
                     to = find_kind(donors, count, resource->kind, true);
        const bool same = to > from;
        const size_t choice = same ? to - from : count;
        if (!choice) continue;
        const Donor *donor = &donors[(same ? from : 0) + owners_hash(resource->id, SALT_DONOR) % choice];
        out->visible[r] = labels_of(bill, &bill->resources[donor->resource]);
    }
}

void owners_masks_make(Arena *arena, const Clues *clues, Masks *out) {
    *out = (Masks){.clues = clues};
    out->folds = arena_array(arena, clues->bill->resource_count + 1, sizeof *out->folds);
    out->visible = arena_array(arena, clues->bill->resource_count + 1, sizeof *out->visible);
    find_groups(arena, clues, out);
    find_families(arena, clues, out);
    out->whole_share = find_whole_share(arena, clues);
    make_folds(arena, clues, out);
    choose_visible(arena, clues, out);
}
