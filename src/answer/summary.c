#include "answer/summary.h"

#include <ctype.h>
#include <string.h>

#include "answer/describe.h"
#include "answer/display.h"
#include "base/text.h"

enum { LEADERS = 3 }; /* rows that a summary names */

/* --- phrases --- */

static void add_name(Facts *facts, Buffer *out, size_t row) {
    buffer_add(out, summary_name(facts->arena, facts_subject(facts, row)));
}

static char *capital(Arena *arena, const char *text) {
    char *copy = arena_text(arena, text);
    if (*copy) copy[0] = (char)toupper((unsigned char)copy[0]);
    return copy;
}

/* What is measured; the columns of a comparison add their period, which the sentence says itself. */
static const char *value_label(const Facts *facts, int column) {
    if (column < 0) return "cost";
    const CompiledColumn *head = &facts->columns[column];
    const Measure *measure = head->measure ? catalog_measure(facts->catalog, head->measure) : NULL;
    return measure && facts->plan->compare.kind == COMPARE_PERIODS ? measure->label : head->label;
}

/* " in September 2026", " over everything loaded (…)", or "". */
static void add_period(Facts *facts, Buffer *out) {
    const Plan *plan = facts->plan;
    Day start = 0, end = 0;
    if (!describe_period(facts->catalog, plan, &start, &end) || plan->compare.kind == COMPARE_PERIODS) return;
    const char *shown = display_period(facts->arena, start, end);
    const Fact *fact = facts_date(facts, "period", date_text(facts->arena, start), shown);
    if (plan->time.start == DAY_NONE)
        buffer_printf(out, " over everything loaded (%s)", fact->display);
    else
        buffer_printf(out, " %s %s", end == start + 1 ? "on" : strstr(shown, " to ") ? "from" : "in", fact->display);
}

static void add_scope(Facts *facts, Buffer *out) {
    if (!text_equal(facts->scope, "total")) buffer_printf(out, " of %s", summary_name(facts->arena, facts->scope));
}

/* "at $1,234.00 (12.3%)" */
static void add_value_and_share(Facts *facts, Buffer *out, size_t row, int column) {
    const Fact *value = facts_cell(facts, row, column);
    const Fact *share = facts_share(facts, row, column);
    if (value) buffer_printf(out, " at %s", value->display);
    if (share && value) buffer_printf(out, " (%s)", share->display);
    if (share && !value) buffer_printf(out, " at %s", share->display);
}

static const char *unsigned_display(const Fact *fact) {
    return fact->display + (*fact->display == '-' || *fact->display == '+');
}

/* "rose by $5.00 (12.3%)"; "did not change". */
static void add_change(Facts *facts, Buffer *out, size_t row) {
    int delta_column = facts_role(facts, ROLE_DELTA, NULL), percent_column = facts_role(facts, ROLE_PERCENT, NULL);
    Decimal change = {0};
    const Fact *delta = facts_cell(facts, row, delta_column);
    const Fact *percent = facts_cell(facts, row, percent_column);
    if (!facts_decimal(facts, row, delta_column >= 0 ? delta_column : percent_column, &change)) return;
    if (decimal_is_zero(change)) {
        buffer_add(out, " did not change");
        return;
    }
    buffer_add(out, decimal_is_negative(change) ? " fell by " : " rose by ");
    if (delta) buffer_add(out, unsigned_display(delta));
    if (delta && percent) buffer_printf(out, " (%s)", unsigned_display(percent));
    if (!delta && percent) buffer_add(out, unsigned_display(percent));
}

static const char *things(const Facts *facts) {
    const Plan *plan = facts->plan;
    const char *name = plan->group_count == 1 ? plan->group_by[0] : plan->group_count == 0 ? plan->subject : NULL;
    const CatalogColumn *column = name ? catalog_column(facts->catalog, name) : NULL;
    bool buckets = !column && plan->group_count == 0 && facts_role(facts, ROLE_BUCKET, NULL) >= 0 && plan->grain != GRAIN_NONE;
    if (buckets && plan->grain == GRAIN_BILLING_PERIOD) return "billing periods";
    if (buckets) return arena_printf(facts->arena, "%ss", plan_grain_name(plan->grain));
    if (!column) return plan->group_count > 1 ? "combinations" : "rows";
    const char *plural = text_is_empty(column->plural) || text_equal(column->plural, "-") ? column->label : column->plural;
    /* A tag key may be called anything: digits in it would read as numbers of the answer. */
    return strpbrk(plural, "0123456789%$*\\`[]<>") ? "values" : plural;
}

