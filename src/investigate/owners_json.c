/* The report for programs: DESIGN's contract of `owners --json`. */
#include <math.h>
#include <string.h>

#include "investigate/owners_clues.h"
#include "investigate/owners_show.h"

enum { PLACES = 4, COST_PLACES = 10 };

static void put_probability(Json *object, const char *key, double probability) {
    if (probability < 0 || isnan(probability))
        json_put_null(object, key);
    else
        json_put_double(object, key, probability, PLACES);
}

const char *owners_monthly(Arena *arena, const OwnersReport *report, Decimal cost) {
    Decimal days = {0}, monthly = {0};
    if (!decimal_parse(arena_printf(arena, "%.6f", report->bill.months), &days)) return "0";
    return decimal_divide(cost, days, COST_PLACES, &monthly) ? decimal_text(arena, monthly) : "0";
}

static void put_guess(Arena *arena, const OwnersReport *report, const OwnerGuess *guess, Json *out) {
    const OwnersBill *bill = &report->bill;
    json_put_text(out, "resource_id", guess->resource->id);
    json_put_text(out, "owner", guess->owner == OWNER_NONE ? NULL : bill->owners[guess->owner].name);
    put_probability(out, "probability", guess->owner == OWNER_NONE ? -1 : guess->probability);
    Json *evidence = json_put_array(out, "evidence");
    for (size_t i = 0; i < guess->evidence_count; i++) json_add_text(evidence, guess->evidence[i]);
    json_put_number(out, "monthly_cost", owners_monthly(arena, report, guess->resource->cost));
    json_put_number(out, "cost", decimal_text(arena, guess->resource->cost));
    json_put_text(out, "account", guess->resource->account);
    json_put_text(out, "region", guess->resource->region);
    json_put_text(out, "kind", guess->resource->kind);
    if (guess->owner == OWNER_NONE && guess->best != OWNER_NONE) {
        Json *best = json_put_object(out, "likeliest");
        json_put_text(best, "owner", bill->owners[guess->best].name);
        put_probability(best, "probability", guess->best_probability);
    }
    if (guess->runner_up == OWNER_NONE) {
        json_put_null(out, "runner_up");
        return;
    }
    Json *next = json_put_object(out, "runner_up");
    json_put_text(next, "owner", bill->owners[guess->runner_up].name);
    put_probability(next, "probability", guess->runner_up_probability);
}

static void put_exam(const OwnersExam *exam, Json *out) {
    json_put_bool(out, "supported", exam->supported);
    json_put_text(out, "why_not", exam->why_not);
    json_put_integer(out, "hidden_resources", (long long)exam->trials);
    json_put_integer(out, "launch_groups", (long long)exam->groups);
    json_put_double(out, "effective_resources", exam->effective_trials, 1);
    json_put_double(out, "hidden_whole", exam->whole_share, PLACES);
    if (!exam->supported) return;
    put_probability(out, "precision_at_90", exam->precision_at_90);
    put_probability(out, "precision_at_90_low", exam->precision_low_at_90);
    put_probability(out, "coverage_at_90", exam->coverage_at_90);
    put_probability(out, "accuracy", exam->accuracy);
    put_probability(out, "brier", exam->brier);
    put_probability(out, "ece", exam->ece);
    Json *baselines = json_put_object(out, "baselines");
    Json *account = json_put_object(baselines, "account_majority"), *hour = json_put_object(baselines, "same_hour_vote");
    put_probability(account, "accuracy", exam->account_accuracy);
    put_probability(account, "brier", exam->account_brier);
    put_probability(account, "precision_at_90", exam->account_precision_at_90);
    put_probability(hour, "accuracy", exam->hour_accuracy);
    put_probability(hour, "brier", exam->hour_brier);
    put_probability(hour, "precision_at_90", exam->hour_precision_at_90);
    Json *bins = json_put_array(out, "reliability");
    for (size_t i = 0; i < exam->bin_count; i++) {
        const ReliabilityBin *bin = &exam->bins[i];
        if (!bin->count) continue;
        Json *object = json_add_object(bins);
        json_put_double(object, "from", bin->from, 1);
        json_put_double(object, "to", bin->to, 1);
        json_put_integer(object, "resources", (long long)bin->count);
        json_put_double(object, "said", bin->said, PLACES);
        json_put_double(object, "right", bin->right, PLACES);
    }
}

