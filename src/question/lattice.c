/* question/lattice.c: see question/lattice.h. */
#include "question/lattice.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "question/link.h"
#include "question/missing.h"
#include "question/period.h"

void lattice_add(Lattice *lattice, size_t from, size_t to, int symbol, float score, const Frame *frame) {
    if (lattice->count >= LATTICE_MEANINGS || symbol < 0) return;
    lattice->items[lattice->count++] = (Meaning){.from = from, .to = to, .symbol = symbol, .score = score, .frame = *frame};
}

const char *lattice_words(const Lattice *lattice, size_t from, size_t to) {
    Buffer out = {.arena = lattice->context.arena};
    const char *whole = NULL;
    for (size_t i = from; i < to; i++) {
        const Token *token = &lattice->tokens.items[i];
        if (token->whole && token->whole == whole) continue;
        whole = token->whole;
        if (out.size > 0 && !(token->kind == TOKEN_MARK && strchr(",.", *token->norm))) buffer_add_char(&out, ' ');
        buffer_add(&out, token->whole ? token->whole : token->text);
    }
    return buffer_text(&out);
}

/* The key of tokens [from, to). */
static const char *span_key(const Lattice *lattice, size_t from, size_t to) {
    Buffer key = {.arena = lattice->context.arena};
    for (size_t i = from; i < to; i++) {
        const Token *token = &lattice->tokens.items[i];
        if (to - from > 1 && token->kind == TOKEN_MARK && text_equal(token->norm, "-")) continue; /* "2026-08" is one value */
        lexicon_key(&key, token->kind == TOKEN_NUMBER || token->kind == TOKEN_QUOTED ? token->text : token->norm);
    }
    return buffer_text(&key);
}

/* The frame of a lexicon's entry; false when it makes none. */
static bool entry_frame(const Lattice *lattice, const LexiconEntry *entry, Frame *frame) {
    memset(frame, 0, sizeof *frame);
    if (entry->absent) {
        frame->refusal =
            (Refusal){.code = text_equal(entry->refused, "value") || text_equal(entry->refused, "concept") ? "UNKNOWN_VALUE"
                                                                                                           : "NO_SUCH_DATA",
                      .subject = entry->absent,
                      .dimension = entry->column ? entry->column->name : NULL,
                      .topic = entry->refused};
        return true;
    }
    if (entry->values) {
        const char **values = arena_array(lattice->context.arena, entry->value_count, sizeof *values);
        memcpy(values, entry->values, entry->value_count * sizeof *values);
        frame->conditions[0] =
            (Condition){.dimension = entry->column->name, .op = FILTER_IN, .values = values, .value_count = entry->value_count};
        frame->condition_count = 1;
        return true;
    }
    return !entry->action || frame_act(&lattice->context, entry->action, NULL, 0, frame);
}

/* Everyday words keep their everyday meaning unless the data's value is said in its own way. */
static float value_score(const Lattice *lattice, const LexiconEntry *entry, const char *key, size_t tokens) {
    if (!entry->values && !entry->absent) return 0;
    bool other = false, elsewhere = false;
    for (const LexiconEntry *have = lexicon_find(lattice->lexicon, key); have; have = have->next)
        elsewhere = elsewhere || (!have->absent && have->symbol != lattice->lexicon->filler);
    for (const LexiconEntry *have = lexicon_find(lattice->lexicon, key); have; have = have->next)
        other = other || (!have->values && !have->absent && have->symbol != lattice->lexicon->concept);
    if (entry->absent) return elsewhere ? -1.5f : 0; /* a thing that the data lacks, called like one that it has */
    if (other && entry->values && lattice->lexicon->catalog->is_bill) return -0.45f;
    if (other && entry->values) return 0.15f; /* of a table the data speaks first */
    if (entry->values && tokens == 1 && lexicon_is_english(lattice->lexicon, key)) return -0.05f;
    return 0;
}

