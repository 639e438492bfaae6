/* question/plan_names.h: the names of a plan's enumerations in JSON. One array per enumeration, in its order. */
#ifndef CURLEW_QUESTION_PLAN_NAMES_H
#define CURLEW_QUESTION_PLAN_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

typedef struct {
    const char *what; /* "intent", for messages */
    size_t count;
    const char *const *names;
} Names;

extern const Names intent_names, filter_names, grain_names, compare_names, on_names, having_names, agg_names, calendar_names,
    weekday_names, claim_names;

/* The index of `text`, -1 when it is none of them. */
int names_find(const Names *names, const char *text);
/* "total, breakdown, …" */
const char *names_list(Arena *arena, const Names *names);

#endif
