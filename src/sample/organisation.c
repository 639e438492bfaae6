#include "sample/organisation.h"

#include <stdlib.h>
#include <string.h>

#include "base/knowledge.h"
#include "base/text.h"
#include "sample/dice.h"

/* How many teams an organisation has besides the shared one, by the lines of its bill. */
#define TEAMS_LEAST 4
#define TEAMS_MOST 8
#define LARGE_FROM_ROWS 3000000

typedef struct {
    Arena *arena;
    const SampleShape *shape;
    Organisation *made;
    const char *layout;
} Maker;

static void read_row(Maker *maker, const Knowledge *table, size_t row) {
    Organisation *made = maker->made;
    made->id = knowledge_field(table, row, "organisation");
    made->name = knowledge_field(table, row, "name");
    made->home = knowledge_field(table, row, "home");
    made->second = knowledge_field(table, row, "second");
    made->attic = knowledge_field(table, row, "attic");
    made->clock = atoi(knowledge_field(table, row, "clock"));
    made->growth_percent = atof(knowledge_field(table, row, "growth"));
    const char *discount = knowledge_field(table, row, "discount");
    made->discount = text_equal(discount, "lines") ? DISCOUNT_LINES
                     : text_equal(discount, "net") ? DISCOUNT_NET
                                                   : DISCOUNT_NONE;
    made->owner_key = knowledge_field(table, row, "key");
    made->project_key = knowledge_field(table, row, "project_key");
    made->environment_key = knowledge_field(table, row, "environment_key");
    made->style = knowledge_field(table, row, "style");
    maker->layout = knowledge_field(table, row, "layout");
}

static const SampleAccount *add_account(Maker *maker, Dice *dice, const char *name, const char *role) {
    Organisation *made = maker->made;
    SampleAccount *account = &made->accounts[made->account_count];
    /* Every third organisation's second account has a number that begins with a zero, which is lost where it is read as a number. */
    const char *head = made->account_count == 1 && dice_chance(dice, 34) ? "0" : dice_text(maker->arena, dice, "123456789", 1);
    account->id = arena_printf(maker->arena, "%s%s", head, dice_text(maker->arena, dice, "0123456789", 11));
    account->name = arena_printf(maker->arena, "%s-%s", made->id, name);
    account->role = role;
    made->account_count++;
    return account;
}

static void draw_accounts(Maker *maker) {
    static const char *const roles[] = {"management", "production", "staging", "development", "data", "network", "security"};
    Organisation *made = maker->made;
    Dice dice = dice_make(maker->shape->seed, "accounts");
    made->accounts = arena_array(maker->arena, sizeof roles / sizeof *roles + made->team_count, sizeof *made->accounts);
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) add_account(maker, &dice, roles[i], roles[i]);
    unsigned own = text_equal(maker->layout, "team") ? 100 : text_equal(maker->layout, "mixed") ? 45 : 0;
    for (size_t i = 0; i < made->team_count; i++)
        if (!made->teams[i].shared && dice_chance(&dice, own))
            made->teams[i].account = add_account(maker, &dice, made->teams[i].name, "production");
}

/* The other spelling of a value that people use now and then. */
static const char *misspelled(Arena *arena, const char *value) {
    char *other = arena_text(arena, value);
    if (*other >= 'a' && *other <= 'z') *other = (char)(*other - 'a' + 'A');
    return other;
}

static void draw_habits(Maker *maker, SampleTeam *team) {
    static const char *const people[] = {"avila",  "brandt", "chen",   "dube",  "eriksen", "farouk", "gallo",
                                         "haas",   "ito",    "jansen", "kaya",  "lind",    "mora",   "novak",
                                         "okafor", "patel",  "quist",  "rossi", "sato",    "tran"};
    Dice dice = dice_make(maker->shape->seed, arena_printf(maker->arena, "habits of %s", team->name));
    Dice style = dice_make(maker->shape->seed, "tag values");
    static const char *const forms[] = {"%s", "%s", "team-%s", "%s-team"};
    const char *form = dice_pick(&style, forms, sizeof forms / sizeof *forms);
    const char *mark = strchr(form, '%');
    team->tag = arena_printf(maker->arena, "%.*s%s%s", (int)(mark - form), form, team->name, mark + strlen("%s"));
    if (dice_chance(&dice, 25)) team->other_spelling = misspelled(maker->arena, team->tag);
    team->tagged = dice_chance(&dice, 12) ? (unsigned)dice_between(&dice, 15, 35) : (unsigned)dice_between(&dice, 60, 92);
    team->partly = (unsigned)dice_between(&dice, 15, 50);
    for (size_t i = 0; i < 2; i++) team->people[i] = dice_pick(&dice, people, sizeof people / sizeof *people);
}

