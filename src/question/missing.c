/* question/missing.c: see question/missing.h. */
#include "question/missing.h"

#include <string.h>

#include "base/text.h"

bool lattice_is_value(const Lattice *lattice, size_t from, size_t to) {
    for (size_t i = 0; i < lattice->count; i++)
        if (lattice->items[i].from == from && lattice->items[i].to == to && lattice->items[i].value) return true;
    return false;
}

/* Words before a noun that never name one of its values. */
bool lattice_is_functional(const Lattice *lattice, size_t at) {
    static const char *const KINDS[] = {
        "COSTLY",  "CHEAP",    "TOP",       "BOTTOM", "MOST",   "LEAST",  "EACH",    "BY",      "WHICH",  "HOWMANY", "LISTW",
        "NO",      "HAS",      "WHERE",     "NEG",    "AND",    "OR",     "COMMA",   "FROM",    "TO",     "NEWW",    "UNTAGGED",
        "AVG",     "ALLOF",    "TAGWORD",   "NUM",    "TIME",   "FILLER", "ONLY",    "SHAREOF", "VS",     "COMPARE", "COST",
        "HOWMUCH", "UNIT",     "GRAINADJ",  "OVER",   "UNDER",  "SLASH",  "DIM",     "FASTEST", "DURING", "SUM",     "TOGETHER",
        "NAMED",   "SPENDERS", "BREAKDOWN", "SINCE",  "UNTILW", "RATHER", "BETWEEN", "STOP"};
    const Grammar *grammar = lattice->lexicon->grammar;
    if (lattice->stop[at] || lattice->tokens.items[at].kind == TOKEN_MARK) return true;
    for (size_t i = 0; i < lattice->count; i++) {
        const Meaning *meaning = &lattice->items[i];
        bool phrase = meaning->to - meaning->from > 1 && meaning->symbol == lattice->lexicon->filler;
        if (at < meaning->from || at >= meaning->to || phrase) continue;
        for (size_t k = 0; k < sizeof KINDS / sizeof *KINDS; k++)
            if (text_equal(grammar->symbols[meaning->symbol], KINDS[k])) return true;
    }
    return false;
}

/* Whether some meaning over token `at` is a value of the column, or one that the noun may stand beside. */
static bool has_value_of(const Lattice *lattice, size_t at, const char *dimension) {
    for (size_t i = 0; i < lattice->count; i++) {
        const Meaning *meaning = &lattice->items[i];
        if (at < meaning->from || at >= meaning->to || meaning->frame.condition_count != 1) continue;
        const Condition *condition = &meaning->frame.conditions[0];
        if (condition->dimension && frame_same_dimension(lattice->lexicon->catalog, condition->dimension, dimension))
            return true;
    }
    return false;
}

static bool covered_longer(const Lattice *lattice, size_t from, size_t to) {
    for (size_t i = 0; i < lattice->count; i++)
        if (lattice->items[i].from <= from && lattice->items[i].to >= to &&
            lattice->items[i].symbol != lattice->lexicon->novalue)
            return true;
    return false;
}

static void add_missing(Lattice *lattice, size_t from, size_t to, size_t word, const char *dimension, float score) {
    Frame frame = {.refusal = {.code = "UNKNOWN_VALUE",
                               .topic = "value",
                               .subject = lattice_words(lattice, word, word + 1),
                               .dimension = dimension}};
    frame.refusal.words = frame.refusal.subject;
    lattice_add(lattice, from, to, lattice->lexicon->novalue, (float)(to - from) + score, &frame);
    lattice->known[word] = true;
}

static bool takes_values(const CatalogColumn *column) {
    static const char *const NAMED[] = {"SubAccountId",     "SubAccountName", "InvoiceId",
                                        "BillingAccountId", "ServiceName",    "ResourceId"};
    bool named = column && column->class == CLASS_TAG;
    for (size_t i = 0; column && i < sizeof NAMED / sizeof *NAMED; i++) named = named || text_equal(column->name, NAMED[i]);
    return named;
}

/* "growth" before a tag's name is more likely the name of a team than a question for its growth. */
static bool noun_is_change(const Lattice *lattice, size_t at) {
    return text_equal(lattice->tokens.items[at].norm, "growth");
}

/* A word that is a value of something else, which the noun says it is not. */
static void demote_values(Lattice *lattice, size_t at) {
    for (size_t i = 0; i < lattice->count; i++) {
        Meaning *meaning = &lattice->items[i];
        if (meaning->from != at || meaning->to != at + 1 || !meaning->value) continue;
        meaning->score -= 2.0f;
    }
}

