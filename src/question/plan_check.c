/* Whether a plan can be answered on this data, and what can be asked instead. */
#include "base/decimal.h"
#include "base/text.h"
#include "question/check.h"

static bool check_measure(Arena *arena, const Catalog *catalog, const char *name, Err *err) {
    const Measure *measure = catalog_measure(catalog, name);
    if (!measure) return check_no_measure(arena, catalog, name, err);
    if (measure->available) return true;
    return err_set_code(err, ERR_REFUSED, "NO_SUCH_DATA", "This data has no %s: it would need %s", measure->label,
                        text_is_empty(measure->needs) ? "columns that are missing" : measure->needs);
}

static bool check_measures(Arena *arena, const Catalog *catalog, const Plan *plan, Err *err) {
    if (!plan->measure_count)
        return err_set_code(err, ERR_REFUSED, "UNSUPPORTED_SHAPE",
                            "The plan does not say what to measure; name a measure such as %s",
                            catalog->measure_count ? catalog->measures[0].name : "line_items");
    if (plan->measure_count > PLAN_ITEMS)
        return err_set_code(err, ERR_REFUSED, "TOO_BROAD", "The plan names more than %d measures; ask for fewer", PLAN_ITEMS);
    for (size_t i = 0; i < plan->measure_count; i++)
        if (!check_measure(arena, catalog, plan->measures[i], err)) return false;
    for (size_t i = 0; i < plan->measure_count; i++)
        for (size_t j = 0; j < i; j++)
            if (text_equal(plan->measures[i], plan->measures[j]))
                return err_set_code(err, ERR_REFUSED, "UNSUPPORTED_SHAPE", "The plan measures %s twice", plan->measures[i]);
    return !plan->per || check_measure(arena, catalog, plan->per, err);
}

static bool check_groups(Arena *arena, const Catalog *catalog, const Plan *plan, Err *err) {
    if (plan->group_count > PLAN_DIMENSIONS)
        return err_set_code(err, ERR_REFUSED, "TOO_BROAD", "A breakdown has at most %d dimensions; leave some out",
                            PLAN_DIMENSIONS);
    for (size_t i = 0; i < plan->group_count; i++) {
        if (!check_column(arena, catalog, plan->group_by[i], err)) return false;
        const CatalogColumn *column = catalog_column(catalog, plan->group_by[i]);
        if (catalog->is_bill && (column->class == CLASS_COST || column->class == CLASS_METRIC))
            return err_set_code(err, ERR_REFUSED, "UNSUPPORTED_SHAPE",
                                "%s is an amount, so it cannot be grouped by; group by a dimension such as ServiceName",
                                column->name);
        for (size_t j = 0; j < i; j++)
            if (text_equal(plan->group_by[i], plan->group_by[j]))
                return err_set_code(err, ERR_REFUSED, "UNSUPPORTED_SHAPE", "The plan groups by %s twice", plan->group_by[i]);
    }
    return true;
}

static bool is_of_type(const CatalogColumn *column, const char *value) {
    Decimal number;
    Day day;
    switch (column->type) {
    case CELL_DECIMAL:
    case CELL_INTEGER: return decimal_parse(value, &number);
    case CELL_DATE:
    case CELL_TIMESTAMP: return date_parse(value, &day) && check_is_moment(value, column->type);
    case CELL_BOOLEAN: return text_equal_fold(value, "true") || text_equal_fold(value, "false");
    default: return true;
    }
}

static bool check_values(Arena *arena, const Catalog *catalog, const PlanFilter *filter, Err *err) {
    const CatalogColumn *column = catalog_column(catalog, filter->dimension);
    const bool by_value = filter->op == FILTER_IN || filter->op == FILTER_NOT_IN;
    for (size_t i = 0; i < filter->value_count; i++) {
        const char *value = filter->values[i];
        if (by_value && !*value) continue; /* "" is the empty value */
        const bool contains = filter->op == FILTER_CONTAINS || filter->op == FILTER_NOT_CONTAINS;
        if (!contains && !is_of_type(column, value))
            return err_set_code(err, ERR_REFUSED, "UNKNOWN_VALUE", "\"%s\" is not a value of %s, which holds %s values",
                                text_printable(arena, value), column->label, table_type_name(column->type));
        if (contains && !*value)
            return err_set_code(err, ERR_REFUSED, "UNSUPPORTED_SHAPE", "Every %s contains the empty text; say what to look for",
                                column->label);
        if (by_value && !check_value(arena, column, value, err)) return false;
    }
    return true;
}

static bool check_filter(Arena *arena, const Catalog *catalog, const PlanFilter *filter, Err *err) {
    if (filter->op == FILTER_ALL_TAGS_EMPTY || filter->op == FILTER_ANY_TAG) {
        for (size_t i = 0; i < catalog->column_count; i++)
            if (catalog->columns[i].class == CLASS_TAG) return true;
        return err_set_code(err, ERR_REFUSED, "NO_SUCH_DATA",
                            "This data has no tag columns, so it cannot say what is untagged");
    }
    if (!check_column(arena, catalog, filter->dimension, err)) return false;
    if (filter->than) {
        const CatalogColumn *left = catalog_column(catalog, filter->dimension);
        if (!check_column(arena, catalog, filter->than, err)) return false;
        const CatalogColumn *right = catalog_column(catalog, filter->than);
        const bool numbers =
            left->type != CELL_TEXT && left->type != CELL_BOOLEAN && right->type != CELL_TEXT && right->type != CELL_BOOLEAN;
        if (!catalog->is_bill && numbers && filter->op >= FILTER_AT_LEAST && filter->op <= FILTER_BELOW) return true;
        return err_set_code(err, ERR_REFUSED, "UNSUPPORTED_SHAPE",
                            "Only number columns of a table are set against each other, as in: rows with %s above %s",
                            left->label, right->label);
    }
    const bool needs_value = filter->op != FILTER_EMPTY && filter->op != FILTER_NOT_EMPTY;
    if (needs_value && !filter->value_count)
        return err_set_code(err, ERR_REFUSED, "UNSUPPORTED_SHAPE", "The filter on %s names no value", filter->dimension);
    if (filter->value_count > PLAN_VALUES)
        return err_set_code(err, ERR_REFUSED, "TOO_BROAD", "The filter on %s names more than %d values; name fewer",
                            filter->dimension, PLAN_VALUES);
    const CatalogColumn *column = catalog_column(catalog, filter->dimension);
    const bool ordered = filter->op >= FILTER_AT_LEAST && filter->op <= FILTER_BELOW;
    if (ordered && (column->type == CELL_TEXT || column->type == CELL_BOOLEAN))
        return err_set_code(err, ERR_REFUSED, "UNSUPPORTED_SHAPE", "%s holds text, which is neither above nor below a value",
                            column->name);
    return check_values(arena, catalog, filter, err);
}

