/* question/decline.c: see question/decline.h. */
#include "question/decline.h"

#include <string.h>

#include "base/knowledge.h"
#include "base/text.h"
#include "question/link.h"

static void set(Reading *out, const char *code, const char *message) {
    out->status = READING_DECLINED;
    out->code = code;
    out->message = message;
}

/* The message of a topic with the words in place of %s, and what can be asked instead. */
static const char *topic_message(Arena *arena, const char *topic, const char *words) {
    const Knowledge *table = knowledge_table(arena, "declines.tsv");
    for (size_t row = 0; row < table->row_count; row++) {
        if (!text_equal(knowledge_field(table, row, "topic"), topic)) continue;
        const char *message = knowledge_field(table, row, "message"), *place = strstr(message, "%s");
        Buffer out = {.arena = arena};
        buffer_add_n(&out, message, place ? (size_t)(place - message) : strlen(message));
        if (place) {
            buffer_add(&out, words);
            buffer_add(&out, place + 2);
        }
        buffer_add_char(&out, ' ');
        buffer_add(&out, knowledge_field(table, row, "instead"));
        return buffer_text(&out);
    }
    return NULL;
}

static const char *quoted_list(Arena *arena, const char *const *list, size_t count) {
    Buffer out = {.arena = arena};
    for (size_t i = 0; i < count; i++) buffer_printf(&out, "%s\"%s\"", i ? ", " : "", list[i]);
    return buffer_text(&out);
}

/* "There is no team "growth" in this data. Closest: …" */
static void decline_value(Arena *arena, const Catalog *catalog, const char *value, const char *dimension, Reading *out) {
    const CatalogColumn *column = dimension ? catalog_column(catalog, dimension) : NULL;
    const CatalogColumn *searched = column;
    if (column && column->companion && catalog_column(catalog, column->companion) &&
        catalog_column(catalog, column->companion)->value_count)
        searched = catalog_column(catalog, column->companion);
    const char **nearest = arena_array(arena, 3, sizeof *nearest);
    out->nearest_count = link_nearest(arena, catalog, searched, value, nearest);
    out->nearest = nearest;
    const char *what = column && column->label ? column->label : "value";
    const char *closest = out->nearest_count
                              ? arena_printf(arena, " The closest %s: %s.", out->nearest_count == 1 ? "one is" : "ones are",
                                             quoted_list(arena, nearest, out->nearest_count))
                              : "";
    set(out, "UNKNOWN_VALUE", arena_printf(arena, "There is no %s \"%s\" in this data.%s", what, value, closest));
    const char **unknown = arena_array(arena, 1, sizeof *unknown);
    unknown[0] = value;
    out->unknown = unknown;
    out->unknown_count = 1;
}

static void decline_tag(Arena *arena, const Catalog *catalog, const char *key, Reading *out) {
    const char **tags = arena_array(arena, catalog->column_count + 1, sizeof *tags);
    size_t count = 0;
    for (size_t i = 0; i < catalog->column_count; i++)
        if (catalog->columns[i].class == CLASS_TAG && catalog->columns[i].label) tags[count++] = catalog->columns[i].label;
    const char *what = catalog->is_bill ? "tag" : "column";
    if (count == 0) {
        set(out, "NO_SUCH_DATA",
            arena_printf(arena, "This data has no %s \"%s\"%s.", what, key,
                         catalog->is_bill ? " (it has no tags at all)" : ""));
        return;
    }
    out->nearest = tags;
    out->nearest_count = count < 3 ? count : 3;
    set(out, "NO_SUCH_DATA",
        arena_printf(arena, "This data has no %s \"%s\". The tags that it has: %s.", what, key,
                     quoted_list(arena, tags, count < 12 ? count : 12)));
}

