/* question/actions.c: the vocabulary of actions that lexicon and grammar rows share, see question/frame.h.
 *
 * Most actions turn what a merged phrase holds (a dimension, a number, a comparison word) into a part of the plan. An action
 * marked `unmerged` looks at the phrase's parts instead, because they would contradict each other if merged: two periods, two
 * numbers. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "question/frame.h"
#include "question/period.h"

typedef struct {
    const FrameContext *context;
    const Frame *const *parts;
    size_t count;
    Frame *out;
} Act;

typedef struct {
    const char *name;
    bool (*run)(const Act *act, const char *argument);
    bool unmerged;
} ActionKind;

struct FrameAction {
    const ActionKind *kind;
    const char *argument;
    const FrameAction *next;
};

/* The number that a list of names gives to `name`, or -1. */
static int index_of(const char *const *names, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++)
        if (text_equal(names[i], name)) return (int)i;
    return -1;
}

static const char *const FLAGS[] = {"cost",  "which",  "plural",    "count",    "list",   "why",       "first",    "last",
                                    "new",   "gone",   "share",     "grow",     "shrink", "change",    "percent",  "together",
                                    "trend", "most",   "least",     "charged",  "usage",  "unit_cost", "range",    "fastest",
                                    "each",  "listed", "elapsed",   "untagged", "tagged", "more",      "less",     "billing",
                                    "when",  "where",  "define",    "on",       "claim",  "comma",     "quantity", "spender",
                                    "size",  "would",  "countable", "bare",     "used"};

static bool do_flag(const Act *act, const char *argument) {
    int bit = index_of(FLAGS, sizeof FLAGS / sizeof *FLAGS, argument);
    if (bit < 0) return false;
    act->out->flags |= UINT64_C(1) << bit;
    return true;
}

static bool do_measure(const Act *act, const char *argument) {
    if (!catalog_measure(act->context->catalog, argument)) return false;
    act->out->measures[0] = argument;
    act->out->measure_count = 1;
    return true;
}

static bool do_dimension(const Act *act, const char *argument) {
    if (!catalog_column(act->context->catalog, argument)) return false;
    act->out->dimension = argument;
    return true;
}

static bool add_condition(Frame *frame, Condition condition) {
    if (frame->condition_count >= FRAME_CONDITIONS) return false;
    frame->conditions[frame->condition_count++] = condition;
    return true;
}

static bool do_concept(const Act *act, const char *argument) {
    if (!catalog_concept(act->context->catalog, argument)) return false;
    return add_condition(act->out, (Condition){.concept = argument});
}

/* "column:value|value": the values of the column's dictionary that equal one of these, case and punctuation ignored. */
static bool do_value(const Act *act, const char *argument) {
    const char *colon = strchr(argument, ':');
    if (!colon) return false;
    Arena *arena = act->context->arena;
    const char *name = arena_text_n(arena, argument, (size_t)(colon - argument));
    const CatalogColumn *column = catalog_column(act->context->catalog, name);
    if (!column) return false;
    size_t wanted = 0, found = 0;
    const char **keys = text_split(arena, colon + 1, '|', &wanted);
    const char **values = arena_array(arena, column->value_count + 1, sizeof *values);
    for (size_t i = 0; i < wanted; i++) keys[i] = text_name_key(arena, keys[i]);
    for (size_t v = 0; v < column->value_count; v++) {
        const char *key = text_name_key(arena, column->values[v].text);
        if (index_of(keys, wanted, key) >= 0) values[found++] = column->values[v].text;
    }
    if (found == 0) return false;
    return add_condition(act->out,
                         (Condition){.dimension = column->name, .op = FILTER_IN, .values = values, .value_count = found});
}

/* A unit of consumption: the consumed quantity of lines with one of these units. */
static bool do_unit(const Act *act, const char *argument) {
    if (!catalog_measure(act->context->catalog, "ConsumedQuantity")) return false;
    const char *text = arena_printf(act->context->arena, "ConsumedUnit:%s", argument);
    return do_value(act, text) && do_measure(act, "ConsumedQuantity");
}

