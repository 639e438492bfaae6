/* Sentences about change: two periods side by side, what moved, what came and went. */
#include "answer/describe.h"
#include "answer/display.h"
#include "answer/say.h"
#include "answer/summary.h"
#include "base/text.h"

static const char *side_shown(const Facts *facts, const PlanTime *side) {
    Day start = 0, end = 0;
    return describe_span(facts->catalog, side, &start, &end) ? display_period(facts->arena, start, end) : "no time";
}

static void add_side(Facts *facts, Buffer *out, const PlanTime *side, int column) {
    const Fact *value = facts_cell(facts, 0, column);
    const char *shown = side_shown(facts, side);
    Fact fact = value ? *value : (Fact){.kind = "value", .value = "0", .unit = "count", .row = 0};
    fact.subject = shown;
    if (value) facts_add(facts, fact);
    buffer_printf(out, "%s was %s", summary_name(facts->arena, shown), value ? value->display : "nothing");
}

/* One row with both sides of two periods. */
void summary_two_periods(Facts *facts, Buffer *out) {
    int column = facts_value_column(facts), before = facts_role(facts, ROLE_BEFORE, NULL);
    buffer_add(out, say_capital(facts->arena, say_label(facts, column)));
    say_scope(facts, out);
    buffer_printf(out, " %s ", say_preposition(side_shown(facts, &facts->plan->compare.a)));
    add_side(facts, out, &facts->plan->compare.a, column);
    buffer_printf(out, ", and %s ", say_preposition(side_shown(facts, &facts->plan->compare.b)));
    add_side(facts, out, &facts->plan->compare.b, before);
    buffer_add(out, ". It");
    say_change(facts, out, 0);
    buffer_add_char(out, '.');
}

/* "**A** rose by … (…), from … to …" */
static void add_mover(Facts *facts, Buffer *out, size_t row) {
    const Fact *after = facts_cell(facts, row, facts_value_column(facts));
    const Fact *before = facts_cell(facts, row, facts_role(facts, ROLE_BEFORE, NULL));
    say_name(facts, out, row);
    say_change(facts, out, row);
    if (before && after) buffer_printf(out, ", from %s to %s", before->display, after->display);
}

/* The total of one side beside every row; `index` counts the hidden totals: the current side's, then the other's. */
static const Fact *side_total(Facts *facts, size_t index, const char *column, const char *subject) {
    size_t seen = 0;
    for (size_t i = 0; i < facts->table->column_count; i++) {
        const char *cell = facts->columns[i].role == ROLE_TOTAL ? table_cell(facts->table, 0, i) : NULL;
        if (facts->columns[i].role != ROLE_TOTAL || seen++ < index) continue;
        if (!cell) return NULL;
        return facts_add(facts, (Fact){.kind = "total",
                                       .subject = subject,
                                       .value = cell,
                                       .unit = facts_unit(facts, 0, facts_value_column(facts)),
                                       .row = -1,
                                       .column = column,
                                       .formula = "sum over all rows of this period"});
    }
    return NULL;
}

/* "Billed cost in **September 2026** comes to $5.00, and in **August 2026** $4.00." */
static void add_both_totals(Facts *facts, Buffer *out) {
    const PlanCompare *compare = &facts->plan->compare;
    const char *a = say_side(facts, &compare->a, "period");
    const char *b = say_side(facts, &compare->b, "period compared with");
    int after = facts_value_column(facts), before = facts_role(facts, ROLE_BEFORE, NULL);
    bool one_currency = facts->catalog->currency_count <= 1;
    const Fact *total = one_currency && after >= 0 ? side_total(facts, 0, facts->columns[after].name, a) : NULL;
    const Fact *other = total && before >= 0 ? side_total(facts, 1, facts->columns[before].name, b) : NULL;
    if (total && other)
        buffer_printf(out, " %s %s comes to %s, and %s %s to %s.", say_preposition(a), summary_name(facts->arena, a),
                      total->display, say_preposition(b), summary_name(facts->arena, b), other->display);
    else
        buffer_printf(out, " %s %s is set against %s.", say_preposition(a), a, b);
}

static bool moved(const Facts *facts, size_t row, int delta, int direction) {
    Decimal change = {0};
    if (!facts_decimal(facts, row, delta, &change) || decimal_is_zero(change)) return false;
    return decimal_is_negative(change) == (direction < 0);
}

