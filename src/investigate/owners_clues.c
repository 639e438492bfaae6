#include "investigate/owners_clues.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "investigate/owners_names.h"

enum {
    SIGNS_EACH = 64,
    KIN_MOST = 8,
    PAIR_MOST = 4,
    PROFILE_HOURS = 72,
    PROFILE_STEPS = 6,
    PROFILE_DAYS = 7,
    NUMBER_BYTES = 24
};

static const Signal signals[SIGNAL_LABELS] = {
    [SIGNAL_ACCOUNT] = {FACTOR_PRIOR, false, 8, {0}},     [SIGNAL_PLACE] = {FACTOR_PLACE, true, 8, {0}},
    [SIGNAL_SERVICE] = {FACTOR_SERVICE, true, 8, {0}},    [SIGNAL_MODEL] = {FACTOR_MODEL, true, 8, {0}},
    [SIGNAL_ANYWHERE] = {FACTOR_ANYWHERE, false, 8, {0}}, [SIGNAL_START] = {FACTOR_START, true, 1, {0}},
    [SIGNAL_NEAR] = {FACTOR_START, true, 2, {0}},         [SIGNAL_STOP] = {FACTOR_STOP, true, 1, {0}},
    [SIGNAL_SPAN] = {FACTOR_SPAN, true, 1, {0}},          [SIGNAL_DAY] = {FACTOR_START, true, 4, {0}},
    [SIGNAL_LINK] = {FACTOR_LINK, true, 0.5, {0}},        [SIGNAL_PAIR] = {FACTOR_SPAN, true, 1, {0}},
    [SIGNAL_PAIR_SPAN] = {FACTOR_SPAN, true, 0.5, {0}},   [SIGNAL_WORD] = {FACTOR_NAME, false, 2, {0}},
    [SIGNAL_WORDS] = {FACTOR_NAME, false, 1, {0}},        [SIGNAL_STEM] = {FACTOR_NAME, false, 1, {0}},
    [SIGNAL_PROFILE] = {FACTOR_PROFILE, true, 8, {0}},
};

static const Factor label_factors[] = {[LABEL_TAG] = FACTOR_TAG,
                                       [LABEL_SYSTEM] = FACTOR_SYSTEM,
                                       [LABEL_CREATOR] = FACTOR_CREATOR,
                                       [LABEL_CATEGORY] = FACTOR_CATEGORY};

const char *owners_factor_name(Factor factor) {
    static const char *const names[FACTOR_COUNT] = {
        [FACTOR_PRIOR] = "account",     [FACTOR_PLACE] = "region",        [FACTOR_SERVICE] = "kind",
        [FACTOR_MODEL] = "model",       [FACTOR_ANYWHERE] = "anywhere",   [FACTOR_START] = "start",
        [FACTOR_STOP] = "stop",         [FACTOR_SPAN] = "span",           [FACTOR_LINK] = "link",
        [FACTOR_NAME] = "name",         [FACTOR_NAMES] = "further_names", [FACTOR_TAG] = "tag",
        [FACTOR_TAGS] = "further_tags", [FACTOR_SYSTEM] = "system_tag",   [FACTOR_CREATOR] = "created_by",
        [FACTOR_CATEGORY] = "category", [FACTOR_PROFILE] = "profile"};
    return names[factor];
}

typedef struct {
    Arena *arena;
    const OwnersBill *bill;
    Clues *clues;
    ClueTable *table;
    ClueTable *names;    /* account and last part of the id of every resource */
    size_t room, before; /* signs of the resource at hand begin at `before` */
} Reader;

static void add_sign(Reader *reader, int clue, int from, bool inherited) {
    Clues *clues = reader->clues;
    for (size_t i = reader->before; i < clues->sign_count; i++)
        if (clues->signs[i].clue == clue) return;
    if (clues->sign_count - reader->before == SIGNS_EACH) return;
    if (clues->sign_count == reader->room) {
        const size_t bytes = reader->room * sizeof *clues->signs;
        clues->signs = arena_grow(reader->arena, clues->signs, bytes, bytes * 2);
        reader->room *= 2;
    }
    clues->signs[clues->sign_count++] = (Sign){clue, (signed char)from, inherited};
}

static void show(Reader *reader, int signal, const char *a, const char *b, const char *c, const char *d) {
    const char *parts[] = {a, b, c, d};
    add_sign(reader, clue_table_add(reader->table, signal, parts, 4, NULL), FROM_ITSELF, false);
}

