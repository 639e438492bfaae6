/* The paraphrase of a plan: what, by what, when, which rows, in which order, how many. */
#include <ctype.h>

#include "base/text.h"
#include "question/words.h"

typedef struct {
    Arena *arena;
    const Catalog *catalog;
    const Plan *plan;
    Buffer out;
} Phrase;

static const char *column_label(const Phrase *phrase, const char *name) {
    const CatalogColumn *column = name ? catalog_column(phrase->catalog, name) : NULL;
    return column ? column->label : name ? name : "";
}

static const char *column_plural(const Phrase *phrase, const char *name) {
    const CatalogColumn *column = name ? catalog_column(phrase->catalog, name) : NULL;
    return column && !text_is_empty(column->plural) ? column->plural : column_label(phrase, name);
}

static const char *grain_label(Grain grain) {
    return grain == GRAIN_BILLING_PERIOD ? "billing period" : plan_grain_name(grain);
}

/* "billed cost and effective cost", "billed cost per consumed quantity" */
static const char *measures_words(const Phrase *phrase) {
    const Plan *plan = phrase->plan;
    Buffer out = {.arena = phrase->arena};
    for (size_t i = 0; i < plan->measure_count; i++) {
        const Measure *measure = catalog_measure(phrase->catalog, plan->measures[i]);
        const Measure *per = i == 0 && plan->per ? catalog_measure(phrase->catalog, plan->per) : NULL;
        if (i) buffer_add(&out, i + 1 == plan->measure_count ? " and " : ", ");
        buffer_add(&out, measure ? measure->label : plan->measures[i]);
        if (per && plan->per_count) buffer_printf(&out, " per %s units of %s", plan->per_count, per->label);
        if (per && !plan->per_count) buffer_printf(&out, " per %s", per->label);
    }
    return buffer_text(&out);
}

static const char *groups_words(const Phrase *phrase) {
    const Plan *plan = phrase->plan;
    Buffer out = {.arena = phrase->arena};
    for (size_t i = 0; i < plan->group_count; i++)
        buffer_printf(&out, "%s%s",
                      i == 0                       ? ""
                      : i + 1 == plan->group_count ? " and "
                                                   : ", ",
                      column_label(phrase, plan->group_by[i]));
    return buffer_text(&out);
}

/* "per month", "by service and region" */
static void add_axes(Phrase *phrase) {
    const Plan *plan = phrase->plan;
    const bool told = plan->intent == INTENT_STAT && plan->agg == AGG_CUMULATIVE;
    if (plan->grain != GRAIN_NONE && !told) buffer_printf(&phrase->out, " per %s", grain_label(plan->grain));
    if (plan->group_count) buffer_printf(&phrase->out, " by %s", groups_words(phrase));
}

static const char *threshold_words(const Phrase *phrase, const PlanHaving *having) {
    static const char *const ops[] = {"above", "at least", "below", "at most", "between", "by more than"};
    const bool percent = having->on == ON_PERCENT || having->on == ON_SHARE;
    const char *unit = percent ? "%" : "";
    const char *what = having->on == ON_DELTA || having->on == ON_PERCENT ? "change " : having->on == ON_SHARE ? "share " : "";
    if (having->op == HAVING_BETWEEN)
        return arena_printf(phrase->arena, "%sbetween %s%s and %s%s", what, having->value, unit, having->value2, unit);
    return arena_printf(phrase->arena, "%s%s %s%s", what, ops[having->op], having->value, unit);
}

static void add_stat(Phrase *phrase) {
    const Plan *plan = phrase->plan;
    static const char *const words[] = {"", "average", "median", "highest", "lowest", "running total of", "first", "last"};
    buffer_printf(&phrase->out, "%s %s", words[plan->agg], measures_words(phrase));
    const Grain grain = plan->agg == AGG_CUMULATIVE && plan->grain != GRAIN_NONE ? plan->grain : plan->agg_grain;
    if (plan->agg_dimension)
        buffer_printf(&phrase->out, " per %s", column_label(phrase, plan->agg_dimension));
    else if (grain != GRAIN_NONE || plan->agg == AGG_CUMULATIVE)
        buffer_printf(&phrase->out, " per %s", grain_label(grain != GRAIN_NONE ? grain : GRAIN_MONTH));
    else
        buffer_printf(&phrase->out, " per %s", phrase->catalog->row_label ? phrase->catalog->row_label : "row");
    if (plan->grain != GRAIN_NONE && plan->agg != AGG_CUMULATIVE)
        buffer_printf(&phrase->out, ", for each %s", grain_label(plan->grain));
    if (plan->compare.kind == COMPARE_CALENDAR) buffer_add(&phrase->out, " on weekdays and on weekends");
    if (plan->group_count) buffer_printf(&phrase->out, " by %s", groups_words(phrase));
}

