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
    /* One value in all lines, or what another output says too: kept in the facts instead of the lines. Set by constants.h. */
    bool is_constant;
    const char *constant; /* NULL = always empty */
    const char *constant_type;
    const char *same_as; /* name of an earlier output */
    bool is_looked_up;   /* follows from texts of the line that direct.c keeps: product code, usage type, type, … */
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
    bool spreadsheet_dates;   /* read "9/1/2024 0:00" too */
    bool spreadsheet_amounts; /* read "$10,000.00" too */
    size_t override_count;
    NumberOverride *overrides;
    size_t input_count, input_room;
    InputColumn *inputs;
    size_t output_count, output_room;
    OutputColumn *outputs;
    const char *source;      /* relation that was read already, or NULL: the delivery's files */
    const char *input_joins; /* behind "AS s" */
    const char *output_join; /* behind "AS t" */
} Model;

/* SQL over s for a column by key, NULL when the source has none. */
const char *model_text(const Model *model, const char *key);
const char *model_time(const Model *model, const char *key);
const char *model_number(const Model *model, const char *key, NumberType *type);

/* SQL for a value that all lines have ("CAST('USD' AS VARCHAR)"), NULL = no value. */
const char *model_constant(Arena *arena, const char *value, const char *type);

/* Formats that spreadsheets leave behind, as the engine's list of patterns. */
#define MODEL_SPREADSHEET_DATES                                                                                                \
    "['%%m/%%d/%%y', '%%m/%%d/%%Y', '%%m/%%d/%%y %%H:%%M', '%%m/%%d/%%Y %%H:%%M', '%%m/%%d/%%y %%H:%%M:%%S', '%%m/%%d/%%Y "    \
    "%%H:%%M:%%S']"

/* SQL for the time in a text (three times the same column as %R): ISO 8601, else a spreadsheet's. The engine alone would take "4/1/25" for
 * the year 4. */
#define MODEL_TIME_OF_TEXT                                                                                                     \
    "CASE WHEN substr(%R, 5, 1) = '-' THEN TRY_CAST(%R AS TIMESTAMP) ELSE try_strptime(%R, " MODEL_SPREADSHEET_DATES ") END"

/* Amounts as spreadsheets show them. A comma counts as a separator of thousands only beside a currency sign or a decimal point: "1,234" alone may
 * be one and a quarter. */
#define MODEL_SPREADSHEET_AMOUNT                                                                                               \
    "'\\s*[-+(]?\\s*([$€£]\\s*[0-9]+(,[0-9]{3})*(\\.[0-9]+)?|[0-9]{1,3}(,[0-9]{3})*\\.[0-9]+)\\s*\\)?\\s*'"

/* "DECIMAL(18, 12)". */
const char *number_type_text(Arena *arena, NumberType type);
/* The type that an amount of a column of this engine type takes unless its values ask for another. */
NumberType number_type_default(const char *engine_type);
/* SQL for the text of an amount without what a spreadsheet puts around it: "($1,234.50)" is "-1234.50". */
const char *number_plain_text(Arena *arena, const char *expression);
/* A type that holds every value of both. */
NumberType number_type_merge(NumberType a, NumberType b);

void model_add_input(Model *model, const char *alias, const char *expression);
bool model_has_input(const Model *model, const char *alias);
OutputColumn *model_add_output(Model *model, const char *name, const char *expression, const char *source);
OutputColumn *model_find_output(const Model *model, const char *name);

/* Only the inputs: what stands in the parentheses before "AS t". */
const char *model_inputs_sql(const Model *model, const char *rejects);

/* The whole query. `rejects` as in reader_sql(). */
const char *model_sql(const Model *model, const char *rejects);

#endif
