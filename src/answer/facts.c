#include "answer/facts.h"

#include <string.h>

#include "answer/cells.h"
#include "answer/display.h"
#include "base/text.h"

int facts_role(const Facts *facts, ColumnRole role, const char *measure) {
    for (size_t i = 0; facts->table && i < facts->table->column_count; i++)
        if (facts->columns[i].role == role && (!measure || text_equal(facts->columns[i].measure, measure))) return (int)i;
    return -1;
}

int facts_value_column(const Facts *facts) {
    int measure = facts_role(facts, ROLE_MEASURE, NULL);
    return measure >= 0 ? measure : facts_role(facts, ROLE_COUNT, NULL);
}

static bool is_tag_column(const Facts *facts, const char *name) {
    const CatalogColumn *column = catalog_column(facts->catalog, name);
    return column && column->class == CLASS_TAG;
}

static void add_part(Buffer *out, const char *part) {
    if (out->size) buffer_add(out, " / ");
    buffer_add(out, part);
}

/* A key with the companion that follows it: "lumenpay-prod (222233334444)". */
static char *key_text(const Facts *facts, size_t row, size_t column) {
    const char *name =
        display_name(facts->arena, table_cell(facts->table, row, column), is_tag_column(facts, facts->columns[column].name));
    bool followed = column + 1 < facts->table->column_count && facts->columns[column + 1].role == ROLE_COMPANION;
    const char *companion = followed ? table_cell(facts->table, row, column + 1) : NULL;
    if (text_is_empty(companion)) return arena_text(facts->arena, name);
    return arena_printf(facts->arena, "%s (%s)", text_printable(facts->arena, companion), name);
}

static Grain bucket_grain(const Plan *plan) {
    return plan->grain != GRAIN_NONE ? plan->grain : plan->agg_grain;
}

const char *facts_subject(Facts *facts, size_t row) {
    Buffer out = {.arena = facts->arena};
    for (size_t i = 0; i < facts->table->column_count; i++) {
        const char *cell = table_cell(facts->table, row, i);
        if (facts->columns[i].role == ROLE_KEY) add_part(&out, key_text(facts, row, i));
        if (facts->columns[i].role == ROLE_BUCKET)
            add_part(&out, display_bucket(facts->arena, cell, bucket_grain(facts->plan)));
        if (facts->columns[i].role == ROLE_CURRENCY && facts->catalog->currency_count > 1 && cell)
            add_part(&out, display_name(facts->arena, cell, false));
    }
    if (out.size) return arena_text(facts->arena, buffer_text(&out));
    return facts->part ? facts->part : facts->scope;
}

static const char *role_cell(const Facts *facts, size_t row, ColumnRole role) {
    int column = facts_role(facts, role, NULL);
    return column >= 0 && row < facts->table->row_count ? table_cell(facts->table, row, (size_t)column) : NULL;
}

static bool counts_money(const Facts *facts, const CompiledColumn *column) {
    const Measure *measure = column->measure ? catalog_measure(facts->catalog, column->measure) : NULL;
    return measure && text_equal(measure->unit, "currency");
}

const char *facts_unit(const Facts *facts, size_t row, int column) {
    const CompiledColumn *head = &facts->columns[column];
    if (head->role == ROLE_PERCENT || head->role == ROLE_SHARE) return "percent";
    if (head->unit && !text_equal(head->unit, "currency")) return head->unit;
    if (head->role == ROLE_COUNT) return "count";
    if (head->unit || counts_money(facts, head)) {
        const char *currency = role_cell(facts, row, ROLE_CURRENCY);
        if (currency) return currency;
        return facts->catalog->currency_count == 1 ? facts->catalog->currencies[0] : NULL;
    }
    return role_cell(facts, row, ROLE_UNIT);
}

bool facts_decimal(const Facts *facts, size_t row, int column, Decimal *out) {
    if (column < 0 || row >= facts->table->row_count) return false;
    const char *cell = table_cell(facts->table, row, (size_t)column);
    return cell && decimal_parse(cell, out);
}

static bool same_fact(const Fact *a, const Fact *b) {
    return text_equal(a->kind, b->kind) && text_equal(a->subject, b->subject) && text_equal(a->value, b->value) &&
           text_equal(a->unit, b->unit) && text_equal(a->display, b->display) && a->row == b->row &&
           text_equal(a->column, b->column);
}

const Fact *facts_add(Facts *facts, Fact fact) {
    Answer *answer = facts->answer;
    bool change = text_equal(fact.kind, "delta") || text_equal(fact.kind, "percent");
    if (!fact.display) fact.display = display_number(facts->arena, fact.value, fact.unit, (DisplayForm){.sign = change});
    if (!fact.period) fact.period = facts->period;
    fact.value = cells_exact(facts->arena, fact.value, CELL_DECIMAL);
    for (size_t i = 0; i < answer->fact_count; i++)
        if (same_fact(&answer->facts[i], &fact)) return &answer->facts[i];
    if (answer->fact_count == facts->room) {
        size_t room = facts->room ? facts->room * 2 : 16;
        answer->facts = arena_grow(facts->arena, answer->facts, facts->room * sizeof fact, room * sizeof fact);
        facts->room = room;
    }
    fact.id = arena_printf(facts->arena, "f%zu", answer->fact_count + 1);
    answer->facts[answer->fact_count] = fact;
    return &answer->facts[answer->fact_count++];
}

