#include "investigate/owners_suspects.h"

#include <math.h>
#include <string.h>

enum { CLUES_EACH = 64, FURTHER_CLUES = 3 };
static const double evidence_most = 6; /* no clue alone says more than 400 to 1 */

struct SuspectReader {
    const Tally *tally;
    /* scratch, per owner */
    double *counts, *account;
    int *owners, *met;
    bool *is_met;
    float (*evidence)[FACTOR_COUNT];
    double *rough;
    size_t met_count;
    float other[FACTOR_COUNT];
    double account_other;
};

SuspectReader *owners_suspects_reader(Arena *arena, const Tally *tally) {
    SuspectReader *reader = arena_alloc(arena, sizeof *reader);
    const size_t count = tally->owner_count + 1;
    *reader = (SuspectReader){.tally = tally,
                              .counts = arena_array(arena, count, sizeof *reader->counts),
                              .account = arena_array(arena, count, sizeof *reader->account),
                              .owners = arena_array(arena, count, sizeof *reader->owners),
                              .met = arena_array(arena, count, sizeof *reader->met),
                              .is_met = arena_array(arena, count, sizeof *reader->is_met),
                              .evidence = arena_array(arena, count, sizeof *reader->evidence),
                              .rough = arena_array(arena, count, sizeof *reader->rough)};
    return reader;
}

static void meet(SuspectReader *reader, int owner) {
    if (reader->is_met[owner]) return;
    reader->is_met[owner] = true;
    reader->met[reader->met_count++] = owner;
    memcpy(reader->evidence[owner], reader->other, sizeof reader->other);
}

/* Who owns the account: its tagged resources, drawn towards the whole bill. */
static void read_account(SuspectReader *reader, int clue, int mask) {
    const Tally *tally = reader->tally;
    const double *shares = tally->shares[mask];
    size_t count = 0;
    const double sum = owners_tally_read(tally, clue, mask, reader->owners, reader->counts, &count);
    const double weight = ACCOUNT_PSEUDO / (sum + ACCOUNT_PSEUDO);
    for (size_t k = 0; k < tally->owner_count; k++) reader->account[k] = weight * shares[k];
    const double known = 1 - tally->unseen[mask];
    reader->account_other = weight * tally->unseen[mask] + (1 - weight) * tally->unseen[mask];
    for (size_t i = 0; i < count; i++) {
        const int owner = reader->owners[i];
        reader->account[owner] += known * reader->counts[owner] / (sum + ACCOUNT_PSEUDO);
        reader->counts[owner] = 0;
        meet(reader, owner);
    }
}

typedef struct {
    int clue;
    bool inherited, in_account;
    double pseudo, sum, information;
} Found;

static double ratio(const SuspectReader *reader, const Found *found, int owner, int mask) {
    const double base = found->in_account ? reader->account[owner] : reader->tally->shares[mask][owner];
    const double share = (reader->counts[owner] + found->pseudo * base) / (found->sum + found->pseudo);
    const double evidence = log(share / base);
    return evidence > evidence_most ? evidence_most : evidence < -evidence_most ? -evidence_most : evidence;
}

static double other_ratio(const Found *found) {
    const double evidence = log(found->pseudo / (found->sum + found->pseudo));
    return evidence < -evidence_most ? -evidence_most : evidence;
}

/* How far the clue moves the expectation, as Kullback-Leibler divergence. */
static void weigh(SuspectReader *reader, const Signal *about, Found *found, int mask) {
    size_t count = 0;
    double seen = 0, information = 0, most = 0;
    found->sum = owners_tally_read(reader->tally, found->clue, mask, reader->owners, reader->counts, &count);
    for (size_t i = 0; i < count; i++)
        if (reader->counts[reader->owners[i]] > most) most = reader->counts[reader->owners[i]];
    found->pseudo = about->trust[owners_tally_cell(found->sum, most)];
    for (size_t i = 0; i < count; i++) {
        const int owner = reader->owners[i];
        const double base = found->in_account ? reader->account[owner] : reader->tally->shares[mask][owner];
        const double share = (reader->counts[owner] + found->pseudo * base) / (found->sum + found->pseudo);
        information += share * log(share / base);
        seen += share;
        reader->counts[owner] = 0;
    }
    if (seen < 1) information += (1 - seen) * log(found->pseudo / (found->sum + found->pseudo));
    found->information = count ? information : 0;
}

static void add_evidence(SuspectReader *reader, const Found *found, Factor factor, int mask) {
    size_t count = 0;
    owners_tally_read(reader->tally, found->clue, mask, reader->owners, reader->counts, &count);
    for (size_t i = 0; i < count; i++) meet(reader, reader->owners[i]);
    const float other = (float)other_ratio(found);
    for (size_t i = 0; i < reader->met_count; i++) {
        const int owner = reader->met[i];
        const double value = reader->counts[owner] > 0 ? ratio(reader, found, owner, mask) : (double)other;
        reader->evidence[owner][factor] += (float)value;
    }
    reader->other[factor] += other;
    for (size_t i = 0; i < count; i++) reader->counts[reader->owners[i]] = 0;
}

