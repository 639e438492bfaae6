#include "answer/report.h"

#include "answer/summary.h"

typedef enum { BLOCK_HEADING, BLOCK_LINE, BLOCK_PAIR, BLOCK_GRID, BLOCK_VERBATIM } BlockKind;

typedef struct Block {
    BlockKind kind;
    const char *label, *text;
    const Grid *grid;
    struct Block *next;
} Block;

struct Report {
    Arena *arena;
    Block *first, *last;
};

Report *report_make(Arena *arena) {
    Report *report = arena_alloc(arena, sizeof *report);
    report->arena = arena;
    return report;
}

static void add(Report *report, Block block) {
    Block *made = arena_alloc(report->arena, sizeof *made);
    *made = block;
    if (report->last)
        report->last->next = made;
    else
        report->first = made;
    report->last = made;
}

void report_heading(Report *report, const char *text) {
    add(report, (Block){.kind = BLOCK_HEADING, .text = text_printable(report->arena, text)});
}

void report_line(Report *report, const char *text) {
    add(report, (Block){.kind = BLOCK_LINE, .text = text_printable(report->arena, text)});
}

void report_pair(Report *report, const char *label, const char *value) {
    add(report, (Block){.kind = BLOCK_PAIR,
                        .label = text_printable(report->arena, label),
                        .text = text_printable(report->arena, value ? value : "–")});
}

void report_verbatim(Report *report, const char *text) {
    add(report, (Block){.kind = BLOCK_VERBATIM, .text = text});
}

void report_grid(Report *report, const Grid *grid) {
    add(report, (Block){.kind = BLOCK_GRID, .grid = grid});
}

const Grid *report_first_grid(const Report *report) {
    for (const Block *block = report->first; block; block = block->next)
        if (block->kind == BLOCK_GRID) return block->grid;
    return NULL;
}

/* Labels of one run of pairs are as wide as the widest of them. */
static int label_width(const Block *block) {
    size_t widest = 0;
    for (; block && block->kind == BLOCK_PAIR; block = block->next)
        if (text_width(block->label) > widest) widest = text_width(block->label);
    return (int)widest;
}

static void add_pair(Buffer *out, const Block *block, int labels, int width, bool colour) {
    buffer_printf(out, "  %s%s%s", grid_dim(colour), block->label, grid_plain(colour));
    for (int i = (int)text_width(block->label); i < labels + 2; i++) buffer_add_char(out, ' ');
    grid_add_wrapped(out, block->text, labels + 4, width);
}

char *report_text(Arena *arena, const Report *report, int width, bool colour) {
    Buffer out = {.arena = arena};
    int labels = 0;
    const Block *before = NULL;
    for (const Block *block = report->first; block; before = block, block = block->next) {
        bool new_run = !before || before->kind != block->kind;
        if (before && (block->kind == BLOCK_HEADING || (new_run && before->kind != BLOCK_HEADING))) buffer_add_char(&out, '\n');
        if (block->kind == BLOCK_PAIR && new_run) labels = label_width(block);
        switch (block->kind) {
        case BLOCK_HEADING: buffer_printf(&out, "%s%s%s\n", grid_bold(colour), block->text, grid_plain(colour)); break;
        case BLOCK_LINE:
            buffer_add(&out, "  ");
            grid_add_wrapped(&out, block->text, 2, width);
            break;
        case BLOCK_PAIR: add_pair(&out, block, labels, width, colour); break;
        case BLOCK_VERBATIM: buffer_add(&out, block->text); break;
        case BLOCK_GRID: grid_add_text(&out, block->grid, width, colour); break;
        }
    }
    return arena_text(arena, buffer_text(&out));
}

char *report_markdown(Arena *arena, const Report *report) {
    Buffer out = {.arena = arena};
    for (const Block *block = report->first; block; block = block->next) {
        const bool as_it_is = block->kind == BLOCK_VERBATIM;
        const char *text = block->text && !as_it_is ? summary_escape(arena, block->text) : "";
        switch (block->kind) {
        case BLOCK_HEADING: buffer_printf(&out, "\n## %s\n\n", text); break;
        case BLOCK_LINE: buffer_printf(&out, "%s\n\n", text); break;
        case BLOCK_PAIR: buffer_printf(&out, "- %s: %s\n", summary_escape(arena, block->label), text); break;
        case BLOCK_VERBATIM: buffer_printf(&out, "```\n%s```\n", block->text); break;
        case BLOCK_GRID:
            buffer_add_char(&out, '\n');
            grid_add_markdown(&out, block->grid);
            break;
        }
    }
    return text_trim(arena, buffer_text(&out));
}
