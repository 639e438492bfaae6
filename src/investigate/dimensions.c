#include "investigate/dimensions.h"

#include <math.h>
#include <stdlib.h>

#include "base/sql.h"
#include "base/text.h"

enum { TAGS = 8, DIMENSIONS = 20 };

static const char *const standard[] = {"ServiceName",    "SubAccountId",   "RegionId",         "x_CostDriver", "x_UsageType",
                                       "ChargeCategory", "x_LineItemType", "x_PurchaseOption", "SkuMeter"};

/* They say of what kind a line is, which the effects of a change tell better. */
static bool is_kind(const char *name) {
    return text_equal(name, "ChargeCategory") || text_equal(name, "x_LineItemType") || text_equal(name, "x_PurchaseOption");
}

/* The plan holds the dimension to one value: nothing to tell apart. */
static bool is_fixed(const Plan *plan, const char *name) {
    for (size_t i = 0; i < plan->filter_count; i++) {
        const PlanFilter *filter = &plan->filters[i];
        if (filter->op == FILTER_IN && filter->value_count == 1 && text_equal(filter->dimension, name)) return true;
    }
    return false;
}

static size_t choose(const Catalog *catalog, const Plan *plan, const CatalogColumn **chosen) {
    size_t count = 0, tags = 0;
    for (size_t i = 0; i < sizeof standard / sizeof *standard; i++) {
        const CatalogColumn *column = catalog_column(catalog, standard[i]);
        if (column && column->distinct > 1 && !is_fixed(plan, column->name)) chosen[count++] = column;
    }
    for (size_t i = 0; i < catalog->column_count && tags < TAGS && count < DIMENSIONS; i++) {
        const CatalogColumn *column = &catalog->columns[i];
        const bool covers = column->missing <= catalog->row_count - catalog->row_count / 5;
        if (column->class != CLASS_TAG || column->distinct < 2 || !covers || is_fixed(plan, column->name)) continue;
        if (catalog->rollup && !column->in_rollup) continue; /* would make all dimensions read the lines */
        chosen[count++] = column;
        tags++;
    }
    return count;
}

/* One dimension: its sums per member, the one that moved most, and what concentration is made of. */
static void add_dimension(Sql *sql, const CatalogColumn *column, const CatalogColumn *companion, long long index) {
    sql_add(
        sql,
        "(SELECT %d AS place, member, companion, before, after, changed, moved, net, squares, apart, all_before FROM (\n"
        "  SELECT member, companion, before, after, all_before, count(*) FILTER (WHERE before <> after) OVER () AS changed,\n"
        "    sum(abs(after - before)) OVER () AS moved, abs(sum(after - before) OVER ()) AS net,\n"
        "    sum(power(CAST(abs(after - before) AS DOUBLE), 2)) OVER () AS squares,\n"
        "    sum(abs(CAST(abs(after - before) AS DOUBLE) / NULLIF(all_moved, 0) - coalesce(CAST(abs(before) AS DOUBLE) / "
        "NULLIF(all_before, 0), 0))) OVER () AS apart,\n"
        "    row_number() OVER (ORDER BY abs(after - before) DESC, member NULLS LAST) AS number\n  FROM (\n"
        "    SELECT *, CAST(sum(abs(after - before)) OVER () AS DOUBLE) AS all_moved, "
        "CAST(sum(abs(before)) OVER () AS DOUBLE) AS all_before FROM (\n",
        index);
    sql_add(sql, "      SELECT NULLIF(CAST(%I AS VARCHAR), '') AS member", column->name);
    sql_add(sql, companion ? ", max(%I) AS companion" : ", NULL AS companion", companion ? companion->name : "");
    sql_add(sql,
            ", sum(CASE WHEN is_after THEN 0 ELSE cost END) AS before, sum(CASE WHEN is_after THEN cost ELSE 0 END) AS after\n"
            "      FROM lines GROUP BY 1) AS members) AS totals) AS placed WHERE number = 1)");
}

static const CatalogColumn *companion_of(const Catalog *catalog, const CatalogColumn *column) {
    return column->companion ? catalog_column(catalog, column->companion) : NULL;
}

