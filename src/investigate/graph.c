#include "investigate/graph.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

typedef struct {
    Arena *arena;
    Graph *graph;
    size_t node_room, edge_room;
} Builder;

/* --- Nodes ------------------------------------------------------------------------------------------------------------------- */

static GraphNode *add_node(Builder *builder, GraphNode node) {
    Graph *graph = builder->graph;
    if (graph->node_count == builder->node_room) {
        const size_t room = builder->node_room ? builder->node_room * 2 : 64, size = sizeof *graph->nodes;
        graph->nodes = arena_grow(builder->arena, graph->nodes, graph->node_count * size, room * size);
        builder->node_room = room;
    }
    node.id = arena_printf(builder->arena, "n%zu", graph->node_count + 1);
    graph->nodes[graph->node_count] = node;
    return &graph->nodes[graph->node_count++];
}

static const GraphNode *find(const Graph *graph, const char *kind, const char *account, const char *region, const char *label) {
    for (size_t i = 0; i < graph->node_count; i++) {
        const GraphNode *node = &graph->nodes[i];
        if (text_equal(node->kind, kind) && text_equal(node->account, account) && text_equal(node->region, region) &&
            (!label || text_equal(node->label, label)))
            return node;
    }
    return NULL;
}

static const char *cell(const Table *table, size_t row, const char *column) {
    int at = table_find(table, column);
    const char *text = at < 0 ? NULL : table_cell(table, row, (size_t)at);
    return text_is_empty(text) ? NULL : text;
}

static double number(const Table *table, size_t row, const char *column) {
    const char *text = cell(table, row, column);
    const double value = text ? strtod(text, NULL) : 0;
    return isfinite(value) ? value : 0;
}

static long long cents(const Table *table, size_t row, const char *column) {
    return (long long)floor(number(table, row, column) * 100 + 0.5 + 1e-6);
}

/* Rows come account by account, region by region: a node for each begins with its first piece. */
static void add_pieces(Builder *builder, const Table *rows) {
    const char *account = NULL, *region = NULL, *account_id = NULL, *region_id = NULL;
    bool begun = false;
    for (size_t i = 0; i < rows->row_count; i++) {
        const char *this_account = cell(rows, i, "account"), *this_region = cell(rows, i, "region");
        if (!begun || !text_equal(this_account, account)) {
            account_id = add_node(builder, (GraphNode){.kind = "account",
                                                       .label = cell(rows, i, "account_name") ? cell(rows, i, "account_name")
                                                                                              : this_account,
                                                       .account = this_account,
                                                       .account_name = cell(rows, i, "account_name"),
                                                       .cost_cents = cents(rows, i, "account_cost"),
                                                       .environment = cell(rows, i, "account_environment"),
                                                       .environment_evidence = cell(rows, i, "account_evidence")})
                             ->id;
        }
        if (!begun || !text_equal(this_account, account) || !text_equal(this_region, region)) {
            region_id = add_node(builder, (GraphNode){.kind = "region",
                                                      .label = this_region ? this_region : "global",
                                                      .parent = account_id,
                                                      .account = this_account,
                                                      .region = this_region,
                                                      .cost_cents = cents(rows, i, "region_cost")})
                            ->id;
        }
        begun = true;
        account = this_account;
        region = this_region;
        add_node(builder, (GraphNode){.kind = cell(rows, i, "kind"),
                                      .label = cell(rows, i, "label") ? cell(rows, i, "label") : cell(rows, i, "kind"),
                                      .parent = region_id,
                                      .account = account,
                                      .region = region,
                                      .service = cell(rows, i, "service"),
                                      .resources = (size_t)number(rows, i, "resources"),
                                      .cost_cents = cents(rows, i, "cost"),
                                      .environment = cell(rows, i, "environment"),
                                      .environment_evidence = cell(rows, i, "environment_evidence"),
                                      .zones = cell(rows, i, "zones"),
                                      .types = cell(rows, i, "types")});
    }
}

static void add_zones(Builder *builder, const Table *rows) {
    for (size_t i = 0; i < rows->row_count; i++) {
        const char *account = cell(rows, i, "account"), *region = cell(rows, i, "region");
        const GraphNode *parent = find(builder->graph, "region", account, region, NULL);
        if (!parent) continue;
        add_node(builder, (GraphNode){.kind = "zone",
                                      .label = cell(rows, i, "zone"),
                                      .parent = parent->id,
                                      .account = account,
                                      .region = region,
                                      .resources = (size_t)number(rows, i, "resources"),
                                      .cost_cents = cents(rows, i, "cost")});
    }
}

