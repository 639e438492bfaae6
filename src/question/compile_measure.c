/* What a measure is in SQL: aggregates under their conditions, ratios of sums, and the units and currencies that must not be
 * added together. */
#include "question/query.h"

#include <string.h>

#include "base/sql.h"
#include "base/text.h"

static const Measure *leaf(const Query *query, const char *name) {
    return name ? catalog_measure(query->catalog, name) : NULL;
}

/* The measures that are aggregated for the plan: its measures and plan.per, ratios taken apart. */
enum { LEAVES = 64, MEASURE_DEPTH = 4 };
typedef struct {
    size_t count;
    const Measure *leaves[LEAVES];
} Leaves;

static void add_leaf(Leaves *leaves, const Measure *measure) {
    if (measure && leaves->count < LEAVES) leaves->leaves[leaves->count++] = measure;
}

static bool is_made_of_two(const Measure *measure) {
    return measure && (measure->kind == MEASURE_RATIO || measure->kind == MEASURE_DIFFERENCE);
}

static void add_leaves(const Query *query, Leaves *leaves, const Measure *measure, int depth) {
    if (!is_made_of_two(measure)) {
        add_leaf(leaves, measure);
    } else if (depth < MEASURE_DEPTH) {
        add_leaves(query, leaves, leaf(query, measure->numerator), depth + 1);
        add_leaves(query, leaves, leaf(query, measure->denominator), depth + 1);
    }
}

static Leaves plan_leaves(const Query *query) {
    Leaves leaves = {0};
    for (size_t i = 0; i < query->plan->measure_count; i++)
        add_leaves(query, &leaves, leaf(query, query->plan->measures[i]), 0);
    add_leaves(query, &leaves, leaf(query, query->plan->per), 0);
    return leaves;
}

/* The concept that limits all measures of the plan alike becomes a condition on the rows, so that groups without such
 * rows do not appear; a concept of some of them stays a condition of their aggregates. */
static const char *common_concept(const Query *query) {
    Leaves leaves = plan_leaves(query);
    const char *concept = leaves.count ? leaves.leaves[0]->concept : NULL;
    for (size_t i = 1; i < leaves.count; i++)
        if (!text_equal(leaves.leaves[i]->concept, concept)) return NULL;
    return concept;
}

static void use_concept_columns(Query *query, const Concept *concept) {
    for (size_t g = 0; g < concept->group_count; g++)
        for (size_t c = 0; c < concept->groups[g].clause_count; c++) query_touch(query, concept->groups[g].clauses[c].column);
}

/* " FILTER (WHERE …)" of one aggregate, "" when every row counts. */
static const char *aggregate_filter(Query *query, const Measure *measure, const char *flag) {
    Texts conditions = {0};
    const Concept *concept = measure->concept ? catalog_concept(query->catalog, measure->concept) : NULL;
    if (concept && !text_equal(common_concept(query), measure->concept)) {
        use_concept_columns(query, concept);
        char *wish = arena_printf(query->arena, "is_%s", concept->id);
        for (char *c = wish; *c; c++) *c = *c == '-' ? '_' : *c;
        const SelectItem *known = select_find(&query->filtered, wish);
        const char *name = known ? known->name : flag_add(query, wish, concept_condition(query, concept, false));
        texts_add(query->arena, &conditions, sql_format(query->arena, "%I", name));
    }
    if (flag) texts_add(query->arena, &conditions, sql_format(query->arena, "%I", flag));
    if (!conditions.count) return "";
    return sql_format(query->arena, " FILTER (WHERE %R)", texts_join(query->arena, &conditions, " AND "));
}

static const char *aggregate(Query *query, const Measure *measure, const char *flag) {
    const char *filter = aggregate_filter(query, measure, flag);
    const char *column = measure->column;
    if (measure->kind == MEASURE_COUNT_ROWS) {
        column = query->catalog->is_bill ? "x_RowCount" : NULL;
        if (!column) {
            query->lines_only = true;
            return sql_format(query->arena, "count(*)%R", filter);
        }
    }
    query_use(query, column);
    if (measure->kind == MEASURE_COUNT_DISTINCT) return sql_format(query->arena, "count(DISTINCT %I)%R", column, filter);
    /* Nothing charged is zero; a group in which no line has a quantity has none. */
    const bool zero = *filter || !(query->keys.count + query->inner_keys.count);
    return sql_format(query->arena, zero ? "coalesce(sum(%I)%R, 0)" : "sum(%I)%R", column, filter);
}

