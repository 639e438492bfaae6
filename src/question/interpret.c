/* question/interpret.c: what is measured, and of which rows; see question/interpret.h. */
#include "question/interpret.h"

#include <string.h>

#include "base/text.h"
#include "question/interpret_parts.h"
#include "question/lexicon.h"

bool interpret_refuse(Interpretation *in, const char *code, const char *message) {
    in->refusal = (Refusal){.code = code};
    in->message = message;
    return false;
}

const CatalogColumn *interpret_column(const Interpretation *in, const char *name) {
    return name ? catalog_column(in->catalog, name) : NULL;
}

static bool is_cost(const Interpretation *in, const Measure *measure) {
    const CatalogColumn *column = interpret_column(in, measure->column);
    return text_equal(measure->unit, "currency") || (column && column->class == CLASS_COST);
}

static void only_measure(Interpretation *in, const char *name) {
    in->plan->measure_count = 0;
    in->plan->measures = NULL;
    plan_add_measure(in->arena, in->plan, name);
}

/* What "largest" is by in a table: the column that is called a size, else its only amount that is no money. */
static const char *size_measure(const Interpretation *in) {
    const char *found = NULL, *named = NULL;
    size_t sizes = 0;
    for (size_t i = 0; i < in->catalog->measure_count; i++) {
        const Measure *measure = &in->catalog->measures[i];
        if (measure->kind != MEASURE_SUM || !text_contains_fold(measure->label, "size") || is_cost(in, measure)) continue;
        named = measure->name;
        sizes++;
    }
    if (sizes == 1) return named;
    for (size_t i = 0; i < in->catalog->measure_count; i++) {
        const Measure *measure = &in->catalog->measures[i];
        if (measure->kind != MEASURE_SUM || is_cost(in, measure)) continue;
        if (found) return NULL;
        found = measure->name;
    }
    return found;
}

/* "top 5 buckets by get requests": the measure of the ranking is the answer's. */
static bool read_rank_measure(Interpretation *in) {
    const Frame *frame = &in->frame;
    if (!frame->rank_measure) return true;
    if (!frame->rank.present || (frame->measure_count > 0 && !text_equal(frame->measures[0], frame->rank_measure)))
        return false;
    only_measure(in, frame->rank_measure);
    return true;
}

/* The measures said; without any, the cost that everybody means. */
static bool read_measures(Interpretation *in) {
    Plan *plan = in->plan;
    const Frame *frame = &in->frame;
    if (frame->measure_count > 0) {
        plan->measure_count = 0;
        plan->measures = NULL;
        for (size_t i = 0; i < frame->measure_count; i++) plan_add_measure(in->arena, plan, frame->measures[i]);
        if (frame->against && (frame->measure_count > 1 || text_equal(frame->measures[0], frame->against))) return false;
        if (frame->against) plan_add_measure(in->arena, plan, frame->against);
    } else if (frame->against) {
        return false;
    } else if (frame->rank_measure) {
        if (!read_rank_measure(in)) return false;
    } else if (frame_has(frame, FLAG_SIZE) && !in->catalog->is_bill && !frame_has(frame, FLAG_COST)) {
        const char *size = size_measure(in);
        if (!size) return false;
        only_measure(in, size);
    } else if (frame_has(frame, FLAG_COUNT) && !in->catalog->is_bill && !frame->subject && !frame_has(frame, FLAG_COST) &&
               frame->subject_grain == GRAIN_NONE && in->catalog->row_identifier &&
               frame_counting_measure(in->catalog, in->catalog->row_identifier->name)) {
        only_measure(in, frame_counting_measure(in->catalog, in->catalog->row_identifier->name));
    } else if (!frame_has(frame, FLAG_COST) &&
               (frame_has(frame, FLAG_USAGE) || (frame_has(frame, FLAG_USED | FLAG_COUNTABLE) && !frame->subject)) &&
               catalog_measure(in->catalog, "ConsumedQuantity")) {
        plan->measure_count = 0;
        plan->measures = NULL;
        plan_add_measure(in->arena, plan, "ConsumedQuantity");
    } else if (in->catalog->measure_count > 0) {
        const Measure *measure = &in->catalog->measures[0];
        if (frame_has(frame, FLAG_COST) && !is_cost(in, measure))
            return interpret_refuse(in, "NO_SUCH_DATA", "This table has no cost column. Ask about the columns that it has.");
        plan_assume(in->arena, plan, "measure", arena_printf(in->arena, "cost without another word: %s", measure->label));
    }
    /* "running hours cost": hours and money in one breath, and no way to know which is meant. */
    bool quantity = plan->measure_count == 1 && text_equal(plan->measures[0], "ConsumedQuantity") && frame->measure_count == 1;
    if (quantity && !frame->per && frame_has(frame, FLAG_COST) && !frame_has(frame, FLAG_QUANTITY)) return false;
    if (frame->measure_count > 0 && !read_rank_measure(in)) return false;
    if (frame->per) {
        if (frame->measure_count == 0 && !frame_has(frame, FLAG_COST)) return false;
        if (text_equal(plan->measures[0], frame->per)) return false; /* "vCPU-hours unit cost": of what is not said */
        const Measure *above = catalog_measure(in->catalog, plan->measures[0]);
        if (above && above->kind == MEASURE_RATIO) return false; /* "utilization by hours" is no utilization per hour */
        plan->per = frame->per;
        plan->per_count = frame->per_count;
    }
    return plan->measure_count > 0;
}

