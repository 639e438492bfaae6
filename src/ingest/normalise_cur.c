/* Legacy CUR and CUR 2.0: the same columns by their Athena names. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/sql.h"
#include "base/table.h"
#include "base/text.h"
#include "ingest/cur.h"

static const char *mapping_sources(const Knowledge *mapping, const char *target) {
    for (size_t i = 0; i < mapping->row_count; i++)
        if (text_equal(knowledge_field(mapping, i, "target"), target)) return knowledge_field(mapping, i, "sources");
    return "";
}

static const char *first_source(const Reader *reader, Arena *arena, const char *sources) {
    size_t count = 0;
    const char **names = text_split(arena, sources, '|', &count);
    for (size_t i = 0; i < count; i++)
        if (reader_column(reader, names[i])) return names[i];
    return NULL;
}

void normalise_cur_request(Arena *arena, const Reader *reader, const MapColumn *maps, size_t map_count, ProbeRequest *out) {
    const Knowledge *mapping = knowledge_table(arena, "cur_mapping.tsv");
    Model plain = {.arena = arena, .reader = reader};
    /* Entries of text maps are not known before the probe: the names of services are then taken from the map's text by lines_make(). */
    MapColumn *native = arena_array(arena, map_count + 1, sizeof *native);
    size_t native_count = 0;
    for (size_t i = 0; i < map_count; i++)
        if (!maps[i].is_text) {
            static const char *name_entry[] = {"product_name"};
            native[native_count] = maps[i];
            native[native_count].entries = name_entry;
            native[native_count++].entry_count = 1;
        }
    const char *const texts[] = {"BillingPeriodStart", "BillingAccountId", "BillingCurrency", "x_ServiceCode",
                                 "product_name",       "x_UsageType",      "x_LineItemType"};
    const char **slots[] = {&out->period, &out->payer, &out->currency, &out->code, &out->name, &out->usage_type, &out->type};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *slots[i] = normalise_text(&plain, native, native_count, mapping_sources(mapping, texts[i]), NULL);
    /* Only the month of the charge stands in for a missing period: grouping by every hour would undo the grouping. */
    out->period_fallback =
        normalise_text(&plain, native, native_count, "line_item_usage_start_date|identity_time_interval", NULL);
    if (out->period_fallback) out->period_fallback = sql_format(arena, "left(%R, 7) || '-01'", out->period_fallback);
    static const char *const times[] = {"bill_billing_period_start_date", "bill_billing_period_end_date",
                                        "line_item_usage_start_date", "line_item_usage_end_date"};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        if (reader_column(reader, times[i])) out->times[out->time_count++] = times[i];
    /* Quantities are often large; some tools print costs with more digits than the usual type keeps. */
    static const char *const measured[] = {"quantity", "normalized",   "unblended",     "net_unblended",
                                           "public",   "ri_effective", "plan_effective"};
    out->present = arena_array(arena, NET_INPUTS, sizeof *out->present);
    out->measured = arena_array(arena, sizeof measured / sizeof *measured, sizeof *out->measured);
    for (size_t i = 0; i < NET_INPUTS; i++) {
        const char *key = first_source(reader, arena, mapping_sources(mapping, cur_net_inputs[i]));
        if (key) out->present[out->present_count++] = key;
    }
    for (size_t i = 0; i < sizeof measured / sizeof *measured; i++) {
        const char *key = first_source(reader, arena, mapping_sources(mapping, measured[i]));
        if (key) out->measured[out->measured_count++] = key;
    }
}

/* --- Inputs ------------------------------------------------------------------------------------------------------------ */

static void add_number_input(Cur *cur, const char *target, const char *sources, const char *only) {
    const char *key = first_source(cur->model->reader, cur->arena, sources);
    NumberType type = {0, 0};
    const char *expression = key ? model_number(cur->model, key, &type) : NULL;
    if (!expression) return;
    if (*only && reader_column(cur->model->reader, "line_item_line_item_type"))
        expression = sql_format(cur->arena, "CASE WHEN s.line_item_line_item_type = %S THEN %R END", only, expression);
    model_add_input(cur->model, target, expression);
    assert(cur->amount_count < CUR_AMOUNTS && "tables/cur_mapping.tsv has more amounts than expected");
    cur->amounts[cur->amount_count++] = (Amount){target, type, reader_column(cur->model->reader, key)->name};
}

