#include "ops/learning.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"
#include "io/clock.h"
#include "io/file.h"
#include "learn/result.h"

static bool is_mode(const char *mode) {
    return text_equal_fold(getenv("CURLEW_LEARN"), mode);
}

long long learning_retention_days(void) {
    const char *text = getenv("CURLEW_LEARN_DAYS");
    if (text_is_empty(text) || strspn(text, "0123456789") != strlen(text) || strlen(text) > 5) return LEARN_RETENTION_DAYS;
    return strtoll(text, NULL, 10);
}

LearnPlace learning_place(Arena *arena, const char *workspace_folder) {
    static const char kind[] = "dynamodb:";
    const char *store = getenv("CURLEW_LEARN_STORE");
    return (LearnPlace){.path = learn_log_path(arena, workspace_folder),
                        .table = store && text_starts(store, kind) ? store + sizeof kind - 1 : NULL,
                        .retention_days = learning_retention_days()};
}

LearnLog *learning_start(Arena *arena, const char *workspace_folder) {
    if (is_mode("off")) return NULL;
    const LearnPlace place = learning_place(arena, workspace_folder);
    return learn_log_start(arena, &place);
}

/* Names are asked of the system once per question: some microseconds. */
static const char *user_name(Arena *arena) {
    const char *given = getenv("CURLEW_USER");
    if (!text_is_empty(given)) return given;
    struct passwd entry, *found = NULL;
    char buffer[4096];
    if (getpwuid_r(geteuid(), &entry, buffer, sizeof buffer, &found) == 0 && found) return arena_text(arena, found->pw_name);
    return arena_printf(arena, "%u", (unsigned)geteuid());
}

/* Which program computed an answer: another build may read or count otherwise, whatever its version says. */
static const char *program_identity(Arena *arena) {
    const FileInfo program = file_info("/proc/self/exe");
    return arena_printf(arena, "%s %llu %lld", program_version(), program.size_bytes, program.modified_ns);
}

bool learning_reuse(Arena *arena, Session *session, const Catalog *catalog, const Plan *plan, Answer *out) {
    const char *fingerprint = workspace_fingerprint(session->workspace);
    Err ignored = {0};
    bool found = false;
    session->result_key = NULL;
    if (!session->log || !fingerprint || plan->intent == INTENT_META || is_mode("redact")) return false;
    session->result_key = learn_result_key(arena, plan, fingerprint, catalog->as_of, program_identity(arena));
    Sqlite *log = session_log(session);
    return log && learn_result_find(arena, log, session->result_key, out, &out->reused_from, &found, &ignored) && found;
}

bool learning_recall(Arena *arena, Session *session, const OpCall *call, Conversation *conversation, Answer *out) {
    const char *fingerprint = workspace_fingerprint(session->workspace), *memory = NULL;
    Err ignored = {0};
    bool found = false;
    Json *json = NULL;
    session->words_key = NULL;
    if (!session->log || !fingerprint || is_mode("redact")) return false;
    session->words_key = learn_words_key(arena, call_text(call, "question"), call_text(call, "dataset"),
                                         call_text(call, "as-of"), fingerprint, program_identity(arena));
    Sqlite *log = session_log(session);
    if (!log || !learn_words_find(arena, log, session->words_key, out, &out->reused_from, &memory, &found, &ignored) || !found)
        return false;
    session_step(session, "recall");
    return memory && json_parse(arena, memory, strlen(memory), &json, &ignored) &&
           conversation_read(arena, json, conversation, &ignored);
}

/* What tells nothing about who asked for what. */
static void redact(LearnRecord *record) {
    record->user = record->conversation = record->question = record->plan = record->paraphrase = record->assumed = NULL;
    record->unknown = record->services = record->place = NULL;
}

void learning_note(Arena *arena, Session *session, const Catalog *catalog, const Reading *reading,
                   const Conversation *conversation, Answer *answer) {
    if (!session->log) return;
    LearnRecord record = {.id = learn_id(arena), .at_s = clock_now(), .user = user_name(arena)};
    learn_observe(arena, answer, reading ? reading->unknown : NULL, reading ? reading->unknown_count : 0, &record);
    if (!record.dataset && catalog) record.dataset = catalog->dataset;
    record.place = workspace_folder(session->workspace);
    record.data_version = workspace_fingerprint(session->workspace);
    record.reused_from = answer->reused_from;
    if (!answer->reused_from && session->result_key) record.result = learn_result_text(arena, answer);
    if (record.result || answer->reused_from) record.result_key = session->result_key;
    if (record.result_key && session->words_key) {
        record.words_key = session->words_key;
        record.memory = json_write(arena, conversation_json(arena, conversation), false);
    }
    session->result_key = session->words_key = NULL;
    if (is_mode("redact")) redact(&record);
    answer->log_id = record.id;
    learn_log_await(session->log, session->noted);
    session->noted = learn_log_add(session->log, &record);
}
