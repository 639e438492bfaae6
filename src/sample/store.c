#include "sample/store.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/sql.h"
#include "base/text.h"
#include "io/file.h"

/* Separates the keys, and the values, of a resource's tags on their way to the engine. */
#define SEPARATOR "|"
#define DAYS_A_MONTH 30

/* --- Texts of a meter -------------------------------------------------------------------------------------------------------------- */

static const char *number_text(Arena *arena, double value, int places) {
    char *text = arena_printf(arena, "%.*f", places, value);
    if (!strchr(text, '.')) return text;
    size_t size = strlen(text);
    while (text[size - 1] == '0') text[--size] = '\0';
    if (text[size - 1] == '.') text[--size] = '\0';
    return text;
}

static const char *replace(Arena *arena, const char *text, const char *word, const char *by) {
    const char *at = strstr(text, word);
    if (!at) return text;
    return replace(arena, arena_printf(arena, "%.*s%s%s", (int)(at - text), text, by, at + strlen(word)), word, by);
}

static const char *meter_text(const World *world, const Series *series, const char *field) {
    const Deployment *deployment = world->resources[series->resource].deployment;
    const char *text = knowledge_field(world->meters, series->meter, field);
    if (!strchr(text, '{')) return text;
    text = replace(world->arena, text, "{type}", series->size ? series->size : "");
    text = replace(world->arena, text, "{rate}", number_text(world->arena, series->rate, 10));
    text = replace(world->arena, text, "{location}", world_location(world, deployment->region));
    return replace(world->arena, text, "{remote}", world_location(world, world->organisation->second));
}

/* The region's prefix of a usage type, as AWS writes it for that meter. */
static const char *usage_prefix(const World *world, const Series *series) {
    const Deployment *deployment = world->resources[series->resource].deployment;
    const char *form = knowledge_field(world->meters, series->meter, "prefix");
    const char *prefix = world_region(world, deployment->region, "prefix");
    if (text_equal(form, "edge")) return "";
    if (text_equal(form, "full")) return arena_printf(world->arena, "%s-", deployment->region);
    if (text_equal(form, "remote"))
        return arena_printf(world->arena, "%s-%s-", prefix, world_region(world, world->organisation->second, "prefix"));
    if (text_equal(form, "usual") && text_equal(deployment->region, "us-east-1")) return "";
    return arena_printf(world->arena, "%s-", prefix);
}

/* The same word gives the same noise: meters of one deployment that move together share it. */
static long long noise_key(const World *world, size_t index) {
    const Series *series = &world->series[index];
    const char *pair = knowledge_field(world->meters, series->meter, "pair");
    const char *topic = *pair ? arena_printf(world->arena, "%s %s", world->resources[series->resource].deployment->id, pair)
                              : arena_printf(world->arena, "series %zu", index);
    Dice dice = dice_make(world->shape->seed, topic);
    return (long long)dice_below(&dice, 0x7fffffff);
}

/* --- Tags -------------------------------------------------------------------------------------------------------------------------- */

char *store_tag_key(Arena *arena, const char *key) {
    char *made = arena_printf(arena, "user_%s", key);
    for (char *at = made; *at; at++) *at = isalnum((unsigned char)*at) ? (char)tolower((unsigned char)*at) : '_';
    return made;
}

typedef struct {
    Arena *arena;
    Buffer keys, raw_keys, values; /* keys as CUR 2.0 writes them, and as the organisation does */
} TagList;

static void add_part(Buffer *list, const char *text) {
    if (list->size) buffer_add(list, SEPARATOR);
    buffer_add(list, text);
}

static void add_tag(TagList *list, const char *raw_key, const char *key, const char *value) {
    if (!value || !*value) return;
    add_part(&list->raw_keys, raw_key);
    add_part(&list->keys, key ? key : store_tag_key(list->arena, raw_key));
    add_part(&list->values, value);
}

static const char *owner_value(const Resource *resource) {
    return resource->misspelled ? resource->deployment->team->other_spelling : resource->deployment->team->tag;
}

