/* A plan as JSON, and the hash of its canonical form. What has its default value is left out. */
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/text.h"
#include "io/file.h"
#include "question/plan.h"
#include "question/plan_names.h"

static void put_texts(Json *object, const char *key, const char *const *texts, size_t count) {
    if (!count) return;
    Json *array = json_put_array(object, key);
    for (size_t i = 0; i < count; i++) json_add_text(array, texts[i]);
}

static void put_optional(Json *object, const char *key, const char *text) {
    if (text) json_put_text(object, key, text);
}

static void put_flag(Json *object, const char *key, bool flag) {
    if (flag) json_put_bool(object, key, true);
}

static void put_name(Json *object, const char *key, const Names *names, size_t value) {
    if (value > 0 && value < names->count) json_put_text(object, key, names->names[value]);
}

static void put_time(Arena *arena, Json *object, const char *key, const PlanTime *time) {
    if (time->start == DAY_NONE && time->end == DAY_NONE && !time->partial && !time->by_billing_period && !time->words) return;
    Json *part = json_put_object(object, key);
    if (time->start != DAY_NONE) json_put_text(part, "start", date_text(arena, time->start));
    if (time->end != DAY_NONE) json_put_text(part, "end", date_text(arena, time->end));
    put_flag(part, "partial", time->partial);
    put_flag(part, "by_billing_period", time->by_billing_period);
    put_optional(part, "words", time->words);
}

static void put_filters(Json *object, const Plan *plan) {
    Json *filters = plan->filter_count ? json_put_array(object, "filters") : NULL;
    for (size_t i = 0; i < plan->filter_count; i++) {
        const PlanFilter *filter = &plan->filters[i];
        Json *part = json_add_object(filters);
        put_optional(part, "dimension", filter->dimension);
        json_put_text(part, "op", filter_names.names[filter->op]);
        put_texts(part, "values", filter->values, filter->value_count);
        put_optional(part, "than", filter->than);
        put_flag(part, "part", filter->part);
    }
    Json *concepts = plan->concept_count ? json_put_array(object, "concepts") : NULL;
    for (size_t i = 0; i < plan->concept_count; i++) {
        Json *part = json_add_object(concepts);
        json_put_text(part, "id", plan->concepts[i].id);
        put_flag(part, "negated", plan->concepts[i].negated);
        put_flag(part, "part", plan->concepts[i].part);
    }
}

static void put_compare(Arena *arena, Json *object, const PlanCompare *compare) {
    if (compare->kind == COMPARE_NONE) return;
    Json *part = json_put_object(object, "compare");
    json_put_text(part, "kind", compare_names.names[compare->kind]);
    put_time(arena, part, "a", &compare->a);
    put_time(arena, part, "b", &compare->b);
    put_optional(part, "dimension", compare->dimension);
    put_flag(part, "elapsed", compare->elapsed);
}

static void put_rank(Json *object, const Plan *plan) {
    const PlanRank *rank = &plan->rank;
    if (rank->present) {
        Json *part = json_put_object(object, "rank");
        json_put_text(part, "on", on_names.names[rank->on]);
        put_flag(part, "ascending", rank->ascending);
        if (rank->n) json_put_integer(part, "n", rank->n);
        put_optional(part, "each", rank->each);
        put_optional(part, "until", rank->until);
        put_flag(part, "positive_only", rank->positive_only);
    }
    Json *having = plan->having_count ? json_put_array(object, "having") : NULL;
    for (size_t i = 0; i < plan->having_count; i++) {
        Json *part = json_add_object(having);
        json_put_text(part, "on", on_names.names[plan->having[i].on]);
        json_put_text(part, "op", having_names.names[plan->having[i].op]);
        json_put_text(part, "value", plan->having[i].value);
        put_optional(part, "value2", plan->having[i].value2);
    }
}

static void put_calendar(Json *object, const Plan *plan) {
    put_name(object, "calendar", &calendar_names, plan->calendar);
    if (plan->calendar != CALENDAR_DAYS_OF_WEEK) return;
    Json *days = json_put_array(object, "days_of_week");
    for (unsigned i = 0; i < weekday_names.count; i++)
        if (plan->days_of_week >> i & 1) json_add_text(days, weekday_names.names[i]);
}

