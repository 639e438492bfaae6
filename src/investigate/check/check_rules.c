/* The build's check of rules/: reads every file as the program does, writes its SQL in each dialect, and runs it over a bill without
 * lines, so that a wrong column fails here and not at a user's. */
#include <stdio.h>
#include <stdlib.h>

#include "base/knowledge.h"
#include "base/sql.h"
#include "base/text.h"
#include "investigate/features.h"
#include "investigate/findings.h"
#include "investigate/rule.h"

/* A bill of every column of the canonical model and no line. */
static const char *empty_bill(Arena *arena) {
    const Knowledge *columns = knowledge_table(arena, "bill_columns.tsv");
    Sql *sql = sql_make(arena);
    sql_add(sql, "CREATE TABLE bill (");
    sql_list_start(sql);
    for (size_t i = 0; i < columns->row_count; i++) {
        const char *type = knowledge_field(columns, i, "type");
        sql_list_next(sql, ", ");
        sql_add(sql, "%I %R", knowledge_field(columns, i, "column"),
                text_equal(type, "money") || text_equal(type, "quantity") ? "DECIMAL(18,8)"
                : text_equal(type, "timestamp")                           ? "TIMESTAMP"
                : text_equal(type, "date")                                ? "DATE"
                : text_equal(type, "integer")                             ? "BIGINT"
                                                                          : "VARCHAR");
    }
    sql_add(sql, ")");
    return sql_text(sql);
}

static Catalog *catalog_of_model(Arena *arena) {
    const Knowledge *columns = knowledge_table(arena, "bill_columns.tsv");
    Catalog *catalog = arena_alloc(arena, sizeof *catalog);
    *catalog = (Catalog){.dataset = "bill", .is_bill = true, .granularity = "hourly", .row_count = 1};
    catalog->column_count = columns->row_count;
    catalog->columns = arena_array(arena, columns->row_count, sizeof *catalog->columns);
    for (size_t i = 0; i < columns->row_count; i++)
        catalog->columns[i] = (CatalogColumn){.name = knowledge_field(columns, i, "column")};
    return catalog;
}

static const RulePeriod check_period = {.start = 0,
                                        .end = 31,
                                        .days = 31,
                                        .hours = 744,
                                        .data_start = "1970-01-01 00:00:00",
                                        .data_end = "1970-02-01 00:00:00",
                                        .first_day = 0,
                                        .last_day = 400,
                                        .step_hours = 1};

static bool check_trino(Arena *arena, const RuleBook *book, Err *err) {
    const Dialect *dialect = NULL;
    const char *ignored = NULL;
    if (!dialect_find(arena, "trino", &dialect, err)) return false;
    for (size_t i = 0; i < book->rule_count; i++)
        if (!rule_sql(arena, book->rules[i].file, book->rules[i].sql, book->rules[i].parameters, book->rules[i].parameter_count,
                      dialect, &ignored, err))
            return false;
    for (size_t i = 0; i < book->feature_count; i++)
        if (!feature_sql(arena, &book->features[i], &check_period, dialect, &ignored, err)) return false;
    return true;
}

static bool check(Arena *arena, const RuleBook **book, Err *err) {
    Desk desk = {.catalog = catalog_of_model(arena)};
    Duck *duck = NULL;
    DuckSession *session = NULL;
    Features *features = NULL;
    if (!rule_book(arena, book, err) || !check_trino(arena, *book, err)) return false;
    if (!duck_open(arena, NULL, &(DuckOptions){0}, &duck, err) || !duck_connect(arena, duck, &session, err) ||
        !duck_run(session, empty_bill(arena), err) || !engine_open(arena, duck, &desk.engine, err))
        return false;
    if (!features_open(arena, &desk, *book, &check_period, &features, err)) return false;
    return findings_check(arena, features, *book, err);
}

int main(void) {
    Arena *arena = arena_make();
    const RuleBook *book = NULL;
    Err err = {0};
    bool ok = check(arena, &book, &err);
    if (ok)
        printf("%zu rules, %zu features\n", book->rule_count, book->feature_count);
    else
        fprintf(stderr, "%s\n", err.message);
    arena_free(arena);
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
