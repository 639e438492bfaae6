/* io/sse.h: server-sent events, the form in which Anthropic's and OpenAI-compatible servers answer piece by piece.
 *
 * Format: "Server-sent events", section 9.2.6 of the HTML standard: lines ended by LF, CR or CRLF; "event:" and "data:" fields; an empty
 * line ends an event; several data lines are joined by LF. Comments, ids and retry times are skipped. */
#ifndef CURLEW_IO_SSE_H
#define CURLEW_IO_SSE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

typedef struct SseReader SseReader;
SseReader *sse_reader_make(Arena *arena);

/* Called for every whole event that has data; `name` is "message" where the stream gives none. Both live until the call returns; returns false
 * (and sets `err`) to stop. */
typedef bool SseEach(void *context, const char *name, const char *data, size_t size, Err *err);

/* Adds `size` bytes, in pieces of any size, and gives the events that are whole now. ERR_LIMIT for an event longer than
 * SSE_EVENT_BYTES; the reader is of no use after an error. */
bool sse_reader_add(SseReader *reader, const void *bytes, size_t size, SseEach *each, void *context, Err *err);

/* The stream has ended: an event that only lacks its empty line is given too, as servers forget it at the end. */
bool sse_reader_end(SseReader *reader, SseEach *each, void *context, Err *err);

#endif