static bool write_sql(Arena *arena, const Desk *desk, const Plan *plan, const CatalogColumn *const *chosen, size_t count,
                      const char **out, Err *err) {
    const Catalog *catalog = desk->catalog;
    const char *cost = desk_cost_column(catalog, plan);
    const char *columns[DIMENSIONS * 2 + 1];
    size_t column_count = 0;
    columns[column_count++] = cost;
    for (size_t i = 0; i < count; i++) {
        columns[column_count++] = chosen[i]->name;
        const CatalogColumn *companion = companion_of(catalog, chosen[i]);
        if (companion) columns[column_count++] = companion->name;
    }
    PlanScope scope = {0};
    if (!plan_scope(arena, catalog, plan, columns, column_count, &scope, err)) return false;
    const char *before = desk_period(arena, catalog, &plan->compare.b), *after = desk_period(arena, catalog, &plan->compare.a);
    Sql *sql = sql_make(arena);
    sql_add(sql, "WITH lines AS (\n  SELECT %R AS is_after, CAST(%I AS DECIMAL(38, 12)) AS cost", after, cost);
    for (size_t i = 1; i < column_count; i++) {
        bool twice = false;
        for (size_t j = 1; j < i; j++) twice |= text_equal(columns[i], columns[j]);
        if (!twice) sql_add(sql, ", %I", columns[i]);
    }
    sql_add(sql, "\n  FROM %I\n  WHERE ((%R) OR (%R)) AND %R\n)\n", scope.relation, before, after, scope.condition);
    for (size_t i = 0; i < count; i++) {
        sql_add(sql, i ? "\nUNION ALL\n" : "");
        add_dimension(sql, chosen[i], companion_of(catalog, chosen[i]), (long long)i);
    }
    *out = sql_text(sql);
    return true;
}

enum { PLACE, MEMBER, COMPANION, BEFORE, AFTER, CHANGED, MOVED, NET, SQUARES, APART, ALL_BEFORE };

static double concentration(const Table *table, size_t row) {
    const double moved = desk_double(table, row, MOVED);
    if (moved <= 0) return 0;
    const double squares = desk_double(table, row, SQUARES) / (moved * moved);
    const double all = desk_double(table, row, ALL_BEFORE), own = fabs(desk_double(table, row, BEFORE));
    const double smallness = all > 0 && own < all ? 1 - own / all : all > 0 ? 0 : 1;
    return squares * smallness * smallness * desk_double(table, row, APART) / 2 * desk_double(table, row, NET) / moved;
}

static int by_concentration(const void *a, const void *b) {
    const DimensionLead *left = a, *right = b;
    if (left->concentration > right->concentration) return -1;
    return left->concentration < right->concentration;
}

const DimensionLead *dimensions_lead(const DimensionLead *leads, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!is_kind(leads[i].column->name) && !text_is_empty(leads[i].member)) return &leads[i];
    return count ? leads : NULL;
}

bool dimensions_rank(Arena *arena, const Desk *desk, const Plan *plan, DimensionLead **leads, size_t *count, Err *err) {
    const CatalogColumn *chosen[DIMENSIONS] = {0};
    const size_t chosen_count = choose(desk->catalog, plan, chosen);
    const char *sql = NULL;
    Table *table = NULL;
    *count = 0;
    *leads = arena_array(arena, chosen_count + 1, sizeof **leads);
    if (!chosen_count) return true;
    if (!write_sql(arena, desk, plan, chosen, chosen_count, &sql, err)) return false;
    if (!desk_run(arena, desk, sql, 0, &table, err)) return false;
    for (size_t row = 0; row < table->row_count; row++) {
        const size_t place = (size_t)desk_double(table, row, PLACE);
        if (place >= chosen_count || desk_double(table, row, CHANGED) < 1) continue;
        DimensionLead lead = {.column = chosen[place],
                              .member = table_cell(table, row, MEMBER),
                              .companion = table_cell(table, row, COMPANION),
                              .before = desk_decimal(table, row, BEFORE),
                              .after = desk_decimal(table, row, AFTER),
                              .changed = (long long)desk_double(table, row, CHANGED),
                              .concentration = concentration(table, row)};
        if (!decimal_subtract(lead.after, lead.before, &lead.change)) continue;
        (*leads)[(*count)++] = lead;
    }
    /* In the order chosen first, so that equal ones come out the same every time. */
    qsort(*leads, *count, sizeof **leads, by_concentration);
    return true;
}
