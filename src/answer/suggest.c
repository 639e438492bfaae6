#include "answer/suggest.h"

#include "base/text.h"

enum { SUGGESTIONS = 3 };

static bool is_asked(Arena *arena, const Answer *answer, const char *question) {
    const char *key = text_name_key(arena, question);
    if (answer->question && text_equal(key, text_name_key(arena, answer->question))) return true;
    for (size_t i = 0; i < answer->suggestion_count; i++)
        if (text_equal(key, text_name_key(arena, answer->suggestions[i]))) return true;
    return false;
}

static void add(Arena *arena, Answer *answer, const char *question) {
    if (answer->suggestion_count < SUGGESTIONS && !is_asked(arena, answer, question))
        answer->suggestions[answer->suggestion_count++] = question;
}

/* The first row of a breakdown by service or account, opened up by another dimension. */
static const char *open_first_row(Arena *arena, const Catalog *catalog, const Answer *answer) {
    const Plan *plan = answer->plan;
    if (!plan || !answer->table || answer->table->row_count < 2 || plan->group_count != 1) return NULL;
    bool service = text_equal(plan->group_by[0], "ServiceName");
    const char *by = service ? "x_UsageType" : "ServiceName";
    const CatalogColumn *column = catalog_column(catalog, by);
    bool account = text_equal(plan->group_by[0], "SubAccountId");
    int key = table_find(answer->table, plan->group_by[0]);
    const char *value = key >= 0 ? table_cell(answer->table, 0, (size_t)key) : NULL;
    if ((!service && !account) || !column || column->distinct < 2 || text_is_empty(value)) return NULL;
    return arena_printf(arena, "%s%s cost by %s", account ? "account " : "", text_printable(arena, value), column->label);
}

void suggest_next(Arena *arena, const Catalog *catalog, Answer *answer) {
    answer->suggestions = arena_array(arena, SUGGESTIONS, sizeof *answer->suggestions);
    const char *first = open_first_row(arena, catalog, answer);
    if (first) add(arena, answer, first);
    const char **questions = NULL;
    size_t count = 0;
    catalog_questions(arena, catalog, &questions, &count);
    for (size_t i = 0; i < count; i++) add(arena, answer, questions[i]);
}
