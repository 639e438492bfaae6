#include "ingest/direct.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/sql.h"
#include "base/table.h"
#include "base/text.h"
#include "ingest/facts.h"
#include "ingest/lines.h"
#include "ingest/normalise.h"
#include "ingest/rejects.h"

typedef struct {
    Arena *arena;
    Watch *watch;
    Normaliser normaliser;
    Model model;
    SnapshotWriter *writer;
} Direct;

/* --- How the files are to be read ----------------------------------------------------------------------------------------- */

/* The first lines say it all for CSV without maps in text and without net columns: AWS and FOCUS write times and amounts in one way. */
static bool head_suffices(Arena *arena, const Delivery *delivery) {
    Reader reader;
    reader_make(arena, delivery, &reader);
    for (size_t i = 0; i < delivery->file_count; i++)
        if (delivery->files[i].container != CONTAINER_CSV) return false;
    return !normalise_needs_all_lines(arena, &reader);
}

static bool prepare(Direct *direct, const Delivery *delivery, TagNames *names, bool head_only, Err *err) {
    Normaliser *normaliser = &direct->normaliser;
    if (!normalise_prepare_from(direct->arena, direct->watch, delivery, names, head_only ? DIRECT_HEAD_ROWS : 0, normaliser,
                                err))
        return false;
    if (normaliser->probe.period_count == 0)
        return err_set(err, ERR_INPUT, "%s has no lines to load", delivery->files[0].shown_path);
    if (head_only) normalise_widen_quantities(normaliser);
    return normalise_model(normaliser, &direct->model, err);
}

/* --- One pass ------------------------------------------------------------------------------------------------------------- */

/* Inputs from which is looked up what a line is, and which of them the model has. */
static const char *const lookup_inputs[] = {
    "x_ServiceCode",   "x_UsageType", "x_LineItemType", "x_InstanceType",     "product_name", "volume_api_name", "plan_arn",
    "reservation_arn", "x_Operation", "PricingUnit",    "ServiceSubcategory", "SkuMeter",     "SkuId",           "ServiceName"};

static bool is_tag(const SnapshotColumn *column) {
    return column->output.kind == OUTPUT_TAG || column->output.kind == OUTPUT_COST_CATEGORY ||
           column->output.kind == OUTPUT_ACCOUNT_TAG;
}

/* Every dimension, for a question is only understood when the values are known that it may name; of the amounts what most questions ask
 * for: each one more is a number to read in every line, and the others can be read in the lines when they are asked for. */
static bool is_rolled(const SnapshotColumn *column) {
    static const char *const amounts[] = {"BilledCost", "EffectiveCost", "ConsumedQuantity", "x_UnusedCommitmentCost"};
    if (!column->is_stored) return false;
    if (is_tag(column)) return column->distinct <= ROLLUP_TAG_VALUES / 2;
    bool wanted = !column->is_number;
    for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) wanted |= text_equal(amounts[i], column->output.name);
    return wanted && column->output.in_rollup;
}

/* Tags whose first values are already many would make the rollup as long as the bill. */
static bool count_tags(Direct *direct, Err *err) {
    Arena *arena = direct->arena;
    SnapshotWriter *writer = direct->writer;
    Sql *sql = sql_make(arena);
    size_t count = 0;
    sql_add(sql, "SELECT ");
    for (size_t i = 0; i < writer->column_count; i++)
        if (is_tag(&writer->columns[i]) && writer->columns[i].is_stored)
            sql_add(sql, count++ ? ", approx_count_distinct(%I)" : "approx_count_distinct(%I)", writer->columns[i].output.name);
    if (count == 0) return true;
    direct->normaliser.reader.head_rows = DIRECT_HEAD_ROWS;
    sql_add(sql, " FROM (%R) AS head", model_sql(&direct->model, NULL));
    direct->normaliser.reader.head_rows = 0;
    Table *table = NULL;
    if (!duck_rows(arena, direct->watch->session, sql_text(sql), &table, err)) return false;
    for (size_t i = 0, cell = 0; i < writer->column_count; i++)
        if (is_tag(&writer->columns[i]) && writer->columns[i].is_stored)
            writer->columns[i].distinct = atoll(table_cell(table, 0, cell++));
    return true;
}

