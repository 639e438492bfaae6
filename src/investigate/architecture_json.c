#include "base/text.h"
#include "investigate/architecture.h"

enum { MONTHS_A_YEAR = 12 };

static const char *amount(Arena *arena, long long cents) {
    return arena_printf(arena, "%s%lld.%02lld", cents < 0 ? "-" : "", (cents < 0 ? -cents : cents) / 100,
                        (cents < 0 ? -cents : cents) % 100);
}

static void put_amount(Arena *arena, Json *object, const char *key, long long cents) {
    json_put_number(object, key, amount(arena, cents));
}

static void put_range(Arena *arena, Json *object, const char *key, long long low, long long best, long long high) {
    Json *range = json_put_object(object, key);
    put_amount(arena, range, "low", low);
    put_amount(arena, range, "best", best);
    put_amount(arena, range, "high", high);
}

static void put_texts(Json *object, const char *key, const RuleTexts *texts) {
    Json *array = json_put_array(object, key);
    for (size_t i = 0; i < texts->count; i++) json_add_text(array, texts->items[i]);
}

static void put_resources(Arena *arena, Json *object, const Finding *finding) {
    Json *array = json_put_array(object, "resources");
    for (size_t i = 0; i < finding->item_count; i++) {
        const FindingItem *item = finding->items[i];
        if (!item->resource) continue;
        Json *one = json_add_object(array);
        json_put_text(one, "resource", item->resource);
        if (!finding->account) json_put_text(one, "account", item->account);
        put_amount(arena, one, "monthly_cost", item->cost_cents);
        put_amount(arena, one, "monthly_saving", item->best_cents);
        if (item->freed_cents) put_amount(arena, one, "freed_under_commitment", item->freed_cents);
        if (item->counted_in) json_put_text(one, "counted_in", item->counted_in);
    }
}

static void put_finding(Arena *arena, Json *object, const Finding *finding) {
    const Rule *rule = finding->rule;
    const char class[2] = {finding->class, '\0'};
    json_put_text(object, "rule", rule->id);
    json_put_text(object, "class", class);
    json_put_number(object, "confidence", findings_confidence(finding->class));
    json_put_text(object, "family", rule->family);
    json_put_text(object, "action", rule_action_name(rule->action));
    json_put_text(object, "title", finding->title);
    json_put_text(object, "infers", rule->infers);
    json_put_text(object, "account", finding->account);
    json_put_text(object, "account_name", finding->account_name);
    json_put_text(object, "region", finding->region);
    put_resources(arena, object, finding);
    put_amount(arena, object, "monthly_cost", finding->cost_cents);
    put_range(arena, object, "monthly_saving", finding->low_cents, finding->best_cents, finding->high_cents);
    put_amount(arena, object, "annual_saving", finding->best_cents * MONTHS_A_YEAR);
    if (finding->freed_cents) put_amount(arena, object, "freed_under_commitment", finding->freed_cents);
    json_put_text(object, "price_source", finding->price_source ? finding->price_source : "own");
    json_put_text(object, "formula", finding->formula);
    put_texts(object, "evidence", &finding->evidence);
    put_texts(object, "false_positives", &rule->false_positives);
    put_texts(object, "verify", &finding->verify);
    put_texts(object, "remediate", &finding->remediate);
    json_put_text(object, "effort", rule->effort);
    json_put_text(object, "risk", rule->risk);
    json_put_text(object, "source", rule->source);
}

static void put_basis(Arena *arena, Json *root, const Architecture *architecture) {
    const Findings *findings = &architecture->findings;
    Json *basis = json_put_object(root, "basis"), *period = json_put_object(basis, "period");
    json_put_text(period, "start", date_text(arena, findings->period.start));
    json_put_text(period, "end", date_text(arena, findings->period.end));
    json_put_bool(period, "complete", findings->period.complete);
    json_put_text(basis, "currency", architecture->currency);
    json_put_text(basis, "cost", "amortized, net where the bill has net columns, before credits and tax");
    json_put_text(basis, "source", architecture->source);
    json_put_text(basis, "as_of", architecture->as_of);
    json_put_text(basis, "data_through", findings->period.data_end);
    json_put_integer(basis, "rules", (long long)findings->rule_count);
    json_put_integer(basis, "rules_judged", (long long)(findings->rule_count - findings->not_judged_count));
}

static void put_totals(Arena *arena, Json *root, const Findings *findings) {
    Json *totals = json_put_object(root, "totals");
    long long low = 0, best = 0, high = 0;
    for (int class = 0; class < 3; class ++) {
        const char name[2] = {(char)('A' + class), '\0'};
        put_range(arena, totals, name, findings->low_cents[class], findings->best_cents[class], findings->high_cents[class]);
        low += findings->low_cents[class];
        best += findings->best_cents[class];
        high += findings->high_cents[class];
    }
    put_range(arena, totals, "monthly_saving", low, best, high);
    put_amount(arena, totals, "annual_saving", best * MONTHS_A_YEAR);
}

static void put_statements(Json *root, const Findings *findings) {
    Json *array = json_put_array(root, "statements");
    for (size_t i = 0; i < findings->fact_count; i++) {
        const Finding *fact = &findings->facts[i];
        Json *one = json_add_object(array);
        json_put_text(one, "rule", fact->rule->id);
        json_put_text(one, "text", fact->title);
        json_put_text(one, "account", fact->account);
        json_put_text(one, "region", fact->region);
        put_texts(one, "evidence", &fact->evidence);
    }
}

Json *architecture_json(Arena *arena, const Architecture *architecture) {
    const Findings *findings = &architecture->findings;
    Json *root = json_make_object(arena);
    put_basis(arena, root, architecture);
    put_totals(arena, root, findings);
    Json *array = json_put_array(root, "findings");
    for (size_t i = 0; i < findings->count; i++) put_finding(arena, json_add_object(array), &findings->items[i]);
    array = json_put_array(root, "not_judged");
    for (size_t i = 0; i < findings->not_judged_count; i++) {
        Json *one = json_add_object(array);
        json_put_text(one, "rule", findings->not_judged[i].rule->id);
        put_texts(one, "needs", &findings->not_judged[i].needs);
    }
    graph_put_json(arena, &architecture->graph, root);
    put_statements(root, findings);
    return root;
}
