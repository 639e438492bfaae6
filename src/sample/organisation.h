/* sample/organisation.h: who is billed: the accounts, teams and habits of an invented organisation, drawn by the seed from
 * tables/sample_organisations.tsv and tables/sample_teams.tsv. Private to the room. */
#ifndef CURLEW_SAMPLE_ORGANISATION_H
#define CURLEW_SAMPLE_ORGANISATION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "sample/shape.h"

typedef struct {
    const char *id;
    const char *name;
    const char *role; /* management, production, staging, development, data, network, security */
} SampleAccount;

typedef struct {
    const char *name;
    const char *shorthand;
    const char *work; /* which components of tables/sample_components.tsv it deploys */
    const char **projects;
    size_t project_count;
    int weight;
    const char *tag;            /* how its tag is written */
    const char *other_spelling; /* how some of its people write it, or NULL */
    unsigned tagged;            /* percent of its deployments' resources that carry all tags */
    unsigned partly;            /* percent of the others that carry some */
    const char *people[2];
    bool shared;                  /* runs what everybody uses */
    const SampleAccount *account; /* its own, or NULL */
} SampleTeam;

/* How the organisation's discount shows on the bill. */
typedef enum { DISCOUNT_NONE, DISCOUNT_LINES, DISCOUNT_NET } DiscountForm;

typedef struct {
    const char *id; /* "petrel" */
    const char *name;
    const char *home, *second, *attic; /* regions */
    int clock;                         /* hours from UTC */
    double growth_percent;             /* of traffic, a month */
    DiscountForm discount;
    const char *owner_key, *project_key, *environment_key; /* tag keys as the organisation writes them */
    const char *style;     /* of names: words of project, part, stage, team, org joined by "-" */
    const char *stages[3]; /* what it calls production, staging, development */
    bool names_creators;   /* aws:createdBy is activated */
    SampleAccount *accounts;
    size_t account_count;
    SampleTeam *teams; /* the shared one last */
    size_t team_count;
} Organisation;

const Organisation *organisation_make(Arena *arena, const SampleShape *shape);

/* The first account of a role; there is one of each. */
const SampleAccount *organisation_account(const Organisation *organisation, const char *role);
/* Where a team runs a stage ("production", "staging", "development"). */
const SampleAccount *organisation_home(const Organisation *organisation, const SampleTeam *team, const char *stage);
/* What the organisation calls a stage: "prod" for "production". */
const char *organisation_stage(const Organisation *organisation, const char *stage);

#endif
