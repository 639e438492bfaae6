/* The profile: what a data set holds, as one JSON object.
 *
 * {"dataset","kind":"bill|table","rows","source","provider","detected_service","rows_are",
 *  "period":{"start","end","as_of","data_through","granularity"},
 *  "completeness":{"months":[{"name","start","end","complete"}],"incomplete":["2026-10"]},
 *  "totals":[{"currency","rows","BilledCost",…}],          sums of the available measures, one object per currency
 *  "months":[{"month","currency","rows","cost"}],
 *  "services":[{"service","cost","rows"}],          highest cost first
 *  "columns":{"identifier":[{"name","label","type","missing","missing_percent","distinct","top":[{"value","rows","cost"}]}],…},
 *  "concepts":[{"id","label"}],                             those with lines
 *  "summary":{"columns":["what","value"],"rows":[["lines","420,739"],…]},
 *  "odd":["…"]} */
#include "base/limits.h"
#include "base/sql.h"
#include "base/text.h"
#include "catalog/catalog.h"

static const char *relation_of(const Catalog *catalog) {
    return catalog->rollup ? catalog->rollup : catalog->dataset;
}

static void put_day(Json *object, Arena *arena, const char *key, Day day) {
    json_put_text(object, key, day == DAY_NONE ? NULL : date_text(arena, day));
}

/* The engine pads sums to the column's scale: "12.500000" is written 12.5. */
static const char *plain(Arena *arena, const char *cell) {
    Decimal value;
    return cell && decimal_parse(cell, &value) ? decimal_text(arena, value) : cell;
}

static void put_decimal(Json *object, Arena *arena, const char *key, Decimal value) {
    json_put_number(object, key, decimal_text(arena, value));
}

/* --- Period ----------------------------------------------------------------------------------------------------------- */

static void put_period(Arena *arena, const Catalog *catalog, Json *out) {
    Json *period = json_put_object(out, "period");
    put_day(period, arena, "start", catalog->first_day);
    put_day(period, arena, "end", catalog->last_day == DAY_NONE ? DAY_NONE : catalog->last_day + 1);
    put_day(period, arena, "as_of", catalog->as_of);
    json_put_text(period, "data_through", catalog->data_through);
    json_put_text(period, "granularity", catalog->granularity);
    Json *completeness = json_put_object(out, "completeness");
    Json *months = json_put_array(completeness, "months"), *incomplete = json_put_array(completeness, "incomplete");
    for (size_t i = 0; i < catalog->month_count; i++) {
        Json *month = json_add_object(months);
        json_put_text(month, "name", catalog->months[i].name);
        put_day(month, arena, "start", catalog->months[i].start);
        put_day(month, arena, "end", catalog->months[i].end);
        json_put_bool(month, "complete", catalog->months[i].complete);
        if (!catalog->months[i].complete) json_add_text(incomplete, catalog->months[i].name);
    }
}

/* --- Totals ----------------------------------------------------------------------------------------------------------- */

/* Plain sums only: what needs a concept or a ratio is a question, not a profile. */
static bool is_profiled(const Catalog *catalog, const Measure *measure) {
    if (!measure->available || measure->internal || measure->kind != MEASURE_SUM || measure->concept || measure->unit_column)
        return false;
    const CatalogColumn *column = catalog_column(catalog, measure->column);
    return column && (!catalog->rollup || column->in_rollup);
}

static bool put_totals(Arena *arena, DuckSession *session, const Catalog *catalog, Json *out, Err *err) {
    Sql *sql = sql_make(arena);
    const char *rows = catalog->rollup ? "sum(x_RowCount)" : "count(*)";
    bool currencies = catalog->is_bill && catalog_column(catalog, "BillingCurrency");
    sql_add(sql, "SELECT %R AS currency, %R AS rows", currencies ? "BillingCurrency" : "NULL", rows);
    for (size_t i = 0; i < catalog->measure_count; i++)
        if (is_profiled(catalog, &catalog->measures[i]))
            sql_add(sql, ", sum(%I) AS %I", catalog->measures[i].column, catalog->measures[i].name);
    sql_add(sql, " FROM %I GROUP BY 1 ORDER BY 2 DESC, 1", relation_of(catalog));
    Table *table = NULL;
    if (!duck_rows(arena, session, sql_text(sql), &table, err)) return false;
    Json *totals = json_put_array(out, "totals");
    for (size_t row = 0; row < table->row_count; row++) {
        Json *total = json_add_object(totals);
        json_put_text(total, "currency", table_cell(table, row, 0));
        for (size_t column = 1; column < table->column_count; column++) {
            const char *cell = plain(arena, table_cell(table, row, column));
            if (cell) json_put_number(total, table->columns[column].name, cell);
        }
    }
    return true;
}

