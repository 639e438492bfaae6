#include "learn/notes.h"

#include <stdlib.h>

#include "base/limits.h"

bool learn_note_write(Sqlite *database, const LearnNote *note, Err *err) {
    const SqliteValue values[] = {sqlite_text(note->kind), sqlite_text(note->key), sqlite_text(note->user),
                                  sqlite_integer(note->at_s), sqlite_text(note->body)};
    return sqlite_run(database,
                      "INSERT INTO notes(kind, key, user, at_s, body) VALUES(?,?,?,?,?) ON CONFLICT(kind, key, user) DO UPDATE"
                      " SET at_s = excluded.at_s, body = excluded.body WHERE excluded.at_s >= notes.at_s",
                      values, 5, err) &&
           sqlite_run(database, "DELETE FROM readings WHERE true", NULL, 0, err);
}

bool learn_note_find(Arena *arena, Sqlite *database, const char *kind, const char *key, const char *user, LearnNote *out,
                     bool *found, Err *err) {
    const SqliteValue values[] = {sqlite_text(kind), sqlite_text(key), sqlite_text(user)};
    Table *rows = NULL;
    if (!sqlite_query(arena, database,
                      "SELECT at_s, body FROM notes WHERE kind = ? AND key = ? AND user = ? AND body IS NOT NULL", values, 3, 1,
                      &rows, err))
        return false;
    *found = rows->row_count > 0;
    if (*found)
        *out = (LearnNote){.kind = kind,
                           .key = key,
                           .user = user,
                           .at_s = strtoll(table_cell(rows, 0, 0), NULL, 10),
                           .body = table_cell(rows, 0, 1)};
    return true;
}

bool learn_notes_list(Arena *arena, Sqlite *database, const char *kind, Table **out, Err *err) {
    const SqliteValue value = sqlite_text(kind);
    return sqlite_query(arena, database,
                        "SELECT key, user, at_s, body FROM notes WHERE kind = ? AND body IS NOT NULL ORDER BY at_s DESC, key",
                        &value, 1, LEARN_NOTES, out, err);
}