static void put_money(Arena *arena, const OwnersReport *report, Json *object, const char *key, Decimal cost) {
    json_put_number(object, key, decimal_text(arena, cost));
    json_put_number(object, arena_printf(arena, "monthly_%s", key), owners_monthly(arena, report, cost));
}

static void put_share(Arena *arena, const OwnersReport *report, const OwnerShare *share, Json *out) {
    json_put_text(out, "owner", share->name);
    json_put_integer(out, "tagged_resources", (long long)share->tagged_count);
    json_put_integer(out, "named_resources", (long long)share->named_count);
    put_money(arena, report, out, "tagged_cost", share->tagged);
    put_money(arena, report, out, "named_cost", share->named);
    put_money(arena, report, out, "cost", share->cost);
}

/* What the bill comes to, and how much of it is tagged before and after. */
static void put_basis(Arena *arena, const OwnersReport *report, Json *out) {
    const OwnersBill *bill = &report->bill;
    json_put_integer(out, "resources", (long long)bill->resource_count);
    json_put_integer(out, "tagged_resources", (long long)bill->tagged_count);
    json_put_integer(out, "untagged_resources", (long long)report->guess_count);
    json_put_integer(out, "owners", (long long)bill->owner_count);
    json_put_integer(out, "retagged_resources", (long long)bill->retagged_count);
    json_put_double(out, "months", bill->months, PLACES);
    json_put_text(out, "granularity", bill->hourly ? "hourly" : "daily");
    json_put_double(out, "confidence", report->confidence, 2);
    put_money(arena, report, out, "cost", bill->cost);
    put_money(arena, report, out, "tagged_cost", bill->tagged_cost);
    put_money(arena, report, out, "recovered_cost", report->recovered);
    put_money(arena, report, out, "named_cost", report->named);
    put_money(arena, report, out, "unknown_cost", report->unknown.cost);
    json_put_double(out, "tag_coverage_before", owners_share(bill->tagged_cost, bill->cost), PLACES);
    json_put_double(out, "tag_coverage_after", owners_coverage_after(report), PLACES);
    json_put_text(out, "similar_values", bill->near_spellings);
    json_put_text(out, "sql", bill->sql);
}

double owners_share(Decimal part, Decimal whole) {
    const double all = decimal_double(whole);
    return all > 0 ? decimal_double(part) / all : 0;
}

double owners_coverage_after(const OwnersReport *report) {
    return 1 - owners_share(report->unknown.cost, report->bill.cost);
}

Json *owners_json(Arena *arena, const OwnersReport *report, bool commands) {
    Json *root = json_make_object(arena);
    json_put_text(root, "tag", report->bill.tag);
    put_basis(arena, report, json_put_object(root, "basis"));
    Json *resources = json_put_array(root, "resources");
    for (size_t i = 0; i < report->guess_count; i++) put_guess(arena, report, &report->guesses[i], json_add_object(resources));
    Json *exam = json_put_object(root, "self_exam");
    put_exam(&report->exam, exam);
    Json *weights = json_put_object(exam, "weights");
    for (size_t f = 0; f < FACTOR_COUNT; f++) json_put_double(weights, owners_factor_name((Factor)f), report->weights[f], 3);
    Json *rollup = json_put_array(root, "rollup");
    for (size_t i = 0; i < report->share_count; i++) put_share(arena, report, &report->shares[i], json_add_object(rollup));
    put_share(arena, report, &report->unknown, json_add_object(rollup));
    Json *orphans = json_put_array(root, "orphans");
    for (size_t i = 0; i < report->orphan_count; i++) {
        Json *orphan = json_add_object(orphans);
        json_put_text(orphan, "resource_id", report->orphans[i]->resource->id);
        json_put_number(orphan, "monthly_cost", owners_monthly(arena, report, report->orphans[i]->resource->cost));
    }
    if (!commands) return root;
    const char **runnable = NULL;
    size_t count = 0;
    owners_commands(arena, report, &runnable, &count);
    Json *array = json_put_array(root, "commands");
    for (size_t i = 0; i < count; i++) json_add_text(array, runnable[i]);
    return root;
}
