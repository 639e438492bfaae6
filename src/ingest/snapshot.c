#include "ingest/snapshot.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/sql.h"
#include "base/table.h"
#include "base/text.h"
#include "io/file.h"

const SnapshotColumn *snapshot_column(const SnapshotWriter *writer, const char *name) {
    for (size_t i = 0; i < writer->column_count; i++)
        if (text_equal(writer->columns[i].output.name, name)) return &writer->columns[i];
    return NULL;
}

const char *snapshot_value(const SnapshotWriter *writer, const char *name) {
    const SnapshotColumn *column = snapshot_column(writer, name);
    if (!column) return NULL;
    const OutputColumn *output = &column->output;
    if (output->is_constant) return model_constant(writer->arena, output->constant, output->constant_type);
    return sql_format(writer->arena, "%I", output->same_as ? output->same_as : output->name);
}

static bool is_number(const char *type) {
    return text_starts(type, "DECIMAL(") || text_ends(type, "INT") || text_equal(type, "INTEGER");
}

static bool read_columns(SnapshotWriter *writer, const char *described, const OutputColumn *outputs, size_t output_count,
                         Err *err) {
    Table *table = NULL;
    const char *sql = sql_format(writer->arena, "SELECT column_name, column_type FROM (DESCRIBE %R)", described);
    if (!duck_rows(writer->arena, writer->watch->session, sql, &table, err)) return false;
    writer->column_count = output_count;
    writer->columns = arena_array(writer->arena, output_count + 1, sizeof *writer->columns);
    for (size_t i = 0; i < output_count; i++) {
        SnapshotColumn *column = &writer->columns[i];
        column->output = outputs[i];
        column->is_stored = !outputs[i].is_constant && !outputs[i].same_as;
        column->type = outputs[i].constant_type;
        const char *stored = outputs[i].same_as ? outputs[i].same_as : outputs[i].name;
        for (size_t j = 0; j < table->row_count && !outputs[i].is_constant; j++)
            if (text_equal(table_cell(table, j, 0), stored)) column->type = table_cell(table, j, 1);
        assert(column->type && "the snapshot lacks a column of its query");
        column->is_number = is_number(column->type);
    }
    return true;
}

static bool make_file(SnapshotWriter *writer, Err *err) {
    return file_remove(writer->path, err) &&
           duck_run(writer->watch->session,
                    sql_format(writer->arena, "ATTACH %S AS snap (STORAGE_VERSION 'latest', ROW_GROUP_SIZE %d)", writer->path,
                               (long long)SNAPSHOT_ROW_GROUP_ROWS),
                    err);
}

bool snapshot_write(SnapshotWriter *writer, const char *select_sql, const OutputColumn *outputs, size_t output_count,
                    Err *err) {
    Arena *arena = writer->arena;
    if (!make_file(writer, err)) return false;
    if (!watch_run(writer->watch, sql_format(arena, "CREATE TABLE snap.%I AS %R", writer->table, select_sql), err) ||
        !read_columns(writer, sql_format(arena, "snap.%I", writer->table), outputs, output_count, err)) {
        snapshot_abandon(writer);
        return false;
    }
    return true;
}

bool snapshot_begin(SnapshotWriter *writer, const char *select_sql, const OutputColumn *outputs, size_t output_count,
                    Err *err) {
    if (make_file(writer, err) && read_columns(writer, select_sql, outputs, output_count, err)) return true;
    snapshot_abandon(writer);
    return false;
}

bool snapshot_rename(SnapshotWriter *writer, const char *schema, Err *err) {
    writer->schema = schema;
    return watch_run(writer->watch, sql_format(writer->arena, "DETACH snap; ATTACH %S AS %I (READ_ONLY)", writer->path, schema),
                     err);
}

