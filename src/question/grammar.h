/* question/grammar.h: the rules of tables/grammar.tsv, ready for the chart parser. */
#ifndef CURLEW_QUESTION_GRAMMAR_H
#define CURLEW_QUESTION_GRAMMAR_H

#include <stddef.h>

#include "base/arena.h"
#include "question/frame.h"

#define GRAMMAR_SYMBOLS 200
#define GRAMMAR_ATOMS 8

typedef struct {
    int symbol;
    size_t atom_count;
    int atoms[GRAMMAR_ATOMS];
    const FrameAction *action;
    float weight;
} Rule;

typedef struct {
    size_t symbol_count;
    const char *symbols[GRAMMAR_SYMBOLS];
    size_t rule_count;
    const Rule *rules;
    /* Rules by their first symbol: rule numbers first_rules[first_start[s]] … up to first_start[s + 1]. */
    size_t first_start[GRAMMAR_SYMBOLS + 1];
    const size_t *first_rules;
    int part, scope; /* symbols the parser treats by name */
} Grammar;

/* Reads the table. Alternatives and optional symbols are expanded into plain rules. */
const Grammar *grammar_load(Arena *arena);

/* The number of a symbol, -1 when no rule and no earlier call knows it. */
int grammar_symbol(const Grammar *grammar, const char *name);

#endif
