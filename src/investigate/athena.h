/* investigate/athena.h: what queries for Athena share: the name of the user's own table, the months they read (inside the room). */
#ifndef CURLEW_INVESTIGATE_ATHENA_H
#define CURLEW_INVESTIGATE_ATHENA_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/sql.h"

/* "billing.cur2" as quoted identifiers; ERR_USAGE for what names no table. */
bool athena_table(Arena *arena, const char *table, const char **out, Err *err);

/* "Cost Center" as a bill in Athena names it: user_cost_center. */
const char *athena_tag_key(Arena *arena, const char *tag);

/* Adds "AND …" for the billing months "2026-07" from and to, both included, NULL = all. They are a partition of CUR 2.0 tables; of legacy
 * ones the first day is a column. ERR_USAGE for what is no month. */
bool athena_add_months(Sql *sql, bool legacy, const char *from, const char *to, Err *err);

#endif
