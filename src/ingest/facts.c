#include "ingest/facts.h"

#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/sql.h"
#include "base/table.h"
#include "base/text.h"
#include "ingest/tags.h"

static void write_columns(const SnapshotWriter *writer, Json *facts) {
    Json *columns = json_put_array(facts, "columns");
    for (size_t i = 0; i < writer->column_count; i++) {
        const SnapshotColumn *column = &writer->columns[i];
        Json *object = json_add_object(columns);
        json_put_text(object, "name", column->output.name);
        json_put_text(object, "type", column->type);
        if (column->rollup_type) json_put_text(object, "rollup_type", column->rollup_type);
        json_put_text(object, "source", column->output.source ? column->output.source : "");
        json_put_integer(object, "missing", column->missing);
        json_put_text(object, "kind", output_kind_name(column->output.kind));
        if (column->output.key) json_put_text(object, "key", column->output.key);
        if (column->is_number) json_put_integer(object, "whole_digits", column->whole_digits);
        if (column->output.is_constant) json_put_text(object, "constant", column->output.constant);
        if (column->output.same_as) json_put_text(object, "same_as", column->output.same_as);
    }
}

/* "0.500000" -> "0.5": the engine pads to the column's scale. */
static const char *plain(Arena *arena, const char *text) {
    Decimal value;
    return text && decimal_parse(text, &value) ? decimal_text(arena, value) : text;
}

static bool has(const SnapshotWriter *writer, const char *name) {
    return snapshot_column(writer, name) != NULL;
}

/* The rollup of a bill that is read in place has fewer columns than its lines. */
static bool is_summed(const SnapshotWriter *writer, const char *name) {
    const SnapshotColumn *column = snapshot_column(writer, name);
    return column && (!writer->times_sql || column->rollup_type);
}

static const char *sum_or_null(const SnapshotWriter *writer, const char *name) {
    return is_summed(writer, name) ? sql_format(writer->arena, "sum(%R)", snapshot_value(writer, name)) : "NULL";
}

static const char *or_null(const SnapshotWriter *writer, const char *name) {
    const char *value = snapshot_value(writer, name);
    return value ? value : "NULL";
}

/* --- Totals and the identity, per currency -------------------------------------------------------------------------------- */

static const char *const sums[][2] = {{"billed", "BilledCost"},
                                      {"effective", "EffectiveCost"},
                                      {"unblended", "x_UnblendedCost"},
                                      {"amortized", "x_AmortizedCost"},
                                      {"upfront", "x_UpfrontFee"},
                                      {"amortized_upfront", "x_AmortizedUpfrontFee"},
                                      {"list", "ListCost"},
                                      {"unused_commitment", "x_UnusedCommitmentCost"}};
#define SUMS (sizeof sums / sizeof *sums)
enum { SUM_UNBLENDED = 2, SUM_AMORTIZED = 3, SUM_UPFRONT = 4, SUM_AMORTIZED_UPFRONT = 5 };

/* A residual below a cent comes from amounts that were rounded at the source: bills of 2018 print eight digits. */
#define ROUNDING_RESIDUAL 0.01

static Decimal decimal_or_zero(const char *text) {
    Decimal value = {0, 0};
    if (text && !decimal_parse(text, &value)) value = (Decimal){0, 0};
    return value;
}

/* unblended = amortized + upfront fees charged - upfront fees amortized; what is left says that columns or files are missing. */
static void write_identity(const SnapshotWriter *writer, const Table *totals, size_t row, const char *month, Json *object,
                           Oddities *odd) {
    Arena *arena = writer->arena;
    const char *currency = table_cell(totals, row, 0);
    if (!table_cell(totals, row, 1 + SUM_AMORTIZED) || !table_cell(totals, row, 1 + SUM_UNBLENDED)) return;
    Decimal unblended = decimal_or_zero(table_cell(totals, row, 1 + SUM_UNBLENDED));
    Decimal amortized = decimal_or_zero(table_cell(totals, row, 1 + SUM_AMORTIZED));
    Decimal upfront = decimal_or_zero(table_cell(totals, row, 1 + SUM_UPFRONT));
    Decimal spread = decimal_or_zero(table_cell(totals, row, 1 + SUM_AMORTIZED_UPFRONT));
    Decimal residual = unblended;
    if (!decimal_subtract(residual, amortized, &residual) || !decimal_subtract(residual, upfront, &residual) ||
        !decimal_add(residual, spread, &residual))
        return;
    json_put_text(object, "currency", currency);
    json_put_number(object, "billed", decimal_text(arena, unblended));
    json_put_number(object, "amortized", decimal_text(arena, amortized));
    json_put_number(object, "upfront", decimal_text(arena, upfront));
    json_put_number(object, "amortized_upfront", decimal_text(arena, spread));
    json_put_number(object, "residual", decimal_text(arena, residual));
    if (decimal_is_zero(residual)) return;
    double least = decimal_double(residual) < 0 ? -decimal_double(residual) : decimal_double(residual);
    if (least < ROUNDING_RESIDUAL)
        odd_add(odd,
                "%s: unblended cost differs by %s from amortized cost and upfront fees: the source rounds its amortized costs",
                month, decimal_text(arena, residual));
    else
        odd_add(odd,
                "%s: unblended cost %s is not amortized cost %s + upfront fees %s - amortized upfront fees %s; %s%s is "
                "unexplained, the "
                "export may lack columns or files",
                month, decimal_text(arena, unblended), decimal_text(arena, amortized), decimal_text(arena, upfront),
                decimal_text(arena, spread), decimal_text(arena, residual),
                text_is_empty(currency) ? "" : arena_printf(arena, " %s", currency));
}

