/* question/complete.h: what a half-typed word of a question may become: names of dimensions, measures, tag keys, and values. */
#ifndef CURLEW_QUESTION_COMPLETE_H
#define CURLEW_QUESTION_COMPLETE_H

#include <stddef.h>

#include "base/arena.h"
#include "catalog/catalog.h"

/* Names that begin, case ignored, with the last words of `line` (as many words as make a beginning of a name: "cost of amazon ela").
 * They replace the line from byte `*from` on. At most `room`, the values with the highest cost first; without a word begun,
 * none. Names that a terminal must not see are left out. */
size_t question_complete(Arena *arena, const Catalog *catalog, const char *line, size_t *from, const char **texts, size_t room);

#endif