static const char *tag_grouped(const Interpretation *in) {
    const char *candidates[FRAME_GROUPS + 3] = {in->frame.hint, in->frame.subject, in->frame.each};
    size_t count = 3;
    for (size_t i = 0; i < in->frame.group_count; i++) candidates[count++] = in->frame.groups[i];
    for (size_t i = 0; i < count; i++) {
        const CatalogColumn *column = interpret_column(in, candidates[i]);
        if (column && column->class == CLASS_TAG) return column->name;
    }
    return NULL;
}

/* Lines without a tag are one group of it. */
static void drop_group(Frame *frame, const char *dimension) {
    size_t kept = 0;
    for (size_t i = 0; i < frame->group_count; i++)
        if (!text_equal(frame->groups[i], dimension)) frame->groups[kept++] = frame->groups[i];
    if (kept == 0 && frame->group_count > 0) return; /* "untagged by team": the group says so itself */
    frame->group_count = kept;
    if (frame->subject && text_equal(frame->subject, dimension) && kept > 0) frame->subject = NULL;
}

/* "untagged" is of the tag that is asked by, else of all tags. */
static bool read_untagged(Interpretation *in) {
    const char *tag = tag_grouped(in);
    bool tags = false;
    const char *name = in->catalog->is_bill ? NULL : text_name_key(in->arena, in->catalog->dataset);
    if (name && strstr(name, "untagged") && !frame_has(&in->frame, FLAG_TAGGED) && !tag) {
        plan_assume(in->arena, in->plan, "filter", "untagged: what this table lists");
        return true;
    }
    for (size_t i = 0; i < in->catalog->column_count; i++) tags = tags || in->catalog->columns[i].class == CLASS_TAG;
    if (!tags) return interpret_refuse(in, "NO_SUCH_DATA", "This data has no tags.");
    if (frame_has(&in->frame, FLAG_SIDES)) {
        plan_add_filter(in->arena, in->plan, tag, tag ? FILTER_NOT_EMPTY : FILTER_ANY_TAG, NULL, 0);
        plan_add_filter(in->arena, in->plan, tag, tag ? FILTER_EMPTY : FILTER_ALL_TAGS_EMPTY, NULL, 0);
        in->plan->filters[in->plan->filter_count - 1].part = in->plan->filters[in->plan->filter_count - 2].part = true;
        if (!tag) plan_assume(in->arena, in->plan, "filter", "tagged: some tag key has a value");
        return true;
    }
    if (frame_has(&in->frame, FLAG_TAGGED)) {
        plan_add_filter(in->arena, in->plan, tag, tag ? FILTER_NOT_EMPTY : FILTER_ANY_TAG, NULL, 0);
        if (!tag) plan_assume(in->arena, in->plan, "filter", "tagged: some tag key has a value");
        if (frame_has(&in->frame, FLAG_SHARE)) in->plan->filters[in->plan->filter_count - 1].part = true;
        return true;
    }
    for (size_t i = 0; i < in->frame.condition_count; i++) /* "untagged spend, no team tag" says it twice */
        if (in->frame.conditions[i].op == FILTER_EMPTY && in->frame.conditions[i].dimension) return true;
    if (tag) {
        plan_add_filter(in->arena, in->plan, tag, FILTER_EMPTY, NULL, 0);
        drop_group(&in->frame, tag);
    } else {
        plan_add_filter(in->arena, in->plan, NULL, FILTER_ALL_TAGS_EMPTY, NULL, 0);
        plan_assume(in->arena, in->plan, "filter", "untagged: no tag key has a value");
    }
    if (frame_has(&in->frame, FLAG_SHARE)) in->plan->filters[in->plan->filter_count - 1].part = true;
    return true;
}