bool snapshot_copy(SnapshotWriter *writer, const SnapshotWriter *from, const char *month, Err *err) {
    OutputColumn *outputs = arena_array(writer->arena, from->column_count + 1, sizeof *outputs);
    const char *period = snapshot_value(from, "BillingPeriodStart"), *charge = snapshot_value(from, "ChargePeriodStart");
    for (size_t i = 0; i < from->column_count; i++) outputs[i] = from->columns[i].output;
    const char *sql =
        sql_format(writer->arena, "SELECT * FROM %I.%I WHERE date_trunc('month', %R) = CAST(%S AS TIMESTAMP)", from->schema,
                   from->table, charge ? sql_format(writer->arena, "coalesce(%R, %R)", period, charge) : period,
                   arena_printf(writer->arena, "%s-01", month));
    return snapshot_write(writer, sql, outputs, from->column_count, err);
}

void snapshot_abandon(SnapshotWriter *writer) {
    Err ignored = {0};
    const char *schema = writer->schema ? writer->schema : "snap";
    duck_run(writer->watch->session, sql_format(writer->arena, "DETACH DATABASE IF EXISTS %I", schema), &ignored);
    err_clear(&ignored);
    file_remove(writer->path, &ignored);
    err_clear(&ignored);
    file_remove(arena_printf(writer->arena, "%s.wal", writer->path), &ignored);
}

bool snapshot_finish(SnapshotWriter *writer, Err *err) {
    return watch_run(writer->watch, "CHECKPOINT snap; DETACH snap", err) && file_sync(writer->path, err);
}

/* --- Counts ------------------------------------------------------------------------------------------------------------- */

/* Dimensions that the rollup has are counted there: it is a hundredth of the lines. Without lines all that it has is. */
static bool is_counted_in_rollup(const SnapshotWriter *writer, const SnapshotColumn *column) {
    if (!text_equal(column->type, "VARCHAR")) return false;
    if (writer->times_sql) return column->rollup_type != NULL;
    return column->output.kind == OUTPUT_BILL && column->output.in_rollup;
}

/* Only what decides about the rollup (tags) or has no dictionary (identifiers) is counted, approximately: dictionaries count exactly. */
static bool is_counted_approximately(const SnapshotColumn *column) {
    return !column->is_number && !(column->output.kind == OUTPUT_BILL && column->output.is_dimension);
}

/* `counts`: values, then the largest magnitude of a number, or different values of what is counted approximately. */
static void take_counts(const SnapshotWriter *writer, SnapshotColumn *column, const char *const *counts) {
    column->missing = writer->row_count - (counts[0] ? atoll(counts[0]) : 0);
    column->distinct = column->missing < writer->row_count;
    if (column->is_number)
        column->whole_digits = counts[1] ? (int)strcspn(counts[1], ".") : 0;
    else if (counts[1])
        column->distinct = atoll(counts[1]);
}

static bool count_lines(SnapshotWriter *writer, Err *err) {
    Sql *sql = sql_make(writer->arena);
    sql_add(sql, "CREATE OR REPLACE TEMP TABLE counts AS SELECT count(*)");
    for (size_t i = 0; i < writer->column_count; i++) {
        const SnapshotColumn *column = &writer->columns[i];
        const char *name = column->output.name;
        if (!column->is_stored || is_counted_in_rollup(writer, column)) continue;
        sql_add(sql, ", count(%I), ", name);
        if (column->is_number)
            sql_add(sql, "max(abs(%I))", name);
        else if (is_counted_approximately(column))
            sql_add(sql, "approx_count_distinct(%I)", name);
        else
            sql_add(sql, "NULL");
    }
    sql_add(sql, " FROM snap.%I", writer->table);
    Table *table = NULL;
    if (!watch_run(writer->watch, sql_text(sql), err) ||
        !duck_rows(writer->arena, writer->watch->session, "FROM counts", &table, err))
        return false;
    writer->row_count = atoll(table_cell(table, 0, 0));
    size_t cell = 1;
    for (size_t i = 0; i < writer->column_count; i++) {
        SnapshotColumn *column = &writer->columns[i];
        if (!column->is_stored || is_counted_in_rollup(writer, column)) continue;
        take_counts(writer, column, &table->cells[cell]);
        cell += 2;
    }
    return true;
}

