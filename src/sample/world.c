#include "sample/world.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const char HEX[] = "0123456789abcdef", LETTERS[] = "abcdefghijklmnopqrstuvwxyz0123456789",
                  CAPITALS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

World *world_make(Arena *arena, const SampleShape *shape, const Organisation *organisation) {
    World *world = arena_alloc(arena, sizeof *world);
    *world = (World){.arena = arena, .shape = shape, .organisation = organisation};
    world->meters = knowledge_table(arena, "sample_meters.tsv");
    world->parts = knowledge_table(arena, "sample_resources.tsv");
    world->sizes = knowledge_table(arena, "sample_types.tsv");
    world->regions = knowledge_table(arena, "sample_regions.tsv");
    world->region_names = knowledge_table(arena, "regions.tsv");
    world->rhythms = rhythm_hours(arena, shape, organisation->clock);
    return world;
}

const Deployment *world_deploy(World *world, const Deployment *deployment) {
    Deployment *made = arena_alloc(world->arena, sizeof *made);
    *made = *deployment;
    made->id = arena_printf(world->arena, "d%03zu", ++world->deployment_count);
    return made;
}

/* --- Prices ------------------------------------------------------------------------------------------------------------------- */

static size_t row_of(const Knowledge *table, const char *column, const char *wanted) {
    for (size_t row = 0; row < table->row_count; row++)
        if (text_equal(knowledge_field(table, row, column), wanted)) return row;
    abort();
}

const char *world_region(const World *world, const char *region, const char *field) {
    return knowledge_field(world->regions, row_of(world->regions, "region", region), field);
}

const char *world_location(const World *world, const char *region) {
    return knowledge_field(world->region_names, row_of(world->region_names, "id", region), "name");
}

double world_rate(const World *world, size_t meter, const char *size, const char *region) {
    const char *rate = knowledge_field(world->meters, meter, "rate");
    if (text_equal(rate, "{type}")) {
        bool spot = text_starts(knowledge_field(world->meters, meter, "usage_type"), "Spot");
        rate = knowledge_field(world->sizes, row_of(world->sizes, "type", size), spot ? "spot" : "rate");
    }
    bool everywhere = text_equal(knowledge_field(world->meters, meter, "prefix"), "edge");
    double share = everywhere ? 1 : atof(world_region(world, region, "price")) / 100;
    return round(atof(rate) * share * 1e10) / 1e10;
}

/* --- Names -------------------------------------------------------------------------------------------------------------------- */

/* What stands in braces in a pattern of tables/sample_resources.tsv. */
static const char *fill_in(World *world, const Deployment *deployment, const char *name, const char *word, Dice *dice) {
    Arena *arena = world->arena;
    if (text_equal(word, "before")) return world->resources[world->resource_count - 2].id;
    if (text_equal(word, "name")) return name;
    if (text_equal(word, "region")) return deployment->region;
    if (text_equal(word, "account")) return deployment->account->id;
    /* Some styles begin with the organisation's name already. */
    if (text_equal(word, "org")) return text_starts(name, world->organisation->id) ? "files" : world->organisation->id;
    if (text_starts(word, "hex")) return dice_text(arena, dice, HEX, (size_t)atoi(word + strlen("hex")));
    if (text_starts(word, "letters")) return dice_text(arena, dice, LETTERS, (size_t)atoi(word + strlen("letters")));
    if (text_starts(word, "LETTERS")) return dice_text(arena, dice, CAPITALS, (size_t)atoi(word + strlen("LETTERS")));
    if (!text_equal(word, "uuid")) abort();
    const char *text = dice_text(arena, dice, HEX, 32);
    return arena_printf(arena, "%.8s-%.4s-4%.3s-8%.3s-%.12s", text, text + 8, text + 13, text + 17, text + 20);
}

static const char *make_id(World *world, const Deployment *deployment, const char *part, const char *name, Dice *dice) {
    const char *at = knowledge_field(world->parts, row_of(world->parts, "part", part), "pattern");
    Buffer id = {.arena = world->arena};
    while (*at) {
        const char *open = strchr(at, '{'), *close = open ? strchr(open, '}') : NULL;
        if (!close) {
            buffer_add(&id, at);
            break;
        }
        buffer_add_n(&id, at, (size_t)(open - at));
        buffer_add(&id,
                   fill_in(world, deployment, name, arena_text_n(world->arena, open + 1, (size_t)(close - open - 1)), dice));
        at = close + 1;
    }
    return buffer_text(&id);
}

/* --- Tags --------------------------------------------------------------------------------------------------------------------- */

#define TAGGED_LATE_PERCENT 4
#define MISSPELLED_PERCENT 12
#define HOURS_OF_DAY 24

