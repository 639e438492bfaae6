#include "investigate/effects.h"

#include "base/sql.h"
#include "base/text.h"

typedef struct {
    const char *name, *label;
} EffectWords;

static const EffectWords words[EFFECT_COUNT] = {
    [EFFECT_USAGE] = {"usage", "more or less usage"},
    [EFFECT_DAYS] = {"days", "longer or shorter period"},
    [EFFECT_PRICE] = {"price", "price per unit"},
    [EFFECT_COVERAGE] = {"coverage", "shift between purchase options"},
    [EFFECT_NEW] = {"new", "new usage"},
    [EFFECT_GONE] = {"gone", "usage that ended"},
    [EFFECT_UPFRONT] = {"upfront", "one-off purchases"},
    [EFFECT_FEES] = {"fees", "recurring fees"},
    [EFFECT_SUPPORT] = {"support", "support"},
    [EFFECT_CREDIT] = {"credits", "credits"},
    [EFFECT_REFUND] = {"refunds", "refunds"},
    [EFFECT_DISCOUNT] = {"discounts", "discounts and adjustments"},
    [EFFECT_TAX] = {"tax", "tax"},
    [EFFECT_OTHER] = {"other", "other"},
};

const char *effect_name(Effect effect) {
    return words[effect].name;
}

const char *effect_label(Effect effect) {
    return words[effect].label;
}

/* What tells meters apart, as far as the data set has it. */
static const char *const meter_columns[] = {"ServiceName", "SubAccountId", "RegionId", "x_UsageType", "x_Meter", "x_Operation"};
/* What the effects are read from besides. */
static const char *const other_columns[] = {"ChargeCategory",   "ChargeFrequency",  "x_LineItemType",
                                            "x_PurchaseOption", "ConsumedQuantity", "ConsumedUnit"};
enum {
    METER_COLUMNS = sizeof meter_columns / sizeof *meter_columns,
    OTHER_COLUMNS = sizeof other_columns / sizeof *other_columns
};

static bool has(const Catalog *catalog, const char *column) {
    return catalog_column(catalog, column) != NULL;
}

/* The kind of a line: that of its effect, or 'meter'. */
static const char *kind_expression(Arena *arena, const Catalog *catalog, const char *support) {
    Sql *sql = sql_make(arena);
    if (!has(catalog, "ChargeCategory")) return "'meter'";
    const bool types = has(catalog, "x_LineItemType"), frequency = has(catalog, "ChargeFrequency");
    sql_add(sql, "CASE WHEN %I = 'Tax' THEN 'tax' WHEN %I = 'Credit' THEN 'credits'", "ChargeCategory", "ChargeCategory");
    if (types) sql_add(sql, " WHEN %I = 'Refund' THEN 'refunds'", "x_LineItemType");
    sql_add(sql, " WHEN %I = 'Adjustment' THEN 'discounts' WHEN %R THEN 'support'", "ChargeCategory", support);
    if (frequency) sql_add(sql, " WHEN %I = 'Purchase' AND %I = 'Recurring' THEN 'fees'", "ChargeCategory", "ChargeFrequency");
    sql_add(sql, " WHEN %I = 'Purchase' THEN 'upfront' ELSE 'meter' END", "ChargeCategory");
    return sql_text(sql);
}

/* Negation lines take back what covered lines cost, so they belong to the same option. */
static const char *option_expression(Arena *arena, const Catalog *catalog) {
    if (!has(catalog, "x_PurchaseOption")) return "''";
    if (!has(catalog, "x_LineItemType")) return sql_format(arena, "coalesce(%I, '')", "x_PurchaseOption");
    return sql_format(arena, "CASE WHEN %I = 'SavingsPlanNegation' THEN 'SavingsPlan' ELSE coalesce(%I, '') END",
                      "x_LineItemType", "x_PurchaseOption");
}

typedef struct {
    const char *member, *companion; /* columns, NULL = none */
    const char *cost;
    const char *before, *after; /* conditions of the periods */
    const char *support;
    PlanScope scope;
} Ask;

static void add_meter(Sql *sql, const Catalog *catalog) {
    for (size_t i = 0; i < METER_COLUMNS; i++)
        if (has(catalog, meter_columns[i])) sql_add(sql, ", %I", meter_columns[i]);
}