static bool do_rank(const Act *act, const char *argument) {
    PlanRank *rank = &act->out->rank;
    rank->present = true;
    rank->ascending = text_equal(argument, "asc");
    return true;
}

/* "$" takes the pending number. */
static bool do_n(const Act *act, const char *argument) {
    Frame *out = act->out;
    const char *number = text_equal(argument, "$") ? out->number : argument;
    if (!number || (text_equal(argument, "$") && out->number_kind != NUMBER_PLAIN)) return false;
    char *end = NULL;
    long long n = strtoll(number, &end, 10);
    out->number = NULL;
    out->number_kind = NUMBER_NONE;
    if (n < 1 || *end != '\0') {
        out->refusal = (Refusal){.code = "NOT_A_QUERY", .topic = "count", .subject = number};
        return true;
    }
    out->rank.n = n;
    return true;
}

static bool do_on(const Act *act, const char *argument) {
    static const char *const NAMES[] = {"value", "delta", "percent", "share"};
    int on = index_of(NAMES, 4, argument);
    if (on < 0) return false;
    act->out->rank.on = (RankOn)on;
    return true;
}

static bool do_op(const Act *act, const char *argument) {
    static const char *const NAMES[] = {"above", "at_least", "below", "at_most"};
    int op = index_of(NAMES, 4, argument);
    if (op < 0) return false;
    act->out->op = (HavingOp)op;
    act->out->has_op = true;
    return true;
}

static Grain grain_named(const char *name) {
    static const char *const NAMES[] = {"none", "hour", "day", "week", "month", "quarter", "year", "billing_period"};
    int grain = index_of(NAMES, sizeof NAMES / sizeof *NAMES, name);
    return grain < 0 ? GRAIN_NONE : (Grain)grain;
}

static bool do_grain(const Act *act, const char *argument) {
    act->out->grain = grain_named(argument);
    return act->out->grain != GRAIN_NONE;
}

static bool do_agg(const Act *act, const char *argument) {
    static const char *const NAMES[] = {"none", "average", "median", "maximum", "minimum", "cumulative", "first", "last"};
    int agg = index_of(NAMES, sizeof NAMES / sizeof *NAMES, argument);
    if (agg < 0) return false;
    act->out->agg = (Agg)agg;
    return true;
}

/* The grain of the phrase is that of its average. */
static bool do_agg_grain(const Act *act, const char *argument) {
    (void)argument;
    act->out->agg_grain = act->out->grain;
    act->out->grain = GRAIN_NONE;
    return act->out->agg_grain != GRAIN_NONE;
}

/* "weekends", "weekdays", or a mask of days: "days:64" for Sundays. */
static bool do_calendar(const Act *act, const char *argument) {
    Frame *out = act->out;
    if (text_starts(argument, "days:")) {
        out->calendar = CALENDAR_DAYS_OF_WEEK;
        out->days_of_week = (unsigned)strtoul(argument + 5, NULL, 10);
        return true;
    }
    out->calendar = text_equal(argument, "weekends") ? CALENDAR_WEEKENDS : CALENDAR_WEEKDAYS;
    return true;
}

static bool do_meta(const Act *act, const char *argument) {
    act->out->meta = argument;
    return true;
}

static bool do_chart(const Act *act, const char *argument) {
    act->out->chart = argument;
    return true;
}

static bool do_number(const Act *act, const char *argument) {
    act->out->number = argument;
    act->out->number_kind = NUMBER_PLAIN;
    return true;
}

/* "CODE:topic", a row of tables/declines.tsv. */
static bool do_refuse(const Act *act, const char *argument) {
    const char *colon = strchr(argument, ':');
    if (!colon) return false;
    act->out->refusal =
        (Refusal){.code = arena_text_n(act->context->arena, argument, (size_t)(colon - argument)), .topic = colon + 1};
    return true;
}