/* On-demand usage that was bought in another way. */
static bool contradicts_option(const Plan *plan) {
    for (size_t c = 0; c < plan->concept_count; c++)
        for (size_t f = 0; f < plan->filter_count; f++) {
            const PlanFilter *filter = &plan->filters[f];
            if (!text_equal(plan->concepts[c].id, "on-demand") || plan->concepts[c].negated || plan->concepts[c].part ||
                !text_equal(filter->dimension, "x_PurchaseOption") || filter->op != FILTER_IN || filter->part)
                continue;
            bool has = false;
            for (size_t v = 0; v < filter->value_count; v++) has = has || text_starts(filter->values[v], "On");
            if (!has) return true;
        }
    return false;
}

/* "prod" and "not prod" at once leaves no lines: the words were put together wrongly. */
static bool contradicts(const Plan *plan) {
    for (size_t i = 0; i < plan->filter_count; i++)
        for (size_t k = 0; k < plan->filter_count; k++) {
            const PlanFilter *in = &plan->filters[i], *out = &plan->filters[k];
            if (in->op != FILTER_IN || out->op != FILTER_NOT_IN || !text_equal(in->dimension, out->dimension)) continue;
            for (size_t a = 0; a < in->value_count; a++)
                for (size_t b = 0; b < out->value_count; b++)
                    if (text_equal(in->values[a], out->values[b])) return true;
        }
    return false;
}

/* What is kept is metered by the month: its gigabytes are GB-months. */
static bool is_storage(const char *concept) {
    static const char *const PARTS[] = {"storage", "snapshot", "volumes", "glacier", "infrequent-access", "backup"};
    for (size_t i = 0; concept && i < sizeof PARTS / sizeof *PARTS; i++)
        if (strstr(concept, PARTS[i])) return true;
    return concept && text_equal(concept, "ebs");
}

/* "cost per GB of S3 storage": the unit said is taken as the one that the lines have. */
static void read_stored_units(Interpretation *in) {
    const CatalogColumn *column = interpret_column(in, "ConsumedUnit");
    bool stored = false;
    for (size_t i = 0; i < in->frame.condition_count; i++) stored = stored || is_storage(in->frame.conditions[i].concept);
    for (size_t i = 0; stored && column && i < in->frame.condition_count; i++) {
        Condition *condition = &in->frame.conditions[i];
        if (!text_equal(condition->dimension, "ConsumedUnit") || condition->op != FILTER_IN || condition->value_count == 0 ||
            !text_starts(text_lower(in->arena, condition->values[0]), "g"))
            continue;
        const char **values = arena_array(in->arena, column->value_count + 1, sizeof *values);
        size_t count = 0;
        for (size_t v = 0; v < column->value_count; v++)
            if (text_contains_fold(column->values[v].text, "GB-Mo") || text_contains_fold(column->values[v].text, "GB Mo"))
                values[count++] = column->values[v].text;
        if (count == 0) continue;
        condition->values = values;
        condition->value_count = count;
        plan_assume(in->arena, in->plan, "unit", "storage is metered in GB-months");
    }
}

/* Free hours of instances are metered without a unit: they are hours run all the same. */
static void read_hours_units(Interpretation *in) {
    const CatalogColumn *column = interpret_column(in, "ConsumedUnit");
    bool instances = false;
    for (size_t i = 0; i < in->frame.condition_count; i++) {
        const Condition *condition = &in->frame.conditions[i];
        instances = instances || text_equal(condition->concept, "ec2-instances") ||
                    text_equal(condition->concept, "rds-instances") ||
                    (text_equal(condition->dimension, "x_InstanceType") && condition->op == FILTER_IN);
    }
    if (!instances || !column || column->missing == 0 || in->frame.per) return;
    for (size_t i = 0; i < in->frame.condition_count; i++) {
        Condition *condition = &in->frame.conditions[i];
        if (!text_equal(condition->dimension, "ConsumedUnit") || condition->op != FILTER_IN || condition->value_count == 0 ||
            !text_starts(text_lower(in->arena, condition->values[0]), "h"))
            continue;
        const char **values = arena_array(in->arena, condition->value_count + 1, sizeof *values);
        memcpy(values, condition->values, condition->value_count * sizeof *values);
        values[condition->value_count] = "";
        condition->values = values;
        condition->value_count++;
    }
}

