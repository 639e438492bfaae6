/* question/action_phrases.c: what words mean together, see question/frame.h. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "question/action.h"

static bool do_group(const Act *act, const char *argument) {
    (void)argument;
    Frame *out = act->out;
    if (out->refusal.code) return act_settle_refusal(out);
    if (!out->dimension) return out->group_count > 0 || out->grain != GRAIN_NONE;
    if (out->group_count >= FRAME_GROUPS) return false;
    for (size_t i = 0; i < out->group_count; i++)
        if (text_equal(out->groups[i], out->dimension)) return false;
    out->groups[out->group_count++] = out->dimension;
    out->dimension = NULL;
    out->plural = false;
    return true;
}

/* Both parts name dimensions: "service and region". */
static bool do_groups(const Act *act, const char *argument) {
    (void)argument;
    Frame *out = act->out;
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < act->count; i++) {
        Frame part = *act->parts[i];
        const char *dimension = part.refusal.code ? NULL : part.dimension;
        part.dimension = NULL;
        part.plural = false;
        if (dimension) {
            if (part.group_count >= FRAME_GROUPS) return false;
            part.groups[part.group_count++] = dimension;
        }
        Frame both;
        if (!frame_merge(act->context, out, &part, &both)) return false;
        *out = both;
    }
    return true;
}

/* What the sentence is about: "services whose …", "which account". */
static bool do_subject(const Act *act, const char *argument) {
    (void)argument;
    Frame *out = act->out;
    if (out->refusal.code) return act_settle_refusal(out);
    if (out->dimension) {
        if (out->subject) return false;
        out->subject = out->dimension;
        out->dimension = NULL;
    } else if (out->grain != GRAIN_NONE) {
        out->subject_grain = out->grain;
        out->grain = GRAIN_NONE;
    } else {
        return false;
    }
    if (out->plural) out->flags |= FLAG_PLURAL;
    out->plural = false;
    return true;
}

/* "top 10 EBS volumes": the things themselves are ranked, not what their kind costs. */
static bool do_plural_subject(const Act *act, const char *argument) {
    return act->out->plural && do_subject(act, argument);
}

static bool do_each(const Act *act, const char *argument) {
    (void)argument;
    Frame *out = act->out;
    if (out->group_count == 0 && out->grain == GRAIN_NONE) return false;
    out->flags |= FLAG_EACH;
    return true;
}

static bool do_empty(const Act *act, const char *argument) {
    Frame *out = act->out;
    if (out->refusal.code) return act_settle_refusal(out);
    if (!out->dimension) return false;
    FilterOp op = text_equal(argument, "not") ? FILTER_NOT_EMPTY : FILTER_EMPTY;
    const char *dimension = out->dimension;
    out->dimension = NULL;
    out->plural = false;
    return act_add_condition(out, (Condition){.dimension = dimension, .op = op});
}

static bool do_no_tags(const Act *act, const char *argument) {
    (void)argument;
    return act_add_condition(act->out, (Condition){.op = FILTER_ALL_TAGS_EMPTY});
}

static FilterOp opposite(FilterOp op) {
    switch (op) {
    case FILTER_IN: return FILTER_NOT_IN;
    case FILTER_NOT_IN: return FILTER_IN;
    case FILTER_EMPTY: return FILTER_NOT_EMPTY;
    case FILTER_NOT_EMPTY: return FILTER_EMPTY;
    case FILTER_CONTAINS: return FILTER_NOT_CONTAINS;
    case FILTER_NOT_CONTAINS: return FILTER_CONTAINS;
    case FILTER_ALL_TAGS_EMPTY: return FILTER_ANY_TAG;
    case FILTER_ANY_TAG: return FILTER_ALL_TAGS_EMPTY;
    default: return op;
    }
}