/* A word before the noun: "the growth team", "apollo account", "prod account" where prod is no account. */
static void add_missing_before(Lattice *lattice, const Meaning *noun, const CatalogColumn *column) {
    if (noun->from == 0) return;
    size_t before = noun->from - 1;
    const char *article_word = noun->from > 1 ? lattice->tokens.items[before - 1].norm : "";
    bool article = text_equal(article_word, "the") || text_equal(article_word, "our");
    bool owner = column->class == CLASS_TAG || text_starts(column->name, "SubAccount");
    bool doubtful =
        (noun_is_change(lattice, before) && column->class == CLASS_TAG) ||
        ((article || lattice_is_value(lattice, before, before + 1)) && owner && !lattice_is_functional(lattice, before));
    if (lattice->known[before] && !doubtful) return;
    if (has_value_of(lattice, before, column->name) || covered_longer(lattice, before, noun->to)) return;
    demote_values(lattice, before);
    add_missing(lattice, before, noun->to, before, column->name, 1);
}

/* A word after the noun: "account 999999999999", "team apollo", "the account named apollo". */
static void add_missing_after(Lattice *lattice, const Meaning *noun, const CatalogColumn *column) {
    size_t after = noun->to;
    if (after >= lattice->tokens.count || has_value_of(lattice, after, column->name)) return;
    const Token *token = &lattice->tokens.items[after];
    bool number = token->kind == TOKEN_NUMBER && strlen(token->text) >= 4 && !text_equal(column->name, "ServiceName");
    const char *preposition = noun->from > 0 ? lattice->tokens.items[noun->from - 1].norm : "";
    bool of = text_equal(preposition, "of") || text_equal(preposition, "for") || text_equal(preposition, "from");
    bool doubtful = of && column->class == CLASS_TAG && token->kind == TOKEN_WORD && !lattice_is_functional(lattice, after);
    bool named = text_equal(token->norm, "named") && after + 1 < lattice->tokens.count && !lattice->known[after + 1];
    if (named)
        add_missing(lattice, noun->from, after + 2, after + 1, column->name, 1);
    else if (!lattice->known[after] || number || doubtful || token->kind == TOKEN_QUOTED)
        add_missing(lattice, noun->from, after + 1, after, column->name, 0.5f);
}

/* "project apollo" where there is no such tag: the tag is what is missing. */
static void add_beside_absent_tag(Lattice *lattice, const Meaning *noun) {
    size_t after = noun->to;
    bool before_unknown = noun->from > 0 && !lattice->known[noun->from - 1];
    bool after_unknown = after < lattice->tokens.count && !lattice->known[after];
    size_t from = noun->from - (before_unknown ? 1 : 0), to = after + (after_unknown && !before_unknown ? 1 : 0);
    if (to - from > noun->to - noun->from)
        lattice_add(lattice, from, to, lattice->lexicon->novalue, (float)(to - from), &noun->frame);
}

/* Nouns that call for a value, beside a word that is none. */
static void add_missing_values(Lattice *lattice) {
    size_t count = lattice->count;
    for (size_t i = 0; i < count; i++) {
        const Meaning noun = lattice->items[i];
        if (noun.symbol != lattice->lexicon->dim || noun.frame.plural) continue;
        if (text_equal(noun.frame.refusal.topic, "tag")) add_beside_absent_tag(lattice, &noun);
        if (!noun.frame.dimension) continue;
        const CatalogColumn *column = catalog_column(lattice->lexicon->catalog, noun.frame.dimension);
        if (!takes_values(column)) continue;
        add_missing_before(lattice, &noun, column);
        add_missing_after(lattice, &noun, column);
    }
}

/* "m5.large", "db.r6g.2xlarge". */
bool lattice_is_instance_type(const char *word) {
    const char *dot = strrchr(word, '.');
    return dot && dot > word + 1 &&
           (text_ends(word, "large") || text_ends(word, ".medium") || text_ends(word, ".small") || text_ends(word, ".micro") ||
            text_ends(word, ".nano") || text_ends(word, ".metal"));
}

/* Identifiers and quoted words that nothing in the data is called. */
static void add_missing_identifiers(Lattice *lattice) {
    int number_symbol = grammar_symbol(lattice->lexicon->grammar, "NUM");
    for (size_t at = 0; at < lattice->tokens.count; at++) {
        const Token *token = &lattice->tokens.items[at];
        bool long_number = token->kind == TOKEN_NUMBER && strlen(token->text) >= 10;
        bool composite = tokens_is_composite(token) && !token->whole && strpbrk(token->text, "0123456789:") != NULL;
        bool identifier = token->kind == TOKEN_QUOTED || long_number || composite;
        bool meant = false;
        for (size_t i = 0; i < lattice->count; i++) {
            const Meaning *meaning = &lattice->items[i];
            meant = meant || (meaning->from <= at && at < meaning->to && meaning->symbol != number_symbol);
        }
        const char *dimension = lattice_is_instance_type(token->norm)                   ? "x_InstanceType"
                                : lattice->lexicon->catalog->has_resources && composite ? "ResourceId"
                                                                                        : NULL;
        if (identifier && !meant) add_missing(lattice, at, at + 1, at, dimension, 0);
    }
}

void missing_add(Lattice *lattice) {
    add_missing_values(lattice);
    add_missing_identifiers(lattice);
}
