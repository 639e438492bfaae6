/* question/action_words.c: what single words mean, see question/frame.h. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "question/action.h"

static const char *const FLAGS[] = {
    "cost",     "which",     "plural",    "count",   "list",    "why",      "first",          "last",     "new",      "gone",
    "share",    "grow",      "shrink",    "change",  "percent", "together", "trend",          "most",     "least",    "charged",
    "usage",    "unit_cost", "range",     "fastest", "each",    "listed",   "elapsed",        "untagged", "tagged",   "more",
    "less",     "billing",   "when",      "where",   "define",  "on",       "claim",          "comma",    "quantity", "spender",
    "size",     "would",     "countable", "bare",    "used",    "anomaly",  "forecast",       "runrate",  "ahead",    "between",
    "instance", "closed",    "hours",     "apart",   "lacks",   "sides",    "instance_hours", "growth"};

static bool do_flag(const Act *act, const char *argument) {
    int bit = act_index(FLAGS, sizeof FLAGS / sizeof *FLAGS, argument);
    if (bit < 0) return false;
    act->out->flags |= UINT64_C(1) << bit;
    return true;
}

bool act_set_measure(const Act *act, const char *argument) {
    if (!catalog_measure(act->context->catalog, argument)) return false;
    act->out->measures[0] = argument;
    act->out->measure_count = 1;
    return true;
}

static bool do_dimension(const Act *act, const char *argument) {
    const CatalogColumn *column = frame_column_of(act->context->catalog, argument);
    if (!column) return false;
    act->out->dimension = column->name;
    return true;
}

static bool do_concept(const Act *act, const char *argument) {
    if (!catalog_concept(act->context->catalog, argument)) return false;
    return act_add_condition(act->out, (Condition){.concept = argument});
}

/* "column:value|value": the values of the column's dictionary that equal one of these, case and punctuation ignored. */
static bool do_value(const Act *act, const char *argument) {
    const char *colon = strchr(argument, ':');
    if (!colon) return false;
    Arena *arena = act->context->arena;
    const char *name = arena_text_n(arena, argument, (size_t)(colon - argument));
    const CatalogColumn *column = frame_column_of(act->context->catalog, name);
    if (!column) return false;
    size_t wanted = 0, found = 0;
    const char **keys = text_split(arena, colon + 1, '|', &wanted);
    const char **values = arena_array(arena, column->value_count + 1, sizeof *values);
    for (size_t i = 0; i < wanted; i++) keys[i] = text_name_key(arena, keys[i]);
    for (size_t v = 0; v < column->value_count; v++) {
        const char *key = text_name_key(arena, column->values[v].text);
        if (act_index(keys, wanted, key) >= 0) values[found++] = column->values[v].text;
    }
    if (found == 0) return false;
    return act_add_condition(act->out,
                             (Condition){.dimension = column->name, .op = FILTER_IN, .values = values, .value_count = found});
}

/* A unit of consumption: the consumed quantity of lines with one of these units. */
static bool do_unit(const Act *act, const char *argument) {
    if (!catalog_measure(act->context->catalog, "ConsumedQuantity")) return false;
    const char *text = arena_printf(act->context->arena, "ConsumedUnit:%s", argument);
    return do_value(act, text) && act_set_measure(act, "ConsumedQuantity");
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
    int on = act_index(NAMES, 4, argument);
    if (on < 0) return false;
    act->out->rank.on = (RankOn)on;
    return true;
}

static bool do_op(const Act *act, const char *argument) {
    static const char *const NAMES[] = {"above", "at_least", "below", "at_most"};
    int op = act_index(NAMES, 4, argument);
    if (op < 0) return false;
    act->out->op = (HavingOp)op;
    act->out->has_op = true;
    return true;
}

static Grain grain_named(const char *name) {
    static const char *const NAMES[] = {"none", "hour", "day", "week", "month", "quarter", "year", "billing_period"};
    int grain = act_index(NAMES, sizeof NAMES / sizeof *NAMES, name);
    return grain < 0 ? GRAIN_NONE : (Grain)grain;
}

static bool do_grain(const Act *act, const char *argument) {
    act->out->grain = grain_named(argument);
    if (act->out->grain == GRAIN_BILLING_PERIOD && !catalog_column(act->context->catalog, "BillingPeriodStart")) return false;
    return act->out->grain != GRAIN_NONE;
}

static bool do_agg(const Act *act, const char *argument) {
    static const char *const NAMES[] = {"none", "average", "median", "maximum", "minimum", "cumulative", "first", "last"};
    int agg = act_index(NAMES, sizeof NAMES / sizeof *NAMES, argument);
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

/* "excluding weekends" leaves the other days. */
static bool do_not_calendar(const Act *act, const char *argument) {
    (void)argument;
    Frame *out = act->out;
    if (out->calendar == CALENDAR_ALL) return false;
    if (out->calendar == CALENDAR_DAYS_OF_WEEK)
        out->days_of_week = ~out->days_of_week & 127U;
    else
        out->calendar = out->calendar == CALENDAR_WEEKENDS ? CALENDAR_WEEKDAYS : CALENDAR_WEEKENDS;
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

/* The pending number is a percentage. */
static bool do_percent(const Act *act, const char *argument) {
    (void)argument;
    act->out->number_kind = NUMBER_PERCENT;
    return act->out->number != NULL;
}

/* "CODE:topic", a row of tables/declines.tsv. */
static bool do_refuse(const Act *act, const char *argument) {
    const char *colon = strchr(argument, ':');
    if (!colon) return false;
    act->out->refusal =
        (Refusal){.code = arena_text_n(act->context->arena, argument, (size_t)(colon - argument)), .topic = colon + 1};
    return true;
}

/* "month over month". */
static bool do_over(const Act *act, const char *argument) {
    act->out->over = grain_named(argument);
    return act->out->over != GRAIN_NONE;
}

const ActionKind ACTIONS_OF_WORDS[] = {
    {"flag", do_flag, false},
    {"measure", act_set_measure, false},
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
    {"not_calendar", do_not_calendar, false},
    {"meta", do_meta, false},
    {"chart", do_chart, false},
    {"number", do_number, false},
    {"percent", do_percent, false},
    {"refuse", do_refuse, false},
    {"refuse_apart", do_refuse, true}, /* the parts contradict each other */
    {"over", do_over, false},
    {NULL, NULL, false},
};
