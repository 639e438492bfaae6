/* guard/allow.h: the allow-lists of tables/guard_*.tsv in a form that is quick to ask. */
#ifndef CURLEW_GUARD_ALLOW_H
#define CURLEW_GUARD_ALLOW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

typedef struct {
    const char *key;
    const char *rule;     /* without '?' and 's'-forms resolved by the walk: as in the table, up to ':' */
    const char *argument; /* what follows ':' or '=' in the rule; "" */
} AllowRule;

/* One kind of node with everything that it may consist of, in the order in which it is walked. */
typedef struct {
    const char *kind;
    const char *check; /* check of the whole object, NULL */
    size_t rule_count;
    AllowRule *rules;
} AllowNode;

typedef enum { CALL_NONE, CALL_SCALAR, CALL_AGGREGATE, CALL_WINDOW, CALL_OPERATOR, CALL_TABLE } AllowCall;

typedef struct {
    const char *name; /* lower case */
    AllowCall call;
    const char *rule; /* check of the arguments, "" */
} AllowFunction;

typedef struct Allow Allow;

/* Reads the tables. A table that makes no sense ends the process: the unit tests read them. */
const Allow *allow_load(Arena *arena);

/* NULL when it is not allowed. Function names are compared without regard to ASCII case. A type's `info` is the kind of its
 * details, "" when it has none. */
const AllowNode *allow_node(const Allow *allow, const char *kind);
const AllowFunction *allow_function(const Allow *allow, const char *name, AllowCall call);
const char *allow_type(const Allow *allow, const char *id);

#endif
