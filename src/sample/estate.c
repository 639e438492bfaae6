#include "sample/estate.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "sample/naming.h"

#define HOURS_OF_DAY 24
#define CLUSTER_FROM_ROWS 15000 /* smaller bills have no room for a cluster and what it needs */
#define FLEET_MOST 90 /* instances of one scaling group: one decision of one team, which should not outweigh all others */
#define FLEETS_FROM_ROWS 50000 /* in smaller bills a scaling group would be most of what there is */

typedef struct {
    World *world;
    const Knowledge *components;
    long bursts[ESTATE_BURSTS];
    size_t made;
    long long limit; /* of lines: what would be added after it is left away */
} Estate;

/* --- When things start and end --------------------------------------------------------------------------------------------------- */

/* An hour of a working day between 9 and 18 by the organisation's clock. */
static long working_hour(const World *world, Dice *dice) {
    const SampleShape *shape = world->shape;
    for (int attempt = 0; attempt < 64; attempt++) {
        long day = dice_between(dice, 1, shape->hours / HOURS_OF_DAY - 2);
        if (date_weekday(shape->first_day + day) >= 5) continue;
        long hour = day * HOURS_OF_DAY + dice_between(dice, 9, 18) - world->organisation->clock;
        if (hour > 0 && hour < shape->hours) return hour;
    }
    return shape->hours / 2;
}

static void draw_life(Estate *estate, Deployment *deployment, Dice *dice) {
    const World *world = estate->world;
    deployment->last = world->shape->hours;
    if (dice_chance(dice, 38)) return;
    deployment->first = dice_chance(dice, 22) ? estate->bursts[dice_below(dice, ESTATE_BURSTS)] : working_hour(world, dice);
    unsigned ends_percent = text_equal(deployment->stage, "production") ? 8 : 30;
    if (!dice_chance(dice, ends_percent)) return;
    long end = deployment->first + dice_between(dice, 3, 45) * HOURS_OF_DAY + dice_between(dice, -2, 4);
    if (end < world->shape->hours) deployment->last = end;
}

/* --- Who deploys ------------------------------------------------------------------------------------------------------------------ */

static const SampleTeam *draw_team(const Organisation *organisation, Dice *dice) {
    int total = 0;
    for (size_t i = 0; i < organisation->team_count; i++) total += organisation->teams[i].weight;
    int drawn = (int)dice_below(dice, (unsigned)total);
    for (size_t i = 0; i < organisation->team_count; i++) {
        drawn -= organisation->teams[i].weight;
        if (drawn < 0) return &organisation->teams[i];
    }
    abort();
}

static void draw_origin(const World *world, Deployment *deployment, Dice *dice) {
    const SampleTeam *team = deployment->team;
    if (dice_chance(dice, 30))
        deployment->stack = arena_printf(world->arena, "%s-%s-%s", deployment->project,
                                         organisation_stage(world->organisation, deployment->stage),
                                         dice_text(world->arena, dice, "0123456789ABCDEFGHJKMNPQRSTVWXYZ", 6));
    if (!world->organisation->names_creators || !deployment->first || !dice_chance(dice, 45)) return;
    deployment->creator = dice_chance(dice, 40)
                              ? arena_printf(world->arena, "IAMUser:AIDA%s:%s",
                                             dice_text(world->arena, dice, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 12),
                                             team->people[dice_below(dice, 2)])
                              : arena_printf(world->arena, "AssumedRole:AROA%s:deploy-pipeline", "XQ4ZK7M2N5PT");
}

static void draw_tagging(Deployment *deployment, Dice *dice) {
    unsigned drawn = dice_below(dice, 100);
    deployment->tagging = drawn < 12 ? TAGGED_NOT : drawn < 20 ? TAGGED_PARTLY : TAGGED_AS_USUAL;
}

static Deployment draw_deployment(Estate *estate, const SampleTeam *team, Dice *dice) {
    const World *world = estate->world;
    unsigned drawn = dice_below(dice, 100);
    Deployment made = {.team = team, .stage = drawn < 62 ? "production" : drawn < 80 ? "staging" : "development"};
    made.project = dice_pick(dice, team->projects, team->project_count);
    made.account = organisation_home(world->organisation, team, made.stage);
    made.region = dice_chance(dice, 82) ? world->organisation->home : world->organisation->second;
    made.office = !text_equal(made.stage, "production");
    made.planned_percent = text_equal(made.stage, "production") ? 45 : 0;
    draw_life(estate, &made, dice);
    draw_origin(world, &made, dice);
    draw_tagging(&made, dice);
    return made;
}

/* --- What is deployed ------------------------------------------------------------------------------------------------------------- */

static bool component_fits(const Knowledge *components, size_t row, const Deployment *deployment) {
    const char *work = knowledge_field(components, row, "work"), *stages = knowledge_field(components, row, "stages");
    bool production = text_equal(deployment->stage, "production");
    return (!*work || text_equal(work, deployment->team->work)) &&
           (text_equal(stages, "any") || production == text_equal(stages, "production"));
}