static bool do_not(const Act *act, const char *argument) {
    (void)argument;
    Frame *out = act->out;
    if (out->refusal.code) return act_settle_refusal(out);
    if (out->condition_count == 0 && !frame_has(out, FLAG_UNTAGGED)) return false;
    if (frame_has(out, FLAG_UNTAGGED)) out->flags = (out->flags & ~FLAG_UNTAGGED) | FLAG_TAGGED;
    for (size_t i = 0; i < out->condition_count; i++) {
        Condition *condition = &out->conditions[i];
        if (condition->concept)
            condition->negated = !condition->negated;
        else if (opposite(condition->op) == condition->op)
            return false;
        else
            condition->op = opposite(condition->op);
    }
    out->flags &= ~FLAG_LISTED;
    return true;
}

/* A dimension beside a value of it: "account lumenpay-prod", "Sales department". */
static bool do_agree(const Act *act, const char *argument) {
    (void)argument;
    Frame *out = act->out;
    if (out->refusal.code) return act_settle_refusal(out);
    if (!out->dimension || out->condition_count != 1) return false;
    Condition *condition = &out->conditions[0];
    if (condition->concept || !frame_same_dimension(act->context->catalog, out->dimension, condition->dimension)) return false;
    out->dimension = NULL;
    out->plural = false;
    return true;
}

/* Joined by commas or "and": must be of one kind to be one list. */
static bool do_listed(const Act *act, const char *argument) {
    (void)argument;
    Frame *out = act->out;
    if (out->refusal.code) return act_settle_refusal(out);
    if (out->condition_count != 1 || out->dimension || out->conditions[0].concept) return false;
    out->flags |= FLAG_LISTED;
    return true;
}

/* Things to leave out may be of several kinds: "tax and Support". */
static bool do_several(const Act *act, const char *argument) {
    (void)argument;
    return act->out->refusal.code || (act->out->condition_count > 0 && !act->out->dimension);
}

static bool do_having(const Act *act, const char *argument) {
    Frame *out = act->out;
    if (!out->number || !out->has_op || out->having_count >= FRAME_HAVINGS) return false;
    RankOn on = out->number_kind == NUMBER_PERCENT ? ON_PERCENT : ON_VALUE;
    size_t at = out->having_count++;
    out->havings[at] = (PlanHaving){.on = on, .op = out->op, .value = out->number};
    if (text_equal(argument, "count")) {
        if (!out->dimension || out->number_kind != NUMBER_PLAIN) return false;
        out->having_measures[at] = out->dimension;
        out->having_count_of[at] = true;
        out->dimension = NULL;
        out->plural = false;
    } else if (text_equal(argument, "cost")) {
        /* "more than 400 GB and cost over 500": of a table, the cost is not what else is asked. */
        const Catalog *catalog = act->context->catalog;
        const CatalogColumn *column = catalog->measure_count ? catalog_column(catalog, catalog->measures[0].column) : NULL;
        if (!catalog->is_bill && column && column->class == CLASS_COST) out->having_measures[at] = catalog->measures[0].name;
    } else if (text_equal(argument, "one_measure")) {
        if (out->measure_count != 1) return false; /* "400 GB storage": the unit and the name of one column */
        out->having_measures[at] = out->measures[0];
    } else if (text_equal(argument, "measure")) {
        if (out->measure_count == 0) return frame_has(out, FLAG_COST) && ((out->number = NULL), (out->has_op = false), true);
        out->having_measures[at] = out->measures[out->measure_count - 1];
        if (!act->context->catalog->is_bill)
            out->havings[at].on = ON_VALUE; /* "utilization under 60 %": the column holds percents */
    }
    out->number = NULL;
    out->number_kind = NUMBER_NONE;
    out->has_op = false;
    return true;
}

static bool do_between(const Act *act, const char *argument) {
    (void)argument;
    const char *numbers[2] = {NULL, NULL};
    Frame *out = act->out;
    memset(out, 0, sizeof *out);
    NumberKind kind = NUMBER_PLAIN;
    size_t count = 0;
    for (size_t i = 0; i < act->count; i++) {
        Frame part = *act->parts[i], both;
        if (part.number && count < 2) numbers[count++] = part.number;
        if (part.number && part.number_kind != NUMBER_PLAIN) kind = part.number_kind;
        part.number = NULL;
        part.number_kind = NUMBER_NONE;
        part.has_op = false;
        if (!frame_merge(act->context, out, &part, &both)) return false;
        *out = both;
    }
    if (count != 2) return false;
    RankOn on = kind == NUMBER_PERCENT ? ON_PERCENT : ON_VALUE;
    out->havings[0] = (PlanHaving){.on = on, .op = HAVING_BETWEEN, .value = numbers[0], .value2 = numbers[1]};
    out->having_count = 1;
    return true;
}

