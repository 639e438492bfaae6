#include "ingest/load.h"

#include "answer/answer.h"
#include "base/text.h"
#include "ops/operations.h"
#include "ops/progress.h"
#include "ops/session.h"

static const char *count_of(Arena *arena, const Json *object, const char *key) {
    return text_count(arena, json_get_integer(object, key, 0));
}

static const char *join_texts(Arena *arena, const Json *array) {
    Buffer out = {.arena = arena};
    for (size_t i = 0; i < json_count(array); i++) {
        const char *text = json_text(json_at(array, i));
        if (text) buffer_printf(&out, "%s%s", out.size ? ", " : "", text);
    }
    return out.size ? arena_text(arena, buffer_text(&out)) : NULL;
}

static void add_totals(Arena *arena, Report *report, const Json *totals) {
    for (size_t i = 0; i < json_count(totals); i++) {
        const Json *total = json_at(totals, i);
        const char *currency = json_get_text(total, "currency");
        const char *billed = json_get_text(total, "billed"), *effective = json_get_text(total, "effective");
        if (billed) report_pair(report, "billed cost", answer_display(arena, billed, currency));
        if (effective) report_pair(report, "effective cost", answer_display(arena, effective, currency));
    }
}

/* "2026-07 to 2026-09" reads better than a year of names, and a gap is not hidden by it: then all are named. */
static const char *periods_in_words(Arena *arena, const Json *periods) {
    enum { NAMED = 6 };
    size_t count = json_count(periods);
    if (count <= NAMED) return join_texts(arena, periods);
    return arena_printf(arena, "%s to %s (%zu)", json_text(json_at(periods, 0)), json_text(json_at(periods, count - 1)), count);
}

static void add_dataset(Arena *arena, Report *report, const Json *dataset) {
    const char *name = json_get_text(dataset, "name");
    const char *format = json_get_text(dataset, "format");
    report_heading(report, arena_printf(arena, "%s%s%s", name ? name : "data", format ? ": " : "", format ? format : ""));
    if (json_get_text(dataset, "source")) report_pair(report, "source", json_get_text(dataset, "source"));
    const char *periods = periods_in_words(arena, json_get(dataset, "periods"));
    if (periods) report_pair(report, "periods", periods);
    report_pair(report, "lines", count_of(arena, dataset, "row_count"));
    if (json_has(dataset, "accounts")) report_pair(report, "accounts", count_of(arena, dataset, "accounts"));
    if (json_has(dataset, "services")) report_pair(report, "services", count_of(arena, dataset, "services"));
    add_totals(arena, report, json_get(dataset, "totals"));
}

static void add_sentences(Report *report, const char *heading, const Json *sentences) {
    if (json_count(sentences)) report_heading(report, heading);
    for (size_t i = 0; i < json_count(sentences); i++) {
        const char *text = json_text(json_at(sentences, i));
        if (text) report_line(report, text);
    }
}

static Report *load_report(Arena *arena, const LoadReport *loaded, const char *folder) {
    enum { BYTES_PER_MB = 1000000 };
    Report *report = report_make(arena);
    const Json *datasets = json_get(loaded->facts, "datasets");
    if (loaded->unchanged) report_line(report, "These files are loaded already and have not changed.");
    for (size_t i = 0; i < json_count(datasets); i++) add_dataset(arena, report, json_at(datasets, i));
    add_sentences(report, "Notes", json_get(loaded->facts, "notes"));
    add_sentences(report, "What is odd", json_get(loaded->facts, "odd"));
    report_heading(report, "Workspace");
    report_pair(report, "folder", folder);
    if (!loaded->unchanged) {
        report_pair(report, "size",
                    arena_printf(arena, "%.1f MB", (double)json_get_integer(loaded->facts, "size_bytes", 0) / BYTES_PER_MB));
        report_pair(report, "took",
                    arena_printf(arena, "%.1f s", (double)json_get_integer(loaded->facts, "elapsed_ms", 0) / 1000));
    }
    report_pair(report, "next", "curlew questions");
    return report;
}

bool op_load(Arena *arena, const OpContext *context, const OpCall *call, OpResult *out, Err *err) {
    size_t count = 0;
    const char *const *paths = call_list(arena, call, "path", &count);
    LoadRequest request = {.paths = paths,
                           .path_count = count,
                           .workspace_folder = session_workspace_folder(arena, call),
                           .replace = call_flag(call, "replace"),
                           .stop = context->stop};
    request.progress = context->progress ? progress_of_load : NULL;
    request.context = progress_door(arena, context);
    LoadReport loaded = {0};
    if (!load_run(arena, &request, &loaded, err)) return false;
    out->json = loaded.facts;
    out->report = load_report(arena, &loaded, request.workspace_folder);
    return true;
}
