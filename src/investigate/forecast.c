#include "investigate/forecast.h"

#include <math.h>
#include <stdlib.h>

#include "base/text.h"
#include "investigate/outlook.h"

enum { MEMBERS = 12, MONTHS = 14, FACTS = 20, SAID = 3 };

typedef struct {
    Forecaster forecaster;
    const Desk *desk;
    const Plan *plan;
    const CatalogColumn *by;       /* the plan's dimension, NULL */
    size_t key_count;              /* of the series */
    int category, service, member; /* which key is the charge category, the service, the member; -1 */
    DaySeries *series;
    size_t series_count;
    Group *groups;
    size_t group_count;
    double base[MONTHS]; /* of each period what tax and support are in proportion to */
    double ratio;        /* of both to the rest, over the whole scope */
    double last_rest;    /* the rest of the last complete month */
    Fact facts[FACTS];
    size_t fact_count;
    Buffer said;
    double total, margin; /* of all periods together */
    size_t periods;
    size_t trials; /* of the first period told */
    bool measured;
} Work;

/* Daily costs by what tells daily, monthly and proportional charges apart. */
static bool read_series(Work *work, bool meters, Err *err) {
    const Catalog *catalog = work->desk->catalog;
    static const char *const wanted[] = {"ChargeCategory", "ServiceName", "x_UsageType"};
    const char *dimensions[DAYS_KEYS];
    size_t count = 0;
    work->category = work->service = work->member = -1;
    for (size_t i = 0; i < (meters ? 3 : 2); i++) {
        if (!catalog_column(catalog, wanted[i])) continue;
        if (i == 0) work->category = (int)count;
        if (i == 1) work->service = (int)count;
        dimensions[count++] = wanted[i];
    }
    if (work->by) {
        work->member = (int)count;
        dimensions[count++] = work->by->name;
    }
    work->forecaster.frame = (DayFrame){0};
    return days_read(work->forecaster.arena, work->desk, work->plan, "TRUE", dimensions, count, "0", &work->forecaster.frame,
                     &work->series, &work->series_count, err);
}

static const char *key_of(const DaySeries *series, int key) {
    return key < 0 ? NULL : series->keys[key];
}

static double recent_cost(const Forecaster *forecaster, const DaySeries *series) {
    enum { DAYS = 28 };
    double sum = 0;
    const size_t count = forecaster->frame.count;
    for (size_t day = count > DAYS ? count - DAYS : 0; day < count; day++)
        if (!isnan(series->values[day])) sum += series->values[day];
    return sum;
}

static void add_to_group(Work *work, Group *group, const DaySeries *series) {
    Arena *arena = work->forecaster.arena;
    const char *category = key_of(series, work->category), *service = key_of(series, work->service);
    const bool tax = text_equal(category, "Tax"), support = service && text_contains_fold(service, "support");
    const size_t count = group->count;
    group->series = arena_grow(arena, group->series, count * sizeof *group->series, (count + 1) * sizeof *group->series);
    Coming *coming = arena_grow(arena, group->coming, count * sizeof *coming, (count + 1) * sizeof *coming);
    group->series[count] = series;
    coming[count] = outlook_coming(&work->forecaster, series, tax, support);
    group->coming = coming;
    group->recent += recent_cost(&work->forecaster, series);
    group->count++;
}

static int by_recent(const void *a, const void *b) {
    const Group *left = a, *right = b;
    if (left->recent != right->recent) return left->recent > right->recent ? -1 : 1;
    if (!left->name || !right->name) return (left->name == NULL) - (right->name == NULL);
    return text_equal(left->name, right->name) ? 0 : left->name < right->name ? -1 : 1;
}

/* Members in the order of their cost; those behind the first twelve are one group. */
static void make_groups(Work *work) {
    Arena *arena = work->forecaster.arena;
    work->groups = arena_array(arena, work->series_count + 2, sizeof *work->groups);
    for (size_t i = 0; i < work->series_count; i++) {
        const char *name = key_of(&work->series[i], work->member);
        size_t at = 0;
        while (at < work->group_count && !text_equal(work->groups[at].name, name)) at++;
        if (at == work->group_count) work->groups[work->group_count++] = (Group){.name = name};
        add_to_group(work, &work->groups[at], &work->series[i]);
    }
    qsort(work->groups, work->group_count, sizeof *work->groups, by_recent);
    if (work->group_count <= MEMBERS) return;
    Group rest = {.name = "others", .is_rest = true};
    for (size_t i = MEMBERS; i < work->group_count; i++)
        for (size_t j = 0; j < work->groups[i].count; j++) add_to_group(work, &rest, work->groups[i].series[j]);
    work->groups[MEMBERS] = rest;
    work->group_count = MEMBERS + 1;
}

