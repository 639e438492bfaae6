/* investigate/owners.h: who probably owns the resources that carry no owner tag.
 *
 * Learned from nothing but the bill's own tagged resources: what they have in common with the untagged ones (launch hours, names,
 * other tags, parents, accounts), weighed by how well it would have told the owners of resources whose tag is known, hidden launch group
 * by launch group. The same examination tells how often it is right, and is part of every report. Same bill, same report. */
#ifndef CURLEW_INVESTIGATE_OWNERS_H
#define CURLEW_INVESTIGATE_OWNERS_H

#include "investigate/owners_bill.h"

/* What one resource is thought to be. */
typedef struct {
    const OwnersResource *resource;
    int owner;          /* OWNER_NONE: nobody is likely enough */
    double probability; /* of `owner`; negative when the data cannot support one */
    int best;           /* the likeliest, also when it is not likely enough; OWNER_NONE when nobody is near */
    double best_probability;
    int runner_up; /* OWNER_NONE when there is none */
    double runner_up_probability;
    const char *because; /* the strongest evidence in a few words: "“lakehouse” in its name or tags: 234 of 234"; NULL */
    size_t evidence_count;
    const char **evidence; /* sentences with their numbers, the strongest first */
} OwnerGuess;

enum { RELIABILITY_BINS = 10 };
typedef struct {
    double from, to; /* of the probability said */
    size_t count;
    double said, right; /* means, weighted */
} ReliabilityBin;

/* How the method did on tagged resources that were hidden from it. */
typedef struct {
    bool supported;      /* probabilities mean something */
    const char *why_not; /* in words; NULL */
    size_t trials, groups;
    double effective_trials; /* after weighing by likeness to the untagged */
    double whole_share;
    double precision_at_90, precision_low_at_90; /* the lower bound is Wilson's of 95 % */
    double coverage_at_90;
    double accuracy, brier, ece;
    double account_brier, account_accuracy, account_precision_at_90;
    double hour_brier, hour_accuracy, hour_precision_at_90;
    size_t bin_count;
    ReliabilityBin bins[RELIABILITY_BINS];
} OwnersExam;

typedef struct {
    const char *name; /* NULL: unknown */
    size_t tagged_count, named_count;
    Decimal tagged, named, cost; /* of resources that carry the tag, of those named here, of both */
} OwnerShare;

typedef struct {
    OwnersBill bill;
    double confidence; /* at which cost is attributed */
    size_t guess_count;
    OwnerGuess *guesses; /* every resource without the tag, the dearest first */
    OwnersExam exam;
    size_t share_count;
    OwnerShare *shares; /* tagged and attributed cost per owner, the dearest first */
    OwnerShare unknown; /* what stays without an owner */
    size_t named_count; /* resources named at that confidence */
    Decimal named;      /* their cost */
    Decimal recovered;  /* cost of lines before the tag was set on a resource that carries it now */
    double weights[32]; /* of the factors, for the curious */
    size_t orphan_count;
    const OwnerGuess **orphans; /* old, steady, nobody near; the dearest first */
    size_t artefact_hours;
} OwnersReport;

/* Finds the owners by tag key `tag` (NULL: the bill's usual one). Cost is attributed from `confidence` (0 to 1) on. ERR_REFUSED where
 * there is nothing to stand on, with the reason. */
bool owners_find(Arena *arena, const Desk *desk, const char *tag, double confidence, OwnersReport *out, Err *err);

#endif
