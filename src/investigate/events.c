#include "investigate/events.h"

#include <math.h>
#include <stdlib.h>

#include "base/text.h"

enum { NARROW_MOST = 3 }; /* more of them are one story about what they have in common */
static const double EXPLAINED = 0.6;

void events_add(Events *events, Event event) {
    if (events->count == events->room) {
        const size_t room = events->room ? events->room * 2 : 32;
        events->items = arena_grow(events->arena, events->items, events->room * sizeof event, room * sizeof event);
        events->room = room;
    }
    events->items[events->count++] = event;
}

static unsigned bits(unsigned mask) {
    unsigned count = 0;
    for (; mask; mask >>= 1) count += mask & 1;
    return count;
}

/* The part of the narrower event's excess that falls into the days of the wider one, if it lies within its scope; else 0. */
static double part_of(const Event *wide, const Event *narrow) {
    if ((wide->mask & narrow->mask) != wide->mask || wide->mask == narrow->mask) return 0;
    for (size_t i = 0; i < DAYS_KEYS; i++)
        if ((wide->mask >> i & 1) && !text_equal(wide->keys[i], narrow->keys[i])) return 0;
    if (wide->run.excess * narrow->run.excess <= 0 || wide->run.lasting != narrow->run.lasting) return 0;
    const size_t first = wide->run.first > narrow->run.first ? wide->run.first : narrow->run.first;
    const size_t last = wide->run.last < narrow->run.last ? wide->run.last : narrow->run.last;
    if (first > last) return 0;
    return narrow->run.excess * (double)(last - first + 1) / (double)(narrow->run.last - narrow->run.first + 1);
}

static void settle(Events *events, Event *wide) {
    double explained = 0;
    size_t count = 0;
    for (size_t i = 0; i < events->count; i++) {
        if (events->items[i].dropped) continue;
        const double part = part_of(wide, &events->items[i]);
        explained += part;
        count += part != 0;
    }
    if (!count) return;
    if (count <= NARROW_MOST && fabs(explained) >= EXPLAINED * fabs(wide->run.excess)) {
        wide->dropped = true;
        return;
    }
    for (size_t i = 0; i < events->count; i++)
        if (part_of(wide, &events->items[i]) != 0) events->items[i].dropped = true;
}

void events_settle(Events *events) {
    for (unsigned depth = DAYS_KEYS; depth-- > 0;)
        for (size_t i = 0; i < events->count; i++)
            if (bits(events->items[i].mask) == depth) settle(events, &events->items[i]);
}

int events_by_size(const void *a, const void *b) {
    const Event *left = a, *right = b;
    const double more = fabs(right->run.excess) - fabs(left->run.excess);
    if (more > 0) return 1;
    if (more < 0) return -1;
    if (left->run.first != right->run.first) return left->run.first < right->run.first ? -1 : 1;
    return (left->mask > right->mask) - (left->mask < right->mask);
}