void decline_refusal(Arena *arena, const Lattice *lattice, const Refusal *refusal, const char *words, Reading *out) {
    const Catalog *catalog = lattice->lexicon->catalog;
    const char *subject = refusal->subject ? refusal->subject : words;
    if (text_equal(refusal->topic, "tag")) {
        decline_tag(arena, catalog, subject, out);
    } else if (text_equal(refusal->topic, "value")) {
        decline_value(arena, catalog, refusal->words ? refusal->words : subject, refusal->dimension, out);
    } else if (text_equal(refusal->topic, "concept")) {
        set(out, "UNKNOWN_VALUE",
            arena_printf(arena, "There are no lines of %s (\"%s\") in this data.", subject,
                         refusal->words ? refusal->words : words));
    } else if (text_equal(refusal->topic, "measure")) {
        const char *needs = NULL;
        for (size_t i = 0; i < catalog->measure_count; i++)
            if (text_equal(catalog->measures[i].label, subject)) needs = catalog->measures[i].needs;
        set(out, "NO_SUCH_DATA",
            arena_printf(arena, "This data cannot give the %s%s%s. Ask for the billed cost instead.", subject,
                         needs ? ": it lacks " : "", needs ? needs : ""));
    } else {
        const char *message = topic_message(arena, refusal->topic, subject);
        set(out, refusal->code,
            message ? message : arena_printf(arena, "The question cannot be answered from this data (\"%s\").", subject));
    }
}

/* --- words that ask for what no bill holds --- */

/* "waste in" of "commitment did we waste in August", "no requests" of a table that counts requests. */
static bool names_data(const Lattice *lattice, const Meaning *refusing, const Meaning *other) {
    const Lexicon *lexicon = lattice->lexicon;
    bool inside = other->from >= refusing->from && other->to <= refusing->to;
    bool busy = text_equal(refusing->frame.refusal.topic, "performance");
    if (inside && !lexicon->catalog->is_bill)
        return (busy && other->symbol == lexicon->measure) ||
               (!other->frame.refusal.code &&
                (other->value || other->symbol == lexicon->measure || other->symbol == lexicon->dim));
    bool overlaps = other->from < refusing->to && refusing->from < other->to;
    bool longer = other->to - other->from > refusing->to - refusing->from;
    return overlaps && longer && (other->symbol == lexicon->measure || other->symbol == lexicon->concept);
}

static bool taken_otherwise(const Lattice *lattice, const Meaning *refusing) {
    const Grammar *grammar = lattice->lexicon->grammar;
    int filler = grammar_symbol(grammar, "FILLER");
    for (size_t i = 0; i < lattice->count; i++) {
        const Meaning *other = &lattice->items[i];
        if (other->symbol == lattice->lexicon->refuse || other->symbol == lattice->lexicon->stop || other->symbol == filler)
            continue;
        if (other->frame.refusal.code) continue;
        if (other->from <= refusing->from && other->to >= refusing->to) return true;
        if (names_data(lattice, refusing, other)) return true;
    }
    return false;
}

/* "buy" in "should we buy" orders nothing: the longer words say what it is. */
static bool within_longer(const Lattice *lattice, const Meaning *refusing) {
    for (size_t i = 0; i < lattice->count; i++) {
        const Meaning *other = &lattice->items[i];
        if (other->symbol == lattice->lexicon->refuse && other->from <= refusing->from && other->to >= refusing->to &&
            other->to - other->from > refusing->to - refusing->from)
            return true;
    }
    return false;
}

bool decline_topic(Arena *arena, const Lattice *lattice, Reading *out) {
    const Meaning *found = NULL;
    for (size_t i = 0; i < lattice->count; i++) {
        const Meaning *meaning = &lattice->items[i];
        if (meaning->symbol != lattice->lexicon->refuse || taken_otherwise(lattice, meaning) || within_longer(lattice, meaning))
            continue;
        bool action = text_equal(meaning->frame.refusal.code, "ACTION_NOT_SUPPORTED");
        bool have_action = found && text_equal(found->frame.refusal.code, "ACTION_NOT_SUPPORTED");
        bool longer = found && meaning->to - meaning->from > found->to - found->from;
        if (!found || (action && !have_action) || (longer && action == have_action)) found = meaning;
    }
    if (!found) return false;
    decline_refusal(arena, lattice, &found->frame.refusal, lattice_words(lattice, found->from, found->to), out);
    return true;
}

/* --- words left over --- */

static size_t skipped_words(Arena *arena, const Lattice *lattice, uint64_t skipped, bool unknown_only, const char **words) {
    size_t count = 0;
    for (size_t at = 0; at < lattice->tokens.count; at++) {
        if (!(skipped >> at & 1) || lattice->tokens.items[at].kind == TOKEN_MARK) continue;
        if (unknown_only && lattice->known[at]) continue;
        const char *word = lattice_words(lattice, at, at + 1);
        if (count > 0 && text_equal(words[count - 1], word)) continue;
        words[count++] = word;
    }
    (void)arena;
    return count;
}

