/* question/cue.c: see question/cue.h. */
#include "question/cue.h"

#include <stdlib.h>
#include <string.h>

#include "base/knowledge.h"
#include "base/text.h"

/* A phrase of the table. */
typedef struct {
    const char *words, *place, *kind;
} Phrase;

typedef struct {
    Arena *arena;
    const Lexicon *lexicon;
    const Tokens *tokens;
    const ConversationKeys *keys;
    size_t phrase_count;
    Phrase *phrases;
    bool taken[QUESTION_TOKENS];
    size_t first, end; /* the tokens between which something is left */
    Cues *cues;
} Finder;

/* How many tokens from `at` on are the words of `phrase`; 0 when they are not. */
static size_t phrase_at(const Finder *finder, size_t at, const char *phrase) {
    size_t count = 0;
    while (*phrase) {
        size_t size = strcspn(phrase, " ");
        if (at + count >= finder->end || finder->taken[at + count]) return 0;
        const Token *token = &finder->tokens->items[at + count];
        if (token->kind == TOKEN_QUOTED || strlen(token->norm) != size || strncmp(token->norm, phrase, size) != 0) return 0;
        count++;
        phrase += size;
        while (*phrase == ' ') phrase++;
    }
    return count;
}

static bool is_unit_of_time(const Finder *finder, size_t at) {
    static const char *const WORDS[] = {"month", "day",     "days",   "week", "weekend",
                                        "year",  "quarter", "period", "time", "number"};
    for (size_t i = 0; at < finder->end && i < sizeof WORDS / sizeof *WORDS; i++)
        if (text_equal(finder->tokens->items[at].norm, WORDS[i])) return true;
    return false;
}

/* The longest phrase of a place that stands at `at`; its kind, or NULL. */
static const char *longest_at(const Finder *finder, const char *place, size_t at, size_t *size) {
    const char *kind = NULL;
    bool to_end = !text_equal(place, "start") && !text_equal(place, "any");
    *size = 0;
    for (size_t i = 0; i < finder->phrase_count; i++) {
        const Phrase *phrase = &finder->phrases[i];
        if (!text_equal(phrase->place, place)) continue;
        size_t found = phrase_at(finder, at, phrase->words);
        if (found <= *size || (to_end && at + found != finder->end)) continue;
        /* "the same month last year" is a period. */
        if (text_equal(phrase->kind, "again") && is_unit_of_time(finder, at + found)) continue;
        *size = found;
        kind = phrase->kind;
    }
    return kind;
}

static void read_phrases(Finder *finder) {
    const Knowledge *table = knowledge_table(finder->arena, "followups.tsv");
    for (size_t row = 0; row < table->row_count; row++) {
        size_t count = 0;
        const char **words = text_split(finder->arena, knowledge_field(table, row, "words"), '|', &count);
        Phrase *grown = arena_grow(finder->arena, finder->phrases, finder->phrase_count * sizeof *grown,
                                   (finder->phrase_count + count) * sizeof *grown);
        for (size_t i = 0; i < count; i++)
            grown[finder->phrase_count++] =
                (Phrase){words[i], knowledge_field(table, row, "place"), knowledge_field(table, row, "kind")};
        finder->phrases = grown;
    }
}

static void take(Finder *finder, size_t at, size_t size) {
    for (size_t i = at; i < at + size; i++) finder->taken[i] = true;
    while (finder->first < finder->end && finder->taken[finder->first]) finder->first++;
    while (finder->end > finder->first && finder->taken[finder->end - 1]) finder->end--;
}

static void set_flag(Cues *cues, const char *kind) {
    const struct {
        const char *name;
        bool *flag;
    } flags[] = {{"about", &cues->about},       {"all", &cues->all},         {"add", &cues->add},
                 {"replace", &cues->replace},   {"narrow", &cues->narrow},   {"again", &cues->again},
                 {"average", &cues->average},   {"ungroup", &cues->ungroup}, {"unrank", &cues->unrank},
                 {"unfilter", &cues->unfilter}, {"unshare", &cues->unshare}};
    if (text_equal(kind, "noise")) return;
    cues->follow = true;
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (text_equal(kind, flags[i].name)) *flags[i].flag = true;
}

