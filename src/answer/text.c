/* An answer on a terminal: what was understood, the sentence, what it rests on, the table with its chart, the SQL. */
#include <string.h>

#include "answer/answer.h"
#include "answer/cells.h"
#include "answer/display.h"
#include "answer/draw.h"
#include "answer/grid.h"
#include "answer/summary.h"
#include "base/decimal.h"
#include "base/text.h"

enum {
    WIDTH_LEAST = 40,
    ROWS_SHOWN = 20,     /* of a ranking: what fits on a screen with the rest of the answer */
    ROWS_OF_SERIES = 31, /* a month of days */
    BAR_LEAST = 8,       /* a shorter bar shows nothing */
    BAR_MOST = 30,
    LABEL_WIDTH = 9, /* of the lines that say what an answer rests on */
    WARNINGS_SHOWN = 3,
    SERIES_SHOWN = 10
};

typedef struct {
    Arena *arena;
    const Answer *answer;
    Buffer out;
    int width;
    bool colour;
} Page;

static void add_line(Page *page, const char *label, const char *text) {
    buffer_printf(&page->out, "  %s%-*s%s ", grid_dim(page->colour), LABEL_WIDTH, label, grid_plain(page->colour));
    grid_add_wrapped(&page->out, text_printable(page->arena, text), LABEL_WIDTH + 3, page->width);
}

/* --- what was understood, and what the answer rests on --- */

static void add_summary(Page *page) {
    if (!page->answer->summary) return;
    const char *plain = summary_plain(page->arena, page->answer->summary, "", "");
    buffer_add(&page->out, "  ");
    grid_add_wrapped(&page->out, plain, 2, page->width);
}

static const char *shown_period(Arena *arena, const char *first, const char *after) {
    Day start = 0, end = 0;
    bool read = first && after && date_parse(first, &start) && date_parse(after, &end);
    return read ? display_period(arena, start, end) : NULL;
}

static void add_period(Page *page) {
    const Answer *answer = page->answer;
    const char *shown = shown_period(page->arena, answer->period_start, answer->period_end);
    const char *other = shown_period(page->arena, answer->compared_start, answer->compared_end);
    const char *complete = answer->period_complete ? "complete" : "not complete";
    if (!shown) return;
    const char *against = other ? arena_printf(page->arena, " against %s", other) : "";
    add_line(page, "period", arena_printf(page->arena, "%s%s, %s", shown, against, complete));
}

static void add_data_line(Page *page) {
    const Answer *answer = page->answer;
    if (!answer->data_through) return;
    const char *today = answer->as_of ? arena_printf(page->arena, "; today is %s", answer->as_of) : "";
    add_line(page, "data", arena_printf(page->arena, "through %.16s UTC%s", answer->data_through, today));
}

static void add_list(Page *page, const char *label, const char *const *texts, size_t count, size_t most) {
    for (size_t i = 0; i < count && i < most; i++) add_line(page, i ? "" : label, texts[i]);
    if (count > most) add_line(page, "", arena_printf(page->arena, "… %zu more: curlew profile", count - most));
}

static void add_basis(Page *page) {
    const Answer *answer = page->answer;
    if (answer->measure) {
        bool named = answer->measure_label && !text_equal(answer->measure_label, answer->measure);
        add_line(page, "measure",
                 named ? arena_printf(page->arena, "%s (%s)", answer->measure_label, answer->measure) : answer->measure);
    }
    add_period(page);
    add_list(page, "filters", answer->filters, answer->filter_count, answer->filter_count);
    add_list(page, "assumed", answer->assumed, answer->assumed_count, answer->assumed_count);
    if (answer->currency) add_line(page, "currency", answer->currency);
    add_data_line(page);
    /* Paths of many files in full would push the answer off the screen; JSON has them. */
    const char *origin = answer->source_label ? answer->source_label : answer->source;
    const char *source = origin ? text_printable(page->arena, origin) : NULL;
    if (source) add_line(page, "source", display_shorten(page->arena, source, (size_t)page->width - LABEL_WIDTH - 4));
    add_list(page, "note", answer->warnings, answer->warning_count, WARNINGS_SHOWN);
}

/* --- table and chart --- */

static bool is_kind(const Answer *answer, const char *kind) {
    return text_equal(answer->chart.kind, kind);
}

static size_t rows_to_show(const Answer *answer) {
    size_t most = answer->row_limit ? answer->row_limit : is_kind(answer, "line") ? ROWS_OF_SERIES : ROWS_SHOWN;
    return answer->table->row_count < most ? answer->table->row_count : most;
}

/* The values of a column for drawing; NULL cells count as zero. */
static double *values_of(Arena *arena, const Answer *answer, int column) {
    double *values = arena_array(arena, answer->table->row_count + 1, sizeof *values);
    for (size_t row = 0; row < answer->table->row_count; row++) {
        const char *cell = table_cell(answer->table, row, (size_t)column);
        Decimal value = {0};
        if (cell && decimal_parse(cell, &value)) values[row] = decimal_double(value);
    }
    return values;
}