/* The most telling clue of a factor counts; those after it, where the factor has room for them, count as one of their own. */
static void read_factor(SuspectReader *reader, Found *found, size_t count, Factor factor, Factor further, int mask,
                        Lineup *out) {
    for (size_t rank = 0; rank <= FURTHER_CLUES && count; rank++) {
        size_t best = 0;
        for (size_t i = 1; i < count; i++)
            if (found[i].information > found[best].information) best = i;
        if (found[best].sum <= 0) return;
        const Factor target = rank ? further : factor;
        if (!rank || further != factor) add_evidence(reader, &found[best], target, mask);
        if (out->grounds[target].clue < 0)
            out->grounds[target] = (Ground){found[best].clue, found[best].sum, found[best].inherited};
        if (further == factor) return;
        found[best] = found[--count];
    }
}

static Factor further_of(Factor factor) {
    return factor == FACTOR_NAME ? FACTOR_NAMES : factor == FACTOR_TAG ? FACTOR_TAGS : factor;
}

static bool is_seen(const Masks *masks, size_t resource, const Sign *sign, bool hidden) {
    return !hidden || sign->from == FROM_ITSELF || (masks->visible[resource] >> sign->from & 1);
}

/* --- the suspects that are kept --- */

static void write_suspects(Arena *arena, SuspectReader *reader, int mask, Lineup *out) {
    const Tally *tally = reader->tally;
    double rest = 1;
    for (size_t i = 0; i < reader->met_count; i++) {
        double sum = log(reader->account[reader->met[i]]);
        for (size_t f = FACTOR_PLACE; f < FACTOR_COUNT; f++) sum += (double)reader->evidence[reader->met[i]][f];
        reader->rough[i] = sum;
    }
    const size_t count = reader->met_count < SUSPECTS ? reader->met_count : SUSPECTS;
    out->suspects = arena_array(arena, count + 1, sizeof *out->suspects);
    for (size_t rank = 0; rank < count; rank++) {
        size_t best = rank;
        for (size_t i = rank + 1; i < reader->met_count; i++)
            if (reader->rough[i] > reader->rough[best] ||
                (reader->rough[i] >= reader->rough[best] && reader->met[i] < reader->met[best]))
                best = i;
        const int owner = reader->met[best];
        reader->met[best] = reader->met[rank];
        reader->met[rank] = owner;
        const double rough = reader->rough[best];
        reader->rough[best] = reader->rough[rank];
        reader->rough[rank] = rough;
        Suspect *suspect = &out->suspects[rank];
        suspect->owner = owner;
        memcpy(suspect->evidence, reader->evidence[owner], sizeof suspect->evidence);
        suspect->evidence[FACTOR_PRIOR] = (float)log(reader->account[owner]);
        rest -= reader->account[owner];
    }
    const double least = tally->unseen[mask];
    Suspect *other = &out->suspects[count];
    other->owner = SUSPECT_OTHER;
    memcpy(other->evidence, reader->other, sizeof other->evidence);
    other->evidence[FACTOR_PRIOR] = (float)log(rest > least ? rest : least);
    out->suspect_count = count + 1;
    for (size_t i = 0; i < reader->met_count; i++) reader->is_met[reader->met[i]] = false;
    reader->met_count = 0;
}

void owners_suspects_find(Arena *arena, SuspectReader *reader, size_t resource, int mask, Lineup *out) {
    const Tally *tally = reader->tally;
    const Clues *clues = tally->clues;
    const bool hidden = clues->bill->resources[resource].owner != OWNER_NONE;
    Found found[FACTOR_COUNT][CLUES_EACH];
    size_t counts[FACTOR_COUNT] = {0};
    *out = (Lineup){.resource = resource};
    memset(reader->other, 0, sizeof reader->other);
    for (size_t f = 0; f < FACTOR_COUNT; f++) out->grounds[f].clue = -1;
    for (size_t i = clues->starts[resource]; i < clues->starts[resource + 1]; i++) {
        const Sign *sign = &clues->signs[i];
        const int signal = clues->clues[sign->clue].signal;
        const Signal *about = &clues->signals[signal];
        if (signal == SIGNAL_ACCOUNT) {
            read_account(reader, sign->clue, mask);
            continue;
        }
        if (!is_seen(tally->masks, resource, sign, hidden)) continue;
        Found *one = &found[about->factor][counts[about->factor]];
        *one = (Found){.clue = sign->clue, .inherited = sign->inherited, .in_account = about->in_account};
        weigh(reader, about, one, mask);
        if (signal == SIGNAL_START) out->siblings = one->sum;
        if (counts[about->factor] < CLUES_EACH - 1 && one->sum > 0) counts[about->factor]++;
    }
    for (size_t f = FACTOR_PLACE; f < FACTOR_COUNT; f++)
        read_factor(reader, found[f], counts[f], (Factor)f, further_of((Factor)f), mask, out);
    write_suspects(arena, reader, mask, out);
}
