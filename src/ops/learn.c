/* The log of questions, for those whose questions are in it: the dashboard, the list, feedback, forgetting. */
#include <stdlib.h>

#include "base/limits.h"
#include "base/text.h"
#include "io/clock.h"
#include "io/file.h"
#include "learn/log.h"
#include "learn/stats.h"
#include "ops/learning.h"
#include "ops/operations.h"
#include "ops/session.h"

/* The log behind the call's workspace, with what others wrote where it is shared; what is too old is never shown, whenever the last question
 * was. A shared store that is out of reach is told in `trouble`: what is here is shown all the same. */
static bool open_log(Arena *arena, const OpContext *context, const OpCall *call, bool fetch, LearnStore **out, Err *trouble,
                     Err *err) {
    LearnPlace place = learning_place(arena, session_workspace_folder(arena, call));
    place.stop = context->stop;
    if (!learn_store_open(arena, &place, false, out, err)) return false;
    long long removed = 0;
    if (fetch && (*out)->kind->send(*out, false, trouble)) (*out)->kind->fetch(*out, trouble);
    return learn_expire((*out)->database, place.retention_days, &removed, err);
}

/* After a change: it is sent now if the service answers, else it waits in the queue. */
static void send_now(LearnStore *store, OpResult *out) {
    Err trouble = {0};
    if (store->kind->send(store, true, &trouble)) return;
    report_line(out->report, "Kept on this machine; it is sent to the shared log as soon as that can be reached:");
    report_line(out->report, trouble.message);
}

static long long since(const OpCall *call) {
    const long long days = call_count(call, "days", 0);
    return days ? clock_now() - days * 24 * 3600 : 0;
}

/* --- as JSON --- */

static void put_cell(Json *object, const TableColumn *column, const char *cell) {
    if (!cell)
        json_put_null(object, column->name);
    else if (column->type == CELL_TEXT)
        json_put_text(object, column->name, cell);
    else
        json_put_number(object, column->name, cell);
}

static void put_row(Json *object, const Table *table, size_t row) {
    for (size_t i = 0; i < table->column_count; i++)
        if (!text_equal(table->columns[i].name, "latest")) put_cell(object, &table->columns[i], table_cell(table, row, i));
}

static void put_rows(Json *object, const char *name, const Table *table) {
    Json *rows = json_put_array(object, name);
    for (size_t i = 0; i < table->row_count; i++) put_row(json_add_object(rows), table, i);
}

/* --- for people --- */

/* Columns of a table as a grid: title, name of the column, right-aligned or not. */
typedef struct {
    const char *title, *column;
    bool right;
} Shown;

static void show_table(Arena *arena, Report *report, const char *heading, const Table *table, const Shown *shown,
                       size_t count) {
    if (table->row_count == 0) return;
    Grid *grid = grid_make(arena, count, table->row_count);
    for (size_t i = 0; i < count; i++) {
        grid->columns[i] = (GridColumn){.title = shown[i].title, .right = shown[i].right, .cut = CUT_END};
        const int at = table_find(table, shown[i].column);
        for (size_t row = 0; at >= 0 && row < table->row_count; row++) {
            const char *cell = table_cell(table, row, (size_t)at);
            grid_set(grid, row, i, text_printable(arena, cell ? cell : ""));
        }
    }
    report_heading(report, heading);
    report_grid(report, grid);
}

static const char *field(const Table *table, const char *name) {
    const int at = table_find(table, name);
    const char *cell = at >= 0 && table->row_count ? table_cell(table, 0, (size_t)at) : NULL;
    return cell ? cell : "0";
}

static const char *part(Arena *arena, const char *count, const char *whole) {
    const long long all = strtoll(whole, NULL, 10), some = strtoll(count, NULL, 10);
    if (all == 0) return count;
    const long long tenths = (some * 1000 + all / 2) / all;
    return arena_printf(arena, "%s (%lld.%lld%%)", text_count(arena, some), tenths / 10, tenths % 10);
}

