#include <string.h>

#include "answer/answer.h"
#include "answer/display.h"
#include "base/text.h"
#include "ops/operations.h"

enum { VALUES_SHOWN = 3, VALUE_WIDTH = 32 };

static void add_months(Arena *arena, const Catalog *catalog, Report *report) {
    if (!catalog->month_count) return;
    Grid *grid = grid_make(arena, 4, catalog->month_count);
    static const char *const titles[] = {"month", "first day", "last day", "complete"};
    for (size_t i = 0; i < 4; i++) grid->columns[i].title = titles[i];
    for (size_t i = 0; i < catalog->month_count; i++) {
        const CatalogMonth *month = &catalog->months[i];
        grid_set(grid, i, 0, month->name);
        grid_set(grid, i, 1, date_text(arena, month->start));
        grid_set(grid, i, 2, date_text(arena, month->end - 1));
        grid_set(grid, i, 3, month->complete ? "yes" : "no");
    }
    report_heading(report, "Months");
    report_grid(report, grid);
}

static const char *top_values(Arena *arena, const CatalogColumn *column) {
    Buffer out = {.arena = arena};
    for (size_t i = 0; i < column->value_count && i < VALUES_SHOWN; i++)
        buffer_printf(&out, "%s%s", i ? ", " : "",
                      display_shorten(arena, text_printable(arena, column->values[i].text), VALUE_WIDTH));
    return arena_text(arena, buffer_text(&out));
}

static const char *filled(Arena *arena, const Catalog *catalog, const CatalogColumn *column) {
    Decimal ratio = {0};
    if (!decimal_divide((Decimal){catalog->row_count - column->missing, 0}, (Decimal){catalog->row_count, 0}, 6, &ratio))
        return "–";
    return answer_display(arena, decimal_text(arena, decimal_shift(ratio, 2)), "percent");
}

static void add_columns(Arena *arena, const Catalog *catalog, Report *report) {
    static const GridColumn heads[] = {{.title = "column", .cut = CUT_LAST},
                                       {.title = "class"},
                                       {.title = "values", .right = true},
                                       {.title = "filled", .right = true},
                                       {.title = "biggest by cost", .cut = CUT_END}};
    enum { COLUMNS = sizeof heads / sizeof *heads };
    Grid *grid = grid_make(arena, COLUMNS, catalog->column_count);
    memcpy(grid->columns, heads, sizeof heads);
    size_t row = 0;
    for (size_t i = 0; i < catalog->column_count; i++) {
        const CatalogColumn *column = &catalog->columns[i];
        if (column->missing >= catalog->row_count) continue;
        grid_set(grid, row, 0, text_printable(arena, column->name));
        grid_set(grid, row, 1, catalog_class_name(column->class));
        grid_set(grid, row, 2, column->distinct ? text_count(arena, column->distinct) : "");
        grid_set(grid, row, 3, filled(arena, catalog, column));
        grid_set(grid, row, 4, top_values(arena, column));
        row++;
    }
    grid->row_count = row;
    report_heading(report, "Columns");
    report_grid(report, grid);
    if (row < catalog->column_count)
        report_line(report, arena_printf(arena, "%zu more columns are empty.", catalog->column_count - row));
}

static void add_measures(Arena *arena, const Catalog *catalog, Report *report) {
    Grid *grid = grid_make(arena, 2, catalog->measure_count);
    grid->columns[0].title = "measure";
    grid->columns[1].title = "in words";
    size_t row = 0;
    for (size_t i = 0; i < catalog->measure_count; i++) {
        if (!catalog->measures[i].available || catalog->measures[i].internal) continue;
        grid_set(grid, row, 0, catalog->measures[i].name);
        grid_set(grid, row++, 1, catalog->measures[i].label);
    }
    grid->row_count = row;
    report_heading(report, "Measures");
    report_grid(report, grid);
}

/* "598.850000000000 USD" as money; anything else as it is. */
static const char *shown_value(Arena *arena, const char *value) {
    size_t count = 0;
    const char **parts = text_split(arena, value, ' ', &count);
    Decimal amount = {0};
    return count == 2 && decimal_parse(parts[0], &amount) && strchr(parts[0], '.') ? answer_display(arena, parts[0], parts[1])
                                                                                   : value;
}

/* The profile's own lines: what a reader wants to know first. */
static void add_summary(Arena *arena, const Json *profile, Report *report) {
    const Json *rows = json_get(json_get(profile, "summary"), "rows");
    for (size_t i = 0; i < json_count(rows); i++) {
        const char *what = json_text(json_at(json_at(rows, i), 0)), *value = json_text(json_at(json_at(rows, i), 1));
        if (what && value) report_pair(report, what, shown_value(arena, value));
    }
}

Report *profile_report(Arena *arena, const Catalog *catalog, const Json *profile) {
    Report *report = report_make(arena);
    report_heading(report, catalog->dataset);
    report_pair(report, "source", catalog->source);
    add_summary(arena, profile, report);
    add_months(arena, catalog, report);
    add_columns(arena, catalog, report);
    add_measures(arena, catalog, report);
    if (catalog->odd_count) report_heading(report, "What is odd");
    for (size_t i = 0; i < catalog->odd_count; i++) report_line(report, catalog->odd[i]);
    return report;
}
