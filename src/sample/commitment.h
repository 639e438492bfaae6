/* sample/commitment.h: reserved instances and Savings Plans of a sample bill. Private to the room. */
#ifndef CURLEW_SAMPLE_COMMITMENT_H
#define CURLEW_SAMPLE_COMMITMENT_H

#include <stdbool.h>

typedef struct {
    const char *name; /* "compute-1" */
    const char *arn;
    bool is_plan;                          /* Savings Plan, else reserved instances */
    const char *account_id, *account_name; /* of its buyer */
    const char *region;                    /* NULL for plans */
    const char *service;                   /* product code of the fee lines */
    const char *usage_type, *operation, *size, *family;
    const char *option; /* "No Upfront", "Partial Upfront", "All Upfront" */
    long count;         /* reserved instances */
    double recurring;   /* of an hour: of one instance, or the commitment of the plan */
    double upfront;     /* paid upfront, for an hour of the term of one instance; plans here have none */
    double rate;        /* plans: effective cost of one dollar on demand */
    long from;          /* hour of its purchase; negative: before the window */
    long until;         /* hour of its end */
} Commitment;

#endif