/* "EC2 instance hours": the unit is said with the concept. */
static void read_concept_hours(Interpretation *in) {
    Frame *frame = &in->frame;
    const CatalogColumn *column = interpret_column(in, "ConsumedUnit");
    const bool quantity = in->plan->measure_count == 1 && text_equal(in->plan->measures[0], "ConsumedQuantity");
    if (!frame_has(frame, FLAG_INSTANCE_HOURS) || frame_has(frame, FLAG_SHARE) || !quantity || !column ||
        frame->condition_count >= FRAME_CONDITIONS)
        return;
    const char **values = arena_array(in->arena, column->value_count + 1, sizeof *values);
    size_t count = 0;
    for (size_t v = 0; v < column->value_count; v++) {
        const char *unit = text_lower(in->arena, column->values[v].text);
        if (text_equal(unit, "hrs") || text_equal(unit, "hours") || text_equal(unit, "hour") || text_equal(unit, "hr"))
            values[count++] = column->values[v].text;
    }
    for (size_t i = 0; i < frame->condition_count; i++)
        if (text_equal(frame->conditions[i].dimension, "ConsumedUnit")) return;
    if (count == 0) return;
    frame->conditions[frame->condition_count++] =
        (Condition){.dimension = column->name, .op = FILTER_IN, .values = values, .value_count = count};
}

static bool read_conditions(Interpretation *in) {
    read_concept_hours(in);
    read_stored_units(in);
    read_hours_units(in);
    Plan *plan = in->plan;
    for (size_t i = 0; i < in->frame.condition_count; i++) {
        const Condition *condition = &in->frame.conditions[i];
        if (condition->concept) {
            plan_add_concept(in->arena, plan, condition->concept, condition->negated);
            plan->concepts[plan->concept_count - 1].part = condition->part;
        } else {
            plan_add_filter(in->arena, plan, condition->dimension, condition->op, condition->values, condition->value_count);
            plan->filters[plan->filter_count - 1].part = condition->part;
            plan->filters[plan->filter_count - 1].than = condition->than;
        }
    }
    if (contradicts(plan) || (!in->frame.compare_items && contradicts_option(plan))) return false;
    return !frame_has(&in->frame, FLAG_UNTAGGED | FLAG_TAGGED | FLAG_SIDES) || read_untagged(in);
}

static FilterOp row_op(HavingOp op) {
    switch (op) {
    case HAVING_ABOVE: return FILTER_ABOVE;
    case HAVING_AT_LEAST: return FILTER_AT_LEAST;
    case HAVING_BELOW: return FILTER_BELOW;
    default: return FILTER_AT_MOST;
    }
}

static bool read_count_threshold(Interpretation *in, const char *column) {
    const char *measure = frame_counting_measure(in->catalog, column);
    if (!measure || in->plan->having_count > 0) return false;
    in->plan->measure_count = 0;
    in->plan->measures = NULL;
    plan_add_measure(in->arena, in->plan, measure);
    return true;
}

/* Thresholds are on the answer's measure; in tables a threshold on another column limits the rows. */
static bool read_thresholds(Interpretation *in) {
    Plan *plan = in->plan;
    for (size_t i = 0; i < in->frame.having_count; i++) {
        PlanHaving having = in->frame.havings[i];
        const char *on = in->frame.having_measures[i];
        if (in->frame.having_count_of[i]) {
            if (!read_count_threshold(in, on)) return false;
        } else if (on && plan->measure_count > 0 && !text_equal(on, plan->measures[0])) {
            const Measure *measure = catalog_measure(in->catalog, on);
            if (!measure || !measure->column || in->catalog->is_bill || having.op == HAVING_BETWEEN) return false;
            const char *values[] = {having.value};
            plan_add_filter(in->arena, plan, measure->column, row_op(having.op), values, 1);
            continue;
        }
        plan_add_having(in->arena, plan, having);
    }
    return true;
}

