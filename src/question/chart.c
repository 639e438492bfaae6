/* question/chart.c: see question/chart.h. */
#include "question/chart.h"

#include <string.h>

#include "base/text.h"

#define CHART_ITEMS 4000      /* phrases of one question */
#define CHART_EDGES 12000     /* rules under way */
#define CHART_SAME 4          /* readings kept of one kind of phrase over one span */
#define CHART_PART_COST 0.25f /* fewer, larger phrases are preferred */
#define CHART_SKIP_COST 10.0f
#define CHART_STOP_COST 0.02f

typedef struct {
    int symbol;
    size_t from, to;
    float score;
    const Frame *frame;
    const char *assumed;
} Item;

/* A rule whose first `dot` symbols were found over [from, to). */
typedef struct {
    const Rule *rule;
    size_t dot, from, to;
    float score;
    const Frame *parts[GRAMMAR_ATOMS];
    const char *assumed;
    int next; /* the edge before it that ends at the same place, or -1 */
} Edge;

typedef struct {
    const Lattice *lattice;
    size_t length;
    Item *items;
    size_t item_count;
    int *last_at; /* of each end: the newest item there */
    Edge *edges;
    size_t edge_count;
    int ends[QUESTION_TOKENS + 1];                        /* of each end: the newest edge there */
    uint8_t wanted[QUESTION_TOKENS + 1][GRAMMAR_SYMBOLS]; /* an edge ending here needs this symbol next */
    size_t queue_start;
    size_t starts[QUESTION_TOKENS + 1];
} Chart;

/* The first token before `at` from which only stop words lead to it. */
static size_t reach(const Chart *chart, size_t at) {
    while (at > 0 && chart->lattice->stop[at - 1]) at--;
    return at;
}

static bool same_frame(const Frame *a, const Frame *b) {
    return memcmp(a, b, sizeof *a) == 0;
}

/* Adds a phrase unless CHART_SAME better ones of its kind span the same words. */
static void add_item(Chart *chart, int symbol, size_t from, size_t to, float score, const Frame *frame, const char *assumed) {
    size_t same = 0;
    Item *worst = NULL;
    for (size_t i = chart->queue_start; i < chart->item_count; i++) {
        Item *have = &chart->items[i];
        if (have->symbol != symbol || have->from != from || have->to != to) continue;
        if (same_frame(have->frame, frame)) {
            if (have->score >= score) return;
        } else {
            same++;
            if (!worst || have->score < worst->score) worst = have;
        }
    }
    if (same >= CHART_SAME && worst && worst->score >= score) return;
    if (chart->item_count >= CHART_ITEMS) return;
    Frame *kept = arena_alloc(chart->lattice->context.arena, sizeof *kept);
    *kept = *frame;
    chart->items[chart->item_count++] =
        (Item){.symbol = symbol, .from = from, .to = to, .score = score, .frame = kept, .assumed = assumed};
}

static void complete(Chart *chart, const Edge *edge) {
    Frame frame;
    if (!frame_act(&chart->lattice->context, edge->rule->action, edge->parts, edge->dot, &frame)) return;
    add_item(chart, edge->rule->symbol, edge->from, edge->to, edge->score + edge->rule->weight, &frame, edge->assumed);
}

static void advance(Chart *chart, const Edge *base, const Item *item, size_t skipped) {
    Edge edge = *base;
    edge.parts[edge.dot++] = item->frame;
    edge.to = item->to;
    edge.score += item->score - CHART_STOP_COST * (float)skipped;
    if (item->assumed) edge.assumed = item->assumed;
    if (edge.dot == edge.rule->atom_count) {
        complete(chart, &edge);
        return;
    }
    if (chart->edge_count >= CHART_EDGES) return;
    edge.next = chart->ends[edge.to];
    chart->ends[edge.to] = (int)chart->edge_count;
    chart->wanted[edge.to][edge.rule->atoms[edge.dot]] = 1;
    chart->edges[chart->edge_count++] = edge;
}

/* Rows of parts within a phrase are built only where a rule waits for one, or from the start of the question. */
static bool may_start(const Chart *chart, const Rule *rule, size_t from) {
    if (rule->symbol != chart->lattice->lexicon->grammar->scope) return true;
    size_t first = reach(chart, from);
    if (first == 0) return true;
    for (size_t at = first; at <= from; at++)
        if (chart->wanted[at][rule->symbol]) return true;
    return false;
}

