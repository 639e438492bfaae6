#include "answer/grid.h"

#include <string.h>

#include "answer/display.h"

enum {
    INDENT = 2,
    GAP = 2,         /* columns between columns */
    TEXT_LEAST = 12, /* a shorter name says nothing */
};

Grid *grid_make(Arena *arena, size_t column_count, size_t row_count) {
    Grid *grid = arena_alloc(arena, sizeof *grid);
    *grid = (Grid){.column_count = column_count, .row_count = row_count};
    grid->columns = arena_array(arena, column_count + 1, sizeof *grid->columns);
    grid->cells = arena_array(arena, column_count * row_count + 1, sizeof *grid->cells);
    for (size_t i = 0; i < column_count; i++) grid->columns[i].title = "";
    for (size_t i = 0; i < column_count * row_count; i++) grid->cells[i] = "";
    return grid;
}

void grid_set(Grid *grid, size_t row, size_t column, const char *text) {
    grid->cells[row * grid->column_count + column] = text;
}

static const char *cell(const Grid *grid, size_t row, size_t column) {
    return grid->cells[row * grid->column_count + column];
}

const char *grid_bold(bool colour) {
    return colour ? "\x1b[1m" : "";
}

const char *grid_dim(bool colour) {
    return colour ? "\x1b[2m" : "";
}

const char *grid_plain(bool colour) {
    return colour ? "\x1b[0m" : "";
}

static void spaces(Buffer *out, size_t count) {
    while (count--) buffer_add_char(out, ' ');
}

static size_t cell_width(const Grid *grid, size_t column) {
    size_t widest = 1;
    for (size_t row = 0; row < grid->row_count; row++) {
        size_t width = text_width(cell(grid, row, column));
        if (width > widest) widest = width;
    }
    return widest;
}

static size_t natural_width(const Grid *grid, size_t column) {
    size_t title = text_width(grid->columns[column].title), cells = cell_width(grid, column);
    return title > cells ? title : cells;
}

/* The least width of a column whose title may stand on several lines. */
static size_t wrapped_width(Arena *arena, const Grid *grid, size_t column) {
    size_t count = 0, widest = cell_width(grid, column);
    const char **words = text_split(arena, grid->columns[column].title, ' ', &count);
    for (size_t i = 0; i < count; i++)
        if (text_width(words[i]) > widest) widest = text_width(words[i]);
    return widest;
}

static size_t total_width(const size_t *widths, size_t count) {
    size_t total = INDENT;
    for (size_t i = 0; i < count; i++) total += widths[i] + (i ? GAP : 0);
    return total;
}

/* The widest column of text that may still be cut; `count` when there is none. */
static size_t widest_text(const Grid *grid, const size_t *widths, size_t count, bool last) {
    size_t widest = count;
    for (size_t i = 0; i < count; i++) {
        bool may = !grid->columns[i].right && widths[i] > TEXT_LEAST && (grid->columns[i].cut == CUT_LAST) == last;
        if (may && (widest == count || widths[i] > widths[widest])) widest = i;
    }
    return widest;
}

/* Takes one column after another from the widest text until all fit; gives how many columns fit in the end. */
static size_t fit(const Grid *grid, size_t *widths, size_t room) {
    size_t count = grid->column_count;
    while (count > 1) {
        size_t total = total_width(widths, count);
        if (total <= room) return count;
        size_t widest = widest_text(grid, widths, count, false);
        if (widest == count) widest = widest_text(grid, widths, count, true);
        if (widest == count)
            count--;
        else
            widths[widest]--;
    }
    return count;
}

static const char *cut(Arena *arena, const char *text, size_t width, GridCut how) {
    return how == CUT_END ? display_cut(arena, text, width) : display_shorten(arena, text, width);
}

static void add_aligned(Buffer *out, const char *text, size_t width, const GridColumn *column, bool last) {
    const char *shown = cut(out->arena, text, width, column->cut);
    bool right = column->right;
    size_t used = text_width(shown);
    size_t pad = used < width ? width - used : 0;
    if (right) spaces(out, pad);
    buffer_add(out, shown);
    if (!right && !last) spaces(out, pad);
}

static void add_rule(Buffer *out, const size_t *widths, size_t count, bool colour) {
    buffer_add(out, grid_dim(colour));
    spaces(out, INDENT);
    for (size_t i = INDENT; i < total_width(widths, count); i++) buffer_add(out, "─");
    buffer_add(out, grid_plain(colour));
    buffer_add_char(out, '\n');
}

/* A whole column that does not even fit alone is cut to the room there is. */
static void cap(size_t *widths, size_t room) {
    if (widths[0] + INDENT > room) widths[0] = room > INDENT ? room - INDENT : 1;
}

static void trim_line(Buffer *out) {
    while (out->size && out->data[out->size - 1] == ' ') out->data[--out->size] = '\0';
}

