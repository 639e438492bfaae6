/* learn/notes.h: what was learned or decided, beside the log: small texts by kind, key and user.
 *
 *   rating       key = id of a question: what its asker thought of the answer
 *   correction   what a user said was wrong with the reading of a question (learn/correction.h)
 *   choice       what a user chose when asked back (learn/choice.h)
 *   verified     a reading that somebody vouches for (learn/verified.h)
 *
 * A note is replaced by a newer one of the same key; one that was removed stays as a row without body, so that others who share the log learn
 * of it. Any change of notes makes questions be read anew. */
#ifndef CURLEW_LEARN_NOTES_H
#define CURLEW_LEARN_NOTES_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/table.h"
#include "io/sqlite.h"

typedef struct {
    const char *kind, *key, *user;
    long long at_s;
    const char *body; /* JSON; NULL = removed */
} LearnNote;

bool learn_note_write(Sqlite *database, const LearnNote *note, Err *err);

/* The note of that key and user; `*found` false when there is none, or none any more. */
bool learn_note_find(Arena *arena, Sqlite *database, const char *kind, const char *key, const char *user, LearnNote *out,
                     bool *found, Err *err);

/* Columns key, user, at_s, body of all notes of a kind that were not removed, newest first. */
bool learn_notes_list(Arena *arena, Sqlite *database, const char *kind, Table **out, Err *err);

#endif
