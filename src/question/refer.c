/* question/refer.c: "those", "the second one", "that account": rows of the answer before become conditions. See question/patch.h. */
#include <string.h>

#include "base/text.h"
#include "question/patch.h"

void plan_drop_filter(Plan *plan, size_t at) {
    memmove(&plan->filters[at], &plan->filters[at + 1], (plan->filter_count - at - 1) * sizeof *plan->filters);
    plan->filter_count--;
}

void plan_drop_concept(Plan *plan, size_t at) {
    memmove(&plan->concepts[at], &plan->concepts[at + 1], (plan->concept_count - at - 1) * sizeof *plan->concepts);
    plan->concept_count--;
}

void plan_drop_group(Plan *plan, size_t at) {
    memmove(&plan->group_by[at], &plan->group_by[at + 1], (plan->group_count - at - 1) * sizeof *plan->group_by);
    plan->group_count--;
}

void plan_drop_assumptions(Plan *plan, const char *field) {
    size_t kept = 0;
    for (size_t i = 0; i < plan->assumption_count; i++)
        if (!text_equal(plan->assumptions[i].field, field)) plan->assumptions[kept++] = plan->assumptions[i];
    plan->assumption_count = kept;
}

bool plan_groups_by(const Plan *plan, const char *dimension) {
    for (size_t i = 0; i < plan->group_count; i++)
        if (text_equal(plan->group_by[i], dimension)) return true;
    return false;
}

PlanTime plan_period(const Plan *plan) {
    return plan->compare.kind == COMPARE_PERIODS ? plan->compare.a : plan->time;
}

static Grain grain_of(const char *label) {
    for (Grain grain = GRAIN_HOUR; grain <= GRAIN_BILLING_PERIOD; grain++)
        if (text_equal(label, grain == GRAIN_BILLING_PERIOD ? "billing period" : plan_grain_name(grain))) return grain;
    return GRAIN_NONE;
}

/* The column of the keys that is `dimension`, or of any dimension when it is NULL; -1 when there is none. */
static int key_column(const Catalog *catalog, const ConversationKeys *keys, const char *dimension) {
    for (size_t i = 0; i < keys->column_count; i++) {
        if (!catalog_column(catalog, keys->columns[i])) continue;
        if (!dimension || frame_same_dimension(catalog, dimension, keys->columns[i])) return (int)i;
    }
    return -1;
}

static const char *column_label(const Catalog *catalog, const char *name) {
    const CatalogColumn *column = catalog_column(catalog, name);
    return column && column->label ? column->label : name;
}

static const char *column_plural(const Catalog *catalog, const char *name) {
    const CatalogColumn *column = catalog_column(catalog, name);
    return column && !text_is_empty(column->plural) ? column->plural : column_label(catalog, name);
}

/* --- what a plan looks like once some of its rows were chosen --- */

/* Rankings and thresholds have chosen the rows: asked again of the chosen ones they would choose otherwise. */
static void drop_choice(Plan *plan) {
    plan->rank = (PlanRank){0};
    plan->having_count = 0;
    plan->limit = 0;
    plan->yes_no = false;
    plan_drop_assumptions(plan, "limit");
}

static void turn_into_breakdown(Arena *arena, Plan *plan, const char *dimension) {
    if (plan->intent == INTENT_COMPARE || plan->intent == INTENT_DRIVERS || plan->intent == INTENT_SHARE) return;
    if (plan->compare.kind == COMPARE_PERIODS) plan->time = plan->compare.a;
    plan->compare = (PlanCompare){.kind = COMPARE_NONE, .a = {.start = DAY_NONE, .end = DAY_NONE}};
    plan->compare.b = plan->compare.a;
    plan->intent = INTENT_BREAKDOWN;
    plan->agg = AGG_NONE;
    plan->agg_grain = GRAIN_NONE;
    plan->agg_dimension = plan->subject = NULL;
    plan->charged_only = false;
    if (dimension && !plan_groups_by(plan, dimension)) plan_add_group(arena, plan, dimension);
}

static void drop_filters_on(const Catalog *catalog, Plan *plan, const char *dimension) {
    for (size_t i = plan->filter_count; i-- > 0;)
        if (plan->filters[i].dimension && (plan->filters[i].op == FILTER_IN || plan->filters[i].op == FILTER_EMPTY) &&
            frame_same_dimension(catalog, plan->filters[i].dimension, dimension))
            plan_drop_filter(plan, i);
}

static void add_rows(Arena *arena, const Catalog *catalog, const ConversationKeys *keys, size_t column, bool others,
                     Plan *plan) {
    const char **values = arena_array(arena, keys->row_count + 1, sizeof *values);
    size_t count = 0;
    for (size_t r = 0; r < keys->row_count; r++) {
        const char *cell = keys->cells[r * keys->column_count + column];
        const char *value = cell ? cell : ""; /* stands for the empty value */
        bool known = false;
        for (size_t i = 0; i < count; i++) known = known || text_equal(values[i], value);
        if (!known) values[count++] = value;
    }
    if (!others) drop_filters_on(catalog, plan, keys->columns[column]);
    plan_add_filter(arena, plan, keys->columns[column], others ? FILTER_NOT_IN : FILTER_IN, values, count);
}

