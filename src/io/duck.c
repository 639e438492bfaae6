#include "io/duck.h"

#include <assert.h>
#include <duckdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/sql.h"
#include "base/text.h"
#include "io/cell.h"
#include "io/duck_watch.h"

struct Duck {
    duckdb_database database;
    DuckWatch watch;
};

struct DuckSession {
    duckdb_connection connection;
    Duck *duck;
};

/* --- Errors ----------------------------------------------------------------------------------------------------------- */

/* DuckDB begins its messages with the class of the error; this is what the classes mean to us. */
typedef struct {
    const char *prefix;
    ErrKind kind;
    const char *advice; /* what a user can do; "" where the message says it */
} EngineError;

static const EngineError engine_errors[] = {
    {"Out of Memory Error", ERR_LIMIT, "; ask for less (a shorter period, fewer groups) or allow more memory"},
    {"INTERRUPT Error", ERR_CANCELLED, ""},
    {"IO Error", ERR_IO, ""},
    {"Permission Error", ERR_REFUSED, ""},
    {"INTERNAL Error", ERR_ENGINE, ""},
};

/* "Binder Error: no x!\nCandidate bindings: "y"\n\nLINE 1: …" becomes "no x! Candidate bindings: "y"": the part that quotes our
 * SQL and stack traces mean nothing to a user. */
static const char *clean_message(Arena *arena, const char *message) {
    size_t count = 0;
    const char **lines = text_split(arena, message, '\n', &count);
    const char *first = lines[0];
    const char *after = strstr(first, "Error: ");
    if (after && after - first < 40) first = after + strlen("Error: ");
    for (size_t i = 1; i < count; i++)
        if (text_starts(lines[i], "Candidate") || text_starts(lines[i], "Did you mean"))
            return arena_printf(arena, "%s %s", text_trim(arena, first), text_trim(arena, lines[i]));
    return text_trim(arena, first);
}

static bool engine_failed(Err *err, const char *message) {
    if (!message) message = "The engine gave no reason";
    Arena *arena = arena_make();
    const char *clean = clean_message(arena, message);
    EngineError known = {"", ERR_ENGINE, ""};
    for (size_t i = 0; i < sizeof engine_errors / sizeof *engine_errors; i++)
        if (text_starts(message, engine_errors[i].prefix)) known = engine_errors[i];
    if (known.kind == ERR_CANCELLED) clean = "The query was cancelled";
    /* DuckDB appends its own advice on settings to this one. */
    if (known.kind == ERR_LIMIT) clean = "The query needs more memory than it may use";
    err_set(err, known.kind, "%s%s", clean, known.advice);
    arena_free(arena);
    return false;
}

/* --- Instances and sessions ------------------------------------------------------------------------------------------- */

static void close_database(void *handle) {
    Duck *duck = handle;
    duck_watch_close(&duck->watch);
    duckdb_close(&duck->database);
}

static void close_session(void *handle) {
    DuckSession *session = handle;
    duckdb_disconnect(&session->connection);
}

static void set_options(Arena *arena, duckdb_config config, const DuckOptions *options) {
    const char *threads = options->threads > 0 ? arena_printf(arena, "%d", options->threads) : NULL;
    size_t memory = options->memory_limit_bytes;
    const struct {
        const char *name, *value;
    } settings[] = {
        {"access_mode", options->read_only ? "READ_ONLY" : "AUTOMATIC"},
        {"autoinstall_known_extensions", "false"},
        {"autoload_known_extensions", "false"},
        {"allow_community_extensions", "false"},
        {"temp_directory", options->temp_directory ? options->temp_directory : ""},
        {"threads", threads},
        {"memory_limit", memory ? arena_printf(arena, "%zuB", memory) : NULL},
    };
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        if (!settings[i].value) continue;
        duckdb_state state = duckdb_set_config(config, settings[i].name, settings[i].value);
        assert(state == DuckDBSuccess && "the engine does not know one of our settings");
        (void)state;
    }
}

