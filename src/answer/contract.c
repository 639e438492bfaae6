/* The JSON object that programs read; its keys and their order are a contract (docs/commands.md). */
#include "answer/contract.h"

#include "answer/answer.h"
#include "base/text.h"

const char *contract_status_name(AnswerStatus status) {
    static const char *const names[] = {"answered", "clarify", "refused", "error"};
    return names[status];
}

static const char *column_type(const Answer *answer, size_t column) {
    const CompiledColumn *head = answer->columns ? &answer->columns[column] : NULL;
    if (head && (head->role == ROLE_PERCENT || head->role == ROLE_SHARE || text_equal(head->unit, "percent"))) return "percent";
    return table_type_name(answer->table->columns[column].type);
}

void contract_put_columns(Json *root, const Answer *answer) {
    Json *columns = json_put_array(root, "columns");
    for (size_t i = 0; answer->table && i < answer->table->column_count; i++) {
        Json *column = json_add_object(columns);
        json_put_text(column, "name", answer->table->columns[i].name);
        json_put_text(column, "type", column_type(answer, i));
        const char *unit = answer->columns ? answer->columns[i].unit : NULL;
        if (text_equal(unit, "currency")) unit = answer->currency;
        json_put_text(column, "unit", unit);
        if (answer->columns) json_put_text(column, "label", answer->columns[i].label);
    }
}

void contract_add_cell(Json *row, CellType type, const char *cell) {
    if (!cell)
        json_add_null(row);
    else if (type == CELL_BOOLEAN)
        json_add_bool(row, text_equal(cell, "true"));
    else if (type == CELL_DECIMAL || type == CELL_INTEGER)
        json_add_number(row, cell);
    else
        json_add_text(row, cell);
}

size_t contract_row_count(const Answer *answer, bool *truncated) {
    size_t count = answer->table ? answer->table->row_count : 0;
    bool cut = answer->row_limit && count > answer->row_limit;
    *truncated = cut || (answer->table && answer->table->truncated);
    return cut ? answer->row_limit : count;
}

static void put_rows(Json *root, const Answer *answer) {
    Json *rows = json_put_array(root, "rows");
    const Table *table = answer->table;
    bool truncated = false;
    size_t count = contract_row_count(answer, &truncated);
    for (size_t row = 0; row < count; row++) {
        Json *cells = json_add_array(rows);
        for (size_t i = 0; i < table->column_count; i++)
            contract_add_cell(cells, table->columns[i].type, table_cell(table, row, i));
    }
    json_put_integer(root, "row_count", (long long)count);
    json_put_bool(root, "truncated", truncated);
}

/* Tables below the answer: what it consists of. */
static void put_sections(Json *root, const Answer *answer) {
    Json *sections = answer->section_count ? json_put_array(root, "sections") : NULL;
    for (size_t i = 0; i < answer->section_count; i++) {
        const AnswerSection *section = &answer->sections[i];
        Answer part = {.table = section->table, .columns = section->columns, .currency = answer->currency};
        Json *object = json_add_object(sections);
        json_put_text(object, "name", section->name);
        json_put_text(object, "title", section->title);
        contract_put_columns(object, &part);
        put_rows(object, &part);
    }
}

void contract_put_texts(Json *object, const char *key, const char *const *texts, size_t count) {
    Json *array = json_put_array(object, key);
    for (size_t i = 0; i < count; i++) json_add_text(array, texts[i]);
}

void contract_put_basis(Json *root, const Answer *answer) {
    Json *basis = json_put_object(root, "basis");
    json_put_text(basis, "measure", answer->measure);
    if (answer->period_start) {
        Json *period = json_put_object(basis, "period");
        json_put_text(period, "start", answer->period_start);
        json_put_text(period, "end", answer->period_end);
        json_put_bool(period, "complete", answer->period_complete);
    } else {
        json_put_null(basis, "period");
    }
    if (answer->compared_start) {
        Json *compared = json_put_object(basis, "compared_with");
        json_put_text(compared, "start", answer->compared_start);
        json_put_text(compared, "end", answer->compared_end);
    }
    contract_put_texts(basis, "filters", answer->filters, answer->filter_count);
    contract_put_texts(basis, "assumed", answer->assumed, answer->assumed_count);
    contract_put_texts(basis, "warnings", answer->warnings, answer->warning_count);
    json_put_text(basis, "currency", answer->currency);
    json_put_text(basis, "as_of", answer->as_of);
    json_put_text(basis, "data_through", answer->data_through);
    json_put_text(basis, "source", answer->source);
}

