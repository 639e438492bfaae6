/* The store that a team shares: the database of this machine, with a queue to and from a DynamoDB table.
 *
 * Changes are made by the store of this machine; triggers in this connection put each into the outbox within the same transaction, so no
 * change can be without its place in the queue. One process at a time sends (a lease in `shared`), lest an older state overtake a newer one. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/date.h"
#include "base/limits.h"
#include "base/text.h"
#include "io/clock.h"
#include "io/dynamo.h"
#include "learn/store.h"

/* --- changes --- */

/* TEMP triggers belong to this connection: nobody else's changes, and not what is fetched (`fetching`), are sent again. */
static const char triggers[] =
    "CREATE TEMP TABLE IF NOT EXISTS fetching(x);"
    "CREATE TEMP TRIGGER IF NOT EXISTS question_added AFTER INSERT ON main.questions WHEN NOT EXISTS (SELECT 1 FROM fetching)"
    " BEGIN INSERT INTO outbox(kind, key, turn) VALUES('question', new.id, 1)"
    " ON CONFLICT DO UPDATE SET turn = turn + 1, trouble = NULL; END;"
    "CREATE TEMP TRIGGER IF NOT EXISTS question_rated AFTER UPDATE ON main.questions WHEN NOT EXISTS (SELECT 1 FROM fetching)"
    " BEGIN INSERT INTO outbox(kind, key, turn) VALUES('question', new.id, 1)"
    " ON CONFLICT DO UPDATE SET turn = turn + 1, trouble = NULL; END;"
    "CREATE TEMP TRIGGER IF NOT EXISTS question_forgotten AFTER DELETE ON main.questions"
    " WHEN EXISTS (SELECT 1 FROM forgetting) AND NOT EXISTS (SELECT 1 FROM fetching)"
    " BEGIN DELETE FROM outbox WHERE kind = 'question' AND key = old.id;"
    " INSERT INTO outbox(kind, key, turn) VALUES('forgotten', old.id, 1) ON CONFLICT DO UPDATE SET turn = turn + 1; END;"
    "CREATE TEMP TRIGGER IF NOT EXISTS note_added AFTER INSERT ON main.notes WHEN NOT EXISTS (SELECT 1 FROM fetching)"
    " BEGIN INSERT INTO outbox(kind, key, turn) VALUES('note', new.kind || char(9) || new.user || char(9) || new.key, 1)"
    " ON CONFLICT DO UPDATE SET turn = turn + 1, trouble = NULL; END;"
    "CREATE TEMP TRIGGER IF NOT EXISTS note_changed AFTER UPDATE ON main.notes WHEN NOT EXISTS (SELECT 1 FROM fetching)"
    " BEGIN INSERT INTO outbox(kind, key, turn) VALUES('note', new.kind || char(9) || new.user || char(9) || new.key, 1)"
    " ON CONFLICT DO UPDATE SET turn = turn + 1, trouble = NULL; END;";

static bool watch_changes(LearnStore *store, Err *err) {
    return sqlite_run(store->database, "CREATE TEMP TABLE IF NOT EXISTS forgetting(x)", NULL, 0, err) &&
           sqlite_run(store->database, triggers, NULL, 0, err);
}

static bool add(LearnStore *store, const LearnRecord *const *records, size_t count, Err *err) {
    return watch_changes(store, err) && learn_store_sqlite.add(store, records, count, err);
}

/* The rating is a note too: others that fetched the question before learn of it by that. */
static bool rate(LearnStore *store, const char *id, int thumbs, const char *reason, const char *plan, Err *err) {
    if (!watch_changes(store, err) || !learn_store_sqlite.rate(store, id, thumbs, reason, plan, err)) return false;
    const SqliteValue values[] = {sqlite_text(id), sqlite_integer(clock_now()), sqlite_integer(thumbs), sqlite_text(reason),
                                  sqlite_text(plan)};
    return sqlite_run(store->database,
                      "INSERT INTO notes(kind, key, user, at_s, body) VALUES('rating', ?1, '', ?2,"
                      " json_object('thumbs', ?3, 'reason', ?4, 'plan', ?5)) ON CONFLICT(kind, key, user) DO UPDATE"
                      " SET at_s = excluded.at_s, body = excluded.body",
                      values, 5, err);
}

static bool fetch(LearnStore *store, Err *err);