static bool count_rolled(SnapshotWriter *writer, Err *err) {
    const bool rolled = writer->rollup_row_count > 0;
    Sql *sql = sql_make(writer->arena);
    size_t count = 0;
    sql_add(sql, "SELECT ");
    for (size_t i = 0; i < writer->column_count; i++) {
        const SnapshotColumn *column = &writer->columns[i];
        if (!column->is_stored || !is_counted_in_rollup(writer, column)) continue;
        sql_add(sql, count++ ? ", " : "");
        sql_add(sql, rolled ? "sum(\"x_RowCount\") FILTER (%I IS NOT NULL), " : "count(%I), ", column->output.name);
        sql_add(sql, is_counted_approximately(column) ? "approx_count_distinct(%I)" : "NULL", column->output.name);
    }
    if (count == 0) return true;
    sql_add(sql, " FROM snap.%I", rolled ? "bill_day" : writer->table);
    Table *table = NULL;
    if (!duck_rows(writer->arena, writer->watch->session, sql_text(sql), &table, err)) return false;
    size_t cell = 0;
    for (size_t i = 0; i < writer->column_count; i++) {
        SnapshotColumn *column = &writer->columns[i];
        if (column->is_stored && is_counted_in_rollup(writer, column)) take_counts(writer, column, &table->cells[2 * cell++]);
    }
    return true;
}

/* What the lines do not have: constants, and columns that repeat another. */
static void count_others(SnapshotWriter *writer) {
    for (size_t i = 0; i < writer->column_count; i++) {
        SnapshotColumn *column = &writer->columns[i];
        if (column->is_stored) continue;
        column->missing = column->output.constant ? 0 : writer->row_count;
        column->distinct = column->output.constant != NULL && writer->row_count > 0;
        const SnapshotColumn *same = column->output.same_as ? snapshot_column(writer, column->output.same_as) : NULL;
        if (!same) continue;
        column->missing = same->missing;
        column->distinct = same->distinct;
        column->whole_digits = same->whole_digits;
    }
}

/* --- Dictionary ----------------------------------------------------------------------------------------------------------- */

static bool has_dictionary(const SnapshotColumn *column) {
    return column->output.is_dimension && text_equal(column->type, "VARCHAR") && column->missing >= 0 && column->distinct > 0;
}

static const char *dictionary_of(const SnapshotWriter *writer, const SnapshotColumn *column, const char *cost,
                                 const char *day) {
    bool rolled = (column->rollup_type || column->output.is_constant) && writer->rollup_row_count > 0;
    const char *value = snapshot_value(writer, column->output.name);
    return sql_format(writer->arena,
                      "(SELECT %S AS k, %R AS v, %R AS n, CAST(coalesce(%R, 0) AS DECIMAL(38, 12)) AS c, %R AS f, %R AS l "
                      "FROM snap.%I WHERE %R IS NOT NULL GROUP BY ALL ORDER BY c DESC, n DESC, v LIMIT %d)",
                      column->output.name, value, rolled ? "sum(\"x_RowCount\")" : "count(*)", cost,
                      day ? sql_format(writer->arena, "min(%R)", day) : "NULL",
                      day ? sql_format(writer->arena, "max(%R)", day) : "NULL", rolled ? "bill_day" : writer->table, value,
                      (long long)DICTIONARY_VALUES);
}

/* The cost by which values are ranked: what is billed, or a table's first cost column. */
static const char *ranking_cost(const SnapshotWriter *writer) {
    const char *billed = snapshot_value(writer, "BilledCost");
    if (billed) return sql_format(writer->arena, "sum(%R)", billed);
    for (size_t i = 0; i < writer->column_count; i++) {
        const char *name = writer->columns[i].output.name;
        if (writer->columns[i].is_number && (text_contains_fold(name, "cost") || text_contains_fold(name, "amount")))
            return sql_format(writer->arena, "sum(TRY_CAST(%R AS DECIMAL(38, 12)))", snapshot_value(writer, name));
    }
    return "0";
}

static const char *ranking_day(const SnapshotWriter *writer) {
    if (snapshot_column(writer, "x_ChargeDate")) return snapshot_value(writer, "x_ChargeDate");
    for (size_t i = 0; i < writer->column_count; i++)
        if (text_equal(writer->columns[i].type, "DATE") || text_equal(writer->columns[i].type, "TIMESTAMP"))
            return sql_format(writer->arena, "CAST(%R AS DATE)", snapshot_value(writer, writer->columns[i].output.name));
    return NULL;
}

