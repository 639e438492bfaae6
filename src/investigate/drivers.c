#include "investigate/drivers.h"

#include "base/sql.h"
#include "base/text.h"
#include "investigate/dimensions.h"
#include "investigate/effects.h"

enum {
    MEMBERS = 10,     /* rows of a drill-down: what is below them is not why */
    RESOURCES = 5,    /* resources of the leading member */
    EFFECTS_SAID = 3, /* effects that the summary names */
    SECTIONS = 4,     /* effects, dimensions, members, resources */
    FACTS = 24
};

/* One investigation on its way: what is found goes to sections, facts and sentences of the answer. */
typedef struct {
    Arena *arena;
    const Desk *desk;
    const Plan *plan;
    const char *currency;
    Decimal before, after, change;
    AnswerSection sections[SECTIONS];
    size_t section_count;
    Fact facts[FACTS];
    size_t fact_count;
    Buffer said;
} Inquiry;

static void add_fact(Inquiry *inquiry, Fact fact) {
    fact.row = -1;
    if (inquiry->fact_count < FACTS) inquiry->facts[inquiry->fact_count++] = fact;
}

static void add_section(Inquiry *inquiry, const char *name, const char *title, const Rows *rows) {
    inquiry->sections[inquiry->section_count++] =
        (AnswerSection){.name = name, .title = title, .table = rows->table, .columns = rows->columns};
}

/* 100 x part / whole with ten digits; NULL when whole is zero. */
static const char *percent_of(Arena *arena, Decimal part, Decimal whole) {
    enum { PLACES = 12 };
    Decimal ratio = {0};
    if (!decimal_divide(part, whole, PLACES, &ratio)) return NULL;
    return decimal_text(arena, decimal_shift(ratio, 2));
}

static char *money(Arena *arena, Decimal value) {
    return decimal_text(arena, value);
}

/* --- what the change consists of --- */

/* " **usage** rose by $1,234.00" with its fact. */
static void say_change(Inquiry *inquiry, const char *subject, Decimal change, const char *column) {
    const char *text = money(inquiry->arena, change);
    const bool fell = decimal_is_negative(change);
    const char *size = answer_display(inquiry->arena, fell ? text + 1 : text, inquiry->currency);
    buffer_printf(&inquiry->said, "%s %s by %s", answer_name(inquiry->arena, subject), fell ? "fell" : "rose", size);
    add_fact(inquiry, (Fact){.kind = "delta", .subject = subject, .value = text, .unit = inquiry->currency, .column = column});
}

static int by_size(Decimal a, Decimal b) {
    return decimal_compare(decimal_is_negative(a) ? decimal_negate(a) : a, decimal_is_negative(b) ? decimal_negate(b) : b);
}

/* Effects in the order of their size; those that are zero are left out. */
static size_t order_effects(const Decimal *values, Effect *order) {
    size_t count = 0;
    for (Effect effect = 0; effect < EFFECT_COUNT; effect++) {
        if (decimal_is_zero(values[effect])) continue;
        size_t at = count++;
        while (at > 0 && by_size(values[order[at - 1]], values[effect]) < 0) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = effect;
    }
    return count;
}

static bool read_effects(Inquiry *inquiry, const Table *table, Decimal *values) {
    Decimal sum = {0};
    inquiry->before = desk_decimal(table, 0, 2);
    inquiry->after = desk_decimal(table, 0, 3);
    if (!decimal_subtract(inquiry->after, inquiry->before, &inquiry->change)) return false;
    for (Effect effect = 0; effect < EFFECT_COUNT; effect++) {
        values[effect] = desk_decimal(table, 0, EFFECTS_FIRST + (size_t)effect);
        if (!decimal_add(sum, values[effect], &sum)) return false;
    }
    Decimal left = {0};
    return decimal_subtract(inquiry->change, sum, &left) && decimal_add(values[EFFECT_OTHER], left, &values[EFFECT_OTHER]);
}

static const CompiledColumn effect_columns[] = {
    {.name = "effect", .label = "effect", .role = ROLE_KEY},
    {.name = "change", .label = "change", .role = ROLE_DELTA, .unit = "currency"},
    {.name = "share_of_change", .label = "share of the change", .role = ROLE_SHARE, .unit = "percent"}};

