/* A conversation: each line of the input is a question, a first line that begins with "{" the state that a client sends. Whatever
 * comes, a plan passes its check, a decline says why, and the state survives its own JSON. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/catalog_fixture.h"
#include "question/complete.h"
#include "question/understand.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LINES = 12, ROWS = 3 };

/* Rows as an answer might have them: the first values of each group. */
static void remember(Arena *arena, const Catalog *catalog, const char *question, const Plan *plan, Conversation *conversation) {
    CompiledColumn *columns = arena_array(arena, plan->group_count + 1, sizeof *columns);
    Table table = {.column_count = plan->group_count + 1, .row_count = ROWS};
    table.cells = arena_array(arena, table.column_count * ROWS, sizeof *table.cells);
    columns[plan->group_count] = (CompiledColumn){.name = "month", .label = "month", .role = ROLE_BUCKET};
    for (size_t c = 0; c < plan->group_count; c++)
        columns[c] = (CompiledColumn){.name = plan->group_by[c], .label = plan->group_by[c], .role = ROLE_KEY};
    for (size_t r = 0; r < ROWS; r++) {
        for (size_t c = 0; c < plan->group_count; c++) {
            const CatalogColumn *column = catalog_column(catalog, plan->group_by[c]);
            if (column && r < column->value_count) table.cells[r * table.column_count + c] = column->values[r].text;
        }
        table.cells[r * table.column_count + plan->group_count] = "2026-09-01";
    }
    conversation_add(arena, catalog, question, plan, columns, &table, conversation);
}

static void say(Arena *arena, const Catalog *catalog, const Lexicon *lexicon, const char *question,
                Conversation *conversation) {
    Reading reading;
    Err err = {0};
    question_command(arena, question);
    if (!question_follow(arena, NULL, lexicon, question, catalog->as_of, conversation, &reading, &err)) {
        assert(err.kind == ERR_INPUT); /* a plan of the client's that is none */
        return;
    }
    if (reading.status == READING_PLAN) {
        bool valid = plan_check(arena, catalog, reading.plan, &err);
        assert(valid || (reading.turn == TURN_FRESH && err.kind == ERR_REFUSED));
        assert(*plan_paraphrase(arena, catalog, reading.plan));
        if (valid) remember(arena, catalog, question, reading.plan, conversation);
    } else {
        assert(!text_is_empty(reading.code) && !text_is_empty(reading.message));
        if (reading.status == READING_CLARIFY)
            conversation_offer(arena, reading.alternatives, reading.alternative_count, conversation);
    }
}

static void through_json(Arena *arena, Conversation *conversation) {
    Err err = {0};
    Json *json = NULL;
    const char *text = json_write(arena, conversation_json(arena, conversation), false);
    bool read = json_parse(arena, text, strlen(text), &json, &err) && conversation_read(arena, json, conversation, &err);
    assert(read);
}

static void talk(const Catalog *catalog, const Lexicon *lexicon, const char *input) {
    Arena *arena = arena_make();
    Conversation *conversation = calloc(1, sizeof *conversation);
    size_t count = 0;
    const char **lines = text_split(arena, input, '\n', &count), *texts[4];
    for (size_t i = 0; i < count && i < LINES; i++) {
        Err err = {0};
        Json *json = NULL;
        size_t from = 0;
        if (i == 0 && *lines[i] == '{') {
            if (json_parse(arena, lines[i], strlen(lines[i]), &json, &err)) {
                if (!conversation_read(arena, json, conversation, &err)) *conversation = (Conversation){0};
            }
            continue;
        }
        say(arena, catalog, lexicon, lines[i], conversation);
        through_json(arena, conversation);
        question_complete(arena, catalog, lines[i], &from, texts, 4);
    }
    free(conversation);
    arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const Catalog *catalog;
    static Lexicon *lexicon;
    if (!catalog) {
        Err err = {0};
        Arena *forever = arena_make();
        catalog = fixture_bill(forever);
        bool built = lexicon_build(forever, catalog, &lexicon, &err);
        assert(built);
    }
    char *input = malloc(size + 1);
    memcpy(input, data, size);
    input[size] = '\0';
    talk(catalog, lexicon, input);
    free(input);
    return 0;
}