static size_t draw_component(const Knowledge *components, const Deployment *deployment, Dice *dice) {
    int total = 0;
    for (size_t row = 0; row < components->row_count; row++)
        if (component_fits(components, row, deployment)) total += atoi(knowledge_field(components, row, "weight"));
    int drawn = (int)dice_below(dice, (unsigned)total);
    for (size_t row = 0; row < components->row_count; row++) {
        if (!component_fits(components, row, deployment)) continue;
        drawn -= atoi(knowledge_field(components, row, "weight"));
        if (drawn < 0) return row;
    }
    abort();
}

/* Instances that a scaling group starts in the mornings of working days and stops in the evenings; each has an id of its own. */
static void add_fleet(Estate *estate, const Deployment *deployment, const char *size, const char *stem, Dice *dice) {
    World *world = estate->world;
    Deployment fleet = *deployment;
    fleet.group = arena_printf(world->arena, "%s-asg", stem);
    fleet.planned_percent = 0;
    const Deployment *made = world_deploy(world, &fleet);
    long morning = 8 - world->organisation->clock, left = dice_between(dice, 20, FLEET_MOST);
    for (long day = deployment->first / HOURS_OF_DAY; day < deployment->last / HOURS_OF_DAY && left > 0; day++) {
        if (date_weekday(world->shape->first_day + day) >= 5) continue;
        for (long i = dice_between(dice, 0, 2); i > 0 && left > 0 && world->lines < estate->limit; i--, left--) {
            Thing thing = {.kind = "ec2", .size = size, .scale = 0.5, .name = stem};
            thing.first = day * HOURS_OF_DAY + morning + dice_between(dice, 0, 3);
            thing.last = thing.first + dice_between(dice, 4, 11);
            if (thing.first < deployment->first || thing.first < 0) continue;
            if (thing.last > deployment->last) thing.last = deployment->last;
            world_add(world, made, &thing, dice);
        }
    }
}

/* "ec2:m7i.large,m7g.large*3" is an instance of one of the sizes, up to three times. */
static void add_kind(Estate *estate, const Deployment *deployment, NameKind name_kind, const char *label, const char *text,
                     Dice *dice) {
    World *world = estate->world;
    size_t count = 0;
    const char **halves = text_split(world->arena, text, '*', &count);
    long times = count > 1 ? dice_between(dice, 1, atoi(halves[1])) : 1;
    const char **words = text_split(world->arena, halves[0], ':', &count);
    const char *size = NULL;
    if (count > 1) {
        const char **sizes = text_split(world->arena, words[1], ',', &count);
        size = dice_pick(dice, sizes, count);
    }
    /* One of several names in a deployment goes its own way. */
    if (dice_chance(dice, 12)) name_kind = NAME_NEUTRAL;
    const char *stem = naming_make(world, deployment, name_kind, label, dice);
    bool fleet = text_equal(words[0], "fleet");
    if (fleet && world->shape->rows >= FLEETS_FROM_ROWS) {
        add_fleet(estate, deployment, size, stem, dice);
        return;
    }
    for (long i = 0; i < times && world->lines < estate->limit; i++) {
        Thing thing = {.kind = fleet ? "ec2" : words[0],
                       .size = size,
                       .scale = (double)dice_between(dice, 30, 170) / 100,
                       .first = deployment->first,
                       .last = deployment->last};
        thing.name = naming_claim(world, words[0], stem);
        world_add(world, deployment, &thing, dice);
    }
}

static void add_component(Estate *estate, Deployment *deployment, size_t row, Dice *dice) {
    size_t count = 0;
    const Deployment *made = world_deploy(estate->world, deployment);
    const char *label = knowledge_field(estate->components, row, "component");
    const char **kinds = text_split(estate->world->arena, knowledge_field(estate->components, row, "kinds"), ' ', &count);
    NameKind name_kind = naming_draw(dice);
    for (size_t i = 0; i < count; i++) add_kind(estate, made, name_kind, label, kinds[i], dice);
    estate->made++;
}

static Estate estate_make(World *world, long long limit) {
    Estate estate = {.world = world, .limit = limit, .components = knowledge_table(world->arena, "sample_components.tsv")};
    Dice dice = dice_make(world->shape->seed, "release days");
    for (size_t i = 0; i < ESTATE_BURSTS; i++) estate.bursts[i] = working_hour(world, &dice);
    return estate;
}

/* --- What every organisation has -------------------------------------------------------------------------------------------------- */

static Deployment shared_deployment(const World *world, const char *role, const char *project) {
    const Organisation *organisation = world->organisation;
    return (Deployment){.team = &organisation->teams[organisation->team_count - 1],
                        .project = project,
                        .stage = "production",
                        .account = organisation_account(organisation, role),
                        .region = organisation->home,
                        .last = world->shape->hours,
                        .planned_percent = 100,
                        .shared = true};
}