/* "What would it have cost on demand": the list price; without saying at which price nobody knows. */
static bool read_would(Interpretation *in) {
    Frame *frame = &in->frame;
    if (!frame_has(frame, FLAG_WOULD)) return true;
    for (size_t i = 0; i < frame->measure_count; i++)
        if (text_equal(frame->measures[i], "ListCost")) return true;
    for (size_t i = 0; i < frame->condition_count; i++) {
        const Condition *condition = &frame->conditions[i];
        if (condition->negated || condition->op == FILTER_NOT_IN) return true; /* "would have been without credits" */
        bool on_demand = text_equal(condition->concept, "on-demand") ||
                         (text_equal(condition->dimension, "x_PurchaseOption") && text_equal(condition->values[0], "OnDemand"));
        if (!on_demand || frame->measure_count > 0 || !catalog_measure(in->catalog, "ListCost")) continue;
        memmove(&frame->conditions[i], &frame->conditions[i + 1], (frame->condition_count - i - 1) * sizeof *frame->conditions);
        frame->condition_count--;
        frame->measures[frame->measure_count++] = "ListCost";
        return true;
    }
    return false;
}

/* A definition is of a term alone: "what is amortized cost by service" asks for figures. */
static bool defines_more(const Frame *frame) {
    return frame->meta && text_starts(frame->meta, "definition:") &&
           (frame->measure_count > 0 || frame->condition_count > 0 || frame->group_count > 0 || frame->has_time ||
            frame->subject || frame->rank.present || frame->grain != GRAIN_NONE || frame->having_count > 0 || frame->flags);
}

/* "percentage untagged", "spend by account in percent": a percentage of what is not said to change is of the total. */
static void read_percent(Interpretation *in) {
    Frame *frame = &in->frame;
    const uint64_t others =
        FLAG_SHARE | FLAG_GROW | FLAG_SHRINK | FLAG_CHANGE | FLAG_WHY | FLAG_CLAIM | FLAG_FASTEST | FLAG_COUNT;
    if (!frame_has(frame, FLAG_PERCENT) || frame_has(frame, others) || frame->compare || frame->over != GRAIN_NONE) return;
    if (frame->compare_items || frame->compare_dimension || frame->compare_days || frame->compare_measures) return;
    if (frame->agg != AGG_NONE || frame->per || frame->rank.on != ON_VALUE) return;
    const Measure *measure = frame->measure_count ? catalog_measure(in->catalog, frame->measures[0]) : NULL;
    if (frame->measure_count > 1 || (measure && measure->kind != MEASURE_SUM)) return;
    if (frame->condition_count > 0 || frame->group_count > 0 || frame_has(frame, FLAG_UNTAGGED)) frame->flags |= FLAG_SHARE;
}

/* On a bill "instances" are those of EC2 unless the question speaks of another service. */
static void read_instances(Interpretation *in) {
    Frame *frame = &in->frame;
    if (!frame_has(frame, FLAG_INSTANCE) || !in->catalog->is_bill || frame->condition_count >= FRAME_CONDITIONS) return;
    const Concept *instances = catalog_concept(in->catalog, "ec2-instances");
    if (!instances || !instances->available || instances->row_count == 0) return;
    for (size_t i = 0; i < frame->condition_count; i++) {
        const Condition *condition = &frame->conditions[i];
        bool tag = condition->dimension && interpret_column(in, condition->dimension) &&
                   interpret_column(in, condition->dimension)->class == CLASS_TAG;
        static const char *const PLACES[] = {"SubAccountId", "SubAccountName", "RegionId", "RegionName", "AvailabilityZone"};
        for (size_t p = 0; p < sizeof PLACES / sizeof *PLACES; p++) tag = tag || text_equal(condition->dimension, PLACES[p]);
        if (!tag) return;
    }
    frame->conditions[frame->condition_count++] = (Condition){.concept = instances->id};
    plan_assume(in->arena, in->plan, "filter", "instances without another word: of EC2");
}

static bool read_meta(Interpretation *in) {
    if (!in->frame.meta) return false;
    in->plan->intent = INTENT_META;
    in->plan->meta = in->frame.meta;
    return true;
}

/* A breakdown by a column that no line fills would be one row of everything. */
static bool groups_have_values(Interpretation *in) {
    for (size_t i = 0; in->catalog->is_bill && i < in->plan->group_count; i++) {
        const CatalogColumn *column = interpret_column(in, in->plan->group_by[i]);
        if (!column || in->catalog->row_count == 0 || column->missing < in->catalog->row_count) continue;
        const char *name = column->label ? column->label : column->name;
        return interpret_refuse(
            in, "NO_SUCH_DATA",
            arena_printf(in->arena, "No line of this data says its %s. Ask for cost by service, account or usage type.", name));
    }
    return true;
}

