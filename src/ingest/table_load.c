#include "ingest/table_load.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/sql.h"
#include "base/table.h"
#include "base/text.h"

/* What all values of a text column are. Order matters: the first that holds is the type. */
#define INTEGER_PATTERN "[-+]?(0|[1-9][0-9]{0,17})"
/* No leading zeros: "007" is a name. */
#define DECIMAL_PATTERN "[-+]?(0|[1-9][0-9]{0,25})?(\\.[0-9]+)?([eE][-+]?[0-9]{1,3})?"
#define DATE_PATTERN "[0-9]{4}-[0-9]{2}-[0-9]{2}"
#define TIMESTAMP_PATTERN DATE_PATTERN "[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?( ?(Z|UTC|\\+00(:?00)?))?"

enum {
    SHAPE_VALUES,
    SHAPE_BOOLEAN,
    SHAPE_INTEGER,
    SHAPE_DECIMAL,
    SHAPE_DATE,
    SHAPE_TIMESTAMP,
    SHAPE_ACCOUNT,
    SHAPE_WHOLE,
    SHAPE_DIGITS,
    SHAPES
};

static void add_shape(Sql *sql, const char *key) {
    sql_add(sql,
            "count(*) FILTER (v), count(*) FILTER (v AND lower(s.%I) IN ('true', 'false')), "
            "count(*) FILTER (v AND regexp_full_match(s.%I, '" INTEGER_PATTERN "')), "
            "count(*) FILTER (v AND s.%I <> '.' AND regexp_full_match(s.%I, '" DECIMAL_PATTERN
            "') AND TRY_CAST(s.%I AS DECIMAL(38, 12)) IS NOT NULL), "
            "count(TRY_CAST(s.%I AS DATE)) FILTER (v AND regexp_full_match(s.%I, '" DATE_PATTERN "')), "
            "count(TRY_CAST(s.%I AS TIMESTAMP)) FILTER (v AND regexp_full_match(s.%I, '" TIMESTAMP_PATTERN "')), "
            "count(*) FILTER (v AND regexp_full_match(s.%I, '[0-9]{12}')), "
            "length(split_part(CAST(max(abs(TRY_CAST(s.%I AS DECIMAL(38, 12)))) FILTER (v) AS VARCHAR), '.', 1)), "
            "max(12 - length(regexp_extract(CAST(TRY_CAST(s.%I AS DECIMAL(38, 12)) AS VARCHAR), '0*$'))) FILTER (v)",
            key, key, key, key, key, key, key, key, key, key, key, key);
}

/* Counts the shapes of one column's values; one statement per column keeps statements of wide files short. */
static bool read_shapes(Arena *arena, Watch *watch, const char *key, long long *shapes, Err *err) {
    Sql *sql = sql_make(arena);
    sql_add(sql, "SELECT ");
    add_shape(sql, key);
    sql_add(sql, " FROM (SELECT %I, %I IS NOT NULL AND %I <> '' AS v FROM raw) AS s", key, key, key);
    Table *table = NULL;
    if (!duck_rows(arena, watch->session, sql_text(sql), &table, err)) return false;
    for (size_t i = 0; i < SHAPES; i++) shapes[i] = table_cell(table, 0, i) ? atoll(table_cell(table, 0, i)) : 0;
    return true;
}

/* Names of columns whose numbers are names. */
static bool is_identifier_name(const char *name) {
    return text_equal_fold(name, "id") || text_ends_fold(name, "_id") || text_ends_fold(name, " id") || text_ends(name, "Id") ||
           text_ends_fold(name, "/id") || text_contains_fold(name, "account");
}

static const char *number_type(Arena *arena, long long whole, long long digits) {
    if (whole + digits > 18) return "DECIMAL(38, 12)";
    return arena_printf(arena, "DECIMAL(18, %lld)", digits);
}

static const char *text_column_type(Arena *arena, const char *name, const long long *shapes) {
    long long values = shapes[SHAPE_VALUES];
    bool named_id = is_identifier_name(name);
    if (values == 0 || shapes[SHAPE_ACCOUNT] == values) return "VARCHAR";
    if (shapes[SHAPE_BOOLEAN] == values) return "BOOLEAN";
    if (shapes[SHAPE_INTEGER] == values) return named_id ? "VARCHAR" : "BIGINT";
    if (shapes[SHAPE_DECIMAL] == values)
        return named_id ? "VARCHAR" : number_type(arena, shapes[SHAPE_WHOLE], shapes[SHAPE_DIGITS]);
    if (shapes[SHAPE_DATE] == values) return "DATE";
    if (shapes[SHAPE_TIMESTAMP] == values) return "TIMESTAMP";
    return "VARCHAR";
}

/* Doubles become decimals of 10 digits behind the point, wide only where a value needs it. */
static bool double_type(Arena *arena, Watch *watch, const char *key, const char **out, Err *err) {
    const char *whole = NULL;
    const char *sql = sql_format(
        arena, "SELECT length(split_part(CAST(CAST(max(abs(%I)) AS DECIMAL(38, 10)) AS VARCHAR), '.', 1)) FROM raw", key);
    if (!duck_value(arena, watch->session, sql, &whole, err)) return false;
    *out = whole && atoi(whole) > 18 - MONEY_SCALE_DOUBLE ? "DECIMAL(38, 10)" : "DECIMAL(18, 10)";
    return true;
}

static bool add_column(Arena *arena, Watch *watch, Model *model, const ReaderColumn *column, Err *err) {
    const char *expression = model_text(model, column->key), *type = NULL;
    if (text_equal(column->type, "VARCHAR")) {
        long long shapes[SHAPES];
        if (!read_shapes(arena, watch, column->key, shapes, err)) return false;
        type = text_column_type(arena, column->name, shapes);
    } else if (text_equal(column->type, "DOUBLE") || text_equal(column->type, "FLOAT")) {
        if (!double_type(arena, watch, column->key, &type, err)) return false;
        expression = sql_format(arena, "s.%I", column->key);
    } else if (text_starts(column->type, "TIMESTAMP")) {
        expression = model_time(model, column->key);
    } else if (!text_starts(column->type, "MAP(") && !text_starts(column->type, "STRUCT(") && !text_ends(column->type, "[]")) {
        expression = sql_format(arena, "s.%I", column->key);
    }
    if (type && !text_equal(type, "VARCHAR")) expression = sql_format(arena, "CAST(%R AS %R)", expression, type);
    model_add_input(model, column->key, expression);
    OutputColumn *output = model_add_output(model, column->key, sql_format(arena, "t.%I", column->key), column->name);
    output->kind = OUTPUT_EXTRA;
    output->is_dimension = true;
    return true;
}

bool table_model(Arena *arena, Watch *watch, const Reader *reader, Model *out, Err *err) {
    *out = (Model){.arena = arena, .reader = reader};
    if (!watch_run(
            watch,
            sql_format(arena, "CREATE OR REPLACE TEMP TABLE raw AS SELECT * FROM %R AS s", reader_sql(reader, "rejected")),
            err))
        return false;
    for (size_t i = 0; i < reader->column_count; i++)
        if (!add_column(arena, watch, out, &reader->columns[i], err)) return false;
    out->source = "raw";
    return true;
}
