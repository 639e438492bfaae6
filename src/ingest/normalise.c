#include "ingest/normalise.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/sql.h"
#include "base/text.h"
#include "ingest/lines.h"

static bool is_cur(const Reader *reader) {
    return reader->delivery->format == FORMAT_CUR_LEGACY || reader->delivery->format == FORMAT_CUR2;
}

const char *normalise_text(const Model *model, const MapColumn *maps, size_t map_count, const char *sources,
                           const char **printed) {
    Arena *arena = model->arena;
    size_t count = 0, found = 0;
    const char **names = text_split(arena, sources, '|', &count);
    const char *all = NULL, *shown = NULL;
    for (size_t i = 0; i < count; i++) {
        const char *bracket = strchr(names[i], '[');
        const char *expression = NULL, *name = names[i];
        if (!bracket) {
            const ReaderColumn *column = reader_column(model->reader, names[i]);
            expression = model_text(model, names[i]);
            if (column) name = column->name;
        }
        for (size_t m = 0; bracket && m < map_count; m++) {
            const char *key = arena_text_n(arena, names[i], (size_t)(bracket - names[i]));
            if (text_equal(key, maps[m].key))
                expression = map_entry(arena, &maps[m], arena_text_n(arena, bracket + 1, strlen(bracket) - 2));
        }
        if (!expression) continue;
        all = found ? arena_printf(arena, "%s, %s", all, expression) : expression;
        shown = found ? arena_printf(arena, "%s, %s", shown, name) : name;
        found++;
    }
    if (printed) *printed = shown;
    return found > 1 ? sql_format(arena, "coalesce(%R)", all) : all;
}

static void find_maps(Normaliser *normaliser, ProbeRequest *request) {
    static const char *const cur_maps[] = {"product", "resource_tags", "cost_category", "tags"};
    static const char *const focus_maps[] = {"Tags", "x_CostCategories"};
    bool cur = is_cur(&normaliser->reader);
    const char **texts = arena_array(normaliser->arena, NORMALISE_MAPS, sizeof *texts);
    normaliser->map_count =
        maps_find(&normaliser->reader, cur ? cur_maps : focus_maps, cur ? 4 : 2, normaliser->maps, texts, &request->map_count);
    request->maps = texts;
}

/* CSV has the product's name inside a text map: it is known only after the probe. */
static bool take_product_names(Normaliser *normaliser, Err *err) {
    for (size_t i = 0; i < normaliser->map_count; i++) {
        const MapColumn *map = &normaliser->maps[i];
        const char *entry = map_entry(normaliser->arena, map, "product_name");
        if (!map->is_text || !text_equal(map->key, "product") || !entry) continue;
        const char *table = arena_printf(normaliser->arena, "entries_%zu", map->index);
        return duck_run(normaliser->watch->session,
                        sql_format(normaliser->arena,
                                   "UPDATE probe SET name = %R FROM %I WHERE probe.name IS NULL AND probe.map_%d = %I.raw",
                                   entry, table, (long long)map->index, table),
                        err);
    }
    return true;
}

static void tell_unread_maps(Normaliser *normaliser) {
    for (size_t i = 0; i < normaliser->map_count; i++)
        if (normaliser->maps[i].unread)
            odd_add(&normaliser->odd, "%lld lines have text in %s that is no list of keys and values: it was left out",
                    normaliser->maps[i].unread, normaliser->maps[i].key);
}

bool normalise_prepare(Arena *arena, Watch *watch, const Delivery *delivery, TagNames *names, Normaliser *out, Err *err) {
    return normalise_prepare_from(arena, watch, delivery, names, 0, out, err);
}

bool normalise_needs_all_lines(Arena *arena, const Reader *reader) {
    Normaliser looked = {.arena = arena, .reader = *reader};
    ProbeRequest request = {0};
    find_maps(&looked, &request);
    if (is_cur(reader)) normalise_cur_request(arena, reader, looked.maps, looked.map_count, &request);
    return request.map_count > 0 || request.present_count > 0;
}

