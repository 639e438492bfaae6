/* Savings on one resource must not be counted twice: a ledger of what is left of each. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "investigate/findings.h"

enum { LEDGER_PARTS = 8 };

/* What is left of the cost of a resource: of all of it, and of single parts, as shares. */
typedef struct {
    const char *account, *resource;
    double left; /* of the whole */
    size_t part_count;
    struct {
        const char *part;
        double left;
    } parts[LEDGER_PARTS];
    double saved; /* money, of all parts */
    const char *last_rule;
} Account;

typedef struct {
    Account *slots; /* open addressing */
    size_t room;    /* a power of two, more than twice what will be there */
} Ledger;

static size_t hash(const char *text, size_t seed) {
    size_t value = seed ^ (size_t)1469598103934665603ULL;
    for (; *text; text++) value = (value ^ (unsigned char)*text) * (size_t)1099511628211ULL;
    return value;
}

static Account *find(Ledger *ledger, const FindingItem *item) {
    size_t at = hash(item->resource, hash(item->account ? item->account : "", 7)) & (ledger->room - 1);
    for (;; at = (at + 1) & (ledger->room - 1)) {
        Account *slot = &ledger->slots[at];
        if (!slot->resource) {
            *slot = (Account){.account = item->account, .resource = item->resource, .left = 1};
            return slot;
        }
        if (text_equal(slot->resource, item->resource) && text_equal(slot->account, item->account)) return slot;
    }
}

/* The share that is left of a part; where a resource has more parts than are kept, they share the last entry: too little is
 * saved then, never too much. */
static double *part_left(Account *account, const char *part) {
    for (size_t i = 0; i < account->part_count; i++)
        if (text_equal(account->parts[i].part, part)) return &account->parts[i].left;
    if (account->part_count == LEDGER_PARTS) return &account->parts[LEDGER_PARTS - 1].left;
    account->parts[account->part_count].part = part;
    account->parts[account->part_count].left = 1;
    return &account->parts[account->part_count++].left;
}

static int stage(const FindingItem *item) {
    return (int)item->rule->action + (item->class == 'C' ? (int)ACTION_INFORM + 1 : 0);
}

static int compare_text(const char *a, const char *b) {
    return strcmp(a ? a : "", b ? b : "");
}

static int by_stage(const void *a, const void *b) {
    const FindingItem *x = *(FindingItem *const *)a, *y = *(FindingItem *const *)b;
    if (stage(x) != stage(y)) return stage(x) - stage(y);
    if (x->class != y->class) return x->class - y->class;
    if (x->saving > y->saving || x->saving < y->saving) return x->saving < y->saving ? 1 : -1;
    int order = strcmp(x->rule->id, y->rule->id);
    if (order == 0) order = compare_text(x->account, y->account);
    return order ? order : compare_text(x->resource, y->resource);
}

/* Sums of doubles differ in their last digits with the order in which threads add them: what is a tie but for that goes up. */
static long long cents(double amount) {
    return (long long)floor(amount * 100 + 0.5 + 1e-6);
}

/* What one item saves when `share` of its cost is left, and no more than `most`. */
static void book(FindingItem *item, double share, double most) {
    const double cash = item->cost > 0 ? 1 - fmin(1, fmax(0, item->committed / item->cost)) : 1;
    const double ceiling = fmax(0, fmin(most, item->cost * share)), best = fmin(item->saving * share, ceiling);
    item->best_cents = cents(best * cash);
    item->freed_cents = cents(best * (1 - cash));
    item->low_cents = cents(fmin(item->low * share, best) * cash);
    item->high_cents = cents(fmax(best, fmin(item->high * share, ceiling)) * cash);
    item->cost_cents = cents(item->cost);
    if (item->best_cents > item->cost_cents) item->best_cents = item->cost_cents;
    if (item->high_cents > item->cost_cents) item->high_cents = item->cost_cents;
    if (item->high_cents < item->best_cents) item->high_cents = item->best_cents;
}

/* Resources are those of accounts; of several resources that share a line nothing is known. */
static void apply(Ledger *ledger, FindingItem *item) {
    Account *account = find(ledger, item);
    const bool whole = text_equal(item->rule->part, "all");
    double *part = whole ? NULL : part_left(account, item->rule->part);
    const double total = item->resource_cost > 0 ? item->resource_cost : INFINITY;
    double share = account->left * (part ? *part : 1);
    /* All of a resource of which parts are saved already: what they left of it. */
    if (whole && isfinite(total)) share = fmin(share, fmax(0, 1 - account->saved / total));
    book(item, share, total - account->saved);
    if (share <= 0.005 && account->last_rule) item->counted_in = account->last_rule;
    const double saved = (double)(item->best_cents + item->freed_cents) / 100;
    account->saved += saved;
    if (item->cost > 0) {
        const double kept = fmax(0, 1 - fmin(1, item->saving / item->cost));
        if (whole)
            account->left *= kept;
        else
            *part *= kept;
    }
    if (saved > 0) account->last_rule = item->rule->id;
}

/* Compute that other findings do away with needs no commitment. */
static bool lowers_commitments(const FindingItem *item) {
    return item->class != 'C' && item->rule->action < ACTION_COMMIT && item->resource &&
           (text_equal(item->rule->family, "compute") || text_equal(item->rule->family, "containers"));
}

void findings_settle(Arena *arena, FindingItem *items, size_t count) {
    Ledger ledger = {.room = 16};
    FindingItem **order = arena_array(arena, count + 1, sizeof *order);
    double saved = 0;
    while (ledger.room < count * 3) ledger.room *= 2;
    ledger.slots = arena_array(arena, ledger.room, sizeof *ledger.slots);
    for (size_t i = 0; i < count; i++) order[i] = &items[i];
    qsort(order, count, sizeof *order, by_stage);
    for (size_t i = 0; i < count; i++) {
        FindingItem *item = order[i];
        if (item->related) continue;
        if (item->resource) {
            apply(&ledger, item);
        } else {
            double share = 1;
            if (item->rule->action == ACTION_COMMIT && item->cost > 0) share = fmax(0, 1 - saved / item->cost);
            const double alone = item->high;
            book(item, share, item->cost);
            if (share < 1) item->high_cents = cents(fmin(alone, item->cost * share));
        }
        if (lowers_commitments(item)) saved += (double)item->best_cents / 100;
    }
}
