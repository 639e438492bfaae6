#include "investigate/drivers.h"

#include "base/text.h"
#include "investigate/inquiry.h"

enum { EFFECTS_SAID = 3 }; /* effects that the summary names */

/* --- what the change consists of --- */

static Decimal size_of(Decimal value) {
    return decimal_is_negative(value) ? decimal_negate(value) : value;
}

static void order_effects(Inquiry *inquiry) {
    inquiry->order_count = 0;
    for (Effect effect = 0; effect < EFFECT_COUNT; effect++) {
        const Decimal value = inquiry->effects[effect];
        if (decimal_is_zero(value)) continue;
        size_t at = inquiry->order_count++;
        for (; at > 0 && decimal_compare(size_of(inquiry->effects[inquiry->order[at - 1]]), size_of(value)) < 0; at--)
            inquiry->order[at] = inquiry->order[at - 1];
        inquiry->order[at] = effect;
    }
}

/* The effects of the whole scope; what does not fit into them is `other`, so that they add up. */
static bool read_effects(Inquiry *inquiry, const Table *table) {
    Decimal sum = {0}, left = {0}, *effects = inquiry->effects;
    inquiry->before = desk_decimal(table, 0, 2);
    inquiry->after = desk_decimal(table, 0, 3);
    if (!decimal_subtract(inquiry->after, inquiry->before, &inquiry->change)) return false;
    for (Effect effect = 0; effect < EFFECT_COUNT; effect++) {
        effects[effect] = desk_decimal(table, 0, EFFECTS_FIRST + (size_t)effect);
        if (!decimal_add(sum, effects[effect], &sum)) return false;
    }
    if (!decimal_subtract(inquiry->change, sum, &left)) return false;
    if (!decimal_add(effects[EFFECT_OTHER], left, &effects[EFFECT_OTHER])) return false;
    order_effects(inquiry);
    return true;
}

static const CompiledColumn effect_columns[] = {
    {.name = "effect", .label = "effect", .role = ROLE_KEY},
    {.name = "change", .label = "change", .role = ROLE_DELTA, .unit = "currency"},
    {.name = "share_of_change", .label = "share of change", .role = ROLE_SHARE, .unit = "percent"}};

static void tell_effects(Inquiry *inquiry) {
    static const CellType types[] = {CELL_TEXT, CELL_DECIMAL, CELL_DECIMAL};
    Arena *arena = inquiry->arena;
    const size_t count = inquiry->order_count;
    Rows rows = desk_rows(arena, effect_columns, types, 3);
    for (size_t i = 0; i < count; i++) {
        const Decimal value = inquiry->effects[inquiry->order[i]];
        const char *cells[] = {effect_label(inquiry->order[i]), decimal_text(arena, value),
                               inquiry_percent(arena, value, inquiry->change)};
        desk_row(&rows, cells);
    }
    inquiry_section(inquiry, "effects", "What the change consists of", &rows);
    buffer_add(&inquiry->said, "By cause, ");
    for (size_t i = 0; i < count && i < EFFECTS_SAID; i++) {
        if (i) buffer_add(&inquiry->said, i + 1 == count || i + 1 == EFFECTS_SAID ? " and " : ", ");
        inquiry_say_change(inquiry, effect_label(inquiry->order[i]), inquiry->effects[inquiry->order[i]], "change");
    }
    buffer_add_char(&inquiry->said, '.');
}

/* --- where the change is --- */

static const CompiledColumn dimension_columns[] = {
    {.name = "dimension", .label = "dimension", .role = ROLE_KEY},
    {.name = "member", .label = "moved most", .role = ROLE_KEY},
    {.name = "change", .label = "change", .role = ROLE_DELTA, .unit = "currency"},
    {.name = "share_of_change", .label = "share of change", .role = ROLE_SHARE, .unit = "percent"},
    {.name = "changed", .label = "changed", .role = ROLE_COUNT},
    {.name = "concentration", .label = "concentration", .role = ROLE_OTHER},
    {.name = "before", .label = "before", .role = ROLE_BEFORE, .unit = "currency"},
    {.name = "after", .label = "after", .role = ROLE_MEASURE, .unit = "currency"}};