Json *plan_json(Arena *arena, const Plan *plan) {
    Json *object = json_make_object(arena);
    json_put_integer(object, "v", 1);
    json_put_text(object, "intent", intent_names.names[plan->intent]);
    json_put_text(object, "dataset", plan->dataset);
    Json *measures = json_put_array(object, "measures"); /* always: an absent list means the default measure */
    for (size_t i = 0; i < plan->measure_count; i++) json_add_text(measures, plan->measures[i]);
    put_optional(object, "per", plan->per);
    put_optional(object, "per_count", plan->per_count);
    put_name(object, "agg", &agg_names, plan->agg);
    put_name(object, "agg_grain", &grain_names, plan->agg_grain);
    put_optional(object, "agg_dimension", plan->agg_dimension);
    put_texts(object, "group_by", plan->group_by, plan->group_count);
    put_name(object, "grain", &grain_names, plan->grain);
    put_filters(object, plan);
    put_time(arena, object, "time", &plan->time);
    put_compare(arena, object, &plan->compare);
    if (plan->intent == INTENT_FORECAST) put_time(arena, object, "learned", &plan->learned);
    put_rank(object, plan);
    put_calendar(object, plan);
    put_optional(object, "subject", plan->subject);
    put_flag(object, "charged_only", plan->charged_only);
    put_flag(object, "yes_no", plan->yes_no);
    put_name(object, "claim", &claim_names, plan->claim);
    put_optional(object, "claimed", plan->claimed);
    put_texts(object, "columns", plan->columns, plan->column_count);
    put_optional(object, "meta", plan->meta);
    if (plan->limit) json_put_integer(object, "limit", plan->limit);
    if (!text_equal(plan->chart, "auto")) put_optional(object, "chart", plan->chart);
    Json *assumptions = plan->assumption_count ? json_put_array(object, "assumptions") : NULL;
    for (size_t i = 0; i < plan->assumption_count; i++) {
        Json *part = json_add_object(assumptions);
        json_put_text(part, "field", plan->assumptions[i].field);
        json_put_text(part, "why", plan->assumptions[i].why);
    }
    return object;
}

static int by_text(const void *a, const void *b) {
    const char *const *left = a, *const *right = b;
    return strcmp(*left, *right);
}

/* Filters in the order of all their fields, so that equal sets of filters come out equal. */
static int by_filter(const void *a, const void *b) {
    const PlanFilter *left = a, *right = b;
    int order = strcmp(left->dimension ? left->dimension : "", right->dimension ? right->dimension : "");
    if (!order) order = (int)left->op - (int)right->op;
    if (!order) order = (int)left->part - (int)right->part;
    for (size_t i = 0; !order && i < left->value_count && i < right->value_count; i++)
        order = strcmp(left->values[i], right->values[i]);
    if (!order) order = (left->value_count > right->value_count) - (left->value_count < right->value_count);
    return order;
}

static int by_concept(const void *a, const void *b) {
    const PlanConcept *left = a, *right = b;
    int order = strcmp(left->id, right->id);
    if (!order) order = (int)left->negated - (int)right->negated;
    return order ? order : (int)left->part - (int)right->part;
}

static int by_having(const void *a, const void *b) {
    const PlanHaving *left = a, *right = b;
    int order = (int)left->on - (int)right->on;
    if (!order) order = (int)left->op - (int)right->op;
    return order ? order : strcmp(left->value, right->value);
}

/* "1.50" and "1.5" are the same threshold. */
static const char *plain_number(Arena *arena, const char *text) {
    Decimal number;
    return text && decimal_parse(text, &number) ? decimal_text(arena, number) : text;
}

const char *plan_hash(Arena *arena, const Plan *plan) {
    Plan *canonical = plan_copy(arena, plan);
    canonical->assumption_count = 0;
    canonical->chart = NULL;
    canonical->time.words = canonical->learned.words = NULL;
    canonical->compare.a.words = canonical->compare.b.words = NULL;
    for (size_t i = 0; i < canonical->filter_count; i++) {
        PlanFilter *filter = &canonical->filters[i];
        qsort(filter->values, filter->value_count, sizeof *filter->values, by_text);
    }
    for (size_t i = 0; i < canonical->having_count; i++) {
        canonical->having[i].value = plain_number(arena, canonical->having[i].value);
        canonical->having[i].value2 = plain_number(arena, canonical->having[i].value2);
    }
    qsort(canonical->filters, canonical->filter_count, sizeof *canonical->filters, by_filter);
    qsort(canonical->concepts, canonical->concept_count, sizeof *canonical->concepts, by_concept);
    qsort(canonical->having, canonical->having_count, sizeof *canonical->having, by_having);
    const char *text = json_write(arena, plan_json(arena, canonical), false);
    return file_sha256(arena, text, strlen(text));
}