/* --- Edges ------------------------------------------------------------------------------------------------------------------- */

static void add_edge(Builder *builder, const char *from, const char *to, const char *kind, double gb, long long cost_cents) {
    Graph *graph = builder->graph;
    if (graph->edge_count == builder->edge_room) {
        const size_t room = builder->edge_room ? builder->edge_room * 2 : 64, size = sizeof *graph->edges;
        graph->edges = arena_grow(builder->arena, graph->edges, graph->edge_count * size, room * size);
        builder->edge_room = room;
    }
    graph->edges[graph->edge_count++] = (GraphEdge){from, to, kind, gb, cost_cents};
}

/* A node that stands for something that is no resource of the bill, made when the first edge needs it. */
static const char *place(Builder *builder, const char *kind, const char *label, const char *account, const char *region) {
    const GraphNode *known = find(builder->graph, kind, account, region, label);
    if (known) return known->id;
    const GraphNode *parent = account ? find(builder->graph, "region", account, region, NULL) : NULL;
    return add_node(
               builder,
               (GraphNode){
                   .kind = kind, .label = label, .account = account, .region = region, .parent = parent ? parent->id : NULL})
        ->id;
}

/* What the kinds of transfer are called, and where they lead. */
typedef enum {
    TO_INTERNET,
    FROM_INTERNET,
    TO_REGION,
    TO_ZONES,
    TO_EDGE,
    FROM_EDGE,
    TO_VIEWERS,
    TO_SERVICES,
    TO_PRIVATE,
    TO_SITE
} Target;
static const struct {
    const char *kind, *name;
    Target target;
} kinds[] = {
    {"internet_out", "to the internet", TO_INTERNET},
    {"internet_in", "from the internet", FROM_INTERNET},
    {"region_out", "to another region", TO_REGION},
    {"interzone_out", "between zones", TO_ZONES},
    {"interzone_in", "between zones", TO_ZONES},
    {"public_ip", "by public addresses", TO_ZONES},
    {"peering", "by peering", TO_ZONES},
    {"balancer", "by a load balancer's public address", TO_ZONES},
    {"cloudfront_out", "to CloudFront", TO_EDGE},
    {"cloudfront_in", "from CloudFront", FROM_EDGE},
    {"edge_out", "to viewers", TO_VIEWERS},
    {"s3_out", "to compute of the region", TO_PRIVATE},
    {"s3_in", "from compute of the region", TO_PRIVATE},
    {"nat", "through NAT", TO_PRIVATE},
    {"nat_services", "to AWS services of the region", TO_SERVICES},
    {"endpoint", "by private endpoint", TO_SERVICES},
    {"gateway", "through a transit gateway", TO_SITE},
    {"direct_connect", "by Direct Connect", TO_SITE},
};

static void add_traffic(Builder *builder, const Table *rows, size_t i) {
    Graph *graph = builder->graph;
    const char *account = cell(rows, i, "account"), *region = cell(rows, i, "region"), *kind = cell(rows, i, "kind");
    const GraphNode *piece = find(graph, cell(rows, i, "from_kind"), account, region, cell(rows, i, "from_label"));
    if (!piece) piece = find(graph, "region", account, region, NULL);
    if (!piece || !kind) return;
    const char *from = piece->id;
    double gb = number(rows, i, "gb");
    const long long cost_cents = cents(rows, i, "cost");
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        if (!text_equal(kinds[k].kind, kind)) continue;
        const char *name = kinds[k].name, *remote = cell(rows, i, "remote_region");
        switch (kinds[k].target) {
        case TO_INTERNET:
            add_edge(builder, from, place(builder, "internet", "internet", NULL, NULL), name, gb, cost_cents);
            break;
        case FROM_INTERNET:
            add_edge(builder, place(builder, "internet", "internet", NULL, NULL), from, name, gb, cost_cents);
            break;
        case TO_VIEWERS:
            add_edge(builder, from, place(builder, "internet", "internet", NULL, NULL), name, gb, cost_cents);
            break;
        case TO_REGION:
            add_edge(builder, from, place(builder, "remote-region", remote ? remote : "another region", NULL, NULL), name, gb,
                     cost_cents);
            break;
        case TO_ZONES:
            /* Both ends are metered: half of it is what went over. */
            add_edge(builder, from, place(builder, "zones", "zones of the region", account, region), name, gb / 2, cost_cents);
            break;
        case TO_EDGE: add_edge(builder, from, place(builder, "edge", "CloudFront", NULL, NULL), name, gb, cost_cents); break;
        case FROM_EDGE: add_edge(builder, place(builder, "edge", "CloudFront", NULL, NULL), from, name, gb, cost_cents); break;
        case TO_PRIVATE:
            add_edge(builder, place(builder, "private", "private networks", account, region), from, name, gb, cost_cents);
            break;
        case TO_SERVICES:
            add_edge(builder, from, place(builder, "services", "AWS services", account, region), name, gb, cost_cents);
            break;
        case TO_SITE:
            add_edge(builder, from, place(builder, "site", "other networks", NULL, NULL), name, gb, cost_cents);
            break;
        }
    }
}