/* What others' databases hold of a user is known after a look at the table; without one, what is here is forgotten and the rest is not. */
static bool forget(LearnStore *store, const LearnForget *what, long long *removed, Err *err) {
    if (!what->id && !fetch(store, err)) return false;
    if (!watch_changes(store, err) || !sqlite_run(store->database, "INSERT INTO forgetting VALUES(1)", NULL, 0, err))
        return false;
    const bool ok = learn_store_sqlite.forget(store, what, removed, err);
    Err ignored = {0};
    return sqlite_run(store->database, "DELETE FROM forgetting", NULL, 0, ok ? err : &ignored) && ok;
}

/* --- the state of the exchange --- */

static bool get_state(Arena *arena, LearnStore *store, const char *name, const char **out, Err *err) {
    const SqliteValue value = sqlite_text(name);
    Table *rows = NULL;
    if (!sqlite_query(arena, store->database, "SELECT value FROM shared WHERE name = ?", &value, 1, 1, &rows, err))
        return false;
    *out = rows->row_count ? table_cell(rows, 0, 0) : NULL;
    return true;
}

static bool set_state(LearnStore *store, const char *name, const char *value, Err *err) {
    const SqliteValue values[] = {sqlite_text(name), sqlite_text(value)};
    return sqlite_run(store->database, "INSERT OR REPLACE INTO shared(name, value) VALUES(?,?)", values, 2, err);
}

static long long now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* After failures in a row nobody tries again before a while that doubles. */
static bool note_failure(LearnStore *store, const Err *failure) {
    Arena *arena = arena_make();
    const char *text = NULL;
    Err ignored = {0};
    get_state(arena, store, "failures", &text, &ignored);
    const long long failures = text ? strtoll(text, NULL, 10) + 1 : 1;
    long long pause = LEARN_PAUSE_MS;
    for (long long i = 0; i < failures && pause < LEARN_PAUSE_MOST_MS; i++) pause *= 2;
    if (pause > LEARN_PAUSE_MOST_MS) pause = LEARN_PAUSE_MOST_MS;
    set_state(store, "failures", arena_printf(arena, "%lld", failures), &ignored);
    set_state(store, "not_before_ms", arena_printf(arena, "%lld", now_ms() + pause), &ignored);
    set_state(store, "trouble", failure->message, &ignored);
    arena_free(arena);
    return false;
}

static bool note_success(LearnStore *store, Err *err) {
    return sqlite_run(store->database, "DELETE FROM shared WHERE name IN ('failures', 'not_before_ms', 'trouble')", NULL, 0,
                      err);
}

static bool may_try(LearnStore *store) {
    Arena *arena = arena_make();
    const char *text = NULL;
    Err ignored = {0};
    get_state(arena, store, "not_before_ms", &text, &ignored);
    const bool may = !text || strtoll(text, NULL, 10) <= now_ms();
    arena_free(arena);
    return may;
}

/* One of all processes and threads on this database sends; it gives notice of being alive with every batch. */
static bool take_lease(LearnStore *store, bool *taken, Err *err) {
    Arena *arena = arena_make();
    const char *holder = arena_printf(arena, "%ld.%lu", (long)getpid(), (unsigned long)pthread_self());
    const SqliteValue values[] = {sqlite_text(holder), sqlite_integer(now_ms()),
                                  sqlite_integer(now_ms() + LEARN_LEASE_S * 1000LL)};
    bool ok = sqlite_run(store->database,
                         "INSERT INTO shared(name, value) VALUES('lease', json_array(?1, ?3)) ON CONFLICT(name) DO UPDATE"
                         " SET value = excluded.value WHERE json_extract(shared.value, '$[0]') = ?1 OR"
                         " json_extract(shared.value, '$[1]') < ?2",
                         values, 3, err);
    *taken = ok && sqlite_changed(store->database) > 0;
    arena_free(arena);
    return ok;
}

static void leave_lease(LearnStore *store) {
    Err ignored = {0};
    sqlite_run(store->database, "DELETE FROM shared WHERE name = 'lease'", NULL, 0, &ignored);
}

static bool connect(LearnStore *store, Err *err) {
    const DynamoOptions options = {.table = store->place.table, .stop = store->place.stop};
    return store->dynamo || dynamo_open(store->arena, &options, &store->dynamo, err);
}

/* --- sending --- */

