/* question/patch_conditions.c: conditions of a follow-up beside those of the plan before: what replaces what, what narrows, what is added.
 * See question/patch.h. */
#include <string.h>

#include "base/text.h"
#include "question/patch.h"

/* How rows are paid for, not what they are: narrows whatever is spoken of. */
static bool is_attribute_column(const char *name) {
    static const char *const COLUMNS[] = {"x_PurchaseOption", "PricingCategory", "CommitmentDiscountStatus"};
    for (size_t i = 0; i < sizeof COLUMNS / sizeof *COLUMNS; i++)
        if (text_equal(name, COLUMNS[i])) return true;
    return false;
}

static bool is_attribute(const Change *change, const char *id) {
    const Concept *concept = catalog_concept(change->in->catalog, id);
    for (size_t g = 0; concept && g < concept->group_count; g++)
        for (size_t c = 0; c < concept->groups[g].clause_count; c++)
            if (is_attribute_column(concept->groups[g].clauses[c].column)) return true;
    return false;
}

static bool is_service(const Change *change, const char *dimension) {
    return dimension && frame_same_dimension(change->in->catalog, dimension, "ServiceName");
}

/* What is spoken of makes way for another thing: services, and concepts that people treat like services. */
static void drop_thing(Change *change, bool part) {
    Plan *plan = change->plan;
    for (size_t i = plan->concept_count; i-- > 0;)
        if (!plan->concepts[i].negated && plan->concepts[i].part == part && !is_attribute(change, plan->concepts[i].id))
            plan_drop_concept(plan, i);
    for (size_t i = plan->filter_count; i-- > 0;)
        if (is_service(change, plan->filters[i].dimension) && plan->filters[i].op == FILTER_IN && plan->filters[i].part == part)
            plan_drop_filter(plan, i);
}

static bool has_thing(const Change *change, bool part) {
    const Plan *plan = change->plan;
    for (size_t i = 0; i < plan->concept_count; i++)
        if (!plan->concepts[i].negated && plan->concepts[i].part == part && !is_attribute(change, plan->concepts[i].id))
            return true;
    for (size_t i = 0; i < plan->filter_count; i++)
        if (is_service(change, plan->filters[i].dimension) && plan->filters[i].op == FILTER_IN && plan->filters[i].part == part)
            return true;
    return false;
}

static bool change_concept(Change *change, const Condition *condition) {
    Plan *plan = change->plan;
    const Cues *cues = change->patch->cues;
    bool part = false;
    for (size_t i = plan->concept_count; i-- > 0;) {
        if (!text_equal(plan->concepts[i].id, condition->concept)) continue;
        bool undone = plan->concepts[i].negated && !condition->negated && cues->add;
        part = plan->concepts[i].part;
        plan_drop_concept(plan, i);
        if (undone) return true; /* "include tax" after "without tax" */
    }
    if (!condition->negated && cues->add && plan->intent != INTENT_SHARE && has_thing(change, false))
        return change_refuse(change,
                             "Things of different kinds are not added together in a follow-up; ask for both in one question.");
    if (!condition->negated && !cues->narrow && !is_attribute(change, condition->concept)) {
        part = part || (plan->intent == INTENT_SHARE && has_thing(change, true));
        drop_thing(change, part);
    } else if (!condition->negated && is_attribute(change, condition->concept)) {
        for (size_t i = plan->concept_count; i-- > 0;)
            if (!plan->concepts[i].negated && is_attribute(change, plan->concepts[i].id)) plan_drop_concept(plan, i);
        for (size_t i = plan->filter_count; i-- > 0;)
            if (plan->filters[i].op == FILTER_IN && is_attribute_column(plan->filters[i].dimension)) plan_drop_filter(plan, i);
    }
    plan_add_concept(change->in->arena, plan, condition->concept, condition->negated);
    plan->concepts[plan->concept_count - 1].part = condition->part || part;
    return true;
}

static bool has_value(const PlanFilter *filter, const char *value) {
    for (size_t i = 0; i < filter->value_count; i++)
        if (text_equal(filter->values[i], value)) return true;
    return false;
}

static void add_values(Change *change, PlanFilter *filter, const Condition *condition) {
    const char **values = arena_array(change->in->arena, filter->value_count + condition->value_count, sizeof *values);
    memcpy(values, filter->values, filter->value_count * sizeof *values);
    size_t count = filter->value_count;
    for (size_t i = 0; i < condition->value_count; i++)
        if (!has_value(filter, condition->values[i])) values[count++] = condition->values[i];
    filter->values = values;
    filter->value_count = count;
}

static void remove_values(PlanFilter *filter, const Condition *condition) {
    size_t kept = 0;
    for (size_t i = 0; i < filter->value_count; i++) {
        bool named = false;
        for (size_t k = 0; k < condition->value_count; k++)
            named = named || text_equal(filter->values[i], condition->values[k]);
        if (!named) filter->values[kept++] = filter->values[i];
    }
    filter->value_count = kept;
}

