#include "sample/naming.h"

#include <string.h>

#include "base/text.h"

typedef struct NameCount {
    const char *key; /* NULL = free */
    unsigned count;
} NameCount;

static size_t hash_of(const char *key) {
    size_t hash = 1469598103934665603ULL;
    for (const char *at = key; *at; at++) hash = (hash ^ (unsigned char)*at) * 1099511628211ULL;
    return hash;
}

static NameCount *find_name(NameCount *names, size_t room, const char *key) {
    size_t at = hash_of(key) % room;
    while (names[at].key && strcmp(names[at].key, key) != 0) at = (at + 1) % room;
    return &names[at];
}

static void make_room(World *world) {
    if (world->name_count * 2 < world->name_room) return;
    size_t room = world->name_room ? world->name_room * 2 : 4096;
    NameCount *names = arena_array(world->arena, room, sizeof *names);
    for (size_t i = 0; i < world->name_room; i++)
        if (world->names[i].key) *find_name(names, room, world->names[i].key) = world->names[i];
    world->names = names;
    world->name_room = room;
}

const char *naming_claim(World *world, const char *kind, const char *name) {
    make_room(world);
    const char *key = arena_printf(world->arena, "%s %s", kind, name);
    NameCount *known = find_name(world->names, world->name_room, key);
    if (!known->key) {
        known->key = key;
        world->name_count++;
    }
    return ++known->count == 1 ? name : arena_printf(world->arena, "%s-%u", name, known->count);
}

NameKind naming_draw(Dice *dice) {
    unsigned drawn = dice_below(dice, 100);
    return drawn < 64 ? NAME_PROJECT : drawn < 79 ? NAME_SHORT : drawn < 96 ? NAME_NEUTRAL : NAME_OTHER;
}

static const char *subject(const World *world, const Deployment *deployment, NameKind kind, Dice *dice) {
    static const char *const neutral[] = {"svc", "core", "app", "backend", "job", "main", "edge", "base"};
    switch (kind) {
    case NAME_PROJECT: return deployment->project;
    case NAME_SHORT: return deployment->team->shorthand;
    case NAME_OTHER: {
        const SampleTeam *other = &world->organisation->teams[dice_below(dice, (unsigned)world->organisation->team_count)];
        return dice_pick(dice, other->projects, other->project_count);
    }
    case NAME_NEUTRAL: break;
    }
    return arena_printf(world->arena, "%s-%s", dice_pick(dice, neutral, sizeof neutral / sizeof *neutral),
                        dice_text(world->arena, dice, "0123456789abcdef", 4));
}

const char *naming_make(const World *world, const Deployment *deployment, NameKind kind, const char *part, Dice *dice) {
    const Organisation *organisation = world->organisation;
    const char *about = subject(world, deployment, kind, dice);
    size_t count = 0;
    const char **words = text_split(world->arena, organisation->style, '-', &count);
    Buffer name = {.arena = world->arena};
    for (size_t i = 0; i < count; i++) {
        const char *word = text_equal(words[i], "project") ? about
                           : text_equal(words[i], "part")  ? part
                           : text_equal(words[i], "stage") ? organisation_stage(organisation, deployment->stage)
                           : text_equal(words[i], "org")   ? organisation->id
                           : kind == NAME_NEUTRAL          ? about
                                                           : deployment->team->shorthand;
        if (text_equal(word, part) && text_equal(about, part)) continue;
        if (name.size) buffer_add_char(&name, '-');
        buffer_add(&name, word);
    }
    return buffer_text(&name);
}
