/* guard/walk.h: walks the syntax tree of one statement against the allow-lists. */
#ifndef CURLEW_GUARD_WALK_H
#define CURLEW_GUARD_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "guard/allow.h"

/* A common table expression that can be named at this point. */
typedef struct {
    const char *name;
    bool single_row; /* it cannot have more than one row */
} WalkCte;

typedef struct {
    Arena *arena;
    const Allow *allow;
    const char *const *tables; /* the relations that may be read */
    size_t table_count;
    size_t node_limit, join_limit;
    Err *err;
    /* state of the walk */
    size_t node_count, join_count;
    WalkCte *ctes; /* a stack: those of finished scopes are taken off */
    size_t cte_count;
    const Json *where; /* WHERE of the SELECT whose relations are walked: joins written with commas are in it */
    bool expects_table_function;
} Walk;

/* Whether everything in the tree that json_serialize_sql() gave is allowed; else says in walk->err what is not. */
bool walk_tree(Walk *walk, const Json *root);

/* Refuses: ERR_REFUSED, code UNSAFE. Always false. */
bool walk_refuse(Walk *walk, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* --- checks of whole nodes, called before their parts are walked ------------------------------------------------------- */

/* call.c: the function is on the list, and its arguments are as its rule wants. */
bool call_check(Walk *walk, const Json *call);

/* join.c: the sides are tied by an equality of columns, or one of them has at most one row. */
bool join_check(Walk *walk, const Json *join);
/* Whether a query gives at most one row whatever the data: aggregates without groups, or a SELECT without FROM. */
bool join_is_single_row(const Walk *walk, const Json *query);

#endif
