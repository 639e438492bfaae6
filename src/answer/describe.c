#include "answer/describe.h"

#include <string.h>

#include "answer/display.h"
#include "base/text.h"

enum {
    VALUES_SAID = 5, /* longer lists of a filter are counted, not recited */
    SCOPE_PARTS = 2  /* more conditions than this make a subject that nobody reads */
};

char *describe_list(Arena *arena, const char *const *items, size_t count) {
    Buffer out = {.arena = arena};
    for (size_t i = 0; i < count; i++) {
        if (i) buffer_add(&out, i + 1 == count ? " and " : ", ");
        buffer_add(&out, items[i]);
    }
    return arena_text(arena, buffer_text(&out));
}

/* "before September" and "from September on" end where the data does. */
bool describe_span(const Catalog *catalog, const PlanTime *time, Day *start, Day *end) {
    *start = time->start != DAY_NONE ? time->start : catalog->first_day;
    *end = time->end != DAY_NONE ? time->end : catalog->last_day == DAY_NONE ? DAY_NONE : catalog->last_day + 1;
    return *start != DAY_NONE && *end != DAY_NONE && *start < *end;
}

bool describe_period(const Catalog *catalog, const Plan *plan, Day *start, Day *end) {
    const PlanTime *time = plan->compare.kind == COMPARE_PERIODS ? &plan->compare.a : &plan->time;
    return describe_span(catalog, time, start, end);
}

static const char *column_label(const Catalog *catalog, const char *name) {
    const CatalogColumn *column = name ? catalog_column(catalog, name) : NULL;
    return column ? column->label : name;
}

static bool is_tag(const Catalog *catalog, const char *name) {
    const CatalogColumn *column = name ? catalog_column(catalog, name) : NULL;
    return column && column->class == CLASS_TAG;
}

static char *values_in_words(Arena *arena, const Catalog *catalog, const PlanFilter *filter) {
    if (filter->value_count > VALUES_SAID) return arena_printf(arena, "%zu values", filter->value_count);
    const char *names[VALUES_SAID] = {0};
    for (size_t i = 0; i < filter->value_count; i++)
        names[i] = display_name(arena, filter->values[i], is_tag(catalog, filter->dimension));
    return describe_list(arena, names, filter->value_count);
}

static const char *filter_in_words(Arena *arena, const Catalog *catalog, const PlanFilter *filter) {
    const char *label = column_label(catalog, filter->dimension);
    const char *values = filter->than ? column_label(catalog, filter->than) : values_in_words(arena, catalog, filter);
    switch (filter->op) {
    case FILTER_IN: return arena_printf(arena, "%s is %s", label, values);
    case FILTER_NOT_IN: return arena_printf(arena, "%s is not %s", label, values);
    case FILTER_EMPTY: return arena_printf(arena, "%s is empty", label);
    case FILTER_NOT_EMPTY: return arena_printf(arena, "%s is not empty", label);
    case FILTER_CONTAINS: return arena_printf(arena, "%s contains %s", label, values);
    case FILTER_NOT_CONTAINS: return arena_printf(arena, "%s does not contain %s", label, values);
    case FILTER_AT_LEAST: return arena_printf(arena, "%s is at least %s", label, values);
    case FILTER_ABOVE: return arena_printf(arena, "%s is above %s", label, values);
    case FILTER_AT_MOST: return arena_printf(arena, "%s is at most %s", label, values);
    case FILTER_BELOW: return arena_printf(arena, "%s is below %s", label, values);
    case FILTER_ALL_TAGS_EMPTY: return "no tag has a value";
    case FILTER_ANY_TAG: return "some tag has a value";
    }
    return label;
}

static const char *concept_label(const Catalog *catalog, const char *id) {
    const Concept *concept = catalog_concept(catalog, id);
    return concept ? concept->label : id;
}

static const char *having_in_words(Arena *arena, const Plan *plan, const PlanHaving *having, const char *unit) {
    static const char *const subjects[] = {"", "change ", "change in percent ", "share "};
    const char *value =
        answer_display(arena, having->value, having->on == ON_PERCENT || having->on == ON_SHARE ? "percent" : unit);
    const char *subject = having->on == ON_VALUE && plan->measure_count ? "" : subjects[having->on];
    switch (having->op) {
    case HAVING_ABOVE: return arena_printf(arena, "%sabove %s", subject, value);
    case HAVING_AT_LEAST: return arena_printf(arena, "%sat least %s", subject, value);
    case HAVING_BELOW: return arena_printf(arena, "%sbelow %s", subject, value);
    case HAVING_AT_MOST: return arena_printf(arena, "%sat most %s", subject, value);
    case HAVING_ABS_ABOVE: return arena_printf(arena, "%sabove %s either way", subject, value);
    case HAVING_BETWEEN:
        return arena_printf(arena, "%sfrom %s to %s", subject, value, answer_display(arena, having->value2, unit));
    }
    return "";
}

static const char *calendar_in_words(Arena *arena, const Plan *plan) {
    static const char *const days[] = {"Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"};
    if (plan->calendar == CALENDAR_WEEKDAYS) return "weekdays only";
    if (plan->calendar == CALENDAR_WEEKENDS) return "weekends only";
    const char *named[7] = {0};
    size_t count = 0;
    for (size_t i = 0; i < 7; i++)
        if (plan->days_of_week & 1U << i) named[count++] = days[i];
    return arena_printf(arena, "%s only", describe_list(arena, named, count));
}

