/* question/frame.h: what a span of the question means, as far as its words go.
 *
 * A frame is a partial plan: each reading of a word, and each phrase the grammar builds, carries one. Phrases are built by merging
 * the frames of their parts (frame_merge: two parts that contradict each other do not merge, and the parse is dropped) and by the
 * actions of tables/grammar.tsv and tables/lexicon.tsv, which share one vocabulary (frame_act). */
#ifndef CURLEW_QUESTION_FRAME_H
#define CURLEW_QUESTION_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "catalog/catalog.h"
#include "question/plan.h"

#define FRAME_CONDITIONS 12
#define FRAME_MEASURES 4
#define FRAME_GROUPS 4
#define FRAME_HAVINGS 3

/* What the words of a frame ask for, beside what they name. */
#define FLAG_COST (UINT64_C(1) << 0)       /* money was asked for, without saying which cost */
#define FLAG_WHICH (UINT64_C(1) << 1)      /* "which X", "what X" */
#define FLAG_PLURAL (UINT64_C(1) << 2)     /* its X was plural */
#define FLAG_COUNT (UINT64_C(1) << 3)      /* "how many" */
#define FLAG_LIST (UINT64_C(1) << 4)       /* "list", "which X are there" */
#define FLAG_WHY (UINT64_C(1) << 5)        /* "why", "what drove" */
#define FLAG_FIRST (UINT64_C(1) << 6)      /* "first seen" */
#define FLAG_LAST (UINT64_C(1) << 7)       /* "last billed" */
#define FLAG_NEW (UINT64_C(1) << 8)        /* "new", "appeared" */
#define FLAG_GONE (UINT64_C(1) << 9)       /* "disappeared", "no longer" */
#define FLAG_SHARE (UINT64_C(1) << 10)     /* "percentage of" */
#define FLAG_GROW (UINT64_C(1) << 11)      /* "grew", "increase" */
#define FLAG_SHRINK (UINT64_C(1) << 12)    /* "fell", "cheaper" */
#define FLAG_CHANGE (UINT64_C(1) << 13)    /* "changed", "growth" */
#define FLAG_PERCENT (UINT64_C(1) << 14)   /* "in percent" */
#define FLAG_TOGETHER (UINT64_C(1) << 15)  /* "combined": one total */
#define FLAG_TREND (UINT64_C(1) << 16)     /* "over time": a series of the fitting grain */
#define FLAG_MOST (UINT64_C(1) << 17)      /* "the most" */
#define FLAG_LEAST (UINT64_C(1) << 18)     /* "the least" */
#define FLAG_CHARGED (UINT64_C(1) << 19)   /* "charged", "pay for": cost above zero */
#define FLAG_USAGE (UINT64_C(1) << 20)     /* "usage", "used": quantities */
#define FLAG_UNIT_COST (UINT64_C(1) << 21) /* "per GB" */
#define FLAG_RANGE (UINT64_C(1) << 22)     /* the time was said as a range of two named periods */
#define FLAG_FASTEST (UINT64_C(1) << 23)   /* "fastest growing": by percent */
#define FLAG_EACH (UINT64_C(1) << 24)      /* the group was said with per, each */
#define FLAG_LISTED (UINT64_C(1) << 25)    /* values joined by commas or "and" */
#define FLAG_ELAPSED (UINT64_C(1) << 26)   /* "the same days of" */
#define FLAG_UNTAGGED (UINT64_C(1) << 27)  /* "untagged", of the tag that is grouped by, or of any */
#define FLAG_TAGGED (UINT64_C(1) << 28)    /* "leaving out untagged" */
#define FLAG_MORE (UINT64_C(1) << 29)      /* "more … than" */
#define FLAG_LESS (UINT64_C(1) << 30)
#define FLAG_BILLING (UINT64_C(1) << 31) /* "invoice", "billing period" */
#define FLAG_WHEN (UINT64_C(1) << 32)    /* "when", "on which day" */
#define FLAG_WHERE (UINT64_C(1) << 33)   /* "where is the money going" */
#define FLAG_DEFINE (UINT64_C(1) << 34)
#define FLAG_CLAIM (UINT64_C(1) << 36)     /* "went up 40 %" */
#define FLAG_COMMA (UINT64_C(1) << 37)     /* the last word taken was a comma or a dash */
#define FLAG_QUANTITY (UINT64_C(1) << 38)  /* "how many GB" */
#define FLAG_SPENDER (UINT64_C(1) << 39)   /* "biggest spender": an account */
#define FLAG_SIZE (UINT64_C(1) << 40)      /* "largest": of a table, its amount that is not money */
#define FLAG_WOULD (UINT64_C(1) << 41)     /* "would have cost": at list prices */
#define FLAG_COUNTABLE (UINT64_C(1) << 42) /* a concept said as an amount: "Lambda requests", "instance hours" */
#define FLAG_BARE (UINT64_C(1) << 43)      /* "first" alone: only with "when" */
#define FLAG_USED (UINT64_C(1) << 44)      /* "used": an amount, unless things are listed that are used */
#define FLAG_ANOMALY (UINT64_C(1) << 45)   /* "anomalies", "unusual" */
#define FLAG_FORECAST (UINT64_C(1) << 46)  /* "forecast", "will we pay" */
#define FLAG_RUNRATE (UINT64_C(1) << 47) /* "run rate", "keeps its average": `before` holds the days that say what is average */
#define FLAG_AHEAD (UINT64_C(1) << 48)   /* "next month", "rest of the year": a period that has not ended */
#define FLAG_BETWEEN (UINT64_C(1) << 49) /* "between A and B", of values */
#define FLAG_INSTANCE (UINT64_C(1) << 50)       /* "instances", of no service said with the word itself */
#define FLAG_CLOSED (UINT64_C(1) << 51)         /* "closed months": only those that are over */
#define FLAG_HOURS (UINT64_C(1) << 52)          /* "in percent of its reserved hours": a ratio of hours */
#define FLAG_APART (UINT64_C(1) << 53)          /* "in July and September": two periods with others between */
#define FLAG_LACKS (UINT64_C(1) << 54)          /* "have no", "do not use": of things, not of lines */
#define FLAG_SIDES (UINT64_C(1) << 55)          /* "tagged against untagged" */
#define FLAG_INSTANCE_HOURS (UINT64_C(1) << 56) /* a concept said as hours: "EC2 instance hours" */
#define FLAG_GROWTH (UINT64_C(1) << 57)         /* "growth": a change, upwards where a threshold is on it */
#define FLAG_ON (UINT64_C(1) << 35)             /* "what do we spend on": on what, or on what follows */

