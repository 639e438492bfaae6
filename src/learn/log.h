/* learn/log.h: the log of questions: one row per question, in a SQLite database that its user can open, export and empty.
 *
 * Asking never waits for it: rows are handed to a thread that opens the database and commits them while the answer is being made and
 * shown. A process that ends orderly has written all it was given; one that is killed loses at most the answer in flight. Rows are
 * dropped when they are older than the retention. What cannot be written is not missed by the answer: learn_log_drain() tells. */
#ifndef CURLEW_LEARN_LOG_H
#define CURLEW_LEARN_LOG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "io/sqlite.h"
#include "learn/database.h"
#include "learn/record.h"
#include "learn/store.h"

/* Where the log of a workspace folder is: learn.sqlite in it, or in the data home for folders of the cache and the user's own
 * workspace. */
const char *learn_log_path(Arena *arena, const char *workspace_folder);

/* A log that is written behind the caller's back; drained and closed with the arena. Never fails: see learn_log_drain(). */
typedef struct LearnLog LearnLog;
LearnLog *learn_log_start(Arena *arena, const LearnPlace *place);

/* Hands a copy of the record over; gives its number. Safe from any thread. Waits only while LEARN_WAITING records are unwritten. */
unsigned long long learn_log_add(LearnLog *log, const LearnRecord *record);

/* Waits until the record of that number, as learn_log_add() gave it, is written or cannot be, at most LEARN_AWAIT_S: who shows one answer
 * after another loses none but the last when the process is killed. 0 waits for nothing. */
void learn_log_await(LearnLog *log, unsigned long long number);

/* Waits until all that was handed over is written. False with the reason when something could not be. */
bool learn_log_drain(LearnLog *log, Err *err);

/* Writes one record at once. */
bool learn_write(Sqlite *database, const LearnRecord *record, Err *err);

#endif
