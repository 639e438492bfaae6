#include "ingest/probe.h"

#include <math.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/sql.h"
#include "base/table.h"
#include "base/text.h"

static void add_key(Sql *sql, const char *expression, const char *alias) {
    sql_add(sql, "%R AS %I, ", expression ? expression : "CAST(NULL AS VARCHAR)", alias);
}

static void add_measures(Sql *sql, const Reader *reader, const ProbeRequest *request) {
    for (size_t i = 0; i < request->present_count; i++)
        sql_add(sql, ", bool_or(TRY_CAST(nullif(CAST(s.%I AS VARCHAR), '') AS DOUBLE) <> 0) AS has_%d", request->present[i],
                (long long)i);
    for (size_t i = 0; i < request->time_count; i++) {
        bool is_text = text_equal(reader_column(reader, request->times[i])->type, "VARCHAR");
        if (is_text)
            sql_add(sql, ", min(s.%I) AS first_%d, max(s.%I) AS last_%d", request->times[i], (long long)i, request->times[i],
                    (long long)i);
    }
    for (size_t i = 0; i < request->measured_count; i++) {
        const char *key = request->measured[i];
        bool is_text = text_equal(reader_column(reader, key)->type, "VARCHAR");
        sql_add(sql, ", max(abs(TRY_CAST(s.%I AS DOUBLE))) AS most_%d, ", key, (long long)i);
        if (is_text) /* An exponent may stand for any number of digits. */
            sql_add(
                sql,
                "max(CASE WHEN contains(s.%I, 'E') OR contains(s.%I, 'e') THEN %d WHEN contains(s.%I, '.') THEN length(s.%I) - "
                "strpos(s.%I, '.') ELSE 0 END) AS digits_%d",
                key, key, (long long)MONEY_SCALE_TEXT, key, key, key, (long long)i);
        else
            sql_add(sql, "%d AS digits_%d", (long long)MONEY_SCALE_DOUBLE, (long long)i);
    }
}

static const char *probe_sql(Arena *arena, const Reader *reader, const ProbeRequest *request) {
    Sql *sql = sql_make(arena);
    sql_add(sql, "CREATE OR REPLACE TEMP TABLE probe AS SELECT ");
    const char *period = request->period;
    /* Some exports leave the billing period out: the month of the charge stands for it. */
    if (request->period_fallback)
        period = period ? sql_format(arena, "coalesce(%R, %R)", period, request->period_fallback) : request->period_fallback;
    add_key(sql, period, "period");
    add_key(sql, request->payer, "payer");
    add_key(sql, request->currency, "currency");
    add_key(sql, request->code, "code");
    add_key(sql, request->name, "name");
    add_key(sql, request->usage_type, "usage_type");
    add_key(sql, request->type, "type");
    add_key(sql, request->provider, "provider");
    for (size_t i = 0; i < request->map_count; i++) sql_add(sql, "s.%I AS map_%d, ", request->maps[i], (long long)i);
    sql_add(sql, "count(*) AS row_count");
    add_measures(sql, reader, request);
    constants_add_checks(sql, reader, request->guesses, request->guess_count);
    sql_add(sql, " FROM %R AS s GROUP BY ALL", reader_sql(reader, NULL));
    return sql_text(sql);
}

/* A spreadsheet rewrites all times of a file, so that the first and the last of a group in text order show it. */
static const char *unusual_times_sql(Arena *arena, const Reader *reader, const ProbeRequest *request) {
    Sql *sql = sql_make(arena);
    sql_add(sql, "SELECT 1 FROM probe WHERE false");
    for (size_t i = 0; i < request->time_count; i++)
        if (text_equal(reader_column(reader, request->times[i])->type, "VARCHAR"))
            sql_add(
                sql,
                " OR (first_%d <> '' AND substr(first_%d, 5, 1) <> '-') OR (last_%d <> '' AND substr(last_%d, 5, 1) <> '-')",
                (long long)i, (long long)i, (long long)i, (long long)i);
    sql_add(sql, " LIMIT 1");
    return sql_text(sql);
}

