/* question/grammar.c: see question/grammar.h. */
#include "question/grammar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/knowledge.h"
#include "base/text.h"

#define EXPANDED_RULES 2000

typedef struct {
    Arena *arena;
    Grammar *grammar;
    Rule *rules;
} Loader;

/* A mistake in our own table. */
static void broken(const char *what, const char *where) {
    fprintf(stderr, "curlew: grammar.tsv: %s: %s\n", what, where);
    abort();
}

static int intern(Grammar *grammar, const char *name) {
    int known = grammar_symbol(grammar, name);
    if (known >= 0) return known;
    if (grammar->symbol_count >= GRAMMAR_SYMBOLS) broken("too many symbols", name);
    grammar->symbols[grammar->symbol_count] = name;
    return (int)grammar->symbol_count++;
}

int grammar_symbol(const Grammar *grammar, const char *name) {
    for (size_t i = 0; i < grammar->symbol_count; i++)
        if (text_equal(grammar->symbols[i], name)) return (int)i;
    return -1;
}

/* Adds the rule for every choice of the atoms from `at` on. */
static void expand(Loader *loader, Rule rule, const char *const *atoms, size_t count, size_t at) {
    Grammar *grammar = loader->grammar;
    if (at == count) {
        if (rule.atom_count == 0 || grammar->rule_count >= EXPANDED_RULES)
            broken("empty or too many rules", grammar->symbols[rule.symbol]);
        loader->rules[grammar->rule_count++] = rule;
        return;
    }
    bool optional = text_ends(atoms[at], "?");
    const char *text = optional ? arena_text_n(loader->arena, atoms[at], strlen(atoms[at]) - 1) : atoms[at];
    if (optional) expand(loader, rule, atoms, count, at + 1);
    if (rule.atom_count >= GRAMMAR_ATOMS) broken("too long", grammar->symbols[rule.symbol]);
    size_t choices = 0;
    const char **names = text_split(loader->arena, text, '|', &choices);
    for (size_t i = 0; i < choices; i++) {
        Rule longer = rule;
        longer.atoms[longer.atom_count++] = intern(grammar, names[i]);
        expand(loader, longer, atoms, count, at + 1);
    }
}

static void index_rules(Loader *loader) {
    Grammar *grammar = loader->grammar;
    size_t *numbers = arena_array(loader->arena, grammar->rule_count, sizeof *numbers);
    size_t filled = 0;
    for (size_t s = 0; s < grammar->symbol_count; s++) {
        grammar->first_start[s] = filled;
        for (size_t r = 0; r < grammar->rule_count; r++)
            if (loader->rules[r].atoms[0] == (int)s) numbers[filled++] = r;
    }
    for (size_t s = grammar->symbol_count; s <= GRAMMAR_SYMBOLS; s++) grammar->first_start[s] = filled;
    grammar->first_rules = numbers;
    grammar->rules = loader->rules;
}

const Grammar *grammar_load(Arena *arena) {
    const Knowledge *table = knowledge_table(arena, "grammar.tsv");
    Grammar *grammar = arena_alloc(arena, sizeof *grammar);
    Loader loader = {.arena = arena, .grammar = grammar, .rules = arena_array(arena, EXPANDED_RULES, sizeof(Rule))};
    static const char *const ANNOTATIONS[] = {"VALUE",    "CONCEPT", "MEASURE", "TIME",   "NUM",    "MONEY", "PERCENT",
                                              "NUMVALUE", "NOVALUE", "STOP",    "REFUSE", "TAGKEY", "DIM"};
    for (size_t i = 0; i < sizeof ANNOTATIONS / sizeof *ANNOTATIONS; i++) intern(grammar, ANNOTATIONS[i]);
    for (size_t row = 0; row < table->row_count; row++) {
        const char *symbol = knowledge_field(table, row, "symbol"), *pattern = knowledge_field(table, row, "pattern");
        Rule rule = {.symbol = intern(grammar, symbol), .weight = strtof(knowledge_field(table, row, "weight"), NULL)};
        rule.action = frame_action(arena, knowledge_field(table, row, "action"));
        if (!rule.action) broken("unknown action", pattern);
        size_t count = 0;
        const char **atoms = text_split(arena, pattern, ' ', &count);
        expand(&loader, rule, atoms, count, 0);
    }
    grammar->part = intern(grammar, "Part");
    grammar->scope = intern(grammar, "Scope");
    index_rules(&loader);
    return grammar;
}
