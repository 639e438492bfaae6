/* `user_version` is the version of the form. */
#include "learn/database.h"

#include "base/text.h"
#include "io/clock.h"
#include "io/file.h"

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS questions("
    "id TEXT PRIMARY KEY, at_s INTEGER NOT NULL, user TEXT, conversation TEXT, place TEXT, data_version TEXT, dataset TEXT,"
    "question TEXT, pattern TEXT, planner TEXT, plan_hash TEXT, plan TEXT, paraphrase TEXT, assumed TEXT, status TEXT NOT NULL,"
    "code TEXT, unknown TEXT, services TEXT, engine TEXT, row_count INTEGER, plan_ms REAL, execute_ms REAL, total_ms REAL,"
    "numbers INTEGER, verified INTEGER, reused_from TEXT, feedback INTEGER, feedback_at_s INTEGER, feedback_reason TEXT,"
    "feedback_plan TEXT) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS questions_by_time ON questions(at_s);"
    "CREATE TABLE IF NOT EXISTS results(key TEXT PRIMARY KEY, place TEXT, data_version TEXT, question_id TEXT, at_s INTEGER, "
    "answer TEXT) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS results_by_time ON results(at_s);"
    "CREATE TABLE IF NOT EXISTS readings(key TEXT PRIMARY KEY, result_key TEXT, memory TEXT) WITHOUT ROWID;"
    "CREATE TABLE notes(kind TEXT NOT NULL, key TEXT NOT NULL, user TEXT NOT NULL, at_s INTEGER NOT NULL, body TEXT,"
    "PRIMARY KEY(kind, key, user)) WITHOUT ROWID;"
    "CREATE TABLE outbox(kind TEXT NOT NULL, key TEXT NOT NULL, turn INTEGER NOT NULL, trouble TEXT, PRIMARY KEY(kind, key))"
    " WITHOUT ROWID;"
    "CREATE TABLE shared(name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;"
    /* What a language model took for the question: tokens in and out, and its price (NULL = none was asked, or no price is known). */
    "ALTER TABLE questions ADD COLUMN model TEXT; ALTER TABLE questions ADD COLUMN tokens_in INTEGER;"
    "ALTER TABLE questions ADD COLUMN tokens_out INTEGER; ALTER TABLE questions ADD COLUMN cost_usd REAL;"
    "PRAGMA user_version=3;"
    "COMMIT";

static bool read_version(Arena *arena, Sqlite *database, const char **out, Err *err) {
    Table *version = NULL;
    if (!sqlite_query(arena, database, "PRAGMA user_version", NULL, 0, 1, &version, err)) return false;
    *out = version->row_count ? table_cell(version, 0, 0) : "";
    return true;
}

static bool prepare_schema(Arena *arena, Sqlite *database, Err *err) {
    const char *version = NULL;
    if (!read_version(arena, database, &version, err)) return false;
    if (text_equal(version, "3")) return true;
    /* Once more behind the lock: of processes that begin at the same time one makes the form. */
    if (!sqlite_run(database, "BEGIN IMMEDIATE", NULL, 0, err)) return false;
    bool ok = read_version(arena, database, &version, err);
    if (ok && text_equal(version, "3")) return sqlite_run(database, "COMMIT", NULL, 0, err);
    if (ok && !text_equal(version, "0") && !text_equal(version, "1") && !text_equal(version, "2"))
        ok = err_set(err, ERR_INPUT, "the learning log was written by a newer curlew; use that one, or move learn.sqlite away");
    if (ok && sqlite_run(database, schema, NULL, 0, err)) return true;
    Err ignored = {0};
    sqlite_run(database, "ROLLBACK", NULL, 0, &ignored);
    return false;
}

bool learn_open(Arena *arena, const char *path, Sqlite **out, Err *err) {
    return file_make_folder(file_folder(arena, path), err) && sqlite_open(arena, path, out, err) &&
           prepare_schema(arena, *out, err);
}

/* The log is of use from now on, and what was there is not lost. */
bool learn_open_or_renew(Arena *arena, const char *path, Sqlite **out, Err *err) {
    Err first = {0};
    if (learn_open(arena, path, out, &first)) return true;
    if (!text_equal(first.code, "DAMAGED")) return err_set_code(err, first.kind, first.code, "%s", first.message);
    const char *aside = arena_printf(arena, "%s.damaged-%lld", path, clock_now());
    return file_rename(path, aside, err) && file_remove(arena_printf(arena, "%s-wal", path), err) &&
           file_remove(arena_printf(arena, "%s-shm", path), err) && learn_open(arena, path, out, err);
}

bool learn_drop_orphans(Sqlite *database, Err *err) {
    return sqlite_run(
        database,
        "DELETE FROM results WHERE question_id NOT IN (SELECT id FROM questions); DELETE FROM readings WHERE true;"
        "DELETE FROM notes WHERE kind = 'rating' AND body IS NOT NULL AND key NOT IN (SELECT id FROM questions)",
        NULL, 0, err);
}

bool learn_expire(Sqlite *database, long long retention_days, long long *removed, Err *err) {
    *removed = 0;
    if (retention_days <= 0) return true;
    const SqliteValue before = sqlite_integer(clock_now() - retention_days * 24 * 3600);
    if (!sqlite_run(database, "DELETE FROM questions WHERE at_s < ?", &before, 1, err)) return false;
    *removed = sqlite_changed(database);
    return *removed == 0 || learn_drop_orphans(database, err);
}
