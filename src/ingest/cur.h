/* ingest/cur.h: a CUR delivery while its model is made; shared by normalise_cur.c (inputs, dimensions, what the data decides) and cur_costs.c
 * (formulas of amounts). */
#ifndef CURLEW_INGEST_CUR_H
#define CURLEW_INGEST_CUR_H

#include <stdbool.h>
#include <stddef.h>

#include "ingest/lines.h"
#include "ingest/normalise.h"

/* Amounts of net columns by their names in tables/cur_mapping.tsv. */
enum { NET_UNBLENDED, NET_PLAN_EFFECTIVE, NET_RI_EFFECTIVE, NET_RI_UNUSED_UPFRONT, NET_RI_UNUSED_RECURRING, NET_INPUTS };
extern const char *const cur_net_inputs[NET_INPUTS];

typedef struct {
    const char *name;
    NumberType type;
    const char *source; /* column as the file prints it */
} Amount;

/* Rows of kind `number` in tables/cur_mapping.tsv, with room for more. */
#define CUR_AMOUNTS 40

typedef struct {
    Normaliser *normaliser;
    Model *model;
    Arena *arena;
    const Knowledge *mapping;
    size_t amount_count;
    Amount amounts[CUR_AMOUNTS];
    bool kinds[LINE_REFUND + 1]; /* kinds of line that the delivery has */
    /* Per net column, on which lines it counts: SQL over t, "true" = on all, NULL = on none. */
    const char *net_scope[NET_INPUTS];
} Cur;

/* The amount of that name in tables/cur_mapping.tsv, NULL when the delivery has no such column. */
const Amount *cur_find_amount(const Cur *cur, const char *name);

/* Adds an output of one decimal type. */
void cur_add_output(Cur *cur, const char *name, const char *expression, NumberType type, const char *sources);

/* SQL that is true on lines of split cost allocation. */
const char *cur_split_condition(const Cur *cur);

/* Adds every cost column. */
void cur_add_costs(Cur *cur);

#endif