/* Ratios and differences are made of whole aggregates: a ratio of sums, never a sum of ratios. */
static const char *measure_expression(Query *query, const Measure *measure, const char *flag, int depth) {
    if (!is_made_of_two(measure)) return aggregate(query, measure, flag);
    const Measure *first = leaf(query, measure->numerator), *second = leaf(query, measure->denominator);
    if (!first || !second || depth >= MEASURE_DEPTH) return "NULL";
    const char *a = measure_expression(query, first, flag, depth + 1);
    const char *b = measure_expression(query, second, flag, depth + 1);
    if (measure->kind == MEASURE_DIFFERENCE) return sql_format(query->arena, "(coalesce(%R, 0) - coalesce(%R, 0))", a, b);
    return text_equal(measure->unit, "percent") ? percent_expression(query, a, b) : ratio_expression(query, a, b);
}

static bool is_additive(const Query *query, const Measure *measure) {
    Leaves leaves = {0};
    add_leaves(query, &leaves, measure, 0);
    for (size_t i = 0; i < leaves.count; i++)
        if (leaves.leaves[i]->kind == MEASURE_COUNT_DISTINCT) return false;
    return measure->kind != MEASURE_RATIO;
}

Value value_add(Query *query, const Measure *measure, const Measure *per, const char *name, const char *flag) {
    const char *expression = measure_expression(query, measure, flag, 0);
    if (per) {
        const char *below = measure_expression(query, per, flag, 0);
        const char *count = query->plan->per_count;
        if (count) expression = sql_format(query->arena, "(%N * %R)", count, expression);
        expression = ratio_expression(query, expression, below);
    }
    select_add(query->arena, &query->grouped, name, expression);
    return (Value){.measure = measure,
                   .name = name,
                   .expression = sql_format(query->arena, "%I", name),
                   .additive = !per && is_additive(query, measure)};
}

static const Measure *per_of(const Query *query, size_t index) {
    return index == 0 ? leaf(query, query->plan->per) : NULL;
}

Value value_of_plan(Query *query, size_t index, const char *name, const char *flag) {
    return value_add(query, leaf(query, query->plan->measures[index]), per_of(query, index), name, flag);
}

const char *value_name(Query *query, size_t index) {
    const char *name = leaf(query, query->plan->measures[index])->name;
    const Measure *per = per_of(query, index);
    const char *count = per && query->plan->per_count ? arena_printf(query->arena, "%s_", query->plan->per_count) : "";
    if (per) return arena_printf(query->arena, "%s_per_%s%s", name, count, per->name);
    /* A table may be grouped by the very column that is summed. */
    return texts_has(&query->keys, name) ? arena_printf(query->arena, "total_%s", name) : name;
}

const char *value_label(Query *query, size_t index) {
    const char *label = leaf(query, query->plan->measures[index])->label;
    const Measure *per = per_of(query, index);
    const char *count = per && query->plan->per_count ? arena_printf(query->arena, "%s units of ", query->plan->per_count) : "";
    return per ? arena_printf(query->arena, "%s per %s%s", label, count, per->label) : label;
}

/* The only value that a filter leaves to a column, NULL when there may be several. */
static const char *pinned(const Query *query, const char *column) {
    for (size_t i = 0; i < query->plan->filter_count; i++) {
        const PlanFilter *filter = &query->plan->filters[i];
        if (filter->op == FILTER_IN && filter->value_count == 1 && !filter->part && text_equal(filter->dimension, column))
            return filter->values[0];
    }
    return NULL;
}

/* "Hrs", "hours", "Hours" are one unit. */
static const char *unit_key(Arena *arena, const char *unit) {
    static const char *const SAME[][2] = {{"hr", "hour"},        {"h", "hour"},       {"instancehr", "hour"},
                                          {"gigabyte", "gb"},    {"gbmo", "gbmonth"}, {"apirequest", "request"},
                                          {"apicall", "request"}};
    char *key = text_name_key(arena, unit);
    size_t size = strlen(key);
    if (size > 1 && key[size - 1] == 's') key[size - 1] = '\0';
    for (size_t i = 0; i < sizeof SAME / sizeof *SAME; i++)
        if (text_equal(key, SAME[i][0])) return SAME[i][1];
    return key;
}

