/* Facts about time, currency and granularity that every answer states. The import found them per snapshot (Snapshot.facts, keys in
 * ingest/load.h); here they are merged. A data set without such facts (a test's, in memory) is asked itself. */
#include <stdlib.h>
#include <string.h>

#include "base/knowledge.h"
#include "base/limits.h"
#include "base/sql.h"
#include "base/text.h"
#include "catalog/dataset.h"

static Day earlier(Day a, Day b) {
    return a == DAY_NONE || (b != DAY_NONE && b < a) ? b : a;
}

static Day later(Day a, Day b) {
    return a == DAY_NONE || (b != DAY_NONE && b > a) ? b : a;
}

static Day day_of(const char *text) {
    Day day = DAY_NONE;
    return text && date_parse(text, &day) ? day : DAY_NONE;
}

static bool in_texts(const char *const *texts, size_t count, const char *text) {
    for (size_t i = 0; i < count; i++)
        if (text_equal(texts[i], text)) return true;
    return false;
}

/* Appends a copy unless it is there already. */
static void add_text(Arena *arena, const char ***texts, size_t *count, const char *text) {
    if (in_texts(*texts, *count, text)) return;
    *texts = arena_grow(arena, *texts, *count * sizeof **texts, (*count + 1) * sizeof **texts);
    (*texts)[(*count)++] = arena_text(arena, text);
}

/* --- From the snapshots ----------------------------------------------------------------------------------------------- */

static void merge_texts(Arena *arena, const Json *array, const char ***texts, size_t *count) {
    for (size_t i = 0; i < json_count(array); i++) {
        const char *text = json_text(json_at(array, i));
        if (text) add_text(arena, texts, count, text);
    }
}

static void merge_snapshot(Arena *arena, Catalog *catalog, const Json *facts) {
    catalog->first_day = earlier(catalog->first_day, day_of(json_get_text(facts, "first_day")));
    catalog->last_day = later(catalog->last_day, day_of(json_get_text(facts, "last_day")));
    catalog->as_of = later(catalog->as_of, day_of(json_get_text(facts, "as_of")));
    const char *through = json_get_text(facts, "data_through"), *granularity = json_get_text(facts, "granularity");
    if (through && (!catalog->data_through || strcmp(through, catalog->data_through) > 0))
        catalog->data_through = arena_text(arena, through);
    if (granularity && !catalog->granularity) catalog->granularity = arena_text(arena, granularity);
    if (granularity && !text_equal(granularity, catalog->granularity)) catalog->granularity = "mixed";
    catalog->has_resources = catalog->has_resources || json_get_bool(facts, "has_resources", false);
    merge_texts(arena, json_get(facts, "currencies"), &catalog->currencies, &catalog->currency_count);
    merge_texts(arena, json_get(facts, "odd"), &catalog->odd, &catalog->odd_count);
}

/* --- From the lines --------------------------------------------------------------------------------------------------- */

/* "Today" is the day of the latest usage line whose period is at most a day: fees of future days and month-long lines do not
 * move it. Where all lines are longer, the latest line of any kind. */
static bool ask_bill(Arena *arena, DuckSession *session, Catalog *catalog, Err *err) {
    const char *sql =
        sql_format(arena,
                   "SELECT min(x_ChargeDate), max(x_ChargeDate), "
                   "max(CAST(ChargePeriodStart AS DATE)) FILTER (usage AND width <= INTERVAL 1 DAY), "
                   "coalesce(max(ChargePeriodEnd) FILTER (usage AND width <= INTERVAL 1 DAY), max(ChargePeriodEnd)), "
                   "count(*) FILTER (usage AND width <= INTERVAL 1 HOUR), "
                   "count(*) FILTER (usage AND width > INTERVAL 1 HOUR AND width <= INTERVAL 1 DAY), "
                   "count(*) FILTER (usage AND width > INTERVAL 1 DAY), count(nullif(ResourceId, '')) "
                   "FROM (SELECT *, ChargeCategory = 'Usage' AS usage, ChargePeriodEnd - ChargePeriodStart AS width FROM %I)",
                   catalog->dataset);
    Table *table = NULL, *currencies = NULL;
    if (!duck_rows(arena, session, sql, &table, err)) return false;
    catalog->first_day = day_of(table_cell(table, 0, 0));
    catalog->last_day = day_of(table_cell(table, 0, 1));
    catalog->as_of = day_of(table_cell(table, 0, 2));
    catalog->data_through = table_cell(table, 0, 3);
    long long hourly = atoll(table_cell(table, 0, 4)), daily = atoll(table_cell(table, 0, 5)),
              monthly = atoll(table_cell(table, 0, 6));
    catalog->granularity = hourly > daily + monthly ? "hourly"
                           : daily > monthly        ? "daily"
                           : monthly                ? "monthly"
                           : hourly                 ? "mixed"
                                                    : NULL;
    catalog->has_resources = atoll(table_cell(table, 0, 7)) > 0;
    sql = sql_format(arena, "SELECT BillingCurrency FROM %I WHERE BillingCurrency <> '' GROUP BY 1 ORDER BY count(*) DESC, 1",
                     catalog->dataset);
    if (!duck_rows(arena, session, sql, &currencies, err)) return false;
    for (size_t row = 0; row < currencies->row_count; row++)
        add_text(arena, &catalog->currencies, &catalog->currency_count, table_cell(currencies, row, 0));
    return true;
}