/* The lines with their inputs as t; what is known of a line by its type alone stands in t.l, where formulas look for it. */
static const char *typed_lines(const Direct *direct) {
    bool has_type = model_has_input(&direct->model, "x_LineItemType");
    return sql_format(
        direct->arena,
        "(SELECT i.*, struct_pack(kind := coalesce(k.kind, 0), charge_category := coalesce(k.charge_category, "
        "'Adjustment'), charge_frequency := k.charge_frequency) AS l FROM (%R) AS i LEFT JOIN known_types AS k ON "
        "k.type = %R) AS t",
        model_inputs_sql(&direct->model, REJECTS), has_type ? "coalesce(i.\"x_LineItemType\", '')" : "'Usage'");
}

#define HOUR_US (3600LL * 1000000)
#define DAY_US (24 * HOUR_US)

/* What is asked of times: see times_sql(). */
static void add_times(const Direct *direct, Sql *sql) {
    const OutputColumn *category = model_find_output(&direct->model, "ChargeCategory");
    const OutputColumn *start = model_find_output(&direct->model, "ChargePeriodStart");
    const OutputColumn *end = model_find_output(&direct->model, "ChargePeriodEnd");
    const OutputColumn *day = model_find_output(&direct->model, "x_ChargeDate");
    Arena *arena = direct->arena;
    const OutputColumn *status = model_find_output(&direct->model, "CommitmentDiscountStatus");
    const char *usage = category ? sql_format(arena, "(%R) = 'Usage'", category->expression) : "true";
    if (category && status) usage = sql_format(arena, "(%R AND coalesce((%R), '') <> 'Unused')", usage, status->expression);
    /* In microseconds: the engine compares intervals several times slower. */
    const char *length = start && end ? sql_format(arena, "(epoch_us(%R) - epoch_us(%R))", end->expression, start->expression)
                                      : sql_format(arena, "%d", DAY_US);
    const char *until = start && end ? sql_format(arena, "(%R)", end->expression)
                                     : sql_format(arena, "CAST((%R) + INTERVAL 1 DAY AS TIMESTAMP)", day->expression);
    sql_add(
        sql,
        ", max(%R) FILTER (%R AND %R <= %d) AS direct_short_end, max(%R) FILTER (%R) AS direct_usage_end, max(%R) AS "
        "direct_end, count(*) FILTER (%R AND %R <= %d) AS direct_short, count(*) FILTER (%R AND %R <= %d) AS direct_hourly, "
        "count(*) FILTER (%R AND %R > %d AND %R <= %d) AS direct_daily, count(*) FILTER (%R AND %R > %d) AS direct_longer, "
        "count(*) FILTER (%R) AS direct_usage",
        until, usage, length, DAY_US, until, usage, until, usage, length, DAY_US, usage, length, HOUR_US, usage, length,
        HOUR_US, length, DAY_US + HOUR_US, usage, length, DAY_US + HOUR_US, usage);
}

static const char *groups_sql(const Direct *direct) {
    const SnapshotWriter *writer = direct->writer;
    Sql *sql = sql_make(direct->arena);
    sql_add(sql, "CREATE OR REPLACE TEMP TABLE direct_groups AS SELECT count(*) AS direct_lines");
    add_times(direct, sql);
    const OutputColumn *resource = model_find_output(&direct->model, "ResourceId");
    sql_add(sql, ", count(%R) AS direct_resources", resource && !resource->is_constant ? resource->expression : "NULL");
    for (size_t i = 0; i < writer->column_count; i++) {
        const SnapshotColumn *column = &writer->columns[i];
        if (!is_rolled(column) || column->output.is_looked_up) continue;
        sql_add(sql, column->is_number ? ", sum(%R) AS %I" : ", %R AS %I", column->output.expression, column->output.name);
    }
    for (size_t i = 0; i < sizeof lookup_inputs / sizeof *lookup_inputs; i++) {
        const SnapshotColumn *column = snapshot_column(writer, lookup_inputs[i]);
        bool there = column && is_rolled(column) && !column->output.is_looked_up;
        if (!there && model_has_input(&direct->model, lookup_inputs[i]))
            sql_add(sql, ", t.%I AS %I", lookup_inputs[i], lookup_inputs[i]);
    }
    sql_add(sql, " FROM %R GROUP BY ALL", typed_lines(direct));
    return sql_text(sql);
}

