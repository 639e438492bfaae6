/* investigate/outlook.h: the parts of a forecast (inside the room only). */
#ifndef CURLEW_INVESTIGATE_OUTLOOK_H
#define CURLEW_INVESTIGATE_OUTLOOK_H

#include "answer/answer.h"
#include "investigate/days.h"
#include "investigate/project.h"

/* How a series comes: day by day, about once a month, or in proportion to the rest of the bill (tax, support). */
typedef enum { COMES_DAILY, COMES_MONTHLY, COMES_IN_PROPORTION } Coming;

/* Series of one member of the plan's dimension, or of the whole scope. */
typedef struct {
    const char *name; /* NULL = no value */
    bool is_rest;     /* all members that are not told apart */
    const DaySeries **series;
    const Coming *coming; /* of each */
    size_t count;
    double recent; /* cost of the last four weeks, to order by */
} Group;

/* What one period of a group comes to. */
typedef struct {
    Decimal known;        /* exact cost of the days that are over */
    Decimal charged;      /* what of it comes in proportion: tax and support so far */
    double days;          /* of the days to come */
    double monthly;       /* charges that are still to come */
    double in_proportion; /* tax and support; added by outlook_add_proportion() */
    double margin;        /* of an interval that holds four times in five */
    size_t trials;        /* from which the margin was measured */
    size_t days_ahead;    /* days to come */
} Outlook;

typedef struct {
    Arena *arena;
    const Catalog *catalog;
    DayFrame frame;
    Day last;           /* the last day that is over */
    size_t skipped;     /* days of the frame before those that are learned from */
    size_t days;        /* days with lines that are learned from */
    Projection project; /* of the group at hand */
} Forecaster;

/* How a series comes. */
Coming outlook_coming(const Forecaster *forecaster, const DaySeries *series, bool tax, bool support);
/* Learns a group's days; false when there are too few. */
bool outlook_learn(Forecaster *forecaster, const Group *group);
/* What [start, end) comes to, without what comes in proportion to the rest; outlook_learn() was done for this group. */
Outlook outlook_of(Forecaster *forecaster, const Group *group, Day start, Day end);
/* Cost of the last complete month: of what comes in proportion to the rest (tax, support), or of the rest. */
double outlook_last_month(const Forecaster *forecaster, const Group *group, bool in_proportion);

/* runrate.c */
bool runrate_make(Arena *arena, const Desk *desk, const Plan *plan, Answer *out, Err *err);

#endif