static void describe_filters(Arena *arena, const Catalog *catalog, const Plan *plan, Answer *out) {
    size_t most = plan->filter_count + plan->concept_count + plan->having_count + 2;
    out->filters = arena_array(arena, most, sizeof *out->filters);
    for (size_t i = 0; i < plan->filter_count; i++)
        out->filters[out->filter_count++] = filter_in_words(arena, catalog, &plan->filters[i]);
    for (size_t i = 0; i < plan->concept_count; i++) {
        const char *label = concept_label(catalog, plan->concepts[i].id);
        out->filters[out->filter_count++] = plan->concepts[i].negated ? arena_printf(arena, "not %s", label) : label;
    }
    const Measure *measure = plan->measure_count ? catalog_measure(catalog, plan->measures[0]) : NULL;
    const char *unit = measure && text_equal(measure->unit, "currency") ? out->currency : measure ? measure->unit : NULL;
    for (size_t i = 0; i < plan->having_count; i++)
        out->filters[out->filter_count++] = having_in_words(arena, plan, &plan->having[i], unit);
    if (plan->calendar != CALENDAR_ALL) out->filters[out->filter_count++] = calendar_in_words(arena, plan);
    if (plan->charged_only) out->filters[out->filter_count++] = "cost above zero";
}

/* A condition as the name of the lines that meet it. */
static const char *lines_in_words(Arena *arena, const Catalog *catalog, const PlanFilter *filter) {
    const char *label = column_label(catalog, filter->dimension);
    bool few = filter->value_count <= VALUES_SAID;
    switch (filter->op) {
    case FILTER_IN: return few ? values_in_words(arena, catalog, filter) : filter_in_words(arena, catalog, filter);
    case FILTER_NOT_IN: return arena_printf(arena, "everything but %s", values_in_words(arena, catalog, filter));
    case FILTER_EMPTY: return arena_printf(arena, "lines without %s", label);
    case FILTER_NOT_EMPTY: return arena_printf(arena, "lines with %s", label);
    case FILTER_ALL_TAGS_EMPTY: return "lines without any tag";
    case FILTER_ANY_TAG: return "lines with a tag";
    default: return filter_in_words(arena, catalog, filter);
    }
}

/* Conditions of the plan that are marked as the part of a share, or those that are not. */
static const char *conditions_in_words(Arena *arena, const Catalog *catalog, const Plan *plan, bool part) {
    const char *names[SCOPE_PARTS + 1] = {0};
    size_t count = 0;
    for (size_t i = 0; i < plan->concept_count && count <= SCOPE_PARTS; i++) {
        const char *label = concept_label(catalog, plan->concepts[i].id);
        if (plan->concepts[i].part != part) continue;
        names[count++] = plan->concepts[i].negated ? arena_printf(arena, "everything but %s", label) : label;
    }
    for (size_t i = 0; i < plan->filter_count && count <= SCOPE_PARTS; i++) {
        const PlanFilter *filter = &plan->filters[i];
        if (filter->part != part) continue;
        names[count++] = lines_in_words(arena, catalog, filter);
    }
    if (count > SCOPE_PARTS) return "these filters";
    return count == 2 ? arena_printf(arena, "%s, %s", names[0], names[1]) : names[0];
}

const char *describe_scope(Arena *arena, const Catalog *catalog, const Plan *plan) {
    /* What is compared is the rows of the answer, not their scope. */
    if (plan->compare.kind == COMPARE_VALUES) return "total";
    const char *words = conditions_in_words(arena, catalog, plan, false);
    return words ? words : "total";
}

const char *describe_part(Arena *arena, const Catalog *catalog, const Plan *plan) {
    return plan->intent == INTENT_SHARE ? conditions_in_words(arena, catalog, plan, true) : NULL;
}

/* All currencies of the data: answers over several have one row each. */
static const char *currencies(Arena *arena, const Catalog *catalog) {
    return catalog->currency_count ? describe_list(arena, catalog->currencies, catalog->currency_count) : NULL;
}

static bool period_complete(const Catalog *catalog, const Plan *plan) {
    if (plan->compare.kind == COMPARE_PERIODS) return !plan->compare.a.partial && !plan->compare.b.partial;
    if (plan->time.start != DAY_NONE || plan->time.end != DAY_NONE) return !plan->time.partial;
    return catalog->month_count == 0 || catalog->months[catalog->month_count - 1].complete;
}

void describe_basis(Arena *arena, const Catalog *catalog, const Plan *plan, Answer *out) {
    const char *name = plan->measure_count ? plan->measures[0] : NULL;
    const Measure *measure = name ? catalog_measure(catalog, name) : NULL;
    out->measure = name;
    out->measure_label = measure ? measure->label : name;
    out->currency = currencies(arena, catalog);
    out->source = catalog->source;
    out->source_label = catalog->source_label;
    out->data_through = catalog->data_through;
    if (catalog->as_of != DAY_NONE) out->as_of = date_text(arena, catalog->as_of);
    Day start = 0, end = 0;
    if (describe_period(catalog, plan, &start, &end)) {
        out->period_start = date_text(arena, start);
        out->period_end = date_text(arena, end);
        out->period_complete = period_complete(catalog, plan);
    }
    if (plan->compare.kind == COMPARE_PERIODS && describe_span(catalog, &plan->compare.b, &start, &end)) {
        out->compared_start = date_text(arena, start);
        out->compared_end = date_text(arena, end);
    }
    describe_filters(arena, catalog, plan, out);
    out->assumed = arena_array(arena, plan->assumption_count, sizeof *out->assumed);
    for (size_t i = 0; i < plan->assumption_count; i++) out->assumed[out->assumed_count++] = plan->assumptions[i].why;
    out->warning_count = catalog->odd_count;
    out->warnings = catalog->odd;
}