/* "region us-east-1 and NAT gateway": the part of a share, or what is compared. */
static const char *part_words(const Phrase *phrase, const char *between) {
    const Plan *plan = phrase->plan;
    Buffer out = {.arena = phrase->arena};
    for (size_t i = 0; i < plan->filter_count; i++) {
        if (!plan->filters[i].part) continue;
        buffer_printf(&out, "%s%s", out.size ? between : "", words_filter(phrase->arena, phrase->catalog, &plan->filters[i]));
    }
    for (size_t i = 0; i < plan->concept_count; i++) {
        const bool compared = plan->intent == INTENT_COMPARE && !plan->concepts[i].negated;
        if (!plan->concepts[i].part && !compared) continue;
        buffer_printf(&out, "%s%s", out.size ? between : "", words_concept(phrase->arena, phrase->catalog, &plan->concepts[i]));
    }
    return buffer_text(&out);
}

static void add_share(Phrase *phrase) {
    const char *part = part_words(phrase, " and ");
    buffer_printf(&phrase->out, "share of %s", measures_words(phrase));
    if (*part) buffer_printf(&phrase->out, " that is %s", part);
    add_axes(phrase);
}

static void add_compare(Phrase *phrase) {
    const Plan *plan = phrase->plan;
    buffer_add(&phrase->out, plan->intent == INTENT_DRIVERS ? "what changed most in " : "");
    buffer_add(&phrase->out, measures_words(phrase));
    if (plan->compare.kind == COMPARE_CALENDAR) buffer_add(&phrase->out, " on weekdays and on weekends");
    if (plan->compare.kind == COMPARE_VALUES) {
        if (plan->compare.dimension)
            buffer_printf(&phrase->out, " by %s", column_label(phrase, plan->compare.dimension));
        else
            buffer_printf(&phrase->out, " of %s", part_words(phrase, " against "));
    }
    if (plan->intent == INTENT_DRIVERS && !plan->group_count && phrase->catalog->is_bill)
        buffer_add(&phrase->out, " by service");
    add_axes(phrase);
}

static void add_new_gone(Phrase *phrase) {
    const Plan *plan = phrase->plan;
    const char *members = plan->subject ? column_plural(phrase, plan->subject) : groups_words(phrase);
    const char *now = words_period(phrase->arena, phrase->catalog, &plan->compare.a);
    const char *then = words_period(phrase->arena, phrase->catalog, &plan->compare.b);
    const char *there = plan->charged_only ? "charged" : "present";
    if (plan->agg == AGG_FIRST)
        buffer_printf(&phrase->out, "%s %s in %s and not %s%s", members, there, now, text_starts(then, "before") ? "" : "in ",
                      then);
    else if (plan->agg == AGG_LAST)
        buffer_printf(&phrase->out, "%s %s in %s and not in %s", members, there, then, now);
    else
        buffer_printf(&phrase->out, "%s %s only in %s or only in %s", members, there, now, then);
    if (plan->subject && plan->group_count) buffer_printf(&phrase->out, " by %s", groups_words(phrase));
    buffer_printf(&phrase->out, ", with their %s", measures_words(phrase));
}

static void add_first_last(Phrase *phrase) {
    const Plan *plan = phrase->plan;
    const char *which = plan->agg == AGG_FIRST ? "first day" : plan->agg == AGG_LAST ? "last day" : "first and last day";
    buffer_printf(&phrase->out, "%s with %s", which,
                  plan->charged_only         ? "cost above zero"
                  : plan->having_count       ? measures_words(phrase)
                  : phrase->catalog->is_bill ? "lines"
                                             : "rows");
    if (plan->subject) buffer_printf(&phrase->out, " of each %s", column_label(phrase, plan->subject));
    if (plan->group_count) buffer_printf(&phrase->out, " by %s", groups_words(phrase));
}

static void add_detail(Phrase *phrase) {
    const Plan *plan = phrase->plan;
    const char *rows = phrase->catalog->is_bill ? "line items" : phrase->catalog->row_plural;
    buffer_printf(&phrase->out, "%s", text_is_empty(rows) ? "rows" : rows);
    if (!plan->column_count) return;
    buffer_add(&phrase->out, " with ");
    for (size_t i = 0; i < plan->column_count; i++)
        buffer_printf(&phrase->out, "%s%s",
                      i == 0                        ? ""
                      : i + 1 == plan->column_count ? " and "
                                                    : ", ",
                      column_label(phrase, plan->columns[i]));
}

