/* workspace_setup(): the statements that attach the snapshots and put one view over those of each data set.
 *
 * Snapshots differ in their columns and in the types of their amounts (a month of large values has fewer decimals). The view gives every column
 * one type, the narrowest that loses nothing: an engine left to find one itself would take 128-bit decimals, whose sums are several
 * times slower. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/knowledge.h"
#include "base/limits.h"
#include "base/sql.h"
#include "base/text.h"
#include "ingest/model.h"
#include "ingest/setup.h"
#include "ingest/workspace.h"

typedef struct {
    const char *name, *type, *kind, *key;
    int rank;
    bool in_rollup; /* every snapshot that has the column has it in its rollup */
    bool has_values;
    NumberType number; /* of decimals */
    int whole_digits;
    NumberType rollup_number;
} ViewColumn;

typedef struct {
    Arena *arena;
    const Workspace *workspace;
    const char *dataset;
    bool is_bill;
    size_t column_count, column_room;
    ViewColumn *columns;
} View;

static bool decimal_type(const char *text, NumberType *out) {
    return text && sscanf(text, "DECIMAL(%d,%d)", &out->width, &out->scale) == 2;
}

static const Json *snapshot_columns(const Snapshot *snapshot) {
    return json_get(snapshot->facts, "columns");
}

static const Json *snapshot_column_facts(const Snapshot *snapshot, const char *name) {
    const Json *columns = snapshot_columns(snapshot);
    for (size_t i = 0; i < json_count(columns); i++)
        if (text_equal_fold(json_get_text(json_at(columns, i), "name"), name)) return json_at(columns, i);
    return NULL;
}

static ViewColumn *find_column(View *view, const char *name) {
    for (size_t i = 0; i < view->column_count; i++)
        if (text_equal_fold(view->columns[i].name, name)) return &view->columns[i];
    return NULL;
}

static ViewColumn *add_column(View *view, const char *name) {
    if (view->column_count == view->column_room) {
        size_t room = view->column_room ? view->column_room * 2 : 128;
        view->columns =
            arena_grow(view->arena, view->columns, view->column_room * sizeof *view->columns, room * sizeof *view->columns);
        view->column_room = room;
    }
    ViewColumn *column = &view->columns[view->column_count++];
    *column = (ViewColumn){.name = name, .in_rollup = true};
    return column;
}

static int kind_rank(const char *kind) {
    static const char *const kinds[] = {"bill", "tag", "costcategory", "accounttag", "extra"};
    for (int i = 0; i < 5; i++)
        if (text_equal(kinds[i], kind)) return i;
    return 5;
}

