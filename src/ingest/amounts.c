#include "ingest/amounts.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/sql.h"
#include "base/table.h"
#include "base/text.h"
#include "ingest/rejects.h"

typedef struct {
    const char *key;
    bool is_time;
} Checked;

static size_t collect_keys(Normaliser *normaliser, Checked **out) {
    const Reader *reader = &normaliser->reader;
    const char **keys = NULL;
    size_t numbers = normalise_amounts(normaliser, &keys), count = 0;
    static const char *const times[] = {"bill_billing_period_start_date",
                                        "bill_billing_period_end_date",
                                        "line_item_usage_start_date",
                                        "line_item_usage_end_date",
                                        "BillingPeriodStart",
                                        "BillingPeriodEnd",
                                        "ChargePeriodStart",
                                        "ChargePeriodEnd"};
    *out = arena_array(normaliser->arena, numbers + sizeof times / sizeof *times, sizeof **out);
    for (size_t i = 0; i < numbers; i++) (*out)[count++] = (Checked){keys[i], false};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        const ReaderColumn *column = reader_column(reader, times[i]);
        if (column && text_equal(column->type, "VARCHAR")) (*out)[count++] = (Checked){times[i], true};
    }
    return count;
}

/* Per column: values that cannot be read, one of them, and the magnitude and digits of those that can. */
static const char *check_sql(const Normaliser *normaliser, const Checked *checked, size_t count) {
    Sql *sql = sql_make(normaliser->arena);
    sql_add(sql, "SELECT ");
    for (size_t i = 0; i < count; i++) {
        const char *key = checked[i].key;
        const char *present = sql_format(normaliser->arena, "s.%I IS NOT NULL AND CAST(s.%I AS VARCHAR) <> ''", key, key);
        const char *read =
            checked[i].is_time
                ? sql_format(normaliser->arena,
                             "coalesce(TRY_CAST(s.%I AS TIMESTAMP), try_strptime(s.%I, " MODEL_SPREADSHEET_DATES "))", key, key)
                : sql_format(normaliser->arena, "TRY_CAST(s.%I AS DECIMAL(38, 12))", key);
        if (i) sql_add(sql, ", ");
        sql_add(sql, "count(*) FILTER (%R AND %R IS NULL), min(CAST(s.%I AS VARCHAR)) FILTER (%R AND %R IS NULL), ", present,
                read, key, present, read);
        if (checked[i].is_time)
            sql_add(sql, "count(*) FILTER (%R AND TRY_CAST(s.%I AS TIMESTAMP) IS NULL), 0", present, key);
        else
            sql_add(sql,
                    "length(split_part(CAST(max(abs(%R)) AS VARCHAR), '.', 1)), max(12 - length(regexp_extract(CAST(%R AS "
                    "VARCHAR), "
                    "'0*$')))",
                    read, read);
    }
    sql_add(sql, " FROM %R AS s", reader_sql(&normaliser->reader, NULL));
    return sql_text(sql);
}

static bool find_line(Normaliser *normaliser, size_t file, const Checked *checked, const char **place, Err *err) {
    Arena *arena = normaliser->arena;
    const SourceFile *source = &normaliser->reader.delivery->files[file];
    const char *typed = checked->is_time ? "TIMESTAMP" : "DECIMAL(38, 12)";
    const char *from = reader_strict_sql(&normaliser->reader, file, checked->key, typed, REJECTS);
    Table *rows = NULL;
    *place = NULL;
    bool found = false;
    for (size_t i = 0; i < source->column_count; i++) found |= text_equal(source->columns[i].key, checked->key);
    if (!found || source->container != CONTAINER_CSV) return true;
    if (!rejects_clear(normaliser->watch, err) ||
        !watch_run(
            normaliser->watch,
            sql_format(arena, "CREATE OR REPLACE TEMP TABLE strict AS SELECT count(s.%I) FROM %R AS s", checked->key, from),
            err) ||
        !duck_rows(arena, normaliser->watch->session,
                   "SELECT line, line_byte_position FROM \"" REJECTS
                   "_rows\" WHERE CAST(error_type AS VARCHAR) = 'CAST' ORDER BY line LIMIT 1",
                   &rows, err) ||
        !rejects_clear(normaliser->watch, err))
        return false;
    if (rows->row_count == 0) return true;
    const char *byte = table_cell(rows, 0, 1);
    *place = rejects_place(arena, source, byte ? strtoull(byte, NULL, 10) : 0, atoll(table_cell(rows, 0, 0)));
    return true;
}