/* "cost per hour of t3.medium": what an hour of it costs, no series of hours. */
static void read_hourly_price(Interpretation *in) {
    Frame *frame = &in->frame;
    if (frame->grain != GRAIN_HOUR || !frame_has(frame, FLAG_EACH) || frame->per || frame->measure_count > 0) return;
    bool instance = false, hours = false;
    for (size_t i = 0; i < frame->condition_count; i++)
        instance =
            instance || (frame->conditions[i].op == FILTER_IN && text_equal(frame->conditions[i].dimension, "x_InstanceType"));
    const CatalogColumn *unit = interpret_column(in, "ConsumedUnit");
    static const char *const HOURS[] = {"Hrs", "Hours", "Hour", "hrs"};
    const char **values = arena_array(in->arena, 4, sizeof *values);
    size_t count = 0;
    for (size_t i = 0; unit && i < 4; i++)
        for (size_t v = 0; v < unit->value_count; v++)
            if (text_equal(unit->values[v].text, HOURS[i])) values[count++] = unit->values[v].text;
    hours = count > 0 && catalog_measure(in->catalog, "ConsumedQuantity");
    if (!instance || !hours || frame->condition_count >= FRAME_CONDITIONS) return;
    frame->conditions[frame->condition_count++] =
        (Condition){.dimension = "ConsumedUnit", .op = FILTER_IN, .values = values, .value_count = count};
    frame->per = "ConsumedQuantity";
    frame->grain = GRAIN_NONE;
    frame->flags = (frame->flags & ~FLAG_EACH) | FLAG_COST | FLAG_UNIT_COST;
}

/* A table whose months are text has no dates: "monthly", "per month" go by that column. */
static void read_text_months(Interpretation *in) {
    Frame *frame = &in->frame;
    if (in->catalog->is_bill || in->catalog->time_column) return;
    const bool series = frame->grain == GRAIN_MONTH, average = frame->agg_grain == GRAIN_MONTH;
    const bool grouped = frame->agg == AGG_AVERAGE && frame->group_count == 1;
    const CatalogColumn *months = series || average || grouped ? lexicon_month_column(in->catalog) : NULL;
    if (!months) return;
    if (frame->agg == AGG_AVERAGE && frame->group_count == 1 && text_equal(frame->groups[0], months->name)) {
        if (frame->subject) return;
        frame->subject = months->name; /* "average cost per month": the total by the number of months */
        frame->group_count = 0;
    } else if (average || frame->agg == AGG_AVERAGE) {
        if (frame->subject) return;
        frame->subject = months->name;
        frame->grain = frame->agg_grain = GRAIN_NONE;
    } else if (series && frame->group_count < FRAME_GROUPS) {
        memmove(&frame->groups[1], &frame->groups[0], frame->group_count * sizeof *frame->groups);
        frame->groups[0] = months->name;
        frame->group_count++;
        frame->grain = GRAIN_NONE;
    }
}

bool interpret(Interpretation *in) {
    Frame *frame = &in->frame;
    in->plan = plan_make(in->arena, in->catalog);
    if (frame->refusal.code) {
        in->refusal = frame->refusal;
        return false;
    }
    if (frame->number || frame->has_op || frame->dimension || (frame->rank.n && !frame->rank.present)) return false;
    if (defines_more(frame)) return false;
    if (frame->hint && !frame_has(frame, FLAG_UNTAGGED | FLAG_TAGGED | FLAG_SIDES)) return false;
    if (read_meta(in)) return true;
    read_percent(in);
    read_hourly_price(in);
    read_text_months(in);
    read_instances(in);
    if (!read_would(in) || !read_measures(in) || !interpret_coverage(in) || !read_conditions(in) || !read_thresholds(in))
        return false;
    in->plan->calendar = frame->calendar;
    in->plan->days_of_week = frame->days_of_week;
    if (frame->chart) in->plan->chart = frame->chart;
    in->plan->charged_only = frame_has(frame, FLAG_CHARGED);
    if (!interpret_shape(in) || !groups_have_values(in)) return false;
    interpret_claim(in);
    return true;
}