bool duck_open(Arena *arena, const char *path, const DuckOptions *options, Duck **out, Err *err) {
    static const DuckOptions defaults = {0};
    *out = NULL;
    duckdb_config config = NULL;
    if (duckdb_create_config(&config) == DuckDBError) return err_set(err, ERR_INTERNAL, "The engine could not be configured");
    set_options(arena, config, options ? options : &defaults);
    Duck *duck = arena_alloc(arena, sizeof *duck);
    char *message = NULL;
    duckdb_state state = duckdb_open_ext(path, &duck->database, config, &message);
    duckdb_destroy_config(&config);
    if (state == DuckDBError) {
        engine_failed(err, message);
        duckdb_free(message);
        return false;
    }
    duck_watch_open(&duck->watch);
    arena_on_free(arena, close_database, duck);
    *out = duck;
    return true;
}

bool duck_connect(Arena *arena, Duck *duck, DuckSession **out, Err *err) {
    DuckSession *session = arena_alloc(arena, sizeof *session);
    session->duck = duck;
    *out = NULL;
    if (duckdb_connect(duck->database, &session->connection) == DuckDBError)
        return err_set(err, ERR_ENGINE, "The engine takes no more connections");
    arena_on_free(arena, close_session, session);
    *out = session;
    return true;
}

bool duck_run(DuckSession *session, const char *sql, Err *err) {
    duckdb_result result;
    duckdb_state state = duckdb_query(session->connection, sql, &result);
    if (state == DuckDBError) engine_failed(err, duckdb_result_error(&result));
    duckdb_destroy_result(&result);
    return state == DuckDBSuccess;
}

bool duck_lock(DuckSession *session, Err *err) {
    /* Secrets come first: the setting is refused once external access is off. The lock comes last, it forbids the others. */
    return duck_run(session,
                    "SET allow_persistent_secrets = false; SET enable_external_access = false; "
                    "SET max_expression_depth = 200; SET lock_configuration = true",
                    err);
}

void duck_interrupt(DuckSession *session) {
    duckdb_interrupt(session->connection);
}

bool duck_report_progress(DuckSession *session, Err *err) {
    return duck_run(session, "SET enable_progress_bar = true; SET enable_progress_bar_print = false; SET progress_bar_time = 0",
                    err);
}

double duck_progress(DuckSession *session, unsigned long long *rows_processed) {
    duckdb_query_progress_type progress = duckdb_query_progress(session->connection);
    if (rows_processed) *rows_processed = progress.rows_processed;
    return progress.percentage;
}

const char *duck_version(void) {
    return duckdb_library_version();
}

/* --- Running one statement -------------------------------------------------------------------------------------------- */

typedef struct {
    Arena *arena;
    DuckSession *session;
    const char *const *parameters;
    size_t parameter_count;
    DuckLimits limits; /* no zero fields */
} Query;

/* A type that read_cell() knows. The others (lists, maps, intervals, …) are cast to text by the engine. */
static bool is_plain_type(duckdb_type type) {
    switch (type) {
    case DUCKDB_TYPE_BOOLEAN:
    case DUCKDB_TYPE_TINYINT:
    case DUCKDB_TYPE_SMALLINT:
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_BIGINT:
    case DUCKDB_TYPE_UTINYINT:
    case DUCKDB_TYPE_USMALLINT:
    case DUCKDB_TYPE_UINTEGER:
    case DUCKDB_TYPE_UBIGINT:
    case DUCKDB_TYPE_HUGEINT:
    case DUCKDB_TYPE_UHUGEINT:
    case DUCKDB_TYPE_FLOAT:
    case DUCKDB_TYPE_DOUBLE:
    case DUCKDB_TYPE_DECIMAL:
    case DUCKDB_TYPE_VARCHAR:
    case DUCKDB_TYPE_DATE:
    case DUCKDB_TYPE_TIMESTAMP:
    case DUCKDB_TYPE_TIMESTAMP_TZ:
    case DUCKDB_TYPE_TIMESTAMP_S:
    case DUCKDB_TYPE_TIMESTAMP_MS:
    case DUCKDB_TYPE_TIMESTAMP_NS:
    case DUCKDB_TYPE_SQLNULL: return true;
    default: return false;
    }
}