static void add_inputs(Cur *cur) {
    const Normaliser *normaliser = cur->normaliser;
    Model *model = cur->model;
    for (size_t i = 0; i < cur->mapping->row_count; i++) {
        const char *target = knowledge_field(cur->mapping, i, "target"), *kind = knowledge_field(cur->mapping, i, "kind");
        const char *sources = knowledge_field(cur->mapping, i, "sources"), *printed = "";
        const char *expression = NULL;
        if (text_equal(kind, "number")) {
            add_number_input(cur, target, sources, knowledge_field(cur->mapping, i, "only"));
            continue;
        }
        if (text_equal(kind, "time")) {
            const char *key = first_source(model->reader, cur->arena, sources);
            expression = key ? model_time(model, key) : NULL;
            if (key) printed = reader_column(model->reader, key)->name;
        } else {
            expression = normalise_text(model, normaliser->maps, normaliser->map_count, sources, &printed);
            if (expression && text_equal(kind, "rate"))
                expression = sql_format(cur->arena, "TRY_CAST(%R AS DECIMAL(18, 10))", expression);
        }
        if (!expression) continue;
        model_add_input(model, target, expression);
        bool is_column = (target[0] >= 'A' && target[0] <= 'Z') || text_starts(target, "x_");
        if (!is_column) continue;
        OutputColumn *output = model_add_output(model, target, sql_format(cur->arena, "t.%I", target), printed);
        if (text_equal(kind, "extra")) {
            output->kind = OUTPUT_EXTRA;
            output->is_dimension = true;
        }
    }
}

/* --- Dimensions -------------------------------------------------------------------------------------------------------- */

static const char *usage_condition(const Cur *cur) {
    return sql_format(cur->arena, "l.kind IN (%d, %d, %d, %d) AND NOT %R", (long long)LINE_USAGE, (long long)LINE_DISCOUNTED,
                      (long long)LINE_COVERED, (long long)LINE_FLAT_RATE, cur_split_condition(cur));
}

static void add_usage(Cur *cur) {
    static const char *const plain[][2] = {{"ConsumedQuantity", "quantity"}, {"x_NormalizedUsage", "normalized"}};
    const char *condition = usage_condition(cur);
    for (size_t i = 0; i < 2; i++) {
        const Amount *found = cur_find_amount(cur, plain[i][1]);
        if (!found) continue;
        cur_add_output(cur, plain[i][0], sql_format(cur->arena, "CASE WHEN %R THEN t.%I END", condition, found->name),
                       found->type, found->source);
    }
    const OutputColumn *unit = model_find_output(cur->model, "PricingUnit");
    if (unit)
        model_add_output(cur->model, "ConsumedUnit",
                         sql_format(cur->arena, "CASE WHEN %R THEN t.\"PricingUnit\" END", condition), unit->source);
}

/* What reservations offered: what was used of them, and on their fees what was not. */
static void add_reserved(Cur *cur) {
    const Amount *used = cur_find_amount(cur, "quantity"), *unused = cur_find_amount(cur, "ri_unused_quantity");
    if (!used || !unused) return;
    const NumberType type = number_type_merge(used->type, unused->type);
    cur_add_output(cur, "x_ReservedQuantity",
                   sql_format(cur->arena, "CASE WHEN l.kind = %d THEN t.%I WHEN l.kind = %d THEN t.%I END",
                              (long long)LINE_DISCOUNTED, used->name, (long long)LINE_RI_FEE, unused->name),
                   type, arena_printf(cur->arena, "%s, %s", used->source, unused->source));
}