/* Starts the rules that begin with `item`, and advances those that wait for it. */
static void spread(Chart *chart, const Item item) {
    const Grammar *grammar = chart->lattice->lexicon->grammar;
    for (size_t r = grammar->first_start[item.symbol]; r < grammar->first_start[item.symbol + 1]; r++) {
        const Rule *rule = &grammar->rules[grammar->first_rules[r]];
        if (!may_start(chart, rule, item.from)) continue;
        Edge edge = {.rule = rule, .from = item.from, .to = item.from, .next = -1};
        advance(chart, &edge, &item, 0);
    }
    size_t first = reach(chart, item.from);
    for (size_t at = item.from + 1; at-- > first;) {
        if (!chart->wanted[at][item.symbol]) continue;
        for (int e = chart->ends[at]; e >= 0; e = chart->edges[e].next) {
            const Edge edge = chart->edges[e];
            if (edge.rule->atoms[edge.dot] == item.symbol) advance(chart, &edge, &item, item.from - at);
        }
    }
}

/* Phrases that end at `to`, from short to long: what they need to their left ends before `to`, so it is there already. */
static void build_ending(Chart *chart, size_t to) {
    chart->queue_start = chart->item_count;
    for (size_t from = to; from-- > 0;) {
        size_t next = chart->item_count;
        for (size_t m = 0; m < chart->lattice->count; m++) {
            const Meaning *meaning = &chart->lattice->items[m];
            if (meaning->from == from && meaning->to == to)
                add_item(chart, meaning->symbol, from, to, meaning->score, &meaning->frame, meaning->assumed);
        }
        for (; next < chart->item_count; next++) spread(chart, chart->items[next]);
    }
    chart->starts[to] = chart->queue_start;
}

/* --- the row of parts --- */

typedef struct {
    size_t count;
    ChartReading *states;
} Beam;

/* Keeps the best CHART_READINGS states, each meaning once. */
static void beam_add(Arena *arena, Beam *beam, const ChartReading *state) {
    if (!beam->states) beam->states = arena_array(arena, CHART_READINGS + 1, sizeof *beam->states);
    size_t place = beam->count;
    for (size_t i = 0; i < beam->count; i++) {
        if (!same_frame(&beam->states[i].frame, &state->frame) || beam->states[i].skipped != state->skipped) continue;
        if (beam->states[i].score >= state->score) return;
        memmove(&beam->states[i], &beam->states[i + 1], (beam->count - i - 1) * sizeof *beam->states);
        beam->count--;
        place = beam->count;
        break;
    }
    while (place > 0 && beam->states[place - 1].score < state->score) place--;
    if (place >= CHART_READINGS) return;
    size_t moved = (beam->count < CHART_READINGS ? beam->count : CHART_READINGS - 1) - place;
    memmove(&beam->states[place + 1], &beam->states[place], moved * sizeof *beam->states);
    beam->states[place] = *state;
    if (beam->count < CHART_READINGS) beam->count++;
}

static void extend(const Chart *chart, Beam *beams, const Item *part) {
    Arena *arena = chart->lattice->context.arena;
    const Beam *before = &beams[part->from];
    for (size_t i = 0; i < before->count; i++) {
        ChartReading next = before->states[i];
        if (!frame_merge(&chart->lattice->context, &before->states[i].frame, part->frame, &next.frame)) continue;
        next.score += part->score - CHART_PART_COST;
        if (part->assumed && next.assumed_count < 4) next.assumed[next.assumed_count++] = part->assumed;
        beam_add(arena, &beams[part->to], &next);
    }
}

static void skip(const Chart *chart, Beam *beams, size_t at) {
    bool stop = chart->lattice->stop[at];
    for (size_t i = 0; i < beams[at].count; i++) {
        ChartReading next = beams[at].states[i];
        next.score -= stop ? CHART_STOP_COST : CHART_SKIP_COST;
        if (!stop) next.skipped |= UINT64_C(1) << at;
        beam_add(chart->lattice->context.arena, &beams[at + 1], &next);
    }
}

size_t chart_parse(const Lattice *lattice, ChartReading *readings) {
    Arena *arena = lattice->context.arena;
    Chart *chart = arena_alloc(arena, sizeof *chart);
    chart->lattice = lattice;
    chart->length = lattice->tokens.count;
    chart->items = arena_array(arena, CHART_ITEMS, sizeof *chart->items);
    chart->edges = arena_array(arena, CHART_EDGES, sizeof *chart->edges);
    for (size_t i = 0; i <= QUESTION_TOKENS; i++) chart->ends[i] = -1;
    for (size_t to = 1; to <= chart->length; to++) build_ending(chart, to);
    Beam *beams = arena_array(arena, chart->length + 1, sizeof *beams);
    ChartReading start;
    memset(&start, 0, sizeof start);
    beam_add(arena, &beams[0], &start);
    for (size_t to = 1; to <= chart->length; to++) {
        skip(chart, beams, to - 1);
        size_t end = to < chart->length ? chart->starts[to + 1] : chart->item_count;
        for (size_t i = chart->starts[to]; i < end; i++)
            if (chart->items[i].symbol == lattice->lexicon->grammar->part) extend(chart, beams, &chart->items[i]);
    }
    const Beam *last = &beams[chart->length];
    memcpy(readings, last->states, last->count * sizeof *readings);
    return last->count;
}