/* Types of the model for columns that no snapshot has. */
static const char *model_type(const char *type) {
    static const char *const types[][2] = {
        {"text", "VARCHAR"}, {"money", "DECIMAL(18,12)"}, {"quantity", "DECIMAL(18,12)"}, {"timestamp", "TIMESTAMP"},
        {"date", "DATE"},    {"integer", "BIGINT"}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (text_equal(types[i][0], type)) return types[i][1];
    return "VARCHAR";
}

/* Merges what one snapshot says of a column into the view's column. */
static void merge_column(ViewColumn *column, const Json *facts, const Snapshot *snapshot, const char *rollup_type) {
    NumberType number = {0, 0};
    const char *type = json_get_text(facts, "type");
    int whole = (int)json_get_integer(facts, "whole_digits", 0);
    if (whole > column->whole_digits) column->whole_digits = whole;
    if (decimal_type(type, &number)) {
        if (column->number.width == 0) column->number = number;
        if (number.scale > column->number.scale) column->number.scale = number.scale;
        if (number.width > column->number.width) column->number.width = number.width;
    }
    if (decimal_type(rollup_type, &number)) {
        if (number.scale > column->rollup_number.scale) column->rollup_number.scale = number.scale;
        if (number.width > column->rollup_number.width) column->rollup_number.width = number.width;
    }
    if (column->type && !text_equal(column->type, type) && !(decimal_type(type, &number) && column->number.width))
        column->type = "VARCHAR";
    if (!column->type) column->type = type;
    if (json_get_integer(facts, "missing", 0) < snapshot->row_count) column->has_values = true;
    if (!rollup_type) column->in_rollup = false;
}

/* 18 digits as long as the largest value leaves room for all decimals. */
static void settle_number(ViewColumn *column) {
    if (column->number.width == 0) return;
    int whole = column->whole_digits > 0 ? column->whole_digits : 1;
    /* Digits beyond the usual twelve are given up before a sum takes several times as long. */
    if (column->number.width <= 18 && whole + column->number.scale > 18 && column->number.scale > MONEY_SCALE_TEXT)
        column->number.scale = 18 - whole > MONEY_SCALE_TEXT ? 18 - whole : MONEY_SCALE_TEXT;
    if (column->number.width <= 18 && whole + column->number.scale > 18) column->number.width = 38;
}

static void collect_columns(View *view, const Knowledge *bill) {
    for (size_t i = 0; view->is_bill && i < bill->row_count; i++) {
        ViewColumn *column = add_column(view, knowledge_field(bill, i, "column"));
        column->kind = "bill";
        column->rank = (int)i;
        column->in_rollup = text_equal(knowledge_field(bill, i, "rollup"), "y");
    }
    for (size_t s = 0; s < workspace_snapshot_count(view->workspace); s++) {
        const Snapshot *snapshot = workspace_snapshot(view->workspace, s);
        const Json *columns = snapshot_columns(snapshot);
        if (!text_equal(snapshot->dataset, view->dataset)) continue;
        for (size_t i = 0; i < json_count(columns); i++) {
            const Json *facts = json_at(columns, i);
            const char *name = json_get_text(facts, "name");
            ViewColumn *column = find_column(view, name);
            if (!column) {
                column = add_column(view, name);
                column->kind = json_get_text(facts, "kind");
                column->rank = (int)(view->is_bill ? 0 : i);
                column->key = json_get_text(facts, "key");
            }
            const char *rollup = json_get_text(facts, "rollup_type");
            /* A snapshot without a rollup is read line by line in bill_day too. */
            merge_column(column, facts, snapshot, rollup || snapshot->rollup_row_count ? rollup : json_get_text(facts, "type"));
        }
    }
    for (size_t i = 0; i < view->column_count; i++) {
        ViewColumn *column = &view->columns[i];
        settle_number(column);
        if (!column->type) column->type = model_type(knowledge_field(bill, (size_t)column->rank, "type"));
    }
}

static int by_kind_and_rank(const void *a, const void *b) {
    const ViewColumn *left = a, *right = b;
    int order = kind_rank(left->kind) - kind_rank(right->kind);
    if (order == 0) order = left->rank - right->rank;
    return order ? order : strcmp(left->name, right->name);
}

/* All FOCUS columns, and of the rest those that some snapshot has values for; tag keys always. */
static bool is_shown(const View *view, const ViewColumn *column) {
    if (!view->is_bill || text_equal(column->name, "x_RowCount") || column->has_values) return true;
    if (text_equal(column->kind, "bill")) return !text_starts(column->name, "x_");
    return !text_equal(column->kind, "extra");
}

static const char *column_type(const View *view, const ViewColumn *column, bool rollup) {
    NumberType number = rollup ? column->rollup_number : column->number;
    if (rollup && number.width < column->number.width) number.width = column->number.width;
    if (rollup && number.scale < column->number.scale) number.scale = column->number.scale;
    if (column->number.width == 0 || text_equal(column->type, "VARCHAR")) return column->type;
    return arena_printf(view->arena, "DECIMAL(%d,%d)", number.width, number.scale);
}

static bool is_in(const View *view, const ViewColumn *column, bool rollup) {
    return is_shown(view, column) && (!rollup || column->in_rollup);
}

/* One column of one snapshot. */
static void add_item(const View *view, Sql *sql, const ViewColumn *column, const Snapshot *snapshot, bool rollup) {
    const char *wanted = column_type(view, column, rollup);
    const Json *facts = snapshot_column_facts(snapshot, column->name);
    if (view->is_bill && text_equal(column->name, "x_RowCount")) {
        if (rollup && snapshot->rollup_row_count)
            sql_add(sql, "\"x_RowCount\"");
        else
            sql_add(sql, "CAST(1 AS BIGINT) AS \"x_RowCount\"");
        return;
    }
    if (!facts) {
        sql_add(sql, "CAST(NULL AS %R) AS %I", wanted, column->name);
        return;
    }
    if (json_has(facts, "constant")) {
        const char *value = json_get_text(facts, "constant");
        sql_add(sql, "%R AS %I", model_constant(view->arena, value, wanted), column->name);
        return;
    }
    const char *stored = json_get_text(facts, "same_as");
    if (!stored) stored = column->name;
    bool rolled = rollup && snapshot->rollup_row_count > 0;
    const char *own = json_get_text(facts, rolled ? "rollup_type" : "type");
    if (text_equal(own, wanted))
        sql_add(sql, "%I AS %I", stored, column->name);
    else
        sql_add(sql, "CAST(%I AS %R) AS %I", stored, wanted, column->name);
}

static const char *schema_name(Arena *arena, size_t index) {
    return arena_printf(arena, "snapshot_%zu", index);
}

/* The MAP of a line's tags, made only when it is selected. */
static void add_tags(View *view, Sql *sql) {
    size_t count = 0;
    sql_add(sql, ", map_from_entries(list_filter([");
    for (size_t i = 0; i < view->column_count; i++) {
        const ViewColumn *column = &view->columns[i];
        if (!text_equal(column->kind, "tag")) continue;
        sql_add(sql, count++ ? ", {'k': %S, 'v': %I}" : "{'k': %S, 'v': %I}", column->key ? column->key : column->name,
                column->name);
    }
    if (count == 0) sql_add(sql, "{'k': '', 'v': CAST(NULL AS VARCHAR)}");
    sql_add(sql, "], lambda x: x.v IS NOT NULL)) AS \"Tags\"");
}

/* The lines of a snapshot that left them in their files: its SQL names the tables that the snapshot has. */
static void add_direct(const View *view, Sql *sql, size_t index) {
    const Json *direct = json_get(workspace_snapshot(view->workspace, index)->facts, "direct");
    const Json *tables = json_get(direct, "tables");
    sql_add(sql, " FROM (WITH ");
    for (size_t i = 0; i < json_count(tables); i++) {
        const char *table = json_text(json_at(tables, i));
        sql_add(sql, i ? ", %I AS (FROM %I.%I)" : "%I AS (FROM %I.%I)", table, schema_name(view->arena, index), table);
    }
    sql_add(sql, " %R) AS direct", json_get_text(direct, "sql"));
}

/* Files that stay readable when the engine is locked. NULL when there are none. */
static const char *allowed_files(Arena *arena, const Workspace *workspace) {
    Sql *sql = sql_make(arena);
    size_t count = 0;
    for (size_t s = 0; s < workspace_snapshot_count(workspace); s++) {
        const Json *files = json_get(json_get(workspace_snapshot(workspace, s)->facts, "direct"), "files");
        for (size_t i = 0; i < json_count(files); i++)
            sql_add(sql, count++ ? ", %S" : "SET allowed_paths = [%S", json_text(json_at(files, i)));
    }
    if (count == 0) return NULL;
    sql_add(sql, "]");
    return sql_text(sql);
}

/* The columns of a view's snapshots, one SELECT per snapshot. */
static void add_union(const View *view, Sql *sql, bool rollup) {
    size_t parts = 0;
    for (size_t s = 0; s < workspace_snapshot_count(view->workspace); s++) {
        const Snapshot *snapshot = workspace_snapshot(view->workspace, s);
        if (!text_equal(snapshot->dataset, view->dataset)) continue;
        sql_add(sql, parts++ ? " UNION ALL SELECT " : "SELECT ");
        size_t items = 0;
        for (size_t i = 0; i < view->column_count; i++) {
            const ViewColumn *column = &view->columns[i];
            if (!is_in(view, column, rollup)) continue;
            if (items++) sql_add(sql, ", ");
            add_item(view, sql, column, snapshot, rollup);
        }
        const char *relation = !view->is_bill ? "data" : rollup && snapshot->rollup_row_count ? "bill_day" : "bill";
        if (text_equal(relation, "bill") && json_get(snapshot->facts, "direct"))
            add_direct(view, sql, s);
        else
            sql_add(sql, " FROM %I.%I", schema_name(view->arena, s), relation);
    }
}

static const char *view_sql(View *view) {
    Sql *sql = sql_make(view->arena);
    sql_add(sql, "CREATE VIEW %I AS ", view->dataset);
    if (view->is_bill) {
        sql_add(sql, "SELECT *");
        add_tags(view, sql);
        sql_add(sql, " FROM (");
    }
    add_union(view, sql, false);
    if (view->is_bill) sql_add(sql, ") AS lines");
    return sql_text(sql);
}

static const char *rollup_view_sql(const View *view) {
    Sql *sql = sql_make(view->arena);
    sql_add(sql, "CREATE VIEW bill_day AS ");
    if (workspace_rollups(view->workspace)->path)
        sql_add(sql, "FROM rollups.bill_day");
    else
        add_union(view, sql, true);
    return sql_text(sql);
}

/* The daily rollup summed by month: what is not a number keeps rows apart. */
static const char *months_sql(const View *view, bool wide) {
    Sql *sql = sql_make(view->arena);
    sql_add(sql, "SELECT ");
    sql_list_start(sql);
    for (size_t i = 0; i < view->column_count; i++) {
        const ViewColumn *column = &view->columns[i];
        if (!is_in(view, column, true)) continue;
        sql_list_next(sql, ", ");
        if (text_equal(column->name, "x_ChargeDate"))
            sql_add(sql, "CAST(date_trunc('month', %I) AS DATE) AS %I", column->name, column->name);
        else if (text_equal(column->name, "x_RowCount"))
            sql_add(sql, "CAST(sum(%I) AS BIGINT) AS %I", column->name, column->name);
        else if (column->number.width == 0 || text_equal(column->type, "VARCHAR"))
            sql_add(sql, "%I", column->name);
        else if (wide)
            sql_add(sql, "sum(%I) AS %I", column->name, column->name);
        else
            sql_add(sql, "CAST(sum(%I) AS %R) AS %I", column->name, column_type(view, column, true), column->name);
    }
    sql_add(sql, " FROM rollups.bill_day GROUP BY ALL ORDER BY \"x_ChargeDate\"");
    return sql_text(sql);
}

static View make_view(Arena *arena, const Workspace *workspace, const char *dataset, const Knowledge *bill) {
    View view = {.arena = arena, .workspace = workspace, .dataset = dataset};
    view.is_bill = text_equal(view.dataset, "bill");
    collect_columns(&view, bill);
    if (view.column_count) qsort(view.columns, view.column_count, sizeof *view.columns, by_kind_and_rank);
    return view;
}

static const char *attach_sql(Arena *arena, const Workspace *workspace, size_t index) {
    return sql_format(arena, "ATTACH %S AS %I (READ_ONLY)", workspace_snapshot(workspace, index)->path,
                      schema_name(arena, index));
}

void setup_rollups(Arena *arena, const Workspace *workspace, RollupSql *out) {
    size_t count = workspace_snapshot_count(workspace);
    *out = (RollupSql){.attach = arena_array(arena, count + 1, sizeof *out->attach),
                       .schemas = arena_array(arena, count + 1, sizeof *out->schemas)};
    for (size_t i = 0; i < count; i++) {
        if (!text_equal(workspace_snapshot(workspace, i)->dataset, "bill")) continue;
        out->schemas[out->attach_count] = schema_name(arena, i);
        out->attach[out->attach_count++] = attach_sql(arena, workspace, i);
    }
    View view = make_view(arena, workspace, "bill", knowledge_table(arena, "bill_columns.tsv"));
    Sql *days = sql_make(arena);
    add_union(&view, days, true);
    out->days = sql_text(days);
    out->months = months_sql(&view, false);
    out->wide_months = months_sql(&view, true);
}

static bool has_rollup(const View *view) {
    for (size_t s = 0; s < workspace_snapshot_count(view->workspace); s++) {
        const Snapshot *snapshot = workspace_snapshot(view->workspace, s);
        if (text_equal(snapshot->dataset, view->dataset) && snapshot->rollup_row_count > 0) return true;
    }
    return false;
}

bool workspace_setup(Arena *arena, const Workspace *workspace, const char ***statements, size_t *count, Err *err) {
    size_t snapshots = workspace_snapshot_count(workspace), datasets = workspace_dataset_count(workspace);
    const Knowledge *bill = knowledge_table(arena, "bill_columns.tsv");
    const Rollups *rollups = workspace_rollups(workspace);
    const char **list = arena_array(arena, snapshots + 2 * datasets + 4, sizeof *list);
    *statements = list;
    *count = 0;
    for (size_t i = 0; i < snapshots; i++) list[(*count)++] = attach_sql(arena, workspace, i);
    const char *allowed = allowed_files(arena, workspace);
    if (allowed) list[(*count)++] = allowed;
    if (rollups->path) list[(*count)++] = sql_format(arena, "ATTACH %S AS rollups (READ_ONLY)", rollups->path);
    for (size_t i = 0; i < datasets; i++) {
        View view = make_view(arena, workspace, workspace_dataset(workspace, i), bill);
        list[(*count)++] = view_sql(&view);
        if (view.is_bill && has_rollup(&view)) list[(*count)++] = rollup_view_sql(&view);
        if (view.is_bill && rollups->month_row_count) list[(*count)++] = "CREATE VIEW bill_month AS FROM rollups.bill_month";
    }
    for (size_t i = 0; i < *count; i++)
        if (!list[i]) return err_set(err, ERR_INTERNAL, "The workspace's views could not be written");
    return true;
}