static TagList tags_of(const World *world, const Resource *resource) {
    const Organisation *organisation = world->organisation;
    const Deployment *deployment = resource->deployment;
    Arena *arena = world->arena;
    TagList list = {.arena = arena, .keys = {.arena = arena}, .raw_keys = {.arena = arena}, .values = {.arena = arena}};
    if (!resource->id) return list;
    if (resource->tags == TAGS_FULL) add_tag(&list, organisation->owner_key, NULL, owner_value(resource));
    if (resource->tags != TAGS_NONE) {
        if (resource->tags == TAGS_FULL || strlen(resource->name) % 2)
            add_tag(&list, organisation->project_key, NULL, deployment->project);
        const char *stage =
            text_equal(deployment->stage, "shared") ? "shared" : organisation_stage(organisation, deployment->stage);
        add_tag(&list, organisation->environment_key, NULL, stage);
        add_tag(&list, "Name", NULL, resource->name);
    }
    add_tag(&list, "aws:cloudformation:stack-name", "aws_cloudformation_stack_name", deployment->stack);
    add_tag(&list, "aws:autoscaling:groupName", "aws_autoscaling_groupname", deployment->group);
    add_tag(&list, "aws:createdBy", "aws_createdby", deployment->creator);
    return list;
}

/* System tags are tags too: what has nothing but them is tagged in part. */
static const char *tag_state(const Resource *resource, const TagList *list) {
    return resource->tags == TAGS_FULL ? "full" : list->keys.size ? "partial" : "none";
}

/* --- Files --------------------------------------------------------------------------------------------------------------------------- */

static void add_field(Buffer *file, const char *text, bool last) {
    buffer_add(file, text ? text : "");
    buffer_add_char(file, last ? '\n' : '\t');
}

static void add_hour(const World *world, Buffer *file, long hour, bool last) {
    add_field(
        file,
        arena_printf(world->arena, "%s %02ld:00:00", date_text(world->arena, world->shape->first_day + hour / 24), hour % 24),
        last);
}

static void add_resource(const World *world, Buffer *file, size_t index) {
    const Resource *resource = &world->resources[index];
    const Deployment *deployment = resource->deployment;
    TagList tags = tags_of(world, resource);
    const char *kind = "";
    for (size_t row = 0; row < world->parts->row_count; row++)
        if (text_equal(knowledge_field(world->parts, row, "part"), resource->part))
            kind = knowledge_field(world->parts, row, "kind");
    const char *fields[] = {
        arena_printf(world->arena, "%zu", index),
        resource->id,
        resource->part,
        kind,
        deployment->account->id,
        deployment->account->name,
        text_equal(resource->part, "zone") || text_equal(resource->part, "distribution") ? "global" : deployment->region,
        resource->zone,
        deployment->team->name,
        deployment->project,
        deployment->stage,
        deployment->id,
        deployment->plant,
        resource->named ? "true" : "false",
        deployment->shared ? "true" : "false",
        tag_state(resource, &tags),
        resource->tags == TAGS_FULL ? owner_value(resource) : "",
        buffer_text(&tags.keys),
        buffer_text(&tags.values),
        buffer_text(&tags.raw_keys),
        resource->parent,
        resource->name};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) add_field(file, fields[i], false);
    add_hour(world, file, resource->tags_from, false);
    add_hour(world, file, resource->first, false);
    add_hour(world, file, resource->last, true);
}

/* Growth of a day, as a share of the first day's quantity. */
static double ramp_of(const World *world, const Series *series) {
    double growth = world->organisation->growth_percent / 100 / DAYS_A_MONTH;
    bool traffic = series->rhythm == RHYTHM_DAY || series->rhythm == RHYTHM_DAYTIME || series->rhythm == RHYTHM_INCIDENT ||
                   series->rhythm == RHYTHM_BATCH;
    return atof(knowledge_field(world->meters, series->meter, "ramp")) / 1000 + (traffic ? growth : 0);
}

/* Spot is rented below the price that the bill lists. */
static double list_rate(const World *world, const Series *series) {
    if (!series->size || !text_starts(knowledge_field(world->meters, series->meter, "usage_type"), "Spot")) return series->rate;
    for (size_t row = 0; row < world->meters->row_count; row++)
        if (text_equal(knowledge_field(world->meters, row, "kind"), "ec2"))
            return world_rate(world, row, series->size, world->resources[series->resource].deployment->region);
    abort();
}

