#include "investigate/recommend.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "investigate/advice.h"

const char *advice_field(const Advice *advice, const char *column) {
    return knowledge_field(advice->rules, advice->rule, column);
}

static void add_figure(Advice *advice, const char *placeholder, Fact fact) {
    if (advice->figure_count == ADVICE_FIGURES) return;
    fact.row = -1;
    advice->figures[advice->figure_count++] = (AdviceFigure){.placeholder = placeholder, .fact = fact};
}

void advice_name(Advice *advice, const char *placeholder, const char *name) {
    add_figure(advice, placeholder, (Fact){.subject = name});
}

void advice_money(Advice *advice, const char *placeholder, const char *subject, const char *value, const char *formula) {
    add_figure(advice, placeholder,
               (Fact){.kind = "value",
                      .subject = subject ? subject : advice->subject,
                      .value = value ? value : "0",
                      .unit = advice->currency,
                      .column = advice_field(advice, "column"),
                      .formula = formula});
}

void advice_share(Advice *advice, const char *placeholder, Decimal part, Decimal whole, const char *formula) {
    Decimal ratio = {0};
    if (decimal_is_negative(part)) part = decimal_negate(part);
    if (decimal_is_zero(whole) || !decimal_divide(part, whole, 8, &ratio)) return;
    add_figure(advice, placeholder,
               (Fact){.kind = "share",
                      .subject = advice->subject,
                      .value = decimal_text(advice->arena, decimal_shift(ratio, 2)),
                      .unit = "percent",
                      .column = advice_field(advice, "column"),
                      .formula = formula});
}

/* --- which rules an answer invites --- */

static bool begins(const char *name, const char *term) {
    return name && text_starts_fold(name, term);
}

/* Billed cost of everything, or of some accounts. */
static bool is_general(const Advice *advice) {
    const Plan *plan = advice->plan;
    if (plan->concept_count || plan->per || !text_equal(plan->measures[0], "BilledCost")) return false;
    for (size_t i = 0; i < plan->filter_count; i++)
        if (!begins(plan->filters[i].dimension, "SubAccount")) return false;
    return true;
}

static bool has_group(const Plan *plan, const char *term) {
    for (size_t i = 0; i < plan->group_count; i++)
        if (begins(plan->group_by[i], term)) return true;
    return begins(plan->subject, term);
}

static bool has_concept(const Plan *plan, const char *term) {
    for (size_t i = 0; i < plan->concept_count; i++)
        if (!plan->concepts[i].negated && begins(plan->concepts[i].id, term)) return true;
    return false;
}

static bool has_value(const Plan *plan, const char *term) {
    for (size_t i = 0; i < plan->filter_count; i++)
        for (size_t v = 0; plan->filters[i].op == FILTER_IN && v < plan->filters[i].value_count; v++)
            if (begins(plan->filters[i].values[v], term)) return true;
    return false;
}

static bool has_measure(const Plan *plan, const char *term) {
    for (size_t i = 0; i < plan->measure_count; i++)
        if (begins(plan->measures[i], term)) return true;
    return false;
}

static bool asks_for(const Advice *advice, const char *term) {
    if (text_equal(term, "tag")) return advice->tag != NULL;
    if (text_equal(term, "cost")) return is_general(advice);
    const char *name = strchr(term, ':');
    if (!name) return false;
    if (text_starts(term, "group:")) return has_group(advice->plan, name + 1);
    if (text_starts(term, "concept:")) return has_concept(advice->plan, name + 1);
    if (text_starts(term, "value:")) return has_value(advice->plan, name + 1);
    return text_starts(term, "measure:") && has_measure(advice->plan, name + 1);
}

/* A rule without lines in the data needs no query to be silent. */
static bool is_invited(const Advice *advice) {
    const char *concept = advice_field(advice, "concept"), *column = advice_field(advice, "column");
    const Concept *known = *concept ? catalog_concept(advice->desk->catalog, concept) : NULL;
    if (*concept && (!known || !known->available || known->row_count == 0)) return false;
    if (!catalog_column(advice->desk->catalog, column)) return false;
    if (!text_equal(column, "BilledCost") && has_measure(advice->plan, column)) return false; /* the answer says it */
    size_t count = 0;
    const char **terms = text_split(advice->arena, advice_field(advice, "asked_by"), '|', &count);
    for (size_t i = 0; i < count; i++)
        if (asks_for(advice, terms[i])) return true;
    return false;
}

/* --- the rows that a rule is judged by --- */

static bool is_kept(const Advice *advice, const PlanFilter *filter, bool narrow) {
    const CatalogColumn *column = filter->dimension ? catalog_column(advice->desk->catalog, filter->dimension) : NULL;
    if (filter->part || !column || column == advice->tag) return false;
    return narrow || column->class == CLASS_TAG || begins(filter->dimension, "SubAccount") ||
           begins(filter->dimension, "BillingAccount");
}

static bool find_scope(Advice *advice, Err *err) {
    static const char *const columns[] = {
        "x_Meter",        "ServiceName",    "SubAccountId",           "RegionId",        "BilledCost", "EffectiveCost",
        "ChargeCategory", "x_LineItemType", "x_UnusedCommitmentCost", "ConsumedQuantity"};
    const bool narrow = text_equal(advice_field(advice, "scope"), "question");
    Plan *plan = plan_copy(advice->arena, advice->plan);
    size_t kept = 0;
    for (size_t i = 0; i < plan->filter_count; i++)
        if (is_kept(advice, &plan->filters[i], narrow)) plan->filters[kept++] = plan->filters[i];
    plan->filter_count = kept;
    kept = 0;
    for (size_t i = 0; i < plan->concept_count; i++)
        if (narrow && !plan->concepts[i].part) plan->concepts[kept++] = plan->concepts[i];
    plan->concept_count = kept;
    return plan_scope(advice->arena, advice->desk->catalog, plan, columns, sizeof columns / sizeof *columns, &advice->scope,
                      err);
}

