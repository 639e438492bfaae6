/* io/cell.h: values of the engine as exact text. Knows DuckDB's in-memory forms, not its header.
 *
 * Every function writes into `arena`. Infinite dates and numbers come out as DuckDB prints them ("infinity", "inf", "nan"). */
#ifndef CURLEW_IO_CELL_H
#define CURLEW_IO_CELL_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

__extension__ typedef __int128 CellWide;
__extension__ typedef unsigned __int128 CellWideUnsigned;

/* An integer of up to 128 bits. */
char *cell_integer(Arena *arena, int64_t value);
char *cell_unsigned(Arena *arena, CellWideUnsigned value);

/* units / 10^scale with all `scale` digits behind the point: "12.50". */
char *cell_decimal(Arena *arena, CellWide units, int scale);

/* The shortest decimal text that reads back as the same number. */
char *cell_double(Arena *arena, double value);
char *cell_float(Arena *arena, float value);

/* Days since 1970-01-01: "2026-09-30". */
char *cell_date(Arena *arena, int32_t days);

/* Units since the epoch, `per_second` of them in a second (1 to 10^9), in UTC: "2026-09-30 12:00:00", with a fraction only
 * where there is one. */
char *cell_timestamp(Arena *arena, int64_t value, int64_t per_second);

/* Text of `size` bytes: bytes that are not valid UTF-8, and NUL, become U+FFFD; what is longer than `limit_bytes` is cut at a
 * character and ends in "…". */
char *cell_text(Arena *arena, const char *text, size_t size, size_t limit_bytes);

#endif
