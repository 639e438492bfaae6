#include "io/sqlite.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"

struct Sqlite {
    sqlite3 *handle;
    const char *path;
};

SqliteValue sqlite_text(const char *text) {
    return (SqliteValue){.kind = text ? SQLITE_VALUE_TEXT : SQLITE_VALUE_NULL, .text = text};
}

SqliteValue sqlite_integer(long long value) {
    return (SqliteValue){.kind = SQLITE_VALUE_INTEGER, .integer = value};
}

SqliteValue sqlite_real(double value) {
    return (SqliteValue){.kind = SQLITE_VALUE_REAL, .real = value};
}

static void close_database(void *handle) {
    sqlite3_close_v2(handle);
}

static bool failed(const Sqlite *database, Err *err) {
    const int code = sqlite3_errcode(database->handle);
    const char *what = sqlite3_errmsg(database->handle);
    switch (code & 0xff) {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return err_set_code(err, ERR_INPUT, "DAMAGED", "%s is damaged (%s); move it away, a new one is made", database->path,
                            what);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return err_set_code(err, ERR_TIMEOUT, "BUSY", "%s is in use by another program; try again in a moment", database->path);
    case SQLITE_FULL: return err_set(err, ERR_IO, "there is no space for %s; free some space on the disk", database->path);
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return err_set(err, ERR_IO, "%s cannot be written (%s); check the permissions of the file and its folder",
                       database->path, what);
    default: return err_set(err, ERR_IO, "%s: %s", database->path, what);
    }
}

bool sqlite_open(Arena *arena, const char *path, Sqlite **out, Err *err) {
    Sqlite *database = arena_alloc(arena, sizeof *database);
    database->path = text_printable(arena, path);
    /* Made here with its mode: SQLite gives the files beside it the same one. Questions are personal data. A database that exists
     * must not be opened and closed here: that would drop the locks which another connection of this process holds on it. */
    const int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file >= 0) close(file);
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW;
    if (sqlite3_open_v2(path, &database->handle, flags, NULL) != SQLITE_OK) {
        if (!database->handle) return err_set(err, ERR_IO, "%s cannot be opened", database->path);
        failed(database, err);
        sqlite3_close_v2(database->handle);
        return false;
    }
    arena_on_free(arena, close_database, database->handle);
    sqlite3_busy_timeout(database->handle, SQLITE_WAIT_MS);
    sqlite3_extended_result_codes(database->handle, 1);
    *out = database;
    return sqlite_run(database, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA trusted_schema=OFF", NULL, 0, err);
}

static bool prepare(Sqlite *database, const char *sql, const SqliteValue *values, size_t count, sqlite3_stmt **out, Err *err) {
    if (sqlite3_prepare_v2(database->handle, sql, -1, out, NULL) != SQLITE_OK) return failed(database, err);
    for (size_t i = 0; i < count; i++) {
        const int at = (int)i + 1;
        int code = SQLITE_OK;
        switch (values[i].kind) {
        case SQLITE_VALUE_NULL: code = sqlite3_bind_null(*out, at); break;
        case SQLITE_VALUE_TEXT: code = sqlite3_bind_text(*out, at, values[i].text, -1, SQLITE_TRANSIENT); break;
        case SQLITE_VALUE_INTEGER: code = sqlite3_bind_int64(*out, at, values[i].integer); break;
        case SQLITE_VALUE_REAL: code = sqlite3_bind_double(*out, at, values[i].real); break;
        }
        if (code != SQLITE_OK) {
            failed(database, err);
            sqlite3_finalize(*out);
            return false;
        }
    }
    return true;
}

bool sqlite_run(Sqlite *database, const char *sql, const SqliteValue *values, size_t count, Err *err) {
    sqlite3_stmt *statement = NULL;
    if (count == 0) return sqlite3_exec(database->handle, sql, NULL, NULL, NULL) == SQLITE_OK || failed(database, err);
    if (!prepare(database, sql, values, count, &statement, err)) return false;
    int code = sqlite3_step(statement);
    while (code == SQLITE_ROW) code = sqlite3_step(statement);
    const bool ok = code == SQLITE_DONE || failed(database, err);
    sqlite3_finalize(statement);
    return ok;
}

long long sqlite_changed(const Sqlite *database) {
    return sqlite3_changes64(database->handle);
}

static CellType type_of(int kind) {
    return kind == SQLITE_INTEGER ? CELL_INTEGER : kind == SQLITE_FLOAT ? CELL_DECIMAL : CELL_TEXT;
}

static Table *table_of(Arena *arena, sqlite3_stmt *statement) {
    Table *table = arena_alloc(arena, sizeof *table);
    table->column_count = (size_t)sqlite3_column_count(statement);
    table->columns = arena_array(arena, table->column_count + 1, sizeof *table->columns);
    for (size_t i = 0; i < table->column_count; i++)
        table->columns[i].name = arena_text(arena, sqlite3_column_name(statement, (int)i));
    return table;
}

static void add_row(Arena *arena, sqlite3_stmt *statement, Table *table, size_t *room) {
    const size_t columns = table->column_count, used = table->row_count * columns;
    if (table->row_count == *room) {
        const size_t wanted = *room ? *room * 2 : 16;
        table->cells = arena_grow(arena, table->cells, used * sizeof *table->cells, wanted * columns * sizeof *table->cells);
        *room = wanted;
    }
    for (size_t i = 0; i < columns; i++) {
        if (table->row_count == 0) table->columns[i].type = type_of(sqlite3_column_type(statement, (int)i));
        const unsigned char *text = sqlite3_column_text(statement, (int)i);
        table->cells[used + i] = text ? arena_text(arena, (const char *)text) : NULL;
    }
    table->row_count++;
}

bool sqlite_query(Arena *arena, Sqlite *database, const char *sql, const SqliteValue *values, size_t count, size_t limit,
                  Table **out, Err *err) {
    sqlite3_stmt *statement = NULL;
    if (!prepare(database, sql, values, count, &statement, err)) return false;
    Table *table = table_of(arena, statement);
    size_t room = 0;
    int code = sqlite3_step(statement);
    for (; code == SQLITE_ROW && table->row_count < limit; code = sqlite3_step(statement))
        add_row(arena, statement, table, &room);
    table->truncated = code == SQLITE_ROW;
    const bool ok = code == SQLITE_DONE || code == SQLITE_ROW || failed(database, err);
    sqlite3_finalize(statement);
    *out = table;
    return ok;
}
