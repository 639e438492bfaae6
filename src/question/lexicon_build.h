/* question/lexicon_build.h: what fills a lexicon, in two files. Inside the room only; the contract is question/lexicon.h. */
#ifndef CURLEW_QUESTION_LEXICON_BUILD_H
#define CURLEW_QUESTION_LEXICON_BUILD_H

#include "question/lexicon.h"
#include "question/understand.h"

typedef struct {
    Arena *arena;
    Lexicon *lexicon;
    const Catalog *catalog;
} Builder;

/* Adds a meaning to each of `words`, which are separated by |. */
void build_words(Builder *build, const char *words, LexiconEntry entry);
/* The action `format` with `argument` behind it. */
const FrameAction *build_action(Builder *build, const char *format, const char *argument);
/* A name with spaces for its punctuation, in lower case: "size_gb" → "size gb". */
const char *build_spaced(Builder *build, const char *name);
/* What is left of `label` without one of `endings`: "volume id" → "volume"; NULL when nothing is left or none is there. */
const char *build_without_ending(Builder *build, const char *label, const char *const *endings, size_t count);

/* lexicon_table.c: names that only tables have, which are no bills. */
/* A measure of a table under the short forms of its header: "size_gb" is also "size". */
void build_short_measure_names(Builder *build, const Measure *measure, LexiconEntry entry);
/* Names of rows, truths ("encrypted"), months as text, and what is said of a table's only time and currency. */
void build_table_names(Builder *build);

#endif