static size_t grid_width(const Grid *grid) {
    size_t total = 2;
    for (size_t i = 0; i < grid->column_count; i++) {
        size_t widest = text_width(grid->columns[i].title);
        for (size_t row = 0; row < grid->row_count; row++) {
            size_t width = text_width(grid->cells[row * grid->column_count + i]);
            if (width > widest) widest = width;
        }
        total += widest + 2;
    }
    return total;
}

/* The same grid with a column of bars at its right, where there is room. */
static Grid *with_bars(Page *page, Grid *grid, int column, size_t rows) {
    size_t used = grid_width(grid);
    if (used + BAR_LEAST > (size_t)page->width) return grid;
    size_t room = (size_t)page->width - used;
    if (room > BAR_MOST) room = BAR_MOST;
    const double *values = values_of(page->arena, page->answer, column);
    double low = 0, high = 0;
    for (size_t row = 0; row < rows; row++) {
        if (values[row] < low) low = values[row];
        if (values[row] > high) high = values[row];
    }
    Grid *wide = grid_make(page->arena, grid->column_count + 1, grid->row_count);
    wide->foot = grid->foot;
    for (size_t i = 0; i < grid->column_count; i++) wide->columns[i] = grid->columns[i];
    for (size_t row = 0; row < grid->row_count; row++) {
        for (size_t i = 0; i < grid->column_count; i++) grid_set(wide, row, i, grid->cells[row * grid->column_count + i]);
        if (row < rows) grid_set(wide, row, grid->column_count, draw_bar(page->arena, values[row], low, high, room));
    }
    return wide;
}

static void add_plot(Page *page, int column) {
    const Table *table = page->answer->table;
    const double *values = values_of(page->arena, page->answer, column);
    size_t low = 0, high = 0;
    for (size_t row = 1; row < table->row_count; row++) {
        if (values[row] < values[low]) low = row;
        if (values[row] > values[high]) high = row;
    }
    const char *top = cells_text(page->arena, page->answer, high, (size_t)column);
    const char *bottom = cells_text(page->arena, page->answer, low, (size_t)column);
    size_t label = text_width(top) > text_width(bottom) ? text_width(top) : text_width(bottom);
    size_t width = (size_t)page->width > label + 6 ? (size_t)page->width - label - 6 : 10;
    if (width > table->row_count) width = table->row_count;
    draw_line(&page->out, values, table->row_count, width, top, bottom);
    const char *first = cells_text(page->arena, page->answer, 0, 0);
    const char *last = cells_text(page->arena, page->answer, table->row_count - 1, 0);
    buffer_printf(&page->out, "%*s%s", (int)label + 4, "", first);
    size_t taken = text_width(first) + text_width(last);
    buffer_printf(&page->out, "%*s%s\n\n", width > taken ? (int)(width - taken) : 1, "", last);
}

/* One line per series with its shape, in order of appearance. */
static void add_series(Page *page, int column) {
    const Answer *answer = page->answer;
    int key = table_find(answer->table, answer->chart.series);
    const double *values = values_of(page->arena, answer, column);
    double *line = arena_array(page->arena, answer->table->row_count + 1, sizeof *line);
    Grid *grid = grid_make(page->arena, 2, SERIES_SHOWN);
    const char *seen[SERIES_SHOWN] = {0};
    size_t count = 0;
    for (size_t row = 0; key >= 0 && row < answer->table->row_count && count < SERIES_SHOWN; row++) {
        const char *name = table_cell(answer->table, row, (size_t)key);
        size_t i = 0, points = 0;
        while (i < count && !text_equal(seen[i], name)) i++;
        if (i < count) continue;
        for (size_t j = row; j < answer->table->row_count; j++)
            if (text_equal(table_cell(answer->table, j, (size_t)key), name)) line[points++] = values[j];
        grid_set(grid, count, 0, cells_text(page->arena, answer, row, (size_t)key));
        grid_set(grid, count, 1, draw_spark(page->arena, line, points, (size_t)page->width / 2));
        seen[count++] = name;
    }
    grid->row_count = count;
    grid->columns[0].title = answer->columns[key < 0 ? 0 : key].label;
    grid->columns[1].right = true;
    for (size_t i = 0; i < count; i++) grid->columns[1].right = false;
    grid_add_text(&page->out, grid, page->width, page->colour);
    buffer_add_char(&page->out, '\n');
}

