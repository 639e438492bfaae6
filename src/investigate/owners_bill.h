/* investigate/owners_bill.h: the resources of a bill as ownership sees them (inside the room only).
 *
 * One pass over the bill gives one row per resource id: when it was first and last metered, where, what kind of thing it is, what it
 * cost, and the latest value of each tag. Everything later works on these rows in memory; the bill is not read again. */
#ifndef CURLEW_INVESTIGATE_OWNERS_BILL_H
#define CURLEW_INVESTIGATE_OWNERS_BILL_H

#include "base/decimal.h"
#include "investigate/desk.h"

enum { OWNER_NONE = -1, HOUR_NONE = -1, HOURS_OF_DAY = 24 };

/* A column of the bill that may tell who owns a resource: a tag other than the wanted one, a cost category. */
typedef enum { LABEL_TAG, LABEL_SYSTEM, LABEL_CREATOR, LABEL_CATEGORY } LabelClass;
typedef struct {
    const char *column; /* of the bill */
    const char *key;    /* as written by people: "project", "aws:cloudformation:stack-name" */
    LabelClass class;
} OwnersLabel;

typedef struct {
    const char *id;
    const char *account, *account_name, *region, *zone, *service, *instance_type, *name, *parent,
        *usage_type;                  /* "" when unknown */
    const char *kind;                 /* "ec2:volume", "lambda:function" */
    long first_hour, last_hour;       /* hours since 1970; HOUR_NONE without a line of at most a day */
    bool once_a_day;                  /* metered at one hour of the day only: first and last are days */
    bool start_unknown, stop_unknown; /* said by an extraction: these are edges of its data */
    const char *owner_text;           /* the latest value of the wanted tag as written; NULL when it has none */
    int owner;                        /* index into OwnersBill.owners, or OWNER_NONE */
    bool retagged;                    /* it had another value before */
    const char **labels;              /* per OwnersLabel; NULL when it has none */
    Decimal cost;                     /* effective cost of everything loaded */
    Decimal tagged_cost;              /* of its lines that carry the wanted tag */
    double share_of_day[4];           /* of its usage by quarters of the day, UTC; all 0 when unknown */
    double weekend;                   /* share of its usage on Saturdays and Sundays */
} OwnersResource;

typedef struct {
    const char *name;      /* the value as most resources write it */
    size_t resource_count; /* that carry it */
} Owner;

typedef struct {
    const Catalog *catalog;
    const char *tag;     /* the key as most of the bill writes it */
    const char *sql;     /* the one pass, to be shown */
    size_t column_count; /* columns of the bill that are this key */
    size_t label_count;
    OwnersLabel *labels;
    size_t resource_count;
    OwnersResource *resources; /* in order of id */
    size_t owner_count;
    Owner *owners; /* most resources first, then by first appearance */
    size_t tagged_count;
    size_t retagged_count;
    long first_hour, last_hour; /* of all metered lines */
    bool hourly;                /* hours mean something: not a bill of days or months */
    Decimal cost, tagged_cost;  /* of lines with a resource: taggable spend */
    double months;              /* length of the data in months of 30.4375 days, at least one */
    const char *near_spellings; /* values that may be misspelt, in words; NULL */
} OwnersBill;

/* Reads the bill for the tag key `tag` (NULL: the first of team, owner, project, … that the bill has). ERR_REFUSED where ownership has
 * nothing to stand on: NO_RESOURCES, NO_TAGS, UNKNOWN_TAG, EMPTY_TAG, each with the reason. */
bool owners_bill_read(Arena *arena, const Desk *desk, const char *tag, OwnersBill *out, Err *err);

/* owners_values.c: turns `owner_text` of the resources into owners: values that differ in case, spaces or punctuation are one; "none",
 * "n/a", "tbd" are no value. */
void owners_values_settle(Arena *arena, OwnersBill *bill);

#endif