static void add_series(const World *world, Buffer *file, size_t index) {
    const Series *series = &world->series[index];
    Arena *arena = world->arena;
    const char *meter = meter_text(world, series, "usage_type");
    const char *fields[] = {arena_printf(arena, "%zu", index),
                            arena_printf(arena, "%zu", series->resource),
                            meter_text(world, series, "service"),
                            arena_printf(arena, "%s%s", usage_prefix(world, series), meter),
                            meter,
                            meter_text(world, series, "operation"),
                            meter_text(world, series, "unit"),
                            number_text(arena, series->quantity, 10),
                            *knowledge_field(world->meters, series->meter, "spread") ? "true" : "false",
                            number_text(arena, series->rate, 10),
                            number_text(arena, list_rate(world, series), 10),
                            arena_printf(arena, "%d", (int)series->rhythm),
                            number_text(arena, ramp_of(world, series), 12),
                            meter_text(world, series, "noise"),
                            arena_printf(arena, "%lld", noise_key(world, index)),
                            meter_text(world, series, "family"),
                            meter_text(world, series, "instance_type"),
                            meter_text(world, series, "description"),
                            arena_printf(arena, "%zu", series->commitment),
                            series->driver};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) add_field(file, fields[i], false);
    add_hour(world, file, series->covered_from, false);
    add_hour(world, file, series->first, false);
    add_hour(world, file, series->last, true);
}

static void add_commitment(const World *world, Buffer *file, size_t index) {
    const Commitment *c = &world->commitments[index];
    Arena *arena = world->arena;
    const char *prefix = "";
    if (c->region && !text_equal(c->region, "us-east-1"))
        prefix = arena_printf(arena, "%s-", world_region(world, c->region, "prefix"));
    const char *fields[] = {arena_printf(arena, "%zu", index + 1),
                            c->name,
                            c->arn,
                            c->is_plan ? "true" : "false",
                            c->account_id,
                            c->account_name,
                            c->region,
                            c->service,
                            arena_printf(arena, "%s%s", prefix, c->usage_type),
                            c->operation,
                            c->size,
                            c->family,
                            c->option,
                            arena_printf(arena, "%ld", c->count),
                            number_text(arena, c->recurring, 10),
                            number_text(arena, c->upfront, 10),
                            number_text(arena, c->rate, 4),
                            c->from > 0 ? "true" : "false"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) add_field(file, fields[i], false);
    Day from = world->shape->first_day + (c->from - 23 * (c->from < 0)) / 24;
    add_field(file, arena_printf(arena, "%s %02ld:00:00", date_text(arena, from), c->from > 0 ? c->from % 24 : 0), false);
    add_field(file, arena_printf(arena, "%s %02ld:00:00", date_text(arena, from + 365), c->from > 0 ? c->from % 24 : 0), true);
}

static void add_rhythm(const World *world, Buffer *file, size_t index) {
    for (long hour = 0; hour < world->shape->hours; hour++) {
        int factor = world->rhythms[index].factors[hour];
        if (!factor) continue;
        buffer_printf(file, "%zu\t%d\t%ld\t", index, factor, hour / 24);
        add_hour(world, file, hour, false);
        add_field(file,
                  arena_printf(world->arena, "%s/%s", shape_hour_text(world->arena, world->shape, hour),
                               shape_hour_text(world->arena, world->shape, hour + 1)),
                  true);
    }
}

/* --- Into the engine ------------------------------------------------------------------------------------------------------------------ */