/* The unit that all values of a filter on the column name, in whatever spelling; NULL. Lines without a unit go with it. */
static const char *pinned_unit(const Query *query, const char *column) {
    for (size_t i = 0; i < query->plan->filter_count; i++) {
        const PlanFilter *filter = &query->plan->filters[i];
        if (filter->op != FILTER_IN || filter->part || !text_equal(filter->dimension, column)) continue;
        const char *unit = NULL;
        for (size_t v = 0; v < filter->value_count; v++) {
            if (!*filter->values[v]) continue;
            if (unit && !text_equal(unit_key(query->arena, unit), unit_key(query->arena, filter->values[v]))) return NULL;
            if (!unit) unit = filter->values[v];
        }
        return unit;
    }
    return NULL;
}

/* The only unit that the data has in a column of units, NULL when there may be several. */
static const char *only_unit(const Query *query, const char *column) {
    const char *value = pinned_unit(query, column);
    const CatalogColumn *known = catalog_column(query->catalog, column);
    if (!value && known && known->values_complete && known->value_count == 1) value = known->values[0].text;
    return value;
}

static const char *only_currency(const Query *query) {
    if (query->catalog->currency_count == 1) return query->catalog->currencies[0];
    return pinned(query, "BillingCurrency");
}

static const char *measure_unit(const Query *query, const Measure *measure) {
    if (measure->unit_column) return only_unit(query, measure->unit_column);
    return text_equal(measure->unit, "currency") ? only_currency(query) : measure->unit;
}

const char *value_unit(Query *query, size_t index) {
    const Measure *measure = leaf(query, query->plan->measures[index]), *per = per_of(query, index);
    const char *unit = measure_unit(query, measure);
    const char *below = per ? measure_unit(query, per) : NULL;
    const char *times = per && query->plan->per_count ? arena_printf(query->arena, "%s ", query->plan->per_count) : "";
    return unit && below && !text_equal(below, "count") ? arena_printf(query->arena, "%s per %s%s", unit, times, below) : unit;
}

CompiledColumn *value_show(Query *query, const Value *value, size_t index, ColumnRole role) {
    return query_column(query, (CompiledColumn){.name = value->name,
                                                .label = value_label(query, index),
                                                .role = role,
                                                .measure = value->measure->name,
                                                .unit = value_unit(query, index)});
}

static void split_by(Query *query, const char *column, ColumnRole role) {
    if (texts_has(&query->keys, column)) {
        if (!texts_has(&query->split_keys, column)) texts_add(query->arena, &query->split_keys, column);
        return;
    }
    const CatalogColumn *known = catalog_column(query->catalog, column);
    if (!known) return;
    query_use(query, column);
    texts_add(query->arena, &query->keys, known->name);
    texts_add(query->arena, &query->split_keys, known->name);
    query_column(query, (CompiledColumn){.name = known->name, .label = known->label, .role = role});
}

/* Lines without a quantity (tax, fees) have no unit either and would come out as a group of nothing. */
static void leave_out_unmeasured(Query *query, const Leaves *leaves) {
    const Measure *per = leaf(query, query->plan->per);
    if (per && per->unit_column) {
        query_touch(query, per->unit_column);
        texts_add(query->arena, &query->where, sql_format(query->arena, "%I IS NOT NULL", per->unit_column));
        return;
    }
    for (size_t i = 0; i < leaves->count; i++)
        if (!leaves->leaves[i]->unit_column || !text_equal(leaves->leaves[i]->column, leaves->leaves[0]->column)) return;
    if (!leaves->count) return;
    query_touch(query, leaves->leaves[0]->column);
    texts_add(query->arena, &query->where, sql_format(query->arena, "%I IS NOT NULL", leaves->leaves[0]->column));
}

void value_split(Query *query) {
    Leaves leaves = plan_leaves(query);
    const Concept *concept = common_concept(query) ? catalog_concept(query->catalog, common_concept(query)) : NULL;
    if (concept) texts_add(query->arena, &query->where, concept_condition(query, concept, false));
    leave_out_unmeasured(query, &leaves);
    for (size_t i = 0; i < leaves.count; i++) {
        const Measure *measure = leaves.leaves[i];
        if (measure->unit_column && !only_unit(query, measure->unit_column)) split_by(query, measure->unit_column, ROLE_UNIT);
        if (text_equal(measure->unit, "currency") && query->catalog->currency_count > 1 && !only_currency(query))
            split_by(query, "BillingCurrency", ROLE_CURRENCY);
    }
}