/* "used greater than size": rows of a table by two of its columns. */
static bool do_columns_compared(const Act *act, const char *argument) {
    (void)argument;
    Frame *out = act->out;
    const Catalog *catalog = act->context->catalog;
    if (catalog->is_bill || out->measure_count != 2 || !out->has_op || out->number) return false;
    const Measure *left = catalog_measure(catalog, out->measures[0]), *right = catalog_measure(catalog, out->measures[1]);
    if (!left || !right || left->kind != MEASURE_SUM || right->kind != MEASURE_SUM) return false;
    static const FilterOp OPS[] = {[HAVING_ABOVE] = FILTER_ABOVE,
                                   [HAVING_AT_LEAST] = FILTER_AT_LEAST,
                                   [HAVING_BELOW] = FILTER_BELOW,
                                   [HAVING_AT_MOST] = FILTER_AT_MOST};
    Condition condition = {.dimension = left->column, .op = OPS[out->op], .than = right->column};
    out->measure_count = 0;
    out->has_op = false;
    return act_add_condition(out, condition);
}

/* "had no get requests": the measure is zero. */
static bool do_none(const Act *act, const char *argument) {
    (void)argument;
    Frame *out = act->out;
    if (out->measure_count != 1 || out->having_count) return false;
    out->havings[0] = (PlanHaving){.on = ON_VALUE, .op = HAVING_AT_MOST, .value = "0"};
    out->having_measures[0] = out->measures[0];
    out->having_count = 1;
    out->measure_count = 0;
    return true;
}

/* "by cost": what a ranking is by. */
static bool do_rank_by(const Act *act, const char *argument) {
    (void)argument;
    Frame *out = act->out;
    if (out->measure_count > 1) return false;
    if (out->measure_count == 0) return frame_has(out, FLAG_COST | FLAG_USAGE);
    out->rank_measure = out->measures[0];
    out->measure_count = 0;
    return true;
}

/* "product tag": the tag of that name, where a dimension has it too. */
static bool do_tag(const Act *act, const char *argument) {
    (void)argument;
    const CatalogColumn *column = act->out->dimension ? catalog_column(act->context->catalog, act->out->dimension) : NULL;
    return column && column->class == CLASS_TAG;
}

static bool do_per(const Act *act, const char *argument) {
    Frame *out = act->out;
    if (out->measure_count != 1) return false;
    if (out->number) { /* "per million requests"; "one hour of" is of one */
        if (out->number_kind != NUMBER_PLAIN || (text_equal(argument, "one") && !text_equal(out->number, "1"))) return false;
        out->per_count = text_equal(out->number, "1") ? NULL : out->number;
        out->number = NULL;
        out->number_kind = NUMBER_NONE;
    }
    out->per = out->measures[0];
    out->measure_count = 0;
    out->flags |= FLAG_UNIT_COST;
    return true;
}

/* "how many GB": a quantity, not a count of things. */
bool act_drop_count(Frame *out) {
    out->flags &= ~FLAG_COUNT;
    out->flags |= FLAG_QUANTITY;
    return true;
}

static bool do_drop_count(const Act *act, const char *argument) {
    (void)argument;
    return act_drop_count(act->out);
}

/* "untagged by team": no value of that tag. */
static bool do_untagged_by(const Act *act, const char *argument) {
    (void)argument;
    act->out->flags &= ~FLAG_UNTAGGED;
    return do_empty(act, "");
}