/* Sums per member, kind, option and meter. */
static void add_atoms(Arena *arena, Sql *sql, const Catalog *catalog, const Ask *ask) {
    const char *quantity = has(catalog, "ConsumedQuantity") ? sql_format(arena, "%I", "ConsumedQuantity") : "0";
    const char *unit = has(catalog, "ConsumedUnit") ? sql_format(arena, "NULLIF(%I, '')", "ConsumedUnit") : "NULL";
    sql_add(sql, "WITH lines AS (\n  SELECT ");
    sql_add(sql, ask->member ? "%I AS member" : "NULL AS member", ask->member);
    sql_add(sql, ask->companion ? ", %I AS companion" : ", NULL AS companion", ask->companion);
    sql_add(sql, ", %R AS kind, %R AS purchase_option", kind_expression(arena, catalog, ask->support),
            option_expression(arena, catalog));
    sql_add(sql, ", %R AS is_after, CAST(%I AS DECIMAL(38, 12)) AS cost, coalesce(%R, 0) AS quantity, %R AS unit", ask->after,
            ask->cost, quantity, unit);
    add_meter(sql, catalog);
    sql_add(sql, "\n  FROM %I\n  WHERE ((%R) OR (%R)) AND %R\n),\n", ask->scope.relation, ask->before, ask->after,
            ask->scope.condition);
    sql_add(sql, "atoms AS (\n  SELECT member, max(companion) AS companion, kind, purchase_option");
    add_meter(sql, catalog);
    sql_add(sql,
            ", sum(CASE WHEN is_after THEN 0 ELSE cost END) AS c0, sum(CASE WHEN is_after THEN cost ELSE 0 END) AS c1,"
            "\n    sum(CASE WHEN is_after THEN 0 ELSE quantity END) AS q0,"
            " sum(CASE WHEN is_after THEN quantity ELSE 0 END) AS q1,"
            "\n    min(unit) AS first_unit, max(unit) AS last_unit\n  FROM lines\n  GROUP BY member, kind, purchase_option");
    add_meter(sql, catalog);
    sql_add(sql, "\n),\n");
}

/* One row per meter, its options put together; `price` is the effect of prices within each option. */
static void add_meters(Sql *sql, const Catalog *catalog) {
    sql_add(sql,
            "options AS (\n  SELECT *, CASE WHEN q0 > 0 AND q1 > 0 AND c0 <> 0 THEN c1 - "
            "CAST(round(CAST(c0 AS DOUBLE) * (CAST(q1 AS DOUBLE) / CAST(q0 AS DOUBLE)), 10) AS DECIMAL(38, 12)) ELSE 0 END AS "
            "change_of_price\n  FROM atoms\n),\n"
            "meters AS (\n  SELECT member, max(companion) AS companion, kind, sum(c0) AS c0, sum(c1) AS c1, sum(q0) AS q0, "
            "sum(q1) AS q1, "
            "sum(CASE WHEN abs(change_of_price) <= (abs(c0) + abs(c1)) / 10000000 THEN 0 ELSE change_of_price END) AS price, "
            "min(first_unit) AS first_unit, max(last_unit) AS last_unit\n  FROM options\n  GROUP BY member, kind");
    add_meter(sql, catalog);
    sql_add(sql, "\n),\n");
}

/* What is left of a meter after usage and prices is a shift between options, but for what rounding leaves. */
static void add_parts(Sql *sql, long long days_before, long long days_after) {
    sql_add(sql, "split AS (\n  SELECT *, CASE WHEN q0 > 0 AND q1 > 0 AND (first_unit = last_unit OR first_unit IS NULL) THEN "
                 "CAST(round(CAST(c0 AS DOUBLE) * (CAST(q1 AS DOUBLE) / CAST(q0 AS DOUBLE)), 10) AS DECIMAL(38, 12)) - c0 END "
                 "AS more,\n    ");
    if (days_before == days_after)
        sql_add(sql, "0 AS days");
    else
        sql_add(sql, "CAST(round(CAST(c0 AS DOUBLE) * %d / %d, 10) AS DECIMAL(38, 12)) - c0 AS days", days_after, days_before);
    sql_add(sql,
            "\n  FROM meters\n),\nrests AS (\n  SELECT *, c1 - c0 - more - price AS rest FROM split\n),\n"
            "parts AS (\n  SELECT member, companion, c0, c1, price, days,\n    CASE WHEN kind <> 'meter' THEN kind "
            "WHEN c0 = c1 THEN 'same' WHEN q0 = 0 AND c0 = 0 THEN 'new' WHEN q1 = 0 AND c1 = 0 THEN 'gone' "
            "WHEN more IS NOT NULL THEN 'split' ELSE 'other' END AS effect,\n"
            "    more + CASE WHEN abs(rest) <= (abs(c0) + abs(c1)) / 10000000 THEN rest ELSE 0 END AS more\n  FROM rests\n)\n");
}

