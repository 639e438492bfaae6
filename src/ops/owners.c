/* Owners: who probably owns what carries no tag. */
#include "investigate/owners.h"
#include "base/text.h"
#include "investigate/owners_show.h"
#include "ops/operations.h"

bool op_owners(Arena *arena, const OpContext *context, const OpCall *call, OpResult *out, Err *err) {
    Session session = {0};
    const char *dataset = NULL;
    Catalog *catalog = NULL;
    OwnersReport *report = arena_alloc(arena, sizeof *report);
    if (!session_open(arena, context, call, &session, err)) return false;
    if (!session_dataset(arena, &session, call, &dataset, err)) return false;
    if (!session_catalog(arena, &session, dataset, &catalog, err)) return false;
    Desk desk = {.catalog = catalog, .stop = context->stop};
    if (!session_guard(arena, &session, &desk.guard, err)) return false;
    if (!session_engine(arena, &session, &desk.engine, err)) return false;
    if (!owners_find(arena, &desk, call_text(call, "tag"), 0.9, report, err)) return false;
    out->json = owners_json(arena, report);
    out->report = report_make(arena);
    return true;
}
