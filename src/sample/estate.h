/* sample/estate.h: the ordinary estate of a sample organisation: what every account has, and the deployments of its teams. Private to the room. */
#ifndef CURLEW_SAMPLE_ESTATE_H
#define CURLEW_SAMPLE_ESTATE_H

#include "sample/world.h"

/* What stands whatever the size: the records of accounts, the network, shared tools, one deployment of every team. */
void estate_add_base(World *world);

/* Deployments until the world has about `lines` lines of usage. */
void estate_grow(World *world, long long lines);

/* The hours of the window in which many teams deploy at once (release days). */
#define ESTATE_BURSTS 6

#endif