static void add_commitments(Cur *cur) {
    Arena *arena = cur->arena;
    bool plan = model_has_input(cur->model, "plan_arn"), reserved = model_has_input(cur->model, "reservation_arn");
    const char *plan_arn = plan ? "t.plan_arn" : "CAST(NULL AS VARCHAR)";
    const char *reservation_arn = reserved ? "t.reservation_arn" : "CAST(NULL AS VARCHAR)";
    const char *is_plan = sql_format(arena, "(%R IS NOT NULL OR l.kind = %d)", plan_arn, (long long)LINE_COVERED);
    const char *is_reserved = sql_format(arena, "(%R IS NOT NULL OR l.kind = %d)", reservation_arn, (long long)LINE_DISCOUNTED);
    const char *is_spot = model_has_input(cur->model, "x_UsageType") ? "contains(t.\"x_UsageType\", 'Spot')" : "false";
    const char *source = "savings plan and reservation ARN";
    if (plan || reserved)
        model_add_output(cur->model, "CommitmentDiscountId", sql_format(arena, "coalesce(%R, %R)", plan_arn, reservation_arn),
                         source)
            ->is_looked_up = true;
    static const char *const words[][3] = {{"CommitmentDiscountCategory", "Spend", "Usage"},
                                           {"CommitmentDiscountType", "SavingsPlan", "Reserved"}};
    for (size_t i = 0; i < 2; i++)
        model_add_output(
            cur->model, words[i][0],
            sql_format(arena, "CASE WHEN %R THEN %S WHEN %R THEN %S END", is_plan, words[i][1], is_reserved, words[i][2]),
            source)
            ->is_looked_up = true;
    const OutputColumn *unused = model_find_output(cur->model, "x_UnusedCommitmentCost");
    model_add_output(cur->model, "CommitmentDiscountStatus",
                     sql_format(arena, "CASE WHEN l.kind IN (%d, %d) THEN 'Used' WHEN %R <> 0 THEN 'Unused' END",
                                (long long)LINE_DISCOUNTED, (long long)LINE_COVERED, unused ? unused->expression : "0"),
                     "line item type");
    const char *usage =
        sql_format(arena, "l.kind IN (%d, %d, %d)", (long long)LINE_USAGE, (long long)LINE_DISCOUNTED, (long long)LINE_COVERED);
    static const char *const options[][4] = {{"x_PurchaseOption", "SavingsPlan", "Reserved", "Spot"},
                                             {"PricingCategory", "Committed", "Committed", "Dynamic"}};
    for (size_t i = 0; i < 2; i++)
        model_add_output(cur->model, options[i][0],
                         sql_format(arena,
                                    "CASE WHEN NOT %R THEN NULL WHEN %R THEN %S WHEN %R THEN %S WHEN %R THEN %S ELSE %S END",
                                    usage, is_plan, options[i][1], is_reserved, options[i][2], is_spot, options[i][3],
                                    i == 0 ? "OnDemand" : "Standard"),
                         "ARNs and usage type")
            ->is_looked_up = true;
}

/* Families are what stands before the size; the service's own prefix ("db.") belongs to them. */
#define INSTANCE_FAMILY                                                                                                        \
    "CASE WHEN NOT contains(t.\"x_InstanceType\", '.') THEN NULL WHEN %R THEN split_part(t.\"x_InstanceType\", '.', 1) || "    \
    "'.' || "                                                                                                                  \
    "split_part(t.\"x_InstanceType\", '.', 2) ELSE split_part(t.\"x_InstanceType\", '.', 1) END"

static const char *instance_family(Arena *arena) {
    static const char *const services[] = {"db.", "cache.", "ml.", "dax.", "kafka.", "mq.", "dms."};
    Sql *sql = sql_make(arena);
    for (size_t i = 0; i < sizeof services / sizeof *services; i++)
        sql_add(sql, i ? " OR starts_with(t.\"x_InstanceType\", %S)" : "starts_with(t.\"x_InstanceType\", %S)", services[i]);
    return sql_format(arena, INSTANCE_FAMILY, sql_text(sql));
}