static const char *day_of(Arena *arena, const char *id) {
    char digits[13] = "";
    strncpy(digits, id, 12);
    return date_text(arena, (Day)(strtoll(digits, NULL, 16) / 1000 / 86400));
}

static void add_field(DynamoItem *item, const char *name, bool is_number, const char *text) {
    if (text) item->fields[item->count++] = (DynamoField){name, is_number, text};
}

/* The row as an item. Texts that the service has no room for are left out, longest first, and named. */
static void fill_item(Arena *arena, const Table *row, DynamoItem *item) {
    for (size_t i = 0; i < row->column_count; i++)
        add_field(item, row->columns[i].name, row->columns[i].type != CELL_TEXT, table_cell(row, 0, i));
    Buffer names = {.arena = arena};
    enum { ROOM_FOR_NAMES = 1000 };
    while (dynamo_item_bytes(item) + ROOM_FOR_NAMES > DYNAMO_ITEM_BYTES) {
        size_t longest = 0;
        for (size_t i = 1; i < item->count; i++)
            if (strlen(item->fields[i].text) > strlen(item->fields[longest].text)) longest = i;
        buffer_printf(&names, "%s%s", names.size ? "," : "", item->fields[longest].name);
        item->fields[longest] = item->fields[--item->count];
    }
    if (names.size) add_field(item, "left_out", false, buffer_text(&names));
}

static void begin_item(Arena *arena, DynamoItem *item, const char *pk, const char *sk) {
    enum { FIELDS = 64 };
    item->fields = arena_array(arena, FIELDS, sizeof *item->fields);
    add_field(item, "pk", false, pk);
    add_field(item, "sk", false, sk);
}

static void add_expiry(Arena *arena, const LearnStore *store, DynamoItem *item, long long at_s) {
    if (store->place.retention_days > 0)
        add_field(item, "expires_at", true, arena_printf(arena, "%lld", at_s + store->place.retention_days * 24 * 3600));
}

static bool question_write(Arena *arena, LearnStore *store, const char *id, DynamoWrite *out, bool *exists, Err *err) {
    const SqliteValue value = sqlite_text(id);
    Table *row = NULL;
    if (!sqlite_query(arena, store->database, "SELECT * FROM questions WHERE id = ?", &value, 1, 1, &row, err)) return false;
    *exists = row->row_count > 0;
    if (!*exists) return true;
    begin_item(arena, &out->item, arena_printf(arena, "question#%s", day_of(arena, id)), id);
    add_expiry(arena, store, &out->item, strtoll(table_cell(row, 0, (size_t)table_find(row, "at_s")), NULL, 10));
    fill_item(arena, row, &out->item);
    return true;
}

static bool note_item(Arena *arena, LearnStore *store, const char *key, DynamoWrite *out, bool *exists, Err *err) {
    size_t count = 0;
    const char **parts = text_split(arena, key, '\t', &count);
    *exists = count >= 3;
    if (!*exists) return true;
    const SqliteValue values[] = {sqlite_text(parts[0]), sqlite_text(parts[1]),
                                  sqlite_text(key + strlen(parts[0]) + strlen(parts[1]) + 2)};
    Table *row = NULL;
    if (!sqlite_query(arena, store->database, "SELECT * FROM notes WHERE kind = ? AND user = ? AND key = ?", values, 3, 1, &row,
                      err))
        return false;
    *exists = row->row_count > 0;
    if (!*exists) return true;
    begin_item(arena, &out->item, "note", key);
    if (text_equal(parts[0], "rating")) add_expiry(arena, store, &out->item, clock_now());
    fill_item(arena, row, &out->item);
    return true;
}

/* What of the outbox goes into one batch: a forgotten question takes two writes. */
typedef struct {
    size_t row_count, write_count;
    DynamoWrite writes[DYNAMO_BATCH];
    size_t row_of[DYNAMO_BATCH];
    const Table *rows; /* kind, key, turn */
    bool *gone;        /* per row: nothing is left of it to send */
} Batch;

