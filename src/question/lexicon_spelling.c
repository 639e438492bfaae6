/* question/lexicon_spelling.c: slips of the fingers, see question/lexicon.h. */
#include <ctype.h>
#include <string.h>

#include "base/knowledge.h"
#include "base/text.h"
#include "question/lexicon.h"

#define VOCABULARY_WORDS 8192
#define LONG_WORD 9 /* letters from which two slips still leave no doubt */

static void collect_vocabulary(Arena *arena, struct Lexicon *lexicon) {
    static const char *const TABLES[] = {"lexicon.tsv", "services.tsv"};
    static const char *const FIELDS[] = {"words", "aliases"};
    lexicon->vocabulary = arena_array(arena, VOCABULARY_WORDS, sizeof *lexicon->vocabulary);
    struct Lexicon seen = {.bucket_count = 4096, .buckets = arena_array(arena, 4096, sizeof(struct LexiconSlot *))};
    for (size_t t = 0; t < 2; t++) {
        const Knowledge *table = knowledge_table(arena, TABLES[t]);
        for (size_t row = 0; row < table->row_count; row++) {
            /* Nobody's question is declined for a word that was not written. */
            if (t == 0 && text_equal(knowledge_field(table, row, "symbol"), "REFUSE")) continue;
            char *words = text_lower(arena, knowledge_field(table, row, FIELDS[t]));
            for (char *c = words; *c; c++)
                if (!isalpha((unsigned char)*c)) *c = ' ';
            size_t count = 0;
            const char **list = text_split(arena, words, ' ', &count);
            for (size_t i = 0; i < count && lexicon->vocabulary_count < VOCABULARY_WORDS; i++) {
                if (strlen(list[i]) < 4 || lexicon_is_english(&seen, list[i])) continue;
                lexicon_mark_english(arena, &seen, list[i]);
                lexicon->vocabulary[lexicon->vocabulary_count++] = list[i];
            }
        }
    }
}

static void mark_english(Arena *arena, struct Lexicon *lexicon) {
    const Knowledge *table = knowledge_table(arena, "english_words.tsv");
    for (size_t row = 0; row < table->row_count; row++) {
        size_t count = 0;
        const char **words = text_split(arena, knowledge_field(table, row, "words"), ' ', &count);
        for (size_t i = 0; i < count; i++) lexicon_mark_english(arena, lexicon, words[i]);
    }
}

void lexicon_learn_spelling(Arena *arena, struct Lexicon *lexicon) {
    mark_english(arena, lexicon);
    collect_vocabulary(arena, lexicon);
}

/* Whether two words differ only in letters written once or twice: "acount", "account". */
static bool differ_by_doubling(const char *a, const char *b) {
    while (*a && *a == *b) {
        char letter = *a;
        while (*a == letter) a++;
        while (*b == letter) b++;
    }
    return !*a && !*b;
}

/* How likely a slip is, the smaller the likelier: a letter doubled or not, one left out or too many, two swapped or another. */
static int slip_kind(const char *word, const char *candidate) {
    if (differ_by_doubling(word, candidate)) return 0;
    return strlen(word) != strlen(candidate) ? 1 : 2;
}

const char *lexicon_spelling(const struct Lexicon *lexicon, const char *word) {
    size_t size = strlen(word);
    if (size < 4) return NULL;
    for (const char *c = word; *c; c++)
        if (!isalpha((unsigned char)*c)) return NULL;
    unsigned ceiling = size >= LONG_WORD ? 2 : 1;
    const char *best = NULL;
    unsigned best_distance = ceiling + 1;
    bool tie = false;
    for (size_t i = 0; i < lexicon->vocabulary_count; i++) {
        const char *candidate = lexicon->vocabulary[i];
        size_t length = strlen(candidate);
        if (length + ceiling < size || length > size + ceiling || (length < 5 && size < 5)) continue;
        if (candidate[0] != word[0] && candidate[1] != word[1]) continue;
        unsigned distance = text_distance(word, candidate, ceiling);
        if (distance > 1 && (size < LONG_WORD || length < LONG_WORD)) continue; /* "insuarnce" is no instance */
        if (distance > best_distance || distance > ceiling) continue;
        int kind = slip_kind(word, candidate), best_kind = best ? slip_kind(word, best) : 3;
        if (distance == best_distance && best_kind < kind) continue;
        tie = distance == best_distance && !text_equal(best, candidate) && kind == best_kind;
        best = candidate;
        best_distance = distance;
    }
    return tie ? NULL : best;
}
