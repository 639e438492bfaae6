/* An architecture as a document for others: HTML, Markdown, Jira text. What it says is put together here as a tree of texts; how it looks
 * is in the templates architecture_report.html, architecture_report.md and architecture_jira.txt of tables/. */
#include <ctype.h>
#include <stdlib.h>

#include "answer/answer.h"
#include "answer/template.h"
#include "base/text.h"
#include "investigate/architecture.h"

enum { RESOURCES = 100, COMMANDS = 100, NODES = 200, EDGES = 50, MONTHS_A_YEAR = 12 };

static const char *money(Arena *arena, const Architecture *architecture, long long cents) {
    const char *text = arena_printf(arena, "%s%lld.%02lld", cents < 0 ? "-" : "", llabs(cents) / 100, llabs(cents) % 100);
    return answer_display(arena, text, architecture->currency);
}

static const char *where(Arena *arena, const char *name, const char *account, const char *region) {
    const char *place = name && account ? arena_printf(arena, "%s (%s)", name, account) : account ? account : "all accounts";
    return region ? arena_printf(arena, "%s, %s", place, region) : place;
}

static const char *capital(Arena *arena, const char *word) {
    char *text = arena_text(arena, word);
    *text = (char)toupper((unsigned char)*text);
    return text;
}

static void put_texts(Json *object, const char *key, const RuleTexts *texts, size_t most) {
    Json *list = json_put_array(object, key);
    for (size_t i = 0; i < texts->count && i < most; i++) json_add_text(list, texts->items[i]);
}

/* "and 12 more": NULL when all were shown. */
static const char *more(Arena *arena, size_t count, size_t most, const char *what) {
    return count > most ? arena_printf(arena, "%zu more %s are in the output of --json.", count - most, what) : NULL;
}

/* --- Findings ---------------------------------------------------------------------------------------------------------------- */

static void put_resources(Arena *arena, const Architecture *architecture, Json *object, const Finding *finding) {
    Json *list = json_put_array(object, "resources");
    for (size_t i = 0; i < finding->item_count && i < RESOURCES; i++) {
        const FindingItem *item = finding->items[i];
        if (!item->resource) continue;
        Json *one = json_add_object(list);
        json_put_text(one, "resource", item->resource);
        json_put_text(one, "cost", money(arena, architecture, item->cost_cents));
        json_put_text(one, "saving", money(arena, architecture, item->best_cents));
        json_put_text(one, "note",
                      item->counted_in ? arena_printf(arena, "saved by %s already", item->counted_in)
                      : item->related  ? "belongs to it"
                                       : NULL);
    }
    json_put_bool(object, "has_resources", json_count(list) > 0);
    json_put_text(object, "more_resources", more(arena, finding->item_count, RESOURCES, "resources"));
}

static const char *price_note(Arena *arena, const Finding *finding) {
    if (!finding->price_source) return NULL;
    if (text_equal(finding->price_source, "fallback"))
        return "A target price stands neither in own lines nor as list price on the bill: it comes from the built-in table.";
    return arena_printf(arena, "Target price: %s.", finding->price_source);
}

static void put_commands(Arena *arena, Json *object, const Finding *finding) {
    put_texts(object, "verify", &finding->verify, COMMANDS);
    put_texts(object, "remediate", &finding->remediate, COMMANDS);
    const size_t most = finding->verify.count > finding->remediate.count ? finding->verify.count : finding->remediate.count;
    json_put_text(object, "more_commands", more(arena, most, COMMANDS, "commands"));
}

