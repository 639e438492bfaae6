#include "sample/commit.h"

#include <math.h>

#include "base/text.h"

/* What commitments cost beside the price on demand. */
#define PARTIAL_RECURRING 0.30
#define PARTIAL_UPFRONT 0.28
#define ALL_UPFRONT 0.55
#define PLAN_SLACK 1.015 /* committed over what is needed: what is unused stays below what is worth a remark */
#define YEAR_HOURS 8760
#define COMMITMENTS_MOST 64

static bool never_stops(const World *world, const Series *series) {
    return series->first == 0 && series->last == world->shape->hours && series->rhythm == RHYTHM_FLAT;
}

static const char *kind_of(const World *world, const Series *series) {
    return knowledge_field(world->meters, series->meter, "kind");
}

static double rounded(double value) {
    return round(value * 1e10) / 1e10;
}

static const char *draw_uuid(World *world, Dice *dice) {
    const char *text = dice_text(world->arena, dice, "0123456789abcdef", 32);
    return arena_printf(world->arena, "%.8s-%.4s-4%.3s-8%.3s-%.12s", text, text + 8, text + 13, text + 17, text + 20);
}

static Commitment *add(World *world) {
    if (!world->commitments) world->commitments = arena_array(world->arena, COMMITMENTS_MOST, sizeof *world->commitments);
    return world->commitment_count < COMMITMENTS_MOST ? &world->commitments[world->commitment_count++] : NULL;
}

/* --- The Savings Plan ---------------------------------------------------------------------------------------------------------------- */

static void cover_by_plan(World *world) {
    Dice dice = dice_make(world->shape->seed, "savings plan");
    const SampleAccount *buyer = organisation_account(world->organisation, "management");
    double rate = (double)dice_between(&dice, 64, 76) / 100, needed = 0;
    size_t number = world->commitment_count + 1;
    for (size_t i = 0; i < world->series_count; i++) {
        Series *series = &world->series[i];
        const Deployment *deployment = world->resources[series->resource].deployment;
        if (series->commitment || !never_stops(world, series) || !text_equal(kind_of(world, series), "ec2") || !series->size ||
            !text_equal(knowledge_field(world->meters, series->meter, "rate"), "{type}") ||
            !dice_chance(&dice, deployment->planned_percent))
            continue;
        series->commitment = number;
        needed += rounded(series->rate * rate);
    }
    if (needed == 0) return;
    Commitment *made = add(world);
    if (!made) return;
    *made = (Commitment){.name = "compute-savings-plan",
                         .is_plan = true,
                         .account_id = buyer->id,
                         .account_name = buyer->name,
                         .service = "ComputeSavingsPlans",
                         .usage_type = "ComputeSP:1yrNoUpfront",
                         .operation = "",
                         .size = "",
                         .family = "ComputeSavingsPlans",
                         .option = "No Upfront",
                         .count = 1,
                         .rate = rate};
    made->arn = arena_printf(world->arena, "arn:aws:savingsplans::%s:savingsplan/%s", buyer->id, draw_uuid(world, &dice));
    made->recurring = ceil(needed * PLAN_SLACK * 1000) / 1000;
    made->from = -24 * dice_between(&dice, 40, 200);
    made->until = made->from + YEAR_HOURS;
}

/* --- Reserved instances ------------------------------------------------------------------------------------------------------------ */

typedef struct {
    const char *part;    /* of the resource */
    const char *service; /* of the ARN */
    const char *arn;     /* between account and id */
    const char *option;
    long from;
} ReservedKind;

static Commitment *find_reserved(World *world, const Series *series, const ReservedKind *kind, size_t *number) {
    const Deployment *deployment = world->resources[series->resource].deployment;
    const char *operation = knowledge_field(world->meters, series->meter, "operation");
    for (size_t i = 0; i < world->commitment_count; i++) {
        Commitment *known = &world->commitments[i];
        *number = i + 1;
        if (!known->is_plan && text_equal(known->account_id, deployment->account->id) &&
            text_equal(known->region, deployment->region) && text_equal(known->size, series->size) &&
            text_equal(known->operation, operation) && text_equal(known->option, kind->option))
            return known;
    }
    return NULL;
}

static Commitment *make_reserved(World *world, const Series *series, const ReservedKind *kind, Dice *dice) {
    const Deployment *deployment = world->resources[series->resource].deployment;
    Commitment *made = add(world);
    if (!made) return NULL;
    bool all = text_equal(kind->option, "All Upfront");
    *made = (Commitment){.account_id = deployment->account->id,
                         .account_name = deployment->account->name,
                         .region = deployment->region,
                         .service = knowledge_field(world->meters, series->meter, "service"),
                         .operation = knowledge_field(world->meters, series->meter, "operation"),
                         .size = series->size,
                         .family = knowledge_field(world->meters, series->meter, "family"),
                         .option = kind->option};
    made->name = arena_printf(world->arena, "reserved-%s-%zu", series->size, world->commitment_count);
    made->usage_type = arena_printf(world->arena, "HeavyUsage:%s", series->size);
    made->arn = arena_printf(world->arena, "arn:aws:%s:%s:%s:%s%s", kind->service, deployment->region, deployment->account->id,
                             kind->arn, draw_uuid(world, dice));
    made->recurring = all ? 0 : rounded(series->rate * PARTIAL_RECURRING);
    made->upfront = rounded(series->rate * (all ? ALL_UPFRONT : PARTIAL_UPFRONT));
    made->from = kind->from > 0 ? kind->from : -24 * dice_between(dice, 30, 250);
    made->until = made->from + YEAR_HOURS;
    return made;
}

static void cover_by_reserved(World *world, const ReservedKind *kind, const char *driver, unsigned percent) {
    Dice dice = dice_make(world->shape->seed, arena_printf(world->arena, "reserved %s", kind->part));
    for (size_t i = 0; i < world->series_count; i++) {
        Series *series = &world->series[i];
        const Resource *resource = &world->resources[series->resource];
        bool machine = series->size && text_equal(knowledge_field(world->meters, series->meter, "rate"), "{type}");
        if (!machine || series->commitment || !text_equal(resource->part, kind->part) || resource->deployment->office) continue;
        if (driver ? !text_equal(series->driver, driver) || !text_starts(series->size, "m5.")
                   : resource->deployment->plant || !never_stops(world, series) || !dice_chance(&dice, percent))
            continue;
        size_t number = 0;
        Commitment *reserved = find_reserved(world, series, kind, &number);
        if (!reserved) {
            reserved = make_reserved(world, series, kind, &dice);
            number = world->commitment_count;
        }
        if (!reserved) return;
        reserved->count++;
        series->commitment = number;
        series->covered_from = kind->from;
    }
}

void commit_all(World *world) {
    long bought = shape_hour(world->shape, "08-12", 0) + 9;
    const ReservedKind stranded = {"instance", "ec2", "reserved-instances/", "Partial Upfront", 0},
                       databases = {"db", "rds", "ri:ri-", "Partial Upfront", 0},
                       caches = {"cache", "elasticache", "reserved-instance:ri-", "All Upfront", bought};
    cover_by_reserved(world, &stranded, "migration-to-graviton", 100);
    cover_by_reserved(world, &databases, NULL, 50);
    if (bought > 9) cover_by_reserved(world, &caches, NULL, 100);
    cover_by_plan(world);
}
