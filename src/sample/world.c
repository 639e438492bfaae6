#include "sample/world.h"

#include <math.h>
#include <stdlib.h>

#include "base/knowledge.h"
#include "base/limits.h"
#include "base/sql.h"
#include "base/text.h"

/* Below this many lines hourly data would leave a handful of resources: the export is daily then. */
#define DAILY_BELOW_ROWS 150000
/* Below this many lines even daily data is cut to its last two months. */
#define SHORT_BELOW_ROWS 6000
#define MONTHS 4
#define SHORT_MONTHS 2

/* The open month ends here: a fixed day, so that the same request gives the same bytes on any day. */
static const CalendarDate LAST_DAY = {2026, 10, 12};

/* Lines that one resource of a kind has in a full month. */
static double lines_per_month(const Knowledge *meters, const char *kind, const char *rhythm, bool daily) {
    double lines = 0;
    for (size_t row = 0; row < meters->row_count; row++) {
        if (!text_equal(knowledge_field(meters, row, "kind"), kind)) continue;
        const char *pattern = knowledge_field(meters, row, "pattern");
        bool instance = text_equal(knowledge_field(meters, row, "resource"), "instance");
        bool office = text_equal(pattern, "office") || (text_equal(rhythm, "office") && instance);
        if (text_equal(pattern, "daily") || daily)
            lines += office ? 21.7 : 30.4;
        else if (office)
            lines += 21.7 * 12;
        else
            lines += text_equal(pattern, "batch") ? 30.4 * 4 : 730;
    }
    return lines;
}

static long long scaled_count(double weight, double scale) {
    return (long long)floor(weight * scale + 0.5);
}

static double expected_lines(const Knowledge *groups, const Knowledge *meters, const SampleShape *shape) {
    double months = (double)shape->month_count - 1 + date_calendar(shape->last_day).day / 30.4;
    double lines = 0;
    for (size_t row = 0; row < groups->row_count; row++) {
        double start = atof(knowledge_field(groups, row, "start")) + (double)shape->month_count - MONTHS;
        double present = months - (start > 0 ? start : 0);
        double count = (double)scaled_count(atof(knowledge_field(groups, row, "weight")), shape->scale);
        if (present <= 0) continue;
        /* A third of each group starts later (fewer lines); negation, discounts and tax come on top (more). */
        lines +=
            count * 1.08 * present *
            lines_per_month(meters, knowledge_field(groups, row, "kind"), knowledge_field(groups, row, "rhythm"), shape->daily);
    }
    return lines;
}

SampleShape sample_shape(Arena *arena, long long rows, long long seed) {
    const Knowledge *groups = knowledge_table(arena, "sample_groups.tsv");
    const Knowledge *meters = knowledge_table(arena, "sample_meters.tsv");
    SampleShape shape = {
        .daily = rows < DAILY_BELOW_ROWS, .month_count = rows < SHORT_BELOW_ROWS ? SHORT_MONTHS : MONTHS, .seed = seed};
    if (!date_from(LAST_DAY, &shape.last_day)) abort();
    shape.first_day = date_month(shape.last_day, 1 - (int)shape.month_count);
    double low = 0.01, high = 1e6;
    for (int i = 0; i < 60; i++) {
        shape.scale = sqrt(low * high);
        if (expected_lines(groups, meters, &shape) < (double)rows)
            low = shape.scale;
        else
            high = shape.scale;
    }
    return shape;
}

/* A table of tables/ as a table of the engine: every field as text, "" as NULL. */
static bool insert_knowledge(Arena *arena, DuckSession *session, const char *name, const char *file, Err *err) {
    const Knowledge *table = knowledge_table(arena, file);
    Sql *sql = sql_make(arena);
    sql_add(sql, "CREATE TABLE %I AS SELECT * FROM (VALUES ", name);
    sql_list_start(sql);
    for (size_t row = 0; row < table->row_count; row++) {
        sql_list_next(sql, ", ");
        sql_add(sql, "(%d", (long long)row);
        for (size_t column = 0; column < table->column_count; column++)
            sql_add(sql, ", NULLIF(%S, '')", table->fields[row * table->column_count + column]);
        sql_add(sql, ")");
    }
    sql_add(sql, ") AS t(row_number");
    for (size_t column = 0; column < table->column_count; column++) sql_add(sql, ", %I", table->names[column]);
    sql_add(sql, ")");
    return duck_run(session, sql_text(sql), err);
}