/* Values that are everyday words are meant only beside the name of their column. */
static bool needs_noun(const Lattice *lattice, const LexiconEntry *entry, const char *key, size_t tokens) {
    static const char *const VAGUE[] = {"other", "others", "unknown", "none", "global", "default", "standard", "misc",
                                        "all",   "any",    "no",      "new",  "old",    "general", "na"};
    if (!entry->values || entry->symbol != lattice->lexicon->value || tokens > 1) return false;
    for (size_t i = 0; i < sizeof VAGUE / sizeof *VAGUE; i++)
        if (text_equal(key, VAGUE[i])) return true;
    if (entry->weight > -0.45f) return false;
    bool other = lexicon_is_english(lattice->lexicon, key);
    for (const LexiconEntry *have = lexicon_find(lattice->lexicon, key); have; have = have->next)
        other = other || !have->values;
    return other;
}

static bool ends_plural(const char *word) {
    size_t size = strlen(word);
    return size > 3 && word[size - 1] == 's' && word[size - 2] != 's';
}

/* The last word of a concept said as an amount. */
static bool names_amount(const char *word) {
    static const char *const AMOUNTS[] = {"hours",    "hour",  "requests", "request",    "invocations", "calls",
                                          "duration", "bytes", "gb",       "gb-seconds", "lcus"};
    for (size_t i = 0; i < sizeof AMOUNTS / sizeof *AMOUNTS; i++)
        if (text_equal(word, AMOUNTS[i])) return true;
    return false;
}

/* Longer phrases are better, but words that may be skipped for free add little. */
static float span_score(const Lattice *lattice, size_t from, size_t to) {
    size_t content = 0;
    for (size_t i = from; i < to; i++) content += !lattice->stop[i];
    return (content ? (float)content + 0.15f * (float)(content - 1) : 0.6f) + 0.05f * (float)(to - from - content);
}

/* "what is the amortized cost" wants a figure, "what is amortized cost" a meaning. */
static bool asks_for_figure(const Lattice *lattice, size_t to, const char *key) {
    return text_equal(key, "whatis") && to < lattice->tokens.count && lattice->stop[to];
}

static bool add_entries(Lattice *lattice, size_t from, size_t to, const char *key) {
    bool found = false;
    const Token *last = &lattice->tokens.items[to - 1];
    bool quoted = to - from == 1 && last->kind == TOKEN_QUOTED;
    for (const LexiconEntry *entry = lexicon_find(lattice->lexicon, key); entry; entry = entry->next) {
        Frame frame;
        if (quoted && !entry->values && entry->symbol != lattice->lexicon->dim) continue;
        if (asks_for_figure(lattice, to, key) && entry->symbol == grammar_symbol(lattice->lexicon->grammar, "WHATIS")) continue;
        if (!entry_frame(lattice, entry, &frame)) continue;
        frame.plural = frame.dimension && ends_plural(last->norm);
        if (frame.refusal.code) frame.refusal.words = lattice_words(lattice, from, to);
        if (entry->symbol == lattice->lexicon->concept && names_amount(last->norm))
            frame.flags |= FLAG_COUNTABLE | (text_equal(last->norm, "hours") ? FLAG_INSTANCE_HOURS : 0);
        bool filler = entry->symbol == lattice->lexicon->filler || entry->symbol == lattice->lexicon->stop;
        float score =
            (filler ? 0.1f : span_score(lattice, from, to)) + entry->weight + value_score(lattice, entry, key, to - from);
        if (quoted) score += 1;
        if (entry->values && text_equal_fold(entry->values[0], last->text) && to - from == 1) score += 0.03f;
        int symbol = needs_noun(lattice, entry, key, to - from) ? lattice->lexicon->numvalue : entry->symbol;
        lattice_add(lattice, from, to, symbol, score, &frame);
        if (lattice->count > 0) lattice->items[lattice->count - 1].value = entry->values != NULL;
        found = true;
    }
    return found;
}

/* Marks stand within phrases only where phrases are written with them. */
static bool breaks_phrase(const Token *token) {
    return token->kind == TOKEN_MARK && strchr(",.()", *token->norm) != NULL;
}

/* "EC2 compute" in "non-EC2 compute" is no phrase: EC2 belongs to what stands before it. */
static bool tears_composite(const Lattice *lattice, size_t from, size_t to) {
    const char *whole = lattice->tokens.items[from].whole;
    return whole && from > 0 && lattice->tokens.items[from - 1].whole == whole && lattice->tokens.items[to - 1].whole != whole;
}

