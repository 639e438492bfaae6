#include "ingest/amounts.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/sql.h"
#include "base/table.h"
#include "base/text.h"
#include "ingest/rejects.h"

typedef struct {
    const char *key;
    const char *only; /* the line item type on which it is read, or "" */
    bool is_time;
} Checked;

static size_t collect_keys(Normaliser *normaliser, Checked **out) {
    const Reader *reader = &normaliser->reader;
    const char **keys = NULL, **only = NULL;
    size_t numbers = normalise_amounts(normaliser, &keys, &only), count = 0;
    static const char *const times[] = {"bill_billing_period_start_date",
                                        "bill_billing_period_end_date",
                                        "line_item_usage_start_date",
                                        "line_item_usage_end_date",
                                        "BillingPeriodStart",
                                        "BillingPeriodEnd",
                                        "ChargePeriodStart",
                                        "ChargePeriodEnd"};
    *out = arena_array(normaliser->arena, numbers + sizeof times / sizeof *times, sizeof **out);
    for (size_t i = 0; i < numbers; i++) (*out)[count++] = (Checked){keys[i], only[i], false};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        const ReaderColumn *column = reader_column(reader, times[i]);
        if (column && text_equal(column->type, "VARCHAR")) (*out)[count++] = (Checked){times[i], "", true};
    }
    return count;
}

/* Per column five results: how many values cannot be read, one of them, how many can be read only as spreadsheets write them, and the digits before
 * and behind the point of those that can. */
enum { CHECK_UNREAD, CHECK_EXAMPLE, CHECK_UNUSUAL, CHECK_WHOLE, CHECK_DIGITS, CHECKS };

static void add_check(Arena *arena, Sql *sql, const Checked *checked) {
    const char *key = checked->key;
    const char *present = sql_format(arena, "s.%I IS NOT NULL AND CAST(s.%I AS VARCHAR) <> ''", key, key);
    if (*checked->only) present = sql_format(arena, "s.line_item_line_item_type = %S AND %R", checked->only, present);
    const char *text = sql_format(arena, "CAST(s.%I AS VARCHAR)", key);
    const char *usual =
        checked->is_time
            ? sql_format(arena, "(CASE WHEN substr(s.%I, 5, 1) = '-' THEN TRY_CAST(s.%I AS TIMESTAMP) END)", key, key)
            : sql_format(arena, "TRY_CAST(s.%I AS DECIMAL(38, 12))", key);
    const char *read = checked->is_time ? sql_format(arena, "(" MODEL_TIME_OF_TEXT ")", text, text, text)
                                        : sql_format(arena, "TRY_CAST(%R AS DECIMAL(38, 12))", number_plain_text(arena, text));
    sql_add(sql,
            "count(*) FILTER (%R AND %R IS NULL), min(%R) FILTER (%R AND %R IS NULL), count(*) FILTER (%R AND %R IS NULL AND "
            "%R IS NOT "
            "NULL), ",
            present, read, text, present, read, present, usual, read);
    if (checked->is_time)
        sql_add(sql, "0, 0");
    else
        sql_add(sql,
                "length(split_part(CAST(max(abs(%R)) AS VARCHAR), '.', 1)), max(12 - length(regexp_extract(CAST(%R AS "
                "VARCHAR), '0*$')))",
                read, read);
}

static const char *check_sql(const Normaliser *normaliser, const Checked *checked, size_t count) {
    Sql *sql = sql_make(normaliser->arena);
    sql_add(sql, "CREATE OR REPLACE TEMP TABLE checked AS SELECT ");
    for (size_t i = 0; i < count; i++) {
        if (i) sql_add(sql, ", ");
        add_check(normaliser->arena, sql, &checked[i]);
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

/* What the values of one column ask for: another type, or another way to read them. */
typedef struct {
    bool dates, amounts;
} Unusual;

static bool judge(Normaliser *normaliser, const Checked *checked, const char *const *cells, Unusual *unusual, Err *err) {
    bool has_unusual = cells[CHECK_UNUSUAL] && atoll(cells[CHECK_UNUSUAL]) > 0;
    if (cells[CHECK_UNREAD] && atoll(cells[CHECK_UNREAD]) > 0)
        return unreadable(normaliser, checked, cells[CHECK_UNREAD], cells[CHECK_EXAMPLE], err);
    if (checked->is_time)
        unusual->dates |= has_unusual;
    else
        unusual->amounts |= has_unusual;
    if (!checked->is_time && cells[CHECK_WHOLE])
        widen(normaliser, checked->key, atoi(cells[CHECK_WHOLE]),
              cells[CHECK_DIGITS] ? atoi(cells[CHECK_DIGITS]) : MONEY_SCALE_TEXT);
    return true;
}

bool amounts_diagnose(Normaliser *normaliser, const Err *failure, Err *err) {
    Arena *arena = normaliser->arena;
    Checked *checked = NULL;
    size_t count = collect_keys(normaliser, &checked);
    Table *table = NULL;
    Unusual unusual = {false, false};
    if (failure->kind != ERR_ENGINE || count == 0)
        return err_set_code(err, failure->kind, failure->code, "%s", failure->message);
    if (!watch_run(normaliser->watch, check_sql(normaliser, checked, count), err) ||
        !duck_rows(arena, normaliser->watch->session, "FROM checked", &table, err))
        return false;
    normaliser->overrides = arena_array(arena, count + 1, sizeof *normaliser->overrides);
    normaliser->override_count = 0;
    for (size_t i = 0; i < count; i++)
        if (!judge(normaliser, &checked[i], &table->cells[CHECKS * i], &unusual, err)) return false;
    if (unusual.dates) {
        normaliser->probe.spreadsheet_dates = true;
        odd_add(&normaliser->odd, ODD_SPREADSHEET_DATES);
    }
    if (unusual.amounts) {
        normaliser->spreadsheet_amounts = true;
        odd_add(&normaliser->odd,
                "Amounts have currency signs or separators of thousands, as a spreadsheet shows them: they were read, but may "
                "have been rounded by it");
    }
    if (unusual.dates || unusual.amounts || normaliser->override_count > 0) return true;
    return err_set_code(err, failure->kind, failure->code, "%s", failure->message);
}
