/* sample/athena.h: the small results that people save from Athena and upload, of a sample bill: athena-results/ (docs/sample.md). Private to the room. */
#ifndef CURLEW_SAMPLE_ATHENA_H
#define CURLEW_SAMPLE_ATHENA_H

#include "base/err.h"
#include "io/duck.h"
#include "sample/world.h"

/* Writes the CSV files as Athena does: every value in quotes, nothing where there is none. All lines have been made. `basis`: the month, "2026-09". */
bool athena_write(Arena *arena, DuckSession *session, const World *world, const char *folder, const char *basis, Err *err);

#endif
