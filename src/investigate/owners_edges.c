/* First hours that are no starts, last hours that are no stops. */
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "investigate/owners_clues.h"

enum {
    EDGE_START_HOURS = 24, /* what is metered by request or by the day first shows within a day of the start of the data */
    EDGE_STOP_HOURS = 48,  /* lines of the last two days are still to come */
    ARTEFACT_KINDS = 3,    /* kinds of things that begin in one hour ... */
    ARTEFACT_SPREADS = 10, /* ... many times more of them than usual: a feature switched on, an account that joined */
    ARTEFACT_LEAST = 50
};

typedef struct {
    const char *account;
    long first;
} AccountStart;

typedef struct {
    long hour;
    size_t resource;
} Birth;

static int compare_births(const void *a, const void *b) {
    const Birth *x = a, *y = b;
    if (x->hour != y->hour) return x->hour < y->hour ? -1 : 1;
    return x->resource < y->resource ? -1 : x->resource > y->resource;
}

static int compare_starts(const void *a, const void *b) {
    const AccountStart *x = a, *y = b;
    int order = strcmp(x->account, y->account);
    return order ? order : x->first < y->first ? -1 : x->first > y->first;
}

/* The first metered hour of each account, in order of account. */
static AccountStart *account_starts(Arena *arena, const OwnersBill *bill, size_t *count) {
    AccountStart *starts = arena_array(arena, bill->resource_count + 1, sizeof *starts);
    size_t all = 0;
    *count = 0;
    for (size_t i = 0; i < bill->resource_count; i++)
        if (bill->resources[i].first_hour != HOUR_NONE)
            starts[all++] = (AccountStart){bill->resources[i].account, bill->resources[i].first_hour};
    qsort(starts, all, sizeof *starts, compare_starts);
    for (size_t i = 0; i < all; i++)
        if (!*count || !text_equal(starts[*count - 1].account, starts[i].account)) starts[(*count)++] = starts[i];
    return starts;
}

static int compare_sizes(const void *a, const void *b) {
    const size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return x < y ? -1 : x > y;
}

/* Births above which an hour is no launch: the median of hours with births and ten of their median deviations. */
static size_t artefact_size(Arena *arena, const size_t *sizes, size_t count) {
    if (!count) return ARTEFACT_LEAST;
    size_t *sorted = arena_array(arena, count, sizeof *sorted);
    memcpy(sorted, sizes, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare_sizes);
    const size_t median = sorted[count / 2];
    for (size_t i = 0; i < count; i++) sorted[i] = sizes[i] > median ? sizes[i] - median : median - sizes[i];
    qsort(sorted, count, sizeof *sorted, compare_sizes);
    const size_t spread = sorted[count / 2] ? sorted[count / 2] : 1;
    const size_t most = median + ARTEFACT_SPREADS * spread;
    return most < ARTEFACT_LEAST ? ARTEFACT_LEAST : most;
}

static size_t kinds_of(const OwnersBill *bill, const Birth *births, size_t count) {
    const char *kinds[ARTEFACT_KINDS + 1];
    size_t found = 0;
    for (size_t i = 0; i < count && found <= ARTEFACT_KINDS; i++) {
        const char *kind = bill->resources[births[i].resource].kind;
        size_t k = 0;
        while (k < found && !text_equal(kinds[k], kind)) k++;
        if (k == found) kinds[found++] = kind;
    }
    return found;
}

static void drop_artefacts(Arena *arena, const OwnersBill *bill, bool *known, size_t *artefacts) {
    Birth *births = arena_array(arena, bill->resource_count + 1, sizeof *births);
    size_t *sizes = arena_array(arena, bill->resource_count + 1, sizeof *sizes);
    size_t count = 0, hours = 0;
    for (size_t i = 0; i < bill->resource_count; i++)
        if (known[i]) births[count++] = (Birth){bill->resources[i].first_hour, i};
    qsort(births, count, sizeof *births, compare_births);
    for (size_t i = 0, end = 0; i < count; i = end) {
        for (end = i; end < count && births[end].hour == births[i].hour;) end++;
        sizes[hours++] = end - i;
    }
    const size_t most = artefact_size(arena, sizes, hours);
    for (size_t i = 0, end = 0; i < count; i = end) {
        for (end = i; end < count && births[end].hour == births[i].hour;) end++;
        if (end - i <= most || kinds_of(bill, births + i, end - i) <= ARTEFACT_KINDS) continue;
        ++*artefacts;
        for (size_t j = i; j < end; j++) known[births[j].resource] = false;
    }
}

static bool is_month_start(long hour) {
    return hour % HOURS_OF_DAY == 0 && date_calendar(hour / HOURS_OF_DAY).day == 1;
}

void owners_edges_find(Arena *arena, const OwnersBill *bill, Clues *clues) {
    bool *first = arena_array(arena, bill->resource_count + 1, sizeof *first);
    bool *last = arena_array(arena, bill->resource_count + 1, sizeof *last);
    size_t accounts = 0;
    AccountStart *starts = account_starts(arena, bill, &accounts);
    for (size_t i = 0; i < bill->resource_count; i++) {
        const OwnersResource *resource = &bill->resources[i];
        if (resource->first_hour == HOUR_NONE) continue;
        const AccountStart wanted = {resource->account, 0};
        size_t low = 0, high = accounts;
        while (low < high) {
            size_t middle = (low + high) / 2;
            if (strcmp(starts[middle].account, wanted.account) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        first[i] = resource->first_hour >= starts[low].first + EDGE_START_HOURS && !is_month_start(resource->first_hour);
        last[i] = resource->last_hour + EDGE_STOP_HOURS <= bill->last_hour && !resource->stop_unknown;
        if (resource->start_unknown) first[i] = false;
    }
    clues->artefact_hours = 0;
    drop_artefacts(arena, bill, first, &clues->artefact_hours);
    clues->first_known = first;
    clues->last_known = last;
}
