#include "answer/summary.h"

#include <string.h>

#include "answer/describe.h"
#include "answer/display.h"
#include "answer/say.h"
#include "answer/verify.h"
#include "base/text.h"

/* "the highest is **A** at …, then **B** at … and **C** at …." */
static void add_leaders(Facts *facts, Buffer *out, int column) {
    size_t rows = facts->table->row_count;
    size_t named = rows < SUMMARY_LEADERS ? rows : SUMMARY_LEADERS;
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

/* "Billed cost of **scope** in September 2026 comes to $5.00, in 3 services." False when the result has no one total. */
static bool add_total_sentence(Facts *facts, Buffer *out, int column) {
    const Fact *total = facts->catalog->currency_count <= 1 ? facts_total(facts, 0, column) : NULL;
    if (!total) return false;
    buffer_add(out, say_capital(facts->arena, say_label(facts, column)));
    say_scope(facts, out);
    say_period(facts, out);
    buffer_printf(out, " %s %s", say_verb(say_label(facts, column)), total->display);
    if (facts_are_whole(facts) && facts->table->row_count > 1) {
        buffer_add(out, ", in ");
        say_count(facts, out, say_things(facts), "row");
    }
    buffer_add_char(out, '.');
    return true;
}

/* "By billed cost of **scope** in September 2026, " */
static void add_lead(Facts *facts, Buffer *out, int column) {
    bool shares = facts->part != NULL;
    buffer_printf(out, "By %s%s", shares ? "share of " : "", column >= 0 ? say_label(facts, column) : "cost");
    if (shares) buffer_printf(out, " that is %s", summary_name(facts->arena, facts->part));
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
        const char *label = verify_is_plain(facts->arena, head->label) ? head->label : "value";
        buffer_printf(out, "%s%s", first ? "" : " ", say_capital(facts->arena, label));
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
    for (size_t row = 0; row < facts->table->row_count && row < SUMMARY_LEADERS; row++) {
        const Fact *fact = facts_cell(facts, row, column);
        buffer_add(out, row ? "; in " : " in ");
        say_name(facts, out, row);
        buffer_printf(out, ": %s", fact ? fact->display : "nothing");
    }
    buffer_add(out, facts->table->row_count > 1 ? ". Currencies are never added together." : ".");
}

static void write_count(Facts *facts, Buffer *out) {
    buffer_add(out, facts->table->row_count == 1 ? "There is " : "There are ");
    say_count(facts, out, say_things(facts), "row");
    say_period(facts, out);
    buffer_add_char(out, '.');
}

static void write_breakdown(Facts *facts, Buffer *out) {
    int column = facts_value_column(facts);
    if (column >= 0 && facts_mix_units(facts)) {
        write_mixed(facts, out, column);
        return;
    }
    if (column < 0 && facts_role(facts, ROLE_SHARE, NULL) < 0) {
        write_count(facts, out);
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

static bool has_two_values(const Facts *facts, int column, size_t high, size_t low) {
    Decimal most = {0}, least = {0};
    return facts_decimal(facts, high, column, &most) && facts_decimal(facts, low, column, &least) &&
           decimal_compare(most, least) != 0;
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
    bool total = add_total_sentence(facts, out, column);
    /* Rows in order of time that were cut somewhere do not show which one is the highest of all. */
    if (facts->table->truncated || !has_two_values(facts, column, high, low)) {
        if (!total) write_count(facts, out);
        return;
    }
    facts_rank(facts, high, "highest");
    facts_rank(facts, low, "lowest");
    if (!total) add_lead(facts, out, column);
    buffer_add(out, total ? " The highest is " : "the highest is ");
    say_name(facts, out, high);
    buffer_printf(out, " at %s", facts_cell(facts, high, column)->display);
    buffer_add(out, ", the lowest ");
    say_name(facts, out, low);
    buffer_printf(out, " at %s.", facts_cell(facts, low, column)->display);
}

/* "By **2026-09-30** the running total of billed cost in September 2026 reaches $5.00." */
static void write_cumulative(Facts *facts, Buffer *out) {
    int column = facts_value_column(facts);
    size_t last = facts->table->row_count - 1;
    const Fact *value = facts_cell(facts, last, column);
    buffer_add(out, "By ");
    say_name(facts, out, last);
    buffer_printf(out, " the %s", say_label(facts, column));
    say_period(facts, out);
    buffer_printf(out, " reaches %s.", value ? value->display : "nothing");
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

/* The word that a yes-or-no question wants, where its threshold or what it claims decides it. */
static void add_yes_or_no(Facts *facts, Buffer *out) {
    const Plan *plan = facts->plan;
    if (!plan->yes_no) return;
    if (plan->having_count == 0) {
        int order = 0;
        if (!summary_claim_order(facts, &order)) return;
        bool holds = plan->claim == CLAIM_MORE ? order > 0 : plan->claim == CLAIM_LESS ? order < 0 : order != 0;
        buffer_add(out, holds ? "Yes. " : "No. ");
        return;
    }
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
        summary_new_gone(facts, out);
    else if (plan->intent == INTENT_FIRST_LAST)
        write_first_last(facts, out);
    else if (facts_role(facts, ROLE_DELTA, NULL) >= 0)
        summary_movers(facts, out);
    else if (extreme && facts->table->row_count == 1)
        write_extreme(facts, out);
    else if (has_buckets(facts) && plan->agg == AGG_CUMULATIVE && plan->group_count == 0)
        write_cumulative(facts, out);
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
    else if (facts_role(facts, ROLE_CURRENCY, NULL) >= 0 && facts->catalog->currency_count > 1)
        write_currencies(facts, out, facts_value_column(facts));
    else if (facts_role(facts, ROLE_DELTA, NULL) >= 0 && plan->compare.kind == COMPARE_PERIODS)
        summary_two_periods(facts, out);
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
