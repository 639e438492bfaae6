/* question/link.c: see question/link.h. */
#include "question/link.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"

#define LINK_PARTS 16
#define LINK_SPAN 4
#define LINK_VALUES 5000 /* dictionaries longer than this are searched exactly only */

/* Columns whose values people call by a part of their name. */
static bool is_named(const Catalog *catalog, const CatalogColumn *column) {
    static const char *const NAMED[] = {"ServiceName",    "SubAccountName",  "RegionId",      "RegionName",
                                        "ProviderName",   "ServiceCategory", "PublisherName", "InvoiceIssuerName",
                                        "x_InstanceType", "x_UsageType",     "ResourceName"};
    if (column->value_count == 0 || column->value_count > LINK_VALUES) return false;
    if (column->class == CLASS_TAG || (!catalog->is_bill && column->class == CLASS_DIMENSION)) return true;
    for (size_t i = 0; i < sizeof NAMED / sizeof *NAMED; i++)
        if (text_equal(column->name, NAMED[i])) return true;
    return false;
}

/* "lumenpay-prod" → "lumenpay", "prod"; "AmazonEC2" stays one: its known names are aliases. */
static size_t value_parts(const char *value, char parts[LINK_PARTS][32]) {
    size_t count = 0, size = 0;
    for (const char *c = value; count < LINK_PARTS; c++) {
        if (*c && (isalnum((unsigned char)*c) || (unsigned char)*c >= 0x80)) {
            if (size < 31) parts[count][size++] = (char)tolower((unsigned char)*c);
        } else if (size > 0) {
            parts[count][size] = '\0';
            count++;
            size = 0;
        }
        if (!*c) break;
    }
    return count;
}

/* Stages of deployment go by a long and a short name. */
static const char *other_name(const char *word) {
    static const char *const NAMES[][2] = {
        {"prod", "production"}, {"dev", "development"}, {"stg", "staging"}, {"stage", "staging"}};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        if (text_equal(word, NAMES[i][0])) return NAMES[i][1];
        if (text_equal(word, NAMES[i][1])) return NAMES[i][0];
    }
    return NULL;
}

static bool has_part(char parts[LINK_PARTS][32], size_t count, const char *word) {
    for (size_t i = 0; i < count; i++)
        if (text_equal(parts[i], word)) return true;
    return false;
}

typedef enum { NEAR_NONE, NEAR_SLIP, NEAR_START, NEAR_PARTS } Nearness;

/* How the words [from, to) name a value. */
static Nearness nearness(const Lattice *lattice, size_t from, size_t to, const char *value, const char *key,
                         const char *value_key, bool beside_noun) {
    char parts[LINK_PARTS][32];
    size_t count = value_parts(value, parts), matched = 0;
    for (size_t i = from; i < to; i++) {
        const Token *token = &lattice->tokens.items[i];
        const char *other = other_name(token->norm);
        matched += has_part(parts, count, token->norm) || (other && has_part(parts, count, other));
    }
    if (matched == to - from) return to - from == 1 && lattice->english[from] && !beside_noun ? NEAR_NONE : NEAR_PARTS;
    size_t size = strlen(key);
    if (to - from != 1) return size >= 9 && count == to - from && text_distance(key, value_key, 1) == 1 ? NEAR_SLIP : NEAR_NONE;
    if (lattice->english[from] && !beside_noun) return NEAR_NONE;
    if (size >= 4 && text_starts(value_key, key)) return NEAR_START;
    if (lattice->english[from]) return NEAR_NONE;
    if (size >= 5 && strlen(value_key) >= 5 && text_distance(key, value_key, 1) == 1) return NEAR_SLIP;
    for (size_t p = 0; size >= 5 && p < count; p++)
        if (strlen(parts[p]) >= 5 && text_distance(key, parts[p], 1) == 1) return NEAR_SLIP;
    return NEAR_NONE;
}

/* Adds the value of `column` that alone is nearest to the words; several equally near add nothing. */
static void link_column(Lattice *lattice, size_t from, size_t to, const char *key, const CatalogColumn *column,
                        bool beside_noun) {
    Nearness best = NEAR_NONE;
    const char *found = NULL;
    bool several = false;
    for (size_t v = 0; v < column->value_count; v++) {
        const char *value = column->values[v].text;
        char small[128];
        Buffer value_key = {.arena = lattice->context.arena, .data = small, .room = sizeof small};
        small[0] = '\0';
        if (!value || strlen(value) > 100) continue;
        lexicon_key(&value_key, value);
        Nearness near = nearness(lattice, from, to, value, key, buffer_text(&value_key), beside_noun);
        if (near == NEAR_NONE || near < best) continue;
        several = near == best;
        best = near;
        found = value;
    }
    if (!found || several) return;
    static const float SCORES[] = {0, -0.5f, -0.4f, -0.3f};
    const char **values = arena_array(lattice->context.arena, 1, sizeof *values);
    values[0] = found;
    Frame frame = {.conditions = {{.dimension = column->name, .op = FILTER_IN, .values = values, .value_count = 1}},
                   .condition_count = 1};
    float score = (float)(to - from) + SCORES[best];
    if (column->class == CLASS_TAG) score -= 0.1f;
    lattice_add(lattice, from, to, lattice->lexicon->value, score, &frame);
    Meaning *meaning = &lattice->items[lattice->count - 1];
    meaning->value = true;
    meaning->assumed = arena_printf(lattice->context.arena, "\"%s\" was taken to be %s \"%s\"",
                                    lattice_words(lattice, from, to), column->label ? column->label : column->name, found);
    for (size_t i = from; i < to; i++) lattice->known[i] = true;
}

