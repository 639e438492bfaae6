/* The columns of a data set: names and types come from the views, labels and classes of bill columns from
 * tables/bill_columns.tsv, of tag columns from their prefix, of tables from classify.h; values from the stored dictionaries. */
#include <stdlib.h>
#include <string.h>

#include "base/knowledge.h"
#include "base/limits.h"
#include "base/sql.h"
#include "base/text.h"
#include "catalog/classify.h"
#include "catalog/dataset.h"
#include "catalog/stored.h"

CellType dataset_cell_type(const char *engine_type, bool *known) {
    static const struct {
        const char *prefix;
        CellType type;
    } types[] = {
        {"VARCHAR", CELL_TEXT},        {"ENUM", CELL_TEXT},         {"UUID", CELL_TEXT},        {"DECIMAL", CELL_DECIMAL},
        {"DOUBLE", CELL_DECIMAL},      {"FLOAT", CELL_DECIMAL},     {"HUGEINT", CELL_DECIMAL},  {"UHUGEINT", CELL_DECIMAL},
        {"TINYINT", CELL_INTEGER},     {"SMALLINT", CELL_INTEGER},  {"INTEGER", CELL_INTEGER},  {"BIGINT", CELL_INTEGER},
        {"UTINYINT", CELL_INTEGER},    {"USMALLINT", CELL_INTEGER}, {"UINTEGER", CELL_INTEGER}, {"UBIGINT", CELL_INTEGER},
        {"TIMESTAMP", CELL_TIMESTAMP}, {"DATE", CELL_DATE},         {"BOOLEAN", CELL_BOOLEAN},
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        size_t length = strlen(types[i].prefix);
        if (strncmp(engine_type, types[i].prefix, length) != 0 || text_ends(engine_type, "]")) continue;
        if (known) *known = true;
        return types[i].type;
    }
    if (known) *known = false;
    return CELL_TEXT;
}

bool dataset_has_data(const Catalog *catalog, const CatalogColumn *column) {
    return column && (column->value_count || column->missing < catalog->row_count);
}

/* --- Bills ------------------------------------------------------------------------------------------------------------ */

static ColumnClass class_of_name(const char *name) {
    static const ColumnClass classes[] = {CLASS_IDENTIFIER, CLASS_DIMENSION, CLASS_TAG,
                                          CLASS_COST,       CLASS_METRIC,    CLASS_TIMESTAMP};
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (text_equal(catalog_class_name(classes[i]), name)) return classes[i];
    return CLASS_DIMENSION;
}

/* What the import noted about a column of one snapshot; NULL when the snapshot lacks it. */
static const Json *column_facts(const Snapshot *snapshot, const char *column) {
    const Json *columns = json_get(snapshot->facts, "columns");
    for (size_t i = 0; i < json_count(columns); i++)
        if (text_equal(json_get_text(json_at(columns, i), "name"), column)) return json_at(columns, i);
    return NULL;
}

/* The key that the source wrote; NULL when no snapshot says. */
static const char *raw_key(Arena *arena, const Dataset *dataset, const char *column) {
    for (size_t i = 0; i < dataset->snapshot_count; i++) {
        const char *key = json_get_text(column_facts(dataset->snapshots[i], column), "key");
        if (key) return arena_text(arena, key);
    }
    return NULL;
}

/* "resourceTags/user:Team" and "user:Team" are the key "Team" to a reader. */
static const char *strip_key(const char *key) {
    static const char *const prefixes[] = {"resourceTags/",  "accountTag/", "costCategory/", "iamPrincipal/",
                                           "userAttribute/", "user:",       "user_"};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (text_starts_fold(key, prefixes[i]) && key[strlen(prefixes[i])]) key += strlen(prefixes[i]);
    return key;
}

static void describe_tag(Arena *arena, const Dataset *dataset, CatalogColumn *column) {
    const char *key = raw_key(arena, dataset, column->name);
    const char *written = key ? strip_key(key) : strchr(column->name, '_') + 1;
    column->class = CLASS_TAG;
    column->tag_key = written;
    column->label = written;
    column->plural = arena_printf(arena, "values of %s", written);
}

static bool is_tag_column(const char *name) {
    return text_starts(name, "tag_") || text_starts(name, "costcategory_") || text_starts(name, "accounttag_");
}

