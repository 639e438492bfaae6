/* The table is the log; a thread of its own writes it. */
#include "learn/log.h"

#include <assert.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "base/limits.h"
#include "base/text.h"
#include "io/file.h"
#include "learn/sender.h"
#include "learn/store.h"

/* One copy of a record that waits; its texts are in the arena. */
typedef struct Waiting {
    struct Waiting *next;
    Arena *arena;
    LearnRecord record;
} Waiting;

struct LearnLog {
    LearnPlace place;
    LearnSender *sender; /* NULL = the log is not shared */
    pthread_t thread;
    bool has_thread;
    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t changed;
    Waiting *first, *last;
    size_t waiting;           /* handed over and not yet written */
    unsigned long long added; /* ever */
    bool closing;
    Err trouble;
};

const char *learn_log_path(Arena *arena, const char *workspace_folder) {
    const char *homes[] = {file_data_home(arena), file_cache_home(arena)};
    for (size_t i = 0; i < 2; i++)
        if (text_starts(workspace_folder, arena_printf(arena, "%s/", homes[i])))
            return file_join(arena, homes[0], "learn.sqlite");
    return file_join(arena, workspace_folder, "learn.sqlite");
}

/* Results of other states of the same workspace are of no use any more; the oldest make way. */
static bool write_result(Sqlite *database, const LearnRecord *record, Err *err) {
    const SqliteValue state[] = {sqlite_text(record->place), sqlite_text(record->data_version)};
    const SqliteValue values[] = {sqlite_text(record->result_key),   sqlite_text(record->place),
                                  sqlite_text(record->data_version), sqlite_text(record->id),
                                  sqlite_integer(record->at_s),      sqlite_text(record->result)};
    const SqliteValue most = sqlite_integer(LEARN_RESULTS);
    return sqlite_run(database, "DELETE FROM results WHERE place = ? AND data_version <> ?", state, 2, err) &&
           sqlite_run(database,
                      "DELETE FROM results WHERE at_s < (SELECT at_s FROM results ORDER BY at_s DESC LIMIT 1 OFFSET ?)", &most,
                      1, err) &&
           sqlite_run(database, "DELETE FROM readings WHERE result_key NOT IN (SELECT key FROM results)", NULL, 0, err) &&
           sqlite_run(database,
                      "INSERT OR REPLACE INTO results(key, place, data_version, question_id, at_s, answer) VALUES(?,?,?,?,?,?)",
                      values, 6, err);
}

static bool write_reading(Sqlite *database, const LearnRecord *record, Err *err) {
    const SqliteValue values[] = {sqlite_text(record->words_key), sqlite_text(record->result_key), sqlite_text(record->memory)};
    return sqlite_run(database, "INSERT OR REPLACE INTO readings(key, result_key, memory) VALUES(?,?,?)", values, 3, err);
}

