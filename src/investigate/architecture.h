/* investigate/architecture.h: a system and its waste as its bill shows them.
 *
 * docs/architecture-findings.md shows what comes out; rules/README.md how rules are written. */
#ifndef CURLEW_INVESTIGATE_ARCHITECTURE_H
#define CURLEW_INVESTIGATE_ARCHITECTURE_H

#include "answer/report.h"
#include "answer/template.h"
#include "base/json.h"
#include "investigate/findings.h"
#include "investigate/graph.h"

typedef struct {
    const RuleBook *book;
    Findings findings;
    Graph graph;
    const char *currency, *source, *source_label, *as_of;
} Architecture;

/* Everything for the month named "2026-09" (NULL: the last complete one). With `rule` only that one is judged, so that nothing is
 * counted elsewhere. ERR_REFUSED for a table that is no bill, ERR_INPUT for a rule or month that does not exist. */
bool architecture_find(Arena *arena, const Desk *desk, const char *month, const char *rule, Architecture *out, Err *err);

/* The findings alone, without the picture. */
bool findings_find(Arena *arena, const Desk *desk, const char *month, Architecture *out, Err *err);

/* The object of `architecture --json` (DESIGN contract). (architecture_json.c) */
Json *architecture_json(Arena *arena, const Architecture *architecture);

/* For a terminal: the whole on a page, or the findings of one rule in full. (architecture_text.c) */
Report *architecture_report(Arena *arena, const Architecture *architecture);
Report *architecture_report_rule(Arena *arena, const Architecture *architecture);

/* For others: a whole document in HTML (one file, nothing is loaded) or Markdown, or a ticket's text for each finding in Jira's markup.
 * `picture` is SVG that this program had drawn, NULL for none. (architecture_document.c) */
bool architecture_document(Arena *arena, const Architecture *architecture, TemplateForm form, const char *picture,
                           const char **out, Err *err);

#endif