static void show_totals(Arena *arena, Report *report, const LearnStats *stats, const char *path) {
    const Table *totals = stats->totals;
    const char *all = field(totals, "questions");
    report_heading(report, "Questions asked");
    report_pair(report, "questions", text_count(arena, strtoll(all, NULL, 10)));
    report_pair(report, "answered", part(arena, field(totals, "answered"), all));
    report_pair(report, "asked back", part(arena, field(totals, "clarify"), all));
    report_pair(report, "refused", part(arena, field(totals, "refused"), all));
    report_pair(report, "without a model", part(arena, field(totals, "offline"), all));
    report_pair(report, "from earlier results", part(arena, field(totals, "reused"), all));
    report_pair(report, "numbers checked",
                arena_printf(arena, "%s of %s", field(totals, "verified"), field(totals, "numbers")));
    report_pair(report, "thumbs", arena_printf(arena, "%s up, %s down", field(totals, "liked"), field(totals, "disliked")));
    if (stats->latency->row_count && table_cell(stats->latency, 0, 0))
        report_pair(report, "time to answer",
                    arena_printf(arena, "median %s ms, 95%% within %s ms, slowest %s ms", field(stats->latency, "p50_ms"),
                                 field(stats->latency, "p95_ms"), field(stats->latency, "slowest_ms")));
    const long long days = learning_retention_days();
    report_pair(report, "kept",
                days ? arena_printf(arena, "for %lld days in %s", days, path) : arena_printf(arena, "in %s", path));
}

static void show_stats(Arena *arena, const LearnStats *stats, const char *path, OpResult *out) {
    static const Shown patterns[] = {
        {"pattern", "pattern", false}, {"questions", "questions", true}, {"as in", "example", false}};
    static const Shown services[] = {{"service", "service", false}, {"questions", "questions", true}};
    static const Shown refusals[] = {{"reason", "code", false}, {"questions", "questions", true}, {"as in", "example", false}};
    static const Shown unknown[] = {{"word", "word", false}, {"questions", "questions", true}, {"as in", "example", false}};
    static const Shown slow[] = {{"question", "question", false}, {"ms", "total_ms", true}, {"asked", "at", false}};
    out->report = report_make(arena);
    if (text_equal(field(stats->totals, "questions"), "0")) {
        report_line(out->report, "Nothing was asked yet. Ask with `curlew ask QUESTION`; what was asked shows here.");
        return;
    }
    show_totals(arena, out->report, stats, path);
    show_table(arena, out->report, "What is asked most", stats->patterns, patterns, 3);
    show_table(arena, out->report, "Services asked about", stats->services, services, 2);
    show_table(arena, out->report, "Why questions were not answered", stats->refusals, refusals, 3);
    show_table(arena, out->report, "Words that were not understood", stats->unknown, unknown, 3);
    show_table(arena, out->report, "Slowest", stats->slow, slow, 3);
}

/* --- operations --- */

static bool list_questions(Arena *arena, Sqlite *database, const OpCall *call, OpResult *out, Err *err) {
    static const Shown shown[] = {{"id", "id", true},
                                  {"asked", "at", false},
                                  {"question", "question", false},
                                  {"status", "status", false},
                                  {"ms", "total_ms", true}};
    Table *table = NULL;
    const size_t limit = (size_t)call_count(call, "limit", LEARN_EXPORT_ROWS);
    if (!learn_list(arena, database, since(call), limit, &table, err)) return false;
    out->json = json_make_object(arena);
    put_rows(out->json, "questions", table);
    out->report = report_make(arena);
    show_table(arena, out->report, "Questions, latest first", table, shown, 5);
    if (!table->row_count) report_line(out->report, "Nothing was asked yet.");
    return true;
}

/* Of a log that is shared: what waits to be sent, and why it could not be. */
static bool tell_shared(Arena *arena, LearnStore *store, const Err *trouble, OpResult *out, Err *err) {
    long long waiting = 0, refused = 0;
    const char *reason = NULL;
    json_put_text(out->json, "store", store->kind->name);
    if (!store->place.table) return true;
    if (!learn_store_waiting(arena, store, &waiting, &refused, &reason, err)) return false;
    Json *shared = json_put_object(out->json, "shared");
    json_put_text(shared, "table", store->place.table);
    json_put_integer(shared, "waiting", waiting);
    json_put_integer(shared, "refused", refused);
    json_put_text(shared, "trouble", trouble->kind != ERR_NONE ? trouble->message : reason);
    report_heading(out->report, arena_printf(arena, "Shared in the DynamoDB table %s", store->place.table));
    report_pair(out->report, "waiting to be sent", text_count(arena, waiting));
    if (refused) report_pair(out->report, "refused by the service", arena_printf(arena, "%lld (%s)", refused, reason));
    if (trouble->kind != ERR_NONE) report_line(out->report, trouble->message);
    return true;
}