/* The words of a title from `*at` on that fit into one line of `width`. */
static const char *title_line(Arena *arena, const char **at, size_t width) {
    Buffer line = {.arena = arena};
    while (**at) {
        size_t size = strcspn(*at, " ");
        const char *word = arena_text_n(arena, *at, size);
        if (line.size && text_width(buffer_text(&line)) + 1 + text_width(word) > width) break;
        if (line.size) buffer_add_char(&line, ' ');
        buffer_add(&line, word);
        *at += size;
        while (**at == ' ') (*at)++;
    }
    return buffer_text(&line);
}

static void add_titles(Buffer *out, const Grid *grid, const size_t *widths, size_t count, bool colour) {
    const char **rest = arena_array(out->arena, count, sizeof *rest);
    bool more = true;
    for (size_t i = 0; i < count; i++) rest[i] = grid->columns[i].title;
    while (more) {
        more = false;
        buffer_add(out, grid_bold(colour));
        for (size_t i = 0; i < count; i++) {
            spaces(out, i ? GAP : INDENT);
            add_aligned(out, title_line(out->arena, &rest[i], widths[i]), widths[i], &grid->columns[i], i + 1 == count);
            more |= *rest[i] != '\0';
        }
        trim_line(out);
        buffer_add(out, grid_plain(colour));
        buffer_add_char(out, '\n');
    }
}

/* Breaks titles into lines, the most generous column first, as far as it is needed. */
static void wrap_titles(Arena *arena, const Grid *grid, size_t *widths, size_t room) {
    size_t *least = arena_array(arena, grid->column_count, sizeof *least);
    for (size_t i = 0; i < grid->column_count; i++) least[i] = wrapped_width(arena, grid, i);
    while (total_width(widths, grid->column_count) > room) {
        size_t widest = grid->column_count;
        for (size_t i = 0; i < grid->column_count; i++)
            if (widths[i] > least[i] && (widest == grid->column_count || widths[i] > widths[widest])) widest = i;
        if (widest == grid->column_count) return;
        widths[widest]--;
    }
}

/* Widths at which the grid fits: titles on one line, else on several, else texts shortened, else columns left out. */
static size_t choose_widths(Arena *arena, const Grid *grid, size_t *widths, size_t room) {
    for (size_t i = 0; i < grid->column_count; i++) widths[i] = natural_width(grid, i);
    wrap_titles(arena, grid, widths, room);
    size_t count = fit(grid, widths, room);
    if (count == 1) cap(widths, room);
    return count;
}

void grid_add_text(Buffer *out, const Grid *grid, int width, bool colour) {
    if (!grid->column_count) return;
    size_t *widths = arena_array(out->arena, grid->column_count, sizeof *widths);
    size_t count = choose_widths(out->arena, grid, widths, (size_t)width), left = grid->column_count - count;
    add_titles(out, grid, widths, count, colour);
    for (size_t row = 0; row < grid->row_count; row++) {
        if (grid->foot && row + 1 == grid->row_count) add_rule(out, widths, count, colour);
        for (size_t i = 0; i < count; i++) {
            spaces(out, i ? GAP : INDENT);
            add_aligned(out, cell(grid, row, i), widths[i], &grid->columns[i], i + 1 == count);
        }
        trim_line(out);
        buffer_add_char(out, '\n');
    }
    if (left)
        buffer_printf(out, "  … %zu more %s not fit: use a wider terminal, --csv or --json\n", left,
                      left == 1 ? "column does" : "columns do");
}

static void add_markdown_cell(Buffer *out, const char *text) {
    for (const char *c = text; *c; c++) {
        bool link = *c == ':' && c[1] == '/';
        if (link || strchr("\\`*_[]<>#|~&!@", *c)) buffer_add_char(out, '\\');
        buffer_add_char(out, *c);
    }
}

void grid_add_markdown(Buffer *out, const Grid *grid) {
    for (size_t i = 0; i < grid->column_count; i++) {
        buffer_add(out, "| ");
        add_markdown_cell(out, grid->columns[i].title);
        buffer_add_char(out, ' ');
    }
    buffer_add(out, "|\n");
    for (size_t i = 0; i < grid->column_count; i++) buffer_add(out, grid->columns[i].right ? "| ---: " : "| --- ");
    buffer_add(out, "|\n");
    for (size_t row = 0; row < grid->row_count; row++) {
        for (size_t i = 0; i < grid->column_count; i++) {
            buffer_add(out, "| ");
            add_markdown_cell(out, cell(grid, row, i));
            buffer_add_char(out, ' ');
        }
        buffer_add(out, "|\n");
    }
}

void grid_add_wrapped(Buffer *out, const char *text, int indent, int width) {
    size_t room = width > indent + TEXT_LEAST ? (size_t)(width - indent) : TEXT_LEAST, used = 0;
    while (*text) {
        size_t size = strcspn(text, " ");
        const char *word = arena_text_n(out->arena, text, size);
        size_t columns = text_width(word);
        if (used && used + 1 + columns > room) {
            buffer_add_char(out, '\n');
            spaces(out, (size_t)indent);
            used = 0;
        }
        if (used) buffer_add_char(out, ' ');
        buffer_add(out, word);
        used += columns + (used > 0);
        text += size;
        while (*text == ' ') text++;
    }
    buffer_add_char(out, '\n');
}