/* --- the answer --- */

enum { FORECAST_COLUMNS = 7 };
static const CompiledColumn forecast_columns[FORECAST_COLUMNS] = {
    {.name = "month", .label = "month", .role = ROLE_BUCKET},
    {.name = "member", .role = ROLE_KEY},
    {.name = "forecast", .label = "forecast", .role = ROLE_MEASURE, .unit = "currency"},
    {.name = "low", .label = "low", .role = ROLE_MEASURE, .unit = "currency"},
    {.name = "high", .label = "high", .role = ROLE_MEASURE, .unit = "currency"},
    {.name = "known", .label = "charged so far", .role = ROLE_MEASURE, .unit = "currency"},
    {.name = "days_ahead", .label = "days to come", .role = ROLE_COUNT}};

static bool is_single(const Work *work) {
    return work->by && work->plan->time.end <= date_month(work->plan->time.start, 1);
}

static Rows make_rows(const Work *work) {
    static const CellType all[FORECAST_COLUMNS] = {CELL_DATE,    CELL_TEXT,    CELL_DECIMAL, CELL_DECIMAL,
                                                   CELL_DECIMAL, CELL_DECIMAL, CELL_INTEGER};
    CompiledColumn columns[FORECAST_COLUMNS];
    CellType types[FORECAST_COLUMNS];
    size_t count = 0;
    for (size_t i = 0; i < FORECAST_COLUMNS; i++) {
        if (i == 1 && !work->by) continue;
        columns[count] = forecast_columns[i];
        if (i == 0 && is_single(work)) columns[count].role = ROLE_COMPANION; /* rows are members, not months */
        if (i == 1) {
            columns[count].name = work->by->name;
            columns[count].label = work->by->label;
        }
        types[count++] = all[i];
    }
    return desk_rows(work->forecaster.arena, columns, types, count);
}

static char *cents(Arena *arena, double value) {
    return arena_printf(arena, "%.2f", value);
}

static double total_of(const Outlook *outlook) {
    return decimal_double(outlook->known) + outlook->days + outlook->monthly + outlook->in_proportion;
}

/* The lower end is never below what is charged already. */
static double low_of(const Outlook *outlook) {
    const double low = total_of(outlook) - outlook->margin, known = decimal_double(outlook->known);
    return low < known && known < total_of(outlook) ? known : low;
}

static void add_row(Work *work, Rows *rows, Day month, const Group *group, const Outlook *outlook) {
    Arena *arena = work->forecaster.arena;
    const double total = total_of(outlook);
    const char *cells[FORECAST_COLUMNS];
    size_t count = 0;
    cells[count++] = date_text(arena, month);
    if (work->by) cells[count++] = group->name;
    cells[count++] = cents(arena, total);
    cells[count++] = cents(arena, low_of(outlook));
    cells[count++] = cents(arena, total + outlook->margin);
    cells[count++] = decimal_text(arena, outlook->known);
    cells[count++] = arena_printf(arena, "%zu", outlook->days_ahead);
    desk_row(rows, cells);
}

static void say_amount(Work *work, const char *subject, const char *value, const char *column, const char *before) {
    const Catalog *catalog = work->desk->catalog;
    const char *unit = catalog->currency_count ? catalog->currencies[0] : NULL;
    buffer_printf(&work->said, "%s%s", before, answer_display(work->forecaster.arena, value, unit));
    if (work->fact_count < FACTS)
        work->facts[work->fact_count++] =
            (Fact){.kind = "value", .subject = subject, .value = value, .unit = unit, .row = -1, .column = column};
}

/* "**October 2026** comes to $49,123 by this forecast, likely between $47,000 and $51,000." */
static void say_period(Work *work, Day start, Day end, const Outlook *outlook) {
    Arena *arena = work->forecaster.arena;
    const char *subject = answer_period_text(arena, start, end);
    if (work->by || work->fact_count + 3 > FACTS) return;
    buffer_printf(&work->said, "%s%s comes to ", work->said.size ? " " : "", answer_name(arena, subject));
    say_amount(work, subject, cents(arena, total_of(outlook)), "forecast", "");
    say_amount(work, subject, cents(arena, low_of(outlook)), "low", ", likely between ");
    say_amount(work, subject, cents(arena, total_of(outlook) + outlook->margin), "high", " and ");
    if (!decimal_is_zero(outlook->known)) {
        say_amount(work, subject, decimal_text(arena, outlook->known), "known", "; ");
        buffer_add(&work->said, " of it is charged already");
    }
    buffer_add_char(&work->said, '.');
}

