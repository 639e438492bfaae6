/* FOCUS: its columns are the model's. What other versions, providers or tools add is kept under its own name. */
#include <string.h>

#include "base/sql.h"
#include "base/text.h"
#include "ingest/normalise.h"

typedef struct {
    Normaliser *normaliser;
    Model *model;
    Arena *arena;
    const Knowledge *bill;
} Focus;

/* The usage type of AWS: x_UsageType in FOCUS 1.0, SkuMeter since 1.2. */
static const char *usage_type(const Model *model) {
    const char *own = model_text(model, "x_UsageType"), *meter = model_text(model, "SkuMeter");
    if (own && meter) return sql_format(model->arena, "coalesce(%R, %R)", own, meter);
    return own ? own : meter;
}

static bool is_kind(const Knowledge *bill, size_t row, const char *type) {
    return text_equal(knowledge_field(bill, row, "type"), type);
}

void normalise_focus_request(Arena *arena, const Reader *reader, ProbeRequest *out) {
    const Knowledge *bill = knowledge_table(arena, "bill_columns.tsv");
    Model plain = {.arena = arena, .reader = reader};
    out->period = model_text(&plain, "BillingPeriodStart");
    if (reader_column(reader, "ChargePeriodStart"))
        out->period_fallback = sql_format(arena, "left(%R, 7) || '-01'", model_text(&plain, "ChargePeriodStart"));
    out->payer = model_text(&plain, "BillingAccountId");
    out->currency = model_text(&plain, "BillingCurrency");
    out->code = model_text(&plain, "x_ServiceCode");
    out->name = model_text(&plain, "ServiceName");
    out->usage_type = usage_type(&plain);
    out->provider = model_text(&plain, "ProviderName");
    static const char *const times[] = {"BillingPeriodStart", "BillingPeriodEnd", "ChargePeriodStart", "ChargePeriodEnd"};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        if (reader_column(reader, times[i])) out->times[out->time_count++] = times[i];
    out->measured = arena_array(arena, bill->row_count, sizeof *out->measured);
    for (size_t i = 0; i < bill->row_count; i++) {
        const char *name = knowledge_field(bill, i, "column");
        const ReaderColumn *column = reader_column(reader, name);
        bool is_cost = text_equal(knowledge_field(bill, i, "class"), "cost");
        if (column && (is_cost || is_kind(bill, i, "quantity"))) out->measured[out->measured_count++] = column->key;
    }
}

static const char *own_column(Focus *focus, size_t row, const char *name) {
    Model *model = focus->model;
    if (is_kind(focus->bill, row, "money") || is_kind(focus->bill, row, "quantity")) {
        NumberType type = {0, 0};
        return model_number(model, name, &type);
    }
    if (is_kind(focus->bill, row, "timestamp")) return model_time(model, name);
    return model_text(model, name);
}

static void add_own_columns(Focus *focus) {
    for (size_t i = 0; i < focus->bill->row_count; i++) {
        const char *name = knowledge_field(focus->bill, i, "column");
        const ReaderColumn *column = reader_column(focus->model->reader, name);
        bool made_here = text_equal(name, "x_ChargeDate") || text_equal(name, "x_RowCount") || text_equal(name, "x_UsageType");
        if (!column || made_here) continue;
        model_add_input(focus->model, name, own_column(focus, i, name));
        model_add_output(focus->model, name, sql_format(focus->arena, "t.%I", name), column->name);
    }
}

static OutputColumn *derive(Focus *focus, const char *name, const char *expression, const char *source) {
    if (!expression || model_find_output(focus->model, name)) return NULL;
    return model_add_output(focus->model, name, expression, source);
}

/* What the class of a line says. */
static void look_up(Focus *focus, const char *name, const char *expression, const char *source) {
    OutputColumn *output = derive(focus, name, expression, source);
    if (output) output->is_looked_up = true;
}

/* Meters are taken apart for AWS only: other providers have no usage types in this sense. */
static void add_meters(Focus *focus) {
    Model *model = focus->model;
    const char *usage = usage_type(model);
    bool has_code = model_has_input(model, "x_ServiceCode");
    if (usage) model_add_input(model, "x_UsageType", usage);
    bool is_aws = usage && (has_code || reader_column(model->reader, "x_UsageType"));
    if (is_aws) {
        derive(focus, "x_UsageType", "t.\"x_UsageType\"",
               reader_column(model->reader, "x_UsageType") ? "x_UsageType" : "SkuMeter");
        look_up(focus, "x_Meter", "l.meter", "usage type");
        look_up(focus, "x_VolumeType", "l.volume_type", "usage type");
    }
    const char *others[] = {"ServiceSubcategory", "SkuMeter", "SkuId", "ServiceName"};
    const char *fallback = NULL;
    for (size_t i = 0; i < sizeof others / sizeof *others && !fallback; i++)
        if (model_has_input(model, others[i])) fallback = sql_format(focus->arena, "t.%I", others[i]);
    if (is_aws)
        look_up(focus, "x_CostDriver",
                fallback ? sql_format(focus->arena, "coalesce(l.meter_instance, l.meter, %R)", fallback)
                         : "coalesce(l.meter_instance, l.meter)",
                "usage type");
    else
        derive(focus, "x_CostDriver", fallback, "SKU");
}