static bool put_months(Arena *arena, DuckSession *session, const Catalog *catalog, Json *out, Err *err) {
    Json *months = json_put_array(out, "months");
    if (!catalog->time_column) return true;
    const Measure *measure = &catalog->measures[0];
    const char *value = measure->kind == MEASURE_SUM ? sql_format(arena, "sum(%I)", measure->column) : "count(*)";
    const char *currency = catalog->is_bill && catalog_column(catalog, "BillingCurrency") ? "BillingCurrency" : "NULL";
    const char *rows = catalog->rollup ? "sum(x_RowCount)" : "count(*)";
    const char *sql =
        sql_format(arena, "SELECT strftime(%I, '%%Y-%%m'), %R, %R, %R FROM %I WHERE %I IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2",
                   catalog->time_column->name, currency, rows, value, relation_of(catalog), catalog->time_column->name);
    Table *table = NULL;
    if (!duck_rows(arena, session, sql, &table, err)) return false;
    for (size_t row = 0; row < table->row_count; row++) {
        Json *month = json_add_object(months);
        json_put_text(month, "month", table_cell(table, row, 0));
        json_put_text(month, "currency", table_cell(table, row, 1));
        json_put_number(month, "rows", table_cell(table, row, 2));
        if (table_cell(table, row, 3)) json_put_number(month, "cost", plain(arena, table_cell(table, row, 3)));
    }
    return true;
}

static void put_services(Arena *arena, const Catalog *catalog, Json *out) {
    Json *services = json_put_array(out, "services");
    const CatalogColumn *column = catalog->is_bill ? catalog_column(catalog, "ServiceName") : NULL;
    for (size_t i = 0; column && i < column->value_count; i++) {
        Json *service = json_add_object(services);
        json_put_text(service, "service", column->values[i].text);
        put_decimal(service, arena, "cost", column->values[i].cost);
        json_put_integer(service, "rows", column->values[i].row_count);
    }
}

/* --- Columns ---------------------------------------------------------------------------------------------------------- */

static void put_column(Arena *arena, const Catalog *catalog, const CatalogColumn *column, Json *array) {
    Json *out = json_add_object(array);
    json_put_text(out, "name", column->name);
    json_put_text(out, "label", column->label);
    json_put_text(out, "type", table_type_name(column->type));
    if (column->tag_key) json_put_text(out, "key", column->tag_key);
    if (column->unit) json_put_text(out, "unit", column->unit);
    json_put_integer(out, "missing", column->missing);
    double percent = catalog->row_count ? 100.0 * (double)column->missing / (double)catalog->row_count : 0;
    json_put_double(out, "missing_percent", percent, 1);
    if (column->distinct) json_put_integer(out, "distinct", column->distinct);
    if (!column->value_count) return;
    Json *top = json_put_array(out, "top");
    for (size_t i = 0; i < column->value_count && i < PROFILE_TOP_VALUES; i++) {
        Json *value = json_add_object(top);
        json_put_text(value, "value", column->values[i].text);
        json_put_integer(value, "rows", column->values[i].row_count);
        put_decimal(value, arena, "cost", column->values[i].cost);
    }
}

/* Columns of the model that this data never fills are left out: they say nothing about it. */
static void put_columns(Arena *arena, const Catalog *catalog, Json *out) {
    Json *classes = json_put_object(out, "columns");
    static const ColumnClass order[] = {CLASS_DIMENSION, CLASS_TAG,    CLASS_IDENTIFIER,
                                        CLASS_COST,      CLASS_METRIC, CLASS_TIMESTAMP};
    for (size_t c = 0; c < sizeof order / sizeof *order; c++) {
        Json *array = json_put_array(classes, catalog_class_name(order[c]));
        for (size_t i = 0; i < catalog->column_count; i++) {
            const CatalogColumn *column = &catalog->columns[i];
            if (column->class == order[c] && column->missing < catalog->row_count) put_column(arena, catalog, column, array);
        }
    }
}

static void put_concepts(const Catalog *catalog, Json *out) {
    Json *concepts = json_put_array(out, "concepts");
    for (size_t i = 0; i < catalog->concept_count; i++) {
        const Concept *concept = &catalog->concepts[i];
        if (!concept->available || !concept->row_count || !concept->word_count) continue;
        Json *item = json_add_object(concepts);
        json_put_text(item, "id", concept->id);
        json_put_text(item, "label", concept->label);
    }
}

