/* engine/recall.h: small results that were computed before, by the text of their query (inside the room only).
 *
 * An engine's data never changes, so that the same text gives the same rows. What is kept is bounded; the oldest makes way. Safe from any
 * thread. */
#ifndef CURLEW_ENGINE_RECALL_H
#define CURLEW_ENGINE_RECALL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/table.h"

typedef struct Recall Recall;

/* Ended with the arena. */
Recall *recall_open(Arena *arena);
/* What the text gave before, copied into `arena`. */
bool recall_find(Arena *arena, Recall *recall, const char *sql, Table **out);
/* Keeps a copy of a result that is small and whole; others are not kept. */
void recall_keep(Recall *recall, const char *sql, const Table *table);

#endif