static bool write_totals(SnapshotWriter *writer, const char *month, Json *facts, Oddities *odd, Err *err) {
    const char *relation = writer->rollup_row_count ? "bill_day" : "bill";
    Sql *sql = sql_make(writer->arena);
    sql_add(sql, "SELECT %R AS currency", or_null(writer, "BillingCurrency"));
    for (size_t i = 0; i < SUMS; i++) sql_add(sql, ", %R", sum_or_null(writer, sums[i][1]));
    sql_add(sql, " FROM snap.%I GROUP BY 1 ORDER BY 1 NULLS LAST", relation);
    Table *table = NULL;
    if (!duck_rows(writer->arena, writer->watch->session, sql_text(sql), &table, err)) return false;
    Json *currencies = json_put_array(facts, "currencies"), *totals = json_put_array(facts, "totals");
    for (size_t row = 0; row < table->row_count; row++) {
        if (table_cell(table, row, 0)) json_add_text(currencies, table_cell(table, row, 0));
        Json *total = json_add_object(totals);
        json_put_text(total, "currency", table_cell(table, row, 0));
        for (size_t i = 0; i < SUMS; i++) {
            const char *sum = table_cell(table, row, 1 + i);
            if (sum) json_put_number(total, sums[i][0], plain(writer->arena, sum));
        }
    }
    if (table->row_count == 1 && is_summed(writer, "x_AmortizedCost") && is_summed(writer, "x_UpfrontFee"))
        write_identity(writer, table, 0, month, json_put_object(facts, "identity"), odd);
    return true;
}

/* --- Time ------------------------------------------------------------------------------------------------------------------ */

static const char *granularity_of(const Table *table) {
    long long counts[4]; /* up to an hour, a day, longer; all */
    for (size_t i = 0; i < 4; i++) counts[i] = table_cell(table, 0, 4 + i) ? atoll(table_cell(table, 0, 4 + i)) : 0;
    if (counts[3] == 0) return "mixed";
    static const char *const names[] = {"hourly", "daily", "monthly"};
    for (size_t i = 0; i < 3; i++)
        if (counts[i] * 100 >= counts[3] * 90) return names[i];
    return counts[0] * 2 > counts[3] ? "hourly" : "mixed";
}

/* "Today" of the data: the latest day of usage lines that last at most a day; what of a commitment stays unused in days to come is no usage. Where all lines are longer (monthly exports), the day before
 * the last of them ends. */
static bool write_times(SnapshotWriter *writer, const char *month, Json *facts, Err *err) {
    if (!has(writer, "x_ChargeDate")) return true;
    const char *category = snapshot_value(writer, "ChargeCategory");
    const char *status = snapshot_value(writer, "CommitmentDiscountStatus");
    const char *usage = category ? sql_format(writer->arena, "%R = 'Usage'", category) : "true";
    if (category && status) usage = sql_format(writer->arena, "(%R AND coalesce(%R, '') <> 'Unused')", usage, status);
    bool timed = has(writer, "ChargePeriodStart") && has(writer, "ChargePeriodEnd");
    const char *length = timed ? "(\"ChargePeriodEnd\" - \"ChargePeriodStart\")" : "INTERVAL 1 DAY";
    const char *end = timed ? "\"ChargePeriodEnd\"" : "CAST(\"x_ChargeDate\" + INTERVAL 1 DAY AS TIMESTAMP)";
    const char *sql = sql_format(
        writer->arena,
        "SELECT min(\"x_ChargeDate\"), max(\"x_ChargeDate\"), max(\"x_ChargeDate\") FILTER (u AND len <= INTERVAL 1 DAY), "
        "coalesce(max(e) FILTER (u AND len <= INTERVAL 1 DAY), max(e) FILTER (u), max(e)), "
        "count(*) FILTER (u AND len <= INTERVAL 1 HOUR), count(*) FILTER (u AND len > INTERVAL 1 HOUR AND len <= INTERVAL 25 "
        "HOUR), "
        "count(*) FILTER (u AND len > INTERVAL 25 HOUR), count(*) FILTER (u) "
        "FROM (SELECT \"x_ChargeDate\", %R AS u, %R AS len, %R AS e FROM snap.bill)",
        usage, length, end);
    Table *table = NULL;
    if (!duck_rows(writer->arena, writer->watch->session, writer->times_sql ? writer->times_sql : sql, &table, err))
        return false;
    const char *through = table_cell(table, 0, 3);
    const char *as_of = table_cell(table, 0, 2), *complete = NULL;
    const char *as_of_sql = sql_format(writer->arena, "SELECT CAST(CAST(%S AS TIMESTAMP) - INTERVAL 1 DAY AS DATE)",
                                       through ? through : "1970-01-01");
    if (!as_of && through && !duck_value(writer->arena, writer->watch->session, as_of_sql, &as_of, err)) return false;
    const char *end_sql = sql_format(writer->arena, "SELECT CAST(%S AS TIMESTAMP) >= CAST(%S AS TIMESTAMP) + INTERVAL 1 MONTH",
                                     through ? through : "1970-01-01", arena_printf(writer->arena, "%s-01", month));
    if (!duck_value(writer->arena, writer->watch->session, end_sql, &complete, err)) return false;
    json_put_text(facts, "first_day", table_cell(table, 0, 0));
    json_put_text(facts, "last_day", table_cell(table, 0, 1));
    json_put_text(facts, "as_of", as_of);
    json_put_text(facts, "data_through", through);
    json_put_bool(facts, "complete", text_equal(complete, "true"));
    json_put_text(facts, "granularity", granularity_of(table));
    return true;
}