static void draw_tags(Resource *resource, unsigned inherits_percent, Dice *dice) {
    const Deployment *deployment = resource->deployment;
    bool full = dice_chance(dice, deployment->team->tagged) && dice_chance(dice, inherits_percent);
    if (deployment->surely_tagged) full = true;
    bool partial = dice_chance(dice, deployment->team->partly);
    if (deployment->tagging == TAGGED_NOT) return;
    resource->tags = full && deployment->tagging == TAGGED_AS_USUAL ? TAGS_FULL : full || partial ? TAGS_PARTIAL : TAGS_NONE;
    if (resource->tags != TAGS_FULL) return;
    resource->misspelled = deployment->team->other_spelling && dice_chance(dice, MISSPELLED_PERCENT);
    long days = (resource->last - resource->first) / HOURS_OF_DAY;
    if (days > 20 && dice_chance(dice, TAGGED_LATE_PERCENT))
        resource->tags_from = resource->first + dice_between(dice, 2, days / 2) * HOURS_OF_DAY + 13;
}

/* --- Adding ------------------------------------------------------------------------------------------------------------------- */

static Resource *add_resource(World *world, const Deployment *deployment, const Thing *thing, const char *part, Dice *dice) {
    if (world->resource_count == world->resource_room) {
        size_t room = world->resource_room ? world->resource_room * 2 : 1024;
        world->resources =
            arena_grow(world->arena, world->resources, world->resource_room * sizeof(Resource), room * sizeof(Resource));
        world->resource_room = room;
    }
    Resource *made = &world->resources[world->resource_count++];
    *made = (Resource){.part = part,
                       .deployment = deployment,
                       .name = thing->name,
                       .parent = thing->parent,
                       .first = thing->first,
                       .last = thing->last,
                       .tags_from = thing->first};
    if (!*part) return made;
    size_t row = row_of(world->parts, "part", part);
    made->id = make_id(world, deployment, part, thing->name, dice);
    made->named = thing->named && (text_equal(thing->named, "yes") || text_equal(thing->named, part));
    if (*knowledge_field(world->parts, row, "zoned")) {
        const char *letter = thing->zone ? thing->zone : arena_printf(world->arena, "%c", "abc"[dice_below(dice, 3)]);
        made->zone = arena_printf(world->arena, "%s%s", deployment->region, letter);
    }
    draw_tags(made, (unsigned)atoi(knowledge_field(world->parts, row, "tags")), dice);
    return made;
}

static Series *add_series(World *world, const Series *series) {
    if (world->series_count == world->series_room) {
        size_t room = world->series_room ? world->series_room * 2 : 2048;
        world->series = arena_grow(world->arena, world->series, world->series_room * sizeof(Series), room * sizeof(Series));
        world->series_room = room;
    }
    world->series[world->series_count] = *series;
    return &world->series[world->series_count++];
}

/* Machines stop at night where the deployment does, and nobody calls what they serve; what they store does not. */
static Rhythm rhythm_of(const World *world, const Deployment *deployment, size_t meter) {
    Rhythm rhythm = rhythm_named(knowledge_field(world->meters, meter, "rhythm"));
    bool machine = text_equal(knowledge_field(world->meters, meter, "rate"), "{type}");
    bool stops = rhythm == RHYTHM_DAY || rhythm == RHYTHM_DAYTIME || (rhythm == RHYTHM_FLAT && machine);
    return deployment->office && stops ? RHYTHM_OFFICE : rhythm;
}

static long long lines_between(const World *world, Rhythm rhythm, long first, long last) {
    const RhythmHours *hours = &world->rhythms[rhythm];
    long lines = hours->lines_until[last] - hours->lines_until[first];
    /* The day of a start in the middle of it is a line of its own in a daily export. */
    return lines + (world->shape->daily && first % HOURS_OF_DAY && rhythm == RHYTHM_FLAT ? 1 : 0);
}

long long world_lines_of(const World *world, const Deployment *deployment, const Thing *thing) {
    long long lines = 0;
    for (size_t row = 0; row < world->meters->row_count && thing->first < thing->last; row++)
        if (text_equal(knowledge_field(world->meters, row, "kind"), thing->kind))
            lines += lines_between(world, rhythm_of(world, deployment, row), thing->first, thing->last);
    return lines;
}

const char *world_add(World *world, const Deployment *deployment, const Thing *thing, Dice *dice) {
    const char *part = NULL, *first_id = NULL;
    if (thing->first >= thing->last) return NULL;
    for (size_t row = 0; row < world->meters->row_count; row++) {
        if (!text_equal(knowledge_field(world->meters, row, "kind"), thing->kind)) continue;
        const char *its_part = knowledge_field(world->meters, row, "part");
        if (thing->same) {
            world->resources[world->resource_count - 1].last = thing->last;
        } else if (!text_equal(part, its_part)) {
            Resource *resource = add_resource(world, deployment, thing, its_part, dice);
            if (!first_id) first_id = resource->id;
            part = its_part;
        }
        Series series = {.resource = world->resource_count - 1,
                         .meter = row,
                         .size = thing->size,
                         .rhythm = rhythm_of(world, deployment, row),
                         .first = thing->first,
                         .last = thing->last,
                         .driver = thing->driver};
        bool machine = text_equal(knowledge_field(world->meters, row, "rate"), "{type}");
        series.quantity = atof(knowledge_field(world->meters, row, "quantity")) * (machine ? 1 : thing->scale);
        series.rate = world_rate(world, row, thing->size, deployment->region);
        world->lines += lines_between(world, series.rhythm, series.first, series.last);
        add_series(world, &series);
    }
    return first_id;
}