/* Columns that the source has and the model does not know: text is a dimension, numbers are metrics. */
static void describe_extra(Arena *arena, CatalogColumn *column) {
    const char *name = text_starts(column->name, "x_") ? column->name + 2 : column->name;
    column->label = classify_label(arena, name);
    column->plural = arena_printf(arena, "%s values", column->label);
    switch (column->type) {
    case CELL_DECIMAL: column->class = CLASS_METRIC; break;
    case CELL_DATE:
    case CELL_TIMESTAMP: column->class = CLASS_TIMESTAMP; break;
    default: column->class = CLASS_DIMENSION; break;
    }
}

static void describe_bill_column(Arena *arena, const Dataset *dataset, const Knowledge *model, CatalogColumn *column) {
    for (size_t row = 0; row < model->row_count; row++) {
        if (!text_equal(knowledge_field(model, row, "column"), column->name)) continue;
        const char *plural = knowledge_field(model, row, "plural");
        column->class = class_of_name(knowledge_field(model, row, "class"));
        column->label = knowledge_field(model, row, "label");
        column->plural = *plural ? plural : column->label;
        return;
    }
    if (is_tag_column(column->name))
        describe_tag(arena, dataset, column);
    else
        describe_extra(arena, column);
}

static void set_companion(Catalog *catalog, const char *column_name, const char *companion) {
    const CatalogColumn *shown = catalog_column(catalog, companion);
    if (!shown || !dataset_has_data(catalog, shown)) return;
    for (size_t i = 0; i < catalog->column_count; i++)
        if (text_equal(catalog->columns[i].name, column_name)) catalog->columns[i].companion = shown->name;
}

/* --- Reading ---------------------------------------------------------------------------------------------------------- */

static bool describe_relation(Arena *arena, DuckSession *session, const char *relation, Table **out, Err *err) {
    return duck_rows(arena, session, sql_format(arena, "DESCRIBE %I", relation), out, err);
}

/* From the manifest; a data set without snapshots (a test's) is counted. */
static bool count_rows(Arena *arena, DuckSession *session, const Dataset *dataset, Catalog *catalog, Err *err) {
    bool rollup = dataset->snapshot_count > 0;
    for (size_t i = 0; i < dataset->snapshot_count; i++) {
        catalog->row_count += dataset->snapshots[i]->row_count;
        catalog->in_place |= json_has(dataset->snapshots[i]->facts, "direct");
        catalog->rollup_row_count += dataset->snapshots[i]->rollup_row_count;
        rollup = rollup && dataset->snapshots[i]->rollup_row_count > 0;
    }
    if (!rollup) catalog->rollup_row_count = 0;
    if (dataset->snapshot_count) return true;
    const char *count = NULL;
    if (!duck_value(arena, session, sql_format(arena, "SELECT count(*) FROM %I", dataset->name), &count, err)) return false;
    catalog->row_count = atoll(count);
    return true;
}

/* A tag with few values in one month and many in the next is in the rollup of the first only: the view would show nothing
 * for the second, which would read as untagged. */
static bool rolled_up_everywhere(const Dataset *dataset, const char *column) {
    for (size_t i = 0; i < dataset->snapshot_count; i++) {
        const Json *facts = column_facts(dataset->snapshots[i], column);
        bool filled = facts && json_get_integer(facts, "missing", 0) < dataset->snapshots[i]->row_count;
        if (filled && !json_has(facts, "rollup_type")) return false;
    }
    return true;
}

static bool mark_rollup(Arena *arena, DuckSession *session, const Dataset *dataset, Catalog *catalog, Err *err) {
    if (!catalog->rollup_row_count) return true;
    Table *described = NULL;
    catalog->rollup = arena_printf(arena, "%s_day", catalog->dataset);
    if (dataset->has_months) catalog->month_rollup = arena_printf(arena, "%s_month", catalog->dataset);
    if (!describe_relation(arena, session, catalog->rollup, &described, err)) return false;
    for (size_t i = 0; i < catalog->column_count; i++) {
        CatalogColumn *column = &catalog->columns[i];
        bool there = false;
        for (size_t row = 0; row < described->row_count && !there; row++)
            there = text_equal(table_cell(described, row, 0), column->name);
        column->in_rollup = there && (!is_tag_column(column->name) || rolled_up_everywhere(dataset, column->name));
    }
    return true;
}