static const char RESOURCE_COLUMNS[] =
    "{'resource_id': 'INTEGER', 'id': 'VARCHAR', 'part': 'VARCHAR', 'kind': 'VARCHAR', 'account_id': 'VARCHAR', "
    "'account_name': 'VARCHAR', 'region': 'VARCHAR', 'zone': 'VARCHAR', 'team': 'VARCHAR', 'project': 'VARCHAR', 'stage': "
    "'VARCHAR', 'deployment': 'VARCHAR', 'plant': 'VARCHAR', 'named': 'BOOLEAN', 'shared': 'BOOLEAN', 'tags': 'VARCHAR', "
    "'owner_tag': 'VARCHAR', 'keys': 'VARCHAR', 'values': 'VARCHAR', 'raw_keys': 'VARCHAR', 'parent': 'VARCHAR', 'name': "
    "'VARCHAR', 'tags_from': 'TIMESTAMP', 'first': 'TIMESTAMP', 'last': 'TIMESTAMP'}";
static const char SERIES_COLUMNS[] =
    "{'series_id': 'INTEGER', 'resource_id': 'INTEGER', 'service': 'VARCHAR', 'usage_type': 'VARCHAR', 'meter': 'VARCHAR', "
    "'operation': 'VARCHAR', 'unit': 'VARCHAR', 'quantity': 'DOUBLE', 'spread': 'BOOLEAN', 'rate': 'DECIMAL(18,10)', "
    "'list_rate': 'DECIMAL(18,10)', 'rhythm': 'INTEGER', 'ramp': 'DOUBLE', 'noise': 'INTEGER', 'noise_key': 'BIGINT', "
    "'family': 'VARCHAR', 'instance_type': 'VARCHAR', 'description': 'VARCHAR', 'commitment': 'INTEGER', 'driver': "
    "'VARCHAR', 'covered_from': 'TIMESTAMP', 'first': 'TIMESTAMP', 'last': 'TIMESTAMP'}";
static const char COMMITMENT_COLUMNS[] =
    "{'number': 'INTEGER', 'name': 'VARCHAR', 'arn': 'VARCHAR', 'is_plan': 'BOOLEAN', 'account_id': 'VARCHAR', "
    "'account_name': 'VARCHAR', 'region': 'VARCHAR', 'service': 'VARCHAR', 'usage_type': 'VARCHAR', 'operation': 'VARCHAR', "
    "'size': 'VARCHAR', 'family': 'VARCHAR', 'option': 'VARCHAR', 'count': 'BIGINT', 'recurring': 'DECIMAL(18,10)', "
    "'upfront': 'DECIMAL(18,10)', 'rate': 'DECIMAL(18,4)', 'bought': 'BOOLEAN', 'starts': 'TIMESTAMP', 'ends': 'TIMESTAMP'}";
static const char RHYTHM_COLUMNS[] =
    "{'rhythm': 'INTEGER', 'factor': 'INTEGER', 'day': 'INTEGER', 'hour': 'TIMESTAMP', 'span': 'VARCHAR'}";

static bool load_table(const World *world, DuckSession *session, const char *folder, const char *name, const char *columns,
                       size_t count, void (*add)(const World *world, Buffer *file, size_t index), Err *err) {
    Buffer file = {.arena = arena_make()};
    for (size_t i = 0; i < count; i++) add(world, &file, i);
    const char *path = file_join(world->arena, folder, arena_printf(world->arena, "%s.tsv", name));
    bool loaded =
        file_write_quick(path, buffer_text(&file), file.size, err) &&
        duck_run(
            session,
            sql_format(world->arena,
                       "CREATE TABLE %I AS SELECT * FROM read_csv(%S, delim = '\t', quote = '', escape = '', header = false, "
                       "auto_detect = false, nullstr = '', columns = %R)",
                       name, path, columns),
            err);
    arena_free(file.arena);
    return loaded;
}

static bool build_accounts(const World *world, DuckSession *session, Err *err) {
    Sql *sql = sql_make(world->arena);
    sql_add(sql, "CREATE TABLE account AS SELECT * FROM (VALUES ");
    sql_list_start(sql);
    for (size_t i = 0; i < world->organisation->account_count; i++) {
        const SampleAccount *account = &world->organisation->accounts[i];
        sql_list_next(sql, ", ");
        sql_add(sql, "(%S, %S, %S)", account->id, account->name, account->role);
    }
    sql_add(sql, ") AS t(id, name, role); CREATE TABLE unit AS SELECT id AS account_id, MAP(['business_unit'], [CASE role "
                 "WHEN 'production' THEN 'product' WHEN 'data' THEN 'insight' ELSE 'foundation' END]) AS categories FROM "
                 "account WHERE role IN ('production', 'data', 'network', 'security')");
    return duck_run(session, sql_text(sql), err);
}