/* --- Months ----------------------------------------------------------------------------------------------------------- */

/* The day after the last one that has all its hours: data through "2026-10-12 09:00:00" ends within 12 October. */
static Day covered_until(const Catalog *catalog) {
    Day day = day_of(catalog->data_through);
    return day == DAY_NONE ? (catalog->last_day == DAY_NONE ? DAY_NONE : catalog->last_day + 1) : day;
}

/* One row per calendar month from the first day to "today", the latest ones where a stray date makes them too many; complete when
 * the data reaches the month's end. */
static void make_months(Arena *arena, Catalog *catalog) {
    if (catalog->first_day == DAY_NONE || catalog->as_of == DAY_NONE || catalog->first_day > catalog->as_of) return;
    Day until = covered_until(catalog), last = date_month(catalog->as_of, 0);
    Day first = date_month(catalog->first_day, 0), earliest = date_month(last, 1 - CATALOG_MONTHS);
    if (first < earliest) first = earliest;
    CalendarDate from = date_calendar(first), to = date_calendar(last);
    catalog->month_count = (size_t)((to.year - from.year) * 12 + to.month - from.month + 1);
    catalog->months = arena_array(arena, catalog->month_count, sizeof *catalog->months);
    for (size_t i = 0; i < catalog->month_count; i++) {
        CatalogMonth *row = &catalog->months[i];
        Day month = date_month(first, (int)i), next = date_month(month, 1);
        row->name = arena_text_n(arena, date_text(arena, month), strlen("2026-09"));
        row->start = month > catalog->first_day ? month : catalog->first_day;
        row->end = next <= catalog->as_of ? next : catalog->as_of + 1;
        row->complete = next <= until;
    }
}

/* --- What it is ------------------------------------------------------------------------------------------------------- */

/* The name of the export that a file belongs to: the folder above its billing periods, else the folder of its
 * files or the file's own name. */
static const char *export_name(Arena *arena, const char *source) {
    size_t count = 0;
    const char **parts = text_split(arena, source, '/', &count);
    for (size_t i = 1; i < count; i++) {
        const bool named = text_starts_fold(parts[i], "BILLING_PERIOD=");
        const bool dated = strlen(parts[i]) == 17 && parts[i][8] == '-' && strspn(parts[i], "0123456789-") == 17;
        const size_t above = i > 1 && text_equal(parts[i - 1], "data") ? i - 2 : i - 1;
        if ((named || dated) && *parts[above]) return parts[above];
    }
    /* Of several files ("…-00001.parquet and 3 more files") the folder is what they have in common. */
    const bool several = text_ends(source, " more files");
    return count > 1 && several ? parts[count - 2] : count ? parts[count - 1] : source;
}

/* "lumenpay-cur2 (CUR 2.0), 4 billing periods", "12 exports (FOCUS 1.2), 12 billing periods", "volumes.csv". */
static const char *label_source(Arena *arena, const Dataset *dataset, const Catalog *catalog) {
    const char **names = NULL, **formats = NULL, **periods = NULL;
    size_t name_count = 0, format_count = 0, period_count = 0;
    for (size_t i = 0; i < dataset->snapshot_count; i++) {
        const Snapshot *snapshot = dataset->snapshots[i];
        if (snapshot->source) add_text(arena, &names, &name_count, export_name(arena, snapshot->source));
        if (!text_is_empty(snapshot->format)) add_text(arena, &formats, &format_count, snapshot->format);
        if (!text_is_empty(snapshot->period)) add_text(arena, &periods, &period_count, snapshot->period);
    }
    if (!name_count) return catalog->dataset;
    Buffer out = {.arena = arena};
    if (name_count <= 2)
        buffer_printf(&out, "%s%s%s", names[0], name_count == 2 ? " and " : "", name_count == 2 ? names[1] : "");
    else
        buffer_printf(&out, "%zu exports", name_count);
    for (size_t i = 0; catalog->is_bill && i < format_count; i++) buffer_printf(&out, "%s%s", i ? ", " : " (", formats[i]);
    if (catalog->is_bill && format_count) buffer_add_char(&out, ')');
    if (period_count) buffer_printf(&out, ", %zu billing period%s", period_count, period_count == 1 ? "" : "s");
    return buffer_text(&out);
}

static void describe_source(Arena *arena, const Dataset *dataset, Catalog *catalog) {
    const char **sources = NULL;
    size_t count = 0;
    for (size_t i = 0; i < dataset->snapshot_count; i++)
        if (dataset->snapshots[i]->source) add_text(arena, &sources, &count, dataset->snapshots[i]->source);
    Buffer out = {.arena = arena};
    for (size_t i = 0; i < count && i < 3; i++) {
        if (i) buffer_add(&out, ", ");
        buffer_add(&out, sources[i]);
    }
    if (count > 3) buffer_printf(&out, " and %zu more", count - 3);
    catalog->source = count ? buffer_text(&out) : catalog->dataset;
    catalog->source_label = label_source(arena, dataset, catalog);
}