static void add_effects(Sql *sql) {
    sql_add(sql, "SELECT CAST(member AS VARCHAR) AS member, max(companion) AS companion, sum(c0) AS before, sum(c1) AS after,\n"
                 "  sum(CASE WHEN effect = 'split' THEN more - days ELSE 0 END) AS usage,\n"
                 "  sum(CASE WHEN effect = 'split' THEN days ELSE 0 END) AS days,\n"
                 "  sum(CASE WHEN effect = 'split' THEN price ELSE 0 END) AS price,\n"
                 "  sum(CASE WHEN effect = 'split' THEN c1 - c0 - more - price ELSE 0 END) AS coverage");
    for (Effect effect = EFFECT_NEW; effect < EFFECT_COUNT; effect++)
        sql_add(sql, ",\n  sum(CASE WHEN effect = %S THEN c1 - c0 ELSE 0 END) AS %I", effect_name(effect), effect_name(effect));
    sql_add(sql, "\nFROM parts\nGROUP BY 1\nORDER BY abs(sum(c1) - sum(c0)) DESC, 1 NULLS LAST");
}

static long long length_of(const Catalog *catalog, const PlanTime *time) {
    const Day start = time->start == DAY_NONE ? catalog->first_day : time->start;
    const Day end = time->end == DAY_NONE ? catalog->last_day + 1 : time->end;
    return end > start ? end - start : 1;
}

/* Prepares what varies: the relation that has all columns, conditions, the member's companion. */
static bool prepare(Arena *arena, const Desk *desk, const Plan *plan, const char *dimension, Ask *ask, Err *err) {
    const Catalog *catalog = desk->catalog;
    const CatalogColumn *column = dimension ? catalog_column(catalog, dimension) : NULL;
    const char *columns[METER_COLUMNS + OTHER_COLUMNS + 4];
    size_t count = 0;
    *ask = (Ask){.cost = desk_cost_column(catalog, plan), .member = dimension};
    ask->companion = column && column->companion && catalog_column(catalog, column->companion) ? column->companion : NULL;
    for (size_t i = 0; i < METER_COLUMNS; i++) columns[count++] = meter_columns[i];
    for (size_t i = 0; i < OTHER_COLUMNS; i++) columns[count++] = other_columns[i];
    columns[count++] = ask->cost;
    if (dimension) columns[count++] = dimension;
    if (ask->companion) columns[count++] = ask->companion;
    ask->before = desk_period(arena, catalog, &plan->compare.b);
    ask->after = desk_period(arena, catalog, &plan->compare.a);
    return desk_concept(arena, catalog, "support", &ask->support, err) &&
           plan_scope(arena, catalog, plan, columns, count, &ask->scope, err);
}

bool effects_table(Arena *arena, const Desk *desk, const Plan *plan, const char *dimension, size_t rows, Table **out,
                   Err *err) {
    Ask ask = {0};
    if (!prepare(arena, desk, plan, dimension, &ask, err)) return false;
    Sql *sql = sql_make(arena);
    add_atoms(arena, sql, desk->catalog, &ask);
    add_meters(sql, desk->catalog);
    add_parts(sql, length_of(desk->catalog, &plan->compare.b), length_of(desk->catalog, &plan->compare.a));
    add_effects(sql);
    sql_add(sql, "\nLIMIT %d", (long long)rows);
    return desk_run(arena, desk, sql_text(sql), rows, out, err);
}
