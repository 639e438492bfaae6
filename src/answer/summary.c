#include "answer/summary.h"

#include <ctype.h>
#include <string.h>

#include "answer/describe.h"
#include "answer/display.h"
#include "base/text.h"

enum {
    NAME_COLUMNS = 60,  /* a longer name hides the sentence around it */
    WORDS_OF_PROSE = 5, /* as many spaces make a sentence of a name */
    LEADERS = 3         /* rows that a summary names */
};

char *summary_escape(Arena *arena, const char *text) {
    Buffer out = {.arena = arena};
    for (const char *c = text; *c; c++) {
        bool link = *c == ':' && c[1] == '/';
        if (link || strchr("\\`*_[]<>#|~&!@$", *c)) buffer_add_char(&out, '\\');
        buffer_add_char(&out, *c);
    }
    return arena_text(arena, buffer_text(&out));
}

/* A name that could be read as part of the sentence: amounts, percentages, or words enough to be a statement. */
static bool reads_like_prose(const char *text) {
    size_t spaces = 0;
    for (const char *c = text; *c; c++) spaces += *c == ' ';
    return spaces >= WORDS_OF_PROSE || strpbrk(text, "$%") || strstr(text, "€") || strstr(text, "£");
}

char *summary_name(Arena *arena, const char *subject) {
    char *name = summary_escape(arena, display_shorten(arena, subject, NAME_COLUMNS));
    return reads_like_prose(subject) ? arena_printf(arena, "**“%s”**", name) : arena_printf(arena, "**%s**", name);
}

char *summary_plain(Arena *arena, const char *markdown, const char *open, const char *close) {
    Buffer out = {.arena = arena};
    bool inside = false;
    for (const char *c = markdown; *c; c++) {
        if (c[0] == '*' && c[1] == '*') {
            buffer_add(&out, inside ? close : open);
            inside = !inside;
            c++;
        } else {
            if (*c == '\\' && c[1]) c++;
            buffer_add_char(&out, *c);
        }
    }
    return arena_text(arena, buffer_text(&out));
}

/* --- phrases --- */

static void add_name(Facts *facts, Buffer *out, size_t row) {
    buffer_add(out, summary_name(facts->arena, facts_subject(facts, row)));
}

static char *capital(Arena *arena, const char *text) {
    char *copy = arena_text(arena, text);
    if (*copy) copy[0] = (char)toupper((unsigned char)copy[0]);
    return copy;
}

static const char *value_label(const Facts *facts, int column) {
    return column < 0 ? "cost" : facts->columns[column].label;
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
    if (!column) return plan->group_count > 1 ? "combinations" : "rows";
    return text_is_empty(column->plural) || text_equal(column->plural, "-") ? column->label : column->plural;
}

/* Whether the rows are all there is: nothing was cut by rank, threshold or limit. */
static bool shows_everything(const Facts *facts) {
    return facts->plan->rank.n == 0 && facts->plan->having_count == 0 && !facts->table->truncated;
}

/* "The highest is **A** at …, then **B** at … and **C** at …." */
static void add_leaders(Facts *facts, Buffer *out, int column) {
    size_t rows = facts->table->row_count;
    size_t named = rows < LEADERS ? rows : LEADERS;
    const char *word = facts->plan->rank.ascending ? "lowest" : "highest";
    if (rows == 0) return;
    facts_rank(facts, 0, word);
    buffer_printf(out, " The %s is ", word);
    for (size_t row = 0; row < named; row++) {
        if (row) buffer_add(out, row + 1 == named ? (named == 2 ? ", then " : " and ") : ", then ");
        add_name(facts, out, row);
        add_value_and_share(facts, out, row, column);
    }
    buffer_add_char(out, '.');
}

