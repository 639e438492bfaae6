/* sample/plant.h: waste that is planted in a sample bill for rules to find, and decoys that look like it (tables/sample_plants.tsv,
 * sample_plant_parts.tsv). Private to the room. */
#ifndef CURLEW_SAMPLE_PLANT_H
#define CURLEW_SAMPLE_PLANT_H

#include "sample/world.h"

/* Plants what the seed draws, as far as `lines` lines allow: about two thirds of them findings. The deployments carry the plant's name. */
void plant_all(World *world, long long lines);

#endif
