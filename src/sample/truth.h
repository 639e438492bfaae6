/* sample/truth.h: what is true of a sample bill, as truth.json (docs/sample.md). Private to the room. All lines have been made. */
#ifndef CURLEW_SAMPLE_TRUTH_H
#define CURLEW_SAMPLE_TRUTH_H

#include "base/err.h"
#include "base/json.h"
#include "io/duck.h"
#include "sample/lines.h"
#include "sample/world.h"

/* What the parts of truth.json are made from. */
typedef struct {
    Arena *arena;
    DuckSession *session;
    const World *world;
    const LineTerms *terms;
    const char *basis; /* "2026-09" */
} TruthSetting;

/* "totals": per month, line item type, account, service, region and owner tag, as exact decimal texts. `row_count` gets the lines of the CUR formats. */
bool truth_add_totals(const TruthSetting *setting, Json *truth, long long *row_count, Err *err);
/* "owners", "ownership", "owner_tag_keys". */
bool truth_add_owners(const TruthSetting *setting, Json *truth, Err *err);
/* "findings", "decoys", "also_true". */
bool truth_add_findings(const TruthSetting *setting, Json *truth, Err *err);
/* "drivers", "anomalies", "commitments". */
bool truth_add_changes(const TruthSetting *setting, Json *truth, Err *err);

/* Adds an array of objects with the columns of a query: whole numbers and booleans as such, evidence and tag_values (joined by "|") as lists, all else as text; NULL is
 * left away. */
bool truth_put_rows(const TruthSetting *setting, Json *object, const char *key, const char *sql, Err *err);

#endif
