/* The store of this machine, and what both have in common. */
#include "learn/store.h"

#include <stdlib.h>

#include "base/text.h"
#include "io/clock.h"
#include "learn/log.h"

bool learn_store_open(Arena *arena, const LearnPlace *place, bool renew, LearnStore **out, Err *err) {
    LearnStore *store = arena_alloc(arena, sizeof *store);
    *store = (LearnStore){.kind = place->table ? &learn_store_dynamodb : &learn_store_sqlite, .arena = arena, .place = *place};
    if (!(renew ? learn_open_or_renew : learn_open)(arena, place->path, &store->database, err)) return false;
    *out = store;
    return true;
}

bool learn_store_waiting(Arena *arena, LearnStore *store, long long *waiting, long long *refused, const char **reason,
                         Err *err) {
    Table *rows = NULL;
    if (!sqlite_query(arena, store->database,
                      "SELECT count(*) FILTER (WHERE trouble IS NULL), count(trouble), max(trouble) FROM outbox", NULL, 0, 1,
                      &rows, err))
        return false;
    *waiting = strtoll(table_cell(rows, 0, 0), NULL, 10);
    *refused = strtoll(table_cell(rows, 0, 1), NULL, 10);
    *reason = table_cell(rows, 0, 2);
    return true;
}

/* One transaction for all that came meanwhile. */
static bool add(LearnStore *store, const LearnRecord *const *records, size_t count, Err *err) {
    Err ignored = {0};
    bool ok = sqlite_run(store->database, "BEGIN IMMEDIATE", NULL, 0, err);
    if (!ok) return false;
    for (size_t i = 0; ok && i < count; i++) ok = learn_write(store->database, records[i], err);
    return ok ? sqlite_run(store->database, "COMMIT", NULL, 0, err)
              : sqlite_run(store->database, "ROLLBACK", NULL, 0, &ignored) && false;
}

static bool rate(LearnStore *store, const char *id, int thumbs, const char *reason, const char *plan, Err *err) {
    const SqliteValue values[] = {sqlite_integer(thumbs), sqlite_integer(clock_now()), sqlite_text(reason), sqlite_text(plan),
                                  sqlite_text(id)};
    if (!sqlite_run(store->database,
                    "UPDATE questions SET feedback = ?, feedback_at_s = ?, feedback_reason = ?, feedback_plan = ? WHERE id = ?",
                    values, 5, err))
        return false;
    if (sqlite_changed(store->database)) return true;
    return err_set_code(err, ERR_NOT_FOUND, "NO_SUCH_QUESTION", "the log has no question %.40s; see: curlew stats --list", id);
}

/* Ratings go with their questions. The row stays without its body, for others who share the log. */
static bool forget_ratings(LearnStore *store, Err *err) {
    const SqliteValue now = sqlite_integer(clock_now());
    return sqlite_run(store->database,
                      "UPDATE notes SET body = NULL, at_s = ? WHERE kind = 'rating' AND body IS NOT NULL"
                      " AND key NOT IN (SELECT id FROM questions)",
                      &now, 1, err);
}

static bool forget(LearnStore *store, const LearnForget *what, long long *removed, Err *err) {
    Sqlite *database = store->database;
    *removed = 0;
    bool ok = sqlite_run(database, "PRAGMA secure_delete=ON", NULL, 0, err);
    const SqliteValue value = sqlite_text(what->id ? what->id : what->user);
    if (ok && what->id)
        ok = sqlite_run(database, "DELETE FROM questions WHERE id = ?", &value, 1, err);
    else if (ok && what->user)
        ok = sqlite_run(database, "DELETE FROM questions WHERE user = ?", &value, 1, err);
    else if (ok && what->everything)
        ok = sqlite_run(database, "DELETE FROM questions WHERE true", NULL, 0, err);
    if (!ok) return false;
    *removed = sqlite_changed(database);
    if (!forget_ratings(store, err) || !learn_drop_orphans(database, err)) return false;
    /* What is in the write-ahead log still would outlive the rows: it is emptied into the file, then cut. */
    return sqlite_run(database, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, 0, err);
}

static bool nobody_to_send_to(LearnStore *store, bool patient, Err *err) {
    (void)store;
    (void)patient;
    (void)err;
    return true;
}

static bool nobody_to_fetch_from(LearnStore *store, Err *err) {
    (void)store;
    (void)err;
    return true;
}

const LearnStoreKind learn_store_sqlite = {
    .name = "sqlite", .add = add, .rate = rate, .forget = forget, .send = nobody_to_send_to, .fetch = nobody_to_fetch_from};