/* What the first period consists of. */
static const CompiledColumn part_columns[] = {{.name = "part", .label = "part", .role = ROLE_KEY},
                                              {.name = "cost", .label = "cost", .role = ROLE_MEASURE, .unit = "currency"}};

static const AnswerSection *make_parts(Work *work, const Outlook *outlook) {
    static const CellType types[] = {CELL_TEXT, CELL_DECIMAL};
    Arena *arena = work->forecaster.arena;
    Rows rows = desk_rows(arena, part_columns, types, 2);
    const struct {
        const char *name, *cost;
    } parts[] = {{"days that are over", decimal_text(arena, outlook->known)},
                 {"days to come", cents(arena, outlook->days)},
                 {"monthly charges still to come", cents(arena, outlook->monthly)},
                 {"tax and support still to come", cents(arena, outlook->in_proportion)}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const char *cells[] = {parts[i].name, parts[i].cost};
        desk_row(&rows, cells);
    }
    AnswerSection *section = arena_alloc(arena, sizeof *section);
    *section = (AnswerSection){
        .name = "parts", .title = "What the forecast consists of", .table = rows.table, .columns = rows.columns};
    return section;
}

/* "Together these months come to …": the margins of months that are off for the same reason add up. */
static void say_total(Work *work, const char *scope) {
    Arena *arena = work->forecaster.arena;
    if (work->periods < 2) return;
    buffer_printf(&work->said, "%sTogether ", work->said.size ? " " : "");
    say_amount(work, scope, cents(arena, work->total), "forecast", "that is ");
    say_amount(work, scope, cents(arena, work->total - work->margin), "low", ", likely between ");
    say_amount(work, scope, cents(arena, work->total + work->margin), "high", " and ");
    buffer_add_char(&work->said, '.');
}

static void say_method(Work *work, Plan *plan) {
    Arena *arena = work->forecaster.arena;
    const Forecaster *forecaster = &work->forecaster;
    const char *trials = work->trials ? arena_printf(arena, "measured by trying the method from %zu earlier days", work->trials)
                                      : "worked out of the spread of single days, since the data is too short to measure it";
    plan_assume(
        arena, plan, "method",
        arena_printf(arena,
                     "forecast: each weekday of the last four weeks, the latest counting most, with the drift of the last "
                     "thirteen, learned from %zu complete days to %s; monthly charges as last month; low and high hold "
                     "four times in five, %s",
                     forecaster->days, date_text(arena, forecaster->last), trials));
}

/* Months before the data begins are left out. */
static Day first_period(const Work *work, const Plan *plan) {
    const Day first = date_month(work->forecaster.frame.first, 0);
    return plan->time.start < first ? first : plan->time.start;
}

static Day period_end(const Plan *plan, Day start) {
    const Day next = date_month(start, 1);
    return next < plan->time.end ? next : plan->time.end;
}

/* What lies further ahead is never known better: `widest` is the widest margin so far, as a part of its forecast. */
static void widen(Outlook *outlook, double *widest) {
    const double ahead = fabs(total_of(outlook) - decimal_double(outlook->known));
    if (ahead <= 0) return;
    if (outlook->margin < *widest * ahead) outlook->margin = *widest * ahead;
    *widest = outlook->margin / ahead;
}

/* What the whole scope comes to in each period, for what is in proportion to it. */
static bool measure_whole(Work *work) {
    Group whole = {0};
    for (size_t i = 0; i < work->series_count; i++) add_to_group(work, &whole, &work->series[i]);
    if (!outlook_learn(&work->forecaster, &whole)) return false;
    Day start = first_period(work, work->plan);
    double widest = 0;
    for (size_t month = 0; month < MONTHS && start < work->plan->time.end; month++) {
        Outlook outlook = outlook_of(&work->forecaster, &whole, start, period_end(work->plan, start));
        work->base[month] = total_of(&outlook) - decimal_double(outlook.charged);
        widen(&outlook, &widest);
        work->margin += outlook.margin;
        start = period_end(work->plan, start);
    }
    work->last_rest = outlook_last_month(&work->forecaster, &whole, false);
    if (work->last_rest > 0) work->ratio = outlook_last_month(&work->forecaster, &whole, true) / work->last_rest;
    work->margin *= 1 + fabs(work->ratio);
    return true;
}