static void add_derived(Cur *cur) {
    Model *model = cur->model;
    Arena *arena = cur->arena;
    bool usage_type = model_has_input(model, "x_UsageType"), instance = model_has_input(model, "x_InstanceType");
    OutputColumn *provider = model_add_output(model, "ProviderName", model_constant(arena, "AWS", "VARCHAR"), "");
    provider->is_constant = true;
    provider->constant = "AWS";
    provider->constant_type = "VARCHAR";
    model_add_output(model, "ServiceName", "l.service", "product code")->is_looked_up = true;
    model_add_output(model, "ServiceCategory", "l.service_category", "product code")->is_looked_up = true;
    model_add_output(model, "ChargeCategory", "l.charge_category", "line item type")->is_looked_up = true;
    model_add_output(model, "ChargeFrequency", "l.charge_frequency", "line item type")->is_looked_up = true;
    if (usage_type) {
        const char *api_name =
            model_has_input(model, "volume_api_name") ? "coalesce(t.volume_api_name, l.volume_type)" : "l.volume_type";
        model_add_output(model, "x_Meter", "l.meter", "usage type")->is_looked_up = true;
        model_add_output(model, "x_VolumeType",
                         sql_format(arena, "CASE WHEN contains(t.\"x_UsageType\", 'EBS:Volume') THEN %R END", api_name),
                         "usage type")
            ->is_looked_up = true;
    }
    if (instance) model_add_output(model, "x_InstanceFamily", instance_family(arena), "instance type")->is_looked_up = true;
    if (usage_type || instance)
        model_add_output(model, "x_CostDriver",
                         sql_format(arena, "coalesce(%R, l.meter_instance, l.meter)",
                                    instance ? "t.\"x_InstanceType\"" : "CAST(NULL AS VARCHAR)"),
                         "instance type, usage type")
            ->is_looked_up = true;
}

/* Start of the charge, else of the interval that the line names, else of the billing period. */
static void add_times(Cur *cur) {
    Model *model = cur->model;
    Arena *arena = cur->arena;
    bool start = model_has_input(model, "ChargePeriodStart"), interval = model_has_input(model, "time_interval");
    bool period = model_has_input(model, "BillingPeriodStart");
    const char *interval_start = interval ? "TRY_CAST(split_part(t.time_interval, '/', 1) AS TIMESTAMP)" : "NULL";
    const char *time = sql_format(arena, "coalesce(%R, %R, %R)", start ? "t.\"ChargePeriodStart\"" : "NULL", interval_start,
                                  period ? "t.\"BillingPeriodStart\"" : "NULL");
    if (!start && !interval && !period) return;
    if (!start) model_add_output(model, "ChargePeriodStart", time, "identity/TimeInterval");
    if (!model_has_input(model, "ChargePeriodEnd") && interval)
        model_add_output(model, "ChargePeriodEnd", "TRY_CAST(split_part(t.time_interval, '/', 2) AS TIMESTAMP)",
                         "identity/TimeInterval");
    const char *month = sql_format(arena, "date_trunc('month', %R)", period ? "t.\"BillingPeriodStart\"" : time);
    if (!period) model_add_output(model, "BillingPeriodStart", month, "");
    if (!model_has_input(model, "BillingPeriodEnd"))
        model_add_output(model, "BillingPeriodEnd", sql_format(arena, "%R + INTERVAL 1 MONTH", month), "");
    model_add_output(
        model, "x_ChargeDate",
        sql_format(arena, "CAST(%R AS DATE)", start ? sql_format(arena, "coalesce(t.\"ChargePeriodStart\", %R)", time) : time),
        "lineItem/UsageStartDate");
}

/* Columns that no table of ours knows are kept as they are. */
static void add_extras(Cur *cur) {
    const Knowledge *known = knowledge_table(cur->arena, "cur_columns.tsv");
    const Reader *reader = cur->model->reader;
    for (size_t i = 0; i < reader->column_count; i++) {
        const ReaderColumn *column = &reader->columns[i];
        OutputKind kind = OUTPUT_EXTRA;
        const char *key = NULL;
        bool skip = tag_header(cur->arena, column, &kind, &key) || text_starts(column->key, "product_");
        for (size_t k = 0; k < known->row_count && !skip; k++)
            skip = text_equal(knowledge_field(known, k, "column"), column->key);
        for (size_t m = 0; m < cur->normaliser->map_count && !skip; m++)
            skip = text_equal(cur->normaliser->maps[m].key, column->key);
        if (skip) continue;
        const char *name = text_starts(column->key, "x_") ? column->key : arena_printf(cur->arena, "x_%s", column->key);
        if (model_find_output(cur->model, name) || text_equal(column->key, "savings_plan_savings_plan_arn")) continue;
        model_add_input(cur->model, name, model_text(cur->model, column->key));
        OutputColumn *output = model_add_output(cur->model, name, sql_format(cur->arena, "t.%I", name), column->name);
        output->kind = OUTPUT_EXTRA;
        output->is_dimension = true;
    }
}

