#include "ops/learning.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"
#include "io/clock.h"

static bool is_mode(const char *mode) {
    return text_equal_fold(getenv("CURLEW_LEARN"), mode);
}

long long learning_retention_days(void) {
    const char *text = getenv("CURLEW_LEARN_DAYS");
    if (text_is_empty(text) || strspn(text, "0123456789") != strlen(text) || strlen(text) > 5) return LEARN_RETENTION_DAYS;
    return strtoll(text, NULL, 10);
}

LearnLog *learning_start(Arena *arena, const char *workspace_folder) {
    if (is_mode("off")) return NULL;
    return learn_log_start(arena, learn_log_path(arena, workspace_folder), learning_retention_days());
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

/* What tells nothing about who asked for what. */
static void redact(LearnRecord *record) {
    record->user = record->conversation = record->question = record->plan = record->paraphrase = record->assumed = NULL;
    record->unknown = record->services = record->place = NULL;
}

void learning_note(Arena *arena, Session *session, const Catalog *catalog, const Reading *reading, Answer *answer) {
    if (!session->log) return;
    LearnRecord record = {.id = learn_id(arena), .at_s = clock_now(), .user = user_name(arena)};
    learn_observe(arena, answer, reading->unknown, reading->unknown_count, &record);
    if (!record.dataset && catalog) record.dataset = catalog->dataset;
    record.place = workspace_folder(session->workspace);
    record.data_version = arena_printf(arena, "%lld", workspace_revision(session->workspace));
    if (is_mode("redact")) redact(&record);
    answer->log_id = record.id;
    learn_log_add(session->log, &record);
}
