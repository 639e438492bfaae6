#include "answer/summary.h"

#include <string.h>

#include "answer/describe.h"
#include "answer/display.h"
#include "answer/say.h"
#include "base/text.h"

enum { LEADERS = 3 }; /* rows that a summary names */

/* "the highest is **A** at …, then **B** at … and **C** at …." */
static void add_leaders(Facts *facts, Buffer *out, int column) {
    size_t rows = facts->table->row_count;
    size_t named = rows < LEADERS ? rows : LEADERS;
    const char *word = facts->plan->rank.ascending ? "lowest" : "highest";
    if (rows == 0) return;
    facts_rank(facts, 0, word);
    buffer_printf(out, "he %s is ", word);
    for (size_t row = 0; row < named; row++) {
        if (row) buffer_add(out, row == 1 ? ", then " : " and ");
        say_name(facts, out, row);
        say_value_and_share(facts, out, row, column);
    }
    buffer_add_char(out, '.');
}

/* "Billed cost of **scope** in September 2026 totals $5.00, in 3 services." False when the result has no one total. */
static bool add_total_sentence(Facts *facts, Buffer *out, int column) {
    const Fact *total = facts->catalog->currency_count <= 1 ? facts_total(facts, 0, column) : NULL;
    if (!total) return false;
    buffer_add(out, say_capital(facts->arena, say_label(facts, column)));
    say_scope(facts, out);
    say_period(facts, out);
    buffer_printf(out, " totals %s", total->display);
    if (facts_are_whole(facts) && facts->table->row_count > 1) {
        buffer_add(out, ", in ");
        say_count(facts, out, say_things(facts), "row");
    }
    buffer_add_char(out, '.');
    return true;
}

/* "By billed cost of **scope** in September 2026, " */
static void add_lead(Facts *facts, Buffer *out, int column) {
    buffer_printf(out, "By %s", column >= 0 ? say_label(facts, column) : "share");
    say_scope(facts, out);
    say_period(facts, out);
    buffer_add(out, ", ");
}

/* --- one writer per shape of result --- */

static void write_empty(Facts *facts, Buffer *out) {
    if (facts->plan->intent == INTENT_NEW_GONE) {
        const char *what = facts->plan->agg == AGG_FIRST ? "new" : facts->plan->agg == AGG_LAST ? "gone" : "new or gone";
        buffer_printf(out, "Nothing is %s in %s against %s.", what, say_side(facts, &facts->plan->compare.a, "period"),
                      say_side(facts, &facts->plan->compare.b, "period compared with"));
        return;
    }
    buffer_add(out, "Nothing matches");
    if (!text_equal(facts->scope, "total")) buffer_printf(out, " %s", summary_name(facts->arena, facts->scope));
    say_period(facts, out);
    buffer_add(out, ": there are no rows to show.");
}

/* "line items are", but "number of line items is", "cost per days is". */
static bool is_plural(const char *label) {
    return text_ends(label, "s") && !text_contains_fold(label, " of ") && !text_contains_fold(label, " per ");
}

/* One row without a key: each value column in turn. */
static void write_values(Facts *facts, Buffer *out) {
    bool first = true;
    for (size_t i = 0; i < facts->table->column_count; i++) {
        const CompiledColumn *head = &facts->columns[i];
        bool value =
            head->role == ROLE_MEASURE || head->role == ROLE_COUNT || head->role == ROLE_SHARE || head->role == ROLE_OTHER;
        const Fact *fact = value ? facts_cell(facts, 0, (int)i) : NULL;
        if (!fact) continue;
        buffer_printf(out, "%s%s", first ? "" : " ", say_capital(facts->arena, head->label));
        if (first) say_scope(facts, out);
        if (first) say_period(facts, out);
        buffer_printf(out, " %s %s.", is_plural(head->label) ? "are" : "is", fact->display);
        first = false;
    }
    if (first) buffer_add(out, "There is no value to show for this.");
}

/* "Consumed quantity in September 2026 is shown per unit: different units are never added together." */
static void write_mixed(Facts *facts, Buffer *out, int column) {
    bool currencies = facts_role(facts, ROLE_CURRENCY, NULL) >= 0;
    buffer_add(out, say_capital(facts->arena, say_label(facts, column)));
    say_scope(facts, out);
    say_period(facts, out);
    buffer_printf(out, " is shown per %s: different %s are never added together.", currencies ? "currency" : "unit",
                  currencies ? "currencies" : "units");
}