static void look_up(Lattice *lattice, size_t from) {
    for (size_t to = from + 1; to <= lattice->tokens.count && to - from <= LATTICE_SPAN; to++) {
        const Token *last = &lattice->tokens.items[to - 1];
        if (to - from > 1 && (breaks_phrase(last) || breaks_phrase(&lattice->tokens.items[from]))) break;
        if (tears_composite(lattice, from, to)) break;
        if (to - from > 1 && text_equal(lattice->tokens.items[from].norm, "-")) break;
        const char *key = span_key(lattice, from, to);
        bool found = add_entries(lattice, from, to, key);
        const char *singular = last->kind == TOKEN_WORD && ends_plural(last->norm) && *key
                                   ? arena_text_n(lattice->context.arena, key, strlen(key) - 1)
                                   : NULL;
        if (singular && (!found || !lattice_is_value(lattice, from, to)))
            found = add_entries(lattice, from, to, singular) || found;
        for (size_t i = from; found && i < to; i++) lattice->known[i] = true;
    }
}

static bool is_word(const Lattice *lattice, size_t at, const char *const *words, size_t count) {
    for (size_t i = 0; at < lattice->tokens.count && i < count; i++)
        if (lattice->tokens.items[at].kind == TOKEN_WORD && text_equal(lattice->tokens.items[at].norm, words[i])) return true;
    return false;
}

/* "a dollar", "one cent", "five thousand dollars", "a hundred bucks", "ten thousand". */
static void add_amount_in_words(Lattice *lattice, size_t at) {
    static const char *const ONE[] = {"a", "an"}, *const DOLLARS[] = {"dollar", "dollars", "buck", "bucks",
                                                                      "usd",    "euro",    "euros"};
    static const char *const CENTS[] = {"cent", "cents", "penny", "pennies"}, *const HUNDRED[] = {"hundred"};
    static const char *const THOUSAND[] = {"thousand", "grand", "k"}, *const MILLION[] = {"million"};
    const Token *token = &lattice->tokens.items[at];
    if (token->kind != TOKEN_WORD) return;
    const bool article = is_word(lattice, at, ONE, 2);
    long value = article ? 1 : period_number_word(token->norm);
    if (value < 1) return;
    size_t next = at + 1;
    bool scaled = false;
    if (is_word(lattice, next, HUNDRED, 1) && value < 100) {
        value *= 100;
        next++;
        scaled = true;
    }
    if (is_word(lattice, next, THOUSAND, 3) || is_word(lattice, next, MILLION, 1)) {
        value *= is_word(lattice, next, MILLION, 1) ? 1000000 : 1000;
        next++;
        scaled = true;
    }
    const bool money = is_word(lattice, next, DOLLARS, 7), cents = is_word(lattice, next, CENTS, 4);
    if (!money && !cents && !scaled) return;
    Frame frame = {.number_kind = money || cents ? NUMBER_MONEY : NUMBER_PLAIN};
    frame.number = cents ? arena_printf(lattice->context.arena, "%ld.%02ld", value / 100, value % 100)
                         : arena_printf(lattice->context.arena, "%ld", value);
    next += money || cents;
    lattice_add(lattice, at, next, grammar_symbol(lattice->lexicon->grammar, money || cents ? "MONEY" : "NUM"),
                (float)(next - at) + 0.3f, &frame);
    for (size_t i = at; i < next; i++) lattice->known[i] = true;
}