bool normalise_prepare_from(Arena *arena, Watch *watch, const Delivery *delivery, TagNames *names, long long head_rows,
                            Normaliser *out, Err *err) {
    *out = (Normaliser){.arena = arena, .watch = watch, .names = names, .odd = {.arena = arena}};
    reader_make(arena, delivery, &out->reader);
    out->reader.head_rows = head_rows;
    bool cur = is_cur(&out->reader);
    ProbeRequest request = {0};
    find_maps(out, &request);
    if (cur)
        normalise_cur_request(arena, &out->reader, out->maps, out->map_count, &request);
    else
        normalise_focus_request(arena, &out->reader, &request);
    if (!head_rows && !constants_guess(arena, watch, &out->reader, &request.guesses, &request.guess_count, err)) return false;
    if (!probe_run(arena, watch, &out->reader, &request, &out->probe, err)) return false;
    if (!maps_discover(arena, watch, &out->reader, out->maps, out->map_count, err)) return false;
    if (cur && !take_product_names(out, err)) return false;
    out->reader.head_rows = 0;
    tell_unread_maps(out);
    if (out->probe.spreadsheet_dates) odd_add(&out->odd, ODD_SPREADSHEET_DATES);
    bool has_types = cur && reader_column(&out->reader, "line_item_line_item_type");
    const char **odd = NULL;
    size_t odd_count = 0;
    if (!lines_make(arena, watch->session, has_types || !cur, &odd, &odd_count, err)) return false;
    for (size_t i = 0; cur && i < odd_count; i++) odd_add(&out->odd, "%s", odd[i]);
    if (cur && !has_types)
        odd_add(&out->odd,
                "The file has no line item type: every line counts as usage, and amortized cost equals unblended cost");
    return true;
}

void normalise_widen_quantities(Normaliser *normaliser) {
    static const char *const keys[] = {"line_item_usage_amount", "line_item_normalized_usage_amount", "ConsumedQuantity",
                                       "PricingQuantity"};
    enum { KEYS = sizeof keys / sizeof *keys };
    Probe *probe = &normaliser->probe;
    NumberOverride *all = arena_array(normaliser->arena, probe->override_count + KEYS, sizeof *all);
    size_t count = 0;
    for (size_t i = 0; i < KEYS; i++) {
        const ReaderColumn *column = reader_column(&normaliser->reader, keys[i]);
        if (column && text_equal(column->type, "VARCHAR")) all[count++] = (NumberOverride){keys[i], {38, MONEY_SCALE_TEXT}};
    }
    for (size_t i = 0; i < probe->override_count; i++) {
        bool wide = false;
        for (size_t k = 0; k < count; k++) wide |= text_equal(all[k].key, probe->overrides[i].key);
        if (!wide) all[count++] = probe->overrides[i];
    }
    probe->overrides = all;
    probe->override_count = count;
}

static int rank_of(const Knowledge *bill, const char *name) {
    for (size_t i = 0; i < bill->row_count; i++)
        if (text_equal(knowledge_field(bill, i, "column"), name)) return (int)i;
    return (int)bill->row_count;
}

typedef struct {
    OutputColumn output;
    int rank;
} RankedOutput;

static int by_rank(const void *a, const void *b) {
    const RankedOutput *left = a, *right = b;
    if (left->output.kind != right->output.kind) return left->output.kind < right->output.kind ? -1 : 1;
    if (left->rank != right->rank) return left->rank < right->rank ? -1 : 1;
    return strcmp(left->output.name, right->output.name);
}