static void write_currencies(Facts *facts, Buffer *out, int column) {
    buffer_add(out, say_capital(facts->arena, say_label(facts, column)));
    say_scope(facts, out);
    say_period(facts, out);
    buffer_add(out, ",");
    for (size_t row = 0; row < facts->table->row_count && row < LEADERS; row++) {
        const Fact *fact = facts_cell(facts, row, column);
        buffer_add(out, row ? "; in " : " in ");
        say_name(facts, out, row);
        buffer_printf(out, ": %s", fact ? fact->display : "nothing");
    }
    buffer_add(out, ". Currencies are never added together.");
}

static void write_breakdown(Facts *facts, Buffer *out) {
    int column = facts_value_column(facts);
    if (column >= 0 && facts_mix_units(facts)) {
        write_mixed(facts, out, column);
        return;
    }
    if (column < 0 && facts_role(facts, ROLE_SHARE, NULL) < 0) {
        buffer_add(out, facts->table->row_count == 1 ? "There is " : "There are ");
        say_count(facts, out, say_things(facts), "row");
        say_period(facts, out);
        buffer_add_char(out, '.');
        return;
    }
    if (add_total_sentence(facts, out, column)) {
        buffer_add(out, " T");
    } else {
        add_lead(facts, out, column);
        buffer_add_char(out, 't');
    }
    add_leaders(facts, out, column);
}

static void write_series(Facts *facts, Buffer *out) {
    int column = facts_value_column(facts);
    size_t rows = facts->table->row_count;
    if (column < 0) {
        write_breakdown(facts, out);
        return;
    }
    size_t high = facts_extreme_row(facts, column, 1), low = facts_extreme_row(facts, column, -1);
    if (high >= rows || facts_mix_units(facts)) {
        write_breakdown(facts, out);
        return;
    }
    facts_rank(facts, high, "highest");
    facts_rank(facts, low, "lowest");
    if (add_total_sentence(facts, out, column)) {
        buffer_add(out, " T");
    } else {
        add_lead(facts, out, column);
        buffer_add_char(out, 't');
    }
    buffer_add(out, "he highest is ");
    say_name(facts, out, high);
    buffer_printf(out, " at %s", facts_cell(facts, high, column)->display);
    buffer_add(out, ", the lowest ");
    say_name(facts, out, low);
    buffer_printf(out, " at %s.", facts_cell(facts, low, column)->display);
}

static void add_side(Facts *facts, Buffer *out, const PlanTime *side, int column) {
    const Fact *value = facts_cell(facts, 0, column);
    Day start = 0, end = 0;
    bool known = describe_span(facts->catalog, side, &start, &end);
    const char *shown = known ? display_period(facts->arena, start, end) : "no time";
    Fact fact = value ? *value : (Fact){.kind = "value", .value = "0", .unit = "count", .row = 0};
    fact.subject = shown;
    if (value) facts_add(facts, fact);
    buffer_printf(out, "%s was %s", summary_name(facts->arena, shown), value ? value->display : "nothing");
}

