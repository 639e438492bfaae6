/* question/change.c: what a follow-up kept of the plan before, and what it changed, in words. See question/patch.h. */
#include <string.h>

#include "base/text.h"
#include "question/patch.h"
#include "question/words.h"

enum { FEATURES = 200 };

/* One thing that a plan says, and what it is about: two of one subject replace each other. */
typedef struct {
    const char *subject, *words;
} Feature;

typedef struct {
    Arena *arena;
    const Catalog *catalog;
    size_t count;
    Feature items[FEATURES];
} Features;

static void add(Features *features, const char *subject, const char *words) {
    if (features->count < FEATURES && !text_is_empty(words)) features->items[features->count++] = (Feature){subject, words};
}

static const char *label_of(const Features *features, const char *name) {
    const CatalogColumn *column = name ? catalog_column(features->catalog, name) : NULL;
    return column && column->label ? column->label : name;
}

static const char *plural_of(const Features *features, const char *name) {
    const CatalogColumn *column = name ? catalog_column(features->catalog, name) : NULL;
    return column && !text_is_empty(column->plural) ? column->plural : label_of(features, name);
}

static void add_measures(Features *features, const Plan *plan) {
    Buffer out = {.arena = features->arena};
    for (size_t i = 0; i < plan->measure_count; i++) {
        const Measure *measure = catalog_measure(features->catalog, plan->measures[i]);
        buffer_printf(&out, "%s%s", i ? " and " : "", measure ? measure->label : plan->measures[i]);
    }
    const Measure *per = plan->per ? catalog_measure(features->catalog, plan->per) : NULL;
    if (per) buffer_printf(&out, " per %s", per->label);
    add(features, "measure", buffer_text(&out));
}

static void add_shape(Features *features, const Plan *plan) {
    static const char *const AGGREGATES[] = {"", "average", "median", "highest", "lowest", "running total", "first", "last"};
    Arena *arena = features->arena;
    switch (plan->intent) {
    case INTENT_SHARE: add(features, "shape", "as shares"); break;
    case INTENT_DRIVERS: add(features, "shape", "what drove the change"); break;
    case INTENT_COUNT:
        add(features, "shape",
            arena_printf(arena, "number of %s",
                         plan->subject ? plural_of(features, plan->subject) : plan_grain_name(plan->agg_grain)));
        break;
    case INTENT_LIST: add(features, "shape", arena_printf(arena, "list of %s", plural_of(features, plan->subject))); break;
    case INTENT_NEW_GONE:
        add(features, "shape", arena_printf(arena, "new or gone %s", plan->subject ? plural_of(features, plan->subject) : ""));
        break;
    case INTENT_ANOMALY: add(features, "shape", "unusual days"); break;
    case INTENT_FORECAST: add(features, "shape", "forecast"); break;
    case INTENT_FIRST_LAST: add(features, "shape", "first and last day"); break;
    case INTENT_STAT: {
        const char *per = plan->agg_dimension             ? label_of(features, plan->agg_dimension)
                          : plan->agg_grain != GRAIN_NONE ? plan_grain_name(plan->agg_grain)
                                                          : NULL;
        add(features, "shape", per ? arena_printf(arena, "%s per %s", AGGREGATES[plan->agg], per) : AGGREGATES[plan->agg]);
        break;
    }
    default: break;
    }
}

static void add_axes(Features *features, const Plan *plan) {
    for (size_t i = 0; i < plan->group_count; i++)
        add(features, "group", arena_printf(features->arena, "by %s", label_of(features, plan->group_by[i])));
    if (plan->grain != GRAIN_NONE)
        add(features, "grain", arena_printf(features->arena, "per %s", plan_grain_name(plan->grain)));
    if (plan->compare.kind == COMPARE_PERIODS)
        add(features, "time",
            arena_printf(features->arena, "%s compared with %s",
                         words_period(features->arena, features->catalog, &plan->compare.a),
                         words_period(features->arena, features->catalog, &plan->compare.b)));
    else if (features->catalog->time_column)
        add(features, "time", words_period(features->arena, features->catalog, &plan->time));
    if (plan->compare.kind == COMPARE_VALUES) add(features, "sides", "things side by side");
    if (plan->compare.kind == COMPARE_CALENDAR) add(features, "sides", "weekdays against weekends");
    static const char *const DAYS[] = {"", "weekdays only", "weekends only", "certain days of the week"};
    add(features, "calendar", DAYS[plan->calendar]);
}