static void add_count(Phrase *phrase) {
    const Plan *plan = phrase->plan;
    if (plan->subject)
        buffer_printf(&phrase->out, "number of %s", column_plural(phrase, plan->subject));
    else
        buffer_printf(&phrase->out, "number of %ss", grain_label(plan->agg_grain));
    const char *lacked = part_words(phrase, " or ");
    if (*lacked) buffer_printf(&phrase->out, " without %s%s", plan->charged_only ? "cost of " : "any line of ", lacked);
    if (plan->charged_only && !*lacked) buffer_add(&phrase->out, " with cost above zero");
    if (plan->having_count) buffer_printf(&phrase->out, " with %s", measures_words(phrase));
    for (size_t i = 0; i < plan->having_count; i++)
        buffer_printf(&phrase->out, "%s%s", i ? " and " : " ", threshold_words(phrase, &plan->having[i]));
    add_axes(phrase);
}

static void add_anomaly(Phrase *phrase) {
    buffer_printf(&phrase->out, "unusual days of %s", measures_words(phrase));
    if (phrase->plan->group_count) buffer_printf(&phrase->out, " by %s", groups_words(phrase));
}

static void add_forecast(Phrase *phrase) {
    const Plan *plan = phrase->plan;
    buffer_printf(&phrase->out, "%s of %s", plan->agg == AGG_AVERAGE ? "run rate" : "forecast", measures_words(phrase));
    if (plan->group_count) buffer_printf(&phrase->out, " by %s", groups_words(phrase));
}

static void add_subject(Phrase *phrase) {
    switch (phrase->plan->intent) {
    case INTENT_STAT: add_stat(phrase); return;
    case INTENT_SHARE: add_share(phrase); return;
    case INTENT_COMPARE:
    case INTENT_DRIVERS: add_compare(phrase); return;
    case INTENT_COUNT: add_count(phrase); return;
    case INTENT_NEW_GONE: add_new_gone(phrase); return;
    case INTENT_FIRST_LAST: add_first_last(phrase); return;
    case INTENT_DETAIL: add_detail(phrase); return;
    case INTENT_LIST:
        buffer_printf(&phrase->out, "%s with %s", column_plural(phrase, phrase->plan->subject), measures_words(phrase));
        if (*part_words(phrase, " or "))
            buffer_printf(&phrase->out, ", those without %s%s", phrase->plan->charged_only ? "cost of " : "any line of ",
                          part_words(phrase, " or "));
        if (phrase->plan->group_count) buffer_printf(&phrase->out, " by %s", groups_words(phrase));
        return;
    case INTENT_ANOMALY: add_anomaly(phrase); return;
    case INTENT_FORECAST: add_forecast(phrase); return;
    default: buffer_add(&phrase->out, measures_words(phrase)); add_axes(phrase);
    }
}

static void add_period(Phrase *phrase) {
    const Plan *plan = phrase->plan;
    if (plan->intent == INTENT_NEW_GONE) return;
    if (plan->intent == INTENT_FORECAST) {
        buffer_printf(&phrase->out, ", %s", words_period(phrase->arena, phrase->catalog, &plan->time));
        if (plan->learned.start != DAY_NONE)
            buffer_printf(&phrase->out, ", learned from %s", words_period(phrase->arena, phrase->catalog, &plan->learned));
        return;
    }
    if (plan->compare.kind == COMPARE_PERIODS) {
        buffer_printf(&phrase->out, ", %s compared with %s", words_period(phrase->arena, phrase->catalog, &plan->compare.a),
                      words_period(phrase->arena, phrase->catalog, &plan->compare.b));
        if (plan->compare.elapsed) buffer_add(&phrase->out, " (the same number of days)");
    } else if (phrase->catalog->time_column || plan->time.start != DAY_NONE || plan->time.end != DAY_NONE) {
        buffer_printf(&phrase->out, ", %s", words_period(phrase->arena, phrase->catalog, &plan->time));
        if (plan->time.partial) buffer_add(&phrase->out, " (so far)");
    }
}

