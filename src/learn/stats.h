/* learn/stats.h: what the log of questions tells: the dashboard, the questions themselves. */
#ifndef CURLEW_LEARN_STATS_H
#define CURLEW_LEARN_STATS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/table.h"
#include "io/sqlite.h"

/* Each is a small table, best first, at most LEARN_TOP_ROWS rows (days: all). */
typedef struct {
    Table *
        totals; /* one row: questions, answered, clarify, refused, error, offline, reused, saved_ms, liked, disliked, users, numbers,
                        verified */
    Table *latency;  /* one row: p50_ms, p95_ms, p99_ms, slowest_ms of what was answered */
    Table *days;     /* day, questions, answered */
    Table *patterns; /* pattern, questions, answered, example: the latest question of it */
    Table *services; /* service, questions */
    Table *refusals; /* code, questions, example */
    Table *unknown;  /* word, questions, example: what was not understood */
    Table *slow;     /* question, total_ms, at */
} LearnStats;

/* Over questions asked at or after `since_s` (seconds since the epoch, 0 = all). */
bool learn_stats(Arena *arena, Sqlite *database, long long since_s, LearnStats *out, Err *err);

/* The questions, newest first, all columns of the log. */
bool learn_list(Arena *arena, Sqlite *database, long long since_s, size_t limit, Table **out, Err *err);

#endif