bool op_stats(Arena *arena, const OpContext *context, const OpCall *call, OpResult *out, Err *err) {
    LearnStore *store = NULL;
    Err trouble = {0};
    LearnStats stats = {0};
    if (!open_log(arena, context, call, true, &store, &trouble, err)) return false;
    Sqlite *database = store->database;
    const char *path = store->place.path;
    if (call_flag(call, "list")) return list_questions(arena, database, call, out, err);
    if (!learn_stats(arena, database, since(call), &stats, err)) return false;
    out->json = json_make_object(arena);
    Json *totals = json_put_object(out->json, "totals"), *latency = json_put_object(out->json, "latency");
    put_row(totals, stats.totals, 0);
    if (stats.latency->row_count) put_row(latency, stats.latency, 0);
    put_rows(out->json, "days", stats.days);
    put_rows(out->json, "patterns", stats.patterns);
    put_rows(out->json, "services", stats.services);
    put_rows(out->json, "refusals", stats.refusals);
    put_rows(out->json, "unknown", stats.unknown);
    put_rows(out->json, "slow", stats.slow);
    json_put_integer(out->json, "retention_days", learning_retention_days());
    json_put_text(out->json, "log", path);
    show_stats(arena, &stats, path, out);
    return tell_shared(arena, store, &trouble, out, err);
}

bool op_forget(Arena *arena, const OpContext *context, const OpCall *call, OpResult *out, Err *err) {
    LearnStore *store = NULL;
    Err trouble = {0};
    const LearnForget what = {
        .id = call_text(call, "id"), .user = call_text(call, "user"), .everything = call_flag(call, "all")};
    if ((what.id != NULL) + (what.user != NULL) + what.everything != 1)
        return err_set(err, ERR_USAGE,
                       "say what to forget: --id ID of one question (curlew stats --list shows them), --user NAME, or --all");
    long long removed = 0;
    if (!open_log(arena, context, call, false, &store, &trouble, err) || !store->kind->forget(store, &what, &removed, err))
        return false;
    if (what.id && !removed)
        return err_set_code(err, ERR_NOT_FOUND, "NO_SUCH_QUESTION", "the log has no question %.40s; see: curlew stats --list",
                            text_printable(arena, what.id));
    out->json = json_make_object(arena);
    json_put_integer(out->json, "forgotten", removed);
    out->report = report_make(arena);
    report_line(out->report, removed == 1 ? "1 question is forgotten."
                                          : arena_printf(arena, "%s questions are forgotten.", text_count(arena, removed)));
    send_now(store, out);
    return true;
}

/* The question that --id names, or the last one. */
static bool find_question(Arena *arena, Sqlite *database, const OpCall *call, const char **id, Err *err) {
    *id = call_text(call, "id");
    if (*id) return true;
    Table *last = NULL;
    if (!learn_list(arena, database, 0, 1, &last, err)) return false;
    if (!last->row_count) return err_set_code(err, ERR_NOT_FOUND, "NO_SUCH_QUESTION", "Nothing was asked yet; ask first");
    *id = table_cell(last, 0, (size_t)table_find(last, "id"));
    return true;
}

bool op_feedback(Arena *arena, const OpContext *context, const OpCall *call, OpResult *out, Err *err) {
    LearnStore *store = NULL;
    const char *id = NULL;
    Err trouble = {0};
    const int thumbs = text_equal(call_text(call, "thumbs"), "up") ? 1 : -1;
    if (!open_log(arena, context, call, false, &store, &trouble, err) || !find_question(arena, store->database, call, &id, err))
        return false;
    if (!store->kind->rate(store, id, thumbs, call_text(call, "reason"), call_text(call, "plan"), err)) return false;
    out->json = json_make_object(arena);
    json_put_text(out->json, "id", id);
    json_put_text(out->json, "thumbs", thumbs > 0 ? "up" : "down");
    out->report = report_make(arena);
    report_line(out->report, thumbs > 0 ? "Noted: that answer was right." : "Noted: that answer was not what was meant.");
    send_now(store, out);
    return true;
}
