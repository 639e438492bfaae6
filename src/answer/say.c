#include "answer/say.h"

#include <ctype.h>
#include <string.h>

#include "answer/describe.h"
#include "answer/display.h"
#include "answer/summary.h"
#include "answer/verify.h"

void say_name(Facts *facts, Buffer *out, size_t row) {
    buffer_add(out, summary_name(facts->arena, facts_subject(facts, row)));
}

char *say_capital(Arena *arena, const char *text) {
    char *copy = arena_text(arena, text);
    if (*copy) copy[0] = (char)toupper((unsigned char)copy[0]);
    return copy;
}

const char *say_label(const Facts *facts, int column) {
    if (column < 0) return "cost";
    const CompiledColumn *head = &facts->columns[column];
    const Measure *measure = head->measure ? catalog_measure(facts->catalog, head->measure) : NULL;
    const char *label = measure && facts->plan->compare.kind == COMPARE_PERIODS ? measure->label : head->label;
    return verify_is_plain(facts->arena, label) ? label : "value";
}

const char *say_preposition(const char *period) {
    enum { ISO_DAY = 10 };
    if (strstr(period, " to ")) return "from";
    return strlen(period) == ISO_DAY && period[4] == '-' ? "on" : "in";
}

const char *say_verb(const char *label) {
    bool plural = text_ends(label, "s") && !text_contains_fold(label, " of ") && !text_contains_fold(label, " per ");
    return plural ? "come to" : "comes to";
}

void say_period(Facts *facts, Buffer *out) {
    const Plan *plan = facts->plan;
    Day start = 0, end = 0;
    if (!describe_period(facts->catalog, plan, &start, &end) || plan->compare.kind == COMPARE_PERIODS) return;
    const char *shown = display_period(facts->arena, start, end);
    const Fact *fact = facts_date(facts, "period", date_text(facts->arena, start), shown);
    if (plan->time.start == DAY_NONE && plan->time.end == DAY_NONE)
        buffer_printf(out, " over everything loaded (%s)", fact->display);
    else
        buffer_printf(out, " %s %s", say_preposition(shown), fact->display);
}

void say_scope(Facts *facts, Buffer *out) {
    if (!text_equal(facts->scope, "total")) buffer_printf(out, " of %s", summary_name(facts->arena, facts->scope));
}

void say_value_and_share(Facts *facts, Buffer *out, size_t row, int column) {
    const Fact *value = facts_cell(facts, row, column);
    const Fact *share = facts_share(facts, row, column);
    if (value) buffer_printf(out, " at %s", value->display);
    if (share && value) buffer_printf(out, " (%s)", share->display);
    if (share && !value) buffer_printf(out, " at %s", share->display);
}

static const char *unsigned_display(const Fact *fact) {
    return fact->display + (*fact->display == '-' || *fact->display == '+');
}

void say_change(Facts *facts, Buffer *out, size_t row) {
    int delta_column = facts_role(facts, ROLE_DELTA, NULL), percent_column = facts_role(facts, ROLE_PERCENT, NULL);
    Decimal change = {0};
    const Fact *delta = facts_cell(facts, row, delta_column);
    const Fact *percent = facts_cell(facts, row, percent_column);
    if (!facts_decimal(facts, row, delta_column >= 0 ? delta_column : percent_column, &change)) return;
    if (decimal_is_zero(change)) {
        buffer_add(out, " did not change");
        return;
    }
    /* Against a cost below zero (credits) a rise has a negative percentage, which nobody understands. */
    if (percent && (*percent->value == '-') != decimal_is_negative(change)) percent = NULL;
    buffer_add(out, decimal_is_negative(change) ? " fell by " : " rose by ");
    if (delta) buffer_add(out, unsigned_display(delta));
    if (delta && percent) buffer_printf(out, " (%s)", unsigned_display(percent));
    if (!delta && percent) buffer_add(out, unsigned_display(percent));
}

const char *say_things(const Facts *facts) {
    const Plan *plan = facts->plan;
    const char *name = plan->group_count == 1 ? plan->group_by[0] : plan->group_count == 0 ? plan->subject : NULL;
    const CatalogColumn *column = name ? catalog_column(facts->catalog, name) : NULL;
    bool buckets = !column && plan->group_count == 0 && facts_role(facts, ROLE_BUCKET, NULL) >= 0 && plan->grain != GRAIN_NONE;
    if (buckets && plan->grain == GRAIN_BILLING_PERIOD) return "billing periods";
    if (buckets) return arena_printf(facts->arena, "%ss", plan_grain_name(plan->grain));
    bool series = plan->group_count > 0 && facts_role(facts, ROLE_BUCKET, NULL) >= 0;
    if (!column || series) return plan->group_count > 1 && !series ? "combinations" : "rows";
    const char *plural = text_is_empty(column->plural) || text_equal(column->plural, "-") ? column->label : column->plural;
    return verify_is_plain(facts->arena, plural) ? plural : "values";
}

bool facts_are_whole(const Facts *facts) {
    return facts->plan->rank.n == 0 && !facts->plan->rank.until && facts->plan->having_count == 0 && !facts->table->truncated;
}

void say_count(Facts *facts, Buffer *out, const char *many, const char *single) {
    const Fact *count = facts_count(facts, (long long)facts->table->row_count, NULL, "rows of the answer");
    buffer_printf(out, "%s %s", count->display, facts->table->row_count == 1 ? single : many);
}

size_t facts_extreme_row(const Facts *facts, int column, int direction) {
    size_t best = facts->table->row_count;
    Decimal value = {0}, found = {0};
    for (size_t row = 0; row < facts->table->row_count; row++) {
        if (!facts_decimal(facts, row, column, &value)) continue;
        if (best < facts->table->row_count && decimal_compare(value, found) * direction <= 0) continue;
        best = row;
        found = value;
    }
    return best;
}

const char *say_side(Facts *facts, const PlanTime *side, const char *subject) {
    Day start = 0, end = 0;
    if (!describe_span(facts->catalog, side, &start, &end)) return "another time";
    const char *shown = display_period(facts->arena, start, end);
    return facts_date(facts, subject, date_text(facts->arena, start), shown)->display;
}

bool facts_mix_units(const Facts *facts) {
    int value = facts_value_column(facts);
    const char *name = value >= 0 ? facts->columns[value].measure : NULL;
    const Measure *measure = name ? catalog_measure(facts->catalog, name) : NULL;
    /* "by unit": each row is a unit of its own. */
    for (size_t i = 0; measure && measure->unit_column && facts->table->row_count > 1 && i < facts->table->column_count; i++)
        if (facts->columns[i].role == ROLE_KEY && text_equal(facts->columns[i].name, measure->unit_column)) return true;
    static const ColumnRole roles[] = {ROLE_UNIT, ROLE_CURRENCY};
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
        int column = facts_role(facts, roles[i], NULL);
        for (size_t row = 1; column >= 0 && row < facts->table->row_count; row++)
            if (!text_equal(table_cell(facts->table, row, (size_t)column), table_cell(facts->table, 0, (size_t)column)))
                return true;
    }
    return false;
}