static int by_cost_and_size(const void *a, const void *b) {
    const GraphEdge *x = a, *y = b;
    if (x->cost_cents != y->cost_cents) return x->cost_cents < y->cost_cents ? 1 : -1;
    if (x->gb > y->gb || x->gb < y->gb) return x->gb < y->gb ? 1 : -1;
    int order = strcmp(x->from, y->from);
    if (order == 0) order = strcmp(x->to, y->to);
    return order ? order : strcmp(x->kind, y->kind);
}

/* Edges of the same ends and kind are one: traffic in and out between zones. */
static void merge_edges(Graph *graph) {
    size_t kept = 0;
    for (size_t i = 0; i < graph->edge_count; i++) {
        size_t same = 0;
        const GraphEdge *edge = &graph->edges[i];
        while (same < kept && !(text_equal(graph->edges[same].from, edge->from) &&
                                text_equal(graph->edges[same].to, edge->to) && text_equal(graph->edges[same].kind, edge->kind)))
            same++;
        if (same == kept) {
            graph->edges[kept++] = *edge;
        } else {
            graph->edges[same].gb += edge->gb;
            graph->edges[same].cost_cents += edge->cost_cents;
        }
    }
    graph->edge_count = kept;
    if (kept) qsort(graph->edges, kept, sizeof *graph->edges, by_cost_and_size);
}

/* A node is found by a walk through all: the pieces of a system that anybody looks at are some hundreds. */
#define NODES_SQL                                                                                                              \
    "SELECT n.account, a.account_name, a.cost AS account_cost, a.environment AS account_environment, a.environment_evidence "  \
    "AS "                                                                                                                      \
    "account_evidence, n.region, sum(n.cost) OVER (PARTITION BY n.account, n.region) AS region_cost, n.kind, n.label, "        \
    "n.service, n.resources, n.cost, "                                                                                         \
    "n.environment, n.environment_evidence, n.zones, n.types FROM node n LEFT JOIN account a ON a.account = n.account WHERE "  \
    "n.cost >= 0.005 ORDER BY a.cost DESC, "                                                                                   \
    "n.account, region_cost DESC, n.region, n.cost DESC, n.kind, n.label"
#define ZONES_SQL                                                                                                              \
    "SELECT account, region, zone, count(DISTINCT resource) AS resources, sum(cost) AS cost FROM placed WHERE zone IS NOT "    \
    "NULL "                                                                                                                    \
    "AND kind = 'compute' GROUP BY account, region, zone ORDER BY account, region, zone"
#define EDGES_SQL                                                                                                              \
    "SELECT * FROM edge WHERE gb >= 1 OR cost >= 0.01 ORDER BY cost DESC, gb DESC, account, region, from_kind, from_label, "   \
    "kind, "                                                                                                                   \
    "remote_region"

bool graph_make(Arena *arena, Features *features, const char *currency, Graph *out, Err *err) {
    Table *nodes = NULL, *zones = NULL, *edges = NULL;
    *out = (Graph){.currency = currency};
    Builder builder = {.arena = arena, .graph = out};
    if (!features_query(arena, features, NODES_SQL, &nodes, err) || !features_query(arena, features, ZONES_SQL, &zones, err) ||
        !features_query(arena, features, EDGES_SQL, &edges, err))
        return false;
    if (nodes->row_count > GRAPH_NODES) nodes->row_count = GRAPH_NODES;
    if (edges->row_count > GRAPH_EDGES) edges->row_count = GRAPH_EDGES;
    add_pieces(&builder, nodes);
    add_zones(&builder, zones);
    for (size_t i = 0; i < edges->row_count; i++) add_traffic(&builder, edges, i);
    merge_edges(out);
    return true;
}
