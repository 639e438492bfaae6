/* ingest/constants.h: columns that say the same in every line of a delivery: the payer, the currency, all that is always empty.
 *
 * They are a third of a bill's columns and cost as much to store as others. Their value is kept once, with the facts of the snapshot, and the
 * view of the workspace puts it into every line. The first lines say which columns may be constant; the probe, which reads every line anyway,
 * says which are. */
#ifndef CURLEW_INGEST_CONSTANTS_H
#define CURLEW_INGEST_CONSTANTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/sql.h"
#include "ingest/model.h"
#include "ingest/reader.h"
#include "ingest/watch.h"

/* A column that is constant in the first lines. */
typedef struct {
    const char *key;
    const char *value; /* NULL = empty */
} ConstantGuess;

/* Reads the first lines of every shape of file. Amounts and times of charges are no candidates: they vary, or are summed. */
bool constants_guess(Arena *arena, Watch *watch, const Reader *reader, ConstantGuess **out, size_t *count, Err *err);

/* Adds to a query over s, grouped or not, one aggregate per guess: ", … AS varies_<i>". */
void constants_add_checks(Sql *sql, const Reader *reader, const ConstantGuess *guesses, size_t count);

/* Reads these aggregates from `table` and notes with the reader's columns which guesses hold. */
bool constants_settle(Arena *arena, Watch *watch, const char *table, const ConstantGuess *guesses, size_t count, Reader *reader,
                      Err *err);

/* Marks the outputs of a model that have one value in all lines, and those that repeat another output. */
void constants_mark_outputs(Model *model);

#endif
