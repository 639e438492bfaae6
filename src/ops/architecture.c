/* The system and its waste as the bill shows them. */
#include "investigate/architecture.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "io/file.h"
#include "io/program.h"
#include "ops/operations.h"
#include "ops/session.h"

static bool draw_svg(Arena *arena, const OpContext *context, const char *dot, const char **out, Err *err) {
    static const char *const arguments[] = {"dot", "-Tsvg", NULL};
    size_t size = 0;
    Err failure = {0};
    if (program_run(arena, arguments, dot, strlen(dot), DRAWING_BYTES, DRAWING_TIMEOUT_MS, context->stop, out, &size, &failure))
        return true;
    if (failure.kind == ERR_NOT_FOUND)
        return err_set(
            err, ERR_NOT_FOUND,
            "SVG is drawn by Graphviz, which is not installed here (Debian: apt install graphviz); --draw dot and --draw "
            "mermaid give text that other tools draw");
    return err_set(err, failure.kind, "%s", failure.message);
}

/* The picture instead of the page. */
static bool draw(Arena *arena, const OpContext *context, const char *form, const Architecture *architecture, OpResult *out,
                 Err *err) {
    const char *text =
        text_equal(form, "mermaid") ? graph_mermaid(arena, &architecture->graph) : graph_dot(arena, &architecture->graph);
    if (text_equal(form, "svg") && !draw_svg(arena, context, text, &text, err)) return false;
    out->text = text;
    out->json = json_make_object(arena);
    json_put_text(out->json, "form", form);
    json_put_text(out->json, "text", text);
    return true;
}

/* The whole as a file: its ending says in which form. A picture stands in it where Graphviz is installed. */
static bool write_report(Arena *arena, const OpContext *context, const char *path, const Architecture *architecture,
                         OpResult *out, Err *err) {
    const bool html = text_ends(path, ".html") || text_ends(path, ".htm");
    const char *picture = NULL, *document = NULL;
    Err no_picture = {0};
    if (!html && !text_ends(path, ".md"))
        return err_set(err, ERR_USAGE, "A report is written as .html or .md; “%.80s” ends otherwise",
                       text_printable(arena, path));
    if (html && draw_svg(arena, context, graph_dot(arena, &architecture->graph), &picture, &no_picture) &&
        strstr(picture, "<svg"))
        picture = strstr(picture, "<svg");
    if (!architecture_document(arena, architecture, html ? TEMPLATE_HTML : TEMPLATE_MARKDOWN, picture, &document, err) ||
        !file_write_atomic(path, document, strlen(document), err))
        return false;
    out->report = report_make(arena);
    report_pair(out->report, "report", path);
    report_pair(out->report, "findings", arena_printf(arena, "%zu", architecture->findings.count));
    return true;
}

/* A ticket's text for each finding. */
static bool write_tickets(Arena *arena, const Architecture *architecture, OpResult *out, Err *err) {
    if (!architecture_document(arena, architecture, TEMPLATE_JIRA, NULL, &out->text, err)) return false;
    out->json = json_make_object(arena);
    json_put_text(out->json, "form", "jira");
    json_put_text(out->json, "text", out->text);
    return true;
}

bool op_architecture(Arena *arena, const OpContext *context, const OpCall *call, OpResult *out, Err *err) {
    Session session = {0};
    Catalog *catalog = NULL;
    Architecture architecture = {0};
    const char *dataset = NULL, *rule = call_text(call, "rule"), *form = call_text(call, "draw");
    if (!session_open(arena, context, call, &session, err)) return false;
    if (!session_dataset(arena, &session, call, &dataset, err)) return false;
    if (!session_catalog(arena, &session, dataset, &catalog, err)) return false;
    Desk desk = {.catalog = catalog, .stop = context->stop};
    if (!session_engine(arena, &session, &desk.engine, err)) return false;
    if (!architecture_find(arena, &desk, call_text(call, "period"), rule, &architecture, err)) return false;
    out->report = rule ? architecture_report_rule(arena, &architecture) : architecture_report(arena, &architecture);
    if (form) return draw(arena, context, form, &architecture, out, err);
    if (call_flag(call, "jira")) return write_tickets(arena, &architecture, out, err);
    const char *path = call_text(call, "report");
    if (path && !write_report(arena, context, path, &architecture, out, err)) return false;
    out->json = architecture_json(arena, &architecture);
    return true;
}