static void show_text(Reader *reader, int signal, const char *text, int from) {
    add_sign(reader, clue_table_add(reader->table, signal, &text, 1, text), from, false);
}

static void read_words(Reader *reader, const char *name, int from) {
    const char *words[NAME_TOKENS];
    const size_t count = owners_name_tokens(reader->arena, name, words);
    Buffer stem = {.arena = reader->arena};
    for (size_t i = 0; i < count; i++) {
        const bool plain = owners_name_is_plain(words[i]);
        buffer_printf(&stem, "%s%s", i ? "-" : "", words[i]);
        if (!plain) show_text(reader, SIGNAL_WORD, words[i], from);
        if (i && !plain && !owners_name_is_plain(words[i - 1]))
            show_text(reader, SIGNAL_WORDS, arena_printf(reader->arena, "%s-%s", words[i - 1], words[i]), from);
    }
    if (count > 2) show_text(reader, SIGNAL_STEM, arena_text(reader->arena, buffer_text(&stem)), from);
}

static const char *number(char *out, long value) {
    snprintf(out, NUMBER_BYTES, "%ld", value);
    return out;
}

static void read_times(Reader *reader, size_t index) {
    const OwnersResource *resource = &reader->bill->resources[index];
    const char *account = resource->account, *region = resource->region;
    const bool first = reader->clues->first_known[index], last = reader->clues->last_known[index];
    const bool hours = reader->bill->hourly && !resource->once_a_day;
    const bool compute = owners_kind_is_compute(resource->kind);
    char start[NUMBER_BYTES], stop[NUMBER_BYTES], near[NUMBER_BYTES];
    number(start, resource->first_hour);
    number(stop, resource->last_hour);
    if (first) {
        show(reader, SIGNAL_DAY, account, number(near, resource->first_hour / HOURS_OF_DAY), NULL, NULL);
        if (hours) {
            show(reader, SIGNAL_START, account, region, start, NULL);
            show(reader, SIGNAL_NEAR, account, region, number(near, resource->first_hour / 2), "even");
            show(reader, SIGNAL_NEAR, account, region, number(near, (resource->first_hour + 1) / 2), "odd");
            if (compute) show(reader, SIGNAL_PAIR, account, region, start, NULL);
        }
    }
    if (last && hours) show(reader, SIGNAL_STOP, account, region, stop, NULL);
    if (first && last) show(reader, SIGNAL_SPAN, account, region, start, stop);
    if (first && last && hours && compute) show(reader, SIGNAL_PAIR_SPAN, account, region, start, stop);
}

/* Shape of the day and of the week, in coarse steps: what runs all the time looks alike and says nothing. */
static void read_profile(Reader *reader, const OwnersResource *resource) {
    char shape[NUMBER_BYTES];
    double sum = 0;
    for (size_t i = 0; i < 4; i++) sum += resource->share_of_day[i];
    if (sum <= 0 || resource->last_hour - resource->first_hour < PROFILE_HOURS || resource->once_a_day) return;
    long code = lround(resource->weekend * PROFILE_DAYS);
    for (size_t i = 0; i < 4; i++) code = code * 10 + lround(resource->share_of_day[i] * PROFILE_STEPS);
    show(reader, SIGNAL_PROFILE, resource->account, number(shape, code), NULL, NULL);
}

/* What is older than the data is compared with what is as old: what starts and stops all day long is another population. */
static void read_kind(Reader *reader, const OwnersResource *resource, bool is_new) {
    char hour[NUMBER_BYTES];
    const char *model = text_is_empty(resource->instance_type) ? resource->usage_type : resource->instance_type;
    number(hour, (resource->once_a_day ? resource->first_hour % HOURS_OF_DAY : HOURS_OF_DAY) + (is_new ? 0 : 2 * HOURS_OF_DAY));
    show(reader, SIGNAL_ACCOUNT, resource->account, NULL, NULL, NULL);
    show(reader, SIGNAL_PLACE, resource->account, resource->region, NULL, NULL);
    show(reader, SIGNAL_SERVICE, resource->account, resource->kind, is_new ? "new" : "old", NULL);
    show(reader, SIGNAL_MODEL, resource->account, resource->kind, model, hour);
    show(reader, SIGNAL_ANYWHERE, resource->kind, model, NULL, NULL);
}

