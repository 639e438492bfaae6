/* investigate/owners_clues.h: what resources have in common (inside the room only).
 *
 * A clue is a value that several resources can share: "launched in account X, region Y at hour H", "the word ledger in its name",
 * "project=checkout". Each kind of clue is a signal; signals that say much the same belong to one factor, which has one weight.
 * What carries no information is left out here: hours at the edges of the data, at the start of a month, and hours in which half
 * of the bill seems to begin. */
#ifndef CURLEW_INVESTIGATE_OWNERS_CLUES_H
#define CURLEW_INVESTIGATE_OWNERS_CLUES_H

#include "investigate/owners_bill.h"

typedef enum {
    FACTOR_PRIOR,    /* who owns how much of the account */
    FACTOR_PLACE,    /* region */
    FACTOR_SERVICE,  /* kind of thing, in this account */
    FACTOR_MODEL,    /* instance type, meter, hour of the day of what is metered once a day */
    FACTOR_ANYWHERE, /* kind and model in any account */
    FACTOR_START,    /* same hour, the hour before or after, or the same day, in account and region */
    FACTOR_STOP,
    FACTOR_SPAN, /* same first and last hour; of instances and their disks also the first alone */
    FACTOR_LINK, /* parent and child, or parts of one thing, by their ids */
    FACTOR_NAME,
    FACTOR_NAMES, /* further words of the name */
    FACTOR_TAG,
    FACTOR_TAGS, /* further tags */
    FACTOR_SYSTEM,
    FACTOR_CREATOR,
    FACTOR_CATEGORY,
    FACTOR_PROFILE,
    FACTOR_COUNT
} Factor;

typedef enum {
    SIGNAL_ACCOUNT,
    SIGNAL_PLACE,
    SIGNAL_SERVICE,
    SIGNAL_MODEL,
    SIGNAL_ANYWHERE,
    SIGNAL_START,
    SIGNAL_NEAR,
    SIGNAL_STOP,
    SIGNAL_SPAN,
    SIGNAL_DAY,
    SIGNAL_LINK,
    SIGNAL_PAIR,
    SIGNAL_PAIR_SPAN,
    SIGNAL_WORD,
    SIGNAL_WORDS,
    SIGNAL_STEM,
    SIGNAL_PROFILE,
    SIGNAL_LABELS /* one per label of the bill from here on */
} SignalId;

/* How much a clue of a signal is trusted depends on how many tagged resources show it, and on whether they are of one owner. */
enum { TRUST_SIZES = 4, TRUST_PURITIES = 3, TRUST_CELLS = TRUST_SIZES * TRUST_PURITIES };

typedef struct {
    Factor factor;
    bool in_account;           /* compared with who owns the account, not with the whole bill */
    double pseudo;             /* how many tagged resources the expectation weighs as much as, to begin with */
    double trust[TRUST_CELLS]; /* the same by cell, learned */
} Signal;

enum { FROM_ITSELF = -1, FROM_NAME_TAG = 63 };

/* One resource shows one clue. */
typedef struct {
    int clue;
    signed char from; /* the label that it was read from, FROM_NAME_TAG, or FROM_ITSELF */
    bool inherited;   /* of an untagged parent or child */
} Sign;

typedef struct {
    int signal;
    const char *text; /* a word, a tag's value; NULL when the resource itself says it */
} Clue;

typedef struct {
    const OwnersBill *bill;
    size_t signal_count, clue_count, sign_count;
    Signal *signals;
    Clue *clues;
    size_t *starts; /* signs of resource r: starts[r] to starts[r + 1] */
    Sign *signs;
    const bool *first_known, *last_known; /* per resource: its first (last) hour is a start (stop), not an edge of the data */
    size_t artefact_hours;                /* hours in which half of the bill seems to begin */
    const double *tagged_shares;          /* per resource: how much of what is like it carries the tag, above 0 */
} Clues;

/* The factor's name for programs: "same_hour". */
const char *owners_factor_name(Factor factor);

/* Reads the clues of every resource. */
void owners_clues_read(Arena *arena, const OwnersBill *bill, Clues *out);

/* owners_selection.c: of the resources of a resource's account, kind and model, the share that carries the tag. */
const double *owners_tagged_shares(Arena *arena, const Clues *clues);
/* What is left of a probability that stands on base rates alone: the odds of somebody else grow as less is tagged. */
double owners_selected(double probability, double tagged_share);

/* owners_edges.c: which first and last hours mean something. */
void owners_edges_find(Arena *arena, const OwnersBill *bill, Clues *clues);

/* owners_intern.c: a number for each different key of a signal. */
typedef struct ClueTable ClueTable;
ClueTable *clue_table_make(Arena *arena, size_t expected);
/* The number of the clue; a new one gets `text`, which must live as long as the arena. */
int clue_table_add(ClueTable *table, int signal, const char *const *parts, size_t part_count, const char *text);
bool clue_table_has(const ClueTable *table, int signal, const char *const *parts, size_t part_count);
size_t clue_table_count(const ClueTable *table);
Clue *clue_table_clues(ClueTable *table);

#endif