/* Reads the periods' texts; they are few, so every format that is met is tried. */
static bool read_months(Arena *arena, Watch *watch, const Reader *reader, const ProbeRequest *request, Probe *out, Err *err) {
    const char *add_months = sql_format(
        arena,
        "ALTER TABLE probe ADD COLUMN month TIMESTAMP; UPDATE probe SET month = date_trunc('month', " MODEL_TIME_OF_TEXT ")",
        "period", "period", "period");
    const char *unread = NULL, *changed = NULL;
    if (!duck_run(watch->session, add_months, err)) return false;
    if (!duck_value(arena, watch->session,
                    "SELECT coalesce(min(period), '') || ' (' || sum(row_count) || ' rows)' FROM probe WHERE month IS NULL "
                    "HAVING count(*) > 0",
                    &unread, err))
        return false;
    if (unread)
        return err_set(
            err, ERR_INPUT,
            "The billing period cannot be read: %s; a spreadsheet may have rewritten the dates, load the original export",
            unread);
    if (!duck_value(arena, watch->session, unusual_times_sql(arena, reader, request), &changed, err)) return false;
    out->spreadsheet_dates = changed != NULL;
    return true;
}

static bool read_periods(Arena *arena, Watch *watch, Probe *out, Err *err) {
    Table *table = NULL;
    if (!duck_rows(arena, watch->session, "SELECT strftime(month, '%Y-%m'), sum(row_count) FROM probe GROUP BY 1 ORDER BY 1",
                   &table, err))
        return false;
    out->period_count = table->row_count;
    out->periods = arena_array(arena, table->row_count + 1, sizeof *out->periods);
    for (size_t i = 0; i < table->row_count; i++)
        out->periods[i] = (ProbePeriod){.month = table_cell(table, i, 0), .row_count = atoll(table_cell(table, i, 1))};
    return true;
}

/* The type of 18 digits that loses nothing of what was measured, else the widest of 18 digits for amounts printed with very many digits, else 38
 * digits. Amounts keep at least their usual digits behind the point. */
static NumberType fitting_type(NumberType usual, double most, int digits) {
    int whole = 1;
    while (whole < 38 && most >= pow(10, whole) * (1 - 1e-9)) whole++;
    if (digits > usual.scale && whole + usual.scale <= 18) {
        int scale = whole + digits <= 18 ? digits : 18 - whole;
        return (NumberType){18, scale};
    }
    if (whole + usual.scale <= usual.width) return usual;
    if (whole + digits <= 18) return (NumberType){18, 18 - whole < usual.scale ? 18 - whole : usual.scale};
    return (NumberType){38, usual.scale > MONEY_SCALE_TEXT ? MONEY_SCALE_TEXT : usual.scale};
}

static bool read_measures(Arena *arena, Watch *watch, const Reader *reader, const ProbeRequest *request, Probe *out, Err *err) {
    out->overrides = arena_array(arena, request->measured_count + 1, sizeof *out->overrides);
    for (size_t i = 0; i < request->measured_count; i++) {
        Table *table = NULL;
        const char *sql = sql_format(arena, "SELECT max(most_%d), max(digits_%d) FROM probe", (long long)i, (long long)i);
        if (!duck_rows(arena, watch->session, sql, &table, err)) return false;
        const char *most = table_cell(table, 0, 0), *digits = table_cell(table, 0, 1);
        if (!most) continue;
        NumberType usual = number_type_default(reader_column(reader, request->measured[i])->type);
        NumberType type = fitting_type(usual, strtod(most, NULL), digits ? atoi(digits) : MONEY_SCALE_TEXT);
        if (type.width != usual.width || type.scale != usual.scale)
            out->overrides[out->override_count++] = (NumberOverride){request->measured[i], type};
    }
    return true;
}

bool probe_run(Arena *arena, Watch *watch, Reader *reader, const ProbeRequest *request, Probe *out, Err *err) {
    *out = (Probe){0};
    return watch_run(watch, probe_sql(arena, reader, request), err) && read_months(arena, watch, reader, request, out, err) &&
           read_periods(arena, watch, out, err) && read_measures(arena, watch, reader, request, out, err) &&
           constants_settle(arena, watch, "probe", request->guesses, request->guess_count, reader, err);
}
