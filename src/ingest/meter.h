/* ingest/meter.h: AWS usage types taken apart: "USW2-EBS:VolumeUsage.gp3" is the meter EBS:VolumeUsage.gp3 of us-west-2.
 *
 *   usage_type := [local region "-"] [remote region "-"] meter [":" detail]
 * Prefixes are taken off only when tables/region_prefixes.tsv knows them: "AWS-Out-Bytes" and "Multi-AZUsage" have none. */
#ifndef CURLEW_INGEST_METER_H
#define CURLEW_INGEST_METER_H

#include "base/arena.h"
#include "base/knowledge.h"

typedef struct {
    const char *meter;         /* the usage type without region prefixes */
    const char *instance_type; /* named in the meter ("SpotUsage:m5.large"), else NULL */
    const char *volume_type;   /* of EBS: gp2, gp3, io1, io2, st1, sc1, standard; else NULL */
} Meter;

/* `prefixes` is tables/region_prefixes.tsv. */
Meter meter_of(Arena *arena, const Knowledge *prefixes, const char *product_code, const char *usage_type);

/* "m5" of "m5.large", "db.r5" of "db.r5.xlarge"; NULL when there is no dot. */
const char *meter_instance_family(Arena *arena, const char *instance_type);

#endif