static bool check_filters(Arena *arena, const Catalog *catalog, const Plan *plan, Err *err) {
    if (plan->filter_count > PLAN_ITEMS || plan->concept_count > PLAN_ITEMS)
        return err_set_code(err, ERR_REFUSED, "TOO_BROAD", "The plan has more than %d filters; leave some out", PLAN_ITEMS);
    for (size_t i = 0; i < plan->filter_count; i++)
        if (!check_filter(arena, catalog, &plan->filters[i], err)) return false;
    for (size_t i = 0; i < plan->concept_count; i++) {
        const Concept *concept = catalog_concept(catalog, plan->concepts[i].id);
        if (!concept)
            return err_set_code(err, ERR_REFUSED, "NO_SUCH_DATA", "There is no concept \"%s\"",
                                text_printable(arena, plan->concepts[i].id));
        if (!concept->available)
            return err_set_code(err, ERR_REFUSED, "NO_SUCH_DATA", "This data lacks the columns that tell %s apart",
                                concept->label);
        if (!plan->concepts[i].negated && concept->row_count == 0) return check_no_lines(arena, catalog, concept, err);
    }
    return true;
}

static bool check_threshold(const Plan *plan, const PlanHaving *having, Err *err) {
    Decimal low, high;
    const bool between = having->op == HAVING_BETWEEN;
    if (!having->value || !decimal_parse(having->value, &low) ||
        (between && (!having->value2 || !decimal_parse(having->value2, &high))))
        return err_set_code(err, ERR_REFUSED, "UNSUPPORTED_SHAPE", "A threshold needs a number%s",
                            between ? " on both ends" : "");
    if (between && decimal_compare(low, high) > 0)
        return err_set_code(err, ERR_REFUSED, "UNSUPPORTED_SHAPE", "Nothing is between %s and %s: the first is the larger one",
                            having->value, having->value2);
    return check_rank_target(plan, having->on, err);
}

static bool check_rank(const Plan *plan, Err *err) {
    const PlanRank *rank = &plan->rank;
    if (plan->having_count > PLAN_ITEMS)
        return err_set_code(err, ERR_REFUSED, "TOO_BROAD", "The plan has more than %d thresholds", PLAN_ITEMS);
    for (size_t i = 0; i < plan->having_count; i++)
        if (!check_threshold(plan, &plan->having[i], err)) return false;
    if (plan->limit < 0 || rank->n < 0)
        return err_set_code(err, ERR_REFUSED, "UNSUPPORTED_SHAPE", "A negative number of rows cannot be shown");
    if (!rank->present) return true;
    if (!check_rank_target(plan, rank->on, err)) return false;
    bool found = !rank->each || text_equal(rank->each, plan_grain_name(plan->grain)) || text_equal(rank->each, plan->subject);
    for (size_t i = 0; i < plan->group_count; i++) found |= text_equal(rank->each, plan->group_by[i]);
    if (!found)
        return err_set_code(err, ERR_REFUSED, "UNSUPPORTED_SHAPE", "A ranking for each %s needs %s among the groups",
                            rank->each, rank->each);
    return true;
}

/* What yes means must be something that the rows can show. */
static bool check_claim(const Plan *plan, Err *err) {
    if (!plan->yes_no || plan->claim == CLAIM_NONE || plan->intent != INTENT_COMPARE) return true;
    const bool periods = plan->compare.kind == COMPARE_PERIODS;
    if (periods ? !plan->claimed : plan->claimed && plan->claim != CLAIM_CHANGED) return true;
    return err_set_code(err, ERR_REFUSED, "UNSUPPORTED_SHAPE",
                        periods ? "A claim about two periods names none of them: it is about the first"
                                : "A claim about values names the one that is more or less than the other");
}

bool plan_check(Arena *arena, const Catalog *catalog, const Plan *plan, Err *err) {
    if (!text_equal(plan->dataset, catalog->dataset))
        return err_set_code(err, ERR_REFUSED, "NO_SUCH_DATA", "The plan asks \"%s\", but the data loaded here is \"%s\"",
                            plan->dataset ? text_printable(arena, plan->dataset) : "", catalog->dataset);
    if (plan->intent == INTENT_META) {
        if (plan->meta) return true;
        return err_set_code(err, ERR_REFUSED, "UNSUPPORTED_SHAPE", "The plan does not say what about the data is asked");
    }
    return check_measures(arena, catalog, plan, err) && check_groups(arena, catalog, plan, err) &&
           check_filters(arena, catalog, plan, err) && check_rank(plan, err) && check_times(arena, catalog, plan, err) &&
           check_intent(arena, catalog, plan, err) && check_claim(plan, err);
}