bool refer_keep_rows(Arena *arena, const Catalog *catalog, const ConversationKeys *keys, Plan *plan) {
    if (!keys->complete || keys->column_count != 1 || keys->row_count == 0 || key_column(catalog, keys, NULL) < 0) return false;
    add_rows(arena, catalog, keys, 0, false, plan);
    drop_choice(plan);
    return true;
}

/* --- references --- */

/* The answer showed every row that its plan is about: "those" are no narrower than the plan. */
static bool shows_everything(const Plan *plan) {
    bool plain = plan->intent == INTENT_BREAKDOWN || plan->intent == INTENT_SERIES || plan->intent == INTENT_SHARE ||
                 plan->intent == INTENT_TOTAL || plan->intent == INTENT_COMPARE;
    return plain && !plan->charged_only && plan->having_count == 0 && !(plan->rank.present && plan->rank.n > 0) &&
           plan->limit == 0;
}

static bool refer_rows(Arena *arena, const Catalog *catalog, const Cues *cues, const ConversationKeys *keys, Plan *plan,
                       const char **message) {
    bool others = cues->reference == REFER_OTHERS;
    int column = key_column(catalog, keys, cues->dimension);
    if (column < 0 && cues->dimension && !others) {
        for (size_t i = 0; i < plan->filter_count; i++)
            if (plan->filters[i].dimension && frame_same_dimension(catalog, cues->dimension, plan->filters[i].dimension))
                return true; /* they are in the plan already */
        *message = arena_printf(arena, "“%s” refers to nothing: the answer before did not list %s.", cues->words,
                                column_plural(catalog, cues->dimension));
        return false;
    }
    if (keys->column_count > 1 && !cues->dimension && (others || !shows_everything(plan))) {
        *message = arena_printf(arena, "The rows of the answer before are combinations; say of what, as in “those %s”.",
                                column_plural(catalog, column < 0 ? keys->columns[0] : keys->columns[column]));
        return false;
    }
    if (keys->row_count == 0 || column < 0) {
        if (!others) return true;
        *message = arena_printf(arena, "“%s” refers to nothing: the answer before had no list to leave out.", cues->words);
        return false;
    }
    if (shows_everything(plan) && !others) return true;
    if (others && shows_everything(plan) && keys->complete) {
        *message = arena_printf(arena, "There is no rest: the answer before shows all of them.");
        return false;
    }
    if (!keys->complete) {
        *message =
            arena_printf(arena,
                         "The answer before had too many rows to ask on about all of them (the ceiling is %d). Ask for the top "
                         "ones first, or name the ones that are meant.",
                         CONVERSATION_ROWS);
        return false;
    }
    add_rows(arena, catalog, keys, (size_t)column, others, plan);
    turn_into_breakdown(arena, plan, keys->columns[column]);
    drop_choice(plan);
    patch_settle(plan);
    return true;
}

/* The bucket of a row as a period. */
static bool set_bucket(Plan *plan, Grain grain, const char *cell) {
    Day start = DAY_NONE;
    if (!cell || !date_parse(cell, &start)) return false;
    PlanTime time = {.start = start, .end = start + 1, .by_billing_period = plan->time.by_billing_period};
    if (grain == GRAIN_WEEK) time.end = start + 7;
    if (grain == GRAIN_MONTH || grain == GRAIN_BILLING_PERIOD) time.end = date_month(start, 1);
    if (grain == GRAIN_QUARTER) time.end = date_quarter(start, 1);
    if (grain == GRAIN_YEAR) time.end = date_year(start, 1);
    if (grain == GRAIN_BILLING_PERIOD) time.by_billing_period = true;
    plan->time = time;
    plan->grain = GRAIN_NONE;
    plan_drop_assumptions(plan, "time");
    return grain != GRAIN_HOUR;
}

/* One key of the row: its value is a condition, and no longer a group. */
static bool set_key(Arena *arena, const Catalog *catalog, const ConversationKeys *keys, size_t row, size_t column, Plan *plan) {
    const char *name = keys->columns[column], *cell = keys->cells[row * keys->column_count + column];
    if (!catalog_column(catalog, name)) return set_bucket(plan, grain_of(name), cell);
    drop_filters_on(catalog, plan, name);
    plan_add_filter(arena, plan, name, cell && *cell ? FILTER_IN : FILTER_EMPTY, (const char *const[]){cell}, cell && *cell);
    for (size_t i = plan->group_count; i-- > 0;)
        if (text_equal(plan->group_by[i], name)) plan_drop_group(plan, i);
    return true;
}

