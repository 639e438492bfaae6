/* Conditions on rows: filters, concepts, periods, days of the week. */
#include "question/query.h"

#include "base/sql.h"
#include "base/text.h"

static const char *literal(Query *query, const CatalogColumn *column, const char *value) {
    switch (column->type) {
    case CELL_DECIMAL:
    case CELL_INTEGER: return sql_format(query->arena, "%N", value);
    case CELL_DATE: return dialect_form(query->arena, query->dialect, "date", sql_format(query->arena, "%S", value), "");
    case CELL_TIMESTAMP:
        return dialect_form(query->arena, query->dialect, "timestamp", sql_format(query->arena, "%S", value), "");
    case CELL_BOOLEAN: return text_equal_fold(value, "true") ? "TRUE" : "FALSE";
    default: return sql_format(query->arena, "%S", value);
    }
}

static const char *empty_condition(Query *query, const CatalogColumn *column, bool empty) {
    if (column->type != CELL_TEXT) return sql_format(query->arena, empty ? "%I IS NULL" : "%I IS NOT NULL", column->name);
    if (empty) return sql_format(query->arena, "(%I IS NULL OR %I = '')", column->name, column->name);
    return sql_format(query->arena, "%I <> ''", column->name); /* NULL is not true either */
}

/* "" among the values stands for the empty value. */
static const char *in_condition(Query *query, const CatalogColumn *column, const PlanFilter *filter) {
    Texts literals = {0};
    bool empty = false;
    for (size_t i = 0; i < filter->value_count; i++) {
        if (*filter->values[i])
            texts_add(query->arena, &literals, literal(query, column, filter->values[i]));
        else
            empty = true;
    }
    const char *list = texts_join(query->arena, &literals, ", ");
    const bool in = filter->op == FILTER_IN;
    const char *among = sql_format(query->arena, in ? "%I IN (%R)" : "%I NOT IN (%R)", column->name, list);
    if (!literals.count) return empty_condition(query, column, in);
    if (literals.count == 1) among = sql_format(query->arena, in ? "%I = %R" : "%I <> %R", column->name, list);
    if (in == empty) { /* IN with the empty value, or NOT IN without it: rows without a value belong too */
        const char *none = column->type == CELL_TEXT && in ? empty_condition(query, column, true)
                                                           : sql_format(query->arena, "%I IS NULL", column->name);
        return sql_format(query->arena, "(%R OR %R)", among, none);
    }
    if (in) return among;
    return sql_format(query->arena, "(%R AND %R)", among, empty_condition(query, column, false));
}

static const char *contains_condition(Query *query, const CatalogColumn *column, const PlanFilter *filter) {
    Texts any = {0};
    const char *folded =
        sql_format(query->arena, column->type == CELL_TEXT ? "lower(%I)" : "lower(CAST(%I AS VARCHAR))", column->name);
    for (size_t i = 0; i < filter->value_count; i++) {
        const char *part = sql_format(query->arena, "%S", text_lower(query->arena, filter->values[i]));
        texts_add(query->arena, &any, dialect_form(query->arena, query->dialect, "contains", folded, part));
    }
    const char *all = texts_join(query->arena, &any, " OR ");
    if (filter->op == FILTER_CONTAINS) return any.count > 1 ? sql_format(query->arena, "(%R)", all) : all;
    return sql_format(query->arena, "(%I IS NULL OR NOT (%R))", column->name, all);
}

static const char *all_tags_empty(Query *query) {
    Texts all = {0};
    for (size_t i = 0; i < query->catalog->column_count; i++) {
        const CatalogColumn *column = &query->catalog->columns[i];
        /* Of a bill only resource tags: cost categories and account tags are columns of the same class. */
        if (column->class != CLASS_TAG || (query->catalog->is_bill && !text_starts(column->name, "tag_"))) continue;
        query_touch(query, column->name);
        texts_add(query->arena, &all, empty_condition(query, column, true));
    }
    if (!all.count) return "TRUE";
    return sql_format(query->arena, "(%R)", texts_join(query->arena, &all, " AND "));
}

/* "used > size": a column against another of the same row. */
static const char *columns_condition(Query *query, const PlanFilter *filter, const CatalogColumn *column) {
    const CatalogColumn *than = catalog_column(query->catalog, filter->than);
    if (!than) return NULL;
    query_touch(query, than->name);
    switch (filter->op) {
    case FILTER_AT_LEAST: return sql_format(query->arena, "%I >= %I", column->name, than->name);
    case FILTER_ABOVE: return sql_format(query->arena, "%I > %I", column->name, than->name);
    case FILTER_AT_MOST: return sql_format(query->arena, "%I <= %I", column->name, than->name);
    case FILTER_BELOW: return sql_format(query->arena, "%I < %I", column->name, than->name);
    default: return NULL;
    }
}