/* --- What the groups are -------------------------------------------------------------------------------------------------- */

/* Kinds of line that the first lines did not show may change the formulas: the model is made again from what the pass met, and compared. */
static bool same_model(Direct *direct, bool *same, Err *err) {
    Model again;
    if (!normalise_model(&direct->normaliser, &again, err)) return false;
    *same = again.output_count == direct->model.output_count;
    for (size_t i = 0; *same && i < again.output_count; i++) {
        const OutputColumn *a = &again.outputs[i], *b = &direct->model.outputs[i];
        *same = text_equal(a->name, b->name) && text_equal(a->expression, b->expression);
    }
    return true;
}

/* "probe" and "lines" anew from all codes, usage types and types that the pass met. */
static bool look_up(Direct *direct, bool head_only, bool *complete, Err *err) {
    Arena *arena = direct->arena;
    const Model *model = &direct->model;
    const char *columns[] = {"x_ServiceCode", "product_name", "x_UsageType", "x_LineItemType"}, *names[4];
    for (size_t i = 0; i < 4; i++)
        names[i] = model_has_input(model, columns[i]) ? sql_format(arena, "%I", columns[i]) : "CAST(NULL AS VARCHAR)";
    const char *probe =
        sql_format(arena,
                   "CREATE OR REPLACE TEMP TABLE probe AS SELECT %R AS code, %R AS name, %R AS usage_type, %R AS type, "
                   "sum(direct_lines) AS row_count FROM direct_groups GROUP BY ALL",
                   names[0], names[1], names[2], names[3]);
    *complete = true;
    if (head_only && !(duck_run(direct->watch->session, probe, err) && same_model(direct, complete, err))) return false;
    if (!*complete) return true;
    bool has_types = model_has_input(model, "x_LineItemType");
    const char **odd = NULL;
    size_t odd_count = 0;
    bool is_cur = direct->normaliser.reader.delivery->format != FORMAT_FOCUS;
    if (!duck_run(direct->watch->session, probe, err) ||
        !lines_make(arena, direct->watch->session, has_types || !is_cur, &odd, &odd_count, err))
        return false;
    for (size_t i = 0; is_cur && i < odd_count; i++) odd_add(&direct->normaliser.odd, "%s", odd[i]);
    return true;
}

static bool write_rollup(Direct *direct, Err *err) {
    SnapshotWriter *writer = direct->writer;
    for (int wide = 0; wide <= 1; wide++) {
        Sql *sql = sql_make(direct->arena);
        sql_add(sql, "CREATE TABLE snap.bill_day AS SELECT ");
        for (size_t i = 0; i < writer->column_count; i++) {
            const SnapshotColumn *column = &writer->columns[i];
            const char *name = column->output.name;
            if (!is_rolled(column)) continue;
            bool is_cost = text_ends(name, "Cost") || text_ends(name, "Fee");
            if (column->is_number && is_cost && !wide)
                sql_add(sql, "CAST(sum(t.%I) AS %R) AS %I, ", name, column->type, name);
            else if (column->is_number)
                sql_add(sql, "sum(t.%I) AS %I, ", name, name);
            else
                sql_add(sql, "%R AS %I, ",
                        column->output.is_looked_up ? column->output.expression : sql_format(direct->arena, "t.%I", name),
                        name);
        }
        sql_add(sql,
                "CAST(sum(t.direct_lines) AS BIGINT) AS \"x_RowCount\" FROM direct_groups AS t%R GROUP BY ALL ORDER BY "
                "\"x_ChargeDate\"",
                direct->model.output_join ? direct->model.output_join : "");
        Err overflow = {0};
        if (watch_run(direct->watch, sql_text(sql), &overflow)) return true;
        if (wide || overflow.kind != ERR_ENGINE) return err_set_code(err, overflow.kind, overflow.code, "%s", overflow.message);
    }
    return true;
}