/* --- What the data decides ------------------------------------------------------------------------------------------------ */

static bool read_kinds(Cur *cur, Err *err) {
    Table *table = NULL;
    if (!duck_rows(cur->arena, cur->normaliser->watch->session, "SELECT DISTINCT kind FROM lines", &table, err)) return false;
    for (size_t i = 0; i < table->row_count; i++) {
        int kind = atoi(table_cell(table, i, 0));
        if (kind >= 0 && kind <= LINE_REFUND) cur->kinds[kind] = true;
    }
    return true;
}

/* On which lines a net column counts: rows of `table` are (payer, month, has values of each present column). */
static const char *scope_of(const Cur *cur, const Table *table, size_t column) {
    size_t with = 0, considered = 0;
    Sql *scope = sql_make(cur->arena);
    bool by_payer = model_has_input(cur->model, "BillingAccountId"),
         by_month = model_has_input(cur->model, "BillingPeriodStart");
    sql_add(scope, "(");
    for (size_t row = 0; row < table->row_count; row++) {
        /* Where the net cost itself is empty, the other net columns are not looked at. */
        considered += text_equal(table_cell(table, row, 2), "true");
        if (!text_equal(table_cell(table, row, column), "true")) continue;
        sql_add(scope, with++ ? " OR (true" : "(true");
        if (by_payer) sql_add(scope, " AND coalesce(t.\"BillingAccountId\", '') = %S", table_cell(table, row, 0));
        if (by_month)
            sql_add(scope, " AND date_trunc('month', t.\"BillingPeriodStart\") = CAST(%S AS TIMESTAMP)",
                    table_cell(table, row, 1));
        sql_add(scope, ")");
    }
    sql_add(scope, ")");
    if (with == 0) return NULL;
    bool everywhere = column == 2 ? with == table->row_count : with >= considered;
    return everywhere ? "true" : sql_text(scope);
}

/* Net columns count where a payer's bill of a period has values in them: one payer's discounts do not empty another's bill. */
static bool read_net(Cur *cur, const ProbeRequest *request, Err *err) {
    if (request->present_count == 0 || !cur_find_amount(cur, "net_unblended")) return true;
    Probe *probe = &cur->normaliser->probe;
    Sql *sql = sql_make(cur->arena);
    sql_add(sql, "SELECT coalesce(payer, '') AS payer, CAST(month AS DATE) AS start");
    for (size_t i = 0; i < request->present_count; i++) sql_add(sql, ", coalesce(bool_or(has_%d), false)", (long long)i);
    sql_add(sql, " FROM probe GROUP BY payer, month ORDER BY ALL");
    Table *table = NULL;
    if (!duck_rows(cur->arena, cur->normaliser->watch->session, sql_text(sql), &table, err)) return false;
    for (size_t n = 0, column = 2; n < NET_INPUTS; n++)
        if (cur_find_amount(cur, cur_net_inputs[n])) cur->net_scope[n] = scope_of(cur, table, column++);
    for (size_t row = 0; row < table->row_count; row++)
        for (size_t p = 0; p < probe->period_count; p++)
            if (text_starts(table_cell(table, row, 1), probe->periods[p].month) &&
                text_equal(table_cell(table, row, 2), "true"))
                probe->periods[p].has_net = true;
    return true;
}

bool normalise_cur(Normaliser *normaliser, Model *model, Err *err) {
    Cur cur = {.normaliser = normaliser,
               .model = model,
               .arena = model->arena,
               .mapping = knowledge_table(model->arena, "cur_mapping.tsv")};
    ProbeRequest request = {0};
    normalise_cur_request(model->arena, model->reader, normaliser->maps, normaliser->map_count, &request);
    add_inputs(&cur);
    if (!read_kinds(&cur, err) || !read_net(&cur, &request, err)) return false;
    cur_add_costs(&cur);
    add_usage(&cur);
    add_reserved(&cur);
    add_commitments(&cur);
    add_derived(&cur);
    add_times(&cur);
    tags_add(normaliser->names, model, normaliser->maps, normaliser->map_count);
    add_extras(&cur);
    return true;
}