const char *filter_condition(Query *query, const PlanFilter *filter) {
    if (filter->op == FILTER_ALL_TAGS_EMPTY) return all_tags_empty(query);
    if (filter->op == FILTER_ANY_TAG) return sql_format(query->arena, "NOT coalesce(%R, FALSE)", all_tags_empty(query));
    const CatalogColumn *column = catalog_column(query->catalog, filter->dimension);
    if (!column) return NULL;
    query_touch(query, column->name);
    /* A row of the rollup is a sum of lines: it says nothing about the amount of one line. */
    if (column->class == CLASS_COST || column->class == CLASS_METRIC) query->lines_only = true;
    const char *first = filter->value_count ? filter->values[0] : "";
    if (filter->than) return columns_condition(query, filter, column);
    switch (filter->op) {
    case FILTER_IN:
    case FILTER_NOT_IN: return in_condition(query, column, filter);
    case FILTER_EMPTY: return empty_condition(query, column, true);
    case FILTER_NOT_EMPTY: return empty_condition(query, column, false);
    case FILTER_CONTAINS:
    case FILTER_NOT_CONTAINS: return contains_condition(query, column, filter);
    case FILTER_AT_LEAST: return sql_format(query->arena, "%I >= %R", column->name, literal(query, column, first));
    case FILTER_ABOVE: return sql_format(query->arena, "%I > %R", column->name, literal(query, column, first));
    case FILTER_AT_MOST: return sql_format(query->arena, "%I <= %R", column->name, literal(query, column, first));
    case FILTER_BELOW: return sql_format(query->arena, "%I < %R", column->name, literal(query, column, first));
    default: return NULL;
    }
}

static const char *clause_list(Query *query, const Clause *clause) {
    Texts literals = {0};
    for (size_t i = 0; i < clause->value_count; i++)
        texts_add(query->arena, &literals, sql_format(query->arena, "%S", text_lower(query->arena, clause->values[i])));
    return texts_join(query->arena, &literals, ", ");
}

static const char *clause_any(Query *query, const Clause *clause, const char *form) {
    Texts any = {0};
    const char *folded = sql_format(query->arena, "lower(%I)", clause->column);
    for (size_t i = 0; i < clause->value_count; i++) {
        const char *part = sql_format(query->arena, "%S", text_lower(query->arena, clause->values[i]));
        texts_add(query->arena, &any, dialect_form(query->arena, query->dialect, form, folded, part));
    }
    const char *all = texts_join(query->arena, &any, " OR ");
    return any.count > 1 ? sql_format(query->arena, "(%R)", all) : all;
}

static const char *clause_condition(Query *query, const Clause *clause) {
    query_touch(query, clause->column);
    switch (clause->op) {
    case CLAUSE_IN: return sql_format(query->arena, "lower(%I) IN (%R)", clause->column, clause_list(query, clause));
    case CLAUSE_NOT_IN:
        return sql_format(query->arena, "(%I IS NULL OR lower(%I) NOT IN (%R))", clause->column, clause->column,
                          clause_list(query, clause));
    case CLAUSE_CONTAINS: return clause_any(query, clause, "contains");
    case CLAUSE_STARTS: return clause_any(query, clause, "starts_with");
    case CLAUSE_ENDS: return clause_any(query, clause, "ends_with");
    case CLAUSE_EMPTY: return sql_format(query->arena, "(%I IS NULL OR %I = '')", clause->column, clause->column);
    case CLAUSE_NOT_EMPTY: return sql_format(query->arena, "%I <> ''", clause->column);
    }
    return NULL;
}

const char *concept_condition(Query *query, const Concept *concept, bool negated) {
    if (!concept->group_count) return negated ? "TRUE" : "FALSE";
    Texts groups = {0};
    for (size_t g = 0; g < concept->group_count; g++) {
        Texts clauses = {0};
        for (size_t c = 0; c < concept->groups[g].clause_count; c++)
            texts_add(query->arena, &clauses, clause_condition(query, &concept->groups[g].clauses[c]));
        const char *all = texts_join(query->arena, &clauses, " AND ");
        texts_add(query->arena, &groups,
                  clauses.count > 1 && concept->group_count > 1 ? sql_format(query->arena, "(%R)", all) : all);
    }
    const char *any = texts_join(query->arena, &groups, " OR ");
    /* Where a column is NULL the condition is NULL: such a row is not of the concept. */
    if (negated) return sql_format(query->arena, "NOT coalesce(%R, FALSE)", any);
    return sql_format(query->arena, "(%R)", any);
}

