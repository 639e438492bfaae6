/* investigate/findings.h: what the inference rules find on a bill, with savings that do not overlap.
 *
 * Each rule gives candidates: rows with a cost and a saving taken alone. They are applied in the order delete, schedule, re-platform,
 * commit, the surer classes A and B before C: each saves on what those before it left of the same part of the same resource, never more
 * than the resource costs. What a commitment covers is paid already: its share of a saving is capacity, not cash. Amounts are whole
 * cents of the period, so that they add up exactly. */
#ifndef CURLEW_INVESTIGATE_FINDINGS_H
#define CURLEW_INVESTIGATE_FINDINGS_H

#include "investigate/features.h"
#include "investigate/rule.h"

/* One resource of a finding (or an account and region, where lines name no resource). */
typedef struct {
    const Rule *rule;
    char class;
    const char *account, *region, *resource; /* NULL where the bill does not say */
    const char *price_source;                /* "own", "list", …; NULL */
    const Table *table;                      /* the rule's result */
    size_t row;
    double cost, saving, low, high;                          /* as the rule says, taken alone */
    double committed;                                        /* of the cost */
    double resource_cost;                                    /* all lines of the resource; 0 = unknown */
    long long cost_cents, best_cents, low_cents, high_cents; /* what is left for it */
    long long freed_cents;                                   /* capacity that the saving frees under a commitment */
    bool related;                                            /* belongs to the finding, costs and saves nothing of its own */
    const char *counted_in;                                  /* the rule that saved all of it before; NULL */
} FindingItem;

typedef struct {
    const Rule *rule;
    char class;
    const char *account, *account_name, *region;
    size_t item_count;
    const FindingItem **items; /* the largest saving first */
    long long cost_cents, best_cents, low_cents, high_cents, freed_cents;
    long long alone_cents;    /* what it would save without the other findings */
    const char *price_source; /* not "own": where a target price came from; else NULL */
    /* texts with the numbers filled in */
    const char *title, *formula;
    RuleTexts evidence, verify, remediate;
} Finding;

/* A rule that could not be judged on this bill. */
typedef struct {
    const Rule *rule;
    RuleTexts needs;
} NotJudged;

typedef struct {
    RulePeriod period;
    const char *currency;
    size_t count;
    Finding *items; /* the largest saving first */
    size_t fact_count;
    Finding *facts; /* of rules that only inform */
    size_t not_judged_count;
    NotJudged *not_judged;
    size_t rule_count; /* judged and not */
    /* sums over the findings of a class */
    long long best_cents[3], low_cents[3], high_cents[3]; /* by class - 'A' */
} Findings;

bool findings_make(Arena *arena, const Catalog *catalog, Features *features, const RuleBook *book, Findings *out, Err *err);

/* Runs every rule's SQL and looks whether its result has what rules/README.md wants: for the build. */
bool findings_check(Arena *arena, Features *features, const RuleBook *book, Err *err);

/* Probability to begin with that a finding of the class is accepted. */
const char *findings_confidence(char class);

/* --- parts of the room --- */

/* Settles what candidates may save together. (findings_overlap.c) */
void findings_settle(Arena *arena, FindingItem *items, size_t count);

/* Fills in the texts of a finding. (findings_text.c) */
void findings_tell(Arena *arena, Finding *finding, const char *currency);
/* A template's placeholders that are neither figures nor parameters nor known; NULL when all are fine. */
const char *findings_unknown_placeholder(Arena *arena, const Rule *rule, const char *template);

#endif