static const char *value_kind(const Facts *facts, ColumnRole role) {
    switch (role) {
    case ROLE_DELTA: return "delta";
    case ROLE_PERCENT: return "percent";
    case ROLE_SHARE: return "share";
    case ROLE_TOTAL: return "total";
    case ROLE_COUNT: return "count";
    default: break;
    }
    if (role != ROLE_MEASURE) return "value";
    switch (facts->plan->agg) {
    case AGG_AVERAGE: return "average";
    case AGG_MAXIMUM: return "maximum";
    case AGG_MINIMUM: return "minimum";
    default: return "value";
    }
}

static const char *period_key(Arena *arena, const PlanTime *time) {
    if (time->start == DAY_NONE) return NULL;
    return arena_printf(arena, "%s..%s", date_text(arena, time->start), date_text(arena, time->end));
}

const Fact *facts_cell(Facts *facts, size_t row, int column) {
    if (column < 0 || row >= facts->table->row_count) return NULL;
    const char *cell = table_cell(facts->table, row, (size_t)column);
    if (!cell) return NULL;
    const CompiledColumn *head = &facts->columns[column];
    CellType type = facts->table->columns[column].type;
    Fact fact = {.subject = facts_subject(facts, row), .value = cell, .row = (long)row, .column = head->name};
    if (type == CELL_DATE || type == CELL_TIMESTAMP) {
        fact.kind = "date";
        fact.unit = "date";
        fact.display = type == CELL_DATE ? text_printable(facts->arena, cell) : arena_printf(facts->arena, "%.16s", cell);
        return facts_add(facts, fact);
    }
    fact.kind = value_kind(facts, head->role);
    fact.unit = facts_unit(facts, row, column);
    if (facts->plan->compare.kind == COMPARE_PERIODS && head->role == ROLE_BEFORE)
        fact.period = period_key(facts->arena, &facts->plan->compare.b);
    if (facts->plan->compare.kind == COMPARE_PERIODS && head->role == ROLE_MEASURE)
        fact.period = period_key(facts->arena, &facts->plan->compare.a);
    return facts_add(facts, fact);
}

/* One total stands beside every row; where rows have different ones, these are of their buckets. */
static bool is_grand_total(const Facts *facts, int column) {
    for (size_t row = 1; row < facts->table->row_count; row++)
        if (!text_equal(table_cell(facts->table, row, (size_t)column), table_cell(facts->table, 0, (size_t)column)))
            return false;
    return true;
}

const Fact *facts_total(Facts *facts, size_t row, int value_column) {
    if (value_column < 0 || row >= facts->table->row_count) return NULL;
    const CompiledColumn *value = &facts->columns[value_column];
    int total = facts_role(facts, ROLE_TOTAL, value->measure);
    if (total < 0 || !is_grand_total(facts, total)) return NULL;
    const char *cell = table_cell(facts->table, row, (size_t)total);
    if (!cell) return NULL;
    return facts_add(facts,
                     (Fact){.kind = "total",
                            .subject = facts->scope,
                            .value = cell,
                            .unit = facts_unit(facts, row, value_column),
                            .row = -1,
                            .column = value->name,
                            .formula = arena_printf(facts->arena, "sum of %s", value->measure ? value->measure : value->name)});
}

const Fact *facts_share(Facts *facts, size_t row, int value_column) {
    int share = facts_role(facts, ROLE_SHARE, NULL);
    if (share >= 0) return facts_cell(facts, row, share);
    Decimal value = {0}, total = {0}, ratio = {0};
    int total_column = value_column < 0 ? -1 : facts_role(facts, ROLE_TOTAL, facts->columns[value_column].measure);
    if (!facts_decimal(facts, row, value_column, &value) || !facts_decimal(facts, row, total_column, &total)) return NULL;
    if (decimal_is_zero(total) || decimal_is_negative(total) || !decimal_divide(value, total, 8, &ratio)) return NULL;
    return facts_add(facts, (Fact){.kind = "share",
                                   .subject = facts_subject(facts, row),
                                   .value = decimal_text(facts->arena, decimal_shift(ratio, 2)),
                                   .unit = "percent",
                                   .row = (long)row,
                                   .column = facts->columns[value_column].name,
                                   .formula = "value / total"});
}

const Fact *facts_count(Facts *facts, long long count, const char *column, const char *formula) {
    return facts_add(facts, (Fact){.kind = "count",
                                   .subject = facts->scope,
                                   .value = arena_printf(facts->arena, "%lld", count),
                                   .unit = "count",
                                   .row = -1,
                                   .column = column,
                                   .formula = formula});
}

const Fact *facts_date(Facts *facts, const char *subject, const char *value, const char *display) {
    return facts_add(facts,
                     (Fact){.kind = "date", .subject = subject, .value = value, .unit = "date", .display = display, .row = -1});
}

void facts_rank(Facts *facts, size_t row, const char *word) {
    bool last = text_equal(word, "lowest") || text_equal(word, "smallest");
    int value = facts_value_column(facts);
    facts_add(facts, (Fact){.kind = "rank",
                            .subject = facts_subject(facts, row),
                            .value = last ? "-1" : "1",
                            .unit = "rank",
                            .display = word,
                            .row = (long)row,
                            .column = value >= 0 ? facts->columns[value].name : NULL,
                            .formula = last ? "last by value" : "first by value"});
}
