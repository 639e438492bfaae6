/* The report as rows. */
#include "base/text.h"
#include "investigate/owners_show.h"

static const char *probability(Arena *arena, double value) {
    return value < 0 ? NULL : arena_printf(arena, "%.4f", value);
}

static const char *joined(Arena *arena, const OwnerGuess *guess) {
    Buffer out = {.arena = arena};
    for (size_t i = 0; i < guess->evidence_count; i++) buffer_printf(&out, "%s%s", i ? "; " : "", guess->evidence[i]);
    return buffer_text(&out);
}

const Table *owners_table(Arena *arena, const OwnersReport *report) {
    static const CompiledColumn columns[] = {{.name = "resource_id"},  {.name = "account"},
                                             {.name = "region"},       {.name = "kind"},
                                             {.name = "owner"},        {.name = "probability"},
                                             {.name = "likeliest"},    {.name = "likeliest_probability"},
                                             {.name = "runner_up"},    {.name = "runner_up_probability"},
                                             {.name = "monthly_cost"}, {.name = "cost"},
                                             {.name = "evidence"}};
    enum { COLUMNS = sizeof columns / sizeof *columns };
    static const CellType types[COLUMNS] = {CELL_TEXT,    CELL_TEXT,    CELL_TEXT,    CELL_TEXT, CELL_TEXT,
                                            CELL_DECIMAL, CELL_TEXT,    CELL_DECIMAL, CELL_TEXT, CELL_DECIMAL,
                                            CELL_DECIMAL, CELL_DECIMAL, CELL_TEXT};
    const Owner *owners = report->bill.owners;
    Rows rows = desk_rows(arena, columns, types, COLUMNS);
    for (size_t i = 0; i < report->guess_count; i++) {
        const OwnerGuess *guess = &report->guesses[i];
        const OwnersResource *resource = guess->resource;
        const char *cells[COLUMNS] = {resource->id,
                                      resource->account,
                                      resource->region,
                                      resource->kind,
                                      guess->owner == OWNER_NONE ? NULL : owners[guess->owner].name,
                                      guess->owner == OWNER_NONE ? NULL : probability(arena, guess->probability),
                                      guess->best == OWNER_NONE ? NULL : owners[guess->best].name,
                                      probability(arena, guess->best_probability),
                                      guess->runner_up == OWNER_NONE ? NULL : owners[guess->runner_up].name,
                                      guess->runner_up == OWNER_NONE ? NULL : probability(arena, guess->runner_up_probability),
                                      owners_monthly(arena, report, resource->cost),
                                      decimal_text(arena, resource->cost),
                                      joined(arena, guess)};
        desk_row(&rows, cells);
    }
    return rows.table;
}