static void add_proportion(const Work *work, const Group *group, size_t month, Outlook *outlook) {
    if (!outlook->days_ahead || work->last_rest <= 0) return;
    outlook->in_proportion = outlook_last_month(&work->forecaster, group, true) / work->last_rest * work->base[month] -
                             decimal_double(outlook->charged);
    outlook->margin *= 1 + fabs(work->ratio);
}

static bool make_periods(Work *work, Rows *rows, const AnswerSection **parts, Err *err) {
    const Plan *plan = work->plan;
    for (size_t i = 0; i < work->group_count; i++) {
        const Group *group = &work->groups[i];
        if ((i == 0 && !measure_whole(work)) || !outlook_learn(&work->forecaster, group))
            return err_set_code(err, ERR_REFUSED, "NO_SUCH_DATA",
                                "A forecast takes at least %d complete days to learn from, and there are %zu here. Ask for the "
                                "average daily cost instead",
                                (int)PROJECT_DAYS_LEAST, work->forecaster.days);
        Day start = first_period(work, plan);
        size_t said = 0;
        double widest = 0; /* part of the forecast: what lies further ahead is never known better */
        for (size_t month = 0; month < MONTHS && start < plan->time.end; month++) {
            const Day end = period_end(plan, start);
            Outlook outlook = outlook_of(&work->forecaster, group, start, end);
            add_proportion(work, group, month, &outlook);
            widen(&outlook, &widest);
            add_row(work, rows, start, group, &outlook);
            work->total += total_of(&outlook);
            work->periods++;
            if (!work->measured) work->trials = outlook.trials;
            work->measured = true;
            if (outlook.days_ahead && ++said <= SAID) say_period(work, start, end, &outlook);
            if (outlook.days_ahead && said == 1 && !work->by) *parts = make_parts(work, &outlook);
            start = end;
        }
    }
    return true;
}

/* "based on the last 30 days": what was before is not learned from; a forecast needs two weeks. */
static size_t days_skipped(const Work *work) {
    const DayFrame *frame = &work->forecaster.frame;
    const Day start = work->plan->learned.start;
    if (start == DAY_NONE || start <= frame->first || frame->count <= PROJECT_DAYS_LEAST) return 0;
    const size_t most = frame->count - PROJECT_DAYS_LEAST, wanted = (size_t)(start - frame->first);
    return wanted < most ? wanted : most;
}

static bool project(Arena *arena, const Desk *desk, const Plan *plan, Answer *out, Err *err) {
    Work *work = arena_alloc(arena, sizeof *work);
    *work = (Work){.desk = desk, .plan = plan, .said = {.arena = arena}};
    work->forecaster = (Forecaster){.arena = arena, .catalog = desk->catalog, .last = days_last_complete(desk->catalog)};
    work->by = plan->group_count ? catalog_column(desk->catalog, plan->group_by[0]) : NULL;
    const AnswerSection *parts = NULL;
    if (!read_series(work, true, err)) return false;
    if (work->forecaster.frame.truncated && !read_series(work, false, err)) return false;
    work->forecaster.skipped = days_skipped(work);
    make_groups(work);
    Rows rows = make_rows(work);
    if (!work->group_count)
        return err_set_code(err, ERR_REFUSED, "NO_SUCH_DATA",
                            "There is no cost to learn a forecast from; ask for something else");
    if (!make_periods(work, &rows, &parts, err)) return false;
    Plan *told = plan_copy(arena, plan);
    told->grain = GRAIN_MONTH;
    told->time.partial = true;
    if (told->learned.start != DAY_NONE)
        told->learned =
            (PlanTime){.start = work->forecaster.frame.first + (Day)work->forecaster.skipped, .end = work->forecaster.last + 1};
    say_method(work, told);
    const Compiled compiled = {.sql = work->forecaster.frame.sql,
                               .dialect = "duckdb",
                               .column_count = rows.table->column_count,
                               .columns = rows.columns};
    say_total(work, answer_scope(arena, desk->catalog, plan));
    const char *summary = buffer_text(&work->said);
    answer_compose(arena, desk->catalog, told, &compiled, rows.table, work->facts, work->fact_count, summary, out);
    out->sections = parts;
    out->section_count = parts ? 1 : 0;
    return true;
}

bool forecast_make(Arena *arena, const Desk *desk, const Plan *plan, Answer *out, Err *err) {
    if (!desk_cost_column(desk->catalog, plan) || !desk->catalog->time_column)
        return err_set_code(err, ERR_REFUSED, "UNSUPPORTED_SHAPE",
                            "A forecast can be made of one cost in one currency; name a cost, such as billed cost");
    return plan->agg == AGG_AVERAGE ? runrate_make(arena, desk, plan, out, err) : project(arena, desk, plan, out, err);
}
