/* investigate/events.h: unusual stretches of days as candidates, and which of them tell the same story (inside the room only). */
#ifndef CURLEW_INVESTIGATE_EVENTS_H
#define CURLEW_INVESTIGATE_EVENTS_H

#include "investigate/days.h"
#include "investigate/unusual.h"

/* A scope in which something is unusual: values of the dimensions whose bit is set in `mask`. */
typedef struct {
    unsigned mask;
    const char *keys[DAYS_KEYS]; /* by dimension, not by position in the series */
    UnusualRun run;
    Decimal actual; /* exact cost of its days */
    bool dropped;   /* told by another one */
} Event;

typedef struct {
    Arena *arena;
    Event *items;
    size_t count, room;
} Events;

void events_add(Events *events, Event event);

/* Leaves of each story the events that tell it best: a scope is dropped for the up to three narrower ones within it that explain
 * three fifths of it, and these are dropped for it where they explain less or are more. */
void events_settle(Events *events);

/* The order in which events are told: the largest excess first, either way. For qsort. */
int events_by_size(const void *a, const void *b);

#endif