static bool is_mark(const Token *token, const char *marks) {
    return token->kind == TOKEN_MARK && strchr(marks, *token->norm) != NULL;
}

/* Noise, then cues, at both ends. */
static void find_at_ends(Finder *finder) {
    size_t size = 0;
    const char *kind = NULL;
    while (finder->first < finder->end && (kind = longest_at(finder, "whole", finder->first, &size)) == NULL) {
        kind = longest_at(finder, "start", finder->first, &size);
        if (!kind) break;
        set_flag(finder->cues, kind);
        take(finder, finder->first, size);
    }
    if (kind && finder->first < finder->end && longest_at(finder, "whole", finder->first, &size)) {
        if (text_equal(kind, "back") || text_equal(kind, "reset")) finder->cues->command = kind;
        set_flag(finder->cues, kind);
        take(finder, finder->first, size);
    }
    for (size_t at = finder->first; at < finder->end;) {
        kind = longest_at(finder, "end", at, &size);
        if (!kind || text_equal(kind, "it")) {
            at++;
            continue;
        }
        set_flag(finder->cues, kind);
        take(finder, at, size);
    }
}

/* --- references --- */

static const LexiconEntry *entries_of(const Finder *finder, size_t at, size_t count) {
    Buffer key = {.arena = finder->arena};
    for (size_t i = at; i < at + count; i++) lexicon_key(&key, finder->tokens->items[i].norm);
    const char *text = buffer_text(&key);
    const LexiconEntry *found = lexicon_find(finder->lexicon, text);
    size_t size = strlen(text);
    if (!found && size > 3 && text[size - 1] == 's')
        found = lexicon_find(finder->lexicon, arena_text_n(finder->arena, text, size - 1));
    return found;
}

static bool is_symbol(const Finder *finder, const LexiconEntry *entry, const char *name) {
    return text_equal(finder->lexicon->grammar->symbols[entry->symbol], name);
}

/* A dimension or a unit of time at `at`: "account", "usage type", "month"; how many tokens, 0 for none. */
static size_t noun_at(const Finder *finder, size_t at, const char **dimension, Grain *grain) {
    enum { NOUN_TOKENS = 3 };
    const FrameContext context = {finder->arena, finder->lexicon->catalog, finder->lexicon->context.as_of};
    for (size_t count = NOUN_TOKENS; count > 0; count--) {
        if (at + count > finder->end) continue;
        for (const LexiconEntry *entry = entries_of(finder, at, count); entry; entry = entry->next) {
            Frame frame;
            bool noun = is_symbol(finder, entry, "DIM") || is_symbol(finder, entry, "UNIT") ||
                        is_symbol(finder, entry, "BUCKET") || is_symbol(finder, entry, "INSTANCE");
            if (!noun || !entry->action || !frame_act(&context, entry->action, NULL, 0, &frame)) continue;
            *dimension = frame.dimension;
            *grain = frame.grain;
            if (frame.dimension || frame.grain != GRAIN_NONE) return count;
        }
    }
    return 0;
}

static bool word_is(const Finder *finder, size_t at, const char *word) {
    return at < finder->end && !finder->taken[at] && text_equal(finder->tokens->items[at].norm, word);
}

static bool word_among(const Finder *finder, size_t at, const char *const *words, size_t count, size_t *which) {
    for (size_t i = 0; i < count; i++) {
        if (!word_is(finder, at, words[i])) continue;
        *which = i;
        return true;
    }
    return false;
}

static void refer(Finder *finder, Reference reference, size_t at, size_t size) {
    Buffer words = {.arena = finder->arena};
    for (size_t i = at; i < at + size; i++) buffer_printf(&words, "%s%s", i > at ? " " : "", finder->tokens->items[i].text);
    finder->cues->reference = reference;
    finder->cues->reference_at = at;
    finder->cues->words = buffer_text(&words);
    finder->cues->follow = true;
    take(finder, at, size);
}

