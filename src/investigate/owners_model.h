/* investigate/owners_model.h: numbers in, numbers out: how much each factor weighs, and what a score is worth (inside the room only). */
#ifndef CURLEW_INVESTIGATE_OWNERS_MODEL_H
#define CURLEW_INVESTIGATE_OWNERS_MODEL_H

#include "investigate/owners_suspects.h"

/* A hidden resource: its suspects, who it was, and how much it counts. */
typedef struct {
    Lineup lineup;
    int truth;     /* owner */
    int mask;      /* that it was hidden under */
    int fold;      /* for learning without what belongs to it */
    double weight; /* how much the untagged resources are like it */
} Trial;

typedef struct {
    double weights[FACTOR_COUNT]; /* none below zero: no evidence counts backwards */
} Model;

/* Evidence counts as it comes: what a model starts from, and is drawn towards. */
Model owners_model_prior(void);

/* Weights by which the trials outside `left_out` (FOLD_NONE = all count) would have been judged best: multinomial log-loss with a pull
 * towards the prior, by Newton's method from `start` on, which changes how long it takes and not what comes out. */
void owners_model_learn(const Trial *trials, size_t count, int left_out, const Model *start, Model *out);

/* The probability of each suspect before calibration, and the index of the likeliest that is an owner (suspect_count when there is
 * none). */
size_t owners_model_judge(const Model *model, const Lineup *lineup, double *out);

/* Whether anything but base rates (account, region, kind, model) speaks for a suspect: a tie of its own. */
bool owners_model_has_tie(const Model *model, const Suspect *suspect);

/* owners_likeness.c: multiplies the weights of the trials so that they stand for the untagged resources: density ratio by logistic regression
 * on what both show. Gives the effective number of trials. */
double owners_likeness_weigh(const Clues *clues, Trial *trials, size_t trial_count, const Lineup *untagged,
                             size_t untagged_count);

/* owners_solve.c: solves the symmetric system `matrix` x = `vector` of `size` in place by Cholesky; a matrix that is not positive
 * definite leaves `vector` zero. Rows of `matrix` are `size` apart. */
void owners_solve(double *matrix, double *vector, size_t size);

/* owners_calibrate.c: how often the likeliest suspect is right at a score: isotonic regression (pool adjacent violators). */
typedef struct {
    size_t count; /* steps */
    double *scores, *values;
    double most; /* never said to be surer than this */
} Calibration;

typedef struct {
    double score, weight;
    bool right, tied; /* owners_model_has_tie() */
    size_t order;     /* breaks ties, so that the result does not depend on sorting */
} Outcome;

/* One curve for outcomes with ties, one for those without, where both are many enough. */
typedef struct {
    Calibration all, tied, untied;
    bool apart;
} Calibrations;

void owners_calibrate(Arena *arena, const Outcome *outcomes, size_t count, Calibrations *out);
double owners_calibrated(const Calibrations *calibrations, double score, bool tied);

#endif
