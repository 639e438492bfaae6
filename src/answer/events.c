#include "answer/events.h"

#include "answer/cells.h"
#include "answer/contract.h"
#include "answer/describe.h"
#include "answer/display.h"
#include "base/text.h"

/* --- chips --- */

static void add_chip(Json *chips, const char *kind, const char *field, size_t index, const char *text) {
    if (!text) return;
    Json *chip = json_add_object(chips);
    json_put_text(chip, "kind", kind);
    json_put_text(chip, "field", field);
    json_put_integer(chip, "index", (long long)index);
    json_put_text(chip, "text", text);
}

static const char *label_of(const Catalog *catalog, const char *dimension) {
    const CatalogColumn *column = catalog_column(catalog, dimension);
    return column ? column->label : dimension;
}

static const char *span_in_words(Arena *arena, const Catalog *catalog, const PlanTime *time) {
    Day start = DAY_NONE, end = DAY_NONE;
    return describe_span(catalog, time, &start, &end) ? display_period(arena, start, end) : NULL;
}

static void add_period_chips(Arena *arena, const Catalog *catalog, const Plan *plan, Json *chips) {
    if (plan->compare.kind == COMPARE_PERIODS) {
        const char *a = span_in_words(arena, catalog, &plan->compare.a), *b = span_in_words(arena, catalog, &plan->compare.b);
        if (a && b) add_chip(chips, "compare", "compare", 0, arena_printf(arena, "%s against %s", a, b));
        return;
    }
    const bool all = plan->time.start == DAY_NONE && plan->time.end == DAY_NONE;
    add_chip(chips, "period", "time", 0, all ? "all loaded data" : span_in_words(arena, catalog, &plan->time));
}

/* The words of describe_basis(): filters, concepts and thresholds in the order of the plan. */
static void add_condition_chips(Arena *arena, const Catalog *catalog, const Plan *plan, Json *chips) {
    Answer basis = {0};
    describe_basis(arena, catalog, plan, &basis);
    size_t at = 0;
    for (size_t i = 0; i < plan->filter_count && at < basis.filter_count; i++)
        add_chip(chips, "filter", "filters", i, basis.filters[at++]);
    for (size_t i = 0; i < plan->concept_count && at < basis.filter_count; i++)
        add_chip(chips, "concept", "concepts", i, basis.filters[at++]);
    for (size_t i = 0; i < plan->having_count && at < basis.filter_count; i++)
        add_chip(chips, "having", "having", i, basis.filters[at++]);
}

static void put_chips(Arena *arena, Json *object, const Catalog *catalog, const Plan *plan) {
    Json *chips = json_put_array(object, "chips");
    for (size_t i = 0; i < plan->measure_count; i++) {
        const Measure *measure = catalog_measure(catalog, plan->measures[i]);
        add_chip(chips, "measure", "measures", i, measure ? measure->label : plan->measures[i]);
    }
    add_period_chips(arena, catalog, plan, chips);
    for (size_t i = 0; i < plan->group_count; i++)
        add_chip(chips, "group", "group_by", i, arena_printf(arena, "by %s", label_of(catalog, plan->group_by[i])));
    if (plan->grain != GRAIN_NONE)
        add_chip(chips, "grain", "grain", 0, arena_printf(arena, "per %s", plan_grain_name(plan->grain)));
    add_condition_chips(arena, catalog, plan, chips);
    if (plan->rank.present && plan->rank.n)
        add_chip(chips, "rank", "rank", 0,
                 arena_printf(arena, "%s %lld", plan->rank.ascending ? "bottom" : "top", plan->rank.n));
    if (plan->limit) add_chip(chips, "limit", "limit", 0, arena_printf(arena, "at most %lld rows", plan->limit));
}

void answer_tell_understood(Arena *arena, const Catalog *catalog, const Plan *plan, const Answer *answer, AnswerTell *tell,
                            void *door) {
    Json *part = json_make_object(arena);
    json_put_text(part, "question", answer->question);
    json_put_text(part, "paraphrase", plan_paraphrase(arena, catalog, plan));
    json_put(part, "plan", plan_json(arena, plan));
    json_put_text(part, "dataset", catalog->dataset);
    json_put_text(part, "planner", answer->planner);
    put_chips(arena, part, catalog, plan);
    Json *assumed = json_put_array(part, "assumed");
    for (size_t i = 0; i < plan->assumption_count; i++) json_add_text(assumed, plan->assumptions[i].why);
    tell(door, "understood", part);
}

void answer_tell_sql(Arena *arena, const char *sql, const char *dialect, AnswerTell *tell, void *door) {
    if (!sql) return;
    Json *part = json_make_object(arena);
    json_put_text(part, "text", sql);
    json_put_text(part, "dialect", dialect);
    tell(door, "sql", part);
}

