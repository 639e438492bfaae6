#include "investigate/remark.h"

#include "base/sql.h"
#include "base/text.h"

static bool is_zero_total(const Answer *answer) {
    const Plan *plan = answer->plan;
    Decimal value = {0};
    if (answer->status != ANSWER_ANSWERED || !plan || plan->intent != INTENT_TOTAL || !answer->table) return false;
    if (plan->filter_count + plan->concept_count == 0 || answer->table->row_count != 1) return false;
    const char *cell = table_cell(answer->table, 0, 0);
    return !cell || (decimal_parse(cell, &value) && decimal_is_zero(value));
}

bool remark_on_nothing(Arena *arena, const Desk *desk, Answer *answer, Err *err) {
    PlanScope scope = {0};
    Table *table = NULL;
    if (!is_zero_total(answer)) return true;
    if (!plan_scope(arena, desk->catalog, answer->plan, NULL, 0, &scope, err)) return false;
    const char *period = desk_period(arena, desk->catalog, &answer->plan->time);
    const char *sql = sql_format(arena, "SELECT 1 FROM %I\nWHERE %R AND (%R)\nLIMIT 1", scope.relation,
                                 period ? period : "TRUE", scope.condition);
    if (!desk_run(arena, desk, sql, 1, &table, err)) return false;
    if (table->row_count == 0) answer_add(arena, answer, NULL, 0, "No line of the data matches this.");
    return true;
}