static bool refer_row(Arena *arena, const Catalog *catalog, const Cues *cues, const ConversationKeys *keys, long wanted,
                      Plan *plan, const char **message) {
    size_t row = wanted < 0 ? keys->row_count - 1 : (size_t)(wanted - 1);
    if (keys->column_count == 0 || keys->row_count == 0) {
        *message = arena_printf(arena, "“%s” refers to nothing: the answer before had no rows to choose from.", cues->words);
        return false;
    }
    if (row >= keys->row_count || (wanted < 0 && !keys->complete)) {
        *message = arena_printf(arena, "“%s” is none of the rows of the answer before: it has %zu%s.", cues->words,
                                keys->row_count, keys->complete ? "" : " that can be asked on about");
        return false;
    }
    bool drivers = plan->intent == INTENT_DRIVERS;
    turn_into_breakdown(arena, plan, NULL);
    drop_choice(plan);
    bool valid = true, service = false;
    for (size_t c = 0; c < keys->column_count && valid; c++) {
        bool wanted_column = !cues->dimension || frame_same_dimension(catalog, cues->dimension, keys->columns[c]);
        if (wanted_column) valid = set_key(arena, catalog, keys, row, c, plan);
        service = service || frame_same_dimension(catalog, keys->columns[c], "ServiceName");
    }
    if (!valid)
        *message = arena_printf(arena, "“%s” is a row that cannot be asked on about; name the period instead.", cues->words);
    if (drivers && plan->group_count == 0) {
        const char *by = service && catalog_column(catalog, "x_UsageType") ? "x_UsageType" : "ServiceName";
        if (catalog_column(catalog, by)) plan_add_group(arena, plan, by);
    }
    if (plan->intent == INTENT_SHARE && plan->group_count == 0)
        for (size_t i = 0; i < plan->filter_count; i++) plan->filters[i].part = true;
    patch_settle(plan);
    return valid;
}

/* "the biggest one": the first row, where the rows are in that order. */
static bool row_by_size(Arena *arena, const Cues *cues, const ConversationKeys *keys, const Plan *plan, long *row,
                        const char **message) {
    bool ranked = plan->intent == INTENT_BREAKDOWN || plan->intent == INTENT_LIST || plan->intent == INTENT_DETAIL;
    bool ascending = plan->rank.present && plan->rank.ascending;
    *row = ascending == cues->smallest ? 1 : -1;
    if (keys->row_count == 1) *row = 1;
    if (keys->row_count == 1 || (ranked && !plan->rank.each)) return true;
    *message = arena_printf(arena, "The answer before is not in the order of its values, so “%s” cannot be told; name it.",
                            cues->words);
    return false;
}

/* "that account": said by a filter, or the only row. */
static bool refer_named(Arena *arena, const Catalog *catalog, const Cues *cues, const ConversationKeys *keys, Plan *plan,
                        const char **message) {
    for (size_t i = 0; cues->dimension && i < plan->filter_count; i++)
        if (plan->filters[i].op == FILTER_IN && plan->filters[i].value_count == 1 &&
            frame_same_dimension(catalog, plan->filters[i].dimension, cues->dimension))
            return true;
    PlanTime time = plan_period(plan);
    bool bucket = false;
    for (size_t c = 0; c < keys->column_count; c++) bucket = bucket || grain_of(keys->columns[c]) == cues->grain;
    if (!cues->dimension && !bucket && time.start != DAY_NONE) return true; /* "in that month" */
    bool has = cues->dimension ? key_column(catalog, keys, cues->dimension) >= 0 : bucket;
    if (has && keys->row_count == 1) return refer_row(arena, catalog, cues, keys, 1, plan, message);
    *message =
        has ? arena_printf(arena, "“%s” may be any of %zu rows of the answer before; say which one, as in “the second one”.",
                           cues->words, keys->row_count)
            : arena_printf(arena, "“%s” refers to nothing in the answer before; name it.", cues->words);
    return false;
}

bool refer_apply(Arena *arena, const Catalog *catalog, const Cues *cues, const ConversationKeys *keys, Plan *plan,
                 const char **message) {
    long row = cues->row;
    switch (cues->reference) {
    case REFER_ROWS:
    case REFER_OTHERS: return refer_rows(arena, catalog, cues, keys, plan, message);
    case REFER_ROW:
        if (cues->by_size && !row_by_size(arena, cues, keys, plan, &row, message)) return false;
        return refer_row(arena, catalog, cues, keys, row, plan, message);
    case REFER_NAMED: return refer_named(arena, catalog, cues, keys, plan, message);
    case REFER_MEMBER:
        if (keys->row_count == 0) {
            *message =
                arena_printf(arena, "“%s” refers to nothing: the answer before had no rows to choose from.", cues->words);
            return false;
        }
        return refer_rows(arena, catalog, cues, keys, plan, message);
    case REFER_NONE:
    case REFER_WHOLE: break;
    }
    return true;
}