/* "second", "2nd", "last", "biggest", "most expensive": how many tokens, 0 when it is none of them. */
static size_t ordinal_at(Finder *finder, size_t at) {
    static const char *const ORDINALS[] = {"first", "second",  "third",  "fourth", "fifth",
                                           "sixth", "seventh", "eighth", "ninth",  "tenth"};
    static const char *const LARGE[] = {"biggest", "largest", "highest", "costliest", "priciest", "most"};
    static const char *const SMALL[] = {"smallest", "cheapest", "lowest", "least"};
    Cues *cues = finder->cues;
    size_t which = 0;
    if (at >= finder->end || finder->taken[at]) return 0;
    const Token *token = &finder->tokens->items[at];
    cues->by_size = cues->smallest = false;
    if (token->kind == TOKEN_NUMBER && token->ordinal) {
        cues->row = strtol(token->norm, NULL, 10);
        return cues->row > 0;
    }
    if (word_among(finder, at, ORDINALS, sizeof ORDINALS / sizeof *ORDINALS, &which)) {
        cues->row = (long)which + 1;
        return 1;
    }
    if (word_is(finder, at, "top")) {
        cues->row = 1;
        return 1;
    }
    if (word_is(finder, at, "last") || word_is(finder, at, "bottom")) {
        cues->row = -1;
        return 1;
    }
    cues->smallest = word_among(finder, at, SMALL, sizeof SMALL / sizeof *SMALL, &which);
    cues->by_size = cues->smallest || word_among(finder, at, LARGE, sizeof LARGE / sizeof *LARGE, &which);
    if (!cues->by_size) return 0;
    bool compound = word_is(finder, at, "most") || word_is(finder, at, "least");
    if (!compound) return 1;
    return word_is(finder, at + 1, "expensive") || word_is(finder, at + 1, "costly") ? 2 : 0;
}

static bool is_key(const Finder *finder, const char *dimension) {
    for (size_t i = 0; dimension && finder->keys && i < finder->keys->column_count; i++)
        if (frame_same_dimension(finder->lexicon->catalog, dimension, finder->keys->columns[i])) return true;
    return false;
}

/* "the second one", "the top one", "the 2nd account", "number 3", "row 3", "the first". */
static bool find_row(Finder *finder, size_t at) {
    static const char *const COUNTED[] = {"number", "row", "line"};
    static const char *const ONE[] = {"one", "row", "line", "item", "entry", "result"};
    Cues *cues = finder->cues;
    size_t which = 0, size = 0;
    if (word_among(finder, at, COUNTED, sizeof COUNTED / sizeof *COUNTED, &which) && at + 1 < finder->end &&
        finder->tokens->items[at + 1].kind == TOKEN_NUMBER && !strchr(finder->tokens->items[at + 1].norm, '.')) {
        cues->row = strtol(finder->tokens->items[at + 1].norm, NULL, 10);
        if (cues->row < 1) return false;
        refer(finder, REFER_ROW, at, 2);
        return true;
    }
    size_t start = at;
    bool article = word_is(finder, at, "the");
    if (article) at++;
    size_t ordinal = ordinal_at(finder, at);
    if (ordinal == 0) return false;
    at += ordinal;
    const char *dimension = NULL;
    Grain grain = GRAIN_NONE;
    if (word_among(finder, at, ONE, sizeof ONE / sizeof *ONE, &which))
        size = at + 1 - start;
    else if (article && !cues->by_size && (which = noun_at(finder, at, &dimension, &grain)) > 0 && is_key(finder, dimension))
        size = at + which - start;
    else if (article && start == finder->first && at == finder->end)
        size = at - start;
    if (size == 0) return false;
    cues->dimension = dimension;
    refer(finder, REFER_ROW, start, size);
    return true;
}

/* "that account", "those services", "these accounts", "that month"; "this month" is a period. */
static bool find_named(Finder *finder, size_t at) {
    static const char *const WORDS[] = {"that", "this", "those", "these"};
    size_t which = 0;
    if (!word_among(finder, at, WORDS, 4, &which)) return false;
    const char *dimension = NULL;
    Grain grain = GRAIN_NONE;
    size_t size = noun_at(finder, at + 1, &dimension, &grain);
    if (size == 0 || (!dimension && (which == 1 || which == 3))) return false;
    finder->cues->dimension = dimension;
    finder->cues->grain = dimension ? GRAIN_NONE : grain;
    refer(finder, which >= 2 ? REFER_ROWS : REFER_NAMED, at, 1 + size);
    return true;
}