/* Whether the rows are all there is: nothing was cut by rank, threshold or limit. */
static bool shows_everything(const Facts *facts) {
    return facts->plan->rank.n == 0 && facts->plan->having_count == 0 && !facts->table->truncated;
}

/* "16 services", "1 row" */
static void add_count(Facts *facts, Buffer *out, const char *many, const char *single) {
    const Fact *count = facts_count(facts, (long long)facts->table->row_count, NULL, "rows of the answer");
    buffer_printf(out, "%s %s", count->display, facts->table->row_count == 1 ? single : many);
}

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
        add_name(facts, out, row);
        add_value_and_share(facts, out, row, column);
    }
    buffer_add_char(out, '.');
}

/* "Billed cost of **scope** in September 2026 totals $5.00, in 3 services." False when the result has no one total. */
static bool add_total_sentence(Facts *facts, Buffer *out, int column) {
    const Fact *total = facts->catalog->currency_count <= 1 ? facts_total(facts, 0, column) : NULL;
    if (!total) return false;
    buffer_add(out, capital(facts->arena, value_label(facts, column)));
    add_scope(facts, out);
    add_period(facts, out);
    buffer_printf(out, " totals %s", total->display);
    if (shows_everything(facts) && facts->table->row_count > 1) {
        buffer_add(out, ", in ");
        add_count(facts, out, things(facts), "row");
    }
    buffer_add_char(out, '.');
    return true;
}

/* "By billed cost of **scope** in September 2026, " */
static void add_lead(Facts *facts, Buffer *out, int column) {
    buffer_printf(out, "By %s", column >= 0 ? value_label(facts, column) : "share");
    add_scope(facts, out);
    add_period(facts, out);
    buffer_add(out, ", ");
}

/* --- one writer per shape of result --- */

static void write_empty(Facts *facts, Buffer *out) {
    buffer_add(out, "Nothing matches");
    if (!text_equal(facts->scope, "total")) buffer_printf(out, " %s", summary_name(facts->arena, facts->scope));
    add_period(facts, out);
    buffer_add(out, ": there are no rows to show.");
}

/* One row without a key: each value column in turn. */
static void write_values(Facts *facts, Buffer *out) {
    bool first = true;
    for (size_t i = 0; i < facts->table->column_count; i++) {
        ColumnRole role = facts->columns[i].role;
        if (role != ROLE_MEASURE && role != ROLE_COUNT && role != ROLE_SHARE && role != ROLE_BUCKET && role != ROLE_OTHER)
            continue;
        const Fact *fact = facts_cell(facts, 0, (int)i);
        if (!fact) continue;
        const char *label = facts->columns[i].label;
        buffer_add(out, first ? capital(facts->arena, label) : label);
        if (first) add_scope(facts, out);
        if (first) add_period(facts, out);
        buffer_printf(out, " is %s. ", fact->display);
        first = false;
    }
    if (first) buffer_add(out, "There is no value to show for this. ");
}

static void write_currencies(Facts *facts, Buffer *out, int column) {
    buffer_add(out, capital(facts->arena, value_label(facts, column)));
    add_scope(facts, out);
    add_period(facts, out);
    buffer_add(out, " is");
    for (size_t row = 0; row < facts->table->row_count && row < LEADERS; row++) {
        const Fact *fact = facts_cell(facts, row, column);
        buffer_add(out, row ? ", and for " : " for ");
        add_name(facts, out, row);
        buffer_printf(out, " %s", fact ? fact->display : "nothing");
    }
    buffer_add(out, ". Currencies are never added together.");
}

