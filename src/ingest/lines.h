/* ingest/lines.h: what each kind of line of a delivery is: the temporary table "lines", joined to every line by its product code, usage
 * type and line item type.
 *
 *   code, usage_type, type                    '' where the line has none
 *   service, service_category                 a function of the code alone
 *   charge_category, charge_frequency, kind   of the line item type (kind: LineKind)
 *   meter, meter_instance, volume_type        of the usage type */
#ifndef CURLEW_INGEST_LINES_H
#define CURLEW_INGEST_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "io/duck.h"

/* tables/line_item_types.tsv, column kind. */
typedef enum {
    LINE_OTHER,
    LINE_USAGE,
    LINE_DISCOUNTED,
    LINE_COVERED,
    LINE_NEGATION,
    LINE_FLAT_RATE,
    LINE_RI_FEE,
    LINE_PLAN_FEE,
    LINE_PLAN_UPFRONT,
    LINE_FEE,
    LINE_DISCOUNT,
    LINE_REFUND
} LineKind;

/* Makes "lines" from the probe (see probe.h). A source without line item types has usage lines only. Sentences about types that are not
 * known go to `odd`. */
bool lines_make(Arena *arena, DuckSession *session, bool has_types, const char ***odd, size_t *odd_count, Err *err);

/* The join behind "AS t", whose inputs must have the aliases x_ServiceCode, x_UsageType and x_LineItemType (those that exist). */
const char *lines_join(Arena *arena, bool has_code, bool has_usage_type, bool has_type);

#endif
