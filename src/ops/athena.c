/* Ready queries for Athena: one topic is one row of the table. */
#include "base/text.h"
#include "investigate/architecture_athena.h"
#include "investigate/owners_athena.h"
#include "ops/operations.h"

typedef struct {
    const char *name;
    bool (*write)(Arena *arena, const OpCall *call, const char **sql, Err *err);
} AthenaTopic;

static bool write_owners(Arena *arena, const OpCall *call, const char **sql, Err *err) {
    const char *table = call_text(call, "table"), *tag = call_text(call, "tag");
    const OwnersQuery query = {.table = table ? table : "cur2",
                               .tag = tag ? tag : "team",
                               .legacy = text_equal(call_text(call, "layout"), "legacy"),
                               .from = call_text(call, "from"),
                               .to = call_text(call, "to")};
    return owners_athena_sql(arena, &query, sql, err);
}

static bool write_architecture(Arena *arena, const OpCall *call, const char **sql, Err *err) {
    const char *table = call_text(call, "table");
    const ArchitectureQuery query = {.table = table ? table : "cur2",
                                     .tag = call_text(call, "tag"),
                                     .legacy = text_equal(call_text(call, "layout"), "legacy"),
                                     .from = call_text(call, "from"),
                                     .to = call_text(call, "to")};
    return architecture_athena_sql(arena, &query, sql, err);
}

static const AthenaTopic topics[] = {{"owners", write_owners}, {"architecture", write_architecture}};

bool op_athena_sql(Arena *arena, const OpContext *context, const OpCall *call, OpResult *out, Err *err) {
    (void)context;
    const char *topic = call_text(call, "topic"), *sql = NULL;
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++) {
        if (!text_equal(topics[i].name, topic)) continue;
        if (!topics[i].write(arena, call, &sql, err)) return false;
        out->report = report_make(arena);
        report_verbatim(out->report, arena_printf(arena, "%s\n", sql));
        out->json = json_make_object(arena);
        json_put_text(out->json, "topic", topic);
        json_put_text(out->json, "dialect", "athena");
        json_put_text(out->json, "sql", sql);
        return true;
    }
    return err_set(err, ERR_USAGE, "There is no query on “%.40s”; see: curlew help athena-sql", text_printable(arena, topic));
}
