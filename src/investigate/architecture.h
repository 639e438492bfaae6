/* investigate/architecture.h: a system and its waste as its bill shows them.
 *
 * docs/architecture-findings.md shows what comes out; rules/README.md how rules are written. */
#ifndef CURLEW_INVESTIGATE_ARCHITECTURE_H
#define CURLEW_INVESTIGATE_ARCHITECTURE_H

#include "base/json.h"
#include "investigate/findings.h"

typedef struct {
    Findings findings;
    const char *currency, *source, *source_label, *as_of;
} Architecture;

/* Everything for the month named "2026-09" (NULL: the last complete one). ERR_REFUSED for a table that is no bill. */
bool architecture_find(Arena *arena, const Desk *desk, const char *month, Architecture *out, Err *err);

/* The object of `architecture --json` (DESIGN contract). (architecture_json.c) */
Json *architecture_json(Arena *arena, const Architecture *architecture);

#endif
