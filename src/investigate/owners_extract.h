/* investigate/owners_extract.h: the result of the query of owners_athena.h in place of a bill (inside the room only). */
#ifndef CURLEW_INVESTIGATE_OWNERS_EXTRACT_H
#define CURLEW_INVESTIGATE_OWNERS_EXTRACT_H

#include "investigate/owners_bill.h"

/* Whether a data set is such a result, by its columns. */
bool owners_extract_is(const Catalog *catalog);

/* Reads it with the columns that owners_bill.c expects; where labels would follow stand all tags of the resource as JSON, the key of the
 * owner tag, and whether its first and last hours are known. */
const char *owners_extract_statement(Arena *arena, const Catalog *catalog);

/* Takes labels and, for another tag than the query's, owners from the tags. `tag` NULL is the query's own. ERR_REFUSED when no
 * resource has it. */
bool owners_extract_tags(Arena *arena, const Table *table, size_t first_column, const char *tag, OwnersBill *bill, Err *err);

#endif
