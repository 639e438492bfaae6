/* The names that a plan or a question can use: measures, dimensions with their values, concepts; and how a half-typed question may go
 * on. For clients that let people choose instead of type. */
#include <string.h>

#include "base/text.h"
#include "ops/operations.h"
#include "question/complete.h"
#include "question/plan_names.h"

enum { VALUES_USUAL = 50, VALUES_MOST = 1000, COMPLETIONS = 20 };

static bool open_catalog(Arena *arena, const OpContext *context, const OpCall *call, Session *session, Catalog **out,
                         Err *err) {
    const char *dataset = NULL;
    return session_open(arena, context, call, session, err) && session_dataset(arena, session, call, &dataset, err) &&
           session_catalog(arena, session, dataset, out, err);
}

/* --- names --- */

static bool is_dimension(const CatalogColumn *column) {
    return column->class == CLASS_DIMENSION || column->class == CLASS_TAG || column->class == CLASS_IDENTIFIER;
}

static void put_measures(const Catalog *catalog, Json *root, Grid *grid, size_t *row) {
    Json *measures = json_put_array(root, "measures");
    for (size_t i = 0; i < catalog->measure_count; i++) {
        const Measure *measure = &catalog->measures[i];
        if (measure->internal) continue;
        Json *object = json_add_object(measures);
        json_put_text(object, "name", measure->name);
        json_put_text(object, "label", measure->label);
        json_put_text(object, "unit", measure->unit);
        json_put_bool(object, "available", measure->available);
        json_put_text(object, "needs", measure->available ? NULL : measure->needs);
        grid_set(grid, *row, 0, "measure");
        grid_set(grid, *row, 1, measure->name);
        grid_set(grid, (*row)++, 2, measure->label);
    }
}

static void put_dimensions(Arena *arena, const Catalog *catalog, Json *root, Grid *grid, size_t *row) {
    Json *dimensions = json_put_array(root, "dimensions");
    for (size_t i = 0; i < catalog->column_count; i++) {
        const CatalogColumn *column = &catalog->columns[i];
        if (!is_dimension(column)) continue;
        Json *object = json_add_object(dimensions);
        json_put_text(object, "name", column->name);
        json_put_text(object, "label", column->label);
        json_put_text(object, "plural", column->plural);
        json_put_text(object, "class", catalog_class_name(column->class));
        json_put_text(object, "tag_key", column->tag_key);
        json_put_integer(object, "distinct", column->distinct);
        json_put_integer(object, "missing", column->missing);
        json_put_bool(object, "in_rollup", column->in_rollup);
        json_put_bool(object, "has_values", column->value_count > 0);
        grid_set(grid, *row, 0, catalog_class_name(column->class));
        grid_set(grid, *row, 1, text_printable(arena, column->name));
        grid_set(grid, (*row)++, 2, text_printable(arena, column->label));
    }
}

static void put_concepts(const Catalog *catalog, Json *root, Grid *grid, size_t *row) {
    Json *concepts = json_put_array(root, "concepts");
    for (size_t i = 0; i < catalog->concept_count; i++) {
        const Concept *concept = &catalog->concepts[i];
        if (!concept->available || !concept->word_count || concept->row_count == 0) continue;
        Json *object = json_add_object(concepts);
        json_put_text(object, "id", concept->id);
        json_put_text(object, "label", concept->label);
        grid_set(grid, *row, 0, "concept");
        grid_set(grid, *row, 1, concept->id);
        grid_set(grid, (*row)++, 2, concept->label);
    }
}

static void put_periods(Arena *arena, const Catalog *catalog, Json *root) {
    Json *months = json_put_array(root, "months"), *grains = json_put_array(root, "grains");
    for (size_t i = 0; i < catalog->month_count; i++) {
        const CatalogMonth *month = &catalog->months[i];
        Json *object = json_add_object(months);
        json_put_text(object, "name", month->name);
        json_put_text(object, "start", date_text(arena, month->start));
        json_put_text(object, "end", date_text(arena, month->end));
        json_put_bool(object, "complete", month->complete);
    }
    for (size_t i = 0; i < grain_names.count; i++)
        if (grain_names.names[i] && !text_equal(grain_names.names[i], "none")) json_add_text(grains, grain_names.names[i]);
    json_put_text(root, "first_day", catalog->first_day == DAY_NONE ? NULL : date_text(arena, catalog->first_day));
    json_put_text(root, "last_day", catalog->last_day == DAY_NONE ? NULL : date_text(arena, catalog->last_day));
    json_put_text(root, "as_of", catalog->as_of == DAY_NONE ? NULL : date_text(arena, catalog->as_of));
}

