/* investigate/graph.h: the system as nodes and edges, and its forms as text that others draw: Mermaid, Graphviz.
 *
 * A node is a group of resources of one kind in an account and region (an autoscaling group, a database, all functions of a
 * workload); accounts, regions and zones are nodes too. Edges are traffic that the bill metered, with gigabytes and dollars. */
#ifndef CURLEW_INVESTIGATE_GRAPH_H
#define CURLEW_INVESTIGATE_GRAPH_H

#include "base/json.h"
#include "investigate/features.h"

typedef struct {
    const char *id;   /* "n12": stable within one graph */
    const char *kind; /* account, region, zone, compute, nat, bucket, internet, … */
    const char *label;
    const char *parent; /* id of the region or account that it belongs to; NULL */
    const char *account, *account_name, *region;
    const char *service;
    size_t resources;
    long long cost_cents;
    const char *environment, *environment_evidence; /* NULL = not known */
    const char *zones, *types;                      /* lists in words, NULL */
} GraphNode;

typedef struct {
    const char *from, *to; /* ids of nodes */
    const char *kind;      /* internet, between zones, between regions, through NAT, … */
    double gb;
    long long cost_cents;
} GraphEdge;

typedef struct {
    size_t node_count, edge_count;
    GraphNode *nodes; /* accounts by cost, each with its regions, each with its pieces by cost */
    GraphEdge *edges; /* the dearest first */
    const char *currency;
} Graph;

bool graph_make(Arena *arena, Features *features, const char *currency, Graph *out, Err *err);

void graph_put_json(Arena *arena, const Graph *graph, Json *root); /* members `nodes` and `edges` */
/* Both draw the pieces that cost most and name how many were left out: a picture of everything is no picture. */
const char *graph_mermaid(Arena *arena, const Graph *graph);
const char *graph_dot(Arena *arena, const Graph *graph);

#endif