static bool build_months(Arena *arena, DuckSession *session, const SampleShape *shape, Err *err) {
    const char *sql =
        sql_format(arena,
                   "CREATE TABLE months AS SELECT i AS month_index, start, least(start + INTERVAL 1 MONTH, "
                   "CAST(%S AS TIMESTAMP) + to_hours(%d)) AS usage_end, start + INTERVAL 1 MONTH AS period_end FROM "
                   "(SELECT i, CAST(%S AS TIMESTAMP) + to_months(CAST(i AS INTEGER)) AS start FROM range(%d) t(i))",
                   date_text(arena, shape->last_day), (long long)SAMPLE_LAST_HOUR, date_text(arena, shape->first_day),
                   (long long)shape->month_count);
    return duck_run(session, sql, err);
}

/* Groups with how many resources each has, and the resources: about two thirds from the group's first hour on, the others
 * started together by one later deployment. Month indices of the table count from the first of MONTHS months. */
static bool build_entities(Arena *arena, DuckSession *session, const SampleShape *shape, Err *err) {
    long long skipped = MONTHS - (long long)shape->month_count;
    const char *groups =
        sql_format(arena,
                   "CREATE TABLE groups AS SELECT g.row_number AS group_id, g.name, g.kind, g.account, a.id AS "
                   "account_id, a.name AS account_name, g.region, g.team, g.project, g.environment, "
                   "CAST(g.tagged AS INTEGER) AS tagged, g.cover, g.rhythm, "
                   "CAST(floor(CAST(g.weight AS DOUBLE) * CAST(%S AS DOUBLE) + 0.5) AS BIGINT) AS resource_count, "
                   "(SELECT min(start) FROM months WHERE month_index >= greatest(0, CAST(g.start AS BIGINT) - %d)) AS "
                   "first_hour FROM sample_groups g JOIN sample_accounts a ON a.role = g.account",
                   arena_printf(arena, "%.17g", shape->scale), skipped);
    const char *entities = sql_format(
        arena,
        "CREATE TABLE entities AS SELECT group_id, number, CASE WHEN number < ceil(resource_count * 0.67) THEN first_hour ELSE "
        "first_hour + to_hours(CAST(hash(name, %d) %% greatest(1, date_diff('hour', first_hour, last_hour) * 6 // 10) AS "
        "BIGINT)) "
        "END AS first_hour, coalesce(hash(name, number, %d) %% 100 < tagged, false) AS is_tagged, tagged IS NOT NULL AS "
        "has_resource, "
        "md5(concat_ws('/', name, CAST(number AS VARCHAR), %S)) AS code FROM (SELECT g.*, unnest(range(g.resource_count)) AS "
        "number, "
        "(SELECT max(usage_end) FROM months) AS last_hour FROM groups g WHERE g.first_hour IS NOT NULL)",
        shape->seed, shape->seed, arena_printf(arena, "%lld", shape->seed));
    return duck_run(session, groups, err) && duck_run(session, entities, err);
}

bool sample_build_world(Arena *arena, DuckSession *session, const SampleShape *shape, Err *err) {
    static const char meters[] = "CREATE TABLE meters AS SELECT row_number AS meter_id, kind, service, usage_type, operation, "
                                 "unit, CAST(rate AS DECIMAL(18,10)) "
                                 "AS rate, CAST(quantity AS DOUBLE) AS quantity, pattern, family, resource, instance_type, "
                                 "description FROM sample_meters";
    return insert_knowledge(arena, session, "sample_accounts", "sample_accounts.tsv", err) &&
           insert_knowledge(arena, session, "sample_groups", "sample_groups.tsv", err) &&
           insert_knowledge(arena, session, "sample_meters", "sample_meters.tsv", err) &&
           insert_knowledge(arena, session, "sample_resources", "sample_resources.tsv", err) &&
           insert_knowledge(arena, session, "services", "services.tsv", err) && duck_run(session, meters, err) &&
           build_months(arena, session, shape, err) && build_entities(arena, session, shape, err);
}
