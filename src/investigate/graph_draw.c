/* A graph as JSON, and as text that Mermaid and Graphviz draw. */
#include <stdlib.h>
#include <string.h>

#include "answer/answer.h"
#include "base/text.h"
#include "investigate/graph.h"

enum { DRAWN_PIECES = 40, DRAWN_EDGES = 30 };

/* --- JSON -------------------------------------------------------------------------------------------------------------------- */

static const char *amount(Arena *arena, long long cents) {
    return arena_printf(arena, "%s%lld.%02lld", cents < 0 ? "-" : "", llabs(cents) / 100, llabs(cents) % 100);
}

void graph_put_json(Arena *arena, const Graph *graph, Json *root) {
    Json *nodes = json_put_array(root, "nodes"), *edges = json_put_array(root, "edges");
    for (size_t i = 0; i < graph->node_count; i++) {
        const GraphNode *node = &graph->nodes[i];
        Json *one = json_add_object(nodes);
        json_put_text(one, "id", node->id);
        json_put_text(one, "kind", node->kind);
        json_put_text(one, "label", node->label);
        json_put_text(one, "parent", node->parent);
        json_put_text(one, "account", node->account);
        json_put_text(one, "region", node->region);
        json_put_text(one, "service", node->service);
        json_put_integer(one, "resources", (long long)node->resources);
        json_put_number(one, "monthly_cost", amount(arena, node->cost_cents));
        json_put_text(one, "environment", node->environment);
        json_put_text(one, "environment_evidence", node->environment ? node->environment_evidence : NULL);
        json_put_text(one, "zones", node->zones);
        json_put_text(one, "types", node->types);
    }
    for (size_t i = 0; i < graph->edge_count; i++) {
        const GraphEdge *edge = &graph->edges[i];
        Json *one = json_add_object(edges);
        json_put_text(one, "from", edge->from);
        json_put_text(one, "to", edge->to);
        json_put_text(one, "kind", edge->kind);
        json_put_number(one, "gb", arena_printf(arena, "%.3f", edge->gb));
        json_put_number(one, "monthly_cost", amount(arena, edge->cost_cents));
    }
}

/* --- What is drawn ------------------------------------------------------------------------------------------------------------ */

typedef struct {
    Arena *arena;
    const Graph *graph;
    bool *shown;  /* nodes */
    size_t edges; /* the first so many */
    size_t left_out;
} Drawing;

static bool is_place(const GraphNode *node) {
    return text_equal(node->kind, "account") || text_equal(node->kind, "region") || text_equal(node->kind, "zone");
}

static size_t index_of(const Graph *graph, const char *id) {
    return (size_t)strtoul(id + 1, NULL, 10) - 1 < graph->node_count ? (size_t)strtoul(id + 1, NULL, 10) - 1 : 0;
}

static int dearer(const void *a, const void *b) {
    const GraphNode *x = *(const GraphNode *const *)a, *y = *(const GraphNode *const *)b;
    if (x->cost_cents != y->cost_cents) return x->cost_cents < y->cost_cents ? 1 : -1;
    return strcmp(x->id, y->id);
}

/* A node is shown with the region and account that it is in. */
static void show(Drawing *drawing, const char *id) {
    for (const char *at = id; at;) {
        const size_t index = index_of(drawing->graph, at);
        drawing->shown[index] = true;
        at = drawing->graph->nodes[index].parent;
    }
}

static Drawing choose(Arena *arena, const Graph *graph) {
    Drawing drawing = {
        .arena = arena, .graph = graph, .shown = arena_array(arena, graph->node_count + 1, sizeof *drawing.shown)};
    const GraphNode **pieces = arena_array(arena, graph->node_count + 1, sizeof *pieces);
    size_t count = 0;
    for (size_t i = 0; i < graph->node_count; i++)
        if (!is_place(&graph->nodes[i]) && graph->nodes[i].cost_cents > 0) pieces[count++] = &graph->nodes[i];
    qsort(pieces, count, sizeof *pieces, dearer);
    for (size_t i = 0; i < count && i < DRAWN_PIECES; i++) show(&drawing, pieces[i]->id);
    drawing.edges = graph->edge_count < DRAWN_EDGES ? graph->edge_count : DRAWN_EDGES;
    for (size_t i = 0; i < drawing.edges; i++) {
        show(&drawing, graph->edges[i].from);
        show(&drawing, graph->edges[i].to);
    }
    for (size_t i = 0; i < count; i++) drawing.left_out += !drawing.shown[index_of(graph, pieces[i]->id)];
    return drawing;
}

static const char *money(const Drawing *drawing, long long cents) {
    return answer_display(drawing->arena, amount(drawing->arena, cents), drawing->graph->currency);
}

static const char *caption(const Drawing *drawing, const GraphNode *node, const char *line_break) {
    const char *label = text_printable(drawing->arena, node->label);
    if (!node->cost_cents) return label;
    if (node->resources > 1)
        return arena_printf(drawing->arena, "%s%s%zu × %s, %s", label, line_break, node->resources, node->kind,
                            money(drawing, node->cost_cents));
    return arena_printf(drawing->arena, "%s%s%s, %s", label, line_break, node->kind, money(drawing, node->cost_cents));
}

static const char *edge_caption(const Drawing *drawing, const GraphEdge *edge) {
    const char *gb = answer_display(drawing->arena, arena_printf(drawing->arena, "%.0f", edge->gb), "count");
    if (!edge->cost_cents) return arena_printf(drawing->arena, "%s: %s GB", edge->kind, gb);
    return arena_printf(drawing->arena, "%s: %s GB, %s", edge->kind, gb, money(drawing, edge->cost_cents));
}

