#include "investigate/tell.h"

#include <stdlib.h>

#include "base/sql.h"
#include "base/text.h"

enum {
    EVENTS_TOLD = 50, /* more unusual days than anybody looks into */
    BLAMED = 12,      /* events whose driver is looked up: each takes a query on the lines */
    LEVELS_TOLD = 20,
    CHARGES_TOLD = 10,
    SAID = 3, /* events that the summary names */
    FACTS = 40
};

typedef struct {
    Search *search;
    const char *currency;
    const Table *accounts; /* id and name of each account; NULL */
    Fact facts[FACTS];
    size_t fact_count;
    Buffer said;
    AnswerSection sections[2];
    size_t section_count;
} Telling;

static void add_fact(Telling *telling, Fact fact) {
    if (telling->fact_count < FACTS) telling->facts[telling->fact_count++] = fact;
}

static const char *day_text(const Search *search, size_t day) {
    return date_text(search->arena, search->frame.first + (Day)day);
}

/* Statistics are told in cents. */
static char *cents(Arena *arena, double value) {
    return arena_printf(arena, "%.2f", value);
}

static const char *account_name(const Telling *telling, const char *id) {
    for (size_t row = 0; telling->accounts && row < telling->accounts->row_count; row++)
        if (text_equal(table_cell(telling->accounts, row, 0), id)) return table_cell(telling->accounts, row, 1);
    return NULL;
}

/* "Amazon CloudWatch, USE1-DataProcessing-Bytes, account 482910375526 (lumenpay-prod)", "everything". */
static const char *scope_name(const Telling *telling, const Event *event) {
    const Search *search = telling->search;
    Buffer out = {.arena = search->arena};
    for (size_t slot = 0; slot < search->dimension_count; slot++) {
        if (!(event->mask >> slot & 1)) continue;
        const CatalogColumn *column = search->dimensions[slot];
        const bool account = text_equal(column->name, "SubAccountId");
        const char *name = account ? account_name(telling, event->keys[slot]) : NULL;
        const char *value =
            text_is_empty(event->keys[slot]) ? arena_printf(search->arena, "no %s", column->label) : event->keys[slot];
        buffer_printf(&out, "%s%s%s", out.size ? ", " : "", account ? "account " : "", value);
        if (name) buffer_printf(&out, " (%s)", name);
    }
    return out.size ? buffer_text(&out) : "everything";
}

static bool read_accounts(Telling *telling, Err *err) {
    const Search *search = telling->search;
    const Catalog *catalog = search->desk->catalog;
    Table *table = NULL;
    if (!catalog_column(catalog, "SubAccountId") || !catalog_column(catalog, "SubAccountName")) return true;
    const char *sql = sql_format(search->arena, "SELECT %I, max(%I) FROM %I GROUP BY 1", "SubAccountId", "SubAccountName",
                                 catalog->rollup ? catalog->rollup : catalog->dataset);
    if (!desk_run(search->arena, search->desk, sql, 0, &table, err)) return false;
    telling->accounts = table;
    return true;
}

/* --- rows --- */

enum { FIXED = 9, COLUMNS = FIXED + DAYS_KEYS };
static const CompiledColumn fixed_columns[FIXED] = {
    {.name = "scope", .label = "what", .role = ROLE_KEY},
    {.name = "start", .label = "from", .role = ROLE_OTHER},
    {.name = "end", .label = "to", .role = ROLE_OTHER},
    {.name = "excess", .label = "above usual", .role = ROLE_DELTA, .unit = "currency"},
    {.name = "actual", .label = "cost", .role = ROLE_MEASURE, .unit = "currency"},
    {.name = "usual", .label = "usual", .role = ROLE_BEFORE, .unit = "currency"},
    {.name = "excess_percent", .label = "above usual in percent", .role = ROLE_PERCENT, .unit = "percent"},
    {.name = "driver", .label = "driver", .role = ROLE_OTHER},
    {.name = "kind", .label = "kind", .role = ROLE_OTHER}};

static Rows make_rows(const Search *search) {
    static const CellType fixed_types[FIXED] = {CELL_TEXT,    CELL_DATE,    CELL_DATE, CELL_DECIMAL, CELL_DECIMAL,
                                                CELL_DECIMAL, CELL_DECIMAL, CELL_TEXT, CELL_TEXT};
    CompiledColumn *columns = arena_array(search->arena, COLUMNS, sizeof *columns);
    CellType types[COLUMNS];
    for (size_t i = 0; i < FIXED; i++) {
        columns[i] = fixed_columns[i];
        types[i] = fixed_types[i];
    }
    for (size_t slot = 0; slot < search->dimension_count; slot++) {
        const CatalogColumn *column = search->dimensions[slot];
        columns[FIXED + slot] = (CompiledColumn){.name = column->name, .label = column->label, .role = ROLE_COMPANION};
        types[FIXED + slot] = CELL_TEXT;
    }
    return desk_rows(search->arena, columns, types, FIXED + search->dimension_count);
}