static void add_purchase_option(Focus *focus) {
    const Model *model = focus->model;
    if (!model_has_input(model, "ChargeCategory")) return;
    const char *category = model_has_input(model, "CommitmentDiscountCategory") ? "t.\"CommitmentDiscountCategory\"" : "NULL";
    const char *pricing = model_has_input(model, "PricingCategory") ? "t.\"PricingCategory\"" : "NULL";
    const char *id = model_has_input(model, "CommitmentDiscountId") ? "t.\"CommitmentDiscountId\"" : "NULL";
    derive(focus, "x_PurchaseOption",
           sql_format(focus->arena,
                      "CASE WHEN t.\"ChargeCategory\" <> 'Usage' THEN NULL WHEN %R IS NOT NULL AND %R = 'Spend' THEN "
                      "'SavingsPlan' WHEN %R IS NOT "
                      "NULL THEN 'Reserved' WHEN %R = 'Dynamic' THEN 'Spot' ELSE 'OnDemand' END",
                      id, category, id, pricing),
           "commitment and pricing category");
}

static void add_derived(Focus *focus) {
    Model *model = focus->model;
    Arena *arena = focus->arena;
    add_meters(focus);
    add_purchase_option(focus);
    const OutputColumn *effective = model_find_output(model, "EffectiveCost");
    if (effective && model_has_input(model, "CommitmentDiscountStatus")) {
        NumberType type = {0, 0};
        model_number(model, "EffectiveCost", &type);
        const char *unused = sql_format(
            arena, "CASE WHEN t.\"CommitmentDiscountStatus\" = 'Unused' THEN t.\"EffectiveCost\" ELSE CAST(0 AS %R) END",
            number_type_text(arena, type));
        derive(focus, "x_UnusedCommitmentCost", unused, effective->source);
    }
    if (!model_has_input(model, "ServiceName") && model_has_input(model, "x_ServiceCode"))
        look_up(focus, "ServiceName", "l.service", "x_ServiceCode");
    if (!model_has_input(model, "ServiceCategory") && model_has_input(model, "x_ServiceCode"))
        look_up(focus, "ServiceCategory", "l.service_category", "x_ServiceCode");
    bool charge = model_has_input(model, "ChargePeriodStart"), period = model_has_input(model, "BillingPeriodStart");
    const char *start = charge && period ? "coalesce(t.\"ChargePeriodStart\", t.\"BillingPeriodStart\")"
                        : charge         ? "t.\"ChargePeriodStart\""
                                         : "t.\"BillingPeriodStart\"";
    if (charge || period) derive(focus, "x_ChargeDate", sql_format(arena, "CAST(%R AS DATE)", start), "ChargePeriodStart");
    if (!period && charge)
        derive(focus, "BillingPeriodStart", "date_trunc('month', t.\"ChargePeriodStart\")", "ChargePeriodStart");
}

static bool is_number(const char *type) {
    return text_equal(type, "DOUBLE") || text_equal(type, "FLOAT") || text_starts(type, "DECIMAL(") || text_ends(type, "INT") ||
           text_equal(type, "INTEGER");
}

/* Newer FOCUS columns keep their name, others get x_ before it. */
static void add_extras(Focus *focus) {
    Model *model = focus->model;
    const Knowledge *known = knowledge_table(focus->arena, "focus_columns.tsv");
    for (size_t i = 0; i < model->reader->column_count; i++) {
        const ReaderColumn *column = &model->reader->columns[i];
        bool is_map = false, is_focus = text_starts(column->key, "x_");
        for (size_t m = 0; m < focus->normaliser->map_count; m++)
            is_map |= text_equal(focus->normaliser->maps[m].key, column->key);
        for (size_t k = 0; k < known->row_count && !is_focus; k++)
            is_focus = text_equal(knowledge_field(known, k, "column"), column->key);
        const char *name = is_focus ? column->key : arena_printf(focus->arena, "x_%s", column->key);
        if (is_map || model_has_input(model, column->key) || model_find_output(model, name)) continue;
        NumberType type = {0, 0};
        bool number = is_number(column->type);
        model_add_input(model, name, number ? model_number(model, column->key, &type) : model_text(model, column->key));
        OutputColumn *output = model_add_output(model, name, sql_format(focus->arena, "t.%I", name), column->name);
        output->kind = OUTPUT_EXTRA;
        output->is_dimension = !number;
    }
}

bool normalise_focus(Normaliser *normaliser, Model *model, Err *err) {
    Focus focus = {.normaliser = normaliser,
                   .model = model,
                   .arena = model->arena,
                   .bill = knowledge_table(model->arena, "bill_columns.tsv")};
    if (!reader_column(model->reader, "BilledCost"))
        return err_set(err, ERR_INPUT,
                       "%s has no BilledCost column: it cannot be read as a FOCUS bill; export it with BilledCost",
                       model->reader->delivery->files[0].shown_path);
    add_own_columns(&focus);
    add_derived(&focus);
    tags_add(normaliser->names, model, normaliser->maps, normaliser->map_count);
    add_extras(&focus);
    return true;
}