/* --- Summary ---------------------------------------------------------------------------------------------------------- */

static void add_line(Json *rows, const char *what, const char *value) {
    if (!value) return;
    Json *row = json_add_array(rows);
    json_add_text(row, what);
    json_add_text(row, value);
}

static const char *count_of(Arena *arena, const Catalog *catalog, const char *column_name) {
    const CatalogColumn *column = catalog_column(catalog, column_name);
    return column && column->distinct && column->missing < catalog->row_count ? text_count(arena, column->distinct) : NULL;
}

static const char *period_text(Arena *arena, const Catalog *catalog) {
    if (catalog->first_day == DAY_NONE) return NULL;
    return arena_printf(arena, "%s to %s", date_text(arena, catalog->first_day), date_text(arena, catalog->last_day));
}

static const char *incomplete_text(Arena *arena, const Catalog *catalog) {
    Buffer out = {.arena = arena};
    for (size_t i = 0; i < catalog->month_count; i++)
        if (!catalog->months[i].complete) buffer_printf(&out, "%s%s", out.size ? ", " : "", catalog->months[i].name);
    return out.size ? buffer_text(&out) : catalog->month_count ? "none" : NULL;
}

static const char *tag_keys_text(Arena *arena, const Catalog *catalog) {
    Buffer out = {.arena = arena};
    for (size_t i = 0; i < catalog->column_count; i++) {
        const CatalogColumn *column = &catalog->columns[i];
        if (column->class == CLASS_TAG && column->missing < catalog->row_count)
            buffer_printf(&out, "%s%s", out.size ? ", " : "", column->tag_key);
    }
    return out.size ? buffer_text(&out) : NULL;
}

static void put_summary(Arena *arena, const Catalog *catalog, Json *profile) {
    Json *summary = json_put_object(profile, "summary");
    Json *columns = json_put_array(summary, "columns");
    json_add_text(columns, "what");
    json_add_text(columns, "value");
    Json *rows = json_put_array(summary, "rows");
    add_line(rows, catalog->row_plural, text_count(arena, catalog->row_count));
    add_line(rows, "service", catalog->detected_service);
    add_line(rows, "provider", catalog->provider);
    add_line(rows, "period", period_text(arena, catalog));
    add_line(rows, "data through", catalog->data_through);
    add_line(rows, "granularity", catalog->granularity);
    add_line(rows, "incomplete months", incomplete_text(arena, catalog));
    const Json *totals = json_get(profile, "totals");
    for (size_t i = 0; i < json_count(totals) && catalog->measures[0].kind == MEASURE_SUM; i++) {
        const char *cost = json_get_text(json_at(totals, i), catalog->measures[0].name);
        const char *currency = json_get_text(json_at(totals, i), "currency");
        if (cost) add_line(rows, catalog->measures[0].label, currency ? arena_printf(arena, "%s %s", cost, currency) : cost);
    }
    if (catalog->is_bill) {
        add_line(rows, "services", count_of(arena, catalog, "ServiceName"));
        add_line(rows, "accounts", count_of(arena, catalog, "SubAccountId"));
        add_line(rows, "regions", count_of(arena, catalog, "RegionId"));
        add_line(rows, "resources (about)", count_of(arena, catalog, "ResourceId"));
    }
    add_line(rows, "tag keys", tag_keys_text(arena, catalog));
}

bool catalog_profile(Arena *arena, DuckSession *session, const Catalog *catalog, Json **out, Err *err) {
    Json *profile = json_make_object(arena);
    json_put_text(profile, "dataset", catalog->dataset);
    json_put_text(profile, "kind", catalog->is_bill ? "bill" : "table");
    json_put_integer(profile, "rows", catalog->row_count);
    json_put_text(profile, "source", catalog->source);
    json_put_text(profile, "provider", catalog->provider);
    json_put_text(profile, "detected_service", catalog->detected_service);
    json_put_text(profile, "rows_are", catalog->row_plural);
    put_period(arena, catalog, profile);
    if (!put_totals(arena, session, catalog, profile, err)) return false;
    if (!put_months(arena, session, catalog, profile, err)) return false;
    put_services(arena, catalog, profile);
    put_columns(arena, catalog, profile);
    put_concepts(catalog, profile);
    put_summary(arena, catalog, profile);
    Json *odd = json_put_array(profile, "odd");
    for (size_t i = 0; i < catalog->odd_count; i++) json_add_text(odd, catalog->odd[i]);
    *out = profile;
    return true;
}
