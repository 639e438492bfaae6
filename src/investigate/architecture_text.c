/* An architecture for people at a terminal: what to save, the system, its traffic; or one rule's findings in full. */
#include <stdlib.h>

#include "answer/answer.h"
#include "base/text.h"
#include "investigate/architecture.h"

enum {
    SHOWN_FINDINGS = 20,
    SHOWN_EDGES = 10,
    SHOWN_STATEMENTS = 12,
    SHOWN_RESOURCES = 20,
    SHOWN_COMMANDS = 6,
    SHOWN_KINDS = 6,
    AMOUNT_COLUMNS = 10,
    SMALL_REGION_SHARE = 2000,
    MONTHS_A_YEAR = 12
};

static const char *money(Arena *arena, const Architecture *architecture, long long cents) {
    const char *text = arena_printf(arena, "%s%lld.%02lld", cents < 0 ? "-" : "", llabs(cents) / 100, llabs(cents) % 100);
    return answer_display(arena, text, architecture->currency);
}

static const char *where(Arena *arena, const Finding *finding) {
    const char *account = finding->account_name ? finding->account_name : finding->account ? finding->account : "all accounts";
    return finding->region ? arena_printf(arena, "%s, %s", account, finding->region) : account;
}

/* "4,200 (3,900 to 5,000)" */
static const char *range(Arena *arena, const Architecture *architecture, long long low, long long best, long long high) {
    if (low == high) return money(arena, architecture, best);
    return arena_printf(arena, "%s (%s to %s)", money(arena, architecture, best), money(arena, architecture, low),
                        money(arena, architecture, high));
}

static void add_summary(Arena *arena, const Architecture *architecture, Report *report) {
    const Findings *findings = &architecture->findings;
    const CalendarDate month = date_calendar(findings->period.start);
    const long long low = findings->low_cents[0] + findings->low_cents[1],
                    best = findings->best_cents[0] + findings->best_cents[1],
                    high = findings->high_cents[0] + findings->high_cents[1];
    report_heading(
        report, arena_printf(arena, "What the bill of %s %d says about the system", date_month_name(month.month), month.year));
    report_pair(report, "could save",
                arena_printf(arena, "%s a month, %s a year: proven by the bill (A) or likely (B)",
                             range(arena, architecture, low, best, high), money(arena, architecture, best * MONTHS_A_YEAR)));
    if (findings->best_cents[2])
        report_pair(
            report, "to check",
            arena_printf(arena, "%s a month more: needs a look outside the bill first (C)",
                         range(arena, architecture, findings->low_cents[2], findings->best_cents[2], findings->high_cents[2])));
    report_pair(
        report, "judged",
        arena_printf(arena, "%zu rules of %zu", findings->rule_count - findings->not_judged_count, findings->rule_count));
    if (!findings->period.complete)
        report_pair(report, "note", "the month is not complete in the data: amounts are of the days that are");
    if (architecture->source_label) report_pair(report, "source", text_printable(arena, architecture->source_label));
}

static void add_findings(Arena *arena, const Architecture *architecture, Report *report) {
    const Findings *findings = &architecture->findings;
    const size_t count = findings->count < SHOWN_FINDINGS ? findings->count : SHOWN_FINDINGS;
    if (!count) {
        report_line(report, "No waste was found by the rules that could be judged.");
        return;
    }
    report_heading(report, "Findings, by what they could save in a month");
    for (size_t i = 0; i < count; i++) {
        const Finding *finding = &findings->items[i];
        report_pair(
            report,
            arena_printf(arena, "%*s  %c", AMOUNT_COLUMNS, money(arena, architecture, finding->best_cents), finding->class),
            arena_printf(arena, "%s · %s · %s", finding->title, text_printable(arena, where(arena, finding)),
                         finding->rule->id));
    }
    if (findings->count > count)
        report_line(report, arena_printf(arena, "%zu more are smaller; --report FILE and --json have all of them.",
                                         findings->count - count));
    report_line(report, arena_printf(arena, "How it was worked out, how to check and to fix: curlew architecture --rule %s",
                                     findings->items[0].rule->id));
}

/* "compute $1,200, database $800 and 4 more", of the pieces of one region. */
static const char *kinds_of(Arena *arena, const Architecture *architecture, const char *region_id) {
    const Graph *graph = &architecture->graph;
    struct {
        const char *kind;
        long long cost_cents;
    } kinds[64];
    size_t count = 0;
    for (size_t i = 0; i < graph->node_count; i++) {
        const GraphNode *node = &graph->nodes[i];
        if (!text_equal(node->parent, region_id) || text_equal(node->kind, "zone")) continue;
        size_t at = 0;
        while (at < count && !text_equal(kinds[at].kind, node->kind)) at++;
        if (at == sizeof kinds / sizeof *kinds) continue;
        if (at == count) kinds[count++].kind = node->kind, kinds[at].cost_cents = 0;
        kinds[at].cost_cents += node->cost_cents;
    }
    Buffer out = {.arena = arena};
    for (size_t shown = 0; shown < SHOWN_KINDS && shown < count; shown++) {
        size_t most = shown;
        for (size_t i = shown; i < count; i++)
            if (kinds[i].cost_cents > kinds[most].cost_cents) most = i;
        const char *kind = kinds[most].kind;
        const long long cost_cents = kinds[most].cost_cents;
        kinds[most] = kinds[shown];
        kinds[shown].kind = kind;
        kinds[shown].cost_cents = cost_cents;
        buffer_printf(&out, "%s%s %s", shown ? ", " : "", kind, money(arena, architecture, cost_cents));
    }
    if (count > SHOWN_KINDS) buffer_printf(&out, " and %zu more", count - SHOWN_KINDS);
    return buffer_text(&out);
}