/* One row with both sides of two periods. */
static void write_two_periods(Facts *facts, Buffer *out) {
    int column = facts_value_column(facts), before = facts_role(facts, ROLE_BEFORE, NULL);
    buffer_add(out, say_capital(facts->arena, say_label(facts, column)));
    say_scope(facts, out);
    buffer_add(out, " in ");
    add_side(facts, out, &facts->plan->compare.a, column);
    buffer_add(out, ", and in ");
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

/* "Billed cost in **September 2026** totals $5.00, and in **August 2026** $4.00." */
static void add_both_totals(Facts *facts, Buffer *out) {
    const PlanCompare *compare = &facts->plan->compare;
    const char *a = say_side(facts, &compare->a, "period");
    const char *b = say_side(facts, &compare->b, "period compared with");
    int after = facts_value_column(facts), before = facts_role(facts, ROLE_BEFORE, NULL);
    bool one_currency = facts->catalog->currency_count <= 1;
    const Fact *total = one_currency && after >= 0 ? side_total(facts, 0, facts->columns[after].name, a) : NULL;
    const Fact *other = total && before >= 0 ? side_total(facts, 1, facts->columns[before].name, b) : NULL;
    if (total && other)
        buffer_printf(out, " in %s totals %s, and in %s %s.", summary_name(facts->arena, a), total->display,
                      summary_name(facts->arena, b), other->display);
    else
        buffer_printf(out, " in %s is set against %s.", a, b);
}

static bool moved(const Facts *facts, size_t row, int delta, int direction) {
    Decimal change = {0};
    if (!facts_decimal(facts, row, delta, &change) || decimal_is_zero(change)) return false;
    return decimal_is_negative(change) == (direction < 0);
}

static void write_movers(Facts *facts, Buffer *out) {
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

static void write_rows(Facts *facts, Buffer *out) {
    say_count(facts, out, "rows match", "row matches");
    say_period(facts, out);
    buffer_add_char(out, '.');
}

/* "The highest day is **2026-09-05** at $5.00." */
static void write_extreme(Facts *facts, Buffer *out) {
    const char *word = facts->plan->agg == AGG_MINIMUM ? "lowest" : "highest";
    int column = facts_value_column(facts);
    facts_rank(facts, 0, word);
    buffer_printf(out, "The %s %s", word, say_label(facts, column));
    say_period(facts, out);
    buffer_add(out, " is ");
    say_name(facts, out, 0);
    say_value_and_share(facts, out, 0, column);
    buffer_add_char(out, '.');
}

/* "**AmazonRDS** makes up 21.6% of billed cost in September 2026, at $5.00. The whole is $20.00." */
static void write_part(Facts *facts, Buffer *out) {
    int column = facts_value_column(facts);
    const Fact *share = facts_share(facts, 0, column), *value = facts_cell(facts, 0, column);
    const Fact *whole = facts_total(facts, 0, column);
    say_name(facts, out, 0);
    if (share)
        buffer_printf(out, " makes up %s of %s", share->display, say_label(facts, column));
    else
        buffer_printf(out, " has no share of %s, which is zero", say_label(facts, column));
    say_period(facts, out);
    if (value) buffer_printf(out, ", at %s", value->display);
    if (whole && text_equal(facts->scope, "total")) buffer_printf(out, ". The whole is %s", whole->display);
    if (whole && !text_equal(facts->scope, "total"))
        buffer_printf(out, ". The whole, %s, is %s", summary_name(facts->arena, facts->scope), whole->display);
    buffer_add_char(out, '.');
}

static bool passes(const Facts *facts, const PlanHaving *having) {
    static const ColumnRole roles[] = {ROLE_MEASURE, ROLE_DELTA, ROLE_PERCENT, ROLE_SHARE};
    int column = having->on == ON_VALUE ? facts_value_column(facts) : facts_role(facts, roles[having->on], NULL);
    Decimal value = {0}, bound = {0}, upper = {0};
    if (!facts_decimal(facts, 0, column, &value) || !decimal_parse(having->value, &bound)) return false;
    if (having->op == HAVING_ABS_ABOVE && decimal_is_negative(value)) value = decimal_negate(value);
    int order = decimal_compare(value, bound);
    switch (having->op) {
    case HAVING_ABOVE:
    case HAVING_ABS_ABOVE: return order > 0;
    case HAVING_AT_LEAST: return order >= 0;
    case HAVING_BELOW: return order < 0;
    case HAVING_AT_MOST: return order <= 0;
    case HAVING_BETWEEN: return order >= 0 && decimal_parse(having->value2, &upper) && decimal_compare(value, upper) <= 0;
    }
    return false;
}

/* The word that a yes-or-no question wants, where its threshold decides it. */
static void add_yes_or_no(Facts *facts, Buffer *out) {
    const Plan *plan = facts->plan;
    if (!plan->yes_no || plan->having_count == 0) return;
    bool yes = facts->table->row_count > 0;
    for (size_t i = 0; i < plan->having_count && facts->table->row_count == 1; i++)
        yes = yes && passes(facts, &plan->having[i]);
    buffer_add(out, yes ? "Yes. " : "No. ");
}

/* "There are 16 services. **AWSGlue** comes first, on 2018-10-01." */
static void write_first_last(Facts *facts, Buffer *out) {
    buffer_add(out, facts->table->row_count == 1 ? "There is " : "There are ");
    say_count(facts, out, say_things(facts), "row");
    buffer_add(out, ". ");
    for (size_t i = 0, said = 0; i < facts->table->column_count; i++) {
        const Fact *day = facts->columns[i].role == ROLE_OTHER ? facts_cell(facts, 0, (int)i) : NULL;
        if (!day || !text_equal(day->kind, "date")) continue;
        if (said++ == 0) say_name(facts, out, 0);
        buffer_printf(out, "%s has its %s on %s", said == 1 ? "" : ", and", facts->columns[i].label, day->display);
    }
    buffer_add_char(out, '.');
}

/* "In September 2026 against August 2026, 3 services are new." */
static void write_new_gone(Facts *facts, Buffer *out) {
    const PlanCompare *compare = &facts->plan->compare;
    const char *what = facts->plan->agg == AGG_FIRST ? "new" : facts->plan->agg == AGG_LAST ? "gone" : "new or gone";
    bool single = facts->table->row_count == 1;
    buffer_printf(out, "In %s against %s, ", say_side(facts, &compare->a, "period"),
                  say_side(facts, &compare->b, "period compared with"));
    say_count(facts, out, say_things(facts), "value");
    buffer_printf(out, " %s %s", single ? "is" : "are", what);
    size_t named = facts->table->row_count < LEADERS ? facts->table->row_count : LEADERS;
    for (size_t row = 0; row < named; row++) {
        buffer_add(out, row == 0           ? (named < facts->table->row_count ? ", among them " : ": ")
                        : row + 1 == named ? " and "
                                           : ", ");
        say_name(facts, out, row);
    }
    buffer_add_char(out, '.');
}

static void add_caveats(Facts *facts, Buffer *out) {
    const Answer *answer = facts->answer;
    if (facts->table->truncated) buffer_add(out, " More rows exist than are shown.");
    if (answer->period_start && !answer->period_complete && answer->data_through) {
        const char *shown = arena_printf(facts->arena, "%.16s", answer->data_through);
        buffer_printf(out, " The period is not complete: the data ends at %s.",
                      facts_date(facts, "data through", answer->data_through, shown)->display);
    }
}

static bool has_keys(const Facts *facts) {
    return facts_role(facts, ROLE_KEY, NULL) >= 0;
}

static bool has_buckets(const Facts *facts) {
    return facts_role(facts, ROLE_BUCKET, NULL) >= 0;
}

/* Rows that are named: by a key or a period. */
static void write_rows_by_name(Facts *facts, Buffer *out) {
    const Plan *plan = facts->plan;
    bool extreme = plan->intent == INTENT_STAT && (plan->agg == AGG_MAXIMUM || plan->agg == AGG_MINIMUM);
    if (plan->intent == INTENT_NEW_GONE)
        write_new_gone(facts, out);
    else if (plan->intent == INTENT_FIRST_LAST)
        write_first_last(facts, out);
    else if (facts_role(facts, ROLE_DELTA, NULL) >= 0)
        write_movers(facts, out);
    else if (extreme && facts->table->row_count == 1)
        write_extreme(facts, out);
    else if (has_buckets(facts))
        write_series(facts, out);
    else
        write_breakdown(facts, out);
}

static void write_by_shape(Facts *facts, Buffer *out) {
    const Plan *plan = facts->plan;
    bool single = facts->table->row_count == 1;
    if (facts->table->row_count == 0)
        write_empty(facts, out);
    else if (plan->intent == INTENT_DETAIL)
        write_rows(facts, out);
    else if (has_keys(facts) || has_buckets(facts))
        write_rows_by_name(facts, out);
    else if (!single && facts_role(facts, ROLE_CURRENCY, NULL) >= 0)
        write_currencies(facts, out, facts_value_column(facts));
    else if (facts_role(facts, ROLE_DELTA, NULL) >= 0 && plan->compare.kind == COMPARE_PERIODS)
        write_two_periods(facts, out);
    else if (facts->part && single)
        write_part(facts, out);
    else
        write_values(facts, out);
}

const char *summary_write(Facts *facts) {
    Buffer out = {.arena = facts->arena};
    add_yes_or_no(facts, &out);
    write_by_shape(facts, &out);
    add_caveats(facts, &out);
    return text_trim(facts->arena, buffer_text(&out));
}