/* "Microsoft Azure" is Microsoft: the name of tables/providers.tsv, or the text itself. */
static const char *provider_name(Arena *arena, const char *text) {
    const Knowledge *providers = knowledge_table(arena, "providers.tsv");
    for (size_t row = 0; row < providers->row_count; row++) {
        size_t count = 0;
        const char **aliases = text_split(arena, knowledge_field(providers, row, "aliases"), '|', &count);
        for (size_t i = 0; i < count; i++)
            if (text_equal_fold(aliases[i], text)) return knowledge_field(providers, row, "name");
    }
    return text;
}

/* The one provider of the bill; none when it has several. Line item types are AWS's. */
static void detect_provider(Arena *arena, Catalog *catalog) {
    const CatalogColumn *column = catalog_column(catalog, "ProviderName");
    for (size_t i = 0; column && i < column->value_count; i++) {
        const char *name = provider_name(arena, column->values[i].text);
        if (catalog->provider && !text_equal(catalog->provider, name)) {
            catalog->provider = NULL;
            return;
        }
        catalog->provider = name;
    }
    if (!catalog->provider && dataset_has_data(catalog, catalog_column(catalog, "x_LineItemType"))) catalog->provider = "AWS";
}

bool dataset_bill_facts(Arena *arena, DuckSession *session, const Dataset *dataset, Catalog *catalog, Err *err) {
    bool stored = dataset->snapshot_count > 0;
    for (size_t i = 0; i < dataset->snapshot_count; i++) {
        stored = stored && json_get_text(dataset->snapshots[i]->facts, "first_day");
        merge_snapshot(arena, catalog, dataset->snapshots[i]->facts);
    }
    if (!stored && !ask_bill(arena, session, catalog, err)) return false;
    if (catalog->as_of == DAY_NONE) catalog->as_of = catalog->last_day;
    catalog->time_column = catalog_column(catalog, "x_ChargeDate");
    catalog->row_label = "line item";
    catalog->row_plural = "line items";
    make_months(arena, catalog);
    describe_source(arena, dataset, catalog);
    detect_provider(arena, catalog);
    return true;
}

/* --- Tables ----------------------------------------------------------------------------------------------------------- */

/* The column that says when: a date named so before one that merely is one; "first seen" and the like describe the row's life. */
static const CatalogColumn *pick_time(const Catalog *catalog) {
    static const char *const names[] = {"date", "day", "timestamp", "time", "month", "period", "usage start", "start date"};
    for (size_t n = 0; n < sizeof names / sizeof *names; n++)
        for (size_t i = 0; i < catalog->column_count; i++)
            if (catalog->columns[i].class == CLASS_TIMESTAMP && text_contains_fold(catalog->columns[i].label, names[n]))
                return &catalog->columns[i];
    for (size_t i = 0; i < catalog->column_count; i++)
        if (catalog->columns[i].class == CLASS_TIMESTAMP) return &catalog->columns[i];
    return NULL;
}

static void add_currencies(Arena *arena, Catalog *catalog) {
    for (size_t i = 0; i < catalog->column_count; i++) {
        const CatalogColumn *column = &catalog->columns[i];
        if (column->class == CLASS_COST && column->unit)
            add_text(arena, &catalog->currencies, &catalog->currency_count, column->unit);
        if (column->class != CLASS_DIMENSION || !text_contains_fold(column->label, "currency")) continue;
        for (size_t v = 0; v < column->value_count; v++)
            add_text(arena, &catalog->currencies, &catalog->currency_count, column->values[v].text);
    }
}

bool dataset_table_facts(Arena *arena, DuckSession *session, const Dataset *dataset, Catalog *catalog, Err *err) {
    for (size_t i = 0; i < dataset->snapshot_count; i++)
        merge_texts(arena, json_get(dataset->snapshots[i]->facts, "odd"), &catalog->odd, &catalog->odd_count);
    describe_source(arena, dataset, catalog);
    add_currencies(arena, catalog);
    catalog->time_column = pick_time(catalog);
    catalog->has_resources = catalog->row_identifier != NULL;
    if (!catalog->time_column) return true;
    Table *days = NULL;
    const char *name = catalog->time_column->name;
    const char *sql =
        sql_format(arena, "SELECT CAST(min(%I) AS DATE), CAST(max(%I) AS DATE) FROM %I", name, name, catalog->dataset);
    if (!duck_rows(arena, session, sql, &days, err)) return false;
    catalog->first_day = day_of(table_cell(days, 0, 0));
    catalog->last_day = day_of(table_cell(days, 0, 1));
    catalog->as_of = catalog->last_day;
    make_months(arena, catalog);
    return true;
}