/* The longest words that name something this data has nothing of: a service, a tag, a value. Of a question that is not understood
 * otherwise this much is sure. */
static const Meaning *named_absent(const Lattice *lattice) {
    const Meaning *found = NULL;
    for (size_t i = 0; i < lattice->count; i++) {
        const Meaning *meaning = &lattice->items[i];
        if (!meaning->frame.refusal.code || meaning->symbol == lattice->lexicon->refuse || taken_otherwise(lattice, meaning))
            continue;
        bool known_name = meaning->symbol != lattice->lexicon->novalue; /* else a word was guessed to be a value */
        bool sure = text_equal(meaning->frame.refusal.topic, "tag") ||
                    (text_equal(meaning->frame.refusal.topic, "value") && known_name);
        if (!sure) continue;
        if (!found || meaning->to - meaning->from > found->to - found->from) found = meaning;
    }
    return found;
}

/* "Stop i-123": a verb first, and the thing that it is to be done to. */
static bool is_order(const Lattice *lattice) {
    static const char *const VERBS[] = {"stop", "start", "reboot", "restart"};
    for (size_t i = 0; lattice->tokens.count >= 2 && i < sizeof VERBS / sizeof *VERBS; i++)
        if (text_equal(lattice->tokens.items[0].norm, VERBS[i])) return true;
    return false;
}

static bool has_several_sentences(const Lattice *lattice) {
    for (size_t at = 1; at + 1 < lattice->tokens.count; at++) {
        const Token *token = &lattice->tokens.items[at];
        if (token->kind == TOKEN_MARK && text_equal(token->norm, ".") && !text_equal(token->text, ":")) return true;
    }
    return false;
}

void decline_skipped(Arena *arena, const Lattice *lattice, uint64_t skipped, Reading *out) {
    const Meaning *absent = named_absent(lattice);
    if (absent) {
        decline_refusal(arena, lattice, &absent->frame.refusal, lattice_words(lattice, absent->from, absent->to), out);
        return;
    }
    const char **words = arena_array(arena, QUESTION_TOKENS, sizeof *words);
    size_t count = skipped_words(arena, lattice, skipped, true, words);
    out->unknown = words;
    if (count > 0) {
        out->unknown_count = count;
        const char **nearest = arena_array(arena, 3, sizeof *nearest);
        out->nearest_count = link_nearest(arena, lattice->lexicon->catalog, NULL, words[0], nearest);
        out->nearest = nearest;
        set(out, "UNKNOWN_TERM",
            arena_printf(
                arena, "%s not understood: nothing in this data is called so. %s%s%s",
                arena_printf(arena, "%s %s", quoted_list(arena, words, count), count == 1 ? "is" : "are"),
                out->nearest_count ? "Did you mean " : "Ask about cost or usage by service, account, region, tag or period",
                out->nearest_count ? quoted_list(arena, nearest, out->nearest_count) : "", out->nearest_count ? "?" : "."));
        return;
    }
    if (is_order(lattice)) {
        decline_refusal(arena, lattice, &(Refusal){.code = "ACTION_NOT_SUPPORTED", .topic = "action"},
                        lattice_words(lattice, 0, lattice->tokens.count), out);
        return;
    }
    if (has_several_sentences(lattice)) {
        set(out, "TOO_BROAD", topic_message(arena, "questions", ""));
        return;
    }
    count = skipped_words(arena, lattice, skipped, false, words);
    out->unknown_count = count;
    set(out, "UNSUPPORTED_SHAPE",
        arena_printf(arena,
                     "The question is not understood as a whole: %s could not be put together with the rest. Ask it in fewer "
                     "words, or in two questions.",
                     quoted_list(arena, words, count)));
}

void decline_shape(Arena *arena, const Lattice *lattice, const Interpretation *last, Reading *out) {
    (void)lattice;
    if (last && last->message) {
        set(out, last->refusal.code, last->message);
        return;
    }
    set(out, "UNSUPPORTED_SHAPE",
        arena_text(arena, "The words are known, but not what is asked. Ask, for example: cost by service in the last month, or "
                          "top 5 accounts by cost."));
}