static bool prepare(const Query *query, const char *sql, duckdb_prepared_statement *out, Err *err) {
    if (duckdb_prepare(query->session->connection, sql, out) == DuckDBError) {
        engine_failed(err, duckdb_prepare_error(*out));
        duckdb_destroy_prepare(out);
        return false;
    }
    for (size_t i = 0; i < query->parameter_count; i++) {
        const char *value = query->parameters[i];
        duckdb_state state = value ? duckdb_bind_varchar(*out, i + 1, value) : duckdb_bind_null(*out, i + 1);
        if (state == DuckDBSuccess) continue;
        engine_failed(err, duckdb_prepare_error(*out));
        duckdb_destroy_prepare(out);
        return false;
    }
    return true;
}

/* The statement as a subquery whose columns of other than plain types are cast to text. NULL when there are none, or when it
 * is no SELECT. */
static const char *plain_form(Arena *arena, const char *sql, duckdb_prepared_statement statement) {
    if (duckdb_prepared_statement_type(statement) != DUCKDB_STATEMENT_TYPE_SELECT) return NULL;
    idx_t count = duckdb_prepared_statement_column_count(statement);
    bool needed = false;
    Sql *list = sql_make(arena), *names = sql_make(arena);
    for (idx_t i = 0; i < count; i++) {
        const char *name = duckdb_prepared_statement_column_name(statement, i);
        duckdb_type type = duckdb_prepared_statement_column_type(statement, i);
        const char *alias = arena_printf(arena, "c%llu", (unsigned long long)i);
        bool plain = is_plain_type(type) || type == DUCKDB_TYPE_INVALID;
        needed |= !plain;
        sql_add(list, i ? ", " : "");
        sql_add(list, plain ? "%I AS %I" : "CAST(%I AS VARCHAR) AS %I", alias, name ? name : alias);
        sql_add(names, i ? ", %I" : "%I", alias);
        duckdb_free((void *)(uintptr_t)name);
    }
    if (!needed) return NULL;
    size_t size = strlen(sql);
    while (size && strchr("; \t\r\n", sql[size - 1])) size--;
    /* The line breaks end a comment that may close the statement. */
    return sql_format(arena, "SELECT %R FROM (\n%R\n) AS plain(%R)", sql_text(list), arena_text_n(arena, sql, size),
                      sql_text(names));
}

static bool execute(const Query *query, duckdb_prepared_statement statement, duckdb_result *out, Err *err) {
    const DuckLimits *limits = &query->limits;
    DuckWatched watched;
    if (!duck_watch_start(&query->session->duck->watch, &watched, query->session, limits->timeout_ms, limits->stop, err))
        return false;
    duckdb_state state = duckdb_execute_prepared(statement, out);
    ErrKind stopped = duck_watch_end(&watched);
    if (state == DuckDBSuccess) return true;
    if (stopped == ERR_TIMEOUT)
        err_set(err, ERR_TIMEOUT, "The query did not finish within %g seconds; ask for less (a shorter period, fewer groups)",
                limits->timeout_ms / 1000.0);
    engine_failed(err, stopped ? "INTERRUPT Error: " : duckdb_result_error(out));
    duckdb_destroy_result(out);
    return false;
}

/* --- Reading results -------------------------------------------------------------------------------------------------- */

typedef struct {
    duckdb_type type; /* of a DECIMAL: how it is stored */
    bool is_decimal;
    int scale;
    void *data;
    uint64_t *validity;
} Column;

static CellType cell_type(duckdb_type type) {
    switch (type) {
    case DUCKDB_TYPE_BOOLEAN: return CELL_BOOLEAN;
    case DUCKDB_TYPE_DATE: return CELL_DATE;
    case DUCKDB_TYPE_TIMESTAMP:
    case DUCKDB_TYPE_TIMESTAMP_TZ:
    case DUCKDB_TYPE_TIMESTAMP_S:
    case DUCKDB_TYPE_TIMESTAMP_MS:
    case DUCKDB_TYPE_TIMESTAMP_NS: return CELL_TIMESTAMP;
    case DUCKDB_TYPE_DECIMAL:
    case DUCKDB_TYPE_FLOAT:
    case DUCKDB_TYPE_DOUBLE: return CELL_DECIMAL;
    case DUCKDB_TYPE_VARCHAR:
    case DUCKDB_TYPE_SQLNULL: return CELL_TEXT;
    default: return CELL_INTEGER;
    }
}

static CellWide wide_value(duckdb_hugeint value) {
    return (CellWide)((CellWideUnsigned)(uint64_t)value.upper << 64 | value.lower);
}