static bool unreadable(Normaliser *normaliser, const Checked *checked, const char *count, const char *text, Err *err) {
    Arena *arena = normaliser->arena;
    const Delivery *delivery = normaliser->reader.delivery;
    const char *name = reader_column(&normaliser->reader, checked->key)->name;
    const char *place = NULL;
    size_t file = 0;
    for (; file < delivery->file_count && !place; file++)
        if (!find_line(normaliser, file, checked, &place, err)) return false;
    const char *where = delivery->files[place ? file - 1 : 0].shown_path;
    const char *shown = text_printable(arena, text ? text : "");
    return err_set(
        err, ERR_INPUT,
        "%s%s%s: the %s \"%s\" in column %s cannot be read%s; nothing was loaded, repair the file or export it again", where,
        place ? ", " : "", place ? place : "", checked->is_time ? "time" : "amount", shown, name,
        atoll(count) > 1 ? arena_printf(arena, " (nor can %lld more values)", atoll(count) - 1) : "");
}

static void widen(Normaliser *normaliser, const char *key, int whole, int digits) {
    NumberType usual = number_type_default(reader_column(&normaliser->reader, key)->type);
    if (whole + usual.scale <= usual.width) return;
    NumberType type = {38, usual.scale};
    if (whole + digits <= 18) type = (NumberType){18, 18 - whole < usual.scale ? 18 - whole : usual.scale};
    normaliser->overrides[normaliser->override_count++] = (NumberOverride){key, type};
}

bool amounts_diagnose(Normaliser *normaliser, const Err *failure, Err *err) {
    Checked *checked = NULL;
    size_t count = collect_keys(normaliser, &checked);
    Table *table = NULL;
    const char *create =
        sql_format(normaliser->arena, "CREATE OR REPLACE TEMP TABLE checked AS %R", check_sql(normaliser, checked, count));
    bool wanted = failure->kind == ERR_ENGINE && normaliser->override_count == 0 && count > 0;
    if (!wanted) return err_set_code(err, failure->kind, failure->code, "%s", failure->message);
    if (!watch_run(normaliser->watch, create, err) ||
        !duck_rows(normaliser->arena, normaliser->watch->session, "FROM checked", &table, err))
        return false;
    normaliser->overrides = arena_array(normaliser->arena, count + 1, sizeof *normaliser->overrides);
    bool dates = false;
    for (size_t i = 0; i < count; i++) {
        const char *bad = table_cell(table, 0, 4 * i), *third = table_cell(table, 0, 4 * i + 2),
                   *digits = table_cell(table, 0, 4 * i + 3);
        if (bad && atoll(bad) > 0) return unreadable(normaliser, &checked[i], bad, table_cell(table, 0, 4 * i + 1), err);
        if (checked[i].is_time)
            dates |= third && atoll(third) > 0;
        else if (third)
            widen(normaliser, checked[i].key, atoi(third), digits ? atoi(digits) : MONEY_SCALE_TEXT);
    }
    bool dates_new = dates && !normaliser->probe.spreadsheet_dates;
    if (dates_new) {
        normaliser->probe.spreadsheet_dates = true;
        odd_add(&normaliser->odd,
                "Dates look as a spreadsheet saves them (month/day/year was assumed); amounts may have been rounded by it too");
    }
    if (dates_new || normaliser->override_count > 0) return true;
    return err_set_code(err, failure->kind, failure->code, "%s", failure->message);
}
