/* investigate/owners_exam.h: the method examined on tagged resources that were hidden from it (inside the room only). */
#ifndef CURLEW_INVESTIGATE_OWNERS_EXAM_H
#define CURLEW_INVESTIGATE_OWNERS_EXAM_H

#include "investigate/owners.h"
#include "investigate/owners_model.h"

/* What was learned, ready to judge the untagged resources. */
typedef struct {
    Model model;
    Calibrations calibrations;
    bool supported; /* probabilities mean something */
} Learned;

/* Hides, learns, judges, calibrates and examines. `untagged` is a sample of the lineups of the untagged resources, so that trials can be
 * made to stand for them. Every trial is judged by weights and a calibration that were learned without its mask. */
void owners_exam_hold(Arena *arena, const Tally *tally, const Lineup *untagged, size_t untagged_count, Learned *learned,
                      OwnersExam *exam);

/* owners_pseudo.c: sets the pseudo-counts of the signals to what the trials say; a signal that few of them show keeps its own. */
void owners_pseudo_fit(Arena *arena, const Tally *tally, const Trial *trials, size_t count, Signal *signals);

/* owners_baselines.c: what simple people would say of a hidden resource: the account's majority, and who launched in the same hour
 * (else the account's majority). Gives the owner (OWNER_NONE = nobody) and the share of votes. */
int owners_baseline_account(Arena *arena, const Tally *tally, size_t resource, int mask, double *share);
int owners_baseline_hour(Arena *arena, const Tally *tally, size_t resource, int mask, double *share);

#endif
