#include "question/complete.h"

#include <string.h>

#include "base/text.h"

typedef struct {
    Arena *arena;
    const char *begun;
    const char **texts;
    size_t count, room;
} Candidates;

static void offer(Candidates *candidates, const char *name) {
    if (candidates->count >= candidates->room || text_is_empty(name) || !text_starts_fold(name, candidates->begun)) return;
    if (!text_equal(text_printable(candidates->arena, name), name)) return;
    for (size_t i = 0; i < candidates->count; i++)
        if (text_equal_fold(candidates->texts[i], name)) return;
    candidates->texts[candidates->count++] = name;
}

static void offer_names(Candidates *candidates, const Catalog *catalog) {
    for (size_t i = 0; i < catalog->column_count; i++) {
        const CatalogColumn *column = &catalog->columns[i];
        if (column->class == CLASS_COST || column->class == CLASS_METRIC || column->class == CLASS_TIMESTAMP) continue;
        offer(candidates, column->label);
    }
    for (size_t i = 0; i < catalog->measure_count; i++)
        if (catalog->measures[i].available && !catalog->measures[i].internal) offer(candidates, catalog->measures[i].label);
    for (size_t i = 0; i < catalog->concept_count; i++)
        if (catalog->concepts[i].word_count && catalog->concepts[i].row_count > 0)
            offer(candidates, catalog->concepts[i].label);
}

/* Values that people name: of services, accounts, regions, tags; of tables, all. */
static void offer_values(Candidates *candidates, const Catalog *catalog) {
    static const char *const NAMED[] = {"ServiceName", "SubAccountName", "SubAccountId", "RegionId", "x_InstanceType"};
    for (size_t i = 0; i < catalog->column_count && candidates->count < candidates->room; i++) {
        const CatalogColumn *column = &catalog->columns[i];
        bool named = column->class == CLASS_TAG || !catalog->is_bill;
        for (size_t k = 0; k < sizeof NAMED / sizeof *NAMED; k++) named = named || text_equal(column->name, NAMED[k]);
        if (!named || column->type != CELL_TEXT) continue;
        for (size_t v = 0; v < column->value_count; v++) offer(candidates, column->values[v].text);
    }
}

size_t question_complete(Arena *arena, const Catalog *catalog, const char *line, size_t *from, const char **texts,
                         size_t room) {
    size_t size = strlen(line);
    *from = size;
    /* From the longest run of words to the shortest: a name of three words is found by its first two. */
    for (size_t at = 0; at < size; at++) {
        bool starts = (at == 0 || line[at - 1] == ' ') && line[at] != ' ';
        if (!starts) continue;
        Candidates candidates = {.arena = arena, .begun = line + at, .texts = texts, .room = room};
        offer_names(&candidates, catalog);
        offer_values(&candidates, catalog);
        if (candidates.count == 0) continue;
        *from = at;
        return candidates.count;
    }
    return 0;
}