static void show_link(Reader *reader, const char *account, const char *link) {
    const char *parts[] = {account, link};
    add_sign(reader, clue_table_add(reader->table, SIGNAL_LINK, parts, 2, link), FROM_ITSELF, false);
}

/* A part of an id links it to others only where something has that name: "checkout" of "/aws/rds/cluster/checkout/error" does where there
 * is a database checkout, "rds" does not. */
static void read_links(Reader *reader, const OwnersResource *resource) {
    const char *links[NAME_LINKS];
    const size_t count = owners_name_links(reader->arena, resource->id, links);
    const char *end = text_lower(reader->arena, owners_id_end(resource->id));
    for (size_t i = 0; i < count; i++) {
        const char *parts[] = {resource->account, links[i]};
        const bool named = text_equal(links[i], end) || clue_table_has(reader->names, SIGNAL_LINK, parts, 2);
        if (named || owners_name_is_mark(links[i])) show_link(reader, resource->account, links[i]);
    }
    if (!text_is_empty(resource->parent))
        show_link(reader, resource->account, text_lower(reader->arena, owners_id_end(resource->parent)));
}

static void read_names(Reader *reader) {
    const OwnersBill *bill = reader->bill;
    reader->names = clue_table_make(reader->arena, bill->resource_count);
    for (size_t r = 0; r < bill->resource_count; r++) {
        const char *parts[] = {bill->resources[r].account, text_lower(reader->arena, owners_id_end(bill->resources[r].id))};
        clue_table_add(reader->names, SIGNAL_LINK, parts, 2, NULL);
    }
}

static void read_labels(Reader *reader, const OwnersResource *resource) {
    for (size_t i = 0; i < reader->bill->label_count; i++) {
        const char *value = resource->labels[i];
        if (!value) continue;
        show_text(reader, SIGNAL_LABELS + (int)i, value, (int)i);
        if (reader->bill->labels[i].class != LABEL_CREATOR) read_words(reader, value, (int)i);
    }
}

/* --- what an untagged resource has of its untagged kin --- */

static bool is_heritable(const Clues *clues, const Sign *sign) {
    const int signal = clues->clues[sign->clue].signal;
    return !sign->inherited && (signal >= SIGNAL_LABELS || clues->signals[signal].factor == FACTOR_NAME);
}

/* Resources that share a clue of kinship: of clue c, members[starts[c]] to members[starts[c + 1]]. */
typedef struct {
    size_t *starts, *members;
} Kin;

static bool is_kin_clue(const Clues *clues, int clue) {
    const int signal = clues->clues[clue].signal;
    return signal == SIGNAL_LINK || signal == SIGNAL_PAIR_SPAN;
}

static Kin find_kin(Arena *arena, const Clues *clues) {
    Kin kin = {.starts = arena_array(arena, clues->clue_count + 1, sizeof *kin.starts)};
    size_t *fill = arena_array(arena, clues->clue_count + 1, sizeof *fill), total = 0;
    for (size_t i = 0; i < clues->sign_count; i++)
        if (is_kin_clue(clues, clues->signs[i].clue)) kin.starts[clues->signs[i].clue]++;
    for (size_t c = 0; c <= clues->clue_count; c++) {
        const size_t own = c < clues->clue_count ? kin.starts[c] : 0;
        kin.starts[c] = fill[c] = total;
        total += own;
    }
    kin.members = arena_array(arena, total + 1, sizeof *kin.members);
    for (size_t r = 0; r < clues->bill->resource_count; r++)
        for (size_t i = clues->starts[r]; i < clues->starts[r + 1]; i++)
            if (is_kin_clue(clues, clues->signs[i].clue)) kin.members[fill[clues->signs[i].clue]++] = r;
    return kin;
}

/* Names that only things of one kind share are no links: every team has a repository "api". Made-up marks are. */
static bool is_link(const Clues *clues, const Kin *kin, int clue) {
    const size_t from = kin->starts[clue], to = kin->starts[clue + 1];
    if (owners_name_is_mark(clues->clues[clue].text)) return true;
    for (size_t m = from + 1; m < to; m++)
        if (!text_equal(clues->bill->resources[kin->members[m]].kind, clues->bill->resources[kin->members[from]].kind))
            return true;
    return false;
}