static void write_breakdown(Facts *facts, Buffer *out) {
    int column = facts_value_column(facts);
    if (column < 0 && facts_role(facts, ROLE_SHARE, NULL) < 0) {
        buffer_add(out, facts->table->row_count == 1 ? "There is " : "There are ");
        add_count(facts, out, things(facts), "row");
        add_period(facts, out);
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

/* Row with the highest (1) or lowest (-1) value; row_count when no row has one. */
static size_t extreme_row(const Facts *facts, int column, int direction) {
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

static void write_series(Facts *facts, Buffer *out) {
    int column = facts_value_column(facts);
    size_t rows = facts->table->row_count;
    if (column < 0) {
        write_breakdown(facts, out);
        return;
    }
    size_t high = extreme_row(facts, column, 1), low = extreme_row(facts, column, -1);
    if (high >= rows) {
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
    add_name(facts, out, high);
    buffer_printf(out, " at %s", facts_cell(facts, high, column)->display);
    buffer_add(out, ", the lowest ");
    add_name(facts, out, low);
    buffer_printf(out, " at %s.", facts_cell(facts, low, column)->display);
}

static void add_side(Facts *facts, Buffer *out, const PlanTime *side, int column) {
    const Fact *value = facts_cell(facts, 0, column);
    const char *shown = display_period(facts->arena, side->start, side->end);
    Fact fact = value ? *value : (Fact){.kind = "value", .value = "0", .unit = "count", .row = 0};
    fact.subject = shown;
    if (value) facts_add(facts, fact);
    buffer_printf(out, "%s was %s", summary_name(facts->arena, shown), value ? value->display : "nothing");
}

/* One row with both sides of two periods. */
static void write_two_periods(Facts *facts, Buffer *out) {
    int column = facts_value_column(facts), before = facts_role(facts, ROLE_BEFORE, NULL);
    buffer_add(out, capital(facts->arena, value_label(facts, column)));
    add_scope(facts, out);
    buffer_add(out, " in ");
    add_side(facts, out, &facts->plan->compare.a, column);
    buffer_add(out, ", and in ");
    add_side(facts, out, &facts->plan->compare.b, before);
    buffer_add(out, ". It");
    add_change(facts, out, 0);
    buffer_add_char(out, '.');
}

/* "**A** rose by … (…), from … to …" */
static void add_mover(Facts *facts, Buffer *out, size_t row) {
    const Fact *after = facts_cell(facts, row, facts_value_column(facts));
    const Fact *before = facts_cell(facts, row, facts_role(facts, ROLE_BEFORE, NULL));
    add_name(facts, out, row);
    add_change(facts, out, row);
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
    const char *a = display_period(facts->arena, compare->a.start, compare->a.end);
    const char *b = display_period(facts->arena, compare->b.start, compare->b.end);
    int after = facts_value_column(facts), before = facts_role(facts, ROLE_BEFORE, NULL);
    bool one_currency = facts->catalog->currency_count <= 1;
    const Fact *total = one_currency && after >= 0 ? side_total(facts, 0, facts->columns[after].name, a) : NULL;
    const Fact *other = total && before >= 0 ? side_total(facts, 1, facts->columns[before].name, b) : NULL;
    facts_date(facts, "period", date_text(facts->arena, compare->a.start), a);
    facts_date(facts, "period compared with", date_text(facts->arena, compare->b.start), b);
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
    size_t up = extreme_row(facts, delta, 1), down = extreme_row(facts, delta, -1);
    size_t both[] = {up, down};
    buffer_add(out, capital(facts->arena, value_label(facts, facts_value_column(facts))));
    add_scope(facts, out);
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
    add_count(facts, out, "rows match", "row matches");
    add_period(facts, out);
    buffer_add_char(out, '.');
}

/* "The highest day is **2026-09-05** at $5.00." */
static void write_extreme(Facts *facts, Buffer *out) {
    const char *word = facts->plan->agg == AGG_MINIMUM ? "lowest" : "highest";
    int column = facts_value_column(facts);
    facts_rank(facts, 0, word);
    buffer_printf(out, "The %s %s", word, value_label(facts, column));
    add_period(facts, out);
    buffer_add(out, " is ");
    add_name(facts, out, 0);
    add_value_and_share(facts, out, 0, column);
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

static void write_by_shape(Facts *facts, Buffer *out) {
    int delta = facts_role(facts, ROLE_DELTA, NULL);
    bool single = facts->table->row_count == 1;
    bool extreme = facts->plan->intent == INTENT_STAT && (facts->plan->agg == AGG_MAXIMUM || facts->plan->agg == AGG_MINIMUM);
    bool many_currencies = facts_role(facts, ROLE_CURRENCY, NULL) >= 0 && facts->catalog->currency_count > 1;
    if (facts->table->row_count == 0)
        write_empty(facts, out);
    else if (facts->plan->intent == INTENT_DETAIL)
        write_rows(facts, out);
    else if (delta >= 0 && single && !has_keys(facts) && facts->plan->compare.kind == COMPARE_PERIODS)
        write_two_periods(facts, out);
    else if (delta >= 0)
        write_movers(facts, out);
    else if (extreme && single && (has_keys(facts) || facts_role(facts, ROLE_BUCKET, NULL) >= 0))
        write_extreme(facts, out);
    else if (facts_role(facts, ROLE_BUCKET, NULL) >= 0)
        write_series(facts, out);
    else if (has_keys(facts))
        write_breakdown(facts, out);
    else if (many_currencies)
        write_currencies(facts, out, facts_value_column(facts));
    else
        write_values(facts, out);
}

const char *summary_write(Facts *facts) {
    Buffer out = {.arena = facts->arena};
    write_by_shape(facts, &out);
    add_caveats(facts, &out);
    return text_trim(facts->arena, buffer_text(&out));
}