static void add_system(Arena *arena, const Architecture *architecture, Report *report) {
    const Graph *graph = &architecture->graph;
    size_t regions = 0, left = 0, row = 0;
    long long left_cents = 0, all_cents = 0;
    for (size_t i = 0; i < graph->node_count; i++)
        if (text_equal(graph->nodes[i].kind, "region")) all_cents += graph->nodes[i].cost_cents;
    /* Regions in which only auditing runs would fill the page. */
    const long long least = all_cents / SMALL_REGION_SHARE;
    for (size_t i = 0; i < graph->node_count; i++) {
        if (!text_equal(graph->nodes[i].kind, "region")) continue;
        if (graph->nodes[i].cost_cents >= least)
            regions++;
        else
            left++, left_cents += graph->nodes[i].cost_cents;
    }
    if (!regions) return;
    static const char *const titles[] = {"account", "region", "a month", "what runs there"};
    Grid *grid = grid_make(arena, 4, regions);
    for (size_t i = 0; i < 4; i++) grid->columns[i].title = titles[i];
    grid->columns[2].right = true;
    grid->columns[3].cut = CUT_END;
    const char *account = "";
    for (size_t i = 0; i < graph->node_count; i++) {
        const GraphNode *node = &graph->nodes[i];
        if (text_equal(node->kind, "account"))
            account = node->environment ? arena_printf(arena, "%s (%s)", node->label, node->environment) : node->label;
        if (!text_equal(node->kind, "region") || node->cost_cents < least) continue;
        grid_set(grid, row, 0, text_printable(arena, account ? account : "(none)"));
        grid_set(grid, row, 1, text_printable(arena, node->label));
        grid_set(grid, row, 2, money(arena, architecture, node->cost_cents));
        grid_set(grid, row++, 3, kinds_of(arena, architecture, node->id));
        account = "";
    }
    report_heading(report, "The system");
    report_grid(report, grid);
    if (left)
        report_line(report, arena_printf(arena, "%zu more places of an account and region cost %s together.", left,
                                         money(arena, architecture, left_cents)));
}

static const GraphNode *node_of(const Graph *graph, const char *id) {
    for (size_t i = 0; i < graph->node_count; i++)
        if (text_equal(graph->nodes[i].id, id)) return &graph->nodes[i];
    return &graph->nodes[0];
}

static void add_traffic(Arena *arena, const Architecture *architecture, Report *report) {
    const Graph *graph = &architecture->graph;
    const size_t count = graph->edge_count < SHOWN_EDGES ? graph->edge_count : SHOWN_EDGES;
    if (!count) return;
    static const char *const titles[] = {"from", "to", "how", "GB", "a month"};
    Grid *grid = grid_make(arena, 5, count);
    for (size_t i = 0; i < 5; i++) grid->columns[i].title = titles[i];
    grid->columns[3].right = grid->columns[4].right = true;
    for (size_t i = 0; i < count; i++) {
        const GraphEdge *edge = &graph->edges[i];
        grid_set(grid, i, 0, text_printable(arena, node_of(graph, edge->from)->label));
        grid_set(grid, i, 1, text_printable(arena, node_of(graph, edge->to)->label));
        grid_set(grid, i, 2, edge->kind);
        grid_set(grid, i, 3, answer_display(arena, arena_printf(arena, "%.0f", edge->gb), "count"));
        grid_set(grid, i, 4, money(arena, architecture, edge->cost_cents));
    }
    report_heading(report, "Traffic that the bill meters");
    report_grid(report, grid);
}

static void add_statements(Arena *arena, const Architecture *architecture, Report *report) {
    const Findings *findings = &architecture->findings;
    if (findings->fact_count) report_heading(report, "What else it shows");
    for (size_t i = 0; i < findings->fact_count && i < SHOWN_STATEMENTS; i++)
        report_line(report, arena_printf(arena, "- %s", findings->facts[i].title));
    if (findings->not_judged_count) report_heading(report, "Not judged");
    for (size_t i = 0; i < findings->not_judged_count; i++) {
        const NotJudged *one = &findings->not_judged[i];
        Buffer needs = {.arena = arena};
        for (size_t j = 0; j < one->needs.count; j++) buffer_printf(&needs, "%s%s", j ? ", " : "", one->needs.items[j]);
        report_line(report, arena_printf(arena, "- %s needs %s", one->rule->id, buffer_text(&needs)));
    }
}