/* --- rows --- */

static void put_rows(Arena *arena, Json *part, const Answer *answer, size_t from, size_t to) {
    Json *rows = json_put_array(part, "rows"), *display = json_put_array(part, "display");
    const Table *table = answer->table;
    for (size_t row = from; row < to; row++) {
        Json *cells = json_add_array(rows), *shown = json_add_array(display);
        for (size_t i = 0; i < table->column_count; i++) {
            contract_add_cell(cells, table->columns[i].type, table_cell(table, row, i));
            json_add_text(shown, cells_text(arena, answer, row, i));
        }
    }
}

static void tell_rows(Arena *arena, const Answer *answer, AnswerTell *tell, void *door) {
    if (!answer->table) return;
    bool truncated = false;
    const size_t count = contract_row_count(answer, &truncated);
    Json *head = json_make_object(arena);
    contract_put_columns(head, answer);
    tell(door, "columns", head);
    for (size_t from = 0; from < count; from += EVENT_ROWS) {
        Arena *work = arena_make();
        Json *part = json_make_object(work);
        json_put_integer(part, "offset", (long long)from);
        put_rows(work, part, answer, from, from + EVENT_ROWS < count ? from + EVENT_ROWS : count);
        tell(door, "rows", part);
        arena_free(work);
    }
}

static void tell_sections(Arena *arena, const Answer *answer, AnswerTell *tell, void *door) {
    if (!answer->section_count) return;
    Json *part = json_make_object(arena), *sections = json_put_array(part, "sections");
    for (size_t i = 0; i < answer->section_count; i++) {
        const AnswerSection *section = &answer->sections[i];
        const Answer table = {.table = section->table, .columns = section->columns, .currency = answer->currency};
        Json *object = json_add_object(sections);
        json_put_text(object, "name", section->name);
        json_put_text(object, "title", section->title);
        contract_put_columns(object, &table);
        put_rows(arena, object, &table, 0, section->table->row_count);
    }
    tell(door, "sections", part);
}

/* --- what is said about them --- */

static void tell_chart(Arena *arena, const Answer *answer, AnswerTell *tell, void *door) {
    Json *whole = json_make_object(arena);
    contract_put_chart(whole, answer);
    tell(door, "chart", json_get(whole, "chart"));
}

static void tell_summary(Arena *arena, const Answer *answer, AnswerTell *tell, void *door) {
    Json *part = json_make_object(arena);
    json_put_text(part, "markdown", answer->summary);
    contract_put_facts(part, answer);
    contract_put_basis(part, answer);
    tell(door, "summary", part);
    Json *verify = json_make_object(arena);
    json_put_integer(verify, "numbers", answer->numbers);
    json_put_integer(verify, "verified", answer->numbers_verified);
    json_put_text(verify, "writer", "template");
    tell(door, "verify", verify);
}

static void tell_suggestions(Arena *arena, const Answer *answer, AnswerTell *tell, void *door) {
    if (!answer->suggestion_count && !answer->recommendation_count) return;
    Json *part = json_make_object(arena);
    contract_put_texts(part, "suggestions", answer->suggestions, answer->suggestion_count);
    contract_put_texts(part, "recommendations", answer->recommendations, answer->recommendation_count);
    tell(door, "suggestions", part);
}

static void tell_declined(Arena *arena, const Answer *answer, AnswerTell *tell, void *door) {
    Json *part = json_make_object(arena);
    json_put_text(part, "code", answer->code);
    json_put_text(part, "message", answer->message);
    contract_put_texts(part, "nearest", answer->nearest, answer->nearest_count);
    if (answer->status == ANSWER_CLARIFY) contract_put_alternatives(arena, part, answer);
    contract_put_texts(part, "suggestions", answer->suggestions, answer->suggestion_count);
    contract_put_basis(part, answer);
    tell(door, answer->status == ANSWER_CLARIFY ? "clarify" : "refuse", part);
}

void answer_tell(Arena *arena, const Answer *answer, const Json *conversation, AnswerTell *tell, void *door) {
    bool truncated = false;
    if (answer->status == ANSWER_ANSWERED) {
        tell_rows(arena, answer, tell, door);
        tell_sections(arena, answer, tell, door);
        tell_chart(arena, answer, tell, door);
        tell_summary(arena, answer, tell, door);
        tell_suggestions(arena, answer, tell, door);
    } else {
        tell_declined(arena, answer, tell, door);
    }
    Json *done = json_make_object(arena);
    json_put_text(done, "status", contract_status_name(answer->status));
    json_put_integer(done, "row_count", (long long)contract_row_count(answer, &truncated));
    json_put_bool(done, "truncated", truncated);
    contract_put_timing(done, answer);
    if (conversation) json_put_shared(done, "conversation", conversation);
    tell(door, "done", done);
}