static bool build_months(const World *world, DuckSession *session, Err *err) {
    const SampleShape *shape = world->shape;
    return duck_run(
        session,
        sql_format(
            world->arena,
            "CREATE TABLE month AS SELECT i AS month, start, least(start + INTERVAL 1 MONTH, CAST(%S AS TIMESTAMP) + "
            "to_hours(%d)) AS usage_end, start + INTERVAL 1 MONTH AS period_end, date_diff('hour', start, start + INTERVAL 1 "
            "MONTH) AS hours, date_diff('day', start, start + INTERVAL 1 MONTH) AS days, strftime(start, '%%Y-%%m') AS name "
            "FROM (SELECT i, CAST(%S AS TIMESTAMP) + to_months(CAST(i AS INTEGER)) AS start FROM range(%d) t(i))",
            date_text(world->arena, shape->first_day), (long long)shape->hours, date_text(world->arena, shape->first_day),
            (long long)shape->month_count),
        err);
}

static bool build_services(const World *world, DuckSession *session, Err *err) {
    const Knowledge *services = knowledge_table(world->arena, "services.tsv");
    Sql *sql = sql_make(world->arena);
    sql_add(sql, "CREATE TABLE service AS SELECT * FROM (VALUES ");
    sql_list_start(sql);
    for (size_t row = 0; row < services->row_count; row++) {
        if (!*knowledge_field(services, row, "code")) continue;
        sql_list_next(sql, ", ");
        sql_add(sql, "(%S, %S, %S)", knowledge_field(services, row, "code"), knowledge_field(services, row, "name"),
                knowledge_field(services, row, "category"));
    }
    sql_add(sql, ") AS t(code, name, category)");
    return duck_run(session, sql_text(sql), err);
}

/* What would otherwise be worked out again for every line. */
static const char DERIVED[] =
    "CREATE TABLE resource AS SELECT *, CASE WHEN keys IS NULL THEN MAP(CAST([] AS VARCHAR[]), CAST([] AS VARCHAR[])) ELSE "
    "MAP(string_split(keys, '" SEPARATOR "'), string_split(\"values\", '" SEPARATOR
    "')) END AS tag_map, CASE WHEN keys IS NULL THEN NULL ELSE MAP(string_split(raw_keys, '|'), string_split(\"values\", "
    "'|')) END AS raw_tags FROM resource_row; CREATE TABLE series AS SELECT s.*, upper(substr(md5(s.usage_type), 1, 16)) AS "
    "sku, split_part(s.instance_type, '.', CASE WHEN regexp_matches(s.instance_type, '^(db|cache|ml)[.]') THEN 2 ELSE 1 END) "
    "AS instance_family, MAP(['product_name', 'region'], [coalesce(n.name, s.service), r.region]) AS product, r.tags_from, "
    "c.is_plan, CASE WHEN c.is_plan THEN c.rate END AS plan_rate, c.recurring + c.upfront AS reserved_rate FROM series_row s "
    "JOIN resource_row r ON r.resource_id = s.resource_id LEFT JOIN service n ON n.code = s.service LEFT JOIN commitment c "
    "ON c.number = s.commitment ORDER BY s.series_id";

bool store_world(const World *world, DuckSession *session, const char *folder, Err *err) {
    return build_accounts(world, session, err) && build_months(world, session, err) && build_services(world, session, err) &&
           load_table(world, session, folder, "resource_row", RESOURCE_COLUMNS, world->resource_count, add_resource, err) &&
           load_table(world, session, folder, "series_row", SERIES_COLUMNS, world->series_count, add_series, err) &&
           load_table(world, session, folder, "commitment", COMMITMENT_COLUMNS, world->commitment_count, add_commitment, err) &&
           load_table(world, session, folder, "rhythm_hour", RHYTHM_COLUMNS, RHYTHM_COUNT, add_rhythm, err) &&
           duck_run(session, DERIVED, err);
}