/* Names and types; columns of types that no question can use (the Tags map) are left out. */
static bool read_names(Arena *arena, DuckSession *session, Catalog *catalog, Err *err) {
    Table *described = NULL;
    if (!describe_relation(arena, session, catalog->dataset, &described, err)) return false;
    catalog->columns = arena_array(arena, described->row_count, sizeof *catalog->columns);
    for (size_t row = 0; row < described->row_count; row++) {
        bool known = false;
        CellType type = dataset_cell_type(table_cell(described, row, 1), &known);
        if (!known) continue;
        CatalogColumn *column = &catalog->columns[catalog->column_count++];
        column->name = table_cell(described, row, 0);
        column->type = type;
    }
    return true;
}

static CatalogColumn *find_column(Catalog *catalog, const char *name, CatalogColumn *last) {
    if (last && text_equal(last->name, name)) return last;
    for (size_t i = 0; i < catalog->column_count; i++)
        if (text_equal(catalog->columns[i].name, name)) return &catalog->columns[i];
    return NULL;
}

/* The values of a column are neighbours, so that each column's dictionary is a part of one array. */
static void attach_values(Arena *arena, Catalog *catalog, const Stored *stored) {
    CatalogValue *values = arena_array(arena, stored->value_count, sizeof *values);
    CatalogColumn *column = NULL;
    size_t used = 0;
    for (size_t i = 0; i < stored->value_count; i++) {
        column = find_column(catalog, stored->values[i].column, column);
        if (!column || (column->class == CLASS_IDENTIFIER && catalog->is_bill) || column->value_count == DICTIONARY_VALUES)
            continue;
        values[used] = stored->values[i].value;
        if (!column->value_count) column->values = &values[used];
        column->value_count++;
        used++;
    }
}

/* In a snapshot without the column all rows are missing. Distinct values of identifiers do not add up over snapshots: the largest one
 * speaks for them; those of a complete dictionary are counted. */
static void attach_stats(Catalog *catalog, const Table *stats) {
    for (size_t i = 0; i < catalog->column_count; i++) catalog->columns[i].missing = catalog->row_count;
    for (size_t row = 0; row < stats->row_count; row++) {
        CatalogColumn *column = find_column(catalog, table_cell(stats, row, 0), NULL);
        const char *missing = table_cell(stats, row, 1), *distinct = table_cell(stats, row, 2);
        if (!column || !missing) continue;
        column->missing += atoll(missing) - atoll(table_cell(stats, row, 3));
        if (distinct && atoll(distinct) > column->distinct) column->distinct = atoll(distinct);
    }
    for (size_t i = 0; i < catalog->column_count; i++) {
        CatalogColumn *column = &catalog->columns[i];
        long long covered = 0;
        for (size_t v = 0; v < column->value_count; v++) covered += column->values[v].row_count;
        column->values_complete = covered >= catalog->row_count - column->missing;
        if (column->value_count && column->values_complete) column->distinct = (long long)column->value_count;
    }
}

bool dataset_columns(Arena *arena, DuckSession *session, const Dataset *dataset, Catalog *catalog, Err *err) {
    if (!count_rows(arena, session, dataset, catalog, err)) return false;
    if (!read_names(arena, session, catalog, err) || !mark_rollup(arena, session, dataset, catalog, err)) return false;
    if (dataset->is_bill) {
        const Knowledge *model = knowledge_table(arena, "bill_columns.tsv");
        for (size_t i = 0; i < catalog->column_count; i++) describe_bill_column(arena, dataset, model, &catalog->columns[i]);
    } else if (!classify_columns(arena, session, catalog, err)) {
        return false;
    }
    Stored stored = {0};
    if (!stored_read(arena, session, dataset, catalog, &stored, err)) return false;
    attach_values(arena, catalog, &stored);
    attach_stats(catalog, stored.stats);
    if (dataset->is_bill) {
        set_companion(catalog, "SubAccountId", "SubAccountName");
        set_companion(catalog, "BillingAccountId", "BillingAccountName");
    }
    return true;
}
