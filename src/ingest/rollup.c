/* The daily rollup `bill_day`: one row per day and combination of the model's rollup dimensions and of tags with few values; amounts and
 * quantities summed, x_RowCount the number of lines. Never by resource. */
#include <stdlib.h>

#include "base/limits.h"
#include "base/sql.h"
#include "base/table.h"
#include "base/text.h"
#include "ingest/snapshot.h"

static bool is_tag(const SnapshotColumn *column) {
    return column->output.kind == OUTPUT_TAG || column->output.kind == OUTPUT_COST_CATEGORY ||
           column->output.kind == OUTPUT_ACCOUNT_TAG;
}

/* A tag that tells single resources apart ("Name") would make the rollup nearly as long as the lines. */
static bool names_resources(const SnapshotWriter *writer, const SnapshotColumn *tag) {
    const SnapshotColumn *resource = snapshot_column(writer, "ResourceId");
    return tag->distinct > ROLLUP_TAG_FEW && resource && resource->distinct > 0 && tag->distinct * 10 > resource->distinct;
}

static bool is_wanted(const SnapshotWriter *writer, const SnapshotColumn *column) {
    if (is_tag(column)) return column->distinct <= ROLLUP_TAG_VALUES && !names_resources(writer, column);
    return column->output.in_rollup;
}

static const char *key_list(const SnapshotWriter *writer) {
    Sql *sql = sql_make(writer->arena);
    size_t count = 0;
    for (size_t i = 0; i < writer->column_count; i++) {
        const SnapshotColumn *column = &writer->columns[i];
        if (!column->is_stored || !is_wanted(writer, column) || column->is_number) continue;
        sql_add(sql, count++ ? ", %I" : "%I", column->output.name);
    }
    return sql_text(sql);
}

/* The share of rows that would remain, in percent, by one typical day: grouping the whole bill in vain would cost as much as importing it. */
static bool estimate_share(SnapshotWriter *writer, const char *keys, long long *percent, Err *err) {
    const char *sql =
        sql_format(writer->arena,
                   "WITH days AS (SELECT \"x_ChargeDate\" AS d, count(*) AS n FROM snap.bill GROUP BY 1), "
                   "typical AS (SELECT d, n FROM days ORDER BY abs(n - (SELECT median(n) FROM days)), d LIMIT 1) "
                   "SELECT CAST(count(*) * 100 / (SELECT n FROM typical) AS BIGINT) FROM (SELECT DISTINCT %R FROM snap.bill "
                   "WHERE \"x_ChargeDate\" = (SELECT d FROM typical))",
                   keys);
    const char *value = NULL;
    if (!duck_value(writer->arena, writer->watch->session, sql, &value, err)) return false;
    *percent = value ? atoll(value) : 100;
    return true;
}

static const char *rollup_sql(const SnapshotWriter *writer, const char *keys, bool wide) {
    Sql *sql = sql_make(writer->arena);
    sql_add(sql, "CREATE TABLE snap.bill_day AS SELECT ");
    for (size_t i = 0; i < writer->column_count; i++) {
        const SnapshotColumn *column = &writer->columns[i];
        const char *name = column->output.name;
        if (!column->is_stored || !is_wanted(writer, column)) continue;
        bool metric = !text_ends(name, "Cost") && !text_ends(name, "Fee");
        if (!column->is_number)
            sql_add(sql, "%I, ", name);
        else if (wide || metric)
            sql_add(sql, "sum(%I) AS %I, ", name, name);
        else
            sql_add(sql, "CAST(sum(%I) AS %R) AS %I, ", name, column->type, name);
    }
    sql_add(sql, "count(*) AS \"x_RowCount\" FROM snap.bill GROUP BY %R", keys);
    return sql_text(sql);
}

bool snapshot_note_rollup(SnapshotWriter *writer, Err *err) {
    Table *table = NULL;
    if (!duck_rows(writer->arena, writer->watch->session,
                   "SELECT column_name, column_type, (SELECT count(*) FROM snap.bill_day) FROM (DESCRIBE snap.bill_day)",
                   &table, err))
        return false;
    writer->rollup_row_count = table->row_count ? atoll(table_cell(table, 0, 2)) : 0;
    for (size_t i = 0; i < table->row_count; i++)
        for (size_t j = 0; j < writer->column_count; j++)
            if (text_equal(writer->columns[j].output.name, table_cell(table, i, 0)))
                writer->columns[j].rollup_type = table_cell(table, i, 1);
    for (size_t i = 0; i < writer->column_count; i++) {
        SnapshotColumn *column = &writer->columns[i];
        if (column->is_stored || !is_wanted(writer, column)) continue;
        const SnapshotColumn *same = column->output.same_as ? snapshot_column(writer, column->output.same_as) : NULL;
        column->rollup_type = same ? same->rollup_type : column->type;
    }
    return true;
}

bool snapshot_roll_up(SnapshotWriter *writer, Err *err) {
    writer->rollup_row_count = 0;
    const char *keys = key_list(writer);
    if (!snapshot_column(writer, "x_ChargeDate") || writer->row_count == 0 || !*keys) return true;
    long long percent = 100;
    if (!estimate_share(writer, keys, &percent, err)) return false;
    if (percent > ROLLUP_SHARE_PERCENT) return true;
    Err overflow = {0};
    if (!watch_run(writer->watch, rollup_sql(writer, keys, false), &overflow)) {
        if (overflow.kind != ERR_ENGINE) return err_set_code(err, overflow.kind, overflow.code, "%s", overflow.message);
        if (!watch_run(writer->watch, rollup_sql(writer, keys, true), err)) return false;
    }
    if (!snapshot_note_rollup(writer, err)) return false;
    if (writer->rollup_row_count * 100 <= writer->row_count * ROLLUP_SHARE_PERCENT) return true;
    writer->rollup_row_count = 0;
    for (size_t i = 0; i < writer->column_count; i++) writer->columns[i].rollup_type = NULL;
    return duck_run(writer->watch->session, "DROP TABLE snap.bill_day", err);
}
