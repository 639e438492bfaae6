#include <stdlib.h>

#include "investigate/owners_model.h"

enum { APART_LEAST = 60 };

static int compare_outcomes(const void *a, const void *b) {
    const Outcome *x = a, *y = b;
    if (x->score < y->score) return -1;
    if (x->score > y->score) return 1;
    return (x->order > y->order) - (x->order < y->order);
}

typedef struct {
    double weight, right, score; /* score: weighted mean */
} Block;

static double value_of(const Block *block) {
    return block->right / block->weight;
}

static void fit(Arena *arena, const Outcome *outcomes, size_t count, Calibration *out) {
    Outcome *sorted = arena_array(arena, count + 1, sizeof *sorted);
    Block *blocks = arena_array(arena, count + 1, sizeof *blocks);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) sorted[i] = outcomes[i];
    qsort(sorted, count, sizeof *sorted, compare_outcomes);
    for (size_t i = 0; i < count; i++) {
        const Outcome *one = &sorted[i];
        if (one->weight <= 0) continue;
        blocks[kept++] = (Block){one->weight, one->right ? one->weight : 0, one->score * one->weight};
        while (kept > 1 && value_of(&blocks[kept - 2]) >= value_of(&blocks[kept - 1])) {
            blocks[kept - 2].weight += blocks[kept - 1].weight;
            blocks[kept - 2].right += blocks[kept - 1].right;
            blocks[kept - 2].score += blocks[kept - 1].score;
            kept--;
        }
    }
    *out = (Calibration){.scores = arena_array(arena, kept + 1, sizeof(double)),
                         .values = arena_array(arena, kept + 1, sizeof(double))};
    for (size_t i = 0; i < kept; i++) {
        out->scores[i] = blocks[i].score / blocks[i].weight;
        out->values[i] = (blocks[i].right + 1) / (blocks[i].weight + 2);
        if (i && out->values[i] < out->values[i - 1]) out->values[i] = out->values[i - 1];
    }
    out->count = kept;
    const double top = kept ? blocks[kept - 1].weight : 0;
    out->most = top > 2 ? (top - 1) / top : 0.5;
}

/* Between the middles of two steps the value goes straight from one to the other. */
static double read_curve(const Calibration *calibration, double score) {
    const size_t count = calibration->count;
    size_t i = 0;
    double value = 0;
    if (!count) return 0;
    while (i < count && calibration->scores[i] < score) i++;
    if (i == 0)
        value = calibration->values[0];
    else if (i == count)
        value = calibration->values[count - 1];
    else {
        const double width = calibration->scores[i] - calibration->scores[i - 1];
        const double part = width > 0 ? (score - calibration->scores[i - 1]) / width : 1;
        value = calibration->values[i - 1] + part * (calibration->values[i] - calibration->values[i - 1]);
    }
    return value > calibration->most ? calibration->most : value;
}

void owners_calibrate(Arena *arena, const Outcome *outcomes, size_t count, Calibrations *out) {
    Outcome *tied = arena_array(arena, count + 1, sizeof *tied), *untied = arena_array(arena, count + 1, sizeof *untied);
    size_t tied_count = 0, untied_count = 0;
    for (size_t i = 0; i < count; i++)
        if (outcomes[i].tied)
            tied[tied_count++] = outcomes[i];
        else
            untied[untied_count++] = outcomes[i];
    *out = (Calibrations){.apart = tied_count >= APART_LEAST && untied_count >= APART_LEAST};
    fit(arena, outcomes, count, &out->all);
    fit(arena, tied, tied_count, &out->tied);
    fit(arena, untied, untied_count, &out->untied);
}

double owners_calibrated(const Calibrations *calibrations, double score, bool tied) {
    if (!calibrations->apart) return read_curve(&calibrations->all, score);
    return read_curve(tied ? &calibrations->tied : &calibrations->untied, score);
}