const char *time_column(Query *query, bool by_billing_period) {
    const char *name = by_billing_period             ? "BillingPeriodStart"
                       : query->catalog->time_column ? query->catalog->time_column->name
                                                     : NULL;
    if (name) query_touch(query, name);
    return name;
}

const char *time_date(Query *query, bool by_billing_period) {
    const char *name = time_column(query, by_billing_period);
    const CatalogColumn *column = name ? catalog_column(query->catalog, name) : NULL;
    const char *quoted = name ? sql_format(query->arena, "%I", name) : NULL;
    if (!column || column->type == CELL_DATE) return quoted;
    return dialect_form(query->arena, query->dialect, "to_date", quoted, "");
}

static const char *day_literal(Query *query, Day day) {
    const char *text = sql_format(query->arena, "%S", date_text(query->arena, day));
    return dialect_form(query->arena, query->dialect, "date", text, "");
}

/* An end that is open counts too. */
static bool is_month_start(Day day) {
    return day == DAY_NONE || date_calendar(day).day == 1;
}

const char *time_condition(Query *query, const PlanTime *time) {
    if (time->start == DAY_NONE && time->end == DAY_NONE) return NULL;
    const bool days_used = query->days_used;
    const char *column = time_column(query, time->by_billing_period);
    if (!column) return NULL;
    if (is_month_start(time->start) && is_month_start(time->end)) query->days_used = days_used;
    Texts both = {0};
    if (time->start != DAY_NONE)
        texts_add(query->arena, &both, sql_format(query->arena, "%I >= %R", column, day_literal(query, time->start)));
    if (time->end != DAY_NONE)
        texts_add(query->arena, &both, sql_format(query->arena, "%I < %R", column, day_literal(query, time->end)));
    return texts_join(query->arena, &both, " AND ");
}

static const char *calendar_condition(Query *query) {
    const Plan *plan = query->plan;
    unsigned days = plan->calendar == CALENDAR_WEEKDAYS   ? 0x1f
                    : plan->calendar == CALENDAR_WEEKENDS ? 0x60
                                                          : plan->days_of_week;
    Texts numbers = {0};
    for (unsigned day = 0; day < 7; day++)
        if (days >> day & 1) texts_add(query->arena, &numbers, sql_format(query->arena, "%d", (long long)day + 1));
    const char *weekday = dialect_form(query->arena, query->dialect, "day_of_week", time_date(query, false), "");
    return sql_format(query->arena, "%R IN (%R)", weekday, texts_join(query->arena, &numbers, ", "));
}

void filter_times(Query *query) {
    const Plan *plan = query->plan;
    if (plan->compare.kind == COMPARE_PERIODS) {
        const char *a = time_condition(query, &plan->compare.a), *b = time_condition(query, &plan->compare.b);
        if (a && b) texts_add(query->arena, &query->where, sql_format(query->arena, "(%R\n  OR %R)", a, b));
    } else {
        const char *condition = time_condition(query, &plan->time);
        if (condition) texts_add(query->arena, &query->where, condition);
    }
    if (plan->calendar != CALENDAR_ALL && query->catalog->time_column)
        texts_add(query->arena, &query->where, calendar_condition(query));
}

/* Things that a comparison sets side by side are its rows, not conditions on them. */
static bool is_compared(const Plan *plan, const PlanFilter *filter) {
    if (plan->compare.kind != COMPARE_VALUES) return false;
    if (!plan->compare.dimension) return filter->part;
    if (filter->op != FILTER_IN) return false;
    return filter->value_count == 1 && text_equal(plan->compare.dimension, filter->dimension);
}

static bool is_compared_concept(const Plan *plan, const PlanConcept *concept) {
    return plan->compare.kind == COMPARE_VALUES && !plan->compare.dimension && !concept->negated;
}

Texts filter_conditions(Query *query, bool part) {
    const Plan *plan = query->plan;
    const bool parts = plan->intent == INTENT_SHARE || plan->intent == INTENT_LIST || plan->intent == INTENT_COUNT;
    Texts all = {0};
    for (size_t i = 0; i < plan->filter_count; i++) {
        const PlanFilter *filter = &plan->filters[i];
        if ((parts && filter->part) == part && !is_compared(plan, filter))
            texts_add(query->arena, &all, filter_condition(query, filter));
    }
    for (size_t i = 0; i < plan->concept_count; i++) {
        const PlanConcept *named = &plan->concepts[i];
        const Concept *concept = catalog_concept(query->catalog, named->id);
        if (concept && (parts && named->part) == part && !is_compared_concept(plan, named))
            texts_add(query->arena, &all, concept_condition(query, concept, named->negated));
    }
    return all;
}