/* A value that does not exist keeps its refusal, whatever is said around it. */
static bool settle_refusal(Frame *out) {
    out->dimension = NULL;
    out->plural = false;
    return true;
}

/* --- of grammar rows --- */

static bool do_group(const Act *act, const char *argument) {
    (void)argument;
    Frame *out = act->out;
    if (out->refusal.code) return settle_refusal(out);
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
    if (out->refusal.code) return settle_refusal(out);
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

static bool do_each(const Act *act, const char *argument) {
    (void)argument;
    Frame *out = act->out;
    if (out->group_count == 0 && out->grain == GRAIN_NONE) return false;
    out->flags |= FLAG_EACH;
    return true;
}

static bool do_empty(const Act *act, const char *argument) {
    Frame *out = act->out;
    if (out->refusal.code) return settle_refusal(out);
    if (!out->dimension) return false;
    FilterOp op = text_equal(argument, "not") ? FILTER_NOT_EMPTY : FILTER_EMPTY;
    const char *dimension = out->dimension;
    out->dimension = NULL;
    out->plural = false;
    return add_condition(out, (Condition){.dimension = dimension, .op = op});
}

static bool do_no_tags(const Act *act, const char *argument) {
    (void)argument;
    return add_condition(act->out, (Condition){.op = FILTER_ALL_TAGS_EMPTY});
}

static FilterOp opposite(FilterOp op) {
    switch (op) {
    case FILTER_IN: return FILTER_NOT_IN;
    case FILTER_NOT_IN: return FILTER_IN;
    case FILTER_EMPTY: return FILTER_NOT_EMPTY;
    case FILTER_NOT_EMPTY: return FILTER_EMPTY;
    case FILTER_CONTAINS: return FILTER_NOT_CONTAINS;
    case FILTER_NOT_CONTAINS: return FILTER_CONTAINS;
    default: return op;
    }
}

static bool do_not(const Act *act, const char *argument) {
    (void)argument;
    Frame *out = act->out;
    if (out->refusal.code) return settle_refusal(out);
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
    if (out->refusal.code) return settle_refusal(out);
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
    if (out->refusal.code) return settle_refusal(out);
    if (out->condition_count != 1 || out->dimension || out->conditions[0].concept) return false;
    out->flags |= FLAG_LISTED;
    return true;
}

/* Things to leave out may be of several kinds: "tax and Support". */
static bool do_several(const Act *act, const char *argument) {
    (void)argument;
    return act->out->refusal.code || (act->out->condition_count > 0 && !act->out->dimension);
}

static bool do_part(const Act *act, const char *argument) {
    (void)argument;
    for (size_t i = 0; i < act->out->condition_count; i++) act->out->conditions[i].part = true;
    return act->out->condition_count > 0;
}

/* "what share of A is B": the first scope is the whole, the second the part; "B as a share of A" with argument "reversed". */
static bool do_share(const Act *act, const char *argument) {
    bool reversed = text_equal(argument, "reversed"), seen = false;
    Frame *out = act->out;
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < act->count; i++) {
        Frame part = *act->parts[i], both;
        bool scope = part.condition_count || part.has_time || (part.flags & ~(FLAG_SHARE | FLAG_PERCENT)) ||
                     part.measure_count || part.group_count || part.refusal.code;
        if (scope && (seen != reversed))
            for (size_t c = 0; c < part.condition_count; c++) part.conditions[c].part = true;
        if (scope) seen = true;
        if (!frame_merge(act->context, out, &part, &both)) return false;
        *out = both;
    }
    out->flags |= FLAG_SHARE;
    bool has_part = false;
    for (size_t c = 0; c < out->condition_count; c++) has_part = has_part || out->conditions[c].part;
    has_part = has_part || frame_has(out, FLAG_UNTAGGED);
    return has_part || text_is_empty(argument);
}

/* --- thresholds --- */

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
    } else if (text_equal(argument, "measure")) {
        if (out->measure_count == 0) return frame_has(out, FLAG_COST) && ((out->number = NULL), (out->has_op = false), true);
        out->having_measures[at] = out->measures[out->measure_count - 1];
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
    if (out->measure_count == 0) return frame_has(out, FLAG_COST);
    out->rank_measure = out->measures[0];
    out->measure_count = 0;
    return true;
}

