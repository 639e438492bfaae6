/* The system and its waste as the bill shows them. */
#include "investigate/architecture.h"

#include "base/text.h"
#include "ops/operations.h"
#include "ops/session.h"

bool op_architecture(Arena *arena, const OpContext *context, const OpCall *call, OpResult *out, Err *err) {
    Session session = {0};
    Catalog *catalog = NULL;
    Architecture architecture = {0};
    const char *dataset = NULL, *rule = call_text(call, "rule");
    if (!session_open(arena, context, call, &session, err)) return false;
    if (!session_dataset(arena, &session, call, &dataset, err)) return false;
    if (!session_catalog(arena, &session, dataset, &catalog, err)) return false;
    Desk desk = {.catalog = catalog, .stop = context->stop};
    if (!session_engine(arena, &session, &desk.engine, err)) return false;
    if (!architecture_find(arena, &desk, call_text(call, "period"), rule, &architecture, err)) return false;
    out->json = architecture_json(arena, &architecture);
    out->report = rule ? architecture_report_rule(arena, &architecture) : architecture_report(arena, &architecture);
    return true;
}