Report *architecture_report(Arena *arena, const Architecture *architecture) {
    Report *report = report_make(arena);
    add_summary(arena, architecture, report);
    add_findings(arena, architecture, report);
    add_system(arena, architecture, report);
    add_traffic(arena, architecture, report);
    add_statements(arena, architecture, report);
    return report;
}

/* --- One rule in full ----------------------------------------------------------------------------------------------------------- */

static void add_resources(Arena *arena, const Architecture *architecture, const Finding *finding, Report *report) {
    size_t count = 0;
    while (count < finding->item_count && count < SHOWN_RESOURCES && finding->items[count]->resource) count++;
    if (!count) return;
    static const char *const titles[] = {"resource", "costs", "saves"};
    Grid *grid = grid_make(arena, 3, count);
    for (size_t i = 0; i < 3; i++) grid->columns[i].title = titles[i];
    grid->columns[1].right = grid->columns[2].right = true;
    for (size_t i = 0; i < count; i++) {
        const FindingItem *item = finding->items[i];
        grid_set(grid, i, 0, text_printable(arena, item->resource));
        if (item->related) {
            grid_set(grid, i, 2, "belongs to it");
            continue;
        }
        grid_set(grid, i, 1, money(arena, architecture, item->cost_cents));
        grid_set(grid, i, 2,
                 item->counted_in ? arena_printf(arena, "in %s", item->counted_in)
                                  : money(arena, architecture, item->best_cents));
    }
    report_grid(report, grid);
    if (finding->item_count > count)
        report_line(report, arena_printf(arena, "%zu more resources: --json", finding->item_count - count));
}

static void add_texts(Arena *arena, const char *label, const RuleTexts *texts, size_t most, Report *report) {
    for (size_t i = 0; i < texts->count && i < most; i++)
        report_pair(report, i ? "" : label, text_printable(arena, texts->items[i]));
    if (texts->count > most) report_pair(report, "", arena_printf(arena, "%zu more: --json", texts->count - most));
}

static void add_finding(Arena *arena, const Architecture *architecture, const Finding *finding, Report *report) {
    report_heading(report, arena_printf(arena, "%s · %s", finding->title, where(arena, finding)));
    report_pair(report, "saves",
                arena_printf(arena, "%s a month of %s",
                             range(arena, architecture, finding->low_cents, finding->best_cents, finding->high_cents),
                             money(arena, architecture, finding->cost_cents)));
    report_pair(report, "how sure",
                arena_printf(arena, "class %c: %s", finding->class,
                             finding->class == 'A'   ? "the bill itself proves it"
                             : finding->class == 'B' ? "a strong inference"
                                                     : "a hypothesis that needs a check outside the bill"));
    report_pair(report, "infers", finding->rule->infers);
    add_texts(arena, "seen", &finding->evidence, SHOWN_COMMANDS, report);
    report_pair(report, "formula", finding->formula);
    if (finding->price_source)
        report_pair(report, "prices", arena_printf(arena, "some are not your own: %s", finding->price_source));
    if (finding->freed_cents)
        report_pair(report, "frees",
                    arena_printf(arena, "%s a month that a commitment has paid already",
                                 money(arena, architecture, finding->freed_cents)));
    add_resources(arena, architecture, finding, report);
    add_texts(arena, "no waste if", &finding->rule->false_positives, SHOWN_COMMANDS, report);
    add_texts(arena, "check", &finding->verify, SHOWN_COMMANDS, report);
    add_texts(arena, "fix", &finding->remediate, SHOWN_COMMANDS, report);
    report_pair(report, "effort", arena_printf(arena, "%s; risk %s", finding->rule->effort, finding->rule->risk));
}

Report *architecture_report_rule(Arena *arena, const Architecture *architecture) {
    const Findings *findings = &architecture->findings;
    Report *report = report_make(arena);
    for (size_t i = 0; i < findings->count; i++) add_finding(arena, architecture, &findings->items[i], report);
    for (size_t i = 0; i < findings->fact_count; i++) {
        report_heading(report, findings->facts[i].title);
        add_texts(arena, "seen", &findings->facts[i].evidence, SHOWN_COMMANDS, report);
        add_resources(arena, architecture, &findings->facts[i], report);
    }
    for (size_t i = 0; i < findings->not_judged_count; i++) {
        report_heading(report, findings->not_judged[i].rule->id);
        add_texts(arena, "needs", &findings->not_judged[i].needs, SHOWN_COMMANDS, report);
    }
    if (!findings->count && !findings->fact_count && !findings->not_judged_count)
        report_line(report,
                    arena_printf(arena, "%s: judged, and nothing found on this bill.", architecture->book->rules[0].id));
    return report;
}
