/* ingest/amounts.h: finds out why the strict query of a bill failed: an amount or a time that cannot be read, or one too large for its type. */
#ifndef CURLEW_INGEST_AMOUNTS_H
#define CURLEW_INGEST_AMOUNTS_H

#include <stdbool.h>

#include "base/err.h"
#include "ingest/normalise.h"

/* After a failure of the query. True = something was changed in `normaliser` (types of amounts, dates of spreadsheets) and the query is worth
 * another try. False with `err`: ERR_INPUT naming file, line and text of what cannot be read, or `failure` itself when all is readable. */
bool amounts_diagnose(Normaliser *normaliser, const Err *failure, Err *err);

#endif
