#include "ingest/snapshot.h"

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

static bool is_number(const char *type) {
    return text_starts(type, "DECIMAL(") || text_ends(type, "INT") || text_equal(type, "INTEGER");
}

static bool read_columns(SnapshotWriter *writer, const OutputColumn *outputs, size_t output_count, Err *err) {
    Table *table = NULL;
    const char *sql = sql_format(writer->arena, "SELECT column_name, column_type FROM (DESCRIBE snap.%I)", writer->table);
    if (!duck_rows(writer->arena, writer->watch->session, sql, &table, err)) return false;
    writer->column_count = table->row_count;
    writer->columns = arena_array(writer->arena, table->row_count + 1, sizeof *writer->columns);
    for (size_t i = 0; i < table->row_count; i++) {
        SnapshotColumn *column = &writer->columns[i];
        for (size_t j = 0; j < output_count; j++)
            if (text_equal(outputs[j].name, table_cell(table, i, 0))) column->output = outputs[j];
        column->output.name = table_cell(table, i, 0);
        column->type = table_cell(table, i, 1);
        column->is_number = is_number(column->type);
    }
    return true;
}

bool snapshot_write(SnapshotWriter *writer, const char *select_sql, const OutputColumn *outputs, size_t output_count,
                    Err *err) {
    Arena *arena = writer->arena;
    if (!file_remove(writer->path, err)) return false;
    if (!duck_run(writer->watch->session, sql_format(arena, "ATTACH %S AS snap (STORAGE_VERSION 'latest')", writer->path), err))
        return false;
    if (!watch_run(writer->watch, sql_format(arena, "CREATE TABLE snap.%I AS %R", writer->table, select_sql), err) ||
        !read_columns(writer, outputs, output_count, err)) {
        snapshot_abandon(writer);
        return false;
    }
    return true;
}

void snapshot_abandon(SnapshotWriter *writer) {
    Err ignored = {0};
    duck_run(writer->watch->session, "DETACH DATABASE IF EXISTS snap", &ignored);
    err_clear(&ignored);
    file_remove(writer->path, &ignored);
    err_clear(&ignored);
    file_remove(arena_printf(writer->arena, "%s.wal", writer->path), &ignored);
}

bool snapshot_finish(SnapshotWriter *writer, Err *err) {
    return watch_run(writer->watch, "CHECKPOINT snap; DETACH snap", err) && file_sync(writer->path, err);
}

/* --- Counts ------------------------------------------------------------------------------------------------------------- */

static bool count_values(SnapshotWriter *writer, Err *err) {
    Sql *sql = sql_make(writer->arena);
    sql_add(sql, "CREATE OR REPLACE TEMP TABLE counts AS SELECT count(*) AS row_count");
    for (size_t i = 0; i < writer->column_count; i++) {
        const SnapshotColumn *column = &writer->columns[i];
        sql_add(sql, ", count(%I)", column->output.name);
        sql_add(sql, column->is_number ? ", max(abs(%I))" : ", approx_count_distinct(%I)", column->output.name);
    }
    sql_add(sql, " FROM snap.%I", writer->table);
    Table *table = NULL;
    if (!watch_run(writer->watch, sql_text(sql), err) ||
        !duck_rows(writer->arena, writer->watch->session, "FROM counts", &table, err))
        return false;
    writer->row_count = atoll(table_cell(table, 0, 0));
    for (size_t i = 0; i < writer->column_count; i++) {
        SnapshotColumn *column = &writer->columns[i];
        const char *second = table_cell(table, 0, 2 + 2 * i);
        column->missing = writer->row_count - atoll(table_cell(table, 0, 1 + 2 * i));
        if (!column->is_number)
            column->distinct = second ? atoll(second) : 0;
        else if (second)
            column->whole_digits = (int)strcspn(second, ".");
    }
    return true;
}