/* "Billed cost of **scope** in September 2026 totals $5.00." */
static void add_total_sentence(Facts *facts, Buffer *out, int column) {
    const Fact *total = facts_total(facts, 0, column);
    buffer_add(out, capital(facts->arena, value_label(facts, column)));
    add_scope(facts, out);
    add_period(facts, out);
    if (total && facts->catalog->currency_count <= 1) {
        buffer_printf(out, " totals %s", total->display);
        if (shows_everything(facts) && facts->table->row_count > 1) {
            const Fact *count = facts_count(facts, (long long)facts->table->row_count, NULL, "rows of the answer");
            buffer_printf(out, ", in %s %s", count->display, things(facts));
        }
    } else {
        const Fact *count = facts_count(facts, (long long)facts->table->row_count, NULL, "rows of the answer");
        buffer_printf(out, " is shown in %s rows", count->display);
    }
    buffer_add_char(out, '.');
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
        const Fact *count = facts_count(facts, (long long)facts->table->row_count, NULL, "rows of the answer");
        buffer_printf(out, "There are %s %s", count->display, things(facts));
        add_period(facts, out);
        buffer_add_char(out, '.');
        return;
    }
    if (column >= 0) add_total_sentence(facts, out, column);
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
    add_total_sentence(facts, out, column);
    size_t high = extreme_row(facts, column, 1), low = extreme_row(facts, column, -1);
    if (high >= rows || rows < 2) return;
    facts_rank(facts, high, "highest");
    facts_rank(facts, low, "lowest");
    buffer_add(out, " The highest is ");
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

static void write_movers(Facts *facts, Buffer *out) {
    int delta = facts_role(facts, ROLE_DELTA, NULL);
    size_t rows = facts->table->row_count;
    size_t up = extreme_row(facts, delta, 1), down = extreme_row(facts, delta, -1);
    const PlanCompare *compare = &facts->plan->compare;
    buffer_add(out, capital(facts->arena, value_label(facts, facts_value_column(facts))));
    add_scope(facts, out);
    if (compare->kind == COMPARE_PERIODS) {
        const char *a = display_period(facts->arena, compare->a.start, compare->a.end);
        const char *b = display_period(facts->arena, compare->b.start, compare->b.end);
        buffer_printf(out, " in %s against %s",
                      facts_date(facts, "period", date_text(facts->arena, compare->a.start), a)->display,
                      facts_date(facts, "period compared with", date_text(facts->arena, compare->b.start), b)->display);
    }
    const Fact *count = facts_count(facts, (long long)rows, NULL, "rows of the answer");
    buffer_printf(out, " is compared for %s %s.", count->display, things(facts));
    Decimal change = {0};
    if (up < rows && facts_decimal(facts, up, delta, &change) && !decimal_is_negative(change) && !decimal_is_zero(change)) {
        buffer_add_char(out, ' ');
        add_mover(facts, out, up);
        buffer_add_char(out, '.');
    }
    if (down < rows && down != up && facts_decimal(facts, down, delta, &change) && decimal_is_negative(change)) {
        buffer_add_char(out, ' ');
        add_mover(facts, out, down);
        buffer_add_char(out, '.');
    }
}

static void write_rows(Facts *facts, Buffer *out) {
    const Fact *count = facts_count(facts, (long long)facts->table->row_count, NULL, "rows of the answer");
    bool single = facts->table->row_count == 1;
    buffer_printf(out, "%s %s %s", count->display, single ? "row" : "rows", single ? "matches" : "match");
    add_period(facts, out);
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
    bool many_currencies = facts_role(facts, ROLE_CURRENCY, NULL) >= 0 && facts->catalog->currency_count > 1;
    if (facts->table->row_count == 0)
        write_empty(facts, out);
    else if (facts->plan->intent == INTENT_DETAIL)
        write_rows(facts, out);
    else if (delta >= 0 && single && !has_keys(facts) && facts->plan->compare.kind == COMPARE_PERIODS)
        write_two_periods(facts, out);
    else if (delta >= 0)
        write_movers(facts, out);
    else if (facts_role(facts, ROLE_BUCKET, NULL) >= 0 && !(single && facts->plan->intent == INTENT_STAT))
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