static void add_numbers(Lattice *lattice, size_t at) {
    const Token *token = &lattice->tokens.items[at];
    const Grammar *grammar = lattice->lexicon->grammar;
    static const char *const SYMBOLS[] = {[NUMBER_PLAIN] = "NUM", [NUMBER_MONEY] = "MONEY", [NUMBER_PERCENT] = "PERCENT"};
    Frame frame = {.number = token->norm};
    if (token->kind == TOKEN_NUMBER && !token->ordinal) frame.number_kind = NUMBER_PLAIN;
    if (token->kind == TOKEN_MONEY) frame.number_kind = NUMBER_MONEY;
    if (token->kind == TOKEN_PERCENT) frame.number_kind = NUMBER_PERCENT;
    if (token->kind == TOKEN_WORD && period_number_word(token->norm) > 0) {
        frame.number_kind = NUMBER_PLAIN;
        frame.number = arena_printf(lattice->context.arena, "%d", period_number_word(token->norm));
    }
    add_amount_in_words(lattice, at);
    if (frame.number_kind == NUMBER_NONE) return;
    lattice_add(lattice, at, at + 1, grammar_symbol(grammar, SYMBOLS[frame.number_kind]), 1, &frame);
    lattice->known[at] = true;
}

static void add_periods(Lattice *lattice, size_t at) {
    enum { READINGS = 16 };
    PeriodReading readings[READINGS];
    int symbol = grammar_symbol(lattice->lexicon->grammar, "TIME");
    size_t count = period_read(&lattice->context, &lattice->tokens, at, readings, READINGS);
    for (size_t i = 0; i < count; i++) {
        float score = (float)(readings[i].to - at) + 0.3f;
        /* "May I see" is no month, "1999" no year unless nothing else fits. */
        const Token *token = &lattice->tokens.items[at];
        if (readings[i].to - at == 1 &&
            (text_equal(token->norm, "may") || text_equal(token->norm, "mar") || token->kind == TOKEN_NUMBER))
            score -= 0.3f;
        lattice_add(lattice, at, readings[i].to, symbol, score, &readings[i].frame);
        for (size_t k = at; k < readings[i].to; k++) lattice->known[k] = true;
    }
}

static bool find_composite(const Lattice *lattice, size_t at) {
    const char *key = span_key(lattice, at, at + 1);
    if (!*key) return true;
    if (lexicon_find(lattice->lexicon, key)) return true;
    return ends_plural(key) &&
           lexicon_find(lattice->lexicon, arena_text_n(lattice->context.arena, key, strlen(key) - 1)) != NULL;
}

/* Whether every part of a composite means something alone: "aws-spend", "EC2/S3", "team=platform". */
static bool parts_known(Arena *arena, const Lattice *lattice, const Token *token) {
    Tokens *parts = arena_alloc(arena, sizeof *parts);
    parts->count = 1;
    parts->items[0] = *token;
    if (!tokens_split(arena, parts, 0)) return false;
    Lattice probe = {.context = lattice->context, .lexicon = lattice->lexicon, .tokens = *parts};
    bool joins_terms = strpbrk(token->text, "=&+") != NULL && !strchr(token->text, ':');
    for (size_t i = 0; i < parts->count; i++) {
        const Token *part = &parts->items[i];
        if (part->kind == TOKEN_NUMBER || part->kind == TOKEN_MARK) continue;
        PeriodReading reading[2];
        if (find_composite(&probe, i) || period_read(&probe.context, &probe.tokens, i, reading, 2) > 0) continue;
        if (!joins_terms) return false;
    }
    return true;
}

static void split_composites(Arena *arena, Lattice *lattice) {
    for (size_t at = 0; at < lattice->tokens.count; at++) {
        const Token *token = &lattice->tokens.items[at];
        if (!tokens_is_composite(token) || token->whole || find_composite(lattice, at)) continue;
        if (parts_known(arena, lattice, token)) tokens_split(arena, &lattice->tokens, at);
    }
}

