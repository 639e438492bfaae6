/* engine/frame.h: the form in which a query process hands its result over. The reader trusts nothing of it: the process may have been
 * taken over by what it ran.
 *
 *   result  = 'T' count column* row* 0 truncated            a row begins with 1
 *   column  = type(byte) text                                CellType
 *   row     = 1 text*                                        one per column
 *   error   = 'E' kind(byte) text(code) text(message)        ErrKind
 *   text    = 0 (NULL) | length+1 bytes                      length+1 and counts as LEB128 */
#ifndef CURLEW_ENGINE_FRAME_H
#define CURLEW_ENGINE_FRAME_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/table.h"
#include "base/text.h"

void frame_write_table(Buffer *out, const Table *table);
void frame_write_error(Buffer *out, const Err *err);

/* Reads a whole frame. An error frame becomes `err`; a frame that is cut, too long or not well-formed is ERR_INTERNAL. */
bool frame_read(Arena *arena, const char *data, size_t size, Table **out, Err *err);

#endif