static bool write_question(Sqlite *database, const LearnRecord *record, Err *err) {
    const SqliteValue values[] = {
        sqlite_text(record->id),           sqlite_integer(record->at_s),      sqlite_text(record->user),
        sqlite_text(record->conversation), sqlite_text(record->place),        sqlite_text(record->data_version),
        sqlite_text(record->dataset),      sqlite_text(record->question),     sqlite_text(record->pattern),
        sqlite_text(record->planner),      sqlite_text(record->plan_hash),    sqlite_text(record->plan),
        sqlite_text(record->paraphrase),   sqlite_text(record->assumed),      sqlite_text(record->status),
        sqlite_text(record->code),         sqlite_text(record->unknown),      sqlite_text(record->services),
        sqlite_text(record->engine),       sqlite_integer(record->row_count), sqlite_real(record->plan_ms),
        sqlite_real(record->execute_ms),   sqlite_real(record->total_ms),     sqlite_integer(record->numbers),
        sqlite_integer(record->verified),  sqlite_text(record->reused_from)};
    return sqlite_run(
        database,
        "INSERT OR IGNORE INTO questions(id, at_s, user, conversation, place, data_version, dataset, question, pattern,"
        "planner, plan_hash, plan, paraphrase, assumed, status, code, unknown, services, engine, row_count, plan_ms,"
        "execute_ms, total_ms, numbers, verified, reused_from)"
        "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        values, sizeof values / sizeof *values, err);
}

bool learn_write(Sqlite *database, const LearnRecord *record, Err *err) {
    if (!write_question(database, record, err)) return false;
    if (!record->result_key) return true;
    return (!record->result || write_result(database, record, err)) &&
           (!record->words_key || write_reading(database, record, err));
}

/* --- the writer's thread --- */

/* Everything that waits, or NULL when the log is being closed and nothing does. */
static Waiting *take_all(LearnLog *log) {
    pthread_mutex_lock(&log->lock);
    while (!log->first && !log->closing) pthread_cond_wait(&log->changed, &log->lock);
    Waiting *all = log->first;
    log->first = log->last = NULL;
    pthread_mutex_unlock(&log->lock);
    return all;
}

static bool write_all(LearnStore *store, const Waiting *all, Err *err) {
    const LearnRecord *records[LEARN_WAITING];
    size_t count = 0;
    for (const Waiting *one = all; one; one = one->next) {
        assert(count < LEARN_WAITING);
        records[count++] = &one->record;
    }
    return store->kind->add(store, records, count, err);
}

static void finish(LearnLog *log, Waiting *all, const Err *err) {
    size_t count = 0;
    while (all) {
        Waiting *next = all->next;
        arena_free(all->arena);
        all = next;
        count++;
    }
    pthread_mutex_lock(&log->lock);
    log->waiting -= count;
    if (err->kind != ERR_NONE) err_set_code(&log->trouble, err->kind, err->code, "%s", err->message);
    pthread_cond_broadcast(&log->changed);
    pthread_mutex_unlock(&log->lock);
}

static void *write_on(void *context) {
    LearnLog *log = context;
    Arena *arena = arena_make();
    LearnStore *store = NULL;
    Err opening = {0};
    const bool is_open = learn_store_open(arena, &log->place, true, &store, &opening);
    log->sender = is_open ? learn_sender_start(arena, &log->place) : NULL;
    bool swept = false;
    for (Waiting *all = take_all(log); all; all = take_all(log)) {
        Err err = opening;
        if (is_open && write_all(store, all, &err)) {
            learn_sender_wake(log->sender);
            long long removed = 0;
            if (!swept) swept = learn_expire(store->database, log->place.retention_days, &removed, &err);
        }
        finish(log, all, &err);
    }
    learn_sender_close(log->sender);
    arena_free(arena);
    return NULL;
}

static void close_log(void *context) {
    LearnLog *log = context;
    pthread_mutex_lock(&log->lock);
    log->closing = true;
    pthread_cond_broadcast(&log->changed);
    pthread_mutex_unlock(&log->lock);
    if (log->has_thread) pthread_join(log->thread, NULL);
    pthread_cond_destroy(&log->changed);
    pthread_mutex_destroy(&log->lock);
}

LearnLog *learn_log_start(Arena *arena, const LearnPlace *place) {
    LearnLog *log = arena_alloc(arena, sizeof *log);
    log->place = *place;
    log->place.path = arena_text(arena, place->path);
    log->place.table = place->table ? arena_text(arena, place->table) : NULL;
    pthread_mutex_init(&log->lock, NULL);
    pthread_cond_init(&log->changed, NULL);
    log->has_thread = pthread_create(&log->thread, NULL, write_on, log) == 0;
    if (!log->has_thread) err_set(&log->trouble, ERR_INTERNAL, "no thread could be started for the learning log");
    arena_on_free(arena, close_log, log);
    return log;
}

static const char *kept(Arena *arena, const char *text) {
    return text ? arena_text(arena, text) : NULL;
}

static Waiting *copy_record(const LearnRecord *record) {
    Arena *arena = arena_make();
    Waiting *copy = arena_alloc(arena, sizeof *copy);
    copy->arena = arena;
    copy->record = *record;
    const char **texts[] = {
        &copy->record.id,           &copy->record.user,      &copy->record.conversation, &copy->record.place,
        &copy->record.data_version, &copy->record.dataset,   &copy->record.question,     &copy->record.pattern,
        &copy->record.planner,      &copy->record.plan_hash, &copy->record.plan,         &copy->record.paraphrase,
        &copy->record.assumed,      &copy->record.status,    &copy->record.code,         &copy->record.unknown,
        &copy->record.result_key,   &copy->record.words_key, &copy->record.memory,       &copy->record.result,
        &copy->record.services,     &copy->record.engine,    &copy->record.reused_from};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) *texts[i] = kept(arena, *texts[i]);
    return copy;
}

unsigned long long learn_log_add(LearnLog *log, const LearnRecord *record) {
    if (!log->has_thread) return 0;
    Waiting *copy = copy_record(record);
    pthread_mutex_lock(&log->lock);
    while (log->waiting >= LEARN_WAITING) pthread_cond_wait(&log->changed, &log->lock);
    if (log->last)
        log->last->next = copy;
    else
        log->first = copy;
    log->last = copy;
    log->waiting++;
    const unsigned long long number = ++log->added;
    pthread_cond_broadcast(&log->changed);
    pthread_mutex_unlock(&log->lock);
    return number;
}

void learn_log_await(LearnLog *log, unsigned long long number) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += LEARN_AWAIT_S;
    pthread_mutex_lock(&log->lock);
    bool in_time = true;
    while (in_time && number && log->added - log->waiting < number)
        in_time = pthread_cond_timedwait(&log->changed, &log->lock, &until) == 0;
    pthread_mutex_unlock(&log->lock);
}

bool learn_log_drain(LearnLog *log, Err *err) {
    pthread_mutex_lock(&log->lock);
    while (log->has_thread && log->waiting) pthread_cond_wait(&log->changed, &log->lock);
    const Err trouble = log->trouble;
    pthread_mutex_unlock(&log->lock);
    return trouble.kind == ERR_NONE || err_set_code(err, trouble.kind, trouble.code, "%s", trouble.message);
}
