/* Rollups are only an optimisation: random plans give the same rows from every rollup and from the lines. And all that the
 * compiler writes passes the guard. */
#include "question_bill.h"

#include <stdio.h>

#include "guard/guard.h"

enum { PLANS = 300, ROWS = 3000 };

/* A generator of plans: xorshift, so that every run asks the same. */
typedef struct {
    unsigned long long state;
    Arena *arena;
    Plan *plan;
} Dice;

static unsigned roll(Dice *dice, unsigned sides) {
    dice->state ^= dice->state << 13;
    dice->state ^= dice->state >> 7;
    dice->state ^= dice->state << 17;
    return (unsigned)(dice->state >> 33) % sides;
}

static const char *pick(Dice *dice, const char *const *texts, size_t count) {
    return texts[roll(dice, (unsigned)count)];
}

static const char *const dimensions[] = {"ServiceName",     "RegionId",     "SubAccountId", "tag_team",   "ChargeCategory",
                                         "BillingCurrency", "ConsumedUnit", "x_UsageType",  "ResourceId", "tag_env"};
static const char *const measures[] = {"BilledCost", "EffectiveCost", "ListCost", "ConsumedQuantity",
                                       "line_items", "services",      "discount", "list_savings"};

static void add_filter(Dice *dice) {
    static const char *const services[] = {"Amazon EC2", "Amazon S3", ""}, *const teams[] = {"web", "Web", ""};
    static const char *const words[] = {"NatGateway", "bytes"};
    switch (roll(dice, 8)) {
    case 0: plan_add_filter(dice->arena, dice->plan, "ServiceName", FILTER_IN, services, 1 + roll(dice, 3)); break;
    case 1: plan_add_filter(dice->arena, dice->plan, "ServiceName", FILTER_NOT_IN, services, 1 + roll(dice, 3)); break;
    case 2: plan_add_filter(dice->arena, dice->plan, "tag_team", FILTER_NOT_IN, teams, 1 + roll(dice, 3)); break;
    case 3: plan_add_filter(dice->arena, dice->plan, "tag_team", FILTER_EMPTY, NULL, 0); break;
    case 4: plan_add_filter(dice->arena, dice->plan, "RegionId", FILTER_NOT_EMPTY, NULL, 0); break;
    case 5: plan_add_filter(dice->arena, dice->plan, "x_UsageType", FILTER_CONTAINS, words, 1 + roll(dice, 2)); break;
    case 6: plan_add_filter(dice->arena, dice->plan, "x_UsageType", FILTER_NOT_CONTAINS, words, 1); break;
    default:
        plan_add_concept(dice->arena, dice->plan, roll(dice, 2) ? "nat-gateway" : "transfer-or-europe", roll(dice, 2));
        return;
    }
    dice->plan->filters[dice->plan->filter_count - 1].part = dice->plan->intent == INTENT_SHARE && roll(dice, 2);
}

static void set_times(Dice *dice) {
    static const char *const days[] = {"2026-06-30", "2026-07-01", "2026-07-15", "2026-08-01", "2026-09-01", "2026-10-01"};
    Plan *plan = dice->plan;
    plan->compare.a = period_of("2026-09-01", "2026-10-01");
    plan->compare.b = period_of("2026-08-01", "2026-09-01");
    if (roll(dice, 3) == 0) plan->compare.b.start = DAY_NONE;
    if (roll(dice, 2)) plan->time = period_of(days[roll(dice, 3)], days[3 + roll(dice, 3)]);
    plan->time.by_billing_period = roll(dice, 5) == 0;
    plan->calendar = (Calendar)(roll(dice, 4) ? 0 : roll(dice, 4));
    plan->days_of_week = 1 + roll(dice, 127);
}

