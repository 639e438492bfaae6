/* io/aws_events.h: the binary event stream in which AWS services answer piece by piece (application/vnd.amazon.eventstream).
 *
 * Format: "Event stream encoding" in the Smithy specification and Amazon Transcribe's guide. Every message carries two
 * CRC-32 checksums: what does not match is an error, nothing of that message is given. */
#ifndef CURLEW_IO_AWS_EVENTS_H
#define CURLEW_IO_AWS_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

/* The numbers of the types on the wire. */
typedef enum {
    EVENT_TRUE,
    EVENT_FALSE,
    EVENT_BYTE,
    EVENT_INT16,
    EVENT_INT32,
    EVENT_INT64,
    EVENT_BYTES,
    EVENT_TEXT,
    EVENT_TIMESTAMP, /* milliseconds since the epoch */
    EVENT_UUID
} EventHeaderType;

typedef struct {
    const char *name;
    EventHeaderType type;
    int64_t number;    /* of the whole-number types and the timestamp */
    const char *bytes; /* of BYTES, TEXT and UUID: NUL-terminated behind its `size` */
    size_t size;
} EventHeader;

typedef struct {
    const EventHeader *headers;
    size_t header_count;
    const char *payload; /* NUL-terminated behind its `payload_size` */
    size_t payload_size;
} EventMessage;

/* The text of a header such as ":event-type" or ":exception-type"; NULL when there is none. */
const char *event_header_text(const EventMessage *message, const char *name);

/* Takes what comes from the network in pieces of any size. */
typedef struct EventReader EventReader;
EventReader *event_reader_make(Arena *arena);

/* Called for every whole message, which lives until the call returns; returns false (and sets `err`) to stop. */
typedef bool EventEach(void *context, const EventMessage *message, Err *err);

/* Adds `size` bytes and gives the messages that are whole now. ERR_IO on a wrong checksum ("prelude checksum mismatch", "message
 * checksum mismatch"), ERR_LIMIT on a message beyond the format's ceilings; the reader is of no use after an error. */
bool event_reader_add(EventReader *reader, const void *bytes, size_t size, EventEach *each, void *context, Err *err);

/* Whether the stream may end here: no message is half read. */
bool event_reader_is_whole(const EventReader *reader);

#endif