/* --- Mermaid ------------------------------------------------------------------------------------------------------------------- */

/* Within quotes Mermaid reads entities: what could end the text or be markup becomes one, so that a line break is only ours. */
static const char *mermaid_text(Arena *arena, const char *text) {
    Buffer out = {.arena = arena};
    for (const char *c = text; *c; c++) {
        if (*c == '\n')
            buffer_add(&out, "<br>");
        else if (strchr("\"<>#&`{}|;", *c))
            buffer_printf(&out, "#%d;", (unsigned char)*c);
        else
            buffer_add_char(&out, *c);
    }
    return buffer_text(&out);
}

static void mermaid_children(const Drawing *drawing, const char *parent, int depth, Buffer *out) {
    for (size_t i = 0; i < drawing->graph->node_count; i++) {
        const GraphNode *node = &drawing->graph->nodes[i];
        if (!drawing->shown[i] || !text_equal(node->parent, parent)) continue;
        const char *text = mermaid_text(drawing->arena, caption(drawing, node, "\n"));
        if (is_place(node)) {
            buffer_printf(out, "%*ssubgraph %s [\"%s\"]\n", depth * 2, "", node->id, text);
            mermaid_children(drawing, node->id, depth + 1, out);
            buffer_printf(out, "%*send\n", depth * 2, "");
        } else {
            buffer_printf(out, "%*s%s[\"%s\"]\n", depth * 2, "", node->id, text);
        }
    }
}

const char *graph_mermaid(Arena *arena, const Graph *graph) {
    const Drawing drawing = choose(arena, graph);
    Buffer out = {.arena = arena};
    buffer_add(&out, "flowchart LR\n");
    mermaid_children(&drawing, NULL, 1, &out);
    for (size_t i = 0; i < drawing.edges; i++) {
        const GraphEdge *edge = &graph->edges[i];
        buffer_printf(&out, "  %s -->|\"%s\"| %s\n", edge->from, mermaid_text(arena, edge_caption(&drawing, edge)), edge->to);
    }
    if (drawing.left_out) buffer_printf(&out, "  %%%% %zu smaller pieces are left out\n", drawing.left_out);
    return buffer_text(&out);
}

/* --- Graphviz ------------------------------------------------------------------------------------------------------------------- */

static const char *dot_text(Arena *arena, const char *text) {
    Buffer out = {.arena = arena};
    for (const char *c = text; *c; c++) {
        if (*c == '\n') {
            buffer_add(&out, "\\n");
        } else {
            if (strchr("\"\\", *c)) buffer_add_char(&out, '\\');
            buffer_add_char(&out, *c);
        }
    }
    return buffer_text(&out);
}

static const char *dot_shape(const char *kind) {
    static const struct {
        const char *kind, *shape;
    } shapes[] = {{"database", "cylinder"}, {"table", "cylinder"},     {"bucket", "cylinder"},      {"cache", "cylinder"},
                  {"search", "cylinder"},   {"warehouse", "cylinder"}, {"internet", "ellipse"},     {"queue", "cds"},
                  {"topic", "cds"},         {"stream", "cds"},         {"broker", "cds"},           {"nat", "diamond"},
                  {"private", "ellipse"},   {"zones", "ellipse"},      {"remote-region", "ellipse"}};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        if (text_equal(shapes[i].kind, kind)) return shapes[i].shape;
    return "box";
}

static void dot_children(const Drawing *drawing, const char *parent, int depth, Buffer *out) {
    for (size_t i = 0; i < drawing->graph->node_count; i++) {
        const GraphNode *node = &drawing->graph->nodes[i];
        if (!drawing->shown[i] || !text_equal(node->parent, parent)) continue;
        const char *text = dot_text(drawing->arena, caption(drawing, node, "\n"));
        if (is_place(node)) {
            buffer_printf(out, "%*ssubgraph cluster_%s {\n%*slabel=\"%s\"\n", depth * 2, "", node->id, depth * 2 + 2, "", text);
            dot_children(drawing, node->id, depth + 1, out);
            buffer_printf(out, "%*s}\n", depth * 2, "");
        } else {
            buffer_printf(out, "%*s%s [label=\"%s\" shape=%s]\n", depth * 2, "", node->id, text, dot_shape(node->kind));
        }
    }
}

const char *graph_dot(Arena *arena, const Graph *graph) {
    const Drawing drawing = choose(arena, graph);
    Buffer out = {.arena = arena};
    buffer_add(&out, "digraph architecture {\n  rankdir=LR\n  compound=true\n  fontname=\"sans-serif\"\n"
                     "  node [fontname=\"sans-serif\" fontsize=10 style=filled fillcolor=white]\n"
                     "  edge [fontname=\"sans-serif\" fontsize=9]\n");
    dot_children(&drawing, NULL, 1, &out);
    for (size_t i = 0; i < drawing.edges; i++) {
        const GraphEdge *edge = &graph->edges[i];
        buffer_printf(&out, "  %s -> %s [label=\"%s\"]\n", edge->from, edge->to, dot_text(arena, edge_caption(&drawing, edge)));
    }
    if (drawing.left_out) buffer_printf(&out, "  // %zu smaller pieces are left out\n", drawing.left_out);
    buffer_add(&out, "}\n");
    return buffer_text(&out);
}
