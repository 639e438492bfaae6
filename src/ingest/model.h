/* ingest/model.h: the query that turns a delivery into lines of the canonical model, while it is put together.
 *
 *   SELECT <outputs> FROM (SELECT <inputs> FROM <reader> AS s <joins>) AS t LEFT JOIN <line classes> AS l
 *
 * Inputs are columns of the source, typed and with empty text made NULL: each is read once however many formulas use it. Outputs are columns
 * of the snapshot. Amounts are cast strictly: one that cannot be read, or does not fit its type, fails the query, and
 * amounts.h finds out why. */
#ifndef CURLEW_INGEST_MODEL_H
#define CURLEW_INGEST_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "ingest/reader.h"

/* DECIMAL(width, scale). */
typedef struct {
    int width, scale;
} NumberType;

typedef enum { OUTPUT_BILL, OUTPUT_TAG, OUTPUT_COST_CATEGORY, OUTPUT_ACCOUNT_TAG, OUTPUT_EXTRA } OutputKind;

typedef struct {
    const char *name;       /* column of the snapshot */
    const char *expression; /* over t (inputs) and l (line classes) */
    const char *source;     /* column of the file as printed, for the facts; several joined by ", " */
    OutputKind kind;
    const char *key;   /* raw tag key */
    bool is_dimension; /* text that groups: has a dictionary */
    bool in_rollup;
} OutputColumn;

typedef struct {
    const char *alias, *expression;
} InputColumn;

/* Types of amounts that do not have their default, by source key. */
typedef struct {
    const char *key;
    NumberType type;
} NumberOverride;

typedef struct {
    Arena *arena;
    const Reader *reader;
    bool spreadsheet_dates; /* read "9/1/2024 0:00" too */
    size_t override_count;
    NumberOverride *overrides;
    size_t input_count, input_room;
    InputColumn *inputs;
    size_t output_count, output_room;
    OutputColumn *outputs;
    const char *source;        /* relation that was read already, or NULL: the delivery's files */
    const char *input_joins;   /* behind "AS s" */
    const char *output_join;   /* behind "AS t" */
    const char *output_filter; /* condition over t, or NULL */
} Model;

/* SQL over s for a column by key, NULL when the source has none. */
const char *model_text(const Model *model, const char *key);
const char *model_time(const Model *model, const char *key);
const char *model_number(const Model *model, const char *key, NumberType *type);

/* Formats that spreadsheets leave behind, as the engine's list of patterns. */
#define MODEL_SPREADSHEET_DATES "['%%m/%%d/%%Y %%H:%%M', '%%m/%%d/%%Y %%H:%%M:%%S', '%%m/%%d/%%y %%H:%%M', '%%m/%%d/%%Y']"

/* "DECIMAL(18, 12)". */
const char *number_type_text(Arena *arena, NumberType type);
/* The type that an amount of a column of this engine type takes unless its values ask for another. */
NumberType number_type_default(const char *engine_type);
/* A type that holds every value of both. */
NumberType number_type_merge(NumberType a, NumberType b);

void model_add_input(Model *model, const char *alias, const char *expression);
bool model_has_input(const Model *model, const char *alias);
OutputColumn *model_add_output(Model *model, const char *name, const char *expression, const char *source);
OutputColumn *model_find_output(const Model *model, const char *name);

/* The whole query. `rejects` as in reader_sql(). */
const char *model_sql(const Model *model, const char *rejects);

#endif
