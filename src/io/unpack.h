/* io/unpack.h: the beginning of a gzip or zstd file, unpacked. The only file that includes zlib.h and zstd.h is io/unpack.c. */
#ifndef CURLEW_IO_UNPACK_H
#define CURLEW_IO_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

typedef enum { PACKING_NONE, PACKING_GZIP, PACKING_ZSTD } Packing;

/* Told by the first bytes, never by the name. */
Packing unpack_detect(const char *bytes, size_t size);

/* The first `limit_bytes` at most of the unpacked content, NUL added after them; `*whole` says that there is no more. A gzip file
 * of several members and a zstd file of several frames are one content. ERR_INPUT for a damaged file and for one that ends too early
 * (as far as it was read), ERR_IO when it cannot be read. */
bool unpack_head(Arena *arena, const char *path, Packing packing, size_t limit_bytes, char **out, size_t *size, bool *whole,
                 Err *err);

/* Reads a packed file to its end and keeps nothing of it. ERR_INPUT when it is damaged or ends too early: the SQL engine takes
 * the end of a file that was cut short for the end of its data. Safe from any thread with an Err of its own. */
bool unpack_verify(const char *path, Packing packing, Err *err);

/* CRC-32 (IEEE 802.3, as gzip and AWS's event streams use it) of `size` bytes after those that gave `before`; 0 to begin. */
uint32_t unpack_crc32(uint32_t before, const void *data, size_t size);

#endif
