/* question/check.h: the parts of plan_check(). Each is true, or refuses with a code and a sentence. Inside the room only. */
#ifndef CURLEW_QUESTION_CHECK_H
#define CURLEW_QUESTION_CHECK_H

#include "base/arena.h"
#include "base/err.h"
#include "catalog/catalog.h"
#include "question/plan.h"

/* check_names.c: names and values that do not exist, with the nearest that do. */
/* A concept of which no line of the data is: refused like a value that does not exist, never answered with 0. */
bool check_no_lines(Arena *arena, const Catalog *catalog, const Concept *concept, Err *err);
bool check_no_measure(Arena *arena, const Catalog *catalog, const char *name, Err *err);
bool check_column(Arena *arena, const Catalog *catalog, const char *name, Err *err);
/* Whether the dictionary holds the value; true for columns without a complete one. */
bool check_value(Arena *arena, const CatalogColumn *column, const char *value, Err *err);

/* check_times.c: periods against what is loaded, grains against how fine the lines are. */
bool check_times(Arena *arena, const Catalog *catalog, const Plan *plan, Err *err);
/* "2026-09-30" for a date, with or without " 12:00:00" for a timestamp, and nothing more. */
bool check_is_moment(const char *value, CellType type);

/* check_shapes.c: whether the intent has what it needs. */
bool check_rank_target(const Plan *plan, RankOn on, Err *err);
bool check_intent(Arena *arena, const Catalog *catalog, const Plan *plan, Err *err);

#endif