static const char *kind_of(const UnusualRun *run) {
    if (run->ongoing) return run->excess > 0 ? "spike, still going on" : "drop, still going on";
    return run->excess > 0 ? "spike" : "drop";
}

/* One event as a row; what is above usual is the exact cost less the usual in cents. */
static void add_event(const Telling *telling, Rows *rows, const Event *event, const char *driver, Decimal *excess) {
    const Search *search = telling->search;
    Arena *arena = search->arena;
    const char *usual = cents(arena, event->run.usual);
    Decimal expected = {0}, ratio = {0};
    (void)decimal_parse(usual, &expected);
    (void)decimal_subtract(event->actual, expected, excess);
    const bool divided = !decimal_is_zero(expected) && decimal_divide(*excess, expected, 12, &ratio);
    const char *cells[COLUMNS] = {scope_name(telling, event),
                                  day_text(search, event->run.first),
                                  day_text(search, event->run.last),
                                  decimal_text(arena, *excess),
                                  decimal_text(arena, event->actual),
                                  usual,
                                  divided ? decimal_text(arena, decimal_shift(ratio, 2)) : NULL,
                                  driver,
                                  kind_of(&event->run)};
    for (size_t slot = 0; slot < search->dimension_count; slot++)
        cells[FIXED + slot] = event->mask >> slot & 1 ? event->keys[slot] : NULL;
    desk_row(rows, cells);
}

/* " **X** cost $2,822.35 where $50.10 is usual (2026-08-19 to 2026-08-21), driven by **Y**." */
static void say_event(Telling *telling, const Event *event, long row) {
    const Search *search = telling->search;
    Arena *arena = search->arena;
    const char *subject = scope_name(telling, event), *usual = cents(arena, event->run.usual);
    const char *actual = decimal_text(arena, event->actual);
    const Day first = search->frame.first + (Day)event->run.first, last = search->frame.first + (Day)event->run.last;
    const char *days = answer_period_text(arena, first, last + 1);
    buffer_printf(&telling->said, " %s cost %s where %s is usual (%s).", answer_name(arena, subject),
                  answer_display(arena, actual, telling->currency), answer_display(arena, usual, telling->currency), days);
    add_fact(
        telling,
        (Fact){
            .kind = "value", .subject = subject, .value = actual, .unit = telling->currency, .row = row, .column = "actual"});
    add_fact(
        telling,
        (Fact){.kind = "value", .subject = subject, .value = usual, .unit = telling->currency, .row = row, .column = "usual"});
    add_fact(telling, (Fact){.kind = "date",
                             .subject = subject,
                             .value = date_text(arena, first),
                             .unit = "date",
                             .display = days,
                             .row = -1,
                             .column = "start"});
}

static bool add_events(Telling *telling, Rows *rows, Err *err) {
    Search *search = telling->search;
    const Plan *plan = search->plan;
    const long long wanted = plan->rank.present && plan->rank.n > 0 ? plan->rank.n : plan->limit;
    const size_t most = wanted > 0 && wanted < EVENTS_TOLD ? (size_t)wanted : EVENTS_TOLD;
    for (size_t i = 0; i < search->events.count && rows->table->row_count < most; i++) {
        const Event *event = &search->events.items[i];
        const char *driver = NULL;
        Decimal excess = {0};
        if (event->run.lasting) continue;
        const long row = (long)rows->table->row_count;
        if (row < BLAMED && !blame_event(search, event, &driver, err)) return false;
        add_event(telling, rows, event, driver, &excess);
        if (row < SAID) say_event(telling, event, row);
    }
    return true;
}

/* --- what stayed --- */

static const CompiledColumn level_columns[] = {
    {.name = "scope", .label = "what", .role = ROLE_KEY},
    {.name = "since", .label = "since", .role = ROLE_OTHER},
    {.name = "change", .label = "change per day", .role = ROLE_DELTA, .unit = "currency"},
    {.name = "after", .label = "cost per day", .role = ROLE_MEASURE, .unit = "currency"},
    {.name = "before", .label = "usual before", .role = ROLE_BEFORE, .unit = "currency"}};

static void add_levels(Telling *telling) {
    static const CellType types[] = {CELL_TEXT, CELL_DATE, CELL_DECIMAL, CELL_DECIMAL, CELL_DECIMAL};
    const Search *search = telling->search;
    Arena *arena = search->arena;
    Rows rows = desk_rows(arena, level_columns, types, 5);
    for (size_t i = 0; i < search->events.count && rows.table->row_count < LEVELS_TOLD; i++) {
        const Event *event = &search->events.items[i];
        const double days = (double)(event->run.last - event->run.first + 1);
        if (!event->run.lasting) continue;
        const char *cells[] = {
            scope_name(telling, event), day_text(search, event->run.first), cents(arena, event->run.excess / days),
            cents(arena, (event->run.excess + event->run.usual) / days), cents(arena, event->run.usual / days)};
        desk_row(&rows, cells);
    }
    if (!rows.table->row_count) return;
    telling->sections[telling->section_count++] = (AnswerSection){.name = "levels",
                                                                  .title = "Costs that moved to a new level and stayed there",
                                                                  .table = rows.table,
                                                                  .columns = level_columns};
}