static void put_finding(Arena *arena, const Architecture *architecture, Json *object, const Finding *finding) {
    static const char *const words[] = {"the bill proves it", "a strong inference", "a hypothesis to check"};
    const Rule *rule = finding->rule;
    const char class[2] = {finding->class, '\0'};
    json_put_text(object, "title", finding->title);
    json_put_text(object, "class", class);
    json_put_text(object, "class_words", words[finding->class - 'A']);
    json_put_text(object, "where", where(arena, finding->account_name, finding->account, finding->region));
    json_put_text(object, "rule", rule->id);
    json_put_text(object, "action", rule_action_name(rule->action));
    json_put_text(object, "infers", rule->infers);
    json_put_text(object, "formula", finding->formula);
    json_put_text(object, "saving", money(arena, architecture, finding->best_cents));
    json_put_text(object, "low", money(arena, architecture, finding->low_cents));
    json_put_text(object, "high", money(arena, architecture, finding->high_cents));
    json_put_bool(object, "range", finding->low_cents != finding->high_cents);
    json_put_text(object, "freed", finding->freed_cents ? money(arena, architecture, finding->freed_cents) : NULL);
    json_put_text(object, "price_note", price_note(arena, finding));
    put_texts(object, "evidence", &finding->evidence, COMMANDS);
    put_texts(object, "false_positives", &rule->false_positives, COMMANDS);
    put_resources(arena, architecture, object, finding);
    put_commands(arena, object, finding);
    json_put_text(object, "effort", rule->effort);
    json_put_text(object, "risk", rule->risk);
    json_put_text(object, "rule_source", rule->source);
}

/* Families with the largest saving first; findings come in the order of their savings. */
static void put_families(Arena *arena, const Architecture *architecture, Json *root) {
    const Findings *findings = &architecture->findings;
    bool *told = arena_array(arena, findings->count + 1, sizeof *told);
    Json *families = json_put_array(root, "families");
    for (;;) {
        const char *family = NULL;
        long long most = -1;
        for (size_t i = 0; i < findings->count; i++) {
            long long sum = 0;
            for (size_t k = 0; k < findings->count && !told[i]; k++)
                if (text_equal(findings->items[k].rule->family, findings->items[i].rule->family))
                    sum += findings->items[k].best_cents;
            if (!told[i] && sum > most) most = sum, family = findings->items[i].rule->family;
        }
        if (!family) return;
        Json *object = json_add_object(families), *list = json_put_array(object, "findings");
        json_put_text(object, "name", capital(arena, family));
        json_put_text(object, "saving", money(arena, architecture, most));
        for (size_t i = 0; i < findings->count; i++) {
            if (!text_equal(findings->items[i].rule->family, family)) continue;
            put_finding(arena, architecture, json_add_object(list), &findings->items[i]);
            told[i] = true;
        }
        json_put_text(object, "count", arena_printf(arena, "%zu", json_count(list)));
    }
}

/* --- The system -------------------------------------------------------------------------------------------------------------- */

static const char *label_of(const Graph *graph, const char *id) {
    for (size_t i = 0; i < graph->node_count; i++)
        if (text_equal(graph->nodes[i].id, id)) return graph->nodes[i].label;
    return id;
}

static void put_system(Arena *arena, const Architecture *architecture, Json *root) {
    const Graph *graph = &architecture->graph;
    Json *nodes = json_put_array(root, "nodes"), *edges = json_put_array(root, "edges");
    size_t pieces = 0;
    for (size_t i = 0; i < graph->node_count; i++) {
        const GraphNode *node = &graph->nodes[i];
        if (text_equal(node->kind, "zone") || text_equal(node->kind, "region") || ++pieces > NODES) continue;
        Json *one = json_add_object(nodes);
        json_put_text(one, "where", where(arena, node->account_name, node->account, node->region));
        json_put_text(one, "label", node->label);
        json_put_text(one, "kind", node->kind);
        json_put_text(one, "environment", node->environment);
        json_put_text(one, "resources", node->resources ? arena_printf(arena, "%zu", node->resources) : NULL);
        json_put_text(one, "cost", money(arena, architecture, node->cost_cents));
    }
    for (size_t i = 0; i < graph->edge_count && i < EDGES; i++) {
        const GraphEdge *edge = &graph->edges[i];
        Json *one = json_add_object(edges);
        json_put_text(one, "from", label_of(graph, edge->from));
        json_put_text(one, "to", label_of(graph, edge->to));
        json_put_text(one, "kind", edge->kind);
        json_put_text(one, "gb", arena_printf(arena, "%.0f", edge->gb));
        json_put_text(one, "cost", money(arena, architecture, edge->cost_cents));
    }
    json_put_bool(root, "has_nodes", json_count(nodes) > 0);
    json_put_bool(root, "has_edges", json_count(edges) > 0);
    json_put_text(root, "more_nodes", more(arena, pieces, NODES, "pieces"));
}