static bool add_row(Arena *arena, LearnStore *store, Batch *batch, size_t row, Err *err) {
    const char *kind = table_cell(batch->rows, row, 0), *key = table_cell(batch->rows, row, 1);
    DynamoWrite *write = &batch->writes[batch->write_count];
    bool exists = true;
    if (text_equal(kind, "question")) {
        if (!question_write(arena, store, key, write, &exists, err)) return false;
    } else if (text_equal(kind, "note")) {
        if (!note_item(arena, store, key, write, &exists, err)) return false;
    } else {
        begin_item(arena, &write->item, "forgotten", key);
        add_expiry(arena, store, &write->item, clock_now());
        batch->row_of[batch->write_count++] = row;
        write++;
        write->is_delete = true;
        begin_item(arena, &write->item, arena_printf(arena, "question#%s", day_of(arena, key)), key);
    }
    batch->gone[row] = !exists;
    if (exists) batch->row_of[batch->write_count++] = row;
    return true;
}

static bool read_batch(Arena *arena, LearnStore *store, Batch *batch, Err *err) {
    Table *rows = NULL;
    *batch = (Batch){0};
    if (!sqlite_query(arena, store->database, "SELECT kind, key, turn FROM outbox WHERE trouble IS NULL ORDER BY kind, key",
                      NULL, 0, DYNAMO_BATCH, &rows, err))
        return false;
    batch->rows = rows;
    batch->gone = arena_array(arena, rows->row_count + 1, sizeof *batch->gone);
    while (batch->row_count < rows->row_count && batch->write_count + 2 <= DYNAMO_BATCH)
        if (!add_row(arena, store, batch, batch->row_count++, err)) return false;
    return true;
}

static bool drop_row(LearnStore *store, const Batch *batch, size_t row, Err *err) {
    const SqliteValue values[] = {sqlite_text(table_cell(batch->rows, row, 0)), sqlite_text(table_cell(batch->rows, row, 1)),
                                  sqlite_integer(strtoll(table_cell(batch->rows, row, 2), NULL, 10))};
    return sqlite_run(store->database, "DELETE FROM outbox WHERE kind = ? AND key = ? AND turn = ?", values, 3, err);
}

/* Takes out of the queue what the service has taken; a change that came meanwhile has another turn and stays. */
static bool settle(LearnStore *store, const Batch *batch, size_t *left, Err *err) {
    *left = 0;
    if (!sqlite_run(store->database, "BEGIN IMMEDIATE", NULL, 0, err)) return false;
    bool ok = true;
    for (size_t row = 0; ok && row < batch->row_count; row++) {
        bool done = true;
        for (size_t i = 0; i < batch->write_count; i++) done = done && (batch->row_of[i] != row || batch->writes[i].done);
        *left += !done;
        ok = !done || drop_row(store, batch, row, err);
    }
    return sqlite_run(store->database, "COMMIT", NULL, 0, err) && ok;
}

/* The service does not take the batch because of one of its items: each goes alone, and the culprit is set aside with the reason. */
static bool send_singly(Arena *arena, LearnStore *store, Batch *batch, Err *err) {
    for (size_t i = 0; i < batch->write_count; i++) {
        Err refusal = {0};
        const size_t row = batch->row_of[i];
        if (dynamo_write(arena, store->dynamo, &batch->writes[i], 1, &refusal)) continue;
        if (!text_equal(refusal.code, "INVALID")) return err_set_code(err, refusal.kind, refusal.code, "%s", refusal.message);
        const SqliteValue values[] = {sqlite_text(refusal.message), sqlite_text(table_cell(batch->rows, row, 0)),
                                      sqlite_text(table_cell(batch->rows, row, 1))};
        if (!sqlite_run(store->database, "UPDATE outbox SET trouble = ? WHERE kind = ? AND key = ?", values, 3, err))
            return false;
    }
    return true;
}

static bool is_stopped(const LearnStore *store) {
    return store->place.stop && *store->place.stop;
}

static void pause_before(const LearnStore *store, int attempt) {
    long long left = (long long)LEARN_PAUSE_MS << attempt;
    enum { SLICE_MS = 20 };
    for (; left > 0 && !is_stopped(store); left -= SLICE_MS) {
        const struct timespec slice = {.tv_nsec = SLICE_MS * 1000000L};
        nanosleep(&slice, NULL);
    }
}

