/* Whose every resource is, and what the bill offers to find out where no tag says so. */
#include "base/limits.h"
#include "base/sql.h"
#include "base/text.h"
#include "sample/store.h"
#include "sample/truth.h"

/* A resource with its cost and the hours in which it is seen. %S: first hour of the window. */
static const char SEEN[] =
    "CREATE OR REPLACE TEMP TABLE seen AS SELECT r.id, any_value(r.resource_id) AS resource_id, any_value(r.team) AS owner, "
    "any_value(r.project) AS project, any_value(r.stage) AS env, any_value(r.account_id) AS account, any_value(r.region) AS "
    "region, any_value(r.kind) AS kind, CASE WHEN any_value(r.tags) = 'full' AND bool_or(t.tagged) THEN 'full' WHEN "
    "any_value(r.keys) <> '' THEN 'partial' ELSE 'none' END AS tagged, min(CASE WHEN r.tags_from > r.first THEN r.tags_from "
    "END) AS tagged_from, bool_or(r.shared) AS shared, any_value(r.deployment) AS deployment, any_value(r.plant) AS plant, "
    "min(t.first) AS first_seen, max(t.last) AS last_seen, min(t.first) < CAST(%S AS TIMESTAMP) + INTERVAL 1 HOUR AS "
    "existed_before_window, sum(CASE WHEN t.covered AND NOT c.is_plan THEN 0 ELSE t.cost END) AS unblended, sum(t.effective) "
    "AS amortized, any_value(r.keys) AS keys, any_value(r.\"values\") AS vals FROM total t JOIN series s ON s.series_id = "
    "t.series_id JOIN resource r ON r.resource_id = s.resource_id LEFT JOIN commitment c ON c.number = s.commitment WHERE "
    "r.id IS NOT NULL GROUP BY r.id";

/* Owners of tagged resources that were first seen in the same hour and place, or belong to the same stack. */
static const char SIBLINGS[] =
    "CREATE OR REPLACE TEMP TABLE siblings AS SELECT account, region, first_seen, count(DISTINCT owner) AS owner_count, "
    "min(owner) AS one_owner FROM seen WHERE tagged = 'full' AND NOT existed_before_window GROUP BY ALL; CREATE OR REPLACE "
    "TEMP TABLE stacks AS SELECT x.stack, count(DISTINCT owner) AS owner_count, min(owner) AS one_owner FROM (SELECT *, "
    "regexp_extract(vals, '[a-z-]+-[A-Z0-9]{6}') AS stack FROM seen WHERE keys LIKE '%stack_name%') x WHERE tagged = 'full' "
    "GROUP BY ALL";

/* %S: key of the project tag. */
static const char OWNERS[] =
    "SELECT s.id, s.owner, s.project, s.env, s.account, s.region, s.kind, s.tagged, strftime(s.tagged_from, "
    "'%%Y-%%m-%%dT%%H:%%M:%%SZ') AS tagged_from, s.shared, s.deployment, s.plant, strftime(s.first_seen, "
    "'%%Y-%%m-%%dT%%H:%%M:%%SZ') AS first_seen, strftime(s.last_seen, '%%Y-%%m-%%dT%%H:%%M:%%SZ') AS last_seen, "
    "s.existed_before_window, CAST(s.unblended AS DECIMAL(38,10)) AS unblended, s.amortized, CASE WHEN s.tagged <> 'full' "
    "THEN nullif(array_to_string(list_filter([CASE WHEN k.one_owner = s.owner AND k.owner_count = 1 THEN "
    "'stack-of-one-owner' END, CASE WHEN b.owner_count = 1 AND b.one_owner = s.owner THEN 'same-hour-one-owner' WHEN "
    "b.owner_count = 1 THEN 'same-hour-other-owner-only' WHEN b.owner_count > 1 THEN 'same-hour-several-owners' END, CASE "
    "WHEN contains(lower(s.id), s.project) OR contains(lower(s.id), s.owner) THEN 'name-token' END, CASE WHEN s.keys LIKE "
    "'%%' || %S || '%%' THEN 'other-owner-tag' END, CASE WHEN s.vals LIKE '%%IAMUser:%%' THEN 'created-by-person' WHEN "
    "s.vals LIKE '%%AssumedRole:%%' THEN 'created-by-shared-role' END, CASE WHEN s.existed_before_window THEN "
    "'existed-before-window' END], lambda x: x IS NOT NULL), '|'), '') END AS evidence FROM seen s LEFT JOIN siblings b ON "
    "b.account = s.account AND b.region = s.region AND b.first_seen = s.first_seen AND NOT s.existed_before_window LEFT JOIN "
    "stacks k ON k.stack <> '' AND k.stack = regexp_extract(s.vals, '[a-z-]+-[A-Z0-9]{6}') ORDER BY s.resource_id LIMIT %d";

static void put_keys(const TruthSetting *setting, Json *truth) {
    const Organisation *organisation = setting->world->organisation;
    Json *keys = json_put_object(truth, "owner_tag_keys");
    json_add_text(json_put_array(keys, "cur2"), store_tag_key(setting->arena, organisation->owner_key));
    json_add_text(json_put_array(keys, "legacy"), arena_printf(setting->arena, "user:%s", organisation->owner_key));
    json_put_text(keys, "primary", store_tag_key(setting->arena, organisation->owner_key));
}

static void put_owner_names(const TruthSetting *setting, Json *ownership) {
    const Organisation *organisation = setting->world->organisation;
    Json *owners = json_put_array(ownership, "owners");
    for (size_t i = 0; i < organisation->team_count; i++) {
        Json *owner = json_add_object(owners);
        json_put_text(owner, "owner", organisation->teams[i].name);
        Json *values = json_put_array(owner, "tag_values");
        json_add_text(values, organisation->teams[i].tag);
        if (organisation->teams[i].other_spelling) json_add_text(values, organisation->teams[i].other_spelling);
    }
}

bool truth_add_owners(const TruthSetting *setting, Json *truth, Err *err) {
    Arena *arena = setting->arena;
    const char *start = shape_hour_text(arena, setting->world->shape, 0);
    put_keys(setting, truth);
    if (!duck_run(setting->session, sql_format(arena, SEEN, start), err) || !duck_run(setting->session, SIBLINGS, err))
        return false;
    Json *ownership = json_put_object(truth, "ownership");
    json_put_text(ownership, "definition",
                  "owner = the team that runs the resource. tagged: full = some line carries the owner's tag, partial = "
                  "other tags only, none = no tags. Of shared resources, which the platform team runs for everybody, "
                  "\"platform\", \"shared\" or no owner are all right.");
    put_owner_names(setting, ownership);
    return truth_put_rows(
               setting, ownership, "by_state",
               "SELECT tagged, count(*) AS resources, sum(amortized) AS amortized FROM seen GROUP BY ALL ORDER BY ALL", err) &&
           truth_put_rows(setting, truth, "owners",
                          sql_format(arena, OWNERS, store_tag_key(arena, setting->world->organisation->project_key),
                                     (long long)SAMPLE_OWNERS),
                          err);
}
