/* Tagged resources are not like untagged ones: other services, other ages, more evidence. Trials count as much as untagged resources are
 * like them. */
#include <math.h>
#include <string.h>

#include "base/decimal.h"
#include "investigate/owners_model.h"
#include "investigate/owners_names.h"

enum { TRAITS = 26, ROUNDS = 12 };
static const double pull = 2, least_weight = 0.05, most_weight = 8, strong = 0.9;

/* What a factor says for the owner that it speaks for most. */
static double strength(const Lineup *lineup, Factor factor) {
    float most = 0;
    for (size_t i = 0; i < lineup->suspect_count; i++)
        if (lineup->suspects[i].evidence[factor] > most) most = lineup->suspects[i].evidence[factor];
    return (double)most;
}

static void read_traits(const Clues *clues, const Lineup *lineup, double *out) {
    const OwnersResource *resource = &clues->bill->resources[lineup->resource];
    const bool known = clues->first_known[lineup->resource];
    const double cost = decimal_double(resource->cost);
    static const Factor grounds[] = {FACTOR_LINK,    FACTOR_NAME, FACTOR_TAG, FACTOR_SYSTEM,
                                     FACTOR_CREATOR, FACTOR_STOP, FACTOR_SPAN};
    size_t count = 0;
    memset(out, 0, TRAITS * sizeof *out);
    out[count++] = 1;
    out[count++] = known;
    out[count++] = known && lineup->siblings > 0;
    out[count++] = known && lineup->siblings > 2;
    out[count++] = resource->once_a_day;
    out[count++] = owners_kind_is_compute(resource->kind);
    out[count++] = cost > 1;
    out[count++] = cost > 50;
    for (size_t i = 0; i < sizeof grounds / sizeof *grounds; i++) out[count++] = lineup->grounds[grounds[i]].clue >= 0;
    static const Factor strengths[] = {FACTOR_START, FACTOR_SPAN,    FACTOR_NAME,  FACTOR_TAG,
                                       FACTOR_LINK,  FACTOR_SERVICE, FACTOR_PLACE, FACTOR_MODEL};
    for (size_t i = 0; i < sizeof strengths / sizeof *strengths; i++) out[count++] = strength(lineup, strengths[i]) > strong;
    out[count++] = lineup->grounds[FACTOR_SERVICE].count > 20;
    out[count++] = lineup->suspect_count > 3;
}

static double score(const double *weights, const double *traits) {
    double sum = 0;
    for (size_t i = 0; i < TRAITS; i++) sum += weights[i] * traits[i];
    return sum;
}

static void add_case(const double *weights, const double *traits, bool untagged, double times, double *gradient,
                     double *curvature) {
    const double share = 1 / (1 + exp(-score(weights, traits)));
    for (size_t i = 0; i < TRAITS; i++) {
        gradient[i] += times * traits[i] * ((untagged ? 1 : 0) - share);
        for (size_t j = 0; j <= i; j++) curvature[i * TRAITS + j] += times * traits[i] * traits[j] * share * (1 - share);
    }
}

double owners_likeness_weigh(const Clues *clues, Trial *trials, size_t trial_count, const Lineup *untagged,
                             size_t untagged_count) {
    double weights[TRAITS] = {0}, traits[TRAITS], sum = 0, squares = 0;
    if (!trial_count || !untagged_count) return (double)trial_count;
    /* Both sides weigh the same, so that the ratio of the two is the ratio of their densities. */
    double base = 0;
    for (size_t i = 0; i < trial_count; i++) base += trials[i].weight;
    const double times = base / (double)untagged_count;
    for (size_t round = 0; round < ROUNDS; round++) {
        double gradient[TRAITS] = {0}, curvature[TRAITS * TRAITS] = {0};
        for (size_t i = 0; i < trial_count; i++) {
            read_traits(clues, &trials[i].lineup, traits);
            add_case(weights, traits, false, trials[i].weight, gradient, curvature);
        }
        for (size_t i = 0; i < untagged_count; i++) {
            read_traits(clues, &untagged[i], traits);
            add_case(weights, traits, true, times, gradient, curvature);
        }
        for (size_t i = 0; i < TRAITS; i++) {
            gradient[i] -= pull * weights[i];
            curvature[i * TRAITS + i] += pull;
        }
        owners_solve(curvature, gradient, TRAITS);
        for (size_t i = 0; i < TRAITS; i++) weights[i] += gradient[i] > 2 ? 2 : gradient[i] < -2 ? -2 : gradient[i];
    }
    for (size_t i = 0; i < trial_count; i++) {
        read_traits(clues, &trials[i].lineup, traits);
        const double weight = exp(score(weights, traits));
        trials[i].weight *= weight < least_weight ? least_weight : weight > most_weight ? most_weight : weight;
        sum += trials[i].weight;
    }
    for (size_t i = 0; i < trial_count; i++) {
        trials[i].weight *= (double)trial_count / sum;
        squares += trials[i].weight * trials[i].weight;
    }
    return (double)trial_count * (double)trial_count / squares;
}