/* "bucket my-logs": the value must be a resource; what the noun says about its service is then said twice. */
static bool do_agree_resource(const Act *act, const char *argument) {
    (void)argument;
    Frame *out = act->out;
    if (out->refusal.code) return act_settle_refusal(out);
    for (size_t i = 0; i < out->condition_count; i++) {
        Condition *condition = &out->conditions[i];
        if (!condition->identity) continue;
        Condition kept = *condition;
        out->conditions[0] = kept;
        out->condition_count = 1;
        out->dimension = NULL;
        out->plural = false;
        return true;
    }
    return false;
}

/* "over 100 and under 500". */
static bool do_both(const Act *act, const char *argument) {
    (void)argument;
    Frame *out = act->out;
    memset(out, 0, sizeof *out);
    const Frame *op = NULL;
    for (size_t i = 0; i < act->count; i++) {
        if (act->parts[i]->has_op) op = act->parts[i];
        if (!act->parts[i]->number || !op) continue;
        NumberKind kind = act->parts[i]->number_kind;
        PlanHaving having = {
            .on = kind == NUMBER_PERCENT ? ON_PERCENT : ON_VALUE, .op = op->op, .value = act->parts[i]->number};
        if (out->having_count >= FRAME_HAVINGS) return false;
        out->havings[out->having_count++] = having;
    }
    return out->having_count == 2;
}

/* "what does amortized cost mean": what the term stands for. */
static bool do_define(const Act *act, const char *argument) {
    Frame *out = act->out;
    const char *term = out->measure_count == 1     ? out->measures[0]
                       : out->condition_count == 1 ? out->conditions[0].concept
                                                   : NULL;
    if (!term) return false;
    if (text_equal(argument, "cost")) {
        /* "what is amortized cost"; of a count or a ratio the figure is meant. */
        const Catalog *catalog = act->context->catalog;
        const Measure *measure = out->measure_count == 1 ? catalog_measure(catalog, term) : NULL;
        if (!measure || measure->kind != MEASURE_SUM || !text_equal(measure->unit, "currency") ||
            measure == &catalog->measures[0] || out->condition_count > 0)
            return false;
    }
    memset(out, 0, sizeof *out);
    out->meta = arena_printf(act->context->arena, "definition:%s", term);
    return true;
}

/* "how many Lambda requests": a concept that is itself a count of something consumed. */
static bool do_quantity(const Act *act, const char *argument) {
    (void)argument;
    return frame_has(act->out, FLAG_COUNTABLE) && act_drop_count(act->out) && act_set_measure(act, "ConsumedQuantity");
}

/* "went up 40 %" in a question for the reason: the user's figure, not a threshold. */
static bool do_claimed(const Act *act, const char *argument) {
    (void)argument;
    Frame *out = act->out;
    out->number = NULL;
    out->number_kind = NUMBER_NONE;
    out->flags |= FLAG_CLAIM;
    return true;
}

/* "the most volumes": ranked by how many there are. */
static bool do_count_measure(const Act *act, const char *argument) {
    (void)argument;
    Frame *out = act->out;
    const char *measure = frame_counting_measure(act->context->catalog, out->dimension);
    if (!measure || !out->plural || out->measure_count >= FRAME_MEASURES) return false; /* "the most NAT gateway traffic" */
    out->measures[out->measure_count++] = measure;
    out->dimension = NULL;
    out->plural = false;
    return true;
}

/* "make up 80 % of the cost": the highest until so much of the total is reached. */
static bool do_until(const Act *act, const char *argument) {
    (void)argument;
    Frame *out = act->out;
    if (!out->number || out->number_kind != NUMBER_PERCENT || out->rank.present || out->has_op) return false;
    out->rank = (PlanRank){.present = true, .until = out->number};
    out->number = NULL;
    out->number_kind = NUMBER_NONE;
    return true;
}

/* The tag of which something is said to be tagged or not: "untagged resources (team)". */
static bool do_hint(const Act *act, const char *argument) {
    if (!do_tag(act, argument)) return false;
    act->out->hint = act->out->dimension;
    act->out->dimension = NULL;
    act->out->plural = false;
    return true;
}

/* Only of tables, whose rows are things: "maximum size". */
static bool do_rows_only(const Act *act, const char *argument) {
    (void)argument;
    return !act->context->catalog->is_bill;
}