static void add_shared(World *world, const char *role, const char *project, const char *const *kinds, Dice *dice) {
    Deployment deployment = shared_deployment(world, role, project);
    draw_tagging(&deployment, dice);
    const Deployment *made = world_deploy(world, &deployment);
    for (; *kinds; kinds++) {
        const char *size = strchr(*kinds, ':');
        const char *kind = size ? arena_text_n(world->arena, *kinds, (size_t)(size - *kinds)) : *kinds;
        Thing thing = {.kind = kind,
                       .size = size ? size + 1 : NULL,
                       .scale = 1,
                       .last = deployment.last,
                       .name = naming_claim(world, kind, naming_make(world, made, NAME_PROJECT, kind, dice))};
        world_add(world, made, &thing, dice);
    }
}

static void add_records(World *world, Dice *dice) {
    for (size_t i = 0; i < world->organisation->account_count; i++) {
        Deployment deployment = shared_deployment(world, "security", "audit");
        deployment.account = &world->organisation->accounts[i];
        deployment.tagging = TAGGED_NOT;
        const Deployment *made = world_deploy(world, &deployment);
        Thing thing = {.scale = (double)dice_between(dice, 40, 160) / 100, .last = world->shape->hours, .name = ""};
        static const char *const kinds[] = {"config", "trail", "guardduty"};
        for (size_t k = 0; k < (world->shape->rows < 100000 ? 1 : 3); k++) {
            thing.kind = kinds[k];
            world_add(world, made, &thing, dice);
        }
    }
}

/* A cluster that teams share: its nodes are the platform's, its pods are theirs. Split cost allocation was switched on in September. */
static void add_cluster(World *world, Dice *dice) {
    Deployment deployment = shared_deployment(world, "production", "tools");
    const Deployment *made = world_deploy(world, &deployment);
    const char *name = naming_claim(world, "eks", naming_make(world, made, NAME_PROJECT, "cluster", dice));
    Thing cluster = {.kind = "eks", .name = name, .scale = 1, .last = deployment.last}, node = cluster;
    node.kind = "ec2";
    node.size = "m7g.xlarge";
    world_add(world, made, &cluster, dice);
    const char *node_id = world_add(world, made, &node, dice);
    for (size_t i = 0; i + 1 < world->organisation->team_count && i < 4; i++) {
        Deployment own = deployment;
        own.team = &world->organisation->teams[i];
        own.project = own.team->projects[0];
        own.shared = false;
        Thing pod = {
            .kind = "pod", .scale = (double)dice_between(dice, 50, 100) / 100, .parent = node_id, .last = deployment.last};
        pod.first = shape_hour(world->shape, "09-10", 0) + 9;
        pod.name = arena_printf(world->arena, "%s/%s/%s-%s", name, own.project, own.project,
                                dice_text(world->arena, dice, "bcdfghjklmnpqrstvwxz2456789", 5));
        world_add(world, world_deploy(world, &own), &pod, dice);
    }
}

void estate_add_base(World *world) {
    Dice dice = dice_make(world->shape->seed, "base");
    Estate estate = estate_make(world, world->shape->rows);
    bool is_small = world->shape->rows < CLUSTER_FROM_ROWS;
    if (!is_small) add_records(world, &dice);
    static const char *const network[] = {"endpoint", "zone", "waf", NULL}, *const small[] = {"zone", "s3", NULL},
                             *const tools[] = {"ec2:m7i.large", "logs", "s3", "kms-busy", NULL},
                             *const stores[] = {"rds:db.m7g.large", "cache:cache.r7g.large", NULL};
    add_shared(world, "network", "network", is_small ? small : network, &dice);
    if (!is_small) add_shared(world, "production", "observability", tools, &dice);
    if (world->shape->rows >= CLUSTER_FROM_ROWS) {
        add_shared(world, "production", "tools", stores, &dice);
        add_cluster(world, &dice);
    }
    for (size_t i = 0; i < world->organisation->team_count && !is_small; i++) {
        Dice own = dice_make(world->shape->seed,
                             arena_printf(world->arena, "first deployment of %s", world->organisation->teams[i].name));
        Deployment deployment = draw_deployment(&estate, &world->organisation->teams[i], &own);
        deployment.first = 0;
        deployment.last = world->shape->hours;
        deployment.tagging = TAGGED_AS_USUAL;
        add_component(&estate, &deployment, draw_component(estate.components, &deployment, &own), &own);
    }
}

void estate_grow(World *world, long long lines) {
    Estate estate = estate_make(world, lines);
    /* A world always fills up: a deployment has at least one resource that is seen on a day. */
    while (world->lines < lines) {
        Dice dice = dice_make(world->shape->seed, arena_printf(world->arena, "deployment %zu", estate.made));
        const SampleTeam *team = draw_team(world->organisation, &dice);
        Deployment deployment = draw_deployment(&estate, team, &dice);
        add_component(&estate, &deployment, draw_component(estate.components, &deployment, &dice), &dice);
    }
}