/* A condition beside one on the same column. True when it was merged into it, false when it takes its place or stands beside. */
static bool merge_values(Change *change, size_t at, const Condition *condition, bool *replaces) {
    PlanFilter *filter = &change->plan->filters[at];
    bool in = condition->op == FILTER_IN, out = condition->op == FILTER_NOT_IN,
         same = text_equal(filter->dimension, condition->dimension);
    *replaces = false;
    if (same && change->patch->cues->add && in && filter->op == FILTER_IN) {
        add_values(change, filter, condition);
        return true;
    }
    if (same && out && filter->op == FILTER_NOT_IN) {
        add_values(change, filter, condition);
        return true;
    }
    if (same && ((out && filter->op == FILTER_IN) || (in && change->patch->cues->add && filter->op == FILTER_NOT_IN))) {
        size_t before = filter->value_count;
        remove_values(filter, condition);
        if (filter->value_count > 0) return filter->value_count < before;
        *replaces = true;
        return in;
    }
    *replaces = !out || filter->op == FILTER_NOT_EMPTY;
    return false;
}

static bool change_filter(Change *change, const Condition *condition) {
    Plan *plan = change->plan;
    bool part = false, merged = false;
    if (condition->op == FILTER_IN && is_service(change, condition->dimension) && !change->patch->cues->narrow &&
        !change->patch->cues->add)
        for (size_t i = plan->concept_count; i-- > 0;)
            if (!plan->concepts[i].negated && !is_attribute(change, plan->concepts[i].id)) {
                part = part || plan->concepts[i].part;
                plan_drop_concept(plan, i);
            }
    if (condition->op == FILTER_IN && is_attribute_column(condition->dimension))
        for (size_t i = plan->concept_count; i-- > 0;)
            if (!plan->concepts[i].negated && is_attribute(change, plan->concepts[i].id)) plan_drop_concept(plan, i);
    for (size_t i = plan->filter_count; i-- > 0;) {
        bool same = plan->filters[i].dimension && condition->dimension
                        ? frame_same_dimension(change->in->catalog, plan->filters[i].dimension, condition->dimension)
                        : plan->filters[i].op == condition->op;
        if (!same) continue;
        bool replaces = false;
        bool taken = merge_values(change, i, condition, &replaces);
        merged = merged || taken;
        if (!replaces) continue;
        part = part || plan->filters[i].part;
        plan_drop_filter(plan, i);
    }
    if (merged) return true;
    if (change->patch->cues->add && !change->patch->cues->narrow && condition->op == FILTER_IN && !part)
        return change_refuse(
            change, "The answer before is not limited in that way, so there is nothing to add to; say “only” to limit it.");
    plan_add_filter(change->in->arena, plan, condition->dimension, condition->op, condition->values, condition->value_count);
    plan->filters[plan->filter_count - 1].part = condition->part || part;
    return true;
}

/* "EC2 against S3", and then "RDS": the one thing alone. */
static void leave_sides(Change *change) {
    Plan *plan = change->plan;
    if (plan->compare.kind != COMPARE_VALUES || change->patch->cues->add) return;
    for (size_t i = 0; i < change->frame->condition_count; i++) {
        const Condition *condition = &change->frame->conditions[i];
        bool sides = plan->compare.dimension
                         ? condition->dimension && condition->op == FILTER_IN &&
                               frame_same_dimension(change->in->catalog, plan->compare.dimension, condition->dimension)
                         : condition->concept || is_service(change, condition->dimension);
        if (!sides || condition->value_count > 1 || condition->negated) continue;
        plan->compare.kind = COMPARE_NONE;
        plan->compare.dimension = NULL;
        plan->intent = INTENT_TOTAL;
        plan->yes_no = false;
        for (size_t k = 0; k < plan->filter_count; k++) plan->filters[k].part = false;
        for (size_t k = 0; k < plan->concept_count; k++) plan->concepts[k].part = false;
        return;
    }
}

static bool change_untagged(Change *change) {
    const Frame *frame = change->frame;
    Plan *plan = change->plan;
    if (!frame_has(frame, FLAG_UNTAGGED | FLAG_TAGGED)) return true;
    const char *tag = NULL;
    for (size_t i = 0; i < plan->group_count; i++) {
        const CatalogColumn *column = interpret_column(change->in, plan->group_by[i]);
        if (column && column->class == CLASS_TAG) tag = column->name;
    }
    if (frame_has(frame, FLAG_TAGGED) && !tag)
        return change_refuse(change, "Say which tag is meant, as in “only with a team tag”.");
    Condition condition = {.dimension = tag,
                           .op = frame_has(frame, FLAG_TAGGED) ? FILTER_NOT_EMPTY
                                 : tag                         ? FILTER_EMPTY
                                                               : FILTER_ALL_TAGS_EMPTY};
    return change_filter(change, &condition);
}

bool change_conditions(Change *change) {
    const Frame *frame = change->frame;
    if (frame->condition_count > 0) plan_drop_assumptions(change->plan, "value");
    leave_sides(change);
    for (size_t i = 0; i < frame->condition_count; i++) {
        const Condition *condition = &frame->conditions[i];
        if (!(condition->concept ? change_concept(change, condition) : change_filter(change, condition))) return false;
    }
    if (frame_has(frame, FLAG_CHARGED)) change->plan->charged_only = true;
    return change_untagged(change);
}
