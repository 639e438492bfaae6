/* Names of a result may be anything: the summary about them still verifies, no form sends a terminal a control character, and
 * JSON gives back exactly the bytes. The input is the names, a line each, in the order of their cost; a third of them are negative. */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer/answer.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { NAMES = 12, INPUT_BYTES = 4096 };

static CatalogColumn catalog_columns[] = {{.name = "tag_team", .label = "team", .plural = "teams", .class = CLASS_TAG}};
static Measure measures[] = {{.name = "BilledCost",
                              .label = "billed cost",
                              .kind = MEASURE_SUM,
                              .column = "BilledCost",
                              .unit = "currency",
                              .available = true}};
static const char *currencies[] = {"USD"};
static CompiledColumn columns[] = {
    {.name = "tag_team", .label = "team", .role = ROLE_KEY},
    {.name = "BilledCost", .label = "billed cost", .role = ROLE_MEASURE, .measure = "BilledCost", .unit = "USD"},
    {.name = "total", .label = "total", .role = ROLE_TOTAL, .measure = "BilledCost", .unit = "USD", .hidden = true}};
enum { COLUMNS = sizeof columns / sizeof *columns };
static TableColumn table_columns[] = {{"tag_team", CELL_TEXT}, {"BilledCost", CELL_DECIMAL}, {"total", CELL_DECIMAL}};

static bool acts_on_a_terminal(const char *text) {
    size_t size = 0;
    for (; *text; text += size) {
        unsigned c = text_code_point(text, &size);
        if ((c < 0x20 && c != '\n') || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E)) return true;
    }
    return false;
}

static Table make_table(Arena *arena, const char *const *names, size_t count) {
    Table table = {.column_count = COLUMNS, .row_count = count, .columns = table_columns};
    table.cells = arena_array(arena, COLUMNS * count + 1, sizeof *table.cells);
    long long total = 0;
    for (size_t row = 0; row < count; row++) {
        long long cost = (row % 3 == 2 ? -1 : 1) * (long long)(1234567 / (row + 1));
        total += cost;
        table.cells[row * COLUMNS] = names[row];
        table.cells[row * COLUMNS + 1] = arena_printf(arena, "%lld", cost);
    }
    for (size_t row = 0; row < count; row++) table.cells[row * COLUMNS + 2] = arena_printf(arena, "%lld", total);
    return table;
}

static void check_json(Arena *arena, const Answer *answer, const char *const *names, size_t count) {
    const char *text = json_write(arena, answer_json(arena, answer), false);
    Json *back = NULL;
    Err err = {0};
    bool parsed = json_parse(arena, text, strlen(text), &back, &err);
    assert(parsed);
    for (size_t row = 0; row < count; row++) {
        const char *name = json_text(json_at(json_at(json_get(back, "rows"), row), 0));
        assert(text_equal(name, names[row]));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > INPUT_BYTES || !text_is_utf8((const char *)data, size)) return 0;
    Arena *arena = arena_make();
    size_t count = 0;
    const char **names = text_split(arena, arena_text_n(arena, (const char *)data, size), '\n', &count);
    if (count > NAMES) count = NAMES;
    Table table = make_table(arena, names, count);
    Catalog catalog = {.dataset = "bill",
                       .is_bill = true,
                       .column_count = 1,
                       .columns = catalog_columns,
                       .measure_count = 1,
                       .measures = measures};
    catalog.first_day = catalog.last_day = catalog.as_of = DAY_NONE;
    catalog.currencies = currencies;
    catalog.currency_count = 1;
    const char *group = "tag_team", *measure = "BilledCost";
    Plan plan = {.intent = INTENT_BREAKDOWN,
                 .dataset = "bill",
                 .measure_count = 1,
                 .measures = &measure,
                 .group_count = 1,
                 .group_by = &group};
    plan.time.start = plan.time.end = DAY_NONE;
    Compiled compiled = {.sql = "SELECT 1", .dialect = "duckdb", .column_count = COLUMNS, .columns = columns};
    /* The label is a tag key: as foreign as the names. */
    CatalogColumn column = catalog_columns[0];
    column.label = column.plural = *names[0] ? names[0] : "team";
    catalog.columns = &column;
    Answer answer = {.question = "q", .paraphrase = "p", .planner = "offline"};
    Err err = {0};
    bool made = answer_make(arena, &catalog, &plan, &compiled, &table, &answer, &err);
    assert(made);
    assert(answer.numbers == answer.numbers_verified && answer.numbers >= 3);
    assert(!acts_on_a_terminal(answer_text(arena, &answer, 20 + (int)(size % 150), false)));
    assert(!acts_on_a_terminal(answer_markdown(arena, &answer)));
    assert(*answer_csv(arena, answer.table));
    check_json(arena, &answer, names, count);
    arena_free(arena);
    return 0;
}