typedef enum { NUMBER_NONE, NUMBER_PLAIN, NUMBER_MONEY, NUMBER_PERCENT } NumberKind;

typedef struct {
    const char *dimension; /* a column, or NULL */
    const char *concept;   /* a concept's id, or NULL */
    FilterOp op;
    size_t value_count;
    const char **values;
    const char *than; /* another column in place of a value */
    bool negated;
    bool part;     /* of the part in a share */
    bool item;     /* one of several things side by side */
    bool identity; /* a looked-up identifier, for messages */
} Condition;

/* Why words that were understood cannot be answered. */
typedef struct {
    const char *code;    /* of planner: ACTION_NOT_SUPPORTED, NO_SUCH_DATA, …; NULL = nothing refused */
    const char *subject; /* what it is about: a value or topic */
    const char *dimension;
    const char *topic; /* row of tables/declines.tsv */
    const char *words; /* as the user wrote them */
} Refusal;

/* A period still relative to another one: "the week before". */
typedef enum { RELATIVE_NONE, RELATIVE_BEFORE, RELATIVE_YEAR_AGO } Relative;

typedef struct {
    uint64_t flags;
    const char *measures[FRAME_MEASURES];
    size_t measure_count;
    const char *per;       /* measure of the denominator */
    const char *per_count; /* "per million requests" */
    const char *hint;      /* "untagged … (team)": the tag that is meant */
    const char *against;   /* "differs from what was billed": the measure set beside the one that is named */
    const char *formula;   /* a definition said after a measure, action_formula.c; it must be that measure's */
    Agg agg;
    Grain agg_grain;
    const char *groups[FRAME_GROUPS];
    size_t group_count;
    Grain grain;
    Condition conditions[FRAME_CONDITIONS];
    size_t condition_count;
    PlanTime time, before; /* start DAY_NONE with words NULL = not said */
    bool has_time, has_before;
    bool ranged;            /* `time` spans first..second, which were named */
    PlanTime first, second; /* of a range */
    Relative relative;      /* `time` is relative to the other side */
    Grain relative_unit;
    Grain over; /* "month over month": each against the one before */
    PlanRank rank;
    const char *rank_measure;
    PlanHaving havings[FRAME_HAVINGS];
    const char *having_measures[FRAME_HAVINGS]; /* row-level: the measure or column meant; NULL = the answer's measure */
    bool having_count_of[FRAME_HAVINGS];        /* "more than 15 volumes" */
    size_t having_count;
    Calendar calendar;
    unsigned days_of_week;
    const char *each;
    const char *subject;
    Grain subject_grain; /* "which day" */
    bool compare;        /* time against before */
    const char *compare_dimension;
    bool compare_items; /* the conditions are things side by side */
    bool compare_measures;
    bool compare_days;   /* weekdays against weekends */
    Calendar first_days; /* which of them was named first */
    const char *meta;
    const char *chart;
    Refusal refusal;
    /* Meanings of words not yet attached to anything. */
    const char *dimension;
    const char *number;
    NumberKind number_kind;
    HavingOp op;
    bool has_op;
    bool plural;
} Frame;

/* What the actions may look at. */
typedef struct {
    Arena *arena;
    const Catalog *catalog;
    Day as_of;
} FrameContext;

/* What both frames say. False when they contradict each other, or hold more than a frame can. */
bool frame_merge(const FrameContext *context, const Frame *a, const Frame *b, Frame *out);

/* An action of a table row: what it does to `frame`, given the phrase's parts. */
typedef struct FrameAction FrameAction;

/* Compiles "name=argument;name;…". NULL when a name is unknown (our own mistake, reported by the tables' test). */
const FrameAction *frame_action(Arena *arena, const char *text);

/* Whether two rows have the same actions. */
bool frame_same_action(const FrameAction *a, const FrameAction *b);

/* Merges `parts` (unless an action of the row forbids it) and applies the actions. False when the phrase makes no sense. */
bool frame_act(const FrameContext *context, const FrameAction *actions, const Frame *const *parts, size_t count, Frame *out);

/* The column of a data set that is what bills call `canonical` ("ServiceName"): itself, or in a table the column with such a label
 * ("product code", "account"); NULL. */
const CatalogColumn *frame_column_of(const Catalog *catalog, const char *canonical);

/* The measure that counts the values of a column (of a table: its rows, for the column that names them); NULL. */
const char *frame_counting_measure(const Catalog *catalog, const char *column);

/* Whether two columns name the same thing: an account's id and name, a service's name and code. */
bool frame_same_dimension(const Catalog *catalog, const char *a, const char *b);

bool frame_has(const Frame *frame, uint64_t flags);

#endif