static bool do_per(const Act *act, const char *argument) {
    (void)argument;
    Frame *out = act->out;
    if (out->measure_count != 1) return false;
    out->per = out->measures[0];
    out->measure_count = 0;
    out->flags |= FLAG_UNIT_COST;
    return true;
}

static bool do_compare_measures(const Act *act, const char *argument) {
    (void)argument;
    Frame *out = act->out;
    if (out->measure_count == 1 && frame_has(out, FLAG_COST) && act->context->catalog->measure_count > 0 &&
        !text_equal(out->measures[0], act->context->catalog->measures[0].name))
        out->measures[out->measure_count++] = act->context->catalog->measures[0].name; /* "billed" is no word of its own */
    if (out->measure_count != 2) return false;
    out->compare_measures = true;
    return true;
}

static bool do_compare_values(const Act *act, const char *argument) {
    (void)argument;
    Frame *out = act->out;
    if (out->refusal.code) return settle_refusal(out);
    if (out->condition_count != 1 || out->conditions[0].concept || out->conditions[0].op != FILTER_IN ||
        out->conditions[0].value_count < 2)
        return false;
    out->compare_dimension = out->conditions[0].dimension;
    out->flags &= ~FLAG_LISTED;
    return true;
}

/* "prod against the rest", "prod and non-prod": one value and everything else. The second value, if any, is the first again. */
static bool do_compare_rest(const Act *act, const char *argument) {
    (void)argument;
    const Condition *first = NULL;
    for (size_t i = 0; i < act->count; i++) {
        const Frame *part = act->parts[i];
        if (part->refusal.code) {
            *act->out = *part;
            return true;
        }
        if (part->condition_count == 0) continue;
        const Condition *condition = &part->conditions[0];
        if (part->condition_count != 1 || condition->concept || condition->op != FILTER_IN || condition->value_count != 1)
            return false;
        if (first &&
            (!text_equal(first->dimension, condition->dimension) || !text_equal(first->values[0], condition->values[0])))
            return false;
        first = condition;
    }
    if (!first) return false;
    memset(act->out, 0, sizeof *act->out);
    act->out->conditions[0] = *first;
    act->out->condition_count = 1;
    act->out->compare_dimension = first->dimension;
    return true;
}

/* --- periods: the parts that hold a time, in order --- */

static size_t gather_times(const Act *act, const Frame **times, size_t room) {
    size_t count = 0;
    for (size_t i = 0; i < act->count; i++)
        if ((act->parts[i]->has_time || act->parts[i]->has_before) && count < room) times[count++] = act->parts[i];
    return count;
}

/* Merges everything of the parts but their times. */
static bool merge_untimed(const Act *act) {
    memset(act->out, 0, sizeof *act->out);
    for (size_t i = 0; i < act->count; i++) {
        Frame part = *act->parts[i], both;
        part.has_time = part.has_before = part.ranged = part.compare = false;
        part.relative = RELATIVE_NONE;
        if (!frame_merge(act->context, act->out, &part, &both)) return false;
        *act->out = both;
    }
    return true;
}

static bool do_range(const Act *act, const char *argument) {
    const Frame *times[3];
    if (gather_times(act, times, 3) != 2 || !merge_untimed(act)) return false;
    return period_range(act->context, times[0], times[1], text_equal(argument, "list"), act->out);
}

static bool do_bound(const Act *act, const char *argument) {
    const Frame *times[2];
    if (gather_times(act, times, 2) != 1 || !merge_untimed(act)) return false;
    return period_bound(act->context, times[0], argument, act->out);
}

