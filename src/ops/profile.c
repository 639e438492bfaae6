#include "base/text.h"
#include "ops/operations.h"
#include "ops/session.h"

bool op_profile(Arena *arena, const OpContext *context, const OpCall *call, OpResult *out, Err *err) {
    Session session = {0};
    const char *dataset = NULL;
    Catalog *catalog = NULL;
    if (!session_open(arena, context, call, &session, err)) return false;
    if (!session_dataset(arena, &session, call, &dataset, err)) return false;
    if (!session_catalog(arena, &session, dataset, &catalog, err)) return false;
    if (!catalog_profile(arena, session.connection, catalog, &out->json, err)) return false;
    out->report = profile_report(arena, catalog, out->json);
    return true;
}

bool op_questions(Arena *arena, const OpContext *context, const OpCall *call, OpResult *out, Err *err) {
    Session session = {0};
    const char *dataset = NULL;
    Catalog *catalog = NULL;
    const char **questions = NULL;
    size_t count = 0;
    if (!session_open(arena, context, call, &session, err)) return false;
    if (!session_dataset(arena, &session, call, &dataset, err)) return false;
    if (!session_catalog(arena, &session, dataset, &catalog, err)) return false;
    catalog_questions(arena, catalog, &questions, &count);
    out->json = json_make_object(arena);
    json_put_text(out->json, "dataset", dataset);
    Json *array = json_put_array(out->json, "questions");
    out->report = report_make(arena);
    report_heading(out->report, arena_printf(arena, "Questions that %s can answer", dataset));
    for (size_t i = 0; i < count; i++) {
        json_add_text(array, questions[i]);
        report_line(out->report, questions[i]);
    }
    return true;
}
