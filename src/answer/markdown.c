#include "answer/answer.h"
#include "answer/cells.h"
#include "answer/grid.h"
#include "answer/summary.h"
#include "base/text.h"

static void add_item(Buffer *out, const char *label, const char *text) {
    if (text) buffer_printf(out, "- %s: %s\n", label, summary_escape(out->arena, text_printable(out->arena, text)));
}

static void add_items(Buffer *out, const char *label, const char *const *texts, size_t count) {
    for (size_t i = 0; i < count; i++) add_item(out, label, texts[i]);
}

/* A fence longer than any run of backticks in the SQL, so that a value in it cannot end the block. */
static void add_sql(Buffer *out, const char *sql) {
    size_t longest = 2, run = 0;
    for (const char *c = sql; *c; c++) {
        run = *c == '`' ? run + 1 : 0;
        if (run > longest) longest = run;
    }
    Buffer fence = {.arena = out->arena};
    for (size_t i = 0; i <= longest; i++) buffer_add_char(&fence, '`');
    buffer_printf(out, "\n%ssql\n%s\n%s\n", buffer_text(&fence), sql, buffer_text(&fence));
}

static void add_sections(Buffer *out, const Answer *answer) {
    for (size_t i = 0; i < answer->section_count; i++) {
        Answer part = *answer;
        part.table = answer->sections[i].table;
        part.columns = answer->sections[i].columns;
        part.fact_count = 0;
        buffer_printf(out, "### %s\n\n", summary_escape(out->arena, text_printable(out->arena, answer->sections[i].title)));
        grid_add_markdown(out, cells_grid(out->arena, &part, part.table->row_count));
        buffer_add_char(out, '\n');
    }
}

char *answer_markdown(Arena *arena, const Answer *answer) {
    Buffer out = {.arena = arena};
    if (answer->status != ANSWER_ANSWERED) {
        buffer_printf(&out, "%s\n\n", summary_escape(arena, text_printable(arena, answer->message ? answer->message : "")));
        add_items(&out, "nearest", answer->nearest, answer->nearest_count);
        add_items(&out, "either", answer->alternative_paraphrases, answer->alternative_count);
        return arena_text(arena, buffer_text(&out));
    }
    if (answer->paraphrase) buffer_printf(&out, "## %s\n\n", summary_escape(arena, text_printable(arena, answer->paraphrase)));
    if (answer->summary) buffer_printf(&out, "%s\n\n", answer->summary);
    if (answer->table) {
        size_t rows = answer->table->row_count;
        if (answer->row_limit && answer->row_limit < rows) rows = answer->row_limit;
        grid_add_markdown(&out, cells_grid(arena, answer, rows));
        if (rows < answer->table->row_count)
            buffer_printf(&out, "\n… %s more rows\n", text_count(arena, (long long)(answer->table->row_count - rows)));
        buffer_add_char(&out, '\n');
    }
    add_sections(&out, answer);
    for (size_t i = 0; i < answer->recommendation_count; i++)
        buffer_printf(&out, "> %s\n%s", answer->recommendations[i], i + 1 < answer->recommendation_count ? ">\n" : "\n");
    add_item(&out, "measure", answer->measure);
    if (answer->period_start)
        buffer_printf(&out, "- period: %s to %s (end exclusive), %s\n", answer->period_start, answer->period_end,
                      answer->period_complete ? "complete" : "not complete");
    add_items(&out, "filter", answer->filters, answer->filter_count);
    add_items(&out, "assumed", answer->assumed, answer->assumed_count);
    add_item(&out, "currency", answer->currency);
    add_item(&out, "data through", answer->data_through);
    add_item(&out, "source", answer->source_label ? answer->source_label : answer->source);
    add_items(&out, "note", answer->warnings, answer->warning_count);
    if (answer->sql) add_sql(&out, answer->sql);
    return arena_text(arena, buffer_text(&out));
}
