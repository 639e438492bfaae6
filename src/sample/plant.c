#include "sample/plant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "sample/naming.h"

typedef struct {
    World *world;
    const Knowledge *plants, *parts;
} Planter;

static const SampleTeam *draw_team(const Planter *planter, const char *role, Dice *dice) {
    const Organisation *organisation = planter->world->organisation;
    const SampleTeam *shared = &organisation->teams[organisation->team_count - 1];
    if (text_equal(role, "network") || text_equal(role, "security") || text_equal(role, "management")) return shared;
    for (size_t i = 0; i < organisation->team_count && text_equal(role, "data"); i++)
        if (text_equal(organisation->teams[i].work, "data")) return &organisation->teams[i];
    return &organisation->teams[dice_below(dice, (unsigned)organisation->team_count - 1)];
}

static Deployment draw_deployment(const Planter *planter, size_t row, Dice *dice) {
    const World *world = planter->world;
    const Organisation *organisation = world->organisation;
    const char *role = knowledge_field(planter->plants, row, "account"),
               *where = knowledge_field(planter->plants, row, "where");
    bool nonproduction = text_equal(role, "staging") || text_equal(role, "development");
    Deployment made = {.plant = knowledge_field(planter->plants, row, "plant"),
                       .team = draw_team(planter, role, dice),
                       .stage = nonproduction ? role : "production",
                       .last = world->shape->hours};
    made.project = dice_pick(dice, made.team->projects, made.team->project_count);
    made.region = text_equal(where, "attic")    ? organisation->attic
                  : text_equal(where, "second") ? organisation->second
                                                : organisation->home;
    /* What a closed project left lies in one account, so that nothing else runs in its region. */
    made.account = text_equal(role, "production") && !text_equal(where, "attic")
                       ? organisation_home(organisation, made.team, made.stage)
                       : organisation_account(organisation, role);
    made.shared = made.team->shared || text_equal(made.plant, "runner");
    if (text_equal(made.plant, "runner")) {
        made.team = &organisation->teams[organisation->team_count - 1];
        made.project = "tools";
        made.stage = "shared";
    }
    unsigned drawn = dice_below(dice, 100);
    made.tagging = drawn < 25 ? TAGGED_NOT : drawn < 35 ? TAGGED_PARTLY : TAGGED_AS_USUAL;
    /* What makes it no waste stands in its tags alone. */
    made.surely_tagged = text_equal(made.plant, "runner") || text_equal(made.plant, "multizoneprod");
    if (made.surely_tagged) made.tagging = TAGGED_AS_USUAL;
    return made;
}

/* "3-6" is drawn. */
static long draw_count(const char *text, Dice *dice) {
    long least = 0, most = 0;
    int read = sscanf(text, "%ld-%ld", &least, &most);
    if (read < 1) abort();
    return read == 1 ? least : dice_between(dice, least, most);
}

static double draw_scale(Arena *arena, const char *text, Dice *dice) {
    size_t count = 0;
    const char **scales = text_split(arena, text, ',', &count);
    return atof(dice_pick(dice, scales, count));
}

static void plant_part(const Planter *planter, const Deployment *deployment, size_t row, NameKind name_kind, Dice *dice) {
    World *world = planter->world;
    const Knowledge *parts = planter->parts;
    size_t count = 0;
    const char **words = text_split(world->arena, knowledge_field(parts, row, "kind"), ':', &count);
    Thing thing = {.kind = words[0],
                   .first = shape_hour(world->shape, knowledge_field(parts, row, "from"), 0),
                   .last = shape_hour(world->shape, knowledge_field(parts, row, "until"), world->shape->hours),
                   .named = knowledge_field(parts, row, "named")};
    thing.same = text_equal(thing.named, "same");
    if (count > 1) {
        const char **sizes = text_split(world->arena, words[1], ',', &count);
        thing.size = dice_pick(dice, sizes, count);
    }
    const char *zone = knowledge_field(parts, row, "zone"), *label = knowledge_field(parts, row, "name");
    thing.zone = *zone ? zone : NULL;
    if (text_equal(deployment->plant, "strandedri")) thing.driver = "migration-to-graviton";
    if (text_equal(deployment->plant, "leftvolumes")) thing.driver = "project-closed";
    long times = draw_count(knowledge_field(parts, row, "count"), dice);
    const char *stem = naming_make(world, deployment, name_kind, label, dice);
    for (long i = 0; i < times; i++) {
        thing.name = naming_claim(world, thing.kind, stem);
        thing.scale = draw_scale(world->arena, knowledge_field(parts, row, "scale"), dice);
        world_add(world, deployment, &thing, dice);
    }
}

