/* guard/seen.h: SQL of our own that passed a short while ago (inside the room only).
 *
 * The verdict on a text depends on nothing but its bytes and the guard that gives it, and asking the parser takes longer than many a query:
 * what one guard has let pass it lets pass again, in the same canonical form. Only compiled SQL: it is repeated word for word whenever a
 * question is, whereas each typed text is read anew. */
#ifndef CURLEW_GUARD_SEEN_H
#define CURLEW_GUARD_SEEN_H

#include <stddef.h>

#include "base/arena.h"

typedef struct Seen Seen;

Seen *seen_make(Arena *arena);
/* The canonical text of `sql`, valid until the next seen_add(); NULL when it was not seen or was forgotten. */
const char *seen_find(const Seen *seen, const char *sql, size_t size);
/* Remembers that `sql` passed as `canonical`; the oldest of GUARD_SEEN texts makes way. Long ones are not remembered. */
void seen_add(Seen *seen, const char *sql, size_t size, const char *canonical);

#endif
