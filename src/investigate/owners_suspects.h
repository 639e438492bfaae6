/* investigate/owners_suspects.h: who may own a resource, and what speaks for each (inside the room only).
 *
 * For a clue v and owner k, with c tagged resources of which c_k are k's and a base share b_k (of the account, or of the whole bill),
 *     P(k | v) = (c_k + m b_k) / (c + m),   evidence = log P(k | v) / b_k.
 * The expectation stands on the side of the owners, so that one tagged sibling says less than fifty, and an hour in which everybody
 * launches says nothing. Evidence of one factor is that of its clue that tells the owners apart best. */
#ifndef CURLEW_INVESTIGATE_OWNERS_SUSPECTS_H
#define CURLEW_INVESTIGATE_OWNERS_SUSPECTS_H

#include "investigate/owners_tally.h"

enum { SUSPECTS = 24, SUSPECT_OTHER = -2 };
/* Tagged resources of an account that the shares of the whole bill weigh as much as. */
#define ACCOUNT_PSEUDO 8.0

typedef struct {
    int owner; /* SUSPECT_OTHER stands for everybody else, also for those who never tag */
    float evidence[FACTOR_COUNT];
} Suspect;

/* Of one factor, the clue that was used. */
typedef struct {
    int clue; /* -1: the resource shows none that a tagged one shows too */
    double count;
    bool inherited;
} Ground;

typedef struct {
    size_t resource;
    size_t suspect_count; /* the last is SUSPECT_OTHER */
    Suspect *suspects;
    Ground grounds[FACTOR_COUNT];
    double siblings; /* tagged resources of the same start, account and region */
} Lineup;

typedef struct SuspectReader SuspectReader;
SuspectReader *owners_suspects_reader(Arena *arena, const Tally *tally);

/* The suspects of a resource under a mask: one that hides it, for a tagged resource. Suspects are made in `arena`. */
void owners_suspects_find(Arena *arena, SuspectReader *reader, size_t resource, int mask, Lineup *out);

#endif
