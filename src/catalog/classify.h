/* catalog/classify.h: what the columns of an arbitrary table are, and what its rows are, by headers, types and values.
 *
 * Knowledge: tables/header_words.tsv (words of headers), tables/table_types.tsv (headers of AWS resources and logs),
 * tables/id_shapes.tsv (what ids look like). Headers propose, values decide. Private to the room. */
#ifndef CURLEW_CATALOG_CLASSIFY_H
#define CURLEW_CATALOG_CLASSIFY_H

#include "catalog/catalog.h"

/* "volume_type" and "VolumeType" read "volume type". */
const char *classify_label(Arena *arena, const char *header);

/* "volume" → "volumes", "policy" → "policies". */
const char *classify_plural(Arena *arena, const char *noun);

/* Fills class, label, plural, tag_key and unit of the catalog's columns, whose names and types are known, from a sample of the
 * table's rows; then detected_service, row_label, row_plural and row_identifier. */
bool classify_columns(Arena *arena, DuckSession *session, Catalog *catalog, Err *err);

/* What the rows are (tables/table_types.tsv), given the sample. Called by classify_columns(). */
void classify_rows(Arena *arena, Catalog *catalog, const Table *sample);

/* Whether the header consists of tag words or has a tag prefix, e.g. "Cost-Center", "tag_team", "resource_tags_user_team"; the
 * key then goes to `key`. */
bool classify_tag_header(Arena *arena, const char *header, const char **key);

#endif
