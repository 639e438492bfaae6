/* ingest/normalise.h: a delivery of a bill becomes lines of the canonical model (tables/bill_columns.tsv).
 *
 * normalise_prepare() looks at the delivery once (probe.h); normalise_model() then writes the query for all of its lines. */
#ifndef CURLEW_INGEST_NORMALISE_H
#define CURLEW_INGEST_NORMALISE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/knowledge.h"
#include "ingest/maps.h"
#include "ingest/model.h"
#include "ingest/oddities.h"
#include "ingest/probe.h"
#include "ingest/reader.h"
#include "ingest/tags.h"
#include "ingest/watch.h"

#define NORMALISE_MAPS 8

typedef struct {
    Arena *arena;
    Watch *watch;
    Reader reader;
    TagNames *names;
    Probe probe;
    size_t map_count;
    MapColumn maps[NORMALISE_MAPS];
    size_t override_count; /* of money columns that need another type than their default: found out by amounts.h */
    NumberOverride *overrides;
    bool spreadsheet_amounts;
    Oddities odd;
} Normaliser;

/* Probes the delivery and prepares the tables that the query joins. */
bool normalise_prepare(Arena *arena, Watch *watch, const Delivery *delivery, TagNames *names, Normaliser *out, Err *err);

/* The same from the first rows of every shape of file only (0 = all rows). What is constant in all lines stays unknown then. */
bool normalise_prepare_from(Arena *arena, Watch *watch, const Delivery *delivery, TagNames *names, long long head_rows,
                            Normaliser *out, Err *err);

/* Gives quantities in text 38 digits: of the first lines, which do not say how large they get. */
void normalise_widen_quantities(Normaliser *normaliser);

/* Whether the first lines are not enough to say how the others are read: maps as text, net columns. */
bool normalise_needs_all_lines(Arena *arena, const Reader *reader);

/* The model of the delivery, its outputs in the order of tables/bill_columns.tsv, then tags, then extra columns. Sets has_net of the
 * probe's periods. */
bool normalise_model(Normaliser *normaliser, Model *out, Err *err);

/* Keys of the amounts that the model casts strictly, for finding out why a query failed; `only` gets the line item type on which each is read,
 * or "". */
size_t normalise_amounts(const Normaliser *normaliser, const char ***keys, const char ***only);

/* --- the two families of formats; used by normalise.c only --- */
void normalise_cur_request(Arena *arena, const Reader *reader, const MapColumn *maps, size_t map_count, ProbeRequest *out);
bool normalise_cur(Normaliser *normaliser, Model *model, Err *err);
void normalise_focus_request(Arena *arena, const Reader *reader, ProbeRequest *out);
bool normalise_focus(Normaliser *normaliser, Model *model, Err *err);

/* SQL over s: the first of the sources ("a|b|map[key]") that has a value; NULL when the delivery has none. Names of those that exist go
 * to `printed`. */
const char *normalise_text(const Model *model, const MapColumn *maps, size_t map_count, const char *sources,
                           const char **printed);

#endif
