#include "guard/guard.h"

#include <stdint.h>
#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"
#include "guard/allow.h"
#include "guard/canary.h"
#include "guard/seen.h"
#include "guard/walk.h"
#include "io/duck.h"

struct Guard {
    DuckSession *parser; /* of a locked in-memory instance that holds no data */
    const Allow *allow;
    const char *const *tables;
    size_t table_count;
    bool canaries_passed;
    Seen *seen; /* compiled SQL that passed */
};

struct Cleared {
    const char *sql;
    GuardOrigin origin;
};

const char *cleared_sql(const Cleared *cleared) {
    return cleared->sql;
}

GuardOrigin cleared_origin(const Cleared *cleared) {
    return cleared->origin;
}

/* --- Bytes ------------------------------------------------------------------------------------------------------------ */

/* Characters that make SQL read differently from what it is. Compiled SQL may have them: they are in the values of tags. */
static bool is_deceptive(unsigned c) {
    return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F || (c >= 0x80 && c < 0xA0) || c == 0xAD ||
           (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
           c == 0x061C || c == 0x180E || c == 0x3164 || (c >= 0xE0000 && c <= 0xE0FFF);
}

static bool refuse(Err *err, const char *code, const char *message) {
    return err_set_code(err, ERR_REFUSED, code, "%s", message);
}

/* Gives the text NUL-terminated. */
static bool check_bytes(Arena *arena, const char *sql, size_t size, GuardOrigin origin, const char **out, Err *err) {
    size_t limit = origin == GUARD_TYPED ? SQL_TYPED_BYTES : SQL_COMPILED_BYTES;
    if (size > limit)
        return err_set_code(err, ERR_REFUSED, "UNSAFE", "SQL may have at most %zu bytes; this has %zu", limit, size);
    if (!text_is_utf8(sql, size)) return refuse(err, "UNSAFE", "This SQL is not valid UTF-8 text");
    char *text = arena_text_n(arena, sql, size);
    size_t step = 0;
    for (const char *c = text; origin == GUARD_TYPED && *c; c += step)
        if (is_deceptive(text_code_point(c, &step)))
            return refuse(err, "UNSAFE", "This SQL has control or invisible characters in it: remove them");
    *out = text;
    return true;
}

/* --- Parsing ---------------------------------------------------------------------------------------------------------- */

static bool ask_parser(Arena *arena, const Guard *guard, const char *question, const char *text, const char **out, Err *err) {
    const DuckLimits limits = {.rows = 1, .bytes = SIZE_MAX, .cell_bytes = SIZE_MAX, .timeout_ms = GUARD_PARSER_TIMEOUT_MS};
    Table *table = NULL;
    if (!duck_query(arena, guard->parser, question, &text, 1, &limits, &table, err)) return false;
    *out = table->row_count ? table_cell(table, 0, 0) : NULL;
    return *out || err_set(err, ERR_INTERNAL, "The parser gave no answer");
}

/* {"error": true, …}: text that is no SELECT. */
static bool parse_failed(Arena *arena, const Json *root, Err *err) {
    const char *message = json_get_text(root, "error_message");
    if (text_equal(json_get_text(root, "error_type"), "not implemented"))
        return refuse(err, "UNSAFE", "Only one plain SELECT can run here: it reads the bill and changes nothing");
    const char *shown = text_printable(arena, message ? message : "it cannot be read");
    return err_set_code(err, ERR_REFUSED, "INVALID_SQL", "This is not valid SQL: %.*s", GUARD_QUOTED_BYTES, shown);
}

/* Parses and walks one text. `*tree` is the parser's own JSON. */
static bool check_tree(Arena *arena, const Guard *guard, const char *sql, GuardOrigin origin, const char **tree, Err *err) {
    if (!ask_parser(arena, guard, "SELECT json_serialize_sql($1::VARCHAR)", sql, tree, err)) return false;
    const Json *root = NULL;
    Json *parsed = NULL;
    if (!json_parse(arena, *tree, strlen(*tree), &parsed, NULL))
        return refuse(err, "UNSAFE", "This SQL is nested too deep: write it flatter, with WITH");
    root = parsed;
    if (json_get_bool(root, "error", true)) return parse_failed(arena, root, err);
    bool typed = origin == GUARD_TYPED;
    Walk walk = {.arena = arena,
                 .allow = guard->allow,
                 .tables = guard->tables,
                 .table_count = guard->table_count,
                 .node_limit = typed ? GUARD_TYPED_NODES : GUARD_COMPILED_NODES,
                 .join_limit = typed ? GUARD_JOINS : GUARD_COMPILED_JOINS,
                 .err = err};
    return walk_tree(&walk, root);
}

/* Text → tree → walk → text of the tree → tree → walk. The second walk is over what will really run, so that a slip in the engine's
 * way of writing SQL (a name that is not quoted) cannot bring in what the first one did not see. */
static bool clear(Arena *arena, const Guard *guard, const char *sql, size_t size, GuardOrigin origin, const char **out,
                  Err *err) {
    const char *text = NULL, *tree = NULL, *again = NULL;
    if (!check_bytes(arena, sql, size, origin, &text, err)) return false;
    if (!check_tree(arena, guard, text, origin, &tree, err)) return false;
    if (!ask_parser(arena, guard, "SELECT json_deserialize_sql($1::VARCHAR)", tree, out, err)) return false;
    return check_tree(arena, guard, *out, origin, &again, err);
}

/* The first parse of an engine takes a millisecond more than the next: here it is not waited for, guards are opened beside other work. */
static bool warm_up(const Guard *guard, Err *err) {
    static const char sql[] = "SELECT 1";
    Arena *arena = arena_make();
    const char *canonical = NULL;
    bool ok = clear(arena, guard, sql, strlen(sql), GUARD_COMPILED, &canonical, err);
    arena_free(arena);
    return ok;
}

bool guard_open(Arena *arena, const char *const *tables, size_t table_count, Guard **out, Err *err) {
    *out = NULL;
    Duck *duck = NULL;
    Guard *guard = arena_alloc(arena, sizeof *guard);
    const DuckOptions options = {.threads = 1, .memory_limit_bytes = GUARD_PARSER_BYTES};
    if (!duck_open(arena, NULL, &options, &duck, err) || !duck_connect(arena, duck, &guard->parser, err)) return false;
    if (!duck_lock(guard->parser, err)) return false;
    guard->allow = allow_load(arena);
    guard->seen = seen_make(arena);
    const char **names = arena_array(arena, table_count, sizeof *names);
    for (size_t i = 0; i < table_count; i++) names[i] = arena_text(arena, tables[i]);
    guard->tables = names;
    guard->table_count = table_count;
    if (!warm_up(guard, err)) return false;
    *out = guard;
    return true;
}

static bool run_canary(void *context, const char *sql, Err *err) {
    Arena *arena = arena_make();
    const char *canonical = NULL;
    Guard as_canaries_want = *(const Guard *)context;
    as_canaries_want.tables = canary_tables(&as_canaries_want.table_count);
    bool ok = clear(arena, &as_canaries_want, sql, strlen(sql), GUARD_TYPED, &canonical, err);
    arena_free(arena);
    return ok;
}

bool guard_clear(Arena *arena, Guard *guard, const char *sql, size_t size, GuardOrigin origin, const Cleared **out, Err *err) {
    *out = NULL;
    /* Before the first text of somebody else: a few milliseconds that our own SQL does not have to wait for. */
    if (origin == GUARD_TYPED && !guard->canaries_passed && !canary_run(run_canary, guard, err)) return false;
    guard->canaries_passed |= origin == GUARD_TYPED;
    Arena *work = arena_make();
    const char *canonical = origin == GUARD_COMPILED ? seen_find(guard->seen, sql, size) : NULL;
    const bool seen = canonical != NULL;
    bool ok = seen || clear(work, guard, sql, size, origin, &canonical, err);
    if (ok && !seen && origin == GUARD_COMPILED) seen_add(guard->seen, sql, size, canonical);
    if (ok) {
        Cleared *cleared = arena_alloc(arena, sizeof *cleared);
        *cleared = (Cleared){arena_text(arena, canonical), origin};
        *out = cleared;
    }
    arena_free(work);
    return ok;
}