static size_t count_dictionaries(const SnapshotWriter *writer) {
    size_t count = 0;
    for (size_t i = 0; i < writer->column_count; i++) count += has_dictionary(&writer->columns[i]);
    return count;
}

static bool make_dictionary(SnapshotWriter *writer, Err *err) {
    const char *cost = ranking_cost(writer), *day = ranking_day(writer);
    if (!duck_run(writer->watch->session,
                  "CREATE TABLE snap.dictionary (column_name VARCHAR, value VARCHAR, row_count BIGINT, cost DECIMAL(38, 12), "
                  "first_day DATE, last_day DATE); "
                  "CREATE TABLE snap.column_stats (column_name VARCHAR, missing BIGINT, distinct_approx BIGINT)",
                  err))
        return false;
    /* One statement: forty of them would each wait for the disk. */
    Sql *sql = sql_make(writer->arena);
    sql_add(sql, "INSERT INTO snap.dictionary SELECT k, v, n, c, f, l FROM (");
    sql_list_start(sql);
    for (size_t i = 0; i < writer->column_count; i++) {
        if (!has_dictionary(&writer->columns[i])) continue;
        sql_list_next(sql, " UNION ALL ");
        sql_add(sql, "%R", dictionary_of(writer, &writer->columns[i], cost, day));
    }
    sql_add(sql, ")");
    return count_dictionaries(writer) == 0 || watch_run(writer->watch, sql_text(sql), err);
}

/* A dictionary that was not cut counts exactly. */
static bool write_counts(SnapshotWriter *writer, Err *err) {
    Table *table = NULL;
    if (!duck_rows(writer->arena, writer->watch->session, "SELECT column_name, count(*) FROM snap.dictionary GROUP BY 1",
                   &table, err))
        return false;
    for (size_t i = 0; i < table->row_count; i++)
        for (size_t j = 0; j < writer->column_count; j++) {
            long long count = atoll(table_cell(table, i, 1));
            if (count < DICTIONARY_VALUES && text_equal(writer->columns[j].output.name, table_cell(table, i, 0)))
                writer->columns[j].distinct = count;
        }
    Sql *sql = sql_make(writer->arena);
    sql_add(sql, "INSERT INTO snap.column_stats VALUES ");
    for (size_t i = 0; i < writer->column_count; i++)
        sql_add(sql, i ? ", (%S, %d, %d)" : "(%S, %d, %d)", writer->columns[i].output.name, writer->columns[i].missing,
                writer->columns[i].distinct);
    return writer->column_count == 0 || duck_run(writer->watch->session, sql_text(sql), err);
}

bool snapshot_summarise(SnapshotWriter *writer, Err *err) {
    bool is_bill = text_equal(writer->table, "bill");
    if (!count_lines(writer, err) || (is_bill && !snapshot_roll_up(writer, err)) || !count_rolled(writer, err)) return false;
    count_others(writer);
    return make_dictionary(writer, err) && write_counts(writer, err);
}

bool snapshot_summarise_rollup(SnapshotWriter *writer, Err *err) {
    const char *lines = NULL;
    if (!snapshot_note_rollup(writer, err) ||
        !duck_value(writer->arena, writer->watch->session, "SELECT sum(\"x_RowCount\") FROM snap.bill_day", &lines, err))
        return false;
    writer->row_count = lines ? atoll(lines) : 0;
    if (!count_rolled(writer, err)) return false;
    for (size_t i = 0; i < writer->column_count; i++) {
        SnapshotColumn *column = &writer->columns[i];
        int width = 0, scale = 0;
        if (sscanf(column->type, "DECIMAL(%d,%d)", &width, &scale) == 2) column->whole_digits = width - scale;
        if (!column->rollup_type && column->is_stored) column->distinct = 0;
    }
    count_others(writer);
    return make_dictionary(writer, err) && write_counts(writer, err);
}