static void add_conditions(Features *features, const Plan *plan) {
    for (size_t i = 0; i < plan->filter_count; i++)
        add(features, plan->filters[i].dimension ? plan->filters[i].dimension : "tags",
            words_filter(features->arena, features->catalog, &plan->filters[i]));
    for (size_t i = 0; i < plan->concept_count; i++)
        add(features, "concept", words_concept(features->arena, features->catalog, &plan->concepts[i]));
    if (plan->charged_only) add(features, "charged", "cost above zero");
}

static void add_choice(Features *features, const Plan *plan) {
    static const char *const OPS[] = {"above", "at least", "below", "at most", "between", "changed by more than"};
    static const char *const ON[] = {"", " by change", " by change in percent", " by share"};
    static const char *const OF[] = {"", "change ", "change ", "share "};
    Arena *arena = features->arena;
    for (size_t i = 0; i < plan->having_count; i++) {
        const PlanHaving *having = &plan->having[i];
        const char *unit = having->on == ON_PERCENT || having->on == ON_SHARE ? " %" : "";
        const char *second = having->value2 ? arena_printf(arena, " and %s", having->value2) : "";
        add(features, "threshold",
            arena_printf(arena, "%s%s %s%s%s", OF[having->on], OPS[having->op], having->value, second, unit));
    }
    const PlanRank *rank = &plan->rank;
    if (rank->present) {
        const char *n = rank->n ? arena_printf(arena, " %lld", rank->n) : "";
        const char *each = rank->each ? arena_printf(arena, " of each %s", label_of(features, rank->each)) : "";
        add(features, "rank", arena_printf(arena, "%s%s%s%s", rank->ascending ? "lowest" : "top", n, ON[rank->on], each));
    }
    if (plan->limit) add(features, "limit", arena_printf(arena, "at most %lld rows", plan->limit));
    if (plan->chart && !text_equal(plan->chart, "auto")) add(features, "chart", arena_printf(arena, "%s chart", plan->chart));
}

static const Features *features_of(Arena *arena, const Catalog *catalog, const Plan *plan) {
    Features *features = arena_alloc(arena, sizeof *features);
    features->arena = arena;
    features->catalog = catalog;
    add_measures(features, plan);
    add_shape(features, plan);
    add_axes(features, plan);
    add_conditions(features, plan);
    add_choice(features, plan);
    return features;
}

static bool says(const Features *features, const Feature *feature) {
    for (size_t i = 0; i < features->count; i++)
        if (text_equal(features->items[i].words, feature->words)) return true;
    return false;
}

static bool speaks_of(const Features *features, const char *subject) {
    for (size_t i = 0; i < features->count; i++)
        if (text_equal(features->items[i].subject, subject)) return true;
    return false;
}

static void list(Buffer *out, const char *before, const char *words) {
    buffer_printf(out, "%s%s%s", out->size ? ", " : "", before, words);
}

/* What was excluded and no longer is, is there again. */
static void list_left(Buffer *out, const char *words) {
    if (text_starts(words, "not "))
        list(out, arena_printf(out->arena, "%s ", words + strlen("not ")), "again");
    else
        list(out, "no longer ", words);
}

const char *change_kept(Arena *arena, const Catalog *catalog, const Plan *before, const Plan *after) {
    const Features *old = features_of(arena, catalog, before), *new = features_of(arena, catalog, after);
    Buffer out = {.arena = arena};
    for (size_t i = 0; i < new->count; i++)
        if (says(old, &new->items[i])) list(&out, "", new->items[i].words);
    return buffer_text(&out);
}

const char *change_made(Arena *arena, const Catalog *catalog, const Plan *before, const Plan *after) {
    const Features *old = features_of(arena, catalog, before), *new = features_of(arena, catalog, after);
    Buffer out = {.arena = arena};
    for (size_t i = 0; i < new->count; i++)
        if (!says(old, &new->items[i])) list(&out, "", new->items[i].words);
    for (size_t i = 0; i < old->count; i++)
        if (!says(new, &old->items[i]) && !speaks_of(new, old->items[i].subject)) list_left(&out, old->items[i].words);
    return buffer_text(&out);
}