/* One batch, with as many tries as patience has. `*some` false when nothing waited. */
static bool send_batch(Arena *arena, LearnStore *store, bool patient, bool *some, Err *err) {
    Batch batch;
    for (int attempt = 0;; attempt++) {
        Err failure = {0};
        size_t left = 0;
        if (!read_batch(arena, store, &batch, err)) return false;
        *some = batch.row_count > 0;
        if (!*some) return true;
        bool sent = batch.write_count == 0 || dynamo_write(arena, store->dynamo, batch.writes, batch.write_count, &failure);
        if (!sent && text_equal(failure.code, "INVALID")) {
            err_clear(&failure);
            sent = send_singly(arena, store, &batch, &failure);
        }
        if (!settle(store, &batch, &left, err)) return false;
        if (sent && left < batch.row_count) return true;
        if (sent) err_set_code(&failure, ERR_TIMEOUT, "THROTTLED", "DynamoDB took none of %zu changes at the first try", left);
        const bool passing = failure.kind == ERR_TIMEOUT || text_equal(failure.code, "UNAVAILABLE");
        if (!patient || !passing || attempt + 1 >= LEARN_TRIES || is_stopped(store))
            return err_set_code(err, failure.kind, failure.code, "%s", failure.message);
        pause_before(store, attempt);
    }
}

static bool send_all(LearnStore *store, bool patient, Err *err) {
    bool some = true, taken = true;
    while (some) {
        Arena *arena = arena_make();
        const bool ok = take_lease(store, &taken, err) && taken && send_batch(arena, store, patient, &some, err);
        arena_free(arena);
        if (!taken) return true; /* another process is at it */
        if (!ok) return false;
    }
    return true;
}

static bool send(LearnStore *store, bool patient, Err *err) {
    Table *first = NULL;
    Arena *arena = arena_make();
    const bool looked =
        sqlite_query(arena, store->database, "SELECT 1 FROM outbox WHERE trouble IS NULL LIMIT 1", NULL, 0, 1, &first, err);
    const bool some = looked && first->row_count > 0;
    arena_free(arena);
    if (!looked || !some) return looked;
    if (!patient && !may_try(store))
        return err_set_code(err, ERR_IO, "UNAVAILABLE", "DynamoDB was out of reach a moment ago; it is tried again soon");
    Err failure = {0};
    if (connect(store, &failure) && send_all(store, patient, &failure)) {
        leave_lease(store);
        return note_success(store, err);
    }
    leave_lease(store);
    note_failure(store, &failure);
    return err_set_code(err, failure.kind, failure.code, "%s", failure.message);
}

/* --- fetching --- */

/* The item's fields that are columns of the table here; others are of a newer version. */
static bool insert_item(Arena *arena, LearnStore *store, const char *table, const Table *columns, const DynamoItem *item,
                        Err *err) {
    Buffer names = {.arena = arena}, marks = {.arena = arena};
    SqliteValue *values = arena_array(arena, columns->row_count + 1, sizeof *values);
    size_t count = 0;
    for (size_t i = 0; i < columns->row_count; i++) {
        const char *name = table_cell(columns, i, 0), *text = dynamo_field(item, name);
        if (!text) continue;
        buffer_printf(&names, "%s%s", count ? ", " : "", name);
        buffer_add(&marks, count ? ", ?" : "?");
        values[count++] = sqlite_text(text); /* the column's affinity makes numbers of it */
    }
    const bool is_note = text_equal(table, "notes");
    const char *sql = arena_printf(
        arena, "INSERT INTO %s(%s) VALUES(%s) ON CONFLICT DO %s", table, buffer_text(&names), buffer_text(&marks),
        is_note ? "UPDATE SET at_s = excluded.at_s, body = excluded.body WHERE excluded.at_s > notes.at_s" : "NOTHING");
    return sqlite_run(store->database, sql, values, count, err);
}

typedef bool EachItem(Arena *arena, LearnStore *store, const Table *columns, const DynamoItem *item, Err *err);

static bool take_question(Arena *arena, LearnStore *store, const Table *columns, const DynamoItem *item, Err *err) {
    const SqliteValue id = sqlite_text(dynamo_field(item, "id"));
    Table *pending = NULL;
    if (!id.text || !dynamo_field(item, "at_s") || !dynamo_field(item, "status")) return true; /* written by somebody else */
    if (!sqlite_query(arena, store->database, "SELECT 1 FROM outbox WHERE kind = 'forgotten' AND key = ?", &id, 1, 1, &pending,
                      err))
        return false;
    return pending->row_count > 0 || insert_item(arena, store, "questions", columns, item, err);
}

static bool take_note(Arena *arena, LearnStore *store, const Table *columns, const DynamoItem *item, Err *err) {
    if (!dynamo_field(item, "kind") || !dynamo_field(item, "key") || !dynamo_field(item, "user") || !dynamo_field(item, "at_s"))
        return true;
    return insert_item(arena, store, "notes", columns, item, err);
}

