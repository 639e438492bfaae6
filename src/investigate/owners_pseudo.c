/* How much a signal is trusted where it has been seen a few times only: the pseudo-count that would have told the hidden owners best. */
#include <math.h>
#include <string.h>

#include "investigate/owners_exam.h"

enum { CHOICES = 11 };
static const double choices[CHOICES] = {0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2};
static const double pull = 1; /* per step of a factor e away from what was thought before, in units of log-likelihood */

/* Log-likelihood of the trials by pseudo-count, for each cell of a signal and in all. */
typedef struct {
    double seen;
    double likelihood[CHOICES];
} Score;
typedef struct {
    Score all, cells[TRUST_CELLS];
} Scores;

/* Who owns the account while a mask is hidden, as far as one owner goes. */
static double account_share(const Tally *tally, size_t resource, int mask, int owner, double *counts, int *owners) {
    const Clues *clues = tally->clues;
    for (size_t i = clues->starts[resource]; i < clues->starts[resource + 1]; i++) {
        size_t count = 0;
        if (clues->clues[clues->signs[i].clue].signal != SIGNAL_ACCOUNT) continue;
        const double sum = owners_tally_read(tally, clues->signs[i].clue, mask, owners, counts, &count), own = counts[owner];
        for (size_t k = 0; k < count; k++) counts[owners[k]] = 0;
        return (own + ACCOUNT_PSEUDO * tally->shares[mask][owner]) / (sum + ACCOUNT_PSEUDO);
    }
    return tally->shares[mask][owner];
}

static void add_score(Score *score, double weight, double own, double sum, double base) {
    score->seen += weight;
    for (size_t c = 0; c < CHOICES; c++) score->likelihood[c] += weight * log((own + choices[c] * base) / (sum + choices[c]));
}

/* The likeliest pseudo-count, drawn towards what was thought before. */
static double choose(const Score *score, double before) {
    double most = -INFINITY, chosen = before;
    if (score->seen <= 0) return before;
    for (size_t c = 0; c < CHOICES; c++) {
        const double distance = log(choices[c] / before);
        const double value = score->likelihood[c] - pull * distance * distance / 2;
        if (value <= most) continue;
        most = value;
        chosen = choices[c];
    }
    return chosen;
}

static void add_all(Score *sum, const Score *score) {
    sum->seen += score->seen;
    for (size_t c = 0; c < CHOICES; c++) sum->likelihood[c] += score->likelihood[c];
}

/* The more resources agree, the less pseudo-count: cells that say otherwise by chance are judged together. */
static void choose_cells(const Scores *scores, Signal *signal) {
    for (size_t purity = 0; purity < TRUST_PURITIES; purity++) {
        Score pooled[TRUST_SIZES] = {0};
        double chosen[TRUST_SIZES] = {0};
        size_t first[TRUST_SIZES] = {0}, count = 0;
        for (size_t size = 0; size < TRUST_SIZES; size++) {
            pooled[count] = scores->cells[size * TRUST_PURITIES + purity];
            first[count] = size;
            chosen[count] = choose(&pooled[count], signal->pseudo);
            for (count++; count > 1 && chosen[count - 1] > chosen[count - 2]; count--) {
                add_all(&pooled[count - 2], &pooled[count - 1]);
                chosen[count - 2] = choose(&pooled[count - 2], signal->pseudo);
            }
        }
        for (size_t i = 0; i < count; i++)
            for (size_t size = first[i]; size < (i + 1 < count ? first[i + 1] : TRUST_SIZES); size++)
                signal->trust[size * TRUST_PURITIES + purity] = chosen[i];
    }
}

static void score_trial(const Tally *tally, const Trial *trial, double *counts, int *owners, Scores *scores) {
    const Clues *clues = tally->clues;
    const size_t resource = trial->lineup.resource;
    const double account = account_share(tally, resource, trial->mask, trial->truth, counts, owners);
    for (size_t i = clues->starts[resource]; i < clues->starts[resource + 1]; i++) {
        const Sign *sign = &clues->signs[i];
        const int signal = clues->clues[sign->clue].signal;
        size_t count = 0;
        if (sign->from != FROM_ITSELF && !(tally->masks->visible[resource] >> sign->from & 1)) continue;
        const double sum = owners_tally_read(tally, sign->clue, trial->mask, owners, counts, &count),
                     own = counts[trial->truth];
        double most = 0;
        for (size_t k = 0; k < count; k++) {
            if (counts[owners[k]] > most) most = counts[owners[k]];
            counts[owners[k]] = 0;
        }
        if (sum <= 0) continue;
        const double base = clues->signals[signal].in_account ? account : tally->shares[trial->mask][trial->truth];
        add_score(&scores[signal].all, trial->weight, own, sum, base);
        add_score(&scores[signal].cells[owners_tally_cell(sum, most)], trial->weight, own, sum, base);
    }
}

void owners_pseudo_fit(Arena *arena, const Tally *tally, const Trial *trials, size_t count, Signal *signals) {
    const size_t signal_count = tally->clues->signal_count;
    Scores *scores = arena_array(arena, signal_count, sizeof *scores);
    double *counts = arena_array(arena, tally->owner_count + 1, sizeof *counts);
    int *owners = arena_array(arena, tally->owner_count + 1, sizeof *owners);
    for (size_t i = 0; i < count; i++) score_trial(tally, &trials[i], counts, owners, scores);
    for (size_t s = 0; s < signal_count; s++) {
        signals[s].pseudo = choose(&scores[s].all, signals[s].pseudo);
        choose_cells(&scores[s], &signals[s]);
    }
}