/* --- saying it --- */

static const char *said(const Advice *advice, const AdviceFigure *figure) {
    const Fact *fact = &figure->fact;
    if (!fact->value) return answer_name(advice->arena, fact->subject);
    return fact->display ? fact->display : answer_display(advice->arena, fact->value, fact->unit);
}

/* NULL when the sentence needs a figure that was not found. */
static const char *fill_in(const Advice *advice) {
    Buffer out = {.arena = advice->arena};
    for (const char *at = advice_field(advice, "sentence"); *at;) {
        const char *end = *at == '{' ? strchr(at, '}') : NULL;
        if (!end) {
            buffer_add_char(&out, *at++);
            continue;
        }
        const char *name = arena_text_n(advice->arena, at + 1, (size_t)(end - at) - 1);
        size_t i = 0;
        while (i < advice->figure_count && !text_equal(advice->figures[i].placeholder, name)) i++;
        if (i == advice->figure_count && !text_equal(name, "rule")) return NULL;
        buffer_add(&out, i < advice->figure_count ? said(advice, &advice->figures[i]) : advice_field(advice, "id"));
        at = end + 1;
    }
    return buffer_text(&out);
}

static void say(Advice *advice, Answer *answer) {
    Fact facts[ADVICE_FIGURES];
    size_t count = 0;
    const char *sentence = fill_in(advice);
    for (size_t i = 0; i < advice->figure_count; i++)
        if (advice->figures[i].fact.value) facts[count++] = advice->figures[i].fact;
    if (sentence) answer_recommend(advice->arena, answer, facts, count, sentence);
}

static void start_rule(Advice *advice, size_t rule) {
    Arena *arena = advice->arena;
    advice->rule = rule;
    advice->figure_count = 0;
    advice->subject = advice_field(advice, "subject");
    if (advice->tag) {
        const char *untagged = arena_printf(arena, "Usage without %s", advice->tag->label);
        if (text_equal(advice->subject, "")) advice->subject = untagged;
    }
    advice_name(advice, "subject", advice->subject);
    const char *last = date_text(arena, advice->end);
    add_figure(advice, "period",
               (Fact){.kind = "date",
                      .subject = advice->subject,
                      .value = arena_printf(arena, "%s..%s", date_text(arena, advice->start), last),
                      .unit = "date",
                      .display = answer_period_text(arena, advice->start, advice->end)});
}

/* The tag that is grouped, listed or filtered by. */
static const CatalogColumn *asked_tag(const Catalog *catalog, const Plan *plan) {
    const char *names[PLAN_ITEMS] = {plan->subject};
    size_t count = 1;
    for (size_t i = 0; i < plan->group_count && count < PLAN_ITEMS; i++) names[count++] = plan->group_by[i];
    for (size_t i = 0; i < plan->filter_count && count < PLAN_ITEMS; i++) names[count++] = plan->filters[i].dimension;
    for (size_t i = 0; i < count; i++) {
        const CatalogColumn *column = names[i] ? catalog_column(catalog, names[i]) : NULL;
        if (column && column->class == CLASS_TAG) return column;
    }
    return NULL;
}

static bool is_advisable(const Catalog *catalog, const Answer *answer) {
    const Plan *plan = answer->plan;
    if (answer->status != ANSWER_ANSWERED || !plan || !catalog->is_bill || catalog->currency_count != 1) return false;
    if (!catalog->time_column || catalog->first_day == DAY_NONE || plan->measure_count == 0) return false;
    switch (plan->intent) {
    case INTENT_TOTAL:
    case INTENT_BREAKDOWN:
    case INTENT_SERIES:
    case INTENT_LIST:
    case INTENT_SHARE: return true;
    case INTENT_COMPARE: return plan->compare.kind == COMPARE_PERIODS;
    default: return false;
    }
}

bool recommend(Arena *arena, const Desk *desk, Answer *answer, Err *err) {
    if (!is_advisable(desk->catalog, answer)) return true;
    const PlanTime *time = answer->plan->compare.kind == COMPARE_PERIODS ? &answer->plan->compare.a : &answer->plan->time;
    Advice advice = {.arena = arena, .desk = desk, .plan = answer->plan, .currency = desk->catalog->currencies[0]};
    advice.rules = knowledge_table(arena, "recommendations.tsv");
    advice.tag = asked_tag(desk->catalog, advice.plan);
    advice.period = desk_period(arena, desk->catalog, time);
    advice.start = time->start != DAY_NONE ? time->start : desk->catalog->first_day;
    advice.end = time->end != DAY_NONE ? time->end : desk->catalog->last_day + 1;
    for (size_t i = 0; i < advice.rules->row_count && answer->recommendation_count < RECOMMENDATIONS; i++) {
        bool holds = false;
        start_rule(&advice, i);
        if (!is_invited(&advice)) continue;
        if (!find_scope(&advice, err) || !advice_judge(&advice, &holds, err)) return false;
        if (holds) say(&advice, answer);
    }
    return true;
}