static bool take_forgotten(Arena *arena, LearnStore *store, const Table *columns, const DynamoItem *item, Err *err) {
    (void)arena;
    (void)columns;
    const SqliteValue id = sqlite_text(dynamo_field(item, "sk"));
    return sqlite_run(store->database, "DELETE FROM questions WHERE id = ?", &id, 1, err);
}

static bool take_page(Arena *arena, LearnStore *store, const Table *columns, const DynamoPage *page, EachItem *each, Err *err) {
    if (page->count == 0) return true;
    if (!sqlite_run(store->database, "BEGIN IMMEDIATE; INSERT INTO fetching VALUES(1)", NULL, 0, err)) return false;
    bool ok = true;
    for (size_t i = 0; ok && i < page->count; i++) ok = each(arena, store, columns, &page->items[i], err);
    Err ignored = {0};
    return ok ? sqlite_run(store->database, "DELETE FROM fetching; COMMIT", NULL, 0, err)
              : sqlite_run(store->database, "ROLLBACK", NULL, 0, &ignored) && false;
}

static bool take_partition(LearnStore *store, const char *pk, const char *table, EachItem *each, Err *err) {
    Arena *arena = arena_make();
    Table *columns = NULL;
    const SqliteValue name = sqlite_text(table);
    bool ok =
        sqlite_query(arena, store->database, "SELECT name FROM pragma_table_info(?)", &name, 1, SOURCE_COLUMNS, &columns, err);
    const char *after = NULL;
    do {
        DynamoPage page = {0};
        ok = ok && dynamo_read(arena, store->dynamo, pk, after, &page, err) &&
             take_page(arena, store, columns, &page, each, err);
        after = ok ? page.last_sk : NULL;
    } while (after);
    arena_free(arena);
    return ok;
}

/* Questions of the last days that were looked at are looked at again: what another machine sent late is among them. */
static bool fetch_questions(Arena *arena, LearnStore *store, Err *err) {
    enum { AGAIN_DAYS = 2 };
    const Day today = (Day)(clock_now() / 86400);
    const long long keep = store->place.retention_days;
    Day first = today - (keep > 0 && keep < LEARN_SHARED_DAYS ? (Day)keep : LEARN_SHARED_DAYS), seen = DAY_NONE;
    const char *text = NULL;
    if (!get_state(arena, store, "fetched_day", &text, err)) return false;
    if (text && date_parse(text, &seen) && seen - AGAIN_DAYS > first) first = seen - AGAIN_DAYS;
    for (Day day = first; day <= today; day++)
        if (!take_partition(store, arena_printf(arena, "question#%s", date_text(arena, day)), "questions", take_question, err))
            return false;
    return set_state(store, "fetched_day", date_text(arena, today), err);
}

static bool fetch_all(Arena *arena, LearnStore *store, Err *err) {
    return fetch_questions(arena, store, err) && take_partition(store, "note", "notes", take_note, err) &&
           take_partition(store, "forgotten", "questions", take_forgotten, err) &&
           sqlite_run(store->database,
                      "INSERT INTO fetching VALUES(1);"
                      "UPDATE questions SET feedback = json_extract(n.body, '$.thumbs'), feedback_at_s = n.at_s,"
                      " feedback_reason = json_extract(n.body, '$.reason'), feedback_plan = json_extract(n.body, '$.plan')"
                      " FROM notes n WHERE n.kind = 'rating' AND n.key = questions.id AND n.body IS NOT NULL"
                      " AND n.at_s > coalesce(questions.feedback_at_s, 0);"
                      "DELETE FROM fetching; DELETE FROM readings WHERE true",
                      NULL, 0, err) &&
           learn_drop_orphans(store->database, err) &&
           set_state(store, "fetched_s", arena_printf(arena, "%lld", clock_now()), err);
}

static bool fetch(LearnStore *store, Err *err) {
    Arena *arena = arena_make();
    const bool ok = watch_changes(store, err) && connect(store, err) && fetch_all(arena, store, err);
    arena_free(arena);
    return ok;
}

const LearnStoreKind learn_store_dynamodb = {
    .name = "dynamodb", .add = add, .rate = rate, .forget = forget, .send = send, .fetch = fetch};