static void tell_effects(Inquiry *inquiry, const Decimal *values) {
    static const CellType types[] = {CELL_TEXT, CELL_DECIMAL, CELL_DECIMAL};
    Arena *arena = inquiry->arena;
    Effect order[EFFECT_COUNT];
    const size_t count = order_effects(values, order);
    Rows rows = desk_rows(arena, effect_columns, types, 3);
    for (size_t i = 0; i < count; i++) {
        const char *cells[] = {effect_label(order[i]), money(arena, values[order[i]]),
                               percent_of(arena, values[order[i]], inquiry->change)};
        desk_row(&rows, cells);
    }
    if (!count) return;
    add_section(inquiry, "effects", "What the change consists of", &rows);
    buffer_add(&inquiry->said, "By cause, ");
    for (size_t i = 0; i < count && i < EFFECTS_SAID; i++) {
        if (i) buffer_add(&inquiry->said, i + 1 == count || i + 1 == EFFECTS_SAID ? " and " : ", ");
        say_change(inquiry, effect_label(order[i]), values[order[i]], "change");
    }
    buffer_add_char(&inquiry->said, '.');
}

/* --- where the change is --- */

static const char *member_name(Arena *arena, const CatalogColumn *column, const char *member, const char *companion) {
    if (text_is_empty(member)) return column->class == CLASS_TAG ? "(untagged)" : "(none)";
    return text_is_empty(companion) ? member : arena_printf(arena, "%s (%s)", member, companion);
}

static const char *state_of(Decimal before, Decimal after) {
    if (decimal_is_zero(before)) return "new";
    return decimal_is_zero(after) ? "gone" : NULL;
}

static const CompiledColumn dimension_columns[] = {
    {.name = "dimension", .label = "dimension", .role = ROLE_KEY},
    {.name = "member", .label = "moved most", .role = ROLE_KEY},
    {.name = "before", .label = "before", .role = ROLE_BEFORE, .unit = "currency"},
    {.name = "after", .label = "after", .role = ROLE_MEASURE, .unit = "currency"},
    {.name = "change", .label = "change", .role = ROLE_DELTA, .unit = "currency"},
    {.name = "share_of_change", .label = "share of the change", .role = ROLE_SHARE, .unit = "percent"},
    {.name = "changed", .label = "members that changed", .role = ROLE_COUNT},
    {.name = "concentration", .label = "concentration", .role = ROLE_OTHER}};

static void tell_dimensions(Inquiry *inquiry, const DimensionLead *leads, size_t count) {
    static const CellType types[] = {CELL_TEXT,    CELL_TEXT,    CELL_DECIMAL, CELL_DECIMAL,
                                     CELL_DECIMAL, CELL_DECIMAL, CELL_INTEGER, CELL_DECIMAL};
    Arena *arena = inquiry->arena;
    Rows rows = desk_rows(arena, dimension_columns, types, 8);
    for (size_t i = 0; i < count; i++) {
        const DimensionLead *lead = &leads[i];
        const char *cells[] = {lead->column->label,
                               member_name(arena, lead->column, lead->member, lead->companion),
                               money(arena, lead->before),
                               money(arena, lead->after),
                               money(arena, lead->change),
                               percent_of(arena, lead->change, inquiry->change),
                               arena_printf(arena, "%lld", lead->changed),
                               arena_printf(arena, "%.3f", lead->concentration)};
        desk_row(&rows, cells);
    }
    if (count) add_section(inquiry, "dimensions", "Where it shows, by dimension", &rows);
}

/* "It is concentrated in the usage type **X**: **X** rose by $3,000 (42.3% of the change)." */
static void say_lead(Inquiry *inquiry, const DimensionLead *lead) {
    const char *name = member_name(inquiry->arena, lead->column, lead->member, lead->companion);
    const char *share = percent_of(inquiry->arena, lead->change, inquiry->change);
    buffer_printf(&inquiry->said, " It shows best by %s: ", lead->column->label);
    say_change(inquiry, name, lead->change, lead->column->name);
    if (share && *share != '-') {
        buffer_printf(&inquiry->said, ", %s of the change", answer_display(inquiry->arena, share, "percent"));
        add_fact(inquiry, (Fact){.kind = "share", .subject = name, .value = share, .unit = "percent", .column = "change"});
    }
    buffer_add_char(&inquiry->said, '.');
}

enum { MEMBER_COLUMNS = 6 + EFFECT_COUNT };

/* Members of one dimension with the effects of each; effects that nobody has are left out, and what is below the first rows is
 * one row more, so that the columns add up. */
