#include "question/plan.h"

#include <assert.h>
#include <string.h>

/* One element more behind `count` elements of an array in the arena: makers own what they made, so a plan grows by copying. */
static void *grown(Arena *arena, const void *old, size_t count, size_t size_bytes) {
    return arena_grow(arena, old, count * size_bytes, (count + 1) * size_bytes);
}

static const char *copy_text(Arena *arena, const char *text) {
    return text ? arena_text(arena, text) : NULL;
}

static const char **copy_texts(Arena *arena, const char *const *texts, size_t count) {
    const char **copy = arena_array(arena, count, sizeof *copy);
    for (size_t i = 0; i < count; i++) copy[i] = copy_text(arena, texts[i]);
    return copy;
}

Plan *plan_make(Arena *arena, const Catalog *catalog) {
    Plan *plan = arena_alloc(arena, sizeof *plan);
    plan->intent = INTENT_TOTAL;
    plan->dataset = copy_text(arena, catalog->dataset);
    plan->time = (PlanTime){.start = DAY_NONE, .end = DAY_NONE};
    plan->compare.a = plan->compare.b = plan->learned = plan->time;
    plan->chart = "auto";
    if (catalog->measure_count) plan_add_measure(arena, plan, catalog->measures[0].name);
    return plan;
}

static PlanTime copy_time(Arena *arena, PlanTime time) {
    time.words = copy_text(arena, time.words);
    return time;
}

static void copy_lists(Arena *arena, Plan *copy, const Plan *plan) {
    copy->measures = copy_texts(arena, plan->measures, plan->measure_count);
    copy->group_by = copy_texts(arena, plan->group_by, plan->group_count);
    copy->columns = copy_texts(arena, plan->columns, plan->column_count);
    copy->filters = arena_array(arena, plan->filter_count, sizeof *copy->filters);
    for (size_t i = 0; i < plan->filter_count; i++) {
        copy->filters[i] = plan->filters[i];
        copy->filters[i].dimension = copy_text(arena, plan->filters[i].dimension);
        copy->filters[i].values = copy_texts(arena, plan->filters[i].values, plan->filters[i].value_count);
    }
    copy->concepts = arena_array(arena, plan->concept_count, sizeof *copy->concepts);
    for (size_t i = 0; i < plan->concept_count; i++) {
        copy->concepts[i] = plan->concepts[i];
        copy->concepts[i].id = copy_text(arena, plan->concepts[i].id);
    }
    copy->having = arena_array(arena, plan->having_count, sizeof *copy->having);
    for (size_t i = 0; i < plan->having_count; i++) {
        copy->having[i] = plan->having[i];
        copy->having[i].value = copy_text(arena, plan->having[i].value);
        copy->having[i].value2 = copy_text(arena, plan->having[i].value2);
    }
    copy->assumptions = arena_array(arena, plan->assumption_count, sizeof *copy->assumptions);
    for (size_t i = 0; i < plan->assumption_count; i++) {
        copy->assumptions[i].field = copy_text(arena, plan->assumptions[i].field);
        copy->assumptions[i].why = copy_text(arena, plan->assumptions[i].why);
    }
}

Plan *plan_copy(Arena *arena, const Plan *plan) {
    Plan *copy = arena_alloc(arena, sizeof *copy);
    *copy = *plan;
    copy->dataset = copy_text(arena, plan->dataset);
    copy->per = copy_text(arena, plan->per);
    copy->agg_dimension = copy_text(arena, plan->agg_dimension);
    copy->time = copy_time(arena, plan->time);
    copy->compare.a = copy_time(arena, plan->compare.a);
    copy->compare.b = copy_time(arena, plan->compare.b);
    copy->learned = copy_time(arena, plan->learned);
    copy->compare.dimension = copy_text(arena, plan->compare.dimension);
    copy->rank.each = copy_text(arena, plan->rank.each);
    copy->subject = copy_text(arena, plan->subject);
    copy->claimed = copy_text(arena, plan->claimed);
    copy->meta = copy_text(arena, plan->meta);
    copy->chart = copy_text(arena, plan->chart);
    copy_lists(arena, copy, plan);
    return copy;
}

void plan_add_measure(Arena *arena, Plan *plan, const char *measure) {
    plan->measures = grown(arena, plan->measures, plan->measure_count, sizeof *plan->measures);
    plan->measures[plan->measure_count++] = copy_text(arena, measure);
}

void plan_add_group(Arena *arena, Plan *plan, const char *dimension) {
    plan->group_by = grown(arena, plan->group_by, plan->group_count, sizeof *plan->group_by);
    plan->group_by[plan->group_count++] = copy_text(arena, dimension);
}

void plan_add_filter(Arena *arena, Plan *plan, const char *dimension, FilterOp op, const char *const *values, size_t count) {
    plan->filters = grown(arena, plan->filters, plan->filter_count, sizeof *plan->filters);
    plan->filters[plan->filter_count++] = (PlanFilter){
        .dimension = copy_text(arena, dimension), .op = op, .value_count = count, .values = copy_texts(arena, values, count)};
}

void plan_add_concept(Arena *arena, Plan *plan, const char *id, bool negated) {
    plan->concepts = grown(arena, plan->concepts, plan->concept_count, sizeof *plan->concepts);
    plan->concepts[plan->concept_count++] = (PlanConcept){.id = copy_text(arena, id), .negated = negated};
}

void plan_add_having(Arena *arena, Plan *plan, PlanHaving having) {
    having.value = copy_text(arena, having.value);
    having.value2 = copy_text(arena, having.value2);
    plan->having = grown(arena, plan->having, plan->having_count, sizeof *plan->having);
    plan->having[plan->having_count++] = having;
}

void plan_assume(Arena *arena, Plan *plan, const char *field, const char *why) {
    plan->assumptions = grown(arena, plan->assumptions, plan->assumption_count, sizeof *plan->assumptions);
    plan->assumptions[plan->assumption_count++] =
        (PlanAssumption){.field = copy_text(arena, field), .why = copy_text(arena, why)};
}

const char *plan_grain_name(Grain grain) {
    static const char *const names[] = {"none", "hour", "day", "week", "month", "quarter", "year", "billing_period"};
    assert((size_t)grain < sizeof names / sizeof *names);
    return names[grain];
}
