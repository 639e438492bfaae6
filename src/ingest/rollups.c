#include "ingest/rollups.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/sql.h"
#include "base/text.h"
#include "ingest/setup.h"

static bool count_rows(Arena *arena, Watch *watch, const char *table, long long *out, Err *err) {
    const char *count = NULL;
    if (!duck_value(arena, watch->session, sql_format(arena, "SELECT count(*) FROM rollups.%I", table), &count, err))
        return false;
    *out = count ? atoll(count) : 0;
    return true;
}

/* Sums of a month may need more digits than those of a day. */
static bool make_months(Arena *arena, Watch *watch, const RollupSql *sql, long long days, Rollups *out, Err *err) {
    Err overflow = {0};
    if (!watch_run(watch, sql_format(arena, "CREATE TABLE rollups.bill_month AS %R", sql->months), &overflow)) {
        if (overflow.kind != ERR_ENGINE) return err_set_code(err, overflow.kind, overflow.code, "%s", overflow.message);
        if (!watch_run(watch, sql_format(arena, "CREATE TABLE rollups.bill_month AS %R", sql->wide_months), err)) return false;
    }
    if (!count_rows(arena, watch, "bill_month", &out->month_row_count, err)) return false;
    if (out->month_row_count * 100 <= days * ROLLUP_MONTH_SHARE_PERCENT) return true;
    out->month_row_count = 0;
    return duck_run(watch->session, "DROP TABLE rollups.bill_month", err);
}

static bool fill(Arena *arena, Watch *watch, const RollupSql *sql, Rollups *out, Err *err) {
    for (size_t i = 0; i < sql->attach_count; i++)
        if (!duck_run(watch->session, sql->attach[i], err)) return false;
    /* Not sorted: rows of fifty columns would take longer to sort than all else here, and periods stay together as it is. */
    if (!watch_run(watch, sql_format(arena, "CREATE TABLE rollups.bill_day AS %R", sql->days), err)) return false;
    if (!count_rows(arena, watch, "bill_day", &out->day_row_count, err)) return false;
    if (out->day_row_count >= ROLLUP_MONTH_ROWS && !make_months(arena, watch, sql, out->day_row_count, out, err)) return false;
    return watch_run(watch, "CHECKPOINT rollups", err);
}

static void let_go(Arena *arena, Watch *watch, const RollupSql *sql) {
    Err ignored = {0};
    duck_run(watch->session, "DETACH DATABASE IF EXISTS rollups", &ignored);
    for (size_t i = 0; i < sql->attach_count; i++) {
        err_clear(&ignored);
        duck_run(watch->session, sql_format(arena, "DETACH DATABASE IF EXISTS %I", sql->schemas[i]), &ignored);
    }
}

static long long count_days(const Ledger *ledger) {
    long long rows = 0;
    for (size_t i = 0; i < ledger->entry_count; i++) rows += ledger->entries[i].snapshot.rollup_row_count;
    return rows;
}

/* One file gains nothing over one short rollup; beyond the limit it would be copied for too long at every load. */
static bool is_wanted(const Ledger *ledger) {
    size_t bills = 0;
    long long rows = 0;
    for (size_t i = 0; i < ledger->entry_count; i++) {
        const Snapshot *snapshot = &ledger->entries[i].snapshot;
        if (!text_equal(snapshot->dataset, "bill")) continue;
        if (snapshot->rollup_row_count == 0) return false;
        rows += snapshot->rollup_row_count;
        bills++;
    }
    return (bills > 1 || rows >= ROLLUP_MONTH_ROWS) && rows <= ROLLUP_JOINED_ROWS;
}

bool rollups_make(Arena *arena, Watch *watch, Ledger *ledger, Err *err) {
    ledger->rollups = (Rollups){0};
    ledger->rollup_file = NULL;
    /* What is read in place is asked a few times, and has one snapshot as a rule: copying its rollup would only delay the first answer. */
    if (watch->request->direct || !is_wanted(ledger)) return true;
    const char *file = arena_printf(arena, "r%lld-rollups.duckdb", ledger->revision);
    Rollups rollups = {.path = ledger_path(arena, ledger->folder, file)};
    RollupSql sql;
    /* A thread would have too few rows for row groups of its own: all of them are copied once more. */
    watch->most_threads = count_days(ledger) < ROLLUP_PARALLEL_ROWS ? 1 : 0;
    setup_rollups(arena, ledger_workspace(arena, ledger), &sql);
    bool made = file_remove(rollups.path, err) &&
                duck_run(watch->session,
                         sql_format(arena, "ATTACH %S AS rollups (STORAGE_VERSION 'latest', ROW_GROUP_SIZE %d)", rollups.path,
                                    (long long)SNAPSHOT_ROW_GROUP_ROWS),
                         err) &&
                fill(arena, watch, &sql, &rollups, err);
    let_go(arena, watch, &sql);
    watch->most_threads = 0;
    if (made) made = file_sync(rollups.path, err);
    if (!made) {
        Err ignored = {0};
        file_remove(rollups.path, &ignored);
        return false;
    }
    ledger->rollups = rollups;
    ledger->rollup_file = file;
    return true;
}