static void tell_members(Inquiry *inquiry, const CatalogColumn *dimension, const Table *table, const Decimal *totals) {
    static const CompiledColumn fixed[] = {
        {.name = "member", .role = ROLE_KEY},
        {.name = "state", .label = "", .role = ROLE_OTHER},
        {.name = "before", .label = "before", .role = ROLE_BEFORE, .unit = "currency"},
        {.name = "after", .label = "after", .role = ROLE_MEASURE, .unit = "currency"},
        {.name = "change", .label = "change", .role = ROLE_DELTA, .unit = "currency"},
        {.name = "share_of_change", .label = "share of the change", .role = ROLE_SHARE, .unit = "percent"}};
    Arena *arena = inquiry->arena;
    CompiledColumn *columns = arena_array(arena, MEMBER_COLUMNS, sizeof *columns);
    CellType *types = arena_array(arena, MEMBER_COLUMNS, sizeof *types);
    Effect shown[EFFECT_COUNT];
    size_t count = 0, effects = 0;
    for (; count < 6; count++) {
        columns[count] = fixed[count];
        types[count] = count < 2 ? CELL_TEXT : CELL_DECIMAL;
    }
    columns[0].label = dimension->label;
    for (Effect effect = 0; effect < EFFECT_COUNT; effect++) {
        if (decimal_is_zero(totals[effect])) continue;
        columns[count] = (CompiledColumn){
            .name = effect_name(effect), .label = effect_label(effect), .role = ROLE_DELTA, .unit = "currency"};
        types[count++] = CELL_DECIMAL;
        shown[effects++] = effect;
    }
    Rows rows = desk_rows(arena, columns, types, count);
    Decimal rest[3 + EFFECT_COUNT] = {inquiry->before, inquiry->after, inquiry->change};
    for (size_t i = 0; i < effects; i++) rest[3 + i] = totals[shown[i]];
    const char *cells[MEMBER_COLUMNS];
    for (size_t row = 0; row < table->row_count && row < MEMBERS; row++) {
        Decimal before = desk_decimal(table, row, 2), after = desk_decimal(table, row, 3), change = {0};
        if (!decimal_subtract(after, before, &change) || decimal_is_zero(change)) break;
        cells[0] = member_name(arena, dimension, table_cell(table, row, 0), table_cell(table, row, 1));
        cells[1] = state_of(before, after);
        const Decimal values[] = {before, after, change};
        for (size_t i = 0; i < 3; i++) {
            cells[2 + i] = money(arena, values[i]);
            (void)decimal_subtract(rest[i], values[i], &rest[i]);
        }
        cells[5] = percent_of(arena, change, inquiry->change);
        for (size_t i = 0; i < effects; i++) {
            const Decimal value = desk_decimal(table, row, EFFECTS_FIRST + (size_t)shown[i]);
            cells[6 + i] = money(arena, value);
            (void)decimal_subtract(rest[3 + i], value, &rest[3 + i]);
        }
        desk_row(&rows, cells);
    }
    if (table->row_count > rows.table->row_count) {
        cells[0] = "others";
        cells[1] = NULL;
        for (size_t i = 0; i < 3; i++) cells[2 + i] = money(arena, rest[i]);
        cells[5] = percent_of(arena, rest[2], inquiry->change);
        for (size_t i = 0; i < effects; i++) cells[6 + i] = money(arena, rest[3 + i]);
        desk_row(&rows, cells);
    }
    if (!rows.table->row_count) return;
    add_section(inquiry, "members", arena_printf(arena, "By %s, with what each change consists of", dimension->label), &rows);
}

/* --- resources of the leading member --- */

static const CompiledColumn resource_columns[] = {
    {.name = "ResourceId", .label = "resource", .role = ROLE_KEY},
    {.name = "state", .label = "", .role = ROLE_OTHER},
    {.name = "before", .label = "before", .role = ROLE_BEFORE, .unit = "currency"},
    {.name = "after", .label = "after", .role = ROLE_MEASURE, .unit = "currency"},
    {.name = "change", .label = "change", .role = ROLE_DELTA, .unit = "currency"}};