static void put_rest(Arena *arena, const Architecture *architecture, Json *root) {
    const Findings *findings = &architecture->findings;
    Json *statements = json_put_array(root, "statements"), *not_judged = json_put_array(root, "not_judged");
    for (size_t i = 0; i < findings->fact_count; i++) {
        const Finding *fact = &findings->facts[i];
        Json *one = json_add_object(statements);
        json_put_text(one, "text", fact->title);
        json_put_text(one, "where", where(arena, fact->account_name, fact->account, fact->region));
    }
    for (size_t i = 0; i < findings->not_judged_count; i++) {
        Json *one = json_add_object(not_judged);
        Buffer needs = {.arena = arena};
        for (size_t k = 0; k < findings->not_judged[i].needs.count; k++)
            buffer_printf(&needs, "%s%s", k ? ", " : "", findings->not_judged[i].needs.items[k]);
        json_put_text(one, "rule", findings->not_judged[i].rule->id);
        json_put_text(one, "needs", buffer_text(&needs));
    }
    json_put_bool(root, "has_statements", findings->fact_count > 0);
    json_put_bool(root, "has_not_judged", findings->not_judged_count > 0);
}

/* --- The whole --------------------------------------------------------------------------------------------------------------- */

static Json *page(Arena *arena, const Architecture *architecture, const char *picture) {
    const Findings *findings = &architecture->findings;
    const CalendarDate month = date_calendar(findings->period.start);
    const long long best = findings->best_cents[0] + findings->best_cents[1];
    Json *root = json_make_object(arena);
    json_put_text(root, "title", "What the bill says about the system");
    json_put_text(root, "period", arena_printf(arena, "%s %d", date_month_name(month.month), month.year));
    json_put_text(root, "source", architecture->source_label ? architecture->source_label : architecture->source);
    json_put_text(root, "data_through", findings->period.data_end);
    json_put_text(root, "total", money(arena, architecture, best));
    json_put_text(root, "total_low", money(arena, architecture, findings->low_cents[0] + findings->low_cents[1]));
    json_put_text(root, "total_high", money(arena, architecture, findings->high_cents[0] + findings->high_cents[1]));
    json_put_text(root, "annual", money(arena, architecture, best * MONTHS_A_YEAR));
    json_put_text(root, "to_check", findings->best_cents[2] ? money(arena, architecture, findings->best_cents[2]) : NULL);
    json_put_text(root, "basis", "Costs are amortized, net where the bill has net columns, before credits and tax.");
    json_put_bool(root, "incomplete", !findings->period.complete);
    json_put_text(root, "picture", picture);
    put_families(arena, architecture, root);
    put_rest(arena, architecture, root);
    put_system(arena, architecture, root);
    return root;
}

bool architecture_document(Arena *arena, const Architecture *architecture, TemplateForm form, const char *picture,
                           const char **out, Err *err) {
    static const char *const templates[] = {[TEMPLATE_HTML] = "architecture_report.html",
                                            [TEMPLATE_MARKDOWN] = "architecture_report.md",
                                            [TEMPLATE_JIRA] = "architecture_jira.txt"};
    return template_render(arena, templates[form], form, page(arena, architecture, picture), out, err);
}