/* The integer at `row`, whatever its width; unsigned 64 bits and 128 bits are the callers' business. */
static int64_t integer_at(const Column *column, idx_t row) {
    const void *data = column->data;
    switch (column->type) {
    case DUCKDB_TYPE_TINYINT: return ((const int8_t *)data)[row];
    case DUCKDB_TYPE_SMALLINT: return ((const int16_t *)data)[row];
    case DUCKDB_TYPE_DATE:
    case DUCKDB_TYPE_INTEGER: return ((const int32_t *)data)[row];
    case DUCKDB_TYPE_UTINYINT: return ((const uint8_t *)data)[row];
    case DUCKDB_TYPE_USMALLINT: return ((const uint16_t *)data)[row];
    case DUCKDB_TYPE_UINTEGER: return ((const uint32_t *)data)[row];
    default: return ((const int64_t *)data)[row];
    }
}

static const char *read_cell(const Query *query, const Column *column, idx_t row) {
    Arena *arena = query->arena;
    if (column->validity && !duckdb_validity_row_is_valid(column->validity, row)) return NULL;
    if (column->is_decimal) {
        bool wide = column->type == DUCKDB_TYPE_HUGEINT;
        CellWide units = wide ? wide_value(((duckdb_hugeint *)column->data)[row]) : integer_at(column, row);
        return cell_decimal(arena, units, column->scale);
    }
    switch (column->type) {
    case DUCKDB_TYPE_VARCHAR: {
        duckdb_string_t *text = (duckdb_string_t *)column->data + row;
        return cell_text(arena, duckdb_string_t_data(text), duckdb_string_t_length(*text), query->limits.cell_bytes);
    }
    case DUCKDB_TYPE_BOOLEAN: return ((bool *)column->data)[row] ? "true" : "false";
    case DUCKDB_TYPE_DATE: return cell_date(arena, (int32_t)integer_at(column, row));
    case DUCKDB_TYPE_TIMESTAMP_S: return cell_timestamp(arena, integer_at(column, row), 1);
    case DUCKDB_TYPE_TIMESTAMP_MS: return cell_timestamp(arena, integer_at(column, row), 1000);
    case DUCKDB_TYPE_TIMESTAMP:
    case DUCKDB_TYPE_TIMESTAMP_TZ: return cell_timestamp(arena, integer_at(column, row), 1000000);
    case DUCKDB_TYPE_TIMESTAMP_NS: return cell_timestamp(arena, integer_at(column, row), 1000000000);
    case DUCKDB_TYPE_DOUBLE: return cell_double(arena, ((double *)column->data)[row]);
    case DUCKDB_TYPE_FLOAT: return cell_float(arena, ((float *)column->data)[row]);
    case DUCKDB_TYPE_UBIGINT: return cell_unsigned(arena, ((uint64_t *)column->data)[row]);
    case DUCKDB_TYPE_HUGEINT: return cell_decimal(arena, wide_value(((duckdb_hugeint *)column->data)[row]), 0);
    case DUCKDB_TYPE_UHUGEINT: return cell_unsigned(arena, (CellWideUnsigned)wide_value(((duckdb_hugeint *)column->data)[row]));
    case DUCKDB_TYPE_SQLNULL: return NULL;
    default: return cell_integer(arena, integer_at(column, row));
    }
}

static bool describe_columns(const Query *query, duckdb_result *result, Table *table, Column *columns, Err *err) {
    for (size_t i = 0; i < table->column_count; i++) {
        duckdb_type type = duckdb_column_type(result, i);
        const char *name = duckdb_column_name(result, i);
        if (!is_plain_type(type))
            return err_set(err, ERR_ENGINE, "The column \"%s\" has a type that cannot be shown; cast it to VARCHAR", name);
        table->columns[i] = (TableColumn){cell_text(query->arena, name, strlen(name), SIZE_MAX), cell_type(type)};
        columns[i].type = type;
        if (type != DUCKDB_TYPE_DECIMAL) continue;
        duckdb_logical_type logical = duckdb_column_logical_type(result, i);
        columns[i].is_decimal = true;
        columns[i].scale = duckdb_decimal_scale(logical);
        columns[i].type = duckdb_decimal_internal_type(logical);
        duckdb_destroy_logical_type(&logical);
    }
    return true;
}

