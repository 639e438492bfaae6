/* question/lexicon.h: every word and phrase that has a meaning for one data set.
 *
 * Made once per catalog: the words of tables/lexicon.tsv, names of columns, measures, concepts, services, regions and providers,
 * and the values of the data. Read-only afterwards; any number of questions may share it. */
#ifndef CURLEW_QUESTION_LEXICON_H
#define CURLEW_QUESTION_LEXICON_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/text.h"
#include "catalog/catalog.h"
#include "question/frame.h"
#include "question/grammar.h"

/* One meaning of a phrase. */
typedef struct LexiconEntry LexiconEntry;
struct LexiconEntry {
    int symbol;
    float weight;
    const FrameAction *action;   /* what it means, or NULL for a value */
    const CatalogColumn *column; /* of a value */
    const char *const *values;   /* raw values, usually one */
    size_t value_count;
    const char *absent;  /* a known thing that the data does not have: its name */
    const char *refused; /* topic of tables/declines.tsv, with `absent` */
    bool plural;
    const LexiconEntry *next; /* other meanings of the same phrase */
};

struct Lexicon {
    const Catalog *catalog;
    const Grammar *grammar;
    FrameContext context; /* of the build; questions use their own arena and day */
    size_t bucket_count;
    struct LexiconSlot **buckets;
    size_t phrase_count;
    size_t vocabulary_count; /* single words, for spelling */
    const char **vocabulary;
    int stop, filler, value, numvalue, novalue, measure, concept, dim, refuse;
};

/* Of a table without dates, its only column of months as text ("2025-03"); NULL. */
const CatalogColumn *lexicon_month_column(const Catalog *catalog);

/* The form in which phrases are looked up: letters and digits run together ("month over month", "Month-over-Month" →
 * "monthovermonth"); a word of punctuation alone stays. */
void lexicon_key(Buffer *out, const char *phrase);

/* The meanings of a key, NULL when it has none. */
const LexiconEntry *lexicon_find(const struct Lexicon *lexicon, const char *key);

/* Adds a meaning; one that the phrase has already (same symbol, action and values) is left out. */
void lexicon_add(Arena *arena, struct Lexicon *lexicon, const char *phrase, LexiconEntry entry);

/* Whether a word belongs to everyday English (tables/english_words.tsv): never corrected, never taken for a misspelt name. */
bool lexicon_is_english(const struct Lexicon *lexicon, const char *word);

/* Marks a word as everyday English. */
void lexicon_mark_english(Arena *arena, struct Lexicon *lexicon, const char *word);

/* Reads the everyday words, and the words of the tables that a slip may be meant for. */
void lexicon_learn_spelling(Arena *arena, struct Lexicon *lexicon);

/* The word of the vocabulary that `word` is a slip of, NULL when none or several are equally near. */
const char *lexicon_spelling(const struct Lexicon *lexicon, const char *word);

#endif