void summary_movers(Facts *facts, Buffer *out) {
    int delta = facts_role(facts, ROLE_DELTA, NULL);
    size_t up = facts_extreme_row(facts, delta, 1), down = facts_extreme_row(facts, delta, -1);
    size_t both[] = {up, down};
    buffer_add(out, say_capital(facts->arena, say_label(facts, facts_value_column(facts))));
    say_scope(facts, out);
    if (facts->plan->compare.kind == COMPARE_PERIODS)
        add_both_totals(facts, out);
    else
        buffer_add(out, " is compared.");
    for (size_t i = 0; i < 2; i++) {
        if (!moved(facts, both[i], delta, i == 0 ? 1 : -1)) continue;
        buffer_add_char(out, ' ');
        add_mover(facts, out, both[i]);
        buffer_add_char(out, '.');
    }
}

/* "In September 2026 against August 2026, 3 services are new." */
void summary_new_gone(Facts *facts, Buffer *out) {
    const PlanCompare *compare = &facts->plan->compare;
    const char *what = facts->plan->agg == AGG_FIRST ? "new" : facts->plan->agg == AGG_LAST ? "gone" : "new or gone";
    bool single = facts->table->row_count == 1;
    buffer_printf(out, "In %s against %s, ", say_side(facts, &compare->a, "period"),
                  say_side(facts, &compare->b, "period compared with"));
    say_count(facts, out, say_things(facts), "value");
    buffer_printf(out, " %s %s", single ? "is" : "are", what);
    size_t named = facts->table->row_count < SUMMARY_LEADERS ? facts->table->row_count : SUMMARY_LEADERS;
    for (size_t row = 0; row < named; row++) {
        buffer_add(out, row == 0           ? (named < facts->table->row_count ? ", among them " : ": ")
                        : row + 1 == named ? " and "
                                           : ", ");
        say_name(facts, out, row);
    }
    buffer_add_char(out, '.');
}

/* The name of the row that the plan claims something about; NULL when the plan compares other things, as a follow-up may. */
static const char *claimed_name(const Facts *facts) {
    const Plan *plan = facts->plan;
    if (plan->compare.kind == COMPARE_CALENDAR) return plan->claimed;
    for (size_t i = 0; i < plan->concept_count; i++)
        if (text_equal(plan->concepts[i].id, plan->claimed)) return catalog_concept(facts->catalog, plan->claimed)->label;
    for (size_t i = 0; i < plan->filter_count; i++)
        for (size_t v = 0; plan->filters[i].op == FILTER_IN && v < plan->filters[i].value_count; v++)
            if (text_equal(plan->filters[i].values[v], plan->claimed)) return plan->claimed;
    return NULL;
}

bool summary_claim_order(const Facts *facts, int *out) {
    const Plan *plan = facts->plan;
    const Table *table = facts->table;
    Decimal sides[2] = {0}, value = {0};
    if (plan->intent != INTENT_COMPARE || plan->claim == CLAIM_NONE || plan->grain != GRAIN_NONE) return false;
    if (facts->catalog->currency_count > 1 || facts_mix_units(facts)) return false;
    if (plan->compare.kind == COMPARE_PERIODS) {
        if (table->row_count != 1 || !facts_decimal(facts, 0, facts_role(facts, ROLE_DELTA, NULL), &value)) return false;
        *out = decimal_is_zero(value) ? 0 : decimal_is_negative(value) ? -1 : 1;
        return true;
    }
    /* A side without lines has no row: it comes to nothing. */
    int key = facts_role(facts, ROLE_KEY, NULL), column = facts_value_column(facts);
    const char *claimed = plan->claimed ? claimed_name(facts) : NULL;
    if (key < 0 || table->row_count == 0 || table->row_count > 2 || !claimed || plan->group_count) return false;
    for (size_t row = 0; row < table->row_count; row++) {
        const bool other = !text_equal(table_cell(table, row, (size_t)key), claimed);
        if (!facts_decimal(facts, row, column, &value) || !decimal_add(sides[other], value, &sides[other])) return false;
    }
    *out = decimal_compare(sides[0], sides[1]);
    return true;
}