/* Corrects words that are nobody's but one slip away from a word of the lexicon. */
static void correct_spelling(Lattice *lattice) {
    for (size_t at = 0; at < lattice->tokens.count; at++) {
        Token *token = &lattice->tokens.items[at];
        if (token->kind != TOKEN_WORD || token->whole || tokens_is_composite(token) ||
            lexicon_is_english(lattice->lexicon, token->norm))
            continue;
        bool known = false;
        for (size_t from = at >= LATTICE_SPAN ? at - LATTICE_SPAN + 1 : 0; from <= at && !known; from++)
            for (size_t to = at + 1; to <= lattice->tokens.count && to - from <= LATTICE_SPAN && !known; to++) {
                const char *key = span_key(lattice, from, to);
                known = lexicon_find(lattice->lexicon, key) != NULL;
                if (!known && ends_plural(key))
                    known = lexicon_find(lattice->lexicon, arena_text_n(lattice->context.arena, key, strlen(key) - 1)) != NULL;
            }
        PeriodReading reading[2];
        known = known || period_read(&lattice->context, &lattice->tokens, at, reading, 2) > 0;
        if (known) continue;
        const char *better = lexicon_spelling(lattice->lexicon, token->norm);
        if (!better) continue;
        /* Two slips from a word are a worse guess than one from a name in the data. */
        if (text_distance(token->norm, better, 2) > 1 && link_is_slip_of_name(lattice, token->norm)) continue;
        lattice->corrections[lattice->correction_count++] =
            arena_printf(lattice->context.arena, "\"%s\" was read as \"%s\"", token->text, better);
        token->norm = better;
    }
}

/* "NAT gateway cost split into hours and data processing": what follows "into" may be named by its place in what stands before. */
static void add_parts_of(Lattice *lattice) {
    int symbol = grammar_symbol(lattice->lexicon->grammar, "PARTOF");
    size_t count = lattice->count, into = 0;
    while (into < lattice->tokens.count && !text_equal(lattice->tokens.items[into].norm, "into")) into++;
    for (size_t i = 0; i < count; i++) {
        const Meaning whole = lattice->items[i];
        if (whole.to > into || (whole.symbol != lattice->lexicon->concept && !whole.value)) continue;
        for (size_t from = into + 1; from < lattice->tokens.count; from++)
            for (size_t to = from + 1; to <= lattice->tokens.count && to - from <= 3; to++) {
                const char *key = arena_printf(lattice->context.arena, "%s%s", span_key(lattice, whole.from, whole.to),
                                               span_key(lattice, from, to));
                for (const LexiconEntry *entry = lexicon_find(lattice->lexicon, key); entry; entry = entry->next) {
                    Frame frame;
                    if (entry->symbol != lattice->lexicon->concept || !entry_frame(lattice, entry, &frame)) continue;
                    if (frame.condition_count != 1 || frame.refusal.code) continue;
                    lattice_add(lattice, from, to, symbol, span_score(lattice, from, to), &frame);
                    for (size_t k = from; k < to; k++) lattice->known[k] = true;
                }
            }
    }
}

static bool is_stop(const Lattice *lattice, size_t at) {
    const Token *token = &lattice->tokens.items[at];
    if (token->kind != TOKEN_WORD && token->kind != TOKEN_MARK) return false;
    for (const LexiconEntry *entry = lexicon_find(lattice->lexicon, span_key(lattice, at, at + 1)); entry; entry = entry->next)
        if (entry->symbol == lattice->lexicon->stop) return true;
    return false;
}

bool lattice_make(Arena *arena, DuckSession *session, const Lexicon *lexicon, const Tokens *tokens, Day as_of, Lattice **out,
                  Err *err) {
    Lattice *lattice = arena_alloc(arena, sizeof *lattice);
    *lattice = (Lattice){.context = {.arena = arena, .catalog = lexicon->catalog, .as_of = as_of},
                         .lexicon = lexicon,
                         .session = session,
                         .tokens = *tokens,
                         .items = arena_array(arena, LATTICE_MEANINGS, sizeof(Meaning))};
    split_composites(arena, lattice);
    correct_spelling(lattice);
    for (size_t at = 0; at < lattice->tokens.count; at++) {
        lattice->stop[at] = is_stop(lattice, at);
        if (lattice->stop[at]) lattice->known[at] = true;
    }
    for (size_t at = 0; at < lattice->tokens.count; at++) {
        look_up(lattice, at);
        add_numbers(lattice, at);
        add_periods(lattice, at);
    }
    add_parts_of(lattice);
    for (size_t at = 0; at < lattice->tokens.count; at++) {
        const Token *token = &lattice->tokens.items[at];
        lattice->english[at] = token->kind == TOKEN_WORD && lexicon_is_english(lexicon, token->norm);
    }
    *out = lattice;
    if (!link_unknown(lattice, err)) return false;
    missing_add(lattice);
    return true;
}
