#include "guard/canary.h"

#include "base/knowledge.h"
#include "base/text.h"

const char *const *canary_tables(size_t *count) {
    static const char *const tables[] = {"cur", "cost_v"};
    *count = sizeof tables / sizeof *tables;
    return tables;
}

bool canary_run(bool (*clears)(void *context, const char *sql, Err *err), void *context, Err *err) {
    Arena *arena = arena_make();
    const Knowledge *table = knowledge_table(arena, "guard_canaries.tsv");
    bool ok = true;
    for (size_t row = 0; ok && row < table->row_count; row++) {
        const char *sql = knowledge_field(table, row, "sql");
        bool allowed = text_equal(knowledge_field(table, row, "verdict"), "allow");
        Err reason = {0};
        /* Any failure but a refusal is none of the guard's decisions. */
        bool cleared = clears(context, sql, &reason);
        if (cleared == allowed && (cleared || reason.kind == ERR_REFUSED)) continue;
        ok = err_set(err, ERR_INTERNAL,
                     "SQL cannot be typed with this version of the engine: its self-test decided wrongly on: %s (%s)", sql,
                     cleared ? "it was let through" : reason.message);
    }
    arena_free(arena);
    return ok;
}