/* The row of write_times(): days, ends and lengths of usage. */
static const char *times_sql(const Direct *direct) {
    (void)direct;
    return "SELECT min(\"x_ChargeDate\"), max(\"x_ChargeDate\"), max(\"x_ChargeDate\") FILTER (direct_short > 0), "
           "coalesce(max(direct_short_end), max(direct_usage_end), max(direct_end)), sum(direct_hourly), sum(direct_daily), "
           "sum(direct_longer), sum(direct_usage) FROM direct_groups";
}

/* --- The snapshot --------------------------------------------------------------------------------------------------------- */

/* The tables that the SQL of a line joins, kept with the snapshot. */
static bool keep_tables(Direct *direct, Json *tables, Err *err) {
    const char *names[NORMALISE_MAPS + 1] = {"lines"};
    size_t count = 1;
    for (size_t i = 0; i < direct->normaliser.map_count; i++)
        if (direct->normaliser.maps[i].is_text)
            names[count++] = arena_printf(direct->arena, "entries_%zu", direct->normaliser.maps[i].index);
    for (size_t i = 0; i < count; i++) {
        json_add_text(tables, names[i]);
        if (!duck_run(direct->watch->session, sql_format(direct->arena, "CREATE TABLE snap.%I AS FROM %I", names[i], names[i]),
                      err))
            return false;
    }
    return true;
}

static bool write_snapshot(Direct *direct, Json **out, Err *err) {
    SnapshotWriter *writer = direct->writer;
    const Delivery *delivery = direct->normaliser.reader.delivery;
    writer->times_sql = times_sql(direct);
    if (!write_rollup(direct, err) || !snapshot_summarise_rollup(writer, err)) return false;
    const Probe *probe = &direct->normaliser.probe;
    bool has_net = false;
    for (size_t i = 0; i < probe->period_count; i++) has_net |= probe->periods[i].has_net;
    if (!facts_of_bill(writer, probe->periods[0].month, has_net, &direct->normaliser.odd, out, err)) return false;
    const char *resources = NULL;
    if (!duck_value(direct->arena, direct->watch->session, "SELECT sum(direct_resources) FROM direct_groups", &resources, err))
        return false;
    json_put_bool(*out, "has_resources", resources && atoll(resources) > 0);
    Json *lines = json_put_object(*out, "direct");
    json_put_text(lines, "sql", model_sql(&direct->model, NULL));
    Json *files = json_put_array(lines, "files");
    for (size_t i = 0; i < delivery->file_count; i++) json_add_text(files, delivery->files[i].path);
    return keep_tables(direct, json_put_array(lines, "tables"), err) && snapshot_finish(writer, err);
}

/* One attempt; *complete is false when the first lines did not show everything and all of them have to be probed. */
static bool run_pass(Direct *direct, const Delivery *delivery, TagNames *names, bool head_only, bool *complete, Err *err) {
    SnapshotWriter *writer = direct->writer;
    Err failure = {0};
    *complete = true;
    if (!prepare(direct, delivery, names, head_only, err) || !rejects_clear(direct->watch, err) ||
        !snapshot_begin(writer, model_sql(&direct->model, NULL), direct->model.outputs, direct->model.output_count, err) ||
        !count_tags(direct, err))
        return false;
    if (!watch_run(direct->watch, groups_sql(direct), &failure)) {
        *complete = !(head_only && failure.kind == ERR_ENGINE);
        return !*complete || err_set_code(err, failure.kind, failure.code, "%s", failure.message);
    }
    return rejects_tell(direct->arena, direct->watch, &direct->normaliser.reader, &direct->normaliser.odd, err) &&
           look_up(direct, head_only, complete, err);
}

bool direct_import(Arena *arena, Watch *watch, const Delivery *delivery, TagNames *names, SnapshotWriter *writer, Json **out,
                   Err *err) {
    Direct direct = {.arena = arena, .watch = watch, .writer = writer};
    bool complete = true, done = run_pass(&direct, delivery, names, head_suffices(arena, delivery), &complete, err);
    if (done && !complete) {
        snapshot_abandon(writer);
        done = run_pass(&direct, delivery, names, false, &complete, err);
    }
    done = done && write_snapshot(&direct, out, err);
    if (!done) snapshot_abandon(writer);
    return done;
}
