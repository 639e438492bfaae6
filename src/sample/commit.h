/* sample/commit.h: decides what the commitments of a sample organisation cover, once its world is filled. Private to the room. */
#ifndef CURLEW_SAMPLE_COMMIT_H
#define CURLEW_SAMPLE_COMMIT_H

#include "sample/world.h"

/* A Savings Plan over machines that never stop, partial-upfront reservations of databases, an all-upfront purchase of caches in August, and the reserved instances of
 * the plant `strandedri`, whose service moves away from them. */
void commit_all(World *world);

#endif