/* Two periods: a is compared with b. "$1 $2"; with argument "only" one part, the side that is compared with. */
static bool do_compare(const Act *act, const char *argument) {
    const Frame *times[3];
    size_t count = gather_times(act, times, 3);
    if (!merge_untimed(act)) return false;
    if (text_equal(argument, "only")) return count == 1 && period_compare_with(times[0], act->out);
    return count == 2 && period_compare(act->context, times[0], times[1], act->out);
}

/* "month over month". */
static bool do_over(const Act *act, const char *argument) {
    act->out->over = grain_named(argument);
    return act->out->over != GRAIN_NONE;
}

/* "WAF costs more than GuardDuty": the comparison word is no threshold. */
static bool do_drop_op(const Act *act, const char *argument) {
    (void)argument;
    if (act->out->op == HAVING_ABOVE)
        act->out->flags |= FLAG_MORE;
    else
        act->out->flags |= FLAG_LESS;
    act->out->has_op = false;
    return true;
}

/* "how many GB": a quantity, not a count of things. */
static bool do_drop_count(const Act *act, const char *argument) {
    (void)argument;
    act->out->flags &= ~FLAG_COUNT;
    act->out->flags |= FLAG_QUANTITY;
    return true;
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
    if (out->refusal.code) return settle_refusal(out);
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
    (void)argument;
    Frame *out = act->out;
    const char *term = out->measure_count == 1     ? out->measures[0]
                       : out->condition_count == 1 ? out->conditions[0].concept
                                                   : NULL;
    if (!term) return false;
    memset(out, 0, sizeof *out);
    out->meta = arena_printf(act->context->arena, "definition:%s", term);
    return true;
}

/* "weekends against weekdays". */
static bool do_compare_days(const Act *act, const char *argument) {
    (void)argument;
    memset(act->out, 0, sizeof *act->out);
    for (size_t i = 0; i < act->count; i++) {
        Frame part = *act->parts[i], both;
        if (part.calendar == CALENDAR_DAYS_OF_WEEK) return false;
        part.calendar = CALENDAR_ALL;
        if (!frame_merge(act->context, act->out, &part, &both)) return false;
        *act->out = both;
    }
    act->out->compare_days = true;
    return true;
}

/* "amortized rather than billed": only the first is asked for. */
static bool do_first_measure(const Act *act, const char *argument) {
    (void)argument;
    *act->out = *act->parts[0];
    return act->count == 3 && (act->out->measure_count == 1 || frame_has(act->out, FLAG_COST));
}