/* Adds the rows of one chunk. False when a limit was reached. */
static bool read_chunk(const Query *query, duckdb_data_chunk chunk, Column *columns, Table *table, size_t *bytes,
                       size_t *room) {
    size_t width = table->column_count, count = duckdb_data_chunk_get_size(chunk);
    for (size_t i = 0; i < width; i++) {
        duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, i);
        columns[i].data = duckdb_vector_get_data(vector);
        columns[i].validity = duckdb_vector_get_validity(vector);
    }
    if (*room < table->row_count + count) {
        size_t wanted = *room * 2 > table->row_count + count ? *room * 2 : table->row_count + count;
        table->cells = arena_grow(query->arena, table->cells, table->row_count * width * sizeof *table->cells,
                                  wanted * width * sizeof *table->cells);
        *room = wanted;
    }
    for (idx_t row = 0; row < count; row++) {
        if (table->row_count >= query->limits.rows || *bytes >= query->limits.bytes) return false;
        const char **cells = table->cells + table->row_count * width;
        for (size_t i = 0; i < width; i++) {
            cells[i] = read_cell(query, &columns[i], row);
            *bytes += cells[i] ? strlen(cells[i]) + 1 : 1;
        }
        table->row_count++;
    }
    return true;
}

static bool read_result(const Query *query, duckdb_result *result, Table **out, Err *err) {
    Table *table = arena_alloc(query->arena, sizeof *table);
    table->column_count = duckdb_column_count(result);
    table->columns = arena_array(query->arena, table->column_count, sizeof *table->columns);
    Column *columns = arena_array(query->arena, table->column_count, sizeof *columns);
    if (!describe_columns(query, result, table, columns, err)) return false;
    size_t bytes = 0, room = 0;
    for (;;) {
        duckdb_data_chunk chunk = duckdb_fetch_chunk(*result);
        if (!chunk) break;
        table->truncated = !read_chunk(query, chunk, columns, table, &bytes, &room);
        duckdb_destroy_data_chunk(&chunk);
        if (table->truncated) break;
    }
    *out = table;
    return true;
}

/* --- The door --------------------------------------------------------------------------------------------------------- */

static DuckLimits with_defaults(const DuckLimits *limits) {
    DuckLimits all = limits ? *limits : (DuckLimits){0};
    if (!all.rows) all.rows = RESULT_ROWS;
    if (!all.bytes) all.bytes = RESULT_BYTES;
    if (!all.cell_bytes) all.cell_bytes = RESULT_CELL_BYTES;
    if (!all.timeout_ms) all.timeout_ms = QUERY_TIMEOUT_MS;
    return all;
}

bool duck_query(Arena *arena, DuckSession *session, const char *sql, const char *const *parameters, size_t parameter_count,
                const DuckLimits *limits, Table **out, Err *err) {
    *out = NULL;
    Query query = {arena, session, parameters, parameter_count, with_defaults(limits)};
    duckdb_prepared_statement statement = NULL;
    if (!prepare(&query, sql, &statement, err)) return false;
    const char *plain = plain_form(arena, sql, statement);
    if (plain) {
        duckdb_destroy_prepare(&statement);
        if (!prepare(&query, plain, &statement, err)) return false;
    }
    duckdb_result result;
    bool ok = execute(&query, statement, &result, err);
    if (ok) {
        ok = read_result(&query, &result, out, err);
        duckdb_destroy_result(&result);
    }
    duckdb_destroy_prepare(&statement);
    return ok;
}

bool duck_rows(Arena *arena, DuckSession *session, const char *sql, Table **out, Err *err) {
    const DuckLimits none = {.rows = SIZE_MAX, .bytes = SIZE_MAX, .cell_bytes = SIZE_MAX, .timeout_ms = -1};
    return duck_query(arena, session, sql, NULL, 0, &none, out, err);
}

bool duck_value(Arena *arena, DuckSession *session, const char *sql, const char **out, Err *err) {
    Table *table = NULL;
    *out = NULL;
    if (!duck_rows(arena, session, sql, &table, err)) return false;
    if (table->row_count && table->column_count) *out = table_cell(table, 0, 0);
    return true;
}