bool link_is_slip_of_name(const Lattice *lattice, const char *word) {
    const Catalog *catalog = lattice->lexicon->catalog;
    if (strlen(word) < 5) return false;
    for (size_t c = 0; c < catalog->column_count; c++) {
        const CatalogColumn *column = &catalog->columns[c];
        if (!is_named(catalog, column)) continue;
        for (size_t v = 0; v < column->value_count; v++) {
            char parts[LINK_PARTS][32];
            size_t count = column->values[v].text ? value_parts(column->values[v].text, parts) : 0;
            for (size_t p = 0; p < count; p++)
                if (strlen(parts[p]) >= 5 && text_distance(word, parts[p], 1) == 1) return true;
        }
    }
    return false;
}

/* A word that looks like the name of a resource: has a digit or punctuation, or was quoted. */
static bool looks_like_identifier(const Token *token) {
    if (token->kind == TOKEN_QUOTED) return true;
    if (token->kind == TOKEN_NUMBER) return strlen(token->text) >= 8;
    if (token->kind != TOKEN_WORD || strlen(token->text) < 4) return false;
    bool punctuation = false, digit = false;
    for (const char *c = token->text; *c; c++) {
        punctuation = punctuation || (!isalnum((unsigned char)*c) && (unsigned char)*c < 0x80);
        digit = digit || isdigit((unsigned char)*c);
    }
    return punctuation || digit;
}

static bool has_digit(const Token *token) {
    return strpbrk(token->text, "0123456789") != NULL;
}

/* A noun of resources beside the word: "bucket access-logs". */
static bool beside_resource(const Lattice *lattice, size_t at) {
    for (size_t i = 0; i < lattice->count; i++) {
        const Meaning *meaning = &lattice->items[i];
        if (text_equal(meaning->frame.dimension, "ResourceId") && (meaning->to == at || meaning->from == at + 1)) return true;
    }
    return false;
}

/* "cost-heavy", "pre-sales": words of English or of the lexicon joined by hyphens, which are hardly the name of a resource. */
static bool is_compound(const Lattice *lattice, size_t at) {
    const Token *token = &lattice->tokens.items[at];
    if (token->kind != TOKEN_WORD || has_digit(token) || strpbrk(token->text, "._/:@")) return false;
    size_t count = 0;
    const char **parts = text_split(lattice->context.arena, token->norm, '-', &count);
    for (size_t i = 0; i < count; i++)
        if (!lexicon_is_english(lattice->lexicon, parts[i]) && !lexicon_find(lattice->lexicon, parts[i])) return false;
    return !beside_resource(lattice, at);
}

static bool link_identifier(Lattice *lattice, size_t at, Err *err) {
    static const char *const OF_BILLS[] = {"ResourceId", "CommitmentDiscountId", "InvoiceId"};
    enum { BILL_COLUMNS = sizeof OF_BILLS / sizeof *OF_BILLS };
    const Catalog *catalog = lattice->lexicon->catalog;
    const char *text = lattice->tokens.items[at].text;
    if (!lattice->session) return true;
    size_t columns = catalog->is_bill ? BILL_COLUMNS : catalog->column_count;
    for (size_t c = 0; c < columns; c++) {
        const CatalogColumn *column = catalog->is_bill ? catalog_column(catalog, OF_BILLS[c]) : &catalog->columns[c];
        if (!column || column->class != CLASS_IDENTIFIER) continue;
        const char **values = NULL;
        size_t count = 0;
        if (!catalog_find_identifier(lattice->context.arena, lattice->session, catalog, column, text, 4, &values, &count, err))
            return false;
        if (count == 0) continue;
        Frame frame = {
            .conditions =
                {{.dimension = column->name, .op = FILTER_IN, .values = values, .value_count = count, .identity = true}},
            .condition_count = 1};
        lattice_add(lattice, at, at + 1, lattice->lexicon->value, 1, &frame);
        lattice->items[lattice->count - 1].value = true;
        lattice->known[at] = true;
        return true;
    }
    return true;
}

