/* The drill-down of a change: members of a dimension, resources of a member. */
#include "base/sql.h"
#include "investigate/inquiry.h"

enum {
    MEMBERS = 10, /* what is below them is not why */
    RESOURCES = 5,
    FIXED = 6, /* columns before the effects */
    MOST = FIXED + EFFECT_COUNT
};

static const CompiledColumn fixed_columns[FIXED] = {
    {.name = "member", .role = ROLE_KEY},
    {.name = "state", .label = "", .role = ROLE_OTHER},
    {.name = "before", .label = "before", .role = ROLE_BEFORE, .unit = "currency"},
    {.name = "after", .label = "after", .role = ROLE_MEASURE, .unit = "currency"},
    {.name = "change", .label = "change", .role = ROLE_DELTA, .unit = "currency"},
    {.name = "share_of_change", .label = "share of change", .role = ROLE_SHARE, .unit = "percent"}};

/* The columns of the table: the fixed ones, then effects that somebody has, the largest first. */
static Rows make_rows(Inquiry *inquiry, const CatalogColumn *dimension) {
    CompiledColumn *columns = arena_array(inquiry->arena, MOST, sizeof *columns);
    CellType types[MOST];
    for (size_t i = 0; i < FIXED; i++) {
        columns[i] = fixed_columns[i];
        types[i] = i < 2 ? CELL_TEXT : CELL_DECIMAL;
    }
    columns[0].label = dimension->label;
    for (size_t i = 0; i < inquiry->order_count; i++) {
        const Effect effect = inquiry->order[i];
        columns[FIXED + i] = (CompiledColumn){
            .name = effect_name(effect), .label = effect_label(effect), .role = ROLE_DELTA, .unit = "currency"};
        types[FIXED + i] = CELL_DECIMAL;
    }
    return desk_rows(inquiry->arena, columns, types, FIXED + inquiry->order_count);
}

/* Amounts of one row: before, after, change, then the effects in their order. */
typedef struct {
    Decimal values[3 + EFFECT_COUNT];
} Amounts;

static void add_row(Inquiry *inquiry, Rows *rows, const char *name, const char *state, const Amounts *amounts) {
    const char *cells[MOST] = {name, state};
    for (size_t i = 0; i < 3; i++) cells[2 + i] = decimal_text(inquiry->arena, amounts->values[i]);
    cells[FIXED - 1] = inquiry_percent(inquiry->arena, amounts->values[2], inquiry->change);
    for (size_t i = 0; i < inquiry->order_count; i++) cells[FIXED + i] = decimal_text(inquiry->arena, amounts->values[3 + i]);
    desk_row(rows, cells);
}

static bool read_row(const Inquiry *inquiry, const Table *table, size_t row, Amounts *out, Amounts *rest) {
    out->values[0] = desk_decimal(table, row, 2);
    out->values[1] = desk_decimal(table, row, 3);
    if (!decimal_subtract(out->values[1], out->values[0], &out->values[2]) || decimal_is_zero(out->values[2])) return false;
    for (size_t i = 0; i < inquiry->order_count; i++)
        out->values[3 + i] = desk_decimal(table, row, EFFECTS_FIRST + (size_t)inquiry->order[i]);
    for (size_t i = 0; i < 3 + inquiry->order_count; i++)
        if (!decimal_subtract(rest->values[i], out->values[i], &rest->values[i])) return false;
    return true;
}

/* What is below the first rows is one row more, so that the columns add up. */
bool members_tell(Inquiry *inquiry, const char *name, const CatalogColumn *dimension, Err *err) {
    Table *table = NULL;
    if (!effects_table(inquiry->arena, inquiry->desk, inquiry->plan, dimension->name, MEMBERS + 1, &table, err)) return false;
    Rows rows = make_rows(inquiry, dimension);
    Amounts rest = {{inquiry->before, inquiry->after, inquiry->change}}, amounts = {0};
    for (size_t i = 0; i < inquiry->order_count; i++) rest.values[3 + i] = inquiry->effects[inquiry->order[i]];
    for (size_t row = 0; row < table->row_count && row < MEMBERS; row++) {
        if (!read_row(inquiry, table, row, &amounts, &rest)) break;
        add_row(inquiry, &rows, inquiry_member(inquiry->arena, dimension, table_cell(table, row, 0), table_cell(table, row, 1)),
                inquiry_state(amounts.values[0], amounts.values[1]), &amounts);
    }
    if (table->row_count > rows.table->row_count) add_row(inquiry, &rows, "others", "", &rest);
    inquiry_section(inquiry, name, arena_printf(inquiry->arena, "By %s, with what each change consists of", dimension->label),
                    &rows);
    return true;
}

static const CompiledColumn resource_columns[] = {
    {.name = "ResourceId", .label = "resource", .role = ROLE_KEY},
    {.name = "state", .label = "", .role = ROLE_OTHER},
    {.name = "before", .label = "before", .role = ROLE_BEFORE, .unit = "currency"},
    {.name = "after", .label = "after", .role = ROLE_MEASURE, .unit = "currency"},
    {.name = "change", .label = "change", .role = ROLE_DELTA, .unit = "currency"}};

static bool ask_resources(Inquiry *inquiry, const DimensionLead *lead, Table **out, Err *err) {
    Arena *arena = inquiry->arena;
    const Catalog *catalog = inquiry->desk->catalog;
    Plan *plan = plan_copy(arena, inquiry->plan);
    const char *values[] = {lead->member}, *columns[] = {"ResourceId", desk_cost_column(catalog, plan)};
    PlanScope scope = {0};
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
    return desk_run(arena, inquiry->desk, sql, 0, out, err);
}

bool members_tell_resources(Inquiry *inquiry, const DimensionLead *lead, Err *err) {
    static const CellType types[] = {CELL_TEXT, CELL_TEXT, CELL_DECIMAL, CELL_DECIMAL, CELL_DECIMAL};
    Arena *arena = inquiry->arena;
    Table *table = NULL;
    if (!inquiry->desk->catalog->has_resources || text_is_empty(lead->member) || lead->column->type != CELL_TEXT) return true;
    if (!ask_resources(inquiry, lead, &table, err)) return false;
    Rows rows = desk_rows(arena, resource_columns, types, 5);
    for (size_t row = 0; row < table->row_count; row++) {
        Decimal was = desk_decimal(table, row, 1), is = desk_decimal(table, row, 2), change = {0};
        if (!decimal_subtract(is, was, &change)) continue;
        const char *cells[] = {table_cell(table, row, 0), inquiry_state(was, is), decimal_text(arena, was),
                               decimal_text(arena, is), decimal_text(arena, change)};
        desk_row(&rows, cells);
    }
    const char *name = inquiry_member(arena, lead->column, lead->member, lead->companion);
    inquiry_section(inquiry, "resources", arena_printf(arena, "Resources of %s", name), &rows);
    return true;
}