static void plant_one(const Planter *planter, size_t row, Dice *dice) {
    Deployment drawn = draw_deployment(planter, row, dice);
    NameKind name_kind = naming_draw(dice);
    const Deployment *deployment = NULL;
    for (size_t part = 0; part < planter->parts->row_count; part++) {
        if (!text_equal(knowledge_field(planter->parts, part, "plant"), drawn.plant)) continue;
        /* Parts that stop at night and parts that do not are deployments apart, of one plant. */
        bool office = *knowledge_field(planter->parts, part, "office") != '\0';
        if (!deployment || office != deployment->office) {
            drawn.office = office;
            deployment = world_deploy(planter->world, &drawn);
        }
        plant_part(planter, deployment, part, name_kind, dice);
    }
}

static long long lines_of(const Planter *planter, size_t row) {
    const World *world = planter->world;
    const char *plant = knowledge_field(planter->plants, row, "plant");
    Deployment deployment = {.plant = plant};
    long long lines = 0;
    for (size_t part = 0; part < planter->parts->row_count; part++) {
        if (!text_equal(knowledge_field(planter->parts, part, "plant"), plant)) continue;
        deployment.office = *knowledge_field(planter->parts, part, "office") != '\0';
        const char *kind = knowledge_field(planter->parts, part, "kind");
        Thing thing = {.kind = arena_text_n(world->arena, kind, strcspn(kind, ":")),
                       .first = shape_hour(world->shape, knowledge_field(planter->parts, part, "from"), 0),
                       .last = shape_hour(world->shape, knowledge_field(planter->parts, part, "until"), world->shape->hours)};
        const char *count = knowledge_field(planter->parts, part, "count"), *dash = strchr(count, '-');
        lines += world_lines_of(world, &deployment, &thing) * atol(dash ? dash + 1 : count);
    }
    return lines;
}

/* The rows of the table in the seed's order. */
static size_t *shuffle(const Planter *planter, Dice *dice) {
    size_t count = planter->plants->row_count, *order = arena_array(planter->world->arena, count, sizeof *order);
    for (size_t i = 0; i < count; i++) order[i] = i;
    for (size_t i = count; i > 1; i--) {
        size_t other = dice_below(dice, (unsigned)i), kept = order[i - 1];
        order[i - 1] = order[other];
        order[other] = kept;
    }
    return order;
}

void plant_all(World *world, long long lines) {
    Planter planter = {.world = world,
                       .plants = knowledge_table(world->arena, "sample_plants.tsv"),
                       .parts = knowledge_table(world->arena, "sample_plant_parts.tsv")};
    Dice order_dice = dice_make(world->shape->seed, "order of plants");
    const size_t *order = shuffle(&planter, &order_dice);
    long long left[2] = {lines * 2 / 3, lines / 3}; /* of findings, of decoys */
    for (size_t i = 0; i < planter.plants->row_count; i++) {
        size_t row = order[i];
        const char *plant = knowledge_field(planter.plants, row, "plant");
        Dice dice = dice_make(world->shape->seed, arena_printf(world->arena, "plant %s", plant));
        bool decoy = text_equal(knowledge_field(planter.plants, row, "role"), "decoy");
        unsigned chance = (unsigned)atoi(knowledge_field(planter.plants, row, "chance"));
        long long needed = lines_of(&planter, row);
        if (!dice_chance(&dice, chance) || needed > left[decoy]) continue;
        left[decoy] -= needed;
        plant_one(&planter, row, &dice);
    }
}