/* "after credits", "including tax": what is in every total anyway. */
static bool do_included(const Act *act, const char *argument) {
    (void)argument;
    static const char *const ALWAYS[] = {"credits", "refunds", "discounts",   "enterprise-discount", "tax",
                                         "support", "fees",    "adjustments", "marketplace"};
    Frame *out = act->out;
    for (size_t i = 0; i < out->condition_count; i++) {
        bool always = false;
        for (size_t k = 0; k < sizeof ALWAYS / sizeof *ALWAYS; k++)
            always = always || text_equal(out->conditions[i].concept, ALWAYS[k]);
        if (!always) return false;
    }
    out->condition_count = 0;
    out->compare_items = false;
    return true;
}

/* "net of tax" is without it, "net of credits" with them: both at once cannot be told. */
static bool do_net_of(const Act *act, const char *argument) {
    Frame *out = act->out;
    size_t taxes = 0;
    for (size_t i = 0; i < out->condition_count; i++) taxes += text_equal(out->conditions[i].concept, "tax");
    if (taxes > 0) return taxes == out->condition_count && do_not(act, argument);
    return do_included(act, argument);
}

/* "first and last day": both ends, without "when". */
static bool do_both_ends(const Act *act, const char *argument) {
    (void)argument;
    act->out->flags &= ~FLAG_BARE;
    return true;
}

/* "wasting on unused reservations": only what is unused is waste for sure. */
static bool do_wasted(const Act *act, const char *argument) {
    (void)argument;
    const Frame *out = act->out;
    const char *concept = out->condition_count == 1 ? out->conditions[0].concept : NULL;
    return concept && (strstr(concept, "unused") || strstr(concept, "idle"));
}

/* "upfront fees for savings plans and reservations": all that the concept has. */
static bool do_of_commitments(const Act *act, const char *argument) {
    (void)argument;
    static const char *const OF_BOTH[] = {"upfront-fees", "unused-commitments", "committed-usage"};
    const Frame *out = act->out;
    return out->condition_count == 1 && act_index(OF_BOTH, sizeof OF_BOTH / sizeof *OF_BOTH, out->conditions[0].concept) >= 0;
}

static bool do_drop_dimension(const Act *act, const char *argument) {
    (void)argument;
    act->out->dimension = NULL;
    act->out->plural = false;
    return true;
}

/* A word beside a dimension that is no value of it. */
static bool do_no_such_tag(const Act *act, const char *argument) {
    act->out->refusal = (Refusal){.code = "NO_SUCH_DATA", .topic = "tag", .subject = argument};
    return true;
}

const ActionKind ACTIONS_OF_PHRASES[] = {
    {"group", do_group, false},
    {"groups", do_groups, true},
    {"plural_subject", do_plural_subject, false},
    {"subject", do_subject, false},
    {"each", do_each, false},
    {"empty", do_empty, false},
    {"no_tags", do_no_tags, false},
    {"not", do_not, false},
    {"agree", do_agree, false},
    {"listed", do_listed, false},
    {"several", do_several, false},
    {"having", do_having, false},
    {"between", do_between, true},
    {"none", do_none, false},
    {"rank_by", do_rank_by, false},
    {"per", do_per, false},
    {"tag", do_tag, false},
    {"quantity", do_quantity, false},
    {"claimed", do_claimed, false},
    {"count_measure", do_count_measure, false},
    {"rows_only", do_rows_only, false},
    {"included", do_included, false},
    {"net_of", do_net_of, false},
    {"until", do_until, false},
    {"hint", do_hint, false},
    {"columns_compared", do_columns_compared, false},
    {"both_ends", do_both_ends, false},
    {"wasted", do_wasted, false},
    {"of_commitments", do_of_commitments, false},
    {"define", do_define, false},
    {"drop_count", do_drop_count, false},
    {"untagged_by", do_untagged_by, false},
    {"agree_resource", do_agree_resource, false},
    {"both", do_both, true},
    {"drop_dimension", do_drop_dimension, false},
    {"no_such_tag", do_no_such_tag, false},
    {NULL, NULL, false},
};
