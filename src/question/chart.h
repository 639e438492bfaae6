/* question/chart.h: the parser: readings of a whole question, best first.
 *
 * Bottom-up over the lattice: phrases of tables/grammar.tsv are built span by span (words of kind STOP may stand between), then the
 * question is read as a row of phrases of kind "Part" whose meanings merge. Words that no phrase takes cost so much that a reading
 * without them wins only when there is no other; such a reading is a decline, and says which words. */
#ifndef CURLEW_QUESTION_CHART_H
#define CURLEW_QUESTION_CHART_H

#include <stdint.h>

#include "question/lattice.h"

#define CHART_READINGS 12

typedef struct {
    float score;
    uint64_t skipped; /* bit per token that no phrase took */
    Frame frame;
    const char *assumed[4]; /* of the values read loosely */
    size_t assumed_count;
} ChartReading;

/* At most CHART_READINGS readings; there is always at least one (which may skip everything). */
size_t chart_parse(const Lattice *lattice, ChartReading *readings);

#endif