/* Bars of different units would compare what cannot be compared. */
static bool has_mixed_units(const Answer *answer, size_t rows) {
    for (size_t i = 0; i < answer->table->column_count; i++)
        for (size_t row = 1; row < rows && (answer->columns[i].role == ROLE_UNIT || answer->columns[i].role == ROLE_CURRENCY);
             row++)
            if (!text_equal(table_cell(answer->table, row, i), table_cell(answer->table, 0, i))) return true;
    return false;
}

static void add_table(Page *page) {
    const Answer *answer = page->answer;
    if (!answer->table || answer->table->row_count == 0) return;
    /* A single number stands in the sentence already. */
    if (answer->table->row_count == 1 && answer->table->column_count == 1 && answer->plan) return;
    size_t rows = rows_to_show(answer);
    int column = answer->columns ? cells_value_column(answer) : -1;
    bool line = is_kind(answer, "line") && column >= 0;
    if (line && answer->chart.series && table_find(answer->table, answer->chart.series) >= 0) add_series(page, column);
    if (line && !answer->chart.series && answer->table->row_count > rows) add_plot(page, column);
    Grid *grid = cells_grid(page->arena, answer, rows);
    bool bars = rows > 1 && column >= 0 && !has_mixed_units(answer, rows) && !(line && answer->chart.series) &&
                !is_kind(answer, "table");
    if (bars) grid = with_bars(page, grid, column, rows);
    grid_add_text(&page->out, grid, page->width, page->colour);
    if (rows < answer->table->row_count)
        buffer_printf(&page->out, "  … %s more rows: use --limit or --csv\n",
                      text_count(page->arena, (long long)(answer->table->row_count - rows)));
    else if (answer->table->truncated)
        buffer_add(&page->out, "  … more rows exist: the answer was cut at its limit\n");
    buffer_add_char(&page->out, '\n');
}

/* Smaller tables below: only what they show, without bars. */
static void add_sections(Page *page) {
    for (size_t i = 0; i < page->answer->section_count; i++) {
        const AnswerSection *section = &page->answer->sections[i];
        Answer part = *page->answer;
        part.table = section->table;
        part.columns = section->columns;
        part.fact_count = 0;
        size_t rows = section->table->row_count < ROWS_SHOWN ? section->table->row_count : ROWS_SHOWN;
        if (!rows) continue;
        buffer_printf(&page->out, "  %s%s%s\n", grid_bold(page->colour), text_printable(page->arena, section->title),
                      grid_plain(page->colour));
        grid_add_text(&page->out, cells_grid(page->arena, &part, rows), page->width, page->colour);
        buffer_add_char(&page->out, '\n');
    }
}

/* --- the rest --- */

static void add_recommendations(Page *page) {
    const Answer *answer = page->answer;
    for (size_t i = 0; i < answer->recommendation_count; i++)
        add_line(page, i ? "" : "advice", summary_plain(page->arena, answer->recommendations[i], "", ""));
    if (answer->recommendation_count) buffer_add_char(&page->out, '\n');
}

static void add_sql(Page *page) {
    if (!page->answer->sql) return;
    size_t count = 0;
    const char **lines = text_split(page->arena, page->answer->sql, '\n', &count);
    for (size_t i = 0; i < count; i++)
        buffer_printf(&page->out, "  %s%-*s%s %s\n", grid_dim(page->colour), LABEL_WIDTH, i ? "" : "sql",
                      grid_plain(page->colour), text_printable(page->arena, lines[i]));
}

static void add_heading(Page *page, const char *text) {
    buffer_add(&page->out, grid_bold(page->colour));
    grid_add_wrapped(&page->out, text_printable(page->arena, text), 0, page->width);
    buffer_add(&page->out, grid_plain(page->colour));
}

/* Refusals and questions back. */
static void add_reason(Page *page) {
    const Answer *answer = page->answer;
    add_heading(page, answer->message ? answer->message : "This question cannot be answered.");
    for (size_t i = 0; i < answer->nearest_count; i++) add_line(page, i ? "" : "nearest", answer->nearest[i]);
    for (size_t i = 0; i < answer->alternative_count; i++)
        add_line(page, i ? "" : "either", answer->alternative_paraphrases[i]);
}

char *answer_text(Arena *arena, const Answer *answer, int width, bool colour) {
    Page page = {.arena = arena, .answer = answer, .out = {.arena = arena}, .colour = colour};
    page.width = width < WIDTH_LEAST ? WIDTH_LEAST : width;
    if (answer->status == ANSWER_ANSWERED) {
        if (answer->paraphrase) add_heading(&page, answer->paraphrase);
        add_summary(&page);
        buffer_add_char(&page.out, '\n');
        add_table(&page);
        add_sections(&page);
        add_recommendations(&page);
        add_basis(&page);
        add_sql(&page);
    } else {
        add_reason(&page);
    }
    for (size_t i = 0; i < answer->suggestion_count; i++) add_line(&page, i ? "" : "ask next", answer->suggestions[i]);
    return arena_text(arena, buffer_text(&page.out));
}