/* One instance, and no more disks and addresses than one has: they came and went together. */
static bool is_one_machine(const Clues *clues, const Kin *kin, int clue) {
    size_t instances = 0;
    for (size_t m = kin->starts[clue]; m < kin->starts[clue + 1]; m++)
        instances += text_equal(clues->bill->resources[kin->members[m]].kind, "i");
    return instances == 1 && kin->starts[clue + 1] - kin->starts[clue] <= PAIR_MOST;
}

static void inherit(Reader *reader, const Clues *own, const Kin *kin, size_t resource, int clue) {
    const size_t from = kin->starts[clue], to = kin->starts[clue + 1];
    if (own->clues[clue].signal == SIGNAL_LINK ? to - from > KIN_MOST || !is_link(own, kin, clue)
                                               : !is_one_machine(own, kin, clue))
        return;
    for (size_t m = from; m < to; m++) {
        const size_t other = kin->members[m];
        if (other == resource || own->bill->resources[other].owner != OWNER_NONE) continue;
        for (size_t i = own->starts[other]; i < own->starts[other + 1]; i++)
            if (is_heritable(own, &own->signs[i])) add_sign(reader, own->signs[i].clue, own->signs[i].from, true);
    }
}

/* Names and tags of untagged kin speak for an untagged resource; what tagged kin are worth is counted by the clue of kinship itself. */
static void inherit_all(Reader *reader) {
    Clues own = *reader->clues, *all = reader->clues;
    const Kin kin = find_kin(reader->arena, &own);
    all->signs = arena_array(reader->arena, reader->room, sizeof *all->signs);
    all->starts = arena_array(reader->arena, own.bill->resource_count + 1, sizeof *all->starts);
    all->sign_count = 0;
    for (size_t r = 0; r < own.bill->resource_count; r++) {
        all->starts[r] = reader->before = all->sign_count;
        for (size_t i = own.starts[r]; i < own.starts[r + 1]; i++) {
            const int clue = own.signs[i].clue;
            if (own.clues[clue].signal != SIGNAL_LINK || is_link(&own, &kin, clue))
                add_sign(reader, clue, own.signs[i].from, false);
        }
        if (own.bill->resources[r].owner != OWNER_NONE) continue;
        for (size_t i = own.starts[r]; i < own.starts[r + 1]; i++)
            if (is_kin_clue(&own, own.signs[i].clue)) inherit(reader, &own, &kin, r, own.signs[i].clue);
    }
    all->starts[own.bill->resource_count] = all->sign_count;
}

void owners_clues_read(Arena *arena, const OwnersBill *bill, Clues *out) {
    enum { USUAL_SIGNS = 16 };
    *out = (Clues){.bill = bill, .signal_count = SIGNAL_LABELS + bill->label_count};
    out->signals = arena_array(arena, out->signal_count, sizeof *out->signals);
    memcpy(out->signals, signals, sizeof signals);
    for (size_t i = 0; i < bill->label_count; i++)
        out->signals[SIGNAL_LABELS + i] = (Signal){label_factors[bill->labels[i].class], false, 1, {0}};
    for (size_t i = 0; i < out->signal_count; i++)
        for (size_t cell = 0; cell < TRUST_CELLS; cell++) out->signals[i].trust[cell] = out->signals[i].pseudo;
    owners_edges_find(arena, bill, out);
    Reader reader = {.arena = arena, .bill = bill, .clues = out, .room = (bill->resource_count + 1) * USUAL_SIGNS};
    reader.table = clue_table_make(arena, bill->resource_count * 4);
    read_names(&reader);
    out->signs = arena_array(arena, reader.room, sizeof *out->signs);
    out->starts = arena_array(arena, bill->resource_count + 1, sizeof *out->starts);
    for (size_t r = 0; r < bill->resource_count; r++) {
        const OwnersResource *resource = &bill->resources[r];
        out->starts[r] = reader.before = out->sign_count;
        read_kind(&reader, resource, out->first_known[r]);
        read_times(&reader, r);
        read_profile(&reader, resource);
        read_links(&reader, resource);
        read_labels(&reader, resource);
        read_words(&reader, owners_id_name(resource->id), FROM_ITSELF);
        if (!text_is_empty(resource->name)) read_words(&reader, resource->name, FROM_NAME_TAG);
    }
    out->starts[bill->resource_count] = out->sign_count;
    out->clues = clue_table_clues(reader.table);
    out->clue_count = clue_table_count(reader.table);
    inherit_all(&reader);
    out->tagged_shares = owners_tagged_shares(arena, out);
}
