#include "investigate/owners_model.h"

#include <math.h>
#include <string.h>

enum { ROUNDS = 12 };
static const double tie_least = 0.3;
static const double pull = 6; /* how many trials the prior weighs as much as */

Model owners_model_prior(void) {
    static const double weights[FACTOR_COUNT] = {
        [FACTOR_PRIOR] = 1,      [FACTOR_PLACE] = 0.5,  [FACTOR_SERVICE] = 0.5, [FACTOR_MODEL] = 0.4, [FACTOR_ANYWHERE] = 0.2,
        [FACTOR_START] = 0.6,    [FACTOR_STOP] = 0.4,   [FACTOR_SPAN] = 0.5,    [FACTOR_LINK] = 0.8,  [FACTOR_NAME] = 0.9,
        [FACTOR_NAMES] = 0.3,    [FACTOR_TAG] = 1,      [FACTOR_TAGS] = 0.3,    [FACTOR_SYSTEM] = 1,  [FACTOR_CREATOR] = 0.8,
        [FACTOR_CATEGORY] = 0.8, [FACTOR_PROFILE] = 0.2};
    Model model = {0};
    memcpy(model.weights, weights, sizeof weights);
    return model;
}

size_t owners_model_judge(const Model *model, const Lineup *lineup, double *out) {
    double most = -INFINITY, sum = 0;
    size_t best = lineup->suspect_count;
    for (size_t i = 0; i < lineup->suspect_count; i++) {
        const Suspect *suspect = &lineup->suspects[i];
        out[i] = 0;
        for (size_t f = 0; f < FACTOR_COUNT; f++) out[i] += model->weights[f] * (double)suspect->evidence[f];
        if (out[i] > most) most = out[i];
        if (suspect->owner != SUSPECT_OTHER && (best == lineup->suspect_count || out[i] > out[best])) best = i;
    }
    for (size_t i = 0; i < lineup->suspect_count; i++) sum += out[i] = exp(out[i] - most);
    for (size_t i = 0; i < lineup->suspect_count; i++) out[i] /= sum;
    return best;
}

/* The suspect that a trial's truth is: somebody else when it is not among them. */
static size_t truth_of(const Trial *trial) {
    size_t i = 0;
    while (i + 1 < trial->lineup.suspect_count && trial->lineup.suspects[i].owner != trial->truth) i++;
    return i;
}

/* Gradient and curvature of the log-loss of one trial. */
static void add_trial(const Trial *trial, const Model *model, double *gradient, double *curvature) {
    double shares[SUSPECTS + 1], mean[FACTOR_COUNT] = {0};
    const Lineup *lineup = &trial->lineup;
    owners_model_judge(model, lineup, shares);
    for (size_t i = 0; i < lineup->suspect_count; i++)
        for (size_t f = 0; f < FACTOR_COUNT; f++) mean[f] += shares[i] * (double)lineup->suspects[i].evidence[f];
    const float *truth = lineup->suspects[truth_of(trial)].evidence;
    for (size_t f = 0; f < FACTOR_COUNT; f++) gradient[f] += trial->weight * ((double)truth[f] - mean[f]);
    for (size_t i = 0; i < lineup->suspect_count; i++) {
        double centred[FACTOR_COUNT];
        const double share = trial->weight * shares[i];
        if (share < 1e-9) continue;
        for (size_t f = 0; f < FACTOR_COUNT; f++) centred[f] = (double)lineup->suspects[i].evidence[f] - mean[f];
        for (size_t f = 0; f < FACTOR_COUNT; f++) {
            if (fabs(centred[f]) < 1e-12) continue;
            for (size_t g = 0; g <= f; g++) curvature[f * FACTOR_COUNT + g] += share * centred[f] * centred[g];
        }
    }
}

void owners_model_learn(const Trial *trials, size_t count, int left_out, const Model *start, Model *out) {
    const Model prior = owners_model_prior();
    *out = *start;
    for (size_t round = 0; round < ROUNDS; round++) {
        double gradient[FACTOR_COUNT] = {0}, curvature[FACTOR_COUNT * FACTOR_COUNT] = {0}, moved = 0;
        for (size_t i = 0; i < count; i++)
            if (trials[i].fold != left_out) add_trial(&trials[i], out, gradient, curvature);
        for (size_t f = 0; f < FACTOR_COUNT; f++) {
            gradient[f] -= pull * (out->weights[f] - prior.weights[f]);
            curvature[f * FACTOR_COUNT + f] += pull;
            /* A weight that stands at zero and would fall stays there, and must not bend the others. */
            if (out->weights[f] > 0 || gradient[f] > 0) continue;
            gradient[f] = 0;
            for (size_t g = 0; g < FACTOR_COUNT; g++) curvature[f * FACTOR_COUNT + g] = curvature[g * FACTOR_COUNT + f] = 0;
            curvature[f * FACTOR_COUNT + f] = 1;
        }
        owners_solve(curvature, gradient, FACTOR_COUNT);
        for (size_t f = 0; f < FACTOR_COUNT; f++) {
            const double step = gradient[f] > 1 ? 1 : gradient[f] < -1 ? -1 : gradient[f];
            const double weight = out->weights[f] + step > 0 ? out->weights[f] + step : 0;
            moved += fabs(weight - out->weights[f]);
            out->weights[f] = weight;
        }
        if (moved < 1e-4) break;
    }
}

bool owners_model_has_tie(const Model *model, const Suspect *suspect) {
    static const bool is_base[FACTOR_COUNT] = {[FACTOR_PRIOR] = true, [FACTOR_PLACE] = true,    [FACTOR_SERVICE] = true,
                                               [FACTOR_MODEL] = true, [FACTOR_ANYWHERE] = true, [FACTOR_PROFILE] = true};
    double sum = 0;
    for (size_t f = 0; f < FACTOR_COUNT; f++)
        if (!is_base[f]) sum += model->weights[f] * (double)suspect->evidence[f];
    return sum > tie_least;
}
