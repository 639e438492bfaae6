#include "investigate/investigate.h"

#include "investigate/anomalies.h"
#include "investigate/drivers.h"
#include "investigate/forecast.h"

bool investigate_wants(const Plan *plan) {
    return plan->intent == INTENT_DRIVERS || plan->intent == INTENT_ANOMALY || plan->intent == INTENT_FORECAST;
}

static bool explain(Arena *arena, const Desk *desk, const Plan *plan, Answer *out, Err *err) {
    Compiled compiled = {0};
    Table *table = NULL;
    if (!plan_compile(arena, desk->catalog, plan, "duckdb", true, &compiled, err)) return false;
    if (!desk_run(arena, desk, compiled.sql, 0, &table, err)) return false;
    if (!answer_make(arena, desk->catalog, plan, &compiled, table, out, err)) return false;
    return drivers_explain(arena, desk, plan, out, err);
}

bool investigate(Arena *arena, const Desk *desk, const Plan *plan, Answer *out, Err *err) {
    switch (plan->intent) {
    case INTENT_DRIVERS: return explain(arena, desk, plan, out, err);
    case INTENT_ANOMALY: return anomalies_find(arena, desk, plan, out, err);
    case INTENT_FORECAST: return forecast_make(arena, desk, plan, out, err);
    default: return err_set(err, ERR_INTERNAL, "This question needs no investigation");
    }
}