/* "how many Lambda requests": a concept that is itself a count of something consumed. */
static bool do_quantity(const Act *act, const char *argument) {
    (void)argument;
    return frame_has(act->out, FLAG_COUNTABLE) && do_drop_count(act, "") && do_measure(act, "ConsumedQuantity");
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

/* Things of several kinds side by side: "EC2 and NAT gateways". */
static bool do_items(const Act *act, const char *argument) {
    (void)argument;
    Frame *out = act->out;
    if (out->refusal.code) return settle_refusal(out);
    if (out->dimension || out->condition_count < 2) return false;
    bool concept = false;
    for (size_t i = 0; i < out->condition_count; i++) {
        const Condition *condition = &out->conditions[i];
        if (condition->negated || (!condition->concept && condition->op != FILTER_IN)) return false;
        concept = concept || condition->concept;
    }
    for (size_t i = 0; i < out->condition_count; i++) out->conditions[i].item = true;
    out->compare_items = true;
    out->flags &= ~FLAG_LISTED;
    return concept;
}

/* "the most volumes": ranked by how many there are. */
static bool do_count_measure(const Act *act, const char *argument) {
    (void)argument;
    Frame *out = act->out;
    const char *measure = frame_counting_measure(act->context->catalog, out->dimension);
    if (!measure || out->measure_count >= FRAME_MEASURES) return false;
    out->measures[out->measure_count++] = measure;
    out->dimension = NULL;
    out->plural = false;
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

static const ActionKind KINDS[] = {
    {"flag", do_flag, false},
    {"measure", do_measure, false},
    {"dim", do_dimension, false},
    {"concept", do_concept, false},
    {"value", do_value, false},
    {"unit", do_unit, false},
    {"rank", do_rank, false},
    {"n", do_n, false},
    {"on", do_on, false},
    {"op", do_op, false},
    {"grain", do_grain, false},
    {"agg", do_agg, false},
    {"agg_grain", do_agg_grain, false},
    {"calendar", do_calendar, false},
    {"meta", do_meta, false},
    {"chart", do_chart, false},
    {"number", do_number, false},
    {"refuse", do_refuse, false},
    {"group", do_group, false},
    {"groups", do_groups, true},
    {"subject", do_subject, false},
    {"each", do_each, false},
    {"empty", do_empty, false},
    {"no_tags", do_no_tags, false},
    {"not", do_not, false},
    {"agree", do_agree, false},
    {"listed", do_listed, false},
    {"several", do_several, false},
    {"part", do_part, false},
    {"share", do_share, true},
    {"having", do_having, false},
    {"between", do_between, true},
    {"none", do_none, false},
    {"rank_by", do_rank_by, false},
    {"per", do_per, false},
    {"compare_measures", do_compare_measures, false},
    {"compare_values", do_compare_values, false},
    {"compare_rest", do_compare_rest, true},
    {"range", do_range, true},
    {"bound", do_bound, true},
    {"compare", do_compare, true},
    {"first_measure", do_first_measure, true},
    {"quantity", do_quantity, false},
    {"claimed", do_claimed, false},
    {"items", do_items, false},
    {"count_measure", do_count_measure, false},
    {"rows_only", do_rows_only, false},
    {"included", do_included, false},
    {"both_ends", do_both_ends, false},
    {"wasted", do_wasted, false},
    {"define", do_define, false},
    {"compare_days", do_compare_days, true},
    {"over", do_over, false},
    {"drop_op", do_drop_op, false},
    {"drop_count", do_drop_count, false},
    {"untagged_by", do_untagged_by, false},
    {"agree_resource", do_agree_resource, false},
    {"both", do_both, true},
    {"drop_dimension", do_drop_dimension, false},
    {"no_such_tag", do_no_such_tag, false},
};

const FrameAction *frame_action(Arena *arena, const char *text) {
    static const FrameAction NOTHING = {.kind = NULL};
    if (text_is_empty(text)) return &NOTHING;
    size_t count = 0;
    const char **parts = text_split(arena, text, ';', &count);
    const FrameAction *next = NULL;
    for (size_t i = count; i-- > 0;) {
        const char *equals = strchr(parts[i], '=');
        const char *name = equals ? arena_text_n(arena, parts[i], (size_t)(equals - parts[i])) : parts[i];
        const ActionKind *kind = NULL;
        for (size_t k = 0; k < sizeof KINDS / sizeof *KINDS; k++)
            if (text_equal(KINDS[k].name, name)) kind = &KINDS[k];
        if (!kind) return NULL;
        FrameAction *action = arena_alloc(arena, sizeof *action);
        *action = (FrameAction){.kind = kind, .argument = equals ? equals + 1 : "", .next = next};
        next = action;
    }
    return next;
}

bool frame_same_action(const FrameAction *a, const FrameAction *b) {
    while (a && b && a != b) {
        if (a->kind != b->kind || !text_equal(a->argument, b->argument)) return false;
        a = a->next;
        b = b->next;
    }
    return a == b;
}

bool frame_act(const FrameContext *context, const FrameAction *actions, const Frame *const *parts, size_t count, Frame *out) {
    Act act = {.context = context, .parts = parts, .count = count, .out = out};
    bool merged = !actions->kind || !actions->kind->unmerged;
    if (count == 0 || !merged) {
        memset(out, 0, sizeof *out);
    } else {
        *out = *parts[0];
        for (size_t i = 1; i < count; i++) {
            Frame both;
            if (!frame_merge(context, out, parts[i], &both)) return false;
            *out = both;
        }
    }
    for (const FrameAction *action = actions; action && action->kind; action = action->next)
        if (!action->kind->run(&act, action->argument)) return false;
    return true;
}
