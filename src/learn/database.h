/* learn/database.h: the form of the learning database: tables of a SQLite file that its user can open, export and empty.
 *
 *   questions   the log: one row per question (learn/record.h)
 *   results, readings   answers for the next one who asks the same (learn/result.h); never leave this machine
 *   notes       of a shared log: what was said later about a question (kind "rating", key its id); a row without body was taken back
 *   outbox      what a shared store does not have yet (learn/store.h): a change is in it as soon as it is in the tables
 *   shared      how far this database has come with a shared store */
#ifndef CURLEW_LEARN_DATABASE_H
#define CURLEW_LEARN_DATABASE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "io/sqlite.h"

/* Opens the database for reading and changing it by hand, made or brought to the present form where needed. */
bool learn_open(Arena *arena, const char *path, Sqlite **out, Err *err);

/* The same; a file that is no database is renamed, and a new one begun. */
bool learn_open_or_renew(Arena *arena, const char *path, Sqlite **out, Err *err);

/* Removes answers to questions that are no longer in the log and their ratings, and the words of all others: they are noted again. */
bool learn_drop_orphans(Sqlite *database, Err *err);

/* Removes rows older than `retention_days` (0 keeps all); gives how many. */
bool learn_expire(Sqlite *database, long long retention_days, long long *removed, Err *err);

#endif