static size_t wanted_teams(Maker *maker, Dice *dice, size_t most) {
    size_t count = (size_t)dice_between(dice, TEAMS_LEAST, TEAMS_MOST);
    if (maker->shape->rows < 8000) count = TEAMS_LEAST;
    if (maker->shape->rows >= LARGE_FROM_ROWS) count = most * 2 / 3;
    return count < most ? count : most;
}

static SampleTeam read_team(Maker *maker, const Knowledge *table, size_t row) {
    SampleTeam team = {.name = knowledge_field(table, row, "team"),
                       .shorthand = knowledge_field(table, row, "short"),
                       .work = knowledge_field(table, row, "work"),
                       .weight = atoi(knowledge_field(table, row, "weight"))};
    team.projects = text_split(maker->arena, knowledge_field(table, row, "projects"), '|', &team.project_count);
    team.shared = text_equal(team.work, "shared");
    draw_habits(maker, &team);
    return team;
}

/* Draws teams of the table without repeating one; the shared one, the table's last row, is always there. */
static void draw_teams(Maker *maker) {
    const Knowledge *table = knowledge_table(maker->arena, "sample_teams.tsv");
    Dice dice = dice_make(maker->shape->seed, "teams");
    size_t most = table->row_count - 1, count = wanted_teams(maker, &dice, most);
    bool *taken = arena_array(maker->arena, table->row_count, sizeof *taken);
    maker->made->teams = arena_array(maker->arena, count + 1, sizeof *maker->made->teams);
    while (maker->made->team_count < count) {
        size_t row = dice_below(&dice, (unsigned)most);
        if (taken[row]) continue;
        taken[row] = true;
        maker->made->teams[maker->made->team_count++] = read_team(maker, table, row);
    }
    maker->made->teams[maker->made->team_count++] = read_team(maker, table, most);
}

static void draw_words(Maker *maker) {
    static const char *const production[] = {"prod", "prod", "prd", "live"}, *const staging[] = {"staging", "stg", "test"},
                             *const development[] = {"dev", "dev", "sandbox"};
    Dice dice = dice_make(maker->shape->seed, "words");
    maker->made->stages[0] = dice_pick(&dice, production, sizeof production / sizeof *production);
    maker->made->stages[1] = dice_pick(&dice, staging, sizeof staging / sizeof *staging);
    maker->made->stages[2] = dice_pick(&dice, development, sizeof development / sizeof *development);
    maker->made->names_creators = dice_chance(&dice, 60);
}

const Organisation *organisation_make(Arena *arena, const SampleShape *shape) {
    Maker maker = {.arena = arena, .shape = shape, .made = arena_alloc(arena, sizeof(Organisation))};
    const Knowledge *table = knowledge_table(arena, "sample_organisations.tsv");
    /* Neighbouring seeds are neighbouring rows, so that ten seeds are ten organisations. */
    size_t row = (size_t)((unsigned long long)(shape->seed - 1) % table->row_count);
    read_row(&maker, table, row);
    draw_words(&maker);
    draw_teams(&maker);
    draw_accounts(&maker);
    return maker.made;
}

const SampleAccount *organisation_account(const Organisation *organisation, const char *role) {
    for (size_t i = 0; i < organisation->account_count; i++)
        if (text_equal(organisation->accounts[i].role, role)) return &organisation->accounts[i];
    abort();
}

const SampleAccount *organisation_home(const Organisation *organisation, const SampleTeam *team, const char *stage) {
    if (!text_equal(stage, "production")) return organisation_account(organisation, stage);
    if (team->account) return team->account;
    if (text_equal(team->work, "data")) return organisation_account(organisation, "data");
    if (text_equal(team->work, "guard")) return organisation_account(organisation, "security");
    return organisation_account(organisation, "production");
}

const char *organisation_stage(const Organisation *organisation, const char *stage) {
    if (text_equal(stage, "staging")) return organisation->stages[1];
    if (text_equal(stage, "development")) return organisation->stages[2];
    return organisation->stages[0];
}