void contract_put_facts(Json *root, const Answer *answer) {
    Json *facts = json_put_array(root, "facts");
    for (size_t i = 0; i < answer->fact_count; i++) {
        const Fact *fact = &answer->facts[i];
        Json *object = json_add_object(facts);
        json_put_text(object, "id", fact->id);
        json_put_text(object, "kind", fact->kind);
        json_put_text(object, "subject", fact->subject);
        json_put_text(object, "period", fact->period);
        if (text_equal(fact->unit, "date"))
            json_put_text(object, "value", fact->value);
        else
            json_put_number(object, "value", fact->value);
        json_put_text(object, "unit", fact->unit);
        json_put_text(object, "display", fact->display);
        json_put_integer(object, "row", fact->row);
        json_put_text(object, "column", fact->column);
        json_put_text(object, "formula", fact->formula);
    }
}

static void put_verified(Json *root, const Answer *answer) {
    Json *verified = json_put_object(root, "verified");
    json_put_integer(verified, "numbers", answer->numbers);
    json_put_integer(verified, "verified", answer->numbers_verified);
    json_put_text(verified, "writer", "template");
}

void contract_put_chart(Json *root, const Answer *answer) {
    Json *chart = json_put_object(root, "chart");
    json_put_text(chart, "kind", answer->chart.kind ? answer->chart.kind : "table");
    json_put_text(chart, "x", answer->chart.x);
    contract_put_texts(chart, "y", answer->chart.y, answer->chart.y_count);
    json_put_text(chart, "series", answer->chart.series);
}

static void put_reason(Json *root, const Answer *answer) {
    if (!answer->message) {
        json_put_null(root, "reason");
        return;
    }
    Json *reason = json_put_object(root, "reason");
    json_put_text(reason, "code", answer->code);
    json_put_text(reason, "message", answer->message);
    contract_put_texts(reason, "nearest", answer->nearest, answer->nearest_count);
}

void contract_put_alternatives(Arena *arena, Json *root, const Answer *answer) {
    Json *alternatives = json_put_array(root, "alternatives");
    for (size_t i = 0; i < answer->alternative_count; i++) {
        Json *object = json_add_object(alternatives);
        json_put_text(object, "paraphrase", answer->alternative_paraphrases[i]);
        json_put(object, "plan", plan_json(arena, answer->alternative_plans[i]));
    }
}

void contract_put_timing(Json *root, const Answer *answer) {
    enum { PLACES = 3 }; /* microseconds */
    if (answer->log_id) json_put_text(root, "id", answer->log_id);
    if (answer->reused_from) json_put_text(root, "reused_from", answer->reused_from);
    Json *timing = json_put_object(root, "timing_ms");
    for (size_t i = 0; i < answer->step_count; i++) json_put_double(timing, answer->steps[i].name, answer->steps[i].ms, PLACES);
    json_put_double(timing, "plan", answer->plan_ms, PLACES);
    json_put_double(timing, "execute", answer->execute_ms, PLACES);
    json_put_double(timing, "total", answer->total_ms, PLACES);
}

Json *answer_json(Arena *arena, const Answer *answer) {
    Json *root = json_make_object(arena);
    json_put_text(root, "status", contract_status_name(answer->status));
    json_put_text(root, "question", answer->question);
    json_put_text(root, "paraphrase", answer->paraphrase);
    if (answer->plan)
        json_put(root, "plan", plan_json(arena, answer->plan));
    else
        json_put_null(root, "plan");
    json_put_text(root, "sql", answer->sql);
    json_put_text(root, "dialect", answer->dialect);
    json_put_text(root, "planner", answer->planner);
    contract_put_columns(root, answer);
    put_rows(root, answer);
    contract_put_basis(root, answer);
    json_put_text(root, "summary", answer->summary);
    contract_put_facts(root, answer);
    put_verified(root, answer);
    contract_put_chart(root, answer);
    put_sections(root, answer);
    contract_put_texts(root, "recommendations", answer->recommendations, answer->recommendation_count);
    contract_put_texts(root, "suggestions", answer->suggestions, answer->suggestion_count);
    put_reason(root, answer);
    contract_put_alternatives(arena, root, answer);
    contract_put_timing(root, answer);
    return root;
}
