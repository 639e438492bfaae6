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
    if (!duck_run(writer->watch->session,
                  sql_format(arena, "ATTACH %S AS snap (STORAGE_VERSION 'latest', ROW_GROUP_SIZE %d)", writer->path,
                             (long long)SNAPSHOT_ROW_GROUP_ROWS),
                  err))
        return false;
    if (!watch_run(writer->watch, sql_format(arena, "CREATE TABLE snap.%I AS %R", writer->table, select_sql), err) ||
        !read_columns(writer, outputs, output_count, err)) {
        snapshot_abandon(writer);
        return false;
    }
    return true;
}

bool snapshot_rename(SnapshotWriter *writer, const char *schema, Err *err) {
    writer->schema = schema;
    return watch_run(writer->watch, sql_format(writer->arena, "DETACH snap; ATTACH %S AS %I (READ_ONLY)", writer->path, schema),
                     err);
}

bool snapshot_copy(SnapshotWriter *writer, const SnapshotWriter *from, const char *month, Err *err) {
    OutputColumn *outputs = arena_array(writer->arena, from->column_count + 1, sizeof *outputs);
    bool has_charge = snapshot_column(from, "ChargePeriodStart") != NULL;
    for (size_t i = 0; i < from->column_count; i++) outputs[i] = from->columns[i].output;
    const char *sql = sql_format(
        writer->arena, "SELECT * FROM %I.%I WHERE date_trunc('month', %R) = CAST(%S AS TIMESTAMP)", from->schema, from->table,
        has_charge ? "coalesce(\"BillingPeriodStart\", \"ChargePeriodStart\")" : "\"BillingPeriodStart\"",
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

/* Of dimensions it is enough to know whether they have one value: their dictionaries count them exactly. Only what decides about the rollup
 * (tags) or has no dictionary (identifiers) is counted, approximately. */
static const char *count_expression(const SnapshotColumn *column) {
    if (column->is_number) return ", max(abs(%I))";
    bool is_dimension = column->output.is_dimension && column->output.kind == OUTPUT_BILL;
    return is_dimension ? ", min(%I) = max(%I)" : ", approx_count_distinct(%I)";
}

static void take_count(SnapshotColumn *column, long long row_count, const char *present, const char *second) {
    column->missing = row_count - atoll(present);
    column->distinct = column->missing < row_count;
    if (column->is_number)
        column->whole_digits = second ? (int)strcspn(second, ".") : 0;
    else if (column->output.is_dimension && column->output.kind == OUTPUT_BILL)
        /* What the rollup leaves out of its keys has to be certain: an approximate count may say 1 for 2. */
        column->is_constant = text_equal(second, "true");
    else
        column->distinct = second ? atoll(second) : 0;
}

static bool count_values(SnapshotWriter *writer, Err *err) {
    Sql *sql = sql_make(writer->arena);
    sql_add(sql, "CREATE OR REPLACE TEMP TABLE counts AS SELECT count(*) AS row_count");
    for (size_t i = 0; i < writer->column_count; i++) {
        const SnapshotColumn *column = &writer->columns[i];
        sql_add(sql, ", count(%I)", column->output.name);
        sql_add(sql, count_expression(column), column->output.name, column->output.name);
    }
    sql_add(sql, " FROM snap.%I", writer->table);
    Table *table = NULL;
    if (!watch_run(writer->watch, sql_text(sql), err) ||
        !duck_rows(writer->arena, writer->watch->session, "FROM counts", &table, err))
        return false;
    writer->row_count = atoll(table_cell(table, 0, 0));
    for (size_t i = 0; i < writer->column_count; i++)
        take_count(&writer->columns[i], writer->row_count, table_cell(table, 0, 1 + 2 * i), table_cell(table, 0, 2 + 2 * i));
    return true;
}

/* --- Dictionary ----------------------------------------------------------------------------------------------------------- */

static bool has_dictionary(const SnapshotColumn *column) {
    return column->output.is_dimension && text_equal(column->type, "VARCHAR") && column->missing >= 0 && column->distinct > 0;
}

static const char *dictionary_of(const SnapshotWriter *writer, const SnapshotColumn *column, const char *cost,
                                 const char *day) {
    bool rolled = column->rollup_type != NULL && writer->rollup_row_count > 0;
    return sql_format(writer->arena,
                      "(SELECT %S AS k, %I AS v, %R AS n, CAST(coalesce(%R, 0) AS DECIMAL(38, 12)) AS c, %R AS f, %R AS l "
                      "FROM snap.%I WHERE %I IS NOT NULL GROUP BY %I ORDER BY c DESC, n DESC, %I LIMIT %d)",
                      column->output.name, column->output.name, rolled ? "sum(\"x_RowCount\")" : "count(*)", cost,
                      day ? sql_format(writer->arena, "min(%R)", day) : "NULL",
                      day ? sql_format(writer->arena, "max(%R)", day) : "NULL", rolled ? "bill_day" : writer->table,
                      column->output.name, column->output.name, column->output.name, (long long)DICTIONARY_VALUES);
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
    return count_values(writer, err) && (!is_bill || snapshot_roll_up(writer, err)) && make_dictionary(writer, err) &&
           write_counts(writer, err);
}