/* --- Who is billed ---------------------------------------------------------------------------------------------------------- */

static bool write_payers(SnapshotWriter *writer, Json *facts, Err *err) {
    const char *relation = writer->rollup_row_count ? "bill_day" : "bill";
    const char *sql =
        sql_format(writer->arena, "SELECT DISTINCT coalesce(%R, ''), coalesce(%R, '') FROM snap.%I ORDER BY ALL LIMIT 10000",
                   or_null(writer, "ProviderName"), or_null(writer, "BillingAccountId"), relation);
    Table *table = NULL;
    if (!duck_rows(writer->arena, writer->watch->session, sql, &table, err)) return false;
    Json *payers = json_put_array(facts, "payers");
    for (size_t i = 0; i < table->row_count; i++) {
        Json *payer = json_add_object(payers);
        json_put_text(payer, "provider", table_cell(table, i, 0));
        json_put_text(payer, "account", table_cell(table, i, 1));
    }
    const SnapshotColumn *accounts = snapshot_column(writer, "SubAccountId"),
                         *services = snapshot_column(writer, "ServiceName");
    json_put_integer(facts, "accounts", accounts ? accounts->distinct : 0);
    json_put_integer(facts, "services", services ? services->distinct : 0);
    return true;
}

/* Some exports round EffectiveCost to whole units: lines without a commitment then have an effective cost that is their rounded billed cost. */
static bool tell_rounded_effective(SnapshotWriter *writer, const char *month, Oddities *odd, Err *err) {
    if (!has(writer, "EffectiveCost") || has(writer, "x_LineItemType") || writer->times_sql) return true;
    const char *effective = snapshot_value(writer, "EffectiveCost"), *billed = snapshot_value(writer, "BilledCost");
    const char *sql = sql_format(
        writer->arena,
        "SELECT %R AS provider, count(*) FILTER (%R <> %R AND %R = round(%R, 0) AND %R IS NULL) AS n, "
        "count(*) FILTER (%R <> round(%R, 0)) AS fine FROM snap.bill GROUP BY 1 HAVING n > 1 AND fine = 0 ORDER BY 1",
        or_null(writer, "ProviderName"), effective, billed, effective, billed, or_null(writer, "CommitmentDiscountId"),
        effective, effective);
    Table *table = NULL;
    if (!duck_rows(writer->arena, writer->watch->session, sql, &table, err)) return false;
    for (size_t i = 0; i < table->row_count; i++)
        odd_add(odd,
                "%s: EffectiveCost of %s is rounded to whole units at the source (%s lines differ from their billed cost by "
                "that alone): "
                "effective cost is not exact there",
                month, table_cell(table, i, 0) ? table_cell(table, i, 0) : "the provider", table_cell(table, i, 1));
    return true;
}

bool facts_of_bill(SnapshotWriter *writer, const char *month, bool has_net, Oddities *odd, Json **out, Err *err) {
    Json *facts = json_make_object(writer->arena);
    *out = facts;
    json_put_integer(facts, "row_count", writer->row_count);
    if (!write_times(writer, month, facts, err) || !write_totals(writer, month, facts, odd, err) ||
        !write_payers(writer, facts, err) || !tell_rounded_effective(writer, month, odd, err))
        return false;
    const SnapshotColumn *resource = snapshot_column(writer, "ResourceId");
    json_put_bool(facts, "has_resources", resource && resource->missing < writer->row_count);
    json_put_bool(facts, "has_net", has_net);
    const Json *currencies = json_get(facts, "currencies");
    if (json_count(currencies) > 1)
        odd_add(odd, "%s is billed in %zu currencies: their amounts are never added together", month, json_count(currencies));
    write_columns(writer, facts);
    odd_write(odd, json_put_array(facts, "odd"));
    return true;
}

bool facts_of_table(SnapshotWriter *writer, Oddities *odd, Json **out, Err *err) {
    (void)err;
    Json *facts = json_make_object(writer->arena);
    *out = facts;
    json_put_integer(facts, "row_count", writer->row_count);
    write_columns(writer, facts);
    odd_write(odd, json_put_array(facts, "odd"));
    return true;
}