/* --- what is not judged --- */

static const CompiledColumn charge_columns[] = {{.name = "day", .label = "day", .role = ROLE_OTHER},
                                                {.name = "ServiceName", .label = "service", .role = ROLE_KEY},
                                                {.name = "ChargeCategory", .label = "charge category", .role = ROLE_OTHER},
                                                {.name = "cost", .label = "cost", .role = ROLE_MEASURE, .unit = "currency"}};

static bool add_charges(Telling *telling, Err *err) {
    const Search *search = telling->search;
    Arena *arena = search->arena;
    const Catalog *catalog = search->desk->catalog;
    const char *columns[] = {"ServiceName", "ChargeCategory", "ChargeFrequency", desk_cost_column(catalog, search->plan)};
    const char *support = NULL;
    PlanScope scope = {0};
    Table *table = NULL;
    for (size_t i = 0; i < 3; i++)
        if (!catalog_column(catalog, columns[i])) return true;
    if (!desk_concept(arena, catalog, "support", &support, err)) return false;
    if (!plan_scope(arena, catalog, search->plan, columns, 4, &scope, err)) return false;
    const char *sql = sql_format(
        arena,
        "SELECT CAST(%I AS DATE) AS day, %I, %I, sum(%I) AS cost\nFROM %I\nWHERE %R AND (%R) AND %I <> 'Usage' AND %I = "
        "'One-Time' AND NOT coalesce(%R, FALSE)\nGROUP BY 1, 2, 3\nHAVING abs(sum(%I)) >= %N\nORDER BY abs(sum(%I)) DESC, 1, "
        "2, 3\nLIMIT %d",
        catalog->time_column->name, columns[0], columns[1], columns[3], scope.relation, scope.condition,
        desk_period(arena, catalog, &search->plan->time), columns[1], columns[2], support, columns[3],
        arena_printf(arena, "%.6f", search->least), columns[3], (long long)CHARGES_TOLD);
    if (!desk_run(arena, search->desk, sql, 0, &table, err)) return false;
    if (!table->row_count) return true;
    telling->sections[telling->section_count++] = (AnswerSection){.name = "charges",
                                                                  .title = "One-off charges and credits, which are not judged",
                                                                  .table = table,
                                                                  .columns = charge_columns};
    return true;
}

/* --- the whole --- */

static void say_method(Telling *telling, Plan *plan) {
    Arena *arena = telling->search->arena;
    const Search *search = telling->search;
    const Day last = search->frame.first + (Day)search->frame.count - 1;
    plan_assume(
        arena, plan, "method",
        arena_printf(arena,
                     "unusual: off by five times the usual spread, a quarter of what is usual, and %s a day, against the "
                     "same weekdays of the weeks before; judged are %zu complete days of usage, %s to %s",
                     answer_display(arena, cents(arena, search->least), telling->currency), search->days,
                     date_text(arena, search->frame.first), date_text(arena, last)));
}

static void say_count(Telling *telling, size_t count, const char *scope) {
    Arena *arena = telling->search->arena;
    Buffer out = {.arena = arena};
    const char *text = arena_printf(arena, "%zu", count);
    if (count)
        buffer_printf(&out, "%s unusual %s found in the daily cost of usage.", text,
                      count == 1 ? "stretch of days was" : "stretches of days were");
    else
        buffer_add(&out, "No day stands out from what is usual in the daily cost of usage.");
    add_fact(telling, (Fact){.kind = "count", .subject = scope, .value = text, .unit = "count", .row = -1, .column = "start"});
    buffer_add(&out, buffer_text(&telling->said));
    telling->said = out;
}

bool tell_anomalies(Search *search, Answer *out, Err *err) {
    Arena *arena = search->arena;
    const Catalog *catalog = search->desk->catalog;
    Telling *telling = arena_alloc(arena, sizeof *telling);
    *telling = (Telling){
        .search = search, .currency = catalog->currency_count ? catalog->currencies[0] : NULL, .said = {.arena = arena}};
    Rows rows = make_rows(search);
    if (!read_accounts(telling, err) || !add_events(telling, &rows, err)) return false;
    add_levels(telling);
    if (!add_charges(telling, err)) return false;
    Plan *plan = plan_copy(arena, search->plan);
    say_method(telling, plan);
    say_count(telling, rows.table->row_count, answer_scope(arena, catalog, plan));
    const Compiled compiled = {
        .sql = search->frame.sql, .dialect = "duckdb", .column_count = rows.table->column_count, .columns = rows.columns};
    answer_compose(arena, catalog, plan, &compiled, rows.table, telling->facts, telling->fact_count,
                   buffer_text(&telling->said), out);
    out->sections = telling->sections;
    out->section_count = telling->section_count;
    return true;
}
