/* sample/world.h: the organisation of a sample as tables of an engine, made from tables/sample_*.tsv. Private to the room. */
#ifndef CURLEW_SAMPLE_WORLD_H
#define CURLEW_SAMPLE_WORLD_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "io/duck.h"

/* Small samples are exported daily with fewer months; larger ones hourly. */
typedef struct {
    bool daily;
    size_t month_count;
    Day first_day; /* first of the first month */
    Day last_day;  /* the last day of usage, in the open month; usage ends on it at SAMPLE_LAST_HOUR */
    double scale;  /* what the weights of the groups are multiplied with */
    long long seed;
} SampleShape;

/* Finds the shape whose bill has about `rows` line items. */
SampleShape sample_shape(Arena *arena, long long rows, long long seed);

/* Makes the tables accounts, services, meters, groups, entities and months of the engine. */
bool sample_build_world(Arena *arena, DuckSession *session, const SampleShape *shape, Err *err);

#endif