static void set_rank(Dice *dice) {
    Plan *plan = dice->plan;
    static const char *const amounts[] = {"0", "100", "2500.5", "-10"};
    if (roll(dice, 3) == 0) {
        plan->rank.present = true;
        plan->rank.on = roll(dice, 3) ? ON_VALUE : (RankOn)roll(dice, 4);
        plan->rank.n = roll(dice, 4);
        plan->rank.ascending = roll(dice, 2);
        plan->rank.positive_only = roll(dice, 3) == 0;
        if (plan->group_count && roll(dice, 3) == 0) plan->rank.each = plan->group_by[0];
    }
    if (roll(dice, 4) == 0) {
        PlanHaving having = {.on = roll(dice, 3) ? ON_VALUE : (RankOn)roll(dice, 4), .op = (HavingOp)roll(dice, 6)};
        having.value = pick(dice, amounts, 2);
        having.value2 = amounts[2];
        plan_add_having(dice->arena, plan, having);
    }
    plan->charged_only = roll(dice, 5) == 0;
}

static void make_plan(Dice *dice, const Catalog *catalog) {
    Plan *plan = dice->plan = plan_make(dice->arena, catalog);
    plan->intent = (Intent)roll(dice, INTENT_META);
    plan->measures[0] = pick(dice, measures, roll(dice, 2) ? 2 : sizeof measures / sizeof *measures);
    if (roll(dice, 4) == 0) plan_add_measure(dice->arena, plan, measures[roll(dice, 3)]);
    if (roll(dice, 10) == 0) plan->per = roll(dice, 2) ? "ConsumedQuantity" : "line_items";
    for (unsigned i = roll(dice, 3); i > 0; i--) plan_add_group(dice->arena, plan, dimensions[roll(dice, 10)]);
    for (unsigned i = roll(dice, 3); i > 0; i--) add_filter(dice);
    set_times(dice);
    if (plan->intent == INTENT_SERIES || roll(dice, 4) == 0) plan->grain = (Grain)(2 + roll(dice, 6));
    plan->agg = (Agg)(plan->intent == INTENT_STAT ? 1 + roll(dice, 5) : roll(dice, 2) ? 0 : AGG_FIRST + roll(dice, 2));
    if (roll(dice, 2)) plan->agg_grain = (Grain)(2 + roll(dice, 6));
    if (roll(dice, 4) == 0) plan->agg_dimension = dimensions[roll(dice, 8)];
    plan->subject = roll(dice, 5) ? dimensions[roll(dice, 10)] : NULL;
    plan->compare.kind = plan->intent == INTENT_COMPARE || plan->intent == INTENT_DRIVERS || plan->intent == INTENT_NEW_GONE
                             ? (CompareKind)(plan->intent == INTENT_COMPARE ? 1 + roll(dice, 3) : COMPARE_PERIODS)
                             : COMPARE_NONE;
    if (plan->compare.kind == COMPARE_VALUES && roll(dice, 2)) plan->compare.dimension = "ServiceName";
    set_rank(dice);
}

static Guard *guard;

/* Runs what the guard made of the text, as the program does. */
static const char *rows_text(const Bill *bill, Arena *arena, const char *compiled) {
    Table *table = NULL;
    Err err = {0};
    const Cleared *cleared = NULL;
    if (!guard_clear(arena, guard, compiled, strlen(compiled), GUARD_COMPILED, &cleared, &err))
        fail_msg("%s\n%s", err.message, compiled);
    const char *sql = cleared_sql(cleared);
    if (!duck_rows(arena, bill->session, sql, &table, &err)) fail_msg("%s\n%s", err.message, sql);
    Buffer out = {.arena = arena};
    for (size_t row = 0; row < table->row_count; row++)
        for (size_t column = 0; column < table->column_count; column++) {
            const char *cell = table_cell(table, row, column);
            Decimal number;
            /* Sums of sums have more digits in their type, not in their value. */
            if (cell && table->columns[column].type == CELL_DECIMAL && decimal_parse(cell, &number))
                cell = decimal_text(arena, number);
            buffer_printf(&out, "%s%s", cell ? cell : "-", column + 1 < table->column_count ? "|" : "\n");
        }
    return buffer_text(&out);
}

typedef struct {
    int days, months; /* plans that were answered by each rollup */
} Uses;

