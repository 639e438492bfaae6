/* sample/store.h: a world as tables of the engine. Private to the room.
 *
 *   account     id, name, role
 *   unit        account_id, categories (a map: the cost category business_unit)
 *   service     code, name, category
 *   resource    resource_id, id, part, kind, account_id, account_name, region, zone, team, project, stage, deployment, plant, named, shared, tags (none, partial,
 *               full), owner_tag, keys, values (the tags), tag_map, raw_tags (with the keys as written), tags_from, first, last, parent
 *   series      series_id, resource_id, service, usage_type, meter, operation, unit, quantity, spread, rate, list_rate, rhythm, ramp, noise, noise_key, first,
 *               last, family, instance_type, description, commitment, covered_from, driver, sku, instance_family, product (a map), tags_from, is_plan, plan_rate, reserved_rate (of its commitment)
 *   commitment  number, name, arn, is_plan, account_id, account_name, region, service, usage_type, operation, size, family, option, count, recurring, upfront, rate,
 *               starts, ends, bought (hour of the window, NULL when before it)
 *   rhythm_hour rhythm, hour, factor, day, span ("2026-09-01T00:00:00Z/2026-09-01T01:00:00Z")
 *   month       month, start, usage_end, period_end, hours, days, name */
#ifndef CURLEW_SAMPLE_STORE_H
#define CURLEW_SAMPLE_STORE_H

#include "base/err.h"
#include "io/duck.h"
#include "sample/world.h"

/* Makes the tables; files on the way are written in `folder`. */
bool store_world(const World *world, DuckSession *session, const char *folder, Err *err);

/* Tag keys as the export writes them: "user_cost_center" in CUR 2.0. */
char *store_tag_key(Arena *arena, const char *key);

#endif