/* Whether the question itself names something before `at` that a pronoun may mean: "which services … and what did they cost". */
static bool has_antecedent(const Finder *finder, size_t at) {
    static const char *const NOUNS[] = {"DIM", "BUCKET", "INSTANCE", "TAGKEY"};
    for (size_t from = 0; from < at; from++) {
        for (size_t count = 1; count <= 3 && from + count <= at; count++) {
            for (const LexiconEntry *entry = entries_of(finder, from, count); entry; entry = entry->next) {
                bool noun = entry->values || entry->symbol == finder->lexicon->concept;
                for (size_t i = 0; i < sizeof NOUNS / sizeof *NOUNS; i++) noun = noun || is_symbol(finder, entry, NOUNS[i]);
                if (noun && !finder->taken[from]) return true;
            }
        }
    }
    return false;
}

static bool find_pronoun(Finder *finder, size_t at) {
    static const struct {
        const char *kind;
        Reference reference;
    } KINDS[] = {{"it", REFER_WHOLE}, {"those", REFER_ROWS}, {"others", REFER_OTHERS}, {"member", REFER_MEMBER}};
    size_t size = 0;
    const char *kind = longest_at(finder, "any", at, &size);
    if (!kind) kind = longest_at(finder, "end", at, &size);
    for (size_t i = 0; kind && i < sizeof KINDS / sizeof *KINDS; i++) {
        if (!text_equal(kind, KINDS[i].kind) || has_antecedent(finder, at)) continue;
        if (word_is(finder, at + size, "of")) return false; /* "the rest of this month" */
        if (word_is(finder, at + size - 1, "this") && is_unit_of_time(finder, at + size)) return false;
        /* "would that": the little word before belongs to the rest. */
        bool led = size > 1 && (word_is(finder, at + size - 1, "that") || word_is(finder, at + size - 1, "this"));
        refer(finder, KINDS[i].reference, led ? at + size - 1 : at, led ? 1 : size);
        return true;
    }
    return false;
}

static void find_reference(Finder *finder) {
    for (size_t at = finder->first; at < finder->end; at++) {
        if (finder->taken[at]) continue;
        if (find_row(finder, at)) return;
        finder->cues->row = 0;
        if (find_named(finder, at)) return;
    }
    for (size_t at = finder->first; at < finder->end; at++)
        if (!finder->taken[at] && find_pronoun(finder, at)) return;
}

/* --- what is left --- */

static void keep_rest(Finder *finder) {
    static const Token COST = {.kind = TOKEN_WORD, .text = "cost", .norm = "cost"};
    Cues *cues = finder->cues;
    cues->rest = cues->with_cost = (Tokens){.asks = finder->tokens->asks};
    for (size_t i = 0; i < finder->tokens->count; i++) {
        if (cues->reference == REFER_WHOLE && i == cues->reference_at) {
            cues->with_cost.items[cues->with_cost.count++] = COST;
        }
        if (finder->taken[i]) continue;
        cues->rest.items[cues->rest.count++] = finder->tokens->items[i];
        cues->with_cost.items[cues->with_cost.count++] = finder->tokens->items[i];
    }
}

const char *cues_command(Arena *arena, const Tokens *tokens) {
    Cues *cues = arena_alloc(arena, sizeof *cues);
    Finder *finder = arena_alloc(arena, sizeof *finder);
    *finder = (Finder){.arena = arena, .tokens = tokens, .end = tokens->count, .cues = cues};
    read_phrases(finder);
    find_at_ends(finder);
    return cues->command;
}

void cues_find(Arena *arena, const Lexicon *lexicon, const Tokens *tokens, const ConversationKeys *keys, Cues *out) {
    *out = (Cues){0};
    Finder *finder = arena_alloc(arena, sizeof *finder);
    *finder = (Finder){.arena = arena, .lexicon = lexicon, .tokens = tokens, .keys = keys, .end = tokens->count, .cues = out};
    read_phrases(finder);
    while (finder->end > 0 && is_mark(&tokens->items[finder->end - 1], ".?!")) finder->taken[--finder->end] = true;
    find_at_ends(finder);
    find_reference(finder);
    keep_rest(finder);
}