static void tell_dimensions(Inquiry *inquiry, const DimensionLead *leads, size_t count) {
    static const CellType types[] = {CELL_TEXT,    CELL_TEXT,    CELL_DECIMAL, CELL_DECIMAL,
                                     CELL_INTEGER, CELL_DECIMAL, CELL_DECIMAL, CELL_DECIMAL};
    Arena *arena = inquiry->arena;
    Rows rows = desk_rows(arena, dimension_columns, types, 8);
    for (size_t i = 0; i < count; i++) {
        const DimensionLead *lead = &leads[i];
        const char *cells[] = {lead->column->label,
                               inquiry_member(arena, lead->column, lead->member, lead->companion),
                               decimal_text(arena, lead->change),
                               inquiry_percent(arena, lead->change, inquiry->change),
                               arena_printf(arena, "%lld", lead->changed),
                               arena_printf(arena, "%.3f", lead->concentration),
                               decimal_text(arena, lead->before),
                               decimal_text(arena, lead->after)};
        desk_row(&rows, cells);
    }
    inquiry_section(inquiry, "dimensions", "Where it shows, by dimension", &rows);
}

/* "It shows best by usage type: **X** rose by $3,000, 42.3% of the change." */
static void say_lead(Inquiry *inquiry, const DimensionLead *lead) {
    const char *name = inquiry_member(inquiry->arena, lead->column, lead->member, lead->companion);
    const char *share = inquiry_percent(inquiry->arena, lead->change, inquiry->change);
    buffer_printf(&inquiry->said, " It shows best by %s: ", lead->column->label);
    inquiry_say_change(inquiry, name, lead->change, lead->column->name);
    if (share && *share != '-') {
        buffer_printf(&inquiry->said, ", %s of the change", answer_display(inquiry->arena, share, "percent"));
        inquiry_fact(inquiry, (Fact){.kind = "share", .subject = name, .value = share, .unit = "percent", .column = "change"});
    }
    buffer_add_char(&inquiry->said, '.');
}

/* The plan's own dimension, where the user named it. */
static const DimensionLead *named_lead(const Plan *plan, const DimensionLead *leads, size_t count) {
    bool named = plan->group_count == 1;
    for (size_t i = 0; i < plan->assumption_count; i++) named &= !text_equal(plan->assumptions[i].field, "group");
    for (size_t i = 0; named && i < count; i++)
        if (text_equal(leads[i].column->name, plan->group_by[0])) return &leads[i];
    return NULL;
}

static bool look_closer(Inquiry *inquiry, Err *err) {
    const Plan *plan = inquiry->plan;
    const CatalogColumn *rows_by = plan->group_count == 1 ? catalog_column(inquiry->desk->catalog, plan->group_by[0]) : NULL;
    DimensionLead *leads = NULL;
    size_t count = 0;
    if (rows_by && rows_by->class != CLASS_IDENTIFIER && !members_tell(inquiry, "causes", rows_by, err)) return false;
    if (!dimensions_rank(inquiry->arena, inquiry->desk, plan, &leads, &count, err)) return false;
    tell_dimensions(inquiry, leads, count);
    const DimensionLead *lead = named_lead(plan, leads, count);
    if (!lead) lead = dimensions_lead(leads, count);
    if (!lead) return true;
    say_lead(inquiry, lead);
    if (lead->column != rows_by && !members_tell(inquiry, "members", lead->column, err)) return false;
    return members_tell_resources(inquiry, lead, err);
}

/* Lines that are in both periods would count twice. */
static bool overlap(const PlanCompare *compare) {
    const PlanTime *a = &compare->a, *b = &compare->b;
    if (a->start == DAY_NONE || b->start == DAY_NONE || a->end == DAY_NONE || b->end == DAY_NONE) return true;
    return a->start < b->end && b->start < a->end;
}

bool drivers_explain(Arena *arena, const Desk *desk, const Plan *plan, Answer *answer, Err *err) {
    if (plan->compare.kind != COMPARE_PERIODS || !desk_cost_column(desk->catalog, plan) || overlap(&plan->compare)) return true;
    Inquiry *inquiry = arena_alloc(arena, sizeof *inquiry);
    *inquiry = (Inquiry){.arena = arena, .desk = desk, .plan = plan, .currency = answer->currency, .said = {.arena = arena}};
    Table *whole = NULL;
    if (!effects_table(arena, desk, plan, NULL, 1, &whole, err)) return false;
    if (whole->row_count != 1 || !read_effects(inquiry, whole) || decimal_is_zero(inquiry->change)) return true;
    tell_effects(inquiry);
    if (!look_closer(inquiry, err)) return false;
    answer->sections = inquiry->sections;
    answer->section_count = inquiry->section_count;
    answer_add(arena, answer, inquiry->facts, inquiry->fact_count, buffer_text(&inquiry->said));
    return true;
}