/* Puts the outputs in the order of the model, and takes from it which are dimensions and which the rollup has. */
static void order_outputs(Arena *arena, Model *model, const Knowledge *bill) {
    RankedOutput *ranked = arena_array(arena, model->output_count + 1, sizeof *ranked);
    for (size_t i = 0; i < model->output_count; i++) {
        OutputColumn *output = &model->outputs[i];
        int rank = output->kind == OUTPUT_BILL ? rank_of(bill, output->name) : 0;
        assert(output->kind != OUTPUT_BILL || (size_t)rank < bill->row_count);
        if (output->kind == OUTPUT_BILL) {
            output->is_dimension = text_equal(knowledge_field(bill, (size_t)rank, "class"), "dimension");
            output->in_rollup = text_equal(knowledge_field(bill, (size_t)rank, "rollup"), "y");
        }
        ranked[i] = (RankedOutput){*output, rank};
    }
    if (model->output_count) qsort(ranked, model->output_count, sizeof *ranked, by_rank);
    for (size_t i = 0; i < model->output_count; i++) model->outputs[i] = ranked[i].output;
}

static void take_overrides(const Normaliser *normaliser, Model *model) {
    size_t count = normaliser->probe.override_count + normaliser->override_count;
    model->overrides = arena_array(model->arena, count + 1, sizeof *model->overrides);
    for (size_t i = 0; i < normaliser->probe.override_count; i++)
        model->overrides[model->override_count++] = normaliser->probe.overrides[i];
    for (size_t i = 0; i < normaliser->override_count; i++)
        model->overrides[model->override_count++] = normaliser->overrides[i];
}

bool normalise_model(Normaliser *normaliser, Model *out, Err *err) {
    Arena *arena = normaliser->arena;
    *out = (Model){.arena = arena,
                   .reader = &normaliser->reader,
                   .spreadsheet_dates = normaliser->probe.spreadsheet_dates,
                   .spreadsheet_amounts = normaliser->spreadsheet_amounts};
    take_overrides(normaliser, out);
    out->input_joins = maps_joins(arena, normaliser->maps, normaliser->map_count);
    bool cur = is_cur(&normaliser->reader);
    if (!(cur ? normalise_cur(normaliser, out, err) : normalise_focus(normaliser, out, err))) return false;
    bool has_type = model_has_input(out, "x_LineItemType");
    out->output_join =
        lines_join(arena, model_has_input(out, "x_ServiceCode"), model_has_input(out, "x_UsageType"), has_type || !cur);
    if (!has_type && !cur)
        out->output_join = sql_format(arena, " LEFT JOIN lines AS l ON l.code = %R AND l.usage_type = %R",
                                      model_has_input(out, "x_ServiceCode") ? "coalesce(t.\"x_ServiceCode\", '')" : "''",
                                      model_has_input(out, "x_UsageType") ? "coalesce(t.\"x_UsageType\", '')" : "''");
    order_outputs(arena, out, knowledge_table(arena, "bill_columns.tsv"));
    constants_mark_outputs(out);
    return true;
}

size_t normalise_amounts(const Normaliser *normaliser, const char ***keys, const char ***only) {
    Arena *arena = normaliser->arena;
    bool cur = is_cur(&normaliser->reader), has_type = reader_column(&normaliser->reader, "line_item_line_item_type") != NULL;
    const Knowledge *table = knowledge_table(arena, cur ? "cur_mapping.tsv" : "bill_columns.tsv");
    size_t count = 0;
    *keys = arena_array(arena, table->row_count + 1, sizeof **keys);
    *only = arena_array(arena, table->row_count + 1, sizeof **only);
    for (size_t i = 0; i < table->row_count; i++) {
        const char *key = knowledge_field(table, i, cur ? "sources" : "column"),
                   *kind = knowledge_field(table, i, cur ? "kind" : "type");
        bool is_amount = text_equal(kind, "number") || text_equal(kind, "money") || text_equal(kind, "quantity");
        if (!is_amount || !reader_column(&normaliser->reader, key)) continue;
        (*only)[count] = cur && has_type ? knowledge_field(table, i, "only") : "";
        (*keys)[count++] = key;
    }
    return count;
}