/* The approximate count of distinct values may say 1 for 2: what the rollup leaves out of its keys has to be certain. */
static bool find_constants(SnapshotWriter *writer, Err *err) {
    Sql *sql = sql_make(writer->arena);
    size_t count = 0;
    for (size_t i = 0; i < writer->column_count; i++) {
        const SnapshotColumn *column = &writer->columns[i];
        if (column->distinct == 0 || column->distinct > 3 || !text_equal(column->type, "VARCHAR")) continue;
        sql_add(sql, count++ ? ", min(%I) = max(%I)" : "SELECT min(%I) = max(%I)", column->output.name, column->output.name);
    }
    sql_add(sql, " FROM snap.%I", writer->table);
    Table *table = NULL;
    if (count == 0) return true;
    if (!duck_rows(writer->arena, writer->watch->session, sql_text(sql), &table, err)) return false;
    for (size_t i = 0, next = 0; i < writer->column_count; i++) {
        SnapshotColumn *column = &writer->columns[i];
        if (column->distinct == 0 || column->distinct > 3 || !text_equal(column->type, "VARCHAR")) continue;
        column->is_constant = text_equal(table_cell(table, 0, next++), "true");
    }
    return true;
}

/* --- Dictionary ----------------------------------------------------------------------------------------------------------- */

static bool has_dictionary(const SnapshotColumn *column) {
    return column->output.is_dimension && text_equal(column->type, "VARCHAR") && column->missing >= 0 && column->distinct > 0;
}

static bool add_dictionary(SnapshotWriter *writer, const SnapshotColumn *column, const char *cost, const char *day, Err *err) {
    bool rolled = column->rollup_type != NULL && writer->rollup_row_count > 0;
    const char *sql =
        sql_format(writer->arena,
                   "INSERT INTO snap.dictionary SELECT %S, %I, %R AS n, CAST(coalesce(%R, 0) AS DECIMAL(38, 12)) AS c, %R, %R "
                   "FROM snap.%I WHERE %I IS NOT NULL GROUP BY %I ORDER BY c DESC, n DESC, %I LIMIT %d",
                   column->output.name, column->output.name, rolled ? "sum(\"x_RowCount\")" : "count(*)", cost,
                   day ? sql_format(writer->arena, "min(%R)", day) : "NULL",
                   day ? sql_format(writer->arena, "max(%R)", day) : "NULL", rolled ? "bill_day" : writer->table,
                   column->output.name, column->output.name, column->output.name, (long long)DICTIONARY_VALUES);
    return watch_run(writer->watch, sql, err);
}

/* The cost by which values are ranked: what is billed, or a table's first cost column. */
static const char *ranking_cost(const SnapshotWriter *writer) {
    if (snapshot_column(writer, "BilledCost")) return "sum(\"BilledCost\")";
    for (size_t i = 0; i < writer->column_count; i++) {
        const char *name = writer->columns[i].output.name;
        if (writer->columns[i].is_number && (text_contains_fold(name, "cost") || text_contains_fold(name, "amount")))
            return sql_format(writer->arena, "sum(TRY_CAST(%I AS DECIMAL(38, 12)))", name);
    }
    return "0";
}

static const char *ranking_day(const SnapshotWriter *writer) {
    if (snapshot_column(writer, "x_ChargeDate")) return "\"x_ChargeDate\"";
    for (size_t i = 0; i < writer->column_count; i++)
        if (text_equal(writer->columns[i].type, "DATE") || text_equal(writer->columns[i].type, "TIMESTAMP"))
            return sql_format(writer->arena, "CAST(%I AS DATE)", writer->columns[i].output.name);
    return NULL;
}

static bool make_dictionary(SnapshotWriter *writer, Err *err) {
    const char *cost = ranking_cost(writer), *day = ranking_day(writer);
    if (!duck_run(writer->watch->session,
                  "CREATE TABLE snap.dictionary (column_name VARCHAR, value VARCHAR, row_count BIGINT, cost DECIMAL(38, 12), "
                  "first_day DATE, last_day DATE); "
                  "CREATE TABLE snap.column_stats (column_name VARCHAR, missing BIGINT, distinct_approx BIGINT)",
                  err))
        return false;
    for (size_t i = 0; i < writer->column_count; i++)
        if (has_dictionary(&writer->columns[i]) && !add_dictionary(writer, &writer->columns[i], cost, day, err)) return false;
    return true;
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
    return count_values(writer, err) && find_constants(writer, err) && (!is_bill || snapshot_roll_up(writer, err)) &&
           make_dictionary(writer, err) && write_counts(writer, err);
}
