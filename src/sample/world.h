/* sample/world.h: everything that is metered in a sample bill: deployments, their resources, and a series of usage for each meter of a resource.
 * estate.h and plant.h fill it, store.h hands it to the engine. Private to the room. */
#ifndef CURLEW_SAMPLE_WORLD_H
#define CURLEW_SAMPLE_WORLD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/knowledge.h"
#include "sample/commitment.h"
#include "sample/dice.h"
#include "sample/organisation.h"
#include "sample/shape.h"

/* What was started together by one team. */
typedef struct {
    const char *id; /* "d012" */
    const SampleTeam *team;
    const char *project;
    const char *stage; /* production, staging, development; shared for the machines of everybody */
    const SampleAccount *account;
    const char *region;
    long first, last;    /* hours; first 0 = it was there before the window */
    const char *stack;   /* aws:cloudformation:stack-name, or NULL */
    const char *group;   /* aws:autoscaling:groupName, or NULL */
    const char *creator; /* aws:createdBy, or NULL */
    enum { TAGGED_AS_USUAL, TAGGED_PARTLY, TAGGED_NOT } tagging;
    bool surely_tagged;       /* nothing of it lacks its tags */
    bool shared;              /* used by everybody: nobody but the shared team owns it */
    bool office;              /* its machines stop at night and at weekends */
    unsigned planned_percent; /* how many of its machines that never stop a Savings Plan covers */
    const char *plant;        /* of tables/sample_plants.tsv, or NULL */
} Deployment;

typedef enum { TAGS_NONE, TAGS_PARTIAL, TAGS_FULL } TagState;

/* What has an id on the bill; or an account's meter without one (id NULL). */
typedef struct {
    const char *id;
    const char *part; /* of tables/sample_resources.tsv */
    const Deployment *deployment;
    const char *name;
    const char *zone; /* "us-east-1a" or NULL */
    long first, last;
    TagState tags;
    long tags_from;     /* the hour from which its lines carry the tags */
    bool misspelled;    /* carries the team's other spelling */
    bool named;         /* what a planted finding names */
    const char *parent; /* the node of a container, or NULL */
} Resource;

/* One meter of one resource. */
typedef struct {
    size_t resource;
    size_t meter;     /* row of tables/sample_meters.tsv */
    const char *size; /* "m7i.large" or NULL */
    double quantity;  /* per metered hour, or of a month where the meter spreads it */
    double rate;
    Rhythm rhythm;
    long first, last;
    size_t commitment; /* index + 1; 0 = none */
    long covered_from;
    const char *driver; /* what this series has to do with a change that truth.json names, or NULL */
} Series;

typedef struct {
    Arena *arena;
    const SampleShape *shape;
    const Organisation *organisation;
    const Knowledge *meters, *parts, *sizes, *regions, *region_names;
    const RhythmHours *rhythms;
    Resource *resources;
    size_t resource_count, resource_room;
    Series *series;
    size_t series_count, series_room;
    Commitment *commitments;
    size_t commitment_count;
    size_t deployment_count;
    long long lines;         /* of usage, exactly */
    struct NameCount *names; /* how often each name was given, a hash table */
    size_t name_count, name_room;
} World;

World *world_make(Arena *arena, const SampleShape *shape, const Organisation *organisation);

/* A copy of a deployment with the next number. */
const Deployment *world_deploy(World *world, const Deployment *deployment);

/* What one kind of tables/sample_meters.tsv is added with. */
typedef struct {
    const char *kind;
    const char *size;  /* of tables/sample_types.tsv, or NULL */
    const char *name;  /* what its makers call it */
    double scale;      /* of the quantities of its meters */
    long first, last;  /* hours */
    const char *zone;  /* the letter, or NULL: drawn */
    const char *named; /* "yes", or the part that a finding names, or NULL */
    const char *parent;
    const char *driver;
    bool same; /* more meters of the resource that was added last */
} Thing;

/* Adds the resources and series of a thing. Gives the id of its first resource, NULL when it has none or is never seen in the window. */
const char *world_add(World *world, const Deployment *deployment, const Thing *thing, Dice *dice);

/* The lines that a thing would add. */
long long world_lines_of(const World *world, const Deployment *deployment, const Thing *thing);

/* Price of a meter of a size in a region, to ten decimals. */
double world_rate(const World *world, size_t meter, const char *size, const char *region);
/* Field of a row of tables/sample_regions.tsv. */
const char *world_region(const World *world, const char *region, const char *field);
/* "US East (N. Virginia)". */
const char *world_location(const World *world, const char *region);

#endif