static void show_names(Arena *arena, const Catalog *catalog, OpResult *out) {
    static const char *const titles[] = {"kind", "name", "as people say it"};
    enum { TITLES = sizeof titles / sizeof *titles };
    size_t row = 0;
    Grid *grid = grid_make(arena, TITLES, catalog->measure_count + catalog->column_count + catalog->concept_count);
    for (size_t i = 0; i < TITLES; i++) grid->columns[i].title = titles[i];
    put_measures(catalog, out->json, grid, &row);
    put_dimensions(arena, catalog, out->json, grid, &row);
    put_concepts(catalog, out->json, grid, &row);
    put_periods(arena, catalog, out->json);
    grid->row_count = row;
    report_grid(out->report, grid);
}

/* --- values of one --- */

static bool show_values(Arena *arena, const Catalog *catalog, const OpCall *call, OpResult *out, Err *err) {
    const char *name = call_text(call, "of"), *search = call_text(call, "search");
    const CatalogColumn *column = catalog_column(catalog, name);
    long long limit = call_count(call, "limit", VALUES_USUAL);
    if (limit > VALUES_MOST) limit = VALUES_MOST;
    if (!column || !is_dimension(column))
        return err_set_code(err, ERR_NOT_FOUND, "NO_SUCH_FIELD", "%s has no dimension “%.60s”; curlew fields lists them",
                            catalog->dataset, text_printable(arena, name));
    json_put_text(out->json, "of", column->name);
    json_put_text(out->json, "label", column->label);
    Json *values = json_put_array(out->json, "values");
    long long found = 0;
    for (size_t i = 0; i < column->value_count; i++) {
        const CatalogValue *value = &column->values[i];
        if (search && !text_contains_fold(value->text, search)) continue;
        if (found++ >= limit) continue;
        Json *object = json_add_object(values);
        json_put_text(object, "value", value->text);
        json_put_integer(object, "row_count", value->row_count);
        json_put_number(object, "cost", decimal_text(arena, value->cost));
        report_line(out->report, text_printable(arena, value->text));
    }
    json_put_integer(out->json, "found", found);
    json_put_bool(out->json, "complete", column->values_complete && found <= limit);
    if (!found) report_line(out->report, "There is no such value.");
    return true;
}

bool op_fields(Arena *arena, const OpContext *context, const OpCall *call, OpResult *out, Err *err) {
    Session session = {0};
    Catalog *catalog = NULL;
    if (!open_catalog(arena, context, call, &session, &catalog, err)) return false;
    out->json = json_make_object(arena);
    out->report = report_make(arena);
    json_put_text(out->json, "dataset", catalog->dataset);
    if (call_text(call, "of")) return show_values(arena, catalog, call, out, err);
    show_names(arena, catalog, out);
    return true;
}

/* --- a half-typed question --- */

bool op_complete(Arena *arena, const OpContext *context, const OpCall *call, OpResult *out, Err *err) {
    Session session = {0};
    Catalog *catalog = NULL;
    const char *text = call_text(call, "text"), *texts[COMPLETIONS] = {0};
    size_t from = 0;
    if (strlen(text) > QUESTION_BYTES) return err_set(err, ERR_LIMIT, "A question has at most %d bytes", QUESTION_BYTES);
    if (!open_catalog(arena, context, call, &session, &catalog, err)) return false;
    size_t count = question_complete(arena, catalog, text, &from, texts, COMPLETIONS);
    out->json = json_make_object(arena);
    out->report = report_make(arena);
    json_put_integer(out->json, "from", (long long)from);
    Json *list = json_put_array(out->json, "texts");
    for (size_t i = 0; i < count; i++) {
        json_add_text(list, texts[i]);
        report_line(out->report, text_printable(arena, texts[i]));
    }
    return true;
}
