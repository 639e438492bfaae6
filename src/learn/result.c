#include "learn/result.h"

#include <string.h>

#include "answer/freeze.h"
#include "base/limits.h"
#include "base/text.h"
#include "io/file.h"
#include "question/plan.h"

const char *learn_result_key(Arena *arena, const Plan *plan, const char *fingerprint, Day as_of, const char *program) {
    Json *all = json_make_object(arena);
    json_put_text(all, "program", program);
    json_put_text(all, "data", fingerprint);
    json_put_text(all, "as_of", date_text(arena, as_of));
    json_put(all, "plan", plan_json(arena, plan));
    const char *text = json_write(arena, all, false);
    return file_sha256(arena, text, strlen(text));
}

const char *learn_words_key(Arena *arena, const char *question, const char *dataset, const char *as_of, const char *fingerprint,
                            const char *program) {
    Json *all = json_make_object(arena);
    json_put_text(all, "program", program);
    json_put_text(all, "data", fingerprint);
    json_put_text(all, "as_of", as_of);
    json_put_text(all, "dataset", dataset);
    json_put_text(all, "question", question);
    const char *text = json_write(arena, all, false);
    return file_sha256(arena, text, strlen(text));
}

bool learn_result_find(Arena *arena, Sqlite *database, const char *key, Answer *out, const char **from, bool *found, Err *err) {
    const SqliteValue value = sqlite_text(key);
    Table *rows = NULL;
    *found = false;
    if (!sqlite_query(arena, database, "SELECT answer, question_id FROM results WHERE key = ?", &value, 1, 1, &rows, err))
        return false;
    const char *text = rows->row_count ? table_cell(rows, 0, 0) : NULL;
    Json *json = NULL;
    Err unread = {0};
    if (!text || !json_parse(arena, text, strlen(text), &json, &unread)) return true;
    Answer kept = *out;
    if (!answer_thaw(arena, json, &kept, &unread)) return true;
    *out = kept;
    *from = table_cell(rows, 0, 1);
    *found = true;
    return true;
}

bool learn_words_find(Arena *arena, Sqlite *database, const char *key, Answer *out, const char **from, const char **memory,
                      bool *found, Err *err) {
    const SqliteValue value = sqlite_text(key);
    Table *rows = NULL;
    *found = false;
    if (!sqlite_query(arena, database, "SELECT result_key, memory FROM readings WHERE key = ?", &value, 1, 1, &rows, err))
        return false;
    if (!rows->row_count || !table_cell(rows, 0, 0)) return true;
    *memory = table_cell(rows, 0, 1);
    return learn_result_find(arena, database, table_cell(rows, 0, 0), out, from, found, err);
}

const char *learn_result_text(Arena *arena, const Answer *answer) {
    if (answer->status != ANSWER_ANSWERED || !answer->plan || answer->plan->intent == INTENT_META) return NULL;
    const char *text = json_write(arena, answer_freeze(arena, answer), false);
    return strlen(text) <= LEARN_RESULT_BYTES ? text : NULL;
}