static void add_calendar(Phrase *phrase) {
    const Plan *plan = phrase->plan;
    static const char *const days[] = {"Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"};
    if (plan->calendar == CALENDAR_WEEKDAYS) buffer_add(&phrase->out, ", weekdays only");
    if (plan->calendar == CALENDAR_WEEKENDS) buffer_add(&phrase->out, ", weekends only");
    if (plan->calendar != CALENDAR_DAYS_OF_WEEK) return;
    const char *before = ", ";
    for (unsigned i = 0; i < 7; i++) {
        if (!(plan->days_of_week >> i & 1)) continue;
        buffer_printf(&phrase->out, "%s%s", before, days[i]);
        before = " and ";
    }
    buffer_add(&phrase->out, " only");
}

static void add_filters(Phrase *phrase) {
    const Plan *plan = phrase->plan;
    const bool parts = plan->intent == INTENT_SHARE || plan->intent == INTENT_LIST || plan->intent == INTENT_COUNT ||
                       (plan->compare.kind == COMPARE_VALUES && !plan->compare.dimension);
    for (size_t i = 0; i < plan->filter_count; i++)
        if (!(parts && plan->filters[i].part))
            buffer_printf(&phrase->out, ", %s", words_filter(phrase->arena, phrase->catalog, &plan->filters[i]));
    for (size_t i = 0; i < plan->concept_count; i++) {
        const PlanConcept *concept = &plan->concepts[i];
        const bool told = plan->intent != INTENT_COMPARE ? concept->part : parts && !concept->negated;
        if (!told) buffer_printf(&phrase->out, ", %s", words_concept(phrase->arena, phrase->catalog, concept));
    }
}

static const char *rank_target(const Phrase *phrase, const PlanRank *rank) {
    switch (rank->on) {
    case ON_DELTA: return "change";
    case ON_PERCENT: return "change in percent";
    case ON_SHARE: return "share";
    default: return phrase->plan->measure_count > 1 ? phrase->plan->measures[0] : NULL;
    }
}

static void add_rank(Phrase *phrase) {
    const Plan *plan = phrase->plan;
    const PlanRank *rank = &plan->rank;
    if (plan->intent != INTENT_COUNT)
        for (size_t i = 0; i < plan->having_count; i++)
            buffer_printf(&phrase->out, ", %s", threshold_words(phrase, &plan->having[i]));
    if (plan->charged_only && plan->intent != INTENT_COUNT && !(plan->intent == INTENT_LIST && *part_words(phrase, "")) &&
        plan->intent != INTENT_FIRST_LAST && plan->intent != INTENT_NEW_GONE)
        buffer_add(&phrase->out, ", cost above zero");
    if (!rank->present) return;
    if (rank->until) {
        buffer_printf(&phrase->out, ", the highest that together make %s%%", rank->until);
        return;
    }
    const bool extreme = plan->intent == INTENT_STAT && rank->n <= 1;
    if (!extreme)
        buffer_printf(&phrase->out, ", %s",
                      rank->ascending ? (rank->n ? "lowest" : "lowest first")
                      : rank->n       ? "top"
                                      : "highest first");
    if (!extreme && rank->n) buffer_printf(&phrase->out, " %lld", rank->n);
    const char *target = rank_target(phrase, rank);
    if (target) buffer_printf(&phrase->out, " by %s", target);
    const CatalogColumn *each = rank->each ? catalog_column(phrase->catalog, rank->each) : NULL;
    if (rank->each) buffer_printf(&phrase->out, " for each %s", each ? each->label : rank->each);
    if (rank->positive_only) buffer_add(&phrase->out, ", above zero only");
}

static void add_meta(Phrase *phrase) {
    const char *meta = phrase->plan->meta ? phrase->plan->meta : "data";
    const char *term = text_starts(meta, "definition:") ? meta + sizeof "definition:" - 1 : NULL;
    const Measure *measure = term ? catalog_measure(phrase->catalog, term) : NULL;
    if (term)
        buffer_printf(&phrase->out, "what %s means", measure ? measure->label : term);
    else
        buffer_printf(&phrase->out, "about the loaded data: %s", meta);
}

const char *plan_paraphrase(Arena *arena, const Catalog *catalog, const Plan *plan) {
    Phrase phrase = {.arena = arena, .catalog = catalog, .plan = plan, .out = {.arena = arena}};
    if (plan->intent == INTENT_META) {
        add_meta(&phrase);
    } else {
        add_subject(&phrase);
        add_period(&phrase);
        add_calendar(&phrase);
        add_filters(&phrase);
        add_rank(&phrase);
    }
    char *text = arena_text(arena, buffer_text(&phrase.out));
    text[0] = (char)toupper((unsigned char)text[0]);
    return text;
}
