#include "learn/stats.h"

#include "base/limits.h"
#include "base/text.h"
#include "io/clock.h"
#include "learn/log.h"

static bool list(Arena *arena, Sqlite *database, const char *sql, long long since_s, size_t limit, Table **out, Err *err) {
    const SqliteValue values[] = {sqlite_integer(since_s)};
    return sqlite_query(arena, database, sql, values, 1, limit, out, err);
}

bool learn_stats(Arena *arena, Sqlite *database, long long since_s, LearnStats *out, Err *err) {
    static const char totals[] =
        "SELECT count(*) AS questions, count(*) FILTER (WHERE q.status = 'answered') AS answered,"
        " count(*) FILTER (WHERE q.status = 'clarify') AS clarify, count(*) FILTER (WHERE q.status = 'refused') AS refused,"
        " count(*) FILTER (WHERE q.status = 'error') AS error, count(*) FILTER (WHERE q.planner = 'offline') AS offline,"
        " count(q.reused_from) AS reused, round(coalesce(sum(max(o.total_ms - q.total_ms, 0)), 0), 1) AS saved_ms,"
        " count(*) FILTER (WHERE q.feedback > 0) AS liked, count(*) FILTER (WHERE q.feedback < 0) AS disliked,"
        " count(DISTINCT q.user) AS users, coalesce(sum(q.numbers), 0) AS numbers, coalesce(sum(q.verified), 0) AS verified"
        " FROM questions q LEFT JOIN questions o ON o.id = q.reused_from WHERE q.at_s >= ?";
    static const char latency[] =
        "WITH ranked AS (SELECT total_ms, row_number() OVER (ORDER BY total_ms) AS r, count(*) OVER () AS n FROM questions"
        " WHERE at_s >= ? AND status = 'answered')"
        " SELECT round(min(total_ms) FILTER (WHERE r >= 0.50 * n), 1) AS p50_ms, round(min(total_ms) FILTER (WHERE r >= 0.95 * "
        "n), 1) AS"
        " p95_ms, round(min(total_ms) FILTER (WHERE r >= 0.99 * n), 1) AS p99_ms, round(max(total_ms), 1) AS slowest_ms FROM "
        "ranked";
    static const char days[] =
        "SELECT date(at_s, 'unixepoch') AS day, count(*) AS questions,"
        " count(*) FILTER (WHERE status = 'answered') AS answered FROM questions WHERE at_s >= ? GROUP BY 1 ORDER BY 1";
    /* In SQLite the other columns of a row with max() are those of the row that has it: the latest question. */
    static const char patterns[] =
        "SELECT pattern, count(*) AS questions, count(*) FILTER (WHERE status = 'answered') AS answered,"
        " question AS example, max(id) AS latest FROM questions WHERE at_s >= ? AND pattern IS NOT NULL"
        " GROUP BY 1 ORDER BY 2 DESC, 1";
    static const char services[] =
        "SELECT s.value AS service, count(DISTINCT q.id) AS questions FROM questions q, json_each(q.services) s"
        " WHERE q.at_s >= ? GROUP BY 1 ORDER BY 2 DESC, 1";
    static const char refusals[] =
        "SELECT code, count(*) AS questions, question AS example, max(id) AS latest FROM questions"
        " WHERE at_s >= ? AND status IN ('refused', 'clarify') AND code IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1";
    static const char unknown[] =
        "SELECT u.value AS word, count(DISTINCT q.id) AS questions, q.question AS example, max(q.id) AS latest"
        " FROM questions q, json_each(q.unknown) u WHERE q.at_s >= ? GROUP BY 1 ORDER BY 2 DESC, 1";
    static const char slow[] =
        "SELECT question, round(total_ms, 1) AS total_ms, datetime(at_s, 'unixepoch') AS at FROM questions"
        " WHERE at_s >= ? AND status = 'answered' ORDER BY questions.total_ms DESC, id";
    return list(arena, database, totals, since_s, 1, &out->totals, err) &&
           list(arena, database, latency, since_s, 1, &out->latency, err) &&
           list(arena, database, days, since_s, LEARN_EXPORT_ROWS, &out->days, err) &&
           list(arena, database, patterns, since_s, LEARN_TOP_ROWS, &out->patterns, err) &&
           list(arena, database, services, since_s, LEARN_TOP_ROWS, &out->services, err) &&
           list(arena, database, refusals, since_s, LEARN_TOP_ROWS, &out->refusals, err) &&
           list(arena, database, unknown, since_s, LEARN_TOP_ROWS, &out->unknown, err) &&
           list(arena, database, slow, since_s, LEARN_TOP_ROWS, &out->slow, err);
}

bool learn_list(Arena *arena, Sqlite *database, long long since_s, size_t limit, Table **out, Err *err) {
    return list(arena, database, "SELECT datetime(at_s, 'unixepoch') AS at, * FROM questions WHERE at_s >= ? ORDER BY id DESC",
                since_s, limit, out, err);
}
