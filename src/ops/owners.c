/* Owners: who probably owns what carries no tag. */
#include "investigate/owners.h"
#include "base/text.h"
#include "investigate/owners_show.h"
#include "ops/operations.h"

enum { CONFIDENCE_USUAL = 90, CONFIDENCE_LEAST = 50, CONFIDENCE_MOST = 99 };

static bool read_confidence(const OpCall *call, double *out, Err *err) {
    const long long percent = call_count(call, "confidence", CONFIDENCE_USUAL);
    *out = (double)percent / 100;
    if (percent >= CONFIDENCE_LEAST && percent <= CONFIDENCE_MOST) return true;
    return err_set(err, ERR_USAGE, "--confidence takes a percentage from %d to %d, not %lld", CONFIDENCE_LEAST, CONFIDENCE_MOST,
                   percent);
}

/* Lines of a script, each a line of the report. */
static Report *script(Arena *arena, const OwnersReport *owners) {
    const char **runnable = NULL;
    size_t count = 0;
    Report *report = report_make(arena);
    report_verbatim(report, owners_commands(arena, owners, &runnable, &count));
    return report;
}

bool op_owners(Arena *arena, const OpContext *context, const OpCall *call, OpResult *out, Err *err) {
    Session session = {0};
    const char *dataset = NULL;
    Catalog *catalog = NULL;
    double confidence = 0;
    OwnersReport *report = arena_alloc(arena, sizeof *report);
    const bool commands = call_flag(call, "commands");
    if (!read_confidence(call, &confidence, err)) return false;
    if (!session_open(arena, context, call, &session, err)) return false;
    if (!session_dataset(arena, &session, call, &dataset, err)) return false;
    if (!session_catalog(arena, &session, dataset, &catalog, err)) return false;
    Desk desk = {.catalog = catalog, .stop = context->stop};
    if (!session_guard(arena, &session, &desk.guard, err)) return false;
    if (!session_engine(arena, &session, &desk.engine, err)) return false;
    if (!owners_find(arena, &desk, call_text(call, "tag"), confidence, report, err)) return false;
    out->json = owners_json(arena, report, commands);
    out->report = commands ? script(arena, report) : owners_text(arena, report, (size_t)call_count(call, "limit", 0));
    out->table = owners_table(arena, report);
    return true;
}