/* "the staging account": a known word beside a noun may be part of a name that the noun calls for. */
static void link_beside_noun(Lattice *lattice, const Meaning *noun, const CatalogColumn *column) {
    size_t spots[2] = {noun->from - 1, noun->to};
    for (size_t i = noun->from == 0 ? 1 : 0; i < 2; i++) {
        size_t at = spots[i];
        if (at >= lattice->tokens.count || lattice->tokens.items[at].kind != TOKEN_WORD || lattice_is_functional(lattice, at))
            continue;
        bool have = false;
        for (size_t m = 0; m < lattice->count; m++) {
            const Meaning *meaning = &lattice->items[m];
            have =
                have || (meaning->from <= at && at < meaning->to && meaning->frame.condition_count == 1 &&
                         frame_same_dimension(lattice->lexicon->catalog, meaning->frame.conditions[0].dimension, column->name));
        }
        if (have) continue;
        Buffer key = {.arena = lattice->context.arena};
        lexicon_key(&key, lattice->tokens.items[at].norm);
        link_column(lattice, at, at + 1, buffer_text(&key), column, true);
    }
}

static void link_beside_nouns(Lattice *lattice) {
    size_t count = lattice->count;
    for (size_t i = 0; i < count; i++) {
        const Meaning noun = lattice->items[i];
        if (noun.symbol != lattice->lexicon->dim || !noun.frame.dimension || noun.frame.plural) continue;
        const CatalogColumn *column = catalog_column(lattice->lexicon->catalog, noun.frame.dimension);
        const CatalogColumn *named =
            column && column->companion ? catalog_column(lattice->lexicon->catalog, column->companion) : column;
        if (named && is_named(lattice->lexicon->catalog, named)) link_beside_noun(lattice, &noun, named);
    }
}

static void link_loosely(Lattice *lattice, size_t from) {
    for (size_t to = from + 1; to <= lattice->tokens.count && to - from <= LINK_SPAN; to++) {
        bool unknown = false, words = true;
        for (size_t i = from; i < to; i++) {
            const Token *token = &lattice->tokens.items[i];
            unknown = unknown || !lattice->known[i];
            words = words && token->kind == TOKEN_WORD && !(lattice->stop[i] && (i == from || i + 1 == to));
        }
        if (!words) return;
        if (!unknown) continue;
        Buffer key = {.arena = lattice->context.arena};
        for (size_t i = from; i < to; i++) lexicon_key(&key, lattice->tokens.items[i].norm);
        for (size_t c = 0; c < lattice->lexicon->catalog->column_count; c++)
            if (is_named(lattice->lexicon->catalog, &lattice->lexicon->catalog->columns[c]))
                link_column(lattice, from, to, buffer_text(&key), &lattice->lexicon->catalog->columns[c], false);
    }
}

static bool is_value(const Lattice *lattice, size_t at) {
    for (size_t i = 0; i < lattice->count; i++)
        if (lattice->items[i].from <= at && at < lattice->items[i].to && lattice->items[i].value) return true;
    return false;
}

bool link_unknown(Lattice *lattice, Err *err) {
    bool unknown[QUESTION_TOKENS];
    for (size_t at = 0; at < lattice->tokens.count; at++)
        unknown[at] = !lattice->known[at] || lattice->tokens.items[at].kind == TOKEN_QUOTED;
    size_t looked_up = 0; /* every look-up reads the identifiers of all lines */
    for (size_t at = 0; at < lattice->tokens.count; at++) {
        const Token *token = &lattice->tokens.items[at];
        bool number = token->kind == TOKEN_NUMBER && strlen(token->text) >= 8 && !is_value(lattice, at);
        bool type = lattice_is_instance_type(token->norm);
        if (!(unknown[at] || number) || type || !looks_like_identifier(token) || is_compound(lattice, at)) continue;
        if (looked_up > 0 && !number && token->kind != TOKEN_QUOTED && (!has_digit(token) || strlen(token->text) < 8)) continue;
        looked_up++;
        if (!link_identifier(lattice, at, err)) return false;
    }
    for (size_t at = 0; at < lattice->tokens.count; at++) {
        const Token *token = &lattice->tokens.items[at];
        if (token->kind == TOKEN_WORD) link_loosely(lattice, at);
    }
    link_beside_nouns(lattice);
    return true;
}

size_t link_nearest(Arena *arena, const Catalog *catalog, const CatalogColumn *column, const char *text, const char **nearest) {
    size_t count = 0;
    unsigned scores[3] = {0, 0, 0};
    const char *key = text_name_key(arena, text);
    for (size_t c = 0; c < catalog->column_count; c++) {
        const CatalogColumn *at = &catalog->columns[c];
        if (column ? at != column : !is_named(catalog, at)) continue;
        for (size_t v = 0; v < at->value_count && v < LINK_VALUES; v++) {
            const char *value = at->values[v].text;
            if (text_is_empty(value) || strlen(value) > 100) continue;
            unsigned score = text_contains_fold(value, text) ? 0 : text_distance(key, text_name_key(arena, value), 20);
            if (!column && score * 3 > strlen(key)) continue;
            size_t place = count;
            while (place > 0 && scores[place - 1] > score) place--;
            if (place >= 3) continue;
            size_t end = count < 3 ? count : 2;
            for (size_t i = end; i > place; i--) {
                nearest[i] = nearest[i - 1];
                scores[i] = scores[i - 1];
            }
            nearest[place] = value;
            scores[place] = score;
            if (count < 3) count++;
        }
    }
    return count;
}