static bool tell_resources(Inquiry *inquiry, const DimensionLead *lead, Err *err) {
    Arena *arena = inquiry->arena;
    const Catalog *catalog = inquiry->desk->catalog;
    if (!catalog->has_resources || text_is_empty(lead->member) || lead->column->type != CELL_TEXT) return true;
    Plan *plan = plan_copy(arena, inquiry->plan);
    const char *values[] = {lead->member}, *columns[] = {"ResourceId", desk_cost_column(catalog, plan)};
    PlanScope scope = {0};
    Table *table = NULL;
    plan_add_filter(arena, plan, lead->column->name, FILTER_IN, values, 1);
    if (!plan_scope(arena, catalog, plan, columns, 2, &scope, err)) return false;
    const char *before = desk_period(arena, catalog, &plan->compare.b), *after = desk_period(arena, catalog, &plan->compare.a);
    const char *sql = sql_format(
        arena,
        "SELECT resource, before, after FROM (\n  SELECT %I AS resource, sum(CASE WHEN %R THEN 0 ELSE %I END) AS before, "
        "sum(CASE WHEN %R THEN %I ELSE 0 END) AS after\n  FROM %I\n  WHERE ((%R) OR (%R)) AND %R AND %I <> ''\n  GROUP BY 1) "
        "AS "
        "resources\nWHERE before <> after\nORDER BY abs(after - before) DESC, 1\nLIMIT %d",
        columns[0], after, columns[1], after, columns[1], scope.relation, before, after, scope.condition, columns[0],
        (long long)RESOURCES);
    if (!desk_run(arena, inquiry->desk, sql, 0, &table, err)) return false;
    static const CellType types[] = {CELL_TEXT, CELL_TEXT, CELL_DECIMAL, CELL_DECIMAL, CELL_DECIMAL};
    Rows rows = desk_rows(arena, resource_columns, types, 5);
    for (size_t row = 0; row < table->row_count; row++) {
        Decimal was = desk_decimal(table, row, 1), is = desk_decimal(table, row, 2), change = {0};
        if (!decimal_subtract(is, was, &change)) continue;
        const char *cells[] = {table_cell(table, row, 0), state_of(was, is), money(arena, was), money(arena, is),
                               money(arena, change)};
        desk_row(&rows, cells);
    }
    const char *name = member_name(arena, lead->column, lead->member, lead->companion);
    if (table->row_count) add_section(inquiry, "resources", arena_printf(arena, "Resources of %s", name), &rows);
    return true;
}

/* The dimension to open up: the plan's where it names one that was ranked, else the most concentrated. */
static const DimensionLead *choose_lead(const Plan *plan, const DimensionLead *leads, size_t count) {
    bool named = plan->group_count == 1;
    for (size_t i = 0; i < plan->assumption_count; i++) named &= !text_equal(plan->assumptions[i].field, "group");
    for (size_t i = 0; named && i < count; i++)
        if (text_equal(leads[i].column->name, plan->group_by[0])) return &leads[i];
    return count ? leads : NULL;
}

static bool overlap(const PlanCompare *compare) {
    const PlanTime *a = &compare->a, *b = &compare->b;
    if (a->start == DAY_NONE || b->start == DAY_NONE || a->end == DAY_NONE || b->end == DAY_NONE) return true;
    return a->start < b->end && b->start < a->end;
}

static bool look_closer(Inquiry *inquiry, const Decimal *totals, Err *err) {
    DimensionLead *leads = NULL;
    size_t count = 0;
    Table *members = NULL;
    if (!dimensions_rank(inquiry->arena, inquiry->desk, inquiry->plan, &leads, &count, err)) return false;
    tell_dimensions(inquiry, leads, count);
    const DimensionLead *lead = choose_lead(inquiry->plan, leads, count);
    if (!lead) return true;
    say_lead(inquiry, lead);
    if (!effects_table(inquiry->arena, inquiry->desk, inquiry->plan, lead->column->name, MEMBERS + 1, &members, err))
        return false;
    tell_members(inquiry, lead->column, members, totals);
    return tell_resources(inquiry, lead, err);
}

bool drivers_explain(Arena *arena, const Desk *desk, const Plan *plan, Answer *answer, Err *err) {
    if (plan->compare.kind != COMPARE_PERIODS || !desk_cost_column(desk->catalog, plan) || overlap(&plan->compare)) return true;
    Inquiry *inquiry = arena_alloc(arena, sizeof *inquiry);
    *inquiry = (Inquiry){.arena = arena, .desk = desk, .plan = plan, .currency = answer->currency, .said = {.arena = arena}};
    Table *all = NULL;
    Decimal totals[EFFECT_COUNT] = {0};
    if (!effects_table(arena, desk, plan, NULL, 1, &all, err)) return false;
    if (all->row_count != 1 || !read_effects(inquiry, all, totals) || decimal_is_zero(inquiry->change)) return true;
    tell_effects(inquiry, totals);
    if (!look_closer(inquiry, totals, err)) return false;
    answer->sections = inquiry->sections;
    answer->section_count = inquiry->section_count;
    answer_add(arena, answer, inquiry->facts, inquiry->fact_count, buffer_text(&inquiry->said));
    return true;
}
