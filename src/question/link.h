/* question/link.h: words that no table knows, linked to values of the data. */
#ifndef CURLEW_QUESTION_LINK_H
#define CURLEW_QUESTION_LINK_H

#include "question/lattice.h"

/* Adds meanings for the spans without one: parts of a value's name ("elastic compute"), its beginning ("cloudfr"), one slip
 * ("athenna"), identifiers of resources ("i-0abc", a bucket's name). Quoted words are only ever values, never loosely. False only when
 * the engine fails. */
bool link_unknown(Lattice *lattice, Err *err);

/* Whether the word is one slip away from a part of a value's name. */
bool link_is_slip_of_name(const Lattice *lattice, const char *word);

/* The values of `column` (all named columns when NULL) nearest to `text`, at most three. */
size_t link_nearest(Arena *arena, const Catalog *catalog, const CatalogColumn *column, const char *text, const char **nearest);

#endif
