/* sample/naming.h: what the people of a sample organisation call things. Private to the room. */
#ifndef CURLEW_SAMPLE_NAMING_H
#define CURLEW_SAMPLE_NAMING_H

#include "sample/dice.h"
#include "sample/world.h"

/* How much a name says about whose a thing is. */
typedef enum {
    NAME_PROJECT, /* the project's name */
    NAME_SHORT,   /* the team's short form */
    NAME_NEUTRAL, /* nothing */
    NAME_OTHER    /* another team's project: copied and never renamed */
} NameKind;

NameKind naming_draw(Dice *dice);

/* A name in the organisation's style, e.g. "checkout-api-prod"; `part` says what the thing is for. */
const char *naming_make(const World *world, const Deployment *deployment, NameKind kind, const char *part, Dice *dice);

/* The name, or the name with a number where a thing of that kind has it already. */
const char *naming_claim(World *world, const char *kind, const char *name);

#endif