static void compile_plan(const Catalog *catalog, Arena *arena, const Plan *plan, bool rollups, Compiled *out) {
    Err err = {0};
    if (!plan_compile(arena, catalog, plan, "duckdb", rollups, out, &err))
        fail_msg("%s\n%s", err.message, json_write(arena, plan_json(arena, plan), false));
}

/* The same plan by the rollup that is chosen, by days, and by lines. */
static void compare_plan(const Bill *bill, Arena *arena, const Plan *plan, Uses *uses) {
    Catalog with_months = *bill->catalog;
    with_months.month_rollup = "bill_month";
    Compiled chosen = {0}, on_days = {0}, on_lines = {0};
    compile_plan(&with_months, arena, plan, true, &chosen);
    compile_plan(bill->catalog, arena, plan, true, &on_days);
    compile_plan(bill->catalog, arena, plan, false, &on_lines);
    assert_string_equal(on_lines.relation, "bill");
    const char *lines = rows_text(bill, arena, on_lines.sql);
    const Compiled *others[] = {&chosen, &on_days};
    for (size_t i = 0; i < 2; i++) {
        const char *rows = text_equal(others[i]->sql, on_lines.sql) ? lines : rows_text(bill, arena, others[i]->sql);
        if (!text_equal(rows, lines))
            fail_msg("%s\n%s\n--- rollup\n%.2000s\n--- lines\n%.2000s", json_write(arena, plan_json(arena, plan), false),
                     others[i]->sql, rows, lines);
    }
    uses->days += text_equal(on_days.relation, "bill_day");
    uses->months += text_equal(chosen.relation, "bill_month");
}

static void check_plans(const Bill *bill, unsigned long long seed) {
    Uses uses = {0, 0};
    int asked = 0, by_intent[INTENT_META] = {0};
    Dice dice = {.state = seed};
    for (int i = 0; i < PLANS; i++) {
        dice.arena = arena_make();
        make_plan(&dice, bill->catalog);
        Err err = {0};
        if (plan_check(dice.arena, bill->catalog, dice.plan, &err)) {
            assert_true(*plan_paraphrase(dice.arena, bill->catalog, dice.plan));
            compare_plan(bill, dice.arena, dice.plan, &uses);
            by_intent[dice.plan->intent]++;
            asked++;
        } else {
            assert_int_equal(err.kind, ERR_REFUSED);
            assert_true(*err.code && *err.message);
        }
        arena_free(dice.arena);
    }
    for (int i = 0; i < INTENT_META; i++)
        if (!by_intent[i]) fail_msg("no plan of intent %d was asked", i);
    assert_in_range(uses.days, PLANS / 5, asked);
    assert_in_range(uses.months, PLANS / 10, uses.days);
}

static void rollup_and_lines_agree(void **state) {
    (void)state;
    Arena *arena = arena_make();
    const Bill bill = bill_of_many(arena, ROWS, "['USD', 'USD']");
    bill_run(&bill, bill_month_rollup);
    check_plans(&bill, 0x9E3779B97F4A7C15ULL);
    arena_free(arena);
}

static void rollup_and_lines_agree_with_two_currencies(void **state) {
    (void)state;
    Arena *arena = arena_make();
    const Bill bill = bill_of_many(arena, ROWS, "['USD', 'EUR']");
    bill_run(&bill, bill_month_rollup);
    check_plans(&bill, 0xD1B54A32D192ED03ULL);
    arena_free(arena);
}

static int open_guard(void **state) {
    static const char *const tables[] = {"bill", "bill_day", "bill_month"};
    Err err = {0};
    *state = arena_make();
    if (guard_open(*state, tables, 3, &guard, &err)) return 0;
    fprintf(stderr, "%s\n", err.message);
    return -1;
}

static int close_guard(void **state) {
    arena_free(*state);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rollup_and_lines_agree),
        cmocka_unit_test(rollup_and_lines_agree_with_two_currencies),
    };
    return cmocka_run_group_tests(tests, open_guard, close_guard);
}
